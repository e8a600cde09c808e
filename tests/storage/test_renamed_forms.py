"""Questionnaires that bore a number are called by what they ask, in old databases, in old buttons and for old scripts."""

from datetime import UTC, datetime
from typing import Any

from sqlmodel import col, select

from handlers.screens.reported import ShowMissing
from handlers.tables import PRESSES
from questionnaires.renamed import RENAMED, name_today
from storage import facts, ledger
from storage.backup import verify
from storage.database import migrate, open_engine, reading, writing
from storage.tables import Contact, Form, InterviewRow, Outbox, SavedQuestion, Submission
from tests.docs.telling import ROOT
from tests.storage.test_released import restore

OLD, NEW = "giao-duc-2", "trung-hoc-xoa-mu-chu"
NOW = datetime(2026, 11, 20, tzinfo=UTC).isoformat(" ")
OLDER = (
    f"UPDATE form SET name = '{OLD}', compiled = CAST(REPLACE(CAST(compiled AS TEXT), 'nuoc-thu', '{OLD}') AS JSON)",
    f"UPDATE interview SET form_name = '{OLD}'",
    f"UPDATE submission SET form_name = '{OLD}'",
    f'UPDATE contact SET screen = \'{{"expects": {{"form": "{OLD}"}}, "said": "{OLD}x"}}\'',
    f'UPDATE saved_question SET query = \'{{"forms": ["{OLD}"]}}\'',
    f"UPDATE outbox SET natural_key = 'remind:due:giao-duc@2026-Q4,{OLD}@2026-Q4,ho-tro@2026-Q4:1:2'",
)


async def older(url: str, kind: str, *, more: tuple[str, ...] = ()) -> None:
    """A released database that holds the questionnaire under its old name."""
    await restore(url, "0005")
    engine = open_engine(url)
    async with engine.begin() as connection:
        for statement in (*OLDER, *more):
            if kind == "sqlite":
                statement = statement.replace(" AS JSON)", " AS TEXT)")
            await connection.exec_driver_sql(statement)
    await engine.dispose()


async def test_what_is_stored_bears_the_new_name(empty_url: str, kind: str) -> None:
    await older(empty_url, kind)
    await migrate(empty_url)
    engine = open_engine(empty_url)
    async with writing(engine) as session:
        assert await facts.get(session, "ledger_basis") == ""
        assert await ledger.keep_fit(session)
    async with reading(engine) as session:
        form = (await session.exec(select(Form))).one()
        assert (form.name, form.compiled["name"]) == (NEW, NEW)
        for table in (InterviewRow, Submission):
            assert set((await session.exec(select(table.form_name))).all()) == {NEW}
        assert {
            contact.screen["expects"]["form"] for contact in (await session.exec(select(Contact))).all()
        } == {NEW}
        assert {contact.screen["said"] for contact in (await session.exec(select(Contact))).all()} == {
            f"{OLD}x"
        }
        assert (await session.exec(select(SavedQuestion.query))).one() == {"forms": [NEW]}
        keys: Any = (
            await session.exec(select(Outbox.natural_key).where(col(Outbox.natural_key).is_not(None)))
        ).all()
        assert set(keys) == {f"remind:due:giao-duc@2026-Q4,ho-tro@2026-Q4,{NEW}@2026-Q4:1:2"}
        assert (await verify(session)).differences == ()
    await engine.dispose()


async def test_a_questionnaire_that_has_the_new_name_already_stays_beside_the_old_one(
    empty_url: str, kind: str
) -> None:
    columns, values = "name, version, compiled, active, imported_at", f"'{NEW}', 'x', '{{}}', true, '{NOW}'"
    await older(empty_url, kind, more=(f"INSERT INTO form ({columns}) VALUES ({values})",))
    await migrate(empty_url)
    engine = open_engine(empty_url)
    async with reading(engine) as session:
        assert set((await session.exec(select(Form.name))).all()) == {OLD, NEW}
        assert set((await session.exec(select(Submission.form_name))).all()) == {OLD}
    await engine.dispose()


def test_old_buttons_and_scripts_mean_the_questionnaires_of_today() -> None:
    assert PRESSES.read(f"f:m:12:0:{OLD}") == ShowMissing(12, 0, NEW)
    assert PRESSES.read("f:m:12:0:giao-duc") == ShowMissing(12, 0, "giao-duc")
    assert name_today("nuoc-sach") == "nuoc-sach"
    forms = {path.stem for path in (ROOT / "questionnaires" / "forms").glob("*.md")}
    assert set(RENAMED.values()) <= forms
    assert not set(RENAMED) & forms
    assert [name for name in forms if name[-2:].lstrip("-").isdigit() and name[-2] == "-"] == []

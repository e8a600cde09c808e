"""The journal shows each change: of every column, of a row left out, put in or cut off, and of what was reported."""

from datetime import UTC, datetime
from typing import Any, Final

import pytest
from sqlalchemy import Table, text
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import SQLModel

from questionnaires.xlsform import compile_form
from storage import (
    challenges,
    exchanges,
    forms,
    interviews,
    journal,
    leaving,
    locks,
    people,
    standing,
    submissions,
)
from storage.database import reading, writing
from storage.journal import Actor, JournalKind
from storage.session import Session
from storage.tables import ChallengeRow, FigureReturn, Level, PeriodLock, RoleName
from tests.storage.released.sample import FORM

NOW: Final = datetime(2026, 11, 20, 8, 0, 0, 5, tzinfo=UTC)
WATCHED: Final = ("journal", "journal_author", "journal_head", "challenge")
WITHOUT_KEYS: Final = {
    "postgresql": "SET session_replication_role = replica",
    "sqlite": "PRAGMA defer_foreign_keys = ON",
}
"""Lets even what no foreign key allows be changed."""
LATER: Final = datetime(2026, 11, 20, 8, 0, 1, tzinfo=UTC)


async def write_some(session: Session) -> int:
    """Two villages, three reports, a return and an approval; the first village's id."""
    form = compile_form(FORM.encode(), "nuoc-thu.md")
    form_id = (await forms.save_form(session, form)).id
    villages = [await session.places.add(Level.VILLAGE, "thôn", name, None) for name in ("A", "B")]
    contact = await people.create_contact(session, "console", "a", "vi")
    head = await people.enrol(session, contact, villages[0].id, RoleName.VILLAGE_HEAD, "Lý A Sử", NOW)
    by = Actor(head.id, RoleName.VILLAGE_HEAD, "console")
    for village in villages:
        for revision in (1, 2):
            row = await interviews.start(
                session, person_id=head.id, place_id=village.id, form_id=form_id, form_name=form.name,
                period="2026-W47", state={}, now=NOW,
            )  # fmt: skip
            sent = await submissions.send(session, row, form, {"/data/ho": f"1{revision}"}, NOW)
            doubt = ChallengeRow(submission_id=0, path="/data/ho", detail={"rule": "jumped"}, reason="right")
            await challenges.put(session, sent.id, [doubt])
            detail = journal.sent_detail(sent, {"/data/ho": doubt})
            kind = JournalKind.SENT if revision == 1 else JournalKind.REVISED
            await journal.append(session, kind, sent, by, NOW, detail=detail)
        await journal.append(session, JournalKind.RETURNED, sent, by, NOW, "/data/ho", {"reason": "misread"})
        back = {"path": "/data/ho", "reason": "misread", "person_id": head.id, "asked_at": NOW}
        session.add(FigureReturn(submission_id=sent.id, **back))
        await journal.append(session, JournalKind.APPROVED, sent, by, NOW)
        sent.approved_at, sent.approved_by = NOW.replace(microsecond=0), head.id
    lock = {"place_id": villages[1].id, "form_name": form.name, "period": "2026-W47", "role": by.role}
    held = PeriodLock(**lock, locked_by=head.id, locked_at=NOW)
    await locks.lock(session, held, [sent], (), by)
    about = await exchanges.opened(session, exchanges.Subject(villages[1].id, form.name, "2026-W47"))
    await exchanges.say(session, about, exchanges.PLACE, by, "Giếng cạn", NOW)
    return villages[0].id


@pytest.fixture
async def village(database: AsyncEngine) -> int:
    async with writing(database) as session:
        return await write_some(session)


async def breaks_of(session: Session) -> list[journal.Break]:
    return [*(await journal.checked(session)).breaks, *await standing.breaks(session)]


async def broken(database: AsyncEngine) -> set[str]:
    async with reading(database) as session:
        return {one.code for one in await breaks_of(session)}


def other(value: Any) -> Any:
    """Another value of the same sort."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, datetime):
        return LATER
    if isinstance(value, dict):
        return {**value, "more": 1}
    return value + 1000 if isinstance(value, int) else f"{value}x"


async def test_nothing_is_wrong_with_what_was_written(database: AsyncEngine, village: int) -> None:
    assert await broken(database) == set()


@pytest.mark.parametrize("table", WATCHED)
async def test_a_change_of_any_column_is_seen(database: AsyncEngine, village: int, table: str) -> None:
    watched: Table = SQLModel.metadata.tables[table]
    for column in watched.columns:
        async with database.connect() as connection:
            await connection.execute(text(WITHOUT_KEYS[connection.dialect.name]))
            row = (await connection.execute(watched.select().limit(1))).mappings().one()
            same = [key == row[key.name] for key in watched.primary_key]
            await connection.execute(watched.update().where(*same).values({column: other(row[column.name])}))
            assert await breaks_of(Session(connection)) != [], f"{table}.{column.name}"
            await connection.rollback()


STANDING: Final = {
    "UPDATE submission SET approved_at = NULL": {"approval"},
    "UPDATE submission SET approved_at = sent_at WHERE approved_at IS NULL": {"approval"},
    "UPDATE submission SET approved_by = approved_by + 1": {"approval"},
    "UPDATE submission SET locked_at = sent_at": {"locked"},
    "UPDATE submission SET locked_at = NULL": {"locked"},
    "UPDATE submission SET person_id = NULL": {"sender"},
    "UPDATE figure_return SET words = 'x'": {"return"},
    "UPDATE figure_return SET reason = 'x'": {"return"},
    "UPDATE figure_return SET path = '/data/x'": {"return"},
    "UPDATE figure_return SET person_id = NULL": {"return"},
    "UPDATE figure_return SET asked_at = '2026-11-19 08:00:00+00:00'": {"return"},
    "UPDATE figure_return SET answer = 'kept', answered_at = asked_at": {"return"},
    "UPDATE figure_return SET answer_reason = 'x'": {"return"},
    "UPDATE figure_return SET submission_id = submission_id - 1": {"return"},
    "DELETE FROM figure_return": {"return"},
    "INSERT INTO figure_return (submission_id, path, reason, words, answer, answer_reason, asked_at)"
    " SELECT submission_id, path, reason, words, answer, answer_reason, asked_at FROM figure_return": {
        "return"
    },
    "UPDATE period_lock SET reason = 'x'": {"lock"},
    "UPDATE period_lock SET role = 'x'": {"lock"},
    "UPDATE period_lock SET period = '2026-W46'": {"lock"},
    "UPDATE period_lock SET locked_by = locked_by + 1": {"lock"},
    "UPDATE period_lock SET reopened_at = locked_at": {"lock"},
    "DELETE FROM period_lock": {"lock"},
    "INSERT INTO period_lock (place_id, form_name, period, role, reason, locked_at)"
    " SELECT place_id, form_name, '2026-W46', role, reason, locked_at FROM period_lock": {"lock"},
    "UPDATE remark SET text = 'Giếng đầy'": {"words"},
    "UPDATE remark SET text = ''": {"words"},
    "UPDATE remark SET side = 'office'": {"words"},
    "UPDATE remark SET person_id = NULL": {"words"},
    "DELETE FROM remark": {"words"},
    "INSERT INTO remark (exchange_id, side, person_id, at, text)"
    " SELECT exchange_id, side, person_id, at, text FROM remark": {"words"},
}
"""What somebody who can write to the database may do to how a report stands, and what that is called."""


async def test_a_forged_standing_is_seen(database: AsyncEngine, village: int) -> None:
    for statement, codes in STANDING.items():
        async with database.connect() as connection:
            done = await connection.execute(text(statement))
            found = {one.code for one in await breaks_of(Session(connection))}
            assert (done.rowcount > 0, found) == (True, codes), statement
            await connection.rollback()


@pytest.mark.parametrize("entry", [1, 2, 4])
async def test_an_entry_left_out_is_seen(database: AsyncEngine, village: int, entry: int) -> None:
    which = {"place": village, "entry": entry}
    async with database.begin() as connection:
        await connection.execute(
            text("DELETE FROM journal WHERE place_id = :place AND entry = :entry"), which
        )
    assert await broken(database) & {"gap", "end", "before"}


async def test_an_entry_put_in_is_seen(database: AsyncEngine, village: int) -> None:
    async with database.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO journal SELECT place_id, 5, at, kind, form_name, period, path, revision, role, channel,"
                " in_place, detail, author, before, hash FROM journal WHERE place_id = :place AND entry = 4"
            ),
            {"place": village},
        )
    assert {"before", "changed", "end"} <= await broken(database)


@pytest.mark.parametrize("table", ["journal_author", "journal_head", "challenge"])
async def test_a_row_beside_it_left_out_is_seen(database: AsyncEngine, village: int, table: str) -> None:
    async with database.begin() as connection:
        await connection.execute(text(f"DELETE FROM {table}"))
    assert await broken(database)


@pytest.mark.parametrize("change", ["answers = '{}'", "receipt = 'BC-XXXX-' || id", "in_place = 'slip'"])
async def test_a_changed_report_is_seen(database: AsyncEngine, village: int, change: str) -> None:
    async with database.begin() as connection:
        await connection.execute(text(f"UPDATE submission SET {change}"))
    assert await broken(database) == {"report"}


async def test_who_leaves_is_erased_and_the_chain_holds(database: AsyncEngine, village: int) -> None:
    async with writing(database) as session:
        [person] = await people.people_of(session, 1)
        await leaving.leave(session, person.id, NOW)
    assert await broken(database) == set()

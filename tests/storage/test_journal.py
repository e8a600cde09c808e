"""The journal shows each change: of every column, of a row left out, put in or cut off, and of what was reported."""

from datetime import UTC, datetime
from typing import Any, Final

import pytest
from sqlalchemy import Table, text
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import SQLModel

from questionnaires.xlsform import compile_form
from storage import challenges, forms, interviews, journal, people, submissions
from storage.database import reading, writing
from storage.journal import Actor, JournalKind
from storage.session import Session
from storage.tables import ChallengeRow, Level, RoleName
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
        await journal.append(session, JournalKind.APPROVED, sent, Actor(role="can-bo-xa"), NOW)
    return villages[0].id


@pytest.fixture
async def village(database: AsyncEngine) -> int:
    async with writing(database) as session:
        return await write_some(session)


async def broken(database: AsyncEngine) -> set[str]:
    async with reading(database) as session:
        return {one.code for one in (await journal.checked(session)).breaks}


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
            session = Session(connection)
            assert (await journal.checked(session)).breaks != [], f"{table}.{column.name}"
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
        await journal.erase_author(session, person.id)
    assert await broken(database) == set()

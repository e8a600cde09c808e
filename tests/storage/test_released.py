"""What was released stays as it is, and a database of any release comes to this version with all that is in it.

The databases in `released/` were written by the code of their own revision (see `released/__main__.py`). Four bear the
number 0005 over a 0004 that had not grown to its end.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import select

from bot.version import VERSION
from questionnaires.questionnaire import Questionnaire
from storage import ledger
from storage.backup import verify
from storage.database import (
    OlderVersion,
    check_version,
    migrate,
    open_engine,
    reading,
    revisions,
    sqlite_file,
    writing,
)
from storage.tables import Attachment, Emergency, Form, Observation
from tests.storage.releases import hashes, is_dated, newest_heading, read_releases

FOLDER: Final = Path(__file__).parent / "released"
NAMES: Final = sorted(file.name.removesuffix(".sqlite.sql") for file in FOLDER.glob("*.sqlite.sql"))
MEANT: Final[frozenset[tuple[str, str]]] = frozenset({("alembic_version", "version_num")})
"""Columns whose values a revision changes on purpose."""

Rows = dict[str, list[dict[str, Any]]]


async def restore(url: str, name: str) -> None:
    """Fill the empty database at `url` with the one called `name`."""
    file = sqlite_file(url)
    script = (FOLDER / f"{name}.{'sqlite' if file else 'postgresql'}.sql").read_text(encoding="utf-8")
    if file:
        with closing(sqlite3.connect(file)) as connection:
            connection.executescript(script)
        return
    engine = open_engine(url)
    async with engine.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        await driver.execute(script)
    await engine.dispose()


def rows_of(connection: Connection) -> Rows:
    """Every row of every table."""
    names = inspect(connection).get_table_names()
    return {
        name: [dict(row) for row in connection.execute(text(f'SELECT * FROM "{name}"')).mappings()]
        for name in names
    }


def lost(before: Rows, after: Rows) -> list[tuple[str, dict[str, Any]]]:
    """Rows of tables that are still there, which stand there no more as they did."""
    return [
        (table, row)
        for table, rows in before.items()
        for row in rows
        if table in after and not any(keeps(table, row, other) for other in after[table])
    ]


def keeps(table: str, row: dict[str, Any], other: dict[str, Any]) -> bool:
    return all(
        other[column] == value
        for column, value in row.items()
        if column in other and (table, column) not in MEANT
    )


@pytest.mark.parametrize("name", NAMES)
async def test_a_database_of_any_release_keeps_what_is_in_it(name: str, empty_url: str) -> None:
    await restore(empty_url, name)
    engine = open_engine(empty_url)
    async with engine.connect() as connection:
        before = await connection.run_sync(rows_of)
    await engine.dispose()
    if name in revisions()[0]:
        assert [table for table, rows in before.items() if not rows] == []
    await migrate(empty_url)
    await check_version(engine)
    async with engine.connect() as connection:
        after = await connection.run_sync(rows_of)
    assert lost(before, after) == []
    await can_be_worked_with(engine)
    await engine.dispose()


async def can_be_worked_with(engine: AsyncEngine) -> None:
    """What the sample holds is read and counted by the program of today."""
    async with writing(engine) as session:
        await ledger.keep_fit(session)
    async with reading(engine) as session:
        assert (await verify(session)).differences == ()
        form = Questionnaire.from_json((await session.exec(select(Form))).one().compiled)
        assert [question.name for question in form.questions if question.asks] == ["ho", "ho_nuoc", "ghi_chu"]
        water = select(Observation.number).where(Observation.question == "ho_nuoc", Observation.current)
        assert sorted((await session.exec(water)).all()) == [31, 90, 98]


@pytest.mark.parametrize(
    ("name", "tables"),
    [
        ("0005-after-first-0004", {"announcement", "announcement_read", "saved_question", "weekly_line"}),
        ("0005-after-second-0004", {"saved_question", "weekly_line"}),
    ],
)
async def test_what_an_early_0004_did_not_make_is_named(name: str, tables: set[str], empty_url: str) -> None:
    await restore(empty_url, name)
    engine = open_engine(empty_url)
    with pytest.raises(OlderVersion) as refused:
        await check_version(engine)
    await engine.dispose()
    lacks = [(lack.what, lack.table, lack.name) for lack in refused.value.lacks]
    assert tables <= {table for what, table, _ in lacks if what == "table"}
    assert {("column", "contact", "unreachable_since"), ("column", "attachment", "emergency_id")} <= set(
        lacks
    )


def test_no_released_revision_is_changed() -> None:
    """A database out there was made by the file as it was. What has to change is a new revision."""
    now = hashes()
    for release in read_releases():
        assert release.hashes == {name: now.get(name) for name in release.hashes}, release.version


def test_each_release_has_its_database_and_none_has_a_gap() -> None:
    known = sorted(name for release in read_releases() for name in release.hashes)
    assert known == sorted(hashes())[: len(known)]
    for release in read_releases():
        assert release.head in NAMES
        assert release.head in revisions()[0]
        assert (FOLDER / f"{release.head}.postgresql.sql").exists()


async def test_an_emergency_of_before_with_its_photo_cannot_be_taken_back(empty_url: str) -> None:
    """Nobody knows any more whether an officer was told: it is taken that one was."""
    await restore(empty_url, "0005")
    engine = open_engine(empty_url)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE attachment SET emergency_id = (SELECT id FROM emergency)"))
    await engine.dispose()
    await migrate(empty_url)
    async with reading(engine) as session:
        emergency = (await session.exec(select(Emergency))).one()
        photo = (await session.exec(select(Attachment))).one()
    assert (emergency.told, emergency.closed_at, photo.emergency_id) == (1, None, emergency.id)
    await engine.dispose()


def test_the_program_says_the_version_on_top_of_the_changes() -> None:
    """While that is in work: with .dev0. Once it is dated it is noted: else its revisions could still be changed."""
    heading, releases = newest_heading(), read_releases()
    if is_dated(VERSION, heading):
        assert (releases[-1].version, releases[-1].head) == (VERSION, revisions()[1])
    else:
        assert f"{VERSION.removesuffix('.dev0')} (unreleased)" == heading
        assert VERSION.endswith(".dev0")
        assert VERSION.removesuffix(".dev0") not in {release.version for release in releases}


def test_only_the_version_in_work_can_be_noted_once_it_is_dated() -> None:
    headings = ("0.3.0 (unreleased)", "0.3.0 (2026-12-01)", "0.4.0 (unreleased)")
    assert [is_dated("0.3.0", heading) for heading in headings] == [False, True, False]
    assert not any(is_dated(version, headings[1]) for version in ("0.2.0", "0.3.0.dev0", "0.30"))

"""A database is brought to this version or refused; both kinds have the very tables that the code names."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DatabaseError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import select

from storage.database import (
    DatabaseTooNew,
    NotMigrated,
    NotOurs,
    alembic_config,
    check_version,
    in_thread,
    migrate,
    open_engine,
    reading,
    revisions,
    sqlite_file,
    writing,
)
from storage.sqlite_connection import connect
from storage.tables import Contact, Person, Setting, metadata


def difference(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


async def test_migrations_make_the_tables_that_the_code_names(database: AsyncEngine) -> None:
    async with database.connect() as connection:
        assert await connection.run_sync(difference) == []
        await connection.execute(text("ALTER TABLE person ADD COLUMN strange integer"))
        assert len(await connection.run_sync(difference)) == 1


async def test_a_missing_database_is_refused_and_not_made(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "none.db"
    engine = open_engine(f"sqlite+aiosqlite:///{file}")
    with pytest.raises(NotMigrated):
        await check_version(engine)
    assert not file.exists()


async def test_an_empty_database_is_refused_until_it_is_migrated(empty_url: str) -> None:
    engine = open_engine(empty_url)
    with pytest.raises(NotMigrated):
        await check_version(engine)
    await migrate(empty_url)
    await check_version(engine)
    await migrate(empty_url)
    await check_version(engine)
    await engine.dispose()


def print_of(url: str) -> str:
    file = sqlite_file(url)
    return sha256(file.read_bytes()).hexdigest() if file else ""


async def test_a_database_of_a_newer_version_is_refused_and_untouched(
    database: AsyncEngine, database_url: str
) -> None:
    async with writing(database) as session:
        session.add(Setting(key="kept", value="as it is"))
        await (await session.connection()).execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await database.dispose()
    before = print_of(database_url)
    engine = open_engine(database_url)
    with pytest.raises(DatabaseTooNew):
        await check_version(engine)
    with pytest.raises(DatabaseTooNew):
        await migrate(database_url)
    await engine.dispose()
    assert print_of(database_url) == before
    async with reading(database) as session:
        assert (await session.exec(select(Setting.value))).all() == ["as it is"]


async def test_a_database_of_an_older_version_waits_for_init(database: AsyncEngine) -> None:
    async with database.begin() as connection:
        await connection.execute(text("DELETE FROM alembic_version"))
    with pytest.raises(NotOurs):
        await check_version(database)


async def test_a_database_of_something_else_is_refused_and_untouched(empty_url: str) -> None:
    engine = open_engine(empty_url)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE theirs (id integer)"))
    await engine.dispose()
    before = print_of(empty_url)
    for refused in (migrate(empty_url), check_version(engine)):
        with pytest.raises(NotOurs):
            await refused
    await engine.dispose()
    assert print_of(empty_url) == before


async def test_a_migration_that_fails_leaves_nothing_half_done(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tables are made in one transaction: a failure at its end takes all of them away again."""
    import storage.database

    whole = storage.database.upgrade

    def fails(connection: Connection) -> None:
        whole(connection)
        raise OSError("the disk is full")

    monkeypatch.setattr(storage.database, "upgrade", fails)
    with pytest.raises(OSError, match="full"):
        await migrate(empty_url)
    monkeypatch.undo()
    engine = open_engine(empty_url)
    with pytest.raises(NotMigrated):
        await check_version(engine)
    await migrate(empty_url)
    await check_version(engine)
    await engine.dispose()


async def test_sqlite_keeps_every_commit_and_checks_references(sqlite_template: Path, tmp_path: Path) -> None:
    file = tmp_path / "copy.db"
    file.write_bytes(sqlite_template.read_bytes())
    engine = open_engine(f"sqlite+aiosqlite:///{file}")
    async with engine.connect() as connection:
        opened: Any = (
            await connection.get_raw_connection()
        ).driver_connection  # as no test has hurried it yet
        for name, value in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)):
            assert await opened.execute_fetchall(f"PRAGMA {name}") == [(value,)]
    await engine.dispose()


async def test_a_reference_to_nothing_is_refused(database: AsyncEngine) -> None:
    with pytest.raises(IntegrityError):
        async with writing(database) as session:
            session.add(Contact(channel="console", address="a", person_id=404))
    async with reading(database) as session:
        assert (await session.exec(select(Contact))).all() == []


async def test_an_error_takes_back_the_whole_transaction(database: AsyncEngine) -> None:
    async def fails() -> None:
        async with writing(database) as session:
            session.add(Person(name="Lý A Sử"))
            await session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails()
    async with reading(database) as session:
        assert (await session.exec(select(Person))).all() == []


async def test_moments_come_back_as_they_were_in_utc(database: AsyncEngine) -> None:
    moment = datetime(2026, 11, 20, 7, 30, 1, 250, tzinfo=timezone(timedelta(hours=7)))
    async with writing(database) as session:
        session.add(Person(created_at=moment))
    async with reading(database) as session:
        found = (await session.exec(select(Person))).one()
        later = select(Person).where(Person.created_at > moment - timedelta(microseconds=1))
        assert (await session.exec(later)).one() is found
    assert found.created_at == moment
    assert found.created_at.tzinfo is UTC


async def test_two_writers_wait_for_each_other(database: AsyncEngine) -> None:
    """A writer on SQLite takes the lock at its beginning, so that the second waits instead of failing."""
    import asyncio

    async def add(name: str) -> None:
        async with writing(database) as session:
            await session.exec(select(Person))
            session.add(Person(name=name))

    await asyncio.gather(*(add(str(number)) for number in range(8)))
    async with reading(database) as session:
        assert len((await session.exec(select(Person))).all()) == 8


async def test_a_file_that_is_no_database_is_named_as_such(tmp_path: Path) -> None:
    file = tmp_path / "text.db"
    file.write_text("this is no database, however long one reads it " * 50)
    with pytest.raises(DatabaseError):
        await migrate(f"sqlite+aiosqlite:///{file}")
    assert file.read_text().startswith("this is no database")


def test_the_history_of_the_tables_has_one_end() -> None:
    known, newest = revisions()
    script = ScriptDirectory.from_config(alembic_config())
    assert known == {revision.revision for revision in script.walk_revisions()}
    assert newest == script.get_current_head()
    assert newest in known


async def test_who_is_cancelled_leaves_no_thread_at_the_file(tmp_path: Path) -> None:
    begun, may_end, ended = Event(), Event(), Event()

    def work(_: Path) -> None:
        begun.set()
        may_end.wait()
        ended.set()

    task = asyncio.create_task(in_thread(work, tmp_path))
    await asyncio.to_thread(begun.wait)
    task.cancel()
    await asyncio.wait([task], timeout=0)
    assert not task.done()
    may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()


async def test_a_look_at_sqlite_takes_no_thread_and_what_may_wait_does(tmp_path: Path) -> None:
    connection = await connect(str(tmp_path / "a.db"))
    await connection.execute("CREATE TABLE t (a)")
    raw = connection._conn
    cursor = raw.cursor()
    try:
        for begun, written in (("BEGIN", False), ("BEGIN", True), ("BEGIN IMMEDIATE", False)):
            at_once = connection.at_once(cursor.execute, (begun,))
            assert at_once == (begun == "BEGIN")
            cursor.execute(begun)
            assert connection.at_once(cursor.execute, ("SELECT * FROM t",))
            if written:
                cursor.execute("INSERT INTO t VALUES (1)")
            assert connection.at_once(raw.rollback, ()) == (at_once and not written)
            assert not connection.at_once(raw.commit, ())
            raw.rollback()
    finally:
        await connection.close()

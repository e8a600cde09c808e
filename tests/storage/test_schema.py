"""Each way in which a database can differ from the tables of this version is seen and named; a change is noticed."""

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.database import SchemaDiffers, check_version
from storage.schema import Deviation, deviations, fingerprint
from storage.tables import metadata


async def changed(database: AsyncEngine, *statements: str) -> list[Deviation]:
    """What differs once `statements` were carried out."""
    async with database.begin() as connection:
        for statement in statements:
            await connection.execute(text(statement))
    async with database.connect() as connection:
        return await connection.run_sync(deviations)


@pytest.mark.parametrize("table", ["weekly_line", "ledger", "seen"])
async def test_a_missing_table(database: AsyncEngine, table: str) -> None:
    assert await changed(database, f"DROP TABLE {table}") == [Deviation("table", table)]
    with pytest.raises(SchemaDiffers):
        await check_version(database)


async def test_a_missing_column(database: AsyncEngine) -> None:
    found = await changed(database, "ALTER TABLE contact DROP COLUMN unreachable_since")
    assert found == [Deviation("column", "contact", "unreachable_since")]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_a_column_of_another_type(kind: str, database: AsyncEngine) -> None:
    found = await changed(
        database,
        "ALTER TABLE outbox DROP COLUMN not_after",
        "ALTER TABLE outbox ADD COLUMN not_after INTEGER",
    )
    expected = "DATETIME" if kind == "sqlite" else "TIMESTAMP WITH TIME ZONE"
    assert found == [Deviation("type", "outbox", "not_after", expected, "INTEGER")]


async def test_a_column_that_may_be_empty_and_may_not(database: AsyncEngine) -> None:
    found = await changed(
        database,
        "ALTER TABLE outbox DROP COLUMN not_after",
        f"ALTER TABLE outbox ADD COLUMN not_after {metadata.tables['outbox'].c.not_after.type.compile(database.dialect)}"
        " NOT NULL DEFAULT '2026-11-20 00:00:00'",
    )
    assert found == [Deviation("nullable", "outbox", "not_after", "NULL", "NOT NULL")]


async def test_a_missing_index(database: AsyncEngine) -> None:
    found = await changed(database, "DROP INDEX ix_outbox_due", "DROP INDEX uq_interview_open")
    assert found == [
        Deviation("unique", "interview", "person_id, place_id, form_name, period"),
        Deviation("index", "outbox", "state, priority, id"),
    ]


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_a_missing_key_and_reference(kind: str, database: AsyncEngine) -> None:
    found = await changed(
        database,
        "ALTER TABLE seen DROP CONSTRAINT pk_seen",
        "ALTER TABLE role DROP CONSTRAINT fk_role_place_id",
        "ALTER TABLE form DROP CONSTRAINT uq_form_name_version",
    )
    assert found == [
        Deviation("key", "seen", "", "channel, key"),
        Deviation("unique", "form", "name, version"),
        Deviation("reference", "role", "place_id, place"),
    ]


async def test_what_an_administrator_adds_does_no_harm(database: AsyncEngine) -> None:
    found = await changed(
        database,
        "CREATE TABLE notes (id integer)",
        "CREATE INDEX ours ON person (name)",
        "CREATE VIEW names AS SELECT name FROM place",
        "ALTER TABLE place ADD COLUMN remark VARCHAR",
    )
    assert found == []
    await check_version(database)


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_a_strange_column_that_must_be_filled_does(kind: str, database: AsyncEngine) -> None:
    found = await changed(database, "ALTER TABLE seen ADD COLUMN remark VARCHAR NOT NULL")
    assert found == [Deviation("required", "seen", "remark")]


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE weekly_line",
        "DROP INDEX ix_outbox_due",
        "ALTER TABLE contact DROP COLUMN unreachable_since",
    ],
)
async def test_the_fingerprint_changes_with_the_schema_and_with_nothing_else(
    database: AsyncEngine, statement: str
) -> None:
    async def taken() -> int:
        async with database.connect() as connection:
            return await connection.run_sync(fingerprint)

    def write(connection: Connection) -> None:
        connection.execute(text("INSERT INTO setting (key, value) VALUES ('a', 'b')"))

    before = await taken()
    async with database.begin() as connection:
        await connection.run_sync(write)
    assert await taken() == before
    async with database.begin() as connection:
        await connection.execute(text(statement))
    assert await taken() != before

"""Statements that are built once say the same through SQLite's own driver as through a session."""

from datetime import UTC, date, datetime
from typing import Final

import pytest
from sqlalchemy import bindparam, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import SQLModel, col, func, select

from storage.database import writing
from storage.session import Session, into
from storage.tables import AuditEntry, Contact, Place, Seen

AT: Final = datetime(2026, 11, 18, 8, 30, tzinfo=UTC)
SEEN: Final = SQLModel.metadata.tables["seen"]
OPENED: Final = (
    select(Place.name, Place.first_day, Place.invented)
    .where(col(Place.first_day).in_(bindparam("days", expanding=True)), Place.kind == bindparam("kind"))
    .order_by(col(Place.id))
)
SCREENS: Final = select(Contact.address, Contact.screen, Contact.created_at).where(
    Contact.created_at == bindparam("at")
)
CONTACTS: Final = select(Contact).where(Contact.address == bindparam("address"))
NAMES: Final = select(Contact.address).order_by(col(Contact.address))
MARKS: Final = select(Seen.key, Seen.at)


def contact(address: str) -> Contact:
    return Contact(channel="console", address=address, screen={"asked": [1, "ba"]}, created_at=AT)


async def test_values_are_those_of_a_session(database: AsyncEngine) -> None:
    day = date(2025, 7, 1)
    async with writing(database) as session:
        for name in ("Nà Hin", "Nà Lốc"):
            await session.places.add("village", "thôn", name, None, first_day=day)
        session.add(contact("a"))
        opened = await session.fetch(OPENED, days=[day, date(1900, 1, 1)], kind="thôn")
        assert list(opened) == [("Nà Hin", day, False), ("Nà Lốc", day, False)]
        assert list(await session.fetch(SCREENS, at=AT)) == [("a", {"asked": [1, "ba"]}, AT)]
        assert list(await session.fetch(NAMES)) == ["a"]
        assert not await session.fetch(OPENED, days=[], kind="thôn")


async def test_objects_are_the_session_s_own(database: AsyncEngine) -> None:
    async with writing(database) as session:
        session.add(made := contact("a"))
        [asked] = await session.fetch(CONTACTS, address="a")
        assert asked is made, "what was not written yet is found"
        assert not await session.fetch(CONTACTS, address="b")


async def test_what_waits_is_written_only_for_whoever_asks_for_it(database: AsyncEngine) -> None:
    async with writing(database) as session:
        session.add(made := contact("a"))
        await session.fetch(MARKS)
        assert session.dialect.name != "sqlite" or made in session.new
        assert list(await session.fetch(NAMES)) == ["a"]
        made.address = "b"
        assert list(await session.fetch(NAMES)) == ["b"]
        await session.delete(made)
        assert not await session.fetch(NAMES)


async def test_rows_are_written_as_they_are(database: AsyncEngine) -> None:
    rows = [{"channel": "console", "key": key, "at": AT} for key in ("1", "2")]
    async with writing(database) as session:
        await session.run(into(SEEN), rows)
        await session.run(into(SEEN), [])
    async with Session(database) as session:
        assert sorted(await session.fetch(MARKS)) == [("1", AT), ("2", AT)]
        await session.rollback()
        assert len(await session.fetch(MARKS)) == 2, "in a transaction after that"


async def test_an_error_is_sqlalchemy_s(database: AsyncEngine) -> None:
    rows = [{"channel": "console", "key": "1", "at": AT}] * 2
    with pytest.raises(IntegrityError):
        async with writing(database) as session:
            await session.run(into(SEEN), rows)
    async with Session(database) as session:
        assert (await session.exec(select(func.count()).select_from(Seen))).one() == 0


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_row_that_lacks_a_value_is_refused(database: AsyncEngine) -> None:
    async with writing(database) as session:
        with pytest.raises(ValueError, match="without a value"):
            await session.run(insert(AuditEntry), [{"action": "half"}])

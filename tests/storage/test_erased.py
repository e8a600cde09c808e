"""What is erased cannot be read in the file; what a database refuses is told without the values of anybody's row."""

import random
import traceback
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import select

from storage import leaving, people
from storage.database import open_engine, reading, scrub, sqlite_file, writing
from storage.session import Session
from storage.tables import InterviewRow, Level, Outbox, Person, RoleName, RosterEntry, now
from storage.unit_of_work import Storage

NAME, PHONE, ANSWER = "Lý A Sử số", "8491234", "nhà ông Sùng"


def bytes_of(engine: AsyncEngine) -> bytes:
    """All that lies in a SQLite file and its write-ahead log."""
    file = sqlite_file(engine.url)
    assert file is not None
    log = Path(f"{file}-wal")
    return file.read_bytes() + (log.read_bytes() if log.exists() else b"")


async def enrol_many(session: Session, count: int) -> list[int]:
    """So many people, each with a name, a phone number and an unsent answer."""
    place = await session.places.add(Level.VILLAGE, "thôn", "Nà Hin", None)
    numbers = []
    for number in range(count):
        contact = await people.create_contact(session, "telegram", f"chat{number}")
        name = f"{NAME} {number}"
        session.add(
            RosterEntry(phone=f"{PHONE}{number:04}", name=name, place_id=place.id, role=RoleName.VILLAGE_HEAD)
        )
        person = await people.enrol(session, contact, place.id, RoleName.VILLAGE_HEAD, name, now())
        contact.screen = {"text": f"{ANSWER} {number}"}
        session.add(Outbox(contact_id=contact.id, body={"text": f"{ANSWER} {number} " * 9}))
        numbers.append(person.id)
    return numbers


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_was_erased_is_in_no_byte_of_the_file(database: AsyncEngine) -> None:
    """Among many rows, renamed and in any order, so that pages are split, merged and written again."""
    chance = random.Random(7)
    async with writing(database) as session:
        numbers = await enrol_many(session, 80)
    for number in chance.sample(numbers, 25):
        async with writing(database) as session:
            person = await session.get(Person, number)
            assert person is not None
            of_name = select(RosterEntry).where(RosterEntry.name == person.name)
            person.name = f"{person.name} " + "và các con " * chance.randint(1, 9)
            (await session.exec(of_name)).one().name = person.name
    assert NAME.encode() in bytes_of(database)
    chance.shuffle(numbers)
    async with writing(database) as session:
        for number in numbers[:-1]:
            await leaving.leave(session, number, now())
    async with Storage(database) as storage:
        await storage.write(lambda session: leaving.leave(session, numbers[-1], now()))
        assert await leaving.write_anew(storage)
        assert not await leaving.write_anew(storage)
    left = bytes_of(database)
    for said in (NAME, PHONE, ANSWER, "Sùng", "và các con"):
        assert left.count(said.encode()) == 0, said


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_was_erased_is_overwritten_at_once(database: AsyncEngine) -> None:
    async with writing(database) as session:
        numbers = await enrol_many(session, 3)
    assert f"{NAME} 1".encode() in bytes_of(database)
    async with Storage(database) as storage:
        await storage.write(lambda session: leaving.leave(session, numbers[1], now()))
    left = bytes_of(database)
    assert f"{NAME} 0".encode() in left
    for said in (f"{NAME} 1", f"{PHONE}0001", f"{ANSWER} 1"):
        assert said.encode() not in left


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_reader_puts_the_overwriting_off_and_nothing_else(
    database: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.database.SCRUB_SECONDS", 0)
    async with writing(database) as session:
        [number] = await enrol_many(session, 1)
    async with reading(database) as looking:
        await looking.get(Person, number)
        async with writing(database) as session:
            await leaving.leave(session, number, now())
        assert NAME.encode() in bytes_of(database)
        assert not await scrub(database)
    assert await scrub(database)
    assert NAME.encode() not in bytes_of(database)


async def test_errors_of_the_database_quote_nobody(database: AsyncEngine) -> None:
    """A value twice, a value of a wrong type, a reference to nothing, a statement that was written wrongly."""

    async def adds(row: object) -> None:
        async with writing(database) as session:
            session.add(row)

    async def runs(statement: str) -> None:
        async with writing(database) as session:
            await (await session.connection()).execute(text(statement), {"name": NAME})

    async with writing(database) as session:
        place = await session.places.add(Level.VILLAGE, "thôn", "Nà Hin", None)
    entry = {"phone": PHONE, "name": NAME, "role": "truong-thon"}
    await adds(RosterEntry(**entry, place_id=place.id))
    tries = (
        lambda: adds(RosterEntry(**entry, place_id=place.id)),
        lambda: adds(RosterEntry(**entry | {"phone": f"{PHONE}1"}, place_id=404)),
        lambda: adds(RosterEntry(**entry | {"phone": {PHONE: NAME}}, place_id=place.id)),
        lambda: adds(InterviewRow(place_id=place.id, form_id=404, form_name=NAME, period=PHONE)),
        lambda: runs("SELECT CAST(:name AS integer) + nothing FROM person"),
        lambda: runs("INSERT INTO contact (channel, address) VALUES (:name, :name)"),
    )
    for attempt in tries:
        with pytest.raises(DBAPIError) as caught:
            await attempt()
        said = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
        assert NAME not in said
        assert PHONE not in said
        assert caught.value.orig is not None


async def test_every_engine_hides_what_it_was_given(tmp_path: Path) -> None:
    for url in (f"sqlite+aiosqlite:///{tmp_path / 'a.db'}", "postgresql+asyncpg://a@b/c"):
        engine = open_engine(url)
        assert engine.sync_engine.hide_parameters
        await engine.dispose()

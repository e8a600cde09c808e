"""What counts as being well, beside what `test_trouble` plays: the trial's pace, refusals that pass, damage that stays."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.health import TRIAL, Health
from bot.metrics import NOT_SAVED
from storage import facts
from storage.database import sqlite_file
from storage.session import Session
from storage.tables import Setting
from storage.unit_of_work import Storage
from tests.bot.test_trouble import damage


def counted() -> float:
    return sum(
        sample.value
        for family in NOT_SAVED.collect()
        for sample in family.samples
        if sample.name.endswith("_total")
    )


async def fails(session: Session) -> None:
    await (await session.connection()).execute(text("INSERT INTO nothing VALUES (1)"))


async def test_it_writes_once_in_a_while_however_often_it_is_asked(storage: Storage) -> None:
    health = Health(storage)

    async def written() -> str:
        async with storage.reading() as session:
            return await facts.get(session, TRIAL)

    assert [await health.trouble() for _ in range(3)] == [""] * 3
    first = await written()
    assert await health.trouble() == ""
    assert await written() == first
    health.looked_at = float("-inf")
    assert await health.trouble() == ""
    assert await written() not in ("", first)


async def test_a_refused_save_counts_until_one_succeeds(storage: Storage) -> None:
    health = Health(storage)
    assert await health.trouble() == ""
    before = counted()
    with pytest.raises(DBAPIError):
        await storage.write(fails)
    assert await health.trouble() == "cannot save: other"
    assert counted() == before + 1
    await storage.write(lambda session: facts.put(session, "a", "b"))
    assert await health.trouble() == ""


async def test_a_refused_message_counts_whatever_else_is_saved(storage: Storage) -> None:
    health = Health(storage)
    health.note(True, DBAPIError("", {}, OSError(28, "no room")))
    await storage.write(lambda session: facts.put(session, "a", "b"))
    assert await health.trouble() != ""
    health.note(True, None)
    assert await health.trouble() == ""


async def test_what_is_wrong_with_a_value_is_no_trouble_of_the_database(storage: Storage) -> None:
    health = Health(storage)
    before = counted()

    async def twice(session: Session) -> None:
        for _ in range(2):
            session.add(Setting(key="same"))
            await session.flush()
            session.expunge_all()

    with pytest.raises(IntegrityError):
        await storage.write(twice)
    with pytest.raises(ZeroDivisionError):
        await storage.write(divides)
    assert await health.trouble() == ""
    assert counted() == before


async def divides(session: Session) -> None:
    raise ZeroDivisionError


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_damage_that_a_reader_met_stays(kind: str, storage: Storage) -> None:
    health = Health(storage)
    assert await health.trouble() == ""
    file = sqlite_file(storage.engine.url)
    assert file is not None
    damage(file, "place")
    async with storage.reading() as session:
        with pytest.raises(DBAPIError):
            await (await session.connection()).execute(text("SELECT * FROM place"))
    await storage.write(lambda session: facts.put(session, "a", "b"))
    health.looked_at = float("-inf")
    assert await health.trouble() == "cannot save: damaged"

"""Clocks that jump: an hour back (a server set right), days forward (a machine that slept), days ahead and back again.

The rounds are rung as `bot.timetable.ring` rings them, by a process that remembers when it last went through everybody.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from bot.timetable import ROUNDS, is_due, write_round
from storage.tables import Outbox, RoleName
from tests.handlers.chatting import ZONE, Town, load_forms, town_on

MONDAY = datetime(2026, 11, 23, 7, 30, tzinfo=ZONE)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass
class Process:
    """One process's timetable, rung at any moment."""

    town: Town
    gone: dict[str, datetime] = field(default_factory=dict)

    async def rings(self, now: datetime) -> int:
        """Go through the rounds that are due at `now`; how many letters that wrote."""
        storage, library = self.town.storage, self.town.dispatch.library
        count = 0
        for name in ROUNDS:
            if await is_due(storage, library, name, now, self.gone.get(name)):
                count += await write_round(storage, library, now, name)
                self.gone[name] = now
        return count

    async def weekly(self) -> list[str]:
        """The keys of the weekly summaries so far."""
        rows = await self.town.rows(Outbox, col(Outbox.natural_key).startswith("weekly:"))
        return [row.natural_key for row in rows]


@pytest.fixture
async def process(database: AsyncEngine, tmp_path: Path) -> AsyncIterator[Process]:
    async with town_on(database, tmp_path) as town:
        await load_forms(town)
        await town.head("thon")
        await town.enrolled("xa", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
        yield Process(town)


async def test_an_hour_that_comes_twice_writes_nothing_twice(process: Process) -> None:
    written = [await process.rings(MONDAY + number * HOUR / 4) for number in range(5)]
    before = await process.weekly()
    again = [await process.rings(MONDAY + number * HOUR / 4) for number in range(-4, 5)]
    assert written[0] >= 2
    assert sum(again) == 0
    assert await process.weekly() == before
    assert await Process(process.town).rings(MONDAY) == 0


async def test_after_days_that_were_missed_there_is_no_flood(process: Process) -> None:
    """Who comes back on Thursday wants no Monday's summary, and of everything else each reader at most one."""
    await process.rings(MONDAY - HOUR)
    returned = MONDAY + 3 * DAY
    told = len(await process.town.rows(Outbox))
    await process.rings(returned)
    new = (await process.town.rows(Outbox))[told:]
    kinds = [(row.contact_id, row.natural_key.partition(":")[0]) for row in new]
    assert await process.weekly() == []
    assert len(kinds) == len(set(kinds))
    assert await process.rings(returned + HOUR / 60) == 0
    await process.rings(MONDAY + 7 * DAY)
    assert len(await process.weekly()) == 2


async def test_a_clock_that_was_days_ahead_costs_nobody_the_summary(process: Process) -> None:
    """A machine starts with a wrong clock and sets it right a minute later, before Monday."""
    await process.rings(MONDAY + 8 * DAY)
    ahead = len(await process.weekly())
    await process.rings(MONDAY - HOUR)
    assert len(await process.weekly()) == ahead
    await process.rings(MONDAY)
    weeks = await process.weekly()
    assert len(weeks) == len(set(weeks)) == ahead + 2
    await process.rings(MONDAY + 8 * DAY)
    assert await process.weekly() == weeks

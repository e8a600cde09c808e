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

from bot.timetable import ROUNDS, is_due, note, write_round
from storage import outbox
from storage.tables import Outbox, RoleName
from tests.handlers.chatting import ZONE, Town, labels, load_forms, plain, text_of, town_on

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
        await note(storage, library, now)
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
    assert len(await process.weekly()) == 0
    await process.rings(MONDAY)
    assert len(await process.weekly()) == ahead == 2
    # The week that the wrong clock was in has its own summary, at its time.
    await process.rings(MONDAY + 7 * DAY)
    weeks = await process.weekly()
    assert len(weeks) == len(set(weeks)) == 4
    await process.rings(MONDAY + 8 * DAY)
    assert await process.weekly() == weeks


async def test_what_a_wrong_clock_sent_is_sent_again_at_its_time(process: Process) -> None:
    await process.rings(MONDAY + 8 * DAY)
    rows = await process.town.rows(Outbox, col(Outbox.natural_key).startswith("weekly:"))
    await outbox.record(process.town.storage, [outbox.Delivered(row.id) for row in rows])
    await process.rings(MONDAY)
    await process.rings(MONDAY + 7 * DAY)
    weeks = [key for key in await process.weekly() if ":ahead:" not in key]
    assert len(weeks) == len(set(weeks)) == 4


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_another_day_or_hour_neither_doubles_nor_drops_a_week(process: Process) -> None:
    """Each week has one summary, whatever is chosen and when, also when old ones have been swept."""
    phone = process.town.phone("thon")
    for week, (day, chosen, hour) in enumerate(
        ((1, "Chủ nhật", 9), (3, "Thứ ba", 9), (4, "Thứ hai", 9), (0, "Thứ bảy", 21), (5, "Thứ hai", 21))
    ):
        for number in range(7):
            for rung in (9, 21):
                process.town.now = (MONDAY + (7 * week + number) * DAY).replace(hour=rung, minute=45)
                await write_round(
                    process.town.storage, process.town.dispatch.library, process.town.now, "weekly"
                )
                if (number, rung) == (day, hour):
                    await phone.says("/tintuan")
                    await phone.presses(chosen)
    head = (await phone.contact()).person_id
    weeks = [key.split(":")[1] for key in await process.weekly() if key.split(":")[2] == str(head)]
    assert weeks == [f"2026-W{week}" for week in range(48, 53)]


async def test_who_stopped_is_not_started_again_by_a_day_or_a_number(process: Process) -> None:
    phone = process.town.phone("thon")
    days = await phone.says("/tintuan")
    friday = next(choice.data for row in days[0].choices for choice in row if "Thứ sáu" in choice.label)
    stopped = await phone.presses("Thôi nhận")
    assert labels(stopped) == ["Nhận lại tin tuần"]
    assert "Đang không gửi" in text_of(await phone.presses_data(friday))
    await process.rings(MONDAY + 7 * DAY)
    assert not [key for key in await process.weekly() if f":{(await phone.contact()).person_id}:" in key]


async def test_what_a_pause_swallowed_is_named_to_the_administrator(process: Process) -> None:
    town = process.town
    await town.enrolled("quan-tri", "Thái Nguyên", RoleName.ADMINISTRATOR, "Vũ Ngọc Anh")
    await process.rings(MONDAY - HOUR)
    await town.heard()
    await process.rings(MONDAY + 3 * DAY)
    await process.rings(MONDAY + 3 * DAY + HOUR)
    said = {address: plain(reply) for address, reply in await town.heard()}
    assert "Máy đã nghỉ từ 06:30 23/11/2026 đến 07:30 26/11/2026" in said["quan-tri"]
    assert "tin tuần: 3" in said["quan-tri"]
    # What is late by less than two days goes out and says so.
    await process.rings(MONDAY + 7 * DAY - HOUR)
    await town.heard()
    await process.rings(MONDAY + 8 * DAY)
    said = {address: plain(reply) for address, reply in await town.heard()}
    assert "lẽ ra gửi lúc 07:30 30/11/2026" in said["thon"]

"""A half-done questionnaire whose period has closed: its owner is told once, in the morning, how to finish it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.timetable import write_round
from handlers.messages import Reply
from plans.reading import load_plans
from storage.tables import InterviewRow, InterviewStatus
from tests.handlers.chatting import ZONE, Phone, Town, labels, load_forms, text_of, town_on

LAST = datetime(2026, 12, 7, 22, 0, tzinfo=ZONE)
"""The evening of the last day on which November's water can be begun; what was begun is taken for a week more."""
MORNING = datetime(2026, 12, 8, 8, 0, tzinfo=ZONE)
DAY = timedelta(days=1)


@pytest.fixture
async def town(database: AsyncEngine, tmp_path: Path) -> AsyncIterator[Town]:
    async with town_on(database, tmp_path) as made:
        await load_forms(made)
        yield made


async def half_done(town: Town, answer: str = "100") -> Phone:
    """A village head who answered the first question on water and put the rest aside."""
    phone = await town.head("thon")
    await phone.says("/baocao")
    await phone.presses("Làm: Nước")
    if answer:
        await phone.says(answer)
    await phone.presses("Để sau")
    return phone


async def told(town: Town, now: datetime) -> list[Reply]:
    """What the round writes at `now`."""
    await town.heard()
    count = await write_round(town.storage, town.dispatch.library, now, "reminders")
    said = [reply for _, reply in await town.heard()]
    assert len(said) == count
    return [reply for reply in said if "Đã hết ngày" in text_of([reply])]


async def test_the_owner_is_told_once_on_the_morning_after(town: Town) -> None:
    await half_done(town)
    assert await told(town, LAST) == []
    assert await told(town, MORNING - timedelta(hours=1)) == []
    [said] = await told(town, MORNING)
    assert "Đã hết ngày 07/12/2026" in text_of([said])
    assert "đến hết ngày 14/12/2026" in text_of([said])
    assert labels([said]) == ["Báo cáo", "Làm tiếp: Nước sinh hoạt, thôn Nà Hin, tháng 11/2026"]
    for later in (timedelta(minutes=1), DAY, 2 * DAY, 30 * DAY):
        assert await told(town, MORNING + later) == []


async def test_its_button_goes_on_and_later_shows_the_answers_that_were_kept(town: Town) -> None:
    phone = await half_done(town)
    [said] = await told(town, MORNING)
    town.now = MORNING
    assert "Câu 2/7" in text_of(await phone.presses_data(said.choices[1][0].data))
    assert await told(town, MORNING + DAY) == []
    town.now = MORNING + 7 * DAY
    assert "100 hộ" in text_of(await phone.presses_data(said.choices[1][0].data))
    assert [row.status for row in await town.rows(InterviewRow)] == [InterviewStatus.EXPIRED]
    assert await told(town, MORNING + DAY) == []


async def test_who_went_on_with_it_already_is_not_told(town: Town) -> None:
    phone = await half_done(town)
    town.now = MORNING - timedelta(hours=2)
    await phone.presses("Tiếp tục")
    await phone.says("90")
    assert await told(town, MORNING) == []


async def test_a_draft_of_a_locked_period_is_not_said_to_be_sendable(town: Town) -> None:
    await half_done(town)
    [row] = await town.rows(InterviewRow)
    await town.lock("Vĩnh Thông", row)
    assert await told(town, MORNING) == []


async def test_where_a_plan_gives_no_days_it_is_only_kept(database: AsyncEngine, tmp_path: Path) -> None:
    plans = load_plans()
    strict = replace(plans, schedule=tuple(replace(entry, grace=0) for entry in plans.schedule))
    async with town_on(database, tmp_path, plans=strict) as town:
        await load_forms(town)
        await half_done(town)
        [said] = await told(town, MORNING - 7 * DAY)
        assert "Đã hết ngày 30/11/2026" in text_of([said])
        assert labels([said])[1:] == ["Xem phiếu cũ: Nước sinh hoạt, thôn Nà Hin, tháng 11/2026"]


async def test_nothing_is_said_of_one_without_answers_nor_of_practice(town: Town) -> None:
    phone = await half_done(town, answer="")
    assert await told(town, MORNING) == []
    await phone.says("/lamthu")
    await phone.presses("Nước")
    await phone.says("100")
    assert await told(town, MORNING) == []


async def test_after_an_outage_of_days_it_is_told_late_or_not_at_all(town: Town) -> None:
    await half_done(town)
    assert await told(town, MORNING + 15 * DAY) == []
    [said] = await told(town, MORNING + 4 * DAY)
    assert "07/12/2026" in text_of([said])


async def test_nobody_is_told_on_a_holiday(town: Town) -> None:
    """What closed on the eve of Giỗ Tổ 2027 (16/4) and lasts over the weekend is told of on Monday."""
    town.now = datetime(2027, 4, 9, 9, 0, tzinfo=ZONE)
    strict = tuple(replace(entry, locked_after=1) for entry in town.dispatch.library.plans.schedule)
    town.dispatch.library.plans = replace(town.dispatch.library.plans, schedule=strict)
    await half_done(town)
    holiday = datetime(2027, 4, 16, 9, 0, tzinfo=ZONE)
    assert await told(town, holiday) == []
    assert await told(town, holiday + DAY) == []
    [said] = await told(town, holiday + 3 * DAY)
    assert "15/04/2027" in text_of([said])

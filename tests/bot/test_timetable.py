"""Weekly summaries and reminders: written once, to whom they are for, at the hour they like, and not in vain."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from bot.timetable import compose_round, is_due, write_round
from handlers.broadcasts.deadlines import DAYS_BEFORE, days_of, rings
from handlers.messages import Reply
from plans.holidays import holiday
from plans.period import Calendar, PeriodKind
from plans.programme import Deadline
from plans.reading import load_plans
from storage import dead_letters, outbox
from storage.session import Session
from storage.tables import Outbox, OutboxState, RoleName
from tests.handlers.chatting import ZONE, Phone, Town, labels, load_forms, text_of, town_on

MONDAY = datetime(2026, 11, 23, 7, 30, tzinfo=ZONE)


@pytest.fixture
async def town(database: AsyncEngine, tmp_path: Path) -> AsyncIterator[Town]:
    async with town_on(database, tmp_path) as made:
        await load_forms(made)
        await made.head("thon")
        await made.enrolled("xa", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
        await made.heard()
        yield made


async def write(town: Town, now: datetime, name: str = "weekly") -> int:
    return await write_round(town.storage, town.dispatch.library, now, name)


async def letters(town: Town, prefix: str) -> list[Outbox]:
    return await town.rows(Outbox, col(Outbox.natural_key).startswith(prefix))


async def test_everybody_hears_once_a_week(town: Town) -> None:
    assert await write(town, MONDAY - timedelta(minutes=1)) == 0
    assert await write(town, MONDAY) == 2
    assert await write(town, MONDAY) == 0
    assert await write(town, MONDAY + timedelta(days=1)) == 0
    assert await write(town, MONDAY + timedelta(days=7)) == 2
    said = {address: text_of([reply]) for address, reply in await town.heard()}
    assert "Tin tuần của thôn Nà Hin" in said["thon"]
    assert "Tin tuần của xã Vĩnh Thông" in said["xa"]
    assert "thôn Nà Lốc" in said["xa"]


async def test_who_is_late_is_told_so_and_not_thanked(town: Town) -> None:
    await write(town, MONDAY + timedelta(days=7))
    said = {address: text_of([reply]) for address, reply in await town.heard()}
    assert "phiếu quá hạn" in said["thon"]
    assert "Gửi được đến hết" in said["thon"] or "gửi được đến hết" in said["thon"]
    assert "Đã gửi đủ" not in said["thon"]


async def test_two_processes_write_it_once(town: Town) -> None:
    found = [
        letter
        async for some in compose_round(town.storage, town.dispatch.library, MONDAY, "weekly")
        for letter in some
    ]
    from bot.timetable import announcement

    announced = [announcement(letter, MONDAY) for letter in found]
    assert await outbox.announce(town.storage, announced) == 2
    assert await outbox.announce(town.storage, announced) == 0


async def test_after_a_long_outage_nothing_floods(town: Town) -> None:
    assert await write(town, MONDAY + timedelta(days=3)) == 0
    assert await write(town, MONDAY + timedelta(days=1, hours=20)) == 2


async def test_each_chooses_day_and_hour_or_stops(town: Town) -> None:
    phone = town.phone("thon")
    await phone.says("/tintuan")
    await phone.presses("Thứ sáu")
    await phone.presses("17:30")
    friday = MONDAY + timedelta(days=4, hours=10)
    assert await write(town, MONDAY) == 1
    assert await write(town, friday) == 1
    await phone.presses("Thôi nhận")
    assert await write(town, friday + timedelta(days=7)) == 0
    assert await write(town, MONDAY + timedelta(days=7)) == 1


async def test_an_expired_letter_is_not_sent(town: Town) -> None:
    await write(town, MONDAY)
    for row in await letters(town, "weekly"):
        assert row.not_after == MONDAY + timedelta(days=2)

    async def expire(session: Session) -> None:
        for row in await letters(town, "weekly"):
            stale = await session.get(Outbox, row.id)
            assert stale is not None
            stale.not_after = datetime(2026, 1, 1, tzinfo=ZONE)

    await town.storage.write(expire)
    claimed = await outbox.claim(town.storage, "worker", ["test"])
    assert not {due.id for due in claimed} & {row.id for row in await letters(town, "weekly")}
    await outbox.purge(town.storage)
    assert {row.state for row in await letters(town, "weekly")} == {OutboxState.DEAD}
    async with town.storage.reading() as session:
        dead = await dead_letters.dead_letters(session)
    assert {(letter.kind, letter.problem) for letter in dead} == {("weekly", "expired")}


async def without_summary(phone: Phone) -> None:
    """With the weekly summary reminders wait for it: so that these are seen by themselves."""
    await phone.says("/tintuan")
    await phone.presses("Thôi nhận")


async def test_reminded_before_the_deadline_and_after_it_and_no_more(town: Town) -> None:
    await without_summary(town.phone("thon"))
    entry = town.dispatch.library.plans.entry("nuoc-sach")
    assert entry is not None
    # January's: December's is due on a Monday.
    period = entry.period(MONDAY.date()).next().next()
    due = datetime.combine(entry.due(period), MONDAY.time(), ZONE).replace(hour=9)
    # What locked with the year is told before.
    await write(town, due - timedelta(days=6), "reminders")
    await town.heard()
    for days, expected in ((-2, 0), (-1, 1), (0, 0), (1, 1), (2, 0)):
        await write(town, due + timedelta(days=days), "reminders")
        told = [reply for address, reply in await town.heard() if address == "thon"]
        about_water = [reply for reply in told if "Nước sinh hoạt" in text_of([reply])]
        assert len(about_water) == expected, days
    assert await write(town, due.replace(hour=5) - timedelta(days=1), "reminders") == 0


async def test_nobody_is_reminded_on_a_holiday(town: Town) -> None:
    await without_summary(town.phone("thon"))
    told: dict[int, str] = {}
    for number in range(1, 15):
        now = datetime(2027, 2, number, 9, tzinfo=ZONE)
        await write(town, now, "reminders")
        texts = [text_of([reply]) for address, reply in await town.heard() if address == "thon"]
        if text := "\n".join(text for text in texts if "Nước sinh hoạt" in text):
            told[number] = text
    assert list(told) == [3, 11, 13]
    assert "sắp đến hạn: Y tế, bà mẹ và trẻ em, quý I/2027 (hạn 11/02)" in told[3]
    assert "đã ngừng nhận mà chưa gửi: Nước sinh hoạt, tháng 1/2027" in told[11]
    assert "sắp đến hạn: Nước sinh hoạt, tháng 2/2027 (hạn 14/02)" in told[13]
    assert "phiếu mới quá hạn: Y tế, bà mẹ và trẻ em, quý I/2027" in told[13]


async def test_what_locked_in_a_pause_is_told_afterwards_once(town: Town) -> None:
    await without_summary(town.phone("thon"))
    told = []
    for day in (20, 22, 24):
        await write(town, datetime(2027, 2, day, 9, tzinfo=ZONE), "reminders")
        told += [text_of([reply]) for address, reply in await town.heard() if address == "thon"]
    locked = [text for text in told if "đã ngừng nhận mà chưa gửi: Nước sinh hoạt, tháng 1/2027" in text]
    assert len(locked) == 1


def test_no_deadline_rings_on_a_holiday() -> None:
    plan = next(iter(load_plans().programmes.values()))
    eve, late = (
        Deadline(
            clause="",
            owes="xa",
            to="",
            period=PeriodKind.YEAR,
            calendar=Calendar.GREGORIAN,
            month=2,
            day=day,
            statements={"vi": "Báo cáo", "en": "A report"},
        )
        for day in (4, 10)
    )
    plan = replace(plan, deadlines=(eve, late), first_day=date(2027, 1, 1), last_day=date(2027, 12, 31))
    rung = sorted(
        {
            (rings(day, before), deadline.day)
            for deadline in (eve, late)
            for day in days_of(deadline, plan, date(2027, 2, 1))
            for before in DAYS_BEFORE
        }
    )
    assert rung == [
        (date(2027, 1, 21), 4),
        (date(2027, 1, 27), 10),
        (date(2027, 2, 1), 4),
        (date(2027, 2, 3), 4),
        (date(2027, 2, 3), 10),
    ]
    assert not any(holiday(day) for day, _ in rung)


async def test_a_dead_letter_can_be_tried_again(town: Town) -> None:
    await write(town, MONDAY)
    [first, _] = await letters(town, "weekly")
    await outbox.record(town.storage, [outbox.Dead(first.id, first.contact_id, "403", unreachable=True)])
    assert await town.storage.write(lambda session: dead_letters.try_again(session, [first.id, 12345])) == 1
    [again, _] = await letters(town, "weekly")
    assert again.state == OutboxState.DUE
    assert Reply.from_json(again.body).text


async def test_a_kept_question_is_answered_every_week(town: Town) -> None:
    officer = town.phone("xa")
    await officer.says("nước hợp vệ sinh toàn xã")
    await officer.presses("Lưu câu hỏi")
    await officer.presses("hằng tuần")
    await town.heard()
    assert await write(town, MONDAY, "questions") == 1
    [(_, letter)] = await town.heard()
    assert "nước hợp vệ sinh toàn xã\nTin này tới vì anh/chị đã lưu câu hỏi" in text_of([letter])
    assert labels([letter]) == ["Hỏi tiếp câu này", "Thôi gửi"]
    assert await write(town, MONDAY, "questions") == 0
    assert await write(town, MONDAY + timedelta(days=7), "questions") == 1
    # However often it is pressed, and under whichever letter.
    for _ in range(2):
        assert "Đã thôi gửi" in text_of(await officer.presses_data(letter.choices[1][0].data))
    assert await write(town, MONDAY + timedelta(days=14), "questions") == 0


async def test_the_plans_deadlines_ring_at_the_level_that_owes(town: Town) -> None:
    async def work(session: Session) -> None:
        added = await session.places.add("tinh", "tỉnh", "Bắc Giang", town.places["Việt Nam"])
        town.places["Bắc Giang"] = added.id

    await town.storage.write(work)
    await town.enrolled("bg", "Bắc Giang", RoleName.PROVINCE_OFFICER, "Hà Thị Mai")
    await town.heard()
    due = datetime(2026, 12, 14, 9, tzinfo=ZONE)
    said = {}
    for days in (-15, -14, -13, -3, 0, 1):
        await write(town, due + timedelta(days=days), "reminders")
        told = [text_of([reply]) for address, reply in await town.heard() if address == "bg"]
        if any("⏰" in text for text in told):
            [said[days]] = told
    assert list(said) == [-14, -3, 0]
    assert "hạn 14/12/2026 (còn 14 ngày)" in said[-14]
    assert "hạn 14/12/2026, hôm nay" in said[0]


async def test_a_round_goes_through_everybody_only_when_something_became_due(town: Town) -> None:
    async def due(name: str, now: datetime, gone: datetime | None) -> bool:
        return await is_due(town.storage, town.dispatch.library, name, now, gone)

    assert not await due("weekly", MONDAY - timedelta(days=3), None)
    assert await due("weekly", MONDAY, None)
    assert not await due("weekly", MONDAY + timedelta(hours=1), MONDAY)
    assert await due("weekly", MONDAY + timedelta(days=7), MONDAY)
    entry = town.dispatch.library.plans.entry("nuoc-sach")
    assert entry is not None
    eve = datetime.combine(entry.due(entry.period(MONDAY.date()).next()), MONDAY.time(), ZONE) - timedelta(
        days=1
    )
    assert not await due("reminders", eve.replace(hour=7), None)
    assert await due("reminders", eve.replace(hour=8), eve.replace(hour=7))
    assert not await due("reminders", eve.replace(hour=20), eve.replace(hour=8))
    assert not await due("reminders", datetime(2027, 2, 8, 9, tzinfo=ZONE), None)
    phone = town.phone("thon")
    await phone.says("/tintuan")
    await phone.presses("Thứ sáu")
    friday = MONDAY + timedelta(days=4)
    assert await due("weekly", friday, MONDAY)

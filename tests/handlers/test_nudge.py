"""What reminds somebody is not sent once they have reported."""

from datetime import datetime

import pytest

from bot.timetable import write_round
from storage.tables import Outbox, RoleName
from tests.handlers.chatting import ZONE, Phone, Town, labels, text_of


async def reports_water(head: Phone) -> None:
    await head.says("/baocao")
    await head.presses("Làm: Nước")
    for answer in ("120", "109", "109", "98", "27", "6", "0"):
        await head.says(answer)
    assert "Đã nhận báo cáo" in text_of(await head.presses("Gửi"))


async def waiting(town: Town, kind: str) -> int:
    rows: list[Outbox] = await town.rows(Outbox)
    return sum((row.natural_key or "").startswith(kind) for row in rows)


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_nudge_of_the_night_is_not_sent_in_the_morning(town: Town) -> None:
    head, other = await town.head("thon"), await town.head("thon2", "Nà Lốc", "Hoàng Thị Mỷ")
    officer = await town.enrolled("xa", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    town.later(hours=14)
    await officer.says("/cacthon")
    missing = next(label for label in labels(officer.shown) if "Thiếu" in label and "Nước" in label)
    await officer.presses(missing)
    await officer.presses("Nhắc")
    assert await waiting(town, "nudge:") == 2
    await reports_water(head)
    assert await waiting(town, "nudge:") == 1
    await reports_water(other)
    assert await waiting(town, "nudge:") == 0


async def test_a_nudge_is_dropped_whichever_of_two_heads_reports(town: Town) -> None:
    head = await town.head("thon")
    deputy = await town.head("thon-pho", name="Lý A Dơ")
    officer = await town.enrolled("xa", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    town.later(hours=14)
    await officer.says("/cacthon")
    missing = next(label for label in labels(officer.shown) if "Thiếu" in label and "Nước" in label)
    await officer.presses(missing)
    await officer.presses("Nhắc")
    rows = [row for row in await town.rows(Outbox) if (row.natural_key or "").startswith("nudge:")]
    assert {row.contact_id for row in rows} == {(await one.contact()).id for one in (head, deputy)}
    await reports_water(deputy)
    assert await waiting(town, "nudge:") == 0


async def test_a_reminder_that_waits_its_turn_is_not_sent(town: Town) -> None:
    head = await town.head("thon")
    library = town.dispatch.library
    entry = library.plans.entry("nuoc-sach")
    assert entry is not None
    due = entry.due(entry.period(town.now.date()))
    for day in range(1, due.day + 4):
        await write_round(town.storage, library, datetime(2026, 11, day, 9, tzinfo=ZONE), "reminders")
    before = await waiting(town, "remind:")
    await reports_water(head)
    assert await waiting(town, "remind:") < before

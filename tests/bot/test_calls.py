"""Whom to phone, the commune's own line, and what else stands in an officer's summary."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from markupsafe import Markup
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select, update

from bot.timetable import write_round
from figures.coverage import Owed
from handlers.broadcasts.calls import call_day as day_of_calls
from handlers.messages import Reply
from storage import outbox
from storage.session import Session
from storage.tables import Contact, Outbox, OutboxState, RoleName
from tests.handlers.chatting import (
    ZONE,
    Phone,
    Town,
    bundled,
    labels,
    load_forms,
    send_report,
    text_of,
    town_on,
)

MONDAY = datetime(2026, 11, 23, 7, 30, tzinfo=ZONE)


@pytest.fixture
async def town(database: AsyncEngine, tmp_path: Path) -> AsyncIterator[Town]:
    async with town_on(database, tmp_path) as made:
        await load_forms(made)
        yield made


@pytest.fixture
async def head(town: Town) -> Phone:
    return await town.head("thon")


@pytest.fixture
async def commune(town: Town) -> Phone:
    return await town.enrolled("xa", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")


async def said_at(town: Town, now: datetime, name: str, address: str) -> str:
    """What a round says to one chat at `now`; the others' letters are thrown away."""
    await write_round(town.storage, town.dispatch.library, now, name)
    return text_of([reply for to, reply in await town.heard() if to == address])


def call_day(town: Town, form: str) -> datetime:
    """The first day after today on which those silent about a questionnaire are to be phoned."""
    entry = town.dispatch.library.plans.entry(form)
    assert entry is not None
    owed = Owed(bundled(form), entry.period(MONDAY.date()).next(), entry)
    return datetime.combine(day_of_calls(owed), MONDAY.time(), ZONE).replace(hour=8, minute=1)


async def arrives(town: Town, now: datetime, name: str = "reminders") -> None:
    """Let a round's letters be written and sent."""
    await write_round(town.storage, town.dispatch.library, now, name)
    waiting = await town.rows(Outbox, col(Outbox.state) == OutboxState.DUE)
    sent = [outbox.Delivered(row.id, str(row.id), row.body) for row in waiting]
    await outbox.record(town.storage, sent)
    await town.heard()


async def test_who_stays_silent_after_two_reminders_is_to_be_phoned_once(
    town: Town, head: Phone, commune: Phone
) -> None:
    for phone in (head, commune, await town.head("thon-2", "Bản Pàu", "Lý Thị Mẩy")):
        # With it reminders and lists wait for the weekly summary.
        await phone.says("/tintuan")
        await phone.presses("Thôi nhận")
    day = call_day(town, "nuoc-sach")
    town.now = day - timedelta(days=5)
    await send_report(town, "nuoc-sach", "Nà Lốc", {"/data/nuoc_ho": "40", "/data/nuoc_ho_hvs": "30"})
    for before in (3, 1):
        await arrives(town, day - timedelta(days=before))
    await town.storage.write(forget_letter_of("thon-2"))
    # The commune had a letter on the day before: this waits until two days lie between.
    assert await said_at(town, day, "reminders", "xa") == ""
    day += timedelta(days=1)
    said = await said_at(town, day, "reminders", "xa")
    assert "Nhờ xã Vĩnh Thông gọi điện giúp" in said
    twice, overdue = (line for line in said.splitlines() if "Nước sinh hoạt, tháng 12" in line)
    assert "1 thôn đã được nhắc hai lần mà chưa gửi: thôn Nà Hin" in twice
    assert "1 thôn quá hạn chưa gửi: thôn Bản Pàu" in overdue
    # A village without a head is nobody to be phoned.
    assert "thôn Nà Lốc" not in said
    assert await said_at(town, day, "reminders", "xa") == ""
    assert "Nước sinh hoạt, tháng 12" not in await said_at(town, day + timedelta(days=2), "reminders", "xa")


def forget_letter_of(address: str) -> Callable[[Session], Awaitable[None]]:
    """Let the newest letter to a chat never have arrived."""

    async def work(session: Session) -> None:
        chosen = select(Outbox).join(Contact, col(Contact.id) == col(Outbox.contact_id))
        mine = chosen.where(Contact.address == address, col(Outbox.natural_key).startswith("remind:"))
        row = (await session.exec(mine.order_by(col(Outbox.id).desc()))).first()
        assert row is not None
        row.state, row.problem = OutboxState.DEAD, "Forbidden"

    return work


async def test_a_head_whose_chat_is_closed_is_to_be_phoned(town: Town, head: Phone, commune: Phone) -> None:
    async def refuse(session: Session) -> None:
        row = (await session.exec(select(Contact).where(Contact.address == "thon"))).one()
        due = outbox.post(session, row, Reply(Markup("Chào bác")).to_json(), at=outbox.now(), worker="me")
        dead.append(outbox.Dead(due.id, row.id, "Forbidden", unreachable=True))

    dead: list[outbox.Dead] = []
    await town.storage.write(refuse)
    await outbox.record(town.storage, dead)
    day = MONDAY.replace(hour=8)
    await town.storage.write(lambda session: closed_at(session, day - timedelta(hours=5)))
    said = await said_at(town, day, "reminders", "xa")
    assert "1 thôn không có máy nào nhận được tin nữa (đã chặn hoặc đổi số): thôn Nà Hin" in said
    await head.says("xin chào")
    [row] = await town.rows(Contact, col(Contact.address) == "thon")
    assert (row.reachable, row.unreachable_since) == (True, None)


async def closed_at(session: Session, moment: datetime) -> None:
    """Let the village head's chat have closed at `moment`."""
    [row] = await session.exec(select(Contact).where(Contact.address == "thon"))
    assert row.unreachable_since is not None
    await session.exec(update(Contact).where(col(Contact.id) == row.id).values(unreachable_since=moment))


async def test_the_communes_line_is_seen_before_it_goes(town: Town, head: Phone, commune: Phone) -> None:
    await commune.says("/tintuan")
    await commune.presses("Viết lời của xã")
    assert "không quá 200" in text_of(await commune.says("Mai họp. " * 23))
    preview = text_of(await commune.says("Mai họp <b>thôn</b> lúc 7 giờ"))
    assert "Lời của xã Vĩnh Thông: Mai họp <b>thôn</b> lúc 7 giờ" in preview
    assert "Lời của" not in await said_at(town, MONDAY - timedelta(days=7), "weekly", "thon")
    await commune.presses("Giữ câu này")
    assert "Mai họp <b>thôn</b> lúc 7 giờ" in await said_at(town, MONDAY, "weekly", "thon")
    assert "Lời của" not in await said_at(town, MONDAY + timedelta(days=7), "weekly", "thon")


async def test_a_line_can_be_replaced_or_dropped(town: Town, head: Phone, commune: Phone) -> None:
    for text in ("Câu một", "Câu hai"):
        await commune.says("/tintuan")
        await commune.presses("Viết lời của xã")
        await commune.says(text)
        await commune.presses("Giữ câu này")
    await commune.says("/tintuan")
    assert "Câu hai" in text_of(await commune.presses("Viết lời của xã"))
    await commune.presses("Bỏ câu đang có")
    assert "Lời của" not in await said_at(town, MONDAY, "weekly", "thon")


async def test_an_officer_of_two_communes_says_for_which_the_line_is(
    town: Town, head: Phone, commune: Phone
) -> None:
    await commune.says(await town.invite("Mỹ Lý", RoleName.COMMUNE_OFFICER, "Nông Văn Tài"))
    await commune.presses("Là tôi")
    await commune.presses("Đồng ý")
    await commune.says("/tintuan")
    which = await commune.presses("Viết lời của xã")
    assert "các thôn của nơi nào" in text_of(which)
    assert labels(which) == ["xã Vĩnh Thông", "xã Mỹ Lý"]
    assert "xã Mỹ Lý muốn nhắn gì" in text_of(await commune.presses("xã Mỹ Lý"))
    assert "Lời của xã Mỹ Lý: Mai họp" in text_of(await commune.says("Mai họp"))
    await commune.presses("Giữ câu này")
    assert "Lời của" not in await said_at(town, MONDAY, "weekly", "thon")


async def test_nobody_else_writes_a_communes_line(town: Town, head: Phone, commune: Phone) -> None:
    assert "Viết lời của xã" not in labels(await head.says("/tintuan"))
    place = town.places["Vĩnh Thông"]
    for data in (
        "y:",
        f"y:k:{place}",
        f"y:d:{place}",
        "y:k:999999999999999999999",
        "y:q:1",
        f"y:w:{place}",
        "y:w:",
    ):
        assert "không còn dùng được" in text_of(await head.presses_data(data))
    assert "không còn dùng được" in text_of(await commune.presses_data(f"y:k:{place}"))


async def test_an_officers_summary_tells_what_is_stuck(town: Town, head: Phone, commune: Phone) -> None:
    await head.says("/khancap")
    await head.presses("Sạt lở")
    town.now = MONDAY
    assert "🆘 Tin khẩn cấp: 1 trong tuần" in await said_at(town, MONDAY, "weekly", "xa")
    rows = await town.rows(Outbox, col(Outbox.natural_key).startswith("weekly:"))
    assert len(rows) == 2


async def test_what_is_due_much_later_is_named_once_and_again_when_its_day_is_near(
    town: Town, head: Phone, commune: Phone
) -> None:
    weeks = [MONDAY + timedelta(days=7 * week) for week in range(6)]
    named = []
    for monday in weeks:
        said = await said_at(town, monday, "weekly", "xa")
        named.append("quý IV/2026 (hạn 31/12)" in said)
        await arrives(town, monday, "weekly")
    assert named == [True, False, False, False, True, True]

"""What a village head sees of it when the village goes into another."""

from datetime import timedelta

import pytest

from bot.timetable import write_round
from handlers import place_news
from handlers.quiet import QuietHours
from storage import place_events
from storage.place_rules import New, Ruling
from storage.session import Session
from storage.tables import Place, PlaceEvent, RoleName
from tests.handlers.chatting import Town, bundled, send_report, text_of


async def merge(town: Town, old: str, new: str | New, days: int) -> PlaceEvent:
    """`old` went into `new` so many days ago; into a new village with Nà Lốc. Days to come: as of the official list."""
    now = town.now + timedelta(days=max(0, -days))

    async def work(session: Session) -> PlaceEvent:
        other = new if isinstance(new, str) else "Nà Lốc"
        some = [await session.get_one(Place, town.places[name]) for name in (old, other)]
        ruling = Ruling(town.now.date() - timedelta(days), "NQ 12", now)
        event = await place_events.merge(session, some, some[1] if other == new else new, ruling)
        await place_news.announce(session, event, now, QuietHours())
        return event

    return await town.storage.write(work)


async def test_the_head_of_a_village_that_went_into_another_is_told_and_asked_no_more(town: Town) -> None:
    head = await town.enrolled("a", "Nà Hin", RoleName.VILLAGE_HEAD, "Lý A Sử")
    other = await town.enrolled("b", "Nà Lốc", RoleName.VILLAGE_HEAD, "Hoàng Văn Tài")
    assert "Không có phiếu nào phải làm" not in text_of(await head.says("báo cáo"))
    await merge(town, "Nà Hin", "Nà Lốc", 400)
    told = [(address, str(reply.text)) for address, reply in await town.heard()]
    assert {address for address, _ in told} == {"a", "b"}
    assert all("nhập vào" in text and "Nà Lốc" in text for _, text in told)
    assert "không còn là một địa bàn riêng" in dict(told)["a"]
    assert "Không có phiếu nào phải làm" in text_of(await head.says("báo cáo"))
    assert "Không có phiếu nào phải làm" not in text_of(await other.says("báo cáo"))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_the_head_of_a_village_that_is_gone_is_promised_no_letters(town: Town, kind: str) -> None:
    head = await town.head("a")
    assert "Tin tuần về thôn Nà Hin" in text_of(await head.says("sao tôi nhận tin này"))
    await merge(town, "Nà Hin", "Nà Lốc", 40)
    said = text_of(await head.says("sao tôi nhận tin này"))
    assert "thôn Nà Hin không còn là một địa bàn riêng" in said
    assert [promise for promise in ("Tin tuần về", "Buổi sáng lúc 8:00") if promise in said] == []
    assert "thôn Nà Hin không còn là một địa bàn riêng" in text_of(await head.says("tin tuần"))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_letters_go_to_the_head_of_what_a_village_went_into(town: Town, kind: str) -> None:
    """Both heads of a village that is gone were asked for its forms, then thanked for them."""
    town.now = town.now.replace(day=2)
    await town.enrolled("a", "Nà Hin", RoleName.VILLAGE_HEAD, "Lý A Sử")
    await town.enrolled("a2", "Nà Hin", RoleName.VILLAGE_HEAD, "Hoàng Văn Páo")
    await town.enrolled("b", "Nà Lốc", RoleName.VILLAGE_HEAD, "Hoàng Văn Tài")
    town.now = town.now.replace(day=5)
    await merge(town, "Nà Hin", "Nà Lốc", 1)
    await town.heard()
    written = set()
    for name, day in (("reminders", 5), ("reminders", 6), ("weekly", 9)):
        town.now = town.now.replace(day=day)
        await write_round(town.storage, town.dispatch.library, town.now, name)
        written |= {(name, address) for address, _ in await town.heard()}
    assert written == {("weekly", "b"), ("reminders", "b")}


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_a_merged_village_counted_stands_and_is_named_until_its_successor_reports(
    town: Town, kind: str
) -> None:
    """A merger by itself changes no figure; whose old numbers a figure holds, or a village by itself lacks, is said."""
    officer = await town.enrolled("o", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Bùi Thị Lan")
    paths = {question.name: question.path for question in bundled("nha-o").questions}
    for name, number in (("Nà Hin", "14"), ("Nà Lốc", "9")):
        await send_report(town, "nha-o", name, {paths["nha_tam"]: number})
    waiting = "Còn tính số cũ của thôn Nà Hin: đã sáp nhập"
    assert waiting not in text_of(await officer.says("nhà tạm xã Vĩnh Thông"))
    town.now += timedelta(days=1)
    await merge(town, "Nà Hin", "Nà Lốc", 0)
    for place in ("xã Vĩnh Thông", "tỉnh Thái Nguyên"):
        told = text_of(await officer.says(f"nhà tạm {place}"))
        assert ("23 hộ" in told, waiting in told) == (True, True), place
    alone = text_of(await officer.says("nhà tạm thôn Nà Lốc"))
    assert "9 hộ" in alone
    assert "Chưa gồm số của thôn Nà Hin: đã nhập vào đây" in alone
    await send_report(town, "nha-o", "Nà Lốc", {paths["nha_tam"]: "22"})
    told = text_of(await officer.says("nhà tạm xã Vĩnh Thông"))
    assert "22 hộ" in told
    assert waiting not in told


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_merger_to_come_changes_no_name_before_its_day(town: Town, kind: str) -> None:
    """The new village bears the name of an old one: until it begins, the old one is asked about."""
    officer = await town.enrolled("o", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Bùi Thị Lan")
    paths = {question.name: question.path for question in bundled("nha-o").questions}
    await send_report(town, "nha-o", "Nà Hin", {paths["nha_tam"]: "14"})
    await merge(town, "Nà Hin", New("thôn", "Nà Hin"), -2)
    assert "14 hộ" in text_of(await officer.says("nhà tạm thôn Nà Hin"))
    town.now += timedelta(days=3)
    assert "Chưa thôn nào báo kỳ này (0/1)" in text_of(await officer.says("nhà tạm thôn Nà Hin"))

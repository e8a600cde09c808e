"""A button that makes something makes it once: pressed again at once, or again after a restore, it makes nothing more.

One that turns something on or off does what its label says, however often and however late it is pressed.
"""

from collections.abc import Awaitable, Callable

import pytest
from sqlmodel import SQLModel, col, func, select

from handlers import emergency_raised
from handlers.tables import PRESSES
from storage import restoring
from storage.tables import Emergency, Outbox, RoleName, SavedQuestion, WeeklyChoice
from tests.handlers.chatting import Phone, Town, labels, send_report, text_of

APART = {"contact", "seen", "audit", "setting", "outbox"}
"""Tables that may grow with every message. Letters to others are counted apart."""
REPORT = dict.fromkeys(("/data/nuoc_ho", "/data/nuoc_ho_hvs"), "80")


@pytest.fixture
def kind() -> str:
    return "sqlite"


async def head_of(town: Town) -> Phone:
    return await town.head("thon")


async def officer_of(town: Town) -> Phone:
    await town.head("thon")
    await town.head("thon2", "Nà Lốc", "Hoàng Thị Mỷ")
    return await town.enrolled("xa", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")


async def raises(town: Town) -> tuple[Phone, str]:
    await officer_of(town)
    phone = await town.head("moi", "Bản Pàu", "Vi Thị Lan")
    await phone.says("/khancap")
    return phone, phone.button("Cháy")


async def raises_another(town: Town) -> tuple[Phone, str]:
    phone, fire = await raises(town)
    await phone.presses_data(fire)
    await phone.presses_data(fire)
    return phone, phone.button("Việc khác")


async def cries(town: Town) -> tuple[Phone, str]:
    phone, _ = await raises(town)
    await phone.says("nhà cháy rồi, cứu với")
    return phone, phone.button("Đúng, báo ngay")


async def begins_a_report(town: Town) -> tuple[Phone, str]:
    phone = await head_of(town)
    await phone.says("báo cáo")
    return phone, phone.button("Làm: Nước")


async def sends_a_report(town: Town) -> tuple[Phone, str]:
    phone, begin = await begins_a_report(town)
    await phone.presses_data(begin)
    for answer in ("120", "80", "75", "70", "20", "0", "0"):
        await phone.says(answer)
    return phone, phone.button("Gửi")


async def corrects_a_report(town: Town) -> tuple[Phone, str]:
    phone, send = await sends_a_report(town)
    await phone.presses_data(send)
    await phone.presses("Xem, sửa")
    return phone, phone.button("Sửa")


async def announces(town: Town) -> tuple[Phone, str]:
    phone = await officer_of(town)
    await phone.says("/thongbao")
    await phone.presses("Mọi trưởng thôn")
    await phone.says("Chiều mai họp lúc 14 giờ")
    return phone, phone.button("Gửi ngay")


async def reminds(town: Town) -> tuple[Phone, str]:
    return await officer_of(town), f"f:n:{town.places['Nà Hin']}:0:*"


async def replaces(town: Town) -> tuple[Phone, str]:
    phone = await officer_of(town)
    await phone.presses_data(f"f:v:{town.places['Nà Hin']}:0:0")
    await phone.presses("Thay")
    return phone, phone.button("Thay người")


async def keeps_a_question(town: Town) -> tuple[Phone, str]:
    phone = await officer_of(town)
    await send_report(town, "nuoc-sach", "Nà Hin", REPORT)
    await phone.says("nước hợp vệ sinh toàn xã")
    return phone, phone.button("Lưu câu hỏi")


MAKING: dict[Callable[[Town], Awaitable[tuple[Phone, str]]], str] = {
    raises: "Raise",
    raises_another: "RaiseAnother",
    cries: "IsEmergency",
    begins_a_report: "BeginReport",
    sends_a_report: "Send",
    corrects_a_report: "CorrectReport",
    announces: "SendAnnouncement",
    reminds: "Remind",
    replaces: "ReplaceHead",
    keeps_a_question: "SaveQuestion",
}


async def counted(town: Town) -> dict[str, int]:
    """How many rows each table has; of messages only the letters, which have a key of their own."""
    counts = {}
    async with town.storage.reading() as session:
        for name, table in SQLModel.metadata.tables.items():
            if name not in APART:
                counts[name] = (await session.exec(select(func.count()).select_from(table))).one()
        letters = select(func.count()).select_from(Outbox).where(col(Outbox.natural_key).is_not(None))
        counts["letters"] = (await session.exec(letters)).one()
    return counts


@pytest.mark.parametrize("ready", MAKING, ids=lambda ready: ready.__name__)
async def test_it_makes_one_however_often_it_is_pressed(
    town: Town, ready: Callable[[Town], Awaitable[tuple[Phone, str]]]
) -> None:
    phone, data = await ready(town)
    assert type(PRESSES.read(data)).__name__ == MAKING[ready]
    before = await counted(town)
    await phone.presses_data(data)
    once = await counted(town)
    assert once != before, "it makes something"
    assert text_of(await phone.presses_data(data))
    assert await counted(town) == once
    await town.storage.write(restoring.mark)
    for _ in range(2):
        assert text_of(await phone.presses_data(data))
        assert await counted(town) == once


async def test_the_second_press_of_an_emergency_leads_to_the_first(town: Town) -> None:
    phone, fire = await raises(town)
    await phone.presses_data(fire)
    assert "đã báo lúc 08:00" in text_of(await phone.presses_data(fire))
    await phone.says("hai nhà đang cháy")
    [row] = await town.rows(Emergency)
    assert [detail["text"] for detail in row.details] == ["hai nhà đang cháy"]
    assert "Đã báo Cháy" in text_of(await phone.presses("Việc khác"))
    first, second = await town.rows(Emergency)
    assert (first.kind, second.kind) == ("chay", "chay")


async def test_what_was_closed_or_is_long_ago_is_not_led_to(town: Town) -> None:
    phone, fire = await raises(town)
    await phone.presses_data(fire)
    await phone.presses("bấm nhầm")
    await phone.says("đã dập xong, thôn yên")
    assert "Đã báo Cháy" in text_of(await phone.presses_data(fire))
    town.later(hours=emergency_raised.TALK.total_seconds() / 3600 + 1)
    assert "Đã báo Cháy" in text_of(await phone.presses_data(fire))
    assert len(await town.rows(Emergency)) == 3


async def test_an_emergency_that_reached_nobody_is_tried_again(town: Town) -> None:
    phone = await head_of(town)
    await phone.says("/khancap")
    fire = phone.button("Cháy")
    await phone.presses_data(fire)
    assert "vẫn chưa có cán bộ nào" in text_of(await phone.presses_data(fire))
    await town.enrolled("xa", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    assert "đã gửi tới cán bộ" in text_of(await phone.presses_data(fire))
    [row] = await town.rows(Emergency)
    assert row.told == 1


async def weekly(town: Town) -> tuple[bool, bool]:
    """Whether the only chat with a choice gets the weekly letter, and whether with a picture."""
    async with town.storage.reading() as session:
        row = (await session.exec(select(WeeklyChoice))).one()
        return not row.stopped, row.picture


@pytest.mark.parametrize(
    ("first", "then", "on"),
    [
        ("Thôi nhận tin tuần", "Nhận lại tin tuần", (False, True)),
        ("Kèm hình", "Không kèm hình", (True, False)),
    ],
)
async def test_a_choice_of_letters_is_what_its_button_says(
    town: Town, first: str, then: str, on: tuple[bool, bool]
) -> None:
    phone, place = await head_of(town), "Thôi nhận" not in first
    await phone.says("tin tuần")
    button = phone.button(first)
    for _ in range(2):
        await phone.presses_data(button)
        assert (await weekly(town))[place] is on[0]
    back = phone.button(then)
    for _ in range(2):
        await phone.presses_data(back)
        assert (await weekly(town))[place] is on[1]
    await phone.presses_data(button)
    await phone.says("tin tuần")
    await phone.presses_data(back)
    assert (await weekly(town))[place] is on[1]


async def test_a_button_that_only_turns_something_round_shows_what_is_chosen(town: Town) -> None:
    """Chats keep those of earlier releases; whether one was meant to stop or to start, nobody knows any more."""
    phone, save = await keeps_a_question(town)
    await phone.presses_data(save)
    [question] = await town.rows(SavedQuestion)
    assert "Gửi tôi hằng tuần" in labels(await phone.presses_data(f"j:w:{question.id}"))
    assert not (await town.rows(SavedQuestion))[0].weekly
    await phone.says("tin tuần")
    await phone.presses("Thôi nhận tin tuần")
    for _ in range(2):
        assert "Nhận lại tin tuần" in labels(await phone.presses_data("w:s:"))
        assert await weekly(town) == (False, False)
    await phone.presses_data("w:p:")
    assert await weekly(town) == (False, False)

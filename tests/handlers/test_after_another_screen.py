"""Whatever is typed under another screen than the question answers nothing until the person has said so: any screen, any
kind of answer."""

from itertools import product

import pytest

from storage.tables import InterviewRow
from tests.handlers.beginnings import Beginnings
from tests.handlers.chatting import Phone, Town, begin_interview, labels, text_of

SCREENS = (
    "menu",
    "/khancap",
    "/tinhhinh",
    "/toi",
    "trợ giúp",
    "cảm ơn",
    "hộ nghèo thôn tôi",
    "nước hợp vệ sinh là gì",
    "báo cáo",
    "/lichsu",
    "/ngonngu",
    "/khongco",
)
LEADING_BACK = ("cảm ơn", "nước hợp vệ sinh là gì")
"""Answered with the question again, where it is what they are about: after that an answer is one."""
COUNTS = (
    "9",
    "9 hộ",
    "chín hộ",
    "khoảng 9",
    "tat ca",
    "như cũ",
    "không có",
    "không hộ nào",
    "hvs thì được 9 hộ",
)
HAVE = ("có", "không", "chưa có", "1", "như cũ", "bỏ qua")
QUERIED = ("9 hộ", "10 hộ", "năm hộ bị", "do suối cạn", "tat ca", "đúng")


@pytest.fixture
def kind() -> str:
    return "sqlite"


async def at_hygienic_water(town: Town) -> Phone:
    """A head who reported a month ago and has answered the first two questions."""
    phone = await town.head("a")
    for back, answers in ((30, ("120", "100", "90", "80", "20", "12", "0")), (0, ("120", "100"))):
        town.later(days=-back)
        await phone.says("báo cáo")
        await phone.presses("Làm: Nước")
        for answer in answers:
            await phone.says(answer)
        if back:
            await phone.presses("Gửi")
        town.later(days=back)
    return phone


BEGINNINGS = Beginnings("after_another_screen", head=at_hygienic_water)


@pytest.fixture
async def other(town: Town) -> Phone:
    return await at_yes_or_no(town)


async def at_yes_or_no(town: Town) -> Phone:
    """A head at a question for yes or no."""
    phone = await town.head("b", "Nà Lốc")
    await begin_interview(town, phone, "duong-dien", "Nà Lốc")
    for answer in ("50", "45", "50"):
        await phone.says(answer)
    return phone


async def state(town: Town, phone: Phone) -> tuple[object, ...]:
    number = (await phone.contact()).interview_id
    [row] = await town.rows(InterviewRow, InterviewRow.id == number)
    return row.state["values"], row.state["visited"], row.extra.get("asked_back")


async def shows(phone: Phone, screen: str) -> bool:
    """Whether these words show another screen: all do that may not only lead back to the question."""
    shown = (await phone.says(screen))[-1].slot != "question"
    assert shown or screen in LEADING_BACK, screen
    return shown


async def test_nothing_is_stored_that_was_typed_under_another_screen(town: Town, head: Phone) -> None:
    before = await state(town, head)
    for screen, answer in product(SCREENS, COUNTS):
        if await shows(head, screen):
            told = text_of(await head.says(answer))
            assert await state(town, head) == before, (screen, answer, told)
            assert told, (screen, answer)


async def test_no_choice_is_made_by_words_under_another_screen(town: Town, other: Phone) -> None:
    before = await state(town, other)
    for screen, answer in product(SCREENS, HAVE):
        if await shows(other, screen):
            told = text_of(await other.says(answer))
            assert await state(town, other) == before, (screen, answer, told)


async def test_nothing_is_confirmed_or_explained_under_another_screen(town: Town, head: Phone) -> None:
    """While a figure is queried, words may be another one, or the reason for it."""
    assert "Bác xem giúp số này" in text_of(await head.says("9"))
    before = await state(town, head)
    for screen, answer in product(SCREENS, QUERIED):
        if await shows(head, screen):
            told = text_of(await head.says(answer))
            assert await state(town, head) == before, (screen, answer, told)


@pytest.mark.parametrize("label", ["dung la ly do", "Yes, the reason"])
async def test_the_label_of_a_button_that_was_shown_before_is_no_reason(
    town: Town, head: Phone, label: str
) -> None:
    await head.says("9")
    await head.says("anh em họ hàng cả")
    before = await state(town, head)
    for screen in ("menu", "/tinhhinh", "/toi", "/ngonngu"):
        assert await shows(head, screen)
        told = text_of(await head.says(label))
        assert "Lý do là: «anh em họ hàng cả» phải không" in told, (screen, told)
        assert await state(town, head) == before
    assert "Đã ghi lý do: anh em họ hàng cả" in text_of(await head.says("đúng là lý do"))


async def test_such_a_label_that_stores_nothing_is_done(head: Phone) -> None:
    await head.says("9")
    await head.says("/ngonngu")
    assert "Lý do khác" in labels(await head.says("co ly do"))
    await head.says("/ngonngu")
    assert "Câu 3" in text_of(await head.says("sửa"))


async def test_a_button_or_the_same_once_more_writes_it(town: Town, head: Phone) -> None:
    await head.says("/tinhhinh")
    asked = await head.says("88 hộ")
    assert "Ghi vào câu 3 dưới đây ạ?" in text_of(asked)
    assert labels(asked)[0] == "Ghi vào câu 3: 88 hộ"
    assert "Ghi nhận: 88 hộ" in text_of(await head.says("88 hộ"))
    await head.says("/toi")
    await head.says("như cũ")
    assert "Ghi nhận: 80 hộ" in text_of(await head.presses("Ghi vào câu 4: 80 hộ"))


@pytest.mark.parametrize("text", ["5 hộ bị", "gio da tat", "bà con chạy hết lên đồi"])
async def test_words_under_the_list_of_emergencies_go_along_with_the_choice(
    town: Town, head: Phone, text: str
) -> None:
    await head.says("/khancap")
    told = await head.says(text)
    assert f"«{text}» máy CHƯA ghi vào phiếu, cũng CHƯA báo cho ai" in text_of(told)
    assert f"Lời bác vừa nhắn đi kèm: «{text}»" in text_of(told)
    assert "Lũ quét, lũ ống" in labels(told)


@pytest.mark.parametrize("text", ["để sau", "lùi", "menu", "báo cáo"])
async def test_what_is_for_the_bot_is_done_under_the_list_of_emergencies(head: Phone, text: str) -> None:
    await head.says("/khancap")
    assert "CHƯA báo" not in text_of(await head.says(text))

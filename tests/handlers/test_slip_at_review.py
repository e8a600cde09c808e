"""A slip in an answer on which others hang is asked about before those that it made wrong."""

import pytest

from tests.handlers.beginnings import Beginnings
from tests.handlers.chatting import Phone, Town, labels, text_of

SEND = "Đúng cả thì chọn «Gửi»"
ANSWERS = ("120", "120", "109", "109", "20", "0", "0")


@pytest.fixture
def kind() -> str:
    return "sqlite"


async def reviewed(town: Town) -> Phone:
    """A head who reported water last month, and now stands at the review of the same figures."""
    phone = await town.head("a")
    for days in (-30, 30):
        town.later(days=days)
        await phone.says("báo cáo")
        await phone.presses("Làm: Nước")
        for answer in ANSWERS:
            await phone.says(answer)
        if days < 0:
            await phone.presses("Gửi")
    return phone


BEGINNINGS = Beginnings("slip", head=reviewed)


@pytest.mark.parametrize("way", ["1: 13", "sửa câu 1 thành 13", "câu 1"])
async def test_the_slip_is_asked_about_first(head: Phone, way: str) -> None:
    asked = text_of(await head.says(way))
    if "13" not in way:
        asked = text_of(await head.says("13"))
    assert "Tháng 10/2026 là 120 hộ, nay 13 hộ" in asked
    assert "Câu 2/7" not in asked
    assert "Câu 1/7" in text_of(await head.presses("Sửa"))
    back = text_of(await head.says("120"))
    assert "Xem lại trước khi gửi" in back, "no other answer was spoilt"
    assert "109 hộ" in back


async def test_what_is_right_goes_on_to_what_it_made_wrong(head: Phone) -> None:
    await head.says("1: 13")
    shown = await head.presses("Đúng")
    assert "Câu 2/7" in text_of(shown)
    assert "Nhận số từ 0 đến 13 hộ" in text_of(shown)
    assert "Để sau" in labels(shown)


@pytest.mark.parametrize("said", [("1: 1200",), ("sửa câu 1 thành 1200",), ("7: 100", "1: 1200", "đúng")])
async def test_more_than_before_is_asked_about_at_the_review(head: Phone, said: tuple[str, ...]) -> None:
    for typed in said:
        asked = text_of(await head.says(typed))
    assert "Tháng 10/2026 là 120 hộ, nay 1.200 hộ" in asked
    assert SEND in text_of(await head.presses("Đúng"))


async def test_each_of_several_is_asked_about_and_the_fourth_is_listed(head: Phone) -> None:
    said = text_of(await head.says("1: 1200; 2: 31; 3: 61; 4: 21; 5: 2"))
    for was in ("là 120 hộ, nay 1.200", "là 120 hộ, nay 31", "là 109 hộ, nay 61"):
        assert (was in said, SEND in said) == (True, False)
        said = text_of(await head.presses("Đúng"))
    assert (SEND in said, "Câu 4: Tháng 10/2026 là 109 hộ, nay 21" in said) == (True, True)


async def test_the_next_is_asked_about_once_the_first_is_mended(head: Phone) -> None:
    await head.says("1: 1200; 5: 60")
    assert "Câu 1/7" in text_of(await head.presses("Sửa"))
    assert "là 20 hộ, nay 60" in text_of(await head.says("120"))
    assert SEND in text_of(await head.presses("Đúng"))

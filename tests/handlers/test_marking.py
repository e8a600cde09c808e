"""Where choices are typed, a number chooses the row that it stands before, and nothing else: else choices have letters."""

import pytest

from bot.channels.sms import Sms
from tests.handlers.beginnings import Beginnings
from tests.handlers.chatting import Phone, Town, arrives, text_of
from tests.handlers.test_checking import enrolled, reported_twice

BEGINNINGS = Beginnings("checking", head=reported_twice, officer=enrolled)


@pytest.fixture
def kind() -> str:
    return "sqlite"


async def shown_report(town: Town, officer: Phone) -> None:
    """Open a report on a channel without buttons: its figures are numbered."""
    town.channel.can = Sms.can
    await officer.says("kiểm tra")
    await officer.presses("Nước sinh hoạt, tháng 11")


async def test_beside_numbered_rows_choices_have_letters(town: Town, head: Phone, officer: Phone) -> None:
    await shown_report(town, officer)
    assert "\n1. " in text_of(officer.shown[-1:])
    assert officer.shown[-1].lettered
    said = await officer.says("1")
    assert "Số 1 chỉ là số của dòng ở trên" in text_of(said)
    assert said[-1].lettered
    assert "Đã duyệt 1 phiếu" in text_of(await officer.says("a."))
    assert not officer.shown[-1].lettered


async def test_a_list_that_stands_alone_has_numbers(town: Town, head: Phone, officer: Phone) -> None:
    await shown_report(town, officer)
    await officer.presses("Trả lại một số")
    assert not officer.shown[-1].lettered
    assert "Vì sao" in text_of(await officer.says("3"))


async def test_a_number_after_a_letter_is_asked_about_with_all_that_the_letter_offers(
    town: Town, head: Phone, officer: Phone
) -> None:
    await shown_report(town, officer)
    for words in ("Trả lại một số", "3", "2"):
        await (officer.presses(words) if words.startswith("Trả") else officer.says(words))
    await arrives(town)
    said = await head.says("1")
    assert [choice.label for row in said[-1].choices for choice in row][:3] == [
        "Sửa số này",
        "Số này đúng",
        "Hỏi lại",
    ]

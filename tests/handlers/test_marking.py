"""Where choices are typed, a number chooses the row that it stands before, and nothing else: else choices have letters."""

import pytest
from markupsafe import Markup

from bot.channels.sms import Sms
from handlers.marking import has_other_rows
from handlers.messages import Choice, Reply, column
from tests.handlers import test_checking
from tests.handlers.chatting import Phone, Town, arrives, text_of

BEGINNINGS = test_checking.BEGINNINGS


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


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Xếp hạng\n1. thôn Nà Hin: 90 %\n2. <b>thôn A &amp; B</b>: 80 %", False),
        ("Xếp hạng\n2. thôn Nà Hin: 90 %", True),
        ("Báo cáo\n1. Thôn có bao nhiêu hộ: 120 hộ", True),
        ("Ba dòng\n3. Kỳ trước", False),
        ("Bốn dòng\n4. Gì nữa", True),
        ("Kỳ báo cáo: tháng 11", False),
    ],
)
def test_rows_that_name_the_choices_beneath_them_share_their_numbers(text: str, *, other: bool) -> None:
    labels = ("thôn Nà Hin", "thôn A & B", "Kỳ trước")
    choices = column(*(Choice(label, str(at)) for at, label in enumerate(labels)))
    assert has_other_rows(Reply(Markup(text), choices)) is other


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

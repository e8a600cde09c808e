"""What was said and waits for a yes: whatever comes next, it is shown again, or the bot says that it was not noted."""

import pytest

from storage.tables import InterviewRow, Submission
from tests.handlers.beginnings import Beginnings
from tests.handlers.chatting import Phone, Town, text_of


@pytest.fixture
def kind() -> str:
    return "sqlite"


async def reported_and_begun(town: Town) -> Phone:
    """The head of a village that reported its water a month ago, at the third question of it."""
    phone = await town.head("a")
    town.later(days=-30)
    await phone.says("báo cáo")
    await phone.presses("Làm: Nước")
    for answer in ("120", "100", "90", "80", "20", "12", "0"):
        await phone.says(answer)
    await phone.presses("Gửi")
    town.later(days=30)
    await phone.says("báo cáo")
    await phone.presses("Làm: Nước")
    await phone.says("120")
    await phone.says("100")
    return phone


BEGINNINGS = Beginnings("waiting", head=reported_and_begun)
WAITING = {
    "a correction": (("sửa câu 2: 99",), ("câu 2: 99 hộ", "dân tộc thiểu số: 99 hộ")),
    "a list": (("câu 1: 119; thiếu nước 3",), ("câu 1: 119 hộ", "thôn có tất cả bao nhiêu hộ: 119 hộ")),
    "a figure of one of two": (
        ("90", "80", "20", "12", "0", "có 44 hộ có nước thôi, ko phải 80"),
        ("câu 3, 4: 44 hộ", "44 hộ là của câu nào"),
    ),
    "a figure beside another": (("lùi", "chắc là 98 hay sao"), ("câu 2: 98 hộ", "ý bác là 98 hộ")),
    "a reason": (("25", "mấy nhà kia đi làm xa cả rồi"), ("mấy nhà kia đi làm xa cả rồi",)),
}
"""What is typed, and how it is told afterwards: one of these, whatever else is said."""
WAYS = (
    ("để sau", "Tiếp tục phiếu"),
    ("lùi",),
    ("bỏ qua",),
    ("báo cáo", "Làm tiếp"),
    ("như cũ", "Tiếp tục"),
    ("như kỳ trước",),
    ("menu", "Tiếp tục"),
    ("tình hình", "Tiếp tục"),
    ("cảm ơn bác",),
    ("gửi",),
    ("tiếp tục",),
    ("câu 3",),
    ("không đúng",),
    ("là sao", "Tiếp tục"),
    ("abc xyz",),
)
"""What comes next: words, and then the button that leads back."""


async def values(town: Town) -> dict[str, str]:
    [*_, row] = await town.rows(InterviewRow)
    return {path.rpartition("nuoc_")[2]: value for path, value in row.state["values"].items() if value}


@pytest.mark.parametrize("ways", WAYS, ids=lambda ways: ways[0])
@pytest.mark.parametrize("name", ["a correction", "a list"])
async def test_what_waits_is_shown_again_or_said_to_be_lost(
    town: Town, head: Phone, name: str, ways: tuple[str, ...]
) -> None:
    await check(town, head, name, ways)


@pytest.mark.parametrize("name", [*WAITING][2:])
@pytest.mark.parametrize("ways", [WAYS[0], WAYS[1], WAYS[3], WAYS[6]], ids=lambda ways: ways[0])
async def test_so_is_a_figure_or_a_reason_of_which_it_is_not_clear_what_it_is_for(
    town: Town, head: Phone, name: str, ways: tuple[str, ...]
) -> None:
    await check(town, head, name, ways)


async def check(town: Town, head: Phone, name: str, ways: tuple[str, ...]) -> None:
    typed, told = WAITING[name]
    for text in typed:
        shown = text_of(await head.says(text))
    assert any(one in shown.lower() for one in told), shown
    stood = await values(town)
    replies = await head.says(ways[0])
    for label in ways[1:]:
        replies = await head.presses(label)
    assert any(one in text_of(replies).lower() for one in told), text_of(replies)
    assert await values(town) == stood


async def test_what_is_sent_of_a_danger_beside_a_review_is_not_the_report(town: Town, head: Phone) -> None:
    for text in ("90", "80", "20", "12", "0", "nha ong Pao bi sat lo"):
        await head.says(text)
    said = text_of(await head.says("gui"))
    assert "Đã ghi Sạt lở đất" in said
    assert "Phiếu Nước sinh hoạt chưa gửi" in said
    assert len(await town.rows(Submission)) == 1, "last month's alone"


async def test_what_cannot_be_beside_other_answers_is_said_to_be_wrong_and_not_unclear(head: Phone) -> None:
    said = text_of(await head.says("hvs 161; thiếu nước 3; abc 7"))
    assert "Chưa ghi «hvs 161»: Số hộ dùng nước hợp vệ sinh không thể nhiều hơn tổng số 120 hộ" in said
    assert "Chưa rõ, nên chưa ghi: «abc 7»" in said

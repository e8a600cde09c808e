"""What people say for a button within a questionnaire, and what of it is an answer instead."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.tables import InterviewRow
from tests.handlers.beginnings import Beginnings, Begun
from tests.handlers.chatting import START, Phone, Town, load_form, text_of, town_on

FORM = """
| survey |
| | type | name | label | required |
| | integer | ho | Bao nhiêu hộ? | yes |
| | select_one muc | muc | So với kỳ trước? | |
| | text | y_kien | Ý kiến khác? | |
| choices |
| | list_name | name | label |
| | muc | hon | Tốt hơn |
| | muc | cu | Như cũ |
| | muc | kem | Kém đi |
| settings |
| | form_title | form_id | default_language |
| | Nước | nuoc-sach | default |
"""


@pytest.fixture
def kind() -> str:
    return "sqlite"


async def reported_and_begun(town: Town) -> Phone:
    """A village head at the first question, whose village reported last month."""
    phone = await town.head("a")
    town.now = START - timedelta(days=31)
    for answer in ("báo cáo", "Làm: Nước", "120", "Tốt hơn", "Đã khá hơn", "Gửi"):
        await phone.says(answer)
    town.now = START
    await phone.says("báo cáo")
    await phone.presses("Làm: Nước")
    return phone


BEGINNINGS = Beginnings("spoken_ways", lambda town: load_form(town, FORM), head=reported_and_begun)


@pytest.fixture
async def town(database: AsyncEngine, ground: Begun, tmp_path: Path) -> AsyncIterator[Town]:
    """The town with this questionnaire alone."""
    async with town_on(database, tmp_path) as made:
        await ground.resume(made)
        yield made


async def values(town: Town) -> dict[str, str]:
    row = (await town.rows(InterviewRow))[-1]
    return {path: value for path, value in row.state["values"].items() if "/meta/" not in path}


@pytest.mark.parametrize(
    "text", ["như cũ", "nhu cu", "Vẫn như cũ ạ", "dạ như lần trước", "vẫn thế", "same", "like last time"]
)
async def test_as_last_time_can_be_said_in_many_words(town: Town, head: Phone, text: str) -> None:
    assert "Ghi nhận: 120" in text_of(await head.says(text))
    assert await values(town) == {"/data/ho": "120"}


async def test_where_it_names_a_choice_or_is_a_text_it_is_the_answer(town: Town, head: Phone) -> None:
    await head.says("130")
    await head.says("như cũ")
    assert (await values(town))["/data/muc"] == "cu"
    await head.says("như cũ")
    assert (await values(town))["/data/y_kien"] == "như cũ"


@pytest.mark.parametrize("text", ["báo cáo", "Bao cao", "menu", "trợ giúp"])
async def test_a_command_is_no_answer_even_where_any_words_are(town: Town, head: Phone, text: str) -> None:
    await head.says("130")
    await head.says("như cũ")
    await head.says(text)
    assert "/data/y_kien" not in await values(town)


@pytest.mark.parametrize("text", ["đang làm", "đang làm dở", "dang thi cong", "làm còn dở dang"])
async def test_work_that_goes_on_is_no_wish_to_stop(town: Town, head: Phone, text: str) -> None:
    assert "Bao nhiêu hộ?" in text_of(await head.says(text))
    await head.says("130")
    assert "So với kỳ trước?" in text_of(await head.says(text))


async def test_where_an_answer_stands_already_it_is_in_doubt(town: Town, head: Phone) -> None:
    await head.says("130")
    await head.says("quay lại ạ")
    said = text_of(await head.says("như cũ"))
    assert "chọn một trong các cách" in said
    assert await values(town) == {"/data/ho": "130"}


async def test_back_later_and_going_on_can_be_said(town: Town, head: Phone) -> None:
    await head.says("130")
    assert "Quay lại câu trước" in text_of(await head.says("câu trước"))
    assert "không bỏ qua được" in text_of(await head.says("cho qua"))
    assert "Đã cất phiếu" in text_of(await head.says("để sau nhé"))
    await head.says("15")
    assert "Mời bác làm tiếp" in text_of(await head.says("tiếp tục"))
    for text in ("tiếp tục", "làm tiếp"):
        await head.says("báo cáo")
        assert "Bao nhiêu hộ?" in text_of(await head.says(text))
    assert await values(town) == {"/data/ho": "130"}


@pytest.mark.parametrize("text", ["bỏ 5 hộ", "nghỉ 3", "lui 2 hộ", "cũ", "như kia"])
async def test_what_is_nearly_said_stores_nothing(town: Town, head: Phone, text: str) -> None:
    assert "Chưa ghi nhận" in text_of(await head.says(text))
    assert await values(town) == {}


async def test_the_review_goes_to_the_question_whose_number_is_said(town: Town, head: Phone) -> None:
    for answer in ("130", "Kém đi", "Bỏ qua"):
        await head.says(answer)
    for text, question in (
        ("câu 2", "So với kỳ trước?"),
        ("sua cau 1", "Bao nhiêu hộ?"),
        ("3", "Ý kiến khác?"),
    ):
        assert question in text_of(await head.says(text))
        await head.says("Bỏ qua" if question == "Ý kiến khác?" else "Giữ nguyên")
    before = await values(town)
    for text in ("câu 4", "câu 0", "2 3 4", "câu hai mươi"):
        assert "chọn một trong các cách" in text_of(await head.says(text))
    assert await values(town) == before


async def at_review(head: Phone) -> None:
    for answer in ("130", "Kém đi", "Bỏ qua"):
        await head.says(answer)


@pytest.mark.parametrize("text", ["gửi đi ạ", "gui luon", "gửi báo cáo"])
async def test_the_review_is_sent_in_many_words(town: Town, head: Phone, text: str) -> None:
    await at_review(head)
    assert "Đã nhận báo cáo" in text_of(await head.says(text))


@pytest.mark.parametrize("text", ["ok", "đúng rồi", "vâng ạ"])
async def test_a_yes_to_the_review_says_that_it_is_not_sent(town: Town, head: Phone, text: str) -> None:
    """A thank-you would sound as if it were."""
    await at_review(head)
    assert "Báo cáo chưa gửi" in text_of(await head.says(text))
    assert "Đã cất phiếu" in text_of(await head.says("để mai"))


async def test_no_to_giving_it_up_goes_on(town: Town, head: Phone) -> None:
    await head.says("huỷ")
    assert "chọn một trong các cách" in text_of(await head.says("có"))
    assert "Bao nhiêu hộ?" in text_of(await head.says("không ạ"))
    assert "Ghi nhận: 130" in text_of(await head.says("130"))

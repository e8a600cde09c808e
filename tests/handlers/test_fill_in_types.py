"""Every type of question in the chat: choices, several choices, a date, a place on the map, rows, a note."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handlers.messages import WITHOUT_BUTTONS, Capabilities, Location, MessageKind
from questionnaires.xlsform import compile_form
from storage import forms
from storage.session import Session
from storage.tables import InterviewRow
from tests.handlers.chatting import Phone, Town, labels, load_form, text_of, town_on

FORM = """
| survey |
| | type | name | label | hint | required | relevant |
| | note | loi_chao | Cảm ơn bác đã giúp. | | | |
| | select_one nguon | nguon | Nguồn nước chính là gì? | | yes | |
| | select_multiple hong | hong | Những gì đang hỏng? | | | |
| | date | ngay | Hỏng từ ngày nào? | | | |
| | geopoint | noi | Chỗ hỏng ở đâu? | | | |
| | begin repeat | be | Bể nước | | | |
| | integer | khoi | Bể này mấy khối? | | yes | |
| | end repeat | | | | | |
| | acknowledge | dung | Bác xác nhận là đúng? | | | |
| choices |
| | list_name | name | label |
| | nguon | gieng | Giếng khoan của từng hộ |
| | nguon | suoi | Nước suối dẫn về |
| | hong | ong | Ống |
| | hong | be | Bể |
| | hong | bom | Bơm |
| settings |
| | form_title | form_id | default_language |
| | Nước | nuoc-sach | default |
"""


@pytest.fixture
def kind() -> str:
    return "sqlite"


@pytest.fixture(params=["buttons", "plain"])
async def town(request: pytest.FixtureRequest, database: AsyncEngine, tmp_path: Path) -> AsyncIterator[Town]:
    can = WITHOUT_BUTTONS if request.param == "plain" else Capabilities()
    async with town_on(database, tmp_path, can) as made:
        await load_form(made, FORM)
        yield made


@pytest.fixture
async def head(town: Town) -> Phone:
    phone = await town.head("a")
    await phone.says("báo cáo")
    await choose(phone, "Làm: Nước")
    return phone


async def choose(phone: Phone, label: str) -> str:
    """Press the button, or type its words where there are none; all that was said."""
    if phone.town.channel.can.buttons:
        return text_of(await phone.presses(label))
    [exact] = [each for each in dict.fromkeys(labels(phone.shown[-2:])) if label in each][:1]
    return text_of(await phone.says(exact))


async def value(town: Town, name: str) -> str:
    [row] = await town.rows(InterviewRow)
    return str(next((text for path, text in row.state["values"].items() if path.endswith(f"/{name}")), ""))


async def test_one_choice_by_button_number_or_part(town: Town, head: Phone) -> None:
    assert "Cảm ơn bác" in text_of(head.shown[-1:])
    said = await choose(head, "Nước suối")
    assert "Ghi nhận: Nước suối dẫn về" in said
    assert await value(town, "nguon") == "suoi"
    await choose(head, "Lùi")
    await head.says("1")
    assert await value(town, "nguon") == "gieng"
    await choose(head, "Lùi")
    await head.says("suoi")
    assert await value(town, "nguon") == "suoi"


async def test_several_choices_are_marked_then_taken(town: Town, head: Phone) -> None:
    await choose(head, "Nước suối")
    assert "Chọn được nhiều" in text_of(head.shown[-1:])
    await choose(head, "Ống")
    assert "☑ Ống" in labels(head.shown[-1:])
    await choose(head, "Bơm")
    await choose(head, "Ống")
    assert "☐ Ống" in labels(head.shown[-1:])
    await choose(head, "Bể")
    said = await choose(head, "Chọn xong")
    assert "Ghi nhận: Bể, Bơm" in said
    assert await value(town, "hong") == "be bom"


async def test_several_choices_can_be_typed(town: Town, head: Phone) -> None:
    await choose(head, "Nước suối")
    await head.says("1, 3")
    assert await value(town, "hong") == "ong bom"


async def test_the_rest_to_the_review(town: Town, head: Phone) -> None:
    await choose(head, "Nước suối")
    await choose(head, "Bỏ qua")
    await head.says("20/11/2026")
    assert await value(town, "ngay") == "2026-11-20"
    assert head.shown[-1].ask_for == ("location" if town.channel.can.buttons else "")
    await head.sends(MessageKind.LOCATION, location=Location(22.147, 105.834))
    assert (await value(town, "noi")).startswith("22.147")
    await head.says("5")
    assert "Thêm nữa không" in text_of(head.shown[-1:])
    await head.says("5")
    assert "Thêm nữa không" in text_of(head.shown[-1:])
    await choose(head, "Thêm")
    await head.says("7")
    await choose(head, "Hết rồi")
    said = await choose(head, "Đã rõ")
    assert "Xem lại trước khi gửi" in said
    shown = said + "\n".join(labels(head.shown[-1:]))
    assert "5" in shown
    assert "7" in shown
    assert "Đã nhận báo cáo" in await choose(head, "Gửi")


async def test_a_row_can_be_corrected_from_the_review(town: Town, head: Phone) -> None:
    await choose(head, "Nước suối")
    for _ in range(3):
        await choose(head, "Bỏ qua")
    await head.says("5")
    await choose(head, "Thêm")
    await head.says("7")
    await choose(head, "Hết rồi")
    await choose(head, "Đã rõ")
    assert "không trả lời" in (text_of(head.shown[-1:]) + str(head.shown[-1].choices)), (
        "what was skipped can be answered"
    )
    await (head.presses("Sửa câu 5") if town.channel.can.buttons else head.says("5"))
    assert "đã trả lời: 5" in text_of(head.shown[-1:])
    await choose(head, "Giữ nguyên")
    await (head.presses("Sửa câu 6") if town.channel.can.buttons else head.says("6"))
    assert "đã trả lời: 7" in text_of(head.shown[-1:])
    said = text_of(await head.says("8"))
    assert "Xem lại" in said
    assert "8" in said + "".join(labels(head.shown[-1:]))


async def test_a_repeat_says_when_it_takes_no_more_rows(town: Town, head: Phone) -> None:
    await choose(head, "Nước suối")
    for _ in range(3):
        await choose(head, "Bỏ qua")
    for row in range(100):
        await head.says("5")
        if row < 99:
            await choose(head, "Thêm")
    assert "đã có 100, là nhiều nhất" in text_of(head.shown[-1:])
    assert "Thêm" not in labels(head.shown[-1:])
    assert "nhiều nhất 100 mục" in text_of(await head.says("có"))
    assert "Bác xác nhận" in await choose(head, "Hết rồi")


COUNTED = """
| survey |
| | type | name | label | repeat_count |
| | integer | so | Có bao nhiêu bể nước? | |
| | begin repeat | be | Bể nước | ${so} |
| | integer | khoi | Bể này mấy khối? | |
| | end repeat | | | |
| settings |
| | form_title | form_id | default_language |
| | Nước | nuoc-sach | default |
"""


async def test_a_count_beyond_what_is_asked_is_said_once(town: Town) -> None:
    async def work(session: Session) -> None:
        await forms.save_form(session, compile_form(COUNTED.encode(), "be.md"))

    await town.storage.write(work)
    phone = await town.head("p")
    await phone.says("báo cáo")
    await choose(phone, "Làm: Nước")
    assert "chỉ hỏi được 100 mục đầu" in text_of(await phone.says("120"))
    assert "100 mục" not in text_of(await phone.says("5"))

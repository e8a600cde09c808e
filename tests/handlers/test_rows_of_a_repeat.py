"""Rows of a repeat in the chat: seen, put right, taken away, added, at any question and at the review."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handlers.messages import WITHOUT_BUTTONS, Capabilities, letter_of
from storage.tables import InterviewRow, RoleName, Submission
from tests.handlers.chatting import Phone, Town, labels, load_form, text_of, town_on

FORM = """
| survey |
| | type | name | label | required | repeat_count | constraint | calculation |
| | begin repeat | ho | Hộ | | | | |
| | text | chu | Chủ hộ là ai? | yes | | | |
| | integer | so | Hộ có mấy người? | yes | | . >= 1 and . <= 9 | |
| | begin repeat | nguoi | Người | | ${so} | | |
| | text | ten | Tên người thứ ${vt}? | yes | | | |
| | calculate | vt | | | | | position(..) |
| | integer | tuoi | ${ten} mấy tuổi? | yes | | . <= 120 | |
| | end repeat | | | | | | |
| | end repeat | | | | | | |
| | calculate | tong | | | | | sum(${tuoi}) |
| | integer | kiem | Tổng tuổi có phải ${tong} không, nếu không thì bao nhiêu? | yes | | . >= ${tong} | |
| settings |
| | form_title | form_id |
| | Nước | nuoc-sach |
"""

HERD = """
| survey |
| | type | name | label | required |
| | begin repeat | ho | Hộ | |
| | text | chu | Chủ hộ là ai? | yes |
| | begin repeat | con | Gia súc | |
| | integer | so | Số con | yes |
| | end repeat | | | |
| | end repeat | | | |
| settings |
| | form_title | form_id |
| | Nước | nuoc-sach |
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
    """A head who has told of Páo's house and stands at the second question of Mẩy's."""
    phone = await town.head("a")
    await phone.says("báo cáo")
    await choose(phone, "Làm: Nước")
    for said in ("Páo", "2", "An", "40", "Bé", "5"):
        await phone.says(said)
    await choose(phone, "Thêm")
    await phone.says("Mẩy")
    return phone


async def choose(phone: Phone, label: str) -> str:
    """Press the button, or type its number or words where there are none; all that was said and offered."""
    if phone.town.channel.can.buttons:
        replies = await phone.presses(label)
    else:
        phone.town.later(minutes=1)  # the same number at once would be one that was sent twice
        numbered = [button.label for row in phone.shown[-1].choices for button in row]
        place = next((place for place, one in enumerate(numbered, 1) if label in one), None)
        [exact] = [one for one in dict.fromkeys(labels(phone.shown[-1:])) if label in one][:1]
        mark = letter_of(place) if place and phone.shown[-1].lettered else str(place)
        replies = await phone.says(mark if place else exact)
    return seen(replies or phone.shown[-1:])


def seen(replies: object) -> str:
    return text_of(replies) + "\n" + "\n".join(labels(replies))  # type: ignore[arg-type]


async def state(town: Town) -> tuple[dict[str, str], str | None]:
    [row] = await town.rows(InterviewRow)
    values = {path.removeprefix("/data/"): str(text) for path, text in row.state["values"].items()}
    return values, row.state["position"]


async def test_rows_are_seen_and_put_right_at_any_question(town: Town, head: Phone) -> None:
    told = await choose(head, "Hộ: xem 2 mục")
    assert "Hộ: đã ghi 2" in told
    assert "Páo, 2" in told
    assert "Mẩy" in told
    told = await choose(head, "Hộ 1" if town.channel.can.buttons else "Páo")
    assert "Người: xem 2 mục" in told
    told = await choose(head, "Người: xem 2 mục")
    assert "Bé, 5" in told
    await choose(head, "Người 2" if town.channel.can.buttons else "Bé")
    await head.says("2")
    assert "Bé mấy tuổi?" in text_of(head.shown[-1:])
    said = text_of(await head.says("6"))
    # Back where the person was.
    assert "Hộ có mấy người?" in said
    values, position = await state(town)
    assert (values["ho[1]/nguoi[2]/tuoi"], values["tong"], position) == ("6", "46", "/data/ho[2]/so")


async def test_a_row_is_taken_away_once_that_is_said_again(town: Town, head: Phone) -> None:
    asked = seen(await head.says("bỏ hộ 1"))
    assert "Bỏ Hộ 1 (Páo, 2) khỏi phiếu?" in asked
    kept = await choose(head, "Giữ lại")
    assert "Páo" in kept
    await choose(head, "Bỏ mục này")
    done = seen(await head.says("có"))
    assert "Đã bỏ Hộ 1." in done
    values, position = await state(town)
    assert (values["ho[1]/chu"], position) == ("Mẩy", "/data/ho[1]/so")
    assert "ho[2]/chu" not in values
    assert "Hộ có mấy người?" in await choose(head, "Về phiếu")


async def test_an_older_button_takes_no_other_row_away(town: Town, head: Phone) -> None:
    await head.says("bỏ hộ 1")
    [drop] = [one.data for one in buttons(head) if "Bỏ hẳn" in one.label]
    await choose(head, "Bỏ hẳn")
    assert "Bỏ Hộ 1 (Mẩy) khỏi phiếu?" in seen(await head.presses_data(drop))
    values, _ = await state(town)
    assert values["ho[1]/chu"] == "Mẩy"


def buttons(phone: Phone) -> list[object]:
    return [one for rows in (phone.shown[-1].choices, phone.shown[-1].actions) for row in rows for one in row]


async def test_rows_at_the_review_and_what_turns_wrong_by_them(town: Town, head: Phone) -> None:
    for said in ("1", "Lan", "20"):
        await head.says(said)
    await choose(head, "Hết rồi")
    review = seen(await head.says("65"))
    assert "Hộ 1 › Người 2" in review
    told = await choose(head, "Hộ: xem 2 mục")
    assert "Thêm Hộ" in told
    assert "Chủ hộ là ai?" in await choose(head, "Thêm Hộ")
    for said in ("Sáng", "1", "Cu"):
        await head.says(said)
    # The sum of ages is larger now: the check is asked again, before anything can be sent.
    assert "Tổng tuổi có phải 95" in seen(await head.says("30"))
    assert "Hộ: đã có 3" in seen(await head.says("95"))
    await choose(head, "Hết rồi")
    await head.says("thêm hộ")
    await head.says("bỏ hộ 4")
    await choose(head, "Bỏ hẳn")
    await choose(head, "Về phiếu")
    assert "Đã nhận báo cáo" in await choose(head, "Gửi")
    [report] = await town.rows(Submission)
    assert [value for path, value in report.answers.items() if path.endswith("/chu")] == [
        "Páo",
        "Mẩy",
        "Sáng",
    ]


async def test_a_counted_row_goes_with_the_answer_that_counts_it(town: Town, head: Phone) -> None:
    await head.says("1")
    await head.says("sửa hộ 1")
    await choose(head, "Người: xem 2 mục")
    await choose(head, "Người 1" if town.channel.can.buttons else "An")
    await choose(head, "Bỏ mục này")
    assert "Đã bỏ Người 1." in await choose(head, "Bỏ hẳn")
    values, position = await state(town)
    assert (values["ho[1]/so"], values["ho[1]/nguoi[1]/ten"]) == ("1", "Bé")
    assert position == "/data/ho[2]/nguoi[1]/ten"
    await choose(head, "Người 1" if town.channel.can.buttons else "Bé")
    await choose(head, "Bỏ mục này")
    # A house has one person at least.
    assert "Đã bỏ" not in await choose(head, "Bỏ hẳn")
    assert (await state(town))[0]["ho[1]/so"] == "1"


async def test_whoever_approved_a_report_reads_which_row_was_corrected(town: Town, head: Phone) -> None:
    officer = await town.enrolled("v", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    for said in ("1", "Lan", "20"):
        await head.says(said)
    await choose(head, "Hết rồi")
    await head.says("65")
    await choose(head, "Gửi")
    await officer.says("/kiemtra")
    await choose(officer, "Nà Hin, Nước")
    await choose(officer, "Duyệt phiếu này")
    await choose(head, "Xem, sửa báo cáo này")
    await choose(head, "Sửa báo cáo này")
    await head.says("câu 10 là 19")
    if "Đúng" in labels(head.shown[-1:]):
        await choose(head, "Đúng")
    _, told = await head.act(officer, text="gửi")
    assert "mấy tuổi: 20 → 19" in told
    assert "Không số nào đổi" not in told


@pytest.mark.parametrize(
    "said", ["2", "Vi Văn A", "trau 2 con", "120 trieu", "nha, gia suc", "5 6 0", "2 con"]
)
async def test_any_words_are_answered_where_an_inner_repeat_asks_for_more(
    database: AsyncEngine, tmp_path: Path, said: str
) -> None:
    async with town_on(database, tmp_path, Capabilities()) as town:
        await load_form(town, HERD)
        phone = await town.head("a")
        await phone.says("báo cáo")
        await choose(phone, "Làm: Nước")
        await phone.says("Páo")
        told = seen(await phone.says(said))
    assert "Gia súc: đã có 0" in told
    assert "Thêm" in told

"""An answer that is unlike what was reported before is asked back, with what it is held against."""

from datetime import date
from typing import Final

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from handlers.messages import WITHOUT_BUTTONS
from handlers.navigation import BeginReport
from plans.period import PeriodKind, period_of
from storage import forms
from storage.tables import ChallengeRow, InterviewRow, Level, Place, RoleName, Submission
from tests.handlers.beginnings import Beginnings
from tests.handlers.chatting import Phone, Silent, Town, add, labels, text_of

BEFORE = ("120", "120", "109", "109", "20", "0", "0")


@pytest.fixture
def kind() -> str:
    return "sqlite"


async def reported(town: Town) -> Phone:
    """The head of a village that reported its water a month ago."""
    phone = await town.head("a")
    town.later(days=-30)
    await report(phone, BEFORE)
    town.later(days=30)
    return phone


BEGINNINGS = Beginnings("asked_back", head=reported)


async def report(phone: Phone, answers: tuple[str, ...]) -> None:
    await phone.says("báo cáo")
    await phone.presses("Làm: Nước")
    for answer in answers:
        await phone.says(answer)
    await phone.presses("Gửi")


async def up_to_water(head: Phone) -> str:
    """The answers up to how many households have water, of which one is far from what it was."""
    await head.says("báo cáo")
    await head.presses("Làm: Nước")
    await head.says("120")
    await head.says("120")
    return text_of(await head.says("25"))


@pytest.mark.parametrize(
    ("typed", "shown"), [("so dung la 105 ho", "105 hộ (thay cho 25 hộ)"), ("170 hộ", "Chưa ghi nhận")]
)
async def test_another_number_is_no_reason(town: Town, head: Phone, typed: str, shown: str) -> None:
    await up_to_water(head)
    await head.presses("Có lý do")
    assert shown in text_of(await head.says(typed))


@pytest.mark.parametrize(
    "typed",
    [
        "hôm trước đếm nhầm 2 nhà",
        "thang truoc bao nham 109",
        "báo nhầm 109",
        "109 là sai, 25 mới đúng",
        "tháng trước báo thiếu 3 hộ",
    ],
)
async def test_a_slip_of_earlier_is_the_reason_and_its_number_is_no_figure(
    town: Town, head: Phone, typed: str
) -> None:
    await up_to_water(head)
    asked = text_of(await head.says(typed))
    assert f"Lý do là: «{typed}» phải không bác?" in asked, "nobody has asked for a reason"
    await head.presses("Sửa số")
    await head.says("25")
    await head.presses("Có lý do")
    assert f"Đã ghi lý do: {typed}" in text_of(await head.says(typed))
    assert (await stored(town))["/data/nuoc_ho_hvs"] == "25"


@pytest.mark.parametrize("typed", ["đếm nhầm 40 nhà", "lần trước ghi nhầm, 40 hộ mới đúng"])
async def test_a_slip_whose_number_may_be_the_right_one_is_asked_about(
    town: Town, head: Phone, typed: str
) -> None:
    await up_to_water(head)
    await head.presses("Có lý do")
    assert labels(await head.says(typed)) == ["Đúng là lý do", "Sửa thành 40 hộ"]
    mend = head.button("Sửa thành 40 hộ")
    assert f"Đã ghi lý do: {typed}" in text_of(await head.presses("Đúng là lý do"))
    assert "40 hộ (thay cho 25 hộ)" in text_of(await head.presses_data(mend))


@pytest.mark.parametrize("typed", ["không phải 25, 109 mới đúng", "ghi nhầm, 109 hộ"])
async def test_a_number_called_right_beside_a_slip_is_another_figure(head: Phone, typed: str) -> None:
    await up_to_water(head)
    await head.presses("Có lý do")
    assert "109 hộ (thay cho 25 hộ)" in text_of(await head.says(typed))


async def test_two_numbers_that_changed_places_are_asked_about_once_before_the_review(town: Town) -> None:
    head = await town.head("b", "Nà Lốc")
    town.later(days=-30)
    await report(head, ("120", "100", "90", "80", "20", "12", "0"))
    town.later(days=30)
    await head.says("báo cáo")
    await head.presses("Làm: Nước")
    for answer in ("120", "100", "90", "80", "12", "20"):
        await head.says(answer)
    said = text_of(await head.says("0"))
    assert "20 hộ và 12 hộ; nay ngược lại là 12 hộ và 20 hộ" in said
    assert "«Bao nhiêu hộ dùng nước hợp vệ sinh từ công trình tập trung», «" in said
    assert "Xem lại trước khi gửi" in text_of(await head.presses("Đếm được đúng như vậy"))


async def test_an_answer_unlike_the_last_is_asked_back(town: Town, head: Phone) -> None:
    said = await up_to_water(head)
    assert "Tháng 10/2026 là 109 hộ, nay 25 hộ." in said
    assert "Câu 4" not in said
    assert labels(head.shown[-1:]) == ["Đúng", "Sửa", "Có lý do"]


async def test_right_goes_on(town: Town, head: Phone) -> None:
    await up_to_water(head)
    assert "Câu 4/7" in text_of(await head.presses("Đúng"))


async def test_a_number_beside_words_that_call_the_first_a_slip_is_offered(town: Town, head: Phone) -> None:
    await up_to_water(head)
    said = text_of(await head.says("nhầm của Nà Lốc, thôn tôi 107"))
    assert "3. Bao nhiêu hộ đang dùng nước hợp vệ sinh: 107 hộ" in said
    assert await figure_asked(town) == "25", "before a yes"
    await head.says("đúng")
    assert await figure_asked(town) == "107"


async def test_an_older_yes_says_nothing_of_the_next_question(town: Town, head: Phone) -> None:
    await up_to_water(head)
    right = head.button("Đúng")
    await head.presses("Đúng")
    said = text_of(await head.presses_data(right))
    assert "→ Đúng" not in said
    assert "không còn gì phải hỏi lại" in said
    assert "Câu 4/7" in said


@pytest.mark.parametrize("typed", ["ừ đúng rồi", "vâng", "dung"])
async def test_a_yes_goes_on(town: Town, head: Phone, typed: str) -> None:
    await up_to_water(head)
    assert "Câu 4/7" in text_of(await head.says(typed))


@pytest.mark.parametrize("typed", ["sửa", "không", "sai rồi"])
async def test_a_no_asks_again(town: Town, head: Phone, typed: str) -> None:
    await up_to_water(head)
    assert "Câu 3/7" in text_of(await head.says(typed))


@pytest.mark.parametrize("last", ["25", "25 hộ thôi"])
async def test_an_answer_sent_twice_confirms_nothing(town: Town, head: Phone, last: str) -> None:
    await up_to_water(head)
    for _ in range(2):
        town.later(seconds=2)
        said = text_of(await head.says("25"))
        assert "«25» gửi lúc bác chưa thấy" in said
        assert "Tháng 10/2026 là 109 hộ, nay 25 hộ." in said
        assert labels(head.shown[-1:]) == ["Đúng", "Sửa", "Có lý do"]
    if last == "25":
        town.later(minutes=1)
    assert "Câu 4/7" in text_of(await head.says(last)), "by then, or for other words, it was read"


async def test_a_number_is_the_right_answer(town: Town, head: Phone) -> None:
    await up_to_water(head)
    why = head.button("Có lý do")
    said = text_of(await head.says("105 hộ"))
    assert "105 hộ" in said
    assert "Câu 4/7" in said
    said = text_of(await head.presses_data(why))
    assert "không còn gì phải hỏi lại" in said, "of the number that was put right"
    assert "Câu 4/7" in said


@pytest.fixture(params=["buttons", "plain"])
def shown_how(request: pytest.FixtureRequest, town: Town) -> None:
    """The channel shows buttons, or only text."""
    if request.param == "plain":
        town.channel = Silent("test", WITHOUT_BUTTONS)


async def figure_asked(town: Town) -> str:
    return str((await town.rows(InterviewRow))[-1].state["values"]["/data/nuoc_ho_hvs"])


@pytest.mark.usefixtures("shown_how")
@pytest.mark.parametrize(
    ("screen", "said_before"),
    [
        *[
            (screen, "")
            for screen in ("menu", "báo cáo", "trợ giúp", "tình hình thôn", "/toi", "/roi", "/themmay")
        ],
        ("menu", "Có lý do"),
        ("menu", "text"),
    ],
)
async def test_a_number_after_another_screen_replaces_no_figure_that_is_asked_about(
    town: Town, head: Phone, screen: str, said_before: str
) -> None:
    await up_to_water(head)
    if said_before:
        await head.says(said_before)
    await head.says(screen)
    said = await head.says("2")
    assert "Chưa ghi «2»: bác vừa xem màn hình khác" in text_of(said)
    assert {"Đúng", "Sửa"} < set(labels(said)), "it waits as before"
    assert await figure_asked(town) == "25"


async def stored(town: Town) -> dict[str, str]:
    """The answers of the interview under way."""
    values: dict[str, str] = (await town.rows(InterviewRow))[-1].state["values"]
    return {name: value for name, value in values.items() if "/meta/" not in name}


@pytest.mark.parametrize(
    ("screen", "typed", "chosen"),
    [
        ("nhờ người báo thay", "2", "Nhờ 2 tuần"),
        ("nhờ người báo thay", "4 ạ", "Nhờ 4 tuần"),
        ("nhờ người báo thay", "80", ""),
        ("/tintuan", "7", "7:30"),
        ("/lamthu", "số 5", "Hộ nghèo"),
        ("/trogiup", "hai", "Tình hình thôn"),
        ("báo cáo", "2.", "Làm: "),
        ("/themmay", "3", ""),
    ],
)
async def test_a_number_after_another_screen_is_no_answer_until_a_button_says_so(
    town: Town, head: Phone, screen: str, typed: str, chosen: str
) -> None:
    await head.says("báo cáo")
    await head.presses("Làm: Nước")
    await head.says(screen)
    said = await head.says(typed)
    assert f"Chưa ghi «{typed}»: bác vừa xem màn hình khác. Ghi vào câu 1 dưới đây ạ?" in text_of(said)
    assert "Thôn có tất cả bao nhiêu hộ?" in text_of(said)
    assert await stored(town) == {}
    number = {"hai": "2"}.get(typed, typed.strip(" .ạsố"))
    assert labels(said)[0] == f"Ghi vào câu 1: {number} hộ"
    of_screen = [label for label in labels(said) if label.startswith("Màn hình vừa xem: ")]
    assert bool(of_screen) is bool(chosen)
    assert all(chosen in label for label in of_screen)
    await head.presses("Ghi vào câu 1")
    assert await stored(town) == {"/data/nuoc_ho": number}


async def test_the_number_once_more_or_a_yes_is_the_answer_and_what_the_screen_had_is_pressed(
    town: Town, head: Phone
) -> None:
    await head.says("báo cáo")
    await head.presses("Làm: Nước")
    for typed in ("menu", "120", "120", "menu", "109", "ừ"):
        await head.says(typed)
    assert await stored(town) == {"/data/nuoc_ho": "120", "/data/nuoc_ho_dtts": "109"}
    await head.says("/tintuan")
    await head.says("20")
    assert "20:00" in text_of(await head.presses("Màn hình vừa xem: 20:00"))
    assert len(await stored(town)) == 2


async def test_a_number_after_another_screen_opens_no_answer_of_the_review_with_buttons_either(
    town: Town, head: Phone
) -> None:
    await head.says("báo cáo")
    await head.presses("Làm: Nước")
    for answer in BEFORE:
        await head.says(answer)
    await head.says("menu")
    said = await head.says("2")
    assert "Chưa ghi «2»" in text_of(said)
    assert {"Gửi", "Màn hình vừa xem: Tình hình thôn"} < set(labels(said))
    assert "Câu 2/7" in text_of(await head.says("2")), "at the review, which was shown again"


@pytest.mark.usefixtures("shown_how")
async def test_once_the_figure_was_asked_about_again_a_number_is_its_answer(town: Town, head: Phone) -> None:
    await up_to_water(head)
    for typed in ("menu", "2", "105"):
        await head.says(typed)
    assert await figure_asked(town) == "105"


@pytest.mark.usefixtures("shown_how")
@pytest.mark.parametrize(
    ("said_before", "typed", "told"),
    [
        ("", "gửi", "chưa gửi"),
        ("", "xong gửi luôn", "chưa gửi"),
        ("", "tiep tuc", "Mời bác làm tiếp"),
        ("menu", "gửi", "chưa gửi"),
        ("menu", "tiếp tục", "Mời bác làm tiếp"),
        ("/toi", "làm tiếp", "Mời bác làm tiếp"),
        ("Có lý do", "gửi", "chưa gửi"),
        ("Có lý do", "tiếp tục", "Mời bác làm tiếp"),
        ("text", "gửi", "chưa gửi"),
        ("text", "tiếp tục", "Mời bác làm tiếp"),
    ],
)
async def test_to_send_or_to_go_on_says_nothing_of_a_figure_that_is_asked_about(
    head: Phone, said_before: str, typed: str, told: str
) -> None:
    await up_to_water(head)
    if said_before:
        await head.says(said_before)
    said = await head.says(typed)
    assert told in text_of(said)
    assert {"Đúng", "Sửa"} < set(labels(said))
    assert "Câu 4/7" not in text_of(said)


@pytest.mark.parametrize(
    "typed", ["suối cạn", "nguồn nước cạn", "giếng cạn khô hết", "nước cạn từ tháng trước"]
)
async def test_that_the_spring_ran_dry_is_the_reason_and_no_cry(town: Town, head: Phone, typed: str) -> None:
    await up_to_water(head)
    said = text_of(await head.says(typed))
    assert f"Đã ghi lý do: {typed}" in said
    assert "Câu 4/7" in said


async def test_a_reason_with_a_number_is_asked_about_and_a_cry_still_is_one(town: Town, head: Phone) -> None:
    await up_to_water(head)
    said = await head.says("suối cạn nên 20 nhà bỏ")
    assert "lý do" in text_of(said).lower()
    assert "khẩn cấp" not in text_of(said).lower()
    assert "khẩn cấp" in text_of(await head.says("lũ về rồi cứu với")).lower()


@pytest.mark.parametrize("typed", ["-96", "- 96 hộ", "−96", "còn -2 hộ", "1: -96"])
async def test_a_figure_below_zero_is_none(town: Town, head: Phone, typed: str) -> None:
    await head.says("báo cáo")
    await head.presses("Làm: Nước")
    said = await head.says(typed)
    assert "không thể nhỏ hơn 0" in text_of(said)
    assert labels(said)[0].startswith("Như kỳ trước"), "nor is it offered"
    await head.says("25")
    await head.says(typed)
    assert (await town.rows(InterviewRow))[-1].state["values"]["/data/nuoc_ho"] == "25"


async def test_the_reasons_fit_the_question(town: Town, head: Phone) -> None:
    await head.says("báo cáo")
    await head.presses("Làm: Nước")
    await head.says("12")
    await head.presses("Có lý do")
    assert "Nguồn nước cạn" not in labels(head.shown[-1:])
    assert "Đã ghi lý do: Có hộ chuyển đi" in text_of(await head.presses("Có hộ chuyển đi"))


async def test_the_reason_travels_with_the_figure(town: Town, head: Phone) -> None:
    await up_to_water(head)
    await head.presses("Có lý do")
    said = text_of(await head.presses("Nguồn nước cạn"))
    assert "Đã ghi lý do: Nguồn nước cạn" in said
    assert "Câu 4/7" in said
    for answer in ("25", "5", "0", "0"):
        said = text_of(await head.says(answer))
        if "Bác xem giúp" in said:
            said = text_of(await head.presses("Đúng"))
    assert "Câu 3: Tháng 10/2026 là 109 hộ, nay 25 hộ. Lý do: Nguồn nước cạn." in said
    await head.presses("Gửi")
    kept = {row.path: (row.reason, row.words) for row in await rows_of(town)}
    assert kept["/data/nuoc_ho_hvs"] == ("dried_up", "")
    await head.presses("Xem, sửa báo cáo này")
    said = text_of(await head.presses("Sửa báo cáo này"))
    assert "nay 25 hộ. Lý do: Nguồn nước cạn." in said, "a correction of another figure takes no reason away"
    await head.says("câu 7 là 1")
    if "Đúng" in labels(head.shown[-1:]):
        await head.presses("Đúng")
    await head.says("gửi")
    kept = [(row.reason, row.words) for row in await rows_of(town) if row.path == "/data/nuoc_ho_hvs"]
    assert kept == [("dried_up", "")] * 2


async def rows_of(town: Town) -> list[ChallengeRow]:
    async with town.storage.reading() as session:
        return list(await session.exec(select(ChallengeRow)))


async def test_a_reason_in_words(town: Town, head: Phone) -> None:
    await up_to_water(head)
    assert "Đã ghi lý do: đang sửa đường ống" in text_of(await head.says("đang sửa đường ống"))


async def test_a_reason_that_sounds_of_danger_is_one_where_it_is_asked_for(town: Town, head: Phone) -> None:
    await up_to_water(head)
    await head.presses("Có lý do")
    assert "Đã ghi lý do: lũ cuốn đường ống" in text_of(await head.says("lũ cuốn đường ống"))


async def test_a_reason_that_nobody_asked_for_and_is_no_emergency_is_one(town: Town, head: Phone) -> None:
    await up_to_water(head)
    assert "khẩn cấp phải không" in text_of(await head.says("vì lũ quét cuốn trôi giếng rồi, nguy hiểm quá!"))
    assert "lũ quét cuốn trôi giếng" in text_of(await head.says("không"))


@pytest.mark.parametrize("no", ["Không phải tin khẩn cấp", "không"])
async def test_a_reason_that_is_no_emergency_is_the_reason(town: Town, head: Phone, no: str) -> None:
    await up_to_water(head)
    await head.presses("Có lý do")
    assert "khẩn cấp phải không" in text_of(await head.says("lũ quét cuốn trôi giếng rồi, nguy hiểm quá!"))
    assert "Đã ghi lý do: lũ quét cuốn trôi giếng" in text_of(await head.says(no))


async def test_words_that_call_something_else_are_a_reason_where_one_is_asked_for(
    town: Town, head: Phone
) -> None:
    await up_to_water(head)
    await head.presses("Có lý do")
    assert "Đã ghi lý do: chuyển đi" in text_of(await head.says("chuyển đi"))


async def test_a_reason_that_is_too_long_is_asked_for_again(town: Town, head: Phone) -> None:
    await up_to_water(head)
    await head.presses("Có lý do")
    said = text_of(await head.says("nước cạn " * 450))
    assert "trong 300 chữ" in said
    assert "Đã ghi lý do: nước cạn" in text_of(await head.says("nước cạn"))


async def test_three_answers_of_a_report_are_asked_back_and_the_rest_is_listed(
    town: Town, head: Phone
) -> None:
    await head.says("báo cáo")
    await head.presses("Làm: Nước")
    asked = 0
    for answer in ("12", "2", "2", "2", "2", "12", "9"):
        said = text_of(await head.says(answer))
        if "Bác xem giúp" in said:
            asked += 1
            said = text_of(await head.presses("Đúng"))
    assert asked == 3
    assert "Số cần xem lại" in said
    assert "Lý do câu 6" in labels(head.shown[-1:])


async def test_nought_of_nothing_is_not_asked_back(town: Town, head: Phone) -> None:
    await head.says("báo cáo")
    await head.presses("Làm: Nước")
    for answer in ("120", "120", "0"):
        said = text_of(await head.says(answer))
    assert "nay 0 hộ" in said
    assert "Câu 4/6" in text_of(await head.presses("Đúng"))
    assert "Câu 5/6" in text_of(await head.says("0")), "with no water anywhere nothing else can be said"


async def test_another_number_at_the_last_answer_asked_back_is_looked_at_too(town: Town, head: Phone) -> None:
    await head.says("báo cáo")
    await head.presses("Làm: Nước")
    for answer in ("12", "2"):
        await head.says(answer)
        await head.presses("Đúng")
    assert "nay 3 hộ" in text_of(await head.says("3"))
    assert "nay 2 hộ" in text_of(await head.says("2")), "the third, as at the first two"
    assert "Câu 4/7" in text_of(await head.presses("Đúng"))
    assert "Câu 5/7" in text_of(await head.says("1")), "a fourth waits for the review"


async def test_what_was_never_reported_before_is_not_asked_back(town: Town) -> None:
    phone = await town.head("b", "Nà Lốc", "Hoàng Thị Mai")
    await report(phone, ("120", "80", "75", "70", "20", "0", "0"))
    assert "Bác xem giúp" not in text_of(phone.shown)


async def test_by_its_own_other_answers(town: Town) -> None:
    phone = await town.head("b", "Nà Lốc", "Hoàng Thị Mai")
    await phone.says("báo cáo")
    await phone.presses("Làm: Nước")
    for answer in ("109", "109", "109"):
        await phone.says(answer)
    said = await phone.says("25")
    assert "ít nhất phải là 109 hộ, nay 25 hộ" in text_of(said)
    assert "Ghi nhận: 25" not in text_of(said)
    assert labels(said)[:4] == ["Sửa câu 4: 25 hộ", *(f"Sửa câu {n}: 109 hộ" for n in (1, 2, 3))]
    assert "Đúng" not in labels(said)


async def test_what_is_counted_otherwise_is_no_answer_of_another_question(town: Town, head: Phone) -> None:
    await head.says("báo cáo")
    await head.presses("Làm: Nước")
    for answer in BEFORE[:5]:
        await head.says(answer)
    said = text_of(await head.says("co 2 công trình"))
    assert "2 hộ" not in said
    assert (await town.rows(InterviewRow))[-1].state["values"]["/data/nuoc_ho_tap_trung"] == "20"


async def up_to_impossible(phone: Phone) -> None:
    """The share of two groups that are larger than their whole is said to be smaller than it can be."""
    await phone.says("báo cáo")
    await phone.presses("Làm: Nước")
    for answer in ("120", "109", "25", "13"):
        if "Bác xem giúp" in text_of(await phone.says(answer)):
            await phone.presses("Đúng")
    assert "không thể cùng đúng" in text_of(phone.shown[-1:])


async def test_an_older_reason_leads_past_nothing_that_cannot_be(head: Phone) -> None:
    await head.says("báo cáo")
    await head.presses("Làm: Nước")
    for answer in ("120", "109", "25"):
        await head.says(answer)
    older = head.button("Có lý do")
    await head.presses("Đúng")
    await head.says("13")
    assert "không thể cùng đúng" in text_of(await head.presses_data(older))


@pytest.mark.parametrize(
    "typed", ["đúng", "dung roi", "vâng", "13", "gửi", "tiếp tục", "vì giếng cạn hết cả rồi bác ạ"]
)
async def test_nothing_makes_right_what_cannot_be(head: Phone, typed: str) -> None:
    await up_to_impossible(head)
    said = await head.says(typed)
    assert "không thể cùng đúng" in text_of(said)
    assert "Sửa câu 3: 25 hộ" in labels(said)


@pytest.mark.parametrize(
    ("answers", "last", "example", "room"),
    [
        (("119", "109", "98", "98", "20", "0", "0", "3: 89"), "98", "79", "79 đến 89"),
        (("119", "109", "98"), "99", "88", "88 đến 98"),
        (("119", "119", "109", "109", "20", "0", "0"), "1: 2100", "120", "1 đến 2.000"),
        (("130", "125", "98", "97", "20", "0", "0"), "1: 2100", "130", "1 đến 2.000"),
    ],
)
async def test_an_example_goes_with_the_other_answers(
    head: Phone, answers: tuple[str, ...], last: str, example: str, room: str
) -> None:
    await head.says("báo cáo")
    await head.presses("Làm: Nước")
    for answer in answers:
        await head.says(answer)
    said = text_of(await head.says(last))
    assert f"Ví dụ đúng: {example} hộ" in said
    assert f"Nhận số từ {room} hộ" in said


async def test_a_limit_that_nobody_has_is_no_example(head: Phone) -> None:
    await up_to_impossible(head)
    assert "Ví dụ đúng" not in text_of(await head.says("1: 2100"))


@pytest.mark.parametrize("why", [False, True])
async def test_that_nobody_knows_is_no_reason(head: Phone, *, why: bool) -> None:
    await up_to_water(head)
    if why:
        await head.presses("Có lý do")
    said = text_of(await head.says("tôi không biết ạ"))
    assert "Lý do là" not in said
    assert "Câu 4" not in said


@pytest.mark.parametrize("typed", ["2 khối", "2 khoi", "2 mét khối", "2 m3"])
async def test_cubic_metres_are_no_households(head: Phone, typed: str) -> None:
    await head.says("báo cáo")
    await head.presses("Làm: Nước")
    for answer in ("120", "120", "109", "109", "20"):
        await head.says(answer)
    assert "Chưa ghi nhận" in text_of(await head.says(typed))


@pytest.mark.parametrize("answers", [("14",), ("Sửa câu 3: 25 hộ", "24"), ("Sửa câu 2: 109 hộ", "108")])
async def test_either_figure_that_cannot_be_may_be_the_wrong_one(
    head: Phone, answers: tuple[str, ...]
) -> None:
    await up_to_impossible(head)
    for answer in answers:
        said = await (head.presses if answer.startswith("Sửa") else head.says)(answer)
        if "Bác xem giúp" in text_of(said):
            said = await head.presses("Đúng")
    assert "Câu 5/7" in text_of(said)


async def test_what_another_figure_makes_impossible_is_asked_for_at_once(head: Phone) -> None:
    await up_to_impossible(head)
    await head.presses("Sửa câu 3: 25 hộ")
    said = await head.says("109")
    assert ("Ghi nhận: 109 hộ" in text_of(said), "ít nhất phải là 98 hộ" in text_of(said)) == (True, True)
    assert "Câu 5/7" in text_of(await head.says("98"))


async def test_a_rough_count_may_be_a_little_too_low(head: Phone) -> None:
    await head.says("báo cáo")
    await head.presses("Làm: Nước")
    for answer in ("120", "109", "khoảng 110", "98"):
        said = await head.says(answer)
    assert "Câu 5/7" in text_of(said)


async def test_what_cannot_be_is_not_sent(town: Town, head: Phone) -> None:
    await up_to_contradiction(head)
    said = await head.presses("Gửi")
    assert ("chưa gửi" in text_of(said), "không thể cùng đúng" in text_of(said)) == (True, True)
    assert len(await town.rows(Submission)) == 1
    await head.says("110")
    assert "đều tròn" in text_of(await head.presses("Gửi"))
    await head.presses("Gửi")
    assert len(await town.rows(Submission)) == 2


async def up_to_contradiction(head: Phone) -> str:
    """A figure is said to be right for one doubt; then another figure changes, which makes a new one of it."""
    await head.says("báo cáo")
    await head.presses("Làm: Nước")
    for answer in ("120", "120", "25", "25", "20", "0", "0"):
        if "Bác xem giúp" in text_of(await head.says(answer)):
            await head.presses("Đúng")
    assert "nay 25 hộ. (đã xem, đúng)" in text_of(head.shown[-1:])
    return text_of(await head.says("câu 3 là 110"))


async def test_what_was_said_of_one_doubt_is_not_said_of_the_next(town: Town, head: Phone) -> None:
    said = await up_to_contradiction(head)
    assert "ít nhất phải là 110 hộ, nay 25 hộ." in said
    assert "(đã xem, đúng)" not in said
    assert "Lý do câu 4" not in labels(head.shown[-1:]), "no reason makes it right"


async def test_an_older_right_shows_what_is_doubtful_now(town: Town, head: Phone) -> None:
    await head.says("báo cáo")
    await head.presses("Làm: Nước")
    for answer in ("120", "120", "25"):
        await head.says(answer)
    await head.presses("Đúng")
    await head.says("25")
    old = head.button("Đúng")
    await head.says("câu 3 là 110")
    await head.presses("Đúng")
    assert "ít nhất phải là 110 hộ, nay 25 hộ" in text_of(await head.presses_data(old))
    assert "Câu 5/7" in text_of(await head.says("110"))


async def test_an_old_button_still_means_its_own_answer(town: Town, head: Phone) -> None:
    await up_to_water(head)
    old = head.button("Đúng")
    await head.presses("Đúng")
    assert "Câu 4/7" in text_of(await head.presses_data(old))
    [row] = [row for row in await town.rows(InterviewRow) if row.status == "open"]
    assert row.state["values"]["/data/nuoc_ho_hvs"] == "25"


@pytest.mark.parametrize(("figure", "unlike"), [(2, False), (60, True)])
async def test_one_changed_figure_takes_four_messages(
    town: Town, head: Phone, figure: int, unlike: bool
) -> None:
    await head.says("báo cáo")
    await head.presses("Làm: Nước")
    said = text_of(await head.says(f"như tháng trước, chỉ hộ thiếu nước {figure}"))
    assert ("Bác xem giúp" in said, "Tháng 10/2026 là 0 hộ, nay 60 hộ." in said) == (unlike, unlike)
    if unlike:
        await head.presses("Đúng")
    await head.presses("Gửi")
    assert len(await town.rows(Submission)) == 2


async def test_the_number_of_households_is_carried_into_the_next_questionnaire(
    town: Town, head: Phone
) -> None:
    async with town.storage.reading() as session:
        form_id = (await forms.active_ids(session))["duong-dien"]
    town.later(days=5)
    half = period_of(PeriodKind.HALF, town.now.date())
    said = text_of(await head.presses_data(str(BeginReport(town.places["Nà Hin"], form_id, half))))
    assert "Phiếu Nước sinh hoạt, tháng 10/2026: 120 hộ." in said
    assert "Ghi nhận: 120 hộ" in text_of(await head.presses("Vẫn 120 hộ"))


@pytest.mark.parametrize("typed", ["gửi", "gui", "gửi đi", "xong gửi luôn", "nộp luôn đi cháu"])
async def test_to_send_is_no_yes_to_what_was_just_understood(town: Town, head: Phone, typed: str) -> None:
    await up_to_water(head)
    await head.presses("Đúng")
    assert "108" in text_of(await head.says("câu 2 là 119, câu 3 là 108"))
    said = await head.says(typed)
    assert ("chưa gửi" in text_of(said), "108" in text_of(said)) == (True, True)
    assert await figure_asked(town) == "25"
    await head.presses("Đúng")
    assert await figure_asked(town) == "108"


async def test_what_was_said_since_the_review_is_decided_before_anything_is_sent(
    town: Town, head: Phone
) -> None:
    await head.says("báo cáo")
    await head.presses("Làm: Nước")
    for answer in ("120", "120", "109", "109", "20", "0"):
        await head.says(answer)
    await head.says("12")
    said = text_of(await head.says("gửi"))
    assert ("chưa gửi" in said, "Bác xem giúp" in said) == (True, True), "unlikely, and nothing said of it"
    said = text_of(await head.presses("Đúng"))
    assert ("Xem lại trước khi gửi" in said, "đã xem, đúng" in said) == (True, True)
    send = head.button("Gửi")
    await head.presses("Sửa câu 5")
    await head.says("91")
    said = text_of(await head.presses_data(send))
    assert ("chưa gửi" in said, "nay 91 hộ" in said) == (True, True), "the button of the older review"
    await head.says("5: 19; 6: 3")
    said = text_of(await head.presses_data(send))
    assert ("chưa gửi" in said, "3 hộ" in said) == (True, True), "what waits for a yes is not lost"
    await head.presses("Đúng")
    assert "nay 3 hộ" in text_of(await head.presses("Đúng")), "unlikely, too"
    await head.presses("Gửi")
    assert len(sent := await town.rows(Submission)) == 2
    assert [sent[-1].answers[f"/data/{name}"] for name in ("nuoc_ho_tap_trung", "nuoc_ho_thieu")] == [
        "19",
        "3",
    ]


async def test_a_number_within_a_sentence_is_no_reason_unasked(town: Town, head: Phone) -> None:
    await up_to_water(head)
    said = await head.says("có 42 hộ còn 3 hộ nữa thì chưa đâu")
    assert "Có lý do" in labels(said)
    assert "lý do" not in text_of(said)


@pytest.mark.parametrize(
    "typed", ["à nhầm 108", "nham 108", "108 chứ", "không phải, 108 hộ", "sửa thành 108"]
)
async def test_another_figure_is_taken_at_once_whatever_is_said_around_it(
    town: Town, head: Phone, typed: str
) -> None:
    await up_to_water(head)
    assert "Câu 4/7" in text_of(await head.says(typed))
    assert (await town.rows(InterviewRow))[-1].state["values"]["/data/nuoc_ho_hvs"] == "108"


async def test_a_number_alone_while_another_waits_is_of_the_question_that_is_chosen(
    town: Town, head: Phone
) -> None:
    await up_to_water(head)
    await head.presses("Đúng")
    await head.says("câu 2 là 118")
    replies = await head.says("17")
    assert "«17» máy chưa ghi" in text_of(replies)
    assert labels(replies)[:2] == ["Câu 2 là 17 hộ", "Câu 4 là 17 hộ"]
    said = text_of(await head.presses("Câu 4 là 17 hộ"))
    assert "2. Trong đó có bao nhiêu hộ dân tộc thiểu số: 118 hộ" in said
    assert "bao nhiêu hộ dùng nước hợp vệ sinh: 17 hộ" in said
    assert "Đã ghi 2 câu" in text_of(await head.presses("Đúng"))


async def test_the_only_figure_that_waits_is_said_again_or_anew(town: Town, head: Phone) -> None:
    await up_to_water(head)
    await head.presses("Đúng")
    await head.says("câu 2 là 118")
    await head.says("117")
    said = text_of(await head.presses("Câu 2 là 117 hộ"))
    assert "2. Trong đó có bao nhiêu hộ dân tộc thiểu số: 117 hộ" in said
    assert "Đã ghi 1 câu" in text_of(await head.says("117 hộ"))
    assert (await town.rows(InterviewRow))[-1].state["values"]["/data/nuoc_ho_dtts"] == "117"


async def test_a_number_alone_replaces_what_waits_at_the_open_question(town: Town, head: Phone) -> None:
    await up_to_water(head)
    await head.presses("Đúng")
    assert "hợp vệ sinh: 18 hộ" in text_of(await head.says("câu 4 là 18, con gà 5"))
    assert "hợp vệ sinh: 17 hộ" in text_of(await head.says("17"))


async def test_a_figure_put_right_while_another_waits_is_of_that_one(town: Town, head: Phone) -> None:
    await up_to_water(head)
    await head.presses("Đúng")
    await head.says("câu 2 là 118")
    assert "dân tộc thiểu số: 116 hộ" in text_of(await head.says("à 116 chứ"))


async def test_a_number_in_words_is_another_answer(town: Town, head: Phone) -> None:
    await up_to_water(head)
    said = await head.says("nước sạch thì bảy mươi hai nhà")
    assert "Ghi nhận: 72 hộ" in text_of(said)


ROUND: Final = ("120", "110", "100", "90", "30", "10", "0")
"""A report of nothing but round numbers."""


async def fill(phone: Phone, answers: tuple[str, ...]) -> str:
    """Answer the whole questionnaire about water, each doubted answer with «Đúng»; what was said last."""
    await phone.says("báo cáo")
    said = text_of(await phone.presses("Làm: Nước"))
    for answer in answers:
        said = text_of(await phone.says(answer))
        if "Bác xem giúp số này" in said:
            said = text_of(await phone.presses("Đúng"))
    return said


async def test_a_report_of_round_numbers_is_asked_about_once_and_never_held_up(town: Town) -> None:
    phone = await town.head("b", "Nà Lốc", "Hoàng Thị Mai")
    said = await fill(phone, ROUND)
    assert "6 số đều tận cùng 0 hoặc 5" in said
    shown = labels(phone.shown[-1:])
    assert shown == ["Đếm được đúng như vậy", "Là số ước chừng", "Lý do khác", "Đúng", "Sửa"]
    # Nothing is sent that nobody has looked at.
    assert "Gửi" in labels(await phone.says("gửi"))
    await phone.presses("Là số ước chừng")
    assert "Lý do: Là số ước chừng" in text_of(phone.shown[-1:])
    await phone.presses("Gửi")
    assert [(row.path, row.reason) for row in await rows_of(town)] == [("", "rough")]
    officer = await town.enrolled("x", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    assert "6 số đều tận cùng 0 hoặc 5. Lý do: Là số ước chừng." in text_of(await officer.says("/kiemtra"))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("đúng rồi", "✅ Giữ nguyên cả phiếu"),
        ("không", "Số cần xem lại"),
        ("vì đo bằng gang tay nên tròn", "Đã ghi lý do: vì đo bằng gang tay nên tròn"),
        ("câu 3 là 98", "98 hộ"),
        ("ngày mai trời mưa", "chọn một"),
        ("lý do khác", "vài chữ"),
    ],
)
async def test_what_is_typed_to_a_report_that_is_doubted_as_a_whole(
    town: Town, typed: str, expected: str
) -> None:
    phone = await town.head("b", "Nà Lốc", "Hoàng Thị Mai")
    await fill(phone, ROUND)
    assert expected in text_of(await phone.says(typed))
    if typed == "lý do khác":
        await phone.says("đếm theo nhóm mười hộ")
    if "Gửi" not in labels(phone.shown[-1:]):
        await phone.presses("Đúng")
    await phone.presses("Gửi")
    assert len(await town.rows(Submission)) == 1


async def test_the_same_report_the_fourth_time_is_asked_about(town: Town, head: Phone) -> None:
    for _ in range(2):
        town.later(days=31)
        await report(head, BEFORE)
    town.later(days=31)
    said = await fill(head, BEFORE)
    assert "4 kỳ liền các số y như nhau" in said
    assert "Đúng là không có gì thay đổi" in labels(head.shown[-1:])
    await head.presses("Đúng là không có gì thay đổi")
    await head.presses("Gửi")
    assert [(row.path, row.reason) for row in await rows_of(town)] == [("", "nothing_changed")]
    # Sent as unchanged: the same stands where that is confirmed, and nothing more is asked.
    town.later(days=31)
    async with town.storage.reading() as session:
        form_id = (await forms.active_ids(session))["nuoc-sach"]
    month = period_of(PeriodKind.MONTH, town.now.date())
    await head.presses_data(str(BeginReport(town.places["Nà Hin"], form_id, month)))
    assert "4 kỳ liền" in text_of(await head.presses("Không có gì thay đổi"))


async def test_the_households_are_held_against_the_list_of_the_office(town: Town) -> None:
    listed = update(Place).where(col(Place.name) == "Nà Lốc").values(
        households=120, households_on=date(2026, 10, 1)
    )  # fmt: skip
    await town.storage.write(lambda session: session.exec(listed))
    phone = await town.head("b", "Nà Lốc", "Hoàng Thị Mai")
    await phone.says("báo cáo")
    await phone.presses("Làm: Nước")
    assert "Danh sách thôn, tháng 10/2026: 120 hộ; nay 12 hộ." in text_of(await phone.says("12"))
    assert "Câu 2/7" in text_of(await phone.says("118"))


async def test_a_first_answer_is_held_against_the_villages_around(town: Town) -> None:
    """Three in the same commune are too few; two of another one in the province are asked too."""
    beside = await town.storage.write(
        lambda session: add(session, "Phong Quang", Level.COMMUNE, "xã", town.places["Thái Nguyên"])
    )

    async def neighbour(number: int) -> None:
        name, commune = f"Bản {number}", town.places["Vĩnh Thông"] if number < 3 else beside
        town.places[name] = await town.storage.write(
            lambda session: add(session, name, Level.VILLAGE, "thôn", commune)
        )
        phone = await town.head(f"n{number}", name, f"Lò Văn {number}")
        await fill(phone, ("100", "97", str(88 + number), str(86 + number), "7", "3", "0"))
        await phone.presses("Gửi")

    for number in range(5):
        await neighbour(number)
    phone = await town.head("b", "Nà Lốc", "Hoàng Thị Mai")
    await phone.says("báo cáo")
    await phone.presses("Làm: Nước")
    assert "Câu 2/7" in text_of(await phone.says("121"))
    assert "Câu 3/7" in text_of(await phone.says("117"))
    said = text_of(await phone.says("11"))
    assert "cứ 100 hộ thì khoảng 90 hộ; ở đây nay 11 hộ, tức cứ 100 hộ thì 9 hộ" in said
    assert "Câu 4/7" in text_of(await phone.says("110"))


async def test_as_last_time_mends_what_is_asked_back(town: Town, head: Phone) -> None:
    await head.says("báo cáo")
    await head.presses("Làm: Nước")
    for answer in ("120", "109", "25"):
        said = text_of(await head.says(answer))
    assert "Bác xem giúp" in said
    said = text_of(await head.says("như cũ"))
    assert "Ghi nhận: 109 hộ" in said
    assert "Câu 4/7" in said


async def test_a_correction_of_what_stands_otherwise_says_so(town: Town, head: Phone) -> None:
    await report(head, BEFORE)
    await head.says("hộ dùng nước hợp vệ sinh báo nhầm, 100 chứ không phải 109")
    assert "khác số bác nói" not in text_of(head.shown[-1:])
    await head.presses("Không đúng")
    await head.presses("Để sau")
    await head.says("hộ dùng nước hợp vệ sinh báo nhầm, 100 chứ không phải 5")
    assert "Câu này đang ghi 109 hộ, khác số bác nói" in text_of(head.shown[-1:])


SLIPS: Final = (
    (1, "12", "asked"),  # a digit lost
    (1, "1200", "asked"),  # ten times as many
    (2, "130", "refused"),  # more than all
    (3, "25", "asked"),
    (3, "1090", "refused"),
    (3, "ko", "asked"),  # none, after 109
    (4, "25", "refused"),  # fewer than the answers above leave
    (5, "2", "asked"),
    (6, "60", "asked"),  # the figure of another question
    (7, "20", "asked"),
)
"""Ten errors of a month: at which question, what is typed, and what the bot does at once."""


async def test_ten_errors_of_a_month_are_met_while_answering(town: Town, head: Phone) -> None:
    met = []
    for question, wrong, _ in SLIPS:
        await head.says("báo cáo")
        await head.presses("Làm: Nước")
        for answer in BEFORE[: question - 1]:
            await head.says(answer)
        said = text_of(await head.says(wrong))
        refused = "Chưa ghi nhận" in said or "không thể cùng đúng" in said
        met.append("refused" if refused else "asked" if "Bác xem giúp" in said else "")
        await head.says("huỷ phiếu")
        await head.presses("Huỷ hẳn")
    assert met == [how for *_, how in SLIPS]

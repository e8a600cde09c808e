"""What heads say within a questionnaire beside bare numbers, as many of them do: with words of their work, half in Telex,
parts of a figure, "gửi" for a yes. What is not read is said not to be noted, and nothing is stored that was not meant."""

import pytest

from handlers.messages import MessageKind
from storage.tables import InterviewRow, Submission
from tests.handlers.beginnings import Beginnings
from tests.handlers.chatting import Phone, Town, labels, text_of


@pytest.fixture
def kind() -> str:
    return "sqlite"


async def reported_and_begun(town: Town) -> Phone:
    """The head of a village that reported its water a month ago, at the first question of it."""
    phone = await town.head("a")
    town.later(days=-30)
    await begin(phone)
    await sent_with_water(phone)
    town.later(days=30)
    await begin(phone)
    return phone


BEGINNINGS = Beginnings("heads_speak", head=reported_and_begun)


async def begin(phone: Phone) -> None:
    await phone.says("báo cáo")
    await phone.presses("Làm: Nước")


async def at_review(head: Phone) -> None:
    for answer in ("120", "100", "90", "80", "20", "12", "0"):
        await head.says(answer)


async def test_the_number_of_a_question_stands_before_its_words(town: Town, head: Phone) -> None:
    await at_review(head)
    assert "Ghi nhận câu 6: 11 hộ" in text_of(await head.says("6 thieu 11 ho"))
    assert (await values(town))["ho_dtts"] == "100"


@pytest.mark.parametrize(
    ("said", "held", "then"),
    [
        (("tổng 120; dtts 100", "menu"), "ok", "Đã ghi 2 câu"),
        (("120", "100", "12 ho nhung it thoi", "trợ giúp"), "vâng", "Ghi nhận: 12 hộ"),
    ],
)
async def test_a_yes_takes_only_what_is_shown(
    town: Town, head: Phone, said: tuple[str, ...], held: str, then: str
) -> None:
    for text in said:
        await head.says(text)
    stood = await values(town)
    again = text_of(await head.says(held))
    assert f"Chưa dùng «{held}»" in again
    assert await values(town) == stood
    assert then in text_of(await head.says(held))


@pytest.mark.parametrize("words", ["lùi", "là sao"])
async def test_what_was_offered_is_offered_no_longer_once_the_question_is_asked_again(
    town: Town, head: Phone, words: str
) -> None:
    await head.says("120 ho nhung it thoi")
    assert "Ý bác là" not in text_of(await head.says(words))
    await head.says("ok")
    assert await values(town) == {}


async def test_what_was_offered_is_offered_again_to_whoever_goes_on(town: Town, head: Phone) -> None:
    await head.says("120 ho nhung it thoi")
    await head.says("menu")
    assert "Ý bác là 120 hộ" in text_of(await head.presses("Tiếp tục"))
    await head.says("ok")
    assert await values(town) == {"ho": "120"}


COLD = "ret qua trau bo chet may con"


@pytest.mark.parametrize("to", [("không có gì thay đổi",), ("120", "100", "90", "80", "20", "12", "0")])
async def test_what_chooses_nothing_may_tell_of_a_danger_or_put_off(
    town: Town, head: Phone, to: tuple[str, ...]
) -> None:
    """At last period's answers and at the review, as at a question."""
    for text in to:
        await head.says(text)
    told = await head.says(COLD)
    assert f"«{COLD}» máy chưa ghi" in text_of(told)
    assert "🆘 Khẩn cấp" in labels(told)
    assert f"«{COLD}»" in text_of(await head.presses("🆘 Khẩn cấp"))
    await head.says("tiếp tục")
    assert "Đã cất" in text_of(await head.says("để mai nhé bận quá"))


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("tong 120, hvs 90, dtts 100, thieu nuoc 4", {"ho_dtts": "100", "ho_dtts_hvs": "80"}),
        ("hvs 90, dtts 85", {"ho_dtts": "100", "ho_dtts_hvs": "85"}),
        ("hvs 90, trong do dtts 85", {"ho_dtts": "100", "ho_dtts_hvs": "85"}),
    ],
)
async def test_a_number_that_stands_there_already_is_said_of_its_own_question(
    town: Town, head: Phone, said: str, kept: dict[str, str]
) -> None:
    """Another number in the same words is of the part: those of the minorities with clean water."""
    await at_review(head)
    await head.says(said)
    assert {name: (await values(town))[name] for name in kept} == kept


@pytest.mark.parametrize("said", ["120 hộ, 109 hộ dân tộc", "119 ho 109 dan toc"])
async def test_a_number_with_the_words_of_the_open_question_answers_it(
    town: Town, head: Phone, said: str
) -> None:
    await head.says("120")
    assert "dân tộc thiểu số: 109 hộ" in text_of(await head.says(said))
    await head.says("đúng")
    assert (await values(town))["ho_dtts"] == "109"


@pytest.mark.parametrize("said", ["121 khoi", "119 khối", "121 m3", "120 mét khối"])
async def test_a_number_of_another_unit_is_no_answer_even_if_it_is_like_last_time(
    town: Town, head: Phone, said: str
) -> None:
    assert "Chưa ghi nhận" in text_of(await head.says(said))
    assert await values(town) == {}


async def test_several_answers_are_put_off_before_they_are_confirmed(town: Town, head: Phone) -> None:
    await head.says("tổng 120; dtts 100")
    assert "Đã cất" in text_of(await head.says("thôi để mai"))
    await head.says("ok")
    assert await values(town) == {}


@pytest.mark.parametrize("text", ["tăng thêm 2 hộ so với tháng trước", "+2 hộ so với kỳ trước"])
async def test_so_many_more_than_last_time_is_offered_as_the_whole_figure(
    town: Town, head: Phone, text: str
) -> None:
    assert "122 hộ" in labels(await head.says(text))
    await head.says("ok")
    assert await values(town) == {"ho": "122"}


async def test_so_many_more_is_no_change_of_what_is_counted_anew_each_time(head: Phone) -> None:
    for answer in ("120", "100", "90", "80", "20"):
        await head.says(answer)
    assert "14 hộ" not in labels(await head.says("tăng 2 hộ"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("thang nay nuoc khong co gi thay doi", "Kỳ này vẫn vậy chứ ạ?"),
        ("nước sinh hoạt vẫn như kỳ trước", "Kỳ này vẫn vậy chứ ạ?"),
        ("tháng này không có gì thay đổi", "chọn phiếu"),
    ],
)
async def test_a_form_that_is_named_as_unchanged_shows_last_time(town: Town, text: str, told: str) -> None:
    head = await town.head("a")
    town.later(days=-30)
    await begin(head)
    await sent_with_water(head)
    town.later(days=30)
    assert told in text_of(await head.says(text))


async def test_so_many_out_of_the_whole_village_are_so_many(town: Town, head: Phone) -> None:
    await head.says("120")
    await head.says("100/120")
    assert (await values(town))["ho_dtts"] == "100"


async def test_a_form_is_given_up_in_words_at_its_review(head: Phone) -> None:
    await at_review(head)
    assert "Huỷ phiếu này?" in text_of(await head.says("thôi bỏ, không gửi nữa"))


async def sent_with_water(head: Phone) -> None:
    await at_review(head)
    await head.presses("Gửi")


async def values(town: Town) -> dict[str, str]:
    row = (await town.rows(InterviewRow))[-1]
    stored = row.state["values"].items()
    return {path.removeprefix("/data/nuoc_"): value for path, value in stored if "/meta/" not in path}


@pytest.mark.parametrize(
    "text",
    [
        "83 nha co dien con 3 nha tren nuong chua",
        "đủ hai bà, bà còn lại đi nương xa",
        "bà còn lại đi nương xa",
        "còn 4 hộ đang ở rẫy",
        "con 2 nha dang di lam an xa chua ve",
    ],
)
async def test_where_people_work_puts_nothing_off(town: Town, head: Phone, text: str) -> None:
    said = text_of(await head.says(text))
    assert "Đã cất" not in said
    assert "Câu 1/7" in said


@pytest.mark.parametrize("text", ["tôi đang ở nương, tối về làm", "đang đi rẫy", "còn bận họp lát nữa"])
async def test_who_is_out_at_work_puts_it_off(town: Town, head: Phone, text: str) -> None:
    assert "Đã cất" in text_of(await head.says(text))


@pytest.mark.parametrize("text", ["Caau 2 suwar laij 93", "suwar caau 2 thanhf 93"])
async def test_telex_puts_another_question_right(town: Town, head: Phone, text: str) -> None:
    await at_review(head)
    await head.says("sửa câu 6")
    await head.says(text)
    await head.presses("Đúng")
    assert (await values(town))["ho_dtts"] == "93"
    assert (await values(town))["ho_thieu"] == "12"


@pytest.mark.parametrize(
    "text",
    [
        "nhuw kyf truowcs",
        "như kỳ trước",
        "nhuw cux",
        "y nhu thang truoc",
        "vẫn như tháng trước",
        "không đổi gì",
    ],
)
async def test_as_before_fills_the_open_question_only(town: Town, head: Phone, text: str) -> None:
    await head.says("120")
    await head.says("100")
    replies = await head.says(text)
    assert "Câu 4/7" in text_of(replies)
    assert "Các câu còn lại như kỳ trước" in labels(replies)
    assert await values(town) == {"ho": "120", "ho_dtts": "100", "ho_hvs": "90"}


async def test_all_that_is_left_is_as_before_where_that_is_said_or_pressed(town: Town, head: Phone) -> None:
    await head.says("120")
    await head.says("như tháng trước")
    replies = await head.presses("Các câu còn lại như kỳ trước")
    assert "Các câu còn lại lấy như kỳ trước" in text_of(replies)
    assert "Gửi" in labels(replies)


@pytest.mark.parametrize("text", ["các câu còn lại như kỳ trước", "tất cả như tháng trước"])
async def test_all_that_is_left_is_as_before_in_words(town: Town, head: Phone, text: str) -> None:
    await head.says("121")
    assert "Các câu còn lại lấy như kỳ trước" in text_of(await head.says(text))


@pytest.mark.parametrize("text", ["hvs 2O ho", "nước sạch 2o hộ", "thiếu nước 1O"])
async def test_a_letter_for_a_nought_is_asked_about_behind_a_label_too(
    town: Town, head: Phone, text: str
) -> None:
    await head.says("120")
    await head.says("100")
    await head.says(text)
    assert await values(town) == {"ho": "120", "ho_dtts": "100"}


@pytest.mark.parametrize(
    "text",
    ["HVS 88 trong đó dân tộc 79", "hvs 88 trong do dtts 79", "HVS 88, riêng dân tộc 79", "HVS 88 dtts 79"],
)
async def test_the_part_is_of_the_figure_named_before_it(town: Town, head: Phone, text: str) -> None:
    await at_review(head)
    await head.says(text)
    stored = await values(town)
    assert (stored["ho_dtts"], stored["ho_hvs"], stored["ho_dtts_hvs"]) == ("100", "88", "79")


async def test_the_part_of_the_whole_is_the_next_question(town: Town, head: Phone) -> None:
    await at_review(head)
    await head.says("tổng 121 trong đó dân tộc 101")
    stored = await values(town)
    assert (stored["ho"], stored["ho_dtts"], stored["ho_dtts_hvs"]) == ("121", "101", "80")


@pytest.mark.parametrize(
    ("text", "noted"), [("ok gửi", "14"), ("gửi", "12"), ("xong gửi luôn", "12"), ("ok gui di", "14")]
)
async def test_only_with_a_yes_to_send_takes_what_is_offered(
    town: Town, head: Phone, text: str, noted: str
) -> None:
    await at_review(head)
    await head.says("sửa câu 6")
    assert "Ý bác là 14 hộ?" in text_of(await head.says("thiếu thì mười bốn nhà kể cả nhà mới tách"))
    assert "chưa gửi" in text_of(await head.says(text))
    assert (await values(town))["ho_thieu"] == noted


@pytest.mark.parametrize("text", ["lộn, thiếu nước mười một thôi", "thiếu nước mười một", "câu 6 mười một"])
async def test_numbers_in_words_put_right_at_the_review(town: Town, head: Phone, text: str) -> None:
    await at_review(head)
    await head.says(text)
    assert (await values(town))["ho_thieu"] == "11"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("câu 6 là chín tám", "98 hộ"),
        ("câu 6: hai ba hộ", "23 hộ"),
        ("câu 5 là hai tám mới đúng", "28 hộ"),
        ("nhầm, câu 6 là một hai", "12 hộ"),
        ("thiếu nước hai tám hộ", "28 hộ"),
        ("tap trung hai tam ho", "28 hộ"),
    ],
)
async def test_two_numerals_behind_a_question_are_asked_and_not_the_last_of_them(
    town: Town, head: Phone, text: str, meant: str
) -> None:
    await at_review(head)
    stood = await values(town)
    assert meant in labels(await head.says(text))
    assert await values(town) == stood


async def test_what_changes_nothing_at_the_review_is_said_not_to_be_noted(town: Town, head: Phone) -> None:
    await at_review(head)
    assert "«nước nhà ông Páo chảy yếu lắm» máy chưa ghi" in text_of(
        await head.says("nước nhà ông Páo chảy yếu lắm")
    )


async def up_to_doubt(head: Phone) -> None:
    for answer in ("120", "100", "25"):
        said = text_of(await head.says(answer))
    assert "Bác xem giúp số này" in said


@pytest.mark.parametrize(
    "text",
    [
        "còn lại ở trên nương",
        "trâu nhà tôi ốm bỏ ăn ba hôm nay rồi, gọi ai đây máy ơi",
        "nhà văn hoá thôn đẹp lắm",
        "tiến độ dự án cấp nước của xã",
        "xóm nào đang sửa đường ống",
    ],
)
async def test_other_words_at_a_doubt_are_asked_about(town: Town, head: Phone, text: str) -> None:
    await up_to_doubt(head)
    said = await head.says(text)
    assert "Lý do là: «" in text_of(said)
    assert labels(said) == ["Đúng là lý do", "Sửa số"]
    assert "Đã ghi lý do" in text_of(await head.presses("Đúng là lý do"))


async def test_words_that_are_no_reason_leave_the_doubt(town: Town, head: Phone) -> None:
    await up_to_doubt(head)
    await head.says("còn lại ở trên nương")
    assert "Có lý do" in labels(await head.says("không"))
    await head.says("còn lại ở trên nương")
    assert "Câu 3/7" in text_of(await head.presses("Sửa số"))
    await head.says("25")


async def test_figures_of_other_questions_at_a_doubt_wait_for_a_yes(town: Town, head: Phone) -> None:
    await up_to_doubt(head)
    said = text_of(await head.says("sửa câu 1 thành 119, câu 2 thành 99"))
    assert "119 hộ" in said
    assert "99 hộ" in said


@pytest.mark.parametrize(
    "text",
    [
        "nhà mệ Lài có 4 người, chưa chộ ai ra",
        "nhà đó 4 người mà chưa thấy ai ra",
        "chờ tí, đất đá đang sụt xuống nhà mệ Lài rồi",
        "bùn ập vào nhà bà Sính 3 người chưa thấy ai ra",
    ],
)
async def test_who_has_not_come_out_is_a_cry(town: Town, head: Phone, text: str) -> None:
    assert "Bác báo tin khẩn cấp phải không?" in text_of(await head.says(text))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_doubt_about_a_danger_is_let_go_the_next_day_and_says_so(town: Town, head: Phone) -> None:
    other = "chiều nay họp dân làm đường"
    assert "báo tin khẩn cấp phải không" in text_of(await head.says("trâu bò chết rét"))
    town.later(hours=2)
    assert "báo tin khẩn cấp phải không" in text_of(await head.says(other))
    town.later(hours=13)
    again = text_of(await head.says("trâu bò lại chết rét"))
    assert "báo tin khẩn cấp phải không" in again, "what cries out again keeps it open"
    said = text_of(await head.says(other))
    assert "máy chưa báo đi" in said
    assert "báo tin khẩn cấp phải không" not in said
    assert "máy chưa báo đi" not in text_of(await head.says(other))


@pytest.mark.parametrize("text", ["gửi", "ok", "ok gửi", "gửi đi"])
async def test_to_send_is_no_yes_to_more_of_a_danger_where_an_answer_was_said(
    town: Town, head: Phone, text: str
) -> None:
    await head.says("đất lở vùi nhà bà Sính")
    await head.presses("Đúng, báo ngay")
    await head.presses("Xong")
    assert "tin thêm" in text_of(await head.says("không có ai"))
    assert "tin thêm" in text_of(await head.says(text))


async def test_to_have_these_words_sent_is_a_yes(town: Town, head: Phone) -> None:
    await head.says("đất lở vùi nhà bà Sính")
    assert "phải không" not in text_of(await head.says("báo ngay lời này"))


SAID_AT_THE_FIRST_QUESTION = [
    ("trong do co 48 ho dan toc", "máy hỏi tới câu 2"),
    ("dạ thưa cán bộ thôn tôi hiện có một trăm hai mươi hai hộ ạ", "✅ Ghi nhận: 122 hộ"),
    ("vẫn trăm hai hộ như hồi đầu tháng không thay đổi gì đâu", "✅ Ghi nhận: 120 hộ"),
    ("tôi hỏi kế toán rồi, khoảng 119 hộ", "119 hộ"),
    ("52 hộ ạ, mới thêm hai nhà tách khẩu", "chưa ghi: «mới thêm 2 nhà tách khẩu»"),
    ("43 hộ được dùng còn 9 hộ thì chưa", "[43 hộ] [9 hộ]"),
    ("câu này hỏi gì?", "Câu hỏi và cách tính ở ngay dưới đây"),
    ("tính cả nhà tạm trú không", "Câu hỏi và cách tính ở ngay dưới đây"),
    ("ma hop ve sinh la the nao ha may", "Câu hỏi và cách tính ở ngay dưới đây"),
    ("tôi chưa hỏi được y tá thôn bản", "Chưa ghi nhận"),
    ("chiều tôi đi chợ huyện hỏi rồi báo lại sau nhé", "Đã cất phiếu"),
]
"""What is said at the first question, each by itself, with part of what comes."""


async def test_what_is_said_around_a_figure(town: Town, head: Phone) -> None:
    for text, told in SAID_AT_THE_FIRST_QUESTION:
        replies = await head.says(text)
        shown = text_of(replies) + " " + " ".join(f"[{label}]" for label in labels(replies))
        assert told in shown, text
        if "Ghi nhận:" in shown:
            await head.says("quay lại câu trước")
        if "Máy hiểu tin" in shown:
            await head.presses("Không đúng, hỏi từng câu")


async def test_numbers_in_words_without_marks_put_right_at_the_review(town: Town, head: Phone) -> None:
    await at_review(head)
    await head.says("thieu nuoc muoi mot thoi")
    assert (await values(town))["ho_thieu"] == "11"


async def test_the_figure_of_a_later_question_waits_for_a_yes(town: Town, head: Phone) -> None:
    await head.says("120")
    await head.says("100")
    await head.says("90")
    assert "6. Trong 30 ngày qua" in text_of(await head.says("thiếu nước bảy hộ thôi"))
    await head.presses("Đúng")
    assert (await values(town))["ho_thieu"] == "7"
    assert "ho_dtts_hvs" not in await values(town)


async def test_nothing_has_changed_said_twice_sends_nothing(town: Town, head: Phone) -> None:
    sent = len(await town.rows(Submission))
    await head.says("không có gì thay đổi")
    await head.says("không có gì thay đổi")
    assert len(await town.rows(Submission)) == sent
    await head.says("như cũ")
    assert len(await town.rows(Submission)) == sent + 1


async def test_figures_of_a_form_laid_aside_lead_back_to_it(town: Town, head: Phone) -> None:
    await head.says("120")
    await head.says("để sau")
    for text in ("khoảng bốn chục nhà", "12"):
        replies = await head.says(text)
        assert "máy chưa ghi vào phiếu nào" in text_of(replies)
        assert any(label.startswith("Làm tiếp: ") for label in labels(replies))
    assert "Câu 2/7" in text_of(await head.says("tiep tuc phieu"))


@pytest.mark.parametrize(
    "text",
    [
        "báo nhầm rồi, hộ thiếu nước là 11 chứ không phải 12",
        "hom nay gui nham ho thieu nuoc 11 chu khong phai 12",
        "nhầm rồi 12 hộ thiếu nước là sai, 11 mới đúng",
        "tôi vừa gửi nhầm rồi, số hộ thiếu nước là mười một",
        "thiếu nước 11 chơ không phải 12, tui nhầm",
        "12 mà không 11 mới đúng",
        "ho thieu nuoc sinh hoat 11 ho",
    ],
)
async def test_a_report_that_was_sent_is_put_right_in_words(town: Town, head: Phone, text: str) -> None:
    await sent_with_water(head)
    said = text_of(await head.says(text))
    assert "Bác đang sửa báo cáo đã gửi" in said
    assert "11 hộ" in said
    await head.presses("Đúng")
    assert (await values(town))["ho_thieu"] == "11"


async def test_under_the_receipt_what_is_wrong_is_wrong_in_that_report(town: Town, head: Phone) -> None:
    await sent_with_water(head)
    said = text_of(await head.says("tính sót ông Páo, 36 mới đúng"))
    assert "máy chưa ghi" in said
    assert "Bác đang sửa báo cáo đã gửi" in said


async def test_a_form_is_spoken_of_while_an_emergency_is_told(town: Town, head: Phone) -> None:
    await head.says("120")
    await head.says("đất lở vùi nhà bà Sính")
    await head.presses("Đúng, báo ngay")
    assert "tin thêm" not in text_of(await head.says("dân tộc thiểu số thì 100 hộ"))
    assert "119 hộ" in text_of(await head.says("sửa câu 1 thành 119"))
    assert "Đã ghi thêm cho tin" in text_of(await head.says("xe cứu thương chưa vào được"))


async def test_a_second_call_for_help_says_yes(town: Town, head: Phone) -> None:
    await head.says("cháy nhà ông Páo rồi")
    assert "Đã ghi Cháy" in text_of(await head.says("ai cứu chúng tôi với"))


async def test_what_was_heaped_up_answers_nothing(town: Town, head: Phone) -> None:
    await head.says("con bé nhà Mai đi hái măng chưa về")
    assert "chưa ghi vào phiếu" in text_of(await head.says("thôi huỷ, để như cũ cho tôi"))
    await head.says("nó đi với hai đứa nữa")
    assert "Câu 1/7" in text_of(await head.presses("Không phải tin khẩn cấp"))
    assert await values(town) == {}


YES_TO_A_CRY = [
    "dung bao ngay di chau",
    "u bao giup bac voi",
    "có, báo xã giúp tôi",
    "vâng nhờ cháu báo ngay cho xã biết",
]
NO_TO_A_CRY = [
    "thoi khong can bao nua, an toan roi",
    "khong phai dau, bac noi chuyen phim thoi",
    "khong phai chau a, ho dot ray",
    "nham nham, chau no chay nuong ray thoi khong sao",
    "đùa tí thôi",
    "người ta đốt nương thôi mà",
    "bo no dot co ay ma, khong phai chay",
]
NEITHER = [
    "tại nó đốt nương",
    "điện tắt rồi",
    "mà nước vẫn lên",
    "không phải lũ, cháy nhà rồi",
    "nhầm, nhà ông Páo cháy",
    "đừng báo ngay",
    "đúng, tìm thấy rồi",
]


@pytest.mark.parametrize("text", YES_TO_A_CRY)
async def test_a_yes_to_a_cry_in_ones_own_words(town: Town, head: Phone, text: str) -> None:
    await head.says("cháy nhà ông Páo rồi")
    assert "Đã ghi Cháy" in text_of(await head.says(text))


async def test_a_no_to_a_cry_in_ones_own_words(town: Town, head: Phone) -> None:
    for text in NO_TO_A_CRY:
        await head.says("cháy nhà ông Páo rồi")
        assert "máy không báo gì" in text_of(await head.says(text)), text


@pytest.mark.parametrize(
    "text",
    [
        "lũ cuốn mất hai người",
        "lu cuon mat nguoi",
        "lũ cuốn mất cháu Hoa",
        "lũ cuốn trôi bé An",
        "nước lũ dâng cao",
        "sạt lở vùi nhà ông Páo",
        "có người bị lũ cuốn",
        "sập nhà chết người",
    ],
)
async def test_nobodys_name_speaks_of_a_danger(town: Town, head: Phone, text: str) -> None:
    await head.says("/toi")
    await head.presses("Sửa tên")
    said = await head.says(text)
    assert "Đúng, báo ngay" in labels(said)
    assert text in text_of(said)


async def test_that_it_is_over_is_asked_once_more(town: Town, head: Phone) -> None:
    for text in (
        "tìm thấy hết người rồi, nước rút, ổn rồi cháu ạ",
        "tim thay het nguoi roi, nuoc rut, on roi chau a",
    ):
        await head.says("cháy nhà ông Páo rồi")
        assert "Máy hỏi lại cho chắc" in text_of(await head.says(text))
        assert "máy không báo gì" in text_of(await head.says(text)), text


async def test_what_is_neither_is_not_sent_and_that_is_said(town: Town, head: Phone) -> None:
    await head.says("cháy nhà ông Páo rồi")
    for text in [*NEITHER, "cán bộ biết chưa cháu"]:
        said = text_of(await head.says(text))
        assert "CHƯA báo cho ai" in said, text
        assert "phải không?" in said


async def test_thanks_are_no_news_of_an_emergency(town: Town, head: Phone) -> None:
    await head.says("cháy nhà ông Páo rồi")
    await head.presses("Đúng, báo ngay")
    for text in ("cảm ơn nhé", "vâng", "ừ", "đúng rồi"):
        assert "vẫn để mở" in text_of(await head.says(text)), text
    assert "chưa có cán bộ nào nhận được" in text_of(await head.says("cán bộ biết chưa cháu"))


async def test_a_form_called_by_name_while_a_cry_waits(town: Town, head: Phone) -> None:
    await head.says("để sau")
    await head.says("cháy nhà ông Páo rồi")
    said = text_of(await head.says("làm phiếu nước"))
    assert "máy chưa báo đi" in said
    assert "Câu 1/7" in said


@pytest.mark.parametrize(
    "text",
    [
        "may gio roi",
        "ca thon dung nuoc may het roi",
        "27 hộ dùng nước máy bể tập trung",
        "xe may hong roi",
        "mất sim rồi cháu ơi",
    ],
)
async def test_no_words_alone_give_out_a_code(town: Town, head: Phone, text: str) -> None:
    await head.says("để sau")
    assert "MAY-" not in text_of(await head.says(text))


@pytest.mark.parametrize(
    "text",
    [
        "thoi khong nhan tin nua",
        "đừng gửi tin tuần cho chú nữa",
        "doi gio nhan tin tuan sang thu bay 7 gio toi",
    ],
)
async def test_no_more_letters_leads_to_the_choices_of_letters(town: Town, head: Phone, text: str) -> None:
    await head.says("để sau")
    assert "Thôi nhận tin tuần" in labels(await head.says(text))


NAMED_CORRECTIONS = [
    ("sửa báo cáo nước, câu 3 là 89", "3. Bao nhiêu hộ đang dùng nước hợp vệ sinh: 89 hộ"),
    ("bác đếm lại nước sạch 89 hộ cháu sửa hộ", "89 hộ"),
    ("báo cáo nước sinh hoạt bác ghi sai câu 6, đúng ra 11", "11 hộ"),
    ("chau oi ho thieu nuoc la 11, luc nay ghi nham 12", "11 hộ"),
    ("bác đếm lại rồi, hộ dân tộc có 99, cháu sửa giúp bác", "99 hộ"),
]


@pytest.mark.parametrize(("text", "shown"), NAMED_CORRECTIONS)
async def test_a_correction_opens_what_it_names(town: Town, head: Phone, text: str, shown: str) -> None:
    await sent_with_water(head)
    said = text_of(await head.says(text))
    assert "Bác đang sửa báo cáo đã gửi" in said
    assert shown in said


async def test_a_correction_of_what_is_closed_leads_to_what_is_owed(town: Town, head: Phone) -> None:
    await head.says("để sau")
    await head.presses("Huỷ phiếu")
    await head.presses("Huỷ hẳn")
    for text in ("à nhầm, số hộ nước hợp vệ sinh là 89 mới đúng", "sửa báo cáo nước, câu 3 là 89"):
        replies = await head.says(text)
        assert "máy chưa ghi" in text_of(replies)
        assert "đã hết hạn sửa" in text_of(replies)
        assert any(label.startswith("Làm: Nước") for label in labels(replies))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("nuoc thang 10 sua lai 12 thanh 8", "tháng 10/2026 đã hết hạn sửa"),
        ("tháng 10 sửa 12 thành 8", "tháng 10/2026 đã hết hạn sửa"),
        ("nước tháng 3 sửa 12 thành 8", "không thấy báo cáo nào của kỳ ấy"),
        ("sửa báo cáo nước tháng 3", "không thấy báo cáo nào của kỳ ấy"),
    ],
)
async def test_a_correction_of_another_month_is_not_of_the_report_shown(
    town: Town, head: Phone, text: str, told: str
) -> None:
    """The receipt of November stands above, and a figure of its own is 12."""
    await sent_with_water(head)
    said = text_of(await head.says(text))
    assert "máy chưa ghi" in said
    assert told in said


async def test_to_correct_below_a_report_corrects_that(town: Town, head: Phone) -> None:
    await sent_with_water(head)
    await head.says("xem báo cáo nước")
    assert "Bác đang sửa báo cáo đã gửi" in text_of(await head.says("sua di"))


@pytest.mark.parametrize("open_too", ["", "cháy nhà ông Páo rồi"])
async def test_a_correction_that_names_a_form_is_for_that_alone(
    town: Town, head: Phone, open_too: str
) -> None:
    await sent_with_water(head)
    await head.says(open_too or "làm phiếu nhà ở")
    said = text_of(await head.says("báo cáo nước tháng này câu 3 là 88 mới đúng"))
    assert "88 hộ" in said
    assert "Nước sinh hoạt" in said


@pytest.mark.parametrize(
    ("open_too", "shown"),
    [("làm phiếu nhà ở", "tháng 10/2026\nBiên nhận"), ("cháy nhà ông Páo rồi", "Bác muốn sửa báo cáo nào")],
)
async def test_the_period_of_a_named_form_is_no_figure(
    town: Town, head: Phone, open_too: str, shown: str
) -> None:
    await sent_with_water(head)
    await head.says(open_too)
    assert shown in text_of(await head.says("sửa báo cáo nước tháng 10"))


@pytest.mark.parametrize("waits", ["", "câu 1 sửa lại 3"])
@pytest.mark.parametrize("text", ["bác muốn sửa nước tháng 11", "sua nuoc giup bac", "sửa báo cáo nước"])
async def test_a_report_that_is_named_is_shown_to_be_corrected_whatever_is_open(
    town: Town, head: Phone, text: str, waits: str
) -> None:
    await sent_with_water(head)
    await head.says("làm phiếu nhà ở")
    await head.says("2")
    if waits:
        await head.says(waits)
    said = await head.says(text)
    assert "Báo cáo đã gửi" in text_of(said)
    assert labels(said) == ["Sửa báo cáo này", "Tiếp tục"]
    assert "hưa ghi" in text_of(await head.says("sửa nhà ở"))


async def test_another_questionnaire_named_below_a_report_is_not_that_report(town: Town, head: Phone) -> None:
    await sent_with_water(head)
    await head.says("xem báo cáo nước")
    assert "Bác đang sửa báo cáo đã gửi" not in text_of(await head.says("sửa nhà ở"))


@pytest.mark.parametrize("slip", ["nhầm, không có cháy", "Không phải tin khẩn cấp"])
async def test_what_waited_for_a_yes_still_waits_after_a_cry_by_mistake(
    town: Town, head: Phone, slip: str
) -> None:
    await head.says("120")
    await head.says("câu 1 sửa lại 118")
    await head.says("cháy nhà ông Páo rồi")
    said = text_of(await head.says(slip))
    assert "máy không báo gì" in said
    assert "118 hộ" in said
    await head.presses("Đúng")
    assert (await values(town))["ho"] == "118"


async def test_a_sticker_or_an_edit_leaves_what_waits_for_a_yes(town: Town, head: Phone) -> None:
    await head.says("120")
    await head.says("câu 1 sửa lại 118")
    assert "118 hộ" in text_of(await head.sends(MessageKind.OTHER, what="sticker"))
    assert "118 hộ" in text_of(await head.sends(MessageKind.EDITED, text="câu 1 sửa lại 119"))
    await head.presses("Đúng")
    assert (await values(town))["ho"] == "118"


@pytest.mark.parametrize(
    "text", ["bac muon bao cao nuoc sach thang nay", "baocaonuoc", "làm phiếu nước", "chú báo nước sạch với"]
)
async def test_a_form_called_among_other_words_is_what_is_owed(town: Town, head: Phone, text: str) -> None:
    await head.says("để sau")
    await head.says("lịch sử")
    assert "Câu 1/7" in text_of(await head.says(text))


async def test_at_a_check_a_new_figure_is_for_what_is_asked_back(town: Town, head: Phone) -> None:
    await up_to_doubt(head)
    said = text_of(await head.says("dùng nước sạch của dân tộc được 88 hộ"))
    assert "88 hộ" in said
    assert "máy hỏi tới" not in said


async def test_a_figure_of_another_question_in_a_correction_is_not_lost_in_silence(
    town: Town, head: Phone
) -> None:
    await head.says("120")
    said = text_of(await head.says("nhầm, cả thôn là 121 chứ, 100 là dân tộc"))
    assert "121" in said


AS_BEFORE_WITH_WORDS = ["trong đó 99 hộ là người Tày, Dao", "99 ho o ben kia suoi", "chín chín hộ ở bên này"]


@pytest.mark.parametrize("text", AS_BEFORE_WITH_WORDS)
async def test_a_figure_like_last_time_is_taken_with_words_around_it(
    town: Town, head: Phone, text: str
) -> None:
    await head.says("120")
    await head.says(text)
    assert (await values(town))["ho_dtts"] == "99"


@pytest.mark.parametrize(
    "text",
    [
        "trong đó 60 hộ là người Tày",
        "thêm 99 hộ người Tày",
        "99 hộ bên kia có phải không?",
        "99 ho thieu nuoc sinh hoat o ben kia",
    ],
)
async def test_another_figure_or_a_doubtful_one_is_asked_about(town: Town, head: Phone, text: str) -> None:
    await head.says("120")
    await head.says(text)
    assert "ho_dtts" not in await values(town)


COUNTED_ELSEWHERE = [
    "hộ có điện 118",
    "ho co dien 118",
    "hộ có tivi 119",
    "hộ nhà kiên cố 121",
    "hộ có bảo hiểm 120",
    "118 hộ có nhà vệ sinh",
]


@pytest.mark.parametrize("text", COUNTED_ELSEWHERE)
async def test_what_another_form_counts_is_no_figure_here_even_if_it_is_like_last_time(
    town: Town, head: Phone, text: str
) -> None:
    await head.says(text)
    assert await values(town) == {}


async def test_latrines_are_no_hygienic_water(town: Town, head: Phone) -> None:
    await head.says("120")
    await head.says("100")
    await head.says("90 hộ có nhà vệ sinh")
    assert "ho_hvs" not in await values(town)


async def test_what_another_form_counts_changes_nothing_that_waits(town: Town, head: Phone) -> None:
    await head.says("120")
    await head.says("thiếu nước 12")
    assert "«ho co dien 11» máy chưa ghi" in text_of(await head.says("ho co dien 11"))
    await head.presses("Đúng")
    assert (await values(town))["ho_thieu"] == "12"


async def test_of_several_numbers_the_last_is_no_answer_even_if_it_is_like_last_time(
    town: Town, head: Phone
) -> None:
    for answer in ("120", "100", "90", "80", "20"):
        await head.says(answer)
    before = await values(town)
    for text in (
        "nuoc 120 109 98 27 6 12",
        "120 100 109 98 27 6",
        "5 6 12",
        "5 6 hộ 12",
        "năm sáu mười hai",
        "12 12 12",
    ):
        said = text_of(await head.says(text))
        assert "Câu 6/7" in said, text
        assert await values(town) == before, text
    # As many as are still open, and as many as there are questions: both are read back, and wait for a yes.
    for text in ("12 0", "120 100 109 98 27 6 12"):
        assert "Máy hiểu tin" in text_of(await head.says(text)), text
        assert await values(town) == before
        await head.presses("Không đúng, hỏi từng câu")
    await head.says("10, nhầm, 12")
    assert await values(town) == {**before, "ho_thieu": "12"}


async def test_one_household_that_lacks_is_not_none(town: Town, head: Phone) -> None:
    for answer in ("120", "100", "90", "80", "20"):
        await head.says(answer)
    assert any("1 hộ" in label for label in labels(await head.says("một hộ bà Mẩy chưa được giúp")))


async def test_a_check_is_put_off_or_explained_and_words_for_that_are_no_reason(
    town: Town, head: Phone
) -> None:
    await up_to_doubt(head)
    assert "Câu 3/7" in text_of(await head.says("nuoc hop ve sinh la nuoc gi"))
    await head.says("25")
    assert "Đã cất" in text_of(await head.says("thôi để mốt làm"))


async def test_what_would_replace_another_answer_is_shown_with_it(town: Town, head: Phone) -> None:
    await head.says("120")
    await head.says("100")
    said = text_of(await head.says("90, câu 2: 101"))
    assert "101 hộ (thay cho 100 hộ)" in said
    assert "90 hộ (thay" not in said


async def test_a_figure_that_is_of_another_question_leaves_the_one_it_was_laid_to(
    town: Town, head: Phone
) -> None:
    await head.says("120")
    await head.says("100, dùng nước sạch 12")
    said = text_of(await head.says("không phải, 12 là câu 6"))
    assert "6. Trong 30 ngày qua có bao nhiêu hộ thiếu nước sinh hoạt: 12 hộ" in said
    assert "3. Bao nhiêu hộ đang dùng nước hợp vệ sinh:" not in said


async def test_what_was_said_not_to_be_right_does_not_come_back(town: Town, head: Phone) -> None:
    await head.says("120")
    await head.says("100")
    await head.says("90")
    await head.says("thiếu nước bảy hộ thôi")
    await head.says("không đúng")
    said = text_of(await head.says("câu 1 sửa thành 119"))
    assert "119 hộ" in said
    assert "7 hộ" not in said


@pytest.mark.parametrize("text", ["thon chu con thieu phieu gi nua khong", "còn phiếu chi chưa làm rứa"])
async def test_what_is_still_to_be_done_is_told(town: Town, head: Phone, text: str) -> None:
    await head.says("để sau")
    assert "Nước sinh hoạt" in text_of(await head.says(text))


@pytest.mark.parametrize("text", ["lam phieu nha o", "cho bác làm báo cáo nhà ở với"])
async def test_another_form_is_called_in_the_middle_of_one(town: Town, head: Phone, text: str) -> None:
    await head.says("120")
    assert "Hiện có bao nhiêu hộ ở nhà đơn sơ" in text_of(await head.says(text))
    # While a cry waits for its answer too: it is said that it was not sent.
    await head.says("cháy rừng rồi")
    said = text_of(await head.says("làm phiếu nước"))
    assert "máy chưa báo đi" in said
    assert "Câu 2/7" in said


async def test_a_sentence_of_the_matter_calls_no_other_form(town: Town, head: Phone) -> None:
    for text in ("có nhà báo cáo là thiếu nước", "đang làm nhà ở", "3 hộ báo cáo nhà ở"):
        assert "Nhà ở ·" not in text_of(await head.says(text))


async def test_before_a_yes_only_what_is_of_that_question_replaces_it(town: Town, head: Phone) -> None:
    await head.says("120")
    await head.says("99, nước sạch 90")
    said = text_of(await head.says("thiếu nước thì tầm 12 nhà thôi"))
    assert "3. Bao nhiêu hộ đang dùng nước hợp vệ sinh: 90 hộ" in said
    assert "Đã cất phiếu" in text_of(await head.says("bac di họp da, toi lam tiep"))


async def test_a_number_alone_may_be_of_what_is_open(town: Town, head: Phone) -> None:
    await head.says("120")
    await head.says("nước sạch 90")
    replies = await head.says("88")
    assert "«88» máy chưa ghi" in text_of(replies)
    assert labels(replies)[:2] == ["Câu 2 là 88 hộ", "Câu 3 là 88 hộ"]
    assert "Đã ghi 1 câu" in text_of(await head.says("90"))


async def test_what_is_of_another_question_is_not_offered_for_the_open_one(town: Town, head: Phone) -> None:
    await head.says("120")
    replies = await head.says("thieu nuoc chac 3 4 ho")
    assert not any(label in ("3 hộ", "4 hộ") for label in labels(replies))


async def test_a_number_of_a_question_alone_names_no_report(town: Town, head: Phone) -> None:
    await sent_with_water(head)
    await begin_other(head)
    await head.says("menu")
    assert "Bác muốn sửa báo cáo nào" in text_of(await head.says("câu 2 sửa thành 31"))


async def begin_other(head: Phone) -> None:
    await head.says("làm phiếu nhà ở")
    for answer in ("8", "4", "3", "1", "2"):
        await head.says(answer)
    await head.presses("Gửi")


@pytest.mark.parametrize("text", ["báo nước nhé", "baocao nuoc"])
async def test_a_form_is_called_by_one_word(town: Town, head: Phone, text: str) -> None:
    await head.says("để sau")
    assert "Câu 1/7" in text_of(await head.says(text))


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("toi khong con lam truong thon nua", "xã gửi mã mời mới"),
        ("doi ten toi thanh Hoàng Văn Tư", "Tên bác là Hoàng Văn Tư ạ?"),
        ("doi ten toi", "gõ tên đúng"),
        ("ai nhan bao cao cua toi", "Quyền của bác"),
        ("cháu làm ơn gọi lại cho bác", "Uỷ ban xã"),
        ("tôi muốn đề nghị xã sửa cái cầu", "Uỷ ban xã"),
    ],
)
async def test_another_matter_is_answered_in_the_middle_of_a_form(
    town: Town, head: Phone, text: str, answer: str
) -> None:
    """It is no answer to the open question, which still waits."""
    said = await head.says(text)
    assert answer in text_of(said)
    assert "Tiếp tục" in labels(said)
    assert await values(town) == {}


async def test_a_question_how_many_calls_no_form(town: Town, head: Phone) -> None:
    """ "Bao nhiêu" is no "báo"."""
    await head.says("để sau")
    await head.says("ở đây có bao nhiêu hộ nghèo")
    assert await values(town) == {}
    assert "Câu 1" not in text_of(await head.says("trong bản bao nhiêu hộ nghèo vậy"))


async def test_to_pass_by_a_doubt_decides_nothing(town: Town, head: Phone) -> None:
    """ "Bỏ qua" shows the doubt again; "lùi" asks the doubted question again."""
    asked = text_of(await head.says("5"))
    assert "xem giúp số này" in asked
    assert "xem giúp số này" in text_of(await head.says("bỏ qua"))
    assert "Câu 1" in text_of(await head.says("lui lai cau truoc"))


async def test_a_guess_is_offered_where_nobody_knows_for_certain(town: Town, head: Phone) -> None:
    assert "120 hộ" in labels(await head.says("không nhớ rõ lắm, chắc 120"))


@pytest.mark.parametrize("text", ["như kỳ trước", "nhu ky truoc", "không có gì thay đổi"])
async def test_last_times_answers_leave_what_waits_for_a_yes(town: Town, head: Phone, text: str) -> None:
    button = head.button("Như kỳ trước: 120 hộ")
    await head.says("tổng 120, thiếu nước 3")
    for replies in (await head.says(text), await head.presses_data(button)):
        assert "thiếu nước sinh hoạt: 3 hộ" in text_of(replies)
    await head.presses("Đúng")
    assert await values(town) == {"ho": "120", "ho_thieu": "3"}


async def test_to_keep_as_shown_is_a_yes_to_what_waits(town: Town, head: Phone) -> None:
    await head.says("tổng 120, thiếu nước 3")
    await head.says("giữ nguyên")
    assert await values(town) == {"ho": "120", "ho_thieu": "3"}


@pytest.mark.parametrize(
    ("text", "stored", "asked"),
    [("như kỳ trước", "120", "Câu 2/7"), ("không có gì thay đổi", "3", "Câu 1/7")],
)
async def test_as_last_time_is_said_of_the_figure_in_doubt(
    town: Town, head: Phone, text: str, stored: str, asked: str
) -> None:
    await head.says("3")
    assert asked in text_of(await head.says(text))
    assert await values(town) == {"ho": stored}


LAST_MONTH = (
    "tháng 10 nước thiếu 5 hộ",
    "tháng 10 thiếu 5 hộ, tháng này 6 hộ",
    "thieu nuoc t10 la 5",
    "sua so lieu nuoc thang 10 tu 12 thanh 5",
    "sửa câu 6 tháng 10 thành 5",
)


@pytest.mark.parametrize("text", LAST_MONTH)
@pytest.mark.parametrize(
    "to", [("120", "100", "90", "80", "20"), ("120", "100", "90", "80", "20", "12", "0")]
)
async def test_a_figure_of_another_month_is_not_noted(
    town: Town, head: Phone, to: tuple[str, ...], text: str
) -> None:
    """At a question and at the review; what only compares with that month is of this one."""
    for answer in to:
        await head.says(answer)
    stood = await values(town)
    said = await head.says(text)
    assert "bác nói tháng 10/2026, còn phiếu này là của tháng 11/2026" in text_of(said)
    assert await values(town) == stood
    assert "thiếu nước sinh hoạt: 12 hộ" in text_of(await head.presses("Xem báo cáo tháng 10/2026"))


async def test_a_figure_of_another_month_changes_nothing_that_waits_for_a_yes(
    town: Town, head: Phone
) -> None:
    await head.says("tổng 120; thiếu nước 3")
    assert "bác nói tháng 10/2026" in text_of(await head.says("tháng 10 nước thiếu 5 hộ"))
    await head.says("đúng")
    assert await values(town) == {"ho": "120", "ho_thieu": "3"}


@pytest.mark.parametrize("text", ["thiếu nước tháng này 4 hộ", "thiếu nước còn 4 hộ, giảm so với tháng 10"])
async def test_a_month_that_is_only_compared_with_is_no_other_period(
    town: Town, head: Phone, text: str
) -> None:
    await at_review(head)
    assert "bác nói" not in text_of(await head.says(text))


@pytest.mark.parametrize("text", ["nước hợp vệ sinh là gì", "nuoc hop ve sinh la nhu the nao"])
async def test_what_a_question_means_is_answered_with_its_definition_and_the_question(
    town: Town, head: Phone, text: str
) -> None:
    for answer in ("120", "100"):
        await head.says(answer)
    told = await head.says(text)
    assert "đun sôi là uống được" in text_of(told)
    assert "Câu 3/7" in text_of(told)
    assert "Ghi nhận: 90 hộ" in text_of(await head.says("90"))


async def test_the_answers_so_far_are_shown_again_with_the_question(town: Town, head: Phone) -> None:
    assert "chưa trả lời câu nào" in text_of(await head.says("xem lại"))
    for answer in ("121", "100"):
        await head.says(answer)
    told = text_of(await head.says("xem lai"))
    assert "1. Thôn có tất cả bao nhiêu hộ: 121 hộ ◂ đổi, kỳ trước 120 hộ" in told
    assert "Câu 3/7" in told


@pytest.mark.parametrize("text", ["ba bốn hộ", "chac mot hai ho", "tam chin nha"])
async def test_two_numerals_in_a_row_leave_it_between_them(town: Town, head: Phone, text: str) -> None:
    for answer in ("120", "100", "90", "80", "20"):
        await head.says(answer)
    stood = await values(town)
    said = await head.says(text)
    assert "không phải khoảng" in text_of(said)
    assert len([label for label in labels(said) if label.endswith(" hộ")]) == 4, (
        "both ends, the ten and unit, last time"
    )
    assert await values(town) == stood


@pytest.mark.parametrize(
    "text",
    [
        "hôm trước báo 12 hộ thiếu nước, giờ còn 2",
        "bua truoc toi bao 12 ho thieu nuoc ma thiet ra la 2 ho thoi",
    ],
)
async def test_what_was_reported_and_what_is_so_now_is_a_correction(
    town: Town, head: Phone, text: str
) -> None:
    await at_review(head)
    await head.presses("Gửi")
    assert "2 hộ (thay cho 12 hộ)" in text_of(await head.says(text))


@pytest.mark.parametrize("text", ["tất cả trừ 3 hộ", "cả thôn trừ 3 hộ"])
async def test_all_but_some_is_about_the_open_question(head: Phone, text: str) -> None:
    for answer in ("120", "100"):
        await head.says(answer)
    assert labels(await head.says(text))[:2] == ["117 hộ", "3 hộ"]


async def test_a_slip_just_now_is_of_the_question_that_is_named(head: Phone) -> None:
    await head.says("120")
    assert "121 hộ (thay cho 120 hộ)" in text_of(await head.says("nãy nhầm, tổng số hộ là 121"))

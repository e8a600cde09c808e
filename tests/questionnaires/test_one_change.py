"""How one answer is put right in words, and what puts none right."""

from dataclasses import replace

import pytest

from questionnaires.interview import Line
from questionnaires.one_change import called_wrong, read_change

LABELS = (
    "Thôn có tất cả bao nhiêu hộ?",
    "Trong đó có bao nhiêu hộ dân tộc thiểu số?",
    "Bao nhiêu hộ đang dùng nước hợp vệ sinh?",
    "Có bao nhiêu hộ nghèo?",
    "Trong 30 ngày qua có bao nhiêu hộ thiếu nước sinh hoạt?",
)
ASKED = [Line(str(number), label, "", False, "") for number, label in enumerate(LABELS, 1)]


def said(text: str, *, listed: bool = False) -> str:
    """ "5=4" for the fifth question, "…" for the one answered last, "*" before it where all else is as before."""
    change = read_change(text, ASKED, "…", listed=listed)
    return f"{'*' * change.as_before}{change.path}={change.answer}" if change else ""


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("vẫn thế, chỉ có hộ thiếu nước là 4 thôi", "*5=4"),
        ("như cũ, chỉ khác hộ thiếu nước 4", "*5=4"),
        ("không đổi trừ câu 5 là 4", "*5=4"),
        ("van nhu cu nhung cau 5 la 4", "*5=4"),
        ("sửa câu 2 thành 117", "2=117"),
        ("cau 1 sai roi, 121", "1=121"),
        ("toi bao nham cau 5, dung ra la 7", "5=7"),
        ("bao nham, ho ngheo 21 thoi", "4=21"),
        ("cau 2 sai, 108 moi dung", "2=108"),
        ("ý tôi là 107", "…=107"),
        ("lúc nãy tôi nói 109 là sai, 106", "…=106"),
        ("nhầm, 101 cơ", "…=101"),
        ("không phải, 105 chứ", "…=105"),
        ("không phải 22 mà là 21", "…=21"),
        ("hộ nghèo 21, không phải 22", "4=21"),
        ("câu 4 là 21, ko phải hai mươi hai", "4=21"),
        ("hộ nghèo 21 chứ không phải 22", "4=21"),
        ("thieu 3", "5=3"),
        ("3 chứ không phải 4", "…=3"),
        ("109 mà không 110 mới đúng", "…=110"),
        ("110 hộ mới đúng chứ 109 sai", "…=110"),
        ("số 109 là sai, 110 mới phải ạ", "…=110"),
        ("nhầm câu 5, 28 mới phải", "5=28"),
        ("máy báo sai hộ nghèo, 3 chứ k phải 4", "4=3"),
        ("câu 3: 85", "3=85"),
        ("4. 95", "4=95"),
        ("dtts 109", "2=109"),
        ("hộ thiếu nước: 1", "5=1"),
        ("thieu nuoc thang 5 ho", "5=5"),
        ("câu 5 tháng 9", "5=tháng 9"),
        ("cau 5 hai ho", "5=hai"),
        ("sai câu 4 rồi", "4="),
        ("có đổi câu 4", "4="),
        ("à 120 chứ", "…=120"),
        ("câu 4 ghi 98 mới đúng", "4=98"),
        ("sửa câu 5 thành có", "5=có"),
        ("sai câu 4, có đường bê tông rồi", "4=có đường bê tông rồi"),
        ("cau 4 sua thanh chua", "4=chua"),
        ("gửi đi, thiếu nước 4", "5=4"),
        ("hộ thiếu nước bác báo 0 là sai, có 1 hộ thiếu nước", "5=1"),
    ],
)
def test_one_answer_is_put_right(text: str, meant: str) -> None:
    assert said(text) == meant


def test_a_question_that_is_only_named_in_words_is_one_of_the_list() -> None:
    assert said("sửa câu thiếu nước", listed=True) == "5="
    assert said("sửa câu thiếu nước") == ""


@pytest.mark.parametrize(
    "text",
    [
        # Each clause tells a figure of its own: one of them would be lost.
        "nhầm, thiếu nước là 4 chứ, 21 là hộ nghèo",
        "nham, 109 dan toc, 21 ho ngheo",
        # Of another report, and the number at its end was wrong.
        "cân trẻ là 22 cháu, lúc nãy ghi nhầm 1",
        # What is denied is not what is asked.
        "nhầm, 21 hộ không nghèo",
        # Of another period, which is no count.
        "sua nuoc thang 10",
        "nuoc hop ve sinh thang 5",
        "con may ho thieu nuoc thang 9",
        "thieu nuoc quy 3",
        "toi con may ho ngheo thang 14",
        "hộ nghèo T10",
    ],
)
def test_what_is_of_two_answers_or_of_none_puts_none_right(text: str) -> None:
    assert said(text, listed=True) == ""


def test_a_number_of_the_question_is_no_figure() -> None:
    assert said("sửa lại thiếu nước trong 30 ngày qua là 4") == "5=4"


@pytest.mark.parametrize("text", ["5 - 3", "5 4"])
def test_two_numbers_mean_a_question_and_its_answer_only_where_answers_are_listed(text: str) -> None:
    assert said(text, listed=True).startswith("5=")
    assert said(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "25 hộ 120 khẩu",
        "95",
        "không biết",
        "còn 3 hộ chưa có",
        "nhầm rồi",
        "sửa",
        "câu 9 là 3",
        "câu 2 là 3, câu 4 là 5",
        "câu 4 và 5 sai",
        "như câu 4",
        "câu 4, 5 sai",
        "đổi câu 4 và câu 5",
        "đổi thiếu nước xuống 4, hộ nghèo lên 2",
        "câu 4 sửa thành -95",
        "câu 4: -95",
        "",
    ],
)
def test_what_names_nothing_or_too_much_puts_nothing_right(text: str) -> None:
    assert said(text) == ""


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("số 27 phải là 29", "5=29"),
        ("27 là sai, 29 mới đúng", "5=29"),
        ("số 31 phải là 29", "…=29"),
        ("số 109 phải là 107", "…=107"),
    ],
)
def test_a_figure_that_stands_names_its_question(text: str, meant: str) -> None:
    values = ("120", "109", "109", "98", "27")
    lines = [replace(line, value=value) for line, value in zip(ASKED, values, strict=True)]
    change = read_change(text, lines, "…", listed=True)
    assert change is not None
    assert f"{change.path}={change.answer}" == meant


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("có 44 hộ có nước thôi, ko phải 45", "45"),
        ("ho ngheo 21 chu khong phai la 22", "22"),
        ("nỏ phải 45 mô, 44", "45"),
        ("44 thay vì 45", "45"),
        ("44 hộ thôi", ""),
        ("không phải, 105 chứ", ""),
        ("không phải hộ nghèo", ""),
    ],
)
def test_which_figure_is_called_wrong(text: str, wrong: str) -> None:
    assert called_wrong(text) == wrong

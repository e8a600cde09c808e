"""Figures in spoken sentences: what is taken of them, and what is left to be asked about."""

import pytest

from questionnaires.interview import Line
from questionnaires.told_figure import figure_told, says_all, speaks_only_of

WATER = (
    "Thôn có tất cả bao nhiêu hộ?",
    "Trong đó có bao nhiêu hộ dân tộc thiểu số?",
    "Bao nhiêu hộ đang dùng nước hợp vệ sinh?",
    "Trong các hộ dân tộc thiểu số, bao nhiêu hộ dùng nước hợp vệ sinh?",
    "Bao nhiêu hộ dùng nước hợp vệ sinh từ công trình tập trung?",
    "Trong 30 ngày qua có bao nhiêu hộ thiếu nước sinh hoạt?",
    "Có bao nhiêu công trình nước tập trung đang hỏng?",
)
ROADS = (
    "Thôn có tất cả bao nhiêu hộ?",
    "Bao nhiêu hộ có điện để dùng hằng ngày?",
    "Bao nhiêu hộ được thu gom rác, hoặc tự xử lý rác đúng hướng dẫn?",
)
HEALTH = (
    "Thôn có bao nhiêu người dân tộc thiểu số?",
    "Trong đó bao nhiêu người có thẻ bảo hiểm y tế còn hạn?",
    "Trong 3 tháng qua thôn có bao nhiêu bà mẹ sinh con?",
)
LAND = (
    "Thôn có bao nhiêu hộ nghèo?",
    "Hiện có bao nhiêu hộ chưa có đất làm nhà?",
    "Hiện có bao nhiêu hộ không có hoặc thiếu trên 50% đất sản xuất?",
)
COUNTS = {"công trình nước tập trung đang hỏng": "công trình", "người": "người", "bà mẹ": "bà mẹ"}

TOLD = [
    (WATER, 1, "dạ thưa cán bộ thôn tôi năm mươi hai hộ ạ", "52"),
    (WATER, 1, "vẫn tám mươi sáu hộ như hồi đầu tháng không thay đổi gì đâu", "86"),
    (WATER, 1, "tôi hỏi kế toán rồi, 87 hộ", "87"),
    (WATER, 1, "trong do co 48 ho dan toc", ""),
    (WATER, 1, "52 hộ ạ, mới thêm hai nhà tách khẩu", ""),
    (WATER, 2, "trong 52 ho do thi 48 la ho dan toc", "48"),
    (WATER, 3, "bốn mươi lăm hộ dùng nước sạch, à quên bốn mươi ba mới đúng", "43"),
    (WATER, 3, "48 hộ dân tộc dùng nước sạch", ""),
    (WATER, 3, "hộ nghèo dân tộc là hai mươi hai", ""),
    (WATER, 3, "còn 5 hộ chưa có nước sạch", ""),
    (WATER, 5, "khong co ho nao dung nuoc tap trung dau", "0"),
    (WATER, 6, "không nhà nào thiếu nước, 3 nhà thiếu ít", ""),
    (ROADS, 2, "tôi đi nương về mới đếm được, có 44 nhà có điện", "44"),
    (ROADS, 2, "60 nhà có điện rồi, 3 nhà trên nương chưa có", ""),
    (ROADS, 2, "ừ tám mươi ba", "83"),
    (ROADS, 3, "rác khoảng 30 nhà thôi ạ", "khoảng 30"),
    (HEALTH, 1, "Kính thưa đồng chí thôn tôi hiện có hai trăm mười người", "210"),
    (HEALTH, 2, "hỏi rồi, một trăm chín mươi tám người có thẻ", "198"),
    (HEALTH, 2, "câu vừa rồi tôi nói sai, là hai trăm linh một", ""),
    (HEALTH, 3, "có 5 bà đẻ", "5"),
    (LAND, 2, "2 hộ chưa có đất làm nhà", "2"),
    (LAND, 2, "5 hộ không thiếu đất", ""),
    (LAND, 3, "thiếu đất sản xuất thì 4 hộ", "4"),
    (LAND, 3, "5 hộ không thiếu đất sản xuất", ""),
    (LAND, 3, "trên 5 hộ thiếu đất sản xuất", ""),
    # Who has is not who lacks, and what a mark tells apart is not the question's word.
    (LAND, 2, "36 hộ có đất làm nhà", ""),
    (WATER, 7, "có 2 công trình nước tập trung", ""),
    (WATER, 6, "2 hộ đỡ thiếu nước", ""),
    (WATER, 3, "9 hộ nước bẩn", ""),
    (LAND, 1, "3 hộ nghèo mới", ""),
    (WATER, 6, "nước đầy đủ chẳng nhà nào thiếu hết", "0"),
    (WATER, 6, "4 hộ, cả 4 hộ thiếu nước", "4"),
    # A share of the households is no number of them.
    (WATER, 3, "90%", ""),
    (WATER, 3, "dạ 90 phần trăm", ""),
    (WATER, 3, "đạt 90 % rồi", ""),
    # Nothing that is counted is below zero: it may mean so many fewer. A dash that sets words apart is none.
    (WATER, 1, "-96", ""),
    (WATER, 1, "- 96 hộ", ""),
    (WATER, 1, "−96 hộ ạ", ""),
    (WATER, 2, "còn -2 hộ", ""),
    (WATER, 2, "hộ dân tộc - 90", "90"),
    # A denied number is no figure; the one beside it is.
    (WATER, 6, "có ba hộ, ko phải hai", "3"),
    (WATER, 6, "co ba ho, ko phai hai", "3"),
    (WATER, 6, "không phải hai, ba hộ", "3"),
    (WATER, 6, "không phải là 2 hộ mà 3 hộ", "3"),
    (WATER, 6, "3 hộ thiếu nước, không phải 2-4 hộ đâu", "3"),
    (WATER, 6, "không phải 2", ""),
    # A time is never a count.
    (WATER, 3, "nuoc thang 5", ""),
    (WATER, 6, "con may ho thieu nuoc thang 9", ""),
    (WATER, 6, "thiếu nước quý 3", ""),
    (WATER, 6, "thiếu nước tuần 2", ""),
    (WATER, 6, "thieu nuoc ngay 5", ""),
    (WATER, 6, "thiếu nước T10", ""),
    (WATER, 6, "thieu nuoc nam 2023", ""),
    (WATER, 6, "tháng này 5 hộ thiếu nước", "5"),
]


def lines(labels: tuple[str, ...]) -> list[Line]:
    return [Line(label, label, "", estimate=False, value="") for label in labels]


def units(labels: tuple[str, ...]) -> dict[str, str]:
    return {label: next((unit for words, unit in COUNTS.items() if words in label), "hộ") for label in labels}


@pytest.mark.parametrize(("labels", "number", "text", "figure"), TOLD)
def test_the_only_figure_of_a_sentence_is_taken(
    labels: tuple[str, ...], number: int, text: str, figure: str
) -> None:
    assert figure_told(text, lines(labels), labels[number - 1], units(labels)) == figure


@pytest.mark.parametrize(
    ("text", "everywhere"),
    [
        ("đủ hết cả nhà nào cũng có điện rồi", True),
        ("cả thôn có điện rồi", True),
        ("tất cả như tháng trước", False),
        ("cả thôn chưa có điện", False),
        ("cả thôn có nước sạch", False),
        ("gần hết", False),
    ],
)
def test_all_is_said_of_the_question_in_its_own_words(text: str, everywhere: bool) -> None:
    assert says_all(text, lines(ROADS), ROADS[1]) is everywhere


@pytest.mark.parametrize("text", ["cả thôn có nước rồi", "nhà nào cũng đủ nước sinh hoạt"])
def test_that_all_have_is_no_number_of_those_who_lack(text: str) -> None:
    assert not says_all(text, lines(WATER), WATER[5])
    assert not says_all("ai cũng có đất làm nhà rồi", lines(LAND), LAND[1])


def test_another_thing_is_counted_than_is_asked_for() -> None:
    assert speaks_only_of("2 chị ở bên kia suối", lines(HEALTH), HEALTH[2], "bà mẹ")
    assert not speaks_only_of("bà mẹ tháng 2", lines(HEALTH), HEALTH[2], "bà mẹ")
    assert not speaks_only_of("hai cháu gầy", lines(HEALTH), HEALTH[2], "bà mẹ")
    assert not speaks_only_of("2 cháu gầy", lines(HEALTH), HEALTH[2], "bà mẹ")

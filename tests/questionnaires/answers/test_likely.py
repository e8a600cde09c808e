"""What is offered on buttons for a count that was not taken; none of it is ever taken by itself."""

from datetime import date
from decimal import Decimal

import pytest

from questionnaires.answers import AnswerKind, ExpectedAnswer, read

OFFERED = {
    "12o": [120], "l20": [120], "1o9 hộ": [109], "3o 4o": [],
    "cả thôn": [120], "100%": [120], "nhà nào cũng có rồi": [120], "một nửa": [60], "2/3 số hộ": [80], "1/7": [],
    "còn 3 hộ chưa có": [117, 3], "tất cả đều chưa có": [0], "hết rồi": [120, 0], "chưa thấy ai": [0],
    "dtts 109/120": [109], "tăng lên 110": [110], "110 (tăng 1)": [110], "tăng 3": [], "8h sáng mai họp": [],
    "2 hộ đang hỏng ống": [2], "98 hộ, còn lại dùng nước suối": [98, 22],
    "sáu hộ, trong đó 2 hộ nặng": [6, 2], "43 hộ được dùng còn 9 hộ thì chưa": [43, 9], "sáu hai": [62],
    "ko biết nữa": [], "không phải": [], "chưa": [], "121 hộ chưa": [], "tất cả à?": [],
    "điện thì được bảy mươi hai nhà": [72], "thu gom rac thi bon chuc nha": [40], "ba tôi đi vắng": [],
    "so ho thieu nuoc thang 13": [],
    "chi thieu moi nha ong Tu": [], "chỉ mỗi nhà bà Mẩy": [], "moi nha deu co": [120],
    "ba bốn hộ": [3, 4, 34], "nam sau ho": [5, 6, 56], "hai ba chục": [20, 30], "chín mười nhà": [9, 10],
    "một hai ba": [123], "một không chín": [109], "một linh hai": [102], "trăm hai ba": [123], "một trăm hai ba": [123],
    "một hai mươi ba": [123], "mười hai ba hộ": [12, 13], "hai mươi hai ba": [22, 23], "ba không": [30, 0],
    "thiếu nước hai tám hộ": [28], "cả năm một hai hộ": [1, 2, 12], "ko phải hai tám": [],
    "tất": [120], "tat roi": [], "da tat": [], "gio da tat roi": [], "tắt rồi": [], "tat ca": [120],
    "chưa hết đâu nhá": [], "chua het dich dau nha": [], "không hết được": [],
}  # fmt: skip
UNKNOWN_WHOLE = {
    "nuoc thang 5": [],
    "thiếu nước quý 3": [],
    "cả thôn": [],
    "chưa thấy ai": [0],
    "hết hộ thiếu nước rồi": [0],
    "một nửa": [],
    "12o": [120],
}


@pytest.mark.parametrize(
    ("typed", "whole", "offered"),
    [
        *((typed, Decimal(120), offered) for typed, offered in OFFERED.items()),
        *((typed, None, offered) for typed, offered in UNKNOWN_WHOLE.items()),
    ],
)
def test_what_may_have_been_meant_is_offered(typed: str, whole: Decimal | None, offered: list[int]) -> None:
    reading = read(typed, ExpectedAnswer(AnswerKind.COUNT, date(2026, 11, 29), "hộ", whole=whole))
    assert reading.status == "ask"
    assert [candidate.value for candidate in reading.candidates] == offered


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("tăng thêm 2 hộ so với tháng trước", [122]),
        ("giam 1 ho so voi ky truoc", [119]),
        ("thêm hai hộ", [122]),
        ("bớt 3", [117]),
        ("+2", [122]),
        ("giảm 121 hộ", []),
        ("tăng 3 giảm 1", []),
        ("tăng từ 118 lên 120", [120]),
        ("bằng kỳ trước cộng thêm 1", [121, 1]),
        ("như cũ", []),
    ],
)
def test_a_change_is_added_to_the_count_of_the_period_before(typed: str, offered: list[int]) -> None:
    reading = read(typed, ExpectedAnswer(AnswerKind.COUNT, date(2026, 11, 29), "hộ", before=Decimal(120)))
    assert reading.status == "ask"
    assert [candidate.value for candidate in reading.candidates] == offered

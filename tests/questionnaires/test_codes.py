"""Numbers of papers, phones and accounts that a form asks for as numbers."""

import pytest

from questionnaires.codes import names_code
from questionnaires.interview import Finished, Recorded, Refused, Skip, first_of
from tests.questionnaires.forming import Walk, advice, form

TWELVE = "regex(string(.), '^[0-9]{12}$')"


@pytest.mark.parametrize(
    ("row", "said", "kept"),
    [
        (f"integer | a | Giấy tờ | {TWELVE}", "001085012345", "001085012345"),
        (f"integer | a | Giấy tờ | {TWELVE}", "0010 8501 2345", "001085012345"),
        (f"decimal | a | Giấy tờ | {TWELVE}", "1912345678", ""),
        ("integer | a | Giấy tờ | string-length(.) = 9 or string-length(.) = 12", "095123456", "095123456"),
        ("integer | a | Số CCCD của chủ hộ | ", "cccd 001085012345", "001085012345"),
        ("integer | a | Số điện thoại | ", "0912.345.678", "0912345678"),
        ("integer | a | Số điện thoại | ", "không có", ""),
        ("integer | a | Mã số thuế | ", "0101248141", "0101248141"),
        ("integer | a | Số hộ | regex(., '^[0-9]{1,3}$')", "hai muoi", "20"),
        ("integer | a | Năm xây dựng | regex(., '^[12][09][0-9]{2}$')", "2015", "2015"),
        ("integer | a | Năm nay có mấy con gà | ", "1.956", "1.956"),
        ("integer | a | Năm sinh | string-length(.) = 4", "1956", "1956"),
        ("integer | a | Số điện thoại đã hỏng | ", "012", ""),
    ],
)
def test_a_code_is_kept_digit_by_digit(row: str, said: str, kept: str) -> None:
    walk = Walk(form(f"type | name | label | constraint\n{row}\nnote | n | Đã ghi ${{a}} |")).do(said)
    if not kept:
        refused = first_of(walk.events, Refused)
        assert refused is not None
        assert walk.do(refused.example).interview.values
        return
    recorded = first_of(walk.events, Recorded)
    assert recorded is not None
    assert (recorded.value, recorded.shown) == (kept.replace(".", ""), kept)
    finished = first_of(walk.do(Skip()).events, Finished)
    assert finished is not None
    assert f"<a>{recorded.value}</a>" in finished.instance
    assert finished.notes == (f"Đã ghi {kept}",)


@pytest.mark.parametrize(
    ("label", "is_code"),
    [
        ("Số căn cước công dân", True),
        ("12. Số điện thoại liên hệ (nếu có)", True),
        ("Mã hộ", True),
        ("Mạ đã gieo (ha)", False),
        ("Số tài khoản ngân hàng", True),
        ("Có bao nhiêu số điện thoại?", False),
        ("Số hộ có điện thoại", False),
        ("Số căn cước đã cấp", False),
        ("Số điện thoại thông minh trong nhà", False),
        ("Phone number", True),
    ],
)
def test_words_that_name_a_code(label: str, is_code: bool) -> None:
    assert names_code(label) is is_code


def test_a_code_asked_as_a_number_is_advised_against() -> None:
    head = "type | name | label | bind::ask\n"
    assert [fault.code for fault in advice(head + "integer | a | Số CCCD | ")] == ["code_as_number"]
    assert advice(head + "integer | a | Số CCCD | count") == []
    assert advice(head + "text | a | Số CCCD | ") == []

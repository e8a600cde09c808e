"""What a cry that nobody knows of yet is answered with: yes, no, or neither, and which no is asked about once more."""

from datetime import date

import pytest

from handlers.cry_answers import answered, is_doubtful_no

TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    "text",
    [
        "hết mưa rồi",
        "het mua roi",
        "tạnh rồi ạ",
        "mưa tạnh rồi, trời nắng rồi",
        "gio dut roi",
        "it stopped raining",
    ],
)
def test_better_weather_neither_sends_nor_drops_a_cry(text: str) -> None:
    assert answered(text, TODAY) is None


@pytest.mark.parametrize(
    "text", ["ổn rồi", "xong roi", "nước rút rồi", "lửa tắt rồi", "thôi", "2", "cứu được hết rồi"]
)
def test_a_no_that_may_be_meant_otherwise_is_asked_about(text: str) -> None:
    assert is_doubtful_no(text)


@pytest.mark.parametrize(
    "text",
    [
        "không phải",
        "bấm nhầm",
        "nhầm rồi, không có cháy đâu",
        "khong co gi dau",
        "cháu nó nghịch máy",
        "không sao đâu",
    ],
)
def test_an_outright_no_is_taken_at_once(text: str) -> None:
    assert answered(text, TODAY) is False
    assert not is_doubtful_no(text)

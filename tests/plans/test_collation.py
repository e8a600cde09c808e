"""Names in the order in which people look them up."""

import pytest

from plans.collation import name_key

ORDERS = [
    ["Số 2", "Số 10", "Số 11", "Số 100"],
    ["Ăn", "Âm", "Ba", "Dương", "Đa", "Em", "Ên", "Oa", "Ôn", "Ơn", "Ung", "Ưng"],
    ["Ba", "Bà", "Bả", "Bã", "Bá", "Bạ"],
    ["Na Hin", "Nà Hin", "Na Hinh", "Nà Phiệt"],
    ["", "Thôn 1", "thôn 2"],
]


@pytest.mark.parametrize("names", ORDERS)
def test_letters_numbers_and_tones_have_their_order(names: list[str]) -> None:
    assert sorted(sorted(names, reverse=True), key=name_key) == names


@pytest.mark.parametrize("name", ["ﷺ", "İ", "ß", "a\u0300\u0301", "🏠 2", "٣"])
def test_any_name_has_a_place(name: str) -> None:
    assert sorted([name, "Ba"], key=name_key)

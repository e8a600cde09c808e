"""A part of a year without its year is the newest one that has begun: in January that of the year that is over."""

from datetime import date

import pytest

from queries.understand import understand
from tests.queries.test_corpus import ASKER, DICTIONARY, GAZETTEER

JANUARY = date(2027, 1, 5)
SATURDAY = date(2027, 1, 2)
"""Still in week 53 of 2026."""


@pytest.mark.parametrize(
    ("when", "today", "first", "last"),
    [
        ("quý 4", JANUARY, date(2026, 10, 1), date(2026, 12, 31)),
        ("quý trước", JANUARY, date(2026, 10, 1), date(2026, 12, 31)),
        ("quý 1", JANUARY, date(2027, 1, 1), date(2027, 3, 31)),
        ("tháng 12", JANUARY, date(2026, 12, 1), date(2026, 12, 31)),
        ("tháng trước", JANUARY, date(2026, 12, 1), date(2026, 12, 31)),
        ("tháng 11", SATURDAY, date(2026, 11, 1), date(2026, 11, 30)),
        ("tháng 1", JANUARY, date(2027, 1, 1), date(2027, 1, 31)),
        ("6 tháng cuối năm", JANUARY, date(2026, 7, 1), date(2026, 12, 31)),
        ("tuần 53", SATURDAY, date(2026, 12, 28), date(2027, 1, 3)),
        ("tuần 53", JANUARY, date(2026, 12, 28), date(2027, 1, 3)),
        ("tuần trước", JANUARY, date(2026, 12, 28), date(2027, 1, 3)),
        ("tuần 1", SATURDAY, date(2025, 12, 29), date(2026, 1, 4)),
        ("tuần 1", JANUARY, date(2027, 1, 4), date(2027, 1, 10)),
        ("tuần 1", date(2025, 12, 30), date(2025, 12, 29), date(2026, 1, 4)),
        ("từ tháng 10 đến tháng 12", JANUARY, date(2026, 10, 1), date(2026, 12, 31)),
        ("từ tháng 11 đến tháng 1", JANUARY, date(2026, 11, 1), date(2027, 1, 31)),
        ("từ tháng 11 đến tháng 2", date(2026, 11, 20), date(2025, 11, 1), date(2026, 2, 28)),
        ("từ tháng 10 đến nay", JANUARY, date(2026, 10, 1), JANUARY),
        ("tháng 12/2025", JANUARY, date(2025, 12, 1), date(2025, 12, 31)),
        ("tháng 12", date(2026, 11, 20), date(2025, 12, 1), date(2025, 12, 31)),
    ],
)
def test_the_newest_that_has_begun_is_meant(when: str, today: date, first: date, last: date) -> None:
    found = understand(f"nhà tạm {when}", DICTIONARY, GAZETTEER, ASKER, today)
    assert found.status == "answer"
    assert found.query.periods == ((first, last),) or (not found.query.periods and found.query.back == 1)


@pytest.mark.parametrize("when", ["tháng 12/2027", "tháng 12 năm nay", "tuần sau", "năm 2030"])
def test_what_is_said_to_be_to_come_is_asked_about(when: str) -> None:
    assert understand(f"nhà tạm {when}", DICTIONARY, GAZETTEER, ASKER, JANUARY).status == "clarify"

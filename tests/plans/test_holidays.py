"""Public holidays: which days they are, and where what would fall on one goes."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from plans.holidays import TABLE, brought_forward, holiday, is_working_day, put_off, within
from plans.period import PeriodKind, from_key
from plans.schedule import Entry
from tests.plans.draw_holidays import drawn
from tests.plans.test_schedule import entries

DAY = timedelta(days=1)
WATER = Entry("nuoc", "thon", PeriodKind.MONTH, 5, within=7)
days = st.dates(date(1900, 1, 1), date(2110, 12, 31))


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 1, 1), "Tết Dương lịch"),
        (date(2025, 1, 28), "Giao thừa Tết Nguyên Đán"),
        (date(2026, 2, 17), "Tết Nguyên Đán"),
        (date(2027, 2, 6), "Tết Nguyên Đán"),
        (date(2025, 4, 7), "Ngày Giỗ Tổ Hùng Vương"),
        (date(2026, 4, 27), "Ngày Giỗ Tổ Hùng Vương (nghỉ bù)"),
        (date(2026, 4, 30), "Ngày Chiến thắng"),
        (date(2026, 5, 1), "Ngày Quốc tế Lao động"),
        (date(2026, 9, 1), "Quốc khánh"),
        (date(2026, 9, 2), "Quốc khánh"),
        (date(2026, 11, 20), ""),
        (date(2026, 11, 22), ""),
        (date(2101, 1, 1), ""),
    ],
)
def test_the_public_holidays(day: date, name: str) -> None:
    assert holiday(day) == name


def test_their_names_are_in_both_languages() -> None:
    assert within(date(2026, 2, 13), date(2026, 2, 18), "en") == {
        date(2026, 2, 16): "Lunar New Year's Eve",
        date(2026, 2, 17): "Lunar New Year",
        date(2026, 2, 18): "Second Day of Lunar New Year",
    }
    assert within(date(2026, 11, 2), date(2026, 11, 8)) == {}


@pytest.mark.parametrize(
    ("day", "later", "earlier"),
    [
        (date(2026, 11, 22), date(2026, 11, 22), date(2026, 11, 22)),
        (date(2027, 2, 7), date(2027, 2, 11), date(2027, 2, 3)),
        (date(2026, 5, 1), date(2026, 5, 4), date(2026, 4, 29)),
        (date(2025, 5, 2), date(2025, 5, 5), date(2025, 4, 29)),
        (date(2025, 4, 30), date(2025, 5, 5), date(2025, 4, 29)),
        (date(2024, 5, 1), date(2024, 5, 2), date(2024, 4, 26)),
    ],
)
def test_what_falls_on_a_holiday_goes_to_a_working_day(day: date, later: date, earlier: date) -> None:
    assert (put_off(day), brought_forward(day)) == (later, earlier)


@given(days)
def test_nothing_stays_on_a_holiday_and_all_else_stays(day: date) -> None:
    later, earlier = put_off(day), brought_forward(day)
    assert earlier <= day <= later
    assert not holiday(later)
    assert not holiday(earlier)
    assert ((earlier, later) == (day, day)) is not bool(holiday(day))
    if holiday(day):
        passed = [earlier + DAY * at for at in range(1, (later - earlier).days)]
        assert not any(is_working_day(each) for each in passed)
        assert is_working_day(later)
        assert is_working_day(earlier)


def stays(day: date) -> bool:
    """Whether `day` is a plain Saturday or Sunday: nothing is moved off it, so what is moved may pass it."""
    return not holiday(day) and not is_working_day(day)


@given(days, st.integers(0, 30))
@example(date(2000, 1, 1), 1)
@example(date(2066, 1, 23), 2)
def test_order_is_kept(day: date, more: int) -> None:
    later = day + DAY * more
    assert stays(later) or put_off(day) <= put_off(later)
    assert stays(day) or brought_forward(day) <= brought_forward(later)


@given(entries(), st.dates(date(2021, 1, 1), date(2031, 12, 31)))
def test_no_report_is_due_on_a_holiday(entry: Entry, day: date) -> None:
    period = entry.period(day)
    planned, due = entry.planned(period), entry.due(period)
    assert not holiday(due)
    assert due == planned or (planned < due and holiday(planned))
    assert due <= entry.closes(period)


def test_a_report_planned_for_tet_is_due_after_it() -> None:
    february = from_key("2027-02")
    assert (WATER.planned(february), WATER.due(february)) == (date(2027, 2, 7), date(2027, 2, 11))
    assert replace(WATER, locked_after=3).closes(february) == date(2027, 2, 14)


def test_the_table_is_what_the_library_knows() -> None:
    assert TABLE.read_text(encoding="utf-8") == drawn(), "run: python -m tests.plans.draw_holidays"


def test_a_weekend_worked_on_for_a_swap_is_a_working_day() -> None:
    assert (holiday(date(2026, 8, 22)), is_working_day(date(2026, 8, 22))) == ("", True)
    assert not is_working_day(date(2026, 8, 29))
    assert not is_working_day(date(2026, 8, 31))

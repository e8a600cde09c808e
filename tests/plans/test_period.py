"""Periods tile time, sort by their keys and come back from them, in both calendars."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.period import Calendar, Period, PeriodKind, WrongKeyError, from_key, named, period_of

days = st.dates(date(1990, 1, 1), date(2100, 12, 31))
kinds = st.sampled_from(PeriodKind)
tiling = st.sampled_from([kind for kind in PeriodKind if kind is not PeriodKind.NINE])
calendars = st.sampled_from(Calendar)


@given(tiling, days, calendars)
def test_periods_tile_time(kind: PeriodKind, day: date, calendar: Calendar) -> None:
    period = period_of(kind, day, calendar)
    assert period.start <= day <= period.end
    assert period.next().start == period.end + timedelta(days=1)
    assert period.previous().end == period.start - timedelta(days=1)
    assert period.next().previous() == period


@given(kinds, days, calendars)
def test_a_key_gives_its_period_back(kind: PeriodKind, day: date, calendar: Calendar) -> None:
    period = period_of(kind, day, calendar)
    assert from_key(period.key) == period
    assert period.previous().key < period.key < period.next().key
    assert period.next().previous() == period


@given(days, calendars)
def test_a_year_is_made_of_its_parts(day: date, calendar: Calendar) -> None:
    year = period_of(PeriodKind.YEAR, day, calendar)
    halves = [named(PeriodKind.HALF, year.year, number, calendar) for number in (1, 2)]
    quarters = [named(PeriodKind.QUARTER, year.year, number, calendar) for number in (1, 2, 3, 4)]
    nine = named(PeriodKind.NINE, year.year, 1, calendar)
    assert (halves[0].start, halves[1].end) == (year.start, year.end)
    assert (quarters[0].start, quarters[1].end) == (halves[0].start, halves[0].end)
    assert (nine.start, nine.end) == (year.start, quarters[2].end)


@pytest.mark.parametrize(
    ("key", "vi", "en"),
    [
        ("2026-W47", "tuần 47 (16-22/11/2026)", "week 47 (16-22 Nov 2026)"),
        ("2026-W40", "tuần 40 (28/9-4/10/2026)", "week 40 (28 Sep-4 Oct 2026)"),
        ("2026-W53", "tuần 53 (28/12/2026-3/1/2027)", "week 53 (28 Dec 2026-3 Jan 2027)"),
        ("2026-11", "tháng 11/2026", "November 2026"),
        ("2026-Q4", "quý IV/2026", "Q4 2026"),
        ("2026-H1", "6 tháng đầu năm 2026", "first half of 2026"),
        ("2026-9M", "9 tháng đầu năm 2026", "first nine months of 2026"),
        ("2026", "năm 2026", "2026"),
        ("2026-11S", "tháng 11/2026 (15/10-14/11/2026)", "November 2026 (15 Oct-14 Nov 2026)"),
        (
            "2026-H1S",
            "6 tháng đầu năm 2026 (15/12/2025-14/6/2026)",
            "first half of 2026 (15 Dec 2025-14 Jun 2026)",
        ),
        ("2026-9MS", "9 tháng đầu năm 2026 (15/12/2025-14/9/2026)", None),
        ("2026S", "năm 2026 (15/12/2025-14/12/2026)", None),
    ],
)
def test_labels(key: str, vi: str, en: str | None) -> None:
    period = from_key(key)
    assert period.label("vi") == vi
    assert en is None or period.label("en") == en


@pytest.mark.parametrize(
    ("kind", "day", "key"),
    [
        (PeriodKind.MONTH, date(2026, 11, 14), "2026-11S"),
        (PeriodKind.MONTH, date(2026, 11, 15), "2026-12S"),
        (PeriodKind.MONTH, date(2025, 12, 15), "2026-01S"),
        (PeriodKind.QUARTER, date(2025, 12, 15), "2026-Q1S"),
        (PeriodKind.YEAR, date(2025, 12, 14), "2025S"),
        (PeriodKind.NINE, date(2026, 11, 14), "2026-9MS"),
        (PeriodKind.WEEK, date(2025, 12, 29), "2026-W01"),
    ],
)
def test_statutory_days(kind: PeriodKind, day: date, key: str) -> None:
    assert period_of(kind, day, Calendar.STATUTORY).key == key


@pytest.mark.parametrize(
    "key",
    [
        "",
        "26",
        "2026-W54",
        "2025-W53",
        "2026-13",
        "2026-00",
        "2026-Q5",
        "2026-H3",
        "2026-9m",
        "2026-W47S",
        "٢٠٢٦",
    ],
)
def test_wrong_keys(key: str) -> None:
    with pytest.raises(WrongKeyError):
        from_key(key)


def test_periods_of_one_kind_sort_by_time() -> None:
    weeks = [from_key(key) for key in ("2026-W02", "2025-W52", "2026-W10")]
    assert [week.key for week in sorted(weeks)] == ["2025-W52", "2026-W02", "2026-W10"]
    assert isinstance(weeks[0], Period)

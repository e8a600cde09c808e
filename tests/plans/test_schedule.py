"""When a questionnaire is asked, until when a report is in time, late, or taken no more."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.period import MONTHS, Calendar, PeriodKind, from_key
from plans.plan import Entry, Window

WEEKLY = Entry("a", "thon", PeriodKind.WEEK, Calendar.GREGORIAN, 0, 5)
MONTHLY = Entry("b", "thon", PeriodKind.MONTH, Calendar.GREGORIAN, 5, 5)
SLOT = Entry("c", "thon", PeriodKind.QUARTER, Calendar.GREGORIAN, 0, 5, month=2, day=22, within=7)

days = st.dates(date(2021, 1, 1), date(2031, 12, 31))


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """Any line of a schedule: a slot within the period, or its whole length."""
    kind = draw(st.sampled_from(PeriodKind))
    months = MONTHS.get(kind, 1)
    calendar = Calendar.GREGORIAN if kind is PeriodKind.WEEK else draw(st.sampled_from(Calendar))
    return Entry(
        "any",
        "thon",
        kind,
        calendar,
        draw(st.integers(0, 20)),
        5,
        draw(st.integers(1, months)),
        draw(st.integers(1, 7 if kind is PeriodKind.WEEK else 28)),
        draw(st.integers(0, 10)),
        draw(st.none() | st.integers(0, 200)),
    )


@pytest.mark.parametrize(
    ("entry", "key", "opens", "due", "closes"),
    [
        (WEEKLY, "2026-W47", date(2026, 11, 16), date(2026, 11, 22), date(2026, 11, 22)),
        (MONTHLY, "2026-11", date(2026, 11, 1), date(2026, 12, 5), date(2026, 12, 5)),
        (SLOT, "2026-Q4", date(2026, 11, 22), date(2026, 11, 28), date(2026, 12, 31)),
        (replace(SLOT, locked_after=3), "2026-Q4", date(2026, 11, 22), date(2026, 11, 28), date(2026, 12, 1)),
        (
            replace(SLOT, kind=PeriodKind.HALF, calendar=Calendar.STATUTORY, month=1, day=15),
            "2026-H1S",
            date(2025, 12, 29),
            date(2026, 1, 4),
            date(2026, 6, 14),
        ),
        (
            replace(MONTHLY, kind=PeriodKind.YEAR, due_days=-46),
            "2026",
            date(2026, 1, 1),
            date(2026, 11, 15),
            date(2026, 12, 31),
        ),
    ],
)
def test_the_days_of_a_report(entry: Entry, key: str, opens: date, due: date, closes: date) -> None:
    period = from_key(key)
    assert (entry.opens(period), entry.due(period), entry.closes(period)) == (opens, due, closes)


def test_a_report_is_open_then_late_then_locked() -> None:
    entry, period = replace(SLOT, locked_after=3), from_key("2026-Q4")
    seen = {day: entry.window(period, date(2026, 11, 21) + timedelta(days=day)) for day in range(12)}
    assert [day for day, window in seen.items() if window is Window.AHEAD] == [0]
    assert [day for day, window in seen.items() if window is Window.OPEN] == list(range(1, 8))
    assert [day for day, window in seen.items() if window is Window.LATE] == [8, 9, 10]
    assert seen[11] is Window.LOCKED


def test_just_after_a_month_two_months_are_asked() -> None:
    assert [period.key for period in MONTHLY.asked_on(date(2026, 12, 5))] == ["2026-11", "2026-12"]
    assert [period.key for period in MONTHLY.asked_on(date(2026, 12, 6))] == ["2026-12"]
    assert SLOT.asked_on(date(2026, 11, 21)) == ()
    assert [period.key for period in SLOT.asked_on(date(2026, 11, 22))] == ["2026-Q4"]
    assert [period.key for period in replace(SLOT, locked_after=60).asked_on(date(2027, 1, 10))] == [
        "2026-Q4"
    ]


@given(entries(), days)
def test_what_is_asked_today_is_what_can_be_sent_today(entry: Entry, day: date) -> None:
    asked = entry.asked_on(day)
    assert list(asked) == sorted(asked)
    period = entry.period(day).next()
    for _ in range(20):
        can_be_sent = entry.window(period, day) in (Window.OPEN, Window.LATE)
        assert can_be_sent == (period in asked)
        period = period.previous()


@given(entries(), days)
def test_a_report_is_asked_before_it_is_due(entry: Entry, day: date) -> None:
    period = entry.period(day)
    assert period.start <= entry.opens(period)
    if entry.kind is not PeriodKind.WEEK:
        assert entry.opens(period) <= period.end
    assert entry.due(period) <= entry.closes(period)
    assert entry.due(period) <= entry.due(period.next())
    assert entry.planned(period) < entry.planned(period.next())

"""When a questionnaire is asked, until when a report is in time, late, or taken no more."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.period import MONTHS, Calendar, PeriodKind, from_key
from plans.schedule import Entry, Window

WEEKLY = Entry("a", "thon", PeriodKind.WEEK, 5)
MONTHLY = Entry("b", "thon", PeriodKind.MONTH, 5, due_days=5)
SLOT = Entry("c", "thon", PeriodKind.QUARTER, 5, month=2, day=22, within=7)

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
        questions=5,
        calendar=calendar,
        due_days=draw(st.integers(0, 20)),
        month=draw(st.integers(1, months)),
        day=draw(st.integers(1, 7 if kind is PeriodKind.WEEK else 28)),
        within=draw(st.integers(0, 10)),
        locked_after=draw(st.none() | st.integers(0, 200)),
        grace=draw(st.integers(0, 30)),
    )


@pytest.mark.parametrize(
    ("entry", "key", "opens", "due", "closes"),
    [
        (WEEKLY, "2026-W47", date(2026, 11, 16), date(2026, 11, 22), date(2026, 11, 29)),
        (MONTHLY, "2026-11", date(2026, 11, 1), date(2026, 12, 5), date(2026, 12, 7)),
        (replace(MONTHLY, grace=3), "2026-11", date(2026, 11, 1), date(2026, 12, 5), date(2026, 12, 5)),
        (SLOT, "2026-Q4", date(2026, 11, 22), date(2026, 11, 28), date(2027, 1, 7)),
        (replace(SLOT, grace=0), "2026-Q4", date(2026, 11, 22), date(2026, 11, 28), date(2026, 12, 31)),
        (replace(SLOT, locked_after=3), "2026-Q4", date(2026, 11, 22), date(2026, 11, 28), date(2026, 12, 1)),
        (
            replace(SLOT, kind=PeriodKind.HALF, calendar=Calendar.STATUTORY, month=1, day=15),
            "2026-H1S",
            date(2025, 12, 29),
            date(2026, 1, 4),
            date(2026, 6, 21),
        ),
        (
            replace(MONTHLY, kind=PeriodKind.YEAR, due_days=-46),
            "2026",
            date(2026, 1, 1),
            date(2026, 11, 15),
            date(2027, 1, 7),
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
    assert [period.key for period in MONTHLY.asked_on(date(2026, 12, 7))] == ["2026-11", "2026-12"]
    assert [period.key for period in MONTHLY.asked_on(date(2026, 12, 8))] == ["2026-12"]
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


@given(entries(), days, st.integers(0, 90))
def test_what_was_asked_in_some_days_was_asked_on_one_of_them(entry: Entry, day: date, before: int) -> None:
    first = day - timedelta(days=before)
    each = {period for back in range(before + 1) for period in entry.asked_on(day - timedelta(days=back))}
    assert set(entry.asked_between(first, day)) == each


def test_a_late_report_is_one_that_comes_after_the_due_days_last_moment() -> None:
    november, zone = from_key("2026-11"), ZoneInfo("Asia/Ho_Chi_Minh")
    assert MONTHLY.late_from(november, zone) == datetime(2026, 12, 6, tzinfo=zone)
    assert [MONTHLY.late(november, date(2026, 12, day)) for day in (5, 6)] == [False, True]


def test_what_is_due_on_a_places_first_day_may_be_late() -> None:
    november, day = from_key("2026-11"), date(2026, 12, 6)
    assert [MONTHLY.since(date(2026, 12, began)).late(november, day) for began in (5, 6)] == [True, False]


def test_what_was_begun_is_taken_some_days_longer() -> None:
    november = from_key("2026-11")
    assert MONTHLY.finish(november) == date(2026, 12, 14)
    assert replace(MONTHLY, locked_after=0).finish(november) == date(2026, 12, 12)
    assert replace(MONTHLY, grace=0).finish(november) == date(2026, 12, 5)
    assert [MONTHLY.settled(november, date(2026, 12, day)) for day in (14, 15)] == [False, True]


@given(entries(), days, st.integers(-200, 200), st.integers(-60, 200))
def test_a_place_is_late_only_with_what_was_due_since_it_began(
    entry: Entry, day: date, before: int, after: int
) -> None:
    """What was due before is asked it all the same, in time as long as others may be late; all else is as for others."""
    began, period, looked = day - timedelta(days=before), entry.period(day), day + timedelta(days=after)
    new = entry.since(began)
    assert (new.opens(period), new.closes(period), new.finish(period)) == (
        entry.opens(period),
        entry.closes(period),
        entry.finish(period),
    )
    of_before = entry.due(period) < began
    assert new.due(period) == (entry.closes(period) if of_before else entry.due(period))
    assert new.late(period, looked) == (entry.late(period, looked) and not of_before)


@given(entries(), days)
def test_a_report_is_asked_before_it_is_due(entry: Entry, day: date) -> None:
    period = entry.period(day)
    assert period.start <= entry.opens(period)
    if entry.kind is not PeriodKind.WEEK:
        assert entry.opens(period) <= period.end
    assert entry.due(period) <= entry.closes(period) <= entry.finish(period)
    assert entry.due(period) <= entry.due(period.next())
    assert entry.planned(period) < entry.planned(period.next())

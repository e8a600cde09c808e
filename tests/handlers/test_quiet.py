"""Quiet hours: as an administrator writes them, over midnight or not, or none."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.quiet import QuietHours

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = date(2026, 11, 20)


def at(hour: int, minute: int = 0, day: int = 20) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("hours", "now", "over"),
    [
        ("21:00-6:00", at(20, 59), None),
        ("21:00-6:00", at(21), at(6, day=21)),
        ("21:00 - 06:00", at(5, 59), at(6)),
        ("21:00-6:00", at(6), None),
        ("12:00-13:30", at(12, 15), at(13, 30)),
        ("12:00-13:30", at(23), None),
        ("", at(2), None),
        ("7:00-7:00", at(7), None),
    ],
)
def test_when_they_are_over(hours: str, now: datetime, over: datetime | None) -> None:
    assert QuietHours.read(hours).over(now) == over


@pytest.mark.parametrize("text", ["21-6", "25:00-6:00", "21:00", "21:00-6:60", "tối", "21:00–6:00"])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        QuietHours.read(text)


@given(st.times(), st.times(), st.integers(0, 24 * 60 - 1))
def test_what_waits_may_go_when_they_are_over(begin: time, end: time, minute: int) -> None:
    hours = QuietHours(begin, end)
    now = datetime.combine(DAY, time(), ZONE) + timedelta(minutes=minute)
    over = hours.over(now)
    if over is not None:
        assert now < over <= now + timedelta(days=1)
        assert hours.over(over) is None

"""Who is asked no more of a period: a village or a commune that was closed before it ended."""

from datetime import date, timedelta

import pytest

from figures.due import ended
from plans.period import from_key
from storage.tables import Level, Place

PERIOD = from_key("2026-11")
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("level", "last_day", "is_ended"),
    [
        (Level.VILLAGE, None, False),
        (Level.VILLAGE, PERIOD.start - DAY, True),
        (Level.VILLAGE, PERIOD.start, True),
        (Level.VILLAGE, PERIOD.end - DAY, True),
        (Level.VILLAGE, PERIOD.end, False),
        (Level.COMMUNE, PERIOD.start - DAY, True),
        (Level.COMMUNE, PERIOD.end, False),
        (Level.DISTRICT, PERIOD.start - DAY, False),
        (Level.PROVINCE, date(2025, 6, 30), False),
    ],
)
def test_what_stood_to_the_end_of_the_period_is_asked(
    level: Level, last_day: date | None, is_ended: bool
) -> None:
    place = Place(level=level, kind="", name="x", first_day=date(2020, 1, 1), last_day=last_day)
    assert ended(place, PERIOD) is is_ended

"""Who is asked no more of a period: a village or a commune that was closed before it ended."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from figures.due import Due, ended
from plans.period import from_key
from plans.reading import load_plans
from storage.tables import Level, Place, Submission
from tests.handlers.chatting import bundled

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


def test_what_was_sent_is_never_late() -> None:
    place = Place(level=Level.VILLAGE, kind="", name="x", first_day=date(2020, 1, 1))
    entry = load_plans().entry("nuoc-sach")
    assert entry is not None
    missing = Due(place, 1, bundled("nuoc-sach"), entry, PERIOD)
    noon = datetime.combine(entry.due(PERIOD) + DAY, time(12))
    sent = replace(missing, sent=Submission(place_id=1, form_id=1, form_name="nuoc-sach", period=PERIOD.key))
    assert [one.late(now) for one in (missing, sent) for now in (noon - DAY, noon)] == [
        False,
        True,
        False,
        False,
    ]

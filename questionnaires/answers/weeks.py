"""Read a week that is told by its month: "tuần 1 tháng 10", "tuần cuối của tháng 9", "tháng 10 tuần 2".

Weeks run from Monday to Sunday. As at the turn of a year, one that lies in two months belongs to the month of its
Thursday.
"""

from datetime import timedelta
from typing import Final

from questionnaires.answers.cursor import Cursor
from questionnaires.answers.days import MONTH, WEEK, Days
from questionnaires.answers.phrases import FOLDER, Words
from questionnaires.answers.reading import AnswerDoubt

CALENDAR: Final = Words.read(FOLDER / "ngay-thang.toml")
UNIT: Final = CALENDAR.codes("units")
WHICH: Final = CALENDAR.numbers("weeks_of_month")
"""The place of a week in its month; -1 is the last."""
OF: Final = CALENDAR.flags("of_month")
THURSDAY: Final = 3


def which_week(said: Cursor) -> int | None:
    """Read "tuần 1", "tuần cuối": the place of the week in its month; None if there is none here."""
    return said.read(WHICH) if said.read(UNIT) == WEEK else None


def before_month(said: Cursor) -> bool:
    """Whether a month follows; step over a "của" before it."""
    said.take(OF)
    unit = UNIT.at(said.tokens, said.place)
    return unit is not None and unit[0] == MONTH


def week_within(month: Days, number: int) -> Days:
    """Return a month's week with this number, the last for -1. Raises AnswerDoubt if none of its days is in the month."""
    first, last = month
    to_thursday = timedelta(days=(THURSDAY - first.weekday()) % 7)
    monday = first + to_thursday - timedelta(days=THURSDAY)
    if number < 0:
        number = (last - monday - timedelta(days=THURSDAY)).days // 7 + 1
    monday += timedelta(weeks=number - 1)
    if monday > last:
        raise AnswerDoubt("impossible_date")
    return monday, monday + timedelta(days=6)

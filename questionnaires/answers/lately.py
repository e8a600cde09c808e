"""Read days counted back from today: "3 ngày trước" is one day, "mười ngày nay" is all of them up to today.

Months and years are not read so: "3 tháng qua" may begin at the start of a month or in its middle.
"""

import re
from datetime import date, timedelta
from typing import Final

from questionnaires.answers.cursor import Cursor
from questionnaires.answers.days import Days
from questionnaires.answers.numerals import pieces_at, worded
from questionnaires.answers.phrases import FOLDER, Words

CALENDAR: Final = Words.read(FOLDER / "ngay-thang.toml")
AGO: Final = CALENDAR.numbers("ago")
"""Words after the count: 0 means the day itself, 1 all days up to today."""
AGO_BEFORE: Final = CALENDAR.flags("ago_before")
LENGTH: Final = CALENDAR.numbers("days")
"""How many days each word for a day or a week stands for."""
ONE_TO_THREE: Final = re.compile("[0-9]{1,3}")
MOST: Final = 366
"""The most days to count back."""


def counted_back(said: Cursor, today: date) -> Days | None:
    """Read days counted back; None, and the cursor stays, if there are none here."""
    start = said.place
    before = said.take(AGO_BEFORE)
    number, length = how_many(said), said.read(LENGTH)
    ago = said.read(AGO) if number and length else None
    if not number or length is None or number * length > MOST or (ago is None and not before):
        said.place = start
        return None
    back = number * length
    # "cách đây 3 ngày" is a certain day; "cách đây 2 tuần" is not, so it is no answer.
    if before or not ago:
        day = today - timedelta(days=back)
        return (day, day) if length == 1 else None
    return today - timedelta(days=back - 1), today


def how_many(said: Cursor) -> int | None:
    """Read a whole number in figures or in words; None if there is none."""
    digits = said.match(ONE_TO_THREE)
    if digits:
        return int(digits[0])
    pieces = pieces_at(said.tokens, said.place)[:3]
    for length in range(len(pieces), 0, -1):
        value = worded(pieces[:length])
        if value is not None:
            said.place += length
            return value
    return None

"""Public holidays of Việt Nam, so that nobody is reminded on one and nothing is due on one.

The holidays are those of Bộ luật Lao động 2019, Art. 112, and of the laws before it for earlier years: Tết and the Hùng
Kings' day by the lunar calendar, days off in lieu, and the swapped days that were announced. `holidays.csv` lists them
from 2000 to 2100; outside these years none is known. `tests/plans/draw_holidays.py` writes that file from the library
`holidays`. The bot does not import the library itself, because it loads every country's calendar, which takes a tenth of
the memory that the whole bot needs.
"""

import csv
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, NamedTuple

TABLE: Final = Path(__file__).parent / "holidays.csv"
DAY: Final = timedelta(days=1)
SATURDAY: Final = 5


class HolidayNames(NamedTuple):
    """The names of a holiday. Without names, the day is a Saturday or Sunday on which offices work, in exchange for
    another day."""

    vi: str
    en: str


@cache
def known() -> Mapping[date, HolidayNames]:
    """Return the days of `holidays.csv`."""
    shared: dict[HolidayNames, HolidayNames] = {}
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = [
            (date.fromisoformat(day), HolidayNames(vi, en)) for day, vi, en in csv.reader(file, delimiter=";")
        ]
    return {day: shared.setdefault(names, names) for day, names in rows}


def holiday(day: date, lang: str = "vi") -> str:
    """Return the holiday on `day`, or the one it is a day off for; "" on any other day, plain weekends too."""
    names = known().get(day)
    return "" if names is None else names.en if lang == "en" else names.vi


def is_working_day(day: date) -> bool:
    """Whether offices work on `day`."""
    names = known().get(day)
    return day.weekday() < SATURDAY if names is None else not names.vi


@lru_cache(maxsize=4096)
def put_off(day: date) -> date:
    """Return `day`, or the first working day after it if it is a holiday."""
    return nearest(day, DAY)


@lru_cache(maxsize=4096)
def brought_forward(day: date) -> date:
    """Return `day`, or the last working day before it if it is a holiday."""
    return nearest(day, -DAY)


@lru_cache(maxsize=4096)
def working_after(day: date) -> date:
    """Return `day`, or the first day after it on which offices work if they do not work on it."""
    return day if is_working_day(day) else working_after(day + DAY)


@lru_cache(maxsize=4096)
def working_before(day: date) -> date:
    """Return `day`, or the last day before it on which offices work if they do not work on it."""
    return day if is_working_day(day) else working_before(day - DAY)


def within(first: date, last: date, lang: str = "vi") -> dict[date, str]:
    """Return the names of the holidays from `first` to `last`, both included, by day."""
    days = (first + timedelta(days=at) for at in range((last - first).days + 1))
    return {day: name for day in days if (name := holiday(day, lang))}


def nearest(day: date, step: timedelta) -> date:
    """Return `day`, or if it is a holiday, the nearest working day in the direction of `step`.

    A Saturday or Sunday is a working day only if it was declared one, in exchange for another.
    """
    if holiday(day):
        while not is_working_day(day):
            day += step
    return day

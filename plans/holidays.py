"""Public holidays of Việt Nam, so that nobody is reminded on one and nothing is due on one.

The list is that of Bộ luật Lao động 2019, Art. 112, of the laws before it for earlier years, and of what was added
since: Tết and the Hùng Kings' day by the lunar calendar, days off in lieu, and the swapped days that were announced.
It stands in holidays.csv, from 2000 to 2100, which `tests/plans/draw_holidays.py` takes from the library `holidays`: the
library itself loads every country's calendar, a tenth of what the whole bot needs. Of other years none is known.
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
    """What a day is called; without names it is a Saturday or Sunday that is worked on, in exchange for another."""

    vi: str
    en: str


@cache
def known() -> Mapping[date, HolidayNames]:
    """The days of the table."""
    shared: dict[HolidayNames, HolidayNames] = {}
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = [
            (date.fromisoformat(day), HolidayNames(vi, en)) for day, vi, en in csv.reader(file, delimiter=";")
        ]
    return {day: shared.setdefault(names, names) for day, names in rows}


def holiday(day: date, lang: str = "vi") -> str:
    """What is celebrated on `day`, or for what it is off; "" on any other day, also a plain Saturday or Sunday."""
    names = known().get(day)
    return "" if names is None else names.en if lang == "en" else names.vi


def is_working_day(day: date) -> bool:
    """Whether offices work on `day`."""
    names = known().get(day)
    return day.weekday() < SATURDAY if names is None else not names.vi


@lru_cache(maxsize=4096)
def put_off(day: date) -> date:
    """`day`; if it is a holiday the first working day after it."""
    return nearest(day, DAY)


@lru_cache(maxsize=4096)
def brought_forward(day: date) -> date:
    """`day`; if it is a holiday the last working day before it."""
    return nearest(day, -DAY)


@lru_cache(maxsize=4096)
def working_after(day: date) -> date:
    """`day`; if offices do not work on it, the first day after it on which they do."""
    return day if is_working_day(day) else working_after(day + DAY)


@lru_cache(maxsize=4096)
def working_before(day: date) -> date:
    """`day`; if offices do not work on it, the last day before it on which they do."""
    return day if is_working_day(day) else working_before(day - DAY)


def within(first: date, last: date, lang: str = "vi") -> dict[date, str]:
    """The holidays from `first` to `last`, both included, with their names."""
    days = (first + timedelta(days=at) for at in range((last - first).days + 1))
    return {day: name for day in days if (name := holiday(day, lang))}


def nearest(day: date, step: timedelta) -> date:
    """`day`; if it is a holiday the nearest working day in the direction of `step`.

    A Saturday or Sunday is a working day only if it was declared one, in exchange for another.
    """
    if holiday(day):
        while not is_working_day(day):
            day += step
    return day

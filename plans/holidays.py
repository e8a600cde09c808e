"""Public holidays of Việt Nam, so that nobody is reminded on one and nothing is due on one.

The list is that of Bộ luật Lao động 2019, Art. 112, of the laws before it for earlier years, and of what was added
since: Tết and the Hùng Kings' day by the lunar calendar, days off in lieu, and the swapped days that were announced.
The library `holidays` knows them; of years after 2100 it knows none. It takes a moment to load, so it is loaded when a
day is first asked about.
"""

from datetime import date, timedelta
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from holidays import HolidayBase

LANGUAGES: Final = {"vi": "vi", "en": "en_US"}
DAY: Final = timedelta(days=1)


@cache
def country(lang: str = "vi") -> "HolidayBase":
    """The holidays with their names in `lang`; loads the library."""
    from holidays import country_holidays

    return country_holidays("VN", language=LANGUAGES.get(lang, "vi"))


@lru_cache(maxsize=4096)
def holiday(day: date, lang: str = "vi") -> str:
    """What is celebrated on `day`, or for what it is off; "" on any other day, also a plain Saturday or Sunday."""
    return country(lang).get(day, "")


@lru_cache(maxsize=4096)
def put_off(day: date) -> date:
    """`day`; if it is a holiday the first working day after it."""
    return nearest(day, DAY)


@lru_cache(maxsize=4096)
def brought_forward(day: date) -> date:
    """`day`; if it is a holiday the last working day before it."""
    return nearest(day, -DAY)


def within(first: date, last: date, lang: str = "vi") -> dict[date, str]:
    """The holidays from `first` to `last`, both included, with their names."""
    days = (first + timedelta(days=at) for at in range((last - first).days + 1))
    return {day: name for day in days if (name := holiday(day, lang))}


def nearest(day: date, step: timedelta) -> date:
    """`day`; if it is a holiday the nearest working day in the direction of `step`.

    A Saturday or Sunday is a working day only if it was declared one, in exchange for another.
    """
    if holiday(day):
        while not country().is_working_day(day):
            day += step
    return day

"""Reporting periods in two calendars.

One is the Gregorian calendar, with ISO weeks from Monday to Sunday. The other is that of Nghị định 09/2019/NĐ-CP,
Art. 12: a month runs from the 15th of the month before to the 14th, a year from 15 December to 14 December. The decree
does not mention weeks, so a week is the ISO week in both. A period's key sorts by time among periods of its kind
("2026-W47", "2026-11", "2026-Q4", "2026-H2", "2026-9M", "2026"; statutory: "2026-11S").
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Final


class PeriodKind(StrEnum):
    """How long a period is."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    NINE = "nine"
    YEAR = "year"


class Calendar(StrEnum):
    """Which days a period's name stands for."""

    GREGORIAN = "gregorian"
    STATUTORY = "statutory"


MONTHS: Final = {
    PeriodKind.MONTH: 1,
    PeriodKind.QUARTER: 3,
    PeriodKind.HALF: 6,
    PeriodKind.NINE: 9,
    PeriodKind.YEAR: 12,
}
"""How many months a period of each kind has."""

ONE_A_YEAR: Final = frozenset({PeriodKind.NINE, PeriodKind.YEAR})

KEY: Final = re.compile(
    r"(?P<year>\d{4})(?:-(?:W(?P<week>\d\d)|(?P<month>\d\d)|Q(?P<quarter>\d)|H(?P<half>\d)|(?P<nine>9M)))?(?P<statutory>S?)"
)
TAILS: Final = {
    PeriodKind.WEEK: "-W{:02}",
    PeriodKind.MONTH: "-{:02}",
    PeriodKind.QUARTER: "-Q{}",
    PeriodKind.HALF: "-H{}",
    PeriodKind.NINE: "-9M",
    PeriodKind.YEAR: "",
}
"""The part of a key after the year, which has the period's number."""
ROMAN: Final = ("I", "II", "III", "IV")
ENGLISH_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


class WrongKeyError(ValueError):
    """No period has this key."""


@dataclass(frozen=True, order=True)
class Period:
    """The days from `start` to `end`, both included, under a name of `calendar`.

    Without slots, so that its names are made once: a list of what is due asks for each several times.
    """

    kind: PeriodKind
    calendar: Calendar
    start: date
    end: date

    @cached_property
    def year(self) -> int:
        """The year in the period's name: the ISO year of a week, else the year in which it ends."""
        return self.start.isocalendar().year if self.kind is PeriodKind.WEEK else self.end.year

    @cached_property
    def number(self) -> int:
        """The number of the week, month, quarter or half in its year; 1 for nine months and years."""
        if self.kind is PeriodKind.WEEK:
            return self.start.isocalendar().week
        return 1 if self.kind is PeriodKind.NINE else self.end.month // MONTHS[self.kind]

    @cached_property
    def key(self) -> str:
        """The period's stable name; sorts by time within its kind and calendar."""
        suffix = "S" if self.calendar is Calendar.STATUTORY else ""
        return f"{self.year:04}{TAILS[self.kind].format(self.number)}{suffix}"

    def previous(self) -> "Period":
        """The period of the same kind just before this one."""
        if self.kind is PeriodKind.NINE:
            return named(self.kind, self.year - 1, 1, self.calendar)
        return period_of(self.kind, self.start - timedelta(days=1), self.calendar)

    def next(self) -> "Period":
        """The period of the same kind just after this one."""
        if self.kind is PeriodKind.NINE:
            return named(self.kind, self.year + 1, 1, self.calendar)
        return period_of(self.kind, self.end + timedelta(days=1), self.calendar)

    def label(self, lang: str = "vi") -> str:
        """What a person calls the period: "tuần 47 (16-22/11/2026)", "quý IV/2026"."""
        name = self.name(lang)
        if self.kind is PeriodKind.WEEK or self.calendar is Calendar.STATUTORY:
            return f"{name} ({self.days(lang)})"
        return name

    def name(self, lang: str = "vi") -> str:
        """The period's short name, without its days: "tuần 47", "6 tháng đầu năm 2026"."""
        number, year = self.number, self.year
        if lang == "vi":
            return {
                PeriodKind.WEEK: f"tuần {number}",
                PeriodKind.MONTH: f"tháng {number}/{year}",
                PeriodKind.QUARTER: f"quý {ROMAN[(number - 1) % 4]}/{year}",
                PeriodKind.HALF: f"6 tháng {'đầu' if number == 1 else 'cuối'} năm {year}",
                PeriodKind.NINE: f"9 tháng đầu năm {year}",
                PeriodKind.YEAR: f"năm {year}",
            }[self.kind]
        return {
            PeriodKind.WEEK: f"week {number}",
            PeriodKind.MONTH: f"{ENGLISH_MONTHS[(number - 1) % 12]} {year}",
            PeriodKind.QUARTER: f"Q{number} {year}",
            PeriodKind.HALF: f"{'first' if number == 1 else 'second'} half of {year}",
            PeriodKind.NINE: f"first nine months of {year}",
            PeriodKind.YEAR: f"{year}",
        }[self.kind]

    def days(self, lang: str = "vi") -> str:
        """The period's first and last day, without repeating a part: "16-22/11/2026", "15/12/2025-14/6/2026"."""
        return span(self.start, self.end, lang)


def span(first: date, last: date, lang: str = "vi") -> str:
    """Return `first` to `last` without repeating month or year: "16-22/11/2026", "15/12/2025-14/6/2026"."""
    head, tail = day_parts(first, lang), day_parts(last, lang)
    between = "/" if lang == "vi" else " "
    if first == last:
        return between.join(tail)
    kept = 1 if head[1:] == tail[1:] else 2 if head[2:] == tail[2:] else 3
    return f"{between.join(head[:kept])}-{between.join(tail)}"


def day_parts(day: date, lang: str) -> tuple[str, str, str]:
    """Return day, month and year as a person writes them."""
    month = str(day.month) if lang == "vi" else ENGLISH_MONTHS[day.month - 1][:3]
    return str(day.day), month, str(day.year)


def period_of(kind: PeriodKind, day: date, calendar: Calendar = Calendar.GREGORIAN) -> Period:
    """The period of `kind` that `day` lies in.

    A day after the year's first nine months lies in no period of that kind; it gets these nine months.
    """
    if kind is PeriodKind.WEEK:
        monday = day - timedelta(days=day.weekday())
        return Period(kind, Calendar.GREGORIAN, monday, monday + timedelta(days=6))
    year, month = day.year, day.month
    if calendar is Calendar.STATUTORY and day.day >= 15:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    number = 1 if kind is PeriodKind.NINE else (month - 1) // MONTHS[kind] + 1
    return named(kind, year, number, calendar)


def named(kind: PeriodKind, year: int, number: int, calendar: Calendar = Calendar.GREGORIAN) -> Period:
    """The `number`th period of `kind` in `year`. Raises WrongKeyError when that year has no such period."""
    if kind is PeriodKind.WEEK:
        return week(year, number)
    most = 1 if kind is PeriodKind.NINE else 12 // MONTHS[kind]
    if not (1 <= number <= most and 2 <= year <= 9998):
        raise WrongKeyError(f"{kind} {number}, {year}")
    last = MONTHS[kind] * number
    first = last - MONTHS[kind] + 1
    if calendar is Calendar.STATUTORY:
        start = date(year - 1, 12, 15) if first == 1 else date(year, first - 1, 15)
        return Period(kind, calendar, start, date(year, last, 14))
    return Period(kind, calendar, date(year, first, 1), date(year, last, monthrange(year, last)[1]))


def week(year: int, number: int) -> Period:
    """An ISO week. Raises WrongKeyError when that year has none of that number."""
    try:
        monday = date.fromisocalendar(year, number, 1)
        return Period(PeriodKind.WEEK, Calendar.GREGORIAN, monday, monday + timedelta(days=6))
    except (ValueError, OverflowError):
        raise WrongKeyError(f"{year}-W{number}") from None


def day_in(period: Period, month: int, day: int) -> date:
    """The `day`th day of the `month`th month of `period`, both counted from 1.

    A month of the statutory calendar begins on the 15th; a week has no months, only days.
    """
    months = period.start.year * 12 + period.start.month - 1 + month - 1
    first = date(months // 12, months % 12 + 1, period.start.day) if month > 1 else period.start
    return first + timedelta(days=day - 1)


@lru_cache(maxsize=4096)
def from_key(key: str) -> Period:
    """The period whose `key` this is. Raises WrongKeyError.

    Kept: to decide what a summary may tell, sixty thousand reports of a few dozen periods are read.
    """
    match = KEY.fullmatch(key) if key.isascii() else None
    if match is None:
        raise WrongKeyError(key)
    # Every kind of key begins with a year, so the year alone is tried last.
    kind = next(kind for kind in PeriodKind if match[kind])
    calendar = Calendar.STATUTORY if match["statutory"] else Calendar.GREGORIAN
    if kind is PeriodKind.WEEK and calendar is Calendar.STATUTORY:
        raise WrongKeyError(key)
    number = 1 if kind in ONE_A_YEAR else int(match[kind])
    return named(kind, int(match["year"]), number, calendar)

"""Build days and runs of days (months, weeks, thirds of a month), and write them."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final, NamedTuple

from questionnaires.answers.reading import AnswerDoubt, Candidate
from questionnaires.answers.show import day as show_day

Days = tuple[date, date]
"""The first and the last day, both included."""
WEEK: Final = "week"
MONTH: Final = "month"
QUARTER: Final = "quarter"
YEAR: Final = "year"
NAMES: Final = {
    **{(month, month): f"tháng {month}/" for month in range(1, 13)},
    **{(3 * quarter - 2, 3 * quarter): f"quý {quarter}/" for quarter in range(1, 5)},
    (1, 6): "6 tháng đầu năm ",
    (7, 12): "6 tháng cuối năm ",
    (1, 9): "9 tháng đầu năm ",
    (1, 12): "năm ",
}
"""The name of a run of whole months, which stands before the year, by its first and last month."""


class DateSaid(NamedTuple):
    """A part of the calendar as it was said: already fixed, or to be built from a year.

    `day` alone is a day whose month was not said, `week` a week's number in its year unless a month is said for it;
    `month` is the month by which a week was told.
    """

    fixed: Days | None = None
    build: Callable[[int], Days] | None = None
    year: int | None = None
    day: int = 0
    week: int = 0
    month: "DateSaid | None" = None


def part_of(part: Callable[[Days], Days], month: DateSaid) -> DateSaid:
    """A part of a month that is fixed, or of one to be built from its year. Raises AnswerDoubt if it is no month."""
    if month.fixed is not None:
        return DateSaid(fixed=part(month.fixed), month=month)
    build = month.build
    assert build is not None
    part(build(2024))
    return DateSaid(build=lambda year: part(build(year)), year=month.year, month=month)


def just(day: date) -> DateSaid:
    """A single day."""
    return DateSaid(fixed=(day, day))


def month_of(month: int) -> Callable[[int], Days]:
    """Return a function that gives the days of a month in a year. Raises AnswerDoubt if there is no such month."""
    return months(month, month)


def months(first: int, last: int) -> Callable[[int], Days]:
    """Return a function that gives, for a year, the days from month `first` to month `last`.

    Raises AnswerDoubt if there are no such months.
    """
    if not 1 <= first <= last <= 12:
        raise AnswerDoubt("impossible_date")
    return lambda year: (date(year, first, 1), date(year, last, monthrange(year, last)[1]))


def third_of(days: Days, part: int) -> Days:
    """Return part of a month: the days 1-10, 11-20 or from 21 on (`part` 0 to 2), or 1-15 or from 16 on (3, 4)."""
    first, last = days
    starts = (1, 11, 21, 1, 16)
    ends = (10, 20, last.day, 15, last.day)
    return first.replace(day=starts[part]), first.replace(day=ends[part])


def one_day(day: int, month: int) -> Callable[[int], Days]:
    """Return a function that gives a day in a year. It raises AnswerDoubt if the year does not have this day.

    Raises AnswerDoubt itself if no year has it.
    """
    if not 1 <= month <= 12 or not 1 <= day <= 31:
        raise AnswerDoubt("impossible_date")

    def build(year: int) -> Days:
        try:
            return date(year, month, day), date(year, month, day)
        except ValueError:
            raise AnswerDoubt("impossible_date") from None

    return build


def week_of(number: int) -> Callable[[int], Days]:
    """Return a function that gives an ISO week in a year. It raises AnswerDoubt if the year does not have this week."""

    def build(year: int) -> Days:
        try:
            monday = date.fromisocalendar(year, number, 1)
        except ValueError:
            raise AnswerDoubt("impossible_date") from None
        return monday, monday + timedelta(days=6)

    return build


def around(unit: str, today: date, ahead: int) -> Days:
    """Return the days of the week, month, quarter or year that is `ahead` of the present one (negative: before it)."""
    if unit == WEEK:
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=ahead)
        return monday, monday + timedelta(days=6)
    length = {MONTH: 1, QUARTER: 3, YEAR: 12}[unit]
    place = (today.year * 12 + today.month - 1) // length + ahead
    year, first = divmod(place * length, 12)
    return months(first + 1, first + length)(year)


def shown(days: Days) -> str:
    """Write days as they are read back: "tháng 10/2026", "từ 16/11/2026 đến 22/11/2026"."""
    start, end = days
    if start == end:
        return show_day(start)
    name = NAMES.get((start.month, end.month)) if are_whole_months(days) else None
    return f"{name}{start.year}" if name else f"từ {show_day(start)} đến {show_day(end)}"


def are_whole_months(days: Days) -> bool:
    """Whether the days are one or several whole months of one year."""
    start, end = days
    return start.day == 1 and start.year == end.year and end.day == monthrange(end.year, end.month)[1]


def value_of(days: Days) -> str:
    """Return the stored form: "2026-11-20" for a day, "2026-11-01/2026-11-30" for a period."""
    start, end = days
    return start.isoformat() if start == end else f"{start.isoformat()}/{end.isoformat()}"


def ordered(start: date, end: date) -> Days:
    """Return the days from `start` to `end`. Raises AnswerDoubt if they are in the wrong order."""
    if start > end:
        raise AnswerDoubt("reversed")
    return start, end


def one_month(days: Days) -> Days:
    """Return `days` if they are in one month, because only months have thirds. Raises AnswerDoubt otherwise."""
    if days[0].month != days[1].month:
        raise AnswerDoubt("not_a_date")
    return days


def candidate(days: Days) -> Candidate:
    return Candidate(value_of(days), shown(days))


def candidates(build: Callable[[int], Days], year: int) -> tuple[Candidate, ...]:
    """Return the days in `year` as a candidate; () if the year does not have them."""
    try:
        return (candidate(build(year)),)
    except AnswerDoubt:
        return ()

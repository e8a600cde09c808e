"""Days and runs of days: the parts of a calendar, and how they are written."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

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
"""What the months from one to another are called, before the year."""


def month_of(month: int) -> Callable[[int], Days]:
    """The whole of a month. Raises AnswerDoubt for a month that does not exist."""
    return months(month, month)


def months(first: int, last: int) -> Callable[[int], Days]:
    """From the start of month `first` to the end of month `last`, of a year to come."""
    if not 1 <= first <= last <= 12:
        raise AnswerDoubt("impossible_date")
    return lambda year: (date(year, first, 1), date(year, last, monthrange(year, last)[1]))


def third_of(days: Days, part: int) -> Days:
    """Of a month the days 1-10, 11-20 or 21 to the end (0 to 2), or 1-15 or 16 to the end (3, 4)."""
    first, last = days
    starts = (1, 11, 21, 1, 16)
    ends = (10, 20, last.day, 15, last.day)
    return first.replace(day=starts[part]), first.replace(day=ends[part])


def one_day(day: int, month: int) -> Callable[[int], Days]:
    """One day of a year to come. Raises AnswerDoubt, then or at once, when it does not exist."""
    if not 1 <= month <= 12 or not 1 <= day <= 31:
        raise AnswerDoubt("impossible_date")

    def build(year: int) -> Days:
        try:
            return date(year, month, day), date(year, month, day)
        except ValueError:
            raise AnswerDoubt("impossible_date") from None

    return build


def week_of(number: int) -> Callable[[int], Days]:
    """The ISO week of a year to come."""

    def build(year: int) -> Days:
        try:
            monday = date.fromisocalendar(year, number, 1)
        except ValueError:
            raise AnswerDoubt("impossible_date") from None
        return monday, monday + timedelta(days=6)

    return build


def around(unit: str, today: date, ahead: int) -> Days:
    """The whole week, month, quarter or year that is `ahead` of the present one."""
    if unit == WEEK:
        monday = today - timedelta(days=today.weekday()) + timedelta(weeks=ahead)
        return monday, monday + timedelta(days=6)
    length = {MONTH: 1, QUARTER: 3, YEAR: 12}[unit]
    place = (today.year * 12 + today.month - 1) // length + ahead
    year, first = divmod(place * length, 12)
    return months(first + 1, first + length)(year)


def shown(days: Days) -> str:
    """The days as they are read back: "tháng 10/2026", "từ 16/11/2026 đến 22/11/2026"."""
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
    """ "2026-11-20" of a day, "2026-11-01/2026-11-30" of a period."""
    start, end = days
    return start.isoformat() if start == end else f"{start.isoformat()}/{end.isoformat()}"


def ordered(start: date, end: date) -> Days:
    """The days from `start` to `end`. Raises AnswerDoubt where that is the wrong way round."""
    if start > end:
        raise AnswerDoubt("reversed")
    return start, end


def one_month(days: Days) -> Days:
    """The same days, if they are of one month: only a month has thirds. Raises AnswerDoubt."""
    if days[0].month != days[1].month:
        raise AnswerDoubt("not_a_date")
    return days


def candidate(days: Days) -> Candidate:
    return Candidate(value_of(days), shown(days))


def candidates(build: Callable[[int], Days], year: int) -> tuple[Candidate, ...]:
    """The days in another year, nothing when it does not have them."""
    try:
        return (candidate(build(year)),)
    except AnswerDoubt:
        return ()

"""The month or quarter that somebody names beside a questionnaire: "làm nước tháng 12", "báo cáo nhà ở quý này"."""

import re
from datetime import date
from typing import Final, NamedTuple, Protocol

from plans.period import Period, PeriodKind
from questionnaires.answers import AnswerKind, ExpectedAnswer, read
from questionnaires.answers.text import fold

NOW: Final = r"này|nay|trước|truoc|(?:vừa )?rồi|(?:vua )?roi"
"""Which one it is, said from today."""
SAID: Final = re.compile(
    r"(?:(?<!\d\s)|(?<=c[âa]u \d\s)|(?<=c[âa]u \d\d\s))\b(?:tháng|thang|quý|quy|t)\s*"
    rf"(?:\d{{1,2}}(?:\s*[/-]\s*\d{{4}})?|[iv]{{1,3}}(?:\s*[/-]\s*\d{{4}})?|(?P<now>{NOW})"
    r"|(?:mười|muoi)(?: (?:một|mot|hai))?|(?:một|mot|hai|ba|tư|tu|năm|sáu|bảy|bay|tám|tam|chín|chin))\b"
    r"(?:\s+(?:năm|nam)\s+\d{4})?",
    re.I,
)
"""Not "6 tháng"; but "câu 6 tháng 10"."""
DATE: Final = re.compile(
    r"\b(?:ngày|ngay|hôm|hom)\s+\d{1,2}\b(?:\s*[/-]\s*\d{1,2}\b)?(?:\s*[/-]\s*\d{4}\b)?"
    r"|\b(?:[12]?\d|3[01])/(?:1[0-2]|0?[1-9])\b(?:/\d{4}\b)?|\b(?:năm|nam)\s+(?:19|20)\d{2}\b",
    re.I,
)
"""A day or a year: "20/11", "ngày 3", "năm 2025"."""
YEAR: Final = re.compile(r"\b(?:năm|nam)\s+((?:19|20)\d{2}|ngoái|ngoai|trước|truoc|kia|nay)\b", re.I)
"""A year, by its number or said from today: "năm ngoái"."""
HALF: Final = re.compile(
    r"\b(?:(?:6|sáu|sau)\s+(?:tháng|thang)|nửa|nua)\s+(đầu|dau|cuối|cuoi)\b(?:\s+(?:năm|nam)\b)?", re.I
)
"""Half a year: "6 tháng đầu năm"."""
LAST_ONE: Final = re.compile(r"\b(?:kỳ|kì|ky|ki|đợt|dot|lần|lan)\s+(?:trước|truoc)\b", re.I)
"""The period before the one that runs."""
YEARS_BACK: Final = {"nay": 0, "ngoai": 1, "truoc": 1, "kia": 2}
"""How many years ago a year is that is said from today, folded."""
MONTHS: Final = 3
"""How many months a quarter has."""


class NamedTime(Protocol):
    """A time that was named, by which the reports for it are found."""

    def names(self, period: Period) -> bool:
        """Whether this period is meant."""

    def touches(self, period: Period) -> bool:
        """Whether this period, which is not meant itself, lies in that time or holds it."""


class NamedPeriod(NamedTuple):
    """A month or a quarter as somebody named it."""

    kind: PeriodKind
    year: int
    number: int
    sure_of_year: bool
    """Whether the year was said, or is clear from today."""

    def names(self, period: Period) -> bool:
        """Whether it names this period; without a year, that of any year."""
        same = (self.kind, self.number) == (period.kind, period.number)
        return same and (not self.sure_of_year or self.year == period.year)

    def touches(self, period: Period) -> bool:
        """Whether a period of another kind lies in it or holds it: September in quarter III, or in a half-year."""
        same_year = not self.sure_of_year or self.year == period.end.year
        if self.kind is period.kind or not same_year:
            return False
        begun = period.start.month if period.start.year == period.end.year else 1
        return not self.months.isdisjoint(range(begun, period.end.month + 1))

    @property
    def months(self) -> frozenset[int]:
        """The months of the year that it is, or holds."""
        if self.kind is PeriodKind.MONTH:
            return frozenset((self.number,))
        return frozenset(range((self.number - 1) * MONTHS + 1, self.number * MONTHS + 1))

    def may_be(self, period: Period) -> bool:
        """Whether this period may be meant: the one named, or one of another kind, in which it may lie."""
        return self.kind is not period.kind or self.names(period)


def named_period(text: str, today: date) -> NamedPeriod | None:
    """Return the first month or quarter that `text` names; None if it names none."""
    said = SAID.search(text)
    reading = read(said[0], ExpectedAnswer(AnswerKind.PERIOD, today)) if said else None
    if said is None or reading is None or reading.start is None:
        return None
    kind = PeriodKind.QUARTER if said[0].lower().startswith("qu") else PeriodKind.MONTH
    month = reading.start.month
    number = (month + MONTHS - 1) // MONTHS if kind is PeriodKind.QUARTER else month
    return NamedPeriod(kind, reading.start.year, number, bool(said["now"] or re.search(r"\d{4}", said[0])))


def without_period(text: str) -> str:
    """Return `text` without the first month or quarter that it names."""
    return SAID.sub(" ", text, count=1)


def without_dates(text: str) -> str:
    """Return `text` without the months, quarters, days and years that it names: their numbers are no figures."""
    return SAID.sub(" ", DATE.sub(" ", text))


class NamedDays(NamedTuple):
    """A year or half of one, as its first day and its last."""

    first: date
    last: date

    def names(self, period: Period) -> bool:
        return self.first <= period.end <= self.last

    def touches(self, period: Period) -> bool:
        return period.start <= self.last and self.first <= period.end


class LastOne(NamedTuple):
    """The period before the one that runs on a day."""

    today: date

    def names(self, period: Period) -> bool:
        now = period.next()
        return now.start <= self.today <= now.end

    def touches(self, period: Period) -> bool:
        return False


NO_TIME: Final = NamedDays(date.max, date.min)
"""What is called a month or a quarter and is none: "tháng 13"."""


def named_time(text: str, today: date) -> NamedTime | None:
    """Return the time that `text` names: a month or quarter, half a year, a year, or the period before; None if it names
    none."""
    if SAID.search(text):
        return month_or_quarter(text, today)
    year, half = named_year(text, today), HALF.search(text)
    if year or half:
        return days_of(year or today.year, fold(half[1]) if half else "")
    return LastOne(today) if LAST_ONE.search(text) else None


def days_of(year: int, half: str) -> NamedDays:
    """Return the days of a year, or of its `half` in folded words."""
    first = date(year, 7 if half.startswith("cuoi") else 1, 1)
    return NamedDays(first, date(year, 6, 30) if half == "dau" else date(year, 12, 31))


def month_or_quarter(text: str, today: date) -> NamedTime:
    """Return the first month or quarter in `text`, of the year that is said anywhere in it; `NO_TIME` if there is none of
    that number."""
    said, year = named_period(text, today), named_year(text, today)
    if said is None:
        return NO_TIME
    return said._replace(year=year, sure_of_year=True) if year and not said.sure_of_year else said


def named_year(text: str, today: date) -> int:
    """Return the first year that `text` names, "năm 2025" or "năm ngoái"; 0 if it names none."""
    said = YEAR.search(text)
    if said is None:
        return 0
    return int(said[1]) if said[1].isdecimal() else today.year - YEARS_BACK[fold(said[1])]


def without_time(text: str) -> str:
    """Return `text` without the time that it names."""
    text = without_period(text)
    for named in (YEAR, HALF, LAST_ONE):
        text = named.sub(" ", text)
    return text

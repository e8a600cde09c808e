"""The month or quarter that somebody names beside a questionnaire: "làm nước tháng 12", "báo cáo nhà ở quý này"."""

import re
from datetime import date
from typing import Final, NamedTuple

from plans.period import Period, PeriodKind
from questionnaires.answers import AnswerKind, ExpectedAnswer, read

NOW: Final = r"này|nay|trước|truoc|(?:vừa )?rồi|(?:vua )?roi"
"""Which one it is, said from today."""
SAID: Final = re.compile(
    r"(?<!\d\s)\b(?:tháng|thang|quý|quy|t)\s*"
    rf"(?:\d{{1,2}}(?:\s*[/-]\s*\d{{4}})?|[iv]{{1,3}}(?:\s*[/-]\s*\d{{4}})?|(?P<now>{NOW})"
    r"|(?:mười|muoi)(?: (?:một|mot|hai))?|(?:một|mot|hai|ba|tư|tu|năm|sáu|bảy|bay|tám|tam|chín|chin))\b"
    r"(?:\s+(?:năm|nam)\s+\d{4})?",
    re.I,
)
DATE: Final = re.compile(
    r"\b(?:ngày|ngay|hôm|hom)\s+\d{1,2}\b(?:\s*[/-]\s*\d{1,2}\b)?(?:\s*[/-]\s*\d{4}\b)?"
    r"|\b(?:[12]?\d|3[01])/(?:1[0-2]|0?[1-9])\b(?:/\d{4}\b)?|\b(?:năm|nam)\s+(?:19|20)\d{2}\b",
    re.I,
)
"""A day or a year: "20/11", "ngày 3", "năm 2025"."""
MONTHS: Final = 3
"""How many months a quarter has."""


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

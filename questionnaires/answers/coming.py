"""Read a moment that is still to come: a day, an hour, both in either order, or so many hours or days from now.

Days and times are read as in answers (`dates`, `clock`). But answers are about the past: here a weekday is the next one,
and a day without month or year is the next such day. "Mùng 5" of an office is the fifth of the month that all calendars
show, unless the words name the lunar one.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from questionnaires.answers.clock import time_said
from questionnaires.answers.dates import CALENDAR, WEEKDAYS, CalendarReader
from questionnaires.answers.days import DateSaid, Days, around, just, one_day
from questionnaires.answers.numerals import whole_at
from questionnaires.answers.reading import AnswerDoubt
from questionnaires.answers.text import bare
from questionnaires.answers.tokens import Token, as_text
from questionnaires.answers.words import POLITE, PRONOUN

COMING: Final = CALENDAR.numbers("coming")
"""Words for coming days, each with how many days ahead it is."""
NEXT: Final = CALENDAR.flags("next")
"""Words beside a weekday that mean the next one."""
RUNNING: Final = CALENDAR.codes("running")
"""Words for the week, month … that is running."""
DAY_PARTS: Final = CALENDAR.numbers("day_parts")
"""Parts of a day, each with the minute of the day at which it is over for an office."""
AGAIN: Final = CALENDAR.flags("again")
"""Words before an hour that say no more."""
LENGTHS: Final = CALENDAR.numbers("lengths")
"""Units of time, each with its minutes."""
HALF: Final = CALENDAR.flags("half")
FROM_NOW: Final = CALENDAR.flags("from_now")
"""Words behind a length of time that begins now."""
MONTHS: Final = CALENDAR.numbers("english_months")
ORDINAL: Final = CALENDAR.flags("ordinal")
"""What follows the number of a day in English."""
CLOSES: Final = time(17)
"""The time of a deadline that only names a day: offices close then."""
MIDNIGHT: Final = time(23, 59)
"""The time of a deadline at the end of a day."""
A_DAY: Final = 24 * 60
"""The minutes of a day."""
LAST_HOUR: Final = re.compile(r"24\s*(h|g|gio|:\s*00)(\s*00)?")
"""How the end of a day is said as an hour."""
OF_NIGHT: Final = re.compile(r"\bdem\b")
"""The midnight of a night that is still to come ends its day: "12 giờ đêm nay"."""
FIRST_DAYS: Final = re.compile("m[uo]ng")
"""The word before the first ten days of a month."""
DASHED: Final = re.compile("([0-9]{1,2}) - ([0-9]{1,2})")
"""A day and its month."""
CLOCK_MARKS: Final = (",", "(", ")")
"""Marks that may stand between an hour and its day."""


def moment(tokens: Sequence[Token], now: datetime, closes: time, *, within: bool) -> datetime | None:
    """Return the moment that all words mean, in the zone of `now`; a day alone ends at `closes`. None for other words.

    `within`: the words before these mean that a length of time follows.
    """
    later = from_now(tokens, now, closes, within=within)
    if later is not None:
        return later
    for hour, day in parted(tokens):
        at, on = time_of(hour, closes), day_of(day, now.date())
        if at is not None and on is not None:
            return datetime.combine(on, at, now.tzinfo)
    return None


def parted(tokens: Sequence[Token]) -> Iterator[tuple[Sequence[Token], Sequence[Token]]]:
    """Yield the ways to part words into an hour and a day, the longest hour first: in "5 giờ chiều nay", "chiều" belongs
    to the hour."""
    count = len(tokens)
    for length in range(count, -1, -1) if tokens else ():
        behind = count - length
        yield tokens[:length], tokens[length:]
        yield tokens[behind:], tokens[:behind]


def from_now(tokens: Sequence[Token], now: datetime, closes: time, *, within: bool) -> datetime | None:
    """Return the moment so long from now: "2 tiếng nữa", "trong 3 ngày". Days end at `closes`. None for other words."""
    length = length_at_start(tokens) if tokens else None
    if length is None:
        return None
    minutes, in_days, end = length
    behind = FROM_NOW.past(tokens, end)
    if behind != len(tokens) or not (within or behind > end):
        return None
    return after(now, minutes, closes, in_days=in_days)


def length_at_start(tokens: Sequence[Token]) -> tuple[int, bool, int] | None:
    """Return the minutes of the time that words begin with, whether it is told in days, and where it ends: "nửa tiếng"."""
    half = HALF.at(tokens, 0)
    number, end = (None, half[1]) if half else whole_at(tokens, 0)
    unit = LENGTHS.at(tokens, end)
    if unit is None or (half is None and number is None):
        return None
    minutes, end = unit
    return minutes // 2 if number is None else int(number) * minutes, minutes >= A_DAY, end


def after(now: datetime, minutes: int, closes: time, *, in_days: bool) -> datetime | None:
    """Return the moment so many minutes later; if they were said in days, at `closes`. None if that is no date."""
    try:
        later = now.replace(second=0, microsecond=0) + timedelta(minutes=minutes)
    except OverflowError:
        return None
    return datetime.combine(later.date(), closes, now.tzinfo) if in_days else later


def time_of(tokens: Sequence[Token], closes: time) -> time | None:
    """Return the time that words mean; `closes` if there are none."""
    said = without_marks_around(tokens)
    said = said[AGAIN.past(said, 0) :]
    if not said:
        return closes if not tokens else None
    part = DAY_PARTS.whole(said)
    if part is not None:
        return time(part // 60, part % 60)
    text = as_text(said)
    at = time_said(text)
    ends_day = LAST_HOUR.fullmatch(bare(text)) or (at == time(0) and OF_NIGHT.search(bare(text)))
    return MIDNIGHT if ends_day else at


def without_marks_around(tokens: Sequence[Token]) -> Sequence[Token]:
    """Return words without the marks that part an hour from its day."""
    start, end = 0, len(tokens)
    while start < end and tokens[start].text in CLOCK_MARKS:
        start += 1
    while end > start and tokens[end - 1].text in CLOCK_MARKS:
        end -= 1
    return tokens[start:end]


def day_of(tokens: Sequence[Token], today: date) -> date | None:
    """Return the day that words mean; today if there are none."""
    if not tokens:
        return today
    try:
        return ComingReader(tokens, today).coming()
    except (AnswerDoubt, ValueError, OverflowError):
        return None


def of_calendar(tokens: Sequence[Token]) -> list[Token]:
    """Return words with "ngày" for "mùng", where a number of a day follows."""
    day = Token("word", "ngày", glued=False, forms=("ngày",))
    return [
        day if FIRST_DAYS.fullmatch(bare(one.text)) and behind and behind.kind == "number" else one
        for one, behind in zip(tokens, [*tokens[1:], None], strict=True)
    ]


class ComingReader(CalendarReader):
    """Reads a day that is still to come."""

    def __init__(self, tokens: Sequence[Token], today: date) -> None:
        super().__init__(of_calendar(tokens), today)

    def coming(self) -> date:
        """Return the day that is said, or the last day of a week, month or quarter. Raises AnswerDoubt."""
        self.skip_lead()
        rules = (self.dashed, self.days_ahead, self.next_weekday, self.running, self.in_english)
        said = next(filter(None, (self.tried(rule) for rule in rules)), None) or self.part()
        self.finish()
        return self.resolve(said)[1]

    def tried(self, rule: Callable[[], DateSaid | None]) -> DateSaid | None:
        """Return what a rule reads up to the end; None, from the same place, if it does not."""
        start = self.place
        said = rule()
        self.take_all(POLITE, PRONOUN)
        if said is not None and self.ended():
            return said
        self.place = start
        return None

    def dashed(self) -> DateSaid | None:
        """Read "25-11"."""
        said = self.match(DASHED, 3)
        return None if said is None else DateSaid(build=one_day(int(said[1]), int(said[2])))

    def days_ahead(self) -> DateSaid | None:
        """Read "mai", "ngày kia"."""
        ahead = self.read(COMING)
        return None if ahead is None else just(self.today + timedelta(days=ahead))

    def next_weekday(self) -> DateSaid | None:
        """Read a weekday by itself, "thứ sáu", "thứ sáu này": the next one, which may be today."""
        self.take(NEXT)
        weekday = self.read(WEEKDAYS)
        self.take(NEXT)
        return (
            None
            if weekday is None
            else just(self.today + timedelta(days=(weekday - self.today.weekday()) % 7))
        )

    def running(self) -> DateSaid | None:
        """Read the week or month that is running: "tuần", "cuối tháng này"."""
        unit = self.read(RUNNING)
        return None if unit is None else DateSaid(fixed=around(unit, self.today, 0))

    def in_english(self) -> DateSaid | None:
        """Read "the 25th", "25 November", "Nov 25th"."""
        month = self.read(MONTHS)
        day = self.number()
        ordinal = self.take(ORDINAL)
        month = self.read(MONTHS) if month is None else month
        if day is None or not (month or ordinal):
            return None
        return DateSaid(build=one_day(day, month)) if month else DateSaid(day=day)

    def resolve(self, said: DateSaid) -> Days:
        """Return the days meant, which may lie ahead."""
        if said.day:
            return self.within_month(said.day)
        if said.fixed is not None:
            return said.fixed
        assert said.build is not None
        return self.without_year(said.build) if said.year is None else said.build(said.year)

    def within_month(self, day: int) -> Days:
        """Return the day with this number in this month; in the next if it is over, or if this month has no such day."""
        first = self.today.replace(day=1)
        later = (first + timedelta(days=31)).replace(day=1)
        month = first if self.today.day <= day <= (later - timedelta(days=1)).day else later
        return one_day(day, month.month)(month.year)

    def without_year(self, build: Callable[[int], Days]) -> Days:
        """Return the days in this year, or in the next if they are over."""
        days = build(self.today.year)
        return days if days[1] >= self.today else build(self.today.year + 1)

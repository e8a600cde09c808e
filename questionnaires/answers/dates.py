"""Read days and periods.

    period = part | ["từ"] part ("đến" | "-") part | ["từ"] part "đến nay" | "từ đầu năm"
    part   = day | week | month | part of a month | quarter | months of a year | year

The day stands before the month, always. A part without its year is of this year; if it then lies wholly in the
future, or if it is named in the lunar calendar, the person is asked.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Final

from questionnaires.answers import words
from questionnaires.answers.days import (
    MONTH,
    QUARTER,
    WEEK,
    YEAR,
    DateSaid,
    Days,
    around,
    just,
    month_of,
    months,
    one_day,
    one_month,
    ordered,
    part_of,
    shown,
    third_of,
    value_of,
    week_of,
)
from questionnaires.answers.lately import counted_back
from questionnaires.answers.numerals import pieces_at, worded
from questionnaires.answers.phrases import FOLDER, Words
from questionnaires.answers.reading import AnswerDoubt, AnswerKind, ExpectedAnswer, Reading
from questionnaires.answers.settling import DatedCursor
from questionnaires.answers.tokens import Table, Token
from questionnaires.answers.weeks import before_month, week_within, which_week

CALENDAR: Final = Words.read(FOLDER / "ngay-thang.toml")
BEFORE: Final = CALENDAR.flags("before")
LUNAR: Final = CALENDAR.flags("lunar")
VAGUE: Final = CALENDAR.codes("vague")
"""Words that leave open which days are meant, each with the code of that doubt."""
TODAY: Final = CALENDAR.numbers("today")
"""How many days ago."""
WEEKDAYS: Final = CALENDAR.numbers("weekdays")
"""0 is Monday."""
UNIT: Final = CALENDAR.codes("units")
RELATIVE: Final = CALENDAR.numbers("relative")
"""How many weeks, months, quarters or years ahead."""
LATEST: Final = CALENDAR.flags("latest")
THIRDS: Final = CALENDAR.numbers("thirds")
"""Which part of a month: its thirds, then its halves."""
HALVES: Final = CALENDAR.numbers("halves")
ENDS: Final = CALENDAR.numbers("ends")
"""0 is the beginning of a year, 1 its end."""
SINCE: Final = CALENDAR.codes("since")
UNTIL_NOW: Final = CALENDAR.flags("until_now")
FROM: Final = CALENDAR.flags("from")
TO: Final = CALENDAR.flags("to")
WORD: Final = {name: Table({name: True}) for name in ("ngày", "hôm", "tháng", "năm", "t")}
BUILD: Final[Mapping[str, Callable[[int], Callable[[int], Days]]]] = {
    WEEK: week_of,
    MONTH: month_of,
    QUARTER: lambda number: months(3 * number - 2, 3 * number),
}
"""The week, month or quarter with a number, of a year to come."""
ROMAN: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
FULL_YEAR: Final = re.compile("(?:19|20)[0-9]{2}")
MARKED_YEAR: Final = re.compile("[/-] ((?:19|20)[0-9]{2})")
SHORT_YEAR: Final = re.compile("/ ([0-9]{2})")
ONE_OR_TWO: Final = re.compile("[0-9]{1,2}")
DOTTED: Final = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})(?:\.([0-9]{4}))?")
DASHED: Final = re.compile("- ([0-9]{1,2}) - ((?:19|20)[0-9]{2})")
YEAR_FIRST: Final = re.compile(r"((?:19|20)[0-9]{2}) ([-/]) ([0-9]{1,2}) \2 ([0-9]{1,2})")
YEAR_AND_MONTH: Final = re.compile("((?:19|20)[0-9]{2}) - ([0-9]{1,2})")


class CalendarReader(DatedCursor):
    """Recursive descent over the tokens of a day or period."""

    # --- the whole ------------------------------------------------------------------------------------

    def whole(self) -> Days:
        """Return the days that the whole answer means. Raises AnswerDoubt."""
        if LUNAR.first_in(self.tokens):
            raise AnswerDoubt("lunar")
        self.skip_lead()
        since = self.read(SINCE)
        if since is not None:
            self.take(UNTIL_NOW)
            self.finish()
            return around(since, self.today, 0)[0], self.today
        opened = self.take(FROM)
        first = self.part()
        days = self.until(first)
        if opened and days is None:
            raise AnswerDoubt("open_span")
        return days or self.resolve(first)

    def until(self, first: DateSaid) -> Days | None:
        """Return the days from `first` to another part or to now; None if nothing follows it. Raises AnswerDoubt."""
        if self.take(UNTIL_NOW):
            self.finish()
            return ordered(self.resolve(first)[0], self.today)
        if self.take(TO):
            second = self.part()
            self.finish()
            return self.span(first, second)
        self.finish()
        return None

    def skip_lead(self) -> None:
        """Step over courtesy and words such as "trong" before a part."""
        self.take_all(words.POLITE, words.PRONOUN, BEFORE)

    def finish(self) -> None:
        """Step over courtesy at the end. Raises AnswerDoubt if anything else follows."""
        self.take_all(words.POLITE, words.PRONOUN)
        if not self.ended():
            raise self.strange()

    def strange(self) -> AnswerDoubt:
        """Return the doubt about words here that are no part of a date."""
        return AnswerDoubt(self.read(VAGUE) or "not_a_date")

    # --- parts ----------------------------------------------------------------------------------------

    def part(self) -> DateSaid:
        """One day, week, month, quarter or year, or a part of one."""
        self.skip_lead()
        for rule in RULES:
            start = self.place
            said = rule(self)
            if said is not None:
                return said
            self.place = start
        raise self.strange()

    def counted_back(self) -> DateSaid | None:
        """ "3 ngày trước", "mười ngày nay"."""
        days = None if self.newest else counted_back(self, self.today)
        return None if days is None else DateSaid(fixed=days)

    def relative_day(self) -> DateSaid | None:
        """hôm nay, hôm qua, hôm kia."""
        ago = self.read(TODAY)
        return None if ago is None else just(self.today - timedelta(days=ago))

    def weekday(self) -> DateSaid | None:
        """ "thứ hai vừa rồi", "thứ hai tuần trước", "thứ sáu 20/11"."""
        weekday = self.read(WEEKDAYS)
        if weekday is None:
            return None
        if self.take(LATEST):
            return just(self.today - timedelta(days=(self.today.weekday() - weekday - 1) % 7 + 1))
        start = self.place
        if self.read(UNIT) == WEEK:
            ahead = self.read(RELATIVE)
            if ahead is None:
                raise AnswerDoubt("not_a_date")
            return just(around(WEEK, self.today, ahead)[0] + timedelta(days=weekday))
        self.place = start
        return self.weekday_with_date(weekday)

    def weekday_with_date(self, weekday: int) -> DateSaid:
        """The date behind a weekday, which must fall on it."""
        dated = self.figures()
        if dated is None or dated.day:
            raise AnswerDoubt("which_week")
        days = self.resolve(dated)
        if days[0] != days[1] or days[0].weekday() != weekday:
            raise AnswerDoubt("impossible_date")
        return dated

    def third(self) -> DateSaid | None:
        """ "hạ tuần tháng 10", "cuối tháng trước"."""
        third = self.read(THIRDS)
        if third is None:
            return None
        last = self.tokens[self.place - 1]
        if last.text.startswith("t") and WORD["tháng"].at((last,), 0):
            # "cuối tháng 10": the month begins with the last word of "cuối tháng".
            self.place -= 1
        return self.part_of_month(lambda days: third_of(one_month(days), third))

    def part_of_month(self, part: Callable[[Days], Days]) -> DateSaid:
        """That part of the month that stands here. Raises AnswerDoubt if none does."""
        month = self.named()
        if month is None:
            raise AnswerDoubt("vague")
        return part_of(part, month)

    def week(self) -> DateSaid | None:
        """ "tuần 1 tháng 10", "tuần cuối của tháng trước"."""
        number = which_week(self)
        if number is None or not before_month(self):
            return None
        return self.part_of_month(lambda days: week_within(days, number))

    def month_and_week(self) -> DateSaid | None:
        """ "tháng 10 tuần 2"."""
        if UNIT.at(self.tokens, self.place) is None:
            return None
        month = self.named()
        number = which_week(self)
        if month is None or number is None:
            return None
        return part_of(lambda days: week_within(one_month(days), number), month)

    def half(self) -> DateSaid | None:
        """nửa đầu năm, nửa cuối năm."""
        half = self.read(HALVES)
        if half is None:
            return None
        return DateSaid(build=months(1 + 6 * half, 6 + 6 * half), year=self.year())

    # --- numbers --------------------------------------------------------------------------------------

    def number(self) -> int | None:
        """A whole number in figures or in words, as many words as make one number."""
        digits = self.match(ONE_OR_TWO)
        if digits:
            return int(digits[0])
        if self.before_year():
            return None
        pieces = pieces_at(self.tokens, self.place)[:3]
        for length in range(len(pieces), 0, -1):
            value = worded(pieces[:length])
            if value is not None:
                self.place += length
                return value
        return None

    def before_year(self) -> bool:
        """Whether "năm 2026" stands here, where "năm" is no five: "9 tháng năm 2026"."""
        here = WORD["năm"].at(self.tokens, self.place)
        return here is not None and FULL_YEAR.fullmatch(self.text(here[1] - self.place)) is not None

    def year(self) -> int | None:
        """The year after a part: "/2026", "năm 2026", "năm ngoái"; None when there is none."""
        figures = self.match(MARKED_YEAR, 2)
        if figures:
            return int(figures[1])
        if self.text() == "/":
            raise AnswerDoubt("no_year")
        if self.take(WORD["năm"]):
            ahead = self.read(RELATIVE)
            return self.full_year() if ahead is None else self.today.year + ahead
        bare = self.match(FULL_YEAR)
        return int(bare[0]) if bare else None

    def full_year(self) -> int:
        """The year in figures that must stand here."""
        figures = self.match(FULL_YEAR)
        if not figures:
            raise AnswerDoubt("no_year")
        return int(figures[0])

    # --- figures --------------------------------------------------------------------------------------

    def figures(self) -> DateSaid | None:
        """ "20/11/2026", "20.11.2026", "2026-11-20", "ngày 20 tháng 11", "10/2026", "2025"."""
        named_day = self.take(WORD["ngày"]) or self.take(WORD["hôm"])
        said = self.dotted() or (None if named_day else self.year_first())
        if said is not None:
            return said
        first = self.number()
        return None if first is None else self.after_first(first, named_day)

    def dotted(self) -> DateSaid | None:
        """ "20.11", "20.11.2026"."""
        figures = self.match(DOTTED)
        if not figures:
            return None
        build = one_day(int(figures[1]), int(figures[2]))
        return DateSaid(build=build, year=int(figures[3]) if figures[3] else self.year())

    def year_first(self) -> DateSaid | None:
        """ "2026-11-20", "2026-11"; a year alone is the whole year."""
        day = self.match(YEAR_FIRST, 5)
        if day:
            return DateSaid(build=one_day(int(day[4]), int(day[3])), year=int(day[1]))
        month = self.match(YEAR_AND_MONTH, 3)
        if month:
            return DateSaid(build=month_of(int(month[2])), year=int(month[1]))
        year = self.match(FULL_YEAR)
        return DateSaid(build=months(1, 12), year=int(year[0])) if year else None

    def after_first(self, first: int, named_day: bool) -> DateSaid | None:
        """What follows the first number of a date; alone it is a day where it is called one or opens a span."""
        if self.take(WORD["tháng"]):
            return self.with_month(first, named_day=named_day)
        if self.mark("/"):
            return self.after_slash(first, named_day)
        dashed = self.match(DASHED, 4)
        if dashed:
            return DateSaid(build=one_day(first, int(dashed[1])), year=int(dashed[2]))
        is_day = named_day or TO.at(self.tokens, self.place) is not None
        return DateSaid(day=first) if is_day and 1 <= first <= 31 else None

    def after_slash(self, first: int, named_day: bool) -> DateSaid | None:
        """A month and maybe a year after "20/", or the year after "10/"."""
        if self.kind_here != "number":
            return None
        year = self.match(FULL_YEAR)
        if year is None:
            return self.with_month(first)
        if named_day:
            raise AnswerDoubt("no_month")
        return DateSaid(build=month_of(first), year=int(year[0]))

    def with_month(self, day: int, *, named_day: bool = False) -> DateSaid | None:
        """A day with the month that stands here, and its year; two figures only for a year near this one."""
        month = self.number()
        if month is None:
            return self.with_relative_month(day, named_day=named_day)
        build = one_day(day, month)
        short = self.match(SHORT_YEAR, 2)
        if short is None:
            return DateSaid(build=build, year=self.year())
        year = 2000 + int(short[1])
        if abs(year - self.today.year) > 1:
            raise AnswerDoubt("no_year")
        return DateSaid(build=build, year=year)

    def with_relative_month(self, day: int, *, named_day: bool) -> DateSaid | None:
        """ "ngày 25 tháng trước"; "15 tháng này" too, where it can be no number of months."""
        ahead = self.read(RELATIVE)
        if ahead is None or not (named_day or (ahead == 0 and day > 12)):
            return None
        first = around(MONTH, self.today, ahead)[0]
        return DateSaid(build=one_day(day, first.month), year=first.year)

    # --- names ----------------------------------------------------------------------------------------

    def named(self) -> DateSaid | None:
        """ "tuần 47", "tháng trước", "quý III/2026", "năm ngoái", "T10"."""
        unit = self.read(UNIT)
        if unit is None:
            return self.short_month()
        ahead = self.read(RELATIVE)
        if ahead is not None:
            days = around(unit, self.today, ahead)
            if unit == WEEK and not self.newest:  # "tuần sau" can be no other week
                return DateSaid(build=lambda _: days, year=days[0].year)
            return DateSaid(fixed=days)
        if unit == YEAR:
            return DateSaid(build=months(1, 12), year=self.full_year())
        number = self.roman() if unit == QUARTER else None
        number = self.number() if number is None else number
        if number is None:
            raise AnswerDoubt("vague")
        week = number if unit == WEEK else 0
        return DateSaid(build=BUILD[unit](number), year=self.year(), week=week)

    def roman(self) -> int | None:
        """A quarter in Roman figures."""
        number = ROMAN.get(self.text())
        self.place += number is not None
        return number

    def short_month(self) -> DateSaid | None:
        """ "T10": a month, where it cannot be a weekday."""
        if not self.take(WORD["t"]) or self.ended() or not self.tokens[self.place].glued:
            return None
        number = self.number()
        if number is None or 2 <= number <= 7:
            raise AnswerDoubt("which_week")
        return DateSaid(build=month_of(number), year=self.year())

    def months(self) -> DateSaid | None:
        """ "6 tháng đầu năm", "9 tháng đầu năm 2025", "3 tháng cuối năm"."""
        number = self.number()
        if number is None or not self.take(WORD["tháng"]):
            return None
        end = self.read(ENDS)
        if end is None:
            raise AnswerDoubt("which_months")
        if not 2 <= number <= 12:
            raise AnswerDoubt("impossible_date")
        build = months(13 - number, 12) if end else months(1, number)
        return DateSaid(build=build, year=self.year_of_months(number))

    def year_of_months(self, number: int) -> int | None:
        """The year after "6 tháng đầu năm"; "6 tháng đầu" alone is understood of 6 and 9 months only."""
        if not WORD["năm"].at(self.tokens, self.place - 1):
            if number not in (6, 9) or not self.ended():
                raise AnswerDoubt("which_months")
            return None
        ahead = None if WORD["năm"].at(self.tokens, self.place) else self.read(RELATIVE)
        return self.year() if ahead is None else self.today.year + ahead


RULES: Final = (
    CalendarReader.counted_back,
    CalendarReader.relative_day,
    CalendarReader.weekday,
    CalendarReader.third,
    CalendarReader.half,
    CalendarReader.figures,
    CalendarReader.week,
    CalendarReader.month_and_week,
    CalendarReader.named,
    CalendarReader.months,
)
"""What a part may be, in the order in which it is tried."""


def read_date(text: str, tokens: Sequence[Token], question: ExpectedAnswer) -> Reading:
    """Read a day (kind date) or a period. Raises AnswerDoubt."""
    if words.DONT_KNOW.first_in(tokens):
        raise AnswerDoubt("dont_know")
    try:
        days = CalendarReader(tokens, question.today).whole()
    except (ValueError, OverflowError):
        raise AnswerDoubt("impossible_date") from None
    if question.kind is AnswerKind.DATE and days[0] != days[1]:
        raise AnswerDoubt("not_a_day")
    label = shown(days)
    return Reading("ok", value_of(days), *days, exact=text.strip() == label, read_back=label)

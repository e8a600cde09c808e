"""Reads days and periods.

    period = part | ["từ"] part ("đến" | "-") part | ["từ"] part "đến nay" | "từ đầu năm"
    part   = day | week | month | part of a month | quarter | months of a year | year

The day stands before the month, always. A part without its year is of this year; if it then lies wholly in the
future, or if it is named in the lunar calendar, the person is asked.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from questionnaires.answers import words
from questionnaires.answers.numerals import Number, Part, Piece, pieces_at
from questionnaires.answers.phrases import FOLDER, Words
from questionnaires.answers.reading import Candidate, Doubt, Kind, Question, Reading
from questionnaires.answers.show import day as show_day
from questionnaires.answers.tokens import Table, Token

Days = tuple[date, date]
"""The first and the last day, both included."""


class Said(NamedTuple):
    """A part of the calendar as it was said: already fixed, or to be built from a year.

    `day` alone is a day whose month was not said.
    """

    fixed: Days | None = None
    build: Callable[[int], Days] | None = None
    year: int | None = None
    day: int = 0


CALENDAR: Final = Words.read(FOLDER / "ngay-thang.toml")
BEFORE: Final = CALENDAR.flags("before")
LUNAR: Final = CALENDAR.flags("lunar")
VAGUE: Final = CALENDAR.codes("vague")
"""Words that leave open which days are meant, each with the code of that doubt."""
TODAY: Final = CALENDAR.numbers("today")
"""How many days ago."""
WEEKDAYS: Final = CALENDAR.numbers("weekdays")
"""0 is Monday."""
WEEK, MONTH, QUARTER, YEAR = "week", "month", "quarter", "year"
UNIT: Final = CALENDAR.codes("units")
RELATIVE: Final = CALENDAR.numbers("relative")
"""How many weeks, months, quarters or years ahead."""
LATEST: Final = CALENDAR.flags("latest")
THIRDS: Final = CALENDAR.numbers("thirds")
HALVES: Final = CALENDAR.numbers("halves")
ENDS: Final = CALENDAR.numbers("ends")
"""0 is the beginning of a year, 1 its end."""
SINCE: Final = CALENDAR.codes("since")
UNTIL_NOW: Final = CALENDAR.flags("until_now")
FROM: Final = CALENDAR.flags("from")
TO: Final = CALENDAR.flags("to")
WORD: Final = {name: Table({name: True}) for name in ("ngày", "tháng", "năm", "t")}
ROMAN: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
FULL_YEAR: Final = re.compile("(?:19|20)[0-9]{2}")


def month_of(month: int) -> Callable[[int], Days]:
    """The whole of a month. Raises Doubt for a month that does not exist."""
    return months(month, month)


def months(first: int, last: int) -> Callable[[int], Days]:
    """From the start of month `first` to the end of month `last`, of a year to come."""
    if not 1 <= first <= last <= 12:
        raise Doubt("impossible_date")
    return lambda year: (date(year, first, 1), date(year, last, monthrange(year, last)[1]))


def third_of(days: Days, third: int) -> Days:
    """The days 1-10, 11-20 or 21 to the end of a month."""
    first, last = days
    starts = (first.replace(day=1), first.replace(day=11), first.replace(day=21))
    return starts[third], (first.replace(day=10), first.replace(day=20), last)[third]


def one_day(day: int, month: int) -> Callable[[int], Days]:
    """One day of a year to come. Raises Doubt, then or at once, when it does not exist."""
    if not 1 <= month <= 12 or not 1 <= day <= 31:
        raise Doubt("impossible_date")

    def build(year: int) -> Days:
        try:
            return date(year, month, day), date(year, month, day)
        except ValueError:
            raise Doubt("impossible_date") from None

    return build


def week_of(number: int) -> Callable[[int], Days]:
    """The ISO week of a year to come."""

    def build(year: int) -> Days:
        try:
            monday = date.fromisocalendar(year, number, 1)
        except ValueError:
            raise Doubt("impossible_date") from None
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


class Calendar:
    """Recursive descent over the tokens of a day or period.

    A part of a year without its year is this year's; where that is still to come it is doubtful, or, with `newest`,
    that of the newest year in which it has begun: in January "quý 4" asks for the quarter that is over.
    """

    def __init__(self, tokens: Sequence[Token], today: date, *, newest: bool = False) -> None:
        self.newest = newest
        self.tokens = [token for token in tokens if token.text not in (",", "!", "\n", "(", ")")]
        while self.tokens and self.tokens[-1].text == ".":
            self.tokens.pop()
        self.today = today
        self.place = 0

    def ended(self) -> bool:
        return self.place >= len(self.tokens)

    def take(self, table: Table[bool]) -> bool:
        """Step over a phrase of `table`, if it stands here."""
        found = table.at(self.tokens, self.place)
        self.place = found[1] if found else self.place
        return found is not None

    def mark(self, text: str) -> bool:
        """Step over a mark."""
        if not self.ended() and self.tokens[self.place].text == text:
            self.place += 1
            return True
        return False

    def whole(self) -> Days:
        """The days of the whole answer. Raises Doubt."""
        self.refuse_lunar()
        self.skip_lead()
        since = SINCE.at(self.tokens, self.place)
        if since is not None:
            self.place = since[1]
            self.take(UNTIL_NOW)
            self.finish()
            return around(since[0], self.today, 0)[0], self.today
        opened = self.take(FROM)
        first = self.part()
        if self.take(UNTIL_NOW):
            self.finish()
            return self.ordered(self.resolve(first)[0], self.today)
        if self.take(TO):
            second = self.part()
            self.finish()
            return self.span(first, second)
        self.finish()
        if opened:
            raise Doubt("open_span")
        return self.resolve(first)

    def refuse_lunar(self) -> None:
        """A word of the lunar calendar anywhere makes the whole doubtful."""
        if any(LUNAR.at(self.tokens, place) for place in range(len(self.tokens))):
            raise Doubt("lunar")

    def skip_lead(self) -> None:
        """Courtesy and words like "trong" before a part."""
        while self.take(words.POLITE) or self.take(words.PRONOUN) or self.take(BEFORE):
            pass

    def finish(self) -> None:
        """Only courtesy may follow. Raises Doubt for anything else."""
        while self.take(words.POLITE) or self.take(words.PRONOUN):
            pass
        if not self.ended():
            found = VAGUE.at(self.tokens, self.place)
            raise Doubt(found[0] if found else "not_a_date")

    def ordered(self, start: date, end: date) -> Days:
        if start > end:
            raise Doubt("reversed")
        return start, end

    def span(self, first: Said, second: Said) -> Days:
        """From one part to another; the year or month of the second serves the first."""
        last = self.resolve(second)
        if first.day:
            if last[0] != last[1]:
                raise Doubt("no_month")
            first = Said(build=one_day(first.day, last[0].month), year=last[0].year)
        elif first.build is not None and first.year is None and second.year is not None:
            first = first._replace(year=second.year)
        start = self.resolve(first)[0]
        if start > last[0] and self.newest and first.build is not None and first.year is None:
            start = first.build(last[0].year - 1)[0]
        if start > last[0]:
            raise Doubt("reversed")
        return self.ordered(start, last[1])

    def resolve(self, said: Said) -> Days:
        """The days meant. Raises Doubt for a day without its month, and for a future that was not said plainly."""
        if said.day:
            raise Doubt("no_month")
        if said.build is None:
            assert said.fixed is not None
            if said.fixed[0] > self.today:
                raise Doubt("future")
            return said.fixed
        if said.year is None and self.newest:
            return self.newest_of(said.build)
        days = said.build(self.today.year if said.year is None else said.year)
        if said.year is None and days[0] > self.today:
            raise Doubt("future", (*candidates(said.build, self.today.year - 1), candidate(days)))
        return days

    def newest_of(self, build: Callable[[int], Days]) -> Days:
        """The days of the newest year in which they have begun. Raises Doubt where no year near has them."""
        doubt = Doubt("future")
        for year in range(
            self.today.year + 1, self.today.year - 5, -1
        ):  # an ISO year begins before 1 January
            try:
                days = build(year)
            except Doubt as why:  # a week 53, a 29 February
                doubt = why
                continue
            if days[0] <= self.today:
                return days
        raise doubt

    def part(self) -> Said:
        """One day, week, month, quarter or year, or a part of one."""
        self.skip_lead()
        for rule in (
            self.relative_day,
            self.weekday,
            self.third,
            self.half,
            self.figures,
            self.named,
            self.months,
        ):
            start = self.place
            said = rule()
            if said is not None:
                return said
            self.place = start
        found = VAGUE.at(self.tokens, self.place)
        raise Doubt(found[0] if found else "not_a_date")

    def relative_day(self) -> Said | None:
        """hôm nay, hôm qua, hôm kia."""
        found = TODAY.at(self.tokens, self.place)
        if found is None:
            return None
        self.place = found[1]
        day = self.today - timedelta(days=found[0])
        return Said(fixed=(day, day))

    def weekday(self) -> Said | None:
        """ "thứ hai vừa rồi", "thứ hai tuần trước", "thứ sáu 20/11"."""
        found = WEEKDAYS.at(self.tokens, self.place)
        if found is None:
            return None
        weekday, self.place = found
        if self.take(LATEST):
            back = (self.today.weekday() - weekday - 1) % 7 + 1
            day = self.today - timedelta(days=back)
            return Said(fixed=(day, day))
        unit = UNIT.at(self.tokens, self.place)
        if unit is not None and unit[0] == WEEK:
            which = RELATIVE.at(self.tokens, unit[1])
            if which is None:
                raise Doubt("not_a_date")
            self.place = which[1]
            day = around(WEEK, self.today, which[0])[0] + timedelta(days=weekday)
            return Said(fixed=(day, day))
        if self.ended():
            raise Doubt("which_week")
        dated = self.figures()
        if dated is None or dated.day:
            raise Doubt("which_week")
        days = self.resolve(dated)
        if days[0] != days[1] or days[0].weekday() != weekday:
            raise Doubt("impossible_date")
        return dated

    def third(self) -> Said | None:
        """ "hạ tuần tháng 10", "cuối tháng trước"."""
        found = THIRDS.at(self.tokens, self.place)
        if found is None:
            return None
        third, self.place = found
        if self.tokens[self.place - 1].text.startswith("t") and spelled_month(self.tokens[self.place - 1]):
            self.place -= 1
        month = self.named()
        if month is None:
            raise Doubt("vague")
        if month.fixed is not None:
            if month.fixed[0].month != month.fixed[1].month:
                raise Doubt("not_a_date")
            return Said(fixed=third_of(month.fixed, third))
        build = month.build
        assert build is not None
        if build(2024)[0].month != build(2024)[1].month:
            raise Doubt("not_a_date")
        return Said(build=lambda year: third_of(build(year), third), year=month.year)

    def half(self) -> Said | None:
        """nửa đầu năm, nửa cuối năm."""
        found = HALVES.at(self.tokens, self.place)
        if found is None:
            return None
        half, self.place = found
        return Said(build=months(1 + 6 * half, 6 + 6 * half), year=self.year())

    def number(self) -> int | None:
        """A whole number in figures or in words, as many words as make one number."""
        if self.ended():
            return None
        token = self.tokens[self.place]
        if token.kind == "number":
            if not re.fullmatch("[0-9]{1,2}", token.text):
                return None
            self.place += 1
            return int(token.text)
        if self.before_year():
            return None
        pieces = pieces_at(self.tokens, self.place)
        for length in (3, 2, 1):
            some = pieces[:length]
            if len(some) < length or any(piece.part is Part.FIGURES for piece in some):
                continue
            value = worded(some)
            if value is not None:
                self.place += length
                return value
        return None

    def before_year(self) -> bool:
        """Whether "năm 2026" stands here, where "năm" is no five: "9 tháng năm 2026"."""
        found = WORD["năm"].at(self.tokens, self.place)
        behind = self.tokens[found[1] : found[1] + 1] if found else ()
        return any(FULL_YEAR.fullmatch(token.text) for token in behind)

    def year(self) -> int | None:
        """The year after a part: "/2026", "năm 2026", "năm ngoái"; None when there is none."""
        start = self.place
        marked = self.mark("/") or self.mark("-")
        if not marked and self.take(WORD["năm"]):
            which = RELATIVE.at(self.tokens, self.place)
            if which is not None:
                self.place = which[1]
                return self.today.year + which[0]
            marked = True
        token = None if self.ended() else self.tokens[self.place]
        if token is not None and token.kind == "number" and FULL_YEAR.fullmatch(token.text):
            self.place += 1
            return int(token.text)
        if marked and self.tokens[start].text != "-":
            raise Doubt("no_year")
        self.place = start
        return None

    def figures(self) -> Said | None:
        """ "20/11/2026", "20.11.2026", "2026-11-20", "ngày 20 tháng 11", "10/2026", "2025"."""
        named_day = self.take(WORD["ngày"])
        if self.ended():
            return None
        text = self.tokens[self.place].text
        dotted = re.fullmatch(r"([0-9]{1,2})\.([0-9]{1,2})(?:\.([0-9]{4}))?", text)
        if dotted:
            self.place += 1
            year = int(dotted[3]) if dotted[3] else self.year()
            return Said(build=one_day(int(dotted[1]), int(dotted[2])), year=year)
        if FULL_YEAR.fullmatch(text) and not named_day:
            return self.year_first()
        first = self.number()
        if first is None:
            return None
        if self.take(WORD["tháng"]):
            month = self.number()
            return None if month is None else self.day_and_month(first, month)
        separator = next((mark for mark in "/-" if self.mark(mark)), "")
        if separator == "/":
            return self.after_slash(first, named_day=named_day)
        if separator and self.dashed():
            month = self.number()
            assert month is not None
            return self.day_and_month(first, month)
        if separator:
            self.place -= 1
        follows = TO.at(self.tokens, self.place) is not None
        return Said(day=first) if (named_day or follows) and 1 <= first <= 31 else None

    def dashed(self) -> bool:
        """Whether "11-2026" stands here, the rest of a date with dashes."""
        texts = [token.text for token in self.tokens[self.place : self.place + 3]]
        month = len(texts) == 3 and re.fullmatch("[0-9]{1,2}", texts[0]) is not None
        return month and texts[1] == "-" and FULL_YEAR.fullmatch(texts[2]) is not None

    def after_slash(self, first: int, *, named_day: bool) -> Said | None:
        """A month and maybe a year after "20/", or the year after "10/"."""
        token = None if self.ended() else self.tokens[self.place]
        if token is None or token.kind != "number":
            return None
        if FULL_YEAR.fullmatch(token.text):
            if named_day:
                raise Doubt("no_month")
            self.place += 1
            return Said(build=month_of(first), year=int(token.text))
        month = self.number()
        if month is None:
            return None
        return self.day_and_month(first, month)

    def day_and_month(self, day: int, month: int) -> Said:
        """A day with its month, and its year when one follows; two figures only for a year near this one."""
        build = one_day(day, month)
        texts = [token.text for token in self.tokens[self.place : self.place + 2]]
        if len(texts) == 2 and texts[0] == "/" and re.fullmatch("[0-9]{2}", texts[1]):
            year = 2000 + int(texts[1])
            if abs(year - self.today.year) > 1:
                raise Doubt("no_year")
            self.place += 2
            return Said(build=build, year=year)
        return Said(build=build, year=self.year())

    def year_first(self) -> Said | None:
        """ "2026-11-20", "2026-11"; a year alone is the whole year."""
        year = int(self.tokens[self.place].text)
        texts = [token.text for token in self.tokens[self.place + 1 : self.place + 5]]
        for separator in "-/":
            if len(texts) >= 4 and texts[0] == texts[2] == separator and two_figures(texts[1], texts[3]):
                self.place += 5
                return Said(build=one_day(int(texts[3]), int(texts[1])), year=year)
        if len(texts) >= 2 and texts[0] == "-" and two_figures(texts[1]):
            self.place += 3
            return Said(build=month_of(int(texts[1])), year=year)
        self.place += 1
        return Said(build=months(1, 12), year=year)

    def named(self) -> Said | None:
        """ "tuần 47", "tháng trước", "quý III/2026", "năm ngoái", "T10"."""
        found = UNIT.at(self.tokens, self.place)
        if found is None:
            return self.short_month()
        unit, self.place = found
        which = RELATIVE.at(self.tokens, self.place)
        if which is not None:
            self.place = which[1]
            return Said(fixed=around(unit, self.today, which[0]))
        if unit == YEAR:
            token = None if self.ended() else self.tokens[self.place]
            if token is None or not FULL_YEAR.fullmatch(token.text):
                raise Doubt("no_year")
            self.place += 1
            return Said(build=months(1, 12), year=int(token.text))
        number = self.roman() if unit == QUARTER else None
        number = self.number() if number is None else number
        if number is None:
            raise Doubt("vague")
        build = self.numbered(unit, number)
        return Said(build=build, year=self.year())

    def numbered(self, unit: str, number: int) -> Callable[[int], Days]:
        """The week, month or quarter with this number."""
        if unit == WEEK:
            return week_of(number)
        if unit == MONTH:
            return month_of(number)
        return months(3 * number - 2, 3 * number)

    def roman(self) -> int | None:
        """A quarter in Roman figures."""
        number = None if self.ended() else ROMAN.get(self.tokens[self.place].text)
        self.place += number is not None
        return number

    def short_month(self) -> Said | None:
        """ "T10": a month, where it cannot be a weekday."""
        if not self.take(WORD["t"]) or self.ended() or not self.tokens[self.place].glued:
            return None
        number = self.number()
        if number is None or 2 <= number <= 7:
            raise Doubt("which_week")
        return Said(build=month_of(number), year=self.year())

    def months(self) -> Said | None:
        """ "6 tháng đầu năm", "9 tháng đầu năm 2025", "3 tháng cuối năm"."""
        number = self.number()
        if number is None or not self.take(WORD["tháng"]):
            return None
        found = ENDS.at(self.tokens, self.place)
        if found is None:
            raise Doubt("which_months")
        end, self.place = found
        if not 2 <= number <= 12:
            raise Doubt("impossible_date")
        if self.tokens[self.place - 1].forms and not WORD["năm"].at(self.tokens, self.place - 1):
            if number not in (6, 9) or not self.ended():
                raise Doubt("which_months")
        elif not self.ended() and not WORD["năm"].at(self.tokens, self.place):
            which = RELATIVE.at(self.tokens, self.place)
            if which is not None:
                self.place = which[1]
                return Said(build=self.months_at(number, end), year=self.today.year + which[0])
        return Said(build=self.months_at(number, end), year=self.year())

    def months_at(self, number: int, end: int) -> Callable[[int], Days]:
        """The first or the last months of a year."""
        return months(13 - number, 12) if end else months(1, number)


def two_figures(*texts: str) -> bool:
    return all(re.fullmatch("[0-9]{1,2}", text) for text in texts)


def spelled_month(token: Token) -> bool:
    return WORD["tháng"].at((token,), 0) is not None


def worded(pieces: list[Piece]) -> int | None:
    """The value of number words, None when they are not one number; "tư" is four here."""
    if len(pieces) == 1 and pieces[0].part is Part.UNIT:
        return int(pieces[0].value) if pieces[0].value == 4 else None
    try:
        value = Number(pieces).whole()
    except Doubt:
        return None
    return int(value) if value == int(value) else None


def shown(days: Days) -> str:
    """The days as they are read back: "tháng 10/2026", "từ 16/11/2026 đến 22/11/2026"."""
    start, end = days
    if start == end:
        return show_day(start)
    same_year = start.year == end.year
    whole_months = start.day == 1 and end.day == monthrange(end.year, end.month)[1] and same_year
    names = {
        **{(month, month): f"tháng {month}/{start.year}" for month in range(1, 13)},
        **{(3 * quarter - 2, 3 * quarter): f"quý {quarter}/{start.year}" for quarter in range(1, 5)},
        (1, 6): f"6 tháng đầu năm {start.year}",
        (7, 12): f"6 tháng cuối năm {start.year}",
        (1, 9): f"9 tháng đầu năm {start.year}",
        (1, 12): f"năm {start.year}",
    }
    name = names.get((start.month, end.month)) if whole_months else None
    return name or f"từ {show_day(start)} đến {show_day(end)}"


def value_of(days: Days) -> str:
    """ "2026-11-20" of a day, "2026-11-01/2026-11-30" of a period."""
    start, end = days
    return start.isoformat() if start == end else f"{start.isoformat()}/{end.isoformat()}"


def candidate(days: Days) -> Candidate:
    return Candidate(value_of(days), shown(days))


def candidates(build: Callable[[int], Days], year: int) -> tuple[Candidate, ...]:
    """The days in another year, nothing when it does not have them."""
    try:
        return (candidate(build(year)),)
    except Doubt:
        return ()


def read_date(text: str, tokens: Sequence[Token], question: Question) -> Reading:
    """Read a day (kind date) or a period. Raises Doubt."""
    if any(words.DONT_KNOW.at(tokens, place) for place in range(len(tokens))):
        raise Doubt("dont_know")
    try:
        days = Calendar(tokens, question.today).whole()
    except (ValueError, OverflowError):
        raise Doubt("impossible_date") from None
    if question.kind is Kind.DATE and days[0] != days[1]:
        raise Doubt("not_a_day")
    label = shown(days)
    return Reading("ok", value_of(days), *days, exact=text.strip() == label, read_back=label)

"""The times in a question: a period, several, the latest few, or a day within a longer time."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final

from queries.frames import Days
from queries.names import PlaceNames
from queries.spans import Span, Tag, one_ends_at
from queries.vocabulary import RUNNING
from questionnaires.answers.dates import FULL_YEAR, CalendarReader
from questionnaires.answers.days import around
from questionnaires.answers.reading import AnswerDoubt as NotRead
from questionnaires.answers.text import bare
from questionnaires.answers.tokens import Table, Token, tokens_of
from questionnaires.answers.words import POLITE, PRONOUN

PERIOD: Final = 14
"""The most words of a period: "từ ngày 15 tháng 12 năm 2025 đến ngày 14 tháng 6 năm 2026"."""
YEAR: Final = 4
UNITS_OF_TIME: Final = Table(
    {"tuần": "week", "tháng": "month", "quý": "quarter", "năm": "year", "kỳ": "period"}
)
LAST: Final = Table(
    dict.fromkeys(
        (
            "qua",
            "liền",
            "liên tiếp",
            "liền đây",
            "mới đây",
            "gần đây",
            "vừa qua",
            "gần nhất",
            "trở lại đây",
            "nay",
            "vừa rồi",
            "rồi",
        ),
        True,
    )
)
LEAD: Final = Table(dict.fromkeys(("trong", "qua", "suốt", "trong suốt", "trong vòng"), True))
"""Before a number of latest periods it says nothing."""
THIS_PERIOD: Final = Table(
    {"kỳ này": 0, "kỳ trước": 1, "kỳ vừa rồi": 1, "kỳ vừa qua": 1, "kỳ gần nhất": 0, "kỳ trước nữa": 2}
)
JUST_OVER: Final = Table({"tuần qua": "week", "tháng qua": "month", "quý qua": "quarter", "năm qua": "year"})
"""The one before the present, unless a number stands before it: "3 tháng qua"."""
BEFORE_LAST: Final = Table(
    {
        "tuần trước nữa": "week",
        "tháng trước nữa": "month",
        "quý trước nữa": "quarter",
        "năm trước nữa": "year",
    }
)
POINTS: Final = Table({"đầu": 0, "giữa": 1, "cuối": 2})
"""Before a year or a quarter: its first, middle or last day."""
LAST_DAY: Final = 2
MONTHS: Final = Table({"tháng": True})
SUMMED: Final = ("6", "9")
"""Reports cover this many months from the year's beginning, even unsaid ("9 tháng năm 2026")."""
NOT_SUMMED: Final = frozenset(["toi", "sau", "nua", "truoc", "lien", "cuoi", "tuoi", "tro"])
"""After "9 tháng": other months are meant."""
JOINED: Final = frozenset((",", "+", "&", "và"))
JOINTS: Final = JOINED | {"-", "–"}
ROW: Final = 3
"""So many numbers without a mark between them are a row, whatever follows."""
LAST_ROW: Final = 2
"""So many are one at the end, or before a year."""
NUMBERED: Final = re.compile("[0-9]{1,2}|i{1,3}|iv")
"""Units of time that a list of numbers may follow: month, quarter, week."""
COUNTED: Final = Table(
    {
        word: number
        for number, word in enumerate(
            ["một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười"], 1
        )
    }
)
BEGIN_PERIODS: Final = (
    "tuan thang quy nam ngay hom bua tu dau giua cuoi nua thu chu ky q t thuong trung ha i ii iii iv"
)
OF: Final = frozenset(("cua", "trong"))
"""Before the month of a week."""
PERIOD_WORDS: Final = frozenset(BEGIN_PERIODS.split())
"""A period begins only at such a word or at a number."""


@dataclass(frozen=True)
class Times:
    """Finds the times in a question asked `today`."""

    names: PlaceNames
    today: date

    def periods(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """A day, week, month, quarter, half-year, year or span of days."""
        relative = THIS_PERIOD.at(tokens, place)
        if relative is not None:
            yield Span(place, relative[1], Tag.BACK, (relative[0], "this"))
        earlier = BEFORE_LAST.at(tokens, place)
        if earlier is not None:
            yield Span(place, earlier[1], Tag.PERIOD, around(earlier[0], self.today, -2))
        over = JUST_OVER.at(tokens, place)
        if over is not None and not (place and count_at(tokens, place - 1)):
            yield Span(place, over[1], Tag.PERIOD, around(over[0], self.today, -1))
        yield from self.within_present(tokens, place)
        if may_begin_period(tokens, place):
            yield from self.several(tokens, place)
            yield from self.point(tokens, place)
            yield from self.summed(tokens, place)
            yield from self.longest(tokens, place)

    def within_present(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """ "… trong năm", "… trong quý" at the end of a question: the present one."""
        unit = UNITS_OF_TIME.at(tokens, place + 1) if bare(tokens[place].text) == "trong" else None
        if unit is None or unit[1] < len(tokens):
            return
        if unit[0] == "period":
            yield Span(place, unit[1], Tag.BACK, (0, "this"))
        else:
            yield Span(place, unit[1], Tag.PERIOD, around(unit[0], self.today, 0))

    def longest(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """The longest run of words from `place` on that is a time; a bare number only if it is a year.

        A courtesy behind it is no part of it: in "quy 3 nha tam", "nha" begins the next name; and "so năm ngoái, cảm ơn"
        would be a longer time than "so năm ngoái" a comparison.
        """
        first = tokens[place]
        bare_number = first.kind == "number" and not is_year(first.text)
        longest = range(min(place + PERIOD, len(tokens)), place + bare_number, -1)
        ends = (end for end in longest if not ends_in_courtesy(tokens[place:end]))
        spans = filter(None, (self.read(tokens, place, end) for end in ends))
        yield from islice(spans, 1)

    def read(self, tokens: Sequence[Token], place: int, end: int) -> Span | None:
        """The words from `place` up to `end` as one time; None if they are none."""
        try:
            return Span(place, end, Tag.PERIOD, self.days(tokens[place:end]))
        except NotRead as doubt:
            return Span(place, end, Tag.FUTURE) if doubt.code == "future" else None
        except (ValueError, OverflowError):
            return None

    def several(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """ "tháng 8,9,10", "quý I và II năm 2025", "tháng 8-10": each of them, or all from first to last."""
        if UNITS_OF_TIME.at(tokens, place) is None:
            return
        numbers, end, dashed = numbers_at(tokens, place + 1)
        behind, year = month_at(tokens, end) if is_week(tokens[place]) else year_at(tokens, end)
        few = len(numbers) == 2 if dashed else len(numbers) > 1
        if not few or self.names.is_bare_level(tokens, behind):
            return
        periods = self.each_of(tokens[place], numbers, year)
        if periods and not dashed:
            yield Span(place, behind, Tag.PERIOD, periods)
        elif periods and periods[0] < periods[1]:
            yield Span(place, behind, Tag.PERIOD, (periods[0][0], periods[1][1]))

    def each_of(self, unit: Token, numbers: Iterable[Token], year: Sequence[Token]) -> tuple[Days, ...]:
        """The periods with these numbers in one unit and year; () if one of them does not exist."""
        said = ([unit, number, *year] for number in numbers)
        try:
            return tuple(CalendarReader(period, self.today, newest=True).whole() for period in said)
        except (NotRead, ValueError, OverflowError):
            return ()

    def point(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """ "đầu năm", "cuối quý 3", "cuối năm 2025": one of its days."""
        point = POINTS.at(tokens, place)
        if point is None:
            return
        for span in self.wholes(tokens, point[1]):
            if isinstance(span.value[0], date):
                first, last = span.value
                day = (first, middle(first, last), last)[point[0]]
                under_way = self.under_way(first, last) if point[0] == LAST_DAY else None
                tag = Tag.PERIOD if under_way else Tag.POINT if day <= self.today else Tag.FUTURE
                yield Span(place, span.end, tag, under_way or (day, day))

    def under_way(self, first: date, last: date) -> Days | None:
        """The part of a year or quarter that "cuối năm", "cuối quý" means while it runs: the second half, the quarter.

        None before it begins and once it is over: then its last day is meant.
        """
        half = date(last.year, 7, 1) if (first.month, last.month) == (1, 12) else first
        return (half, last) if half <= self.today < last else None

    def wholes(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """The years and quarters at `place` in which a day may be meant: the present one, and any that is named."""
        unit = UNITS_OF_TIME.at(tokens, place)
        if unit is None and place < len(tokens) and is_year(tokens[place].text):
            yield from (span for span in self.periods(tokens, place) if span.tag is Tag.PERIOD)
        if unit is not None and unit[0] in ("year", "quarter"):
            yield Span(place, unit[1], Tag.PERIOD, around(unit[0], self.today, 0))
            yield from (span for span in self.periods(tokens, place) if span.tag is Tag.PERIOD)

    def summed(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """ "9 tháng", "6 tháng năm 2025": from the year's beginning, unless other words say otherwise."""
        months = MONTHS.at(tokens, place + 1)
        if tokens[place].text not in SUMMED or months is None:
            return
        end, year = year_at(tokens, months[1])
        behind = bare(tokens[end].text) if end < len(tokens) else ""
        if behind in NOT_SUMMED or (not year and tokens[place].text != "9"):
            return
        said = (*tokens[place : months[1]], *tokens_of("đầu năm"), *year[-1:])
        try:
            yield Span(place, end, Tag.PERIOD, CalendarReader(said, self.today, newest=True).whole())
        except NotRead:
            return

    def days(self, tokens: Sequence[Token]) -> Days:
        """The days of a period; one with only a beginning ("từ tháng 6") goes on until today. Raises NotRead."""
        try:
            return CalendarReader(tokens, self.today, newest=True).whole()
        except NotRead as doubt:
            if doubt.code != "open_span":
                raise
            return CalendarReader(tokens[1:], self.today, newest=True).whole()[0], self.today

    def latest(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """ "3 tháng gần đây", "trong 3 tháng liên tiếp", "liên tục 3 tháng": the latest few periods."""
        lead = LEAD.at(tokens, place)
        run = RUNNING.at(tokens, place)
        start = lead[1] if lead else run[1] if run else place
        count = count_at(tokens, start)
        unit = UNITS_OF_TIME.at(tokens, start + 1)
        last = LAST.at(tokens, unit[1]) if unit else None
        if count and unit and (last or run):
            yield Span(place, last[1] if last else unit[1], Tag.BACK, (count, unit[0]))


def middle(first: date, last: date) -> date:
    """The day in the middle: of a year, the last of its first half, at which that half's reports stand."""
    is_year = (first.month, last.month) == (1, 12)
    return date(first.year, 6, 30) if is_year else first + (last - first) / 2


def ends_in_courtesy(tokens: Sequence[Token]) -> bool:
    """Whether the last token is a mark, or ends polite words or a form of address."""
    courtesies = (table.at(tokens, at) for at in range(len(tokens)) for table in (POLITE, PRONOUN))
    return tokens[-1].kind == "mark" or one_ends_at(courtesies, len(tokens))


def may_begin_period(tokens: Sequence[Token], place: int) -> bool:
    """Whether a time may begin at `place`; not after "cùng" ("cùng kỳ"), which says what it is compared with."""
    if place and bare(tokens[place - 1].text) == "cung":
        return False
    first = tokens[place]
    return first.kind == "number" or not PERIOD_WORDS.isdisjoint(map(bare, (first.text, *first.forms)))


def numbers_at(tokens: Sequence[Token], place: int) -> tuple[list[Token], int, bool]:
    """The numbers listed at `place` ("8,9,10", "I và II", "8-10"), the place after them, and whether a dash joins them.

    Of weeks each may be called one: "tuần 1 và tuần 2".
    """
    again = is_week(tokens[place - 1])
    numbers = few_numbers(tokens, place)
    end, dashed = place + bool(numbers), False
    if row := row_at(tokens, place):
        return row, place + len(row), False
    while numbers and end < len(tokens) and tokens[end].text in JOINTS:
        behind = end + 1 + (again and end + 1 < len(tokens) and is_week(tokens[end + 1]))
        more = few_numbers(tokens, behind)
        if end + 1 < len(tokens):
            dashed = dashed or tokens[end].text not in JOINED
        if not more:
            break
        numbers += more
        end = behind + 1
    return numbers, end, dashed


def row_at(tokens: Sequence[Token], place: int) -> list[Token]:
    """The numbers at `place` that follow one another without a mark: "9 10 11"; [] if they are no such row.

    Three at least, because "tháng 9 10 hộ" is about ten households; two only at the end, or before a year.
    """
    row = few_numbers(tokens, place)[:1]
    while row and (behind := few_numbers(tokens, place + len(row))) and follows(behind, row[-1]):
        row += behind
    end = place + len(row)
    alone = end == len(tokens) or year_at(tokens, end)[0] > end
    return row if len(row) >= (LAST_ROW if alone else ROW) else []


def follows(numbers: Sequence[Token], before: Token) -> bool:
    """Whether there is one number, and it is the next after another: 10 after 9."""
    first, last = before.text, numbers[0].text
    return len(numbers) == 1 and first.isdigit() and last.isdigit() and int(last) == int(first) + 1


def few_numbers(tokens: Sequence[Token], place: int) -> list[Token]:
    """The one- or two-digit numbers in the token at `place` ("8", "8,9", "iv"); [] for none."""
    parts = tokens[place].text.split(",") if place < len(tokens) else []
    if not all(NUMBERED.fullmatch(part) for part in parts):
        return []
    return [Token("number", part, glued=True) for part in parts]


def year_at(tokens: Sequence[Token], place: int) -> tuple[int, Sequence[Token]]:
    """The place after a year at `place` ("/2026", "năm 2026", "2026"), and its words; without a year, `place` itself."""
    lead = place < len(tokens) and (tokens[place].text == "/" or bare(tokens[place].text) == "nam")
    last = place + lead
    if last < len(tokens) and FULL_YEAR.fullmatch(tokens[last].text):
        return last + 1, tokens[place : last + 1]
    return place, ()


def month_at(tokens: Sequence[Token], place: int) -> tuple[int, Sequence[Token]]:
    """The place after a month of weeks at `place` ("của tháng 10", "tháng này"), or else after a year, and its words."""
    unit = MONTHS.at(tokens, place + (place < len(tokens) and bare(tokens[place].text) in OF))
    if unit is None or unit[1] >= len(tokens):
        return year_at(tokens, place)
    behind, _ = year_at(tokens, unit[1] + 1)
    return behind, tokens[place:behind]


def is_week(token: Token) -> bool:
    """Whether a token names weeks."""
    return bare(token.text) == "tuan"


def count_at(tokens: Sequence[Token], place: int) -> int | None:
    """How many, in digits or as one word ("ba"); None for anything else, and behind the last token."""
    if place >= len(tokens):
        return None
    word = COUNTED.at(tokens, place)
    return word[0] if word else whole_number(tokens[place])


def is_year(text: str) -> bool:
    """Whether a bare number can only be a year."""
    return len(text) == YEAR and text[:2] in ("19", "20")


def whole_number(token: Token) -> int | None:
    """The number of a token of one to three digits."""
    return (
        int(token.text) if token.kind == "number" and token.text.isdigit() and len(token.text) < 4 else None
    )

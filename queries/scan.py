"""Cuts a question into spans, each with a meaning, so that as little as possible is left over.

At every word all meanings that may begin there are looked up; of all ways to lay them side by side the one that
explains most is taken (a longer phrase explains more than its parts). What no table knows stays as a span of its
own, so that nothing is passed over.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any, Final

from queries import vocabulary as words
from queries.dictionary import Dictionary
from queries.frames import Bound, Days, Relation
from questionnaires.answers.dates import FULL_YEAR, Calendar
from questionnaires.answers.days import around
from questionnaires.answers.places import TYPES, Gazetteer, Unit, marked
from questionnaires.answers.reading import Doubt as NotRead
from questionnaires.answers.text import bare
from questionnaires.answers.tokens import Table, Token, tokens_of

NAME: Final = 7
"""The longest name of a place has so many words, brackets counted."""
BRACKETS: Final = frozenset("()")
"""What may stand around a remark in a name: "Nà Hin (giả lập)"."""
PERIOD: Final = 14
"""So has the longest period: "từ ngày 15 tháng 12 năm 2025 đến ngày 14 tháng 6 năm 2026"."""
DENIED_WITHIN: Final = 8
"""So many words of a name may stand before its "chưa"."""
YEAR: Final = 4
WHOLE: Final = 100
"""All of a share, in percent."""
LARGEST: Final = 15
"""No amount has more digits."""


class What(Enum):
    """What a span says."""

    FILLER = "filler"
    INTENT = "intent"
    REPORTED = "reported"
    INDICATOR = "indicator"
    DOMAIN = "domain"
    NEGATION = "negation"
    PLACE = "place"
    OWN = "own"
    NATION = "nation"
    AGE = "age"
    EACH = "each"
    LISTED = "listed"
    HOW_MANY = "how_many"
    LEVEL = "level"
    PERIOD = "period"
    POINT = "point"
    """A day within a longer time ("cuối năm 2025"): only what stands at a day has a figure for it."""
    EXCEPT = "except"
    """Before a place that is not to be counted."""
    UNTIL = "until"
    """Before a time: all up to it ("lũy kế đến tháng 9")."""
    FUTURE = "future"
    BACK = "back"
    PREVIOUS = "previous"
    ORDER = "order"
    BOUND = "bound"
    TARGET = "target"
    TARGETS = "targets"
    NUMBER = "number"
    FORMAT = "format"
    FOLLOW = "follow"
    AND = "and"
    OUTSIDE = "outside"
    PERSONAL = "personal"
    CHANGE = "change"
    GROUP = "group"
    """Some of the people, or a change, where no indicator's name has them."""
    UNKNOWN = "unknown"


WEIGHTS: Final = {
    What.UNKNOWN: -3.0,
    What.FILLER: 0.5,
    What.AND: 0.5,
    What.NEGATION: 0.8,
    What.LEVEL: 0.8,
    What.NUMBER: 0.4,
    What.DOMAIN: 0.9,
    What.PLACE: 1.0,
    What.INDICATOR: 1.15,
    What.OUTSIDE: 1.6,
    What.PERSONAL: 1.6,
    What.CHANGE: 1.3,
    What.FOLLOW: 0.7,
    What.AGE: 0.3,
    What.UNTIL: 0.6,
    What.GROUP: 0.2,
}
"""How much a word of a span counts beside the square of its length; 1 where nothing stands here."""


@dataclass(frozen=True, slots=True)
class Span:
    """The words from `start` to before `end`, and what they mean."""

    start: int
    end: int
    what: What
    value: Any = None
    denied: bool = False
    """A "chưa" stands within the name: "hộ DTTS chưa có nước hợp vệ sinh"."""

    @property
    def score(self) -> float:
        """How much it explains."""
        return WEIGHTS.get(self.what, 1.0) * math.pow(self.end - self.start, 1.5)

    def is_in(self, table: Table[Any], tokens: Sequence[Token]) -> bool:
        """Whether all its words are a phrase of `table`."""
        found = table.at(tokens, self.start)
        return found is not None and found[1] == self.end

    def lists(self, tokens: Sequence[Token]) -> bool:
        """Whether it sets two things beside each other: "và", a comma, "còn"."""
        mark = self.what is What.FILLER and tokens[self.start].kind == "mark"
        return mark or self.what in (What.AND, What.FOLLOW)


TABLES: Final[tuple[tuple[What, Table[Any]], ...]] = (
    (What.OUTSIDE, words.OUTSIDE),
    (What.PERSONAL, words.PERSONAL),
    (What.CHANGE, words.CHANGE),
    (What.REPORTED, words.REPORTED),
    (What.INTENT, words.INTENTS),
    (What.PREVIOUS, words.PREVIOUS),
    (What.ORDER, words.ORDERS),
    (What.TARGET, words.AGAINST_TARGET),
    (What.TARGETS, words.TARGETS),
    (What.FORMAT, words.FORMATS),
    (What.NATION, words.NATION),
    (What.AGE, words.AGES),
    (What.NEGATION, words.NEGATION),
    (What.FOLLOW, words.FOLLOW),
    (What.EXCEPT, words.EXCEPT),
    (What.UNTIL, words.UNTIL),
    (What.BACK, words.BY_UNIT),
    (What.LEVEL, words.LEVELS),
    (What.AND, words.AND),
    (What.FILLER, words.FILLER),
    (What.GROUP, words.GROUPS),
)
UNITS_OF_TIME: Final = Table(
    {"tuần": "week", "tháng": "month", "quý": "quarter", "năm": "year", "kỳ": "period"}
)
LAST: Final = Table(
    dict.fromkeys(("qua", "gần đây", "vừa qua", "gần nhất", "trở lại đây", "nay", "vừa rồi"), True)
)
THIS_PERIOD: Final = Table(
    {"kỳ này": 0, "kỳ trước": 1, "kỳ vừa rồi": 1, "kỳ vừa qua": 1, "kỳ gần nhất": 0, "kỳ trước nữa": 2}
)
BEFORE_LAST: Final = Table(
    {
        "tuần trước nữa": "week",
        "tháng trước nữa": "month",
        "quý trước nữa": "quarter",
        "năm trước nữa": "year",
    }
)
POINTS: Final = Table({"đầu": 0, "giữa": 1, "cuối": 2})
"""Before a year or a quarter: its first day, that in the middle, or its last one."""
MONTHS: Final = Table({"tháng": True})
SUMMED: Final = ("6", "9")
"""Reports are over so many months from the year's beginning, which need not be said ("9 tháng năm 2026")."""
NOT_SUMMED: Final = frozenset(["toi", "sau", "nua", "truoc", "lien", "cuoi", "tuoi", "tro"])
"""Behind "9 tháng": other months are meant."""
JOINED: Final = frozenset((",", "+", "&", "và"))
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
PERIOD_WORDS: Final = frozenset(BEGIN_PERIODS.split())
"""Only at such a word, or a number, may a period begin."""


@dataclass
class Scanner:
    """Finds the spans of one question. `nameable` are the units that the asker may name."""

    dictionary: Dictionary
    gazetteer: Gazetteer
    today: date
    nameable: frozenset[int]

    def spans(self, tokens: Sequence[Token]) -> list[Span]:
        """The best way to lay spans side by side over `tokens`."""
        best: list[tuple[float, list[Span]]] = [(0.0, [])] * (len(tokens) + 1)
        for place in range(len(tokens) - 1, -1, -1):
            ways = [*self.beginning(tokens, place), Span(place, place + 1, What.UNKNOWN, tokens[place].text)]
            scored = [(span.score + best[span.end][0], span) for span in ways]
            score, chosen = max(scored, key=lambda pair: (pair[0], pair[1].end))
            best[place] = (score, [chosen, *best[chosen.end][1]])
        return best[0][1]

    def beginning(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """Every span that may begin at `place`."""
        if tokens[place].kind == "mark" and not tokens[place].text.isalnum():
            yield Span(place, place + 1, What.FILLER)
        for what, table in TABLES:
            found = table.at(tokens, place)
            if found is not None:
                yield Span(place, found[1], what, found[0])
        for what, names in (
            (What.INDICATOR, self.dictionary.indicators),
            (What.DOMAIN, self.dictionary.domains),
        ):
            named = names.at(tokens, place)
            if named is not None:
                yield Span(place, named[1], what, named[0])
        for rule in (
            self.levels,
            self.places,
            self.periods,
            self.latest,
            self.bounds,
            self.closes,
            self.exact,
            self.apart,
            self.denied,
            self.counts,
        ):
            yield from rule(tokens, place)

    def denied(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """The name of one share with a "chưa" or "không" within: the rest of it."""
        for at in range(place + 1, min(place + DENIED_WITHIN, len(tokens))):
            if words.PARTICLES.at(tokens, at) is None:
                continue
            named = self.dictionary.indicators.at([*tokens[:at], *tokens[at + 1 :]], place)
            if named is None or named[1] <= at or len(named[0]) > 1:
                continue
            if self.dictionary.plans.indicators[named[0][0]].rate:
                yield Span(place, named[1] + 1, What.INDICATOR, named[0], denied=True)

    def levels(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """ "các xã", "xã nào" list units of a level, "mấy xã" counts them; "toàn huyện", "xã tôi" mean the asker's own."""
        for before, what in (
            (words.EACH, What.EACH),
            (words.LISTED, What.LISTED),
            (words.HOW_MANY, What.HOW_MANY),
            (words.WHOLE, What.OWN),
        ):
            lead = before.at(tokens, place)
            level = words.LEVELS.at(tokens, lead[1]) if lead else None
            if lead is not None and what in (What.LISTED, What.HOW_MANY) and self.typed(tokens, lead[1]):
                continue
            if lead is not None and level is not None and what is What.LISTED:
                yield Span(place, lead[1], what, level[0])
            if level is not None:
                yield Span(place, level[1], what, level[0])
                last = words.OWN.at(tokens, level[1])
                if last is not None:
                    yield Span(place, last[1], What.OWN, level[0])
        level = words.LEVELS.at(tokens, place)
        if level is None:
            return
        for behind, what in ((words.WHICH, What.EACH), (words.OWN, What.OWN)):
            last = behind.at(tokens, level[1])
            if last is not None:
                yield Span(place, last[1], what, level[0])

    def typed(self, tokens: Sequence[Token], place: int) -> bool:
        """Whether a place's name with its type word begins here: "bao nhiêu, xã Vĩnh Thông"."""
        level = words.LEVELS.at(tokens, place)
        return level is not None and any(span.end > level[1] for span in self.places(tokens, place))

    def places(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """A name of a place, with its type word or without; a mere number is none without it ("phường 5")."""
        kinds = [("", place)]
        for length in (3, 2, 1):
            kind = TYPES.get(" ".join(bare(token.text) for token in tokens[place : place + length]))
            if kind:
                short = tokens[place + length : place + length + 1]
                dotted = bool(short) and short[0].text == "." and short[0].glued
                kinds.append((kind, place + length + dotted))
                break
        for kind, start in kinds:
            if start < len(tokens) and tokens[start].kind == "mark":
                continue
            least = 2 if not kind and tokens[start].kind == "number" else 1
            for length in range(min(NAME, len(tokens) - start), least - 1, -1):
                units = self.named(tokens[start : start + length], kind)
                if units:
                    yield Span(place, start + length, What.PLACE, units)

    def named(self, tokens: Sequence[Token], kind: str) -> tuple[Unit, ...]:
        """The units of this name that the asker may name."""
        if any(token.kind == "mark" and token.text not in BRACKETS for token in tokens):
            return ()
        typed = [marked(token.text) for token in tokens if token.kind != "mark"]
        meant, _ = self.gazetteer.named(typed, (kind,) if kind else ())
        return tuple(unit for unit in meant if unit.id in self.nameable)

    def periods(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """A day, week, month, quarter, half, year or span of days."""
        relative = THIS_PERIOD.at(tokens, place)
        if relative is not None:
            yield Span(place, relative[1], What.BACK, (relative[0], "this"))
        earlier = BEFORE_LAST.at(tokens, place)
        if earlier is not None:
            yield Span(place, earlier[1], What.PERIOD, around(earlier[0], self.today, -2))
        first = tokens[place]
        same = place > 0 and bare(tokens[place - 1].text) == "cung"
        if same or not (first.kind == "number" or bare(first.text) in PERIOD_WORDS):
            return
        yield from self.several(tokens, place)
        yield from self.point(tokens, place)
        yield from self.summed(tokens, place)
        for end in range(min(place + PERIOD, len(tokens)), place, -1):
            some = tokens[place:end]
            if first.kind == "number" and end == place + 1 and not is_year(first.text):
                return
            try:
                yield Span(place, end, What.PERIOD, self.days(some))
            except NotRead as doubt:
                if doubt.code != "future":
                    continue
                yield Span(place, end, What.FUTURE)
            except (ValueError, OverflowError):
                continue
            return

    def several(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """ "tháng 8,9,10", "quý I và II năm 2025", "tháng 8-10": each of them, or all from the first to the last."""
        if UNITS_OF_TIME.at(tokens, place) is None:
            return
        numbers, end, dashed = numbers_at(tokens, place + 1)
        behind, year = year_at(tokens, end)
        counted = words.LEVELS.at(tokens, behind) and not self.typed(tokens, behind)
        if len(numbers) < 2 or counted or (dashed and len(numbers) > 2):
            return
        try:
            found = [
                Calendar([tokens[place], number, *year], self.today, newest=True).whole()
                for number in numbers
            ]
        except (NotRead, ValueError, OverflowError):
            return
        if dashed and found[0] < found[1]:
            yield Span(place, behind, What.PERIOD, (found[0][0], found[1][1]))
        elif not dashed:
            yield Span(place, behind, What.PERIOD, tuple(found))

    def point(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """ "đầu năm", "cuối quý 3", "cuối năm 2025": a day of it."""
        which = POINTS.at(tokens, place)
        unit = UNITS_OF_TIME.at(tokens, which[1]) if which else None
        if which is None or unit is None or unit[0] not in ("year", "quarter"):
            return
        whole = [Span(which[1], unit[1], What.PERIOD, around(unit[0], self.today, 0))]
        whole += [span for span in self.periods(tokens, which[1]) if span.what is What.PERIOD]
        for span in (each for each in whole if isinstance(each.value[0], date)):
            first, last = span.value
            day = (first, first + (last - first) / 2, last)[which[0]]
            yield Span(place, span.end, What.POINT if day <= self.today else What.FUTURE, (day, day))

    def summed(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """ "9 tháng", "6 tháng năm 2025": from the year's beginning, where nothing else is said of them."""
        months = MONTHS.at(tokens, place + 1)
        if tokens[place].text not in SUMMED or months is None:
            return
        end, year = year_at(tokens, months[1])
        behind = bare(tokens[end].text) if end < len(tokens) else ""
        if behind in NOT_SUMMED or (not year and tokens[place].text != "9"):
            return
        said = (*tokens[place : months[1]], *tokens_of("đầu năm"), *year[-1:])
        try:
            yield Span(place, end, What.PERIOD, Calendar(said, self.today, newest=True).whole())
        except NotRead:
            return

    def days(self, tokens: Sequence[Token]) -> Days:
        """The days of a period; one that only begins ("từ tháng 6") goes on until today. Raises NotRead."""
        try:
            return Calendar(tokens, self.today, newest=True).whole()
        except NotRead as doubt:
            if doubt.code != "open_span":
                raise
            return Calendar(tokens[1:], self.today, newest=True).whole()[0], self.today

    def latest(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """ "3 tháng gần đây": so many latest periods."""
        count = count_at(tokens, place)
        unit = UNITS_OF_TIME.at(tokens, place + 1)
        last = LAST.at(tokens, unit[1]) if unit else None
        if count and unit and last:
            yield Span(place, last[1], What.BACK, (count, unit[0]))

    def bounds(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """ "dưới 80 %", "50 % trở lên", "từ 80 đến 90 %"."""
        yield from self.between(tokens, place)
        before = words.RELATIONS.at(tokens, place)
        start = before[1] if before else place
        if start >= len(tokens) or (value := decimal(tokens[start])) is None:
            return
        end, unit, named = unit_at(tokens, start + 1)
        behind = words.AFTERWARDS.at(tokens, named)
        if behind is not None:
            yield Span(place, behind[1], What.BOUND, (Bound(behind[0], value, unit),))
        elif before is not None and (start > place + 1 or bare(tokens[place].text) != "tu"):
            yield Span(place, end, What.BOUND, (Bound(before[0], value, unit),))
        else:
            yield from self.closed_later(tokens, place, start)

    def closed_later(self, tokens: Sequence[Token], place: int, start: int) -> Iterator[Span]:
        """ "từ 20 hộ nghèo trở lên": what is asked about stands between the number and its "trở lên"."""
        end, unit, named = unit_at(tokens, start + 1)
        about = (self.dictionary.indicators.at(tokens, each) for each in dict.fromkeys((end, named)))
        behind = next((words.AFTERWARDS.at(tokens, name[1]) for name in about if name), None)
        value = decimal(tokens[start])
        if behind is not None and value is not None:
            yield Span(place, end, What.BOUND, (Bound(behind[0], value, unit),))

    def closes(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """The "trở lên" that is read with the number before what is asked about."""
        found = words.AFTERWARDS.at(tokens, place)
        if found is None:
            return
        for start in range(max(0, place - DENIED_WITHIN - 3), place):
            lead = words.RELATIONS.at(tokens, start)
            number = lead[1] if lead else start
            if number >= place or decimal(tokens[number]) is None:
                continue
            end, _, named = unit_at(tokens, number + 1)
            about = (self.dictionary.indicators.at(tokens, each) for each in (end, named))
            if any(name is not None and name[1] == place for name in about):
                yield Span(place, found[1], What.FILLER)
                return

    def exact(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """ "đúng 5 hộ", "có 5 nhà tạm": the value itself, of a number; of a share only all or none of it."""
        lead = words.EXACTLY.at(tokens, place)
        value = decimal(tokens[lead[1]]) if lead and lead[1] < len(tokens) else None
        if lead is None or value is None or is_year(tokens[lead[1]].text):
            return
        end, unit, named = unit_at(tokens, lead[1] + 1)
        closed = any(words.AFTERWARDS.at(tokens, each) for each in (end, named))
        other = words.LEVELS.at(tokens, end) or UNITS_OF_TIME.at(tokens, end) or closed
        share = unit == "%" and value not in (0, WHOLE)
        if not other and not share and not any(self.closed_later(tokens, place, lead[1])):
            ends = Bound(Relation.AT_LEAST, value, unit), Bound(Relation.AT_MOST, value, unit)
            yield Span(place, end, What.BOUND, ends)

    def apart(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """ "nhiều … nhất", with what is meant between."""
        first = words.APART.at(tokens, place)
        if first is not None and any(words.MOST.at(tokens, each) for each in range(place + 2, len(tokens))):
            yield Span(place, place + 1, What.ORDER, first[0])
        if words.MOST.at(tokens, place) and any(words.APART.at(tokens, each) for each in range(place - 1)):
            yield Span(place, place + 1, What.FILLER)

    def between(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """ "từ 80 đến 90 %", "80-90%": without "từ" only where the numbers are said to be a share."""
        two = words.ONE_OF_TWO.at(tokens, place)
        before = two or words.BETWEEN.at(tokens, place)
        start = before[1] if before else place
        low = decimal(tokens[start]) if start < len(tokens) else None
        middle, first = after_percent(tokens, start + 1)
        to = (words.AND if two else words.UP_TO).at(tokens, middle)
        if low is None or to is None or to[1] >= len(tokens) or (high := decimal(tokens[to[1]])) is None:
            return
        end, second = after_percent(tokens, to[1] + 1)
        unit = "%" if first else unit_at(tokens, to[1] + 1)[1]
        behind = tokens[end].text if end < len(tokens) else ""
        time = behind in ("/", "-", ".") or UNITS_OF_TIME.at(tokens, end) is not None
        dated = time or all(len(tokens[each].text) == YEAR for each in (start, to[1]))
        if low <= high and (first or second or (before is not None and not dated)):
            ends = Bound(Relation.AT_LEAST, low, unit), Bound(Relation.AT_MOST, high, unit)
            yield Span(place, end, What.BOUND, ends)

    def counts(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """ "top 5", "5 xã": how many units are wanted."""
        lead = words.BEFORE_NUMBER.at(tokens, place)
        start = lead[1] if lead else place
        count = whole_number(tokens[start]) if start < len(tokens) else None
        if count is None:
            return
        level = words.LEVELS.at(tokens, start + 1)
        if level is not None:
            yield Span(place, level[1], What.NUMBER, (count, level[0]))
        elif lead is not None:
            yield Span(place, start + 1, What.NUMBER, (count, ""))


def unit_at(tokens: Sequence[Token], place: int) -> tuple[int, str, int]:
    """What a number before `place` is a number of: the place behind its "%", the unit, and the place behind the unit.

    "hộ" may be the beginning of what is asked about ("trên 20 hộ nghèo"), so it is not taken off.
    """
    end, percent = after_percent(tokens, place)
    if percent:
        return end, "%", end
    unit = words.COUNTED_AS.at(tokens, place)
    return (end, unit[0], unit[1]) if unit else (end, "", end)


def after_percent(tokens: Sequence[Token], place: int) -> tuple[int, bool]:
    """The place after a "%" at `place`, and whether there is one."""
    if place < len(tokens) and tokens[place].text == "%":
        return place + 1, True
    if [token.text for token in tokens[place : place + 2]] == ["phần", "trăm"]:
        return place + 2, True
    return place, False


def numbers_at(tokens: Sequence[Token], place: int) -> tuple[list[Token], int, bool]:
    """The numbers listed at `place` ("8,9,10", "I và II", "8-10"), the place after them, and whether by a dash."""
    found: list[Token] = []
    end, dashed = place, False
    while end < len(tokens):
        parts = [Token("number", part, glued=True) for part in tokens[end].text.split(",")]
        if not all(re.fullmatch("[0-9]{1,2}|i{1,3}|iv", part.text) for part in parts):
            break
        found += parts
        behind = end + 1
        end += 1
        if behind + 1 >= len(tokens) or tokens[behind].text not in (*JOINED, "-", "–"):
            break
        dashed = dashed or tokens[behind].text not in JOINED
        end += 1
    if found and tokens[end - 1].text in (*JOINED, "-", "–"):
        end -= 1
    return found, end, dashed


def year_at(tokens: Sequence[Token], place: int) -> tuple[int, Sequence[Token]]:
    """The place after a year at `place` ("/2026", "năm 2026", "2026"), and its words; the same place without one."""
    lead = place < len(tokens) and (tokens[place].text == "/" or bare(tokens[place].text) == "nam")
    last = place + lead
    if last < len(tokens) and FULL_YEAR.fullmatch(tokens[last].text):
        return last + 1, tokens[place : last + 1]
    return place, ()


def count_at(tokens: Sequence[Token], place: int) -> int | None:
    """How many, in figures or as one word ("ba")."""
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


def decimal(token: Token) -> Decimal | None:
    """The number of a token as Vietnamese write it: a comma before decimals, dots between thousands."""
    if token.kind != "number" or len(token.text) > LARGEST:
        return None
    text = token.text
    if "," not in text and text.count(".") == 1 and len(text.rsplit(".", 1)[1]) != 3:
        text = text.replace(".", ",")
    try:
        return Decimal(text.replace(".", "").replace(",", "."))
    except InvalidOperation:
        return None

"""The numbers of a question: bounds that pick units ("dưới 80 %", "từ 5 đến 10 hộ"), and how many units are wanted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from queries import vocabulary as words
from queries.dictionary import Dictionary
from queries.frames import Bound, Relation
from queries.spans import Span, Tag
from queries.times import UNITS_OF_TIME, YEAR, count_at, is_year
from questionnaires.answers.text import bare
from questionnaires.answers.tokens import Token

DENIED_WITHIN: Final = 8
"""So many words of a name may stand before its "chưa"."""
WHOLE: Final = 100
"""All of a share, in percent."""
LARGEST: Final = 15
"""No amount has more digits."""


@dataclass(frozen=True)
class Amounts:
    """Finds the numbers of a question."""

    dictionary: Dictionary

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
            yield Span(place, behind[1], Tag.BOUND, (Bound(behind[0], value, unit),))
        elif before is not None and (start > place + 1 or bare(tokens[place].text) != "tu"):
            yield Span(place, end, Tag.BOUND, (Bound(before[0], value, unit),))
        else:
            yield from self.closed_later(tokens, place, start)

    def closed_later(self, tokens: Sequence[Token], place: int, start: int) -> Iterator[Span]:
        """ "từ 20 hộ nghèo trở lên": what is asked about stands between the number and its "trở lên"."""
        end, unit, named = unit_at(tokens, start + 1)
        about = (self.dictionary.indicators.at(tokens, each) for each in dict.fromkeys((end, named)))
        behind = next((words.AFTERWARDS.at(tokens, name[1]) for name in about if name), None)
        value = decimal(tokens[start])
        if behind is not None and value is not None:
            yield Span(place, end, Tag.BOUND, (Bound(behind[0], value, unit),))

    def closes(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """The "trở lên" that is read with the number before what is asked about."""
        closing = words.AFTERWARDS.at(tokens, place)
        if closing is None:
            return
        for start in range(max(0, place - DENIED_WITHIN - 3), place):
            lead = words.RELATIONS.at(tokens, start)
            number = lead[1] if lead else start
            if number >= place or decimal(tokens[number]) is None:
                continue
            end, _, named = unit_at(tokens, number + 1)
            about = (self.dictionary.indicators.at(tokens, each) for each in (end, named))
            if any(name is not None and name[1] == place for name in about):
                yield Span(place, closing[1], Tag.FILLER)
                return

    def exact(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """ "đúng 5 hộ", "có 5 nhà tạm": the value itself, of a number; of a share only all or none of it."""
        lead = words.EXACTLY.at(tokens, place)
        value = value_behind(tokens, lead[1]) if lead and lead[1] < len(tokens) else None
        if lead is None or value is None or is_year(tokens[lead[1]].text):
            return
        end, unit, named = unit_at(tokens, lead[1] + 1)
        closed = any(words.AFTERWARDS.at(tokens, each) for each in (end, named))
        other = words.LEVELS.at(tokens, end) or UNITS_OF_TIME.at(tokens, end) or closed
        share = unit == "%" and value not in (0, WHOLE)
        if not other and not share and not any(self.closed_later(tokens, place, lead[1])):
            ends = Bound(Relation.AT_LEAST, value, unit), Bound(Relation.AT_MOST, value, unit)
            yield Span(place, end, Tag.BOUND, ends)

    def between(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """ "từ 80 đến 90 %", "80-90%": without "từ" only where the numbers are said to be a share."""
        two = words.ONE_OF_TWO.at(tokens, place)
        before = two or words.BETWEEN.at(tokens, place)
        start = before[1] if before else place
        middle, first = after_percent(tokens, start + 1)
        to = (words.AND if two else words.UP_TO).at(tokens, middle)
        if to is None:
            return
        low, high = number_at(tokens, start), number_at(tokens, to[1])
        if low is None or high is None or low > high:
            return
        end, second = after_percent(tokens, to[1] + 1)
        if first or second or (before is not None and not is_dated(tokens, end, start, to[1])):
            unit = "%" if first else unit_at(tokens, to[1] + 1)[1]
            ends = Bound(Relation.AT_LEAST, low, unit), Bound(Relation.AT_MOST, high, unit)
            yield Span(place, end, Tag.BOUND, ends)

    def counts(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """ "top 5", "5 xã": how many units are wanted."""
        lead = words.BEFORE_NUMBER.at(tokens, place)
        start = lead[1] if lead else place
        count = count_at(tokens, start) if start < len(tokens) else None
        if count is None:
            return
        level = words.LEVELS.at(tokens, start + 1)
        if level is not None:
            yield Span(place, level[1], Tag.NUMBER, (count, level[0]))
        elif lead is not None:
            yield Span(place, start + 1, Tag.NUMBER, (count, ""))


def value_behind(tokens: Sequence[Token], start: int) -> Decimal | None:
    """The number at `start`; behind "bằng" also "không", which is 0 there."""
    none = bare(tokens[start].text) == "khong" and bare(tokens[start - 1].text) == "bang"
    return Decimal(0) if none else decimal(tokens[start])


def number_at(tokens: Sequence[Token], place: int) -> Decimal | None:
    """The number at `place`, if there is one."""
    return decimal(tokens[place]) if place < len(tokens) else None


def is_dated(tokens: Sequence[Token], end: int, *numbers: int) -> bool:
    """Whether numbers are days or years: two years, or what stands behind them is a time's."""
    behind = tokens[end].text if end < len(tokens) else ""
    time = behind in ("/", "-", ".") or UNITS_OF_TIME.at(tokens, end) is not None
    return time or all(len(tokens[number].text) == YEAR for number in numbers)


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

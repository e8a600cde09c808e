"""The numbers in a question: bounds ("dưới 80 %", "từ 5 đến 10 hộ"), and how many units are wanted."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import repeat
from typing import Final

from queries import vocabulary as words
from queries.dictionary import Dictionary
from queries.frames import Bound, Intent, Relation
from queries.spans import Rule, Span, Tag, one_ends_at
from queries.times import UNITS_OF_TIME, YEAR, count_at, is_year
from questionnaires.answers.text import bare
from questionnaires.answers.tokens import Table, Token

DENIED_WITHIN: Final = 8
"""The most words of a name before its "chưa"."""
WHOLE: Final = 100
"""A full share, in percent."""
NO_THOUSANDS: Final = re.compile(r"[^,.]*\.(?![0-9]{3}$)[^,.]*")
"""A number with one dot and not three digits after it: "12.5" is a decimal."""
OUT_OF_WITHIN: Final = 4
"""How many words before an "out of" a "bao nhiêu" may begin."""
LARGEST: Final = 15
"""The most digits of an amount."""


@dataclass(frozen=True, slots=True)
class SaidAmount:
    """A number and its unit, among the words of a question.

    "hộ" may begin what is asked about ("trên 20 hộ nghèo"). So `end` is the place after the number and its "%", and
    `named` the place after its unit.
    """

    value: Decimal
    unit: str
    start: int
    end: int
    named: int

    def bound(self, relation: Relation) -> Bound:
        return Bound(relation, self.value, self.unit)

    @property
    def may_be_reached(self) -> bool:
        """Whether it may be a value to reach: with a unit, or too much to count anything else."""
        return bool(self.unit) or self.value >= WHOLE

    @property
    def is_part(self) -> bool:
        """Whether it is a share between none and all: no unit has exactly that."""
        return self.unit == "%" and self.value not in (0, WHOLE)

    @property
    def exactly(self) -> tuple[Bound, Bound]:
        """The bounds that only the value itself meets."""
        return self.bound(Relation.AT_LEAST), self.bound(Relation.AT_MOST)


def amount_at(tokens: Sequence[Token], place: int) -> SaidAmount | None:
    """The amount that begins with a number at `place`, if there is one."""
    value = number_at(tokens, place)
    return None if value is None else amount_of(tokens, place, value)


def amount_of(tokens: Sequence[Token], place: int, value: Decimal) -> SaidAmount:
    """The amount of the number at `place`."""
    end, percent = after_percent(tokens, place + 1)
    unit = None if percent else words.COUNTED_AS.at(tokens, end)
    if unit is None:
        return SaidAmount(value, "%" if percent else "", place, end, end)
    return SaidAmount(value, unit[0], place, end, unit[1])


@dataclass(frozen=True)
class Amounts:
    """Finds the numbers of a question."""

    dictionary: Dictionary

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that find spans by numbers."""
        of_named = (self.bounds, self.closes, self.exact, self.apart, self.aimed_at, self.counts)
        return (*of_named, gap_to, falls_to, goal_said, amount_stated, out_of_all)

    def bounds(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """ "dưới 80 %", "50 % trở lên", "từ 80 đến 90 %"."""
        yield from self.between(tokens, place)
        before = words.RELATIONS.at(tokens, place)
        amount = amount_at(tokens, words.RELATIONS.past(tokens, place))
        if amount is None or is_age(tokens, amount) or all_there_are(tokens, place):
            return
        behind = words.AFTERWARDS.at(tokens, amount.named)
        if behind is not None:
            yield Span(place, behind[1], Tag.BOUND, (amount.bound(behind[0]),))
        elif before is not None and is_no_bare_from(tokens, place, before[1]):
            yield Span(place, amount.end, Tag.BOUND, (amount.bound(before[0]),))
        else:
            yield from self.closed_later(tokens, place, amount)

    def closed_later(self, tokens: Sequence[Token], place: int, amount: SaidAmount) -> Iterator[Span]:
        """ "từ 20 hộ nghèo trở lên": what is asked about stands between the number and its "trở lên"."""
        behind = next(map(words.AFTERWARDS.at, repeat(tokens), self.ends_of_named(tokens, amount)), None)
        if behind is not None:
            yield Span(place, amount.end, Tag.BOUND, (amount.bound(behind[0]),))

    def ends_of_named(self, tokens: Sequence[Token], amount: SaidAmount) -> Iterator[int]:
        """The place after the name of what an amount counts; its unit may begin that name or precede it."""
        starts = dict.fromkeys((amount.end, amount.named))
        names = (self.dictionary.indicators.at(tokens, start) for start in starts)
        return (name[1] for name in names if name is not None)

    def apart(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """ "nhiều … hơn 2 em": the bound on what stands between, and the word that begins it."""
        near = range(max(0, place - DENIED_WITHIN), place - 1)
        leads = filter(None, (words.THAN_APART.at(tokens, at) for at in reversed(near)))
        if (amount := more_than(tokens, place)) and (lead := next(leads, None)):
            yield Span(place, amount.end, Tag.BOUND, (amount.bound(lead[0]),))
        behind = range(place + 2, min(place + DENIED_WITHIN, len(tokens)))
        begun = words.THAN_APART.at(tokens, place)
        if begun is not None and any(more_than(tokens, at) for at in behind):
            yield Span(place, begun[1], Tag.FILLER)

    def closes(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """The "trở lên" that belongs to the number before what is asked about."""
        closing = words.AFTERWARDS.at(tokens, place)
        if closing is None:
            return
        starts = range(max(0, place - DENIED_WITHIN - 3), place)
        leads = (words.RELATIONS.at(tokens, start) or (None, start) for start in starts)
        amounts = (amount_at(tokens, start) for _, start in leads if start < place)
        if any(place in self.ends_of_named(tokens, amount) for amount in amounts if amount is not None):
            yield Span(place, closing[1], Tag.FILLER)

    def exact(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """ "đúng 5 hộ", "có 5 nhà tạm": the value itself, for a number; for a share only all or none."""
        lead = words.EXACTLY.at(tokens, place)
        amount = exact_amount(tokens, lead[1]) if lead else all_or_none(tokens, place)
        if amount is None or amount.is_part:
            return
        if not belongs_elsewhere(tokens, amount) and not any(self.closed_later(tokens, place, amount)):
            yield Span(place, amount.end, Tag.BOUND, amount.exactly)

    def between(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """ "từ 80 đến 90 %", "80-90%"; without "từ" only for shares."""
        both = words.ONE_OF_TWO.past(tokens, place)
        start = max(both, words.BETWEEN.past(tokens, place))
        pair = two_amounts(tokens, start, words.AND if both > place else words.UP_TO)
        if pair is None:
            return
        low, high = pair
        share = "%" in (low.unit, high.unit)
        if share or (start > place and not are_dated(tokens, low, high)):
            unit = "%" if low.unit == "%" else high.unit
            ends = Bound(Relation.AT_LEAST, low.value, unit), Bound(Relation.AT_MOST, high.value, unit)
            yield Span(place, high.end, Tag.BOUND, ends)

    def aimed_at(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """The share behind what should be more, in a question about what is missing: "muốn bhyt 98% thì phải thêm mấy
        người", "còn mấy hộ nữa thì nước sạch được 95%"."""
        reached = words.REACHED.past(tokens, place)
        amount = amount_at(tokens, reached)
        if amount is None or amount.unit != "%" or not asks_more(tokens):
            return
        plans = self.dictionary.plans.indicators
        before = self.named_before(tokens, place)
        if before and all(plans[id].better == "up" for id in before):
            yield Span(place, amount.end, Tag.BOUND, (amount.bound(Relation.AT_LEAST),))

    def named_before(self, tokens: Sequence[Token], place: int) -> tuple[str, ...]:
        """The indicators that the longest name right before `place` stands for; () if none ends there."""
        starts = range(max(0, place - DENIED_WITHIN), place)
        names = filter(None, (self.dictionary.indicators.at(tokens[:place], start) for start in starts))
        return next((ids for ids, end in names if end == place), ())

    def counts(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """ "top 5", "5 xã": how many units are wanted."""
        start = words.BEFORE_NUMBER.past(tokens, place)
        count = count_at(tokens, start)
        if count is None:
            return
        level = words.LEVELS.at(tokens, start + 1)
        if level is not None:
            yield Span(place, level[1], Tag.NUMBER, (count, level[0]))
        elif start > place:
            yield Span(place, start + 1, Tag.NUMBER, (count, ""))


def exact_amount(tokens: Sequence[Token], place: int) -> SaidAmount | None:
    """The amount at `place` that is no year; after "bằng" also "không", which is 0 there."""
    said = [bare(token.text) for token in tokens[place - 1 : place + 1]]
    if said == ["bang", "khong"]:
        return amount_of(tokens, place, Decimal(0))
    return None if is_year(said[-1]) else amount_at(tokens, place)


def all_or_none(tokens: Sequence[Token], place: int) -> SaidAmount | None:
    """The "100 %" or "0 %" at `place`, meant as the value itself."""
    amount = amount_at(tokens, place)
    return amount if amount is not None and amount.unit == "%" else None


def number_at(tokens: Sequence[Token], place: int) -> Decimal | None:
    """The number at `place`, if there is one."""
    return decimal(tokens[place]) if place < len(tokens) else None


def belongs_elsewhere(tokens: Sequence[Token], amount: SaidAmount) -> bool:
    """Whether a number counts units or times, or is one end of a range: "5 xã", "5 tháng", "5 hộ trở lên"."""
    of_units = words.LEVELS.at(tokens, amount.end) or UNITS_OF_TIME.at(tokens, amount.end)
    return bool(of_units) or any(words.AFTERWARDS.at(tokens, end) for end in (amount.end, amount.named))


def more_than(tokens: Sequence[Token], place: int) -> SaidAmount | None:
    """The amount after a "hơn" at `place`."""
    more = words.MORE.at(tokens, place)
    return amount_at(tokens, more[1]) if more else None


def two_amounts(
    tokens: Sequence[Token], place: int, joint: Table[bool]
) -> tuple[SaidAmount, SaidAmount] | None:
    """The amount at `place` and the one that a word of `joint` adds behind it, smaller first."""
    low = amount_at(tokens, place)
    to = joint.at(tokens, low.end) if low else None
    high = amount_at(tokens, to[1]) if to else None
    return (low, high) if low and high and low.value <= high.value else None


def are_dated(tokens: Sequence[Token], low: SaidAmount, high: SaidAmount) -> bool:
    """Whether two numbers are days or years: both are years, or a unit of time follows."""
    behind = tokens[high.end].text if high.end < len(tokens) else ""
    if behind in ("/", "-", ".") or UNITS_OF_TIME.at(tokens, high.end) is not None:
        return True
    return len(tokens[low.start].text) == len(tokens[high.start].text) == YEAR


def is_age(tokens: Sequence[Token], amount: SaidAmount) -> bool:
    """Whether a number is an age: "trẻ dưới 5 tuổi" is no bound."""
    return amount.end < len(tokens) and bare(tokens[amount.end].text) == "tuoi"


def amount_stated(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """The number that the asker says the plan has: "giao 632 tỷ", "so với 2865 hộ"; also bare before "% kế hoạch".

    The question is then how far it has come.
    """
    here = words.STATED.past(tokens, place)
    unit = words.STATED_UNIT.at(tokens, here + 1)
    if here >= len(tokens) or tokens[here].kind != "number" or unit is None:
        return
    if here > place or words.GOALS_SAID.first_in(tokens, range(unit[1], len(tokens))):
        yield Span(place, unit[1], Tag.INTENT, Intent.PROGRESS)


def out_of_all(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """The "trên 179 hộ" of "được bao nhiêu hộ trên 179 hộ": the question is how far that has come."""
    if amount := all_there_are(tokens, place):
        yield Span(place, amount.named, Tag.INTENT, Intent.PROGRESS)


def is_no_bare_from(tokens: Sequence[Token], place: int, end: int) -> bool:
    """Whether the relation from `place` to `end` is more than a "từ" alone, which may begin anything."""
    return end > place + 1 or bare(tokens[place].text) != "tu"


def all_there_are(tokens: Sequence[Token], place: int) -> SaidAmount | None:
    """The number of all, after an "out of" at `place` that follows a "bao nhiêu"; None for a share or another number."""
    lead = words.OUT_OF.at(tokens, place)
    amount = amount_at(tokens, lead[1]) if lead else None
    if amount is None or amount.unit == "%" or belongs_elsewhere(tokens, amount):
        return None
    return amount if follows_how_much(tokens, place) else None


def follows_how_much(tokens: Sequence[Token], place: int) -> bool:
    """Whether a "bao nhiêu" ends at `place`, or before a unit that stands there."""
    units = (
        place,
        *(at for at in range(max(0, place - 2), place) if words.STATED_UNIT.past(tokens, at) == place),
    )
    asked = (words.HOW_MUCH.at(tokens, at) for at in range(max(0, place - OUT_OF_WITHIN), place))
    return any(much and much[1] in units for much in asked)


def after_percent(tokens: Sequence[Token], place: int) -> tuple[int, bool]:
    """The place after a "%" at `place`, and whether there is one."""
    if place < len(tokens) and tokens[place].text == "%":
        return place + 1, True
    if [token.text for token in tokens[place : place + 2]] == ["phần", "trăm"]:
        return place + 2, True
    return place, False


def decimal(token: Token) -> Decimal | None:
    """The number of a token in Vietnamese notation: a comma before decimals, dots between thousands."""
    if token.kind != "number" or len(token.text) > LARGEST:
        return None
    text = token.text
    if NO_THOUSANDS.fullmatch(text):
        text = text.replace(".", ",")
    try:
        return Decimal(text.replace(".", "").replace(",", "."))
    except InvalidOperation:
        return None


def goal_said(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """The number after "mục tiêu", which is to be reached: "còn cách mục tiêu 98% bao xa"; else the plan's own words."""
    goals = (words.GOALS.at(tokens, start) for start in range(max(0, place - 2), place))
    amount = amount_at(tokens, place)
    if amount is None or amount.unit != "%" or not one_ends_at(goals, place):
        return
    if asks_distance(tokens):
        yield Span(place, amount.end, Tag.BOUND, (amount.bound(Relation.AT_LEAST),))
    else:
        yield Span(place, amount.end, Tag.FILLER)


def asks_more(tokens: Sequence[Token]) -> bool:
    """Whether it is asked how many more it takes."""
    more = any(bare(token.text) == "nua" for token in tokens) and words.HOW_MUCH.stands_in(tokens)
    return more or words.GAP.first_in(tokens) is True


def asks_distance(tokens: Sequence[Token]) -> bool:
    """Whether it is asked how much there is, or what is missing."""
    return bool(words.HOW_MUCH.first_in(tokens)) or words.GAP.first_in(tokens) is not None


def gap_to(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """The "thì đạt 90 %" in a question about what is missing: a value of its own, or so much of what a plan sets."""
    purpose = words.GAP.at(tokens, place)
    amount = amount_at(tokens, purpose[1]) if purpose and not purpose[0] else None
    if amount is None or not amount.may_be_reached or is_year_of_goal(tokens, amount):
        return
    if is_of_goal(tokens, amount):
        yield Span(place, amount.end, Tag.GAP, False)
    else:
        yield Span(place, amount.end, Tag.BOUND, (amount.bound(Relation.AT_LEAST),))


def is_year_of_goal(tokens: Sequence[Token], amount: SaidAmount) -> bool:
    """Whether a number behind a plan's word is the year by which its goal is due: "để đạt chỉ tiêu 2030"."""
    if amount.unit or not is_year(bare(tokens[amount.start].text)):
        return False
    starts = range(max(0, amount.start - 2), amount.start)
    said = (table.at(tokens, start) for table in (words.GOALS, words.INTENTS) for start in starts)
    return one_ends_at(said, amount.start)


def is_of_goal(tokens: Sequence[Token], amount: SaidAmount) -> bool:
    """Whether an amount is so much of what a plan sets: the plan's word ends it, or stands behind it."""
    ends = words.GOALS_SAID.at(tokens, amount.end - 1)
    return bool(ends or words.INTENTS.at(tokens, amount.end))


def falls_to(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """The "xuống còn 10 %" to which something has to fall: "muốn hộ nghèo xuống còn 10 % thì …"."""
    lead = words.FALLS_TO.at(tokens, place)
    amount = amount_at(tokens, lead[1]) if lead else None
    if amount is not None and words.PURPOSE_OF_REACHING.first_in(tokens, range(place)):
        yield Span(place, amount.end, Tag.BOUND, (amount.bound(Relation.AT_MOST),))

"""Which units are listed or counted, in which order, and how many."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, pairwise
from typing import Any, Final

from queries.dictionary import Dictionary
from queries.frames import Bound, Format, Order
from queries.spans import Sentence, Span, Tag
from queries.vocabulary import LEVELS, NTH, RANK
from queries.where import level_of
from questionnaires.answers.places import Unit
from questionnaires.answers.text import bare
from questionnaires.answers.tokens import Table

TOP: Final = ("top", "tốp")
NARROW: Final = Table({"phường": "xã", "thị trấn": "xã", "quận": "huyện", "thị xã": "huyện"})
"""Type words for only some units of a level, with the one for all of them."""


@dataclass(frozen=True)
class Picked:
    """The units of one question."""

    sentence: Sentence

    @cached_property
    def units(self) -> list[Span]:
        """The spans that name the units to list or count."""
        return self.sentence.of(Tag.EACH, Tag.LISTED, Tag.HOW_MANY)

    @cached_property
    def slots(self) -> dict[str, Any]:
        """The slots of the units, by name."""
        numbers = self.sentence.values(Tag.NUMBER)
        levels = (*(span.value for span in self.units), *(level for _, level in numbers))
        targets = self.sentence.values(Tag.TARGET) if self.units else []
        return {
            "level": next(filter(None, levels), ""),
            "order": self.order,
            "count": next((count for count, _ in numbers), None),
            "bounds": tuple(chain.from_iterable(self.sentence.values(Tag.BOUND))),
            "met": next(iter(targets), None),
        }

    @property
    def order(self) -> Order | None:
        """Which end comes first: "top 5 thôn nhà tạm" are those with most, if no order is said."""
        said = self.sentence.values(Tag.ORDER)
        if said:
            return Order(said[0])
        if Order.WORST in self.sentence.values(Tag.LEAD):
            return Order.WORST
        tops = (self.sentence.said(span)[0] for span in self.sentence.of(Tag.INTENT, Tag.NUMBER))
        from_top = any(bare(word) in TOP for word in tops) or self.sentence.is_in(NTH, Tag.INTENT)
        return Order.HIGHEST if from_top else None

    @property
    def format(self) -> Format:
        """In which form the answer is wanted."""
        return next((Format(span.value) for span in self.sentence.of(Tag.FORMAT)), Format.TEXT)

    @property
    def asks_rank(self) -> bool:
        """Whether the question asks for the rank of a unit."""
        return self.sentence.is_in(RANK, Tag.INTENT)

    @property
    def asks_where(self) -> bool:
        """Whether units are picked or ranked without a word for their level: "nơi nào nghèo nhất"."""
        return self.sentence.values(Tag.EACH) == [""]

    @property
    def asks_which(self) -> bool:
        """Whether it asks for units: "xã nào …", "ở đâu"."""
        levels = self.sentence.values(Tag.EACH)
        return "" in levels or (bool(levels) and "nao" in self.sentence.bare_words)

    @property
    def others(self) -> bool:
        """Whether something is compared with all others of its level: "so với các xã khác"."""
        return any(bare(self.sentence.said(span)[-1]) == "khac" for span in self.sentence.of(Tag.EACH))

    @cached_property
    def narrow_kind(self) -> tuple[str, ...]:
        """The type word for only some units of the level ("phường nào"); () for none."""
        tokens = self.sentence.tokens
        for span in (*self.units, *self.sentence.of(Tag.NUMBER, Tag.LEVEL)):
            for place in range(span.start, span.end):
                kind = NARROW.at(tokens, place)
                # "xã, phường nào": behind another level it narrows nothing
                if kind and (place == span.start or not LEVELS.at(tokens, place - 1)):
                    return tuple(token.text for token in tokens[place : kind[1]])
        return ()

    def widened(self) -> str:
        """The question about all units of a level instead of one type ("xã nào" for "phường nào")."""
        said, place, tokens = [], 0, self.sentence.tokens
        while place < len(tokens):
            kind = NARROW.at(tokens, place)
            said.append(kind[0] if kind else tokens[place].text)
            place = kind[1] if kind else place + 1
        return " ".join(said)


def settled_by_number(sentence: Sentence) -> Sentence:
    """The question without a number that only counts the places named behind it: "3 xã Phong Quang, Cẩm Giàng và Phủ
    Thông". Its level says which of several places of a name is meant."""
    for number in sentence.of(Tag.NUMBER):
        count, level = number.value
        places = [span for span in sentence.of(Tag.PLACE) if span.start >= number.end]
        if level and 1 < count == len(places):
            settled = {span: replace(span, value=of_level(span.value, level)) for span in places}
            settled[number] = replace(number, tag=Tag.FILLER, value=True)
            return replace(sentence, spans=[settled.get(span, span) for span in sentence.spans])
    return sentence


def settled_unchanged(sentence: Sentence) -> Sentence:
    """The question with "không đổi số …" as what stayed as it was, not as a wish to change a number."""
    spans = list(sentence.spans)
    for place, (denial, change) in enumerate(pairwise(sentence.spans)):
        said = [bare(word) for word in (*sentence.said(denial), *sentence.said(change)[:1])]
        if change.tag is Tag.CHANGE and said == ["khong", "doi"]:
            spans[place] = replace(denial, tag=Tag.STAYED, value=True)
            spans[place + 1] = replace(change, tag=Tag.FILLER, value=True)
    return replace(sentence, spans=spans) if spans != list(sentence.spans) else sentence


def of_level(units: Sequence[Unit], level: str) -> Sequence[Unit]:
    """Those of some places that are of a level; all if none is."""
    return tuple(unit for unit in units if level_of(unit) == level) or units


def settled_by_bounds(sentence: Sentence, dictionary: Dictionary) -> Sentence:
    """The question with each name that may mean a share or its number settled by the bound right behind it: "nghèo trên
    18 %" is the share, "nghèo trên 20 hộ" the number."""
    spans = list(sentence.spans)
    for place, (span, behind) in enumerate(pairwise(sentence.spans)):
        if span.tag is Tag.INDICATOR and len(span.value) > 1 and behind.tag is Tag.BOUND:
            meant = tuple(id for id in span.value if fits_unit(dictionary, id, behind.value))
            spans[place] = replace(span, value=meant or span.value)
    return replace(sentence, spans=spans) if spans != list(sentence.spans) else sentence


def fits_unit(dictionary: Dictionary, id: str, bounds: Sequence[Bound]) -> bool:
    """Whether an indicator is told in the unit of some bounds, if they have one."""
    share = bool(dictionary.plans.indicators[id].rate)
    units = {bound.unit for bound in bounds if bound.unit}
    return all((unit == "%") is share for unit in units)

"""A question cut into spans: words that say one thing together, each tagged with its role in the question."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any, Final

from questionnaires.answers.text import bare
from questionnaires.answers.tokens import Table, Token


class Tag(Enum):
    """The role of a span in a question: place, time, end of a ranking …"""

    FILLER = "filler"
    """Courtesy and grammar, without effect."""
    CONTEXT = "context"
    """The purpose or sender of a question ("để chiều họp"): only at its edges."""
    INTENT = "intent"
    LEAD = "lead"
    """ "Đứng đầu": the better end, of what has one."""
    OFFICE = "office"
    """An agency's name, in a question about tasks: "so nong nghiep" is no number."""
    PLAN = "plan"
    """Asks what the plans say: "định mức", "đơn vị nào chủ trì"."""
    REPORTED = "reported"
    INDICATOR = "indicator"
    DOMAIN = "domain"
    DONE = "done"
    """ "Đã xóa được": asks what was done, not what remains."""
    NEGATION = "negation"
    GAP = "gap"
    """Asks what is missing to the target, or says that it is for the target."""
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
    """A day within a longer time ("cuối năm 2025"): only stocks have a figure for it."""
    EXCEPT = "except"
    """Before a place that is left out."""
    UNTIL = "until"
    """Before a time: all up to it ("lũy kế đến tháng 9")."""
    FUTURE = "future"
    BACK = "back"
    RUN = "run"
    """ "Liên tục": in each period, one after another."""
    PREVIOUS = "previous"
    ORDER = "order"
    BOUND = "bound"
    THAN = "than"
    """ "Cao hơn", before another place."""
    TARGET = "target"
    TARGETS = "targets"
    NUMBER = "number"
    FORMAT = "format"
    FOLLOW = "follow"
    AND = "and"
    OUTSIDE = "outside"
    PERSONAL = "personal"
    UNCOLLECTED = "uncollected"
    """What nobody reports."""
    GOAL = "goal"
    """ "Phải đạt … bao nhiêu": asks for the value that a plan sets."""
    MEAN = "mean"
    CHANGE = "change"
    GROUP = "group"
    """A group of people, or a change, that no indicator's name has."""
    ANY = "any"
    """ "Còn hộ nào": asks whether there are any."""
    MOVED = "moved"
    """ "Tăng", "giảm": asks how something changed."""
    STAYED = "stayed"
    """ "Không thay đổi": which units, or whether one place, stayed as they were."""
    PART = "part"
    """ "Chiếm": asks what part of a larger unit a place has."""
    UNKNOWN = "unknown"


WEIGHTS: Final[Mapping[Tag, float]] = {
    Tag.UNKNOWN: -3.0,
    Tag.FILLER: 0.5,
    Tag.CONTEXT: 0.5,
    Tag.AND: 0.5,
    Tag.NEGATION: 0.9,
    Tag.LEVEL: 0.8,
    Tag.NUMBER: 0.4,
    Tag.DOMAIN: 0.9,
    Tag.PLACE: 1.05,
    Tag.DONE: 0.6,
    Tag.INDICATOR: 1.15,
    Tag.OUTSIDE: 1.6,
    Tag.PERSONAL: 1.6,
    Tag.UNCOLLECTED: 1.1,
    Tag.GOAL: 1.2,
    Tag.PLAN: 1.3,
    Tag.CHANGE: 1.3,
    Tag.FOLLOW: 0.7,
    Tag.AGE: 0.3,
    Tag.UNTIL: 0.6,
    Tag.GROUP: 0.2,
    Tag.MOVED: 0.6,
    Tag.STAYED: 1.01,
    Tag.THAN: 0.6,
    Tag.ANY: 2.0,
    Tag.PART: 0.5,
}
"""How much a word of each kind of span explains, apart from the span's length; 1 by default."""
LONGER: Final = 1.5
"""A span of n words explains n to this power: a long phrase more than its parts."""
ASIDE: Final = (Tag.FILLER, Tag.CONTEXT, Tag.AND, Tag.FOLLOW, Tag.ANY)
"""Tags that say nothing about what is asked."""


@dataclass(frozen=True, slots=True)
class Span:
    """The words from `start` up to `end`, and their meaning."""

    start: int
    end: int
    tag: Tag
    value: Any = None
    denied: bool = False
    """Whether a "chưa" stands within the name: "hộ DTTS chưa có nước hợp vệ sinh"."""

    @property
    def score(self) -> float:
        """How much it explains."""
        return WEIGHTS.get(self.tag, 1.0) * math.pow(self.end - self.start, LONGER)

    def is_in(self, table: Table[Any], tokens: Sequence[Token]) -> bool:
        """Whether all its words are a phrase of `table`."""
        phrase = table.at(tokens, self.start)
        return phrase is not None and phrase[1] == self.end

    def lists(self, tokens: Sequence[Token]) -> bool:
        """Whether it joins two things in a list: "và", a comma, "còn"."""
        mark = self.tag is Tag.FILLER and tokens[self.start].kind == "mark"
        return mark or self.tag in (Tag.AND, Tag.FOLLOW)


Rule = Callable[[Sequence[Token], int], Iterator[Span]]
"""Finds the spans of a question that begin at a place."""


@dataclass(frozen=True)
class Sentence:
    """A question's words, and the spans that cover them."""

    tokens: Sequence[Token]
    spans: Sequence[Span]

    def of(self, *tags: Tag) -> list[Span]:
        """The spans with these tags, in order."""
        return [span for span in self.spans if span.tag in tags]

    def values(self, *tags: Tag) -> list[Any]:
        """The meanings of the spans with these tags, in order."""
        return [span.value for span in self.of(*tags)]

    @cached_property
    def bare_words(self) -> list[str]:
        """Every word without diacritics."""
        return [bare(token.text) for token in self.tokens]

    @cached_property
    def is_marked(self) -> bool:
        """Whether it was typed with diacritics, at least in part."""
        return not all(token.text.isascii() for token in self.tokens)

    def said(self, span: Span) -> tuple[str, ...]:
        """The words of a span."""
        return tuple(token.text for token in self.tokens[span.start : span.end])

    def words(self, *tags: Tag) -> tuple[str, ...]:
        """The words of the spans with these tags."""
        return tuple(word for span in self.of(*tags) for word in self.said(span))

    def is_in(self, table: Table[Any], *tags: Tag) -> bool:
        """Whether a span with one of these tags is a phrase of `table`."""
        return any(span.is_in(table, self.tokens) for span in self.of(*tags))

    def says(self, table: Table[Any]) -> bool:
        """Whether a phrase of `table` occurs anywhere, whatever its words are tagged as."""
        return table.first_in(self.tokens) is not None

    @cached_property
    def meaningful(self) -> list[Span]:
        """The spans that say something about what is asked."""
        return [span for span in self.spans if span.tag not in ASIDE]

    @property
    def goes_on(self) -> bool:
        """Whether a "còn", "thì sao" stands before or behind all that is asked; within it "còn" says that there is some."""
        first, last = (self.meaningful[:1] or self.spans), (self.meaningful[-1:] or self.spans)
        follows = self.of(Tag.FOLLOW)
        return any(span.start <= first[0].start or span.start >= last[-1].start for span in follows)

    def without(self, dropped: Sequence[Span]) -> str:
        """The question without the words of some spans."""
        gone = {place for span in dropped for place in range(span.start, span.end)}
        return " ".join(token.text for place, token in enumerate(self.tokens) if place not in gone)


def one_ends_at(phrases: Iterable[tuple[Any, int] | None], place: int) -> bool:
    """Whether one of the phrases that were looked up ends right before `place`."""
    return any(phrase is not None and phrase[1] == place for phrase in phrases)

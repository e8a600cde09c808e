"""A question cut into spans: words that together say one thing, each with the role that it plays."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any, Final

from questionnaires.answers.tokens import Table, Token


class Role(Enum):
    """What a span does in a question."""

    FILLER = "filler"
    """Courtesy and grammar, which change nothing."""
    CONTEXT = "context"
    """What a question is for or from whom ("để chiều họp"): only at its edges."""
    INTENT = "intent"
    LEAD = "lead"
    """ "Đứng đầu": the better end, of what has one."""
    PLAN = "plan"
    """Asks what the plans say: "định mức", "đơn vị nào chủ trì"."""
    REPORTED = "reported"
    INDICATOR = "indicator"
    DOMAIN = "domain"
    DONE = "done"
    """ "Đã xóa được": asks what was done, not what there is."""
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
    THAN = "than"
    """ "Cao hơn", of another place."""
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


WEIGHTS: Final[Mapping[Role, float]] = {
    Role.UNKNOWN: -3.0,
    Role.FILLER: 0.5,
    Role.CONTEXT: 0.5,
    Role.AND: 0.5,
    Role.NEGATION: 0.9,
    Role.LEVEL: 0.8,
    Role.NUMBER: 0.4,
    Role.DOMAIN: 0.9,
    Role.PLACE: 1.05,
    Role.DONE: 0.6,
    Role.INDICATOR: 1.15,
    Role.OUTSIDE: 1.6,
    Role.PERSONAL: 1.6,
    Role.PLAN: 1.3,
    Role.CHANGE: 1.3,
    Role.FOLLOW: 0.7,
    Role.AGE: 0.3,
    Role.UNTIL: 0.6,
    Role.GROUP: 0.2,
}
"""How much a word of a span explains, beside the length of the span; 1 where nothing stands here."""
LONGER: Final = 1.5
"""A span of n words explains n to this power: a longer phrase more than its parts."""
ASIDE: Final = (Role.FILLER, Role.CONTEXT, Role.AND, Role.FOLLOW)
"""They say nothing of what is asked."""


@dataclass(frozen=True, slots=True)
class Span:
    """The words from `start` to before `end`, and what they mean."""

    start: int
    end: int
    role: Role
    value: Any = None
    denied: bool = False
    """A "chưa" stands within the name: "hộ DTTS chưa có nước hợp vệ sinh"."""

    @property
    def score(self) -> float:
        """How much it explains."""
        return WEIGHTS.get(self.role, 1.0) * math.pow(self.end - self.start, LONGER)

    def is_in(self, table: Table[Any], tokens: Sequence[Token]) -> bool:
        """Whether all its words are a phrase of `table`."""
        phrase = table.at(tokens, self.start)
        return phrase is not None and phrase[1] == self.end

    def lists(self, tokens: Sequence[Token]) -> bool:
        """Whether it sets two things beside each other: "và", a comma, "còn"."""
        mark = self.role is Role.FILLER and tokens[self.start].kind == "mark"
        return mark or self.role in (Role.AND, Role.FOLLOW)


@dataclass(frozen=True)
class Sentence:
    """A question's words, and spans that cover them side by side."""

    tokens: Sequence[Token]
    spans: Sequence[Span]

    def of(self, *roles: Role) -> list[Span]:
        """The spans of these roles, in their order."""
        return [span for span in self.spans if span.role in roles]

    def said(self, span: Span) -> tuple[str, ...]:
        """The words of a span."""
        return tuple(token.text for token in self.tokens[span.start : span.end])

    def words(self, *roles: Role) -> tuple[str, ...]:
        """The words of the spans of these roles."""
        return tuple(word for span in self.of(*roles) for word in self.said(span))

    def is_in(self, table: Table[Any], *roles: Role) -> bool:
        """Whether some span of these roles is a phrase of `table`."""
        return any(span.is_in(table, self.tokens) for span in self.of(*roles))

    @cached_property
    def meaningful(self) -> list[Span]:
        """The spans that say something of what is asked."""
        return [span for span in self.spans if span.role not in ASIDE]

    def without(self, dropped: Sequence[Span]) -> str:
        """The question without the words of some spans."""
        gone = {place for span in dropped for place in range(span.start, span.end)}
        return " ".join(token.text for place, token in enumerate(self.tokens) if place not in gone)

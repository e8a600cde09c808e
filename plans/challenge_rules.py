"""The rules of `challenges.toml`: how far an answer may lie from what, in which words, and which reasons are offered.

What they find in a report stands in `plans.challenges`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import chain
from typing import Annotated, Final, Literal

from plans.table import table
from plans.words import Words, in_language, only

RULES: Final = (
    "jumped", "unusual", "whole", "part", "same", "overlap", "registered", "neighbours", "copied", "heaped", "allotted",
)  # fmt: skip
"""What each challenge is called; `says` has the words of each."""


@table()
class Bounds:
    """How far an answer may lie from another number: less than `ratio` times it, or nearer than `least`."""

    ratio: Decimal
    least: Decimal

    def passed(self, now: Decimal, other: Decimal) -> bool:
        """Whether `now` lies too far from `other`. One is added to both, so that a nought has a ratio too."""
        low, high = sorted((now, other))
        return high - low >= self.least and (high + 1) >= self.ratio * (low + 1)


@table()
class HistoryRule:
    """How an answer is held against the reports before it."""

    back: int
    enough: int
    spread: Decimal
    stock: Bounds
    flow: Bounds


@table()
class CopiedRule:
    """From how many like reports on, and how many numbers in each, a report is told to be a copy."""

    times: int
    numbers: int


@table()
class HeapedRule:
    """From how many different numbers on, all of them multiples of `step`, a report is told to be rounded."""

    step: Decimal
    numbers: int


@table()
class NeighboursRule(Bounds):
    """How a first answer is held against the other villages of the commune: by how many there are for each household,
    where at least so many `villages` tell."""

    households: str
    villages: int
    spread: Decimal


@table()
class RegisteredRule(Bounds):
    """How far the households of a village, and any part of them, may lie from what its office's list says."""

    households: str


@table()
class Reason:
    """Something to choose from when asked why; `forms`: in these questionnaires only, `rules`: of a report as a whole, to
    these rules only, `but`: not to these questions, `of`: only of a first report, or only of a correction, in somebody's
    place."""

    id: str
    name: Words
    forms: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    of: Literal["", "first", "correction"] = ""

    def named(self, lang: str) -> str:
        """Its words in `lang`."""
        return in_language(self.name, lang)

    def fits(self, form: str, rule: str) -> bool:
        """Whether it may be chosen in a questionnaire: of one answer, or of a report that `rule` doubts as a whole."""
        of_rule = (rule in self.rules) == bool(rule or self.rules)
        return of_rule and (not self.forms or form in self.forms)


@table()
class SameRule(Bounds):
    """One number that several questionnaires ask; what the first of `carried` said is offered in the others."""

    questions: tuple[str, ...]
    carried: tuple[str, ...] = ()


@table()
class WholeRule:
    """No part is more than its whole."""

    of: str
    parts: tuple[str, ...]


@table()
class OverlapRule:
    """Of a whole, `first` and `second` have at least so much in common as is left when they are laid side by side."""

    both: str
    first: str
    second: str
    whole: str


@table()
class Challenges:
    """All of `challenges.toml`."""

    history: HistoryRule
    copied: CopiedRule
    says: Annotated[Mapping[str, Words], only(*RULES, needed=RULES)]
    reason: tuple[Reason, ...] = ()
    returning: tuple[Reason, ...] = ()
    in_place: tuple[Reason, ...] = ()
    reopening: tuple[Reason, ...] = ()
    same: tuple[SameRule, ...] = ()
    whole: tuple[WholeRule, ...] = ()
    overlap: tuple[OverlapRule, ...] = ()
    heaped: tuple[HeapedRule, ...] = ()
    neighbours: NeighboursRule | None = None
    registered: RegisteredRule | None = None

    @property
    def linked(self) -> tuple[str, ...]:
        """Every question that a rule names, each once."""
        named = (
            *((*rule.questions, *rule.carried) for rule in self.same),
            *((rule.of, *rule.parts) for rule in self.whole),
            *((rule.both, rule.first, rule.second, rule.whole) for rule in self.overlap),
            [rule.households for rule in (self.neighbours, self.registered) if rule is not None],
        )
        return tuple(dict.fromkeys(chain.from_iterable(named)))

    @property
    def unlinked(self) -> "Challenges":
        """The same without the rules and reasons of particular questionnaires, which other plans may not have."""
        reasons = tuple(reason for reason in self.reason if not reason.forms)
        return replace(self, same=(), whole=(), overlap=(), reason=reasons, neighbours=None, registered=None)

    def words(self, rule: str, lang: str) -> str:
        """The sentence of a rule in `lang`, with its names in braces."""
        return in_language(self.says[rule], lang)

    def reasons(self, form: str, rule: str = "", question: str = "") -> tuple[Reason, ...]:
        """What may be chosen as a reason in a questionnaire: of the answer to a question, or of a report that `rule` doubts
        as a whole."""
        return tuple(one for one in self.reason if one.fits(form, rule) and question not in one.but)

    def carried_from(self, question: str) -> str:
        """The question whose answer is offered at `question`, which asks the very same; "" for none."""
        return next((rule.carried[0] for rule in self.same if question in rule.carried[1:]), "")

    def named(self, question: str) -> Iterator[str]:
        """The questions, of any questionnaire, that answers to `question` are held against."""
        for same in self.same:
            if question in same.questions:
                yield from same.questions
        own = self.alike(question)
        for whole in self.whole:
            if question in whole.parts:
                yield from self.alike(whole.of)
            if whole.of in own:
                yield from whole.parts

    @property
    def of_whole(self) -> dict[str, int]:
        """The rules that doubt a report as a whole, with the fewest numbers that they speak of."""
        heaped = {"heaped": min(rule.numbers for rule in self.heaped)} if self.heaped else {}
        return {"copied": self.copied.numbers, **heaped}

    @property
    def households(self) -> tuple[str, ...]:
        """The questions that ask how many households there are, where answers are held against neighbours."""
        return self.alike(self.neighbours.households) if self.neighbours else ()

    def beside(self, question: str) -> Iterator[str]:
        """The other questions of its own questionnaire that answers to `question` are held against."""
        yield from self.households
        for overlap in self.overlap:
            if overlap.both == question:
                yield from (overlap.first, overlap.second, overlap.whole)

    def alike(self, question: str) -> tuple[str, ...]:
        """The questions that ask the same number as `question`, itself first."""
        others = (name for rule in self.same if question in rule.questions for name in rule.questions)
        return tuple(dict.fromkeys((question, *others)))

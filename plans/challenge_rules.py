"""The rules of `challenges.toml`: their thresholds, their sentences, and the reasons that people may choose.

`plans.challenges` applies them to a report.
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
    "counted", "fallen", "undone", "dropped", "swapped", "running",
)  # fmt: skip
"""The name of every rule; `says` has a sentence for each."""

PAIR: Final = 2
"""As many numbers can be exchanged."""


@table()
class Bounds:
    """How far two numbers may lie apart: by less than the factor `ratio`, or by less than `least`."""

    ratio: Decimal
    least: Decimal

    def passed(self, now: Decimal, other: Decimal) -> bool:
        """Whether `now` lies too far from `other`. Adding 1 to both gives 0 a ratio too."""
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
    """When a report counts as a copy: its numbers, at least `numbers` of them, repeat those of `times` reports before."""

    times: int
    numbers: int


@table()
class SwappedRule:
    """When two neighbouring numbers count as exchanged: each is now what the other was, within a `share` of it.

    Before, they lay at least `least` apart.
    """

    share: Decimal
    least: Decimal

    def exchanged(self, before: tuple[Decimal, Decimal], now: tuple[Decimal, Decimal]) -> bool:
        """Whether each of two numbers is now what the other was."""
        near = max(Decimal(1), (max(before) * self.share).quantize(Decimal(1)))
        moved = max(abs(now[0] - before[1]), abs(now[1] - before[0]))
        return moved <= near and abs(before[0] - before[1]) >= max(self.least, 2 * near + 1)


@table()
class RunningRule:
    """When a report counts as a running total: within a year, over `times` reports or more, what happened in each period
    never fell, and at least `numbers` of its numbers grew each time; over one report more, a single one that grew is enough.
    """

    times: int
    numbers: int


@table()
class HeapedRule:
    """When a report counts as rounded: at least `numbers` different numbers, among at least `counts`, all of them multiples
    of `step`."""

    step: Decimal
    numbers: int
    counts: int = 0


@table()
class NeighboursRule(Bounds):
    """How a first answer is compared with the villages around, per household, if at least `villages` of them reported."""

    households: str
    villages: int
    spread: Decimal


@table()
class RegisteredRule(Bounds):
    """How far the households of a village, and any part of them, may lie from what its office's list says."""

    households: str


@table()
class Reason:
    """A reason that a person may choose when asked why.

    `forms` limits it to some questionnaires, `but_forms` excludes some, `but` some questions. A reason with `rules` belongs
    to those rules only, which doubt a report as a whole. `of` limits it to a first report, or to a correction, sent in
    somebody's place.
    """

    id: str
    name: Words
    forms: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    but_forms: tuple[str, ...] = ()
    of: Literal["", "first", "correction"] = ""

    def named(self, lang: str) -> str:
        """Its words in `lang`."""
        return in_language(self.name, lang)

    def fits(self, form: str, rule: str) -> bool:
        """Whether it may be chosen in questionnaire `form`: for an answer, or for a report that `rule` doubts as a whole."""
        of_rule = (rule in self.rules) == bool(rule or self.rules)
        return of_rule and (not self.forms or form in self.forms) and form not in self.but_forms


@table()
class SumsRule:
    """Questions that count what was done since a plan's first year: such a sum does not fall."""

    questions: tuple[str, ...]


@table()
class SameRule(Bounds):
    """One number that several questions ask. The answer to the first of `carried` is offered at the others."""

    questions: tuple[str, ...]
    carried: tuple[str, ...] = ()


@table()
class WholeRule:
    """The questions `parts` each count a part of what question `of` counts, so none of them may exceed it."""

    of: str
    parts: tuple[str, ...]


@table()
class OverlapRule:
    """The overlap `both` of two parts of a whole is at least `first` + `second` - `whole`."""

    both: str
    first: str
    second: str
    whole: str

    @property
    def bounds(self) -> tuple[str, str, str]:
        """The questions whose answers leave no room for fewer of what `both` counts."""
        return self.first, self.second, self.whole


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
    refusing: tuple[Reason, ...] = ()
    elsewhere: Bounds = Bounds(ratio=Decimal(1), least=Decimal(1))
    """How far a part may exceed its whole where the two stand in different questionnaires."""
    same: tuple[SameRule, ...] = ()
    whole: tuple[WholeRule, ...] = ()
    overlap: tuple[OverlapRule, ...] = ()
    heaped: tuple[HeapedRule, ...] = ()
    swapped: SwappedRule | None = None
    running: RunningRule | None = None
    sums: SumsRule | None = None
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
            self.summed,
        )
        return tuple(dict.fromkeys(chain.from_iterable(named)))

    @property
    def summed(self) -> tuple[str, ...]:
        """The questions that count what was done since a plan's first year."""
        return self.sums.questions if self.sums is not None else ()

    @property
    def unlinked(self) -> "Challenges":
        """These rules without those that name particular questionnaires, which other plans may not have."""
        reasons = tuple(replace(reason, but_forms=()) for reason in self.reason if not reason.forms)
        return replace(
            self, same=(), whole=(), overlap=(), reason=reasons, neighbours=None, registered=None, sums=None
        )

    def words(self, rule: str, lang: str) -> str:
        """The sentence of `rule` in `lang`, with its placeholders in braces."""
        return in_language(self.says[rule], lang)

    def reasons(self, form: str, rule: str = "", question: str = "") -> tuple[Reason, ...]:
        """The reasons to choose from in questionnaire `form`: for the answer to `question`, or for a report that `rule`
        doubts as a whole."""
        return tuple(one for one in self.reason if one.fits(form, rule) and question not in one.but)

    def carried_from(self, question: str) -> str:
        """The question whose answer is offered at `question`, because both ask the same number; "" for none."""
        return next((rule.carried[0] for rule in self.same if question in rule.carried[1:]), "")

    def named(self, question: str) -> Iterator[str]:
        """The questions of any questionnaire whose answers are compared with those to `question`."""
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
        """The rules that doubt a report as a whole, each with the fewest numbers that a report must have for it."""
        heaped = {"heaped": min(max(it.numbers, it.counts) for it in self.heaped)} if self.heaped else {}
        swapped = {"swapped": PAIR} if self.swapped else {}
        return {"copied": self.copied.numbers, **heaped, **swapped}

    @property
    def households(self) -> tuple[str, ...]:
        """The questions that count a village's households, for comparing villages; () without a rule for neighbours."""
        return self.alike(self.neighbours.households) if self.neighbours else ()

    def beside(self, question: str) -> tuple[str, ...]:
        """The other questions of the same report that a challenge to `question` needs the answers of."""
        return (*self.households, *self.bounding(question))

    def bounding(self, question: str) -> Iterator[str]:
        """The questions of the same report whose answers leave no room for fewer of what `question` counts."""
        for overlap in self.overlap:
            if overlap.both == question:
                yield from overlap.bounds

    def alike(self, question: str) -> tuple[str, ...]:
        """The questions that ask the same number as `question`, itself first."""
        others = (name for rule in self.same if question in rule.questions for name in rule.questions)
        return tuple(dict.fromkeys((question, *others)))

"""Which answers are asked back although they could be right: the rules of `challenges.toml`, as functions.

An answer is held against what the same place reported before, against its other questionnaires, and against the other
answers of its own report. What is certainly impossible a questionnaire's own limits refuse; here is what is unlikely,
and the person decides. The sentences belong to the rules; nothing here knows a database.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import chain, filterfalse, islice
from operator import attrgetter
from statistics import median
from typing import Annotated, Final

from pydantic import AfterValidator, with_config
from pydantic_core import PydanticCustomError

from plans.words import Words, in_language

RULES: Final = ("jumped", "unusual", "whole", "part", "same", "overlap", "copied", "allotted")
"""What each challenge is called; `says` has the words of each."""
NORMAL: Final = Decimal("1.4826")
"""A median distance from the median, times this, is a standard deviation where nothing strays."""
SHARE: Final = Decimal("0.04")
"""Of a number, what it usually moves by in any case."""


def all_rules(words: Mapping[str, Words]) -> Mapping[str, Words]:
    """`words`, if they are those of just the rules there are."""
    wrong = next(filterfalse(RULES.__contains__, words), None)
    if wrong is not None:
        raise PydanticCustomError("extra_key", "{key}?", {"key": wrong, "allowed": ", ".join(RULES)})
    missing = next(filterfalse(words.__contains__, RULES), None)
    if missing is not None:
        raise PydanticCustomError("no_key", "no {key}", {"key": missing})
    return words


@with_config(extra="forbid")
@dataclass(frozen=True, slots=True)
class Bounds:
    """How far an answer may lie from another number: less than `ratio` times it, or nearer than `least`."""

    ratio: Decimal
    least: Decimal

    def passed(self, now: Decimal, other: Decimal) -> bool:
        """Whether `now` lies too far from `other`. One is added to both, so that a nought has a ratio too."""
        low, high = sorted((now, other))
        return high - low >= self.least and (high + 1) >= self.ratio * (low + 1)


@with_config(extra="forbid")
@dataclass(frozen=True, slots=True)
class HistoryRule:
    """How an answer is held against the reports before it."""

    back: int
    enough: int
    spread: Decimal
    stock: Bounds
    flow: Bounds


@with_config(extra="forbid")
@dataclass(frozen=True, slots=True)
class CopiedRule:
    """From how many like reports on, and how many numbers in each, a report is told to be a copy."""

    times: int
    numbers: int


@with_config(extra="forbid")
@dataclass(frozen=True, slots=True)
class Reason:
    """Something to choose from when asked why; `forms`: in these questionnaires only."""

    id: str
    name: Words
    forms: tuple[str, ...] = ()

    def named(self, lang: str) -> str:
        """Its words in `lang`."""
        return in_language(self.name, lang)


@with_config(extra="forbid")
@dataclass(frozen=True, slots=True)
class SameRule:
    """One number that several questionnaires ask; what the first of `carried` said is offered in the others."""

    questions: tuple[str, ...]
    ratio: Decimal
    least: Decimal
    carried: tuple[str, ...] = ()

    @property
    def bounds(self) -> Bounds:
        return Bounds(self.ratio, self.least)


@with_config(extra="forbid")
@dataclass(frozen=True, slots=True)
class WholeRule:
    """No part is more than its whole."""

    of: str
    parts: tuple[str, ...]


@with_config(extra="forbid")
@dataclass(frozen=True, slots=True)
class OverlapRule:
    """Of a whole, `first` and `second` have at least so much in common as is left when they are laid side by side."""

    both: str
    first: str
    second: str
    whole: str


@with_config(extra="forbid")
@dataclass(frozen=True, slots=True)
class Challenges:
    """All of `challenges.toml`."""

    history: HistoryRule
    copied: CopiedRule
    says: Annotated[Mapping[str, Words], AfterValidator(all_rules)]
    reason: tuple[Reason, ...] = ()
    returning: tuple[Reason, ...] = ()
    in_place: tuple[Reason, ...] = ()
    reopening: tuple[Reason, ...] = ()
    same: tuple[SameRule, ...] = ()
    whole: tuple[WholeRule, ...] = ()
    overlap: tuple[OverlapRule, ...] = ()

    @property
    def linked(self) -> tuple[str, ...]:
        """Every question that a rule names, each once."""
        named = (
            *((*rule.questions, *rule.carried) for rule in self.same),
            *((rule.of, *rule.parts) for rule in self.whole),
            *((rule.both, rule.first, rule.second, rule.whole) for rule in self.overlap),
        )
        return tuple(dict.fromkeys(chain.from_iterable(named)))

    @property
    def unlinked(self) -> "Challenges":
        """The same without the rules and reasons of particular questionnaires, which other plans may not have."""
        reasons = tuple(reason for reason in self.reason if not reason.forms)
        return replace(self, same=(), whole=(), overlap=(), reason=reasons)

    def words(self, rule: str, lang: str) -> str:
        """The sentence of a rule in `lang`, with its names in braces."""
        return in_language(self.says[rule], lang)

    def reasons(self, form: str) -> tuple[Reason, ...]:
        """What may be chosen as a reason in a questionnaire."""
        return tuple(one for one in self.reason if not one.forms or form in one.forms)

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

    def beside(self, question: str) -> Iterator[str]:
        """The other questions of its own questionnaire that answers to `question` are held against."""
        for overlap in self.overlap:
            if overlap.both == question:
                yield from (overlap.first, overlap.second, overlap.whole)

    def alike(self, question: str) -> tuple[str, ...]:
        """The questions that ask the same number as `question`, itself first."""
        others = (name for rule in self.same if question in rule.questions for name in rule.questions)
        return tuple(dict.fromkeys((question, *others)))


# --- what an answer is held against ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Known:
    """A number of another report of the same place."""

    number: Decimal
    period: str
    """`Period.key`."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """Its questionnaire's title, by language."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Its question, by language."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known when a report begins: by question, the numbers of its own earlier reports, the newest first, and
    those of the other questionnaires."""

    history: Mapping[str, Sequence[Decimal]] = field(default_factory=dict)
    last: str = ""
    """The period of the newest report before, `Period.key`; "" for none."""
    elsewhere: Mapping[str, Known] = field(default_factory=dict)
    flows: frozenset[str] = frozenset()
    """The questions that ask what happened within a period."""
    allotted: Mapping[str, Known] = field(default_factory=dict)
    """By question, how much a plan allots: its title and its clause stand for a questionnaire's and a question's."""

    def known(self, questions: Iterable[str]) -> list[Known]:
        """What other reports say to some questions, in the order of these."""
        return [self.elsewhere[name] for name in questions if name in self.elsewhere]


@dataclass(frozen=True, slots=True)
class Challenge:
    """Why an answer is asked back: the rule, and the numbers of its sentence."""

    rule: str
    numbers: Mapping[str, Decimal] = field(default_factory=dict)
    period: str = ""
    """Of the report before, `Period.key`."""
    known: Known | None = None
    """The number of another report that it does not fit."""


def challenge(
    rules: Challenges, evidence: Evidence, question: str, answers: Mapping[str, Decimal]
) -> Challenge | None:
    """Why the answer to `question`, one of a report's `answers`, is asked back; None where it is not.

    What cannot be, by the other answers, comes before what is only unlike.
    """
    sources = (overlapping, against_allotted, against_history, against_wholes, against_parts, against_same)
    told = (source(rules, evidence, question, answers) for source in sources)
    return next((one for one in told if one is not None), None)


def overlapping(
    rules: Challenges, evidence: Evidence, question: str, answers: Mapping[str, Decimal]
) -> Challenge | None:
    """Fewer in common than two parts of a whole must have, by more than a rough count explains."""
    for rule in rules.overlap:
        asked = (rule.first, rule.second, rule.whole)
        if rule.both == question and all(name in answers for name in asked):
            least = answers[rule.first] + answers[rule.second] - answers[rule.whole]
            if least - answers[question] >= rules.history.stock.least:
                return Challenge("overlap", {"other": least})
    return None


def against_allotted(
    rules: Challenges, evidence: Evidence, question: str, answers: Mapping[str, Decimal]
) -> Challenge | None:
    """More than a plan allots to its line."""
    known = evidence.allotted.get(question)
    if known is None or answers[question] <= known.number:
        return None
    return Challenge("allotted", {"other": known.number}, known=known)


def against_wholes(
    rules: Challenges, evidence: Evidence, question: str, answers: Mapping[str, Decimal]
) -> Challenge | None:
    """More than the whole that another questionnaire tells of."""
    for rule in rules.whole:
        if question in rule.parts:
            most = largest(evidence.known(rules.alike(rule.of)))
            if most is not None and answers[question] > most.number:
                return Challenge("whole", {"other": most.number}, known=most)
    return None


def against_parts(
    rules: Challenges, evidence: Evidence, question: str, answers: Mapping[str, Decimal]
) -> Challenge | None:
    """Less than a part that another questionnaire tells of."""
    own = rules.alike(question)
    for rule in rules.whole:
        if rule.of in own:
            most = largest(evidence.known(rule.parts))
            if most is not None and answers[question] < most.number:
                return Challenge("part", {"other": most.number}, known=most)
    return None


def largest(some: Iterable[Known]) -> Known | None:
    """The largest of some numbers, the first of equal ones; None of none."""
    return max(some, key=attrgetter("number"), default=None)


def against_same(
    rules: Challenges, evidence: Evidence, question: str, answers: Mapping[str, Decimal]
) -> Challenge | None:
    """Unlike what another questionnaire says of the same."""
    for rule in rules.same:
        if question not in rule.questions:
            continue
        known = evidence.known(rule.questions)
        # One that agrees is enough: another may be old.
        if known and all(rule.bounds.passed(answers[question], one.number) for one in known):
            return Challenge("same", {"other": known[0].number}, known=known[0])
    return None


def against_history(
    rules: Challenges, evidence: Evidence, question: str, answers: Mapping[str, Decimal]
) -> Challenge | None:
    """Far from what the place itself reported before."""
    rule, now = rules.history, answers[question]
    before = list(islice(evidence.history.get(question, ()), rule.back))
    flow = question in evidence.flows
    # Of what happens, less than ever is a quiet month: only more than ever is worth a question.
    if not before or min(before) <= now <= max(before) or (flow and now < min(before)):
        return None
    nearest = min(before, key=lambda number: abs(number - now))
    bounds = rule.flow if flow else rule.stock
    if len(before) < rule.enough:
        if bounds.passed(now, nearest):
            return Challenge("jumped", {"before": before[0]}, period=evidence.last)
        return None
    # Medians, since one wrong number of the past must not widen what counts as usual.
    middle = median(before)
    distance = max(median(abs(number - middle) for number in before) * NORMAL, middle * SHARE)
    far = abs(now - middle) > rule.spread * distance
    if far and abs(now - nearest) >= bounds.least:
        return Challenge("unusual", {"low": min(before), "high": max(before)})
    return None


def is_copy(rules: Challenges, evidence: Evidence, answers: Mapping[str, Decimal]) -> Challenge | None:
    """Whether a report says what the ones before it said, number by number, once too often."""
    times = rules.copied.times
    series = [evidence.history.get(question, ())[:times] for question in answers]
    # Zeros say nothing: a small village truly reports the same noughts month after month.
    told = [number for number in answers.values() if number]
    if len(told) < rules.copied.numbers or any(len(before) < times for before in series):
        return None
    alike = all(set(before) == {now} for before, now in zip(series, answers.values(), strict=True))
    return Challenge("copied", {"n": Decimal(times + 1)}) if alike else None


def applied(rules: Challenges, questions: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Which of a questionnaire's `questions`, those with numbers, each rule holds against something; by the rule."""
    asked = frozenset(questions)
    concerned: dict[str, Iterable[str]] = {
        "jumped": asked,
        "unusual": asked,
        "whole": chain.from_iterable(rule.parts for rule in rules.whole),
        "part": chain.from_iterable(rules.alike(rule.of) for rule in rules.whole),
        "same": chain.from_iterable(rule.questions for rule in rules.same),
        "overlap": (rule.both for rule in rules.overlap if {rule.first, rule.second, rule.whole} <= asked),
        "copied": asked if len(asked) >= rules.copied.numbers else (),
    }
    told = {
        rule: tuple(filter(frozenset(names).__contains__, questions)) for rule, names in concerned.items()
    }
    return {rule: names for rule, names in told.items() if names}

"""Which answers are asked back although they could be right: the rules of `challenges.toml`, as functions.

An answer is held against what the same place reported before, against its other questionnaires, against the other
answers of its own report, and a first one against the villages around. What is certainly impossible a questionnaire's own
limits refuse; here is what is unlikely, and the person decides. The sentences belong to the rules; nothing here knows a
database.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain, islice
from operator import attrgetter
from statistics import median
from typing import Final

from plans.challenge_rules import Challenges

NORMAL: Final = Decimal("1.4826")
"""A median distance from the median, times this, is a standard deviation where nothing strays."""
SHARE: Final = Decimal("0.04")
"""Of a number, what it usually moves by in any case."""
HUNDRED: Final = 100
"""Shares are told of so many households."""
COUNTED: Final = 10
"""A smaller number is counted on one's fingers: that it is round says nothing."""


# --- what an answer is held against ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Known:
    """A number of another report of the same place."""

    number: Decimal
    period: str
    """`Period.key`."""
    titles: dict[str, str] = field(default_factory=dict)
    """Its questionnaire's title, by language."""
    labels: dict[str, str] = field(default_factory=dict)
    """Its question, by language."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known when a report begins: by question, the numbers of its own earlier reports, the newest first, and
    those of the other questionnaires.

    Every answer reads it: of a `dict` pydantic asks nothing else than whether it is one.
    """

    history: dict[str, list[Decimal]] = field(default_factory=dict)
    last: str = ""
    """The period of the newest report before, `Period.key`; "" for none."""
    elsewhere: dict[str, Known] = field(default_factory=dict)
    flows: frozenset[str] = frozenset()
    """The questions that ask what happened within a period."""
    allotted: dict[str, Known] = field(default_factory=dict)
    """By question, how much a plan allots: its title and its clause stand for a questionnaire's and a question's."""
    registered: Known | None = None
    """How many households the office's list gives the place, of which month."""
    nearby: Mapping[str, Sequence[Decimal]] = field(default_factory=dict)
    """By question that the place never answered, how many there are for each household in villages around it."""

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
    sources = (
        overlapping, against_allotted, against_history, against_wholes, against_parts, against_same, against_registered,
        against_neighbours,
    )  # fmt: skip
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
    own = rules.alike(question) if evidence.elsewhere else ()
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
        if known and all(rule.passed(answers[question], one.number) for one in known):
            return Challenge("same", {"other": known[0].number}, known=known[0])
    return None


def against_registered(
    rules: Challenges, evidence: Evidence, question: str, answers: Mapping[str, Decimal]
) -> Challenge | None:
    """Other households, or more of some, than the office's list gives the village; what was reported before was said
    to be right then."""
    rule, known, now = rules.registered, evidence.registered, answers[question]
    before = evidence.history.get(question, ())
    if rule is None or known is None or (before and min(before) <= now <= max(before)):
        return None
    wrong = question in rules.alike(rule.households) or (
        now > known.number and question in registered_in(rules)
    )
    if wrong and rule.passed(now, known.number):
        return Challenge("registered", {"other": known.number}, known=known)
    return None


def registered_in(rules: Challenges) -> tuple[str, ...]:
    """The questions that ask for the households of a village, and for some of them."""
    households = rules.alike(rules.registered.households) if rules.registered else ()
    parts = (part for whole in rules.whole if whole.of in households for part in whole.parts)
    return (*households, *parts)


def against_neighbours(
    rules: Challenges, evidence: Evidence, question: str, answers: Mapping[str, Decimal]
) -> Challenge | None:
    """A first answer that is far from what villages around have for each household."""
    rule, nearby = rules.neighbours, evidence.nearby.get(question, ())
    if rule is None or len(nearby) < rule.villages:
        return None
    whole = households_of(rules, evidence, answers)
    if not whole:
        return None
    share, middle = answers[question] / whole, median(nearby)
    if question in evidence.flows and share < middle:
        return None
    far = abs(share - middle) > rule.spread * usual_distance(nearby, middle)
    if not far or not rule.passed(answers[question], middle * whole):
        return None
    # Of so many households and rounded: what a single village reported is nobody else's to read.
    return Challenge("neighbours", {"usual": of_hundred(middle), "mine": of_hundred(share)})


def of_hundred(share: Decimal) -> Decimal:
    """How many that is of a hundred, rounded."""
    return (share * HUNDRED).quantize(Decimal(1))


def households_of(rules: Challenges, evidence: Evidence, answers: Mapping[str, Decimal]) -> Decimal | None:
    """How many households the village has: by this report, else by its others, else by the office's list."""
    here = [answers[name] for name in rules.households if name in answers]
    listed = [evidence.registered] if evidence.registered else []
    elsewhere = [known.number for known in (*evidence.known(rules.households), *listed)]
    return next(iter((*here, *elsewhere)), None)


def usual_distance(numbers: Sequence[Decimal], middle: Decimal) -> Decimal:
    """How far numbers usually lie from their median, `middle`.

    Medians, since one wrong number must not widen what counts as usual.
    """
    return max(median(abs(number - middle) for number in numbers) * NORMAL, middle * SHARE)


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
    jumped = Challenge("jumped", {"before": before[0]}, period=evidence.last)
    if len(before) < rule.enough:
        return jumped if bounds.passed(now, nearest) else None
    middle = median(before)
    far = abs(now - middle) > rule.spread * usual_distance(before, middle)
    if not far or abs(now - nearest) < bounds.least:
        return None
    low, high = min(before), max(before)
    return Challenge("unusual", {"low": low, "high": high}) if low < high else jumped


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


def is_heaped(rules: Challenges, counts: Iterable[Decimal]) -> Challenge | None:
    """Whether all that was counted, different numbers, is round: what is counted ends in any digit."""
    told = {number for number in counts if number >= COUNTED}
    for rule in rules.heaped:
        if len(told) >= rule.numbers and not any(number % rule.step for number in told):
            return Challenge("heaped", {"n": Decimal(len(told))})
    return None


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
        **{rule: asked for rule, numbers in rules.of_whole.items() if len(asked) >= numbers},
        "registered": registered_in(rules),
        "neighbours": asked - frozenset(rules.households) if rules.neighbours else (),
    }
    told = {
        rule: tuple(filter(frozenset(names).__contains__, questions)) for rule, names in concerned.items()
    }
    return {rule: names for rule, names in told.items() if names}

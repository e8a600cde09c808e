"""Challenge answers that are possible but unlikely: the rules of `challenges.toml`, as functions.

A questionnaire's own limits refuse what is impossible. The rules here only ask back, and the person decides. They compare
an answer with earlier reports of the same place, with its other questionnaires and with the other answers of the same
report. A first answer is compared with the villages around. The sentences stand in `challenges.toml`; no function here
uses a database.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from itertools import chain, islice, pairwise
from operator import attrgetter
from statistics import median
from typing import Final

from plans.challenge_rules import Challenges, OverlapRule

NORMAL: Final = Decimal("1.4826")
"""Turns a median distance from the median into a standard deviation, for numbers that are normally distributed."""
SHARE: Final = Decimal("0.04")
"""The least usual distance, as a share of the median: numbers that never moved may still move by this much."""
HUNDRED: Final = 100
"""People are told a share as so many of 100 households."""
COUNTED: Final = 10
"""Numbers below this are not checked for rounding: people count them exactly."""


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
class CountedUp:
    """What a plan allots to the sum of some questions since it began, and what earlier reports add to that sum."""

    questions: tuple[str, ...]
    before: Decimal
    known: Known


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one report's answers are checked against, gathered as it begins.

    `history` has the numbers of earlier reports by question, the newest first; `elsewhere` those of other
    questionnaires. Every answer reads this back from JSON, and pydantic checks a `dict` faster than a `Mapping`.
    """

    history: dict[str, list[Decimal]] = field(default_factory=dict)
    last: str = ""
    """The period of the newest report before, `Period.key`; "" for none."""
    elsewhere: dict[str, Known] = field(default_factory=dict)
    flows: frozenset[str] = frozenset()
    """The questions that ask what happened within a period."""
    allotted: dict[str, Known] = field(default_factory=dict)
    """How much a plan allots, by question. `titles` and `labels` hold the plan's title and clause here."""
    counted: dict[str, CountedUp] = field(default_factory=dict)
    """What a plan allots that is counted period by period, by question."""
    grown: dict[str, Known] = field(default_factory=dict)
    """What the report before said of a sum since January, by question; only of the same year, and only if it is not 0."""
    built: dict[str, Known] = field(default_factory=dict)
    """How much of its works the report before called done, or what it had added up since a plan's first year, by question;
    only if it is not 0."""
    registered: Known | None = None
    """How many households the office's list gives the place; `period` is the list's month."""
    nearby: Mapping[str, Sequence[Decimal]] = field(default_factory=dict)
    """The number per household in each village around, by question; only questions that the place never answered."""
    this_year: int = 0
    """How many of the newest reports before are of the same year."""
    rough: frozenset[str] = frozenset()
    """Which of the report's own answers are said to be rough; known only once they are given."""

    def beside(self, question: str) -> tuple[str, ...]:
        """The questions that `question` adds up with."""
        return self.counted[question].questions if question in self.counted else ()

    def before(self, question: str) -> Decimal | None:
        """Return what the report before said of a question; None for nothing."""
        return next(iter(self.history.get(question, ())), None)

    def known(self, questions: Iterable[str]) -> list[Known]:
        """Return the numbers that other questionnaires gave for `questions`, in that order."""
        return [self.elsewhere[name] for name in questions if name in self.elsewhere]


@dataclass(frozen=True, slots=True)
class Challenge:
    """Why an answer is asked back: the rule, and the numbers that its sentence shows."""

    rule: str
    numbers: Mapping[str, Decimal] = field(default_factory=dict)
    period: str = ""
    """The period of the report before, as `Period.key`; "" for rules that do not name it."""
    known: Known | None = None
    """The number of another questionnaire, plan or list that the answer contradicts."""
    question: str = ""
    """For a report as a whole: the question that its numbers are about."""
    others: tuple[tuple[str, Known], ...] = ()
    """For a report as a whole: further questions of which the same holds, each with its number before."""

    @property
    def lines(self) -> tuple[tuple[str, Known], ...]:
        """Every question that a challenge to the whole report is about, with its number before."""
        return ((self.question, self.known), *self.others) if self.known else ()

    @property
    def impossible(self) -> bool:
        """Whether the report's own answers leave no room for it, so that no reason can make it right."""
        return self.rule == "overlap"


def challenge(
    rules: Challenges, evidence: Evidence, question: str, answers: Mapping[str, Decimal]
) -> Challenge | None:
    """Return the first challenge to the answer to `question`, one of a report's `answers`; None if no rule objects.

    A contradiction within the report comes before numbers that are merely unusual.
    """
    sources = (
        overlapping, against_allotted, against_counted, against_grown, against_built, against_history, against_wholes,
        against_parts, against_same, against_registered, against_neighbours,
    )  # fmt: skip
    for source in sources:
        told = source(rules, evidence, question, answers)
        if told is not None:
            return told
    return None


def overlapping(
    rules: Challenges, evidence: Evidence, question: str, answers: Mapping[str, Decimal]
) -> Challenge | None:
    """Challenge an overlap that is too small: two parts larger than their whole must share at least the excess.

    A shortfall that a rough count explains is let pass where one of the answers is rough.
    """
    for rule in rules.overlap:
        if rule.both == question and (least := least_shared(rule, answers)) is not None:
            asked = (question, *rule.bounds)
            slack = 0 if evidence.rough.isdisjoint(asked) else rules.history.stock.least - 1
            if least - answers[question] > slack:
                return Challenge("overlap", {"other": least})
    return None


def least_shared(rule: OverlapRule, answers: Mapping[str, Decimal]) -> Decimal | None:
    """The fewest that two parts of a whole share, by the `answers`; None if one of the three is missing."""
    if any(name not in answers for name in rule.bounds):
        return None
    return answers[rule.first] + answers[rule.second] - answers[rule.whole]


def least_allowed(rules: Challenges, question: str, answers: Mapping[str, Decimal]) -> Decimal:
    """The fewest that the other `answers` of a report leave room for at `question`; 0 if they say nothing of it."""
    shared = (least_shared(rule, answers) for rule in rules.overlap if rule.both == question)
    return max(filter(None, shared), default=Decimal(0))


def against_allotted(
    rules: Challenges, evidence: Evidence, question: str, answers: Mapping[str, Decimal]
) -> Challenge | None:
    """Challenge more than a plan allots to this line."""
    known = evidence.allotted.get(question)
    if known is None or answers[question] <= known.number:
        return None
    return Challenge("allotted", {"other": known.number}, known=known)


def against_counted(
    rules: Challenges, evidence: Evidence, question: str, answers: Mapping[str, Decimal]
) -> Challenge | None:
    """Challenge more than a plan allots to what is counted since it began: with this answer the sum passes it."""
    told = evidence.counted.get(question)
    if told is None or not answers[question]:
        return None
    total = told.before + sum(answers.get(name, Decimal(0)) for name in told.questions)
    if total <= told.known.number:
        return None
    return Challenge("counted", {"other": told.known.number, "sum": total}, known=told.known)


def against_grown(
    rules: Challenges, evidence: Evidence, question: str, answers: Mapping[str, Decimal]
) -> Challenge | None:
    """Challenge a sum since January that is less than it was earlier in the same year."""
    known = evidence.grown.get(question)
    if known is None or answers[question] >= known.number:
        return None
    return Challenge("fallen", {"before": known.number}, period=known.period)


def against_built(
    rules: Challenges, evidence: Evidence, question: str, answers: Mapping[str, Decimal]
) -> Challenge | None:
    """Challenge less work done than before: what is built stays built, however little is missing."""
    known = evidence.built.get(question)
    if known is None or answers[question] >= known.number:
        return None
    return Challenge("undone", {"before": known.number}, period=known.period)


def is_dropped(evidence: Evidence, answers: Mapping[str, Decimal]) -> Challenge | None:
    """Challenge a report that leaves out what had grown since January: a line without an answer counts as 0.

    It names every such line, the largest number first.
    """
    left_out = [(name, known) for name, known in evidence.grown.items() if name not in answers]
    if not left_out:
        return None
    (name, known), *others = sorted(left_out, key=lambda line: line[1].number, reverse=True)
    return Challenge("dropped", {"before": known.number}, known.period, known, name, tuple(others))


def against_wholes(
    rules: Challenges, evidence: Evidence, question: str, answers: Mapping[str, Decimal]
) -> Challenge | None:
    """Challenge a part that is larger than the whole in another questionnaire."""
    now = answers[question]
    for rule in rules.whole:
        if question in rule.parts:
            most = largest(evidence.known(rules.alike(rule.of)))
            if most is not None and exceeds(rules, now, most.number, evidence.before(question)):
                return Challenge("whole", {"other": most.number}, known=most)
    return None


def against_parts(
    rules: Challenges, evidence: Evidence, question: str, answers: Mapping[str, Decimal]
) -> Challenge | None:
    """Challenge a whole that is smaller than one of its parts in another questionnaire."""
    now = answers[question]
    own = rules.alike(question) if evidence.elsewhere else ()
    for rule in rules.whole:
        if rule.of in own:
            most = largest(evidence.known(rule.parts))
            if most is not None and falls_short(rules, now, most.number, evidence.before(question)):
                return Challenge("part", {"other": most.number}, known=most)
    return None


def exceeds(rules: Challenges, now: Decimal, other: Decimal, before: Decimal | None) -> bool:
    """Whether `now` is too far above the `other` number, and also above what the report `before` said.

    About as before, it passes: of that number and the other one, whichever came later was challenged then.
    """
    worse = before is None or (now > before and rules.elsewhere.passed(abs(now), abs(before)))
    return now > other and worse and rules.elsewhere.passed(abs(now), abs(other))


def falls_short(rules: Challenges, now: Decimal, other: Decimal, before: Decimal | None) -> bool:
    """Whether `now` is too far below the `other` number, and also below what the report `before` said."""
    return exceeds(rules, -now, -other, None if before is None else -before)


def largest(some: Iterable[Known]) -> Known | None:
    """Return the largest number, the first of equal ones; None if there are none."""
    return max(some, key=attrgetter("number"), default=None)


def against_same(
    rules: Challenges, evidence: Evidence, question: str, answers: Mapping[str, Decimal]
) -> Challenge | None:
    """Challenge a number that differs from the same number in every other questionnaire that asks it."""
    for rule in rules.same:
        if question not in rule.questions:
            continue
        known = evidence.known(rule.questions)
        # One questionnaire that agrees is enough: the others may be older.
        if known and all(rule.passed(answers[question], one.number) for one in known):
            return Challenge("same", {"other": known[0].number}, known=known[0])
    return None


def against_registered(
    rules: Challenges, evidence: Evidence, question: str, answers: Mapping[str, Decimal]
) -> Challenge | None:
    """Challenge a number of households that differs from the office's list, or a part of them that exceeds it.

    A number within the range reported before passes: it was challenged and confirmed then.
    """
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
    """Return the questions that count a village's households, then those that count a part of them."""
    households = rules.alike(rules.registered.households) if rules.registered else ()
    parts = (part for whole in rules.whole if whole.of in households for part in whole.parts)
    return (*households, *parts)


def against_neighbours(
    rules: Challenges, evidence: Evidence, question: str, answers: Mapping[str, Decimal]
) -> Challenge | None:
    """Challenge a first answer whose number per household is far from that of the villages around."""
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
    # The sentence shows rounded shares only: nobody may read what another single village reported.
    return Challenge("neighbours", {"usual": of_hundred(middle), "mine": of_hundred(share)})


def of_hundred(share: Decimal) -> Decimal:
    """Return a share as a whole number of 100 households, rounded."""
    return (share * HUNDRED).quantize(Decimal(1), ROUND_HALF_UP)


def households_of(rules: Challenges, evidence: Evidence, answers: Mapping[str, Decimal]) -> Decimal | None:
    """Return the village's number of households: from this report, its other questionnaires or the office's list."""
    here = [answers[name] for name in rules.households if name in answers]
    listed = [evidence.registered] if evidence.registered else []
    elsewhere = [known.number for known in (*evidence.known(rules.households), *listed)]
    return next(iter((*here, *elsewhere)), None)


def usual_distance(numbers: Sequence[Decimal], middle: Decimal) -> Decimal:
    """Return how far `numbers` usually lie from their median, `middle`.

    The distance is a median too, so that one wrong number does not widen what counts as usual.
    """
    return max(median(abs(number - middle) for number in numbers) * NORMAL, middle * SHARE)


def against_history(
    rules: Challenges, evidence: Evidence, question: str, answers: Mapping[str, Decimal]
) -> Challenge | None:
    """Challenge a number that is far from what the place itself reported before."""
    rule, now = rules.history, answers[question]
    before = list(islice(evidence.history.get(question, ()), rule.back))
    flow = question in evidence.flows
    # A flow below all earlier ones is only a quiet period; one above them is worth a question.
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
    """Challenge a report whose numbers all repeat those of the last `rules.copied.times` reports."""
    times = rules.copied.times
    series = [evidence.history.get(question, ())[:times] for question in answers]
    # Zeros do not count: a small village honestly reports the same zeros month after month.
    told = [number for number in answers.values() if number]
    if len(told) < rules.copied.numbers or any(len(before) < times for before in series):
        return None
    alike = all(set(before) == {now} for before, now in zip(series, answers.values(), strict=True))
    return Challenge("copied", {"n": Decimal(times + 1)}) if alike else None


def is_swapped(rules: Challenges, evidence: Evidence, answers: Mapping[str, Decimal]) -> Challenge | None:
    """Challenge two neighbouring numbers of which each is what the other was in the report before."""
    rule, before = rules.swapped, evidence.before
    if rule is None:
        return None
    for first, second in pairwise(answers):
        was, other = before(first), before(second)
        if was is None or other is None:
            continue
        if rule.exchanged((was, other), (answers[first], answers[second])):
            numbers = {"before": was, "other": other, "first": answers[first], "second": answers[second]}
            return Challenge("swapped", numbers, evidence.last, question=first)
    return None


def is_running(rules: Challenges, evidence: Evidence, answers: Mapping[str, Decimal]) -> Challenge | None:
    """Challenge numbers of single periods that only grow within a year, as if each were added to those before."""
    rule, n = rules.running, evidence.this_year
    if rule is None or n < rule.times:
        return None
    grew = only_growing(this_year(evidence, answers))
    if len(grew) < (rule.numbers if n == rule.times else 1):
        return None
    numbers = {"before": evidence.history[grew[0]][0], "other": answers[grew[0]]}
    return Challenge("running", numbers, evidence.last, question=grew[0])


def this_year(evidence: Evidence, answers: Mapping[str, Decimal]) -> dict[str, list[Decimal]]:
    """Return the year's numbers of what happened in each period, the newest last; only of what every report told."""
    n, history = evidence.this_year, evidence.history
    asked = (name for name in answers if name in evidence.flows and len(history.get(name, ())) >= n)
    return {name: [*reversed(history[name][:n]), answers[name]] for name in asked}


def only_growing(series: Mapping[str, Sequence[Decimal]]) -> list[str]:
    """Return the questions whose numbers grew each time; none if any number ever fell."""
    least = {name: min(later - earlier for earlier, later in pairwise(told)) for name, told in series.items()}
    if min(least.values(), default=Decimal(0)) < 0:
        return []
    return [name for name, growth in least.items() if growth > 0]


def are_round(numbers: Iterable[Decimal], step: Decimal) -> bool:
    """Whether all numbers are multiples of a step."""
    return not any(number % step for number in numbers)


def is_heaped(rules: Challenges, counts: Iterable[Decimal]) -> Challenge | None:
    """Challenge a report whose numbers are all round: honest counts end in any digit. Equal numbers are one number."""
    given = [number for number in counts if number >= COUNTED]
    told = set(given)
    for rule in rules.heaped:
        enough = len(told) >= rule.numbers and len(given) >= rule.counts
        if enough and are_round(told, rule.step):
            return Challenge("heaped", {"n": Decimal(len(given))})
    return None


def applied(rules: Challenges, questions: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return which of a questionnaire's numeric `questions` each rule checks, by rule; only rules that check some."""
    told: dict[str, tuple[str, ...]] = {}
    for rule, names in concerned(rules, frozenset(questions)).items():
        if checked := tuple(filter(frozenset(names).__contains__, questions)):
            told[rule] = checked
    return told


def concerned(rules: Challenges, asked: frozenset[str]) -> dict[str, Iterable[str]]:
    """Return the questions whose answers each rule checks in a questionnaire that has `asked`; it may lack some of them."""
    return {
        "jumped": asked,
        "unusual": asked,
        "undone": rules.summed,
        **concerned_elsewhere(rules),
        "overlap": (rule.both for rule in rules.overlap if asked.issuperset(rule.bounds)),
        **{rule: asked for rule, numbers in rules.of_whole.items() if len(asked) >= numbers},
        "registered": registered_in(rules),
        "neighbours": asked - frozenset(rules.households) if rules.neighbours else (),
    }


def concerned_elsewhere(rules: Challenges) -> dict[str, Iterable[str]]:
    """Return the questions checked by each rule that holds an answer against other questionnaires."""
    return {
        "whole": chain.from_iterable(rule.parts for rule in rules.whole),
        "part": chain.from_iterable(rules.alike(rule.of) for rule in rules.whole),
        "same": chain.from_iterable(rule.questions for rule in rules.same),
    }

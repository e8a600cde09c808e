"""A year of reports with seeded errors: how many slips are noticed, and how often an honest answer is asked back.

Villages are made up: households that come and go slowly, shares of them that drift and sometimes jump, things that
happen a few times a period. They answer the questionnaires that the schedule asks of villages, for two years; in the
second, now and then an answer goes wrong as people's answers do. Run with `-s` to see the numbers.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from itertools import pairwise
from math import exp
from pathlib import Path
from random import Random
from typing import Final

import pytest

from plans.challenge_rules import Challenges
from plans.challenges import Evidence, Known, challenge, is_copy, is_heaped, is_running, is_swapped
from plans.plans import Plans
from plans.reading import load_plans
from questionnaires.questionnaire import Question, Questionnaire
from questionnaires.xlsform import compile_form

FORMS: Final = Path("questionnaires/forms")
VILLAGES: Final = 24
REPORTS: Final = {"month": 12, "quarter": 4, "half": 2}
"""How many reports of a year there are."""
LEAST: Final = 4
"""Numbers that lie nearer are exchanged without harm."""
SIZES: Final = {"hộ": 0.3, "em": 0.35, "người": 2.2, "trẻ": 0.3, "bà mẹ": 0.02, "nhà": 0.03}
"""How many there are of something for each household, about."""
NEIGHBOURS: Final = {
    "0": "9", "1": "2", "2": "13", "3": "24", "4": "35", "5": "46", "6": "57", "7": "68", "8": "79", "9": "80",
}  # fmt: skip

HOUSEHOLDS: Final = ("nuoc_ho", "dd_ho", "tt_ho", "gn_ho")
MINORITIES: Final = ("nuoc_ho_dtts", "tt_ho_dtts", "gn_ho_dtts")

Answers = dict[str, Decimal]


@cache
def plans() -> Plans:
    return load_plans()


@cache
def forms() -> tuple[tuple[Questionnaire, int], ...]:
    """The questionnaires of villages, each with how many reports of a year there are."""
    asked = [entry for entry in plans().schedule if entry.level == "thon" and entry.kind in REPORTS]
    compiled = [
        (compile_form((FORMS / f"{entry.form}.md").read_bytes(), f"{entry.form}.md"), REPORTS[entry.kind])
        for entry in asked
    ]
    return tuple((form, often) for form, often in compiled if counted(form))


def counted(form: Questionnaire) -> list[Question]:
    return [question for question in form.questions if question.type == "integer" and not question.repeat]


def wholes_of(question: Question) -> list[str]:
    """The questions of the same form that an answer cannot be above."""
    return [
        path.rpartition("/")[2]
        for limit in question.upper
        for path in limit.reads
        if "/" in path and path != question.path
    ]


@dataclass
class Village:
    """What is true of one village; `true` gives a report as it should be."""

    random: Random
    households: float = 0
    shares: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.households = self.random.uniform(35, 220)

    def true(self, form: Questionnaire) -> Answers:
        answers: Answers = {}
        self.households *= self.random.uniform(0.995, 1.006)
        for question in counted(form):
            answers[question.name] = Decimal(max(0, round(self.value(question, answers))))
        return answers

    def value(self, question: Question, answers: Answers) -> float:
        name = question.name
        if name in HOUSEHOLDS:
            return self.households
        wholes = [float(answers[whole]) for whole in wholes_of(question) if whole in answers]
        if name in MINORITIES:
            return self.share("nuoc_ho_dtts") * min(wholes)
        if name in flows():
            mean = self.shares.setdefault(name, self.random.expovariate(1 / 2))
            return min([poisson(self.random, mean), *wholes])
        if not wholes and name.endswith("_dtts"):
            wholes = [self.share("nuoc_ho_dtts") * self.households]
        if not wholes:
            return self.share(name) * self.households * SIZES.get(question.unit.get("", ""), 0.3)
        return max(self.share(name) * min(wholes), self.least(name, answers))

    def least(self, name: str, answers: Answers) -> float:
        """So many two parts of a whole must have in common."""
        for rule in plans().challenges.overlap:
            if rule.both == name:
                return float(answers[rule.first] + answers[rule.second] - answers[rule.whole])
        return 0

    def share(self, name: str) -> float:
        """A share, a little on from where it was, and once in a while somewhere else."""
        share = self.shares.setdefault(name, self.random.betavariate(1.2, 1.2))
        if self.random.random() < 0.02:
            share = self.random.betavariate(1.2, 1.2)
        self.shares[name] = min(1.0, max(0.0, share * self.random.uniform(0.97, 1.03)))
        return self.shares[name]


def poisson(random: Random, mean: float) -> int:
    limit, product, count = exp(-mean), random.random(), 0
    while product > limit:
        product, count = product * random.random(), count + 1
    return count


@cache
def flows() -> frozenset[str]:
    every = plans().indicators.values()
    return frozenset(name for one in every if not one.stock for name in one.counted)


# --- errors as people make them -------------------------------------------------------------------------


def slips_of(random: Random, name: str, answers: Answers, unit: str) -> Iterator[tuple[str, Answers]]:
    """The ways in which one answer of a report goes wrong, each with the report that it makes."""
    number = answers[name]
    digits = str(number)
    at = random.randrange(len(digits))
    typed = {
        "digit_twice": digits[: at + 1] + digits[at:],
        "digit_lost": digits[:at] + digits[at + 1 :],
        "digits_swapped": digits[1] + digits[0] + digits[2:] if len(digits) > 1 else digits,
        "next_key": digits[:at] + random.choice(NEIGHBOURS[digits[at]]) + digits[at + 1 :],
        "tenfold": random.choice((f"{digits}0", digits[:-1])) if number else digits,
        "wrong_unit": str(number * 4) if unit == "hộ" else str(number // 4),
    }
    for kind, text in typed.items():
        if text:
            yield kind, {**answers, name: Decimal(text)}
    names = list(answers)
    other = names[(names.index(name) + 1) % len(names)]
    yield "questions_swapped", {**answers, name: answers[other], other: number}


def is_large(was: Decimal, now: Decimal) -> bool:
    """Whether an answer is wrong by a factor of 2 or more."""
    low, high = sorted((was, now))
    return high >= 2 * low and high != low


def is_refused(form: Questionnaire, answers: Answers) -> bool:
    """Whether the questionnaire's own limits refuse some answer."""
    for question in counted(form):
        if any(answers[question.name] > answers[name] for name in wholes_of(question) if name in answers):
            return True
    return answers.get("nuoc_ho", Decimal(1)) < 1 or any(
        number > 2000 for name, number in answers.items() if "ho" in name
    )


@dataclass
class Memory:
    """What the reports of one village have said so far."""

    history: dict[str, list[Decimal]] = field(default_factory=dict)
    elsewhere: dict[str, Known] = field(default_factory=dict)

    def evidence(self, rules: Challenges, form: Questionnaire) -> Evidence:
        own = {question.name for question in counted(form)}
        held = {name for question in own for name in rules.named(question)} - own
        elsewhere = {name: known for name, known in self.elsewhere.items() if name in held}
        return Evidence(self.history, "2026-M01", elsewhere, flows())

    def keep(self, form: Questionnaire, answers: Answers) -> None:
        for name, number in answers.items():
            self.history.setdefault(name, []).insert(0, number)
            self.elsewhere[name] = Known(number, "2026-M01")


@dataclass
class Tally:
    honest: int = 0
    challenged: int = 0
    slips: Counter[str] = field(default_factory=Counter)
    caught: Counter[str] = field(default_factory=Counter)
    why: Counter[str] = field(default_factory=Counter)
    reports: int = 0
    reports_told: int = 0
    reports_round: int = 0

    @property
    def share_caught(self) -> float:
        return self.caught.total() / self.slips.total()

    @property
    def share_challenged(self) -> float:
        return self.challenged / self.honest


def simulated(seed: int, years: int = 2) -> Tally:
    """The last of `years`, with errors in it; each error is made in a copy of the report, and only then taken back."""
    tally, rules = Tally(), plans().challenges
    for village in (Village(Random(seed * 1000 + number)) for number in range(VILLAGES)):
        memory = Memory()
        for month in range(12 * years):
            for form, often in forms():
                if (month + 1) % (12 // often) == 0:
                    answers = village.true(form)
                    if month >= 12 * (years - 1):
                        judge(tally, village.random, rules, memory.evidence(rules, form), form, answers)
                    memory.keep(form, answers)
    return tally


def judge(
    tally: Tally, random: Random, rules: Challenges, evidence: Evidence, form: Questionnaire, answers: Answers
) -> None:
    """Count an honest report, and the same with one error of each kind in it."""
    tally.reports += 1
    tally.reports_told += is_copy(rules, evidence, answers) is not None
    tally.reports_round += is_heaped(rules, answers.values()) is not None
    for name in answers:
        told = challenge(rules, evidence, name, answers)
        tally.honest += 1
        tally.challenged += told is not None
        if told is not None:
            tally.why[told.rule] += 1
    name = random.choice(list(answers))
    unit = next(q for q in counted(form) if q.name == name).unit.get("", "")
    for kind, wrong in slips_of(random, name, answers, unit):
        changed = [other for other in wrong if wrong[other] != answers[other]]
        if not any(is_large(answers[other], wrong[other]) for other in changed):
            continue
        tally.slips[kind] += 1
        noticed = is_refused(form, wrong) or any(
            challenge(rules, evidence, other, wrong) is not None for other in wrong
        )
        tally.caught[kind] += noticed


def test_most_slips_are_noticed_and_few_honest_answers_asked_back(capsys: pytest.CaptureFixture[str]) -> None:
    tally = simulated(1)
    with capsys.disabled():
        print(
            f"\n{tally.share_caught:.1%} of {tally.slips.total()} slips of a factor 2 or more noticed: ",
            end="",
        )
        print(", ".join(f"{kind} {tally.caught[kind] / tally.slips[kind]:.0%}" for kind in tally.slips))
        print(
            f"{tally.share_challenged:.1%} of {tally.honest} honest answers asked back {dict(tally.why)}; ",
            end="",
        )
        print(f"{tally.reports_told} of {tally.reports} honest reports told to be copies, ", end="")
        print(f"{tally.reports_round} to be rounded")
    assert tally.share_caught >= 0.9
    assert tally.share_challenged <= 0.05
    assert tally.reports_told <= tally.reports * 0.05
    assert tally.reports_round <= tally.reports * 0.01


@dataclass
class WholeTally:
    """Honest reports, those doubted as a whole, and the wrong ones: how many, and how many were noticed."""

    reports: int = 0
    doubted: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    noticed: Counter[str] = field(default_factory=Counter)

    def share(self, kind: str) -> float:
        return self.noticed[kind] / self.wrong[kind]


def exchanged(answers: Answers) -> Iterator[Answers]:
    """A report with the numbers of two neighbouring questions exchanged, for each two that differ enough."""
    for first, second in pairwise(answers):
        if abs(answers[first] - answers[second]) >= LEAST:
            yield {**answers, first: answers[second], second: answers[first]}


def test_exchanged_numbers_and_running_totals_are_noticed(capsys: pytest.CaptureFixture[str]) -> None:
    tally, rules = WholeTally(), plans().challenges
    for village in (Village(Random(2000 + number)) for number in range(VILLAGES)):
        memory, summed = Memory(), Memory()
        for month in range(24):
            for form, often in forms():
                if (month + 1) % (12 // often):
                    continue
                answers, n = village.true(form), month % 12 // (12 // often)
                totals = added_up(answers, summed, n)
                if month >= 12:
                    told = replace(memory.evidence(rules, form), this_year=n)
                    count_wholes(tally, form, told, answers)
                    tell(
                        tally,
                        "running",
                        form,
                        replace(summed.evidence(rules, form), this_year=n),
                        totals,
                        answers,
                    )
                memory.keep(form, answers)
                summed.keep(form, totals)
    with capsys.disabled():
        print(f"\n{dict(tally.doubted)} of {tally.reports} honest reports; ", end="")
        print(", ".join(f"{kind} {tally.share(kind):.0%} of {n}" for kind, n in tally.wrong.items()))
    assert tally.doubted.total() <= tally.reports * 0.01
    assert tally.share("swapped") >= 0.9
    assert tally.share("running") >= 0.3


def added_up(answers: Answers, summed: Memory, n: int) -> Answers:
    """A report with what happened since January: what the `n` earlier ones of the year said, and this period's."""
    return {
        name: number + (summed.history[name][0] if n and name in flows() else 0)
        for name, number in answers.items()
    }


def count_wholes(tally: WholeTally, form: Questionnaire, held: Evidence, answers: Answers) -> None:
    """Count an honest report, and the same with each two neighbouring numbers exchanged."""
    rules = plans().challenges
    tally.reports += 1
    for kind, doubt in (("swapped", is_swapped), ("running", is_running)):
        tally.doubted[kind] += doubt(rules, held, answers) is not None
    for wrong in exchanged(answers):
        tell(tally, "swapped", form, held, wrong, answers)


def tell(
    tally: WholeTally, kind: str, form: Questionnaire, held: Evidence, wrong: Answers, true: Answers
) -> None:
    """Count a wrong report that the questionnaire takes, and whether it is noticed."""
    rules = plans().challenges
    if wrong == true or is_refused(form, wrong):
        return
    tally.wrong[kind] += 1
    single = any(challenge(rules, held, name, wrong) for name in wrong if wrong[name] != true[name])
    whole = is_swapped(rules, held, wrong) or is_running(rules, held, wrong)
    tally.noticed[kind] += bool(single or whole)


def test_a_report_copied_time_and_again_is_told() -> None:
    for village in (Village(Random(number)) for number in range(5)):
        memory = Memory()
        for form, _ in forms():
            answers = village.true(form)
            told = []
            for _ in range(5):
                told.append(is_copy(plans().challenges, memory.evidence(plans().challenges, form), answers))
                memory.keep(form, answers)
            large = sum(1 for number in answers.values() if number) >= plans().challenges.copied.numbers
            assert [one is not None for one in told] == [False, False, False, large, large]


def neighbour(random: Random, like: Village) -> Village:
    """A village that has of everything about as much for each household as another."""
    shares = {name: min(1.0, share * random.uniform(0.85, 1.15)) for name, share in like.shares.items()}
    return Village(random, shares=shares)


def test_a_first_report_is_held_against_the_villages_around(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a history only they can tell that a nought is missing. Where they are all sorts they say less."""
    rules = plans().challenges
    for alike, caught, challenged in ((True, 0.85, 0.02), (False, 0.6, 0.05)):
        tally, random = Tally(), Random(7)
        model = Village(random)
        for form, _ in forms():
            model.true(form)
        for _ in range(VILLAGES):
            around = [neighbour(random, model) if alike else Village(random) for _ in range(8)]
            new = neighbour(random, model) if alike else Village(random)
            for form, _ in forms():
                told = [(village.true(form), Decimal(round(village.households))) for village in around]
                nearby = {
                    name: sorted(numbers[name] / whole for numbers, whole in told) for name in told[0][0]
                }
                evidence = Evidence(
                    elsewhere={"nuoc_ho": Known(Decimal(round(new.households)), "2026-M01")},
                    flows=flows(),
                    nearby=nearby,
                )
                judge(tally, random, rules, evidence, form, new.true(form))
        with capsys.disabled():
            print(
                f"\n{tally.share_caught:.1%} of {tally.slips.total()} slips in first reports noticed, ",
                end="",
            )
            print(f"{tally.share_challenged:.1%} of {tally.honest} asked back {dict(tally.why)}")
        assert tally.share_caught >= caught
        assert tally.share_challenged <= challenged


@pytest.mark.parametrize(
    ("before", "now", "asked"),
    [
        (None, "36", False),
        (None, "35", True),
        (None, "20", True),
        ("30", "30", False),
        ("30", "29", False),
        ("30", "26", True),
        ("60", "35", True),
    ],
)
def test_another_questionnaires_part_is_held_against_a_number_with_a_tolerance(
    before: str | None, now: str, asked: bool
) -> None:
    """39 households work the land, said another questionnaire: people move, and another season has others at home.

    What was about so before was asked about then.
    """
    history = {} if before is None else {"nuoc_ho": [Decimal(before)]}
    held = Evidence(history, "2026-M11", elsewhere={"kt_nong_dtts": Known(Decimal(39), "2026-H2")})
    told = challenge(plans().challenges, held, "nuoc_ho", {"nuoc_ho": Decimal(now)})
    assert (told is not None and told.rule in ("part", "jumped")) == asked


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ("100 80 100 80 60 0 0", True),
        ("100 90 90 80 20 0 0", True),
        ("100 80 60 0 0", False),
        ("100 100 100 100 100", False),
        ("103 82 96 76 58 0 0", False),
        ("100 80 100 80 61 0 0", False),
    ],
)
def test_a_report_of_round_numbers_is_asked_about(counts: str, told: bool) -> None:
    assert (is_heaped(plans().challenges, map(Decimal, counts.split())) is not None) is told

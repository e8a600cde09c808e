"""From counted answers to figures, and from figures to where a place stands.

All arithmetic is exact (Decimal). A rate of several places is Σ numerator / Σ denominator over the places
that counted both, never a mean of rates. What is missing stays missing: it is not 0, and nothing is
estimated except the value expected today, which lies on the straight line between a known baseline and
the day it is due.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from plans.plan import Comparator, Indicator, Target

ZERO = Decimal(0)
FINE = Decimal("0.0001")
"""To what expected values are rounded."""


@dataclass(frozen=True, slots=True)
class Figure:
    """An indicator's value with what it was counted from.

    `value` is None where there is no answer (then `numerator` is None too) or, with a numerator and a
    denominator of 0, where there is nobody to count: no child of that age.
    """

    indicator: str
    value: Decimal | None
    numerator: Decimal | None = None
    denominator: Decimal | None = None

    @property
    def nobody(self) -> bool:
        """Whether it was counted, and there was nobody to count."""
        return self.value is None and self.denominator == ZERO


def figure(indicator: Indicator, values: Mapping[str, Decimal]) -> Figure:
    """The indicator of one place from its answers, by question name."""
    known = dict(values)
    for part, whole in indicator.parts.items():
        if part not in known and known.get(whole) == ZERO:
            known[part] = ZERO
    needed = (*indicator.numerator, *indicator.minus, *indicator.denominator)
    if not indicator.numerator or any(name not in known for name in needed):
        return Figure(indicator.id, None)
    numerator = sum((known[name] for name in indicator.numerator), ZERO)
    numerator -= sum((known[name] for name in indicator.minus), ZERO)
    denominator = sum((known[name] for name in indicator.denominator), ZERO) if indicator.rate else None
    return valued(indicator, numerator, denominator)


def valued(indicator: Indicator, numerator: Decimal, denominator: Decimal | None) -> Figure:
    """The figure of counted parts; without a value where the denominator is 0."""
    if denominator is None:
        return Figure(indicator.id, numerator * indicator.factor, numerator)
    value = numerator * indicator.factor / denominator if denominator else None
    return Figure(indicator.id, value, numerator, denominator)


def combined(indicator: Indicator, figures: Iterable[Figure]) -> Figure:
    """The figure of several places together, or of one place's flow over several periods.

    Places without an answer are left out, so say beside it how many of how many answered.
    """
    counted = [each for each in figures if each.numerator is not None]
    if not counted:
        return Figure(indicator.id, None)
    numerator = sum((each.numerator or ZERO for each in counted), ZERO)
    denominator = sum((each.denominator or ZERO for each in counted), ZERO) if indicator.rate else None
    return valued(indicator, numerator, denominator)


class Status(StrEnum):
    """Where a figure stands against a target."""

    ACHIEVED = "achieved"
    ON_TRACK = "on_track"
    BEHIND = "behind"
    NOT_YET = "not_yet"
    """Not reached, and without a baseline nobody can say what to expect by today."""
    NO_DATA = "no_data"
    NO_TARGET = "no_target"
    """The plan gives no number to be held against."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """Where it began: the value at the end of `day`."""

    day: date
    value: Decimal


@dataclass(frozen=True, slots=True)
class Standing:
    """How a figure compares with a target on a day.

    `distance` is how much is still missing (0 when reached; 0 too when a target of "more than" is just met
    but not passed). `expected_today` is None where no baseline is known.
    """

    status: Status
    distance: Decimal | None = None
    expected_today: Decimal | None = None
    due_passed: bool = False


def reached(target: Target, goal: Decimal, value: Decimal) -> bool:
    """Whether `value` meets the target."""
    match target.comparator:
        case Comparator.ABOVE:
            return value > goal
        case Comparator.BELOW:
            return value < goal
        case Comparator.AT_MOST | Comparator.ELIMINATE:
            return value <= goal
        case _:
            return value >= goal


def falls(target: Target) -> bool:
    """Whether the target is met by going down."""
    return target.comparator in (Comparator.BELOW, Comparator.AT_MOST, Comparator.ELIMINATE)


def expected(target: Target, goal: Decimal, today: date, baseline: Baseline | None) -> Decimal | None:
    """The value on the line from the baseline to the goal; the goal once due, None without a line."""
    due = target.due
    if baseline is None or due is None or due <= baseline.day:
        return None
    whole = (due - baseline.day).days
    gone = min(max((today - baseline.day).days, 0), whole)
    value = baseline.value + (goal - baseline.value) * gone / whole
    return value.quantize(FINE, ROUND_HALF_UP)


def own_baseline(target: Target, first_day: date | None) -> Baseline | None:
    """The baseline that the plan itself gives: its own, or for a quota 0 on the eve of its first day."""
    if target.baseline is not None and target.baseline_year is not None:
        return Baseline(date(target.baseline_year, 12, 31), target.baseline)
    if target.comparator is Comparator.QUOTA and first_day is not None:
        return Baseline(first_day - timedelta(days=1), ZERO)
    return None


def standing(target: Target, figure: Figure, today: date, baseline: Baseline | None = None) -> Standing:
    """How `figure` stands against `target` on `today`.

    `baseline` is where the place began (see `own_baseline` for what a plan itself gives); without one the
    target's own is taken, and without that there is no expectation.
    """
    goal = target.goal
    due_passed = target.due is not None and today > target.due
    if goal is None:
        return Standing(Status.NO_TARGET, due_passed=due_passed)
    awaited = expected(target, goal, today, baseline or own_baseline(target, None))
    if figure.value is None:
        return Standing(Status.NO_DATA, None, awaited, due_passed)
    if reached(target, goal, figure.value):
        return Standing(Status.ACHIEVED, ZERO, awaited, due_passed)
    distance = abs(goal - figure.value)
    if due_passed:
        return Standing(Status.BEHIND, distance, awaited, due_passed)
    if awaited is None:
        return Standing(Status.NOT_YET, distance, None, due_passed)
    well = figure.value <= awaited if falls(target) else figure.value >= awaited
    return Standing(Status.ON_TRACK if well else Status.BEHIND, distance, awaited, due_passed)


def share_done(target: Target | None, indicator: Indicator, figure: Figure) -> Decimal | None:
    """How full a bar is, 0 to 1: a rate by itself, a count against its quota; None where neither fits."""
    if figure.value is None:
        return None
    if indicator.unit["vi"] == "%":
        share = figure.value / 100
    elif target is not None and target.comparator is Comparator.QUOTA and target.goal:
        share = figure.value / target.goal
    else:
        return None
    return min(max(share, ZERO), Decimal(1))

"""Roll answers up into figures, and compare figures with targets.

All arithmetic is exact (Decimal). A rate of several places is Σ numerator / Σ denominator over the places that counted
both, never a mean of rates. What is missing stays missing: it is not 0. Nothing is estimated except the value expected
today, which is pro-rated by days on the straight line from a known baseline to the due day; people are told so. A target
relative to an earlier value ("3 points a year", "twice that of 2020") becomes a number only if that value is known.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from plans.indicator import Indicator
from plans.target import YEARLY, Comparator, Target

DAY: Final = timedelta(days=1)
ZERO: Final = Decimal(0)
WHOLE: Final = Decimal(100)
"""The whole, in percent."""
FINE: Final = Decimal("0.0001")
"""Expected values are rounded to this."""


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
        """Whether there was an answer, but nobody to count."""
        return self.value is None and self.denominator == ZERO


def figure(indicator: Indicator, values: Mapping[str, Decimal]) -> Figure:
    """Return one place's figure from its answers, `values` by question name."""
    known = with_empty_parts(indicator, values)
    if not indicator.numerator or not known.keys() >= set(indicator.counted):
        return Figure(indicator.id, None)
    numerator, minus, denominator = (
        total(known[name] for name in names)
        for names in (indicator.numerator, indicator.minus, indicator.denominator)
    )
    return valued(indicator, numerator - minus, denominator if indicator.rate else None)


def with_empty_parts(indicator: Indicator, values: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Return `values` with 0 for each part that was not asked because its whole is 0."""
    known = dict(values)
    for part, whole in indicator.parts.items():
        if known.get(whole) == ZERO:
            known.setdefault(part, ZERO)
    return known


def total(numbers: Iterable[Decimal | None]) -> Decimal:
    """Return the exact sum of the numbers that are known; 0 if none is."""
    return sum(filter(None, numbers), ZERO)


def valued(indicator: Indicator, numerator: Decimal, denominator: Decimal | None) -> Figure:
    """Return the figure with this numerator and denominator; it has no value if the denominator is 0."""
    if denominator is None:
        return Figure(indicator.id, numerator * indicator.factor, numerator)
    value = numerator * indicator.factor / denominator if denominator else None
    return Figure(indicator.id, value, numerator, denominator)


def combined(indicator: Indicator, figures: Iterable[Figure]) -> Figure:
    """Return the figure of several places together, or of one place's flow over several periods.

    Places without an answer are left out, so tell people how many of how many answered. An indicator that does not add
    up (`Indicator.additive` is False) has a figure only if a single place counted it.
    """
    counted = [figure for figure in figures if figure.numerator is not None]
    most = len(counted) if indicator.additive else 1  # the sum of two means is no mean
    if not 1 <= len(counted) <= most:
        return Figure(indicator.id, None)
    denominator = total(figure.denominator for figure in counted) if indicator.rate else None
    return valued(indicator, total(figure.numerator for figure in counted), denominator)


class Status(StrEnum):
    """Where a figure stands against a target."""

    ACHIEVED = "achieved"
    ON_TRACK = "on_track"
    BEHIND = "behind"
    NOT_YET = "not_yet"
    """Not reached. Without a baseline nobody can say what to expect by today."""
    NO_DATA = "no_data"
    """There is no figure, or none for the year end that the target is compared with."""
    UNSURE = "unsure"
    """The figure counts more units or people than the plan means, so it does not show how those stand."""
    OVER = "over"
    """The target's time has passed: it is listed with its last state, and newer figures are not compared with it."""
    NO_TARGET = "no_target"
    """The plan gives no number to compare with."""


REACHED: Final = (Status.ACHIEVED, Status.ON_TRACK)


class Pace(StrEnum):
    """How the value expected today was worked out."""

    WHOLE = "whole"
    """Pro-rated by days on the straight line from the baseline to the day it is due."""
    YEAR = "year"
    """Pro-rated by days on the straight line from the end of the year before to the end of this year."""
    ALWAYS = "always"
    """Not pro-rated: what is to be maintained, and the mean of a plan's years, is expected on every day."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """The value from which a target counts, as it was at the end of `day`."""

    day: date
    value: Decimal


YearEnds = Mapping[int, Decimal]
"""A place's own figure at the end of 31 December, by year; of a flow the sum over that year."""
NO_YEARS: Final[YearEnds] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Aim:
    """A target as it applies to one place: the number to reach by `due`, and from where.

    A target of so much a year aims at the end of one year, the present one or the last.
    """

    goal: Decimal
    due: date | None
    began: Baseline | None
    pace: Pace
    falls: bool
    """Whether the target is met by going down."""
    strict: bool
    """Whether the value must go beyond the goal: "more than"."""

    def reached(self, value: Decimal) -> bool:
        """Whether `value` meets the target."""
        if value == self.goal:
            return not self.strict
        return (value < self.goal) == self.falls

    def expected(self, today: date) -> Decimal | None:
        """Return the value that the line from baseline to goal has `today`; the goal once due, None without a line."""
        if self.pace is Pace.ALWAYS:
            return self.goal
        if self.began is None or self.due is None or self.due <= self.began.day:
            return None
        whole = (self.due - self.began.day).days
        gone = min(max((today - self.began.day).days, 0), whole)
        value = self.began.value + (self.goal - self.began.value) * gone / whole
        return value.quantize(FINE, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a figure compares with a target on a day.

    `distance` is how much is still missing (0 when reached; 0 too when a target of "more than" is just met
    but not passed). `expected_today` is None where no baseline is known; `pace` says how it was pro-rated.
    `goal` is the number that this place has to reach: for "3 points a year" the end of last year less 3.
    """

    status: Status
    distance: Decimal | None = None
    expected_today: Decimal | None = None
    due_passed: bool = False
    goal: Decimal | None = None
    began: Baseline | None = None
    pace: Pace | None = None


FALLING: Final = frozenset(
    {
        Comparator.BELOW,
        Comparator.AT_MOST,
        Comparator.ELIMINATE,
        Comparator.REDUCE_YEARLY,
        Comparator.REDUCE_YEARLY_ABOVE,
        Comparator.SHRINK_YEARLY,
        Comparator.REDUCE_AVERAGE,
        Comparator.SHRINK_AVERAGE,
        Comparator.REDUCE_SHARE,
    }
)
STRICT: Final = frozenset(
    {
        Comparator.ABOVE,
        Comparator.BELOW,
        Comparator.REDUCE_YEARLY_ABOVE,
        Comparator.AVERAGE_ABOVE,
        Comparator.MULTIPLY_ABOVE,
        Comparator.QUOTA_ABOVE,
    }
)


def fallen(began: Decimal, points: Decimal) -> Decimal:
    """Return `began` less a number of points, at least 0."""
    return max(began - points, ZERO)


def shrunk(began: Decimal, percent: Decimal) -> Decimal:
    """Return `began` less a percentage of itself."""
    return began * (WHOLE - percent) / WHOLE


def shrunk_yearly(began: Decimal, percent: Decimal, years: int) -> Decimal:
    """Return `began` less a percentage of what is left, year after year; rounded, because the power has many digits."""
    return (began * ((WHOLE - percent) / WHOLE) ** years).quantize(FINE, ROUND_HALF_UP)


CHANGES: Final[Mapping[Comparator, Callable[[Decimal, Decimal, int], Decimal]]] = {
    Comparator.REDUCE_YEARLY: lambda began, by, _: fallen(began, by),
    Comparator.REDUCE_YEARLY_ABOVE: lambda began, by, _: fallen(began, by),
    Comparator.REDUCE_AVERAGE: lambda began, by, years: fallen(began, by * years),
    Comparator.INCREASE_YEARLY: lambda began, by, _: began + by,
    Comparator.SHRINK_YEARLY: lambda began, by, _: shrunk(began, by),
    Comparator.SHRINK_AVERAGE: shrunk_yearly,
    Comparator.REDUCE_SHARE: lambda began, by, _: shrunk(began, by),
    Comparator.MULTIPLY: lambda began, by, _: began * by,
    Comparator.MULTIPLY_ABOVE: lambda began, by, _: began * by,
}
"""By comparator, the goal of a relative target: from the value it began with, the change, and the years until due."""
PACES: Final[Mapping[Comparator, Pace]] = {
    **dict.fromkeys(YEARLY, Pace.YEAR),
    **dict.fromkeys((Comparator.MAINTAIN, Comparator.AVERAGE, Comparator.AVERAGE_ABOVE), Pace.ALWAYS),
}
"""How the value expected today is worked out, for comparators other than `Pace.WHOLE`."""


def own_baseline(target: Target, first_day: date | None, year_ends: YearEnds = NO_YEARS) -> Baseline | None:
    """Return the baseline that a target counts from: the plan's own, or 0 on the eve of the plan's first day for a quota.

    If the plan gives none, it is the place's own figure at the end of the baseline year, or of the year before the plan
    began if it names no year. None if that is not known either.
    """
    eve = first_day - DAY if first_day else None
    # A number in the document counts, even if the place's own figures say otherwise.
    if target.baseline is not None and target.baseline_year is not None:
        return Baseline(year_end(target.baseline_year), target.baseline)
    if target.comparator.counted_up:
        return Baseline(eve, ZERO) if eve else None
    year = target.baseline_year or (first_day.year - 1 if first_day else 0)
    return end_of(year, year_ends)


def end_of(year: int, year_ends: YearEnds) -> Baseline | None:
    """Return the place's own figure at the end of `year`; None if it is not known."""
    return Baseline(year_end(year), year_ends[year]) if year in year_ends else None


def year_end(year: int) -> date:
    """The last day of `year`."""
    return date(year, 12, 31)


def aim_of(target: Target, today: date, began: Baseline | None, year_ends: YearEnds = NO_YEARS) -> Aim | None:
    """Return what `target` asks of a place with this baseline (`began`) and these year ends.

    None if the plan gives no number, or if a year end is missing that it depends on.
    """
    if target.comparator is Comparator.TREND:
        return None
    pace, due = PACES.get(target.comparator, Pace.WHOLE), target.due
    if target.comparator.yearly:
        year = min(today.year, target.year_due or today.year)
        began, due = end_of(year - 1, year_ends), year_end(year)
    goal = goal_of(target, began)
    if goal is None:
        return None
    falls = target.comparator in FALLING
    # Nobody can reach "fewer than 0", so there the goal itself is enough.
    strict = target.comparator in STRICT and not (falls and goal <= ZERO)
    return Aim(goal, due, began, pace, falls, strict)


def goal_of(target: Target, began: Baseline | None) -> Decimal | None:
    """Return the number to reach; for a relative target from the baseline `began`, None if that is not known.

    A range is reached at its nearer end. No number falls below 0, and no share rises above 100 %.
    """
    by, change = target.value, CHANGES.get(target.comparator)
    if target.comparator is Comparator.MAINTAIN and by is None:
        return began.value if began else target.baseline
    if change is None:
        return target.goal
    if by is None or began is None:
        return None
    goal = change(began.value, by, (target.year_due or began.day.year) - began.day.year)
    # A place at 99 % cannot rise by 3 points. One that is already above 100 %, as some definitions allow, need not fall.
    if target.comparator is Comparator.INCREASE_YEARLY and target.unit == "%":
        return min(goal, max(WHOLE, began.value))
    return goal


def standing(
    target: Target,
    figure: Figure,
    today: date,
    baseline: Baseline | None = None,
    year_ends: YearEnds = NO_YEARS,
    first_day: date | None = None,
) -> Standing:
    """Return how `figure`, the newest on `today`, compares with `target`.

    `baseline` is where the place began (see `own_baseline`); without one, the target's own is taken.
    `year_ends` are the place's own figures. A target for the average of a plan's years takes their mean since the plan's
    `first_day`. A target of so much a year needs the end of the year before and, once its last year is over, that year's
    end too. For such a target of a flow, `figure` is the sum from the beginning of the year to today, because year ends
    are sums of a year. For a quota, `figure` is the sum since the plan's first day. A target without the data that it
    needs gets `NO_DATA`.
    """
    due_passed = target.due is not None and today > target.due
    aim = aim_of(target, today, baseline or own_baseline(target, None, year_ends), year_ends)
    if aim is None:
        status = Status.NO_DATA if target.numbered else Status.NO_TARGET
        return Standing(status, due_passed=due_passed)
    value = value_judged(target, figure.value, year_ends, first_day, due_passed=due_passed)
    awaited = aim.expected(today)
    status, distance = judged(aim, value, awaited, due_passed)
    if target.wider and not proves(target, status):
        status, distance = Status.UNSURE, None
    pace = None if awaited is None else aim.pace
    return Standing(status, distance, awaited, due_passed, aim.goal, aim.began, pace)


def value_judged(
    target: Target, newest: Decimal | None, year_ends: YearEnds, first_day: date | None, *, due_passed: bool
) -> Decimal | None:
    """Return the value to compare with the target: the newest, the mean of the plan's years, or that at its end."""
    last = target.year_due or date.max.year
    if target.comparator.averaged:
        first = first_day.year if first_day else 0
        return mean([value for year, value in year_ends.items() if first <= year <= last])
    # A target of so much a year is judged by the end of its last year; nothing after that counts.
    return year_ends.get(last) if due_passed and target.judged_at_its_end else newest


def mean(values: Collection[Decimal]) -> Decimal | None:
    """Return the mean of `values`; None if there are none."""
    return total(values) / len(values) if values else None


def judged(
    aim: Aim, value: Decimal | None, awaited: Decimal | None, due_passed: bool
) -> tuple[Status, Decimal | None]:
    """Return the status of `value`, given the value `awaited` today, and how much is missing to the goal."""
    if value is None:
        return Status.NO_DATA, None
    if aim.reached(value):
        return Status.ACHIEVED, ZERO
    distance = abs(aim.goal - value)
    if due_passed:
        return Status.BEHIND, distance
    if awaited is None:  # without a beginning nobody can say whether this is late
        return Status.NOT_YET, distance
    well = value <= awaited if aim.falls else value >= awaited
    return (Status.ON_TRACK if well else Status.BEHIND), distance


def proves(target: Target, status: Status) -> bool:
    """Whether the status of a figure that counts more than the plan means also holds for what the plan means.

    It does if all together are too few: then the part is too few as well. If all are enough, the part may still be too
    few; and a share of all says nothing about the share of a part.
    """
    return status is Status.NO_DATA or (target.comparator.counted_up and status not in REACHED)


def share_done(target: Target | None, indicator: Indicator, figure: Figure) -> Decimal | None:
    """Return how full a bar is drawn, 0 to 1: a rate by its value, a count by its quota; None if neither fits."""
    if figure.value is None:
        return None
    if indicator.unit["vi"] == "%":
        share = figure.value / 100
    elif target is not None and target.comparator.counted_up and target.goal:
        share = figure.value / target.goal
    else:
        return None
    return min(max(share, ZERO), Decimal(1))

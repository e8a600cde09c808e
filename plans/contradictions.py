"""Where plans say different things of the same figure: shown side by side, never merged."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from plans.plans import Plans
from plans.target import Target


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Targets for one indicator and one year that do not say the same, in the order of the plans.

    `same_ground`: two of them hold for the same places, so that a place cannot simply follow its own plan.
    """

    indicator: str
    year: int
    targets: tuple[Target, ...]
    same_ground: bool


FigureAndSort = tuple[str, str, bool, bool]
"""An indicator, among which units, and what sort of number is set for it: relative or not, so much a year or not."""


def contradictions(plans: Plans, of: Iterable[str] = ()) -> tuple[Contradiction, ...]:
    """Every contradiction between targets with a number; `of`: only those in which one of these plans has a part.

    A level to reach is held against a level, a change a year against a change a year. Quotas are amounts for a
    plan's own ground, so they differ without contradicting each other.
    """
    wanted = set(of) or plans.programmes.keys()
    return tuple(
        contradiction
        for (indicator, *_), targets in groups(plans).items()
        for contradiction in maximal(each_year(plans, indicator, targets))
        if wanted & {target.plan for target in contradiction.targets}
    )


def groups(plans: Plans) -> dict[FigureAndSort, list[Target]]:
    """The targets that can be held against each other, in the order of the plans."""
    by_group: dict[FigureAndSort, list[Target]] = {}
    for programme in plans.programmes.values():
        for target in programme.targets:
            if target.indicator and target.year_due and target.comparable:
                sort = target.comparator
                group = target.indicator, target.among, sort.relative, sort.yearly
                by_group.setdefault(group, []).append(target)
    return by_group


def each_year(plans: Plans, indicator: str, targets: Iterable[Target]) -> Iterator[Contradiction]:
    """The years for which some of a group's targets do not say the same, the latest first."""
    of_year: dict[int, list[Target]] = {}
    for target in targets:
        for year in years(plans, target):
            of_year.setdefault(year, []).append(target)
    for year, together in sorted(of_year.items(), reverse=True):
        if len({values(target) for target in together}) > 1:
            yield Contradiction(indicator, year, tuple(together), on_same_ground(plans, together))


def years(plans: Plans, target: Target) -> range:
    """The years for which the target sets a number: so much a year in each of the plan, else the one it is due in."""
    due = target.year_due or 0
    first = plans.programmes[target.plan].first_day.year if target.comparator.yearly else due
    return range(min(first, due), due + 1)


def maximal(contradictions: Iterable[Contradiction]) -> list[Contradiction]:
    """Those not already part of one of another year, the earlier given first.

    What is set for each year of a plan contradicts another plan year after year; it is told once.
    """
    kept: list[Contradiction] = []
    for one in contradictions:
        targets = set(one.targets)
        if not any(targets <= set(other.targets) for other in kept):
            kept = [other for other in kept if not set(other.targets) < targets]
            kept.append(one)
    return kept


def values(target: Target) -> tuple[Decimal | None, Decimal | None]:
    """What makes two targets differ; "90 %" and "more than 90 %" do not."""
    return target.goal, target.value_high


def on_same_ground(plans: Plans, targets: Iterable[Target]) -> bool:
    """Whether two of the targets that differ may hold for the same place."""
    return any(
        values(one) != values(two) and plans.programmes[one.plan].shares_ground(plans.programmes[two.plan])
        for one, two in combinations(targets, 2)
    )

"""Find targets of several plans that contradict each other. They are shown side by side, never merged."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from plans.plans import Plans
from plans.target import Target


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Targets for one indicator and one year that set different numbers, in the order of the plans.

    `same_ground`: two that differ may hold for the same place, which then cannot simply follow its own plan.
    """

    indicator: str
    year: int
    targets: tuple[Target, ...]
    same_ground: bool


FigureAndSort = tuple[str, str, bool, bool]
"""What two targets must share to be comparable: the indicator, the attribute of the units that count, and whether the
number is relative, and a change per year."""


def contradictions(plans: Plans, of: Iterable[str] = ()) -> tuple[Contradiction, ...]:
    """Return the contradictions between targets with a number; with `of`, only those that involve one of these plans.

    A level to reach is compared with a level, a change per year with a change per year. Quotas are left out: they are
    amounts for a plan's own ground, so they differ without contradicting each other.
    """
    wanted = set(of) or plans.programmes.keys()
    return tuple(
        contradiction
        for (indicator, *_), targets in groups(plans).items()
        for contradiction in maximal(each_year(plans, indicator, targets))
        if wanted & {target.plan for target in contradiction.targets}
    )


def groups(plans: Plans) -> dict[FigureAndSort, list[Target]]:
    """Group the targets that can be compared with each other, in the order of the plans."""
    by_group: dict[FigureAndSort, list[Target]] = {}
    for programme in plans.programmes.values():
        for target in programme.targets:
            if target.indicator and target.year_due and target.comparable:
                sort = target.comparator
                group = target.indicator, target.among, sort.relative, sort.yearly
                by_group.setdefault(group, []).append(target)
    return by_group


def each_year(plans: Plans, indicator: str, targets: Iterable[Target]) -> Iterator[Contradiction]:
    """Yield a contradiction for each year in which targets of a group differ, the latest year first."""
    of_year: dict[int, list[Target]] = {}
    for target in targets:
        for year in years(plans, target):
            of_year.setdefault(year, []).append(target)
    for year, together in sorted(of_year.items(), reverse=True):
        if len({values(target) for target in together}) > 1:
            yield Contradiction(indicator, year, tuple(together), on_same_ground(plans, together))


def years(plans: Plans, target: Target) -> range:
    """Return the years for which a target sets a number: every year of the plan for a yearly one, else the due year."""
    due = target.year_due or 0
    first = plans.programmes[target.plan].first_day.year if target.comparator.yearly else due
    return range(min(first, due), due + 1)


def maximal(contradictions: Iterable[Contradiction]) -> list[Contradiction]:
    """Drop contradictions whose targets are all part of another one; the first given stays.

    Yearly targets of two plans contradict each other every year; people are told once.
    """
    kept: list[Contradiction] = []
    for one in contradictions:
        targets = set(one.targets)
        if not any(targets <= set(other.targets) for other in kept):
            kept = [other for other in kept if not set(other.targets) < targets]
            kept.append(one)
    return kept


def values(target: Target) -> tuple[Decimal | None, Decimal | None]:
    """Return the numbers by which targets differ. "90 %" and "more than 90 %" do not differ."""
    return target.goal, target.value_high


def on_same_ground(plans: Plans, targets: Iterable[Target]) -> bool:
    """Whether two of the targets that differ may hold for the same place."""
    return any(
        values(one) != values(two) and plans.programmes[one.plan].shares_ground(plans.programmes[two.plan])
        for one, two in combinations(targets, 2)
    )

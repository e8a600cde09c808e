"""Where plans say different things of the same figure: shown side by side, never merged."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from plans.plan import Plans, Target


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Targets for one indicator and one year that do not say the same, in the order of the plans.

    `same_ground`: two of them hold for the same places, so that a place cannot simply follow its own plan.
    """

    indicator: str
    year: int
    targets: tuple[Target, ...]
    same_ground: bool


def contradictions(plans: Plans, of: Iterable[str] = ()) -> tuple[Contradiction, ...]:
    """Every contradiction between targets with a number; `of`: only those in which one of these plans has a part.

    A level to reach is held against a level, a change a year against a change a year. Quotas are amounts for a
    plan's own ground, so they differ without contradicting each other.
    """
    wanted = set(of)
    groups: dict[tuple[str, int, bool, bool], list[Target]] = {}
    for programme in plans.programmes.values():
        for target in programme.targets:
            if target.indicator and target.year_due and target.comparable:
                sort = target.comparator.relative, target.comparator.yearly
                groups.setdefault((target.indicator, target.year_due, *sort), []).append(target)
    return tuple(
        Contradiction(indicator, year, tuple(targets), on_same_ground(plans, targets))
        for (indicator, year, *_), targets in groups.items()
        if len({values(target) for target in targets}) > 1
        and (not wanted or wanted & {target.plan for target in targets})
    )


def values(target: Target) -> tuple[Decimal | None, Decimal | None]:
    """What makes two targets differ; "90 %" and "more than 90 %" do not."""
    return target.goal, target.value_high


def on_same_ground(plans: Plans, targets: Iterable[Target]) -> bool:
    """Whether two of the targets that differ may hold for the same place."""
    rows = list(targets)
    return any(
        values(one) != values(two) and plans.programmes[one.plan].shares_ground(plans.programmes[two.plan])
        for at, one in enumerate(rows)
        for two in rows[at + 1 :]
    )

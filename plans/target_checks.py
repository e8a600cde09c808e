"""Check one commitment: its words, its numbers, and the figure that is compared with it."""

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from plans.faults import PlanFault, out_of
from plans.plans import Plans
from plans.programme import Deadline
from plans.target import AGAINST_BASELINE, CommitmentKind, Comparator, Target

INFERRED: Final = frozenset({"year_due", "baseline_year", "scope", "agency", "always"})
"""The fields that may be inferred; everything else stands in the clause."""
WORDS: Final = (CommitmentKind.TASK, CommitmentKind.TREND)
NUMBERLESS: Final = (Comparator.TREND, Comparator.ELIMINATE, Comparator.MAINTAIN)
"""Comparators that need no value."""
YEARS: Final = (1990, 2100)
"""The first and the last year that a plan or a baseline may have."""
REACHED: Final = frozenset(
    {
        Comparator.AT_LEAST,
        Comparator.ABOVE,
        Comparator.AT_MOST,
        Comparator.BELOW,
        Comparator.COMPLETE,
        Comparator.RANGE,
    }
)
"""Comparators whose value is one that the figure itself is to reach."""
ALL: Final = 100
ATTRIBUTED: Final = ("thon", "xa")
"""The levels whose units have attributes. A province or district has units of many kinds."""
OWN_UNIT: Final = {
    Comparator.SHRINK_YEARLY: "%",
    Comparator.SHRINK_AVERAGE: "%",
    Comparator.REDUCE_SHARE: "%",
    Comparator.MULTIPLY: "lần",
    Comparator.MULTIPLY_ABOVE: "lần",
}
"""The unit of a value, for comparators whose value is not in the indicator's own unit."""


def empty(row: object, names: Iterable[str], where: str) -> Iterator[PlanFault]:
    """Yield a fault for each of the fields `names` that is empty."""
    return (PlanFault(where, "empty", name) for name in names if not getattr(row, name))


def wrongly_inferred(row: Target | Deadline, fields: Collection[str], where: str) -> Iterator[PlanFault]:
    """Yield a fault for each field that is marked as inferred but is empty, or not one of `fields`, which may be."""
    named = row.inferred.split()
    return (
        PlanFault(where, "inferred", name) for name in named if name not in fields or not getattr(row, name)
    )


def check_target(plans: Plans, target: Target, where: str) -> Iterable[PlanFault]:
    """Yield the faults of one commitment."""
    # A task or a trend may concern nobody in particular, but a number must say whom it counts.
    named = ("clause", "statement") if target.kind in WORDS else ("clause", "statement", "scope")
    yield from empty(target, named, where)
    if target.domain not in plans.domains:
        yield PlanFault(where, "no_domain", target.domain)
    yield from wrongly_inferred(target, INFERRED, where)
    yield from check_numbers(target, where)
    yield from check_figure(plans, target, where)
    yield from check_among(plans, target, where)


def check_among(plans: Plans, target: Target, where: str) -> Iterable[PlanFault]:
    """Yield a fault if the attribute of its units does not exist, or if the units that count its figure have none."""
    if not target.among:
        return
    if target.among not in plans.attributes:
        yield PlanFault(where, "no_attribute", target.among, ", ".join(plans.attributes))
    indicator = plans.indicators.get(target.indicator)
    if indicator is not None and indicator.level not in ATTRIBUTED:
        yield PlanFault(where, "not_among", target.among, indicator.level)


def check_numbers(target: Target, where: str) -> Iterable[PlanFault]:
    """Yield the faults of its numbers: missing for the comparator, or out of range."""
    needs = {
        "no_value": target.value is None and target.comparator not in NUMBERLESS,
        "no_high": not high_fits(target),
        "no_baseline": lacks_baseline_year(target),
    }
    yield from (PlanFault(where, code, target.comparator) for code, lacks in needs.items() if lacks)
    years = {"year_due": target.year_due, "baseline_year": target.baseline_year}
    yield from out_of(where, {name: (year, *YEARS) for name, year in years.items()})
    # A document may say that something has to end without naming a year: then the plan's last day counts.
    if target.numbered and target.year_due is None and target.comparator is not Comparator.ELIMINATE:
        yield PlanFault(where, "no_year", target.id)


def high_fits(target: Target) -> bool:
    """Whether a range has an upper end above its lower one."""
    if target.value_high is None:
        return target.comparator is not Comparator.RANGE
    return target.value is not None and target.value_high > target.value


def lacks_baseline_year(target: Target) -> bool:
    """Whether the commitment is relative to a baseline and does not name its year."""
    against_baseline = target.comparator in AGAINST_BASELINE or target.baseline is not None
    return against_baseline and target.baseline_year is None


def check_figure(plans: Plans, target: Target, where: str) -> Iterable[PlanFault]:
    """Yield a fault if its indicator does not exist, or has another unit or domain. Trends in words need none."""
    indicator = plans.indicators.get(target.indicator)
    words = target.comparator is Comparator.TREND
    if indicator is None:
        if target.indicator or not words:
            yield PlanFault(where, "no_indicator", target.indicator)
    elif target.unit or not words:
        unit = OWN_UNIT.get(target.comparator, indicator.unit_name())
        if (unit, indicator.domain) != (target.unit, target.domain):
            yield PlanFault(where, "unit", f"{target.unit}, {target.domain}")
    if indicator is not None and indicator.rate and is_over_all(target):
        yield PlanFault(where, "share", f"{max(target.value or 0, target.value_high or 0)} {target.unit}")


def is_over_all(target: Target) -> bool:
    """Whether a share is to exceed 100 %, which means that somebody missed a decimal comma."""
    reached = target.comparator in REACHED and target.unit == "%"
    return reached and any(value is not None and value > ALL for value in (target.value, target.value_high))

"""What is withheld together so that no small number is found: of a commune's villages, and of the units of a larger one.

`figures.small` says which numbers are small. Here are the numbers of one place as they are told or not; without a
database, and without asking who reads (`figures.withheld`).
"""

from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from figures.counted import Counted, Older
from figures.small import (
    SMALL,
    added,
    is_small,
    leaves_open,
    leaves_units_open,
    numbers_of,
    value_of,
    with_covers,
)
from plans.period import Period
from plans.rollup import Figure


@dataclass(frozen=True)
class KeptBack:
    """What is withheld within a unit, and whether its total is.

    `unknown`: the numbers whose sum its total tells so closely that one of them could be found; none if it may be
    told.
    """

    units: frozenset[int] = frozenset()
    unknown: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class UnitPart:
    """A unit's total, from how many places, and how much of it was reported for exactly the period."""

    total: Figure
    known: int
    fresh: Figure

    @property
    def may_tell(self) -> bool:
        """Whether its total may reveal a number in it: a cheap test, which few totals pass."""
        return any(
            number and spare < SMALL for number, spare in zip(numbers_of(self.total), self.spare, strict=True)
        )

    @property
    def spare(self) -> tuple[Decimal, ...]:
        """By how much numerator, complement and denominator at least exceed one for each place."""
        return tuple(
            max((number or Decimal(0)) - self.known, Decimal(0)) for number in numbers_of(self.fresh)
        )

    @property
    def stale(self) -> bool:
        """Whether none of it was reported for the period."""
        return self.known > 0 and self.fresh.numerator is None

    @property
    def carries(self) -> bool:
        """Whether all of it is carried forward, and it holds a number other than 0."""
        return self.stale and any(numbers_of(self.total))


class Unknown(NamedTuple):
    """What is withheld of a commune's villages, by their ids."""

    fresh: Mapping[int, Figure]
    """What they reported for the period."""
    standing: Mapping[int, Older]
    """What is carried forward into it and was withheld in its own period."""

    @property
    def ids(self) -> AbstractSet[int]:
        """Which villages these are."""
        return self.fresh.keys() | self.standing.keys()


NONE_UNKNOWN: Final = Unknown({}, {})


def still_hidden(figure: Figure) -> Figure:
    """A stand-in for a number withheld earlier and carried forward: nothing may reveal it, however large it is."""
    return Figure(figure.indicator, None, Decimal(1), None if figure.denominator is None else Decimal(2))


def suffice(parts: Collection[UnitPart]) -> bool:
    """Whether these units hide each other, whatever they contain: then the total of all may be told."""
    if any(part.stale for part in parts):
        return False
    spare = [sum(column) for column in zip(*(part.spare for part in parts), strict=True)]
    totals = zip(*(numbers_of(part.total) for part in parts), strict=True)
    return all(more >= SMALL or not any(column) for more, column in zip(spare, totals, strict=True))


def close_of(parts: Mapping[int, UnitPart]) -> list[int]:
    """Those of some units whose total may reveal a number in it."""
    return [id for id, part in parts.items() if part.may_tell and not part.stale]


def part_of(unit: Counted) -> UnitPart:
    """A unit's total; if part of it is from an older period, nothing of it counts as fresh."""
    return UnitPart(
        value_of(unit), unit.covered.known, Figure("", None) if unit.covered.carried else unit.figure
    )


def in_commune(known: Mapping[int, Counted], hidden_before: AbstractSet[int]) -> KeptBack:
    """What is withheld of a commune's villages, and whether the sum of those numbers is too close to be told."""
    figures = {id: value_of(one) for id, one in known.items()}
    figures |= {id: still_hidden(figures[id]) for id in figures.keys() & hidden_before}
    # A unit that has not reported this period hides nothing: its older number may have been shown for its own period.
    fresh = {id for id, one in known.items() if one.period is not None or one.older is None}
    hidden = {id for id, figure in figures.items() if is_small(figure)}
    others = {id: figures[id] for id in fresh - hidden}
    covers, unknown = covered([figures[id] for id in sorted(hidden)], others)
    return KeptBack(frozenset(hidden | covers), unknown)


def older_periods(counted: Mapping[int, Counted]) -> Mapping[Period, set[int]]:
    """The villages for which an older value stands in, by its period."""
    by_period: dict[Period, set[int]] = {}
    for village, one in counted.items():
        if one.period is None and one.older is not None:
            by_period.setdefault(one.older.period, set()).add(village)
    return by_period


def units_covered(
    small_ones: list[Figure], fresh: Mapping[int, Figure]
) -> tuple[AbstractSet[int], tuple[Figure, ...]]:
    """Which of the other units' totals to withhold with small ones, and the sum of all if it reveals too much."""
    others = {id: figure for id, figure in fresh.items() if any(numbers_of(figure))}
    covers = with_covers(small_ones, others, leaves_units_open)
    numbers = [*small_ones, *(others[id] for id in covers)]
    return covers, () if leaves_units_open(numbers) else (added(numbers),)


def covered(
    small_ones: list[Figure], others: Mapping[int, Figure]
) -> tuple[AbstractSet[int], tuple[Figure, ...]]:
    """Which of the `others` to withhold with small numbers, and everything withheld if its sum reveals too much."""
    covers = with_covers(small_ones, others)
    together = (*small_ones, *(others[id] for id in covers))
    return covers, () if leaves_open(together) else together

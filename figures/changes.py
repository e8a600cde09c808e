"""What changed since the period before: of each unit below a place, over the same places at both ends.

A change is told only where neither end is kept back.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from figures import small
from figures.counting import changes
from figures.coverage import below as units_below
from figures.ground import below
from figures.sources import Source, source_of
from figures.view import View
from plans.collation import name_key
from plans.covered import Change
from storage.tables import Level, Place

SMALLEST: Final = Decimal("0.05")
"""Smaller changes are not worth telling."""


@dataclass(frozen=True)
class Move:
    """How much a figure of one unit changed since the period before; `good`: for the better."""

    place: Place
    source: Source
    by: Decimal
    good: bool
    change: Change

    @property
    def rank(self) -> Decimal:
        """Its place among others: the largest step forward first, the largest step back last."""
        return -abs(self.by) if self.good else abs(self.by)


async def moved(view: View, place: Place) -> list[Move]:
    """What changed in the units below since the period before, the best first, the worst last."""
    units = {unit.id: unit for unit in await units_below(view, place)}
    moves: list[Move] = []
    for indicator in view.plans.indicators.values():
        counted_in_villages = indicator.main and indicator.level == Level.VILLAGE
        if counted_in_villages and (source := await source_of(view, indicator)):
            moves += await moved_of(view, units, source)
    return sorted(moves, key=lambda move: (move.rank, name_key(move.place.name)))


async def moved_of(view: View, units: dict[int, Place], source: Source) -> list[Move]:
    """What changed in one figure of the units."""
    groups = await below(view.session, tuple(units), source.indicator.level, view.today)
    known = await changes(view, source, groups, source.now(view.today))
    told = ((units[id], change) for id, change in known.items())
    return [move for unit, change in told if (move := move_of(unit, source, change))]


def move_of(unit: Place, source: Source, change: Change) -> Move | None:
    """The change of one figure of one unit, if it is known, may be told (`figures.small`) and is worth it."""
    by = change.by
    if by is None or abs(by) < SMALLEST:
        return None
    if unit.level != Level.VILLAGE and small.is_in(change):
        return None
    return Move(unit, source, by, (by > 0) is (source.indicator.better == "up"), change)

"""What changed since the period before: of each unit below a place, like with like.

A change is told of a unit that has a figure of both periods, and only where neither is kept back.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from figures import small
from figures.counting import Counted, Source, count, source_of
from figures.coverage import below as units_below
from figures.ground import below
from figures.view import View
from storage.tables import Level, Place

SMALLEST: Final = Decimal("0.05")
"""Smaller changes are none worth telling."""


@dataclass(frozen=True)
class Move:
    """How much a figure of one unit changed since the period before; `good`: for the better."""

    place: Place
    source: Source
    by: Decimal
    good: bool


async def moved(view: View, place: Place) -> list[Move]:
    """What changed in the units below since the period before, the best first, the worst last."""
    units = {unit.id: unit for unit in await units_below(view, place)}
    moves: list[Move] = []
    for indicator in view.plans.indicators.values():
        counted_in_villages = indicator.main and indicator.level == Level.VILLAGE
        if counted_in_villages and (source := await source_of(view, indicator)):
            moves += await moved_of(view, units, source)
    return sorted(moves, key=lambda move: (-abs(move.by) if move.good else abs(move.by), move.place.name))


async def moved_of(view: View, units: dict[int, Place], source: Source) -> list[Move]:
    """What changed in one figure of the units."""
    groups = await below(view.session, tuple(units), source.indicator.level, view.today)
    now = source.now(view.today)
    new = await count(view, source, groups, now)
    old = await count(view, source, groups, now.before())
    return [move for id, unit in units.items() if (move := change(unit, source, new[id], old[id]))]


def change(unit: Place, source: Source, new: Counted, old: Counted) -> Move | None:
    """The change of one figure of one unit, if both are known, may be told (`figures.small`) and are worth it."""
    if new.figure.value is None or old.figure.value is None:
        return None
    if unit.level != Level.VILLAGE and any(map(small.tells_of_villages, (new, old))):
        return None
    by = new.figure.value - old.figure.value
    if abs(by) < SMALLEST:
        return None
    return Move(unit, source, by, (by > 0) is (source.indicator.better == "up"))

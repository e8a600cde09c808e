"""Changes since the period before, in each unit below a place, over the same places at both ends.

A change is told only if neither end is withheld and at least half of the unit's places reported for both. Counts are
ranked among counts, by how many more or fewer; shares among shares, by how many people that is, so that one child in
three does not outweigh a whole school.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from hashlib import blake2s
from typing import Final

from figures.counting import changes, with_carried
from figures.coverage import below as units_below
from figures.discretion import Discretion
from figures.ground import below
from figures.single import Reports
from figures.sources import Source, source_of
from figures.view import View
from plans.collation import name_key
from plans.covered import Change
from plans.period import Period
from storage.tables import Level, Place

SMALLEST: Final = Decimal("0.05")
"""Smaller changes are not worth telling."""
GROUP: Final = 10
"""The change of a share of fewer than this is no news: every single one makes it jump."""


@dataclass(frozen=True)
class Move:
    """By how much a unit's figure changed to `period` from the one before; `good`: for the better."""

    place: Place
    source: Source
    by: Decimal
    good: bool
    change: Change
    period: Period | None = None

    @property
    def share(self) -> bool:
        """Whether the figure is a share, ranked among shares."""
        return self.source.indicator.rate

    @property
    def weight(self) -> Decimal:
        """How many households, children … the change is."""
        whole = self.change.now.denominator
        if not self.share or whole is None:
            return abs(self.by)
        return abs(self.by) * whole / (self.source.indicator.factor or 1)

    @property
    def rank(self) -> Decimal:
        """Sorts the largest improvement first and the largest decline last."""
        return -self.weight if self.good else self.weight

    @property
    def mark(self) -> str:
        """Identifies the change among what was told, without its figures."""
        return mark_of_change(self.place.id, self.source.indicator.id, self.period, self.by)


def mark_of_change(place_id: int, indicator: str, period: Period | str | None, by: Decimal) -> str:
    """Identifies a change among what was told: the same change in the same words is not told twice."""
    key = period.key if isinstance(period, Period) else period or ""
    return "change:" + blake2s(f"{place_id} {indicator} {key} {by}".encode(), digest_size=6).hexdigest()


async def moved(view: View, place: Place) -> list[Move]:
    """What changed in the units below, best first, worst last; only those `for_reader` are to be told."""
    units = {unit.id: unit for unit in await units_below(view, place)}
    moves: list[Move] = []
    reports = Reports()
    for indicator in view.plans.indicators.values():
        counted_in_villages = indicator.main and indicator.level == Level.VILLAGE
        if counted_in_villages and (source := await source_of(view, indicator)):
            moves += await moved_of(view, units, source, reports)
    return sorted(moves, key=lambda move: (move.rank, name_key(move.place.name)))


async def for_reader(view: View, moves: Iterable[Move]) -> list[Move]:
    """The changes that reveal no small number to this reader."""
    discretion = Discretion(view)
    return [
        await with_carried_of(view, move)
        for move in moves
        if await discretion.seen(move.source, move.place, move.period, move.change) is not None
    ]


async def with_carried_of(view: View, move: Move) -> Move:
    """The same changes, with how many places carry an older value at the earlier end."""
    unit, level = move.place.id, move.source.indicator.level
    groups = await below(view.session, (unit,), level, view.today)
    known = await with_carried(view, move.source, groups, {unit: move.change}, move.period)
    return replace(move, change=known[unit])


async def moved_of(view: View, units: dict[int, Place], source: Source, reports: Reports) -> list[Move]:
    """What changed in one figure of the units."""
    groups = await below(view.session, tuple(units), source.indicator.level, view.today)
    now = source.now(view.today)
    # A flow for the current period lacks what is still to come, so the last whole period counts.
    if not source.indicator.stock and now.end >= view.today:
        now = now.before()
    known = await changes(view, source, groups, now, reports=reports)
    return [
        move
        for number, change in known.items()
        if is_like_with_like(change, groups[number])
        and (move := move_of(units[number], source, change, now.period))
    ]


def is_like_with_like(change: Change, group: Collection[int]) -> bool:
    """Whether at least half of a unit's places have a figure of both periods."""
    return 2 * change.places >= len(group)


def move_of(unit: Place, source: Source, change: Change, period: Period | None = None) -> Move | None:
    """The change of one figure of one unit, if it is known and worth telling."""
    by = change.by
    if by is None or abs(by) < SMALLEST or is_of_few(source, change):
        return None
    good = (by > 0) is (source.indicator.better == "up")
    return Move(unit, source, by, good, change, period)


def is_of_few(source: Source, change: Change) -> bool:
    """Whether it is a share of so few that a single one makes the change."""
    wholes = (change.now.denominator, change.before.denominator)
    return source.indicator.rate and any(whole is not None and whole < GROUP for whole in wholes)

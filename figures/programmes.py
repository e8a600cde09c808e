"""Which plans are in force at a place: those made for it, for units above it, and for their predecessors.

A plan made for a unit since closed stays in force where that unit was. Of the province that absorbed it, that is only
a part; the plan says nothing about the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import col, or_, select

from figures.view import View
from plans.period import Period
from plans.programme import Programme
from plans.schedule import Entry
from storage.tables import Level, Place, PlaceEdge, PlaceSuccession

LOW: Final = (Level.VILLAGE, Level.COMMUNE)


@dataclass(frozen=True, slots=True)
class Holding:
    """A plan in force at a place, on all of its ground or on the part that was a former unit."""

    programme: Programme
    part: Place | None = None

    def ground(self, place: Place) -> Place:
        """The unit whose figures the plan's targets are about."""
        return self.part or place

    def is_owned(self, place: Place) -> bool:
        """Whether the plan was made for that very unit, and not for a larger one."""
        unit = self.ground(place)
        return self.programme.is_for(unit.level, unit.name)


async def programmes_asking(view: View, place: Place) -> tuple[Programme, ...]:
    """The plans in force on all of `place` that have questionnaires of their own for its level and are not over.

    A former province or district that has a plan is asked it for its own part (`figures.former`).
    """
    current = [one for one in view.library.plans.programmes.values() if view.today <= one.last_day]
    own = {one.id for one in current if asks(one, place.level)}
    if not own:
        return ()
    way = [place, *await view.session.places.ancestors(place.id, view.today)]
    holdings = await holdings_on(view, way)
    return tuple(one.programme for one in holdings if one.part is None and one.programme.id in own)


async def units_asked(view: View, units: Sequence[Place], entry: Entry, period: Period) -> list[Place]:
    """Those of some units that are asked a questionnaire for a period.

    A plan's own questionnaire is asked only where the plan is in force, and only for periods before it is over; where
    that is a part of a unit, of the former unit that was this part.
    """
    if entry in view.plans.schedule:
        return list(units)
    own = {
        programme.id
        for programme in view.plans.programmes.values()
        if entry in programme.schedule and entry.opens(period) <= programme.last_day
    }
    if not own:
        return []
    ways = await view.session.places.ways_up(units, view.today)
    asked = {
        ground.id: ground
        for unit, above in zip(units, ways, strict=True)
        for holding in await holdings_on(view, (unit, *above))
        if holding.programme.id in own and (ground := holding.ground(unit))
    }
    return list(asked.values())


def asks(programme: Programme, level: str) -> bool:
    """Whether a plan has its own questionnaire for a level."""
    return any(entry.level == level for entry in programme.schedule)


async def programmes_on(view: View, way: Sequence[Place]) -> tuple[Programme, ...]:
    """The plans for the first place of `way`, which leads upwards."""
    return view.library.plans.covering(await units_about(view, way))


async def holdings_on(view: View, way: Sequence[Place]) -> tuple[Holding, ...]:
    """The same, each with the part of the place where it is in force."""
    programmes = await programmes_on(view, way)
    # Villages and communes followed one unit each.
    former = await before(view, way) if programmes and way[0].level not in LOW else []
    closed = [unit for unit in former if was_closed(view, unit)]
    return tuple(
        [Holding(programme, await part_of(view, way, closed, programme)) for programme in programmes]
    )


async def part_of(
    view: View, way: Sequence[Place], former: Sequence[Place], programme: Programme
) -> Place | None:
    """The one of the `former` units to which a plan is limited; None if it applies to the whole place."""
    mine = [unit for unit in former if programme.is_for(unit.level, unit.name)]
    if not mine or any(holds_as_it_stands(view, unit, programme) for unit in way):
        return None
    # If nobody entered a unit's parts, its own ground is unknown.
    whole = way[0].id in await view.session.places.remains(mine[0].id, view.today)
    return None if whole else mine[0]


def holds_as_it_stands(view: View, unit: Place, programme: Programme) -> bool:
    """Whether a plan was made for this unit itself, and not for a namesake that it absorbed."""
    covers = {(cover.level, cover.name, cover.former) for cover in programme.covers}
    return (unit.level, unit.name, was_closed(view, unit)) in covers


def was_closed(view: View, unit: Place) -> bool:
    """Whether a unit is closed."""
    return unit.last_day is not None and unit.last_day < view.today


async def units_about(view: View, way: Sequence[Place]) -> frozenset[tuple[str, str]]:
    """The level and name of each unit whose plans apply to the first place of `way`, which leads upwards.

    A village that never lay elsewhere has those of its commune, which are remembered for all its villages.
    """
    place, above = way[0], way[1:]
    past = await view.session.places.with_a_past()
    if above and place.level == Level.VILLAGE and place.id not in past:
        return frozenset({(place.level, place.name)}) | await units_about(view, above)

    async def ask() -> frozenset[tuple[str, str]]:
        return frozenset((unit.level, unit.name) for unit in (*way, *await before(view, way)))

    key = ("units", *(unit.id for unit in way), view.today)
    return await view.session.places.remember(key, ask)


async def before(view: View, way: Sequence[Place]) -> list[Place]:
    """The predecessors of the place and of its commune, with the units above those.

    Not those of its province: only one of that province's predecessors was this village's.
    """
    ids = {unit.id for unit in way if unit.level in LOW or unit is way[0]}
    parents = select(PlaceEdge.parent_id).where(
        col(PlaceEdge.child_id).in_(ids), col(PlaceEdge.last_day).is_not(None)
    )
    into = select(PlaceSuccession.from_id).where(col(PlaceSuccession.to_id).in_(ids))
    chosen = select(Place).where(or_(col(Place.id).in_(parents), col(Place.id).in_(into)))
    former = list(await view.session.exec(chosen.order_by(col(Place.id))))
    ways = await view.session.places.ways_up(former, view.today)
    return [unit for start, way_up in zip(former, ways, strict=True) for unit in (start, *way_up)]

"""The tree of places in the database, as it stands or stood on a given day; use it through `storage.places`.

An edge (child, parent) has a first and a last day. A place that was closed keeps the tree of its last day, and lives
on through the places it went into. So for a day that is asked about, each place is looked at on some day: that day or,
if it was closed before, its own last day.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from sqlalchemy import Date, Row, bindparam
from sqlalchemy import select as columns
from sqlalchemy.orm import aliased
from sqlalchemy.sql import ColumnElement, TextClause
from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from plans.collation import name_key
from questionnaires.answers.places import fold_place
from storage.named_sql import named
from storage.portions import AT_ONCE, portions
from storage.tables import Place, PlaceEdge, PlaceSuccession

BEGINNING: Final = date(1, 1, 1)
NamedBelow = Row[int, int, str, str, str]
"""A unit, and the id, level, type word and name of what lies directly below it."""


async def add(session: AsyncSession, place: Place, parent_id: int | None) -> None:
    """Add a place below `parent_id` (None: at the top) from its first day on; it has its id afterwards.

    If the unit above is known to close, the place goes on in that unit's whole successor: a standing place lies only
    in standing units.
    """
    place.search = fold_place(place.name)
    session.add(place)
    await session.flush()
    first_day = place.first_day
    while parent_id is not None:
        after = await successor(session, parent_id, first_day)
        last_day = after.day - timedelta(1) if after else None
        session.add(PlaceEdge(child_id=place.id, parent_id=parent_id, first_day=first_day, last_day=last_day))
        parent_id, first_day = (after.to_id, after.day) if after else (None, first_day)
    await session.flush()


async def successor(session: AsyncSession, place_id: int, since: date) -> PlaceSuccession | None:
    """Return what a unit went into whole after that day; None if it still stands or was divided."""
    steps = (await session.exec(select(PlaceSuccession).where(PlaceSuccession.from_id == place_id))).all()
    return steps[0] if len(steps) == 1 and steps[0].whole and steps[0].day > since else None


async def turning_days(session: AsyncSession) -> list[date]:
    """Return, in order, each day on which places began, lay elsewhere or were gone, beginning with the first of all."""
    connection, days = await session.connection(), {BEGINNING}
    for kept in (Place, PlaceEdge):
        rows = await connection.execute(columns(col(kept.first_day), col(kept.last_day)).distinct())
        for first, last in rows:
            days |= {first} if last is None else {first, last + timedelta(1)}
    return sorted(days)


def open_on(on: date) -> SelectOfScalar[Place]:
    """The places that stand on that day."""
    return select(Place).where(standing(on))


def standing(on: date) -> ColumnElement[bool]:
    """The condition for places that stand on that day."""
    return (col(Place.first_day) <= on) & or_(col(Place.last_day).is_(None), col(Place.last_day) >= on)


def lasting(day: date) -> ColumnElement[bool]:
    """The condition for edges in force on that day."""
    return (col(PlaceEdge.first_day) <= day) & or_(
        col(PlaceEdge.last_day).is_(None), col(PlaceEdge.last_day) >= day
    )


async def opened_by(session: AsyncSession, on: date) -> list[Place]:
    """Return every place that stands on that day or stood before."""
    return list(await session.exec(select(Place).where(col(Place.first_day) <= on)))


async def children(session: AsyncSession, place_ids: Sequence[int], on: date) -> dict[int, list[Place]]:
    """The places directly below each of these on that day, by name."""
    below = (
        select(PlaceEdge.parent_id, Place)
        .join(Place, col(Place.id) == col(PlaceEdge.child_id))
        .where(standing(on), lasting(on))
    )
    found: dict[int, list[Place]] = {place_id: [] for place_id in place_ids}
    for some in portions(list(found)):
        for parent_id, child in await session.exec(below.where(col(PlaceEdge.parent_id).in_(some))):
            found[parent_id].append(child)
    return {place_id: by_name(inside) for place_id, inside in found.items()}


async def named_below(session: AsyncSession, place_ids: Collection[int], on: date) -> list[NamedBelow]:
    """Return the unit, the id, level, type word and name of all that lies directly below some units on that day.

    Tens of thousands of villages are only looked up: as objects of the session they take seconds and much memory.
    """
    below = (
        columns(col(PlaceEdge.parent_id), col(Place.id), col(Place.level), col(Place.kind), col(Place.name))
        .select_from(PlaceEdge)
        .join(Place, col(Place.id) == col(PlaceEdge.child_id))
        .where(standing(on), lasting(on))
    )
    connection = await session.connection()
    found: list[NamedBelow] = []
    for some in portions(list(place_ids)):
        found += await connection.execute(below.where(col(PlaceEdge.parent_id).in_(some)))
    return found


async def ancestors(session: AsyncSession, place_id: int, on: date) -> list[Place]:
    """What the place lies in on that day (or on its last day, if it was closed before), nearest first."""
    place = await session.get(Place, place_id)
    if place is None:
        return []
    way = await ids(session, named("above"), {"place": place_id, "on": look(place, on)})
    chosen = select(Place).where(col(Place.id).in_(way))
    units = {unit.id: unit for unit in await session.exec(chosen)} if way else {}
    return [units[number] for number in way]


async def ground(session: AsyncSession, place_id: int, on: date) -> set[int]:
    """The ids of the place and of everything below it on that day.

    A unit that was closed before holds what it held on its last day, and what it and its parts went into.
    """
    return await held(session, place_id, on, of_parts=False)


async def remains(session: AsyncSession, place_id: int, on: date) -> set[int]:
    """Return the same, but for a closed province or district with parts only what those parts became.

    What such a unit itself went into has more ground than it ever had.
    """
    return await held(session, place_id, on, of_parts=True)


async def held(session: AsyncSession, place_id: int, on: date, *, of_parts: bool) -> set[int]:
    """Return what a place holds on a day. For a closed one: what it became or, with `of_parts`, what its parts became."""
    asked: dict[str, object] = {"root": place_id, "on": on}
    if await was_closed(session, place_id, on):
        return set(await ids(session, named("ground"), asked | {"of_parts": of_parts}))
    return set(await ids(session, named("below"), asked))


async def was_closed(session: AsyncSession, place_id: int, on: date) -> bool:
    """Whether a place was closed before that day."""
    place = await session.get(Place, place_id)
    return place is not None and look(place, on) < on


async def closed_within(session: AsyncSession, ground: Collection[int], on: date) -> set[int]:
    """Return the ids of the units closed before that day whose ground, as far as it still stands, is all in `ground`."""
    dated = named("steps_of_closed").bindparams(bindparam("on", type_=Date()))
    steps: dict[int, list[int]] = {}
    for closed, next_id in await (await session.connection()).execute(dated, {"on": on}):
        steps.setdefault(closed, []).append(next_id)
    inside = frozenset(ground)
    return {closed for closed, left in standing_of(steps).items() if left and left <= inside}


def standing_of(steps: Mapping[int, Sequence[int]]) -> dict[int, set[int]]:
    """Return what still stands of each closed unit, given the steps from each to its parts and successors."""
    standing: dict[int, set[int]] = {}

    def left(number: int) -> set[int]:
        """Return what still stands of a place, itself if it does; nothing while it is being looked at."""
        if number not in steps:
            return {number}
        if number not in standing:
            standing[number] = set()
            standing[number] = {unit for step in steps[number] for unit in left(step)}
        return standing[number]

    return {closed: left(closed) for closed in steps}


async def holders(session: AsyncSession, place_id: int, on: date) -> list[int]:
    """Return the units on whose ground a place lies on a day, itself among them; closed ones by what they became."""
    return await ids(session, named("holders"), {"place": place_id, "on": on})


async def heirs(session: AsyncSession, place_id: int, on: date) -> list[int]:
    """Return what still stands on a day of a place and its successors: itself, unless it was closed before."""
    return await ids(session, named("heirs"), {"place": place_id, "on": on})


async def is_within(session: AsyncSession, place_id: int, root_id: int, on: date) -> bool:
    """Whether `place_id` lies on the ground of `root_id` on that day; quicker than asking for the ground."""
    if place_id == root_id:
        return True
    root = await session.get(Place, root_id)
    if root is None:
        return False
    query = named("holders" if look(root, on) < on else "above")
    return root_id in await ids(session, query, {"place": place_id, "on": on})


async def ids(session: AsyncSession, query: TextClause, values: dict[str, object]) -> list[int]:
    """The first column of a named query that takes a day."""
    dated = query.bindparams(bindparam("on", type_=Date()))
    result = await (await session.connection()).execute(dated, values)
    return [row[0] for row in result]


async def ways_up(session: AsyncSession, some: Sequence[Place], on: date) -> list[list[Place]]:
    """Return what each of many places lies in, nearest first, in their order: `ancestors` with few queries."""
    groups: dict[date, list[int]] = {}
    for place in some:
        groups.setdefault(look(place, on), []).append(place.id)
    ways: dict[int, list[Place]] = {}
    for day, numbers in groups.items():
        parents = await parents_above(session, numbers, day)
        ways |= {number: way_up(number, parents) for number in numbers}
    return [ways[place.id] for place in some]


def way_up(number: int, parents: Mapping[int, Place]) -> list[Place]:
    """Return what a place lies in, nearest first, given the parent of each."""
    way: list[Place] = []
    while parent := parents.get(number):
        way.append(parent)
        number = parent.id
    return way


def look(place: Place, on: date) -> date:
    """Return the day on which to look at a place when `on` is asked about."""
    return min(on, place.last_day or on)


async def parents_above(session: AsyncSession, place_ids: Sequence[int], day: date) -> dict[int, Place]:
    """Return the parent on that day of each of the places and of everything above them."""
    edges = (
        select(PlaceEdge.child_id, Place)
        .join(Place, col(Place.id) == col(PlaceEdge.parent_id))
        .where(lasting(day))
    )
    parents: dict[int, Place] = {}
    level = list(dict.fromkeys(place_ids))
    while level:
        above: dict[int, Place] = {}
        for some in portions(level):
            above.update((await session.exec(edges.where(col(PlaceEdge.child_id).in_(some)))).all())
        parents |= above
        level = list({place.id for place in above.values()} - parents.keys())
    return parents


async def roots(session: AsyncSession, on: date) -> list[Place]:
    """The places that stand on that day and never lay in another: the nation, as a rule."""
    children_ids = select(PlaceEdge.child_id)
    return list(
        await session.exec(open_on(on).where(col(Place.id).not_in(children_ids)).order_by(col(Place.id)))
    )


async def successions(session: AsyncSession, place_id: int) -> list[tuple[PlaceSuccession, Place, Place]]:
    """Return the place's predecessors and successors: each step with the old and the new unit."""
    old, new = aliased(Place), aliased(Place)
    chosen = (
        select(PlaceSuccession, old, new)
        .join(old, col(PlaceSuccession.from_id) == old.id)
        .join(new, col(PlaceSuccession.to_id) == new.id)
        .where(or_(PlaceSuccession.from_id == place_id, PlaceSuccession.to_id == place_id))
        .order_by(col(PlaceSuccession.day), col(PlaceSuccession.id))
    )
    return [(step, before, after) for step, before, after in await session.exec(chosen)]


async def below(session: AsyncSession, place_id: int, on: date, level: str) -> list[Place]:
    """The places of a level on the ground of a place that stand on that day, by name."""
    ground_ids = await remains(session, place_id, on)
    chosen = open_on(on).where(Place.level == level)
    if len(ground_ids) <= AT_ONCE:
        return by_name(await session.exec(chosen.where(col(Place.id).in_(ground_ids))))
    return by_name(place for place in await session.exec(chosen) if place.id in ground_ids)


def by_name(some: Iterable[Place]) -> list[Place]:
    """Return places in the order in which people look them up, which no database knows."""
    return sorted(some, key=lambda place: (name_key(place.name), place.id))

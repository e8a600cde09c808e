"""The tree of places, as it stands or stood on a given day.

An edge (child, parent) has a first and a last day. A place that was closed keeps the tree it had on its last
day, and lives on through the places it went into. So each place has, for a day that is asked about, a day on
which we look at it: that day, or its own last day if it was closed before.
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

from sqlalchemy import Date, bindparam
from sqlalchemy.orm import aliased
from sqlalchemy.sql import TextClause
from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from questionnaires.answers.places import TYPES, fold_place
from storage.named_sql import named
from storage.tables import Level, Place, PlaceAlias, PlaceEdge, PlaceSuccession

BEGINNING: Final = date(1, 1, 1)
MANY: Final = 5000
"""More ids than this are not put into one query."""
CANDIDATES: Final = 200
"""At most so many places of one name are looked at; nationwide the commonest name has about a hundred."""


async def get(session: AsyncSession, place_id: int) -> Place | None:
    """The place with this id, or None."""
    return await session.get(Place, place_id)


async def add_place(
    session: AsyncSession,
    level: str,
    kind: str,
    name: str,
    parent_id: int | None,
    *,
    code: str | None = None,
    first_day: date = BEGINNING,
    invented: bool = False,
    source: str = "",
) -> Place:
    """Add a place below `parent_id` (None: at the top) from `first_day` on; it has its id."""
    place = Place(
        level=level,
        kind=kind,
        name=name,
        code=code,
        first_day=first_day,
        search=fold_place(name),
        invented=invented,
        source=source,
    )
    session.add(place)
    await session.flush()
    if parent_id is not None:
        session.add(PlaceEdge(child_id=place.id, parent_id=parent_id, first_day=first_day))
        await session.flush()
    return place


def open_on(on: date) -> SelectOfScalar[Place]:
    """The places that stand on that day."""
    started = col(Place.first_day) <= on
    return select(Place).where(started, or_(col(Place.last_day).is_(None), col(Place.last_day) >= on))


async def opened_by(session: AsyncSession, on: date) -> list[Place]:
    """Every place that stands on that day or stood before."""
    return list(await session.exec(select(Place).where(col(Place.first_day) <= on)))


async def children(session: AsyncSession, place_id: int, on: date) -> list[Place]:
    """The places directly below `place_id` on that day, by name."""
    lasting = or_(col(PlaceEdge.last_day).is_(None), col(PlaceEdge.last_day) >= on)
    below = (
        open_on(on)
        .join(PlaceEdge, col(PlaceEdge.child_id) == col(Place.id))
        .where(PlaceEdge.parent_id == place_id, col(PlaceEdge.first_day) <= on, lasting)
        .order_by(col(Place.name), col(Place.id))
    )
    return list(await session.exec(below))


async def ancestors(session: AsyncSession, place_id: int, on: date) -> list[Place]:
    """What the place lies in on that day (or on its last day, if it was closed before), nearest first."""
    place = await get(session, place_id)
    if place is None:
        return []
    rows = await ids(session, named("above"), {"place": place_id, "on": look(place, on)})
    if not rows:
        return []
    found = {unit.id: unit for unit in await session.exec(select(Place).where(col(Place.id).in_(rows)))}
    return [found[number] for number in rows]


async def ground(session: AsyncSession, place_id: int, on: date) -> set[int]:
    """The ids of the place and of everything below it on that day.

    A unit that was closed before holds what it held on its last day, and what it and its parts went into.
    """
    place = await get(session, place_id)
    closed = place is not None and look(place, on) < on
    return set(await ids(session, named("ground" if closed else "below"), {"root": place_id, "on": on}))


async def closed_within(session: AsyncSession, ground: Collection[int], on: date) -> set[int]:
    """The ids of the units closed before that day of which all that still stands lies in `ground`.

    Not of one that had parts and itself went into another (a province): what it went into is more than its parts.
    """
    dated = named("steps_of_closed").bindparams(bindparam("on", type_=Date()))
    steps: dict[int, list[int]] = {}
    kinds: dict[int, set[int]] = {}
    for closed, next_id, succeeds in await (await session.connection()).execute(dated, {"on": on}):
        steps.setdefault(closed, []).append(next_id)
        kinds.setdefault(closed, set()).add(succeeds)
    standing: dict[int, set[int]] = {}

    def left(number: int) -> set[int]:
        """What still stands of a place, itself where it does; nothing while it is being looked at."""
        if number not in steps:
            return {number}
        if number not in standing:
            standing[number] = set()
            standing[number] = {each for step in steps[number] for each in left(step)}
        return standing[number]

    inside = frozenset(ground)
    return {closed for closed in steps if len(kinds[closed]) == 1 and left(closed) and left(closed) <= inside}


async def holders(session: AsyncSession, place_id: int, on: date) -> list[int]:
    """The units on whose ground a place lies on a day, itself among them; closed ones by what they went into."""
    return await ids(session, named("holders"), {"place": place_id, "on": on})


async def is_within(session: AsyncSession, place_id: int, root_id: int, on: date) -> bool:
    """Whether `place_id` lies on the ground of `root_id` on that day; quicker than asking for the ground."""
    if place_id == root_id:
        return True
    root = await get(session, root_id)
    if root is None:
        return False
    query = named("holders" if look(root, on) < on else "above")
    return root_id in await ids(session, query, {"place": place_id, "on": on})


async def ids(session: AsyncSession, query: TextClause, values: dict[str, object]) -> list[int]:
    """The first column of a named query that takes a day."""
    dated = query.bindparams(bindparam("on", type_=Date()))
    result = await (await session.connection()).execute(dated, values)
    return [row[0] for row in result]


async def full_name(session: AsyncSession, place: Place, on: date) -> str:
    """ "thôn Nà Hin, xã Vĩnh Thông, tỉnh Thái Nguyên": the place and what it lies in, without the nation."""
    above = await ancestors(session, place.id, on)
    units = [unit for unit in above if unit.level != Level.NATION]
    return ", ".join(own_name(unit) for unit in (place, *units))


def own_name(place: Place) -> str:
    """ "xã Vĩnh Thông": the type word and the name."""
    return f"{place.kind} {place.name}".strip()


async def full_names(session: AsyncSession, some: Sequence[Place], on: date) -> list[str]:
    """The full names of many places, in their order, with few queries."""
    names = []
    for place, above in zip(some, await ways_up(session, some, on), strict=True):
        units = [unit for unit in (place, *above) if unit is place or unit.level != Level.NATION]
        names.append(", ".join(own_name(unit) for unit in units))
    return names


async def ways_up(session: AsyncSession, some: Sequence[Place], on: date) -> list[list[Place]]:
    """What each of many places lies in, nearest first, in their order: `ancestors` with few queries."""
    ways: dict[int, list[Place]] = {}
    for day in {look(place, on) for place in some}:
        group = [place.id for place in some if look(place, on) == day]
        parents = await parents_above(session, group, day)
        for number in group:
            way: list[Place] = []
            while parent := parents.get(way[-1].id if way else number):
                way.append(parent)
            ways[number] = way
    return [ways[place.id] for place in some]


def look(place: Place, on: date) -> date:
    """The day on which to look at a place when `on` is asked about."""
    return min(on, place.last_day or on)


async def parents_above(session: AsyncSession, place_ids: Sequence[int], day: date) -> dict[int, Place]:
    """For each of the places and everything above them the parent on that day."""
    parents: dict[int, Place] = {}
    level = list(dict.fromkeys(place_ids))
    lasting = or_(col(PlaceEdge.last_day).is_(None), col(PlaceEdge.last_day) >= day)
    edges = (
        select(PlaceEdge.child_id, Place)
        .join(Place, col(Place.id) == col(PlaceEdge.parent_id))
        .where(col(PlaceEdge.first_day) <= day, lasting)
    )
    while level:
        found: dict[int, Place] = {}
        for start in range(0, len(level), MANY):
            some = level[start : start + MANY]
            found.update((await session.exec(edges.where(col(PlaceEdge.child_id).in_(some)))).all())
        parents |= found
        level = list({place.id for place in found.values()} - parents.keys())
    return parents


async def roots(session: AsyncSession, on: date) -> list[Place]:
    """The places that stand on that day and never lay in another: the nation, as a rule."""
    children_ids = select(PlaceEdge.child_id)
    return list(
        await session.exec(open_on(on).where(col(Place.id).not_in(children_ids)).order_by(col(Place.id)))
    )


async def successions(session: AsyncSession, place_id: int) -> list[tuple[PlaceSuccession, Place, Place]]:
    """What the place came from and what it went into: each step with the old and the new unit."""
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
    ground_ids = await ground(session, place_id, on)
    chosen = open_on(on).where(Place.level == level).order_by(col(Place.name), col(Place.id))
    if len(ground_ids) <= MANY:
        return list(await session.exec(chosen.where(col(Place.id).in_(ground_ids))))
    return [place for place in await session.exec(chosen) if place.id in ground_ids]


async def villages_of(session: AsyncSession, place_id: int, on: date) -> list[Place]:
    """The villages on the ground of a place that stand on that day, by name."""
    return await below(session, place_id, on, Level.VILLAGE)


async def find(
    session: AsyncSession,
    words: str,
    on: date,
    *,
    level: str | None = None,
    within: int | None = None,
    limit: int = 20,
) -> list[Place]:
    """The places that `words` may name or once named, those standing on that day first.

    "Vĩnh Thông", "xã vinh thong", "Nà Hin, Vĩnh Thông" (the later parts name what it lies in) or a code.
    Diacritics and case do not matter; where some names agree letter for letter, only those are given.
    """
    parts = [part.strip() for part in words.split(",") if part.strip()]
    if not parts:
        return []
    searched = [name for _, name in readings(parts[0])]
    called = set(await once_called(session, parts[0], searched))
    chosen = select(Place).where(
        or_(col(Place.search).in_(searched), Place.code == parts[0], col(Place.id).in_(called))
    )
    if level:
        chosen = chosen.where(Place.level == level)
    if len(parts) == 1 and within is None:
        chosen = chosen.limit(CANDIDATES)
    candidates = await session.exec(chosen.order_by(col(Place.id)))
    found = [
        place
        for place in candidates
        if place.code == parts[0] or place.id in called or is_named(place, parts[0])
    ]
    if len(parts) > 1:
        ways = await ways_up(session, found, on)
        found = [place for place, way in zip(found, ways, strict=True) if lie_in_order(way, parts[1:])]
    if within is not None:
        inside = await ground(session, within, on)
        found = [place for place in found if place.id in inside]
    found.sort(key=lambda place: not stands(place, on))
    return exactly(found, parts[0])[:limit]


async def once_called(session: AsyncSession, words: str, searched: Sequence[str]) -> list[int]:
    """The ids of the places of which this is another name, with or without its type word."""
    chosen = select(PlaceAlias).where(col(PlaceAlias.search).in_(searched)).limit(CANDIDATES)
    meant = readings(words)
    return [
        alias.place_id
        for alias in await session.exec(chosen)
        if ("", alias.search) in meant or (fold_place(alias.kind), alias.search) in meant
    ]


def readings(words: str) -> list[tuple[str, str]]:
    """What `words` may mean: a folded type word ("" for any) and a folded name. "bản Cháo" may be both."""
    folded = fold_place(words)
    typed = [
        (kind, folded.removeprefix(f"{written} "))
        for written, kind in TYPES.items()
        if folded.startswith(f"{written} ")
    ]
    return [("", folded), *typed]


def is_named(place: Place, words: str) -> bool:
    """Whether `words` may name this place, with or without its type word."""
    kind = fold_place(place.kind)
    return any(name == place.search and meant in ("", kind) for meant, name in readings(words))


def stands(place: Place, on: date) -> bool:
    """Whether the place exists on that day."""
    return place.first_day <= on and (place.last_day is None or place.last_day >= on)


def exactly(found: Sequence[Place], words: str) -> list[Place]:
    """Those of `found` whose name or full type and name are written just so; all, if none is."""
    wanted = words.casefold()
    same = [place for place in found if wanted in (place.name.casefold(), own_name(place).casefold())]
    return same or list(found)


def lie_in_order(way: Sequence[Place], parts: Sequence[str]) -> bool:
    """Whether the names `parts` stand on a way up, in this order."""
    above = iter(way)
    return all(any(is_named(unit, part) for unit in above) for part in parts)

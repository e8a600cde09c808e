"""What changes once in years is asked once: where a place lies, which villages a unit has, which plans hold there.

Reports arrive by the thousand between two changes of the map. What is kept here is thrown away as soon as the
tables of places differ from what they were; that is looked at once in a transaction, and again by whoever waited
for another's (`look_again`). A transaction that changes places itself keeps what it asks to itself. Places from here
are copies to read: whoever changes one loads it with `places.get`.
"""

from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, TypeVar, cast
from weakref import WeakKeyDictionary

from sqlalchemy import event
from sqlalchemy.orm import Session
from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage import places
from storage.named_sql import named
from storage.tables import Place, PlaceAlias, PlaceEdge, PlaceSuccession

T = TypeVar("T")
FEW: Final = 5_000
"""More places than this are not kept with their names."""
MOST: Final = 300_000
"""So many facts are kept at most; then everything is asked anew."""
OF_PLACES: Final = (Place, PlaceAlias, PlaceEdge, PlaceSuccession)
KEPT: WeakKeyDictionary[Any, tuple[tuple[int, ...], dict[Hashable, Any]]] = WeakKeyDictionary()
"""By the database's pool of connections: the mark of its places, and what was asked since."""


async def facts(session: AsyncSession) -> dict[Hashable, Any]:
    """What is known of the places as this transaction sees them."""
    known: dict[Hashable, Any] | None = session.info.get("remembered")
    if known is None:
        pool = cast(Any, session.get_bind()).pool
        version = await version_of_places(session)
        kept = KEPT.get(pool)
        if kept is None or kept[0] != version or len(kept[1]) > MOST:
            kept = KEPT[pool] = (version, {})
        known = session.info["remembered"] = kept[1]
    return known


async def look_again(session: AsyncSession) -> None:
    """Look whether somebody else changed places since this transaction began."""
    if "changes_places" not in session.info:
        session.info.pop("remembered", None)


@event.listens_for(Session, "after_flush")
def keep_apart(session: Session, *_: object) -> None:
    """Once this transaction changed places, what it sees is for itself alone, and asked anew."""
    if any(isinstance(row, OF_PLACES) for row in (*session.new, *session.dirty, *session.deleted)):
        session.info.update(changes_places=True, remembered={})


@event.listens_for(Session, "after_commit")
@event.listens_for(Session, "after_rollback")
def look_anew(session: Session) -> None:
    """The next transaction looks for itself."""
    session.info.pop("changes_places", None)
    session.info.pop("remembered", None)


async def version_of_places(session: AsyncSession) -> tuple[int, ...]:
    """A mark that changes whenever a place, where it lies, what it went into, or its names change."""
    row = (await (await session.connection()).execute(named("version_of_places"))).one()
    return tuple(int(number) for number in row)


async def remembered(session: AsyncSession, key: Hashable, ask: Callable[[], Awaitable[T]]) -> T:
    """What `ask` gives, asked once as long as no place changes. It must depend on places and `key` alone."""
    known = await facts(session)
    if key not in known:
        known[key] = await ask()
    return cast(T, known[key])


async def place(session: AsyncSession, place_id: int) -> Place | None:
    """The place with this id, to read."""
    return await remembered(session, ("place", place_id), lambda: copied(session, place_id))


async def holders(session: AsyncSession, place_id: int, on: date) -> list[int]:
    """The ids of the units on whose ground the place lies on that day, itself and closed ones among them."""
    return await remembered(session, ("holders", place_id, on), lambda: places.holders(session, place_id, on))


@dataclass(frozen=True, slots=True)
class Tree:
    """The tree as it stands on a day: what lies directly below and above each unit, and the level of each."""

    below: dict[int, list[int]]
    above: dict[int, int]
    level: dict[int, str]

    def of_level(self, root: int, level: str) -> frozenset[int]:
        """The places of a level below a unit, itself if it is one."""
        found: set[int] = set()
        waiting = [root]
        while waiting:
            number = waiting.pop()
            if self.level.get(number) == level:
                found.add(number)
            waiting += self.below.get(number, ())
        return frozenset(found)


async def tree(session: AsyncSession, on: date) -> Tree:
    """The whole tree on a day: two queries, once as long as no place changes."""

    async def ask() -> Tree:
        connection = await session.connection()
        standing = places.open_on(on).with_only_columns(col(Place.id), col(Place.level))
        level = {number: name for number, name in await connection.execute(standing) if number is not None}
        lasting = or_(col(PlaceEdge.last_day).is_(None), col(PlaceEdge.last_day) >= on)
        edges = select(PlaceEdge.parent_id, PlaceEdge.child_id).where(col(PlaceEdge.first_day) <= on, lasting)
        below: dict[int, list[int]] = {}
        above: dict[int, int] = {}
        for parent, child in await connection.execute(edges):
            if child in level:
                below.setdefault(parent, []).append(child)
                above[child] = parent
        return Tree(below, above, level)

    return await remembered(session, ("tree", on), ask)


async def ancestors(session: AsyncSession, place_id: int, on: date) -> list[Place]:
    """What the place lies in on that day (or on its last day, if it was closed before), nearest first, to read."""
    standing = await tree(session, on)
    if place_id not in standing.level:
        return [copy_of(unit) for unit in await places.ancestors(session, place_id, on)]
    way: list[Place] = []
    number: int | None = place_id
    while number := standing.above.get(number or 0):
        unit = await place(session, number)
        way += [unit] if unit is not None else []
    return way


async def with_a_past(session: AsyncSession) -> frozenset[int]:
    """The ids of the places that lay elsewhere before, or that others went into."""

    async def ask() -> frozenset[int]:
        left = select(PlaceEdge.child_id).where(col(PlaceEdge.last_day).is_not(None))
        return frozenset(await session.exec(left)) | frozenset(
            await session.exec(select(PlaceSuccession.to_id))
        )

    return await remembered(session, "with a past", ask)


async def ids_below(session: AsyncSession, place_id: int, level: str, on: date) -> frozenset[int]:
    """The ids of the places of a level on the ground of a place that stand on that day; itself if it is one.

    A unit that was closed before holds what its parts went into.
    """
    standing = await tree(session, on)
    if place_id in standing.level:
        return standing.of_level(place_id, level)

    async def ask() -> frozenset[int]:
        ground = await places.ground(session, place_id, on)
        return frozenset(number for number in ground if standing.level.get(number) == level)

    return await remembered(session, ("below", place_id, level, on), ask)


async def units_below(session: AsyncSession, place_id: int, level: str, on: date) -> list[Place]:
    """The places of a level on the ground of a place that stand on that day, by name, to read."""

    async def ask() -> list[Place]:
        return [copy_of(unit) for unit in await places.below(session, place_id, on, level)]

    if len(await ids_below(session, place_id, level, on)) > FEW:
        return await places.below(session, place_id, on, level)
    return await remembered(session, ("units", place_id, level, on), ask)


async def copied(session: AsyncSession, place_id: int) -> Place | None:
    """A copy of the place that belongs to no session."""
    found = await places.get(session, place_id)
    return copy_of(found) if found is not None else None


def copy_of(unit: Place) -> Place:
    """A copy that belongs to no session, so that nothing that happens to one can reach it."""
    return Place(**unit.model_dump())

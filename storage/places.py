"""The way to the places: one `Places` for each transaction, which asks only once what changes once in years.

Reports arrive by the thousand between two changes of the map. What was asked is kept in a `PlaceMemory` that outlives
transactions, and is dropped as soon as the tables of places have changed. A transaction checks that once, and again
after it waited for another (`look_again`). A transaction that itself changes places says so (`changed`), and from then
on keeps what it asks to itself.
"""

from bisect import bisect_right
from collections.abc import Awaitable, Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from sqlalchemy import bindparam
from sqlalchemy import select as core_select
from sqlmodel import SQLModel, col, select

from questionnaires.answers.places import Gazetteer, PlaceMatch, Unit
from storage import place_rows
from storage.gazetteer import gazetteer_of
from storage.levels import LASTING, Level
from storage.named_sql import named
from storage.place_rows import BEGINNING
from storage.place_search import among, is_named_in, meant, name_of, own_name, stands
from storage.portions import portions
from storage.tables import Place, PlaceEdge, PlaceSuccession

if TYPE_CHECKING:
    from storage.session import Session

__all__ = ["PlaceMemory", "PlaceTree", "Places", "among", "is_named_in", "name_of", "own_name", "stands"]

T = TypeVar("T")
NAMES: Final = SQLModel.metadata.tables["place"].columns.keys()
PLACE: Final = core_select(SQLModel.metadata.tables["place"]).where(col(Place.id) == bindparam("id"))
"""A place without the session's object of it, so that nothing that happens to one can reach it."""
FEW: Final = 5_000
"""More places than this are not kept with their names."""
MOST: Final = 300_000
"""How many facts are kept; beyond that all are dropped and asked again."""


@dataclass(slots=True)
class PlaceMemory:
    """What was asked about one database's places, and the mark of the places as they were then."""

    version: tuple[int, ...] = ()
    facts: dict[Hashable, Any] = field(default_factory=dict)

    def at(self, version: tuple[int, ...]) -> dict[Hashable, Any]:
        """Return what is known about the places with that mark."""
        if self.version != version or len(self.facts) > MOST:
            self.version, self.facts = version, {}
        return self.facts


@dataclass(frozen=True, slots=True)
class PlaceTree:
    """The tree on a day: what lies directly below and above each unit, and each unit's level."""

    below: dict[int, list[int]]
    above: dict[int, int]
    level: dict[int, str]

    def of_level(self, root: int, level: str) -> frozenset[int]:
        """Return the places of a level below a unit; the unit itself if it is one."""
        members: set[int] = set()
        waiting = [root]
        while waiting:
            number = waiting.pop()
            if self.level.get(number) == level:
                members.add(number)
            waiting += self.below.get(number, ())
        return frozenset(members)

    def way_up(self, number: int) -> list[int]:
        """What a unit lies in, nearest first."""
        way: list[int] = []
        while (parent := self.above.get(way[-1] if way else number)) is not None:
            way.append(parent)
        return way


class Places:
    """The places as one transaction sees them.

    Places from here may be copies shared by everybody who asks, so only read them. To change one, load its row with
    `session.get_one(Place, id)`.
    """

    def __init__(self, session: "Session", memory: PlaceMemory) -> None:
        self.session = session
        self.memory = memory
        self.known: dict[Hashable, Any] | None = None
        """What is known of the places as they are in this transaction; None: still to be looked at."""
        self.mark: tuple[int, ...] | None = None
        """The `version` that was looked at."""
        self.own = False
        """Whether this transaction changed places, so that nobody else may learn what it sees."""
        self.changes = 0
        """How often this transaction has changed places."""

    # --- what is kept ---

    async def remember(self, key: Hashable, ask: Callable[[], Awaitable[T]]) -> T:
        """Return what `ask` gives, asked once as long as no place changes. It must depend on places and `key` alone."""
        known = await self.facts() if self.known is None else self.known
        if key not in known:
            known[key] = await ask()
        return cast(T, known[key])

    async def facts(self) -> dict[Hashable, Any]:
        """What is known of the places as they are in this transaction."""
        if self.known is None:
            self.known = self.memory.at(await self.version())
        return self.known

    async def version(self) -> tuple[int, ...]:
        """Return a mark that changes whenever a place, its parent, its successors or its names change."""
        if self.mark is None or self.own:
            [row] = await self.session.fetch(named("version_of_places"))
            self.mark = tuple(int(number) for number in row)
        return self.mark

    def look_again(self) -> None:
        """Check, when next asked, whether another transaction has changed places since this one began."""
        if not self.own:
            self.known = self.mark = None

    def changed(self) -> None:
        """Note that this transaction changed places: what it saw is asked again, and kept for itself alone."""
        self.own, self.known = True, {}
        self.changes += 1

    async def add(
        self,
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
        """Add a place below `parent_id` (None: at the top) from `first_day` on; its row, with its id."""
        place = Place(
            level=level,
            kind=kind,
            name=name,
            code=code,
            first_day=first_day,
            invented=invented,
            source=source,
        )
        await place_rows.add(self.session, place, parent_id)
        self.changed()
        return place

    # --- one place ---

    async def get(self, place_id: int) -> Place | None:
        """The place with this id, to read."""

        async def ask() -> Place | None:
            rows = await self.session.fetch(PLACE, id=place_id)
            return Place(**dict(zip(NAMES, rows[0], strict=True))) if rows else None

        return await self.remember(("place", place_id), ask)

    async def learn(self, place_ids: Iterable[int]) -> None:
        """Ask for many places at once, so that `get` finds them without a query for each."""
        known = await self.facts()
        unknown = [place_id for place_id in dict.fromkeys(place_ids) if ("place", place_id) not in known]
        for some in portions(unknown):
            for row in await self.session.exec(select(Place).where(col(Place.id).in_(some))):
                known["place", row.id] = copy_of(row)

    async def ancestors(self, place_id: int, on: date) -> list[Place]:
        """What the place lies in on that day (or on its last day, if it was closed before), nearest first, to read."""
        tree = await self.tree(on)
        if place_id not in tree.level:
            return [copy_of(unit) for unit in await place_rows.ancestors(self.session, place_id, on)]
        way = [await self.get(number) for number in tree.way_up(place_id)]
        return [unit for unit in way if unit is not None]

    async def holders(self, place_id: int, on: date) -> list[int]:
        """The ids of the units on whose ground the place lies on that day, itself and closed ones among them."""
        tree: PlaceTree | None = (await self.facts()).get(("tree", on))
        parent = tree.above.get(place_id) if tree else None
        # A village that always lay in its commune lies where that does, which is asked once for all its villages.
        if parent is not None and place_id not in await self.with_a_past():
            return [place_id, *await self.holders(parent, on)]
        return await self.remember(
            ("holders", place_id, on), lambda: place_rows.holders(self.session, place_id, on)
        )

    async def heirs(self, place_id: int, on: date) -> list[int]:
        """Return the ids of what looks after the place's people on that day: itself or, once it was closed, its
        successors.

        A place without successors is its own heir, so that its people are not forgotten.
        """
        return await place_rows.heirs(self.session, place_id, on) or [place_id]

    async def successors(self, place_id: int, on: date) -> list[Place]:
        """Return what a closed place is part of on that day, to read; none for one that stands."""
        heirs = [number for number in await self.heirs(place_id, on) if number != place_id]
        return [unit for number in heirs if (unit := await self.get(number)) is not None]

    async def is_within(self, place_id: int, root_id: int, on: date) -> bool:
        """Whether `place_id` lies on the ground of `root_id` on that day; quicker than asking for the ground."""
        return await place_rows.is_within(self.session, place_id, root_id, on)

    async def successions(self, place_id: int) -> list[tuple[PlaceSuccession, Place, Place]]:
        """What the place came from and what it went into: each step with the old and the new unit."""
        return await place_rows.successions(self.session, place_id)

    async def full_name(self, place: Place, on: date) -> str:
        """ "thôn Nà Hin, xã Vĩnh Thông, tỉnh Thái Nguyên": the place and what it lies in, without the nation."""
        return name_within(place, await self.ancestors(place.id, on))

    async def full_name_of(self, place_id: int, on: date) -> str:
        """Return the same for the place with this id; "" if there is none."""
        place = await self.get(place_id)
        return await self.full_name(place, on) if place else ""

    # --- what lies below ---

    async def tree(self, on: date) -> PlaceTree:
        """Return the whole tree on a day: two queries, asked once as long as no place changes."""

        async def ask() -> PlaceTree:
            connection = await self.session.connection()
            standing = place_rows.open_on(on).with_only_columns(col(Place.id), col(Place.level))
            level = {row.id: row.level for row in await connection.execute(standing)}
            edges = select(PlaceEdge.parent_id, PlaceEdge.child_id).where(place_rows.lasting(on))
            below: dict[int, list[int]] = {}
            above: dict[int, int] = {}
            for parent, child in await connection.execute(edges):
                if child in level:
                    below.setdefault(parent, []).append(child)
                    above[child] = parent
            return PlaceTree(below, above, level)

        return await self.remember(("tree", on), ask)

    async def children(self, place_id: int, on: date) -> list[Place]:
        """The places directly below `place_id` on that day, by name."""
        return (await self.children_of([place_id], on))[place_id]

    async def children_of(self, place_ids: Sequence[int], on: date) -> dict[int, list[Place]]:
        """The same for many places, with few queries."""
        return await place_rows.children(self.session, place_ids, on)

    async def ids_below(self, place_id: int, level: str, on: date) -> frozenset[int]:
        """Return the ids of a level's places that stand on that day on the ground of a place, itself included.

        A unit that was closed before holds what is left of it (`remains`). On its own level it stands for itself if
        nothing is left: a dissolved province still reports on its ground.
        """
        tree = await self.tree(on)

        async def ask() -> frozenset[int]:
            if place_id in tree.level:
                return tree.of_level(place_id, level)
            left = await self.remains(place_id, on)
            standing = frozenset(number for number in left if tree.level.get(number) == level)
            place = await self.get(place_id)
            if standing or level not in LASTING or place is None or place.level != level:
                return standing
            return frozenset({place_id})

        return await self.remember(("below", place_id, level, on), ask)

    async def below(self, place_id: int, level: str, on: date) -> list[Place]:
        """The places of a level on the ground of a place that stand on that day, by name, to read."""

        async def ask() -> list[Place]:
            return [copy_of(unit) for unit in await place_rows.below(self.session, place_id, on, level)]

        if len(await self.ids_below(place_id, level, on)) > FEW:
            return await place_rows.below(self.session, place_id, on, level)
        return await self.remember(("units", place_id, level, on), ask)

    async def villages_of(self, place_id: int, on: date) -> list[Place]:
        """The villages on the ground of a place that stand on that day, by name, to read."""
        return await self.below(place_id, Level.VILLAGE, on)

    async def ground(self, place_id: int, on: date) -> set[int]:
        """The ids of the place and of everything below it on that day.

        A unit that was closed before holds what it held on its last day, and what it and its parts went into.
        """
        return await place_rows.ground(self.session, place_id, on)

    async def remains(self, place_id: int, on: date) -> frozenset[int]:
        """Return the ids of what is left on that day of a unit that was closed before: what its own ground is now.

        For a province or district that had parts, that is less than what it went into: whoever looked after it keeps
        the whole (`ground`), but its figures are about its own ground.
        """

        async def ask() -> frozenset[int]:
            return frozenset(await place_rows.remains(self.session, place_id, on))

        return await self.remember(("remains", place_id, on), ask)

    async def closed_within(self, ground: Collection[int], on: date) -> set[int]:
        """Return the ids of the units closed before that day whose ground, as far as it still stands, is all in `ground`."""
        return await place_rows.closed_within(self.session, ground, on)

    # --- many places ---

    async def stands_since(self, on: date) -> date:
        """Return the newest day up to `on` from which places have stood as they do on that day."""
        days = await self.remember("turning days", lambda: place_rows.turning_days(self.session))
        return days[max(0, bisect_right(days, on) - 1)]

    async def gazetteer(self) -> Gazetteer:
        """Every place with its names, as they are known today."""
        return await self.remember("gazetteer", lambda: gazetteer_of(self.session))

    async def match(
        self, words: str, on: date, *, within: int | None = None, fits: Callable[[Unit], bool] | None = None
    ) -> PlaceMatch:
        """Return what `words` name on that day: "Nà Hin, Vĩnh Thông", a former name, a code; or what is similar.

        `within`: only on the ground of this unit; `fits`: only units for which it is true.
        """
        ground = await self.ground(within, on) if within is not None else None
        return meant(await self.gazetteer(), words, on, within=ground, fits=fits)

    async def find(
        self, words: str, on: date, *, level: str | None = None, within: int | None = None, limit: int = 20
    ) -> list[Place]:
        """Return the places that `words` name or once named, standing ones first; [] if they are only similar to some."""
        fits = (lambda unit: unit.level == level) if level is not None else None
        match = await self.match(words, on, within=within, fits=fits)
        if match.doubt == "spelling":
            return []
        named_so = [place for unit in match.units if (place := await self.get(unit.id)) is not None]
        return sorted(named_so, key=lambda place: not stands(place, on))[:limit]

    async def ways_up(self, some: Sequence[Place], on: date) -> list[list[Place]]:
        """What each of many places lies in, nearest first, in their order: `ancestors` with few queries."""
        return await place_rows.ways_up(self.session, some, on)

    async def parents_above(self, place_ids: Sequence[int], day: date) -> dict[int, Place]:
        """For each of the places and everything above them the parent on that day, to read."""
        tree = await self.tree(day)
        if any(number not in tree.level for number in place_ids):
            return await place_rows.parents_above(self.session, place_ids, day)
        above = {
            child: tree.above[child]
            for number in place_ids
            for child in [number, *tree.way_up(number)]
            if child in tree.above
        }
        parents = {number: await self.get(number) for number in set(above.values())}
        return {child: parent for child, number in above.items() if (parent := parents[number]) is not None}

    async def full_names(self, some: Sequence[Place], on: date) -> list[str]:
        """The full names of many places, in their order, with few queries."""
        ways = await self.ways_up(some, on)
        return [name_within(place, above) for place, above in zip(some, ways, strict=True)]

    async def names_of(self, place_ids: Iterable[int], on: date) -> dict[int, str]:
        """The full name of each of these places that there is."""
        some = [place for number in set(place_ids) if (place := await self.get(number)) is not None]
        names = await self.full_names(some, on)
        return {place.id: name for place, name in zip(some, names, strict=True)}

    async def roots(self, on: date) -> list[Place]:
        """The places that stand on that day and never lay in another: the nation, as a rule."""
        return await place_rows.roots(self.session, on)

    async def opened_by(self, on: date) -> list[Place]:
        """Every place that stands on that day or stood before."""
        return await place_rows.opened_by(self.session, on)

    async def opened_later(self, level: str) -> Mapping[int, date]:
        """Return the first days of the places of a level that were opened after the beginning."""

        async def ask() -> dict[int, date]:
            opened = select(col(Place.id), col(Place.first_day)).where(
                Place.level == level, col(Place.first_day) > BEGINNING
            )
            return dict((await self.session.exec(opened)).all())

        return await self.remember(("opened later", level), ask)

    async def entered(self, level: str) -> frozenset[int]:
        """Return the ids of the places of a level that others went into."""

        async def ask() -> frozenset[int]:
            into = select(PlaceSuccession.to_id).join(Place, col(Place.id) == PlaceSuccession.to_id)
            return frozenset(await self.session.exec(into.where(Place.level == level)))

        return await self.remember(("entered", level), ask)

    async def went_into(self, place_id: int) -> frozenset[int]:
        """Return the ids of the closed places that went into a place, directly or through others."""

        async def ask() -> frozenset[int]:
            found, new = set[int](), {place_id}
            while new:
                steps = [await self.successions(one) for one in new]
                new = {old.id for some in steps for _, old, after in some if after.id in new} - found
                found |= new
            return frozenset(found)

        return await self.remember(("went into", place_id), ask)

    async def with_a_past(self) -> frozenset[int]:
        """Return the ids of the places that lay elsewhere before, or that others went into."""

        async def ask() -> frozenset[int]:
            left = select(PlaceEdge.child_id).where(col(PlaceEdge.last_day).is_not(None))
            entered = select(PlaceSuccession.to_id)
            return frozenset(await self.session.exec(left)) | frozenset(await self.session.exec(entered))

        return await self.remember("with a past", ask)


def name_within(place: Place, above: Sequence[Place]) -> str:
    """A place and what it lies in, without the nation."""
    units = [unit for unit in above if unit.level != Level.NATION]
    return ", ".join(own_name(unit) for unit in (place, *units))


def copy_of(unit: Place) -> Place:
    """Return a copy that belongs to no session, so that nothing that happens to one can reach it."""
    return Place(**unit.model_dump())

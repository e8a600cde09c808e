"""Merges, splits, moves and renames of villages and communes, each by a document and from a day on.

A place keeps its identity: what merges or splits is closed on the day before, unless it goes on itself, and lives
on through its successors; what lies in it gets another parent from the day on. The past follows in the ledger.
Nothing is guessed: a split needs a decision for everything that lies in the unit, and a day on which something
already happened later is refused. Each event remembers what it changed, so that it can be undone until something
reports under it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlmodel import col, or_, select

from questionnaires.answers.places import fold_place
from storage import audit, ledger, places
from storage.portions import portions
from storage.session import Session
from storage.tables import (
    InterviewRow,
    Invitation,
    Level,
    Place,
    PlaceAlias,
    PlaceEdge,
    PlaceEvent,
    PlaceSuccession,
    Role,
    RosterEntry,
    Submission,
)

LEVELS: Final = tuple(Level)
CHANGING: Final = (Level.COMMUNE, Level.VILLAGE)
"""What may be merged, split, moved and renamed."""
SOURCE: Final = "event"
"""What `Place.source` says of a place that an event opened."""
LONGEST: Final = 100


class Refused(Exception):
    """An event that cannot be; `code` names a sentence, `data` fills it, `about` says which part is wrong."""

    def __init__(self, code: str, about: str = "place", **data: object) -> None:
        super().__init__(code)
        self.code, self.about, self.data = code, about, data

    def told(self) -> dict[str, str]:
        """What fills the sentence; a number of an event is a name, not a quantity."""
        return {
            key: f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)
            for key, value in self.data.items()
        }


@dataclass(frozen=True, slots=True)
class Ruling:
    """From which day on, by which document, and when it was told to us."""

    day: date
    legal_basis: str
    now: datetime
    """Aware, in the configured time zone."""


@dataclass(frozen=True, slots=True)
class New:
    """A unit to be opened; `under` is its parent, by default the one that its origins share."""

    kind: str
    name: str
    under: Place | None = None


Goal = Place | New


@dataclass(slots=True)
class Changes:
    """The rows that an event changed, and how they were."""

    opened: list[int] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    cut: list[list[Any]] = field(default_factory=list)
    """Child, parent, first day and id of each edge that ended; before, it had no last day."""
    edges: list[int] = field(default_factory=list)
    successions: list[int] = field(default_factory=list)
    aliases: list[int] = field(default_factory=list)
    renamed: list[list[Any]] = field(default_factory=list)
    """Place, type word and name before."""

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


# --- the four events ------------------------------------------------------------------------------------


async def merge(session: Session, sources: Sequence[Place], into: Goal, ruling: Ruling) -> PlaceEvent:
    """`sources` become one: a new unit, or one that stands (perhaps one of them). Raises Refused."""
    goes_on = into.id if isinstance(into, Place) else None
    closing = [place for place in unique(sources) if place.id != goes_on]
    if len(closing) + (goes_on is not None) < 2:
        raise Refused("few")
    alike(closing, into)
    await changeable(session, closing, ruling)
    children = {place.id: await held(session, place, ruling.day) for place in closing}
    await standing_goals(session, [into], ruling)
    touched = [place.id for place in closing]
    touched += [child.id for some in children.values() for child in some]
    changes = Changes()
    async with ledger.while_moving(session, touched):
        (target,) = await opened(session, [into], closing, ruling, changes)
        for place in closing:
            await reparent(session, children[place.id], target, ruling.day, changes)
            await close(session, place, ruling.day, changes)
            await succeed(session, place, target, ruling, changes, whole=True)
    return await record(session, "merge", ruling, closing, [target], touched, changes)


async def split(
    session: Session,
    source: Place,
    into: Sequence[Goal],
    decisions: Mapping[int, int],
    ruling: Ruling,
) -> PlaceEvent:
    """`source` becomes several: new units, units that stand, or itself for the part that stays what it is.

    `decisions` says for each place in it to which of `into` it goes, by position. Raises Refused; "undecided"
    names the places without a decision.
    """
    ids = [goal.id for goal in into if isinstance(goal, Place)]
    if len(into) < 2 or len(ids) != len(set(ids)):
        raise Refused("few_parts", "into")
    for goal in into:
        alike([source], goal)
    await changeable(session, [source], ruling)
    children = await held(session, source, ruling.day)
    undecided = [child for child in children if child.id not in decisions]
    if undecided:
        raise Refused("undecided", "villages", names=", ".join(map(places.own_name, undecided)))
    await standing_goals(session, [goal for goal in into if goal is not source], ruling)
    touched = [source.id, *(child.id for child in children)]
    stays = source.id in ids
    changes = Changes()
    async with ledger.while_moving(session, touched):
        parts = await opened(session, into, [] if stays else [source], ruling, changes, beside=source)
        for number, part in enumerate(parts):
            if part.id != source.id:
                mine = [child for child in children if decisions[child.id] == number]
                await reparent(session, mine, part, ruling.day, changes)
                await succeed(session, source, part, ruling, changes, whole=False)
        if not stays:
            await close(session, source, ruling.day, changes)
    return await record(session, "split", ruling, [source], parts, touched, changes)


async def move(session: Session, some: Sequence[Place], under: Place, ruling: Ruling) -> PlaceEvent:
    """`some` lie in another unit from the day on. Raises Refused."""
    moving = unique(some)
    await changeable(session, moving, ruling)
    await standing_goals(session, [under], ruling, "under")
    parents = await session.places.parents_above([place.id for place in moving], ruling.day)
    for place in moving:
        if LEVELS.index(Level(under.level)) >= LEVELS.index(Level(place.level)) or (
            place.level == Level.VILLAGE and under.level != Level.COMMUNE
        ):
            raise Refused("under_level", "under", place=places.own_name(place), under=places.own_name(under))
        before = parents.get(place.id)
        if before is not None and before.id == under.id:
            raise Refused("already", "under", place=places.own_name(place), under=places.own_name(under))
        await free(session, under, place.kind, place.name, ruling.day, (), "under")
    touched = [place.id for place in moving]
    changes = Changes()
    async with ledger.while_moving(session, touched):
        await reparent(session, moving, under, ruling.day, changes)
    return await record(session, "move", ruling, moving, [under], touched, changes)


async def rename(session: Session, place: Place, kind: str, name: str, ruling: Ruling) -> PlaceEvent:
    """`place` is called otherwise from the day on; the old name stays an alias. Raises Refused."""
    await changeable(session, [place], ruling)
    new = New(kind, " ".join(name.split()))
    if (new.kind, new.name) == (place.kind, place.name):
        raise Refused("same_name", "new", name=places.own_name(place))
    above = await session.places.ancestors(place.id, ruling.day)
    await named_well(session, new, above[0] if above else None, ruling.day, [place])
    alias = PlaceAlias(
        place_id=place.id,
        kind=place.kind,
        name=place.name,
        search=place.search,
        since=ruling.day,
        source=ruling.legal_basis,
    )
    session.add(alias)
    await session.flush()
    changes = Changes(aliases=[alias.id], renamed=[[place.id, place.kind, place.name]])
    place.kind, place.name, place.search = new.kind, new.name, fold_place(new.name)
    return await record(session, "rename", ruling, [place], [place], [place.id], changes)


# --- what must hold -------------------------------------------------------------------------------------


def unique(some: Sequence[Place]) -> list[Place]:
    """Each place once."""
    return list({place.id: place for place in some}.values())


def alike(sources: Sequence[Place], into: Goal) -> None:
    """Raise Refused unless all are of one level."""
    levels = {place.level for place in sources} | ({into.level} if isinstance(into, Place) else set())
    if len(levels) > 1:
        raise Refused("levels", "into")


async def changeable(session: Session, some: Sequence[Place], ruling: Ruling) -> None:
    """Raise Refused unless these may be changed on that day by that document."""
    if not ruling.legal_basis.strip():
        raise Refused("no_basis", "basis")
    if ruling.day > ruling.now.date():
        raise Refused("future", "day", day=ruling.day)
    for place in some:
        name = places.own_name(place)
        if place.level not in CHANGING:
            raise Refused("level", place=name)
        if place.last_day is not None:
            raise Refused("closed", place=name, day=place.last_day)
        if place.first_day >= ruling.day:
            raise Refused("not_yet", "day", place=name, day=place.first_day)
        await nothing_later(session, place, ruling.day)


async def nothing_later(session: Session, place: Place, day: date) -> None:
    """Raise Refused where what the place lies in, or what lies in it, changes on a later day."""
    mine = or_(PlaceEdge.child_id == place.id, PlaceEdge.parent_id == place.id)
    later = or_(col(PlaceEdge.first_day) > day, col(PlaceEdge.last_day) >= day)
    if (await session.exec(select(PlaceEdge.id).where(mine, later).limit(1))).first() is not None:
        raise Refused("later_change", "day", place=places.own_name(place), day=day)


async def standing_goals(
    session: Session, goals: Sequence[Goal], ruling: Ruling, about: str = "into"
) -> None:
    """Raise Refused unless the goals that are no new units stand on the day and still do."""
    for goal in goals:
        place = goal if isinstance(goal, Place) else goal.under
        if place is not None and (place.last_day is not None or place.first_day > ruling.day):
            raise Refused("not_standing", about, place=places.own_name(place), day=ruling.day)


async def named_well(
    session: Session, new: New, under: Place | None, day: date, leaving: Collection[Place]
) -> None:
    """Raise Refused unless this is a name, and free below its parent once `leaving` bear it no more."""
    if not fold_place(new.name) or len(new.name) > LONGEST or not new.name.isprintable() or not new.kind:
        raise Refused("name", "new", name=new.name[:LONGEST])
    if under is not None:
        await free(session, under, new.kind, new.name, day, [place.id for place in leaving], "new")


async def free(
    session: Session,
    under: Place,
    kind: str,
    name: str,
    day: date,
    leaving: Collection[int],
    about: str,
) -> None:
    """Raise Refused where a unit of this name lies in `under` that does not leave."""
    for other in await session.places.children(under.id, day):
        if other.id not in leaving and (other.kind, other.name.casefold()) == (kind, name.casefold()):
            raise Refused("taken", about, name=places.own_name(other), under=places.own_name(under))


async def held(session: Session, place: Place, day: date) -> list[Place]:
    """What lies in a place on that day; edges that end later were refused before."""
    return await session.places.children(place.id, day)


# --- changing rows --------------------------------------------------------------------------------------


async def opened(
    session: Session,
    goals: Sequence[Goal],
    closing: Sequence[Place],
    ruling: Ruling,
    changes: Changes,
    *,
    beside: Place | None = None,
) -> list[Place]:
    """The goals as places; those that are new are opened on the day, in the parent that their origins share."""
    origins = closing or ([beside] if beside else [])
    found = []
    for goal in goals:
        if isinstance(goal, Place):
            found.append(goal)
            continue
        under = goal.under or await shared_parent(session, origins, ruling.day)
        tidy = New(goal.kind, " ".join(goal.name.split()))
        await named_well(session, tidy, under, ruling.day, closing)
        level = origins[0].level
        place = await session.places.add(
            level, tidy.kind, tidy.name, under.id, first_day=ruling.day, source=SOURCE
        )
        place.invented = all(origin.invented for origin in origins)
        edge = await session.exec(select(PlaceEdge.id).where(PlaceEdge.child_id == place.id))
        changes.opened.append(place.id)
        changes.edges.append(edge.one())
        found.append(place)
    return found


async def shared_parent(session: Session, some: Sequence[Place], day: date) -> Place:
    """The one unit in which all lie. Raises Refused."""
    above = await session.places.parents_above([place.id for place in some], day)
    parents = {parent.id: parent for place in some if (parent := above.get(place.id))}
    if len(parents) != 1:
        raise Refused("which_parent", "under")
    return next(iter(parents.values()))


async def reparent(
    session: Session, some: Sequence[Place], under: Place, day: date, changes: Changes
) -> None:
    """Let places lie in another unit from the day on."""
    for place in some:
        await end_edge(session, place, day, changes)
        edge = PlaceEdge(child_id=place.id, parent_id=under.id, first_day=day)
        session.add(edge)
        await session.flush()
        changes.edges.append(edge.id)


async def end_edge(session: Session, place: Place, day: date, changes: Changes) -> None:
    """End what a place lies in on the day before; an edge that began on the very day is dropped."""
    mine = select(PlaceEdge).where(PlaceEdge.child_id == place.id, col(PlaceEdge.last_day).is_(None))
    for edge in (await session.exec(mine)).all():
        if edge.first_day > day:
            raise Refused("later_change", "day", place=places.own_name(place), day=day)
        changes.cut.append([edge.child_id, edge.parent_id, edge.first_day.isoformat(), edge.id])
        if edge.first_day == day:
            await session.delete(edge)
        else:
            edge.last_day = day - timedelta(1)


async def close(session: Session, place: Place, day: date, changes: Changes) -> None:
    """Close a place on the day before."""
    await end_edge(session, place, day, changes)
    place.last_day = day - timedelta(1)
    changes.closed.append(place.id)


async def succeed(
    session: Session, old: Place, new: Place, ruling: Ruling, changes: Changes, *, whole: bool
) -> None:
    """Write down that one went into another."""
    step = PlaceSuccession(
        from_id=old.id, to_id=new.id, day=ruling.day, whole=whole, legal_basis=ruling.legal_basis
    )
    session.add(step)
    await session.flush()
    changes.successions.append(step.id)


async def record(
    session: Session,
    kind: str,
    ruling: Ruling,
    sources: Sequence[Place],
    into: Sequence[Place],
    touched: Sequence[int],
    changes: Changes,
) -> PlaceEvent:
    """Write down the event, with what took part as it was called before."""
    before = {number: f"{word} {name}".strip() for number, word, name in changes.renamed}
    event = PlaceEvent(
        kind=kind,
        day=ruling.day,
        legal_basis=ruling.legal_basis,
        created_at=ruling.now,
        detail={
            "from": [place.id for place in sources],
            "into": [place.id for place in into],
            "names": {
                "from": [before.get(place.id, places.own_name(place)) for place in sources],
                "into": [places.own_name(place) for place in into],
            },
            "touched": sorted({*touched, *changes.opened}),
            "changes": changes.to_json(),
        },
    )
    session.add(event)
    await session.flush()
    session.places.changed()
    detail = {"day": ruling.day.isoformat(), "places": event.detail["touched"]}
    await audit.record(session, f"place.{kind}", None, None, f"event:{event.id}", detail)
    return event


# --- looking back ---------------------------------------------------------------------------------------


async def get(session: Session, event_id: int) -> PlaceEvent | None:
    """The event with this number, or None."""
    return await session.get(PlaceEvent, event_id)


async def events(session: Session, place_ids: Collection[int] | None = None) -> list[PlaceEvent]:
    """Every event, the newest first; only those that touched some of `place_ids` where they are given."""
    found = await session.exec(select(PlaceEvent).order_by(col(PlaceEvent.id).desc()))
    return [event for event in found if place_ids is None or concerned(event) & set(place_ids)]


def concerned(event: PlaceEvent) -> set[int]:
    """The places whose own days, names or parents the event changed, and those that they went into."""
    into = event.detail["into"] if event.kind != "move" else ()
    return {*event.detail["touched"], *event.detail["from"], *into}


@dataclass(frozen=True, slots=True)
class Moved:
    """A place that lay in one unit until an event, and in another from `day` on (None: it was closed)."""

    child_id: int
    old_parent_id: int | None
    new_parent_id: int | None
    day: date


async def moved(session: Session, event: PlaceEvent) -> list[Moved]:
    """What the event moved where."""
    changes = event.detail["changes"]
    chosen = select(PlaceEdge).where(col(PlaceEdge.id).in_(changes["edges"]))
    new = {edge.child_id: edge.parent_id for edge in await session.exec(chosen)}
    old = {child: parent for child, parent, _, _ in changes["cut"]}
    return [Moved(child, old.get(child), new.get(child), event.day) for child in {**old, **new}]


async def undo(session: Session, event: PlaceEvent, now: datetime) -> None:
    """Put everything back as it was before the event. Raises Refused once something was reported under it."""
    await undoable(session, event)
    changes = event.detail["changes"]
    async with ledger.while_moving(session, event.detail["touched"]):
        await drop(session, PlaceEdge, changes["edges"])
        await drop(session, PlaceSuccession, changes["successions"])
        await drop(session, PlaceAlias, changes["aliases"])
        await session.flush()
        for row in changes["cut"]:
            await restore_edge(session, *row)
        for number in changes["closed"]:
            (await one(session, number)).last_day = None
        for number, kind, name in changes["renamed"]:
            place = await one(session, number)
            place.kind, place.name, place.search = kind, name, fold_place(name)
    await drop(session, Place, changes["opened"])
    event.undone_at = now
    await audit.record(session, "place.undone", None, None, f"event:{event.id}")
    await session.flush()
    session.places.changed()


async def undoable(session: Session, event: PlaceEvent) -> None:
    """Raise Refused where the event cannot be undone any more."""
    if event.undone_at is not None:
        raise Refused("undone", "event", event=event.id)
    for other in await events(session, concerned(event)):
        if other.id > event.id and other.undone_at is None:
            raise Refused("later_event", "event", event=event.id, later=other.id)
    reporters = await ledger.reporters_below(session, concerned(event))
    for some in portions(reporters):
        late = col(Submission.place_id).in_(some), col(Submission.sent_at) >= event.created_at
        if (await session.exec(select(Submission.id).where(*late).limit(1))).first() is not None:
            raise Refused("reported", "event", event=event.id)
    opened_ids = event.detail["changes"]["opened"]
    for table in (Role, Invitation, RosterEntry, InterviewRow):
        used = select(table.id).where(col(table.place_id).in_(opened_ids)).limit(1)
        if (await session.exec(used)).first() is not None:
            raise Refused("in_use", "event", event=event.id)


async def drop(
    session: Session, table: type[Place | PlaceEdge | PlaceSuccession | PlaceAlias], ids: Sequence[int]
) -> None:
    """Delete the rows with these ids."""
    for number in ids:
        row = await session.get(table, number)
        if row is not None:
            await session.delete(row)
    await session.flush()


async def restore_edge(session: Session, child: int, parent: int, first: str, edge_id: int) -> None:
    """Let an edge that was ended, or dropped, go on."""
    edge = await session.get(PlaceEdge, edge_id)
    if edge is None:
        day = date.fromisoformat(first)
        session.add(PlaceEdge(id=edge_id, child_id=child, parent_id=parent, first_day=day))
    else:
        edge.last_day = None


async def one(session: Session, place_id: int) -> Place:
    """The place with this id, which an event names: places are never deleted while an event does."""
    return await session.get_one(Place, place_id)

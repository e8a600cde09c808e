"""Merges, splits, moves and renames of villages and communes, each by a document and from a day on; and undoing them.

A place keeps its identity. What merges or splits is closed on the day before, unless it goes on itself, and lives on
through its successors; what lies in it gets another parent from the day on. The past follows in the ledger. Nothing is
guessed: a split needs a decision for everything in the unit, and a day after which something already happened is
refused (`storage.place_rules`). Each event remembers what it changed, so that it can be undone until something reports
under it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete
from sqlmodel import col, select

from questionnaires.answers.places import fold_place
from storage import audit, ledger, places
from storage.kept_events import EventChanges, first_named, keep, record
from storage.place_rules import (
    Destination,
    EventRefused,
    New,
    Ruling,
    alike,
    all_decided,
    changeable,
    divided,
    free,
    held,
    may_lie_in,
    named_well,
    standing_goals,
)
from storage.portions import portions
from storage.session import Session
from storage.tables import (
    InterviewRow,
    Invitation,
    Place,
    PlaceAlias,
    PlaceEdge,
    PlaceEvent,
    PlaceMark,
    PlaceSuccession,
    Role,
    RosterEntry,
    Submission,
)

SOURCE: Final = "event"
"""`Place.source` of a place that an event opened."""

IMPORT: Final = "import"
"""The kind of event for a list of new villages."""
MARK: Final = "mark"
UNMARK: Final = "unmark"
MARK_LIST: Final = "marks"
MARKING: Final = frozenset((MARK, UNMARK, MARK_LIST))
"""The kinds of event that record attributes of places and leave the places as they are (`storage.place_marks`)."""
# --- the four events ------------------------------------------------------------------------------------


async def merge(session: Session, sources: Sequence[Place], into: Destination, ruling: Ruling) -> PlaceEvent:
    """Make `sources` one: a new unit, or one that stands (perhaps one of them). Raises EventRefused."""
    goes_on = into.id if isinstance(into, Place) else None
    closing = [place for place in await rows_of(session, sources) if place.id != goes_on]
    if len(closing) + (goes_on is not None) < 2:
        raise EventRefused("few")
    alike(closing, into)
    await changeable(session, closing, ruling)
    children = {place.id: await held(session, place, ruling.day) for place in closing}
    await standing_goals(session, [into], ruling)
    touched = [place.id for place in closing]
    touched += [child.id for some in children.values() for child in some]
    changes = EventChanges()
    # Everything was refused that could be, before anything is changed: a merge is done whole or not at all.
    async with ledger.while_moving(session, [*touched, *standing_ones([into])]):
        (target,) = await opened(session, [into], closing, ruling, changes)
        for place in closing:
            await reparent(session, children[place.id], target, ruling.day, changes)
            await close(session, place, ruling.day, changes)
            await succeed(session, place, target, ruling, changes, whole=True)
        # Within the block: what stands depends on when the event was recorded.
        return await record(session, "merge", ruling, closing, [target], touched, changes)


async def split(
    session: Session,
    source: Place,
    into: Sequence[Destination],
    decisions: Mapping[int, int],
    ruling: Ruling,
) -> PlaceEvent:
    """Divide `source` into several: new units, standing units, or itself for the part that stays what it is.

    `decisions` says for each place in it which of `into` it goes to, by position. Raises EventRefused; "undecided"
    names the places without a decision.
    """
    source = await one(session, source.id)
    others = [goal for goal in into if not isinstance(goal, Place) or goal.id != source.id]
    stays = len(others) < len(into)
    divided(source, into)
    await changeable(session, [source], ruling)
    children = await held(session, source, ruling.day)
    all_decided(children, decisions)
    await standing_goals(session, others, ruling)
    touched = [source.id, *(child.id for child in children)]
    changes = EventChanges()
    async with ledger.while_moving(session, [*touched, *standing_ones(others)]):
        parts = await opened(session, into, [] if stays else [source], ruling, changes, beside=source)
        for number, part in enumerate(parts):
            # What stays with the source keeps its edge: its history must not begin anew.
            if part.id != source.id:
                mine = [child for child in children if decisions[child.id] == number]
                await reparent(session, mine, part, ruling.day, changes)
                await succeed(session, source, part, ruling, changes, whole=False)
        if not stays:
            await close(session, source, ruling.day, changes)
        return await record(session, "split", ruling, [source], parts, touched, changes)


async def move(session: Session, some: Sequence[Place], under: Place, ruling: Ruling) -> PlaceEvent:
    """Put `some` into another unit from the day on. Raises EventRefused."""
    moving = await rows_of(session, some)
    await changeable(session, moving, ruling)
    await standing_goals(session, [under], ruling, "under")
    touched = [place.id for place in moving]
    parents = await session.places.parents_above(touched, ruling.day)
    for place in moving:
        may_lie_in(place, under, parents.get(place.id))
        await free(session, under, place.kind, place.name, ruling.day, (), "under")
    changes = EventChanges()
    async with ledger.while_moving(session, touched):
        await reparent(session, moving, under, ruling.day, changes)
    return await record(session, "move", ruling, moving, [under], touched, changes)


async def rename(session: Session, place: Place, kind: str, name: str, ruling: Ruling) -> PlaceEvent:
    """Give `place` another name from the day on; the old name stays as an alias. Raises EventRefused."""
    place = await one(session, place.id)
    await changeable(session, [place], ruling)
    new = New(kind, " ".join(name.split()))
    if (new.kind, new.name) == (place.kind, place.name):
        raise EventRefused("same_name", "new", name=places.own_name(place))
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
    changes = EventChanges(aliases=[alias.id], renamed=[[place.id, place.kind, place.name]])
    place.kind, place.name, place.search = new.kind, new.name, fold_place(new.name)
    return await record(session, "rename", ruling, [place], [place], [place.id], changes)


# --- changing rows --------------------------------------------------------------------------------------


async def opened(
    session: Session,
    goals: Sequence[Destination],
    closing: Sequence[Place],
    ruling: Ruling,
    changes: EventChanges,
    *,
    beside: Place | None = None,
) -> list[Place]:
    """Return the goals as places; new ones are opened on the day, in the parent that their origins share."""
    origins = closing or ([beside] if beside else [])
    units = []
    for goal in goals:
        if isinstance(goal, Place):
            units.append(await one(session, goal.id))
            continue
        under = goal.under or await shared_parent(session, origins, ruling.day)
        new = New(goal.kind, " ".join(goal.name.split()), under)
        await named_well(session, new, under, ruling.day, closing)
        units.append(await open_new(session, new, under, origins, ruling.day, changes))
    return units


async def open_new(
    session: Session, new: New, under: Place, origins: Sequence[Place], day: date, changes: EventChanges
) -> Place:
    """Open a unit on the day, on the level of its origins; it counts as invented if they all are."""
    place = await session.places.add(
        origins[0].level, new.kind, new.name, under.id, first_day=day, source=SOURCE
    )
    place.invented = all(origin.invented for origin in origins)
    edge = await session.exec(select(PlaceEdge.id).where(PlaceEdge.child_id == place.id))
    changes.opened.append(place.id)
    changes.edges.append(edge.one())
    return place


def standing_ones(goals: Sequence[Destination]) -> list[int]:
    """Return the goals that already stand: what they report may end the stocks of what goes into them."""
    return [goal.id for goal in goals if isinstance(goal, Place)]


async def shared_parent(session: Session, some: Sequence[Place], day: date) -> Place:
    """Return the one unit in which all lie. Raises EventRefused."""
    above = await session.places.parents_above([place.id for place in some], day)
    parents = {parent.id: parent for place in some if (parent := above.get(place.id))}
    if len(parents) != 1:
        raise EventRefused("which_parent", "under")
    return next(iter(parents.values()))


async def reparent(
    session: Session, some: Sequence[Place], under: Place, day: date, changes: EventChanges
) -> None:
    """Put places into another unit from the day on."""
    for place in some:
        await end_edge(session, place, day, changes)
        edge = PlaceEdge(child_id=place.id, parent_id=under.id, first_day=day)
        session.add(edge)
        await session.flush()
        changes.edges.append(edge.id)


async def end_edge(session: Session, place: Place, day: date, changes: EventChanges) -> None:
    """End a place's edge on the day before; an edge that began on the very day is dropped."""
    mine = select(PlaceEdge).where(PlaceEdge.child_id == place.id, col(PlaceEdge.last_day).is_(None))
    for edge in (await session.exec(mine)).all():
        if edge.first_day > day:
            raise EventRefused("later_change", "day", place=places.own_name(place), day=day)
        changes.cut.append([edge.child_id, edge.parent_id, edge.first_day.isoformat(), edge.id])
        if edge.first_day == day:
            await session.delete(edge)
        else:
            edge.last_day = day - timedelta(1)


async def close(session: Session, place: Place, day: date, changes: EventChanges) -> None:
    """Close a place on the day before."""
    await end_edge(session, place, day, changes)
    place.last_day = day - timedelta(1)
    changes.closed.append(place.id)


async def succeed(
    session: Session, old: Place, new: Place, ruling: Ruling, changes: EventChanges, *, whole: bool
) -> None:
    """Record that one went into another."""
    step = PlaceSuccession(
        from_id=old.id, to_id=new.id, day=ruling.day, whole=whole, legal_basis=ruling.legal_basis
    )
    session.add(step)
    await session.flush()
    changes.successions.append(step.id)


async def listed(
    session: Session, opened: Sequence[int], edges: Sequence[int], names: Sequence[str], ruling: Ruling
) -> PlaceEvent:
    """Record that a list added places with these `names`, so that it can be undone as long as nothing uses them."""
    changes = EventChanges(opened=list(opened), edges=list(edges))
    into = {"from": [], "into": first_named(names)}
    return await keep(session, IMPORT, ruling, ((), opened), into, (), changes)


async def last_import(session: Session) -> PlaceEvent | None:
    """Return the newest list that added places and was not undone."""
    standing = select(PlaceEvent).where(PlaceEvent.kind == IMPORT, col(PlaceEvent.undone_at).is_(None))
    return (await session.exec(standing.order_by(col(PlaceEvent.id).desc()).limit(1))).first()


# --- looking back ---------------------------------------------------------------------------------------


async def get(session: Session, event_id: int) -> PlaceEvent | None:
    """The event with this number, or None."""
    return await session.get(PlaceEvent, event_id)


async def events(session: Session, place_ids: Collection[int] | None = None) -> list[PlaceEvent]:
    """Every event, the newest first; only those that touched some of `place_ids` where they are given."""
    newest_first = await session.exec(select(PlaceEvent).order_by(col(PlaceEvent.id).desc()))
    return [event for event in newest_first if place_ids is None or concerned(event) & set(place_ids)]


def concerned(event: PlaceEvent) -> set[int]:
    """Return the places whose own days, names or parents the event changed, and those that they went into."""
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
    """Restore everything as it was before the event. Raises EventRefused once something was reported under it."""
    await undoable(session, event)
    changes = event.detail["changes"]
    async with ledger.while_moving(session, concerned(event)):
        await drop(session, PlaceEdge, changes["edges"])
        await drop(session, PlaceSuccession, changes["successions"])
        await drop(session, PlaceAlias, changes["aliases"])
        await session.exec(delete(PlaceMark).where(col(PlaceMark.event_id) == event.id))
        # Events of earlier versions replaced no marks.
        session.add_all(map(mark_of, changes.get("unmarked", ())))
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
    """Raise EventRefused if the event can no longer be undone."""
    if event.undone_at is not None:
        raise EventRefused("undone", "event", event=event.id)
    for other in await events(session, concerned(event)):
        if other.id > event.id and other.undone_at is None and builds_on(other, event):
            raise EventRefused("later_event", "event", event=event.id, later=other.id)
    if event.kind not in MARKING and await has_reported(session, event):
        raise EventRefused("reported", "event", event=event.id)
    if await is_in_use(session, event.detail["changes"]["opened"]):
        raise EventRefused("in_use", "event", event=event.id)


def builds_on(later: PlaceEvent, event: PlaceEvent) -> bool:
    """Whether an event depends on what an earlier one did to the same places.

    Marks depend on marks that they replaced, and on places that were opened; nothing else depends on marks.
    """
    if later.kind not in MARKING:
        return event.kind not in MARKING
    if event.kind not in MARKING:
        return bool(set(event.detail["changes"]["opened"]) & concerned(later))
    replaced = map(mark_of, later.detail["changes"]["unmarked"])
    return any(mark.event_id == event.id for mark in replaced)


def mark_values(row: PlaceMark) -> list[Any]:
    """Return all that a mark says, so that it can be restored. Its id is left out: databases may give a free one again."""
    last = row.last_day.isoformat() if row.last_day else None
    days = (row.first_day.isoformat(), last)
    return [row.place_id, row.attribute, row.holds, *days, row.legal_basis, row.event_id]


def mark_of(values: Sequence[Any]) -> PlaceMark:
    """Return the row of marks with these values."""
    place, attribute, holds, first, last, basis, event = values
    return PlaceMark(
        place_id=place,
        attribute=attribute,
        holds=holds,
        first_day=date.fromisoformat(first),
        last_day=date.fromisoformat(last) if last else None,
        legal_basis=basis,
        event_id=event,
    )


async def has_reported(session: Session, event: PlaceEvent) -> bool:
    """Whether anything that the event concerns has reported since."""
    for some in portions(await ledger.reporters_below(session, concerned(event))):
        late = col(Submission.place_id).in_(some), col(Submission.sent_at) >= event.created_at
        if (await session.exec(select(Submission.id).where(*late).limit(1))).first() is not None:
            return True
    return False


async def is_in_use(session: Session, place_ids: Sequence[int]) -> bool:
    """Whether somebody holds, was offered, or reports for one of the places."""
    for table in (Role, Invitation, RosterEntry, InterviewRow):
        used = select(table.id).where(col(table.place_id).in_(place_ids)).limit(1)
        if (await session.exec(used)).first() is not None:
            return True
    return False


async def drop(
    session: Session,
    table: type[Place | PlaceEdge | PlaceSuccession | PlaceAlias],
    ids: Sequence[int],
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
    """Return the place with this id, which an event names: such places are never deleted."""
    return await session.get_one(Place, place_id)


async def rows_of(session: Session, some: Sequence[Place]) -> list[Place]:
    """Return the rows of places, each once, to be changed: those passed in may be read-only copies."""
    return [await one(session, place_id) for place_id in dict.fromkeys(place.id for place in some)]

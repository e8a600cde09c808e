"""What must be true before places may merge, split, move or be renamed; anything else is refused with its reason."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlmodel import col, or_, select

from questionnaires.answers.places import fold_place
from storage import places
from storage.session import Session
from storage.tables import Level, Place, PlaceEdge

LEVELS: Final = tuple(Level)
CHANGING: Final = (Level.COMMUNE, Level.VILLAGE)
"""The levels that may be merged, split, moved and renamed."""
LONGEST: Final = 100


class EventRefused(Exception):
    """An impossible event; `code` names a sentence, `data` fills it, `about` says which part is wrong."""

    def __init__(self, code: str, about: str = "place", **data: object) -> None:
        super().__init__(code)
        self.code, self.about, self.data = code, about, data

    def told(self) -> dict[str, str]:
        """The values of the sentence. An event's number is a name, not a quantity."""
        return {
            key: f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value)
            for key, value in self.data.items()
        }


@dataclass(frozen=True, slots=True)
class Ruling:
    """From which day on, by which document, and when we were told."""

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


Destination = Place | New


def alike(sources: Sequence[Place], into: Destination) -> None:
    """Raise EventRefused unless all are of one level."""
    levels = {place.level for place in sources} | ({into.level} if isinstance(into, Place) else set())
    if len(levels) > 1:
        raise EventRefused("levels", "into")


async def changeable(session: Session, some: Sequence[Place], ruling: Ruling) -> None:
    """Raise EventRefused unless these may be changed on that day by that document."""
    if not ruling.legal_basis.strip():
        raise EventRefused("no_basis", "basis")
    if ruling.day > ruling.now.date():
        raise EventRefused("future", "day", day=ruling.day)
    for place in some:
        stands(place, ruling.day)
        await nothing_later(session, place, ruling.day)


def stands(place: Place, day: date) -> None:
    """Raise EventRefused unless a unit's level can change, and it stood before that day and still stands."""
    name = places.own_name(place)
    if place.level not in CHANGING:
        raise EventRefused("level", place=name)
    if place.last_day is not None:
        raise EventRefused("closed", place=name, day=place.last_day)
    if place.first_day >= day:
        raise EventRefused("not_yet", "day", place=name, day=place.first_day)


async def nothing_later(session: Session, place: Place, day: date) -> None:
    """Raise EventRefused if what the place lies in, or what lies in it, changes on a later day."""
    mine = or_(PlaceEdge.child_id == place.id, PlaceEdge.parent_id == place.id)
    later = or_(col(PlaceEdge.first_day) > day, col(PlaceEdge.last_day) >= day)
    if (await session.exec(select(PlaceEdge.id).where(mine, later).limit(1))).first() is not None:
        raise EventRefused("later_change", "day", place=places.own_name(place), day=day)


async def standing_goals(
    session: Session, goals: Sequence[Destination], ruling: Ruling, about: str = "into"
) -> None:
    """Raise EventRefused unless the goals that are not new stand on the day and still do."""
    for goal in goals:
        place = goal if isinstance(goal, Place) else goal.under
        if place is not None and (place.last_day is not None or place.first_day > ruling.day):
            raise EventRefused("not_standing", about, place=places.own_name(place), day=ruling.day)


def is_name(name: str) -> bool:
    """Whether a text may be a place's name: some of its letters survive folding, and it is not too long."""
    return bool(fold_place(name)) and len(name) <= LONGEST and name.isprintable()


async def named_well(
    session: Session, new: New, under: Place | None, day: date, leaving: Collection[Place]
) -> None:
    """Raise EventRefused unless this is a name, and free below its parent once `leaving` no longer have it."""
    if not new.kind or not is_name(new.name):
        raise EventRefused("name", "new", name=new.name[:LONGEST])
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
    """Raise EventRefused if a unit of this name lies in `under` and is not leaving."""
    for other in await session.places.children(under.id, day):
        if other.id not in leaving and (other.kind, other.name.casefold()) == (kind, name.casefold()):
            raise EventRefused("taken", about, name=places.own_name(other), under=places.own_name(under))


async def held(session: Session, place: Place, day: date) -> list[Place]:
    """Return what lies in a place on that day; edges that end later were refused before."""
    return await session.places.children(place.id, day)


def divided(source: Place, into: Sequence[Destination]) -> None:
    """Raise EventRefused unless a place becomes at least two different ones."""
    ids = [goal.id for goal in into if isinstance(goal, Place)]
    if len(into) < 2 or len(ids) != len(set(ids)):
        raise EventRefused("few_parts", "into")
    for goal in into:
        alike([source], goal)


def all_decided(children: Sequence[Place], decisions: Mapping[int, int]) -> None:
    """Raise EventRefused, naming the places without a decision, unless each has one."""
    undecided = [child for child in children if child.id not in decisions]
    if undecided:
        raise EventRefused("undecided", "villages", names=", ".join(map(places.own_name, undecided)))


def may_lie_in(place: Place, under: Place, before: Place | None) -> None:
    """Raise EventRefused unless a place may move from `before` into `under`, a different unit of a higher level."""
    names = {"place": places.own_name(place), "under": places.own_name(under)}
    higher = LEVELS.index(Level(under.level)) < LEVELS.index(Level(place.level))
    if not higher or (place.level == Level.VILLAGE and under.level != Level.COMMUNE):
        raise EventRefused("under_level", "under", **names)
    if before is not None and before.id == under.id:
        raise EventRefused("already", "under", **names)

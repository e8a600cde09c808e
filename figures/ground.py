"""What a question may name and what its asker may ask about, remembered until a place or a role changes."""

from dataclasses import dataclass
from datetime import date

from figures.view import View
from queries.dictionary import Dictionary
from queries.understand import Asker
from questionnaires.answers.places import Gazetteer
from storage.gazetteer import gazetteer_of
from storage.session import Session
from storage.tables import Level, Place


@dataclass(frozen=True)
class Ground:
    """The names of all places, the plans' words, and this person's part of both."""

    dictionary: Dictionary
    gazetteer: Gazetteer
    asker: Asker


async def ground_of(view: View) -> Ground | None:
    """The ground on which this person asks; None without a role."""
    if not view.roles:
        return None
    library = view.library
    if library.dictionary is None:
        library.dictionary = Dictionary(library.plans)
    gazetteer = await gazetteer_now(view)
    roots = tuple(sorted({role.place_id for role in view.roles}))
    asker = library.askers.get((view.today, roots))
    if asker is None:
        asker = library.askers[view.today, roots] = await asker_of(view, roots, gazetteer)
    return Ground(library.dictionary, gazetteer, asker)


async def gazetteer_now(view: View) -> Gazetteer:
    """Every place by name as it stands today, read again when places change; then every ground is forgotten too.

    A merger to come changes no name before its day.
    """
    library, places = view.library, view.session.places
    standing = (await places.version(), await places.stands_since(view.today))
    if library.gazetteer is None or library.gazetteer[0] != standing:
        library.gazetteer = (standing, await gazetteer_of(view.session, view.today))
        library.askers.clear()
    return library.gazetteer[1]


async def asker_of(view: View, roots: tuple[int, ...], gazetteer: Gazetteer) -> Asker:
    """What holders of roles at `roots` may ask about: their ground, and the totals of units beside it."""
    places, today = view.session.places, view.today
    visible: set[int] = set()
    former: set[int] = set()
    levels: dict[str, int] = {}
    for root in roots:
        ground = await places.ground(root, today)
        visible |= ground
        former |= await places.closed_within(ground, today)
        way = [await places.get(root), *await places.ancestors(root, today)]
        units = [unit for unit in way if unit is not None]
        levels = {unit.level: unit.id for unit in reversed(units)} | levels
        visible |= await beside(view, units)
    own = visible | former
    nameable = own.union(*(named_with(gazetteer, number) for number in own))
    return Asker(
        roots[0], levels, frozenset(visible), frozenset(nameable), former=frozenset(former - visible)
    )


async def beside(view: View, way: list[Place]) -> set[int]:
    """The units of the same level in the unit above; none beside a village, whose neighbours' figures are their own."""
    if len(way) < 2 or way[0].level == Level.VILLAGE:
        return set()
    units = await view.session.places.children(way[1].id, view.today)
    return {unit.id for unit in units if unit.level == way[0].level}


def named_with(gazetteer: Gazetteer, number: int) -> set[int]:
    """The units that may be named along with one: those above it, now or earlier, its predecessors and its successors."""
    unit = gazetteer.units.get(number)
    return set() if unit is None else gazetteer.above(unit) | set(unit.kin)


async def below(session: Session, roots: tuple[int, ...], level: str, today: date) -> dict[int, set[int]]:
    """For each of `roots`, the ids of the places of `level` on its ground today, including itself.

    A village that was closed stands for itself: what took it in reports other ground too.
    """
    found = {root: set(await session.places.ids_below(root, level, today)) for root in roots}
    if level == Level.VILLAGE:
        standing = (await session.places.tree(today)).level
        gone = [await session.places.get(root) for root in roots if root not in standing]
        found |= {place.id: {place.id} for place in gone if place is not None and place.level == level}
    return found

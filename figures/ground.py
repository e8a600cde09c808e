"""What a question may name, and what its asker may ask about: kept until a place or a role changes."""

from dataclasses import dataclass
from datetime import date

from figures.knowledge import Knowledge
from figures.view import View
from queries.dictionary import Dictionary
from queries.understand import Asker
from questionnaires.answers.places import Gazetteer
from storage.gazetteer import gazetteer_of
from storage.session import Session
from storage.tables import Level


@dataclass(frozen=True)
class Ground:
    """The names of all places, the plans' words, and this person's part of them."""

    dictionary: Dictionary
    gazetteer: Gazetteer
    asker: Asker


async def ground_of(view: View) -> Ground | None:
    """The ground on which this person asks; None for somebody without a role."""
    if not view.roles:
        return None
    library = view.library
    version = await view.session.places.version()
    if library.gazetteer is None or library.gazetteer[0] != version:
        library.gazetteer = (version, await gazetteer_of(view.session))
        library.askers.clear()
    if library.dictionary is None:
        library.dictionary = Dictionary(library.plans)
    roots = tuple(sorted({role.place_id for role in view.roles}))
    known = library.askers.get((view.today, roots))
    if known is None:
        known = library.askers[view.today, roots] = await asker_of(view.session, roots, view.today, library)
    return Ground(library.dictionary, library.gazetteer[1], known)


async def asker_of(session: Session, roots: tuple[int, ...], today: date, library: Knowledge) -> Asker:
    """What the holder of roles at `roots` may ask about: their ground, and the totals of the units beside them."""
    assert library.gazetteer is not None
    gazetteer = library.gazetteer[1]
    visible: set[int] = set()
    former: set[int] = set()
    levels: dict[str, int] = {}
    for root in roots:
        ground = await session.places.ground(root, today)
        visible |= ground
        former |= await session.places.closed_within(ground, today)
        way = [await session.places.get(root), *await session.places.ancestors(root, today)]
        units = [unit for unit in way if unit is not None]
        for unit in units:
            levels.setdefault(unit.level, unit.id)
        if len(units) > 1 and units[0].level != Level.VILLAGE:
            beside = await session.places.children(units[1].id, today)
            visible |= {unit.id for unit in beside if unit.level == units[0].level}
    nameable = visible | former
    for number in tuple(nameable):
        known = gazetteer.units.get(number)
        if known is not None:
            nameable |= gazetteer.above(known)
            nameable.update(known.kin)
    return Asker(
        roots[0], levels, frozenset(visible), frozenset(nameable), former=frozenset(former - visible)
    )


async def below(session: Session, roots: tuple[int, ...], level: str, today: date) -> dict[int, set[int]]:
    """For each of `roots` the ids of the places of `level` on its ground today, itself if it is of that level."""
    return {root: set(await session.places.ids_below(root, level, today)) for root in roots}

"""Whose ground a figure is of: a former unit's figures are those of its successors, so two names may mean one ground."""

from collections.abc import Sequence
from itertools import combinations

from markupsafe import Markup

from figures.programmes import was_closed
from handlers.asking.asked import NAMED, Asked
from handlers.sentences import first_names
from storage.places import own_name
from storage.tables import Level, Place


async def with_villages(asked: Asked, units: Sequence[Place]) -> list[Place]:
    """Those of some units that have villages in the list."""
    places, today = asked.viewer.session.places, asked.viewer.today
    return [unit for unit in units if await places.ids_below(unit.id, Level.VILLAGE, today)]


async def title(asked: Asked, place: Place) -> str:
    """What stands above a place's figures: its full name.

    Of a former unit it is the name of its successors that have villages in the list, if these are not all of them and
    took in others' ground too: then the figure is hardly the former unit's.
    """
    viewer = asked.viewer
    places = viewer.session.places
    name = await places.full_name(place, viewer.today)
    if place.level in (Level.VILLAGE, Level.COMMUNE) or not was_closed(viewer, place):
        return name
    heirs = await places.below(place.id, Level.COMMUNE, viewer.today)
    listed = await with_villages(asked, heirs)
    if not listed or len(listed) == len(heirs) or not asked.others_within(place, listed):
        return name
    names = first_names([*map(own_name, listed)], NAMED, " …")
    former = own_name(place)
    part = viewer.say("asking.part_of_former", units=names, n=len(listed), count=len(heirs), place=former)
    return part.unescape()


async def shared(asked: Asked, named: Sequence[Place], level: str, *, summed: bool) -> Markup | None:
    """Return why two of the named places are neither compared nor added: they are one ground.

    Added (`summed`) are only places that share nothing.
    """
    places, today = asked.viewer.session.places, asked.viewer.today
    for one, other in combinations(named, 2):
        first = await places.ids_below(one.id, level, today)
        second = await places.ids_below(other.id, level, today)
        names = {"one": called(asked, one), "other": called(asked, other)}
        if first and first == second:
            return asked.viewer.say("asking.one_ground", **names)
        if summed and first & second:
            return asked.viewer.say("asking.shared_ground", **names)
    return None


def called(asked: Asked, place: Place) -> str:
    """A place's own name; of a former unit as such, since its successor may bear the same name."""
    name = own_name(place)
    return (
        asked.viewer.say("asking.former_name", place=name).unescape()
        if was_closed(asked.viewer, place)
        else name
    )

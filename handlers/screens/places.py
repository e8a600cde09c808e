"""How a place is named at the head of an officer's screens, how a closed one is counted today, and the button to the
unit above."""

from typing import Final

from markupsafe import Markup

from figures import access
from figures.former import is_former
from figures.programmes import was_closed
from handlers.buttons import choice
from handlers.messages import Choice
from handlers.navigation import ShowUnit
from handlers.sentences import first_names
from handlers.viewer import Viewer
from storage import places
from storage.tables import Level, Place

NAMED: Final = 12
"""How many successors of a closed unit to name."""


def asked_name(viewer: Viewer, place: Place) -> str:
    """Return the name of a place that reports; a former province is named as a part of today's, which it is."""
    own = places.own_name(place)
    return viewer.say("places.former_part", place=own).unescape() if is_former(viewer, place) else own


async def title(viewer: Viewer, place: Place) -> Markup:
    name = await viewer.session.places.full_name(place, viewer.today)
    closed = await counted_on(viewer, place)
    invented = viewer.say("officer.invented") if place.invented else Markup()
    return Markup("\n").join(filter(None, (viewer.say("officer.title", place=name), closed, invented)))


async def counted_on(viewer: Viewer, place: Place) -> Markup:
    """Return on which of today's units a closed one is counted; nothing for one that stands."""
    if not was_closed(viewer, place):
        return Markup()
    level = Level.VILLAGE if place.level == Level.VILLAGE else Level.COMMUNE
    units = await viewer.session.places.below(place.id, level, viewer.today)
    names = first_names([places.own_name(unit) for unit in units], NAMED, " …")
    return viewer.say("officer.closed" if units else "officer.closed_alone", day=place.last_day, units=names)


async def way_up(viewer: Viewer, place: Place, back: int) -> list[tuple[Choice, ...]]:
    """Return the button to the unit above, as far up as this person may see."""
    above = await viewer.session.places.ancestors(place.id, viewer.today)
    if not above or await access.visible(viewer, above[0].id) is None:
        return []
    up = above[0]
    return [(choice(f"↑ {places.own_name(up)}", ShowUnit(up.id, back)),)]

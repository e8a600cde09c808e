"""How a place is headed on an officer's screens, and the button to the unit above it."""

from markupsafe import Markup

from figures import access
from figures.former import is_former
from handlers.buttons import choice
from handlers.messages import Choice
from handlers.navigation import ShowUnit
from handlers.viewer import Viewer
from storage import places
from storage.tables import Place


def asked_name(viewer: Viewer, place: Place) -> str:
    """How a place is called that reports: a former province is a part of another today, and not all of that."""
    own = places.own_name(place)
    return viewer.say("places.former_part", place=own).unescape() if is_former(viewer, place) else own


async def title(viewer: Viewer, place: Place) -> Markup:
    name = await viewer.session.places.full_name(place, viewer.today)
    closed = Markup("\n") + viewer.say("officer.closed", day=place.last_day) if place.last_day else Markup()
    invented = Markup("\n") + viewer.say("officer.invented") if place.invented else Markup()
    return viewer.say("officer.title", place=name) + closed + invented


async def way_up(viewer: Viewer, place: Place, back: int) -> list[tuple[Choice, ...]]:
    """The button to the unit above, as far up as this person may see."""
    above = await viewer.session.places.ancestors(place.id, viewer.today)
    if not above or await access.visible(viewer, above[0].id) is None:
        return []
    up = above[0]
    return [(choice(f"↑ {places.own_name(up)}", ShowUnit(up.id, back)),)]

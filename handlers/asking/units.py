"""How many units a place has: "Cẩm Giàng có mấy thôn"."""

from collections.abc import Sequence

from markupsafe import Markup

from handlers.asking.asked import NAMED, Asked
from handlers.messages import Reply
from handlers.sentences import first_names
from plans.levels import LEVELS
from storage import places
from storage.tables import Place


async def show(asked: Asked, named: Sequence[Place]) -> Reply:
    """How many units of the level named are in the list, and their names, for each place named; of a larger level, in
    which one it lies."""
    viewer, level = asked.viewer, asked.listing.level
    lines: list[Markup] = []
    for place in named:
        if LEVELS.index(level) > LEVELS.index(place.level):
            name = await viewer.session.places.full_name(place, viewer.today)
            lines.append(viewer.say("asking.lies_in", place=name))
            continue
        below = await viewer.session.places.below(place.id, level, viewer.today)
        units = [unit for unit in below if unit.id in asked.ground.asker.visible]
        names = first_names([*map(places.own_name, units)], NAMED, " …")
        name = await viewer.session.places.full_name(place, viewer.today)
        key = "asking.how_many_units" if units else "asking.no_units"
        lines.append(viewer.say(key, n=len(units), place=name, level=asked.level(level), names=names))
    return Reply(Markup("\n").join(lines))

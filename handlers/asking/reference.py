"""Units picked by another place's value: "xã nào có hộ nghèo cao hơn toàn huyện"."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from markupsafe import Markup

from figures.sources import Source
from handlers.asking import ranking, together
from handlers.asking.asked import Asked
from handlers.asking.which_units import listed_level
from handlers.messages import Reply
from queries.frames import Bound, Ranking, Than
from reports.progress import rounded
from storage import places
from storage.tables import Place


async def show(
    asked: Asked, query: Ranking, than: Than, named: list[Place], source: Source, first: int
) -> Reply:
    """The units on one side of the other place's value, which is told above them; if there is none, say so."""
    session = asked.viewer.session
    place = await session.places.get(than.place)
    if place is None:
        return Reply(asked.viewer.say("asking.no_place"))
    span = asked.span(source)
    counted = await asked.counted(source, place, span)
    value = counted.figure.value
    told = await asked.value(source, counted, place, span)
    line = asked.viewer.say("asking.than", place=places.own_name(place), value=told)
    if value is None or await asked.is_kept_back(source, place, span, counted):
        return Reply(line)
    lines: Sequence[Markup] = [line]
    limit = Bound(than.relation, value, shown=rounded(value, source.indicator.decimals))
    if than.mean and not source.indicator.rate:
        # What all units have together is no average of theirs, unless it is a share.
        mean, lines = await average(asked, query, named, source)
        limit = Bound(than.relation, mean, shown=rounded(mean, 1))
    # A unit is on neither side of its own value.
    is_unit = place.level == listed_level(asked, named[0], source)
    others = (*query.without, than.place) if is_unit else query.without
    held = replace(asked, query=replace(query, than=None, bounds=(*query.bounds, limit), without=others))
    reply = await ranking.show(held, named, source, first)
    return replace(reply, text=Markup("\n").join((*lines, reply.text)))


async def average(
    asked: Asked, query: Ranking, named: list[Place], source: Source
) -> tuple[Decimal, Sequence[Markup]]:
    """What the units listed have on average, of those with a figure that the asker may see; and that in words."""
    every = replace(asked, query=replace(query, than=None, bounds=(), mean=True))
    listed = await ranking.in_order(every, named, source, asked.span(source))
    level = asked.level(listed_level(asked, named[0], source))
    return together.mean_of(every, listed), together.averaged(every, source, listed, level)

"""Units picked by another place's value: "xã nào có hộ nghèo cao hơn toàn huyện"."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final, NamedTuple

from markupsafe import Markup

from figures.of_all import ShareOfAll
from figures.sources import Source
from handlers.asking import ranking, together
from handlers.asking.asked import Asked
from handlers.asking.listed import UnitsKnown
from handlers.asking.shares import is_share_of_all, of_all_text, percent_of, share_at
from handlers.asking.which_units import listed_level
from handlers.messages import Reply
from queries.frames import Bound, Ranking, Relation, Than
from reports.progress import rounded
from storage import places
from storage.tables import Place

PERCENT_SIGN: Final = "%"


class Yardstick(NamedTuple):
    """What units are held against, in words; and as a bound, if it has a number."""

    lines: Sequence[Markup]
    limit: Bound | None


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
    # A unit is on neither side of its own value.
    is_unit = place.level == listed_level(asked, named[0], source)
    others = (*query.without, than.place) if is_unit else query.without
    given = Yardstick([line], Bound(than.relation, value, shown=rounded(value, source.indicator.decimals)))
    if is_share_of_all(asked, source):
        share = await share_at(asked, source, place, counted, span)
        given = await of_shares(asked, query, than, named, source, given, share)
    elif than.mean and not source.indicator.rate:
        # What all units have together is no average of theirs, unless it is a share.
        mean, lines = await average(asked, query, named, source)
        given = Yardstick(lines, Bound(than.relation, mean, shown=rounded(mean, 1)))
    bounds = query.bounds if given.limit is None else (*query.bounds, given.limit)
    held = replace(asked, query=replace(query, than=None, bounds=bounds, without=others))
    reply = await ranking.show(held, named, source, first)
    return replace(reply, text=Markup("\n").join((*given.lines, reply.text)))


async def of_shares(
    asked: Asked,
    query: Ranking,
    than: Than,
    named: list[Place],
    source: Source,
    number: Yardstick,
    share: ShareOfAll | None,
) -> Yardstick:
    """What shares are held against where something is only counted: the other place's share; of a place whose units are
    listed, else that of those with one. No bound if there is none: the `number` is no share."""
    if share and not share.lacking:
        text = of_all_text(asked, source.indicator, share)
        return Yardstick([*number.lines, text], percent(than.relation, percent_of(share)))
    listed, lines = await together_of(asked, query, named, source)
    if listed.of_all and than.place in {one.id for one in named}:
        return Yardstick(lines, percent(than.relation, together.share_of(asked, listed)))
    # Where no unit has a share, the list says so itself.
    none = asked.no_share(source.indicator) if listed.of_all else Markup()
    why = of_all_text(asked, source.indicator, share) if share else none
    return Yardstick([*number.lines, *filter(None, [why])], None)


def percent(relation: Relation, value: Decimal) -> Bound:
    """A bound in per cent, written with one decimal."""
    return Bound(relation, value, PERCENT_SIGN, shown=rounded(value, 1))


async def average(
    asked: Asked, query: Ranking, named: list[Place], source: Source
) -> tuple[Decimal, Sequence[Markup]]:
    """What the units listed have on average, of those with a figure that the asker may see; and that in words."""
    listed, lines = await together_of(asked, query, named, source)
    return together.mean_of(asked, listed), lines


async def together_of(
    asked: Asked, query: Ranking, named: list[Place], source: Source
) -> tuple[UnitsKnown, Sequence[Markup]]:
    """The units listed, and what they have together or on average, in words."""
    every = replace(asked, query=replace(query, than=None, bounds=(), mean=True))
    listed = await ranking.in_order(every, named, source, asked.span(source))
    level = asked.level(listed_level(asked, named[0], source))
    return listed, together.averaged(every, listed.source, listed, level)

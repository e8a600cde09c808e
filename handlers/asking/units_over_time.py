"""A stock of units over several periods: "nhà tạm từ quý 2 đến quý 4 các xã".

Each unit has the figures at both ends with their coverage, and the change between them over the same places. The last
period's figures alone would stand under the name of the whole time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from markupsafe import Markup

from figures.counting import as_told
from figures.ground import below
from figures.sources import FigureDays, Source, span_of
from handlers.asking import changing, ranking, series, shares
from handlers.asking.asked import NAMED, Asked
from handlers.asking.changing import ChangeSpan, MovedUnits, UnitEnd
from handlers.asking.ways import AskExcel
from handlers.asking.which_units import left_out, listed_level
from handlers.messages import Reply
from plans.collation import name_key
from queries.frames import Format, Ranking
from reports.progress import change_text, value_text
from storage import places
from storage.tables import Place

STEPS: Final = 2
"""Of how many periods between both ends the figures are told too."""


def is_asked(asked: Asked, source: Source) -> bool:
    """Whether a stock is asked about over several periods of its questionnaire."""
    return bool(asked.query.periods) and series.is_series(asked, source, asked.span(source))


async def show(asked: Asked, query: Ranking, named: Sequence[Place], source: Source, first: int) -> Reply:
    """Reply with the units below the places named and what they had at both ends.

    Only some of them, their sum, their average or a picture is of the last period reported, and says so.
    """
    if ranking.below_what_counts(asked, source):
        return await ranking.show(asked, named, source, first)
    around = await ranking.around(asked, named, source)
    if narrower := await ranking.ask_narrower(asked, around, source):
        return narrower
    known = await ends_known(asked, around[0], source)
    if len(known) < 2 or is_of_one_time(query):
        return await of_last(asked, named, source, known[-1:], first)
    units = await ranking.units_to_list(asked, around, source)
    if not units:
        return await ranking.none_to_list(asked, around, source)
    return await told(asked, around, source, units, known, first)


def is_of_one_time(query: Ranking) -> bool:
    """Whether units are picked, counted, summed or drawn: that is of one time only."""
    return bool(
        query.picked
        or query.count
        or query.counted
        or query.summed
        or query.mean
        or query.format is not Format.TEXT
    )


async def ends_known(asked: Asked, place: Place, source: Source) -> list[FigureDays]:
    """The periods in the time asked about that anybody has reported for, the earliest first."""
    spans = asked.periods_in(source, asked.span(source))
    points = await series.points_of(asked, place, source, spans)
    told = [as_told(source, one.counted, one.span) for one in points if one.counted.period is not None]
    return list(dict.fromkeys(told))


async def of_last(
    asked: Asked, named: Sequence[Place], source: Source, last: Sequence[FigureDays], first: int
) -> Reply:
    """The ranking of the last period reported, under that period's own name."""
    span = last[0] if last else span_of(source.entry.period(min(asked.span(source).end, asked.viewer.today)))
    when = replace(asked.query.when, periods=((span.start, span.end),), unit="")
    reply = await ranking.show(replace(asked, query=replace(asked.query, when=when)), named, source, first)
    note = asked.viewer.say("asking.last_of_span", period=asked.label(span))
    return replace(reply, text=Markup("\n").join((reply.text, note)))


async def told(
    asked: Asked,
    named: Sequence[Place],
    source: Source,
    units: Mapping[int, Place],
    known: Sequence[FigureDays],
    first: int,
) -> Reply:
    """The units in the order of their last figures, each with both ends of the periods `known` and the change.

    One that has not reported for the last of them has the newest figure before.
    """
    ends = ChangeSpan(known[-1], known[0])
    moved = await changing.moved_between(asked, source, units, ends)
    since, now = moved.since, moved.now
    between = await newest_between(asked, source, units, now, known[-2:0:-1])
    steps = await ends_between(asked, source, units, known[1:-1])
    many = not moved.moved and not moved.hidden and await changing.are_too_many(asked, source, units, ends)
    order = in_order(asked, source, units, since, now, between)
    after = first + ranking.SHOWN
    level = asked.level(listed_level(asked, named[0], source))
    lines = [
        await heading(asked, named, source, moved, steps, level),
        *shares.change_of_number(asked, source),
        *left_out(asked),
        *[
            await line(asked, source, units[id], between.get(id), moved, steps=steps, many=many)
            for id in order[first:after]
        ],
        *([series.change_of_many(asked, source)] if many else []),
        *without(asked, [unit for id, unit in units.items() if id not in order], level),
    ]
    some = [units[id] for id in order[first:after]]
    excel = asked.button(asked.viewer.say("asking.button.excel"), AskExcel)
    on = changing.ways_on(asked, some, after if after < len(order) else None, excel)
    return Reply(Markup("\n").join(lines), choices=on)


async def newest_between(
    asked: Asked, source: Source, units: Mapping[int, Place], now: UnitEnd, spans: Sequence[FigureDays]
) -> dict[int, UnitEnd]:
    """For units that have not reported for the last period, the newest of some `spans`, latest first, with a figure."""
    # Most communes of a province may have no villages in the list: they have nothing to look for.
    lacking = {id for id in units if now.counted[id].expected and not now.is_reported(id)}
    groups = await below(asked.viewer.session, tuple(units), source.indicator.level, asked.viewer.today)
    found: dict[int, UnitEnd] = {}
    for span in spans:
        if lacking <= found.keys():
            break
        # Of all units, not only of those: what is withheld of one depends on what is told of the others.
        then = await changing.at_end(asked, source, units, groups, span)
        found |= {id: then for id in lacking - found.keys() if then.is_reported(id)}
    return found


async def ends_between(
    asked: Asked, source: Source, units: Mapping[int, Place], spans: Sequence[FigureDays]
) -> list[UnitEnd]:
    """What the units had in each period between both ends, if these are few; else none."""
    if len(spans) > STEPS:
        return []
    groups = await below(asked.viewer.session, tuple(units), source.indicator.level, asked.viewer.today)
    return [await changing.at_end(asked, source, units, groups, span) for span in spans]


def in_order(
    asked: Asked,
    source: Source,
    units: Mapping[int, Place],
    since: UnitEnd,
    now: UnitEnd,
    between: Mapping[int, UnitEnd],
) -> list[int]:
    """The units that reported within the time, by the last figure; those without one that is shown come last, by name."""
    some = [id for id in units if now.is_reported(id) or since.is_reported(id) or id in between]
    some.sort(key=lambda id: (name_key(units[id].name), id))
    values = {id: value for id in some if (value := now.value(asked, id)) is not None}
    by_value = sorted(
        values, key=lambda id: values[id], reverse=ranking.highest_first(asked, source.indicator)
    )
    return [*by_value, *(id for id in some if id not in values)]


# --- in words ---------------------------------------------------------------------------------------------


async def heading(
    asked: Asked,
    named: Sequence[Place],
    source: Source,
    moved: MovedUnits,
    steps: Sequence[UnitEnd],
    level: Markup,
) -> Markup:
    """Whose figures are told, from when to when, in which order."""
    viewer = asked.viewer
    return viewer.say(
        "asking.units_over_time",
        name=asked.name(source.indicator),
        level=level,
        place=await asked.full_names(named),
        since=" → ".join(asked.label(end.span) for end in (moved.since, *steps)),
        now=asked.label(moved.now.span),
        order=viewer.say(
            "asking.downwards" if ranking.highest_first(asked, source.indicator) else "asking.upwards"
        ),
    )


async def line(
    asked: Asked,
    source: Source,
    unit: Place,
    between: UnitEnd | None,
    moved: MovedUnits,
    *,
    steps: Sequence[UnitEnd],
    many: bool,
) -> Markup:
    """One unit: both figures with their coverage and those of the `steps` between, or else the newest before one that is
    missing, and the change.

    `many`: too many places report to be compared.
    """
    ends = [await end_text(asked, source, unit, end) for end in (moved.since, *steps)]
    text = asked.viewer.say(
        "asking.unit_over_time",
        place=places.own_name(unit),
        since=Markup(" → ").join(ends),
        now=await end_text(asked, source, unit, moved.now),
        change="" if many else change_of(asked, source, unit, moved),
    )
    if between is None or steps:
        return text
    period, value = asked.label(between.span), await end_text(asked, source, unit, between)
    return text + asked.viewer.say("asking.unit_between", period=period, value=value)


async def end_text(asked: Asked, source: Source, unit: Place, end: UnitEnd) -> Markup:
    """A unit's figure at one end with its coverage; or why there is none to show."""
    counted = end.counted[unit.id]
    if counted.figure.value is None:
        return asked.viewer.say("asking.not_reported")
    if unit.id in end.hidden:
        return await asked.why_not(source, counted, unit)
    return value_text(asked.line(source, counted), asked.viewer.say) + asked.covered(source, counted)


def change_of(asked: Asked, source: Source, unit: Place, moved: MovedUnits) -> Markup:
    """What changed in a unit over the same places, or why that is not told."""
    say = asked.viewer.say
    if unit.id in moved.hidden:
        return Markup(" ") + say("asking.unit_change_hidden")
    one = next((one for one in moved.moved if one.unit.id == unit.id), None)
    if one is None:
        return Markup(" ") + say("asking.unit_change_unknown")
    text = change_text(asked.line(source, one.counted, one.change), say, asked.viewer.locale)
    return Markup("; ") + text


def without(asked: Asked, units: Sequence[Place], level: Markup) -> list[Markup]:
    """The units that reported at neither end."""
    more = "" if len(units) <= NAMED else "_many"
    names = ranking.some_names(units)
    return (
        [asked.viewer.say(f"asking.not_ranked{more}", n=len(units), names=names, level=level)]
        if units
        else []
    )

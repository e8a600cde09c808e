"""Units picked by what happened in each of several periods in a row: "xã nào nhà tạm giảm 3 quý liên tiếp".

Each step is a change like any other, over the same places, between two adjacent periods. The answer first names the
periods: those that nobody has reported for yet are left out, and if there are fewer than asked for, it says so. A unit
with an unknown step is named as one that may belong to them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice, pairwise
from operator import attrgetter
from typing import Final

from markupsafe import Markup

from figures.counting import as_told
from figures.sources import Source
from handlers.asking import changing, ranking, series, shares, side_by_side
from handlers.asking.asked import Asked
from handlers.asking.changing import ChangeSpan, MovedUnits, UnitChange
from handlers.asking.series import Point
from handlers.asking.which_units import left_out, listed_level
from handlers.messages import Reply
from queries.frames import Ranking, When
from reports.progress import change_text
from storage import places
from storage.tables import Place

UNREPORTED: Final = 2
"""How many of the latest periods may have no report yet, if a number of periods was asked for."""


async def periods_told(asked: Asked, place: Place, source: Source, wanted: int) -> list[Point]:
    """Return the latest `wanted` periods that were reported for, earliest first; fewer if there are no more.

    If a time was named, or without a number (0): all periods of it.
    """
    when = await time_of(asked, place, source, wanted)
    longer = replace(asked, query=replace(asked.query, when=when))
    points = await series.points_of(asked, place, source, side_by_side.spans_back(longer, source))
    known = list(series.from_first_report(points))
    while known and known[-1].counted.period is None:
        known.pop()
    while known and known[0].counted.period is None:
        known.pop(0)
    return known[-wanted:] if wanted else known


async def time_of(asked: Asked, place: Place, source: Source, wanted: int) -> When:
    """Return the time whose periods are looked at: from the time that was named for comparison on."""
    when = asked.query.when
    if ends := await side_by_side.held_against(asked, place, source):
        return When(periods=((source.now(ends[0].end).start, ends[-1].end),), unit=when.unit)
    return when if when.periods else When(back=wanted + UNREPORTED if wanted else 0, unit=when.unit)


async def show(asked: Asked, query: Ranking, named: Sequence[Place], source: Source, first: int) -> Reply:
    """Reply with the units that moved in the way asked about at each step, from the one numbered `first`."""
    named = await ranking.around(asked, named, source)
    if narrower := await ranking.ask_narrower(asked, named, source):
        return narrower
    units = await ranking.units_to_list(asked, named, source)
    if not units:
        return await ranking.none_to_list(asked, named, source)
    wanted = query.when.back
    points = await periods_told(asked, named[0], source, wanted + 1 if wanted else 0)
    spans = [as_told(source, point.counted, point.span) for point in points]
    steps = [
        await changing.moved_between(asked, source, units, ChangeSpan(now, since))
        for since, now in pairwise(spans)
    ]
    return await told(asked, query, named, source, units, points, steps, first)


async def told(
    asked: Asked,
    query: Ranking,
    named: Sequence[Place],
    source: Source,
    units: Mapping[int, Place],
    points: Sequence[Point],
    steps: Sequence[MovedUnits],
    first: int,
) -> Reply:
    """Return the units that moved so at every step, with each change; those with an unknown step; those withheld."""
    viewer, level = asked.viewer, asked.level(listed_level(asked, named[0], source))
    hidden = set[int]().union(*(step.hidden for step in steps))
    judged = known_at_all(steps, hidden)
    kept = moved_throughout(query, judged)
    where = await asked.full_names(named)
    after = first + (query.count or ranking.SHOWN)
    lines = [
        viewer.say("asking.running", name=asked.name(source.indicator), level=level, place=where),
        *shares.change_of_number(asked, source),
        *left_out(asked),
        *periods_named(asked, source, points, query.when.back + 1 if query.when.back else 2),
        *(
            picked(asked, query, len(kept), len(judged), len(steps), level)
            if judged
            else changing.none_compared(asked, hidden, level)
        ),
        *(line(asked, source, rank, judged[id]) for rank, id in [*enumerate(kept, 1)][first:after]),
        *(changing.left_over(asked, units, hidden, last_of(judged), level) if steps else ()),
    ]
    some = [units[id] for id in islice(kept, first, after)]
    return Reply(
        Markup("\n").join(lines), choices=changing.ways_on(asked, some, after if after < len(kept) else None)
    )


def moved_throughout(query: Ranking, judged: Mapping[int, Sequence[UnitChange]]) -> list[int]:
    """Return the units that moved in the way asked about at every step."""
    return [id for id, ways in judged.items() if all(changing.is_wanted(query, one) for one in ways)]


def known_at_all(steps: Sequence[MovedUnits], hidden: set[int]) -> Mapping[int, Sequence[UnitChange]]:
    """Return, by unit id, the changes of units for which every step is known and shown to the asker."""
    by_step = [{one.unit.id: one for one in step.moved} for step in steps]
    every = (
        [id for id in by_step[0] if id not in hidden and all(id in known for known in by_step)]
        if steps
        else []
    )
    ways = {id: [known[id] for known in by_step] for id in every}
    return dict(sorted(ways.items(), key=lambda one: -abs(sum(map(attrgetter("by"), one[1])))))


def last_of(judged: Mapping[int, Sequence[UnitChange]]) -> list[UnitChange]:
    """Return the last change of each unit that is judged."""
    return [ways[-1] for ways in judged.values()]


def periods_named(asked: Asked, source: Source, points: Sequence[Point], wanted: int) -> list[Markup]:
    """Return which periods are looked at; and that they are fewer than needed, if so."""
    names = " → ".join(series.name_of(asked, source, point) for point in points)
    say = asked.viewer.say
    if len(points) >= wanted:
        return [say("asking.run_periods", names=names)]
    return [say("asking.run_short", wanted=wanted, n=len(points), names=names or "-")]


def picked(asked: Asked, query: Ranking, some: int, judged: int, steps: int, level: Markup) -> list[Markup]:
    """Return how many units moved so at each step."""
    if steps == 1:
        return changing.picked_by(asked, query, some, judged, level)
    way = changing.DIRECTIONS.get(query.bounds, "moved")
    key = f"asking.run_{way}" if some else f"asking.run_{way}_none"
    return [asked.viewer.say(key, n=some, judged=judged, steps=steps, level=level)]


def line(asked: Asked, source: Source, rank: int, ways: Sequence[UnitChange]) -> Markup:
    """One unit with its change at each step."""
    viewer = asked.viewer
    texts = (
        change_text(asked.line(source, one.counted, one.change), viewer.say, viewer.locale) for one in ways
    )
    name = places.own_name(ways[-1].unit)
    return viewer.say("asking.moved", rank=rank, place=name, change=Markup("; ").join(texts))

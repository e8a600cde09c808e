"""Units that meet several conditions at once: "thôn nào hộ nghèo trên 30% và nước sạch dưới 80%".

Each condition is evaluated alone, and told with how many units it is known for. A unit that fails none, but for which
one is unknown, is named as a possible one. A condition that has to hold in each of several periods ("3 tháng liền thiếu
nước trên 5 hộ") is one of each period.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from figures.counted import Counted
from figures.sources import Source
from handlers.asking import ranking, running
from handlers.asking.asked import Asked
from handlers.asking.listed import UnitsKnown
from handlers.asking.ways import AskPlace, NextPage
from handlers.asking.which_units import bounds_text, left_out, listed_level
from handlers.messages import Reply, Rows
from plans.levels import LEVELS
from queries.frames import Condition, Days, Ranking, When
from reports.progress import value_text
from storage import places
from storage.tables import Place


@dataclass(frozen=True, slots=True)
class Judged:
    """One condition as a question by itself, with what is known of the units."""

    asked: Asked
    listed: UnitsKnown

    @property
    def source(self) -> Source:
        """What is judged."""
        return self.listed.source

    @property
    def kept(self) -> Mapping[int, Counted]:
        """The figures of the units that meet it, in order."""
        return {unit.id: counted for unit, counted in self.listed.known}

    @property
    def unknown(self) -> frozenset[int]:
        """The units for which it is unknown, or withheld from the asker."""
        no_whole = (unit for unit, _ in self.listed.no_whole)
        units = (*self.listed.waiting, *no_whole, *self.listed.without, *self.listed.hidden)
        return frozenset(unit.id for unit in units)

    def value(self, unit: Place) -> Markup:
        """The figure of a unit that meets it."""
        return value_text(self.asked.line(self.source, self.kept[unit.id]), self.asked.viewer.say)


async def show(asked: Asked, query: Ranking, named: Sequence[Place], source: Source, first: int) -> Reply:
    """Reply with the units that meet all conditions, from the one numbered `first`, below what each condition gives."""
    every = await each_alone(asked, query, source, named[0])
    if not every:
        return Reply(asked.viewer.say("asking.not_asked_yet"))
    for one, its_source in every:
        if ranking.below_what_counts(one, its_source):
            return ranking.counted_above(one, named[0], its_source)
    alone, source = every[0]
    named = await ranking.around(alone, named, source)
    if narrower := await ranking.ask_narrower(alone, named, source):
        return narrower
    units = await ranking.units_to_list(alone, named, source)
    if not units:
        return await ranking.none_to_list(alone, named, source)
    over = [await in_each_period(one, named[0], its_source) for one, its_source in every]
    judged = [
        Judged(one, await ranking.in_order(one, named, its_source, one.span(its_source)))
        for (_, its_source), ones in zip(every, over, strict=True)
        for one in ones
    ]
    return await told(asked, named, judged, units, first)


async def in_each_period(one: Asked, place: Place, source: Source) -> list[Asked]:
    """Return a condition as it is or, if it must hold in each of several periods, as a question about each of them."""
    when = one.query.when
    if not when.run:
        return [one]
    if len(when.periods) > 1:
        return [replace(one, query=replace(one.query, when=When(periods=(some,)))) for some in when.periods]
    points = await running.periods_told(one, place, source, when.back)
    days = [(point.span.start, point.span.end) for point in points]
    return [replace(one, query=replace(one.query, when=When(periods=(some,)))) for some in days] or [one]


async def each_alone(
    asked: Asked, query: Ranking, source: Source, place: Place
) -> list[tuple[Asked, Source]]:
    """Each condition as a question by itself with its source, for units of one level; [] if nobody is asked one of
    them yet."""
    known = asked.viewer.plans.indicators
    every = [(Condition(query.measure, query.bounds), source)]
    for condition in query.also:
        other = await asked.source_of(known[condition.measure.indicators[0]])
        if other is None:
            return []
        every.append((condition, other))
    level = query.level or max((listed_level(asked, place, one) for _, one in every), key=LEVELS.index)
    plain = replace(query, also=(), level=level)
    return [
        (replace(asked, query=replace(plain, measure=one.measure, bounds=one.bounds)), its_source)
        for one, its_source in every
    ]


async def told(
    asked: Asked, named: Sequence[Place], judged: Sequence[Judged], units: Mapping[int, Place], first: int
) -> Reply:
    """The units that meet all conditions, what each condition gives, and the possible units."""
    say = asked.viewer.say
    kept = [units[id] for id in judged[0].kept if all(id in one.kept for one in judged)]
    level = asked.level(judged[0].asked.listing.level)
    where = await asked.full_names(named)
    after = first + ranking.SHOWN
    periods = periods_judged(judged) if asked.query.when.run else []
    key, n = ("asking.joint.in_each", max(periods)) if periods else ("asking.joint", len(judged))
    if not judged[0].asked.listing.bounds:
        key = "asking.joint.ordered"
    lines = [
        say(key, level=level, place=where, n=n),
        *too_few(asked, periods),
        *left_out(asked),
        *(condition_told(one, level) for one in judged),
        say("asking.joint.kept" if kept else "asking.joint.none", level=level, n=len(kept)),
        *(line(rank, unit, judged) for rank, unit in [*enumerate(kept, 1)][first:after]),
        *unsure(asked, judged, units, level),
    ]
    return Reply(Markup("\n").join(lines), choices=ways_on(asked, kept, first, after))


def periods_judged(judged: Sequence[Judged]) -> list[int]:
    """Return in how many periods each condition is judged; 0 if nobody has reported its figure."""
    periods = defaultdict[str, set[Days]](set)
    for one in judged:
        periods[one.source.indicator.id].update(one.asked.query.periods)
    return [len(some) for some in periods.values()]


def too_few(asked: Asked, periods: Sequence[int]) -> list[Markup]:
    """Say that fewer periods were reported than a condition must hold in."""
    wanted = asked.query.when.back
    have = min(periods, default=wanted)
    return [asked.viewer.say("asking.run_fewer", wanted=wanted, n=have)] if have < wanted else []


def condition_told(one: Judged, level: Markup) -> Markup:
    """One condition: its figure and time, and how many units meet it."""
    indicator, listed = one.source.indicator, one.listed
    if not one.asked.listing.bounds:
        return told_order(one, level)
    key = "asking.joint.condition_at_least" if listed.hidden else "asking.joint.condition"
    if not (listed.judged or listed.hidden):
        key = "asking.joint.unreported"
    return one.asked.viewer.say(
        key,
        name=one.asked.name(indicator),
        bound=bounds_text(one.asked, indicator),
        period=one.asked.told_period(one.source, one.asked.span(one.source), listed.counted),
        n=len(listed.known),
        judged=listed.judged,
        hidden=len(listed.hidden),
        level=level,
    )


def told_order(one: Judged, level: Markup) -> Markup:
    """The figure by which the units stand, if it picks none: "vừa nhiều hộ nghèo vừa thiếu nước"."""
    down = ranking.highest_first(one.asked, one.source.indicator)
    return one.asked.viewer.say(
        "asking.joint.order",
        name=one.asked.name(one.source.indicator),
        period=one.asked.told_period(one.source, one.asked.span(one.source), one.listed.counted),
        order=one.asked.viewer.say("asking.downwards" if down else "asking.upwards"),
        n=len(one.listed.known),
        level=level,
    )


def line(rank: int, unit: Place, judged: Sequence[Judged]) -> Markup:
    """One unit with its figures, in the order of the conditions."""
    values = Markup("; ").join(one.value(unit) for one in judged)
    return judged[0].asked.viewer.say("asking.ranked", rank=rank, place=places.own_name(unit), value=values)


def unsure(asked: Asked, judged: Sequence[Judged], units: Mapping[int, Place], level: Markup) -> list[Markup]:
    """The units that fail no condition, but for which one is unknown."""
    some = [unit for id, unit in units.items() if is_unsure(id, judged)]
    if not some:
        return []
    return [asked.viewer.say("asking.joint.unsure", n=len(some), level=level, names=ranking.some_names(some))]


def is_unsure(id: int, judged: Collection[Judged]) -> bool:
    """Whether a unit fails no condition, but is not known to meet all."""
    open_ones = [one for one in judged if id in one.unknown]
    return bool(open_ones) and all(id in one.kept or id in one.unknown for one in judged)


def ways_on(asked: Asked, kept: Sequence[Place], first: int, after: int) -> Rows:
    """Buttons to the units shown, and to the rest."""
    rows: Rows = tuple(
        (asked.button(Markup.escape(places.own_name(unit)), AskPlace, unit.id),) for unit in kept[first:after]
    )
    if after < len(kept):
        rows = (*rows, (asked.button(asked.viewer.say("asking.button.more"), NextPage, after),))
    return rows

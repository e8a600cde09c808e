"""Units ranked by how they changed: "thôn nào giảm nhiều hộ thiếu nước nhất", "xã nào hộ nghèo tăng lên".

A change is over the same places, as everywhere. A unit without a report for both times has none, and is named.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import islice
from typing import Final, NamedTuple

from markupsafe import Markup

from figures.counted import Counted
from figures.counting import as_told, changes, count, with_carried
from figures.ground import below
from figures.sources import FigureDays, Groups, Source
from figures.summed import COMPARED
from handlers.asking import ranking, series, shares, side_by_side
from handlers.asking.asked import Asked
from handlers.asking.ways import AskPlace, NextPage, SaveQuestion
from handlers.asking.which_units import left_out, listed_level, meets
from handlers.messages import Choice, Reply, Rows, column
from plans.collation import name_key
from plans.covered import Change
from queries.frames import Bound, Ranking
from queries.understanding import FELL, ROSE, UNMOVED
from reports.progress import change_text
from storage import places
from storage.tables import Place

DIRECTIONS: Final[Mapping[tuple[Bound, ...], str]] = {(ROSE,): "rose", (FELL,): "fell", UNMOVED: "stayed"}
"""Which units were asked for, by the bounds on their change."""


class UnitChange(NamedTuple):
    """A unit, its figure at the end, and its change up to then."""

    unit: Place
    counted: Counted
    change: Change
    by: Decimal


class ChangeSpan(NamedTuple):
    """The time up to which changes are told, and from which; None: from the newest report before."""

    now: FigureDays
    since: FigureDays | None


async def show(asked: Asked, query: Ranking, named: Sequence[Place], source: Source, first: int) -> Reply:
    """Reply with the units below the places named, from the one numbered `first`."""
    named = await ranking.around(asked, named, source)
    if narrower := await ranking.ask_narrower(asked, named, source):
        return narrower
    units = await ranking.units_to_list(asked, named, source)
    if not units:
        return await ranking.none_to_list(asked, named, source)
    return await told(asked, query, named, source, units, first)


async def told(
    asked: Asked,
    query: Ranking,
    named: Sequence[Place],
    source: Source,
    units: Mapping[int, Place],
    first: int,
) -> Reply:
    """The units ranked by change, those without one, and those whose figures are withheld."""
    ends = await ends_of(asked, named[0], source)
    between = await moved_between(asked, source, units, ends)
    moved, hidden = between.moved, between.hidden
    picked = [one for one in moved if is_wanted(query, one)]
    after = first + (query.count or ranking.SHOWN)
    level = asked.level(listed_level(asked, named[0], source))
    head = await heading(asked, named, source, ends, level)
    if not moved and not hidden and await are_too_many(asked, source, units, ends):
        return Reply(Markup("\n").join([head, series.change_of_many(asked, source)]))
    lines = [
        head,
        *shares.change_of_number(asked, source),
        *left_out(asked),
        *(
            picked_by(asked, query, len(picked), len(moved), level)
            if moved
            else none_compared(asked, hidden, level)
        ),
        *islice(ranked_lines(asked, source, picked), first, after),
        *left_over(asked, units, hidden, moved, level),
    ]
    more = after if after < len(picked) and query.count is None else None
    return Reply(
        Markup("\n").join(lines), choices=ways_on(asked, [one.unit for one in picked[first:after]], more)
    )


async def are_too_many(asked: Asked, source: Source, units: Mapping[int, Place], ends: ChangeSpan) -> bool:
    """Whether more places report in these units than can be compared over several periods, if several are asked about."""
    if ends.since is None or series.are_next(ends.since, ends.now):
        return False
    groups = await below(asked.viewer.session, tuple(units), source.indicator.level, asked.viewer.today)
    return sum(map(len, groups.values())) > COMPARED


class UnitEnd(NamedTuple):
    """What is known of units at one time, by their ids, and which figures are withheld from the asker."""

    span: FigureDays
    counted: Mapping[int, Counted]
    hidden: set[int]

    def value(self, asked: Asked, id: int) -> Decimal | None:
        """What a unit is ranked by; None if it is unknown or withheld."""
        return None if id in self.hidden else ranking.measured(asked, self.counted[id])

    def is_reported(self, id: int) -> bool:
        """Whether a unit has a figure, shown or withheld."""
        return self.counted[id].figure.value is not None


class MovedUnits(NamedTuple):
    """The units with what changed in them, the ids of those whose change is withheld from the asker, and both ends."""

    moved: list[UnitChange]
    hidden: set[int]
    since: UnitEnd
    now: UnitEnd


async def moved_between(
    asked: Asked, source: Source, units: Mapping[int, Place], ends: ChangeSpan
) -> MovedUnits:
    """What changed in each unit between two times."""
    groups = await below(asked.viewer.session, tuple(units), source.indicator.level, asked.viewer.today)
    known = await changes(asked.viewer, source, groups, ends.now, ends.since)
    of_units = await with_carried(asked.viewer, source, groups, known, ends.now.period)
    # A difference and one end reveal the other end, so a number that is small at either time is withheld at both.
    now = await at_end(asked, source, units, groups, ends.now)
    since = await at_end(asked, source, units, groups, ends.since or ends.now.before())
    hidden = now.hidden | since.hidden | await kept_back(asked, source, units, ends, of_units)
    shown = {id: change for id, change in of_units.items() if id not in hidden}
    return MovedUnits(in_order(asked, source, units, now, shown), hidden, since, now)


async def at_end(
    asked: Asked, source: Source, units: Mapping[int, Place], groups: Groups, span: FigureDays
) -> UnitEnd:
    """The figures of units at one end, and which of them are withheld."""
    straight = await count(asked.viewer, source, groups, span)
    hidden = await asked.discretion.among(source, units, straight, span)
    return UnitEnd(span, {id: asked.turned(source, one) for id, one in straight.items()}, hidden)


def ranked_lines(asked: Asked, source: Source, picked: Sequence[UnitChange]) -> Iterator[Markup]:
    """A line for each unit, with its rank."""
    ranks = ranking.ranks([one.by for one in picked])
    return (line(asked, source, rank, one) for rank, one in zip(ranks, picked, strict=True))


def ways_on(asked: Asked, units: Sequence[Place], more: int | None, *also: Choice) -> Rows:
    """The buttons to the units shown, to those from the one numbered `more` on, what else there is, and to keep the
    question."""
    named = [(asked.button(Markup.escape(places.own_name(unit)), AskPlace, unit.id),) for unit in units]
    say = asked.viewer.say
    further = [] if more is None else [(asked.button(say("asking.button.more"), NextPage, more),)]
    return (*named, *further, *column(*also, asked.button(say("asking.button.save"), SaveQuestion)))


async def ends_of(asked: Asked, place: Place, source: Source) -> ChangeSpan:
    """Return the two times named; otherwise the newest period reported, and the one before each report."""
    named = await times_named(asked, place, source)
    points = await series.points_of(asked, place, source, named or spans_of(asked, source))
    # Replacing a named time by another would answer a different question.
    known = [point for point in points if named or point.counted.figure.value is not None] or points
    told = [as_told(source, point.counted, point.span) for point in known]
    return ChangeSpan(told[-1], told[0] if len(told) > 1 else None)


async def times_named(asked: Asked, place: Place, source: Source) -> list[FigureDays]:
    """Return the time to compare with and the one that is compared, if the question names both; otherwise none."""
    when = asked.query.when
    if when.back:
        return []
    if ends := await side_by_side.held_against(asked, place, source):
        return ends
    return [source.span(*days) for days in (when.periods[0], when.periods[-1])] if when.periods[1:] else []


def spans_of(asked: Asked, source: Source) -> list[FigureDays]:
    """Return the time asked about; for a stock over a longer time, each of its periods.

    For a number of latest periods, these and the one before them.
    """
    when = asked.query.when
    if when.back:
        further = replace(asked.query, when=replace(when, back=when.back + 1))
        return side_by_side.spans_back(replace(asked, query=further), source)
    span = asked.span(source)
    if when.periods and source.indicator.stock:
        return asked.periods_in(source, span) or [span]
    return [span]


def in_order(
    asked: Asked, source: Source, units: Mapping[int, Place], now: UnitEnd, shown: Mapping[int, Change]
) -> list[UnitChange]:
    """The units with changes that the asker may see, in the order asked for; equal ones by name."""
    moved = []
    for id, change in shown.items():
        told = asked.turned_change(source, change)
        if told is not None and told.by is not None:
            by = series.by_as_shown(asked, source, now.counted[id], told.by)
            moved.append(UnitChange(units[id], now.counted[id], told, by))
    by_name = sorted(moved, key=lambda one: (name_key(one.unit.name), one.unit.id))
    # What is told alike shares a rank, but the one that moved more stands first.
    return sorted(by_name, key=lambda one: (one.by, one.change.by or 0), reverse=rises_first(asked, source))


def rises_first(asked: Asked, source: Source) -> bool:
    """Whether the largest rise comes first; by default the best change does."""
    if asked.listing.bounds in DIRECTIONS and asked.listing.order is None:
        return asked.listing.bounds == (ROSE,)
    return ranking.highest_first(asked, source.indicator)


def is_wanted(query: Ranking, one: UnitChange) -> bool:
    """Whether a unit changed in the direction asked for."""
    return all(meets(one.by, bound) for bound in query.bounds)


async def kept_back(
    asked: Asked,
    source: Source,
    units: Mapping[int, Place],
    ends: ChangeSpan,
    of_units: Mapping[int, Change],
) -> set[int]:
    """The units whose change is withheld from the asker."""
    hidden: set[int] = set()
    for id, change in of_units.items():
        if await asked.discretion.seen(source, units[id], ends.now.period, change) is None:
            hidden.add(id)
    return hidden


# --- in words ---------------------------------------------------------------------------------------------


async def heading(
    asked: Asked, named: Sequence[Place], source: Source, ends: ChangeSpan, level: Markup
) -> Markup:
    """Whose change is told, up to when, in which order."""
    viewer = asked.viewer
    return viewer.say(
        "asking.changing",
        name=asked.name(source.indicator),
        level=level,
        place=await asked.full_names(named),
        period=asked.label(ends.now),
        order=viewer.say("asking.rising" if rises_first(asked, source) else "asking.falling"),
    )


def picked_by(asked: Asked, query: Ranking, some: int, judged: int, level: Markup) -> list[Markup]:
    """How many units rose or fell, if that was asked."""
    way = DIRECTIONS.get(query.bounds)
    if way is None:
        return []
    key = f"asking.{way}" if some else f"asking.{way}_none"
    return [asked.viewer.say(key, n=some, judged=judged, level=level)]


def none_compared(asked: Asked, hidden: Collection[int], level: Markup) -> list[Markup]:
    """Say that no unit has figures for both times; nothing if some have figures that are withheld."""
    return [] if hidden else [asked.viewer.say("asking.none_compared", level=level)]


def line(asked: Asked, source: Source, rank: int, one: UnitChange) -> Markup:
    """One unit with its change."""
    viewer = asked.viewer
    text = change_text(asked.line(source, one.counted, one.change), viewer.say, viewer.locale)
    return viewer.say("asking.moved", rank=rank, place=places.own_name(one.unit), change=text)


def left_over(
    asked: Asked,
    units: Mapping[int, Place],
    hidden: Collection[int],
    moved: Sequence[UnitChange],
    level: Markup,
) -> list[Markup]:
    """The units without a change to show, by reason."""
    open_to_asker = [unit for id, unit in units.items() if id not in hidden]
    kept_back = [units[id] for id in sorted(hidden)]
    known = {one.unit.id for one in moved}
    unknown = [unit for unit in open_to_asker if unit.id not in known] if moved or hidden else []
    return [
        *not_compared(asked, unknown, level),
        *not_shown(asked, kept_back, level, beside_others=bool(moved)),
    ]


def not_compared(asked: Asked, others: Sequence[Place], level: Markup) -> list[Markup]:
    """The units without figures for both times."""
    names = ranking.some_names(others)
    return (
        [asked.viewer.say("asking.not_compared", n=len(others), names=names, level=level)] if others else []
    )


def not_shown(asked: Asked, units: Sequence[Place], level: Markup, *, beside_others: bool) -> list[Markup]:
    """Return the units whose figures are withheld; beside others that are shown, they may have changed more than those."""
    names = ranking.some_names(units)
    key = "asking.changes_kept_back" if beside_others else "asking.all_changes_kept_back"
    return [asked.viewer.say(key, n=len(units), names=names, level=level)] if units else []

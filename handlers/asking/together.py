"""What listed units have together, or on average: of a stock with the newest figures of those that are yet to report."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from figures.counted import Counted, summed
from figures.sources import Source, span_of
from handlers.asking.asked import NAMED, Asked
from handlers.asking.listed import UnitsKnown
from handlers.asking.merged import newest_of
from handlers.asking.standing import as_carried, standing
from handlers.asking.which_units import KnownUnit, is_picked, part_of
from handlers.wording import first_upper
from plans.covered import Covered
from plans.period import Period
from queries.frames import Ranking
from reports.covering import coverage_text
from reports.progress import rounded, value_text
from storage import places
from storage.tables import Place

FEWEST: Final = 2
"""Fewer units than this have no sum."""


async def carried_of(
    asked: Asked, source: Source, period: Period, waiting: Sequence[KnownUnit], hidden: Collection[int]
) -> list[KnownUnit]:
    """Those of the units `waiting` for a period whose newest earlier figure stands in a sum, with it; none that is
    withheld.

    `hidden`: what is withheld in that period, for which others have reported.
    """
    if not source.indicator.stock:
        return []
    pairs = [(unit, counted) for unit, counted in waiting if unit.id not in hidden]
    if is_summed(asked) or (is_picked(asked) and len(pairs) <= NAMED):
        # Of many units at once nobody looks when each last reported.
        pairs = await with_older(asked, source, period, pairs)
    return as_standing(pairs)


async def with_older(
    asked: Asked, source: Source, period: Period, pairs: Sequence[KnownUnit]
) -> list[KnownUnit]:
    """The same units, each with its newest earlier figure, if it has one."""
    span = span_of(period)
    return [(unit, one if one.older else await asked.counted(source, unit, span)) for unit, one in pairs]


def as_standing(pairs: Sequence[KnownUnit]) -> list[KnownUnit]:
    """Those of some units that have an earlier figure, with it."""
    return [(unit, as_carried(one, one.older)) for unit, one in pairs if one.older is not None]


def is_summed(asked: Asked) -> bool:
    """Whether what the units have together, or on average, is asked for."""
    return asks_mean(asked) or asks_sum(asked)


def in_all(asked: Asked, listed: UnitsKnown) -> list[Counted]:
    """The figures that a sum is of: of the first few, or of units picked by a bound or a target, just of these."""
    first = asked.query.count if isinstance(asked.query, Ranking) else None
    known = listed.known[:first]
    carried = () if first or is_picked(asked) or not known else listed.carried
    return [counted for _, counted in (*known, *carried)]


def mean_of(asked: Asked, listed: UnitsKnown) -> Decimal:
    """How much of a number the units have on average, 0 without any."""
    every = in_all(asked, listed)
    by_number = asked.query.measure.by == "count"
    numbers = [part_of(counted, by_number) or Decimal(0) for counted in every]
    return sum(numbers, Decimal(0)) / (len(every) or 1)


def share_of(asked: Asked, listed: UnitsKnown) -> Decimal:
    """Which share the units have together, in per cent, if they are ranked by shares of all."""
    figure = counted_together(in_all(asked, listed)).figure
    return Decimal(100) * (figure.numerator or Decimal(0)) / (figure.denominator or 1)


def averaged(asked: Asked, source: Source, listed: UnitsKnown, level: Markup) -> list[Markup]:
    """The average of the units shown, if asked for; for shares, the share of all of them together."""
    every = in_all(asked, listed)
    if not (asks_mean(asked) and every):
        return []
    one = counted_together(every)
    known = len(every)
    if one.figure.denominator is None or asked.query.measure.by == "count":
        total = part_of(one, number=True) or Decimal(0)
        told = {"mean": rounded(total / known, 1), "unit": asked.unit_measured(source.indicator)}
        told |= {"level": level, "total": total, "n": known, "hidden": len(listed.hidden)}
        line = asked.viewer.say("asking.mean_of_shown" if listed.hidden else "asking.mean", **told)
    else:
        whole = value_text(asked.line(source, one), asked.viewer.say)
        line = asked.viewer.say("asking.mean_share", level=level, value=whole, n=known)
    return [with_coverage(asked, source, line, one.covered)]


def summed_up(asked: Asked, source: Source, listed: UnitsKnown, level: Markup) -> list[Markup]:
    """The sum of the units shown, if asked for."""
    every = in_all(asked, listed)
    if not (asks_sum(asked) and source.indicator.additive) or len(every) < FEWEST:
        return []
    one, by_number = counted_together(every), asked.is_by_number(source.indicator)
    whole = (
        number_in_all(asked, source, one)
        if by_number
        else value_text(asked.line(source, one), asked.viewer.say)
    )
    key = "asking.mean_share" if source.indicator.rate and not by_number else "asking.sum_of_listed"
    line = asked.viewer.say(key, level=level, value=whole, n=len(every))
    return [with_coverage(asked, source, line, one.covered)]


def asks_sum(asked: Asked) -> bool:
    """Whether the sum of units is asked for."""
    return isinstance(asked.query, Ranking) and asked.query.summed


def number_in_all(asked: Asked, source: Source, one: Counted) -> Markup:
    """The number of all units together, with what is counted."""
    number = asked.viewer.say.number(part_of(one, number=True) or Decimal(0))
    return Markup(" ").join((number, asked.unit_measured(source.indicator)))


def counted_together(every: Sequence[Counted]) -> Counted:
    """The sum of some figures, the first of them of the period asked about, with how it is covered."""
    covered = covered_together(one.covered for one in every)
    return replace(every[0], figure=summed([one.figure for one in every]), covered=covered)


def covered_together(every: Iterable[Covered]) -> Covered:
    """How the sum of several figures is covered."""
    some = list(every)
    return Covered(
        sum(one.expected for one in some),
        sum(one.fresh for one in some),
        sum(one.carried for one in some),
        oldest_of(some),
        sum(one.partly for one in some),
    )


def oldest_of(some: Iterable[Covered]) -> Period | None:
    """The oldest period that any of them is still of."""
    older = [one.oldest for one in some if one.oldest]
    return min(older, key=lambda period: period.end, default=None)


def with_coverage(asked: Asked, source: Source, line: Markup, covered: Covered) -> Markup:
    """A sum with how many of its numbers are older, if any are."""
    if not covered.carried:
        return line
    viewer = asked.viewer
    text = coverage_text(covered, source.indicator.level, viewer.say, viewer.locale)
    return line + Markup(" ") + first_upper(text) + Markup(".")


def names_waiting(asked: Asked, source: Source, listed: UnitsKnown) -> list[str]:
    """The units that are yet to report, each with its newest earlier figure and when that was, as far as it is told."""
    carried = {unit.id: counted for unit, counted in listed.carried}
    return [with_newest(asked, source, unit, carried.get(unit.id)) for unit in listed.waiting]


def with_newest(asked: Asked, source: Source, unit: Place, counted: Counted | None) -> str:
    """A unit's name, with its newest figure and when that was, if there is one to tell."""
    name, by_number = places.own_name(unit), asked.is_by_number(source.indicator)
    value = part_of(counted, by_number) if counted else None
    if counted is None or counted.period is None or value is None:
        return name
    number = rounded(value, 0 if by_number else source.indicator.decimals)
    told = {"value": number, "unit": asked.unit_measured(source.indicator)}
    period = counted.period.name(asked.viewer.locale)
    return asked.viewer.say("asking.name_with_newest", name=name, period=period, **told).unescape()


async def of_place(
    asked: Asked, named: Sequence[Place], source: Source, listed: UnitsKnown, level: Markup
) -> list[Markup]:
    """Where some of the units summed up are not shown: what the whole place has that they are units of, if that is told."""
    period = newest_of(listed.counted)
    if period is None or not may_stand_for_sum(asked, named, source, listed):
        return []
    counted, hidden = await standing(asked, source, named[0], span_of(period), period)
    if counted.period != period or hidden:
        return []
    told = {
        "place": places.own_name(named[0]),
        "value": value_text(asked.line(source, counted), asked.viewer.say),
    }
    line = asked.viewer.say("asking.sum_of_place", **told) + mean_of_place(asked, source, counted, level)
    return [with_coverage(asked, source, line + Markup("."), counted.covered)]


def may_stand_for_sum(asked: Asked, named: Sequence[Place], source: Source, listed: UnitsKnown) -> bool:
    """Whether some units are not shown, and what the one place named has is what they all have together."""
    adds_up = source.indicator.stock and source.indicator.additive and not listed.of_all
    return adds_up and bool(listed.hidden) and is_of_whole(asked, named, listed)


def is_of_whole(asked: Asked, named: Sequence[Place], listed: UnitsKnown) -> bool:
    """Whether the sum of all units of one place is asked for."""
    return is_summed(asked) and len(named) == 1 and not (is_picked(asked) or has_left_out(asked, listed))


def mean_of_place(asked: Asked, source: Source, counted: Counted, level: Markup) -> Markup:
    """The mean that the place's number makes, if it is asked for and that number is its sum; else nothing."""
    number = part_of(counted, asked.query.measure.by == "count")
    if number is None or not asks_mean(asked) or not is_mean_of(asked, source):
        return Markup()
    mean, unit = rounded(number / counted.known, 1), asked.unit_measured(source.indicator)
    return asked.viewer.say("asking.mean_of_place", mean=mean, unit=unit, level=level)


def asks_mean(asked: Asked) -> bool:
    """Whether an average of units is asked for."""
    return isinstance(asked.query, Ranking) and asked.query.mean


def has_left_out(asked: Asked, listed: UnitsKnown) -> bool:
    """Whether a list leaves out some of the units: those named, or all but the first few."""
    if not isinstance(asked.query, Ranking):
        return False
    first = asked.query.count
    return bool(asked.query.without) or (first is not None and first < len(listed.counted))


def is_mean_of(asked: Asked, source: Source) -> bool:
    """Whether a mean is of a number, and over those that report it."""
    is_number = not source.indicator.rate or asked.query.measure.by == "count"
    return is_number and asked.listing.level in ("", source.indicator.level)

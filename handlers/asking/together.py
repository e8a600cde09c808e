"""What listed units have together, or on average: of a stock with the newest figures of those that are yet to report."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from figures.counted import Counted, Older, summed
from figures.sources import Source, span_of
from handlers.asking.asked import Asked
from handlers.asking.listed import Listed
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
    if is_summed(asked):
        # Of many units at once nobody looks when each last reported.
        span = span_of(period)
        pairs = [(unit, one if one.older else await asked.counted(source, unit, span)) for unit, one in pairs]
    return [(unit, as_carried(one, one.older)) for unit, one in pairs if one.older is not None]


def as_carried(counted: Counted, older: Older) -> Counted:
    """What a unit last reported, as it stands in a later sum: of nobody for the period, under its own name."""
    covered = Covered(counted.covered.expected, carried=older.known, oldest=older.period)
    return replace(counted, figure=older.figure, covered=covered, period=older.period)


def is_summed(asked: Asked) -> bool:
    """Whether what the units have together, or on average, is asked for."""
    return isinstance(asked.query, Ranking) and (asked.query.summed or asked.query.mean)


def in_all(asked: Asked, listed: Listed) -> list[Counted]:
    """The figures that a sum is of: of the first few, or of units picked by a bound or a target, just of these."""
    first = asked.query.count if isinstance(asked.query, Ranking) else None
    known = listed.known[:first]
    carried = () if first or is_picked(asked) or not known else listed.carried
    return [counted for _, counted in (*known, *carried)]


def mean_of(asked: Asked, listed: Listed) -> Decimal:
    """How much of a number the units have on average, 0 without any."""
    every = in_all(asked, listed)
    by_number = asked.query.measure.by == "count"
    numbers = [part_of(counted, by_number) or Decimal(0) for counted in every]
    return sum(numbers, Decimal(0)) / (len(every) or 1)


def averaged(asked: Asked, source: Source, listed: Listed, level: Markup) -> list[Markup]:
    """The average of the units shown, if asked for; for shares, the share of all of them together."""
    every = in_all(asked, listed)
    if not (isinstance(asked.query, Ranking) and asked.query.mean and every):
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


def summed_up(asked: Asked, source: Source, listed: Listed, level: Markup) -> list[Markup]:
    """The sum of the units shown, if asked for."""
    wanted = isinstance(asked.query, Ranking) and asked.query.summed and source.indicator.additive
    every = in_all(asked, listed)
    if not wanted or len(every) < FEWEST:
        return []
    one, by_number = counted_together(every), asked.is_by_number(source.indicator)
    whole = value_text(asked.line(source, one), asked.viewer.say)
    if by_number:
        number = asked.viewer.say.number(part_of(one, number=True) or Decimal(0))
        whole = Markup(" ").join((number, asked.unit_measured(source.indicator)))
    key = "asking.mean_share" if source.indicator.rate and not by_number else "asking.sum_of_listed"
    line = asked.viewer.say(key, level=level, value=whole, n=len(every))
    return [with_coverage(asked, source, line, one.covered)]


def counted_together(every: Sequence[Counted]) -> Counted:
    """The sum of some figures, the first of them of the period asked about, with how it is covered."""
    covered = covered_together(one.covered for one in every)
    return replace(every[0], figure=summed([one.figure for one in every]), covered=covered)


def covered_together(every: Iterable[Covered]) -> Covered:
    """How the sum of several figures is covered."""
    some = list(every)
    older = [one.oldest for one in some if one.oldest]
    return Covered(
        sum(one.expected for one in some),
        sum(one.fresh for one in some),
        sum(one.carried for one in some),
        min(older, key=lambda period: period.end, default=None),
        sum(one.partly for one in some),
    )


def with_coverage(asked: Asked, source: Source, line: Markup, covered: Covered) -> Markup:
    """A sum with how many of its numbers are older, if any are."""
    if not covered.carried:
        return line
    viewer = asked.viewer
    text = coverage_text(covered, source.indicator.level, viewer.say, viewer.locale)
    return line + Markup(" ") + first_upper(text) + Markup(".")


def names_waiting(asked: Asked, source: Source, listed: Listed) -> list[str]:
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

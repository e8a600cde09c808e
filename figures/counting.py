"""Figures for a question: an indicator for many units at once, over a span of days, with how they are covered.

A stock is the latest report of each place up to the last day; a flow is what was reported for the periods that lie
within the span. A unit has a figure of a period only where somebody in it has reported for that. What a place did
not report is missing, never 0.
"""

from collections.abc import Collection, Mapping, Set
from dataclasses import replace
from typing import Final

from figures.counted import Counted
from figures.single import Reports, Single, those_given
from figures.sources import FigureDays, Groups, Source, span_of
from figures.summed import Summed
from figures.view import View
from plans.covered import Change
from plans.period import Period
from plans.rollup import Figure
from storage.tables import Level

LOOKED_AT: Final = 1_000
"""Of a change over more places nobody looks which of them stand with an older value."""


async def count(
    view: View, source: Source, groups: Groups, span: FigureDays, reports: Reports | None = None
) -> dict[int, Counted]:
    """The figure of each unit over `span`. `reports`: what was read for other figures.

    A unit above the places that report has none of an indicator that does not add up, be it of one place only.
    """
    if not groups:
        return {}
    by = counter(view, source, groups, reports)
    counted = await (by.stock(span) if source.indicator.stock else by.flow(span))
    if source.indicator.additive:
        return counted
    nothing = Figure(source.indicator.id, None)
    return {
        unit: one if set(groups[unit]) == {unit} else replace(one, figure=nothing, older=None)
        for unit, one in counted.items()
    }


async def changes(
    view: View,
    source: Source,
    groups: Groups,
    now: FigureDays,
    since: FigureDays | None = None,
    reports: Reports | None = None,
) -> dict[int, Change]:
    """What changed in each unit from `since`, or from the newest period before, to `now`: over the same places.

    Left out: units without a report of one of the two, and those above the places that report where it does not add up.
    `reports`: what was read for other figures.
    """
    own = {unit: group for unit, group in groups.items() if source.indicator.additive or set(group) == {unit}}
    return await counter(view, source, own, reports).change(now, since) if own else {}


async def with_carried(
    view: View, source: Source, groups: Groups, known: Mapping[int, Change], now: Period | None
) -> dict[int, Change]:
    """Changes to `now` with how many places of each stand at the earlier end with an older value, if these are few enough
    to look at."""
    since = {unit: one.since for unit, one in known.items() if one.carried is None and one.since}
    looked_at = {unit: groups[unit] for unit in since}
    places = set().union(*looked_at.values())
    if now is None or not 0 < len(places) <= LOOKED_AT:
        return dict(known)
    said = await Single(view, source, looked_at).said_in(
        {now.key, *(period.key for period in since.values())}
    )
    periods = {place: {row.period for row in those_given(rows)} for place, rows in said.items()}
    told = {unit: carrying(known[unit], now, group, periods) for unit, group in looked_at.items()}
    return {**known, **told}


def carrying(
    change: Change, now: Period, group: Collection[int], periods: Mapping[int, Set[Period | None]]
) -> Change:
    """A change with how many places of a `group` stand at one end with an older value.

    `periods`: those for which each place reported.
    """
    both = sum({now, change.since} <= periods.get(place, set()) for place in group)
    return replace(change, carried=max(change.places - both, 0))


def counter(view: View, source: Source, groups: Groups, reports: Reports | None = None) -> Single | Summed:
    """Who counts: units are read from the ledger's sums, where the past of villages that were closed counts too.

    Single villages have no sums of their own, and a sum of several questionnaires is not kept: these are read one by one.
    """
    villages = source.indicator.level == Level.VILLAGE and any(unit in of for unit, of in groups.items())
    if source.alone and not villages:
        return Summed(view, source, groups)
    return Single(view, source, groups, reports or Reports())


def as_told(source: Source, counted: Counted, span: FigureDays) -> FigureDays:
    """The span that a figure is really of: of a stock the period that was reported for."""
    if source.indicator.stock or span.newest:
        return span_of(counted.period) if counted.period else span
    return span

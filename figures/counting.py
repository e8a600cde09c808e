"""Counts an indicator for many units at once, over a span of days, with coverage.

A stock is each place's latest report up to the last day. A flow is the sum of reports for the periods within the span.
A unit has a figure of a period only if somebody in it reported for it. What a place did not report is missing, never
0.
"""

from collections.abc import Collection, Mapping, Set
from dataclasses import replace
from typing import Final

from figures.counted import Counted
from figures.expected import Expected
from figures.former import have_strays
from figures.single import Reports, Single, those_given
from figures.sources import FigureDays, Groups, Source, is_shorter, span_of
from figures.summed import Summed
from figures.view import View
from plans.covered import Change
from plans.period import Period
from plans.rollup import Figure
from storage.tables import Level

LOOKED_AT: Final = 200
"""For a change over more places than this, nobody checks which ones carry an older value: each report would be read."""


async def count(
    view: View, source: Source, groups: Groups, span: FigureDays, reports: Reports | None = None
) -> dict[int, Counted]:
    """The figure of each unit over `span`. `reports`: what was read for other figures.

    An indicator that does not add up has no figure above the places that report it.
    """
    if not groups:
        return {}
    by = await counter(view, source, groups, reports)
    counted = await (by.stock(span) if source.indicator.stock else by.flow(span))
    if source.indicator.additive:
        return counted
    nothing = Figure(source.indicator.id, None)
    return {
        unit: one if is_of_one(groups[unit], unit, one) else replace(one, figure=nothing, older=None)
        for unit, one in counted.items()
    }


def is_of_one(group: Collection[int], unit: int, counted: Counted) -> bool:
    """Whether a unit reports itself, and nobody else's numbers are in its figure."""
    return set(group) == {unit} and counted.expected <= 1


async def changes(
    view: View,
    source: Source,
    groups: Groups,
    now: FigureDays,
    since: FigureDays | None = None,
    reports: Reports | None = None,
) -> dict[int, Change]:
    """What changed in each unit from `since`, or from the newest period before, to `now`, over the same places.

    Units without a report for one of the two are left out; so are units above the reporting places if the indicator
    does not add up. `reports`: what was read for other figures. Nothing is told of a period from when the questionnaire was
    asked more often.
    """
    if now.period is not None and is_shorter(now.period, source.entry):
        return {}
    own = with_one_figure(source, groups)
    if not own:
        return {}
    by = await counter(view, source, own, reports)
    return await by.change(now, since)


def with_one_figure(source: Source, groups: Groups) -> Groups:
    """Return the units that have one figure: only the places that report it if the indicator does not add up."""
    if source.indicator.additive:
        return groups
    return {unit: group for unit, group in groups.items() if set(group) == {unit}}


async def with_carried(
    view: View, source: Source, groups: Groups, known: Mapping[int, Change], now: Period | None
) -> dict[int, Change]:
    """Changes to `now`, each with how many places carry an older value at the earlier end, if these are few enough to
    check."""
    since = unchecked(known)
    places = set().union(*(groups[unit] for unit in since))
    if now is None or not 0 < len(places) <= LOOKED_AT:
        return dict(known)
    # Places that ended since then may have reported for both.
    expected = Expected.by(view, source)
    ended = await expected.inside(since, await expected.ended())
    looked_at = {unit: {*groups[unit], *(one.place.id for one in ended[unit])} for unit in since}
    said = await Single(view, source, looked_at).said_in(
        {now.key, *(period.key for period in since.values())}
    )
    periods = {place: {row.period for row in those_given(rows)} for place, rows in said.items()}
    told = {unit: carrying(known[unit], now, group, periods) for unit, group in looked_at.items()}
    return {**known, **told}


def unchecked(known: Mapping[int, Change]) -> dict[int, Period]:
    """Return, by unit, the earlier ends of changes for which nobody has said how many places carry an older value."""
    return {unit: one.since for unit, one in known.items() if one.carried is None and one.since}


def carrying(
    change: Change, now: Period, group: Collection[int], periods: Mapping[int, Set[Period | None]]
) -> Change:
    """A change with how many places of a `group` carry an older value at one end.

    `periods`: those for which each place reported.
    """
    both = sum({now, change.since} <= periods.get(place, set()) for place in group)
    return replace(change, carried=max(change.places - both, 0))


async def counter(
    view: View, source: Source, groups: Groups, reports: Reports | None = None
) -> Single | Summed:
    """The way to count these units: the ledger's sums, which include the past of closed places; or report by report.

    Single villages have no sums, and neither have indicators from several questionnaires: these are counted report by
    report. So are former units: such as have reported themselves, or some of whose villages have gone elsewhere since.
    """
    if source.alone and await has_sums(view, source, groups):
        return Summed(view, source, groups)
    return Single(view, source, groups, reports or Reports())


async def has_sums(view: View, source: Source, groups: Groups) -> bool:
    """Whether the ledger's sums are the figures of these units."""
    if source.indicator.level != Level.VILLAGE:
        return not await Expected.by(view, source).are_closed(groups.keys())
    alone = any(unit in of for unit, of in groups.items())
    return not (alone or await have_strays(view, groups))


def as_told(source: Source, counted: Counted, span: FigureDays) -> FigureDays:
    """The days that a figure is really from: of a stock, the period reported."""
    if source.indicator.stock or span.newest:
        return span_of(counted.period) if counted.period else span
    return span

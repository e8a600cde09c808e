"""One figure of one place over several periods: a line each, and the change from first to last.

A period that nobody has reported is no point: it is named as missing, and nothing is compared with it.
"""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from markupsafe import Markup

from figures.counted import Counted
from figures.counting import as_told
from figures.sources import FigureDays, Source, span_of
from figures.summed import COMPARED
from handlers.asking import merged, shares
from handlers.asking.asked import Asked
from handlers.wording import first_upper
from plans.covered import Change
from reports.covering import by_as_told
from reports.progress import LineInWords, change_text
from storage.tables import Place


class Point(NamedTuple):
    """A figure over a span. Without a period nobody has reported for it."""

    span: FigureDays
    counted: Counted


def is_series(asked: Asked, source: Source, span: FigureDays) -> bool:
    """Whether a stock is asked about over several periods of its questionnaire that have no common name, or that were
    named by their first and last."""
    several = len(asked.periods_in(source, span)) > 1
    return source.indicator.stock and several and (span.period is None or bool(asked.query.when.unit))


async def of_span(asked: Asked, place: Place, source: Source, span: FigureDays) -> Markup:
    """A stock over a span, which has no single value: each period, and the change over the span."""
    spans = asked.periods_in(source, span)
    points = from_first_report(await points_of(asked, place, source, spans))
    head = asked.viewer.say("asking.series", name=asked.name(source.indicator), period=asked.label(span))
    return Markup("\n").join([head, *await told(asked, place, source, points)])


def from_first_report(points: Sequence[Point]) -> Sequence[Point]:
    """Without the periods before the first report, if there is one; at least two."""
    first = next((at for at, point in enumerate(points) if point.counted.period is not None), 0)
    return points[min(first, max(len(points) - 2, 0)) :]


async def points_of(asked: Asked, place: Place, source: Source, spans: Sequence[FigureDays]) -> list[Point]:
    """The figure of each span, in the order of the times that the figures are really from.

    What stands at the end of a year is its newest quarter's, which comes after the second quarter, though a year begins
    before it.
    """
    points = [Point(span, await asked.counted(source, place, span)) for span in spans]
    return sorted(points, key=lambda point: as_told(source, point.counted, point.span).end)


async def told(asked: Asked, place: Place, source: Source, points: Sequence[Point]) -> list[Markup]:
    """A line for each point, and the change between the first and the last reported.

    If nobody has reported for any of them, they are named together, and the newest figure from before is told.
    """
    if points and not has_report(points):
        names = ", ".join(name_of(asked, source, point) for point in points)
        before = await older(asked, place, source, points[-1].counted)
        return [asked.viewer.say("asking.no_report_of", names=names), *filter(None, [before])]
    lines = [await line(asked, place, source, point) for point in points]
    still = await merged.told_of(asked, [place], source, [point.counted for point in points])
    return [*lines, *filter(None, [still, await change_over(asked, place, source, points)])]


def has_report(points: Sequence[Point]) -> bool:
    """Whether anybody has reported for one of some periods."""
    return any(point.counted.period is not None for point in points)


async def older(asked: Asked, place: Place, source: Source, counted: Counted) -> Markup:
    """If nobody reported for the period: the newest earlier figure, under its own name."""
    if counted.older is None:
        return Markup()
    span, known = span_of(counted.older.period), counted.older.known
    then = await asked.counted(source, place, span)
    value = await asked.value(source, then, place, span)
    level = asked.level(source.indicator.level)
    counts = {"known": known, "expected": counted.expected, "level": level}
    return asked.viewer.say("asking.older", period=asked.label(span), value=value, **counts)


async def line(asked: Asked, place: Place, source: Source, point: Point) -> Markup:
    """One period with its value and how that is covered."""
    value = await asked.value(source, point.counted, place, point.span)
    covered = asked.covered(source, point.counted)
    told = asked.viewer.say("asking.at", period=name_of(asked, source, point), value=value, covered=covered)
    share = await shares.under_side(asked, source, place, point.counted, point.span)
    return Markup("\n").join([told, *share])


def name_of(asked: Asked, source: Source, point: Point) -> str:
    """The period in few words; if its value is of a shorter one, with that."""
    span, own = point.span, point.counted.period
    if span.period is None:
        return asked.label(span)
    name = span.period.name(asked.viewer.locale)
    if own is None or own == span.period or not source.indicator.stock:
        return name
    return asked.viewer.say("asking.told_as", said=name, period=own.name(asked.viewer.locale)).unescape()


async def change_over(asked: Asked, place: Place, source: Source, points: Sequence[Point]) -> Markup:
    """The change over the same units from the first to the last point, or that one point cannot be compared."""
    known = [point for point in points if point.counted.figure.value is not None]
    if len(known) < 2:
        return asked.viewer.say("asking.only_one") if known and len(points) > 1 else Markup()
    first, last = known[0], known[-1]
    now, since = (as_told(source, point.counted, point.span) for point in (last, first))
    if await is_hidden(asked, place, source, (first, last)):
        return asked.change_kept_back(source, since, merged=False)
    # If one report's stock stands at both ends, that is a single number, not "no change".
    if source.indicator.stock and now == since:
        return asked.viewer.say("asking.only_one")
    return await change_between(asked, place, source, since, now, last)


async def change_between(
    asked: Asked, place: Place, source: Source, since: FigureDays, now: FigureDays, last: Point
) -> Markup:
    """Return the change between two times, the later being that of the `last` point; empty if there is none to tell."""
    change, kept_back, _, merged = await asked.change(source, place, now, since)
    if kept_back:
        return asked.change_kept_back(source, since, merged=merged)
    if change is None and last.counted.expected > COMPARED and not are_next(since, now):
        return change_of_many(asked, source)
    if change is None:
        return Markup()
    text = change_text(asked.line(source, last.counted, change), asked.viewer.say, asked.viewer.locale)
    lines = [*shares.change_of_number(asked, source), first_upper(text)]
    return Markup("\n").join([*lines, *number_changed(asked, source, change)])


def are_next(since: FigureDays, now: FigureDays) -> bool:
    """Whether two times are periods next to each other."""
    return now.period is not None and since.period == now.period.previous()


def change_of_many(asked: Asked, source: Source) -> Markup:
    """Say that there are too many places to compare periods that are not next to each other."""
    level = asked.level(source.indicator.level)
    return asked.viewer.say("asking.change_of_many", n=COMPARED, level=level)


def number_changed(asked: Asked, source: Source, change: Change) -> list[Markup]:
    """By how many a share's numerator changed over the same units, if a number was asked for."""
    now, before = change.now.numerator, change.before.numerator
    if asked.query.measure.by != "count" or now is None or before is None or change.now.denominator is None:
        return []
    level = asked.level(source.indicator.level)
    facts = {
        "n": abs(now - before),
        "unit": asked.number_unit(source.indicator),
        "places": change.places,
        "level": level,
    }
    return [asked.viewer.say(f"asking.number_{way_of(now - before)}", before=before, now=now, **facts)]


async def is_hidden(asked: Asked, place: Place, source: Source, points: Sequence[Point]) -> bool:
    """Whether one of the ends is withheld from the asker."""
    return any([await asked.is_kept_back(source, place, span, counted) for span, counted in points])


async def verdict(asked: Asked, place: Place, source: Source, points: Sequence[Point]) -> list[Markup]:
    """Say whether one place moved in one direction at every step, if that was asked.

    If a step is unknown, or withheld from the asker, say that it cannot be told.
    """
    known = [point for point in points if point.counted.period is not None]
    if not asked.query.when.run or len(known) < 3:
        return []
    spans = [as_told(source, point.counted, point.span) for point in known]
    say, ways = asked.viewer.say, set[str]()
    for (since, now), point in zip(pairwise(spans), known[1:], strict=True):
        change, *_ = await asked.change(source, place, now, since)
        if change is None or change.by is None:
            return [say("asking.run_unknown", period=asked.label(now), before=asked.label(since))]
        ways.add(way_of(by_as_shown(asked, source, point.counted, change.by)))
    [only] = ways if len(ways) == 1 else ["mixed"]
    return [say(f"asking.run_one_{only}", steps=len(spans) - 1)]


def by_as_shown(asked: Asked, source: Source, counted: Counted, by: Decimal) -> Decimal:
    """Return the difference as it is told: what is told alike shares a rank, and has not moved if that is nothing."""
    return by_as_told(by, LineInWords(asked.line(source, counted), asked.viewer.say))


def way_of(by: Decimal) -> str:
    """Which way something went: "rose", "fell" or "stayed"."""
    return "stayed" if not by else "rose" if by > 0 else "fell"

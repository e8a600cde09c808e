"""One place over time, in words and as a picture; and comparisons: of places, or of a place's periods."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from operator import attrgetter
from typing import Final

from markupsafe import Markup

from figures.counted import Counted, summed
from figures.counting import as_told
from figures.programmes import was_closed
from figures.sources import FigureDays, Source, span_of
from handlers.asking import grounds, merged, one_place, series, shares
from handlers.asking.asked import INDICATORS, LETTERS, MOST_BACK, Asked
from handlers.asking.series import Point
from handlers.asking.standing import standing
from handlers.asking.together import counted_together
from handlers.asking.ways import AskExcel
from handlers.asking.which_units import KnownUnit
from handlers.messages import Picture, Reply
from plans.period import Period, PeriodKind, period_of
from queries.frames import Compare, Days, Format, Trend
from reports.covering import by_as_told
from reports.progress import LineInWords, value_text
from storage.places import own_name
from storage.tables import Place

HIDDEN, NONE = "○", "×"
GAPS: Final = {HIDDEN: "asking.picture_hidden", NONE: "asking.picture_none"}
"""What the sign of a period without a value in a picture means. A sign stands also where its period has no room for a
name."""
BACK: Final = 6
"""How many periods a trend shows by default."""


def spans_back(asked: Asked, source: Source, newest: FigureDays | None = None) -> list[FigureDays]:
    """The periods of a trend, the earliest first."""
    when = asked.query.when
    match when.periods:
        case [_, _, *_]:
            return [source.span(*days) for days in when.periods]
        case _ if when.against:
            return against(asked, source, newest)
        case [days] if when.unit:
            return within(asked, source, *days)
        case [days]:
            return own_periods(asked, source, days)
    return latest(asked, source) if when.unit else up_to(asked, source, asked.viewer.today)


def own_periods(asked: Asked, source: Source, days: Days) -> list[FigureDays]:
    """The questionnaire's own periods from the first to the last of some days.

    For a single one also the one before it, in a picture several.
    """
    last = source.now(min(days[1], asked.viewer.today))
    spans = [last]
    while spans[-1].start > days[0] and len(spans) < MOST_BACK:
        spans.append(spans[-1].before())
    if len(spans) > 1:
        return spans[::-1]
    return up_to(asked, source, days[1]) if drawing(asked) else [last.before(), last]


def up_to(asked: Asked, source: Source, last: date) -> list[FigureDays]:
    """Return that many of the questionnaire's own periods, the last of them around a day."""
    spans = [source.now(min(last, asked.viewer.today))]
    while len(spans) < min(asked.query.when.back or BACK, MOST_BACK):
        spans.append(spans[-1].before())
    return spans[::-1]


def against(asked: Asked, source: Source, newest: FigureDays | None = None) -> list[FigureDays]:
    """The period to compare with, then the period asked about."""
    if asked.query.when.against == "said":
        last = newest or source.newest(asked.viewer.today)
        return [in_whole(source, source.span(*asked.query.periods[0]), last), last]
    span = newest or asked.span(source)
    if asked.query.when.against == "before":
        return [period_before(asked, source, span), span]
    if asked.query.when.against == "year_start":
        first = source.now(span.end.replace(month=1, day=1))
        return list(dict.fromkeys((first, span)))
    start, end = (a_year_before(day) for day in (span.start, span.end + timedelta(days=1)))
    return [source.span(start, end - timedelta(days=1)), span]


def in_whole(source: Source, said: FigureDays, last: FigureDays) -> FigureDays:
    """Return the questionnaire's period around a shorter time named for comparison; the time itself if that is the
    last period.

    Nobody reports houses for August alone, but for the third quarter.
    """
    whole = span_of(source.entry.period(said.start))
    within = whole.start <= said.start and said.end <= whole.end
    return whole if within and whole.end < last.start else said


def of_whole(asked: Asked, source: Source, points: Sequence[Point]) -> list[Markup]:
    """Say so if a longer period stands for the time named for comparison."""
    when = asked.query.when
    if when.against != "said" or not points or when.periods[0] == (points[0].span.start, points[0].span.end):
        return []
    said = asked.label(source.named(*when.periods[0]))
    return [asked.viewer.say("asking.whole_periods", period=said)]


def period_before(asked: Asked, source: Source, span: FigureDays) -> FigureDays:
    """The week, month or quarter before the one asked about; of the questionnaire's own periods if these are as long."""
    unit = asked.query.when.unit
    period = period_of(PeriodKind(unit), min(span.end, asked.viewer.today)).previous() if unit else None
    longer = period is not None and period.end - period.start > span.end - span.start
    return source.span(period.start, period.end) if period and longer else span.before()


def drawing(asked: Asked) -> bool:
    """Whether a picture is wanted."""
    return isinstance(asked.query, Trend) and asked.query.format is Format.PICTURE


def a_year_before(day: date) -> date:
    """The same day of the year before; for 29 February, the day before it."""
    return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)


def latest(asked: Asked, source: Source) -> list[FigureDays]:
    """Return that many of the latest weeks, months, quarters or years; the questionnaire's own periods if those are
    longer."""
    wanted = min(asked.query.when.back or BACK, MOST_BACK)
    period = period_of(PeriodKind(asked.query.when.unit), asked.viewer.today)
    spans: list[FigureDays] = []
    for _ in range(wanted if asked.query.when.back else MOST_BACK):
        spans = list(dict.fromkeys([*spans, stepped(source, period, asked.viewer.today)]))
        period = period.previous()
    return spans[:wanted][::-1]


def within(asked: Asked, source: Source, first: date, last: date) -> list[FigureDays]:
    """The weeks, months, quarters or years from one day to another, up to today."""
    period = period_of(PeriodKind(asked.query.when.unit), min(last, asked.viewer.today))
    spans: list[FigureDays] = []
    while period.end >= first and len(spans) < MOST_BACK:
        spans = list(dict.fromkeys([*spans, stepped(source, period, asked.viewer.today)]))
        period = period.previous()
    return spans[::-1]


def stepped(source: Source, period: Period, today: date) -> FigureDays:
    """One step of a trend: a period, or the questionnaire's own around it if that is longer."""
    own = source.now(min(period.end, today))
    return (
        own
        if own.end - own.start > period.end - period.start
        else FigureDays(period.start, period.end, period)
    )


async def trend(asked: Asked, place: Place, source: Source) -> Reply:
    """One place over time, in words and, if asked for, as a picture."""
    viewer, order = asked.viewer, asked.query.order if isinstance(asked.query, Trend) else None
    every = await series.points_of(asked, place, source, await spans_of(asked, place, source))
    points = series.from_first_report(every)
    name = await grounds.title(asked, place)
    lines = [
        viewer.say("asking.trend", name=asked.name(source.indicator), place=name),
        *of_whole(asked, source, every),
        *await series.told(asked, place, source, points),
        *await series.verdict(asked, place, source, points),
        *unreported(asked, source, every[: len(every) - len(points)]),
        *(() if order is None else [viewer.say("asking.periods_not_ranked")]),
        *(one_place.counted_otherwise(asked, source) if asked.query.measure.added else ()),
        await asked.about(place),
    ]
    is_drawn = drawing(asked) and series.has_report(points)
    picture = Picture("trend", await drawn(asked, place, source, points)) if is_drawn else None
    choices = await one_place.ways_on(asked, place, source, [source])
    return Reply(Markup("\n").join(lines), picture=picture, choices=choices)


async def spans_of(asked: Asked, place: Place, source: Source) -> list[FigureDays]:
    """The periods of a place's trend, the earliest first."""
    # The period compared with an earlier one is the newest reported, as in an answer with one figure.
    newest = await last_reported(asked, place, source) if asked.query.when.against else None
    return spans_back(asked, source, newest)


async def held_against(asked: Asked, place: Place, source: Source) -> list[FigureDays]:
    """Return the time named for comparison, then the compared one; none if it is just the period before."""
    if asked.query.when.against in ("", "before"):
        return []
    return against(asked, source, await last_reported(asked, place, source))


async def last_reported(asked: Asked, place: Place, source: Source) -> FigureDays:
    """Return the days of what is compared with an earlier time: an older value never appears under a newer period."""
    said = asked.query.when.against == "said"
    span = source.newest(asked.viewer.today) if said else asked.span(source)
    if not span.newest:
        return span
    reported = as_told(source, await asked.counted(source, place, span), span)
    # If nothing has come since, the present period says that it has no report.
    is_later = not said or reported.start > asked.query.periods[0][1]
    return reported if is_later else source.now(asked.viewer.today)


def unreported(asked: Asked, source: Source, before: Sequence[Point]) -> list[Markup]:
    """Say for which of the first periods nobody had reported, if their time or number was named."""
    when = asked.query.when
    since = when.periods[0][0] if when.periods else date.min if when.back else date.max
    names = ", ".join(series.name_of(asked, source, point) for point in before if point.span.end >= since)
    return [asked.viewer.say("asking.no_report_of", names=names)] if names else []


async def drawn(asked: Asked, place: Place, source: Source, points: Sequence[Point]) -> dict[str, object]:
    """The trend as JSON values for `reports.pictures`."""
    viewer = asked.viewer
    name = await grounds.title(asked, place)
    told = [await point_of(asked, place, source, point) for point in points]
    unit = source.indicator.unit_name(viewer.locale)
    if any(point.counted.expected > 1 for point in points):
        level = asked.level(source.indicator.level)
        unit = viewer.say("asking.picture_under", unit=unit, level=level).unescape()
    return {
        "title": f"{asked.name(source.indicator).unescape()}, {name}",
        "unit": unit,
        "points": told,
        "gaps": gaps_of(asked, told),
        "zero": viewer.say.number(0),
        "foot": viewer.say("asking.picture_foot", day=viewer.today).unescape(),
    }


def gaps_of(asked: Asked, told: Sequence[Mapping[str, str | None]]) -> str:
    """What the signs mean that stand in a picture where there is no value."""
    signs = {point["gap"] for point in told if point["value"] is None}
    say = asked.viewer.say
    return "   ".join(say(key, sign=sign).unescape() for sign, key in GAPS.items() if sign in signs)


async def point_of(asked: Asked, place: Place, source: Source, point: Point) -> dict[str, str | None]:
    """One point of a trend's picture as JSON values; with a sign for a value that is withheld, or that nobody gave."""
    span, counted = point
    value = counted.figure.value
    label = series.name_of(asked, source, point)
    fresh, expected = counted.covered.full, counted.covered.expected
    under = "" if expected == 1 else f"{fresh}/{expected}"
    if value is None:
        return {"label": label, "value": None, "shown": "", "under": under, "gap": NONE}
    if await asked.is_kept_back(source, place, span, counted):
        return {"label": label, "value": None, "shown": "", "under": under, "gap": HIDDEN}
    shown = asked.viewer.say.number(round(value, source.indicator.decimals))
    return {"label": label, "value": str(round(value, 2)), "shown": shown, "under": under}


async def compare(asked: Asked, named: Sequence[Place], sources: Sequence[Source], first: int = 0) -> Reply:
    """Places, or two periods of one place, side by side."""
    blocks: list[Markup] = []
    after = min(first, len(sources) - 1)
    for source in sources[after : after + INDICATORS]:
        after += 1
        blocks.append(await beside(asked, named, source))
        if after == len(sources):
            blocks += [await asked.about(place) for place in named if was_closed(asked.viewer, place)]
        if sum(map(len, blocks)) > LETTERS:
            break
    excel = asked.button(asked.viewer.say("asking.button.excel"), AskExcel)
    return Reply(Markup("\n\n").join(blocks), choices=(*asked.further(after, len(sources)), (excel,)))


async def beside(asked: Asked, named: Sequence[Place], source: Source) -> Markup:
    """One figure of places, or of a place's periods, each with its coverage; and the change between periods."""
    spans, newest = await spans_beside(asked, named, source)
    points = [await series.points_of(asked, place, source, spans) for place in named]
    told = [asked.told_period(source, *point_as_told(point)) for some in points for point in some]
    alone, rows = len(set(told)) == 1, list[Markup]()
    for place, some in zip(named, points, strict=True):
        rows += [
            await side(asked, place, source, point, *of_time(asked, source, point, spans, alone=alone))
            for point in some
        ]
        rows += await below_side(asked, place, source, some)
    if not shares.is_share_of_all(asked, source):
        rows += filter(None, [asked.no_share(source.indicator)])
    if len(spans) == 1:
        rows += await together(asked, named, source, spans[0])
    head = asked.viewer.say(
        "asking.compare", name=asked.name(source.indicator), period=", ".join(dict.fromkeys(told))
    )
    return Markup("\n").join([head, *rows, *newest])


async def spans_beside(
    asked: Asked, named: Sequence[Place], source: Source
) -> tuple[list[FigureDays], list[Markup]]:
    """The days that the figures beside each other are of, and what is told of places with newer ones."""
    if spans := times_beside(asked, source):
        return list(spans), []
    if asks_sum(asked) and source.indicator.stock:
        return [await newest_span(asked, named, source)], []
    span, newest = await common_span(asked, named, source)
    return [span], list(newest)


def of_time(
    asked: Asked, source: Source, point: Point, spans: Sequence[FigureDays], *, alone: bool
) -> list[str]:
    """The time that stands beside a figure: the one named, of several; else its own, if not all are of the same; [] if
    they are."""
    if len(spans) > 1:
        return [series.name_of(asked, source, point)]
    return [] if alone else [asked.told_period(source, *point_as_told(point))]


async def below_side(asked: Asked, place: Place, source: Source, points: Sequence[Point]) -> list[Markup]:
    """Below a place's periods: which merged places are counted in them, and their sum, if asked for, or the change."""
    still = await merged.told_of(asked, [place], source, [point.counted for point in points])
    if isinstance(asked.query, Compare) and asked.query.summed and len(points) > 1:
        return [*filter(None, [still]), await sum_of_times(asked, place, source, points)]
    return [*filter(None, [still, await series.change_over(asked, place, source, points)])]


async def sum_of_times(asked: Asked, place: Place, source: Source, points: Sequence[Point]) -> Markup:
    """The sum of what was done in several periods, or why there is none: of what there is at each time there is no sum."""
    viewer = asked.viewer
    if source.indicator.stock or not source.indicator.additive:
        return viewer.say("asking.no_sum_of_times")
    if overlap([point.span for point in points]):
        return viewer.say("asking.times_overlap")
    for span, counted in points:
        if counted.figure.value is None or await asked.is_kept_back(source, place, span, counted):
            return viewer.say("asking.sum_of_times_hidden")
    whole = replace(points[0].counted, figure=summed([point.counted.figure for point in points]))
    return viewer.say("asking.sum", value=value_text(asked.line(source, whole), viewer.say))


def overlap(spans: Sequence[FigureDays]) -> bool:
    """Whether a day is in two of some spans."""
    return any(one.end >= other.start for one, other in pairwise(sorted(spans, key=attrgetter("start"))))


def times_beside(asked: Asked, source: Source) -> list[FigureDays]:
    """The times named, each once; of a stock over several periods, each of these: for a sum, the last."""
    spans = list(dict.fromkeys(source.span(*days) for days in asked.query.periods))
    if len(spans) != 1 or not series.is_series(asked, source, spans[0]):
        return spans
    periods = asked.periods_in(source, spans[0])
    return periods[-1:] if isinstance(asked.query, Compare) and asked.query.summed else periods


async def common_span(
    asked: Asked, named: Sequence[Place], source: Source
) -> tuple[FigureDays, list[Markup]]:
    """Return the days over which places are compared if no time was named: the newest period that all have reported
    for.

    There is a line about each place with a newer one: figures from different times are not subtracted from each other.
    """
    span = asked.span(source)
    ends = [(place, await asked.counted(source, place, span)) for place in named]
    known = [(place, one, as_told(source, one, span)) for place, one in ends if one.period]
    if not span.newest or len({own.end for _, _, own in known}) < 2:
        return span, []
    common = min((own for _, _, own in known), key=attrgetter("end"))
    lines = [
        asked.viewer.say(
            "asking.newer",
            place=own_name(place),
            period=asked.label(own),
            value=await asked.value(source, counted, place, own),
            common=asked.label(common),
        )
        for place, counted, own in known
        if own.end > common.end
    ]
    return common, lines


async def together(asked: Asked, named: Sequence[Place], source: Source, span: FigureDays) -> list[Markup]:
    """The sum of places at one time, if asked for; otherwise how far two of them are apart. Neither for one ground."""
    why_not = await grounds.shared(asked, named, source.indicator.level, summed=asks_sum(asked))
    if why_not is not None:
        return [why_not]
    if asks_sum(asked) and len(named) > 1:
        return [await total(asked, named, source, span)]
    return await difference(asked, named, source, span) if len(named) == 2 else []


def asks_sum(asked: Asked) -> bool:
    """Whether the sum of places or times is asked for."""
    return isinstance(asked.query, Compare) and asked.query.summed


async def newest_span(asked: Asked, named: Sequence[Place], source: Source) -> FigureDays:
    """The newest period that any of some places has reported for: of the others a sum holds what stands."""
    span = asked.span(source)
    ends = [as_told(source, await asked.counted(source, place, span), span) for place in named]
    return max(ends, key=attrgetter("end")) if span.newest else span


async def total(asked: Asked, named: Sequence[Place], source: Source, span: FigureDays) -> Markup:
    """The sum of several places, of a stock with what stands of those yet to report; none if one has no figure, or is
    withheld, or if nobody has reported."""
    viewer, counted = asked.viewer, [await asked.counted(source, place, span) for place in named]
    period = merged.newest_of(counted)
    if period is None or not source.indicator.additive:
        return viewer.say("asking.sum_hidden")
    parts = [await standing(asked, source, place, span, period) for place in named]
    # Somebody who knows all parts but one could find the hidden one from the sum.
    if lacks_any(parts):
        return viewer.say("asking.sum_hidden")
    return sum_told(asked, named, source, [part for part, _ in parts], counted)


def lacks_any(parts: Sequence[tuple[Counted, bool]]) -> bool:
    """Whether one of some figures is missing or withheld."""
    return any(hidden or part.figure.value is None for part, hidden in parts)


def sum_told(
    asked: Asked,
    named: Sequence[Place],
    source: Source,
    parts: Sequence[Counted],
    counted: Sequence[Counted],
) -> Markup:
    """The sum of what stands of several places, below what is older of those yet to report."""
    viewer, whole = asked.viewer, counted_together(parts)
    told = viewer.say("asking.sum", value=value_text(asked.line(source, whole), viewer.say))
    older = [
        viewer.say(
            "asking.standing",
            place=own_name(place),
            value=value_text(asked.line(source, part), viewer.say),
            period=part.period.name(viewer.locale),
        )
        for place, part, one in zip(named, parts, counted, strict=True)
        if one.period is None and part.period is not None
    ]
    return Markup("\n").join((*older, told))


async def difference(asked: Asked, two: Sequence[Place], source: Source, span: FigureDays) -> list[Markup]:
    """By how much one place has more than the other; empty if one is withheld, or has not the share asked for."""
    viewer, told = asked.viewer, list[KnownUnit]()
    for place in two:
        counted = await asked.counted(source, place, span)
        if counted.figure.value is None or await asked.is_kept_back(source, place, span, counted):
            return []
        told.append((place, counted))
    source, told = await shares.to_compare(asked, source, span, told)
    if not told:
        return []
    words = LineInWords(asked.line(source, told[-1][1]), viewer.say)
    of_each = [(counted.figure.value or Decimal(0), place) for place, counted in told]
    (less, lower), (more, higher) = sorted(of_each, key=lambda pair: pair[0])
    by = by_as_told(more - less, words)
    if not by:
        return [viewer.say("asking.equal" if less == more else "asking.nearly_equal")]
    names = {"more": own_name(higher), "less": own_name(lower)}
    return [viewer.say("asking.more_than", **names, by=by, unit=words.difference(by))]


def point_as_told(point: Point) -> tuple[FigureDays, list[Counted]]:
    return point.span, [point.counted]


async def side(asked: Asked, place: Place, source: Source, point: Point, *times: str) -> Markup:
    """One place, with the time of its figure if not all are of the same."""
    viewer = asked.viewer
    label = ", ".join((await grounds.title(asked, place), *times))
    value = await asked.value(source, point.counted, place, point.span)
    covered = asked.covered(source, point.counted)
    line = viewer.say("asking.beside", place=label, value=value, covered=covered)
    share = await shares.under_side(asked, source, place, point.counted, point.span)
    return Markup("\n").join([line, *share])

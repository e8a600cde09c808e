"""A spreadsheet of places and the units below them, with a front sheet that describes it.

A unit without a figure has a row that says why: withheld, not reported for this period, or never reported. A figure that
lacks reports, or takes in older ones, says so in its row as it does in the chat.
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from markupsafe import Markup

from figures import small
from figures.counted import NONE, Counted
from figures.of_all import ShareOfAll
from figures.sources import FigureDays, Source
from handlers.asking import merged, series, side_by_side
from handlers.asking.asked import Asked
from handlers.asking.listed import UnitsKnown
from handlers.asking.ranking import around, ask_narrower, in_order
from handlers.asking.shares import share_text, shares_of, with_share
from handlers.messages import Document, Reply
from handlers.viewer import Viewer
from handlers.wording import first_upper
from plans.rollup import Figure
from questionnaires.answers.text import fold
from reports.covering import coverage_text
from reports.progress import value_text
from storage import approvals, places
from storage.approvals import NOTHING, Approvals
from storage.tables import Place

MEDIA: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADS: Final = (
    "place", "value", "unit", "numerator", "denominator", "fresh", "carried", "expected", "period", "note", "state"
)  # fmt: skip
Cells = list[str | int | None]
NOT_IN_NAMES: Final = re.compile(r"[^a-z0-9]+")
NAMED: Final = 4
"""How many periods are named in a row."""
NAME: Final = 40
"""How many letters of an indicator's name go into a file's name."""


class Row(NamedTuple):
    """A unit with its figure, or with the key of the sentence that says why there is none."""

    place: Place
    counted: Counted | None
    why: str = ""
    merged: Markup = Markup()
    """Which merged places' last values the figure still contains."""
    last: Counted | None = None
    """Of a unit yet to report its newest figure, which stands in the sum above."""


class SheetPart(NamedTuple):
    """The rows of a sheet for one time, and, by unit id, how far the reports behind them are approved."""

    span: FigureDays
    listed: UnitsKnown
    rows: Sequence[Row]
    states: Mapping[int, Approvals]


async def show(asked: Asked, named: Sequence[Place], sources: Sequence[Source]) -> Reply:
    """The figures of the places and the units below them as a spreadsheet."""
    viewer = asked.viewer
    tables, shares, every = [], dict[int, ShareOfAll](), list[SheetPart]()
    for source in sources:
        units = await around(asked, named, source)
        if narrower := await ask_narrower(asked, units, source):
            return narrower
        parts = [
            await part_of(asked, named, units, source, span) for span in await times_of(asked, named, source)
        ]
        tables.append(table(asked, parts))
        every += parts
        for part in parts:
            shares |= part.listed.of_all
    names = await asked.full_names(named)
    what = ", ".join(asked.name(source.indicator).striptags() for source in sources)
    share = [["share", share_text(asked, shares).striptags()]] if shares else []
    about = (await asked.about(named[0])).striptags()
    front = [["what", what], *share, ["where", names], ["boundaries", about]]
    body = {
        "front": front_of(viewer, front),
        "front_title": viewer.say("asking.sheet.front").striptags(),
        "tables": tables,
    }
    document = Document("", file_name(asked, sources), MEDIA, body)
    where, periods = units_told(asked, named, every, names), period_told(asked, every)
    return Reply(viewer.say("asking.exported", what=what, where=where, period=periods), document=document)


def others_in(parts: Sequence[SheetPart], own: Container[int]) -> Iterator[Place]:
    """The places of the sheets' rows that are not the asked ones themselves."""
    return (row.place for part in parts for row in part.rows if row.place.id not in own)


def units_told(asked: Asked, named: Sequence[Place], parts: Sequence[SheetPart], names: str) -> Markup | str:
    """Whose figures the sheets hold: of the units of a level below the places named, or of these alone."""
    below = next(others_in(parts, {place.id for place in named}), None)
    if below is None or below.level == named[0].level:
        return names
    return asked.viewer.say("asking.units_of", level=asked.level(below.level), place=names)


def period_told(asked: Asked, parts: Sequence[SheetPart]) -> str:
    """The periods of the figures; of a series the first and the last."""
    periods = list(dict.fromkeys(period_of(asked, part) for part in parts))
    return ", ".join(periods) if len(periods) <= NAMED else f"{periods[0]} … {periods[-1]}"


def front_of(viewer: Viewer, rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """The rows of the first sheet, with when it was made and what the states mean."""
    made = (["when", viewer.say.moment(viewer.now)], ["state", viewer.say("approval.legend").striptags()])
    return [[viewer.say(f"asking.sheet.{head}").striptags(), text] for head, text in (*rows, *made)]


def file_name(asked: Asked, sources: Sequence[Source]) -> str:
    """The file's name, with the indicator's if there is only one."""
    day = f"{asked.viewer.today:%Y-%m-%d}.xlsx"
    if len(sources) > 1:
        return f"so-lieu-{day}"
    words = NOT_IN_NAMES.sub("-", fold(sources[0].indicator.name("vi")))[:NAME].strip("-")
    return f"so-lieu-{words}-{day}"


async def times_of(asked: Asked, named: Sequence[Place], source: Source) -> list[FigureDays]:
    """Return the times of the figures: all that are compared or follow one another, earliest first."""
    when = asked.query.when
    if when.against or when.back or when.unit or len(when.periods) > 1:
        return await side_by_side.spans_of(asked, named[0], source)
    span = asked.span(source)
    if when.periods and series.is_series(asked, source, span):
        return asked.periods_in(source, span)
    return [span]


async def part_of(
    asked: Asked, named: Sequence[Place], units: Sequence[Place], source: Source, span: FigureDays
) -> SheetPart:
    """The rows of one time."""
    listed = await in_order(asked, units, source, span)
    rows = [*await totals(asked, named, source, span, listed), *rows_of(listed)]
    return SheetPart(span, listed, rows, await states_of(asked, source, rows))


async def totals(
    asked: Asked, named: Sequence[Place], source: Source, span: FigureDays, listed: UnitsKnown
) -> list[Row]:
    """The places asked about, if they are not among the units below."""
    among = {unit.id for row in rows_of(listed) for unit in (row.place,)}
    rows: list[Row] = []
    for place in named:
        if place.id in among:
            continue
        counted = await asked.counted(source, place, span)
        if await asked.is_kept_back(source, place, span, counted):
            rows.append(Row(place, None, "kept_back"))
        elif listed.of_all and counted.figure.numerator is not None:
            rows.append(await as_share(asked, source, span, place, counted))
        else:
            still = await merged.told(asked, place, source, counted)
            rows.append(Row(place, counted, why_none(counted), still))
    return rows


async def as_share(asked: Asked, source: Source, span: FigureDays, place: Place, counted: Counted) -> Row:
    """A place with its number as a share of all, if that is known."""
    shares = await shares_of(asked, source, span, [(place, counted)])
    if place.id not in shares:
        return Row(place, None, "no_whole")
    return Row(*with_share((place, counted), shares[place.id]))


def why_none(counted: Counted) -> str:
    """The key for why a unit has no figure; "" if it has one."""
    if counted.figure.value is not None:
        return ""
    if counted.period is not None:
        return "nobody"
    return "waiting" if counted.covered.known else "without"


def rows_of(listed: UnitsKnown) -> Iterator[Row]:
    """The units in their order, then those without a figure."""
    yield from (Row(place, counted) for place, counted in listed.known)
    carried = {unit.id: counted for unit, counted in listed.carried}
    for why, units in (
        ("kept_back", listed.hidden),
        ("waiting", listed.waiting),
        ("no_whole", [unit for unit, _ in listed.no_whole]),
        ("without", listed.without),
    ):
        yield from (Row(place, None, why, last=carried.get(place.id)) for place in units)


async def states_of(asked: Asked, source: Source, rows: Sequence[Row]) -> dict[int, Approvals]:
    """By unit id, how far the reports behind its figure are approved; few queries for all."""
    session, form = asked.viewer.session, source.entry.form
    known = {row.place.id: row.counted for row in rows if row.counted}
    by_report = await approvals.of_reports(session, union(one.reports for one in known.values()))
    by_place: dict[str, Mapping[int, Approvals]] = {}
    for key, places_of in places_by_period(known.values()).items():
        by_place[key] = await approvals.of_places(session, form, key, places_of)
    return {
        unit: approvals.together(
            [*among(by_report, one.reports), *among(by_place.get(key_of(one), {}), one.places)]
        )
        for unit, one in known.items()
    }


def key_of(counted: Counted) -> str:
    """The key of a figure's period; "" if nobody has reported."""
    return counted.period.key if counted.period else ""


def places_by_period(counted: Iterable[Counted]) -> dict[str, frozenset[int]]:
    """Who may have reported for each period, if single reports are not known."""
    places_of: dict[str, frozenset[int]] = {}
    for one in counted:
        if one.places and one.period:
            places_of[key_of(one)] = places_of.get(key_of(one), frozenset()) | one.places
    return places_of


def union(some: Iterable[frozenset[int]]) -> frozenset[int]:
    """The union of some sets."""
    return frozenset().union(*some)


def among(known: Mapping[int, Approvals], wanted: Iterable[int]) -> list[Approvals]:
    """Those of the wanted that are known."""
    return [known[number] for number in wanted if number in known]


def table(asked: Asked, parts: Sequence[SheetPart]) -> dict[str, object]:
    """One indicator's sheet as JSON values: for each time the units with a figure, then those without."""
    heads = [asked.viewer.say(f"asking.sheet.{head}").striptags() for head in HEADS]
    return {
        "title": asked.name(parts[0].listed.source.indicator).striptags(),
        "heads": heads,
        "numbers": [1, 3, 4],
        "rows": [row for part in parts for row in rows_in_words(asked, part)],
    }


def period_of(asked: Asked, part: SheetPart) -> str:
    """The period of a part's figures in words."""
    shown = (row.counted for row in part.rows if row.counted)
    return asked.told_period(part.listed.source, part.span, (*shown, *part.listed.counted))


def rows_in_words(asked: Asked, part: SheetPart) -> list[Cells]:
    """The rows of one time as JSON values."""
    source, period = part.listed.source, period_of(asked, part)
    return [[*cells(asked, source, period, row), state(asked, part.states, row.place)] for row in part.rows]


def cells(asked: Asked, source: Source, period: str, row: Row) -> Cells:
    """One unit's row, with the reason beside anything missing."""
    unit = source.indicator.unit_name(asked.viewer.locale)
    figure = row.counted.figure if row.counted else Figure(source.indicator.id, None)
    value, part, whole = map(exact, (figure.value, figure.numerator, figure.denominator))
    covered = row.counted.covered if row.counted else NONE
    counts: Cells = [covered.full, covered.carried, covered.expected] if row.counted else [None] * 3
    return [places.own_name(row.place), value, unit, part, whole, *counts, period, note(asked, source, row)]


def note(asked: Asked, source: Source, row: Row) -> str:
    """What is to be known of a row: why there is no figure; or what the figure lacks, and what else it takes in."""
    say = asked.viewer.say
    if row.why:
        why = say(f"asking.sheet.{row.why}", n=small.SMALL)
        return (why + newest_text(asked, source, row.last)).striptags()
    if row.counted is None:
        return ""
    lacking = lacks_some(asked, source, row.counted)
    told = (lacking, asked.missing(row.counted), row.merged)
    return Markup(" ").join(filter(None, told)).striptags()


def newest_text(asked: Asked, source: Source, last: Counted | None) -> Markup:
    """The newest figure of a unit that is yet to report, and when that was; empty without any."""
    if last is None or last.period is None:
        return Markup()
    viewer, period = asked.viewer, last.period.name(asked.viewer.locale)
    return viewer.say(
        "asking.sheet.newest", value=value_text(asked.line(source, last), viewer.say), period=period
    )


def lacks_some(asked: Asked, source: Source, counted: Counted) -> Markup:
    """Who reported, if some did for a part of the time only, or if older values stand in; else the row's counts say it."""
    covered, say = counted.covered, asked.viewer.say
    if not covered.partly and not covered.oldest:
        return Markup()
    text = coverage_text(covered, source.indicator.level, say, asked.viewer.locale)
    return first_upper(text) + Markup(".")


def state(asked: Asked, states: Mapping[int, Approvals], place: Place) -> str:
    """How far a unit's reports are approved, in a word or two; "" if unknown."""
    known = states.get(place.id, NOTHING)
    facts = {"approved": known.approved, "reports": known.reports}
    return asked.viewer.say(f"approval.{known.state}", **facts).striptags() if known.state else ""


def exact(number: Decimal | None) -> str | None:
    """A number as exact text."""
    return None if number is None else str(number)

"""The figures of one place, each with period, boundaries, coverage, target with its clause, change, and ways on.

"Không có số liệu" is never 0.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final, NamedTuple

from markupsafe import Markup

from figures import access, locking, small
from figures.counted import Counted
from figures.counting import as_told
from figures.sources import FigureDays, Source, span_of
from handlers import sentences
from handlers.asking import aspects, by_plan, by_units_below, elsewhere, grounds, merged, series, works_here
from handlers.asking.asked import BELOW, INDICATORS, LETTERS, Asked
from handlers.asking.part_of_total import share_of_total
from handlers.asking.shares import of_all_text, share_at
from handlers.asking.ways import AskEarlier, AskExcel, AskPlace, AskTrend, AskUnits, SaveQuestion
from handlers.buttons import choice
from handlers.messages import Choice, Reply, Rows, clip
from handlers.navigation import ShowHistory
from handlers.screens import history
from handlers.viewer import Viewer
from handlers.wording import first_upper
from plans.indicator import CAPITAL, Indicator
from plans.levels import LEVELS
from plans.minority import MINORITY
from plans.period import Period
from queries.alike import folded
from queries.frames import Lookup, Question
from queries.measured import counted_in
from reports.covering import coverage_text
from reports.progress import change_text
from storage import asking, places, submissions
from storage.approvals import Approvals
from storage.tables import Level, Person, Place, Submission

HAPPENED: Final = frozenset(("duoc", "da"))
"""In an indicator's name: something was done to those it counts."""
LABEL: Final = 60
"""How long a button's label may be."""


async def show(
    asked: Asked, place: Place, sources: Sequence[Source], first: int = 0, *, rest: Rows | None = None
) -> Reply:
    """One place's figures with their sources, as many as one message holds.

    `rest`: the button to what follows, if that is not the next figures.
    """
    viewer = asked.viewer
    blocks = [viewer.say("asking.head", place=await grounds.title(asked, place))]
    begin = after = min(first, len(sources) - 1)
    for source in sources[after : after + INDICATORS]:
        blocks.append(await figure(asked, place, source))
        after += 1
        if sum(map(len, blocks)) > LETTERS:
            break
    blocks += await sum_of(asked, place, sources)
    blocks += await part_of(asked, place, sources)
    blocks.append(await asked.about(place))
    more = asked.further(after, len(sources)) if rest is None else rest
    on = await ways_on(asked, place, sources[0], sources[begin:after])
    return Reply(Markup("\n\n").join(blocks), choices=(*more, *on))


async def sum_of(asked: Asked, place: Place, sources: Sequence[Source]) -> list[Markup]:
    """The sum of several numbers, or that there is none, if it was asked for; none is told if one may not be told."""
    if not (isinstance(asked.query, Lookup) and asked.query.summed and len(sources) > 1):
        return []
    numbers: list[Decimal] = []
    kinds = set[tuple[str, str, bool]]()  # what there is, and what happened in a time, make no sum either
    for source in sources:
        summand = await summand_of(asked, place, source)
        if summand is None:
            return [asked.viewer.say("asking.sum_unknown")]
        numbers.append(summand.number)
        kinds.add((summand.unit, summand.period, source.indicator.stock))
    [(unit, *_), *others] = kinds
    if others or asked.query.complement or not unit:
        return [asked.viewer.say("asking.no_sum")]
    key = "asking.sum_of" if counts_heads(sources) else "asking.sum_amounts"
    return [asked.viewer.say(key, value=sum(numbers, Decimal(0)), unit=unit)]


async def part_of(asked: Asked, place: Place, sources: Sequence[Source]) -> list[Markup]:
    """The share that one of two figures of capital has of the other; [] where no plan adds one up to the other."""
    if not all(source.indicator.domain == CAPITAL for source in sources):
        return []
    numbers = [await summand_of(asked, place, source) for source in sources]
    spent = [one.number for one in numbers if one is not None]
    same = len(spent) == len(sources) and len({one.period for one in numbers if one}) == 1
    return await share_of_total(asked, place, sources, spent if same else ())


class Summand(NamedTuple):
    """A number to be summed: in what, and of which period."""

    number: Decimal
    unit: str
    period: str


async def summand_of(asked: Asked, place: Place, source: Source) -> Summand | None:
    """The number of one figure; None if there is none, or if this reader may not be told it."""
    span = asked.span(source)
    counted = await asked.counted(source, place, span)
    number, period = counted.figure.numerator, counted.period
    if number is None or period is None or await asked.is_kept_back(source, place, span, counted):
        return None
    return Summand(number, unit_added(asked, source), period.key)


def counts_heads(sources: Sequence[Source]) -> bool:
    """Whether one of some figures counts households or people, who may be in several of them."""
    return any(counted_in(source.indicator.name()) for source in sources)


def unit_added(asked: Asked, source: Source) -> str:
    """In what a figure's numbers may be added to others: households, people, or an amount's own unit; "" for none.

    Houses are no households, though both are counted by a word that means either.
    """
    own = "" if source.indicator.rate else source.indicator.unit_name(asked.viewer.locale)
    kind = counted_in(source.indicator.name())
    unit = asked.viewer.say(f"asking.unit.{kind}").unescape() if kind else own
    return own if kind == "household" and own else unit


async def figure(asked: Asked, place: Place, source: Source) -> Markup:
    """One figure: value, period, coverage, change, targets; for a stock over several periods, each of them."""
    aspect = asked.query.measure.aspect
    if aspects.is_told_apart(source, aspect):
        return await aspects.TOLD[aspect](asked, place, source)
    span = asked.span(source)
    if series.is_series(asked, source, span):
        return await series.of_span(asked, place, source, span)
    counted = await asked.counted(source, place, span)
    value = await asked.value(source, counted, place, span)
    shown = not await asked.is_kept_back(source, place, span, counted)
    if asked.counts and shown:
        value = as_number(asked, counted, value)
    known = shown and counted.figure.value is not None
    hidden = counted.figure.value is not None and not shown
    day = counted.period.end if counted.period else span.end
    stands = (
        []
        if asked.query.complement
        else await by_plan.standing(asked, place, source, day, known=known, hidden=hidden)
    )
    lines = [
        asked.viewer.say("asking.figure", name=asked.name(source.indicator), value=value),
        given_and_spent(asked, source, counted) if known else "",
        *taken_as(asked, source, counted, span),
        # An allotted amount is told with its share, so there is one.
        "" if stands else await of_all_told(asked, place, source, counted, span),
        await coverage(asked, place, source, counted, span),
        await series.older(asked, place, source, counted),
        asked.missing(counted),
        await merged.told(asked, place, source, counted),
        not_added(asked, source, counted),
    ]
    if known:
        lines.append(await change(asked, place, source, span, counted))
        lines += await elsewhere.disagreeing(asked, place, source, counted)
    singly = await works_here.stuck(asked, place, source)
    return Markup("\n").join(filter(None, [*lines, *stands, *singly]))


def given_and_spent(asked: Asked, source: Source, counted: Counted) -> Markup | str:
    """Return, for a share of capital, how many millions were given, how many of them were spent, and what is left."""
    some, given = counted.figure.numerator, counted.figure.denominator
    if source.indicator.domain != CAPITAL or some is None or given is None:
        return ""
    left = some if asked.query.complement else given - some
    return asked.viewer.say("asking.capital_of_share", given=given, spent=given - left, left=left)


def as_number(asked: Asked, counted: Counted, value: Markup) -> Markup:
    """A share with its numbers first: "548 trên 640 (85,6 %)"; anything else as it is."""
    some, whole = counted.figure.numerator, counted.figure.denominator
    if some is None or whole is None or counted.figure.value is None:
        return value
    share = round(100 * some / whole, 1) if whole else 0
    return asked.viewer.say("asking.some_of", some=some, whole=whole, share=share)


def taken_as(asked: Asked, source: Source, counted: Counted, span: FigureDays) -> list[Markup]:
    """The period of the figure, and how it differs from what was asked."""
    say, indicator = asked.viewer.say, source.indicator
    lines = [say("asking.period", period=asked.told_period(source, span, [counted]))]
    if asked.query.periods and asked.query.periods[0] != (span.start, span.end):
        said = source.named(*asked.query.periods[0])
        lines.append(say("asking.whole_periods", period=asked.label(said)))
    lines += counted_otherwise(asked, source)
    if asked.query.measure.defined:
        lines.insert(0, say("asking.defined", definition=meaning_of(asked, indicator)))
    elif asked.query.measure.nearly:
        lines.append(say("asking.nearly", definition=meaning_of(asked, indicator)))
    return lines


def counted_otherwise(asked: Asked, source: Source) -> Iterator[Markup]:
    """Say that the figure counts all so far, or ethnic minorities only, if it was not asked for so."""
    say, indicator = asked.viewer.say, source.indicator
    if counts_all_so_far(indicator) and is_over_time(asked.query):
        yield say("asking.all_so_far")
    if asked.query.measure.narrowed and MINORITY in indicator.name("vi"):
        yield say("asking.narrowed")


async def of_all_told(
    asked: Asked, place: Place, source: Source, counted: Counted, span: FigureDays
) -> Markup:
    """If a share was asked for and there is only a number: what part of all it is, or that this is unknown."""
    indicator, number = source.indicator, counted.figure.numerator
    refusal = asked.no_share(indicator)
    hidden = number is None or await asked.is_kept_back(source, place, span, counted)
    if not refusal or number is None or hidden:
        return refusal
    share = await share_at(asked, source, place, counted, span)
    return refusal if share is None else of_all_text(asked, indicator, share)


def meaning_of(asked: Asked, indicator: Indicator) -> str:
    """What an indicator counts, in words; "" if that is not defined."""
    known = indicator.definitions
    return indicator.definition_on(asked.viewer.today).text(asked.viewer.locale) if known else ""


def counts_all_so_far(indicator: Indicator) -> bool:
    """Whether a stock counts those to whom something was done at any time: "lao động được đào tạo" is not "trong năm"."""
    return indicator.stock and not HAPPENED.isdisjoint(folded(indicator.name("vi")))


def is_over_time(query: Question) -> bool:
    """Whether a time was named in which something may have been added: "trong năm 2026", "6 tháng cuối năm", "kỳ trước"."""
    return query.measure.added or bool(query.when.ago) or any(first < last for first, last in query.periods)


def not_added(asked: Asked, source: Source, counted: Counted) -> Markup:
    """Say that the reports of the units below do not add up to a figure of the place, if so."""
    if source.indicator.additive or not counted.known or counted.figure.value is not None:
        return Markup()
    return asked.viewer.say("asking.not_added", level=asked.level(source.indicator.level))


async def change(asked: Asked, place: Place, source: Source, span: FigureDays, counted: Counted) -> Markup:
    """The change since the period before over the same units, or that it is withheld; empty if it is unknown."""
    told, kept_back, since, merged = await asked.change(source, place, as_told(source, counted, span))
    if kept_back and since is not None:
        return asked.change_kept_back(source, span_of(since), merged=merged)
    if told is None:
        return Markup()
    text = change_text(asked.line(source, counted, told), asked.viewer.say, asked.viewer.locale)
    return first_upper(text)


async def coverage(asked: Asked, place: Place, source: Source, counted: Counted, span: FigureDays) -> Markup:
    """Whether the figure can still change, how many have reported, and when the last did."""
    viewer, level = asked.viewer, asked.level(source.indicator.level)
    if not counted.expected:
        above = LEVELS.index(source.indicator.level) > LEVELS.index(place.level)
        if above and (work := await works_here.told(asked, place, source, span)):
            return work
        form = await form_of(asked, source)
        return viewer.say(
            "asking.counted_above" if above else "asking.nobody_to_report", level=level, form=form
        )
    if counted.period is None:
        # What officials report themselves is often looked for with the villages.
        key = "asking.nobody_reported" if source.indicator.level == Level.VILLAGE else "asking.nobody_above"
        form = await form_of(asked, source)
        none = viewer.say(key, expected=counted.expected, level=level, form=form)
        part = await by_units_below.told(asked, place, source, span)
        return none + part + await listed_so_far(asked, place, source)
    at, approvals = await looked_at(asked, source, counted)
    key = "asking.closed" if source.entry.settled(counted.period, viewer.today) else "asking.provisional"
    # A locked period takes nothing any more, even before its last day.
    if await locking.is_locked(viewer, place, source.entry.form, counted.period):
        key = "asking.locked"
    covered = coverage_text(counted.covered, source.indicator.level, viewer.say, viewer.locale)
    text = viewer.say(key, covered=covered)
    if at is not None:
        text += Markup(" ") + viewer.say("asking.updated", at=at.astimezone(viewer.zone))
    text += sentences.of_approvals(viewer, approvals)
    if place.level == source.indicator.level and counted.expected == 1:
        text += await sent_by(asked, place, source, counted.period)
    return text + await listed_so_far(asked, place, source)


async def form_of(asked: Asked, source: Source) -> str:
    """The title of the questionnaire that brings a figure."""
    active = await asked.viewer.library.active_forms(asked.viewer.session)
    return active[source.entry.form][1].title(asked.viewer.locale)


async def listed_so_far(asked: Asked, place: Place, source: Source) -> Markup:
    """How many communes of the place have villages in the list, if not all do."""
    told = await sentences.of_listed(asked.viewer, place) if source.indicator.level == Level.VILLAGE else None
    return Markup("\n") + told if told else Markup()


async def looked_at(asked: Asked, source: Source, counted: Counted) -> tuple[datetime | None, Approvals]:
    """When the last of the counted reports came in, and how many are approved."""
    session = asked.viewer.session
    if counted.places and counted.period:
        return await asking.looked_at_in(session, source.entry.form, counted.period.key, counted.places)
    return await asking.looked_at(session, counted.reports)


async def sent_by(asked: Asked, place: Place, source: Source, period: Period) -> Markup:
    """A single place's receipt, for officers who look after it; for its commune also who sent it; otherwise empty."""
    viewer = asked.viewer
    if await access.visible(viewer, place.id) is None:
        return Markup()
    submission = await submissions.submission_of(viewer.session, place.id, source.entry.form, period.key)
    if submission is None:
        return Markup()
    if not await small.is_near(viewer, place):
        return Markup("\n") + viewer.say("asking.receipt", receipt=submission.receipt)
    who = await sender_name(viewer, submission) or viewer.say("due.somebody")
    return Markup("\n") + viewer.say("asking.sent_by", who=who, receipt=submission.receipt)


async def sender_name(viewer: Viewer, submission: Submission) -> str:
    """Return the name of whoever sent a report; "" where that is not known any more."""
    person = await viewer.session.get(Person, submission.person_id) if submission.person_id else None
    return person.name if person else ""


async def ways_on(asked: Asked, place: Place, source: Source, shown: Sequence[Source]) -> Rows:
    """Buttons down, up, back in time, to the picture and to the spreadsheet; to the history of the figures `shown`."""
    viewer, level = asked.viewer, BELOW.get(place.level, "")
    rows: list[tuple[Choice, ...]] = []
    if level and LEVELS.index(level) >= LEVELS.index(source.indicator.level):
        label = viewer.say("asking.button.down", level=asked.level(level))
        rows.append((asked.button(label, AskUnits, level),))
    above = await viewer.session.places.ancestors(place.id, viewer.today)
    if above and above[0].id in asked.ground.asker.visible:
        label = viewer.say("asking.button.up", place=places.own_name(above[0]))
        rows.append((asked.button(label, AskPlace, above[0].id),))
    rows.append(
        (
            asked.button(viewer.say("asking.button.earlier"), AskEarlier),
            asked.button(viewer.say("asking.button.picture"), AskTrend),
            asked.button(viewer.say("asking.button.excel"), AskExcel),
        )
    )
    rows.append((asked.button(viewer.say("asking.button.save"), SaveQuestion),))
    if place.level == Level.VILLAGE:
        rows += await to_history(asked, place, shown)
    return tuple(rows)


class Traced(NamedTuple):
    """The report of a village that a figure is from, with its number there."""

    report: Submission
    number: int


async def traced(asked: Asked, place: Place, source: Source) -> Traced | None:
    """Return the report of a village that a figure is from; None if there is none, or the viewer may not see it."""
    counted = await asked.counted(source, place, asked.span(source))
    period = counted.period or (counted.older.period if counted.older else None)
    if period is None:
        return None
    question = source.indicator.numerator[0]
    found = await history.figure_of(asked.viewer, place, source.entry.form, period, question)
    return Traced(*found) if found is not None else None


async def to_history(asked: Asked, place: Place, shown: Sequence[Source]) -> list[tuple[Choice, ...]]:
    """Buttons to the history of each figure shown of a village, in the very report that it is from."""
    return history_buttons(asked, [(source, await traced(asked, place, source)) for source in shown])


def history_buttons(asked: Asked, found: Sequence[tuple[Source, Traced | None]]) -> list[tuple[Choice, ...]]:
    """The same, once it is known which report each figure is from."""
    buttons: dict[object, Choice] = {}
    for source, one in found:
        if one is None:
            continue
        button = choice(asked.viewer.say("check.button.history"), ShowHistory(one.report.id, one.number))
        if len(found) > 1:
            label = f"{button.label}: {source.indicator.name(asked.viewer.locale)}"
            button = button._replace(label=clip(label, LABEL))
        buttons.setdefault(button.data, button)
    return [(button,) for button in buttons.values()]

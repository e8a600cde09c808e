"""From an understood question to its answer: which kind it gets, over which days."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Final, NamedTuple, assert_never

from markupsafe import Markup

from figures import access
from figures.coverage import FURTHEST, Owed, months_back, owed_in, owed_over
from figures.sources import FigureDays, Source
from handlers.asking import (
    approved,
    aspects,
    assigned,
    changing,
    joint,
    one_place,
    own_forms,
    planned,
    ranking,
    reference,
    running,
    said,
    side_by_side,
    spreadsheet,
    timely,
    too_short,
    units,
    units_over_time,
    unsent,
)
from handlers.asking.asked import BELOW, Asked, help_button
from handlers.asking.ways import NextPage
from handlers.asking.which_units import goals_of
from handlers.messages import Reply, column
from handlers.screens import amounts, difficulties, progress, reported, targets, village, works
from handlers.screens.targets import WhichTargets
from plans.period import PeriodKind, period_of
from plans.rollup import Status
from queries.frames import (
    Aspect,
    Compare,
    Days,
    Difficulties,
    Export,
    Help,
    Lookup,
    Measure,
    Missing,
    Open,
    Plan,
    Progress,
    Question,
    Ranking,
    Than,
    Trend,
    When,
)
from queries.tasking import WORKS
from queries.timed import is_whole_year
from storage.tables import Level, Place

AMOUNTS: Final = "amounts"
"""In a question about standing: it asks for the amounts that plans allot."""
TASKS: Final = "tasks"
"""In a question about standing: it asks how tasks of plans stand."""
LONGER: Final = (PeriodKind.QUARTER, PeriodKind.HALF, PeriodKind.YEAR)
MONTHS: Final = 12
"""Every questionnaire is asked at least once in so many months."""


async def answer(asked: Asked, first: int = 0) -> Reply:
    """The answer to a question; `first` is where a further page of a long answer begins."""
    if isinstance(asked.query, Missing):
        return await who_reported(asked, asked.query)
    named = await asked.places()
    if not named:
        return Reply(asked.viewer.say("asking.no_place"))
    match asked.query:
        case Difficulties():
            return await stuck(asked, named[0], first)
        case Plan() as plan:
            return await planned.show(replace(asked, first=first), plan, named[0])
        case Ranking(counts_units=True):
            return await units.show(asked, named)
        case Progress() as progress if told := await against_plans(asked, progress, named[0]):
            return told
    sources = await asked.sources()
    if not sources:
        return Reply(asked.viewer.say("asking.not_asked_yet"))
    if not too_short.is_too_short(asked, sources):
        return await of_figures(asked, named, sources, first)
    reply = await of_figures(too_short.in_own_periods(asked, sources), named, sources, first)
    note = too_short.said(asked, sources[0])
    return replace(reply, text=Markup("\n").join((note, reply.text)))


async def against_plans(asked: Asked, query: Progress, place: Place) -> Reply | None:
    """What of a question for progress is told by the lines of what plans allot, or by the screen of progress; None where
    it is answered as figures are: that screen knows only today and main figures."""
    year = due_in(query, asked.viewer.today)
    if asked.past() and year is None:
        return None
    if query.indicators and (allotted := await amounts.lines_of(asked.viewer, place, query.indicators)):
        return allotted
    if of_minor_figures(asked) or await is_unknown(asked, query, place):
        return None
    return await progress_of_place(asked, query, place)


async def stuck(asked: Asked, place: Place, first: int) -> Reply:
    """What officers report as stuck in a place, now or in the time asked about. Beside the asker's own units only
    totals are told."""
    if await access.visible(asked.viewer, place.id) is None:
        return asked.totals_only([place])
    if not asked.query.periods:
        return await difficulties.page(asked.viewer, place, first)
    days, further = asked.query.periods[0], partial(NextPage, asked.number)
    return await difficulties.page_over(
        asked.viewer, place, days, said.label(asked.viewer, days), first, further
    )


def of_minor_figures(asked: Asked) -> bool:
    """Whether the question names figures that are not on the page of progress, such as the capital of one project."""
    plans = asked.viewer.plans.indicators
    return bool(asked.query.indicators) and not any(plans[id].main for id in asked.query.indicators)


async def is_unknown(asked: Asked, query: Progress, place: Place) -> bool:
    """Whether a single figure is named of which nothing was reported: the page of progress would not name its target."""
    sources = await asked.sources() if len(query.indicators) == 1 else []
    if len(sources) != 1:
        return False
    counted = await asked.counted(sources[0], place, asked.span(sources[0]))
    return counted.period is None and counted.older is None


async def of_figures(asked: Asked, named: Sequence[Place], sources: Sequence[Source], first: int) -> Reply:
    """The figures of places, in the form that was asked for."""
    match asked.query:
        case Trend():
            return await side_by_side.trend(asked, named[0], sources[0])
        case Compare():
            return await side_by_side.compare(asked, named, sources, first)
        case Export():
            return await spreadsheet.show(asked, named, sources)
        case Ranking(measure=Measure(aspect=Aspect.CHANGE), when=When(run=True)) as query:
            return await running.show(asked, query, named, sources[0], first)
        case Ranking(measure=Measure(aspect=Aspect.CHANGE)) as query:
            return await changing.show(asked, query, named, sources[0], first)
        case Ranking(also=(_, *_)) | Ranking(when=When(run=True), bounds=(_, *_)) as query:
            return await joint.show(asked, query, named, sources[0], first)
        case Ranking(than=Than() as than) as query:
            return await reference.show(asked, query, than, [*named], sources[0], first)
        case Ranking() as query if units_over_time.is_asked(asked, sources[0]):
            return await units_over_time.show(asked, query, named, sources[0], first)
        case Ranking():
            return await by_target(asked, named, sources[0], first)
        case Lookup() | Progress() | Missing() | Plan() | Difficulties() | Help() | Open():
            return await one_place.show(asked, named[0], sources, first)
    assert_never(asked.query)


async def by_target(asked: Asked, named: Sequence[Place], source: Source, first: int) -> Reply:
    """The units of a ranking. Where a plan sets its target for ethnic minorities only, by that target: the heading names
    what is held against it."""
    goals = asked.listing.met is None or await goals_of(asked, named[0], source)
    alone = None if goals else await aspects.narrower(asked, source)
    if alone is None or not await goals_of(asked, named[0], alone):
        return await ranking.show(asked, named, source, first)
    reply = await ranking.show(asked, named, alone, first)
    said = asked.viewer.say("asking.gap_in", name=asked.name(alone.indicator))
    return replace(reply, text=Markup("\n").join((said, reply.text)))


async def spans(asked: Asked) -> list[FigureDays]:
    """The days of the answer: of each indicator, each period, each questionnaire."""
    query = asked.query
    if isinstance(query, Missing):
        owed = await owed_in(asked.viewer, asked.months_back())
        return [FigureDays(one.period.start, one.period.end, one.period) for one in owed]
    sources = await asked.sources()
    if not sources:
        # Without a source there is no rhythm to take the days from: the month is what officials count in.
        month = period_of(PeriodKind.MONTH, asked.viewer.today)
        return [FigureDays(*days) for days in query.periods] or [FigureDays(month.start, month.end, month)]
    asked = too_short.in_own_periods(asked, sources)
    if steps := await steps_of(asked, sources[0]):
        return steps
    if asked.query.periods:
        return [source.span(*days) for source in sources for days in asked.query.periods]
    return [await asked.told_span(source) for source in sources]


async def steps_of(asked: Asked, source: Source) -> list[FigureDays]:
    """The periods that a trend, or a spreadsheet of several times, goes through; [] for anything else."""
    query, when = asked.query, asked.query.when
    exports = isinstance(query, Export) and (when.back or when.unit or when.against)
    if not (exports or isinstance(query, Trend)) or not (places := await asked.places()):
        return []
    if exports:
        return await spreadsheet.times_of(asked, places, source)
    return await side_by_side.spans_of(asked, places[0], source)


async def progress_of_place(asked: Asked, query: Progress, place: Place) -> Reply:
    """Where a place stands against the plans: in one domain, by its targets, or overall."""
    domain = asked.domain()
    if query.standing == AMOUNTS:
        return await amounts.page(asked.viewer, place)
    if query.standing == TASKS:
        return await assigned.of_place(asked, query.tasks, place)
    if query.standing == WORKS:
        return await of_works(asked, place)
    if domain or query.standing is None:
        return await progress.page(asked.viewer, place, domain)
    standing = Status(query.standing) if query.standing else None
    return await targets.page(asked.viewer, place, WhichTargets(standing, due_in(query, asked.viewer.today)))


def due_in(query: Progress, today: date) -> int | None:
    """The other year than this one whose targets the table is asked for; None if all are."""
    if query.standing is None or query.indicators or query.domain or len(query.periods) != 1:
        return None
    (first, last), year = query.periods[0], query.periods[0][1].year
    return year if is_whole_year((first, last)) and first.year == year != today.year else None


async def of_works(asked: Asked, place: Place) -> Reply:
    """The single works of a place; beside the asker's own units only totals are told."""
    if await access.visible(asked.viewer, place.id) is None:
        return asked.totals_only([place])
    page = await works.page(asked.viewer, place)
    return page if page.choices else replace(page, choices=column(help_button(asked.viewer)))


async def who_reported(asked: Asked, query: Missing) -> Reply:
    """Who has reported and who has not: the officer's own screen."""
    named = await asked.places()
    if not named or not access.is_officer(asked.viewer):
        return Reply(asked.viewer.say("asking.no_place"))
    if await access.visible(asked.viewer, named[0].id) is None:
        return asked.totals_only(named)
    return await reports_of(asked, query, named[0])


async def reports_of(asked: Asked, query: Missing, place: Place) -> Reply:
    """The reports of a place that this officer sees: as approved, period after period, of a domain, or all of them."""
    if query.approved:
        return await approved.show(asked, query, place)
    if query.when.run:
        return await unsent.show(asked, query, place)
    if query.timely and place.level != Level.VILLAGE:
        return await in_time(asked, query, place)
    if query.domain:
        return await who_reported_on(asked, query, place, other_month(asked))
    if place.level == Level.VILLAGE:
        return await village.page(asked.viewer, place, asked.months_back(), brief=asked.brief)
    return await units_reported(asked, place, in_order=is_of_units_below(query, place))


async def in_time(asked: Asked, query: Missing, place: Place) -> Reply:
    """Which reports came in time and which late: of a domain, of the time named, or of a month."""
    if query.domain:
        lasts, note = await lasts_asked(asked, other_month(asked))
        return await timely.page(asked.viewer, query, place, [last.owed for last in lasts], note)
    over = await owed_over_time(asked)
    note = month_said(asked) if over else other_month(asked) or month_said(asked)
    return await timely.page(asked.viewer, query, place, over or await due_lately(asked, query), note)


async def due_lately(asked: Asked, query: Missing) -> list[Owed]:
    """What was asked in the month; without a time named, in the month before while nothing of this one is due."""
    viewer, back = asked.viewer, asked.months_back()
    owed = await owed_in(viewer, back)
    due = any(one.entry.due(one.period) < viewer.today for one in owed)
    return owed if due or query.when else await owed_in(viewer, back + 1)


def is_of_units_below(query: Missing, place: Place) -> bool:
    """Whether it is asked which of the units right below a place have reported, or have not."""
    return bool(query.level) and query.level == BELOW.get(place.level)


async def units_reported(asked: Asked, place: Place, *, in_order: bool) -> Reply:
    """Which units of a place have reported: in the time named, if that is longer than a month, else in a month."""
    if longer := longer_than_month(asked):
        over = await owed_over(asked.viewer, *longer)
        if over:
            head = asked.viewer.say("asking.reports_of", period=said.label(asked.viewer, longer))
            return await reported.unit_page(
                asked.viewer, place, note=head, asked=over, in_order=in_order, brief=asked.brief
            )
    note = other_month(asked) or month_said(asked)
    return await reported.unit_page(
        asked.viewer, place, asked.months_back(), note=note, in_order=in_order, brief=asked.brief
    )


def longer_than_month(asked: Asked) -> Days | None:
    """The quarter, half-year or year whose reports are asked about; None if none was named."""
    for days in asked.query.periods[:1]:
        for kind in LONGER:
            period = period_of(kind, days[0])
            if (period.start, period.end) == days:
                return days
    return None


def other_month(asked: Asked) -> Markup | str:
    """Say that reports are shown by month, if another time was named; otherwise empty."""
    today = asked.viewer.today
    for first, last in asked.query.periods:
        month = period_of(PeriodKind.MONTH, min(last, today))
        if (first, min(last, today)) != (month.start, min(month.end, today)):
            said = asked.label(FigureDays(first, last))
            return asked.viewer.say("asking.by_month", said=said, month=month.label(asked.viewer.locale))
    return ""


def month_said(asked: Asked) -> Markup | str:
    """Name the month that was asked about; empty if none was."""
    months = (said.label(asked.viewer, days) for days in asked.query.periods[:1])
    return next((asked.viewer.say("asking.reports_of", period=month) for month in months), "")


class LastOwed(NamedTuple):
    """A questionnaire as villages were last asked it, and how many months ago."""

    owed: Owed
    back: int


async def who_reported_on(asked: Asked, query: Missing, place: Place, note: Markup | str) -> Reply:
    """Who has sent each questionnaire of a domain and who has not; if nobody there sends one, say so.

    Of the units named, otherwise of villages, otherwise of the units above them.
    """
    of_units = query.level not in ("", Level.VILLAGE)
    own = await own_forms.page(asked, query, place) if of_units and query.senders != Level.VILLAGE else None
    if own is not None:
        return own
    lasts, note = await lasts_asked(asked, note)
    if not lasts:
        return await not_by_villages(asked, query, place)
    if place.level == Level.VILLAGE:
        return await village.of_questionnaires(asked.viewer, place, [last.owed for last in lasts], note)
    above = [await reported.units_complete(asked.viewer, place, last.owed) for last in lasts if of_units]
    return await villages_reported(asked, query, place, lasts, (note, *above))


async def villages_reported(
    asked: Asked, query: Missing, place: Place, lasts: Sequence[LastOwed], before: Iterable[Markup | str]
) -> Reply:
    """Which villages have sent each of some questionnaires, or have not, below some lines."""
    page = reported.reported_page if query.reported else reported.missing_page
    pages = [await page(asked.viewer, place, last.owed, last.back) for last in lasts]
    text = Markup("\n").join(filter(None, (*before, *(one.text for one in pages))))
    return Reply(text, pages[0].choices if len(pages) == 1 else pages[0].choices[-1:])


async def not_by_villages(asked: Asked, query: Missing, place: Place) -> Reply:
    """Who has sent an office's own form of a domain that no questionnaire of villages asks; without one, say so."""
    if own := await own_forms.page(asked, replace(query, level=""), place):
        return own
    names = asked.viewer.plans.domains[query.domain]
    domain = names.get(asked.viewer.locale) or names["vi"]
    every = await reported.unit_page(asked.viewer, place, asked.months_back())
    told = asked.viewer.say("asking.not_by_villages", domain=domain)
    return replace(every, text=Markup("\n").join((told, every.text)))


async def owed_over_time(asked: Asked) -> Sequence[Owed]:
    """The questionnaires asked in the quarter, half-year or year that was named; none if none was."""
    longer = longer_than_month(asked)
    return await owed_over(asked.viewer, *longer) if longer else ()


async def lasts_asked(asked: Asked, note: Markup | str) -> tuple[list[LastOwed], Markup | str]:
    """The questionnaires of the domain, for the quarter, half-year or year that was named.

    Otherwise as they were last asked, with a note that reports are shown by month.
    """
    forms = {form for source in await asked.sources() for form in source.forms}
    every = await owed_over_time(asked)
    over = [LastOwed(owed, months_back(asked.viewer, owed)) for owed in every if owed.form.name in forms]
    return (over, "") if over else (await last_owed(asked, asked.months_back()), note)


async def last_owed(asked: Asked, back: int) -> list[LastOwed]:
    """When villages were last asked each questionnaire of the domain, `back` months ago or earlier."""
    forms = {source.entry.form for source in await asked.sources()}
    lasts: dict[str, LastOwed] = {}
    for months in range(back, min(back + MONTHS, FURTHEST) + 1):
        for owed in await owed_in(asked.viewer, months) if forms - lasts.keys() else ():
            if owed.form.name in forms:
                lasts.setdefault(owed.form.name, LastOwed(owed, months))
    return list(lasts.values())


async def earlier(asked: Asked) -> Question:
    """The same question about the period before."""
    sources = await asked.sources()
    if not sources:
        return asked.query
    asked = too_short.in_own_periods(asked, sources)
    before = (await asked.told_span(sources[0])).before()
    when = replace(asked.query.when, periods=((before.start, before.end),), ago=0)
    return replace(asked.query, when=when)

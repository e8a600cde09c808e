"""From a question that was understood to its answer: which kind of answer it gets, and over which days."""

from dataclasses import replace
from typing import Final

from markupsafe import Markup

from figures import access
from figures.counting import Source, Span
from figures.coverage import owed
from handlers import overview, progress, targets
from handlers.asking import one_place, ranking, side_by_side, spreadsheet
from handlers.asking.asked import Asked
from plans.period import PeriodKind, period_of
from plans.rollup import Status
from queries.query import Intent, Query
from storage.tables import Place

MONTHS: Final = 12
"""A questionnaire is asked at least once in so many."""


async def answer(asked: Asked, first: int = 0) -> None:
    """Reply to the question; `first` is where a further page of a long answer begins."""
    if asked.query.intent is Intent.MISSING:
        await show_missing(asked)
        return
    found = await asked.places()
    if not found:
        asked.turn.reply(asked.turn.say("asking.no_place"))
        return
    if asked.query.intent is Intent.PROGRESS and not asked.past():
        await show_progress(asked, found[0])
        return
    sources = await asked.sources()
    if not sources:
        asked.turn.reply(asked.turn.say("asking.not_asked_yet"))
        return
    if asked.query.intent is Intent.RANKING or (asked.query.intent is Intent.FIGURE and asked.query.level):
        await ranking.show(asked, found, sources[0], first)
    elif asked.query.intent is Intent.TREND:
        await side_by_side.trend(asked, found[0], sources[0])
    elif asked.query.intent is Intent.COMPARE:
        await side_by_side.compare(asked, found, sources, first)
    elif asked.query.intent is Intent.EXPORT:
        await spreadsheet.show(asked, found, sources)
    else:
        await one_place.show(asked, found[0], sources, first)


async def spans(asked: Asked) -> list[Span]:
    """The days that the answer is over: of each indicator, of each period, of each questionnaire."""
    if asked.query.intent is Intent.MISSING:
        forms = await owed(asked.turn.view, asked.months_back())
        return [Span(each.period.start, each.period.end, each.period) for each in forms]
    sources = await asked.sources()
    if asked.query.intent is Intent.TREND and sources:
        return side_by_side.spans_back(asked, sources[0])
    if asked.query.periods and sources:
        return [source.span(*days) for source in sources for days in asked.query.periods]
    if asked.query.periods:
        return [Span(*days) for days in asked.query.periods]
    month = period_of(PeriodKind.MONTH, asked.turn.today)
    return [asked.span(source) for source in sources] or [Span(month.start, month.end, month)]


async def show_progress(asked: Asked, place: Place) -> None:
    """Where a place stands against the plans: in one domain, by its targets, or in all."""
    domain = asked.domain()
    if domain or asked.query.standing is None:
        await progress.show_place(asked.turn, place, domain)
    else:
        await targets.show(asked.turn, place, Status(asked.query.standing) if asked.query.standing else None)


async def show_missing(asked: Asked) -> None:
    """Who has and who has not reported: the officer's own screen of that."""
    found = await asked.places()
    if not found or not access.is_officer(asked.turn.view):
        asked.turn.reply(asked.turn.say("asking.no_place"))
        return
    if await access.visible(asked.turn.view, found[0].id) is None:
        asked.totals_only(found)
        return
    back = asked.months_back()
    named = {source.entry.form for source in await asked.sources()} if asked.query.domain else set()
    if len(named) == 1:
        form = min(named)
        when = await last_owed(asked, form, back)
        if when is not None:
            screen = overview.show_reported if asked.query.reported else overview.show_missing
            await screen(asked.turn, found[0].id, when, form, other_month(asked))
            return
    await overview.show_place(asked.turn, found[0].id, back, 0, other_month(asked))


def other_month(asked: Asked) -> Markup | str:
    """That reports are shown by the month, where another time was said; empty where it is as it was asked."""
    today = asked.turn.today
    for first, last in asked.query.periods:
        month = period_of(PeriodKind.MONTH, min(last, today))
        if (first, min(last, today)) != (month.start, min(month.end, today)):
            said = asked.label(Span(first, last))
            return asked.turn.say("asking.by_month", said=said, month=month.label(asked.turn.locale))
    return ""


async def last_owed(asked: Asked, form: str, back: int) -> int | None:
    """How many months ago villages were last asked a questionnaire, `back` months ago or before; None in no year."""
    for months in range(back, min(back + MONTHS, overview.FURTHEST) + 1):
        if any(each.form.name == form for each in await owed(asked.turn.view, months)):
            return months
    return None


def earlier(query: Query, source: Source) -> Query:
    """The same question one period back."""
    if not query.periods:
        return replace(query, ago=query.ago + 1)
    before = source.span(*query.periods[0]).before()
    return replace(query, periods=((before.start, before.end),))

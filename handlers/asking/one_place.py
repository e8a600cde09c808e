"""The figures of one place, each with all that belongs to it: period, boundaries, how many have reported, the target
with its clause, the change since the period before, and where to go on. "Không có số liệu" is never 0.
"""

from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup

from figures import access, small
from figures.counting import Counted, Source, Span, within
from figures.ground import below
from figures.programmes import programmes_on
from figures.years import year_ends
from handlers.asking.asked import BELOW, INDICATORS, LETTERS, Asked
from handlers.messages import Choice, Rows
from plans.levels import LEVELS
from plans.period import Period, from_key
from plans.rollup import NO_YEARS
from queries.understand import MINORITY
from reports.gathering import Heard, line_of
from reports.progress import change_text, goal_text
from storage import asking, places, submissions
from storage.tables import Person, Place


async def show(asked: Asked, place: Place, sources: Sequence[Source], first: int = 0) -> None:
    """One place's figures, each with what it was counted from; as many as one message holds."""
    turn = asked.turn
    name = await turn.session.places.full_name(place, turn.today)
    blocks = [turn.say("asking.head", place=name)]
    after = min(first, len(sources) - 1)
    for source in sources[after : after + INDICATORS]:
        blocks.append(await figure(asked, place, source))
        after += 1
        if sum(map(len, blocks)) > LETTERS:
            break
    blocks.append(await asked.about(place))
    more = asked.further(after, len(sources))
    turn.reply(Markup("\n\n").join(blocks), choices=(*more, *await ways_on(asked, place, sources[0])))


async def figure(asked: Asked, place: Place, source: Source) -> Markup:
    """One figure: value, period, coverage, change, targets."""
    turn, span, indicator = asked.turn, asked.span(source), source.indicator
    counted = await asked.counted(source, place, span)
    value = await asked.value(source, counted, place, span)
    rows = [turn.say("asking.figure", name=asked.name(indicator), value=value)]
    rows.append(turn.say("asking.period", period=asked.label(span)))
    if asked.query.periods and asked.query.periods[0] != (span.start, span.end):
        said = source.named(*asked.query.periods[0])
        rows.append(turn.say("asking.whole_periods", period=asked.label(said)))
    if asked.query.narrowed and MINORITY in indicator.name("vi"):
        rows.append(turn.say("asking.narrowed"))
    rows.append(asked.no_share(indicator))
    if counted.newest and span.period and counted.newest != span.period.key and indicator.stock:
        rows.append(turn.say("asking.latest", period=from_key(counted.newest).label(turn.locale)))
    rows.append(await coverage(asked, place, source, counted, span))
    if counted.known and counted.figure.value is None and not indicator.additive:
        rows.append(turn.say("asking.not_added", level=asked.level(indicator.level)))
    if counted.figure.value is not None and not await asked.is_kept_back(source, place, span, counted):
        rows.append(await change(asked, place, source, span, counted))
        if not asked.query.complement:
            rows += await standing_by_plan(asked, place, source, counted)
    return Markup("\n").join(row for row in rows if row)


async def change(asked: Asked, place: Place, source: Source, span: Span, counted: Counted) -> Markup:
    """The change since the period before; nothing where that has no figure for the asker."""
    before = span.before()
    earlier = await asked.counted(source, place, before)
    if earlier.figure.value is None or await asked.is_kept_back(source, place, before, earlier):
        return Markup()
    text = change_text(asked.line(source, counted, earlier, span), asked.turn.say)
    return text[:1].upper() + text[1:]


async def coverage(asked: Asked, place: Place, source: Source, counted: Counted, span: Span) -> Markup:
    """Whether the figure can still change, how many have reported, and when the last came in."""
    turn, level = asked.turn, asked.level(source.indicator.level)
    if not counted.expected:
        above = LEVELS.index(source.indicator.level) > LEVELS.index(place.level)
        return turn.say("asking.counted_above" if above else "asking.nobody_to_report", level=level)
    if not counted.known:
        return turn.say("asking.nobody_reported", expected=counted.expected, level=level)
    whole = counted.known == counted.expected
    last = from_key(within(source.entry, span)[-1])
    if source.entry.settled(last, turn.today):
        key = "asking.closed" if whole else "asking.closed_incomplete"
    else:
        key = "asking.coverage" if whole else "asking.provisional"
    text = turn.say(key, known=counted.known, expected=counted.expected, level=level)
    if at := await updated_at(asked, source, counted):
        text += Markup(" ") + turn.say("asking.updated", at=at.astimezone(turn.zone))
    if place.level == source.indicator.level:
        text += await sent_by(asked, place, source, counted)
    return text + await carried(asked, place, source, counted, last)


async def updated_at(asked: Asked, source: Source, counted: Counted) -> datetime | None:
    """When the last report of those that were counted came in."""
    session = asked.turn.session
    if counted.places:
        return await asking.updated_for(session, source.entry.form, counted.newest, counted.places)
    return await asking.updated_at(session, counted.reports)


async def carried(asked: Asked, place: Place, source: Source, counted: Counted, last: Period) -> Markup:
    """How many of a stock's values were reported in the last period, where the others are from before; else nothing."""
    turn, indicator, id = asked.turn, source.indicator, place.id
    if counted.newest != last.key or not indicator.stock or not source.alone:
        return Markup()
    group = (await below(turn.session, (id,), indicator.level, turn.today))[id]
    fresh = await asking.reported(turn.session, source.entry.form, last.key, group)
    if fresh >= counted.known:
        return Markup()
    period, rest = last.label(turn.locale), counted.known - fresh
    level = asked.level(indicator.level)
    return Markup("\n") + turn.say("asking.carried", period=period, fresh=fresh, rest=rest, level=level)


async def sent_by(asked: Asked, place: Place, source: Source, counted: Counted) -> Markup:
    """A single place's receipt for officers who look after it, and for its commune who sent it; else nothing."""
    turn = asked.turn
    if await access.visible(turn.view, place.id) is None:
        return Markup()
    found = await submissions.submission_of(turn.session, place.id, source.entry.form, counted.newest)
    if found is None:
        return Markup()
    if not await small.is_near(turn.view, place):
        return Markup("\n") + turn.say("asking.receipt", receipt=found.receipt)
    person = await turn.session.get(Person, found.person_id) if found.person_id else None
    who = person.name if person and person.name else turn.say("due.somebody")
    return Markup("\n") + turn.say("asking.sent_by", who=who, receipt=found.receipt)


async def standing_by_plan(asked: Asked, place: Place, source: Source, counted: Counted) -> list[Markup]:
    """Where the figure stands against each plan's target, side by side."""
    turn = asked.turn
    way = [place, *await turn.session.places.ancestors(place.id, turn.today)]
    programmes = await programmes_on(turn.view, way)
    indicator = source.indicator
    heard = Heard(frozenset(indicator.questions), None, {indicator.id: counted.figure})
    ends = (await year_ends(turn.view, place, programmes, [indicator])).get(indicator.id, NO_YEARS)
    line = line_of(turn.library.plans, programmes, indicator, [heard], turn.today, turn.locale, ends)
    say = turn.say
    return [
        goal_text(
            line, goal, place.level, say, say("progress.source", plan=goal.plan_title, clause=goal.clause)
        )
        for goal in line.goals
        if goal.value is not None
    ]


async def ways_on(asked: Asked, place: Place, source: Source) -> Rows:
    """Buttons down, up, back in time, to the picture and to the spreadsheet."""
    turn, level = asked.turn, BELOW.get(place.level, "")
    rows: list[tuple[Choice, ...]] = []
    if level and LEVELS.index(level) >= LEVELS.index(source.indicator.level):
        label = turn.say("asking.button.down", level=asked.level(level))
        rows.append((asked.button(label, "d", level),))
    above = await turn.session.places.ancestors(place.id, turn.today)
    if above and above[0].id in asked.ground.asker.visible:
        label = turn.say("asking.button.up", place=places.own_name(above[0]))
        rows.append((asked.button(label, "p", str(above[0].id)),))
    rows.append(
        (
            asked.button(turn.say("asking.button.earlier"), "b"),
            asked.button(turn.say("asking.button.picture"), "g"),
            asked.button(turn.say("asking.button.excel"), "x"),
        )
    )
    rows.append((asked.button(turn.say("asking.button.save"), "s"),))
    return tuple(rows)

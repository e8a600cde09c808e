"""Questions about an indicator other than "how much": what was done, what is missing to the target, what part of a
larger unit.

Most figures count what there is. "What was done" is never answered with what remains, but by figures that count it,
each under its own name, and by the change in the same villages.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final

from markupsafe import Markup

from figures.bases import Bases
from figures.counted import Counted
from figures.counting import as_told
from figures.programmes import holdings_on
from figures.sources import FigureDays, Source, source_of
from handlers.asking import series
from handlers.asking.asked import Asked
from handlers.asking.said import bound_in_words
from handlers.asking.standing import standing
from handlers.asking.which_units import meets
from handlers.asking.whose import allotted, made_for
from plans.indicator import CAPITAL
from plans.minority import general_of
from plans.target import Comparator
from queries.frames import Aspect, Bound, Relation
from queries.measured import counted_in
from reports.basis import Heard
from reports.gathering import line_of
from reports.lines import Goal, ProgressLine
from reports.progress import goal_detail
from storage.places import own_name
from storage.tables import Place


async def done(asked: Asked, place: Place, source: Source) -> Markup:
    """What was done about something that should decrease: by figures of its own, and by the change."""
    indicator, say = source.indicator, asked.viewer.say
    span = since_new_year(asked, source)
    others = [await source_of(asked.viewer, asked.viewer.plans.indicators[id]) for id in indicator.done]
    lines = [
        say("asking.done.none", name=indicator.name(asked.viewer.locale)),
        *[await counted_done(asked, place, other) for other in others if other],
    ]
    spans = asked.periods_in(source, span)
    points = await series.points_of(asked, place, source, spans)
    # The change is of what remains, so it stands behind that.
    lines.append(await left(asked, place, source))
    lines.append(await series.change_over(asked, place, source, points))
    return Markup("\n").join(filter(None, lines))


async def left(asked: Asked, place: Place, source: Source) -> Markup:
    """What remains at the end of the time asked about, below what was done."""
    span = asked.span(source)
    counted = await asked.counted(source, place, span)
    if counted.figure.value is None:
        return Markup()
    value = await asked.value(source, counted, place, span)
    period = asked.told_period(source, span, [counted])
    covered = asked.covered(source, counted)
    return asked.viewer.say("asking.done.left", period=period, value=value, covered=covered)


def since_new_year(asked: Asked, source: Source) -> FigureDays:
    """The days named, or this year up to today."""
    today = asked.viewer.today
    return asked.span(source) if asked.query.when else asked.span(source, (date(today.year, 1, 1), today))


async def counted_done(asked: Asked, place: Place, source: Source) -> Markup:
    """A figure that counts what was done, over the same days."""
    days = since_new_year(asked, source)
    span = source.span(days.start, days.end)
    counted = await asked.counted(source, place, span)
    value = await asked.value(source, counted, place, span)
    name = source.indicator.name(asked.viewer.locale)
    covered = asked.covered(source, counted)
    period = asked.label(span)
    told = asked.viewer.say("asking.done.by", name=name, period=period, value=value, covered=covered)
    return Markup("\n").join(filter(None, [told, asked.missing(counted)]))


async def gap(asked: Asked, place: Place, source: Source) -> Markup:
    """What is missing to reach each target of the plans."""
    say, span = asked.viewer.say, asked.span(source)
    counted = await asked.counted(source, place, span)
    value = await asked.value(source, counted, place, span)
    period = asked.told_period(source, span, [counted])
    head = say("asking.gap", name=asked.name(source.indicator), value=value, period=period)
    reported = counted.figure.value is not None
    known = reported and not await asked.is_kept_back(source, place, span, counted)
    line, aim = await line_with_goals(asked, place, source, known), asked.query.measure.aim
    if aim is not None and not is_allotted(asked, line, aim):
        head += asked.covered(source, counted)
        return Markup("\n").join([head, to_reach(asked, source, counted if known else None, aim)])
    rows = await gap_to_goals(asked, place, source, counted, line, known=known)
    return Markup("\n").join(filter(None, [head, *rows]))


async def gap_to_goals(
    asked: Asked, place: Place, source: Source, counted: Counted, line: ProgressLine, *, known: bool
) -> Sequence[Markup]:
    """What is missing to reach each target: of the place, else of what is withheld, else of a narrower figure."""
    goals = goals_told(line, counted, known=known)
    rows = [row for goal in goals for row in gap_rows(asked, place, source, counted, line, goal)]
    if not rows:
        rows = await gap_kept_back(asked, place, line)
    if not rows and known:
        return await gap_in_narrower(asked, place, source)
    return rows


def goals_told(line: ProgressLine, counted: Counted, *, known: bool) -> Sequence[Goal]:
    """The targets that are told. What was reached of an amount is told of the whole time of the plan, also while its newest
    period has no report."""
    if known:
        return line.goals
    return [goal for goal in line.goals if goal.amount and counted.figure.value is None]


def is_allotted(asked: Asked, line: ProgressLine, aim: Bound) -> bool:
    """Whether the value that a question says is what a plan allots at the place: then it is held against the plan."""
    plans = asked.viewer.plans
    rows = plans.targets_of(line.indicator, plans.programmes.values())
    held = {(goal.plan, goal.clause) for goal in line.goals}
    return any(
        row.comparator.counted_up
        and row.value == aim.value
        and ((row.plan, row.clause) in held or (row.plan, row.id) in line.goals_kept_back)
        for row in rows
    )


def to_reach(asked: Asked, source: Source, counted: Counted | None, aim: Bound) -> Markup:
    """How far a figure is from a value that the question says itself; None is a figure that cannot be told."""
    say, wanted = asked.viewer.say, bound_in_words(asked.viewer, aim)
    now, whole = (number_of(counted), counted.figure.denominator) if counted else (None, None)
    goal = in_numbers(aim, whole)
    if now is None or goal is None:
        return say("asking.aim.unknown", wanted=wanted)
    if meets(now, goal):
        return say("asking.aim.met", wanted=wanted)
    edge = last_number(goal, step_between(now, whole, goal.value if aim.unit != "%" else None))
    if edge < 0:
        return say("asking.aim.unknown", wanted=wanted)
    key = "more" if edge > now else "less"
    amount = f"{say.number(abs(edge - now))} {unit_of(asked, source)}".rstrip()
    told = say(f"asking.aim.{key}", wanted=wanted, amount=amount, edge=edge, now=now)
    return told if whole is None else told + Markup(" ") + say("asking.aim.of", whole=whole)


def unit_of(asked: Asked, source: Source) -> str:
    """What a figure counts: of a share, households or people; "" where its name does not say."""
    if not source.indicator.rate:
        return source.indicator.unit_name(asked.viewer.locale)
    unit = counted_in(source.indicator.name())
    return asked.viewer.say(f"asking.unit.{unit}").unescape() if unit else ""


def in_numbers(aim: Bound, whole: Decimal | None) -> Bound | None:
    """A bound on a share as one on the number that is counted of `whole`; None for a share of nothing known."""
    if aim.unit != "%":
        return aim
    return replace(aim, value=aim.value * whole / 100) if whole else None


def step_between(*numbers: Decimal | None) -> Decimal:
    """The smallest step between such numbers: 1 for what is counted, a part of it for km and ha."""
    exponents = (int(number.normalize().as_tuple().exponent) for number in numbers if number is not None)
    return Decimal(1).scaleb(min(0, *exponents))


def last_number(goal: Bound, step: Decimal) -> Decimal:
    """The number nearest to what is now that meets a bound, among those a `step` apart."""
    steps = goal.value / step
    match goal.relation:
        case Relation.AT_LEAST:
            return steps.to_integral_value(ROUND_CEILING) * step
        case Relation.ABOVE:
            return (steps.to_integral_value(ROUND_FLOOR) + 1) * step
        case Relation.AT_MOST:
            return steps.to_integral_value(ROUND_FLOOR) * step
        case _:
            return (steps.to_integral_value(ROUND_CEILING) - 1) * step


async def gap_kept_back(asked: Asked, place: Place, line: ProgressLine) -> list[Markup]:
    """What plans allot, where how much of it was reached is withheld from this reader."""
    plans = asked.viewer.plans
    targets = plans.targets_of(line.indicator, plans.programmes.values())
    hidden = [one for one in targets if one.goal is not None and (one.plan, one.id) in line.goals_kept_back]
    own = await made_for(asked.viewer, place) if hidden else frozenset[str]()
    return [allotted(asked, one, own=one.plan in own) for one in hidden if one.comparator.counted_up]


async def gap_in_narrower(asked: Asked, place: Place, source: Source) -> list[Markup]:
    """What is missing to a target for the ethnic minorities, for whom alone plans often set one; or that none is set."""
    other = await narrower(asked, source)
    if other is None:
        return [asked.viewer.say("asking.no_target")]
    above = asked.viewer.say("asking.gap_in", name=other.indicator.name(asked.viewer.locale))
    return [above, await gap(asked, place, other)]


def gap_rows(
    asked: Asked, place: Place, source: Source, counted: Counted, line: ProgressLine, goal: Goal
) -> Iterator[Markup]:
    """A target in full; for a share, also how many more or fewer are needed; for capital, what is left of it."""
    yield from goal_detail(line, goal, place.level, asked.viewer.say)
    yield from left_of_capital(asked, counted, line, goal)
    wanted = goal.reach if goal.reach is not None else goal.value
    # These counts are not those of a part of the place, or of some of its units.
    if goal.part or goal.among or wanted is None or line.unit != "%":
        return
    yield from needed_for_share(asked, source, counted, goal, wanted)


def needed_for_share(
    asked: Asked, source: Source, counted: Counted, goal: Goal, wanted: Decimal
) -> Iterator[Markup]:
    """How many more or fewer are needed to reach a share, as far as it is known of how many."""
    if not counted.figure.denominator:
        return
    comparator = Comparator(goal.comparator)
    if comparator in (Comparator.AT_LEAST, Comparator.COMPLETE):
        yield from needed(asked, counted, wanted)
    elif comparator in BOUNDS:
        aim = Bound(BOUNDS[comparator], wanted, "%")
        if is_missed(counted, aim, counted.figure.denominator):
            yield to_reach(asked, source, counted, aim)


def is_missed(counted: Counted, aim: Bound, whole: Decimal) -> bool:
    """Whether a number does not meet what an aim allows of the `whole`."""
    now, limit = number_of(counted), in_numbers(aim, whole)
    return now is not None and limit is not None and not meets(now, limit)


BOUNDS: Final = {
    Comparator.ABOVE: Relation.ABOVE,
    Comparator.AT_MOST: Relation.AT_MOST,
    Comparator.BELOW: Relation.BELOW,
}
"""How a share stands to a target that is a limit in itself."""


def needed(asked: Asked, counted: Counted, wanted: Decimal) -> Iterator[Markup]:
    """How many more are needed for a share to be at least what is `wanted`, unless it is."""
    figure = counted.figure
    if figure.numerator is None or figure.denominator is None:
        return
    need = (wanted * figure.denominator / 100).to_integral_value(ROUND_CEILING)
    if need > figure.numerator:
        counts = {"need": need, "now": figure.numerator, "whole": figure.denominator, "goal": wanted}
        yield asked.viewer.say("asking.gap_number", n=need - figure.numerator, **counts)


def left_of_capital(asked: Asked, counted: Counted, line: ProgressLine, goal: Goal) -> Iterator[Markup]:
    """What of the capital given for the year of a figure was not spent yet."""
    value, period = counted.figure.value, counted.period
    of_capital = asked.viewer.plans.indicators[line.indicator].domain == CAPITAL
    if not of_capital or value is None or goal.value is None or period is None:
        return
    if goal.year not in (None, period.end.year):
        yield asked.viewer.say("asking.capital_of_year", given=goal.value, year=goal.year, unit=line.unit)
        return
    facts = {"left": goal.value - value, "given": goal.value, "spent": value, "unit": line.unit}
    yield asked.viewer.say("asking.capital_left", **facts)


async def narrower(asked: Asked, source: Source) -> Source | None:
    """The same figure for ethnic minorities only, for which plans set targets; None if there is none."""
    indicators = asked.viewer.plans.indicators
    alone = (id for id, general in general_of(indicators).items() if general == source.indicator.id)
    id = next(alone, "")
    return await source_of(asked.viewer, indicators[id]) if id else None


async def line_with_goals(asked: Asked, place: Place, source: Source, known: bool) -> ProgressLine:
    """The figure compared with the targets of the plans in force at the place."""
    viewer, indicator = asked.viewer, source.indicator
    way = [place, *await viewer.session.places.ancestors(place.id, viewer.today)]
    holdings = await holdings_on(viewer, way)
    span = asked.span(source)
    counted = await asked.counted(source, place, span)
    # The figure's period, or the one asked about, is above the targets; a target compared with another period says so.
    period = counted.period or span.period
    figures = {indicator.id: counted.figure} if known else {}
    earlier = not span.newest and period is not None and period.end < viewer.today
    judged_on = period.end if period is not None and earlier else None
    heard = Heard(frozenset(indicator.questions), period, figures, judged_on=judged_on)
    asking = frozenset(indicator.questions)
    bases = await Bases(viewer, way, [indicator], questions=asking, discretion=asked.discretion).of(holdings)
    programmes = [holding.programme for holding in holdings]
    return line_of(viewer.plans, programmes, indicator, [heard], viewer.today, viewer.locale, bases)


async def part(asked: Asked, place: Place, source: Source) -> Markup:
    """What part of a larger unit's number a place has: of the unit named, otherwise of the next above.

    Both are of the larger unit's period. A place yet to report for it is in that number with an older one, which is told
    under its own name.
    """
    viewer, span = asked.viewer, asked.span(source)
    if (whole := await larger_unit(asked, place)) is None:
        return viewer.say("asking.no_place")
    there = await asked.counted(source, whole, span)
    hidden = await asked.is_kept_back(source, whole, span, there)
    name, period = asked.name(source.indicator), asked.told_period(source, span, [there])
    here, here_hidden = there, True
    if there.period is not None:
        here, here_hidden = await standing(asked, source, place, as_told(source, there, span), there.period)
    some, all_of_them = number_of(here), number_of(there)
    if hidden or here_hidden or not source.indicator.additive or some is None or not all_of_them:
        return viewer.say("asking.no_part", name=name, period=period)
    return viewer.say(
        "asking.part",
        name=name,
        period=period,
        place=own_name(place),
        whole=own_name(whole),
        some=some,
        all=all_of_them,
        share=round(100 * some / all_of_them, 1),
        covered=asked.covered(source, here) if here.period == there.period else of_period(asked, here),
        covered_whole=asked.covered(source, there),
    )


def of_period(asked: Asked, here: Counted) -> Markup:
    """The period that a number is of, beside it."""
    period = here.period.name(asked.viewer.locale) if here.period else ""
    return asked.viewer.say("asking.of_period", period=period)


async def larger_unit(asked: Asked, place: Place) -> Place | None:
    """Return the unit that a place is part of: the one named beside it, otherwise the asker's own or the next above.

    None if the place does not lie in it.
    """
    places, today = asked.viewer.session.places, asked.viewer.today
    own = [id for id in (asked.ground.asker.place,) if id != place.id]
    above = [unit.id for unit in await places.ancestors(place.id, today)]
    for id in (*asked.query.places[1:2], *own, *above)[:1]:
        if asked.ground.asker.sees(id) and place.id in await places.ids_below(id, place.level, today):
            return await places.get(id)
    return None


def number_of(counted: Counted) -> Decimal | None:
    """How many there are: of a share, its numerator."""
    return counted.figure.value if counted.figure.denominator is None else counted.figure.numerator


def is_told_apart(source: Source, aspect: Aspect) -> bool:
    """Whether an aspect is not the figure itself: of what should increase, what was done is the figure."""
    return aspect in (Aspect.GAP, Aspect.PART) or (
        aspect is Aspect.DONE and source.indicator.better == "down"
    )


TOLD: Final[Mapping[Aspect, Callable[[Asked, Place, Source], Awaitable[Markup]]]] = {
    Aspect.DONE: done,
    Aspect.GAP: gap,
    Aspect.PART: part,
}
"""How to tell each aspect that is not the figure itself."""

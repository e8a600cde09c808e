"""A question in words, made only from its slots: what the bot understands it to ask.

It stands above an answer that inherits something from the question before, and on buttons if words are ambiguous. So
askers see what is answered before they read the figure.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from markupsafe import Markup

from figures.ground import Ground
from handlers.viewer import Viewer
from plans.period import MONTHS, PeriodKind, period_of
from queries.frames import Aspect, Bound, Days, Listing, Missing, Order, Plan, Question, Ranking
from queries.understanding import FELL, ROSE, UNMOVED

NAMED: Final = 3
"""How many indicators are named in one line."""


def in_words(viewer: Viewer, ground: Ground, question: Question) -> Markup:
    """The question in one line."""
    parts = [
        what(viewer, question),
        *of_units(viewer, ground, question),
        where(ground, question),
        *when(viewer, question),
    ]
    return Markup(", ").join(Markup.escape(part.strip()) for part in parts if part)


def what(viewer: Viewer, question: Question) -> Markup:
    """The kind of question, with what it measures."""
    told = ", ".join(names_of(viewer, question))
    if question.measure.aim is not None:
        wanted = bound_in_words(viewer, question.measure.aim)
        told = viewer.say("asking.said.aim", name=told, wanted=wanted).unescape()
    elif question.measure.aspect is not Aspect.LEVEL:
        told = viewer.say(ASPECTS[question.measure.aspect], name=told).unescape()
    if isinstance(question, Plan):
        told = " ".join(question.topic) or told
        if question.about == "target" and len(question.plans) == 1:
            plan = viewer.plans.programmes[question.plans[0]].title(viewer.locale)
            return viewer.say("asking.said.of_plan", plan=plan, what=told)
    return viewer.say(f"asking.said.{question.frame}{variant(question)}", what=told)


def variant(question: Question) -> str:
    """The end of the key for a kind of question that is told in several ways; "" for its plain way."""
    match question:
        case Plan(about=about) if about != "content":
            return f"_{about}"
        case Missing(approved=True):
            return "_approved"
        case Missing(timely=True):
            return "_timely"
        case Missing(reported=True):
            return "_reported"
    return ""


def names_of(viewer: Viewer, question: Question) -> list[str]:
    """The names of what a question measures: its indicators, not too many, and its domain."""
    plans = viewer.plans
    names = [measured(viewer, question, id) for id in question.indicators if id in plans.indicators]
    if len(names) > NAMED:
        names = [*names[:NAMED], viewer.say("asking.said.more", n=len(names) - NAMED).unescape()]
    if question.domain in plans.domains:
        domain = plans.domains[question.domain]
        names.append(domain.get(viewer.locale) or domain["vi"])
    return names


def measured(viewer: Viewer, question: Question, id: str) -> str:
    """The name of an indicator; of its numerator's indicator, if a number is asked for."""
    indicators = viewer.plans.indicators
    known = indicators[id]
    alone = question.measure.by == "count" and not isinstance(question, Listing)
    numbers = [
        one
        for one in indicators.values()
        if alone
        and known.rate
        and not one.rate
        and (one.numerator, one.minus) == (known.numerator, known.minus)
    ]
    return (numbers[0] if len(numbers) == 1 else known).name(viewer.locale)


def of_units(viewer: Viewer, ground: Ground, question: Question) -> Iterator[Markup]:
    """Which units are listed, how many, which end first."""
    if isinstance(question, Listing | Missing) and question.level:
        yield viewer.say("asking.said.each", level=viewer.say(f"progress.level.{question.level}"))
    if isinstance(question, Ranking):
        yield from of_ranked(viewer, ground, question)
    if isinstance(question, Listing):
        yield from of_listed(viewer, question)


def of_ranked(viewer: Viewer, ground: Ground, question: Ranking) -> Iterator[Markup]:
    """How many units, and by which other place's value they are picked."""
    if question.count:
        yield viewer.say("asking.said.count", n=question.count)
    other = ground.gazetteer.units.get(question.than.place) if question.than else None
    if question.than and other:
        yield viewer.say(f"asking.said.{question.than.relation}", place=ground.gazetteer.label(other))
    for condition in question.also:
        one = replace(question, measure=condition.measure, bounds=condition.bounds, also=(), order=None)
        told = ", ".join(part.unescape() for part in (what(viewer, one), *of_listed(viewer, one)))
        yield viewer.say("asking.said.also", what=told)
    units = ground.gazetteer.units
    names = ", ".join(ground.gazetteer.label(units[id]) for id in question.without if id in units)
    if names:
        yield viewer.say("asking.said.without", names=names)


def of_listed(viewer: Viewer, question: Listing) -> Iterator[Markup]:
    """Which end comes first, and which units are picked."""
    if question.order:
        yield viewer.say(f"asking.order.{Order(question.order)}")
    if question.met is not None:
        yield viewer.say("asking.units.met" if question.met else "asking.units.unmet")
    if question.bounds == UNMOVED and question.measure.aspect is Aspect.CHANGE:
        yield viewer.say("asking.said.stayed")
    elif question.measure.aspect is Aspect.CHANGE:
        yield from (viewer.say(CHANGED[bound]) for bound in question.bounds if bound in CHANGED)
    else:
        yield from (bound_in_words(viewer, bound) for bound in question.bounds)


def bound_in_words(viewer: Viewer, bound: Bound) -> Markup:
    unit = "" if bound.unit in ("", "%") else viewer.say(f"asking.unit.{bound.unit}").unescape()
    told = viewer.say(f"asking.bound.{bound.relation}", value=bound.value, unit=unit or bound.unit)
    return told if bound.unit else Markup(" ").join(told.split())


ASPECTS: Final = {
    Aspect.REST: "asking.turned_round",
    Aspect.DONE: "asking.said.done",
    Aspect.CHANGE: "asking.said.change",
    Aspect.GAP: "asking.said.gap",
    Aspect.PART: "asking.said.part",
}
CHANGED: Final = {ROSE: "asking.said.rose", FELL: "asking.said.fell"}
"""Which units are picked by their change."""


def where(ground: Ground, question: Question) -> str:
    """The places, the asker's own where none is named."""
    units = ground.gazetteer.units
    places = question.places or (ground.asker.place,)
    return "; ".join(ground.gazetteer.label(units[place]) for place in places if place in units)


def when(viewer: Viewer, question: Question) -> Iterator[Markup]:
    """The times, and what they are compared with."""
    say, time = viewer.say, question.when
    for days in time.periods:
        yield Markup.escape(label(viewer, days))
    if time.back:
        yield say("asking.said.back", n=time.back)
    if time.ago:
        yield say("asking.said.ago", n=time.ago)
    if time.run:
        yield say("asking.said.run")
    if time.against:
        yield say(f"asking.said.{time.against}")


def label(viewer: Viewer, days: Days) -> str:
    """A span of days: by name if it is a week, month, quarter, half-year or year, otherwise from first to last."""
    for kind in (PeriodKind.WEEK, *MONTHS):
        period = period_of(kind, days[0])
        if (period.start, period.end) == days:
            return period.label(viewer.locale)
    first, last = map(viewer.say.date, days)
    return first if first == last else f"{first} - {last}"

"""Figures of a place that several questionnaires make together: the whole capital, which is asked for in three parts.

They are of the newest period for which every part was reported, as when such a figure is asked for by itself.
"""

from collections.abc import Collection, Iterator
from datetime import date

from figures.counting import changes, count
from figures.ground import below
from figures.sources import FigureDays, Source, source_of, span_of
from figures.view import View
from plans.indicator import Indicator
from plans.plans import Plans
from reports.basis import Heard
from storage.tables import Place


async def told_together(
    view: View, place: Place, asked: Collection[frozenset[str]], until: date | None
) -> list[Heard]:
    """What the questionnaires of a place say together, the figures of the fewest questions first.

    `asked` are the questions of each of them. `until`: as at the end of this day; None for today.
    """
    heard = []
    for indicator in sorted(made_of_several(view.plans, place, asked), key=lambda one: len(one.questions)):
        source = await source_of(view, indicator)
        if source is not None:
            heard.append(await told(view, place, source, until))
    return heard


def made_of_several(plans: Plans, place: Place, asked: Collection[frozenset[str]]) -> Iterator[Indicator]:
    """The stocks that a place reports in several questionnaires, none of which asks for all of it."""
    every = frozenset[str]().union(*asked)
    for indicator in plans.ordered:
        own = indicator.stock and indicator.level == place.level and every.issuperset(indicator.questions)
        if own and not in_one(indicator, asked):
            yield indicator


def in_one(indicator: Indicator, asked: Collection[frozenset[str]]) -> bool:
    """Whether one questionnaire asks for all that a figure is made of."""
    return any(names.issuperset(indicator.questions) for names in asked)


async def told(view: View, place: Place, source: Source, until: date | None) -> Heard:
    """One such figure, with what changed since the period before."""
    indicator = source.indicator
    span = FigureDays(until, until, newest=True) if until else source.newest(view.today)
    groups = await below(view.session, (place.id,), indicator.level, view.today)
    counted = (await count(view, source, groups, span))[place.id]
    questions = frozenset(indicator.questions)
    if counted.period is None:
        return Heard(questions, by=indicator.level)
    since = await changes(view, source, groups, span_of(counted.period))
    told = {indicator.id: since[place.id]} if place.id in since else {}
    return Heard(questions, counted.period, {indicator.id: counted.figure}, told, by=indicator.level)

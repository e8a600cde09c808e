"""One number that several questionnaires ask, such as all households: which of them gives it, and where they disagree.

The one asked most often gives it. For a time that is over and in which nobody reported to that one, the next that was
reported gives it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from figures.counting import count
from figures.nearby import is_near
from figures.sources import FigureDays, Groups, Source, asked_at, source_of, span_of
from figures.view import View
from plans.indicator import Indicator
from plans.period import Period
from plans.rollup import Figure
from storage import figures
from storage.figures import ReportedValue

LOOKED_AT: Final = 200
"""In a unit of more places than this, nobody compares what each of them said in several questionnaires."""

ByQuestion = Mapping[str, ReportedValue]


@dataclass(frozen=True)
class Disagreement:
    """What some places said of `whole`, and differently elsewhere: how many of those that said it more than once."""

    whole: Indicator
    places: int
    of: int


async def source_over(view: View, source: Source, groups: Groups, spans: Sequence[FigureDays]) -> Source:
    """The source of an indicator for some spans: of those that ask the same, the one reported in most of them.

    The own one where it is reported in as many, and where no time was asked about, or one that is not over yet.
    """
    over = [span for span in spans if span.end < view.today]
    if not source.indicator.same or not over:
        return source
    return await most_reported(view, source, groups, over)


async def most_reported(view: View, source: Source, groups: Groups, over: Sequence[FigureDays]) -> Source:
    """The one reported in most of some spans, of those that ask the same; the own one where it is in as many."""
    chosen, most = source, await reported_in(view, source, groups, over)
    for other in await others(view, source) if most < len(over) else ():
        found = await reported_in(view, other, groups, over)
        chosen, most = (other, found) if found > most else (chosen, most)
    return chosen


async def others(view: View, source: Source) -> list[Source]:
    """The further questionnaires that ask the same number."""
    found = [await source_of(view, one) for one in source.indicator.asked_elsewhere]
    return [*filter(None, found)]


async def reported_in(view: View, source: Source, groups: Groups, spans: Sequence[FigureDays]) -> int:
    """For how many of some spans anybody reported to a questionnaire."""
    found = 0
    for span in spans:
        counted = await count(view, source, groups, at_least_one_period(source, span))
        found += any(one.period is not None for one in counted.values())
    return found


def at_least_one_period(source: Source, span: FigureDays) -> FigureDays:
    """A span; the questionnaire's whole period if the span lies within it: it is answered by that."""
    period = source.entry.period(span.start)
    return span_of(period) if span.end <= period.end else span


async def disagreement(
    view: View, source: Source, places: Collection[int], until: Period
) -> Disagreement | None:
    """In how many of some places another questionnaire says otherwise than this figure, or than the whole of this share,
    about the same time; None if nothing else asks for it, or the places are too many to look at."""
    whole, alike = view.plans.asked_alike(source.indicator)
    if not alike or len(places) > LOOKED_AT:
        return None
    mine = source.indicator.denominator or source.indicator.numerator
    # A half-year's report comes months before its period ends.
    known = await figures.latest(view.session, places, (*mine, *alike), date.max)
    said = [said_of(values, mine[0], alike, until) for values in known.values()]
    differing, several = said_differently(said)
    return Disagreement(whole, differing, several) if differing else None


def said_differently(said: Sequence[Sequence[Decimal | None]]) -> tuple[int, int]:
    """Of how many places the numbers differ, and of how many there are several."""
    several = [numbers for numbers in said if len(numbers) > 1]
    return sum(len(set(numbers)) > 1 for numbers in several), len(several)


def said_of(values: ByQuestion, mine: str, alike: Collection[str], until: Period) -> list[Decimal]:
    """The numbers that a place gave about the same time: to the own question first; [] without one."""
    if mine not in values:
        return []
    elsewhere = [values[name] for name in alike if name in values]
    return [values[mine].number, *(one.number for one in elsewhere if is_near(one, until))]


async def answered_elsewhere(
    view: View, indicator: Indicator, place: int, until: Period
) -> list[tuple[str, ReportedValue]]:
    """A place's newest answers about the same time to the other questions that ask the same, each with its questionnaire."""
    _, alike = view.plans.asked_alike(indicator)
    values = (await figures.latest(view.session, [place], alike, date.max)).get(place, {})
    near = {name: one for name, one in values.items() if is_near(one, until)}
    asked = await form_of_each(view, indicator.level)
    return [(asked[name], one) for name, one in near.items() if name in asked]


async def form_of_each(view: View, level: str) -> dict[str, str]:
    """The questionnaire that each question of a level is asked in."""
    return {name: entry.form for entry, names in await asked_at(view, level) for name in names}


def number_asked(indicator: Indicator, figure: Figure) -> Decimal | None:
    """The number of a figure that other questionnaires may ask, too: of a share, its whole."""
    return figure.denominator if indicator.rate else figure.value

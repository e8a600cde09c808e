"""What the units below say of capital that a unit itself has not reported: of the part that they manage."""

from collections.abc import Iterator

from markupsafe import Markup

from figures.sources import FigureDays, Source, source_of
from handlers.asking.asked import Asked
from plans.indicator import CAPITAL, Indicator
from plans.levels import LEVELS
from queries.capital import CapitalName
from questionnaires.answers.text import bare
from storage.tables import Place


async def told(asked: Asked, place: Place, source: Source, span: FigureDays) -> Markup:
    """The figure of the part that the units below manage, with its coverage; empty if there is none, or it is withheld."""
    for indicator in alike_below(asked, source.indicator):
        below = await source_of(asked.viewer, indicator)
        if below is None:
            continue
        counted = await asked.counted(below, place, span)
        if counted.period is None or await asked.is_kept_back(below, place, span, counted):
            continue
        facts = {
            "name": asked.name(indicator),
            "value": await asked.value(below, counted, place, span),
            "period": counted.period.label(asked.viewer.locale),
            "covered": asked.covered(below, counted),
        }
        return Markup("\n") + asked.viewer.say("asking.part_below", **facts)
    return Markup()


def alike_below(asked: Asked, indicator: Indicator) -> Iterator[Indicator]:
    """The figures of the same capital that lower units report of their part."""
    if indicator.domain != CAPITAL:
        return
    of_capital = [one for one in asked.viewer.plans.indicators.values() if one.domain == CAPITAL]
    for other in of_capital:
        if is_part_below(other, indicator):
            yield other


def is_part_below(other: Indicator, indicator: Indicator) -> bool:
    """Whether a figure of capital is a lower unit's part of this one: counted alike, of the same kinds and project."""
    lower = LEVELS.index(other.level) < LEVELS.index(indicator.level)
    if not lower or other.rate != indicator.rate or not other.numerator:
        return False
    mine = capital_in(indicator)
    return bool(mine[0]) and capital_in(other) == mine


def capital_in(indicator: Indicator) -> tuple[frozenset[str], str]:
    """Of which kinds and which project a figure of capital is, whoever manages it."""
    name = CapitalName.read(bare(indicator.name().lower()))
    return name.kinds, name.project

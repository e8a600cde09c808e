"""Units in the order of a share where only their numbers are counted: "xã nào có tỷ lệ nhà tạm cao nhất".

The whole is what another questionnaire counts (`figures.of_all`), of just the villages whose numbers are the part.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from figures.of_all import ShareOfAll, shares_of_all
from figures.sources import FigureDays, Source
from handlers.asking.asked import Asked
from handlers.asking.which_units import KnownUnit, is_picked
from plans.indicator import Indicator

PERCENT: Final = Decimal(100)
ONE_PLACE: Final = 1


async def shares_of(
    asked: Asked, source: Source, span: FigureDays, known: list[KnownUnit]
) -> dict[int, ShareOfAll]:
    """By unit the share that its number is, where a share was asked of what is only counted; nothing else."""
    # Bounds are those of the number.
    if is_picked(asked) or not asked.no_share(source.indicator):
        return {}
    told = [(unit, counted.figure.numerator) for unit, counted in known]
    numbers = [(unit, number) for unit, number in told if number is not None]
    shares = await shares_of_all(asked.viewer, source, numbers, span.end)
    return {id: one for id, one in shares.items() if one.whole and not one.lacking}


def as_share(indicator: Indicator, whole: Indicator) -> Indicator:
    """An indicator as a share of all."""
    return replace(
        indicator,
        denominator=whole.numerator,
        factor=PERCENT,
        decimals=ONE_PLACE,
        unit={"vi": "%", "en": "%"},
    )


def with_share(unit: KnownUnit, one: ShareOfAll) -> KnownUnit:
    """A unit with the share as its figure."""
    place, counted = unit
    value = PERCENT * one.part / one.whole
    figure = replace(counted.figure, value=value, numerator=one.part, denominator=one.whole)
    return place, replace(counted, figure=figure)


def share_text(asked: Asked, shares: Mapping[int, ShareOfAll]) -> Markup:
    """What the shares are of, by when it was counted."""
    newest = max(shares.values(), key=lambda one: one.until.end)
    name, period = newest.of.name(asked.viewer.locale), newest.until.label(asked.viewer.locale)
    return asked.viewer.say("asking.of_all_each", name=name, period=period)

"""Units ranked by a share if only their numbers are counted: "xã nào có tỷ lệ nhà tạm cao nhất".

The denominator is counted by another questionnaire (`figures.of_all`), in exactly the villages whose numbers are the
numerator.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from figures.counted import Counted
from figures.of_all import ShareOfAll, shares_of_all
from figures.sources import FigureDays, Source
from handlers.asking.asked import Asked
from handlers.asking.which_units import KnownUnit
from plans.indicator import Indicator
from queries.frames import Listing
from storage.tables import Place

PERCENT: Final = Decimal(100)
ONE_PLACE: Final = 1


async def shares_of(
    asked: Asked, source: Source, span: FigureDays, known: list[KnownUnit]
) -> dict[int, ShareOfAll]:
    """By unit, the share that its number is, if a share was asked of something that is only counted; otherwise empty."""
    if not is_share_of_all(asked, source):
        return {}
    told = [(unit, counted.figure.numerator) for unit, counted in known]
    numbers = [(unit, number) for unit, number in told if number is not None]
    shares = await shares_of_all(asked.discretion, source, numbers, span.end)
    return {
        id: replace(one, of=await asked.titled(one.of))
        for id, one in shares.items()
        if one.whole and not one.lacking
    }


async def share_at(
    asked: Asked, source: Source, place: Place, counted: Counted, span: FigureDays
) -> ShareOfAll | None:
    """The share that a number told of a place is; None if nobody counts all, or this reader may not see how many."""
    number = counted.figure.numerator
    told = [] if number is None else [(place, number)]
    share = (await shares_of_all(asked.discretion, source, told, span.end)).get(place.id)
    if share is None or not (share.whole or share.lacking):
        return None
    return replace(share, of=await asked.titled(share.of))


def of_all_text(asked: Asked, indicator: Indicator, share: ShareOfAll) -> Markup:
    """What part of all a number is, or that this is unknown and why."""
    say, name = asked.viewer.say, share.of.indicator.name(asked.viewer.locale)
    units = say(f"progress.units.{indicator.level}")
    if share.lacking:
        return say("asking.of_all_lacking", name=name, n=share.lacking, units=units)
    return say(
        "asking.of_all",
        name=name,
        period=share.until.label(asked.viewer.locale),
        part=share.part,
        whole=share.whole,
        share=round(percent_of(share), ONE_PLACE),
        n=share.places,
        units=units,
    )


async def under_side(
    asked: Asked, source: Source, place: Place, counted: Counted, span: FigureDays
) -> list[Markup]:
    """Below a number that stands beside others: what share it is, or that the whole is not known; [] if no share was
    asked for, if nobody counts the whole, or if the number is withheld."""
    hidden = counted.figure.numerator is None or await asked.is_kept_back(source, place, span, counted)
    if hidden or not is_share_of_all(asked, source):
        return []
    share = await share_at(asked, source, place, counted, span)
    return [
        asked.viewer.say("asking.no_whole_yet")
        if share is None
        else of_all_text(asked, source.indicator, share)
    ]


async def to_compare(
    asked: Asked, source: Source, span: FigureDays, told: list[KnownUnit]
) -> tuple[Source, list[KnownUnit]]:
    """What numbers are compared by: by their shares, if those were asked for; by nothing if one has none, since who has
    more need not have the larger share."""
    if not asked.no_share(source.indicator):
        return source, told
    of_all = await shares_of(asked, source, span, told)
    if len(of_all) < len(told):
        return source, []
    return shared(source, of_all), [with_share(unit, of_all[unit[0].id]) for unit in told]


def change_of_number(asked: Asked, source: Source) -> list[Markup]:
    """Say that a change is of the number, if a share was asked for: the whole may have changed, too."""
    if not asked.no_share(source.indicator):
        return []
    unit = source.indicator.unit_name(asked.viewer.locale)
    return [asked.viewer.say("asking.change_of_number", unit=unit)]


def percent_of(share: ShareOfAll) -> Decimal:
    """How many per cent of all a part is."""
    return PERCENT * share.part / share.whole


def is_of_shares(listing: Listing) -> bool:
    """Whether the units are picked by nothing or by bounds in percent: other bounds, and targets, are about the number."""
    return listing.met is None and all(bound.unit == "%" for bound in listing.bounds)


def is_share_of_all(asked: Asked, source: Source) -> bool:
    """Whether a share is asked for of something that is only counted, but whose whole another questionnaire counts."""
    of_shares = bool(asked.no_share(source.indicator)) and is_of_shares(asked.listing)
    return of_shares and asked.viewer.plans.whole_of(source.indicator) is not None


def shared(source: Source, of_all: Mapping[int, ShareOfAll]) -> Source:
    """What is counted, as a share of all."""
    whole = next(iter(of_all.values())).of.indicator
    unit = {"vi": "%", "en": "%"}
    share = replace(
        source.indicator, denominator=whole.numerator, factor=PERCENT, decimals=ONE_PLACE, unit=unit
    )
    return replace(source, indicator=share)


def with_share(unit: KnownUnit, one: ShareOfAll) -> KnownUnit:
    """A unit with the share as its figure."""
    place, counted = unit
    figure = replace(counted.figure, value=percent_of(one), numerator=one.part, denominator=one.whole)
    return place, replace(counted, figure=figure)


def share_text(asked: Asked, shares: Mapping[int, ShareOfAll]) -> Markup:
    """What the shares are of, and when that was counted."""
    newest = max(shares.values(), key=lambda one: one.until.end)
    name, period = newest.of.indicator.name(asked.viewer.locale), newest.until.label(asked.viewer.locale)
    return asked.viewer.say("asking.of_all_each", name=name, period=period)


def by_share(
    grouped: Mapping[str, list[KnownUnit]], of_all: Mapping[int, ShareOfAll]
) -> dict[str, list[KnownUnit]]:
    """The ranking by shares; units with a number whose share is unknown stand apart with it."""
    known = grouped["known"]
    shares = [with_share(unit, of_all[unit[0].id]) for unit in known if unit[0].id in of_all]
    no_whole = [unit for unit in known if unit[0].id not in of_all]
    # What stood before has no whole of its own time: no share holds it.
    return {"known": shares, "no_whole": no_whole, "carried": []}

"""A place's own figures at the ends of years, for targets that are set against an earlier value.

"Mỗi năm giảm 3 %" needs the end of the year before, "trên 2 lần so với năm 2020" the end of 2020. Only what such a
target needs is looked up; a year without reports is left out.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from figures.counting import count
from figures.ground import below
from figures.sources import FigureDays, source_of
from figures.view import View
from plans.indicator import Indicator
from plans.programme import Programme
from plans.target import Target
from storage.tables import Place


def years_needed(programme: Programme, target: Target, today: date) -> Iterator[int]:
    """The years whose ends `target` is held against."""
    last = min(today.year, target.year_due or today.year)
    if target.comparator.averaged:
        yield from range(programme.first_day.year, last + 1)
        return
    if target.comparator.yearly:
        # "So much a year" is held against last year's end, also while this year is under way.
        yield last - 1
    elif target.comparator.relative and target.baseline is None:
        yield target.baseline_year or programme.first_day.year - 1
    if target.judged_at_its_end and target.due is not None and today > target.due:
        yield last


async def year_ends(
    view: View, place: Place, programmes: Sequence[Programme], indicators: Collection[Indicator]
) -> dict[str, Mapping[int, Decimal]]:
    """By indicator the place's value at the end of each year that some target needs and that is known."""
    ends: dict[str, Mapping[int, Decimal]] = {}
    for indicator in indicators:
        years = {
            year
            for programme in programmes
            for target in programme.of_indicator.get(indicator.id, ())
            for year in years_needed(programme, target, view.today)
        }
        if values := await values_at_ends(view, place, indicator, sorted(years)):
            ends[indicator.id] = values
    return ends


async def values_at_ends(
    view: View, place: Place, indicator: Indicator, years: Sequence[int]
) -> dict[int, Decimal]:
    """The place's value at the end of each of `years`, where it is known."""
    source = await source_of(view, indicator) if years else None
    if source is None:
        return {}
    groups = await below(view.session, (place.id,), indicator.level, view.today)
    values: dict[int, Decimal] = {}
    for year in years:
        span = FigureDays(date(year, 1, 1), date(year, 12, 31))
        counted = (await count(view, source, groups, span))[place.id]
        if counted.figure.value is not None:
            values[year] = counted.figure.value
    return values

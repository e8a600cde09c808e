"""A place's own figures at year ends, for targets that are relative to an earlier value.

"Mỗi năm giảm 3 %" needs the end of the year before, "trên 2 lần so với năm 2020" the end of 2020. Only what such
targets need is looked up. Years without reports are left out, and so are years whose value would reveal a small
number.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from figures.counted import Counted
from figures.counting import count
from figures.discretion import Discretion, last_in
from figures.ground import below
from figures.sources import FigureDays, Source, source_of
from plans.indicator import Indicator
from plans.period import PeriodKind, period_of
from plans.programme import Programme
from plans.target import Target
from storage.tables import Place


def years_needed(programme: Programme, target: Target, today: date) -> Iterator[int]:
    """The years whose ends `target` is compared with."""
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


class OwnYears(NamedTuple):
    """A place's own values at year ends, by indicator, and for which years this reader may not see them."""

    values: dict[str, Mapping[int, Decimal]]
    hidden: dict[str, Set[int]]

    def hide(self, programme: Programme, target: Target, today: date) -> bool:
        """Whether a target is compared with a value that this reader may not see."""
        hidden = self.hidden.get(target.indicator, frozenset())
        return bool(hidden) and not hidden.isdisjoint(years_needed(programme, target, today))


async def year_ends(
    discretion: Discretion, place: Place, programmes: Sequence[Programme], indicators: Collection[Indicator]
) -> OwnYears:
    """The place's value at the end of each year that some target needs, as far as it is known."""
    own = OwnYears({}, {})
    for indicator in indicators:
        years = years_wanted(programmes, indicator, discretion.view.today)
        values, hidden = await values_at_ends(discretion, place, indicator, years)
        if values:
            own.values[indicator.id] = values
        if hidden:
            own.hidden[indicator.id] = hidden
    return own


def years_wanted(programmes: Sequence[Programme], indicator: Indicator, today: date) -> list[int]:
    """The years whose ends some target for an indicator is compared with, in order."""
    years: set[int] = set()
    for programme in programmes:
        for target in programme.of_indicator.get(indicator.id, ()):
            years.update(years_needed(programme, target, today))
    return sorted(years)


def ends_year(source: Source, counted: Counted, year: int, today: date) -> bool:
    """Whether a figure is that of a year's end: of the last period in it, and of a flow with all the others. The year
    that is under way has no end yet; there the newest figure stands for it."""
    if year >= today.year:
        return True
    return (
        counted.period == last_in(source, period_of(PeriodKind.YEAR, date(year, 1, 1)))
        and not counted.missing
    )


async def values_at_ends(
    discretion: Discretion, place: Place, indicator: Indicator, years: Sequence[int]
) -> tuple[dict[int, Decimal], set[int]]:
    """The place's value at the end of each of `years`, if known, and for which years it is withheld."""
    view, values, hidden = discretion.view, dict[int, Decimal](), set[int]()
    source = await source_of(view, indicator) if years else None
    if source is None:
        return values, hidden
    groups = await below(view.session, (place.id,), indicator.level, view.today)
    for year in years:
        span = FigureDays(date(year, 1, 1), date(year, 12, 31))
        counted = (await count(view, source, groups, span))[place.id]
        if counted.figure.value is None or not ends_year(source, counted, year, view.today):
            continue
        if await discretion.is_kept_back(source, place, span, counted):
            hidden.add(year)
        else:
            values[year] = counted.figure.value
    return values, hidden

"""Villages that were merged or closed while something was asked: what they said for a period whose end they did not see.

A stock ends with its place (`storage.ledger`). So such a report stands at no time, though it is among those that came
for the period. Whoever tells how many have reported takes these off, and whoever tells a change knows that one of its
ends holds what the other does not.
"""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Final

from sqlmodel import col, select

from figures.single import Single, those_given
from figures.sources import Source
from figures.view import View
from plans.period import Period
from plans.rollup import Figure
from storage import asking, ledger
from storage.ledger import NOTHING, Total
from storage.levels import LASTING
from storage.tables import Place

YEAR: Final = timedelta(366)


async def closed_in(
    view: View, source: Source, units: Collection[int], first: date, last: date
) -> dict[int, frozenset[int]]:
    """By unit, the places reporting to a source that closed from `first` up to the day before `last`; units without
    any are left out."""
    session, level, today = view.session, source.indicator.level, view.today
    # A former province or district still reports on its ground, so that its stocks stand.
    if level in LASTING:
        return {}

    async def ask() -> Mapping[int, frozenset[int]]:
        ended = col(Place.last_day)
        closed = select(Place.id).where(Place.level == level, ended >= first, ended < last)
        ways = await ledger.ways_of(session, list((await session.exec(closed)).all()))
        return {place: frozenset(way.on(today.toordinal())) for place, way in ways.items()}

    ways = await session.places.remember(("closed", level, first, last, today), ask)
    if not ways:
        return {}
    parts = await ledger.parts_of(session, units, today)
    inside = {
        unit: frozenset(place for place, way in ways.items() if not way.isdisjoint(some))
        for unit, some in parts.items()
    }
    return {unit: places for unit, places in inside.items() if places}


async def ended_within(
    view: View, source: Source, units: Collection[int], period: Period
) -> dict[int, Total]:
    """By unit, what places said for a period that they did not see the end of; units without any are left out."""
    closed = await closed_in(view, source, units, period.start, period.end)
    if not closed:
        return {}
    alone = {place: {place} for place in frozenset().union(*closed.values())}
    said = await Single(view, source, alone).said_in([period.key])
    figures = {place: [row.figure for row in those_given(rows)] for place, rows in said.items()}
    return {
        unit: total_of([one for place in places for one in figures.get(place, ())])
        for unit, places in closed.items()
    }


async def waiting_for_heirs(view: View, source: Source, unit: int, period: Period) -> list[Place]:
    """The places of a unit that closed in the year up to a period's end, whose last value stands no more and whose
    successors have not all reported since: what they counted is in no stock yet."""
    ended = await closed_in(view, source, [unit], period.end - YEAR, period.end)
    places = [await view.session.places.get(number) for number in sorted(ended.get(unit, ()))]
    return [place for place in places if place is not None and await is_waiting(view, source, place, period)]


async def is_waiting(view: View, source: Source, place: Place, period: Period) -> bool:
    """Whether a closed place has a value, and one of its successors has not said since what it counts with it.

    A report that came before the merger does not hold what was merged, even for a period that ends after it.
    """
    heirs = set(await view.session.places.heirs(place.id, view.today)) - {place.id}
    rows = await Single(view, source, {place.id: {place.id, *heirs}}).standing(period.end)
    if place.last_day is None or place.id not in rows or not rows[place.id].given:
        return False
    for heir in heirs:
        at, _ = await asking.looked_at(view.session, rows[heir].reports if heir in rows else ())
        if at is None or at.astimezone(view.zone).date() <= place.last_day:
            return True
    return False


def total_of(figures: Collection[Figure]) -> Total:
    """Some places' figures as the ledger adds them up."""
    numerator = sum((one.numerator or NOTHING.numerator for one in figures), NOTHING.numerator)
    denominator = sum((one.denominator or NOTHING.denominator for one in figures), NOTHING.denominator)
    return Total(len(figures), numerator, denominator)

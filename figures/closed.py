"""Places that ended while something was asked: what they said for a period at whose end it no longer counted.

They were dissolved, or an heir has since reported on their ground (`figures.expected`). Such a report is in no stock,
although it is among those that came for the period. Code that tells how many have reported subtracts it, and code that
tells a change knows that one end holds what the other does not.
"""

from collections.abc import Collection

from figures.expected import Expected
from figures.single import Single, those_given
from figures.sources import Source
from figures.view import View
from plans.period import Period
from plans.rollup import Figure
from storage.ledger import NOTHING, Total


async def ended_within(
    view: View, source: Source, units: Collection[int], period: Period
) -> dict[int, Total]:
    """Return, by unit, what places said for a period at whose end it no longer counted; units without any are left out."""
    closed = await Expected.by(view, source).unheard(units, period)
    if not closed:
        return {}
    alone = {place: {place} for place in frozenset().union(*closed.values())}
    said = await Single(view, source, alone).said_in([period.key])
    figures = {place: [row.figure for row in those_given(rows)] for place, rows in said.items()}
    return {
        unit: total_of([one for place in places for one in figures.get(place, ())])
        for unit, places in closed.items()
    }


def total_of(figures: Collection[Figure]) -> Total:
    """Some places' figures as the ledger adds them up."""
    numerator = sum((one.numerator or NOTHING.numerator for one in figures), NOTHING.numerator)
    denominator = sum((one.denominator or NOTHING.denominator for one in figures), NOTHING.denominator)
    return Total(len(figures), numerator, denominator)

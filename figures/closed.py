"""Places that ended while something was asked: what they said for a period at whose end it counted no more.

They were dissolved, or an heir has reported their ground since (`figures.expected`). Such a report stands at no time,
though it is among those that came for the period. Whoever tells how many have reported takes these off, and whoever
tells a change knows that one of its ends holds what the other does not.
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
    """By unit, what places said for a period at whose end it counted no more; units without any are left out."""
    closed = await Expected.by(view, source).gone(units, period)
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

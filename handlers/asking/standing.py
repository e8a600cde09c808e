"""What of a place stands in a larger sum: what it reported for the sum's period or, of a stock, its newest figure before."""

from dataclasses import replace

from figures.counted import Counted, Older
from figures.sources import FigureDays, Source
from handlers.asking.asked import Asked
from plans.covered import Covered
from plans.period import Period
from storage.tables import Place


async def standing(
    asked: Asked, source: Source, place: Place, span: FigureDays, period: Period
) -> tuple[Counted, bool]:
    """What of a place stands in a sum over a `span` that is of a `period`; and whether that is withheld from the asker."""
    counted = await asked.counted(source, place, span)
    # By the sum's period: what is withheld in it may be covered by what a place said earlier.
    hidden = await asked.is_kept_back(source, place, span, replace(counted, period=counted.period or period))
    older = counted.older if source.indicator.stock else None
    return (counted if older is None else as_carried(counted, older)), hidden


def as_carried(counted: Counted, older: Older) -> Counted:
    """What a unit last reported, as it stands in a later sum: of nobody for the period, under its own name."""
    covered = Covered(counted.covered.expected, carried=older.known, oldest=older.period)
    return replace(counted, figure=older.figure, covered=covered, period=older.period)

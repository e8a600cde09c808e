"""The result of counting: a unit's figure of a period, its coverage, and what there is if nobody reported."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from figures.sources import FigureDays
from plans.covered import Covered
from plans.indicator import Indicator
from plans.period import Period
from plans.rollup import Figure
from plans.schedule import Entry

NONE: Final = Covered()


class Older(NamedTuple):
    """The newest figure from before a period for which nobody has reported, under its own name."""

    figure: Figure
    period: Period
    known: int
    """How many places it is from."""


@dataclass(frozen=True)
class Counted:
    """A unit's figure of `period`, the newest one reported within the span.

    Without a period nobody has reported: then there is no figure, but there may be an `older` one.
    """

    figure: Figure
    covered: Covered = NONE
    period: Period | None = None
    older: Older | None = None
    missing: tuple[Period, ...] = ()
    """Of a flow, the periods of the span that were asked and that nobody reported for."""
    reports: frozenset[int] = frozenset()
    places: frozenset[int] = frozenset()
    """Who may have reported, if single reports are not known."""

    @property
    def known(self) -> int:
        """How many places the figure has a value from."""
        return self.covered.known if self.period else 0

    @property
    def expected(self) -> int:
        return self.covered.expected

    def with_older(self, older: Older) -> "Counted":
        """The same with the newest earlier figure."""
        return replace(self, older=older)


def newest_in(periods: Iterable[Period], span: FigureDays) -> Period | None:
    """The newest of the periods reported; None if a span was asked about and none ended in it."""
    newest = max(periods, key=lambda period: period.end, default=None)
    if newest is None or (newest.end < span.start and not span.newest):
        return None
    return newest


def opened(entry: Entry, periods: Iterable[Period], today: date) -> list[Period]:
    """Those of some periods that are already asked."""
    return [period for period in periods if entry.opens(period) <= today]


def turned_round(counted: Counted, indicator: Indicator) -> Counted:
    """The complement of a rate: those who do not have it ("chưa có")."""
    older = counted.older
    return replace(
        counted,
        figure=rest_of(counted.figure, indicator),
        older=older._replace(figure=rest_of(older.figure, indicator)) if older else None,
    )


def rest_of(figure: Figure, indicator: Indicator) -> Figure:
    """The complement of a rate's figure; any other figure itself."""
    whole, part = figure.denominator, figure.numerator
    if whole is None or part is None or figure.value is None:
        return figure
    rest = whole - part
    return Figure(indicator.id, rest * indicator.factor / whole if whole else None, rest, whole)


def summed(figures: Sequence[Figure]) -> Figure:
    """Several figures of one indicator together; a share is computed from all its parts."""
    wholes = [figure.denominator for figure in figures]
    whole = sum_of(wholes)
    if None in wholes or not whole:
        return replace(figures[0], value=sum_of(figure.value for figure in figures))
    part = sum_of(figure.numerator for figure in figures)
    return replace(figures[0], value=100 * part / whole, numerator=part, denominator=whole)


def sum_of(numbers: Iterable[Decimal | None]) -> Decimal:
    """The sum of the numbers that are known."""
    return sum(filter(None, numbers), Decimal(0))

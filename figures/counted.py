"""What counting gives: a unit's figure of a period, how it is covered, and what there is where nobody reported."""

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
    """The newest figure from before a period that nobody has reported for, under its own name."""

    figure: Figure
    period: Period
    known: int
    """From how many places."""


@dataclass(frozen=True)
class Counted:
    """A unit's figure of `period`, which is the newest of the span that was reported for.

    Without a period nobody has reported: then there is no figure, and perhaps an `older` one.
    """

    figure: Figure
    covered: Covered = NONE
    period: Period | None = None
    older: Older | None = None
    missing: tuple[Period, ...] = ()
    """Of a flow the periods within the span that nobody reported for, though they were asked."""
    reports: frozenset[int] = frozenset()
    places: frozenset[int] = frozenset()
    """Who may have reported, where the single reports are not known."""

    @property
    def known(self) -> int:
        """How many places gave a value to the figure."""
        return self.covered.known if self.period else 0

    @property
    def expected(self) -> int:
        return self.covered.expected

    def with_older(self, older: Older) -> "Counted":
        """This with the newest figure from before."""
        return replace(self, older=older)


def newest_in(periods: Iterable[Period], span: FigureDays) -> Period | None:
    """The newest of the periods that were reported for; None where a span was said and none ended in it."""
    newest = max(periods, key=lambda period: period.end, default=None)
    if newest is None or (newest.end < span.start and not span.newest):
        return None
    return newest


def opened(entry: Entry, periods: Iterable[Period], today: date) -> list[Period]:
    """Those of some periods that have been asked for by today."""
    return [period for period in periods if entry.opens(period) <= today]


def turned_round(counted: Counted, indicator: Indicator) -> Counted:
    """The rest of a rate: those that are not ("chưa có")."""
    older = counted.older
    return replace(
        counted,
        figure=rest_of(counted.figure, indicator),
        older=older._replace(figure=rest_of(older.figure, indicator)) if older else None,
    )


def rest_of(figure: Figure, indicator: Indicator) -> Figure:
    """The rest of a rate's figure; the figure itself where it is none."""
    whole, part = figure.denominator, figure.numerator
    if whole is None or part is None or figure.value is None:
        return figure
    rest = whole - part
    return Figure(indicator.id, rest * indicator.factor / whole if whole else None, rest, whole)


def summed(figures: Sequence[Figure]) -> Figure:
    """Several figures of one indicator together; a share is that of all that it was counted from."""
    whole = sum_of(figure.denominator for figure in figures)
    if any(figure.denominator is None for figure in figures) or not whole:
        return replace(figures[0], value=sum_of(figure.value for figure in figures))
    part = sum_of(figure.numerator for figure in figures)
    return replace(figures[0], value=100 * part / whole, numerator=part, denominator=whole)


def sum_of(numbers: Iterable[Decimal | None]) -> Decimal:
    """The sum of those that are known."""
    return sum(filter(None, numbers), Decimal(0))

"""How much of a figure was reported, and what changed: always like with like.

A unit's value of a period is fresh when its report is for that period, carried when its newest one is older. A change is
told of the units that have reported for the later period and have a value of the earlier one; units that are new in
the data stand apart. So nobody takes for a change what is only another number of reports.
"""

from dataclasses import dataclass
from decimal import Decimal

from plans.period import Period
from plans.rollup import Figure


@dataclass(frozen=True, slots=True)
class Covered:
    """Of how many units that should report: how many did for the period, and how many stand with an older value."""

    expected: int = 0
    fresh: int = 0
    carried: int = 0
    oldest: Period | None = None
    """The period of the oldest value that is carried; None where none is, or where there are too many to look."""
    partly: int = 0
    """Of a sum over several periods: how many of the fresh ones did not report for each period that it is of."""

    @property
    def full(self) -> int:
        """How many reported for all that the figure is of."""
        return self.fresh - self.partly

    @property
    def known(self) -> int:
        """How many have a value."""
        return self.fresh + self.carried

    @property
    def without(self) -> int:
        """How many have none."""
        return max(self.expected - self.known, 0)


@dataclass(frozen=True, slots=True)
class Change:
    """What changed from the earlier period (`since`, where it is one) over the same units, `places` of them.

    `now` and `before` are of exactly those. `new`: units that have reported and had no value before, with their figure.
    `carried`: how many of the `places` stand at the earlier end with a value older than `since`; None where nobody looked.
    """

    now: Figure
    before: Figure
    places: int
    since: Period | None = None
    new: int = 0
    of_new: Figure | None = None
    carried: int | None = 0

    @property
    def by(self) -> Decimal | None:
        """The difference; between rates in points. None where an end has no value."""
        if self.now.value is None or self.before.value is None:
            return None
        return self.now.value - self.before.value

"""How many units a figure covers, and how it changed, comparing like with like.

A unit's value is fresh if its report is for the period itself, and carried if its newest report is older. A change counts
only units that reported for the later period and have a value for the earlier one; units that are new in the data are
counted apart. Otherwise a change in the number of reports would look like a change of the figure.
"""

from dataclasses import dataclass, replace
from decimal import Decimal

from plans.period import Period
from plans.rollup import Figure


@dataclass(frozen=True, slots=True)
class Covered:
    """How many units should report (`expected`), reported for the period (`fresh`), or keep an older value (`carried`)."""

    expected: int = 0
    fresh: int = 0
    carried: int = 0
    oldest: Period | None = None
    """The period of the oldest carried value; None if none is carried, or if there are too many units to look."""
    partly: int = 0
    """For a sum over several periods: how many of the fresh units did not report for every one of these periods."""

    @property
    def full(self) -> int:
        """How many units reported for every period of the figure."""
        return self.fresh - self.partly

    @property
    def known(self) -> int:
        """How many units have a value, fresh or carried."""
        return self.fresh + self.carried

    def of(self, *, stock: bool) -> "Covered":
        """Return the same as it is said of a stock or of a flow, which takes no older values."""
        return self if stock else replace(self, carried=0, oldest=None)

    @property
    def without(self) -> int:
        """How many units should report and have no value."""
        return max(self.expected - self.known, 0)


@dataclass(frozen=True, slots=True)
class Change:
    """How a figure changed between two times over the same units, `places` of them.

    `now` and `before` are the figures of exactly these units; `since` is the earlier period, None if it is not a single
    one. `new` counts the units that have reported and had no value before; `of_new` is their figure. `carried` counts
    those of the `places` whose earlier value is older than `since`; None if nobody looked.
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
        """The difference, in percent points for rates; None if either figure has no value."""
        if self.now.value is None or self.before.value is None:
            return None
        return self.now.value - self.before.value

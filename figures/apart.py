"""Whether a change tells more about withheld numbers than the two totals do.

`figures.withheld` finds what is withheld at each end; `figures.discretion` asks here about a change between the ends.

A total tells the sum of everything withheld in it. If a change covers all of these numbers or none, in each total, or
leaves out only what is unchanged in both, then it is the difference of the totals and tells nothing new. The same
holds for every sum of such changes. Any other change splits the totals into cells, and the sum of each cell can be
worked out from it.
"""

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Generic, NamedTuple, TypeVar

from figures import small
from figures.kept_back import Unknown, still_hidden
from plans.covered import Change
from plans.period import Period
from plans.rollup import Figure

FEW_CELLS, ALL_CELLS = 2, 5
T = TypeVar("T")
HALF_A_STEP: Final = Decimal("0.05")
"""A change in points smaller than this does not show: changes are told with one decimal."""


class AtEnds(NamedTuple, Generic[T]):
    """Something at the later end of a change, and at the earlier one."""

    now: T
    since: T


@dataclass(frozen=True)
class Parted:
    """Withheld numbers in the cells into which a change splits them; the sum of each cell can be worked out."""

    cells: tuple[Sequence[Figure], ...]
    of_units: bool = False
    """Whether these are sums of units rather than numbers of villages."""
    shut: bool = False
    """Whether the change is withheld whatever the cells hold, because further changes could split them again."""

    def with_part(self, part: "Parted") -> "Parted":
        """These cells with the sums of one more unit."""
        pairs = zip(self.cells, part.cells, strict=True)
        cells = tuple([*cell, small.added(more)] if more else cell for cell, more in pairs)
        return Parted(cells, of_units=True, shut=self.shut or part.shut)

    @property
    def is_open(self) -> bool:
        """Whether the sum of each cell leaves its small numbers unknown."""
        leaves_open = small.leaves_units_open if self.of_units else small.leaves_open
        return not self.shut and all(map(leaves_open, self.cells))


@dataclass(frozen=True)
class Ends:
    """The two periods of a change, of a number that stands (a `stock`) or is counted anew in each period."""

    now: Period
    since: Period
    stock: bool
    exact: bool = False
    """Whether the change tells both ends, and not only their difference."""
    longer: Period | None = None
    """For a change over longer periods: the one that ends with `now`. Those who reported in it are compared."""

    @property
    def is_longer(self) -> bool:
        """Whether the change is over longer periods than the questionnaire's own."""
        return self.longer is not None

    @property
    def said_in(self) -> Period:
        """The period in which those compared have reported."""
        return self.longer or self.now

    @property
    def adjoin(self) -> bool:
        """Whether nothing lies between the two periods."""
        return self.since == self.now.previous()

    @property
    def all_apart(self) -> bool:
        """Whether every cell of both totals may be worked out from the change.

        Otherwise only what is new can be: of a stock, numbers not reported again are in both totals and cancel out.
        """
        return self.exact or not (self.stock and self.adjoin)

    @property
    def nothing(self) -> Parted:
        """The same cells, empty."""
        return Parted(((),) * (ALL_CELLS if self.all_apart else FEW_CELLS))


@dataclass(frozen=True)
class Compared:
    """What is withheld of a commune's villages at both ends of a change, and which villages are in `both`."""

    ends: Ends
    now: Unknown
    then: Unknown
    both: Set[int]

    @property
    def unchanged(self) -> set[int]:
        """The villages whose number is carried forward: it is in both totals."""
        return {id for id, older in self.now.standing.items() if older.period.end <= self.ends.since.end}

    @property
    def is_difference(self) -> bool:
        """Whether the change is the difference of the totals, as far as numbers are withheld."""
        return (self.now.ids | self.then.ids) - self.unchanged <= self.both

    @property
    def is_of_wholes(self) -> AtEnds[bool]:
        """For each end, whether the change covers all that is withheld in its total or nothing; at the later end likewise
        the newcomers."""
        new = self.now.fresh.keys() - self.both
        now, then = (unknown.ids & self.both in (set(), unknown.ids) for unknown in (self.now, self.then))
        return AtEnds(now and new in (set(), self.now.ids), then)

    def parted(self, told: AtEnds[bool]) -> Parted:
        """The cells into which the change splits the numbers; `told`: whether the commune's own total is, at each end.

        A total that is told says what a cell that is all of it holds, and nothing about the other end.
        """
        if self.is_difference and not self.ends.exact:
            return self.ends.nothing
        clear = self.clear(told)
        if all(clear):
            return self.ends.nothing
        left = [[()] * len(some) if known else some for some, known in zip(self.cells(), clear, strict=True)]
        return Parted((*left[0], *left[1]), shut=self.ends.exact or not self.ends.adjoin)

    def clear(self, told: AtEnds[bool]) -> list[bool]:
        """For each end, whether a total that is told says all that the change does."""
        ends = zip(told, self.is_of_wholes, strict=True)
        return [not self.ends.is_longer and at_end and whole for at_end, whole in ends]

    def cells(self) -> AtEnds[Sequence[Sequence[Figure]]]:
        """At each end, one cell for villages with a number at both ends and one for the others."""
        again, new = cells_of(self.now.fresh, self.both)
        standing = [older.figure for older in self.now.standing.values()]
        if not self.ends.all_apart:
            return AtEnds((new, [*again, *map(still_hidden, standing)]), ())
        older = {id: one.figure for id, one in self.then.standing.items()}
        return AtEnds((new, again, standing), cells_of({**self.then.fresh, **older}, self.both))


def cells_of(figures: Mapping[int, Figure], both: Collection[int]) -> tuple[list[Figure], list[Figure]]:
    """Some villages' numbers in two cells: those in `both`, and the others."""
    inside = [figure for id, figure in figures.items() if id in both]
    return inside, [figure for id, figure in figures.items() if id not in both]


def tells_ends(change: Change) -> bool:
    """Whether the change of a rate tells both its ends, and not only their difference.

    The difference of two quotients gives away their parts if the denominators differ, and the more so the smaller they
    are. It does if `small.SMALL` more or fewer at both ends would show in it.
    """
    now, before = change.now.denominator, change.before.denominator
    if now is None or before is None:
        return False
    return 100 * small.SMALL * abs(now - before) >= HALF_A_STEP * now * before

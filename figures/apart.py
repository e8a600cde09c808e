"""What a change tells apart of the numbers that are kept back: whether it says more of them than the two totals do.

`figures.withheld` finds what is kept back at each end, and `figures.discretion` asks here of a change between them.

A total tells the sum of all that is kept back in it. A change that compares of each total all of these numbers or none, or
leaves out only what stands unchanged in both, is their difference, and so is every sum of such changes. Everything else
parts the totals into cells, whose sums are told.
"""

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from figures import small
from figures.withheld import Unknown, still_hidden
from plans.covered import Change
from plans.period import Period
from plans.rollup import Figure

FEW_CELLS, ALL_CELLS = 2, 5
HALF_A_STEP: Final = Decimal("0.05")
"""Less of a change in points does not show: it is told with one decimal."""


@dataclass(frozen=True)
class Parted:
    """Numbers that are kept back, in the cells into which a change parts them: each cell's sum can be told from it."""

    cells: tuple[Sequence[Figure], ...]
    of_units: bool = False
    """Whether they are sums of units, and not numbers of villages."""
    shut: bool = False
    """Whether the change is kept back whatever the cells hold: with others it could part them further."""

    def with_part(self, part: "Parted") -> "Parted":
        """This with the sums of a unit."""
        pairs = zip(self.cells, part.cells, strict=True)
        cells = tuple([*cell, small.added(more)] if more else cell for cell, more in pairs)
        return Parted(cells, of_units=True, shut=self.shut or part.shut)

    @property
    def is_open(self) -> bool:
        """Whether the sum of each cell leaves the small numbers in it open."""
        leaves_open = small.leaves_units_open if self.of_units else small.leaves_open
        return not self.shut and all(map(leaves_open, self.cells))


@dataclass(frozen=True)
class Ends:
    """The two periods that a change is told between, of a number that stands (a `stock`) or is counted anew."""

    now: Period
    since: Period
    stock: bool
    exact: bool = False
    """Whether both ends follow from the change, and not their difference alone."""
    longer: Period | None = None
    """The longer period whose last is `now`, where the change is over such: who has reported in it is compared."""

    @property
    def is_longer(self) -> bool:
        """Whether it is told between longer periods than the questionnaire's own."""
        return self.longer is not None

    @property
    def said_in(self) -> Period:
        """The period in which those that are compared have reported."""
        return self.longer or self.now

    @property
    def adjoin(self) -> bool:
        """Whether nothing lies between them."""
        return self.since == self.now.previous()

    @property
    def all_apart(self) -> bool:
        """Whether every cell of both totals may follow from what is told. Otherwise only what is new does: of a number
        that stands, what was not reported again is in both totals, and is lost in their difference."""
        return self.exact or not (self.stock and self.adjoin)

    @property
    def nothing(self) -> Parted:
        """The cells that there are, empty."""
        return Parted(((),) * (ALL_CELLS if self.all_apart else FEW_CELLS))


@dataclass(frozen=True)
class Compared:
    """What is kept back of a commune's villages at both ends of a change, and which villages are `both` compared."""

    ends: Ends
    now: Unknown
    then: Unknown
    both: Set[int]

    @property
    def unchanged(self) -> set[int]:
        """Whose number of now is that of then: it is in both totals."""
        return {id for id, older in self.now.standing.items() if older.period.end <= self.ends.since.end}

    @property
    def is_difference(self) -> bool:
        """Whether the change is the difference of both totals, as far as anything is kept back."""
        return (self.now.ids | self.then.ids) - self.unchanged <= self.both

    @property
    def is_of_wholes(self) -> bool:
        """Whether it compares of each total all that is kept back in it, or nothing; and so with who is new."""
        new = self.now.fresh.keys() - self.both
        compared = all(unknown.ids & self.both in (set(), unknown.ids) for unknown in (self.now, self.then))
        return compared and new in (set(), self.now.ids)

    def parted(self, *, is_told: bool) -> Parted:
        """The cells that the change parts the numbers into; `is_told`: whether the commune's own totals are."""
        if is_told and self.is_of_wholes and not self.ends.is_longer:
            return self.ends.nothing
        if self.is_difference and not self.ends.exact:
            return self.ends.nothing
        return Parted(self.cells(), shut=self.ends.exact or not self.ends.adjoin)

    def cells(self) -> tuple[Sequence[Figure], ...]:
        """Of villages with a number at both ends, and of others, at each end."""
        again, new = cells_of(self.now.fresh, self.both)
        standing = [older.figure for older in self.now.standing.values()]
        if not self.ends.all_apart:
            return new, [*again, *map(still_hidden, standing)]
        older = {id: one.figure for id, one in self.then.standing.items()}
        return new, again, standing, *cells_of({**self.then.fresh, **older}, self.both)


def cells_of(figures: Mapping[int, Figure], both: Collection[int]) -> tuple[list[Figure], list[Figure]]:
    """Some villages' numbers in two cells: of those in `both`, and of the others."""
    inside = [figure for id, figure in figures.items() if id in both]
    return inside, [figure for id, figure in figures.items() if id not in both]


def tells_ends(change: Change) -> bool:
    """Whether the change of a rate tells what is at both its ends, and not only by how much they differ.

    The difference of two quotients gives away their parts where the wholes differ, the more so the smaller they are: here
    where `small.SMALL` more or fewer at both ends would show in it.
    """
    now, before = change.now.denominator, change.before.denominator
    if now is None or before is None:
        return False
    return 100 * small.SMALL * abs(now - before) >= HALF_A_STEP * now * before

"""What follows from sums of unknown numbers that are told: the bounds of each, by a linear program, exactly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple


class Var(NamedTuple):
    """An unknown of the attacker's: what a village said of a period, of those that are or of those that are not."""

    village: int
    period: str
    column: str


Row = tuple[dict[Var, int], int]
"""Unknowns, each with how many times it is taken, and their sum."""


def solved(rows: Sequence[Row]) -> tuple[dict[Var, int], list[Row]]:
    """The unknowns that an equation tells by itself, once others are known; and the equations of the rest."""
    known: dict[Var, int] = {}
    while True:
        left = [without(row, known) for row in rows]
        single = {
            var: told // times for terms, told in left if len(terms) == 1 for var, times in terms.items()
        }
        if not single:
            return known, [row for number, row in enumerate(left) if row[0] and row not in left[:number]]
        known |= single


def without(row: Row, known: Mapping[Var, int]) -> Row:
    """An equation without the unknowns that are known."""
    terms, told = row
    rest = {var: times for var, times in terms.items() if times and var not in known}
    return rest, told - sum(times * known[var] for var, times in terms.items() if var in known)


def bounds(
    rows: Sequence[Row], known: Mapping[Var, int], wanted: Mapping[Var, int]
) -> tuple[Fraction, Fraction | None]:
    """How small and how large a sum of unknowns can be, each being 0 at least; None: as large as you like."""
    wanted, less = without((dict(wanted), 0), known)
    if not wanted:
        return Fraction(-less), Fraction(-less)
    names = sorted({var for terms, _ in rows for var in terms} | wanted.keys())
    matrix = [[Fraction(terms.get(var, 0)) for var in names] for terms, _ in rows]
    right = [Fraction(told) for _, told in rows]
    cost = [Fraction(wanted.get(var, 0)) for var in names]
    if not rows:
        return Fraction(-less), None
    low, high = smallest(matrix, right, cost), smallest(matrix, right, [-one for one in cost])
    assert low is not None
    return low - less, None if high is None else -high - less


def smallest(matrix: list[list[Fraction]], right: list[Fraction], cost: list[Fraction]) -> Fraction | None:
    """The least of cost·x where matrix·x = right and x ≥ 0; None: there is no least. By the simplex method, Bland's rule."""
    table = Table.begun(matrix, right)
    table.improve([Fraction(0)] * table.own + [Fraction(1)] * len(table.rows))
    table.leave_helpers()
    return table.improve([*cost, *[Fraction(0)] * (table.width - table.own)])


@dataclass
class Table:
    """A tableau: rows with their right sides last, and which unknown each row gives. Helpers come after the `own` ones."""

    rows: list[list[Fraction]]
    basis: list[int]
    own: int

    @classmethod
    def begun(cls, matrix: list[list[Fraction]], right: list[Fraction]) -> "Table":
        rows, count = [], len(matrix)
        for number, (terms, told) in enumerate(zip(matrix, right, strict=True)):
            sign = -1 if told < 0 else 1
            helpers = [Fraction(int(other == number)) for other in range(count)]
            rows.append([*(sign * one for one in terms), *helpers, sign * told])
        own = len(matrix[0]) if matrix else 0
        return cls(rows, [own + number for number in range(count)], own)

    @property
    def width(self) -> int:
        return len(self.rows[0]) - 1 if self.rows else self.own

    def leave_helpers(self) -> None:
        """Take the helpers out of the basis; a row that holds nothing else is no equation."""
        for number in reversed(range(len(self.rows))):
            if self.basis[number] >= self.own:
                column = next((one for one in range(self.own) if self.rows[number][one]), None)
                if column is None:
                    del self.rows[number], self.basis[number]
                else:
                    self.pivot(number, column)
        self.rows = [[*row[: self.own], row[-1]] for row in self.rows]

    def pivot(self, number: int, column: int) -> None:
        by = self.rows[number][column]
        self.rows[number] = [one / by for one in self.rows[number]]
        for other, row in enumerate(self.rows):
            if other != number and row[column]:
                times = row[column]
                self.rows[other] = [
                    one - times * mine for one, mine in zip(row, self.rows[number], strict=True)
                ]
        self.basis[number] = column

    def improve(self, cost: list[Fraction]) -> Fraction | None:
        """Go down as far as it goes: the least cost, or None where there is none."""
        cost = cost[: self.width] + [Fraction(0)] * (self.width - len(cost))
        while True:
            prices = [cost[one] for one in self.basis]
            entering = next(
                (
                    column
                    for column in range(self.width)
                    if column not in self.basis
                    and cost[column]
                    < sum(price * row[column] for price, row in zip(prices, self.rows, strict=True))
                ),
                None,
            )
            if entering is None:
                return sum(
                    (price * row[-1] for price, row in zip(prices, self.rows, strict=True)), Fraction(0)
                )
            ratios = [
                (row[-1] / row[entering], self.basis[n], n)
                for n, row in enumerate(self.rows)
                if row[entering] > 0
            ]
            if not ratios:
                return None
            self.pivot(min(ratios)[2], entering)

"""How much was reported, and what a change is, whatever was left out."""

from decimal import Decimal

import pytest

from plans.covered import Change, Covered
from plans.rollup import Figure


@pytest.mark.parametrize(
    ("covered", "known", "without"),
    [
        (Covered(), 0, 0),
        (Covered(5, 2, 1), 3, 2),
        (Covered(5, 2, 0), 2, 3),
        (Covered(5, 5, 0), 5, 0),
        (Covered(2, 2, 1), 3, 0),
    ],
)
def test_what_is_known_and_what_is_missing(covered: Covered, known: int, without: int) -> None:
    """More may have reported than should: a village that went into another reports once more, and none is missing."""
    assert (covered.known, covered.without) == (known, without)


@pytest.mark.parametrize(
    ("now", "before", "by"), [(7, 5, 2), (5, 7, -2), (5, 5, 0), (0, 3, -3), (None, 5, None), (5, None, None)]
)
def test_a_change_is_the_later_value_without_the_earlier(
    now: int | None, before: int | None, by: int | None
) -> None:
    values = [None if number is None else Decimal(number) for number in (now, before)]
    assert Change(Figure("x", values[0]), Figure("x", values[1]), 1).by == by

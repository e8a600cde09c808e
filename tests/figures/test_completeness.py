"""Completeness and timeliness: expected, received, on time; a report of noughts counts, a correction changes nothing."""

from decimal import Decimal

import pytest

from figures.completeness import ReportingRate, rate_of, together
from figures.coverage import Coverage


@pytest.mark.parametrize(
    ("expected", "missing", "late", "shares"),
    [
        (8, 3, 1, ("62.5", "50")),
        (8, 0, 0, ("100", "100")),
        (3, 3, 0, ("0", "0")),
        (3, 2, 1, ("33.3", "0")),
    ],
)
def test_shares_are_of_what_was_expected(
    expected: int, missing: int, late: int, shares: tuple[str, str]
) -> None:
    rate = rate_of(Coverage(None, expected, frozenset(range(missing)), frozenset(range(late))))  # type: ignore[arg-type]
    assert (rate.completeness, rate.timeliness) == tuple(map(Decimal, shares))


def test_nothing_expected_has_no_share() -> None:
    assert ReportingRate(0, 0, 0).completeness is None
    assert ReportingRate(16, 1, 0).completeness == Decimal("6.3"), "half up, as every other figure"


def test_several_together_are_sums() -> None:
    rate = together([ReportingRate(1, 1, 1), ReportingRate(3, 0, 0)])
    assert (rate.completeness, rate.timeliness) == (25, 25)

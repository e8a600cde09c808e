"""What a change tells apart of the numbers that are kept back: each case of the rule by itself."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from figures.apart import AtEnds, Compared, Ends, Parted, tells_ends
from figures.counted import Older
from figures.kept_back import Unknown
from plans.covered import Change
from plans.period import Period, from_key
from plans.rollup import Figure

TOLD, KEPT = AtEnds(True, True), AtEnds(False, False)
"""Whether a commune's own totals are told, at both ends of a change."""
NOV, OCT, SEP = (from_key(f"2026-{month}") for month in (11, 10, "09"))


def number(value: int, whole: int | None = None) -> Figure:
    return Figure("x", Decimal(value), Decimal(value), None if whole is None else Decimal(whole))


def unknown(fresh: Mapping[int, int], standing: Mapping[int, tuple[Period, int]] | None = None) -> Unknown:
    return Unknown(
        {id: number(value) for id, value in fresh.items()},
        {id: Older(number(value), period, 1) for id, (period, value) in (standing or {}).items()},
    )


def compared(now: Unknown, then: Unknown, both: set[int], since: Period = SEP, **other: bool) -> Compared:
    return Compared(Ends(NOV, since, **{"stock": True, **other}), now, then, both)


ALL_COMPARED = compared(unknown({1: 2, 2: 5}), unknown({1: 2, 2: 6}), {1, 2})
STANDS = compared(unknown({2: 5}, {1: (SEP, 2)}), unknown({1: 2, 2: 6}), {2})
"""The first has not reported since the earlier end: its number is in both totals."""
REPORTED_BETWEEN = compared(unknown({2: 5}, {1: (OCT, 2)}), unknown({2: 6}), {2})
"""The first has reported since, and not for the later end: its number is in one of the totals."""
SHOWN_SINCE = compared(unknown({2: 5}), unknown({1: 2, 2: 6}), {2})
"""The first was kept back, has reported since, and is shown: of the two totals one holds what is kept back."""
NONE_COMPARED = compared(unknown({1: 2, 2: 5}), unknown({}), {3})
NONE_BESIDE_STANDING = compared(unknown({1: 2}, {2: (OCT, 5)}), unknown({}), {3})
"""All that is kept back of the later period is new, and more stands in its total: what is new is told apart from that."""
ONE_IS_NEW = compared(unknown({1: 2, 2: 5}), unknown({2: 6}), {2})


@pytest.mark.parametrize(
    ("case", "is_difference", "is_of_wholes", "opens"),
    [
        (ALL_COMPARED, True, True, True),
        (STANDS, True, False, True),
        (REPORTED_BETWEEN, False, False, False),
        (SHOWN_SINCE, False, False, False),
        (NONE_COMPARED, False, True, True),
        (NONE_BESIDE_STANDING, False, False, False),
        (ONE_IS_NEW, False, False, False),
    ],
)
def test_a_change_is_told_where_it_says_no_more_than_its_totals(
    case: Compared, is_difference: bool, is_of_wholes: bool, opens: bool
) -> None:
    assert (case.is_difference, all(case.is_of_wholes)) == (is_difference, is_of_wholes)
    assert case.parted(TOLD).is_open is opens
    # The totals of a commune that are not told themselves can be made up for only in all of the units together.
    assert case.parted(KEPT).is_open is is_difference


def test_a_total_told_at_one_end_tells_a_cell_that_is_all_of_it() -> None:
    """It hides nothing there for other units, though the one of the other end is withheld."""
    case = compared(unknown({1: 2, 2: 5}), unknown({3: 2, 4: 5}), {3, 4}, stock=False)
    [new, *others] = case.parted(AtEnds(True, False)).cells
    assert (len(new), [len(cell) for cell in others]) == (0, [0, 0, 2, 0])
    [new, *others] = case.parted(AtEnds(False, True)).cells
    assert (len(new), [len(cell) for cell in others]) == (2, [0, 0, 0, 0])


def test_a_rate_whose_ends_are_told_says_what_stands() -> None:
    exact = compared(STANDS.now, STANDS.then, {2}, exact=True)
    assert not exact.parted(TOLD).is_open
    whole = compared(ALL_COMPARED.now, ALL_COMPARED.then, {1, 2}, exact=True)
    assert whole.parted(TOLD).is_open


def test_a_rate_whose_ends_are_told_is_kept_back_however_large_its_cells() -> None:
    large = unknown({1: 9, 2: 9})
    assert compared(large, unknown({}), {2}, OCT).parted(TOLD).is_open
    assert not compared(large, unknown({}), {2}, OCT, exact=True).parted(TOLD).is_open


@pytest.mark.parametrize(
    ("stock", "since", "exact", "cells"),
    [
        (True, OCT, False, 2),
        (True, SEP, False, 5),
        (False, OCT, False, 5),
        (False, SEP, False, 5),
        (True, OCT, True, 5),
    ],
)
def test_only_what_is_new_follows_from_a_number_that_stands(
    stock: bool, since: Period, exact: bool, cells: int
) -> None:
    assert len(Ends(NOV, since, stock, exact).nothing.cells) == cells


@pytest.mark.parametrize(
    ("new", "again", "opens"), [((2, 5), (2, 5), True), ((2,), (2, 5), False), ((2, 5), (2, 1), False)]
)
def test_who_is_new_since_the_period_just_before_may_be_told_apart(
    new: tuple[int, ...], again: tuple[int, ...], opens: bool
) -> None:
    fresh = dict(enumerate((*new, *again)))
    both = set(range(len(new), len(fresh)))
    assert compared(unknown(fresh), unknown({}), both, OCT).parted(TOLD).is_open is opens
    assert not compared(unknown(fresh), unknown({}), both, SEP).parted(TOLD).is_open


def test_the_sum_of_one_unit_is_told_by_its_cell() -> None:
    nothing = Ends(NOV, OCT, stock=True).nothing
    one = nothing.with_part(Parted(([number(9)], [])))
    assert list(map(len, one.cells)) == [1, 0]
    assert not one.is_open
    assert one.with_part(Parted(([number(9)], []))).is_open
    shut = nothing.with_part(Parted(([number(9)], []), shut=True))
    assert not shut.with_part(Parted(([number(9)], []))).is_open


def test_of_several_units_each_cell_leaves_them_open_together() -> None:
    part = compared(unknown({1: 2, 2: 5}), unknown({}), {2}, OCT).parted(TOLD)
    nothing = Ends(NOV, OCT, stock=True).nothing
    assert not nothing.with_part(part).is_open
    assert not nothing.with_part(part).with_part(part).is_open
    large = compared(unknown({1: 4, 2: 5}), unknown({}), {2}, OCT)
    more = Parted((*large.cells().now, *large.cells().since))
    assert nothing.with_part(part).with_part(more).is_open
    assert not nothing.with_part(part).with_part(Parted(more.cells, shut=True)).is_open


@pytest.mark.parametrize(
    ("now", "before", "tells"), [(300, 300, False), (300, 286, False), (300, 285, True), (40, 39, True)]
)
def test_the_change_of_a_small_rate_tells_its_ends(now: int, before: int, tells: bool) -> None:
    change = Change(number(9, now), number(9, before), 2)
    assert tells_ends(change) is tells


def test_a_rate_of_nobody_tells_both_ends() -> None:
    assert tells_ends(Change(number(0, 0), number(0, 0), 1))
    assert tells_ends(Change(number(0, 0), number(5, 5), 1))
    assert not tells_ends(Change(number(1), number(2), 1))

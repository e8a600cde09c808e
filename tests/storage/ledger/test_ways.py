"""Where reports count: any history of moves, merges and splits, without a database."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from storage.ledger.ways import AS_THEN, EDGE, IN_PART, WHOLE, LedgerWay, WayStep, WayTree
from storage.levels import Level

START = date(2026, 1, 1)
VILLAGE, NATION = 0, 9
COMMUNES = (1, 2, 3)
DAYS = st.integers(0, 40)


def on(day: int) -> date:
    return START + timedelta(day)


def of_commune(number: int) -> list[WayStep]:
    return [
        WayStep(number, Level.COMMUNE, date.min, None, EDGE, NATION, date.min),
        WayStep(NATION, Level.NATION, date.min, None),
    ]


def tree_of(moves: list[tuple[int, int]], closed: int | None = None, into: tuple[int, ...] = ()) -> WayTree:
    """A village that lies in the communes of `moves` from their days on, until it is closed and goes into others."""
    last = None if closed is None else on(closed)
    steps = [step for number in COMMUNES for step in of_commune(number)]
    for index, (day, commune) in enumerate(moves):
        since = date.min if index == 0 else on(day)
        until = on(moves[index + 1][0] - 1) if index + 1 < len(moves) else None
        steps.append(WayStep(VILLAGE, Level.VILLAGE, date.min, last, EDGE, commune, since, until))
    for commune in into:
        whole = WHOLE if len(into) == 1 else IN_PART
        steps.append(WayStep(VILLAGE, Level.VILLAGE, date.min, last, whole, commune, last))
    return WayTree(steps)


MOVES = st.lists(st.tuples(DAYS, st.sampled_from(COMMUNES)), min_size=1, max_size=5, unique_by=lambda m: m[0])


@given(MOVES.map(sorted), DAYS)
def test_a_village_counts_where_it_lay_on_each_day(moves: list[tuple[int, int]], day: int) -> None:
    here = [commune for index, (since, commune) in enumerate(moves) if index == 0 or since <= day][-1]
    assert tree_of(moves).chain(VILLAGE, on(day)) == [here, NATION]
    assert tree_of(moves).way(VILLAGE).on(on(day).toordinal()) == {here, NATION}


@given(MOVES.map(sorted), DAYS, DAYS)
def test_what_is_written_gives_the_units_by_the_boundaries_of_any_day(
    moves: list[tuple[int, int]], day: int, asked: int
) -> None:
    way = tree_of(moves).way(VILLAGE)
    signs = way.signs(on(day).toordinal())
    assert counting(signs, AS_THEN) == way.on(on(day).toordinal())
    assert counting(signs, on(asked).toordinal()) == way.on(on(asked).toordinal())


def counting(signs: tuple[tuple[int, int, int], ...], boundary: int) -> set[int]:
    """The units in which something counts once, as `ledger_totals` adds it up; each other one must be zero."""
    sums: dict[int, int] = {}
    for unit, since, sign in signs:
        sums[unit] = sums.get(unit, 0) + (sign if since <= boundary else 0)
    assert set(sums.values()) <= {0, 1}
    return {unit for unit, times in sums.items() if times}


def test_a_closed_village_counts_where_it_went_whole_and_stays_where_it_was_split() -> None:
    whole, split = tree_of([(0, 1)], 10, (2,)), tree_of([(0, 1)], 10, (2, 3))
    assert [whole.chain(VILLAGE, on(day)) for day in (10, 11)] == [[1, NATION], [2, NATION]]
    assert [split.chain(VILLAGE, on(day)) for day in (10, 11)] == [[1, NATION], [1, NATION]]
    assert whole.way(VILLAGE).closing == on(11).toordinal()


def test_two_units_that_went_into_each_other_end_the_way() -> None:
    first = WayStep(1, Level.COMMUNE, date.min, on(1), WHOLE, 2, on(2))
    back = WayStep(2, Level.COMMUNE, date.min, on(3), WHOLE, 1, on(4))
    assert WayTree([first, back]).chain(1, on(9)) == [2]


def test_a_unit_of_officers_counts_in_itself_and_a_village_does_not() -> None:
    tree = tree_of([(0, 1)])
    assert tree.way(1).on(on(0).toordinal()) == {1, NATION}
    assert VILLAGE not in tree.way(VILLAGE).on(on(0).toordinal())


def test_boundaries_hold_from_their_first_day_to_the_day_before_the_next() -> None:
    old, new = frozenset({1, 2}), frozenset({1, 3})
    way = LedgerWay(((0, old), (100, new)), closing=None)
    assert [way.on(day) for day in (0, 99, 100, 101)] == [old, old, new, new]
    moved = ((2, 100, -1), (3, 100, 1))
    assert set(way.signs(99)) == {(1, AS_THEN, 1), (2, AS_THEN, 1), *moved}
    back = ((2, 0, 1), (3, 0, -1))
    assert set(way.signs(100)) == {(1, AS_THEN, 1), (3, AS_THEN, 1), *back, *moved}


def test_a_stock_ends_with_the_next_report_or_with_its_ground() -> None:
    stands, closes = LedgerWay(((0, frozenset({1})),), None), LedgerWay(((0, frozenset({1})),), 50, ending=50)
    assert [stands.until(1, after) for after in (None, 7)] == [None, 7]
    assert [closes.until(1, after) for after in (None, 7, 50, 90)] == [50, 7, 50, 50]
    assert [stands.until(1, after, 40) for after in (None, 7, 50)] == [40, 7, 40]


def test_a_stock_waits_for_every_place_that_its_ground_went_on_in() -> None:
    merged = tree_of([(0, 1)], 10, (2,)).way(VILLAGE)
    assert (merged.went, merged.ending) == (((merged.closing, VILLAGE, frozenset({2})),), None)
    dissolved = tree_of([(0, 1)], 10, ()).way(VILLAGE)
    assert (dissolved.went, dissolved.ending) == ((), dissolved.closing)


def test_a_former_province_reports_for_itself_alone_and_a_former_district_within_the_larger() -> None:
    within = frozenset({1, 2})
    province = LedgerWay(((0, within), (50, within)), 50, lasts=True, former=2, ending=50)
    assert province.signs(60) == ((2, AS_THEN, 1),)
    assert province.signs(49) == ((1, AS_THEN, 1), (2, AS_THEN, 1))
    assert [province.until(first, None) for first in (49, 50)] == [50, None]
    district = LedgerWay(((0, within),), 50, lasts=True, ending=50)
    assert district.signs(60) == district.signs(49)
    assert district.until(60, 90) == 90

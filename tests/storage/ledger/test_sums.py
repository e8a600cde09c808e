"""What is added up: the newest report of each place stands, and each says its own, without a database."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.period import from_key
from storage.ledger.measures import LIMIT, counted, kind_of, lines, measure_id, number, whole_and_rest
from storage.ledger.sums import COLUMNS, NOTHING, Sums, Total, together
from storage.ledger.ways import AS_THEN, LedgerWay

UNIT = 7
WEEKS = tuple(f"2026-W{week}" for week in range(40, 47))
REPORTS = st.dictionaries(st.sampled_from(WEEKS), st.integers(0, 3), min_size=1)
DAYS = st.integers(0, 7 * len(WEEKS)).map(lambda days: from_key(WEEKS[0]).start + timedelta(days))


def sums_of(reports: dict[str, int], closing: date | None, times: int = 1, sums: Sums | None = None) -> Sums:
    """The sums of one village, that reports so many households in these weeks."""
    rows = [
        (1, "f", week, from_key(week).end, [("nuoc_ho", str(households)), ("nuoc_ho_hvs", str(households))])
        for week, households in sorted(reports.items())
    ]
    last = None if closing is None else closing.toordinal()
    way = LedgerWay(((date.min.toordinal(), frozenset({UNIT})),), last, ending=last)
    result = sums or Sums()
    for _, _, line in lines(rows):
        result.line(way, line, times)
    return result


def named_rows(sums: Sums) -> list[dict[str, int]]:
    """The rows that would be written, by column."""
    return [dict(zip(COLUMNS, row, strict=True)) for row in sums.rows()]


def stand_on(sums: Sums, day: date) -> tuple[int, int]:
    """How many reports stand, and what they say."""
    mine = [
        row
        for row in named_rows(sums)
        if row["measure_id"] == measure_id("f", "nuoc-hvs", "") and row["day"] <= day.toordinal()
    ]
    assert {row["boundary"] for row in mine} <= {AS_THEN}
    return sum(row["reports"] for row in mine), sum(row["numerator"] for row in mine)


@given(REPORTS, DAYS, st.none() | DAYS)
def test_the_newest_report_stands_until_the_next_or_until_the_place_is_closed(
    reports: dict[str, int], day: date, closing: date | None
) -> None:
    heard = [week for week in sorted(reports) if from_key(week).end <= day]
    stands = bool(heard) and (closing is None or day < closing)
    assert stand_on(sums_of(reports, closing), day) == ((1, reports[heard[-1]]) if stands else (0, 0))


@given(REPORTS, st.none() | DAYS)
def test_what_is_taken_off_leaves_nothing(reports: dict[str, int], closing: date | None) -> None:
    sums = sums_of(reports, closing)
    assert sums.rows()
    assert sums_of(reports, closing, -1, sums).rows() == []


@given(REPORTS)
def test_each_report_says_its_own(reports: dict[str, int]) -> None:
    said = {
        row["day"]: row["numerator"]
        for row in named_rows(sums_of(reports, None))
        if row["measure_id"] == measure_id("f", "?nuoc_ho", "week")
    }
    assert said == {from_key(week).end.toordinal(): value for week, value in reports.items()}


@given(st.lists(st.decimals(-(10**13), 10**13, places=12), max_size=20))
def test_sums_are_exact(parts: list[Decimal]) -> None:
    pairs = [whole_and_rest(part) for part in parts]
    assert None not in pairs
    whole, rest = (sum(pair[place] for pair in pairs if pair) for place in (0, 1))
    assert number(whole, rest) == sum(parts, Decimal(0))


@pytest.mark.parametrize("value", [LIMIT, -LIMIT, "Infinity", "NaN"])
def test_what_is_beyond_all_figures_is_none(value: int | str) -> None:
    assert whole_and_rest(Decimal(value)) is None
    assert whole_and_rest(Decimal(LIMIT - 1)) == (LIMIT - 1, 0)


def test_a_measure_is_told_apart_by_form_name_and_kind_of_period() -> None:
    assert kind_of("2026-W47") == "week"
    ids = {measure_id(form, name, kind) for form in "ab" for name in ("", "?a") for kind in ("", "week")}
    assert len(ids) == 8
    said = counted("f", "2026-W47", date(2026, 11, 22), {"nuoc_ho": Decimal(3)}).said
    assert dict(said)[measure_id("f", "?nuoc_ho", "week")] == (1, 3, 0, 0, 0)


def test_several_places_are_one_sum() -> None:
    one, other = Total(1, Decimal(2), Decimal(3)), Total(2, Decimal(4), Decimal(5))
    assert together([{"a": one}, {"a": other, "b": one}]) == {"a": Total(3, Decimal(6), Decimal(8)), "b": one}
    assert together([]) == {}
    assert tuple(NOTHING) == (0, 0, 0)

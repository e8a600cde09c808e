"""How many questions a week a schedule makes for one person."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.period import PeriodKind
from plans.schedule import Entry
from plans.workload import workload

A_YEAR = {
    PeriodKind.MONTH: 12,
    PeriodKind.QUARTER: 4,
    PeriodKind.HALF: 2,
    PeriodKind.NINE: 1,
    PeriodKind.YEAR: 1,
}


def asked(kind: PeriodKind, questions: int, month: int = 1, day: int = 1) -> Entry:
    return Entry(f"{kind}-{month}-{day}", "thon", kind, questions, month=month, day=day, within=7)


def test_a_questionnaire_counts_in_the_week_in_which_it_opens() -> None:
    load = workload([asked(PeriodKind.QUARTER, 6, 2, 8), asked(PeriodKind.WEEK, 1)], 2026)
    busy = {week.key: questions for week, questions in load.weeks.items() if questions > 1}
    assert busy == {"2026-W06": 7, "2026-W19": 7, "2026-W32": 7, "2026-W45": 7}
    assert (load.most, load.fullest.key, len(load.weeks)) == (7, "2026-W06", 53)
    assert load.mean == Decimal("1.5")


def test_a_week_belongs_to_the_year_of_its_thursday() -> None:
    yearly = [asked(PeriodKind.YEAR, 5)]
    for year, weeks in ((2026, ["2026-W01", "2026-W53"]), (2027, ["2027-W52"]), (2028, [])):
        load = workload(yearly, year)
        assert [week.key for week, questions in load.weeks.items() if questions] == weeks


@pytest.mark.parametrize("year", range(2021, 2046))
def test_slots_a_week_apart_never_meet(year: int) -> None:
    """The slots of the rota: day 1, 8, 15 and 22 of every month."""
    rota = [asked(PeriodKind.MONTH, 7, 1, day) for day in (1, 8, 15, 22)]
    assert workload(rota, year).most == 7


@given(
    st.lists(
        st.tuples(st.sampled_from(list(A_YEAR)), st.integers(1, 9), st.integers(1, 28)),
        min_size=1,
        max_size=6,
    ),
    st.integers(2021, 2044),
)
def test_no_question_is_counted_twice_or_lost(
    lines: Sequence[tuple[PeriodKind, int, int]], year: int
) -> None:
    entries = [asked(kind, questions, 1, day) for kind, questions, day in lines]
    several = [workload(entries, each) for each in range(year, year + 6)]
    counted = sum(sum(load.weeks.values()) for load in several)
    wanted = 6 * sum(questions * A_YEAR[kind] for kind, questions, _ in lines)
    at_the_edges = sum(questions for _, questions, _ in lines)
    assert abs(counted - wanted) <= at_the_edges
    assert all(load.mean <= load.most == load.weeks[load.fullest] for load in several)

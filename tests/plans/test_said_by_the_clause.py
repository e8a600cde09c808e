"""Rows say no more than their clauses: what else they hold is marked as inferred, and nothing is counted beyond it."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from plans.programme import Programme
from plans.reading import load_plans
from plans.target import CommitmentKind, Target

PLANS: Final = load_plans()
FORMS: Final = Path(__file__).parents[2] / "questionnaires" / "forms"
OWN_GROUND: Final = {"dtts", "dân tộc thiểu số"}


def rows_of(plan: str, clause: str) -> list[Target]:
    return [row for row in PLANS.programmes[plan].targets if row.clause == clause]


def of_all_plans() -> Iterator[tuple[Programme, Target]]:
    return ((plan, row) for plan in PLANS.programmes.values() for row in plan.targets)


@pytest.mark.parametrize(
    ("plan", "clause", "field", "count"),
    [
        ("nghe-an-352", "II", "agency", 3),
        ("bac-giang-55-ctr", "II.1", "year_due", 13),
        ("bac-kan-ctdt", "II.1, gạch đầu dòng 2", "year_due", 8),
        ("lang-son-23-ctr", "II.1, đoạn đầu", "year_due", 13),
        ("bach-thong-2023", "IV.8.2, gạch đầu dòng 1", "scope", 1),
    ],
)
def test_what_a_clause_does_not_name_is_inferred(plan: str, clause: str, field: str, count: int) -> None:
    assert [row.infers(field) for row in rows_of(plan, clause)] == [True] * count


def test_what_is_to_be_done_all_the_time_has_no_year() -> None:
    always = [row for _, row in of_all_plans() if row.always]
    assert [row.id for row in always if row.id.startswith("bieu-")] == [f"bieu-{n}" for n in range(1, 6)]
    assert not [row.id for row in always if row.year_due or row.kind is not CommitmentKind.TASK]


def test_a_task_is_asked_about_until_its_year_is_over() -> None:
    """The list of choices has the last year of each: that of its task, or the plan's last one if it always goes on."""
    plan = PLANS.programmes["bac-giang-55-ctr"]
    lines = (FORMS / "nhiem-vu-bac-giang.md").read_text("utf-8").splitlines()
    cells = [next(csv.reader([line], delimiter="|")) for line in lines if "| nvbg_nhiem_vu | bg_" in line]
    until = {cell[3].strip(): int(cell[6]) for cell in cells}
    assert len(until) == 28
    ends: dict[str, set[int]] = {}
    for row in plan.targets:
        for _, choice in row.items:
            ends.setdefault(choice, set()).add(row.year_due or plan.last_day.year)
    # The table of tasks joins several: each of them ends by itself.
    own = {choice: min(years) for choice, years in ends.items()}
    assert until == own


def test_a_target_for_the_minorities_area_counts_its_units_alone() -> None:
    """Whatever villages or communes count, and whose words speak of that area."""
    rows = [
        row
        for _, row in of_all_plans()
        if row.goal is not None and row.level in ("thon", "xa") and says_area(row) and not row.wider
    ]
    assert len(rows) > 10
    assert [f"{row.plan}/{row.id}" for row in rows if row.among != "vung-dtts"] == []


def says_area(row: Target) -> bool:
    words = row.scope.casefold()
    return any(f"vùng {one}" in words or f"vùng đồng bào {one}" in words for one in OWN_GROUND)

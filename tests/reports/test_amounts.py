"""A total of a plan that no figure tells is the sum of its lines, once all are known and of one time."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from plans.reading import load_plans
from plans.rollup import Status
from reports.amounts import Amount, with_totals

PLAN = load_plans().programmes["nghe-an-352"]
TODAY, JUNE, MARCH = date(2023, 8, 1), date(2023, 6, 30), date(2023, 3, 31)
TOTAL = next(one for one in PLAN.sums if one.total == "von-tong-2023")
TARGETS = {target.id: target for target in PLAN.targets}
SILENT = {id: Amount(TARGETS[id], id) for id in (TOTAL.total, *TOTAL.parts)}


def reported(id: str, done: int, day: date = JUNE, status: Status = Status.BEHIND) -> Amount:
    """A line until a day."""
    return replace(SILENT[id], done=Decimal(done), day=day, status=status)


@pytest.mark.parametrize(
    ("second", "done"),
    [
        (reported(TOTAL.parts[1], 300), Decimal(400)),
        (reported(TOTAL.parts[1], 300, MARCH), None),
        (SILENT[TOTAL.parts[1]], None),
    ],
)
def test_a_total_without_a_figure_adds_up_lines_of_one_time(second: Amount, done: Decimal | None) -> None:
    first = reported(TOTAL.parts[0], 100)
    rows = with_totals({**SILENT, TOTAL.parts[0]: first, TOTAL.parts[1]: second}, PLAN, TODAY)
    whole = rows[TOTAL.total]
    assert (whole.done, whole.day) == (done, JUNE if done else None)
    assert whole.status is (Status.BEHIND if done else Status.NO_DATA)


def test_what_is_not_judged_of_a_line_is_not_judged_of_its_total() -> None:
    unsure = {id: reported(id, 100, status=Status.UNSURE) for id in TOTAL.parts}
    assert with_totals({**SILENT, **unsure}, PLAN, TODAY)[TOTAL.total].status is Status.UNSURE


def test_a_total_that_a_figure_tells_is_left_as_it_is() -> None:
    told = reported(TOTAL.total, 7)
    parts = {id: reported(id, 100) for id in TOTAL.parts}
    assert with_totals({**SILENT, **parts, TOTAL.total: told}, PLAN, TODAY)[TOTAL.total] == told

"""The plans' deadlines: their days, and that everything a report needs is asked in time for it."""

from dataclasses import replace
from datetime import date
from typing import Any, Final

import pytest

from plans.gathering import all_late, reports
from plans.period import Calendar, PeriodKind, named
from plans.reading import load_plans
from tests.plans.test_plan import QUESTIONS

PLANS: Final = load_plans()


@pytest.mark.parametrize(
    ("plan", "owes", "month", "day", "times"),
    [
        ("nghe-an-352", "huyen", 6, 14, 1),
        ("nghe-an-352", "tinh", 6, 14, 1),
        ("nghe-an-352", "huyen", 11, 14, 1),
        ("nghe-an-352", "tinh", 11, 14, 1),
        ("bac-giang-55-ctr", "tinh", 12, 14, 1),
        ("bac-giang-55-ctr", "huyen", 12, 14, 1),
        ("bac-giang-55-ctr", "tinh", 12, 19, 1),
    ],
)
def test_reports_are_due_before_the_days_that_the_plans_name(
    plan: str, owes: str, month: int, day: int, times: int
) -> None:
    year = named(PeriodKind.YEAR, 2023, 1)
    due = [each.due(year) for each in PLANS.programmes[plan].deadlines if each.owes == owes and each.period]
    assert due.count(date(2023, month, day)) == times


@pytest.mark.parametrize(
    ("plan", "owes", "days"),
    [
        ("bac-kan-ctdt", "huyen", ["20/06", "20/12"]),
        ("bac-kan-ctdt", "tinh", ["25/06", "25/12"]),
        ("bach-thong-2023", "xa", ["17/06", "17/12"]),
        ("bach-thong-2023", "huyen", ["20/06", "20/12"]),
        ("lang-son-23-ctr", "tinh", ["25/06", "25/12"]),
    ],
)
def test_where_a_plan_names_no_day_it_is_the_statutory_one(plan: str, owes: str, days: list[str]) -> None:
    programme = PLANS.programmes[plan]
    regular = [each for each in programme.deadlines if each.period and each.owes == owes]
    assert regular
    assert all(each.derived and each.calendar is Calendar.STATUTORY for each in regular)
    halves = [each for each in regular if each.period is PeriodKind.HALF]
    for each in halves:
        assert [f"{day:%d/%m}" for _, day in reports(each, programme) if day.year == 2023] == days


@pytest.mark.parametrize("plan", list(PLANS.programmes))
def test_all_that_a_report_needs_is_due_before_it(plan: str) -> None:
    assert not list(all_late(PLANS, PLANS.programmes[plan], QUESTIONS))


@pytest.mark.parametrize(
    ("form", "moved", "clauses"),
    [
        ("giam-ngheo", {"month": 6}, {"VI, đoạn cuối"}),
        ("van-hoa", {"month": 6}, set()),
        ("ho-tro", {"month": 3, "day": 8}, {"VI, đoạn cuối"}),
        ("von-dau-tu", {"month": 3}, {"VI, đoạn cuối"}),
        ("cong-trinh", {"month": 5}, {"VI, đoạn cuối"}),
        ("giao-duc-tinh", {"within": 45}, {"VI, đoạn cuối"}),
        ("trung-hoc-xoa-mu-chu", {"month": 6}, {"VI, đoạn cuối"}),
    ],
)
def test_a_questionnaire_that_comes_too_late_for_a_report_is_found(
    form: str, moved: dict[str, int], clauses: set[str]
) -> None:
    schedule = tuple(replace(entry, **moved) if entry.form == form else entry for entry in PLANS.schedule)
    late = list(all_late(replace(PLANS, schedule=schedule), PLANS.programmes["nghe-an-352"], QUESTIONS))
    assert {each.deadline.clause for each in late} == clauses
    assert {each.entry.form for each in late} <= {form}


@pytest.mark.parametrize(
    ("plan", "form", "moved"),
    [
        ("bac-kan-ctdt", "trung-hoc-xoa-mu-chu", {"kind": PeriodKind.QUARTER}),
        ("lang-son-23-ctr", "giao-duc", {"month": 3, "day": 8}),
        ("bac-giang-55-ctr", "y-te", {"month": 3}),
        ("bac-kan-ctdt", "ho-tro", {"month": 3}),
    ],
)
def test_what_a_number_is_set_for_must_have_come_for_the_running_quarter(
    plan: str, form: str, moved: dict[str, Any]
) -> None:
    schedule = tuple(replace(entry, **moved) if entry.form == form else entry for entry in PLANS.schedule)
    assert list(all_late(replace(PLANS, schedule=schedule), PLANS.programmes[plan], QUESTIONS))

"""Targets set against an earlier value, in words: by how much, what that means here, and how it was pro-rated."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from handlers.wording import wording
from plans.period import from_key
from plans.plans import Plans
from plans.programme import Programme
from plans.reading import load_plans
from plans.target import Comparator, Target
from reports.basis import Basis
from reports.lines import PlaceProgress
from reports.progress import build, hear, progress_text
from reports.progress_picture import picture_data

PLANS = load_plans()
WATER = PLANS.indicators["nuoc-hvs-dtts"]
PLAN = PLANS.programmes["bac-giang-55-ctr"]
TARGET = next(each for each in PLAN.targets if each.id == "nuoc-hvs-dtts-2025")
NOON = date(2024, 7, 1)
"""Half of 2024 is gone: 183 of 366 days since the end of 2023."""


def progress(target: Target, year_ends: dict[int, Decimal], lang: str = "vi") -> PlaceProgress:
    """A province where 82 of 100 households have clean water, with this one target."""
    plan: Programme = replace(PLAN, targets=(target,))
    plans: Plans = replace(
        PLANS, programmes={plan.id: plan}, indicators={WATER.id: replace(WATER, level="thon")}
    )
    answers = {"nuoc_ho_dtts": Decimal(100), "nuoc_ho_dtts_hvs": Decimal(82)}
    heard = hear(plans, list(answers), from_key("2024-W26"), [answers])
    return build(
        plans,
        [plan],
        "Bắc Giang",
        "tinh",
        [heard],
        NOON,
        lang,
        bases={plan.id: Basis(year_ends={WATER.id: year_ends})},
    )


def test_a_target_whose_earlier_value_is_kept_back_is_judged_for_nobody_else() -> None:
    """Nothing stands beside the figure: "half way" with today's value would tell that of the year's end."""
    target = rising("2")
    judged = Basis(year_ends={WATER.id: {2023: Decimal(80)}}).judged(
        PLAN, target, WATER, hear(PLANS, [], None, []), NOON
    )
    hidden = Basis(kept_back=frozenset({target.id})).judged(
        PLAN, target, WATER, hear(PLANS, [], None, []), NOON
    )
    assert not judged.kept_back
    assert hidden.kept_back
    assert hidden.figure.value is None


def detail(target: Target, year_ends: dict[int, Decimal], lang: str = "vi") -> str:
    return str(
        progress_text(progress(target, year_ends, lang), wording(lang), "nuoc", detail=True).striptags()
    )


def rising(value: str, high: str | None = None) -> Target:
    return replace(
        TARGET,
        comparator=Comparator.INCREASE_YEARLY,
        value=Decimal(value),
        value_high=high and Decimal(high),
    )


def test_a_yearly_rise_says_what_it_means_here_and_that_it_is_spread_over_the_year() -> None:
    text = detail(rising("2.5", "3"), {2023: Decimal(80)})
    assert "mỗi năm tăng 2,5-3 %" in text
    assert "Với địa bàn này, mức cần đạt là 82,5 %." in text
    assert "Còn thiếu 0,5 điểm %." in text
    assert "Chia đều trong năm thì đến 30/06/2024 cần 81,2 %." in text
    english = detail(rising("2.5", "3"), {2023: Decimal(80)}, "en")
    assert "up by 2.5-3 % a year" in english
    assert "For this place that means 82.5 %." in english


def test_without_the_end_of_last_year_there_is_nothing_to_compare_with() -> None:
    text = detail(rising("2.5"), {2022: Decimal(80)})
    assert "Chưa có số liệu để so với" in text
    assert "hôm nay cần" not in text


def test_what_is_to_be_maintained_is_asked_for_at_all_times() -> None:
    kept = replace(TARGET, comparator=Comparator.MAINTAIN, value=Decimal(90))
    text = detail(kept, {})
    assert "Lúc nào cũng phải giữ 90 %." in text
    assert "Chia đều" not in text


@pytest.mark.parametrize(("value", "mark"), [("2.5", 0.825), ("40", 1.0)])
def test_the_picture_marks_the_number_to_reach(value: str, mark: float) -> None:
    rows = picture_data(progress(rising(value), {2023: Decimal(80)}), wording("vi"), "nuoc")["rows"]
    assert rows[1]["mark"] == mark


def test_a_target_says_its_range_what_it_comes_to_and_how_it_is_pro_rated() -> None:
    goal = progress(rising("2.5", "3"), {2023: Decimal(80)}).lines[0].goals[0]
    assert (goal.value_high, goal.reach, goal.pace) == (Decimal(3), Decimal("82.5"), "year")

"""Figures and standings: exact, never a mean of rates, nothing made up."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from plans.plan import Comparator, Indicator, Target, load_plans
from plans.rollup import Baseline, Status, combined, expected, figure, own_baseline, share_done, standing

PLANS = load_plans()
WATER = PLANS.indicators["nuoc-hvs-dtts"]
NOT_AT_SCHOOL = PLANS.indicators["gd-khong-hoc"]
TARGET = next(t for t in PLANS.programmes["bac-giang-55-ctr"].targets if t.id == "nuoc-hvs-dtts-2025")

counts = st.integers(0, 2000).map(Decimal)
whole_and_part = counts.flatmap(
    lambda whole: st.tuples(st.just(whole), st.integers(0, int(whole)).map(Decimal))
)


def water(whole: Decimal, part: Decimal) -> dict[str, Decimal]:
    return {"nuoc_ho_dtts": whole, "nuoc_ho_dtts_hvs": part}


def target(comparator: Comparator, value: Decimal | None, year_due: int = 2030) -> Target:
    return replace(TARGET, comparator=comparator, value=value, year_due=year_due)


@given(whole_and_part)
def test_a_rate_is_part_over_whole(pair: tuple[Decimal, Decimal]) -> None:
    whole, part = pair
    found = figure(WATER, water(whole, part))
    if whole == 0:
        assert found.value is None
        assert found.nobody
    else:
        assert found.value == part * 100 / whole
        assert 0 <= found.value <= 100


def test_an_answer_that_is_missing_is_not_zero() -> None:
    assert figure(WATER, {}).value is None
    assert not figure(WATER, {}).nobody
    assert figure(WATER, {"nuoc_ho_dtts": Decimal(40)}).value is None


def test_a_part_that_was_not_asked_because_its_whole_is_zero_counts_as_zero() -> None:
    answers = {name: Decimal(10) for name in NOT_AT_SCHOOL.questions} | {"gd_5_tuoi": Decimal(0)}
    del answers["gd_5_tuoi_hoc"]
    assert figure(NOT_AT_SCHOOL, answers).value == 0
    assert figure(WATER, {"nuoc_ho_dtts": Decimal(0)}).nobody


@given(st.lists(whole_and_part, max_size=20))
def test_places_together_are_sums_over_sums(pairs: list[tuple[Decimal, Decimal]]) -> None:
    together = combined(WATER, [figure(WATER, water(*pair)) for pair in pairs])
    wholes, parts = sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)
    assert together.value == (parts * 100 / wholes if wholes else None)
    assert (together.numerator is None) == (not pairs)


@given(st.lists(whole_and_part, min_size=1, max_size=10), st.integers(1, 5))
def test_places_without_an_answer_change_nothing(pairs: list[tuple[Decimal, Decimal]], silent: int) -> None:
    counted = [figure(WATER, water(*pair)) for pair in pairs]
    assert combined(WATER, [*counted, *[figure(WATER, {})] * silent]) == combined(WATER, counted)


@given(st.lists(whole_and_part, min_size=2, max_size=12), st.data())
def test_combining_in_steps_gives_the_same(pairs: list[tuple[Decimal, Decimal]], data: st.DataObject) -> None:
    counted = [figure(WATER, water(*pair)) for pair in pairs]
    cut = data.draw(st.integers(1, len(counted) - 1))
    steps = [combined(WATER, counted[:cut]), combined(WATER, counted[cut:])]
    assert combined(WATER, steps) == combined(WATER, counted)


@pytest.mark.parametrize(
    ("comparator", "value", "below", "at", "above"),
    [
        (Comparator.AT_LEAST, 90, False, True, True),
        (Comparator.ABOVE, 90, False, False, True),
        (Comparator.AT_MOST, 90, True, True, False),
        (Comparator.BELOW, 90, True, False, False),
        (Comparator.COMPLETE, 100, False, True, True),
        (Comparator.ELIMINATE, None, None, True, False),
        (Comparator.MAINTAIN, 90, False, True, True),
        (Comparator.QUOTA, 90, False, True, True),
    ],
)
def test_each_comparator(
    comparator: Comparator, value: int | None, below: bool | None, at: bool, above: bool
) -> None:
    held = target(comparator, None if value is None else Decimal(value))
    goal = held.goal
    assert goal is not None
    for step, wanted in ((-1, below), (0, at), (1, above)):
        if wanted is None:
            continue
        counted = replace(figure(WATER, water(Decimal(1), Decimal(1))), value=goal + step)
        found = standing(held, counted, date(2026, 11, 20))
        assert (found.status is Status.ACHIEVED) == wanted
        assert found.distance == (0 if wanted else abs(step))


def test_the_quota_begins_at_nothing_on_its_plans_first_day() -> None:
    plan = PLANS.programmes["nghe-an-352"]
    quota = next(t for t in plan.targets if t.id == "nuoc-phan-tan-2023")
    began = own_baseline(quota, plan.first_day)
    assert began == Baseline(date(2022, 12, 31), Decimal(0))
    half_way = expected(quota, Decimal(7020), date(2023, 7, 2), began)
    assert half_way == (Decimal(7020) * 183 / 365).quantize(Decimal("0.0001"))
    counted = replace(figure(WATER, {}), value=Decimal(3600))
    assert standing(quota, counted, date(2023, 7, 2), began).status is Status.ON_TRACK
    assert standing(quota, counted, date(2023, 9, 1), began).status is Status.BEHIND


def test_without_a_baseline_nothing_is_expected_and_it_says_so() -> None:
    counted = figure(WATER, water(Decimal(100), Decimal(80)))
    found = standing(target(Comparator.ABOVE, Decimal(90)), counted, date(2026, 11, 20))
    assert (found.status, found.expected_today, found.distance) == (Status.NOT_YET, None, Decimal(10))
    assert not found.due_passed


def test_after_the_due_year_what_is_missing_is_behind() -> None:
    counted = figure(WATER, water(Decimal(100), Decimal(80)))
    assert standing(TARGET, counted, date(2025, 12, 31)).status is Status.NOT_YET
    late = standing(TARGET, counted, date(2026, 1, 1))
    assert (late.status, late.due_passed) == (Status.BEHIND, True)
    assert standing(TARGET, figure(WATER, {}), date(2026, 1, 1)).status is Status.NO_DATA


def test_words_without_a_number_are_never_judged() -> None:
    for plan in PLANS.programmes.values():
        for row in plan.targets:
            found = standing(row, figure(WATER, water(Decimal(10), Decimal(10))), date(2026, 11, 20))
            judged = found.status is not Status.NO_TARGET
            assert judged == (row.value is not None or row.comparator is Comparator.ELIMINATE)


values = st.decimals(0, 100, places=1)
moments = st.dates(date(2021, 1, 1), date(2030, 12, 30))


@given(values, values, moments, moments, st.sampled_from([Comparator.AT_LEAST, Comparator.AT_MOST]))
def test_what_is_expected_lies_between_and_moves_to_the_goal(
    begin: Decimal, goal: Decimal, one: date, other: date, comparator: Comparator
) -> None:
    held = target(comparator, goal)
    began = Baseline(date(2020, 12, 31), begin)
    early, late = sorted((one, other))
    first, second = (expected(held, goal, day, began) for day in (early, late))
    assert first is not None
    assert second is not None
    assert min(begin, goal) <= first <= max(begin, goal)
    assert abs(goal - second) <= abs(goal - first)
    assert expected(held, goal, date(2030, 12, 31), began) == goal
    assert expected(held, goal, began.day, began) == begin
    assert expected(held, goal, date(2033, 1, 1), began) == goal
    assert expected(held, goal, date(2019, 1, 1), began) == begin


@given(values, values, values, moments)
def test_being_better_never_stands_worse(begin: Decimal, one: Decimal, other: Decimal, day: date) -> None:
    held = target(Comparator.AT_LEAST, Decimal(95))
    assume(one != other)
    worse, better = sorted((one, other))
    order = [Status.BEHIND, Status.ON_TRACK, Status.ACHIEVED]
    ranks = [
        order.index(
            standing(
                held,
                replace(figure(WATER, {}), value=value),
                day,
                Baseline(date(2020, 12, 31), begin),
            ).status
        )
        for value in (worse, better)
    ]
    assert ranks[0] <= ranks[1]


@given(values, moments)
def test_the_distance_added_reaches_the_goal(value: Decimal, day: date) -> None:
    held = target(Comparator.AT_LEAST, Decimal(95))
    counted = replace(figure(WATER, {}), value=value)
    found = standing(held, counted, day)
    assert found.distance is not None
    closer = replace(counted, value=value + found.distance)
    assert standing(held, closer, day + timedelta(days=1)).status is Status.ACHIEVED


def test_bars() -> None:
    quota = next(t for t in PLANS.programmes["nghe-an-352"].targets if t.id == "nha-o-2023")
    houses: Indicator = PLANS.indicators["nha-ho-tro"]
    assert share_done(None, WATER, figure(WATER, water(Decimal(50), Decimal(41)))) == Decimal("0.82")
    assert share_done(None, WATER, figure(WATER, {})) is None
    assert share_done(quota, houses, figure(houses, {"nha_ho_tro_ky": Decimal(358)})) == 1
    assert share_done(None, houses, figure(houses, {"nha_ho_tro_ky": Decimal(3)})) is None

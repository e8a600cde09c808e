"""Figures and standings: exact, never a mean of rates, nothing made up."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from plans.indicator import Indicator
from plans.reading import load_plans
from plans.rollup import (
    Baseline,
    Figure,
    Pace,
    Standing,
    Status,
    aim_of,
    combined,
    figure,
    own_baseline,
    share_done,
    standing,
)
from plans.target import Comparator, Target

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


def expected(held: Target, today: date, began: Baseline | None) -> Decimal | None:
    aim = aim_of(held, today, began)
    assert aim is not None
    return aim.expected(today)


def counted(value: Decimal | int | str | None) -> Figure:
    return Figure(WATER.id, None if value is None else Decimal(value))


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


@given(st.lists(st.none() | counts, max_size=6))
def test_a_mean_is_a_single_place_s_own(incomes: list[Decimal | None]) -> None:
    income = PLANS.indicators["tn-usd"]
    found = [figure(income, {} if each is None else {"tn_usd": each}) for each in incomes]
    known = [each for each in incomes if each is not None]
    assert combined(income, found).value == (known[0] if len(known) == 1 else None)
    assert combined(replace(income, additive=True), found).value == (sum(known) if known else None)


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
        found = standing(held, counted(goal + step), date(2026, 11, 20))
        assert (found.status is Status.ACHIEVED) == wanted
        assert found.distance == (0 if wanted else abs(step))


def test_the_quota_begins_at_nothing_on_its_plans_first_day() -> None:
    plan = PLANS.programmes["nghe-an-352"]
    quota = next(t for t in plan.targets if t.id == "nuoc-phan-tan-2023")
    began = own_baseline(quota, plan.first_day)
    assert began == Baseline(date(2022, 12, 31), Decimal(0))
    half_way = expected(quota, date(2023, 7, 2), began)
    assert half_way == (Decimal(7020) * 183 / 365).quantize(Decimal("0.0001"))
    assert standing(quota, counted(3600), date(2023, 7, 2), began).status is Status.ON_TRACK
    assert standing(quota, counted(3600), date(2023, 9, 1), began).status is Status.BEHIND
    assert standing(quota, counted(3600), date(2023, 9, 1), began).pace is Pace.WHOLE


def test_without_a_baseline_nothing_is_expected_and_it_says_so() -> None:
    found = standing(target(Comparator.ABOVE, Decimal(90)), counted(80), date(2026, 11, 20))
    assert (found.status, found.expected_today, found.distance) == (Status.NOT_YET, None, Decimal(10))
    assert not found.due_passed


def test_after_the_due_year_what_is_missing_is_behind() -> None:
    assert standing(TARGET, counted(80), date(2025, 12, 31)).status is Status.NOT_YET
    late = standing(TARGET, counted(80), date(2026, 1, 1))
    assert (late.status, late.due_passed) == (Status.BEHIND, True)
    assert standing(TARGET, figure(WATER, {}), date(2026, 1, 1)).status is Status.NO_DATA


def test_words_without_a_number_are_never_judged() -> None:
    for plan in PLANS.programmes.values():
        for row in plan.targets:
            found = standing(row, figure(WATER, water(Decimal(10), Decimal(10))), date(2026, 11, 20))
            assert (found.status is Status.NO_TARGET) != row.numbered, row.id


values = st.decimals(0, 100, places=1)
moments = st.dates(date(2021, 1, 1), date(2030, 12, 30))


@given(values, values, moments, moments, st.sampled_from([Comparator.AT_LEAST, Comparator.AT_MOST]))
def test_what_is_expected_lies_between_and_moves_to_the_goal(
    begin: Decimal, goal: Decimal, one: date, other: date, comparator: Comparator
) -> None:
    held = target(comparator, goal)
    began = Baseline(date(2020, 12, 31), begin)
    early, late = sorted((one, other))
    first, second = (expected(held, day, began) for day in (early, late))
    assert first is not None
    assert second is not None
    assert min(begin, goal) <= first <= max(begin, goal)
    assert abs(goal - second) <= abs(goal - first)
    assert expected(held, date(2030, 12, 31), began) == goal
    assert expected(held, began.day, began) == begin
    assert expected(held, date(2033, 1, 1), began) == goal
    assert expected(held, date(2019, 1, 1), began) == begin


YEARLY = [each for each in Comparator if each.yearly]
FALLS = [
    Comparator.AT_MOST,
    Comparator.BELOW,
    Comparator.ELIMINATE,
    Comparator.REDUCE_YEARLY,
    Comparator.REDUCE_YEARLY_ABOVE,
    Comparator.SHRINK_YEARLY,
    Comparator.REDUCE_AVERAGE,
    Comparator.SHRINK_AVERAGE,
    Comparator.REDUCE_SHARE,
]
RANKS = [Status.BEHIND, Status.ON_TRACK, Status.ACHIEVED]
NUMBERED = [
    comparator for comparator in Comparator if comparator is not Comparator.TREND and not comparator.averaged
]
"""Held against the newest value; an average is held against the years (below)."""


def held_and_known(
    comparator: Comparator, by: Decimal, begin: Decimal, day: date
) -> tuple[Target, Baseline, dict[int, Decimal]]:
    """A target with all that it may be held against: it began at `begin`, and so did the year of `day`."""
    held = replace(target(comparator, by), unit="hộ", baseline_year=2020)
    return held, Baseline(date(2020, 12, 31), begin), {day.year - 1: begin}


@given(values, values, values, values, moments, st.sampled_from(NUMBERED))
def test_being_better_never_stands_worse(
    by: Decimal, begin: Decimal, one: Decimal, other: Decimal, day: date, comparator: Comparator
) -> None:
    assume(one != other)
    held, began, ends = held_and_known(comparator, by, begin, day)
    worse, better = sorted((one, other), reverse=comparator in FALLS)
    ranks = [
        RANKS.index(standing(held, counted(value), day, began, ends).status) for value in (worse, better)
    ]
    assert ranks[0] <= ranks[1]


@given(values, values, values, moments, st.sampled_from(NUMBERED))
def test_the_distance_leads_to_the_goal(
    by: Decimal, begin: Decimal, value: Decimal, day: date, comparator: Comparator
) -> None:
    held, began, ends = held_and_known(comparator, by, begin, day)
    found = standing(held, counted(value), day, began, ends)
    assert found.distance is not None
    assert found.goal is not None
    if found.status is Status.ACHIEVED:
        assert found.distance == 0
        return
    step = found.distance if comparator not in FALLS else -found.distance
    assert value + step == found.goal
    hair = Decimal("0.00001") * (-1 if comparator in FALLS else 1)
    assert standing(held, counted(value + step + hair), day, began, ends).status is Status.ACHIEVED


@given(values, values, values, moments)
def test_a_yearly_fall_is_the_end_of_last_year_less_the_points(
    by: Decimal, begin: Decimal, value: Decimal, day: date
) -> None:
    """The same as a target of so much by the end of this year, that began with the end of the last."""
    ends = {day.year - 1: begin}
    plain = target(Comparator.AT_MOST, max(begin - by, Decimal(0)), day.year)
    wanted = standing(plain, counted(value), day, Baseline(date(day.year - 1, 12, 31), begin))
    found = standing(target(Comparator.REDUCE_YEARLY, by), counted(value), day, None, ends)
    assert found == replace(wanted, pace=Pace.YEAR)


@given(values, values, values, moments)
def test_a_yearly_rise_of_a_share_stops_at_the_whole(
    by: Decimal, begin: Decimal, value: Decimal, day: date
) -> None:
    found = standing(target(Comparator.INCREASE_YEARLY, by), counted(value), day, None, {day.year - 1: begin})
    assert found.goal == min(begin + by, 100)
    free = replace(target(Comparator.INCREASE_YEARLY, by), unit="hộ")
    assert standing(free, counted(value), day, None, {day.year - 1: begin}).goal == begin + by


@given(values, values, values, moments)
def test_a_share_or_a_multiple_of_the_baseline(
    by: Decimal, begin: Decimal, value: Decimal, day: date
) -> None:
    began = Baseline(date(2020, 12, 31), begin)
    pairs = [
        (Comparator.REDUCE_SHARE, Comparator.AT_MOST, begin - begin * by / 100),
        (Comparator.MULTIPLY, Comparator.AT_LEAST, begin * by),
        (Comparator.MULTIPLY_ABOVE, Comparator.ABOVE, begin * by),
    ]
    for relative, plain, goal in pairs:
        wanted = standing(target(plain, goal), counted(value), day, began)
        own = replace(target(relative, by), baseline_year=2020, baseline=begin)
        assert standing(own, counted(value), day) == wanted
        places = replace(own, baseline=None)
        assert standing(places, counted(value), day, None, {2020: begin}) == wanted


@given(values, values, moments, st.sampled_from([each for each in Comparator if each.relative]))
def test_without_the_year_end_it_is_held_against_there_is_no_verdict(
    by: Decimal, value: Decimal, day: date, comparator: Comparator
) -> None:
    held = replace(target(comparator, by), baseline_year=2020)
    others = {day.year: value, day.year - 2: value}
    others.pop(2020, None)
    found = standing(held, counted(value), day, None, others)
    assert (found.status, found.distance, found.expected_today) == (Status.NO_DATA, None, None)


def test_the_poverty_rate_of_bac_giang_falls_by_more_than_three_points_a_year() -> None:
    held = target(Comparator.REDUCE_YEARLY_ABOVE, Decimal(3), 2025)
    ends = {2022: Decimal("17.2"), 2023: Decimal("13.9"), 2024: Decimal("11.5"), 2025: Decimal("8.5")}

    def stands(value: str, day: date) -> Standing:
        return standing(held, counted(value), day, None, ends)

    summer = date(2024, 7, 1)
    assert stands("12.4", summer).expected_today == Decimal("12.4")
    assert stands("12.4", summer) == Standing(
        Status.ON_TRACK,
        Decimal("1.5"),
        Decimal("12.4000"),
        False,
        Decimal("10.9"),
        Baseline(date(2023, 12, 31), Decimal("13.9")),
        Pace.YEAR,
    )
    assert stands("12.5", summer).status is Status.BEHIND
    assert stands("10.9", summer).status is Status.ON_TRACK
    assert stands("10.89", summer).status is Status.ACHIEVED
    assert stands("11.5", date(2024, 12, 31)).status is Status.BEHIND
    over = stands("1.0", date(2026, 5, 1))
    assert (over.status, over.goal, over.distance, over.due_passed) == (
        Status.BEHIND,
        Decimal("8.5"),
        Decimal(0),
        True,
    )
    assert standing(held, counted(1), date(2026, 5, 1), None, {2024: Decimal(11)}).status is Status.NO_DATA


def test_a_fall_of_two_and_a_half_to_three_points_is_met_from_its_nearer_end() -> None:
    held = replace(target(Comparator.REDUCE_YEARLY, Decimal("2.5"), 2025), value_high=Decimal(3))
    ends = {2023: Decimal(26)}
    assert standing(held, counted("23.5"), date(2024, 12, 31), None, ends).status is Status.ACHIEVED
    assert standing(held, counted("23.6"), date(2024, 12, 31), None, ends).distance == Decimal("0.1")


def test_a_range_is_met_from_its_lower_end() -> None:
    held = replace(target(Comparator.RANGE, Decimal(2900), 2025), value_high=Decimal(3000))
    day = date(2024, 6, 30)
    assert standing(held, counted(2900), day).status is Status.ACHIEVED
    assert standing(held, counted(3100), day).status is Status.ACHIEVED
    assert standing(held, counted(2850), day).distance == 50


def test_a_number_that_shrinks_by_a_share_of_itself() -> None:
    held = replace(target(Comparator.SHRINK_YEARLY, Decimal(2), 2025), value_high=Decimal(3), unit="%")
    ends = {2023: Decimal(50)}
    assert standing(held, counted(49), date(2024, 12, 31), None, ends).status is Status.ACHIEVED
    assert standing(held, counted(50), date(2024, 12, 31), None, ends).distance == 1
    assert standing(held, counted(0), date(2025, 3, 1), None, {2024: Decimal(0)}).status is Status.ACHIEVED


def test_a_fall_on_average_may_be_made_good_by_a_later_year() -> None:
    """Two and a half points a year from 2021 to 2025: 12.5 from the end of 2020, wherever they fell."""
    held = target(Comparator.REDUCE_AVERAGE, Decimal("2.5"), 2025)
    ends = {2020: Decimal(30), 2025: Decimal("17.5")}
    began = own_baseline(held, date(2021, 1, 1), ends)

    def stands(value: str, day: date) -> Standing:
        return standing(held, counted(value), day, began, ends, date(2021, 1, 1))

    assert stands("30", date(2021, 12, 31)).expected_today == Decimal("27.5014")
    assert stands("30", date(2021, 12, 31)).status is Status.BEHIND
    assert stands("24", date(2023, 7, 1)).status is Status.BEHIND
    assert stands("23", date(2023, 7, 1)).status is Status.ON_TRACK
    assert stands("17.5", date(2024, 7, 1)).status is Status.ACHIEVED
    assert stands("29", date(2026, 7, 1)).status is Status.ACHIEVED, "what stood at the end of 2025 is judged"


@given(values, st.integers(0, 6))
def test_a_share_lost_on_average_is_lost_of_what_is_left(begin: Decimal, years: int) -> None:
    held = replace(target(Comparator.SHRINK_AVERAGE, Decimal(2), 2020 + years), unit="cặp")
    found = standing(held, counted(0), date(2020, 6, 1), Baseline(date(2020, 12, 31), begin))
    left = begin
    for _ in range(years):
        left -= left * 2 / 100
    assert found.goal is not None
    assert abs(found.goal - left) <= Decimal("0.00005")


@given(st.dictionaries(st.integers(2018, 2033), values, max_size=8), st.booleans())
def test_an_average_is_the_mean_of_the_plan_s_years_that_are_known(
    ends: dict[int, Decimal], above: bool
) -> None:
    comparator = Comparator.AVERAGE_ABOVE if above else Comparator.AVERAGE
    held = target(comparator, Decimal(50), 2030)
    found = standing(held, counted(99), date(2026, 5, 1), None, ends, date(2021, 1, 1))
    known = [ends[year] for year in range(2021, 2031) if year in ends]
    if not known:
        assert found.status is Status.NO_DATA
        return
    whole, goal = sum(known), 50 * len(known)
    assert (found.status is Status.ACHIEVED) == (whole > goal if above else whole >= goal)


def test_more_than_a_number_of_households_is_not_that_number() -> None:
    held = target(Comparator.QUOTA_ABOVE, Decimal(200))
    began = own_baseline(held, date(2021, 1, 1))
    assert standing(held, counted(200), date(2024, 1, 1), began).status is not Status.ACHIEVED
    assert standing(held, counted(201), date(2024, 1, 1), began).status is Status.ACHIEVED
    assert not held.comparable


@pytest.mark.parametrize(
    ("comparator", "value", "today", "status"),
    [
        (Comparator.QUOTA, 100, date(2030, 6, 1), Status.UNSURE),
        (Comparator.QUOTA, 99, date(2031, 1, 1), Status.BEHIND),
        (Comparator.QUOTA_ABOVE, 101, date(2031, 1, 1), Status.UNSURE),
        (Comparator.QUOTA, None, date(2030, 6, 1), Status.NO_DATA),
        (Comparator.AT_LEAST, 100, date(2030, 6, 1), Status.UNSURE),
        (Comparator.AT_LEAST, 20, date(2031, 1, 1), Status.UNSURE),
    ],
)
def test_more_than_the_plan_speaks_of_proves_a_lack_at_most(
    comparator: Comparator, value: int | None, today: date, status: Status
) -> None:
    held = replace(target(comparator, Decimal(100)), wider="yes")
    stands = standing(held, counted(value), today)
    assert stands.status is status
    assert (stands.distance is None) is (status is not Status.BEHIND)


def test_nothing_can_fall_below_nothing() -> None:
    for comparator in (Comparator.REDUCE_YEARLY, Comparator.REDUCE_YEARLY_ABOVE):
        found = standing(
            target(comparator, Decimal(3)), counted(0), date(2024, 6, 1), None, {2023: Decimal(2)}
        )
        assert (found.status, found.goal) == (Status.ACHIEVED, 0)


def test_what_is_to_be_maintained_is_expected_on_every_day() -> None:
    held = replace(target(Comparator.MAINTAIN, None), baseline_year=2020)
    day = date(2022, 2, 1)
    fallen = standing(held, counted(94), day, None, {2020: Decimal(95)})
    assert (fallen.status, fallen.expected_today, fallen.pace) == (Status.BEHIND, 95, Pace.ALWAYS)
    assert standing(held, counted(95), day, None, {2020: Decimal(95)}).status is Status.ACHIEVED
    assert standing(held, counted(95), day).status is Status.NO_DATA
    unsaid = replace(held, baseline_year=None)
    assert standing(unsaid, counted(95), day).status is Status.NO_TARGET
    began = own_baseline(unsaid, date(2021, 1, 1), {2020: Decimal(96)})
    assert standing(unsaid, counted(95), day, began).status is Status.BEHIND


def test_a_place_s_own_figure_is_where_it_began() -> None:
    held = target(Comparator.AT_LEAST, Decimal(90))
    ends = {2020: Decimal(50), 2021: Decimal(60)}
    assert own_baseline(held, date(2022, 1, 1), ends) == Baseline(date(2021, 12, 31), Decimal(60))
    assert own_baseline(replace(held, baseline_year=2020), date(2022, 1, 1), ends) == Baseline(
        date(2020, 12, 31), Decimal(50)
    )
    assert own_baseline(replace(held, baseline_year=2019), date(2022, 1, 1), ends) is None
    unsaid = replace(held, baseline=Decimal(5), baseline_year=None)
    assert own_baseline(unsaid, date(2022, 1, 1), ends) == Baseline(date(2021, 12, 31), Decimal(60))
    assert own_baseline(replace(held, comparator=Comparator.QUOTA), None, ends) is None


def test_bars() -> None:
    quota = next(t for t in PLANS.programmes["nghe-an-352"].targets if t.id == "nha-o-2023")
    houses: Indicator = PLANS.indicators["nha-ho-tro"]
    assert share_done(None, WATER, figure(WATER, water(Decimal(50), Decimal(41)))) == Decimal("0.82")
    assert share_done(None, WATER, figure(WATER, {})) is None
    assert share_done(quota, houses, figure(houses, {"nha_ho_tro_ky": Decimal(358)})) == 1
    assert share_done(None, houses, figure(houses, {"nha_ho_tro_ky": Decimal(3)})) is None

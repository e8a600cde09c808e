"""Which changes are told, and in which order; and how many months back a questionnaire was asked."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from figures.changes import Move, is_like_with_like, mark_of_change, move_of, moved
from figures.coverage import Owed, month_asked, months_back, opened
from figures.sources import Source
from figures.view import View
from handlers.library import Library
from plans.covered import Change
from plans.period import from_key
from plans.reading import load_plans
from plans.rollup import Figure
from storage.session import Session
from storage.tables import Level, Place, RoleName
from tests.handlers.chatting import ZONE, Town, bundled, send_report
from tests.handlers.test_asking import water

PLANS = load_plans()
PLACE = Place(id=1, level=Level.COMMUNE, kind="xã", name="Vĩnh Thông", first_day=date(2020, 1, 1))
NOVEMBER = from_key("2026-11")
WATER, TEMPORARY = "nuoc-hvs", "nha-tam"
"""A share that is better when it is higher, and a number that is better when it is lower."""


@pytest.fixture
def kind() -> str:
    return "sqlite"


def source(indicator: str) -> Source:
    known = PLANS.indicators[indicator]
    return Source(known, next(entry for entry in PLANS.schedule if entry.level == known.level))


def change(indicator: str, now: Figure, before: Figure) -> Move | None:
    return move_of(PLACE, source(indicator), Change(now, before, 1))


def share(part: int, whole: int) -> Figure:
    return Figure(WATER, Decimal(100 * part) / whole, Decimal(part), Decimal(whole))


def number(count: int) -> Figure:
    return Figure(TEMPORARY, Decimal(count), Decimal(count))


def test_the_largest_step_forward_comes_first_and_the_largest_step_back_last() -> None:
    moves = [
        change(WATER, share(50, 100), share(40, 100)),
        change(TEMPORARY, number(3), number(7)),
        change(WATER, share(20, 50), share(19, 50)),
        change(TEMPORARY, number(9), number(7)),
        change(WATER, share(30, 100), share(45, 100)),
    ]
    assert [move.rank for move in moves if move] == [-10, -4, -1, 2, 15]
    assert [move.good for move in moves if move] == [True, True, True, False, False]


@pytest.mark.parametrize(
    ("now", "before", "told"),
    [
        (share(5, 10), share(4, 10), True),
        (share(5, 9), share(4, 10), False),
        (share(5, 10), share(4, 9), False),
        (share(401, 800), share(400, 800), True),
        (share(4001, 10_000), share(4000, 10_000), False),
        (share(4005, 10_000), share(4000, 10_000), True),
        (Figure(WATER, None), share(4, 10), False),
    ],
)
def test_what_one_of_few_makes_and_what_is_next_to_nothing_is_not_told(
    now: Figure, before: Figure, told: bool
) -> None:
    assert (change(WATER, now, before) is not None) is told


def test_a_change_is_of_at_least_half_of_the_places() -> None:
    one = Change(number(3), number(7), 3)
    assert [is_like_with_like(one, range(count)) for count in (5, 6, 7)] == [True, True, False]


def test_a_change_is_known_again_by_its_place_figure_period_and_size() -> None:
    told = mark_of_change(7, WATER, NOVEMBER, Decimal(3))
    assert told == mark_of_change(7, WATER, NOVEMBER.key, Decimal(3)) == "change:cbc0f7afda0d"
    others = [
        (8, WATER, NOVEMBER, Decimal(3)),
        (7, TEMPORARY, NOVEMBER, Decimal(3)),
        (7, WATER, NOVEMBER.next(), Decimal(3)),
        (7, WATER, None, Decimal(3)),
        (7, WATER, NOVEMBER, Decimal(2)),
    ]
    assert len({told, *(mark_of_change(*other) for other in others)}) == 6


async def test_only_main_figures_of_villages_are_looked_at(town: Town) -> None:
    await town.enrolled("x", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Hà Thị Mai")
    for back, values in ((1, water()), (0, water(nuoc_ho_hvs=40, nuoc_ho_dtts_hvs=30))):
        for village in ("Nà Hin", "Nà Lốc"):
            await send_report(town, "nuoc-sach", village, values, back=back)
    async with town.storage.reading() as session:
        view = View(session, town.dispatch.library, (), town.now)
        told = await moved(view, await session.get_one(Place, town.places["Thái Nguyên"]))
        below = await moved(view, await session.get_one(Place, town.places["Vĩnh Thông"]))
    indicators = [move.source.indicator for move in told]
    assert WATER in [one.id for one in indicators]
    assert all(one.main and one.level == Level.VILLAGE for one in indicators)
    assert {move.place.name for move in below} == {"Nà Hin", "Nà Lốc"}


@pytest.mark.parametrize("day", [date(2026, 1, 2), date(2026, 3, 1), date(2026, 11, 20), date(2026, 12, 31)])
async def test_what_was_asked_some_months_back_is_found_there(session: Session, day: date) -> None:
    view = View(
        session,
        Library(replace(PLANS, programmes={}), ZONE),
        (),
        datetime(day.year, day.month, day.day, 9, tzinfo=ZONE),
    )
    month, form = month_asked(view), bundled("nuoc-sach")
    for back in range(14):
        asked = opened(view, month)
        assert {months_back(view, Owed(form, period, entry)) for entry, period in asked} <= {back}
        month = month.previous()

"""The value at the end of a year tells no small number either."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from figures.discretion import Discretion
from figures.years import OwnYears, values_at_ends, years_needed
from handlers.library import Library
from handlers.viewer import Viewer
from plans.reading import load_plans
from plans.target import Comparator
from storage.session import Session
from storage.tables import Role, RoleName
from tests.figures.land import PLANS, Land
from tests.figures.test_recount import NOW, ZONE

TREE = ((3,),)
WEEK = "2026-W40"


async def test_a_years_end_is_kept_back_like_any_other_figure(session: Session) -> None:
    land = Land(session, tree=TREE)
    await land.settle()
    for village, short in zip(land.villages, (2, 9, 30), strict=True):
        await land.report(village, WEEK, {"nuoc_ho_thieu": Decimal(short)})
    indicator, year = PLANS.indicators["nuoc-thieu"], NOW.year

    async def told(holder: int, unit: int) -> tuple[dict[int, Decimal], set[int]]:
        roles = (Role(id=1, person_id=1, place_id=holder, role=RoleName.PROVINCE_OFFICER),)
        viewer = Viewer(session, Library(PLANS, ZONE), roles, NOW)
        place = await session.places.get(unit)
        assert place is not None
        return await values_at_ends(Discretion(viewer), place, indicator, [year - 1, year])

    small, cover, large = land.villages
    [commune] = land.communes
    assert await told(land.nation, large) == ({year: Decimal(30)}, set())
    assert await told(land.nation, commune) == ({year: Decimal(41)}, set())
    for unit in (small, cover):
        assert await told(land.nation, unit) == ({}, {year})
    assert await told(commune, small) == ({year: Decimal(2)}, set())
    # Of a year that is over only its last period is its end.
    for week, known in ((f"{year - 1}-W40", {}), (f"{year - 1}-W52", {year - 1: Decimal(8)})):
        await land.report(small, week, {"nuoc_ho_thieu": Decimal(8)})
        assert await told(commune, small) == ({**known, year: Decimal(2)}, set())


def test_a_target_is_hidden_with_the_year_that_it_is_held_against() -> None:
    plans = load_plans()
    programme = plans.programmes["bac-giang-55-ctr"]
    target = replace(programme.targets[0], comparator=Comparator.INCREASE_YEARLY)
    today = date(2024, 7, 1)
    years = set(years_needed(programme, target, today))
    assert years
    assert OwnYears({}, {target.indicator: years}).hide(programme, target, today)
    assert not OwnYears({}, {target.indicator: {1999}}).hide(programme, target, today)
    assert not OwnYears({}, {}).hide(programme, target, today)

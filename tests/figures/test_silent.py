"""What was kept back stays so in the totals of later periods, for as long as the place says nothing new."""

from dataclasses import replace

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from figures.discretion import Discretion
from figures.limited import DatedTarget, limited
from figures.sources import source_of
from handlers.library import Library
from handlers.viewer import Viewer
from plans.rollup import NO_YEARS
from storage.session import Session
from storage.tables import Place, Role, RoleName
from tests.figures.land import ALL, LATER, PLANS, TARGET, Land, Said
from tests.figures.test_recount import NOW, PERIODS, ZONE

FIRST, *SILENT = PERIODS


@pytest.fixture
def kind() -> str:
    return "sqlite"


async def test_a_commune_that_is_silent_for_long_stays_kept_back_and_covered(database: AsyncEngine) -> None:
    """Its total of 2 would follow from the province's and the other communes', which all report anew each week."""
    async with Session(database) as session:
        land = Land(session, tree=((1, 2, 2), (1,)))
        await land.settle()
        small, *others = land.communes[:3]
        await land.report(land.villages[0], FIRST.key, Said(2, 0, 9, 9).answers)
        for village in land.villages[1:]:
            for period in PERIODS:
                await land.report(village, period.key, Said(20, 0, 9, 9).answers)
        role = Role(id=1, person_id=1, place_id=land.provinces[0], role=RoleName.PROVINCE_OFFICER)
        viewer = Viewer(session, Library(PLANS, ZONE), (role,), NOW)
        source = await source_of(viewer, viewer.plans.indicators["nuoc-thieu"])
        assert source is not None
        province = await session.get_one(Place, land.provinces[0])
        for period in (FIRST, SILENT[0], SILENT[-1]):
            kept = await Discretion(viewer).of(source, period).within(province)
            assert small in kept.units
            covers = kept.units & set(others)
            assert covers
            assert all(kept.units.issuperset(land.within(unit)) for unit in covers)
            assert await Discretion(viewer).of(source, period).is_told(province)
        elsewhere = replace(
            viewer, roles=(Role(id=2, person_id=1, place_id=land.provinces[1], role=role.role),)
        )
        assert not await Discretion(elsewhere).of(source, FIRST).is_told(province)
        await session.rollback()


async def test_what_is_in_a_silent_province_stays_kept_back_with_it(database: AsyncEngine) -> None:
    """It covered for the other's 2. Its commune alone has nothing to hide, but nobody was told its total."""
    async with Session(database) as session:
        land = Land(session)
        await land.settle()
        for village, count, period in ((5, 2, FIRST), (7, 20, FIRST), (8, 20, FIRST), (0, 20, SILENT[0])):
            await land.report(land.villages[village], period.key, Said(count, 0, 9, 9).answers)
        role = Role(id=1, person_id=1, place_id=land.nation, role=RoleName.CENTRAL_OFFICER)
        viewer = Viewer(session, Library(PLANS, ZONE), (role,), NOW)
        source = await source_of(viewer, viewer.plans.indicators["nuoc-thieu"])
        assert source is not None
        nation = await session.get_one(Place, land.nation)
        for period in (FIRST, SILENT[0]):
            kept = await Discretion(viewer).of(source, period).within(nation)
            assert {land.provinces[1], land.communes[3]} <= kept.units
        await session.rollback()


async def test_a_target_for_one_village_does_not_tell_the_older_number_that_covered(
    database: AsyncEngine,
) -> None:
    """Its 9 covered for the other's 1 a week ago, and still stands; with that week's total it would tell the 1."""
    async with Session(database) as session:
        land = Land(session)
        await land.settle()
        for village, before, now in ((0, 1, 20), (1, 9, None), (2, 30, 30), (3, 30, 30), (4, 30, 30)):
            for period, count in ((ALL[-2], before), (LATER, now)):
                if count is not None:
                    await land.report(land.villages[village], period.key, Said(count, 0, 9, 9).answers)
        role = Role(id=1, person_id=1, place_id=land.provinces[0], role=RoleName.PROVINCE_OFFICER)
        viewer = Viewer(session, Library(PLANS, ZONE), (role,), NOW)
        province = await session.get_one(Place, land.provinces[0])
        wanted = DatedTarget(viewer.plans.indicators["nuoc-thieu"], TARGET, NOW.date(), (), NO_YEARS)
        await land.mark({len(land.communes) + 1})
        told = await limited(viewer, province, wanted)
        assert told is not None
        assert told.kept_back
        await session.rollback()

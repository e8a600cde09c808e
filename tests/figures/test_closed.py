"""A village that was merged within a period: who has reported, and what a change beside the totals would tell."""

from datetime import date

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from figures.ground import Ground, asker_of
from figures.sources import source_of, span_of
from handlers.library import Library
from handlers.viewer import Viewer
from plans.covered import Covered
from plans.rollup import Figure
from storage.gazetteer import gazetteer_of
from storage.session import Session
from storage.tables import Place, Role, RoleName
from tests.figures.test_attacker import DICTIONARY, NOW, PLANS, ZONE, Land, Said, asking
from tests.figures.test_recount import PERIODS

BEFORE, LATER = PERIODS[4], PERIODS[5]
NUMBERS = ((9, 8), (6, 2), (9, 9))
"""How many each village reports of both weeks; the second goes into the first within the later one."""


@pytest.fixture
def kind() -> str:
    return "sqlite"


@pytest.mark.parametrize("near", [False, True])
async def test_a_change_over_a_merger_is_for_those_who_know_its_villages(
    database: AsyncEngine, near: bool
) -> None:
    """The totals are 24 and 17, of villages that stood; beside "giảm 5 hộ" they would tell the 2 of the one that ended."""
    async with Session(database) as session:
        land = Land(session, tree=((3, 2), (1,)))
        await land.settle()
        for village, numbers in zip(land.villages, NUMBERS, strict=False):
            for period, number in zip((BEFORE, LATER), numbers, strict=True):
                await land.report(village, period.key, Said(number, 1, 9, 9).answers)
        await land.close(land.villages[1], (land.villages[0],), date(2026, 11, 5))
        session.places.changed()
        home = (land.communes if near else land.provinces)[0]
        viewer = Viewer(
            session,
            Library(PLANS, ZONE),
            (Role(id=1, person_id=1, place_id=home, role=RoleName.COMMUNE_OFFICER),),
            NOW,
        )
        gazetteer = await gazetteer_of(session)
        ground = Ground(DICTIONARY, gazetteer, await asker_of(viewer, (home,), gazetteer))
        source = await source_of(viewer, viewer.plans.indicators["nuoc-thieu"])
        assert source is not None
        commune = await session.get_one(Place, land.communes[0])
        asked = asking(viewer, ground, source, commune.id, LATER)
        counted = await asked.counted(source, commune, span_of(LATER))
        assert (counted.figure.numerator, counted.covered) == (17, Covered(2, 2))
        told = await asked.change(source, commune, span_of(LATER), span_of(BEFORE))
        assert (told.change is not None, told.kept_back) == (near, not near)
        if told.change is not None:
            changed = [told.change.now, told.change.before]
            assert changed == [Figure("nuoc-thieu", number, number) for number in (19, 24)]
            assert (told.change.places, told.change.carried) == (3, 0)
        await session.rollback()

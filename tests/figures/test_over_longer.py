"""What changed between longer periods than the questionnaire's own, where small numbers lie in a large commune."""

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from figures.ground import Ground, asker_of
from figures.sources import source_of
from handlers.library import Library
from handlers.viewer import Viewer
from storage.gazetteer import gazetteer_of
from storage.session import Session
from storage.tables import Place, Role, RoleName
from tests.figures.land import DICTIONARY, LATER, PLANS, Land, Said
from tests.figures.test_attacker import MONTHS, asking
from tests.figures.test_recount import NOW, PERIODS, ZONE

OCTOBER, NOVEMBER = MONTHS
NEVER, ALWAYS, SINCE_NOVEMBER, IN_OCTOBER = (), PERIODS, PERIODS[5:], PERIODS[:4]


@pytest.fixture
def kind() -> str:
    return "sqlite"


@pytest.mark.parametrize(
    ("id", "reported", "is_told"),
    [
        ("nuoc-thieu", NEVER, True),
        ("nuoc-thieu", ALWAYS, True),
        ("nuoc-thieu", IN_OCTOBER, True),
        ("nuoc-thieu", SINCE_NOVEMBER, False),
        ("nha-xong", NEVER, True),
        ("nha-xong", ALWAYS, False),
        ("nha-xong", IN_OCTOBER, False),
    ],
)
async def test_a_change_between_months_is_told_where_it_is_the_difference_of_the_totals(
    database: AsyncEngine, id: str, reported: tuple[object, ...], is_told: bool
) -> None:
    """One village's number is small in some weeks; what stands of it stays in both totals."""
    async with Session(database) as session:
        land = Land(session, tree=((3, 2), (1,)))
        await land.settle()
        for village in land.villages:
            for period in PERIODS:
                if village != land.villages[0]:
                    await land.report(village, period.key, Said(20, 20, 9, 9).answers)
                elif period in reported:
                    await land.report(village, period.key, Said(1, 1, 9, 9).answers)
        role = Role(id=1, person_id=1, place_id=land.provinces[0], role=RoleName.PROVINCE_OFFICER)
        viewer = Viewer(session, Library(PLANS, ZONE), (role,), NOW)
        gazetteer = await gazetteer_of(session)
        ground = Ground(DICTIONARY, gazetteer, await asker_of(viewer, (land.provinces[0],), gazetteer))
        source = await source_of(viewer, viewer.plans.indicators[id])
        assert source is not None
        province = await session.get_one(Place, land.provinces[0])
        asked = asking(viewer, ground, source, province.id, LATER)
        change, kept_back, *_ = await asked.change(source, province, NOVEMBER, OCTOBER)
        assert (change is not None, kept_back) == (is_told, not is_told)
        await session.rollback()

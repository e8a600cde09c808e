"""What a reader from afar is told, question by question: where the rules of `figures.discretion` meet their ends."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from figures.apart import Ends
from figures.discretion import Discretion
from figures.ground import below
from figures.sources import source_of
from handlers.library import Library
from handlers.viewer import Viewer
from plans.covered import Change
from plans.rollup import Figure
from storage.session import Session
from storage.tables import Level, Place, Role, RoleName
from tests.figures.test_attacker import NOW, PLANS, ZONE, Land, Said
from tests.figures.test_recount import PERIODS

BEFORE, LATER = PERIODS[4], PERIODS[5]
TREE = ((2, 2, 2, 1), (1,))
LATER_ONLY, BEFORE_ONLY = (3, 4, 5), (6,)
"""Which villages say nothing of the other week: one of the second commune, all of the third and of the fourth."""


@pytest.fixture
def kind() -> str:
    return "sqlite"


def of(number: int) -> Figure:
    return Figure("nuoc-thieu", Decimal(number), Decimal(number))


async def test_what_is_told_from_afar(database: AsyncEngine) -> None:
    async with Session(database) as session:
        land = Land(session, tree=TREE)
        await land.settle()
        for number, village in enumerate(land.villages):
            for period, silent in ((BEFORE, LATER_ONLY), (LATER, BEFORE_ONLY)):
                if number not in silent:
                    await land.report(village, period.key, Said(20 + number, 1, 9, 9).answers)
        home, beside = land.provinces
        role = Role(id=1, person_id=1, place_id=home, role=RoleName.PROVINCE_OFFICER)
        viewer = Viewer(session, Library(PLANS, ZONE), (role,), NOW)
        source = await source_of(viewer, viewer.plans.indicators["nuoc-thieu"])
        assert source is not None
        discretion = Discretion(viewer)

        # The number of a single village beside is its own; a commune's own number is nobody's village.
        province = await session.get_one(Place, beside)
        of_communes = replace(source, indicator=replace(source.indicator, level=Level.COMMUNE))
        few = [await discretion.is_of_few(one, province, 1) for one in (source, of_communes)]
        assert few == [True, False]

        # A change is told of a known time, and where neither end is small.
        commune = await session.get_one(Place, land.communes[0])
        change = Change(of(45), of(41), 2, BEFORE)
        cases = ((LATER, change), (None, change), *((LATER, replace(change, **end)) for end in SMALL_ENDS))
        told = [await discretion.seen(source, commune, now, one) is not None for now, one in cases]
        assert told == [True, False, False, False]

        # Newcomers are told apart where some are among others, and where all are.
        groups = await below(session, tuple(land.communes[:4]), Level.VILLAGE, viewer.today)
        apart = await discretion.told_apart(source, groups, Ends(LATER, BEFORE, stock=True))
        assert set(apart) == set(land.communes[1:3])
        await session.rollback()


SMALL_ENDS = ({"now": of(2)}, {"before": of(1)})

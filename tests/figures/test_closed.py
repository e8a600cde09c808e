"""A village that was merged within a period: whose figures there are, and what is told of their change."""

from datetime import date, datetime, time

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from figures.expected import Expected
from figures.ground import Ground, asker_of
from figures.hearing import Hearing
from figures.sources import source_of, span_of
from handlers.library import Library
from handlers.viewer import Viewer
from plans.covered import Covered
from plans.rollup import Figure
from storage.gazetteer import gazetteer_of
from storage.session import Session
from storage.tables import Place, Role, RoleName
from tests.figures.land import DICTIONARY, PLANS, Land, Said
from tests.figures.test_attacker import asking
from tests.figures.test_recount import NOW, PERIODS, ZONE

BEFORE, LATER = PERIODS[4], PERIODS[5]
NUMBERS = ((9, 8), (6, 2), (9, 9))
"""How many each village reports of both weeks; the second goes into the first within the later one."""


@pytest.fixture
def kind() -> str:
    return "sqlite"


@pytest.mark.parametrize("near", [False, True])
@pytest.mark.parametrize("waits", [False, True])
async def test_a_merger_alone_changes_no_figure(database: AsyncEngine, near: bool, waits: bool) -> None:
    """Until the heir reports the new ground the merged village stays in the count, as if there had been no merger; from
    then on the heir stands for both, and nothing is held against the time before: it grew by what it took in."""
    async with Session(database) as session:
        land = Land(session, tree=((3, 2), (1,)))
        await land.settle()
        last = date(2026, 11, 5)
        sent = datetime.combine(last, time(8), ZONE) if waits else NOW
        for village, numbers in zip(land.villages, NUMBERS, strict=False):
            for period, number in zip((BEFORE, LATER), numbers, strict=True):
                await land.report(village, period.key, Said(number, 1, 9, 9).answers, sent)
        await land.close(land.villages[1], (land.villages[0],), last)
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
        expected = (19, Covered(3, 3)) if waits else (17, Covered(2, 2))
        assert (counted.figure.numerator, counted.covered) == expected
        before = await asked.counted(source, commune, span_of(BEFORE))
        assert (before.figure.numerator, before.covered) == (24, Covered(3, 3))
        told = await asked.change(source, commune, span_of(LATER), span_of(BEFORE))
        assert (told.change is not None, told.merged) == (waits, not waits)
        if told.change is not None:
            changed = [told.change.now, told.change.before]
            assert changed == [Figure("nuoc-thieu", number, number) for number in (19, 24)]
            assert (told.change.places, told.change.carried) == (3, 0)
        # The village's own screen, its receipts and its letters keep to the same.
        for place in (commune, await session.get_one(Place, land.villages[0])):
            heard = await Hearing(viewer, ()).of(
                [place, *await session.places.ancestors(place.id, NOW.date())]
            )
            [one] = [one for one in heard if one.period]
            assert ("nuoc-thieu" in one.over_merger) is not waits
            assert waits or one.change("nuoc-thieu") is None
        counting = await Expected.by(viewer, source).by_themselves(commune.id, LATER, stock=True)
        assert [one.place.id for one in counting] == ([land.villages[1]] if waits else [])
        assert all(one.waits(LATER.end) for one in counting)
        await session.rollback()

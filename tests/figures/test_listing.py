"""A nation's list of communes is read for all provinces at once, also where something in each of them is kept back."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from figures.ground import Ground, asker_of
from figures.sources import source_of, span_of
from handlers.asking import ranking, together
from handlers.library import Library
from handlers.viewer import Viewer
from queries.frames import When
from storage.gazetteer import gazetteer_of
from storage.session import Session
from storage.tables import Level, Place, Role, RoleName
from tests.counting import asked
from tests.figures.land import ALL, DICTIONARY, LATER, PLANS, Land, Said
from tests.figures.test_attacker import asking
from tests.figures.test_recount import NOW, ZONE


async def statements_of_list(engine: AsyncEngine, tree: Sequence[Sequence[int]]) -> int:
    """How many statements a list of all communes takes, once the places are known."""
    statements: list[str] = []
    async with Session(engine) as session:
        land = Land(session, tree=tree)
        await land.settle()
        for number, village in enumerate(land.villages):
            for period in ALL[number % 2 :]:
                await land.report(village, period.key, Said(1 + number % 5, 0, 9, 1).answers)
        gazetteer = await gazetteer_of(session)
        roles = (Role(id=1, person_id=1, place_id=land.nation, role=RoleName.CENTRAL_OFFICER),)
        viewer = Viewer(session, Library(PLANS, ZONE), roles, NOW)
        ground = Ground(DICTIONARY, gazetteer, await asker_of(viewer, (land.nation,), gazetteer))
        source = await source_of(viewer, viewer.plans.indicators["nuoc-thieu"])
        assert source is not None
        nation, hidden = await session.get_one(Place, land.nation), 0
        for _ in range(2):
            statements.clear()
            with asked(engine.sync_engine, lambda statement, _: statements.append(statement)):
                wanted = asking(viewer, ground, source, land.nation, LATER, Level.COMMUNE)
                hidden = len((await ranking.in_order(wanted, [nation], source, span_of(LATER))).hidden)
        assert hidden >= len(tree)
        await session.rollback()
    return len(statements)


@pytest.fixture
def kind() -> str:
    return "sqlite"


async def test_a_list_of_all_communes_takes_as_many_statements_for_more_provinces(
    database: AsyncEngine,
) -> None:
    few = await statements_of_list(database, [(2, 1)] * 2)
    assert await statements_of_list(database, [(2, 1)] * 5) == few < 40


async def test_the_sum_of_communes_holds_what_stands_of_one_that_has_not_reported(
    database: AsyncEngine,
) -> None:
    async with Session(database) as session:
        land = Land(session, tree=[(3, 3)])
        await land.settle()
        for number, village in enumerate(land.villages):
            period = LATER if number < 3 else ALL[-2]
            await land.report(village, period.key, Said(9 + number, 0, 9, 9).answers)
        gazetteer = await gazetteer_of(session)
        roles = (Role(id=1, person_id=1, place_id=land.nation, role=RoleName.CENTRAL_OFFICER),)
        viewer = Viewer(session, Library(PLANS, ZONE), roles, NOW)
        ground = Ground(DICTIONARY, gazetteer, await asker_of(viewer, (land.nation,), gazetteer))
        source = await source_of(viewer, viewer.plans.indicators["nuoc-thieu"])
        assert source is not None
        plain = asking(viewer, ground, source, land.nation, LATER, Level.COMMUNE)
        asked = replace(plain, query=replace(plain.listing, summed=True, when=When()))
        nation = await session.get_one(Place, land.nation)
        listed = await ranking.in_order(asked, [nation], source, source.newest(viewer.today))
        [said] = together.summed_up(asked, source, listed, asked.level(Level.COMMUNE))
        assert said.striptags() == (
            "Cộng 2 xã có số được xem: 69 hộ. 3/6 thôn báo kỳ này; "
            f"3 thôn lấy số kỳ gần nhất (cũ nhất {ALL[-2].name('vi')})."
        )
        await session.rollback()

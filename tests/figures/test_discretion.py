"""What a reader from afar is told, question by question: where the rules of `figures.discretion` meet their ends."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from figures.apart import Ends
from figures.counted import Counted
from figures.discretion import Discretion, ends_of, last_in, periods_of
from figures.ground import below
from figures.sources import FigureDays, Source, source_of, span_of
from handlers.library import Library
from handlers.viewer import Viewer
from plans.covered import Change, Covered
from plans.period import from_key
from plans.rollup import Figure
from storage.session import Session
from storage.tables import Level, Place, Role, RoleName
from tests.figures.land import PLANS, Land, Said
from tests.figures.test_recount import NOW, PERIODS, ZONE

BEFORE, LATER = PERIODS[4], PERIODS[5]
TREE = ((2, 2, 2, 1), (1,))
LATER_ONLY, BEFORE_ONLY = (3, 4, 5), (6,)
"""Which villages say nothing of the other week: one of the second commune, all of the third and of the fourth."""


@pytest.fixture
def kind() -> str:
    return "sqlite"


def replace_role(role: Role, place: int) -> Role:
    return Role(id=role.id, person_id=role.person_id, place_id=place, role=role.role)


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
        # No village's number is told of none, of two it is, and among three it is hidden; the own ground is no matter.
        told_of = [await discretion.is_of_few(source, province, villages) for villages in (0, 2, 3)]
        assert told_of == [False, True, False]
        village = await session.get_one(Place, land.villages[-1])
        own = await session.get_one(Place, home)
        assert [await discretion.is_of_few(source, one, 1) for one in (village, own)] == [False, False]

        # Whoever holds a commune knows it and its villages; whoever holds a province only its own figures.
        first, other = [await session.get_one(Place, number) for number in land.communes[:2]]
        at_first = await session.get_one(Place, land.villages[0])
        known = [
            Discretion(Viewer(session, Library(PLANS, ZONE), (holder,), NOW)).knows(unit, commune)
            for holder in (role, replace_role(role, first.id), replace_role(role, at_first.id))
            for unit, commune in ((own, None), (first, None), (other, None), (at_first, first))
        ]
        assert known == [*[False] * 4, False, True, False, True, False, False, False, True]

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


@pytest.mark.parametrize(
    ("third", "told"),
    [
        (20, {"province": (True, False), "district": (True, None)}),
        (1, {"province": (False, False), "district": (True, None)}),
    ],
)
async def test_a_former_units_total_is_told_where_it_gives_away_no_more_than_what_is_told_around_it(
    database: AsyncEngine, third: int, told: dict[str, tuple[bool | None, ...]]
) -> None:
    """The former district has the first two communes and the former province the second and third. Of both first ones the
    totals are kept back: the district's sum of them is the rest of the province's too, as long as no third is."""
    async with Session(database) as session:
        land = Land(session, tree=((3, 2, 2), (1,)))
        await land.settle()
        for village, built in zip(land.villages, (1, 1, 1, 1, 2, third, third), strict=False):
            await land.report(village, LATER.key, Said(1, built, 9, 9).answers)
        former_province = max(number for home in land.home.values() for number in home)
        for name, root in (("province", land.provinces[0]), ("district", land.district)):
            role = Role(id=1, person_id=1, place_id=root, role=RoleName.PROVINCE_OFFICER)
            viewer = Viewer(session, Library(PLANS, ZONE), (role,), NOW)
            source = await source_of(viewer, viewer.plans.indicators["nha-xong"])
            assert source is not None
            for id, is_told in zip((land.district, former_province), told[name], strict=True):
                unit = await session.get_one(Place, id)
                counted = Counted(Figure("nha-xong", Decimal(6), Decimal(6)), Covered(5, 5), LATER)
                if is_told is not None:
                    kept = await Discretion(viewer).is_kept_back(source, unit, span_of(LATER), counted)
                    assert kept is not is_told, (name, id)
        await session.rollback()


SMALL_ENDS = ({"now": of(2)}, {"before": of(1)})


@pytest.fixture
def water() -> Source:
    """A number that is reported by the week."""
    indicator = PLANS.indicators["nuoc-thieu"]
    return Source(indicator, PLANS.schedule[0])


def flow(source: Source) -> Source:
    return replace(source, indicator=replace(source.indicator, stock=False))


def test_the_last_period_of_a_span_ends_within_it(water: Source) -> None:
    week = water.entry.period(LATER.end)
    assert last_in(water, week) == week
    shorter = replace(week, end=week.end - timedelta(days=1))
    assert last_in(water, shorter) == week.previous()


def test_of_a_stock_one_period_is_looked_at_and_of_a_flow_each(water: Source) -> None:
    earlier, later = water.entry.period(LATER.end).previous(), water.entry.period(LATER.end)
    span = FigureDays(earlier.start, later.end)
    counted = Counted(of(5), period=later)
    assert periods_of(water, span, replace(counted, period=None)) == ()
    assert periods_of(water, span, counted) == (later,)
    assert periods_of(flow(water), span, counted) == (earlier, later)
    assert periods_of(flow(water), replace(span, newest=True), counted) == (later,)


def test_the_ends_of_a_change_are_periods_of_the_questionnaire(water: Source) -> None:
    later = water.entry.period(LATER.end)
    change = Change(of(45), of(41), 2, later.previous())
    ends = ends_of(water, later, change)
    assert (ends.now, ends.since, ends.is_longer) == (later, later.previous(), False)
    month = from_key(f"{later.end:%Y-%m}")
    longer = ends_of(water, month, replace(change, since=month.previous()))
    assert longer.is_longer
    assert (longer.now, longer.since) == (last_in(water, month), last_in(water, month.previous()))
    # Without an earlier time a change is told of one period.
    assert ends_of(water, later, replace(change, since=None)).since == later

"""Totals that tell too much, for readers from beside and above; and what of units decides whether they hide each other."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from figures import small
from figures.counted import Counted, Older
from figures.kept_back import UnitPart, older_periods, still_hidden, suffice
from figures.small import numbers_of
from plans.period import from_key
from plans.rollup import Figure
from storage.session import Session
from storage.tables import Level, Place, PlaceEdge, PlaceSuccession, RoleName
from tests.figures.test_small import water
from tests.handlers.chatting import Town, add, load_forms, places_of, text_of, town_on

ONCE, LAST_DAY = date(2000, 1, 1), date(2025, 6, 30)
"""The days of units that ended with the reform."""


def part(number: int | None, known: int, *, fresh: int | None = -1) -> UnitPart:
    """A unit whose places reported `number` in all, `fresh` of it for the period: all of it, if not said."""
    new = number if fresh == -1 else fresh
    total, told = (None if one is None else Decimal(one) for one in (number, new))
    return UnitPart(Figure("x", total, total), known, Figure("x", told, told))


@pytest.mark.parametrize(
    ("unit", "tells"),
    [
        (part(5, 3), True),
        (part(6, 3), False),
        (part(2, 1), True),
        (part(0, 3), False),
        (part(None, 0), False),
        (part(20, 3, fresh=5), True),
    ],
)
def test_a_total_may_tell_where_it_is_hardly_more_than_one_for_each_place(
    unit: UnitPart, tells: bool
) -> None:
    assert unit.may_tell is tells


@pytest.mark.parametrize(
    ("units", "enough"),
    [
        ([part(5, 3), part(3, 2)], True),
        ([part(5, 3), part(2, 2)], False),
        ([part(4, 3), part(2, 3), part(4, 2)], True),
        ([part(0, 3), part(0, 2)], True),
        ([part(0, 3), part(2, 2)], False),
        ([part(9, 3), part(9, 3, fresh=None)], False),
        ([], True),
    ],
)
def test_units_hide_each_other_by_what_they_have_beyond_one_for_each_place(
    units: list[UnitPart], enough: bool
) -> None:
    assert suffice(units) is enough


def test_what_is_carried_on_holds_something_and_nothing_of_it_is_new() -> None:
    assert part(4, 3, fresh=None).carries
    assert not any(unit.carries for unit in (part(0, 3, fresh=None), part(4, 3), part(None, 0)))


def test_what_was_kept_back_before_is_small_in_each_of_its_numbers() -> None:
    count, share = Figure("x", Decimal(40), Decimal(40)), Figure("x", Decimal(50), Decimal(20), Decimal(40))
    assert numbers_of(still_hidden(count)) == (1, None, None)
    assert numbers_of(still_hidden(share)) == (1, 1, 2)


def test_a_sum_is_small_only_where_people_are_counted() -> None:
    assert [small.is_small_sum(Decimal(number), "hộ") for number in (0, 1, 2, 3)] == [
        False,
        True,
        True,
        False,
    ]
    assert not small.is_small_sum(Decimal(2), "công trình")


def test_a_units_total_is_covered_however_large_it_is() -> None:
    unknown, others = [Figure("x", Decimal(4), Decimal(4))], {7: Figure("x", Decimal(9), Decimal(9))}
    assert small.with_covers(unknown, others, small.leaves_units_open) == {7}
    assert small.with_covers(unknown, others) == set()


def test_older_values_stand_in_where_nothing_is_newer() -> None:
    october, november = from_key("2026-10"), from_key("2026-11")
    few = Figure("x", Decimal(1), Decimal(1))
    older = Older(few, october, 1)
    counted = {
        1: Counted(few, period=november, older=older),
        2: Counted(few, older=older),
        3: Counted(few),
        4: Counted(few, older=older),
    }
    assert older_periods(counted) == {october: {2, 4}}


@pytest.fixture
def kind() -> str:
    return "sqlite"


@pytest.fixture
async def town(database: AsyncEngine, tmp_path: Path) -> AsyncIterator[Town]:
    """Beside Vĩnh Thông there are another commune, one of a district, and three that are no more: one is Vĩnh Thông
    today, one is that and another, and Bản Pàu alone is left of the third beside another."""
    async with town_on(database, tmp_path) as made:
        await load_forms(made)

        async def beside(session: Session) -> None:
            above = made.places["Thái Nguyên"]
            await add(session, "Phủ Thông", Level.COMMUNE, "xã", above)
            district = await add(session, "Bạch Thông", Level.DISTRICT, "huyện", above)
            here, other = (
                made.places["Vĩnh Thông"],
                await add(session, "Cẩm Giàng", Level.COMMUNE, "xã", district),
            )
            await former(session, above, "Sỹ Bình", here)
            await former(session, above, "Cao Sơn", here, other)
            rest = await former(session, above, "Vi Hương", other)
            lay = PlaceEdge(
                child_id=made.places["Bản Pàu"], parent_id=rest, first_day=ONCE, last_day=LAST_DAY
            )
            session.add(lay)

        await made.storage.write(beside)
        made.places = await places_of(made.storage)
        yield made


async def former(session: Session, above: int, name: str, *into: int) -> int:
    """A commune that is no more, and went into others."""
    number = await add(session, name, Level.COMMUNE, "xã", above)
    (await session.get_one(Place, number)).last_day = LAST_DAY
    day = LAST_DAY + timedelta(days=1)
    session.add_all([PlaceSuccession(from_id=number, to_id=one, day=day) for one in into])
    return number


async def test_a_total_that_tells_is_kept_from_whoever_looks_from_beside_or_above(town: Town) -> None:
    """1, 1 and 2 households are short of water: in all 4 of three villages, so at most 2 in each."""
    near = await town.enrolled("xa", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    beside = await town.enrolled("ben", "Phủ Thông", RoleName.COMMUNE_OFFICER, "Lường Thị Hoa")
    above = await town.enrolled("tinh", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Hà Thị Mai")
    far = await town.enrolled("xa-hon", "Nghệ An", RoleName.PROVINCE_OFFICER, "Lô Văn Minh")
    both = await town.enrolled("ca", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Vũ Thị Hoa")
    await both.says("/ma " + await town.invite("Vĩnh Thông", RoleName.COMMUNE_OFFICER))
    await both.presses("Vũ Thị Hoa")
    await both.presses("Đồng ý")
    for village, short in (("Nà Hin", 1), ("Nà Lốc", 1), ("Bản Pàu", 2)):
        await water(town, village, nuoc_ho_thieu=short)
    one, ranked = "thiếu nước xã Vĩnh Thông", "xếp hạng thiếu nước các xã"
    asked = [
        *((reader, question, True) for reader in (near, both) for question in (one, ranked)),
        *((reader, question, False) for reader in (beside, above) for question in (one, ranked)),
        (above, "thiếu nước toàn tỉnh", False),
        (both, "thiếu nước toàn tỉnh", True),
        (far, "thiếu nước tỉnh Thái Nguyên", False),
        (near, "thiếu nước xã Sỹ Bình cũ", True),
        *((above, f"thiếu nước xã {name} cũ", False) for name in ("Sỹ Bình", "Cao Sơn")),
        (above, "so sánh thiếu nước xã Sỹ Bình cũ và xã Cao Sơn cũ", False),
        (above, "thiếu nước xã Sỹ Bình cũ 2 tháng gần đây", False),
    ]
    for reader, question, told in asked:
        said = text_of(await reader.says(question))
        assert ("4 hộ" in said) is told, (reader.address, question, said)
        assert told or "hông hiện" in said, (reader.address, question, said)
    # Of this one nothing is known but Bản Pàu's number.
    said = text_of(await above.says("thiếu nước xã Vi Hương cũ"))
    assert "2 hộ" not in said, said
    assert "hông hiện" in said, said

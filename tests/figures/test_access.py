"""Who may see which place; and that a forbidden place answers exactly like one that does not exist."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import update
from sqlmodel import col

from figures import access
from figures.view import View
from storage.session import Session
from storage.tables import Level, Place, PlaceEdge, PlaceSuccession, Role, RoleName
from tests.handlers.chatting import Town, text_of

MISSING = 987654
START = date(2025, 7, 1)
ROLES = {
    "xa": ("Vĩnh Thông", RoleName.COMMUNE_OFFICER),
    "tinh": ("Thái Nguyên", RoleName.PROVINCE_OFFICER),
    "nghean": ("Nghệ An", RoleName.PROVINCE_OFFICER),
    "trunguong": ("Việt Nam", RoleName.CENTRAL_OFFICER),
}


@pytest.mark.parametrize(
    ("who", "place", "seen"),
    [
        ("xa", "Nà Hin", True),
        ("xa", "Vĩnh Thông", True),
        ("xa", "Thái Nguyên", False),
        ("xa", "Xiềng Tắm", False),
        ("xa", "Mỹ Lý", False),
        ("tinh", "Nà Hin", True),
        ("tinh", "Việt Nam", False),
        ("nghean", "Nà Hin", False),
        ("nghean", "Vĩnh Thông", False),
        ("nghean", "Xiềng Tắm", True),
        ("trunguong", "Xiềng Tắm", True),
        ("trunguong", "Nà Hin", True),
    ],
)
async def test_one_sees_the_ground_of_ones_roles(town: Town, who: str, place: str, seen: bool) -> None:
    where, role = ROLES[who]
    phone = await town.enrolled("p", where, role, "Nông Văn Tài")
    answers = []
    for screen in ("p", "v", "m", "s", "n", "r"):
        last = "nuoc-sach" if screen in "ms" else "*" if screen == "n" else "0"
        known = text_of(await phone.presses_data(f"f:{screen}:{town.places[place]}:0:{last}"))
        missing = text_of(await phone.presses_data(f"f:{screen}:{MISSING}:0:{last}"))
        assert "Không có nơi này" in missing
        answers.append(known == missing)
    assert answers[0] is not seen, "the look"
    if not seen:
        assert all(answers), "forbidden and missing answer alike"


async def test_a_village_head_sees_no_officers_screen(town: Town) -> None:
    phone = await town.head("p")
    for place in ("Nà Hin", "Vĩnh Thông", "Xiềng Tắm"):
        assert "Không có nơi này" in text_of(await phone.presses_data(f"f:p:{town.places[place]}:0:0"))
    assert "dành cho cán bộ" in text_of(await phone.says("/cacthon"))


@pytest.mark.parametrize("who", ["tinh", "trunguong"])
async def test_only_the_commune_reminds_and_reports_for_a_village(town: Town, who: str) -> None:
    where, role = ROLES[who]
    phone = await town.enrolled("p", where, role, "Nông Văn Tài")
    for screen, last in ("n", "*"), ("r", "0"):
        said = text_of(await phone.presses_data(f"f:{screen}:{town.places['Nà Hin']}:0:{last}"))
        assert "Không có nơi này" in said


@pytest.fixture
async def view(town: Town) -> AsyncIterator[View]:
    """The view of somebody without a role; the tests give it some."""
    async with town.storage.reading() as session:
        yield View(session, town.dispatch.library, (), town.now)


def role_at(town: Town, place: str, name: RoleName) -> Role:
    return Role(person_id=1, place_id=town.places[place], role=name)


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_whoever_holds_several_roles_reports_for_each_of_their_places(town: Town, view: View) -> None:
    head = RoleName.VILLAGE_HEAD
    both = replace(view, roles=(role_at(town, "Nà Hin", head), role_at(town, "Nà Lốc", head)))
    reported = {name: await access.may_report_for(both, id) is not None for name, id in town.places.items()}
    assert {name for name, may in reported.items() if may} == {"Nà Hin", "Nà Lốc"}
    assert await access.may_report_for(both, MISSING) is None


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_communes_officer_reports_for_villages_and_for_no_other_commune(
    town: Town, view: View
) -> None:
    """Also where that other commune lies on the officer's ground, since theirs went into it."""
    officer = replace(view, roles=(role_at(town, "Mỹ Lý", RoleName.COMMUNE_OFFICER),))
    await view.session.exec(update(Place).where(col(Place.id) == town.places["Mỹ Lý"]).values(last_day=START))
    view.session.add(
        PlaceSuccession(from_id=town.places["Mỹ Lý"], to_id=town.places["Vĩnh Thông"], day=START)
    )
    await view.session.flush()
    assert await access.within(officer, town.places["Vĩnh Thông"], officer.roles)
    reported = {
        name: await access.may_report_for(officer, id) is not None for name, id in town.places.items()
    }
    assert {name for name, may in reported.items() if may} >= {"Mỹ Lý", "Nà Hin", "Nà Lốc", "Bản Pàu"}
    assert not reported["Vĩnh Thông"]
    assert not reported["Thái Nguyên"]


async def test_an_ended_role_sees_nothing(town: Town) -> None:
    phone = await town.enrolled("p", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")

    async def end(session: Session) -> None:
        await session.exec(update(Role).values(until=town.now))

    await town.storage.write(end)
    said = text_of(await phone.presses_data(f"f:p:{town.places['Vĩnh Thông']}:0:0"))
    assert "Vĩnh Thông" not in said
    assert "không phụ trách nơi nào" in text_of(await phone.says("/toi"))


async def test_the_officer_of_a_dissolved_district_keeps_its_ground(town: Town) -> None:
    async def dissolve(session: Session) -> None:
        day = date(2025, 6, 30)
        old = Place(level=Level.DISTRICT, kind="huyện", name="Bạch Thông", last_day=day, search="bach thong")
        former = Place(level=Level.COMMUNE, kind="xã", name="Vũ Muộn", last_day=day, search="vu muon")
        session.add_all([old, former])
        await session.flush()
        session.add(PlaceEdge(child_id=former.id, parent_id=old.id, last_day=day))
        session.add(PlaceSuccession(from_id=former.id, to_id=town.places["Vĩnh Thông"], day=date(2025, 7, 1)))
        town.places["Bạch Thông"] = old.id

    await town.storage.write(dissolve)
    phone = await town.enrolled("p", "Bạch Thông", RoleName.DISTRICT_OFFICER, "Nông Văn Tài")
    said = text_of(await phone.says("/cacthon"))
    assert "đơn vị cũ, đến 30/06/2025" in said
    assert "0/3" in said
    assert "Nà Hin" in text_of(await phone.presses_data(f"f:v:{town.places['Nà Hin']}:0:0"))
    assert "Không có nơi này" in text_of(await phone.presses_data(f"f:v:{town.places['Xiềng Tắm']}:0:0"))


async def test_the_officer_of_a_dissolved_commune_reports_for_the_villages_that_it_went_into(
    town: Town,
) -> None:
    async def dissolve(session: Session) -> None:
        day = date(2025, 6, 30)
        former = Place(level=Level.COMMUNE, kind="xã", name="Vũ Muộn", last_day=day, search="vu muon")
        session.add(former)
        await session.flush()
        session.add(PlaceSuccession(from_id=former.id, to_id=town.places["Vĩnh Thông"], day=date(2025, 7, 1)))
        town.places["Vũ Muộn"] = former.id

    await town.storage.write(dissolve)
    phone = await town.enrolled("p", "Vũ Muộn", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    said = text_of(await phone.presses_data(f"f:r:{town.places['Nà Hin']}:0:0"))
    assert "Không có nơi này" not in said
    assert "Nà Hin" in said
    assert "Không có nơi này" in text_of(await phone.presses_data(f"f:r:{town.places['Xiềng Tắm']}:0:0"))

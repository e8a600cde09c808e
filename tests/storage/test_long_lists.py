"""A long list costs as much a row as a short one: what is the same for all rows is done once.

The work is counted, not timed: in calls of our own functions and in statements.
"""

from typing import Final

import pytest
from sqlalchemy import event

from storage import roster, villages
from storage.place_rules import Ruling
from storage.session import Session
from storage.tables import Level, Place
from tests.counting import Cost, counted
from tests.storage.test_lists import HEADS, NOW, TODAY, csv

ROOMS: Final = ("storage", "questionnaires")
FEW, MANY = 100, 200


@pytest.fixture
def kind() -> str:
    return "sqlite"


@pytest.fixture
async def communes(session: Session) -> list[Place]:
    """As many communes as the longest list has rows."""
    province = await session.places.add(Level.PROVINCE, "tỉnh", "Thái Nguyên", None, code="19")
    return [
        await session.places.add(Level.COMMUNE, "xã", f"Số {number}", province.id, code=f"{number:05}")
        for number in range(MANY)
    ]


async def people_listed(session: Session, communes: list[Place], count: int) -> Cost:
    """The work of reading a list of so many officers, each of another commune."""
    rows = [
        [f"Lý A {place.name}", f"0912{number:06}", f"{place.code}", "cán bộ xã"]
        for number, place in enumerate(communes[:count])
    ]
    heads = [HEADS[0], HEADS[1], "Mã địa bàn", HEADS[3]]
    with counted(session.get_bind(), *ROOMS) as work:
        loaded = await roster.load(session, csv([heads, *rows]), "a.csv", TODAY, NOW, dry=True)
    assert (len(loaded.entries), loaded.faults) == (count, [])
    return work


async def test_twice_the_people_are_twice_the_work(session: Session, communes: list[Place]) -> None:
    await people_listed(session, communes, MANY)  # what is read once for all lists
    few = await people_listed(session, communes, FEW)
    many = await people_listed(session, communes, MANY)
    assert many.calls < 2.3 * few.calls
    assert many.statements == few.statements, "however many places are named"


async def villages_listed(session: Session, communes: list[Place], name: str) -> Cost:
    """The work of a list with one more village in each commune."""
    rows = [[place.code, f"thôn {name}"] for place in communes]
    ruling = Ruling(TODAY, "danh sách", NOW)
    with counted(session.get_bind(), *ROOMS) as work:
        loaded = await villages.load(session, csv([["Mã xã", "Tên thôn"], *rows]), "a.csv", ruling, "import")
    assert (loaded.added, loaded.faults) == (len(communes), [])
    return work


async def test_villages_of_many_communes_take_no_more_statements(
    session: Session, communes: list[Place]
) -> None:
    await villages_listed(session, communes, "Nà Hin")  # what is read once for all lists
    few = await villages_listed(session, communes[:2], "Khuổi Luông")
    many = await villages_listed(session, communes, "Pù Cà")
    assert many.statements == few.statements
    assert many.calls < MANY / 2 * few.calls
    below = await session.places.children_of([place.id for place in communes], TODAY)
    assert [[village.name for village in below[place.id]] for place in communes[1:3]] == [
        ["Khuổi Luông", "Nà Hin", "Pù Cà"],
        ["Nà Hin", "Pù Cà"],
    ]


async def test_villages_that_are_only_looked_up_are_no_objects(
    session: Session, communes: list[Place]
) -> None:
    await villages_listed(session, communes, "Nà Hin")
    await villages_listed(session, communes, "Pù Cà")
    loaded: list[str] = []

    def note(place: Place, context: object) -> None:
        loaded.append(place.level)

    rows = [
        [f"Lý A {place.name}", f"0912{number:06}", "Nà Hin", place.name, "trưởng thôn"]
        for number, place in enumerate(communes)
    ]
    event.listen(Place, "load", note)
    try:
        head = ["Họ tên", "Điện thoại", "Thôn", "Xã", "Vai trò"]
        found = await roster.load(session, csv([head, *rows]), "a.csv", TODAY, NOW, dry=True)
    finally:
        event.remove(Place, "load", note)
    assert (len(found.entries), found.faults) == (MANY, [])
    assert Level.VILLAGE not in loaded

"""The tree of places on a day, and how a closed unit lives on."""

from datetime import date

import pytest

from questionnaires.answers.places import fold_place
from storage.place_rows import BEGINNING
from storage.session import Session
from storage.tables import Level, Place, PlaceEdge, PlaceSuccession

BEFORE = date(2025, 6, 30)
REFORM = date(2025, 7, 1)
TODAY = date(2026, 11, 20)


class Country:
    """A small country: huyện Bạch Thông with two communes, which went into one; a village in each."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.ids: dict[str, int] = {}

    async def add(
        self, key: str, level: Level, kind: str, name: str, parent: str | None = None, **more: date
    ) -> None:
        place = Place(level=level, kind=kind, name=name, search=fold_place(name), **more)
        self.session.add(place)
        await self.session.flush()
        self.ids[key] = place.id
        if parent:
            self.edge(key, parent, more.get("first_day", BEGINNING), more.get("last_day"))
            await self.session.flush()

    def edge(self, child: str, parent: str, first: date, last: date | None) -> None:
        edge = PlaceEdge(child_id=self.ids[child], parent_id=self.ids[parent], first_day=first, last_day=last)
        self.session.add(edge)

    def went(self, old: str, new: str, whole: bool = True) -> None:
        moved = PlaceSuccession(from_id=self.ids[old], to_id=self.ids[new], day=REFORM, whole=whole)
        self.session.add(moved)

    def names(self, ids: set[int]) -> set[str]:
        return {key for key, number in self.ids.items() if number in ids}

    async def ground(self, key: str, on: date) -> set[str]:
        return self.names(await self.session.places.ground(self.ids[key], on))


@pytest.fixture
async def country(session: Session) -> Country:
    made = Country(session)
    add = made.add
    await add("vn", Level.NATION, "nước", "Việt Nam")
    await add("bk", Level.PROVINCE, "tỉnh", "Bắc Kạn", "vn", last_day=BEFORE)
    await add("tn", Level.PROVINCE, "tỉnh", "Thái Nguyên", "vn", first_day=REFORM)
    await add("bt", Level.DISTRICT, "huyện", "Bạch Thông", "bk", last_day=BEFORE)
    await add("vm", Level.COMMUNE, "xã", "Vũ Muộn", "bt", last_day=BEFORE)
    await add("ss", Level.COMMUNE, "xã", "Sỹ Bình", "bt", last_day=BEFORE)
    await add("vt", Level.COMMUNE, "xã", "Vĩnh Thông", "tn", first_day=REFORM)
    await add("pt", Level.COMMUNE, "xã", "Phủ Thông", "tn", first_day=REFORM)
    await add("na", Level.VILLAGE, "thôn", "Nà Hin")
    await add("kh", Level.VILLAGE, "thôn", "Khau Cưởm", "ss", last_day=BEFORE)
    await add("pu", Level.VILLAGE, "thôn", "Pù Cà", "pt", first_day=REFORM)
    made.edge("na", "vm", BEGINNING, BEFORE)
    made.edge("na", "vt", REFORM, None)
    for old, new, whole in (("bk", "tn", True), ("vm", "vt", True), ("ss", "pt", False), ("ss", "vt", False)):
        made.went(old, new, whole)
    made.went("kh", "pu")
    await session.flush()
    return made


async def test_the_ground_of_a_day_is_the_tree_of_that_day(country: Country) -> None:
    assert await country.ground("bt", BEFORE) == {"bt", "vm", "ss", "na", "kh"}
    assert await country.ground("tn", TODAY) == {"tn", "vt", "pt", "na", "pu"}
    assert await country.ground("vt", TODAY) == {"vt", "na"}
    assert await country.ground("vt", BEFORE) == {"vt"}


async def test_a_closed_unit_lives_on_through_what_it_went_into(country: Country) -> None:
    assert await country.ground("bt", TODAY) == {"bt", "vm", "ss", "na", "kh", "vt", "pt", "pu"}
    assert await country.ground("vm", TODAY) == {"vm", "vt", "na"}
    assert "pu" in await country.ground("kh", TODAY)


async def test_within_is_the_other_direction_of_ground(country: Country) -> None:
    for on in (BEFORE, REFORM, TODAY):
        for root, number in country.ids.items():
            below = await country.ground(root, on)
            for key, place in country.ids.items():
                within = await country.session.places.is_within(place, number, on)
                assert within == (key in below), (key, root, on)


async def test_the_way_up_and_the_full_name_follow_the_day(country: Country) -> None:
    village = await country.session.places.get(country.ids["na"])
    closed = await country.session.places.get(country.ids["kh"])
    assert village
    assert closed
    name = country.session.places.full_name
    assert await name(village, TODAY) == "thôn Nà Hin, xã Vĩnh Thông, tỉnh Thái Nguyên"
    assert await name(village, BEFORE) == "thôn Nà Hin, xã Vũ Muộn, huyện Bạch Thông, tỉnh Bắc Kạn"
    assert await name(closed, TODAY) == "thôn Khau Cưởm, xã Sỹ Bình, huyện Bạch Thông, tỉnh Bắc Kạn"
    above = await country.session.places.ancestors(country.ids["na"], TODAY)
    assert [place.name for place in above] == ["Vĩnh Thông", "Thái Nguyên", "Việt Nam"]


async def test_a_village_added_below_a_commune_known_to_close_goes_on_in_its_successor(
    country: Country,
) -> None:
    """Otherwise it stands in no standing unit, while the ledger counts it in the successor: "đủ 1/1" of two."""
    session, ids = country.session, country.ids
    earlier = date(2023, 1, 1)
    added = [
        (await session.places.add(Level.VILLAGE, "thôn", name, ids[commune], first_day=earlier)).id
        for name, commune in (("Tốc Lù", "vm"), ("Đon Bây", "ss"))
    ]
    assert await session.places.ids_below(ids["vt"], Level.VILLAGE, TODAY) == {ids["na"], added[0]}
    assert await session.places.ids_below(ids["vm"], Level.VILLAGE, BEFORE) == {ids["na"], added[0]}
    assert [place.id for place in await session.places.ancestors(added[0], TODAY)][:2] == [
        ids["vt"],
        ids["tn"],
    ]
    ground = await session.places.ground(ids["tn"], TODAY)
    # Of one that was divided nobody knows which part it went into.
    assert added[1] not in ground
    assert ids["vm"] in await session.places.closed_within(ground, TODAY)


async def test_children_and_villages_of_a_day(country: Country) -> None:
    session, ids = country.session, country.ids
    assert [p.name for p in await session.places.children(ids["tn"], TODAY)] == ["Phủ Thông", "Vĩnh Thông"]
    assert [p.name for p in await session.places.children(ids["vm"], BEFORE)] == ["Nà Hin"]
    assert [p.name for p in await session.places.villages_of(ids["tn"], TODAY)] == ["Nà Hin", "Pù Cà"]
    assert [p.name for p in await session.places.villages_of(ids["bt"], BEFORE)] == ["Khau Cưởm", "Nà Hin"]


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        ("Vĩnh Thông", ["vt"]),
        ("xã vinh thong", ["vt"]),
        ("phường Vĩnh Thông", []),
        ("na hin, vinh thong", ["na"]),
        ("thôn Nà Hin, tỉnh Thái Nguyên", ["na"]),
        ("Nà Hin, huyện Vĩnh Thông", []),
        ("na hin, phu thong", []),
        ("Thái Nguyên", ["tn"]),
        ("", []),
        (" , ", []),
        ("không có nơi này", []),
    ],
)
async def test_a_place_is_found_by_how_people_write_it(country: Country, words: str, keys: list[str]) -> None:
    found = await country.session.places.find(words, TODAY)
    assert [place.id for place in found] == [country.ids[key] for key in keys]


async def test_names_that_differ_only_in_marks_are_told_apart_when_written_in_full(country: Country) -> None:
    await country.add("x1", Level.COMMUNE, "xã", "Nậm Cắn", "tn")
    await country.add("x2", Level.COMMUNE, "xã", "Nậm Càn", "tn")
    assert len(await country.session.places.find("nam can", TODAY)) == 2
    exact = await country.session.places.find("Nậm Càn", TODAY)
    assert [place.id for place in exact] == [country.ids["x2"]]


async def test_a_common_name_is_found_in_its_commune_however_many_there_are(country: Country) -> None:
    for number in range(30):
        await country.add(f"v{number}", Level.VILLAGE, "thôn", "Thôn 1", "pt")
    await country.add("mine", Level.VILLAGE, "thôn", "Thôn 1", "vt")
    found = await country.session.places.find("thôn 1, Vĩnh Thông", TODAY)
    assert [place.id for place in found] == [country.ids["mine"]]
    inside = await country.session.places.find("Thôn 1", TODAY, within=country.ids["vt"])
    assert [place.id for place in inside] == [country.ids["mine"]]


async def test_places_that_stand_come_before_closed_ones(country: Country) -> None:
    await country.add("new", Level.COMMUNE, "xã", "Bạch Thông", "tn", first_day=REFORM)
    found = await country.session.places.find("bạch thông", TODAY)
    assert [place.id for place in found] == [country.ids["new"], country.ids["bt"]]


async def test_adding_a_place_puts_it_below_its_parent(country: Country) -> None:
    added = await country.session.places.add(Level.VILLAGE, "thôn", "Khuổi Luông", country.ids["vt"])
    assert added.id in await country.session.places.ground(country.ids["tn"], TODAY)
    assert added.search == fold_place("khuoi luong")


async def test_what_was_worked_out_is_asked_again_once_a_place_is_added(country: Country) -> None:
    async def there() -> set[int]:
        return await country.session.places.ground(country.ids["tn"], TODAY)

    before = await country.session.recall("there", there)
    added = await country.session.places.add(Level.VILLAGE, "thôn", "Khuổi Luông", country.ids["vt"])
    assert await country.session.recall("there", there) == {*before, added.id}


async def test_places_come_in_the_order_in_which_people_count(country: Country) -> None:
    for name in ("Số 10", "Số 2", "Đèo", "Dày"):
        await country.add(name, Level.VILLAGE, "thôn", name, "vt")
    country.session.places.changed()
    below = await country.session.places.children(country.ids["vt"], TODAY)
    assert [place.name for place in below] == ["Dày", "Đèo", "Nà Hin", "Số 2", "Số 10"]
    assert [place.name for place in await country.session.places.villages_of(country.ids["vt"], TODAY)] == [
        place.name for place in below
    ]

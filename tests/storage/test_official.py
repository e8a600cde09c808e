"""The committed list of places says what is known of the reform of 1 July 2025, and loads whole."""

from collections import Counter
from datetime import date

import pytest
from sqlmodel import col, func, select

from storage.database import migrate
from storage.official import load
from storage.official.rows import rows_of
from storage.session import Session
from storage.tables import Level, Place, PlaceEdge, PlaceSuccession
from tests.postgresql import Ground


@pytest.fixture(scope="module")
def ground() -> Ground:
    """A database that no other test has used: PostgreSQL plans the list's thousands of rows by what it saw last, and
    after tests with a handful of places took a minute instead of three seconds."""
    return Ground("official_list", migrate)


UNITS = {int(row["number"]): row for row in rows_of("units.csv.gz")}
SUCCESSIONS = list(rows_of("successions.csv.gz"))

BEFORE = date(2025, 6, 30)
AFTER = date(2025, 7, 1)


def standing(level: str, old: bool) -> list[dict[str, str]]:
    """The units of a level on 30 June 2025 (`old`) or on 1 July 2025."""
    closed = "first_day" if old else "last_day"
    return [unit for unit in UNITS.values() if unit["level"] == level and not unit[closed]]


def old_commune(name: str, district: str) -> int:
    """The number of a former commune, by its name and its district's."""
    found = [
        number
        for number, unit in UNITS.items()
        if (unit["level"], unit["name"]) == ("xa", name)
        and unit["before"]
        and UNITS[int(unit["before"])]["name"] == district
    ]
    assert len(found) == 1
    return found[0]


def successors(number: int) -> set[tuple[str, str]]:
    """(name, province) of what a unit went into."""
    return {
        (UNITS[int(row["to"])]["name"], UNITS[int(UNITS[int(row["to"])]["after"])]["name"])
        for row in SUCCESSIONS
        if int(row["from"]) == number
    }


@pytest.mark.parametrize(
    ("level", "old", "count"),
    [
        ("tinh", True, 63),
        ("huyen", True, 696),
        ("xa", True, 10_035),
        ("tinh", False, 34),
        ("xa", False, 3_321),
    ],
)
def test_the_number_of_units_before_and_after(level: str, old: bool, count: int) -> None:
    assert len(standing(level, old)) == count


def test_no_district_outlives_the_reform() -> None:
    assert standing("huyen", old=False) == []


def test_the_types_of_the_new_communes() -> None:
    kinds = Counter(unit["kind"] for unit in standing("xa", old=False))
    assert kinds == {"xã": 2621, "phường": 687, "đặc khu": 13}


def test_every_unit_has_a_parent_in_each_era_in_which_it_stands() -> None:
    for unit in UNITS.values():
        if unit["level"] == "nuoc":
            continue
        assert bool(unit["before"]) == (not unit["first_day"])
        assert bool(unit["after"]) == (not unit["last_day"])


def test_every_closed_commune_has_a_successor_and_every_new_one_an_origin() -> None:
    origins = {int(row["from"]) for row in SUCCESSIONS}
    targets = {int(row["to"]) for row in SUCCESSIONS}
    closed = {number for number, unit in UNITS.items() if unit["level"] == "xa" and unit["last_day"]}
    opened = {number for number, unit in UNITS.items() if unit["level"] == "xa" and unit["first_day"]}
    assert closed <= origins
    assert opened <= targets


def test_whole_means_one_successor() -> None:
    counts = Counter(row["from"] for row in SUCCESSIONS)
    assert all((counts[row["from"]] == 1) == (row["whole"] == "1") for row in SUCCESSIONS)


def test_441_communes_were_split_and_three_more_only_if_a_doubtful_row_is_true() -> None:
    split = {unit for unit, count in Counter(row["from"] for row in SUCCESSIONS).items() if count > 1}
    doubtful = {
        (UNITS[int(row["from"])]["code"], UNITS[int(row["to"])]["code"])
        for row in SUCCESSIONS
        if row["doubtful"] == "1"
    }
    source_alone = {("00556", "00562"), ("23053", "23041"), ("28036", "28087")}
    assert len(doubtful) == 7
    assert source_alone < doubtful
    assert len(split) - len(source_alone) == 441


def test_the_fourteen_communes_of_bach_thong_became_five() -> None:
    old = [n for n, u in UNITS.items() if u["before"] and UNITS[int(u["before"])]["name"] == "Bạch Thông"]
    new = set().union(*(successors(number) for number in old))
    assert len(old) == 14
    assert new == {
        (name, "Thái Nguyên")
        for name in ("Phong Quang", "Phủ Thông", "Vĩnh Thông", "Cẩm Giàng", "Bạch Thông")
    }
    assert successors(old_commune("Vũ Muộn", "Bạch Thông")) == {("Vĩnh Thông", "Thái Nguyên")}


@pytest.mark.parametrize("name", ["Mỹ Lý", "Hữu Khuông"])
def test_an_untouched_commune_keeps_its_identity(name: str) -> None:
    units = [unit for unit in standing("xa", old=True) if unit["name"] == name and not unit["last_day"]]
    assert [UNITS[int(unit["after"])]["name"] for unit in units] == ["Nghệ An"]


@pytest.mark.parametrize(
    ("name", "district", "into"),
    [("Bảo Nam", "Kỳ Sơn", "Hữu Kiệm"), ("Hạnh Dịch", "Quế Phong", "Tiền Phong")],
)
def test_known_successors_in_nghe_an(name: str, district: str, into: str) -> None:
    assert successors(old_commune(name, district)) == {(into, "Nghệ An")}


@pytest.mark.parametrize(
    ("district", "count"),
    [("Sơn Động", 8), ("Lục Ngạn", 8), ("Lục Nam", 8), ("Yên Thế", 5), ("Lạng Giang", 5)],
)
def test_the_districts_of_bac_giang(district: str, count: int) -> None:
    old = [n for n, u in UNITS.items() if u["before"] and UNITS[int(u["before"])]["name"] == district]
    places = set().union(*(successors(number) for number in old if UNITS[number]["level"] == "xa"))
    kept = {(UNITS[number]["name"], "Bắc Ninh") for number in old if not UNITS[number]["last_day"]}
    assert len(places | kept) == count
    assert {province for _, province in places} == {"Bắc Ninh"}


def test_the_wrong_row_of_the_source_is_corrected() -> None:
    hong_phong = old_commune("Hồng Phong", "Bình Gia")
    assert UNITS[hong_phong]["code"] == "06079"
    assert successors(hong_phong) == {("Hồng Phong", "Lạng Sơn")}
    assert successors(old_commune("Hồng Phong", "Cao Lộc")) == {("Đồng Đăng", "Lạng Sơn")}


def test_a_code_is_no_identity() -> None:
    named = [(unit["name"], bool(unit["first_day"])) for unit in UNITS.values() if unit["code"] == "16849"]
    assert sorted(named) == [("Hữu Kiệm", True), ("Hữu Lập", False)]
    provinces = {unit["name"] for unit in UNITS.values() if (unit["level"], unit["code"]) == ("tinh", "24")}
    assert provinces == {"Bắc Giang", "Bắc Ninh"}


def test_no_name_of_a_commune_repeats_within_a_province_today() -> None:
    names = Counter((unit["kind"], unit["name"], unit["after"]) for unit in standing("xa", old=False))
    assert max(names.values()) == 1


async def parent_on(session: Session, place: Place, day: date) -> str | None:
    chosen = (
        select(Place.name)
        .join(PlaceEdge, col(PlaceEdge.parent_id) == col(Place.id))
        .where(PlaceEdge.child_id == place.id, PlaceEdge.first_day <= day)
        .where(col(PlaceEdge.last_day).is_(None) | (col(PlaceEdge.last_day) >= day))
    )
    names = (await session.exec(chosen)).all()
    assert len(names) <= 1
    return names[0] if names else None


async def test_it_is_loaded_whole_beside_what_is_there(session: Session) -> None:
    session.add(Place(level=Level.VILLAGE, kind="thôn", name="Có trước"))
    await session.flush()
    loaded = await load.load_official(session)
    assert loaded.places == len(UNITS)
    assert loaded.successions == len(SUCCESSIONS)
    assert await load.load_official(session) == load.Loaded()  # harmless when repeated
    for table, rows in (
        (Place, loaded.places + 1),
        (PlaceEdge, loaded.edges),
        (PlaceSuccession, loaded.successions),
    ):
        assert (await session.exec(select(func.count()).select_from(table))).one() == rows
    await stands_and_belongs(session)
    await finds_homonyms(session)


async def stands_and_belongs(session: Session) -> None:
    """Places stand and belong as their days say, and the next place gets a number after theirs."""
    my_ly = (await session.exec(select(Place).where(Place.name == "Mỹ Lý"))).one()
    assert (await parent_on(session, my_ly, BEFORE), await parent_on(session, my_ly, AFTER)) == (
        "Kỳ Sơn",
        "Nghệ An",
    )
    bach_thong = (
        await session.exec(select(Place).where(Place.name == "Bạch Thông").order_by(col(Place.id)))
    ).all()
    assert [(place.level, place.last_day) for place in bach_thong] == [("huyen", BEFORE), ("xa", None)]
    assert await parent_on(session, bach_thong[0], BEFORE) == "Bắc Kạn"
    assert await parent_on(session, bach_thong[0], AFTER) is None
    assert await parent_on(session, bach_thong[1], AFTER) == "Thái Nguyên"
    later = Place(level=Level.VILLAGE, kind="thôn", name="Có sau")
    session.add(later)
    await session.flush()
    assert later.id > bach_thong[1].id


async def finds_homonyms(session: Session) -> None:
    """A folded name finds every place that is written so without marks."""
    folded = (await session.exec(select(Place.search).where(Place.name == "Nậm Cắn"))).first()
    found = (await session.exec(select(Place.name).where(Place.search == folded, Place.level == "xa"))).all()
    assert {"Nậm Cắn", "Nậm Càn"} <= set(found)

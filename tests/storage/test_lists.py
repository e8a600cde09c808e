"""Lists of people and villages: every fault is named with its place, and nothing is loaded unless all is well."""

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime

import pytest
from openpyxl import Workbook, load_workbook
from sqlmodel import func, select

from bot.administration import fault_sentences
from bot.teller import Teller
from handlers.wording import LANGUAGES
from storage import cells, list_files, people_headings, place_events, roster, sheets, villages
from storage.list_places import COMMUNE_TITLE
from storage.place_rules import EventRefused, Ruling
from storage.session import Session
from storage.sheets import ListFault
from storage.tables import Level, Place, PlaceEdge, PlaceSuccession, RoleName, RosterEntry

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
TODAY = date(2026, 11, 20)
REFORM = date(2025, 7, 1)
HEADS = ["Họ tên", "Điện thoại", "Địa bàn", "Vai trò"]
VILLAGE_HEADS = ["Xã", "Tỉnh", "Loại", "Tên thôn"]


def xlsx(rows: Sequence[Sequence[object]], **more: Sequence[Sequence[object]]) -> bytes:
    """A workbook with a sheet "Danh sách" and perhaps others."""
    book = Workbook()
    first = book.active
    assert first is not None
    first.title = "Danh sách"
    for row in rows:
        first.append(row)
    for name, other in more.items():
        sheet = book.create_sheet(name)
        for row in other:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def csv(rows: Sequence[Sequence[object]], separator: str = ",") -> bytes:
    return "\r\n".join(separator.join(str(cell) for cell in row) for row in rows).encode("utf-8-sig")


def said_in_words(faults: Sequence[ListFault]) -> None:
    """Each fault must carry all that its sentences hold."""
    for language in LANGUAGES:
        assert all(fault_sentences(faults, Teller(language)))


def told(faults: Sequence[ListFault]) -> list[tuple[str, int, str, str]]:
    return [(fault.sheet, fault.row, fault.column, fault.code) for fault in faults]


@pytest.fixture
async def commune(session: Session) -> Place:
    add = session.places.add
    province = await add(Level.PROVINCE, "tỉnh", "Thái Nguyên", None, code="19")
    found = await add(Level.COMMUNE, "xã", "Vĩnh Thông", province.id, code="01900", first_day=REFORM)
    await add(Level.COMMUNE, "xã", "Nậm Cắn", province.id)
    await add(Level.COMMUNE, "xã", "Nậm Càn", province.id)
    await add(Level.VILLAGE, "thôn", "Nà Hin", found.id, first_day=REFORM)
    return found


async def load_people(session: Session, data: bytes, name: str = "a.xlsx") -> roster.Roster:
    loaded = await roster.load(session, data, name, TODAY, NOW)
    said_in_words([*loaded.faults, *loaded.warnings])
    return loaded


async def expected(session: Session) -> list[tuple[str, str, str]]:
    return [(e.phone, e.name, e.role) for e in await session.exec(select(RosterEntry))]


GOOD = [
    HEADS,
    ["Lý A Sử", "0912 345 678", "Nà Hin, Vĩnh Thông", "Trưởng thôn"],
    [None, None, None, None],
    ["Hoàng Thị Mai", 987654321, "xã Vĩnh Thông", "cán bộ xã"],
]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (xlsx(GOOD), "a.xlsx"),
        (xlsx([[], *GOOD], Trống=[]), "A.XLSX"),
        (csv([[str(c or "").replace(",", " ,") for c in row] for row in GOOD], ";"), "a.csv"),
        ("\t".join(HEADS).encode("utf-16") + "".join(
            "\r\n" + "\t".join(str(cell or "") for cell in row) for row in GOOD[1:]
        ).encode("utf-16-le"), "a.csv"),
    ],
)  # fmt: skip
async def test_a_good_list_is_loaded(session: Session, commune: Place, data: bytes, name: str) -> None:
    loaded = await load_people(session, data, name)
    assert loaded.faults == []
    assert await expected(session) == [
        ("84912345678", "Lý A Sử", RoleName.VILLAGE_HEAD),
        ("84987654321", "Hoàng Thị Mai", RoleName.COMMUNE_OFFICER),
    ]
    again = await load_people(session, data, name)
    assert (len(again.entries), again.known, again.faults) == (0, 2, [])


async def test_every_fault_is_named_and_nothing_is_loaded(session: Session, commune: Place) -> None:
    rows = [
        HEADS,
        ["Lý A Sử", "0912345678", "Nà Hin, Vĩnh Thông", "Trưởng thôn"],
        ["", "12345", "Nà Hin", "Trưởng thôn"],
        ["Ai đó", "0912345679", "Nơi không có", "vua"],
        ["Ai đó", "=A1", "nam can", "cán bộ xã"],
        ["Ai đó", "0912345670", "Vĩnh Thông", "Trưởng thôn"],
        ["Lý A Sử", "+84 912-345-678", "Nà Hin", "trưởng bản"],
        ["Ai\u202eđó", "0912345671", None, "quan-tri"],
        ["x" * 600, "0912345672", "Nà Hin", "Trưởng thôn"],
        [2026, -912345673, "Nà Hin, Vĩnh Thông", "Trưởng thôn"],
    ]
    loaded = await load_people(session, xlsx(rows))
    assert told(loaded.faults) == [
        ("Danh sách", 3, "A", "empty"),
        ("Danh sách", 3, "B", "phone"),
        ("Danh sách", 4, "D", "role"),
        ("Danh sách", 4, "C", "place_unknown"),
        ("Danh sách", 5, "B", "formula"),
        ("Danh sách", 5, "C", "place_many"),
        ("Danh sách", 6, "D", "role_level"),
        ("Danh sách", 7, "B", "twice"),
        ("Danh sách", 8, "A", "letters"),
        ("Danh sách", 8, "C", "empty"),
        ("Danh sách", 9, "A", "too_long"),
        ("Danh sách", 10, "A", "no_letters"),
        ("Danh sách", 10, "B", "phone"),
    ]
    assert loaded.entries == []
    assert await expected(session) == []


async def test_a_sheet_with_other_headings_says_which_are_expected(session: Session) -> None:
    loaded = await load_people(session, xlsx(GOOD[:1], Ghi_chú=[["Tên", "Tuổi"], ["Lý A Sử", 50]]))
    assert told(loaded.faults) == [("Ghi_chú", 1, "", "headings")]
    assert loaded.faults[0].data["expected"] == (
        "Họ tên; Điện thoại; Vai trò; Địa bàn | Họ tên; Điện thoại; Vai trò; Mã"
        " | Họ tên; Điện thoại; Vai trò; Thôn; Xã | Họ tên; Điện thoại; Vai trò; Xã"
    )
    assert loaded.faults[0].data["found"] == "Tên; Tuổi"
    # A list without headings begins with somebody's name.
    loaded = await load_people(
        session, xlsx(GOOD[:1], Ghi_chú=[["Lý A Sử", "Bản Nà"], ["Vi Thị Mai", "Nà Hin"]])
    )
    assert "Sử" not in str(loaded.faults[0].data["found"])


async def test_a_heading_that_stands_twice_is_a_fault(session: Session, commune: Place) -> None:
    loaded = await load_people(session, xlsx([[*HEADS, "SĐT", "STT"], [*GOOD[1], "1", "1"]]))
    assert told(loaded.faults) == [("Danh sách", 1, "E", "heading_other")]
    assert loaded.unused == ["STT"]


def bomb() -> bytes:
    """A small file that grows large as it is unpacked."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("xl/workbook.xml", b"\0" * (cells.MOST_UNPACKED + 1))
    return packed.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.xlsx", "nothing"),
        (b"  \n ", "a.csv", "nothing"),
        (xlsx([]), "a.xlsx", "nothing"),
        (xlsx([HEADS]), "a.xlsx", "nothing"),
        (b"PK\x03\x04 broken", "a.xlsx", "not_xlsx"),
        (b"Ho ten,Dien thoai", "a.xlsx", "not_xlsx"),
        (xlsx(GOOD), "a.csv", "not_utf8"),
        ("Họ tên,Điện thoại".encode("cp1258", "replace"), "a.csv", "not_utf8"),
        (b'Ho ten,Dien thoai,Dia ban,Vai tro\r\n"open,1', "a.csv", "not_csv"),
        (xlsx(GOOD), "a.xls", "old_excel"),
        (xlsx(GOOD), "a.ods", "other_type"),
        (b"x" * (list_files.MOST_BYTES + 1), "a.csv", "too_big"),
        (bomb, "a.xlsx", "too_big"),
    ],
)
async def test_a_file_of_no_use_is_refused_as_a_whole(
    session: Session, kind: str, data: bytes | Callable[[], bytes], name: str, code: str
) -> None:
    if kind == "sqlite":
        loaded = await load_people(session, data() if callable(data) else data, name)
        assert told(loaded.faults) == [("", 0, "", code)]


def test_a_sheet_with_too_many_rows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 3)
    monkeypatch.setattr(list_files, "MOST_ROWS", 3)
    rows = [HEADS, *[GOOD[1]] * 5]
    table = sheets.read_table(xlsx(rows), "a.xlsx", people_headings.COLUMNS, people_headings.WANTED)
    assert told(table.faults) == [("Danh sách", 5, "", "too_many_rows")]
    table = sheets.read_table(csv(rows), "a.csv", people_headings.COLUMNS, people_headings.WANTED)
    assert told(table.faults) == [("", 4, "", "too_many_rows")]
    book = load_workbook(io.BytesIO(xlsx(rows[:2], Cũ=rows)))
    book["Cũ"].sheet_state = "hidden"
    saved = io.BytesIO()
    book.save(saved)
    assert (
        sheets.read_table(saved.getvalue(), "a.xlsx", people_headings.COLUMNS, people_headings.WANTED).faults
        == []
    )


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0912345678", "84912345678"),
        ("+84 912 345 678", "84912345678"),
        ("0084-912.345.678", "84912345678"),
        ("+84 (0)912 345 678", "84912345678"),
        ("0084 (0)912 345 678", "84912345678"),
        ("'0912345678", "84912345678"),
        ("84912345678", "84912345678"),
        ("912345678", "84912345678"),
        ("(0912) 345 678", "84912345678"),
        ("02093 870 123", "842093870123"),
        ("0842123456", "84842123456"),
        ("842123456", "84842123456"),
        ("0112345678", None),
        ("-912345678", None),
        ("09123456789", None),
        ("091234567", None),
        ("", None),
        ("không có", None),
        ("0912345678/0987654321", None),
        ("+1 202 555 0123", None),
        ("٠٩١٢٣٤٥٦٧٨", None),
    ],
)
def test_how_phone_numbers_are_written(written: str, number: str | None) -> None:
    assert roster.normalise_phone(written) == number


def test_a_number_in_its_one_form_stays_as_it_is() -> None:
    number = roster.normalise_phone("0912345678")
    assert number is not None
    assert roster.normalise_phone(number) == number


async def test_somebody_is_found_by_their_number(session: Session, commune: Place) -> None:
    await load_people(session, xlsx(GOOD))
    assert [entry.name for entry in await roster.match(session, "+84912345678")] == ["Lý A Sử"]
    assert await roster.match(session, "0900000000") == []
    assert await roster.match(session, "") == []


# --- villages -------------------------------------------------------------------------------------------


async def load_villages(session: Session, rows: Sequence[Sequence[object]]) -> villages.Villages:
    loaded = await villages.load(session, xlsx(rows), "a.xlsx", Ruling(TODAY, "NQ 1", NOW), "import")
    said_in_words([*loaded.faults, *loaded.warnings])
    return loaded


async def test_villages_are_added_below_their_commune_from_its_first_day(
    session: Session, commune: Place
) -> None:
    rows = [
        VILLAGE_HEADS,
        ["Vĩnh Thông", "Thái Nguyên", "thôn", "Nà Hin"],
        ["xã vinh thong", "tỉnh Thái Nguyên", "Bản", "Khuổi Luông"],
        ["Vĩnh Thông", "Thái Nguyên", "to dan pho", "Số 1"],
    ]
    loaded = await load_villages(session, rows)
    assert (loaded.added, loaded.known, loaded.faults) == (2, 1, [])
    below = await session.places.villages_of(commune.id, TODAY)
    assert [(p.kind, p.name) for p in below] == [
        ("bản", "Khuổi Luông"),
        ("thôn", "Nà Hin"),
        ("tổ dân phố", "Số 1"),
    ]
    edges = (await session.exec(select(PlaceEdge.first_day).where(PlaceEdge.parent_id == commune.id))).all()
    assert set(edges) == {REFORM}
    assert (await load_villages(session, rows)).added == 0


async def test_a_commune_is_named_by_its_code_as_well(session: Session, commune: Place) -> None:
    heads = ["STT", "Mã xã", "Loại", "Tên thôn"]
    loaded = await load_villages(session, [heads, [1, 1900, "thôn", "A"], [2, "01900", "thôn", "B"]])
    assert (loaded.added, loaded.faults, loaded.unused) == (2, [], ["STT"])


async def test_every_fault_of_a_village_list_is_named(session: Session, commune: Place) -> None:
    rows = [
        VILLAGE_HEADS,
        ["Vĩnh Thông", "Thái Nguyên", "thôn", "Khuổi Luông"],
        ["Vĩnh Thông", "Thái Nguyên", "thành phố", "A"],
        ["Vĩnh Thông", "Nghệ An", "thôn", "B"],
        ["nam can", "Thái Nguyên", "thôn", "C"],
        ["Vĩnh Thông", "Thái Nguyên", "thôn", None],
        [None, None, "thôn", "D"],
        ["Vĩnh Thông", "Thái Nguyên", "thôn", "khuổi luông"],
    ]
    before = (await session.exec(select(func.count()).select_from(Place))).one()
    loaded = await load_villages(session, rows)
    assert told(loaded.faults) == [
        ("Danh sách", 3, "C", "kind"),
        ("Danh sách", 4, "A", "place_unknown"),
        ("Danh sách", 5, "A", "place_many"),
        ("Danh sách", 6, "D", "empty"),
        ("Danh sách", 7, "A", "empty"),
        ("Danh sách", 8, "D", "twice"),
    ]
    assert (await session.exec(select(func.count()).select_from(Place))).one() == before


CODED = ["Mã thôn", *VILLAGE_HEADS]
IN = ["Vĩnh Thông", "Thái Nguyên"]


async def test_a_list_with_codes_says_what_is_new_renamed_moved_closed_and_unchanged(
    session: Session, commune: Place
) -> None:
    first = [
        CODED,
        ["V1", *IN, "thôn", "Nà Hin"],
        ["V2", *IN, "thôn", "Pù Cà"],
        ["V3", *IN, "bản", "Cháo"],
        ["V4", *IN, "bản", "Khuổi Luông"],
    ]
    loaded = await load_villages(session, first)
    assert (loaded.added, loaded.known, loaded.faults) == (3, 1, [])
    second = [
        CODED,
        ["V1", *IN, "thôn", "Nà Hin"],
        ["V2", *IN, "thôn", "Pù Cà Mới"],
        ["V3", "Nậm Cắn", "Thái Nguyên", "bản", "Cháo"],
        ["V5", *IN, "thôn", "Số 5"],
    ]
    expected_lines = {
        "new": ["thôn Số 5, xã Vĩnh Thông"],
        "renamed": ["thôn Pù Cà → thôn Pù Cà Mới, xã Vĩnh Thông"],
        "moved": ["bản Cháo → bản Cháo, xã Nậm Cắn"],
        "closed": ["bản Khuổi Luông, xã Vĩnh Thông"],
        "unchanged": ["thôn Nà Hin, xã Vĩnh Thông"],
    }
    ruling = Ruling(TODAY, "NQ 1", NOW)
    tried = await villages.load(session, xlsx(second), "a.xlsx", ruling, "import", dry=True)
    assert (tried.difference.lines(), tried.events) == (expected_lines, [])
    done = await load_villages(session, second)
    assert [event.kind for event in done.events] == ["move", "rename"]
    below = await session.places.villages_of(commune.id, TODAY)
    assert [place.name for place in below] == ["Khuổi Luông", "Nà Hin", "Pù Cà Mới", "Số 5"]
    again = await load_villages(session, second)
    assert (again.added, again.known, again.events) == (0, 4, [])


async def test_a_part_of_a_list_is_loaded_only_when_asked_for(session: Session, commune: Place) -> None:
    rows = [VILLAGE_HEADS, [*IN, "thôn", "A"], [*IN, "thành phố", "B"], [*IN, "thôn", "=1+1"]]
    refused = await load_villages(session, rows)
    assert (refused.added, told(refused.faults)) == (
        0,
        [("Danh sách", 3, "C", "kind"), ("Danh sách", 4, "D", "formula")],
    )
    ruling = Ruling(TODAY, "NQ 1", NOW)
    partly = await villages.load(session, xlsx(rows), "a.xlsx", ruling, "import", partial=True)
    assert (partly.added, len(partly.faults)) == (1, 2)
    assert [p.name for p in await session.places.villages_of(commune.id, TODAY)] == ["A", "Nà Hin"]


async def test_a_part_of_a_list_of_people_is_loaded_only_when_asked_for(
    session: Session, commune: Place
) -> None:
    rows = [*GOOD, ["Nông C", "chưa có", "xã Vĩnh Thông", "cán bộ xã"], [GOOD[1][0], "=1", *GOOD[1][2:]]]
    refused = await load_people(session, xlsx(rows))
    assert (refused.entries, [fault.row for fault in refused.faults]) == ([], [5, 6])
    assert await expected(session) == []
    partly = await roster.load(session, xlsx(rows), "a.xlsx", TODAY, NOW, partial=True)
    assert [name for _, name, _ in await expected(session)] == ["Lý A Sử", "Hoàng Thị Mai"]
    assert [(line.row, line.texts["name"]) for line in partly.left] == [(5, "Nông C"), (6, "Lý A Sử")]
    again = await roster.load(session, xlsx(rows), "a.xlsx", TODAY, NOW, partial=True)
    assert (again.entries, again.known, [fault.row for fault in again.faults]) == ([], 2, [5, 6])


async def test_a_village_that_is_unknown_is_named_by_its_own_column(session: Session, commune: Place) -> None:
    rows = [
        ["DANH SÁCH TRƯỞNG THÔN XÃ VĨNH THÔNG"],
        ["Họ tên", "Điện thoại", "Thôn"],
        ["Lý A Sử", "0912345678", "Nà X"],
    ]
    read = await load_people(session, xlsx(rows))
    assert [(fault.row, fault.column) for fault in read.faults] == [(3, "C")]


async def test_one_village_is_one_however_it_is_spelt(session: Session, commune: Place) -> None:
    rows = [
        VILLAGE_HEADS,
        [*IN, "thôn", "Hoà Bình"],
        [*IN, "thôn", "Hòa Bình"],
        [*IN, "TDP", "Số 5"],
        [*IN, "Tổ DP", "05"],
        [*IN, "thôn", "Thôn Nà  Hin"],
        [*IN, "thôn", "Nà Hin"],
    ]
    loaded = await load_villages(session, rows)
    assert told(loaded.faults) == [("Danh sách", row, "D", "twice") for row in (3, 5, 7)]
    right = await load_villages(
        session, [*rows[:2], rows[3], rows[5], [*IN, "thôn", "Thôn Pác Nặm"], [*IN, "KP", 1]]
    )
    assert [village.full for village in right.difference.new] == [
        "thôn Hoà Bình, xã Vĩnh Thông",
        "tổ dân phố Số 5, xã Vĩnh Thông",
        "thôn Pác Nặm, xã Vĩnh Thông",
        "khu phố 1, xã Vĩnh Thông",
    ]
    assert right.known == 1


async def test_a_name_that_says_its_kind_needs_no_column_for_it(session: Session, commune: Place) -> None:
    loaded = await load_villages(session, [["Xã", "Tên thôn"], ["Vĩnh Thông", "Bản Cháo"]])
    assert [village.full for village in loaded.difference.new] == ["bản Cháo, xã Vĩnh Thông"]
    without = await load_villages(session, [["Xã", "Tên thôn"], ["Vĩnh Thông", "Pù Cà"]])
    assert told(without.faults) == [("Danh sách", 2, "B", "no_kind")]
    empty = await load_villages(session, [VILLAGE_HEADS, [*IN, None, "Bản Cháo"]])
    assert told(empty.faults) == [("Danh sách", 2, "C", "empty")], "it may be a thôn called Bản Cháo"


async def test_the_same_name_with_another_kind_is_loaded_with_a_warning(
    session: Session, commune: Place
) -> None:
    await load_villages(session, [VILLAGE_HEADS, [*IN, "xóm", "Bản Sáo"]])
    names = [("bản", "Nà Hin"), ("xóm", "Mới"), ("bản", "Mới"), ("bản", "Sáo"), ("bản", "Khác")]
    loaded = await load_villages(session, [VILLAGE_HEADS, *([*IN, *name] for name in names)])
    assert (loaded.added, told(loaded.warnings)) == (
        5,
        [("Danh sách", row, "D", "other_kind") for row in (2, 4, 5)],
    )


async def test_a_place_that_is_misspelt_or_no_more_is_told_with_what_to_write(
    session: Session, commune: Place
) -> None:
    old = await session.places.add(Level.COMMUNE, "xã", "Vũ Muộn", None)
    session.add(PlaceSuccession(from_id=old.id, to_id=commune.id, day=REFORM))
    old.last_day = date(2025, 6, 30)
    session.places.changed()
    people = [
        HEADS,
        ["A", "0912345678", "Vĩnh Thôgn", "cán bộ xã"],
        ["B", "0912345679", "xã Vũ Muộn", "cán bộ xã"],
    ]
    loaded = await load_people(session, xlsx(people))
    assert told(loaded.faults) == [("Danh sách", 2, "C", "place_near"), ("Danh sách", 3, "C", "place_closed")]
    likely = {fault.data["likely"] for fault in loaded.faults}
    assert likely == {"xã Vĩnh Thông, tỉnh Thái Nguyên"}, "an official name is nobody's data"
    assert [fault.data["written"] for fault in loaded.faults] == ["Vĩnh Thôgn", "xã Vũ Muộn"]


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_role_or_place_is_quoted_unless_the_columns_are_shifted(
    session: Session, commune: Place
) -> None:
    rows = [
        HEADS,
        ["Lý A Sử", "0912345678", "Nà Hin, Vĩnh Thông", "Hội Nông dân"],
        ["Trưởng thôn", "0912345679", "Nà Hin, Vĩnh Thông", "Hoàng Thị Mai"],
        [1, "Lý A Sử", "0912345670", "Nà Hin, Vĩnh Thông"],
    ]
    loaded = await load_people(session, xlsx(rows))
    told = {
        (fault.row, fault.code): fault.data["written"] for fault in loaded.faults if "written" in fault.data
    }
    assert told == {
        (2, "role"): "Hội Nông dân",
        (3, "role"): "…",
        (4, "place_unknown"): "…",
        (4, "role"): "…",
    }


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_two_heads_of_one_village_are_warned_about(session: Session, commune: Place) -> None:
    rows = [
        HEADS,
        ["Lý A Sử", "0912345678", "Nà Hin, Vĩnh Thông", "Tr. thôn"],
        ["Hoàng Thị Mai", "0912345679", "Nà Hin, Vĩnh Thông", "Trưởng thôn"],
        ["Nông Văn Tài", "0912345670", "Vĩnh Thông", "cán bộ xã"],
        ["Ma Thị Nết", "0912345671", "Vĩnh Thông", "cán bộ xã"],
    ]
    loaded = await load_people(session, xlsx(rows))
    assert told(loaded.warnings) == [("Danh sách", row, "A", "heads_again") for row in (2, 3)]
    assert len(loaded.entries) == 4


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize(
    "rows",
    [
        [["Họ và tên", "SĐT", "Khu phố", "Xã"], ["Lý A Sử", "0912345678", "Nà Hin", "Vĩnh Thông"]],
        [["Xã", "Tổ dân phố", "Tổ trưởng", "Điện thoại"], ["Vĩnh Thông", "Nà Hin", "Lý A Sử", "0912345678"]],
        [
            ["STT", "Họ tên", "Thôn", "SĐT"],
            ["I", "Xã Vĩnh Thông, Thái Nguyên", None, None],
            [1, "Lý A Sử", "Nà Hin", "0912345678"],
        ],
        [
            ["DANH SÁCH TRƯỞNG THÔN XÃ NẬM CẮN"],
            ["Họ tên", "Thôn", "Xã", "SĐT"],
            ["Lý A Sử", "Nà Hin", "Vĩnh Thông", "0912345678"],
        ],
    ],
)
async def test_people_and_villages_are_read_from_the_same_columns_and_sections(
    session: Session, commune: Place, rows: list[list[object]]
) -> None:
    titled = rows if len(rows[0]) == 1 else [["DANH SÁCH TRƯỞNG THÔN"], *rows]
    loaded = await load_people(session, xlsx(titled))
    assert loaded.faults == []
    assert [(entry.name, entry.role) for entry in loaded.entries] == [("Lý A Sử", RoleName.VILLAGE_HEAD)]
    told_of = [fault.data["heading"] for fault in loaded.warnings if fault.code == "said_in_title"]
    assert "Xã" not in told_of, "the column of communes is there"


async def test_one_number_for_two_names_is_loaded_with_a_warning(session: Session, commune: Place) -> None:
    rows = [
        HEADS,
        ["A", "0912345678", "xã Vĩnh Thông", "cán bộ xã"],
        ["B", "0912345678", "Nà Hin", "trưởng thôn"],
    ]
    tried = await roster.load(session, xlsx(rows), "a.xlsx", TODAY, NOW, dry=True)
    assert (len(tried.entries), told(tried.warnings)) == (
        2,
        [("Danh sách", 2, "B", "phone_again"), ("Danh sách", 3, "B", "phone_again")],
    )
    assert await expected(session) == []


async def test_a_list_is_taken_back_until_somebody_uses_a_village(session: Session, commune: Place) -> None:
    before = (await session.exec(select(func.count()).select_from(Place))).one()
    await load_villages(session, [VILLAGE_HEADS, [*IN, "thôn", "Pù Cà"], [*IN, "bản", "Cháo"]])
    event = await place_events.last_import(session)
    assert event is not None
    await place_events.undo(session, event, NOW)
    assert (await session.exec(select(func.count()).select_from(Place))).one() == before
    assert await place_events.last_import(session) is None
    await load_villages(session, [VILLAGE_HEADS, [*IN, "thôn", "Pù Cà"]])
    await load_people(session, xlsx([HEADS, ["A", "0912345678", "Pù Cà", "trưởng thôn"]]))
    again = await place_events.last_import(session)
    assert again is not None
    with pytest.raises(EventRefused, match="in_use"):
        await place_events.undo(session, again, NOW)


async def test_a_list_says_how_many_households_a_village_has(session: Session, commune: Place) -> None:
    heads = [*VILLAGE_HEADS, "Số hộ"]
    rows = [
        heads,
        [*IN, "thôn", "Nà Hin", 120],
        [*IN, "thôn", "Khuổi Luông", "1.203"],
        [*IN, "thôn", "Pù Cà"],
        [*IN, "thôn", "THÔN NÀ LẠN II", "khoảng 40"],
        [*IN, "thôn", "3. Thôn: Nà Chom", "bốn mươi hai"],
    ]
    await load_villages(session, rows)
    listed = {
        place.name: (place.households, place.households_on)
        for place in await session.places.villages_of(commune.id, TODAY)
    }
    assert listed == {
        "Nà Hin": (120, TODAY),
        "Khuổi Luông": (1203, TODAY),
        "Pù Cà": (None, None),
        "Nà Lạn II": (40, TODAY),
        "Nà Chom": (42, TODAY),
    }
    later = await load_villages(session, [heads, [*IN, "thôn", "Nà Hin", "118"]])
    assert later.difference.lines()["counted"] == ["thôn Nà Hin, xã Vĩnh Thông: 120 → 118"]
    for wrong in ("nhiều", "-3", "120,5 hộ", "99999999", "không", "40-45"):
        refused = await load_villages(session, [heads, [*IN, "thôn", "Nà Hin", wrong]])
        assert [(fault.column, fault.code) for fault in refused.faults] == [("E", "households")]


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_place_in_one_cell_lies_in_the_commune_of_the_title(session: Session, commune: Place) -> None:
    other = await session.places.add(Level.COMMUNE, "xã", "Nà Hin", None)
    await session.places.add(Level.VILLAGE, "thôn", "Nà Hin", other.id, first_day=REFORM)
    rows = [
        ["DANH SÁCH ĐẦU MỐI"],
        ["Xã Vĩnh Thông, tỉnh Thái Nguyên"],
        ["TT", "Họ và tên", "Chức vụ", "Đơn vị công tác", "SĐT Zalo"],
        [1, "Bà Lường Thị Mơ", "Công chức Văn hóa - Xã hội", "UBND xã Vĩnh Thông", "0912345001"],
        [2, "Lê Thị Hương", "CC Địa chính", "UBND xã", "0912345002"],
        [3, "Ông ĐẶNG VĂN SINH (mới)", "T.thôn", "1. Thôn: Nà Hin", "0912345003"],
        [4, "Ông Văn Tùng", "Trưởng thôn", "Bản Sáo", "0912345004"],
    ]
    refused = await load_people(session, xlsx(rows))
    assert told(refused.faults) == [("Danh sách", 7, "D", "place_unknown")]
    loaded = await load_people(session, xlsx(rows[:-1]))
    assert [(entry.name, entry.place_id == commune.id, entry.role) for entry in loaded.entries] == [
        ("Lường Thị Mơ", True, RoleName.COMMUNE_OFFICER),
        ("Lê Thị Hương", True, RoleName.COMMUNE_OFFICER),
        ("Đặng Văn Sinh", False, RoleName.VILLAGE_HEAD),
    ]


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_title_may_say_what_all_people_are_and_where(session: Session, commune: Place) -> None:
    rows = [
        ["DANH SÁCH TRƯỞNG THÔN, BẢN XÃ VĨNH THÔNG NĂM 2026"],
        ["STT", "Họ đệm", "Tên", "Thôn", "SĐT"],
        [1, "Lý A", "Sử", "Nà Hin", "ĐT: 0912.345.678 (Zalo)"],
    ]
    loaded = await load_people(session, xlsx(rows))
    assert (loaded.faults, await expected(session)) == (
        [],
        [("84912345678", "Lý A Sử", RoleName.VILLAGE_HEAD)],
    )


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize(
    ("name", "phone", "code"),
    [
        ("Lý A Sử, Hoàng Thị Mai", "0912345678", "several_people"),
        ("Lý A Sử", "0912345678 - 0987654321", "phones"),
        ("Lý A Sử", "0912345678\n0987654321", "phones"),
        ("Lý A Sử", "01684123456", "phone_old"),
        ("Lý A Sử", "O912345678", "phone"),
    ],
)
async def test_a_cell_that_holds_two_or_an_old_number_says_so(
    session: Session, commune: Place, name: str, phone: str, code: str
) -> None:
    loaded = await load_people(session, xlsx([HEADS, [name, phone, "Nà Hin, Vĩnh Thông", "Trưởng thôn"]]))
    assert [fault.code for fault in loaded.faults] == [code]


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_name_of_several_communes_is_the_one_in_the_province_of_all_others(
    session: Session, commune: Place
) -> None:
    other = await session.places.add(Level.PROVINCE, "tỉnh", "An Giang", None, code="91")
    await session.places.add(Level.COMMUNE, "phường", "Vĩnh Thông", other.id, code="30000", first_day=REFORM)
    alone = [["Xã", "Tên thôn"], ["Vĩnh Thông", "Thôn Nà A"]]
    assert [fault.code for fault in (await load_villages(session, alone)).faults] == ["place_many"]
    loaded = await load_villages(session, [*alone, ["Nậm Cắn", "Thôn Nà B"]])
    assert [village.full for village in loaded.difference.new] == [
        "thôn Nà A, xã Vĩnh Thông",
        "thôn Nà B, xã Nậm Cắn",
    ]
    faults = (await load_villages(session, [*alone, ["Nậm Cắn", "Thôn Nà C, Thôn Nà D"]])).faults
    assert [(fault.row, fault.code) for fault in faults] == [(3, "several_villages")]


async def test_a_village_is_found_within_its_commune_by_either_way_of_writing_it(
    session: Session, commune: Place
) -> None:
    await load_villages(session, [VILLAGE_HEADS, *([*IN, kind, "1"] for kind in ("thôn", "khu phố"))])
    heads = ["Họ và tên trưởng thôn", "Số điện thoại", "Thôn", "Xã"]

    async def read(village: str) -> roster.Roster:
        return await load_people(session, xlsx([heads, ["Lò Văn Pó", "0912345671", village, "Vĩnh Thông"]]))

    assert [entry.role for entry in (await read("Thôn 01")).entries] == [RoleName.VILLAGE_HEAD]
    assert told((await read("1")).faults) == [("Danh sách", 2, "D", "place_many")], "nothing is guessed"
    assert told((await read("Nà Hinn")).faults) == [("Danh sách", 2, "D", "place_near")]


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_village_without_a_head_is_left_out_and_named(
    session: Session, commune: Place, kind: str
) -> None:
    await load_villages(session, [VILLAGE_HEADS, [*IN, "thôn", "Nà Tu"], [*IN, "thôn", "Khuổi Chanh"]])
    heads = ["TT", "Thôn, tổ", "Trưởng thôn", "SĐT", "Xã", "Số hộ"]
    rows: list[list[object]] = [
        [1, "Nà Tu", "Lò Văn Pó", "0912345671", "Vĩnh Thông", 112],
        [2, "Khuổi Chanh", "khuyết", "–", "Vĩnh Thông", 52],
    ]
    loaded = await load_people(session, xlsx([heads, *rows]))
    assert ([entry.name for entry in loaded.entries], loaded.faults) == (["Lò Văn Pó"], [])
    assert told(loaded.warnings)[-1] == ("Danh sách", 3, "C", "nobody")
    nobody = await load_people(session, xlsx([heads, rows[1]]))
    assert nobody.faults, "a list of nobody lacks something"


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_commune_is_never_loaded_as_a_village(session: Session, commune: Place, kind: str) -> None:
    ruling = Ruling(TODAY, "danh sách", NOW)
    data = xlsx([["Xã", "Tên thôn"], ["Vĩnh Thông", "Xã Vĩnh Thông"]])
    loaded = await villages.load(session, data, "a.xlsx", ruling, "import", kind="thôn")
    assert told(loaded.faults) == [("Danh sách", 2, "B", "is_commune")]


def test_a_wide_sheet_keeps_no_empty_cells() -> None:
    [(_, rows)] = list_files.sheets_of(xlsx([["Xã", "Tên thôn", None], ["Vĩnh Thông", None, None]]), "a.xlsx")
    assert [[value for value, _ in row] for _, row in rows] == [["Xã", "Tên thôn"], ["Vĩnh Thông"]]


@pytest.mark.parametrize(
    ("title", "heads", "row"),
    [
        ("", ["Tên xã", "Tên thôn/bản/TDP", "Loại hình", "Số hộ"], ["Vĩnh Thông", "Bẳng", "Bản", "'84"]),
        ("", ["Xã", "Tên thôn sau sáp nhập", "SL hộ"], ["Vĩnh Thông", "Bản Bẳng", 84]),
        ("THÔN CÁC XÃ HUYỆN BẠCH THÔNG (CŨ)", ["Xã", "Thôn", "Tổng hộ"], ["Vĩnh Thông", "Bản Bẳng", "84 hộ"]),
    ],
)
@pytest.mark.parametrize("kind", ["sqlite"])
async def test_headings_as_offices_write_them(
    session: Session, commune: Place, title: str, heads: list[str], row: list[object], kind: str
) -> None:
    loaded = await load_villages(session, [*([[title], []] if title else []), heads, row])
    assert [(one.full, one.households) for one in loaded.difference.new] == [("bản Bẳng, xã Vĩnh Thông", 84)]
    assert not loaded.warnings, "a title that names no commune gives none"


def test_the_communes_of_a_district_are_no_commune() -> None:
    assert COMMUNE_TITLE.fullmatch("DANH SÁCH THÔN CÁC XÃ HUYỆN CHỢ ĐỒN (CŨ)") is None
    assert COMMUNE_TITLE.fullmatch("DANH SÁCH THÔN XÃ NGHĨA TÁ")


@pytest.mark.parametrize(
    ("headings", "told_of"),
    [
        (["Trưởng thôn Họ và tên", "Trưởng thôn SĐT", "Ghi chú"], True),
        (["Họ và tên trưởng thôn", "Số điện thoại trưởng thôn"], True),
        (["Trưởng thôn", "SĐT"], True),
        (["Trưởng thôn SĐT"], False),
        (["Số hộ Hộ nghèo", "Ghi chú"], False),
    ],
)
def test_a_list_of_villages_may_tell_of_their_heads_too(headings: list[str], told_of: bool) -> None:
    assert roster.tells_of_people(headings) is told_of

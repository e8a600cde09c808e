"""Lists as offices make them: read wherever they stand in a file, or refused with what to do. No database."""

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest
from docx import Document
from openpyxl import Workbook

from storage import people_headings, village_headings
from storage.list_roles import role_named
from storage.people_places import with_place
from storage.sheets import SheetContent, read_table

HEADS = ["Họ tên", "Điện thoại", "Địa bàn", "Vai trò"]
PERSON = ["Đặng Văn Sinh", "0912345678", "Nà Hin, xã Vĩnh Thông", "trưởng thôn"]
ONE = [dict(zip(("name", "phone", "place", "role"), PERSON, strict=True))]


def book(rows: Sequence[Sequence[object]], change: Callable[[Any], None] = lambda made: None) -> bytes:
    """A workbook with these rows, changed before it is saved."""
    made = Workbook()
    assert made.active is not None
    for row in rows:
        made.active.append(row)
    change(made)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def rewritten(data: bytes, name: str, pattern: str, instead: str | Callable[[re.Match[str]], str]) -> bytes:
    """A workbook with something else in one of its files."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(written, "w") as new:
        for member in old.infolist():
            text = old.read(member)
            new.writestr(member, re.sub(pattern, instead, text.decode()) if member.filename == name else text)
    return written.getvalue()


def people(data: bytes, name: str = "a.xlsx", *, convert: bool = False) -> SheetContent:
    return read_table(data, name, people_headings.COLUMNS, people_headings.WANTED, convert=convert)


def texts(table: SheetContent) -> list[dict[str, str]]:
    return [dict(line.texts) for line in table.lines]


def codes(table: SheetContent) -> list[tuple[int, str, str]]:
    return [(fault.row, fault.column, fault.code) for fault in table.faults]


def hidden(made: Any) -> None:
    made.create_sheet("DanhMuc").append(["Họ tên", "Tuổi"])
    made["DanhMuc"].sheet_state = "hidden"


def with_notes(made: Any) -> None:
    made.create_sheet("Hướng dẫn").append(["Ghi mỗi người một dòng"])


def formatted_far_below(made: Any) -> None:
    made.active.cell(row=3000, column=2).number_format = "0.00"


DIMENSION = rewritten(
    book([HEADS, PERSON]), "xl/worksheets/sheet1.xml", '<dimension ref="[^"]*"', '<dimension ref="A1"'
)
SHEET = "xl/worksheets/sheet1.xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
UNNUMBERED = rewritten(book([HEADS, PERSON]), SHEET, '(<row|<c) r="[^"]*"', r"\1")


def as_excel_writes(data: bytes) -> bytes:
    """A workbook with its texts in a file of their own; the first is in two parts, with how it is pronounced."""
    found: list[str] = []

    def number(cell: re.Match[str]) -> str:
        found.append(f"<si>{cell[1]}</si>")
        return f't="s"><v>{len(found) - 1}</v>'

    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    part = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    told = rewritten(data, "[Content_Types].xml", "</Types>", part)
    file = io.BytesIO(rewritten(told, SHEET, 't="inlineStr"><is>(.*?)</is>', number))
    parts = "<si><r><t>H&#7885; </t></r><r><t>t&#234;n</t></r><rPh sb='0' eb='1'><t>ho ten</t></rPh></si>"
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", f"<sst {MAIN}>{parts}{''.join(found[1:])}</sst>")
    return file.getvalue()


TWO_ROWS = [
    ["TT", "Họ tên", "Liên hệ", None, "Vai trò"],
    [None, None, "Điện thoại", "Địa bàn", None],
    ["(1)", "(2)", "(3)", "(4)", "(5)"],
    [1, *PERSON],
]


@pytest.mark.parametrize(
    "data",
    [
        DIMENSION,
        UNNUMBERED,
        as_excel_writes(book([HEADS, PERSON])),
        book([HEADS, PERSON], hidden),
        book([HEADS, PERSON], with_notes),
        book([HEADS, PERSON], formatted_far_below),
        book([["DANH SÁCH TRƯỞNG THÔN"], ["(Kèm theo Công văn số 12)"], [], ["STT", *HEADS], [1, *PERSON]]),
        book(TWO_ROWS),
        book([["Họ và tên (*)", "Số ĐT (Zalo)", "Đơn vị:", "Chức vụ"], PERSON]),
        book(
            [
                HEADS,
                [
                    "Đặng Văn Sinh\u200b",
                    "\u202d0912345678\u202c",
                    "Nà Hin,\u00a0xã Vĩnh Thông",
                    "trưởng\nthôn",
                ],
            ]
        ),
        book([HEADS, [PERSON[0], "0912345678.0", *PERSON[2:]]]),
    ],
    ids=[
        "extent",
        "unnumbered",
        "Excel",
        "hidden",
        "notes",
        "format",
        "titles",
        "two rows",
        "remarks",
        "invisible",
        "decimal",
    ],
)
def test_a_list_is_found_wherever_it_stands(data: bytes) -> None:
    table = people(data)
    assert (texts(table), table.faults) == (ONE, [])


LINES = [",".join(HEADS), 'Đặng Văn Sinh,0912345678,"Nà Hin, xã Vĩnh Thông",trưởng thôn']


@pytest.mark.parametrize(
    "text",
    [
        "\r".join(LINES),
        "sep=,\r\n" + "\r\n".join(LINES),
        "sep=;\n" + ";".join(HEADS) + "\n" + ";".join(PERSON),
        "\n\n" + "\n".join(LINES) + "\n\n",
        "\n".join(LINES) + "\0",
    ],
    ids=["CR only", "sep", "sep of its own", "blank lines", "filled up"],
)
def test_a_text_is_read_as_excel_reads_it(text: str) -> None:
    table = people(text.encode("utf-8-sig"), "a.csv")
    assert (texts(table), table.faults) == (ONE, [])


def test_a_quote_within_a_name_is_a_letter() -> None:
    rows = [
        ";".join(HEADS),
        'Nguyễn Văn "Tý";0912345678;Nà Hin;trưởng thôn',
        '"Tý" Nguyễn;0912345679;Nà Hin;trưởng thôn',
    ]
    table = people("\n".join(rows).encode(), "a.csv")
    assert [line.texts["name"] for line in table.lines] == ['Nguyễn Văn "Tý"', '"Tý" Nguyễn']
    assert codes(people(rows[0].encode() + b'\n"open;1;2;3', "a.csv")) == [(0, "", "not_csv")]


STRICT = rewritten(
    book([HEADS]),
    "xl/workbook.xml",
    r"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
WITH_ENTITY = rewritten(book([HEADS]), SHEET, "^", '<!DOCTYPE x [<!ENTITY a "b">]>')
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (STRICT, "a.xlsx", "strict"),
        (OLE, "a.xlsx", "old_excel"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "locked"),
        (OLE, "a.xls", "old_excel"),
        (WITH_ENTITY, "a.xlsx", "not_xlsx"),
        (OLE, "a.doc", "old_word"),
        (OLE, "a.docx", "not_docx"),
        (b"%PDF-1.7", "a.pdf", "pdf"),
    ],
)
def test_a_workbook_of_another_kind_says_what_it_is(data: bytes, name: str, code: str) -> None:
    assert codes(people(data, name)) == [(0, "", code)]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (date(2026, 2, 1), "made_day"),
        (True, "made_truth"),
        (1.5, "fraction"),
        ("01/02/2026", "made_day"),
        ("1-Feb", "made_day"),
        ("TRUE", "made_truth"),
    ],
)
def test_what_excel_made_of_a_name_is_refused(name: object, code: str) -> None:
    data = book([["Mã xã", "Loại", "Tên thôn"], ["01981", "thôn", name]])
    table = read_table(data, "a.xlsx", village_headings.COLUMNS, village_headings.WANTED)
    assert codes(table) == [(2, "C", code)]


@pytest.mark.parametrize("name", ["19/5", "3/2", 1, "Số 2", "1.234", "Feb"])
def test_names_that_are_numbers_stay(name: object) -> None:
    data = book([["Mã xã", "Loại", "Tên thôn"], ["01981", "thôn", name]])
    table = read_table(data, "a.xlsx", village_headings.COLUMNS, village_headings.WANTED)
    assert [line.texts["name"] for line in table.lines] == [str(name)]


OLD_FONTS = {
    "tcvn3": [["§Æng V¨n Sinh", "0912345678", "Nµ Hin, x· VÜnh Th«ng", "tr\u00adëng th«n"]],
    "vni": [["Ñaëng Vaên Sinh", "0912345678", "Naø Hin, xaõ Vónh Thoâng", "tröôûng thoân"]],
}


@pytest.mark.parametrize("font", OLD_FONTS)
def test_text_of_an_old_font_is_recognised_and_read_when_asked(font: str) -> None:
    data = book([HEADS, *OLD_FONTS[font]])
    refused = people(data)
    assert (refused.lines, codes(refused)) == ([], [(2, "A", "old_font_many")])
    assert (refused.faults[0].data["likely"], refused.faults[0].data["more"]) == ("Đặng Văn Sinh", 2)
    converted = people(data, convert=True)
    assert (texts(converted), converted.faults) == (ONE, [])


def test_a_column_in_an_old_font_is_read_whole() -> None:
    """«th«n» has a quotation mark, and "Khu phè" could be in Unicode."""
    rows = [["Hµ V¨n BÕ", "0912345678", "Khu phè 3", "tr\u00adëng th«n"], [*PERSON[:2], "Nµ C¸y", "B¶n"]]
    table = people(book([HEADS, *rows, [PERSON[0], "", "th«n", ""]]), convert=True)
    assert [line.texts.get("place") for line in table.lines] == ["Khu phố 3", "Nà Cáy", "thôn"]
    assert [line.texts.get("name") for line in table.lines] == ["Hà Văn Bế", PERSON[0], PERSON[0]]


def test_text_of_today_is_left_alone_beside_an_old_font() -> None:
    """Also when it is converted."""
    table = people(book([HEADS, ["§Æng V¨n Sinh", *PERSON[1:]]]), convert=True)
    assert texts(table) == ONE


def test_a_sheet_with_most_headings_is_a_fault_and_one_with_none_is_named() -> None:
    def more(made: Any) -> None:
        with_notes(made)
        made.create_sheet("Tháng 2").append(["Họ tên", "Điện thoại", "Nơi ở"])

    table = people(book([HEADS, PERSON], more))
    assert [(fault.sheet, fault.code) for fault in table.faults] == [("Tháng 2", "headings")]
    assert table.left_out == ["Hướng dẫn"]


# --- as offices type them ------------------------------------------------------------------------------


def merged(*ranges: str) -> Callable[[Any], None]:
    """Merge these cells."""

    def merge(made: Any) -> None:
        for cells in ranges:
            made.active.merge_cells(cells)

    return merge


def test_a_merged_commune_holds_for_its_rows_and_totals_headings_and_notes_are_no_rows() -> None:
    rows: list[list[object]] = [
        ["DANH SÁCH THÔN, BẢN, TỔ DÂN PHỐ"],
        ["TT", "Tỉnh", "Xã, phường", "Thôn, bản, tổ dân phố"],
        ["(1)", "(2)", "(3)", "(4)"],
        [1, "Thái Nguyên", "Xã Vĩnh Thông", "Thôn Nà Hin"],
        [2, None, None, "Thôn Khuổi Lặng"],
        ["TT", "Tỉnh", "Xã, phường", "Thôn, bản, tổ dân phố"],
        [3, "Thái Nguyên", "Xã Phủ Thông", "Bản Cốc Pái"],
        [None, "Tổng", "2 xã", "3 thôn"],
        ["Người lập biểu", None, "Trưởng phòng"],
    ]
    data = book(rows, merged("A1:D1", "B4:B5", "C4:C5"))
    table = read_table(data, "a.xlsx", village_headings.COLUMNS, village_headings.WANTED)
    assert [(line.texts["commune"], line.texts["name"]) for line in table.lines] == [
        ("Xã Vĩnh Thông", "Thôn Nà Hin"),
        ("Xã Vĩnh Thông", "Thôn Khuổi Lặng"),
        ("Xã Phủ Thông", "Bản Cốc Pái"),
    ]
    assert (table.faults, table.unused) == ([], ["TT"])
    assert [(fault.row, fault.code) for fault in table.skipped] == [
        (6, "row_heading"),
        (8, "row_total"),
        (9, "row_note"),
    ]


def test_a_row_of_nothing_but_faults_is_told() -> None:
    data = book([["Xã", "Tên thôn"], ["Vĩnh Thông", "Nà Hin"], [None, "=A2"]])
    table = read_table(data, "a.xlsx", village_headings.COLUMNS, village_headings.WANTED)
    assert (len(table.lines), codes(table), table.skipped) == (1, [(3, "B", "formula")], [])


def test_a_gap_that_is_no_merged_cell_stays_a_gap() -> None:
    table = read_table(
        book([["Xã", "Tên thôn"], ["Vĩnh Thông", "Nà Hin"], [None, "Bản Sáo"]]),
        "a.xlsx",
        village_headings.COLUMNS,
        village_headings.WANTED,
    )
    assert texts(table)[1] == {"name": "Bản Sáo"}


def test_headings_over_several_columns_are_told_apart_by_what_stands_below() -> None:
    rows: list[list[object]] = [
        ["Tên thôn", "Xã", "Số hộ", None],
        [None, None, "Tổng số hộ", "Nghèo"],
        ["Nà Hin", "A", 120, 7],
    ]
    data = book(rows, merged("A1:A2", "B1:B2", "C1:D1"))
    table = read_table(data, "a.xlsx", village_headings.COLUMNS, village_headings.WANTED)
    assert texts(table) == [{"name": "Nà Hin", "commune": "A", "households": "120"}]
    assert table.unused == ["Số hộ Nghèo"]


@pytest.mark.parametrize(
    ("above", "first", "second"),
    [
        ("Thôn/bản/TDP", "Loại", "Tên"),
        ("Thôn/bản/TDP", "Loại", "Tên thôn"),
        ("Thôn, bản", "Loại hình", "Thôn, bản"),
        ("Thôn", "Mã", "Tên"),
    ],
)
def test_people_and_villages_are_read_from_one_list_with_headings_told_apart(
    above: str, first: str, second: str
) -> None:
    rows: list[list[object]] = [
        ["TT", above, None, "Dân số", None, "Trưởng thôn", None],
        [None, first, second, "Số hộ", "Số khẩu", "Họ và tên", "Số ĐT"],
        ["I", "Xã Vĩnh Thông"],
        [1, "Thôn", "Nà Hin", 120, 512, "Đặng Văn Sinh", "0912.345.678"],
        [2, "Thôn", "Bản Sáo", 45, 200, "Hà Thị Vinh", "0987654321"],
    ]
    data = book(rows, merged("B1:C1", "D1:E1", "F1:G1"))
    villages = read_table(data, "a.xlsx", village_headings.COLUMNS, village_headings.WANTED)
    assert ([line.texts["name"] for line in villages.lines], villages.faults) == (["Nà Hin", "Bản Sáo"], [])
    heads = people(data)
    read = [[line.texts.get(key) for key in ("name", "village", "commune", "role")] for line in heads.lines]
    assert (codes(heads), read) == (
        [],
        [
            ["Đặng Văn Sinh", "Nà Hin", "Xã Vĩnh Thông", "Trưởng thôn"],
            ["Hà Thị Vinh", "Bản Sáo", "Xã Vĩnh Thông", "Trưởng thôn"],
        ],
    )


def test_heads_are_told_from_others_whose_names_stand_beside_them() -> None:
    rows: list[list[object]] = [
        ["XÃ VĨNH THÔNG"],
        [
            "TT",
            "Tên thôn, TDP sau sắp xếp",
            "Các thôn trước sắp xếp",
            "Bí thư chi bộ",
            None,
            "Trưởng thôn",
            None,
        ],
        [None, None, None, "Họ và tên", "Số ĐT", "Họ và tên", "Số ĐT"],
        [
            1,
            "Thôn Nà Chom",
            "Nà Chom 1, Nà Chom 2",
            "Hoàng Văn Thụ",
            "0911000001",
            "Nông Văn Kiên",
            "0911000101",
        ],
    ]
    table = people(book(rows, merged("D2:E2", "F2:G2")))
    read = [[line.texts.get(key) for key in ("name", "phone", "village")] for line in table.lines]
    assert (codes(table), read) == ([], [["Nông Văn Kiên", "0911000101", "Thôn Nà Chom"]])
    assert table.unused[-2:] == ["Bí thư chi bộ Họ và tên", "Bí thư chi bộ Số ĐT"]


def test_a_table_in_a_word_document_is_read_as_one_of_a_spreadsheet() -> None:
    made = Document()
    made.add_paragraph("DANH SÁCH TRƯỞNG THÔN XÃ VĨNH THÔNG")
    table = made.add_table(rows=3, cols=4)
    rows = (["TT", "Thôn", "Trưởng thôn", ""], ["", "", "Họ và tên", "SĐT"], ["1", "Nà Hin", *PERSON[:2]])
    for cells, texts_of_row in zip(table.rows, rows, strict=True):
        for cell, text in zip(cells.cells, texts_of_row, strict=True):
            cell.text = text
    table.cell(0, 2).merge(table.cell(0, 3))
    for column in (0, 1):
        table.cell(0, column).merge(table.cell(1, column))
    file = io.BytesIO()
    made.save(file)
    listed = people(file.getvalue(), "a.docx")
    assert (texts(listed), codes(listed)) == (
        [
            {
                "village": "Nà Hin",
                "name": PERSON[0],
                "phone": PERSON[1],
                "commune": "XÃ VĨNH THÔNG",
                "role": "TRƯỞNG THÔN",
            }
        ],
        [],
    )
    assert [line.row for line in listed.lines] == [3]


@pytest.mark.parametrize("heading", ["Tên thôn, tổ dân phố", "Xã, phường/ thôn, tổ dân phố"])
def test_a_section_may_say_its_commune_by_a_code_too(heading: str) -> None:
    rows = [
        ["STT", heading, "Mã xã", "Tổng số hộ"],
        ["I", "Xã Phủ Thông", "01969", None],
        [1, "Thôn Nà Hái", None, 96],
        [2, "Thôn Đầu Cầu", None, 140],
        ["II", "Xã Bạch Thông", "02014", None],
        [1, "Thôn Pác Chang", None, 77],
    ]
    table = read_table(book(rows), "a.xlsx", village_headings.COLUMNS, village_headings.WANTED)
    assert [(line.texts["commune"], line.texts["name"]) for line in table.lines] == [
        ("Xã Phủ Thông", "Thôn Nà Hái"),
        ("Xã Phủ Thông", "Thôn Đầu Cầu"),
        ("Xã Bạch Thông", "Thôn Pác Chang"),
    ]


def test_a_plan_of_mergers_is_no_list_of_villages() -> None:
    rows = [
        ["DANH SÁCH XÃ BẠCH THÔNG"],
        ["STT", "Tên thôn hiện nay", "Số hộ", "Tên thôn sau sáp nhập"],
        [1, "Thôn Pác Chang", 77, "Thôn Đoàn Kết"],
    ]
    table = read_table(book(rows), "a.xlsx", village_headings.COLUMNS, village_headings.WANTED)
    assert codes(table) == [(2, "D", "heading_merger")]


def test_a_row_of_the_list_heads_nothing() -> None:
    rows: list[list[object]] = [
        ["MÃ", "TÊN CŨ", "CẤP ĐỘ", "NƠI"],
        ["VT-01", "THÔN NÀ LẠN", "Thôn", "XÃ VĨNH THÔNG"],
        ["VT-02", "THÔN PÁC THAY", "Thôn", "XÃ VĨNH THÔNG"],
    ]
    table = read_table(book(rows), "a.xlsx", village_headings.COLUMNS, village_headings.WANTED)
    assert (codes(table), table.lines) == ([(1, "", "headings")], [])
    rows[0][1:] = ["TÊN ĐƠN VỊ", "CẤP", "ĐƠN VỊ CẤP TRÊN"]
    table = read_table(book(rows), "a.xlsx", village_headings.COLUMNS, village_headings.WANTED)
    assert [line.texts["code"] for line in table.lines] == ["VT-01", "VT-02"]


OLD_HEADINGS = [
    (
        "Hä vµ tªn|Chøc vô|Sè ®iÖn tho¹i|Th«n|X·",
        "§Æng V¨n Sinh|Tr\xadëng th«n|912345678|Nµ Hin|VÜnh Th«ng",
        "Tæng céng||1",
    ),
    (
        "Hoï vaø teân|Chöùc vuï|Soá ñieän thoaïi|Thoân|Xaõ",
        "Ñaëng Vaên Sinh|Tröôûng thoân|912345678|Naø Hin|Vónh Thoâng",
        "Toång coäng||1",
    ),
]


@pytest.mark.parametrize(("headings", "person", "total"), OLD_HEADINGS, ids=["tcvn3", "vni"])
def test_headings_and_totals_in_an_old_font_are_read_too(headings: str, person: str, total: str) -> None:
    data = book([row.split("|") for row in (headings, person, headings, total)])
    assert [code for _, _, code in codes(people(data))] == ["old_font_many"]
    table = people(data, convert=True)
    assert [(fault.row, fault.code) for fault in table.skipped] == [(3, "row_heading"), (4, "row_total")]
    [line] = table.lines
    assert with_place(line).texts["place"] == "Nà Hin, Vĩnh Thông"
    assert line.texts["name"] == "Đặng Văn Sinh"


@pytest.mark.parametrize(
    ("written", "role"),
    [
        ("Bí thư chi bộ kiêm Trưởng thôn", "truong-thon"),
        ("Trưởng bản - Công an viên", "truong-thon"),
        ("Phó trưởng thôn", None),
        ("Trưởng thôn, cán bộ xã", None),
        ("T.thôn", "truong-thon"),
        ("Công chức VH-XH", "can-bo-xa"),
        ("PCT UBND", "can-bo-xa"),
        ("Phó Chủ tịch UBND xã", "can-bo-xa"),
        ("Trưởng phòng Kinh tế xã", "can-bo-xa"),
        ("Chủ tịch UBND tỉnh", None),
        ("Chủ tịch Hội Nông dân xã", None),
        ("Cán bộ thôn", None),
    ],
)
def test_the_role_among_several_offices_is_meant_where_it_is_one(written: str, role: str | None) -> None:
    assert role_named(written) == role


@pytest.mark.parametrize(("sheet", "title"), [("Sheet1", "XÃ VĨNH THÔNG"), ("Xã Vĩnh Thông", "Danh sách")])
def test_the_commune_of_a_whole_list_may_stand_in_a_title_or_name_its_sheet(sheet: str, title: str) -> None:
    def called(made: Any) -> None:
        made.active.title = sheet

    data = book([["ỦY BAN NHÂN DÂN"], [title], ["STT", "Tên thôn"], [1, "Nà Hin"], [2, "Bản Sáo"]], called)
    table = read_table(data, "a.xlsx", village_headings.COLUMNS, village_headings.WANTED)
    assert [line.texts["commune"].casefold() for line in table.lines] == ["xã vĩnh thông"] * 2
    assert [(fault.row, fault.code) for fault in table.skipped] == [(3, "said_in_title")]
    two = book([["Xã Phủ Thông"], ["Xã Vĩnh Thông"], ["STT", "Tên thôn"], [1, "Nà Hin"]])
    assert codes(read_table(two, "a.xlsx", village_headings.COLUMNS, village_headings.WANTED)) == [
        (3, "", "headings")
    ]


SECTIONED = {
    "roman": [
        ["STT", "Tên thôn", "Số hộ"],
        ["I", "Xã Vĩnh Thông", 110],
        [1, "Thôn Nà A", 50],
        ["II", "Phủ Thông"],
        [1, "Thôn Nà C", "-"],
    ],
    "one column": [
        ["TT", "Tên xã, thôn"],
        ["Tỉnh Thái Nguyên"],
        ["XÃ VĨNH THÔNG:"],
        [1, "Thôn Nà A"],
        ["2. Xã Phủ Thông"],
        [2, "Thôn Nà C"],
    ],
    "own column": [
        ["STT", "Xã", "Tên thôn"],
        ["I", "Xã Vĩnh Thông"],
        [1, None, "Thôn Nà A"],
        ["II", "Xã Phủ Thông"],
        [1, None, "Thôn Nà C"],
    ],
    "signed": [
        ["UBND TỈNH THÁI NGUYÊN", None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
        ["Danh sách thôn, xã đặc biệt khó khăn năm 2026"],
        ["STT", "Ghi chú", "Tên thôn", "Số hộ"],
        [1, 2, 3, 4],
        ["I", None, "Xã Vĩnh Thông"],
        [1, None, "Thôn Nà A", 50],
        [None, None, "Cộng xã Vĩnh Thông", 50],
        ["II", None, "Xã Phủ Thông"],
        [1, None, "Thôn Nà C", 30],
        ["Tổng cộng", None, None, 80],
        [None, None, "Vĩnh Thông, ngày 5 tháng 11 năm 2026"],
        ["NGƯỜI LẬP BIỂU", None, "CHỦ TỊCH"],
        ["Hà Thị Vinh", None, "Nông Văn Tú"],
    ],
}


@pytest.mark.parametrize("rows", SECTIONED.values(), ids=SECTIONED)
def test_a_row_with_only_a_commune_heads_the_villages_below_it(rows: list[list[object]]) -> None:
    table = read_table(book(rows), "a.xlsx", village_headings.COLUMNS, village_headings.WANTED)
    assert codes(table) == []
    below = [
        (line.texts["commune"].casefold().removeprefix("xã "), line.texts["name"]) for line in table.lines
    ]
    assert below == [("vĩnh thông", "Thôn Nà A"), ("phủ thông", "Thôn Nà C")]


def test_a_row_that_lacks_its_name_is_no_section_of_a_list_that_says_the_commune_in_each() -> None:
    commune = "Xã Vĩnh Thông"
    rows = [
        ["STT", "Xã", "Tên thôn"],
        [1, commune, "Thôn Nà A"],
        [2, commune, None],
        [3, commune, "Thôn Nà B"],
    ]
    table = read_table(book(rows), "a.xlsx", village_headings.COLUMNS, village_headings.WANTED)
    assert [(line.row, sorted(line.texts)) for line in table.lines] == [
        (2, ["commune", "name"]),
        (3, ["commune"]),
        (4, ["commune", "name"]),
    ]

"""`thonbao form from-table`: tables as offices write them become forms that can be used, and nothing is dropped unsaid."""

import io
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook

from bot.form_table.reading import FormTable, read_form_table
from bot.form_table.wishes import own_unit, unit_named
from plans.reading import use
from questionnaires.xlsform import compile_form
from tests.docs.telling import run

WATER = Path(__file__).resolve().parents[2] / "docs" / "vi-du" / "bieu-nuoc.csv"


@pytest.fixture(autouse=True)
def _only_here() -> Iterator[None]:
    """The forms of this test's folder are of no use to others."""
    yield
    use(None)


def book(*sheets: Sequence[Sequence[object]], merged: Sequence[str] = ()) -> bytes:
    made = Workbook()
    for number, rows in enumerate(sheets):
        sheet = made.create_sheet(f"Biểu {number + 1}")
        for row in rows:
            sheet.append(list(row))
        for cells in merged:
            sheet.merge_cells(cells)
    made.remove(made.worksheets[0])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def read(*sheets: Sequence[Sequence[object]], merged: Sequence[str] = ()) -> FormTable:
    return read_form_table(book(*sheets, merged=merged), "bieu.xlsx")


def asked(table: FormTable) -> list[tuple[str, str, str]]:
    return [(wish.label, wish.kind, wish.unit) for wish in table.wishes]


def parts(table: FormTable) -> dict[str, tuple[str, bool]]:
    """What each part is a part of, and whether that is sure."""
    return {
        wish.label: (table.wishes[wish.whole].label, wish.sure)
        for wish in table.wishes
        if wish.whole is not None
    }


HEADS = ["TT", "Chỉ tiêu", "ĐVT", "Thực hiện"]


def test_rows_become_questions_with_their_units_groups_and_wholes() -> None:
    table = read(
        [
            ["UBND XÃ VĨNH THÔNG", None, None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
            ["BÁO CÁO QUÝ IV NĂM 2026"],
            [
                "TT",
                "Chỉ tiêu",
                "ĐVT",
                "Kế hoạch 2026",
                "Thực hiện",
                "So sánh TH/KH (%)",
                "Cùng kỳ",
                "Ghi chú",
            ],
            ["A", "B", "C", 1, 2, "3=2/1", 4, 5],
            ["I", "Hộ dân"],
            [1, "Tổng số hộ", "Hộ", 120, 118, "=E6/D6"],
            [None, "Trong đó:"],
            [None, "- Hộ nghèo", "Hộ", 12, 11],
            [None, "- Hộ dân tộc thiểu số", "Hộ", 100, 99],
            [2, "Số hộ có điện", None, 120, 118],
            ["2.1", "Từ lưới quốc gia", "hộ", 110, 109],
            [3, "Tỷ lệ hộ có điện", "%", 98, 98],
            ["II", "Công trình"],
            ["a)", "Kinh phí", "Tr.đ", 100, "12,5"],
            ["b)", "Diện tích (ha)", None, 5, 4.5],
            ["c)", "Mức độ hoàn thành"],
            ["III", "Khó khăn, vướng mắc"],
            ["NGƯỜI LẬP BIỂU", None, None, None, "CHỦ TỊCH"],
        ],
        merged=["A1:C1", "E1:G1", "A2:G2"],
    )
    assert asked(table) == [
        ("Tổng số hộ", "count", "hộ"),
        ("Tổng số hộ – Hộ nghèo", "count", "hộ"),
        ("Tổng số hộ – Hộ dân tộc thiểu số", "count", "hộ"),
        ("Số hộ có điện", "count", "hộ"),
        ("Số hộ có điện – Từ lưới quốc gia", "count", "hộ"),
        ("Tỷ lệ hộ có điện", "rate", "%"),
        ("Kinh phí", "decimal", "triệu đồng"),
        ("Diện tích", "area_ha", "ha"),
        ("Mức độ hoàn thành", "", ""),
        ("Khó khăn, vướng mắc", "text", ""),
    ]
    assert parts(table) == {
        "Tổng số hộ – Hộ nghèo": ("Tổng số hộ", True),
        "Tổng số hộ – Hộ dân tộc thiểu số": ("Tổng số hộ", True),
        "Số hộ có điện – Từ lưới quốc gia": ("Số hộ có điện", False),
    }
    assert {wish.within for wish in table.wishes} == {("Hộ dân",), ("Công trình",), ()}
    assert [reason for _, reason in table.left] == ["plan", "computed", "before", "notes"]
    assert (table.faults, len(table.skipped)) == ([], 1)


def test_columns_of_figures_are_asked_each_and_parts_stay_within_their_column() -> None:
    table = read(
        [
            ["TT", "Nội dung", "Đơn vị tính", "Trong tháng", "Lũy kế"],
            [1, "Chăn nuôi"],
            ["1.1", "Tổng đàn trâu", "con"],
            ["", "Trong đó: trâu cày", "con"],
            ["1.2", "Tiêm phòng đủ", "có/không"],
            [2, "Tổng số thôn", "thôn"],
        ]
    )
    assert [wish.label for wish in table.wishes] == [
        "Tổng đàn trâu – Trong tháng",
        "Tổng đàn trâu – Lũy kế",
        "Tổng đàn trâu – trâu cày – Trong tháng",
        "Tổng đàn trâu – trâu cày – Lũy kế",
        "Tiêm phòng đủ",
        "Tổng số thôn – Trong tháng",
        "Tổng số thôn – Lũy kế",
    ]
    assert parts(table) == {
        "Tổng đàn trâu – trâu cày – Trong tháng": ("Tổng đàn trâu – Trong tháng", True),
        "Tổng đàn trâu – trâu cày – Lũy kế": ("Tổng đàn trâu – Lũy kế", True),
    }


def test_what_stands_with_a_dash_below_in_which_is_a_part_of_the_total() -> None:
    rows = [
        [1, "Tổng số hộ", "hộ"],
        [None, "Trong đó: - Hộ nghèo", "hộ"],
        [None, "          - Hộ cận nghèo", "hộ"],
        [2, "Số hộ mới", "hộ"],
    ]
    table = read([HEADS, *rows])
    assert parts(table) == {
        "Tổng số hộ – Hộ nghèo": ("Tổng số hộ", True),
        "Tổng số hộ – Hộ cận nghèo": ("Tổng số hộ", True),
    }


def test_letters_above_roman_numbers_and_c_behind_b_is_a_letter() -> None:
    rows = [["A", "Kinh tế"], ["I", "Trồng trọt"], [1, "Lúa", "ha"], ["B", "Xã hội"], [1, "Số lớp", "lớp"]]
    table = read([HEADS, *rows, ["C", "Khác"], [1, "Số vụ", "vụ"]])
    assert [wish.within for wish in table.wishes] == [("Kinh tế", "Trồng trọt"), ("Xã hội",), ("Khác",)]


def test_headings_of_columns_become_questions() -> None:
    table = read(
        [
            ["BIỂU TỔNG HỢP HỘ NGHÈO"],
            ["(Đơn vị tính: hộ)"],
            ["STT", "Thôn", "Tổng số hộ", "Hộ nghèo", None, None, "Cận nghèo", None, "Tỷ lệ (%)", "Ghi chú"],
            [None, None, None, "Tổng số", "Trong đó", None, "Tổng số", "DTTS"],
            [None, None, None, None, "DTTS", "Nữ chủ hộ"],
            [1, 2, 3, 4, 5, 6, 7, 8, "9=4/3", 10],
            [1, "Nà Hin", 120, 12, 11, 1, 5, 4, 10],
        ],
        merged=["A3:A5", "B3:B5", "C3:C5", "D3:F3", "D4:D5", "E4:F4", "G3:H3", "G4:G5", "H4:H5", "I3:I5"],
    )
    assert asked(table) == [
        ("Tổng số hộ", "count", "hộ"),
        ("Hộ nghèo", "count", "hộ"),
        ("Hộ nghèo – DTTS", "count", "hộ"),
        ("Hộ nghèo – Nữ chủ hộ", "count", "hộ"),
        ("Cận nghèo", "count", "hộ"),
        ("Cận nghèo – DTTS", "count", "hộ"),
    ]
    assert parts(table)["Hộ nghèo – DTTS"] == ("Hộ nghèo", True)
    assert parts(table)["Cận nghèo – DTTS"] == ("Cận nghèo", False)
    assert table.left == [("Thôn", "place"), ("Tỷ lệ (%)", "computed"), ("Ghi chú", "notes")]


def test_a_column_of_money_counts_nothing_whatever_its_rows_count() -> None:
    table = read(
        [
            ["BIỂU 03"],
            ["Đơn vị tính tiền: triệu đồng"],
            ["TT", "Nội dung", "ĐVT", "Kết quả thực hiện", None, "Tỷ lệ (%)"],
            [None, None, None, "Số lượng", "Giải ngân NSTW"],
            ["I", "Hỗ trợ nhà ở"],
            [1, "Lu, bể", "hộ", None, None],
            [2, "Đất sản xuất", "ha", None, None],
            [3, "Người phụ trách", "người"],
        ],
        merged=["A3:A4", "B3:B4", "C3:C4", "D3:E3", "F3:F4"],
    )
    assert asked(table) == [
        ("Lu, bể – Kết quả thực hiện Số lượng", "count", "hộ"),
        ("Lu, bể – Kết quả thực hiện Giải ngân NSTW", "decimal", "triệu đồng"),
        ("Đất sản xuất – Kết quả thực hiện Số lượng", "area_ha", "ha"),
        ("Đất sản xuất – Kết quả thực hiện Giải ngân NSTW", "decimal", "triệu đồng"),
        ("Người phụ trách", "text", ""),
    ]


def test_what_is_counted_without_a_unit_and_parts_without_a_total() -> None:
    table = read(
        [
            ["TT", "Thôn", "Hộ nghèo", None, "Hỗ trợ", "Bỏ học", "Lợn", None],
            [None, None, "Số hộ", "Trong đó: hộ DTTS", None, None, "Tổng đàn", "Chết"],
            [1, "Nà Hin"],
        ],
        merged=["A1:A2", "B1:B2", "C1:D1", "E1:E2", "F1:F2", "G1:H1"],
    )
    assert asked(table) == [
        ("Hộ nghèo – Số hộ", "count", "hộ"),
        ("Hộ nghèo – hộ DTTS", "count", "hộ"),
        ("Hỗ trợ", "", ""),
        ("Bỏ học", "", ""),
        ("Lợn – Tổng đàn", "count", "con"),
        ("Lợn – Chết", "count", "con"),
    ]
    assert parts(table) == {"Hộ nghèo – hộ DTTS": ("Hộ nghèo – Số hộ", True)}


def test_two_columns_that_tell_women_from_men_are_one_question_in_words() -> None:
    table = read(
        [
            ["TT", "Họ và tên trẻ", "Giới tính", None, "Mã định danh", "Chiều cao (cm)"],
            [None, None, "Nam", "Nữ"],
            [1],
        ],
        merged=["A1:A2", "B1:B2", "C1:D1", "E1:E2", "F1:F2"],
    )
    assert asked(table)[1:] == [
        ("Giới tính (nam, nữ)", "text", ""),
        ("Mã định danh", "text", ""),
        ("Chiều cao", "decimal", "cm"),
    ]


def test_a_column_for_answers_takes_words_and_periods_are_one_question() -> None:
    asks = read(
        [
            ["STT", "Nội dung thông tin", "Trả lời", "Ghi chú"],
            [1, "Tổng số hộ của thôn (hộ)"],
            [2, "Thôn có nhà văn hóa không? (Có/Không)"],
            [3, "Đường đã cứng hóa chưa? (Rồi/Chưa)"],
            [4, "Nguồn nước chính"],
        ]
    )
    assert [wish.read_as for wish in asks.wishes] == ["count", "has", "has", "text"]
    heads = ["Nội dung", "ĐVT", "Tháng 1", "Tháng 2", "Cộng", "Lũy kế"]
    monthly = read([heads, ["Thu thuế", "nghìn đồng"], ["Số vụ", "vụ"]])
    assert [wish.label for wish in monthly.wishes][:2] == ["Thu thuế", "Thu thuế – Lũy kế"]
    assert monthly.left == [("Cộng", "computed"), ("Tháng 2", "period")]
    monthly = read([heads[:-2], ["Thu thuế", "nghìn đồng"]])
    assert asked(monthly) == [("Thu thuế", "decimal", "nghìn đồng")]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("BIỂU BÁO CÁO TÌNH HÌNH CHĂN NUÔI QUÝ IV NĂM 2026", "Báo cáo tình hình chăn nuôi"),
        (
            "BIỂU SỐ 03/DT: KẾT QUẢ THỰC HIỆN CHÍNH SÁCH DÂN TỘC QUÝ IV/2026",
            "Kết quả thực hiện chính sách dân tộc",
        ),
        ("TỔNG HỢP RÀ SOÁT HỘ NGHÈO DTTS NĂM 2026", "Tổng hợp rà soát hộ nghèo DTTS"),
        ("KẾT QUẢ DỰ ÁN 1: GIẢI QUYẾT TÌNH TRẠNG THIẾU ĐẤT Ở, NHÀ Ở, ĐẤT SẢN XUẤT, NƯỚC", "Kết quả dự án 1"),
        ("UBND XÃ VĨNH THÔNG", ""),
        ("Ghi chú: ghi đủ các cột", ""),
    ],
)
def test_a_form_is_called_as_its_table_is(title: str, name: str) -> None:
    above = [["ỦY BAN NHÂN DÂN XÃ VĨNH THÔNG", None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"], [title]]
    assert read([*above, HEADS, [1, "Tổng số hộ", "hộ", 5]]).title == name
    assert read([*above, ["TT", "Thôn", "Số hộ", "Số khẩu"], [1, "Nà Hin", 5, 20]]).title == name


def test_a_list_of_several_in_a_place_becomes_questions_that_repeat() -> None:
    table = read([["STT", "Họ và tên chủ hộ", "Ngày sinh", "Số nhân khẩu"], [1, "Nguyễn Văn A", None, 5]])
    assert table.repeats
    assert [wish.kind for wish in table.wishes] == ["text", "date", "count"]


LIST = [
    *(
        "Họ và tên chủ hộ",
        "Năm sinh",
        "Số CCCD",
        "Dân tộc",
        "Nhà sập",
        "Lúa (ha)",
        "Hình thức hỗ trợ (tiền/gạo)",
    ),
    *("Số điện thoại", "Số nhân khẩu", "Ký nhận"),
]


def test_words_in_a_list_are_asked_as_words_and_signatures_are_not_asked() -> None:
    table = read(
        [["DANH SÁCH HỘ BỊ THIỆT HẠI"], ["(Đơn vị tính: triệu đồng)"], ["STT", *LIST, "Bồi thường"], [1]]
    )
    kinds = {wish.label: (wish.kind, wish.unit) for wish in table.wishes}
    assert [label for label, (kind, _) in kinds.items() if kind == "text"] == [*LIST[:4], LIST[6], LIST[7]]
    assert (kinds["Lúa"], kinds["Số nhân khẩu"]) == (("area_ha", "ha"), ("count", "nhân khẩu"))
    assert table.left == [("Ký nhận", "signature")]


def test_what_may_be_a_number_or_words_holds_nobody_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ds.xlsx").write_bytes(book([["STT", *LIST], [1]]))
    assert "Cột F: Nhà sập. Không rõ hỏi số hay hỏi lời" in run(
        ["thonbao", "form", "from-table", "ds.xlsx", "--yes"]
    )
    made = tmp_path / "plans" / "forms" / "ds.md"
    required = [
        one.labels["vi"][0] for one in compile_form(made.read_bytes(), made.name).asked if one.required
    ]
    assert required == ["Lúa", "Số nhân khẩu"]


def test_a_unit_in_brackets_counts_for_all_columns_below_it() -> None:
    heads = ["TT", "Thôn", "Trâu (con)", None, "Nhà sập (cái)", "Máy (chiếc)", "Diện tích (ha)"]
    table = read(
        [
            ["(Đơn vị tính: triệu đồng)"],
            heads,
            [None, None, "Tổng số", "Trong đó: nái"],
            [1, "Nà Hin", 12, 4, 1],
        ],
        merged=["C2:D2"],
    )
    assert asked(table) == [
        ("Trâu", "count", "con"),
        ("Trâu – nái", "count", "con"),
        ("Nhà sập", "count", "cái"),
        ("Máy", "count", "chiếc"),
        ("Diện tích", "area_ha", "ha"),
    ]
    assert parts(table) == {"Trâu – nái": ("Trâu", True)}


def test_a_titles_money_is_for_money_and_planned_figures_are_left_out_below_any_heading() -> None:
    heads = ["STT", "Nội dung", "Số hộ", "Số dê", "Diện tích (ha)", "Kinh phí", None, "Vốn KH"]
    table = read(
        [
            ["(Đơn vị tính: triệu đồng)"],
            heads,
            [None, None, None, None, None, "Kế hoạch", "Thực hiện"],
            ["A", "B", 1, 2, 3, 4, 5, 6],
            [1, "Làm mới nhà"],
        ],
        merged=["A2:A3", "B2:B3", "C2:C3", "D2:D3", "E2:E3", "F2:G2", "H2:H3"],
    )
    assert asked(table) == [
        ("Làm mới nhà – Số hộ", "count", "hộ"),
        ("Làm mới nhà – Số dê", "", ""),
        ("Làm mới nhà – Diện tích (ha)", "area_ha", "ha"),
        ("Làm mới nhà – Kinh phí Thực hiện", "decimal", "triệu đồng"),
    ]
    assert table.left == [("Kinh phí Kế hoạch", "plan"), ("Vốn KH", "plan")]


def test_in_a_table_of_columns_too_a_titles_money_is_for_money() -> None:
    heads = ["STT", "Thôn", "Số hộ được vay", None, "Giao thông", "Kinh phí giáo dục", "Kế hoạch", None]
    table = read(
        [
            ["(ĐVT: triệu đồng)"],
            heads,
            [None, None, "Kinh", "Tày", None, None, "Số hộ", "Kinh phí"],
            [1, "Nà Hin", 3, 4, 5, 6, 7, 8],
        ],
        merged=["A2:A3", "B2:B3", "C2:D2", "E2:E3", "F2:F3", "G2:H2"],
    )
    assert asked(table) == [
        ("Số hộ được vay – Kinh", "count", "hộ"),
        ("Số hộ được vay – Tày", "count", "hộ"),
        ("Giao thông", "decimal", "triệu đồng"),
        ("Kinh phí giáo dục", "decimal", "triệu đồng"),
    ]
    assert [heading for heading, _ in table.left] == ["Thôn", "Kế hoạch – Số hộ", "Kế hoạch – Kinh phí"]


def test_one_column_of_figures_counts_what_it_says() -> None:
    rows = [["(ĐVT: triệu đồng)"], ["TT", "Nội dung", "Số hộ"], [1, "Làm mới nhà"], [2, "Khó khăn"]]
    assert asked(read(rows)) == [("Làm mới nhà", "count", "hộ"), ("Khó khăn", "text", "")]


@pytest.mark.parametrize(
    ("heads", "rows", "labels"),
    [
        (
            ["STT", "Vật nuôi", "ĐVT", "Số lượng"],
            [[1, "Đàn trâu", "con"], [None, "Trong đó: cày kéo", "con"], [2, "Gia cầm", "nghìn con"]],
            ["Đàn trâu", "Đàn trâu – cày kéo", "Gia cầm"],
        ),
        (
            ["STT", "Loại cây trồng", "Diện tích (ha)", "Sản lượng (tấn)"],
            [[1, "Lúa"], [2, "Ngô"]],
            [
                "Lúa – Diện tích (ha)",
                "Lúa – Sản lượng (tấn)",
                "Ngô – Diện tích (ha)",
                "Ngô – Sản lượng (tấn)",
            ],
        ),
        (["STT", "Tên thôn, tổ", "Số hộ", "Số khẩu"], [[1, "Nà Hin"], [2, "Sáo"]], ["Số hộ", "Số khẩu"]),
        (
            ["STT", "Họ tên trẻ", "Cân nặng (kg)", "Chiều cao (cm)"],
            [[1, "Lò A"], [2, "Lò B"]],
            ["Họ tên trẻ"],
        ),
    ],
)
def test_rows_are_asked_about_whatever_heads_their_words(
    heads: list[str], rows: list[list[object]], labels: list[str]
) -> None:
    """But rows of places and of people are not."""
    assert [label for label, _, _ in asked(read([heads, *rows]))][: len(labels)] == labels


def test_columns_beyond_the_lowest_row_of_a_head_and_units_of_many_things() -> None:
    rows = [
        ["STT", "Chỉ tiêu", "ĐVT", "Biến động", None, "Cuối kỳ"],
        [None, None, None, "Nhập", "Xuất"],
        [1, "Gia cầm", "nghìn con"],
    ]
    assert asked(read(rows, merged=["D1:E1"])) == [
        ("Gia cầm – Biến động Nhập", "decimal", "nghìn con"),
        ("Gia cầm – Biến động Xuất", "decimal", "nghìn con"),
        ("Gia cầm – Cuối kỳ", "decimal", "nghìn con"),
    ]


def test_a_heading_that_only_leads_to_others_is_asked_about_all_the_same() -> None:
    table = read([["TT", "Thôn", "Tổng số hộ", "Trong đó"], [1, "Nà Hin", 120, 5]])
    assert [label for label, _, _ in asked(table)] == ["Tổng số hộ", "Tổng số hộ – Trong đó"]


def test_tables_that_cannot_be_a_form_say_why() -> None:
    assert [fault.code for fault in read([["a", 1], ["b", 2]]).faults] == ["headings"]
    assert [fault.code for fault in read([HEADS, *[[n, f"Số vụ {n}"] for n in range(201)]]).faults] == [
        "too_many_questions"
    ]
    assert read([HEADS, [1, "Số hộ", "hộ"]], [HEADS, [1, "Số vụ", "vụ"]]).sheets == ["Biểu 1", "Biểu 2"]


@pytest.mark.parametrize(
    ("written", "unit"), [("Hộ", "hộ"), ("Tr.đ", "triệu đồng"), ("HTX", "HTX"), ("1.000 đồng", "nghìn đồng")]
)
def test_units_are_named_as_here(written: str, unit: str) -> None:
    assert unit_named(written) == unit


def test_brackets_that_hold_no_unit_stay_with_the_words() -> None:
    assert own_unit("", "Hộ nghèo (chuẩn mới)") == ("", "Hộ nghèo (chuẩn mới)")
    assert own_unit("", "Gia súc (bò)") == ("", "Gia súc (bò)")
    assert own_unit("", "Đường bê tông (km)") == ("km", "Đường bê tông")


def test_each_doubt_is_asked_and_the_form_can_be_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "nuoc-q4.csv").write_bytes(WATER.read_bytes())
    call = ["thonbao", "form", "from-table", "nuoc-q4.csv"]
    assert "--preview" in run(call)
    assert not (tmp_path / "plans").exists()
    said = run(call, ["1"])
    assert "không quá “Số hộ dùng nước hợp vệ sinh”" in said
    made = tmp_path / "plans" / "forms" / "nuoc-q4.md"
    form = compile_form(made.read_bytes(), made.name)
    assert [question.name for question in form.asked if question.relevant] == [
        "nq_tong_so_ho_ho_dan_toc_thieu_so",
        "nq_so_ho_dung_nuoc_hop_ve_sinh_tu_c",
    ]
    assert "# Dòng 4: Tổng số hộ" in made.read_text(encoding="utf-8")
    assert "Phiếu “nuoc-q4” dùng được" in run(["thonbao", "form", "check", str(made)])
    assert "nuoc-q4" in run(call)  # the file is there, and is not written over


def test_a_cell_cannot_end_its_table_or_refer_to_a_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = [[1, "Số hộ | có ${x} # nước\n| settings |", "hộ"]]
    (tmp_path / "bieu.xlsx").write_bytes(book([HEADS, *rows]))
    run(["thonbao", "form", "from-table", "bieu.xlsx", "--yes"])
    made = tmp_path / "plans" / "forms" / "bieu.md"
    [question] = compile_form(made.read_bytes(), made.name).asked
    assert question.labels["vi"] == ("Số hộ | có $ {x} # nước | settings |",)

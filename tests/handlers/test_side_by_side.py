"""Places and times beside each other: each number with its own time, and the sum of what was done."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from reports.spreadsheet import workbook
from tests.handlers.beginnings import Beginnings, commune_officer
from tests.handlers.chatting import Phone, Town, bundled, send_report, text_of

BEGINNINGS = Beginnings("side by side", officer=commune_officer)


@pytest.fixture
def kind() -> str:
    """It makes no difference on which database an answer is worded."""
    return "sqlite"


async def reported(town: Town, form: str, place: str, key: str, **counts: int) -> None:
    """A village's report for a period, its numbers by question."""
    paths = {question.name: question.path for question in bundled(form).questions}
    await send_report(town, form, place, {paths[name]: str(n) for name, n in counts.items()}, key=key)


async def test_each_number_bears_its_own_time(town: Town, officer: Phone) -> None:
    """One place has only an earlier report, the other none: the earlier number does not stand under the new period."""
    await reported(
        town, "giam-ngheo", "Nà Hin", "2026-H1", gn_ho=55, gn_ho_dtts=40, gn_ngheo=11, gn_ngheo_dtts=10
    )
    said = text_of(await officer.says("Nà Lốc với Nà Hin thôn nào nhiều hộ nghèo hơn"))
    assert "thôn Nà Lốc, xã Vĩnh Thông, tỉnh Thái Nguyên, 6 tháng cuối năm 2026: chưa có báo cáo" in said
    assert "thôn Nà Hin, xã Vĩnh Thông, tỉnh Thái Nguyên, 6 tháng đầu năm 2026: 11 hộ" in said
    await reported(
        town, "giam-ngheo", "Nà Lốc", "2026-H1", gn_ho=50, gn_ho_dtts=40, gn_ngheo=9, gn_ngheo_dtts=9
    )
    said = text_of(await officer.says("Nà Lốc với Nà Hin thôn nào nhiều hộ nghèo hơn"))
    assert "thôn Nà Hin, xã Vĩnh Thông, tỉnh Thái Nguyên: 11 hộ" in said, (
        "both are of the period in the heading"
    )


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("hộ được hỗ trợ nhà ở quý 2 và quý 3 tổng cộng", "Cộng: 6 hộ"),
        ("cộng hộ được hỗ trợ nhà ở quý 2 với quý 3", "Cộng: 6 hộ"),
        ("hộ được hỗ trợ nhà ở quý 2 và quý 3", "Tăng 2 hộ"),
        (
            "hộ được hỗ trợ nhà ở quý 1 và quý 3 tổng cộng",
            "Không cộng được: có kỳ không hiện số, hoặc chưa có số.",
        ),
        ("nhà tạm quý 2 và quý 3 cộng lại", "Không cộng các kỳ: đây là số đang có ở từng kỳ"),
    ],
)
async def test_what_was_done_adds_up_over_times_and_what_there_is_does_not(
    town: Town, officer: Phone, asked: str, told: str
) -> None:
    for key, helped, houses in (("2026-Q2", 2, 9), ("2026-Q3", 4, 7)):
        await reported(town, "ho-tro", "Nà Hin", key, nha_ho_tro_ky=helped)
        await reported(town, "nha-o", "Nà Hin", key, nha_tam=houses)
    said = text_of(await officer.says(asked))
    assert told in said
    assert ("Tăng" in said) is told.startswith("Tăng")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("nhà tạm năm nay so với quý 2", "Giảm 3 hộ (quý II/2026: 9 hộ)"),
        ("nhà tạm quý 2 so với năm nay", "Giảm 3 hộ (quý II/2026: 9 hộ)"),
        ("so sánh nhà tạm năm 2026 với quý 2", "Giảm 3 hộ (quý II/2026: 9 hộ)"),
        ("nhà tạm năm nay tăng hay giảm so với quý 2", "Giảm 3 hộ (quý II/2026: 9 hộ)"),
        ("nhà tạm cuối năm so với giữa năm", "Giảm 3 hộ (quý II/2026: 9 hộ)"),
        ("thôn nào nhà tạm năm nay giảm so với quý 2", "1. thôn Nà Hin: giảm 3 hộ (quý II/2026: 9 hộ)"),
    ],
)
async def test_a_longer_time_stands_where_its_figure_is_from(
    town: Town, officer: Phone, asked: str, told: str
) -> None:
    """A year's figure is its newest quarter's: it comes after the second quarter, though the year begins before that."""
    for key, houses in (("2026-Q2", 9), ("2026-Q3", 7), ("2026-Q4", 6)):
        await reported(town, "nha-o", "Nà Hin", key, nha_tam=houses)
    assert told in text_of(await officer.says(asked))


@pytest.mark.parametrize(
    ("asked", "helped", "left"),
    [
        ("kết quả xóa nhà tạm", "năm 2026: 6 hộ", "quý III/2026: 6 hộ"),
        ("tình hình xoá nhà tạm", "năm 2026: 6 hộ", "quý III/2026: 6 hộ"),
        ("đã xóa được bao nhiêu nhà tạm", "năm 2026: 6 hộ", "quý III/2026: 6 hộ"),
        ("xóa nhà tạm quý 2", "quý II/2026: 2 hộ", "quý II/2026: 9 hộ"),
    ],
)
async def test_the_work_itself_is_told_with_what_remains_named_so(
    town: Town, officer: Phone, asked: str, helped: str, left: str
) -> None:
    for key, done, houses in (("2026-Q2", 2, 9), ("2026-Q3", 4, 6)):
        await reported(town, "ho-tro", "Nà Hin", key, nha_ho_tro_ky=done)
        await reported(town, "nha-o", "Nà Hin", key, nha_tam=houses)
    said = text_of(await officer.says(asked))
    assert "là số hiện còn; phần đã làm được xem ở dưới ạ." in said
    assert f"Hộ được hỗ trợ nhà ở, {helped}" in said
    assert f"Hiện còn, {left}" in said


UNSURE = ("hơn thôn", "bằng nhau")


@pytest.mark.parametrize(
    ("asked", "told", "untold"),
    [
        (
            "so sánh tỷ lệ nhà tạm thôn Nà Hin với thôn Nà Lốc",
            ["thôn Nà Lốc hơn thôn Nà Hin 5,8 điểm %", "5/120 = 4,2 %", "4/40 = 10 %"],
            ["Nà Hin hơn"],
        ),
        (
            "thôn Nà Lốc với thôn Bản Pàu tỷ lệ nhà tạm thôn nào cao hơn",
            ["Chưa có đủ tổng số để tính tỷ lệ."],
            UNSURE,
        ),
        ("so sánh nhà tạm thôn Nà Hin với thôn Nà Lốc", ["thôn Nà Hin hơn thôn Nà Lốc 1 hộ"], ["%"]),
        (
            "tỷ lệ nhà tạm thôn Nà Hin quý 2 so với quý 4",
            ["5/120 = 4,2 %", "Mức thay đổi là của số (hộ), không phải của tỷ lệ.\nGiảm 1 hộ"],
            [],
        ),
        (
            "thôn nào tỷ lệ nhà tạm giảm so với quý 2",
            ["Mức thay đổi là của số (hộ), không phải của tỷ lệ."],
            [],
        ),
        ("thôn nào nhà tạm giảm so với quý 2", ["giảm 1 hộ"], ["Mức thay đổi là của số"]),
    ],
)
async def test_a_share_is_never_compared_by_numbers(
    town: Town, officer: Phone, asked: str, told: list[str], untold: list[str]
) -> None:
    """The larger village has more such houses, but the smaller share; and of a third nobody knows the households."""
    for village, houses, whole in (("Nà Hin", 5, 120), ("Nà Lốc", 4, 40), ("Bản Pàu", 4, 0)):
        for key, number in (("2026-Q2", houses + 1), ("2026-Q4", houses)):
            await reported(town, "nha-o", village, key, nha_tam=number)
        if whole:
            await reported(town, "nuoc-sach", village, "2026-10", nuoc_ho=whole, nuoc_ho_hvs=20, **OTHERWISE)
    said = text_of(await officer.says(asked))
    assert [one for one in told if one not in said] == [], said
    assert [one for one in untold if one in said] == [], said


OTHERWISE = {
    "nuoc_ho_dtts": 9,
    "nuoc_ho_dtts_hvs": 9,
    "nuoc_ho_tap_trung": 9,
    "nuoc_ho_thieu": 9,
    "nuoc_ct_hong": 9,
}
"""Answers of the questionnaire on water that a test does not ask for."""


async def test_differences_are_of_the_exact_shares(town: Town, officer: Phone) -> None:
    """In a ranking of changes and between two places; the differences of what is written would be 1,6, 1,6 and 12,3."""
    for village, whole, before, now in (("Nà Hin", 120, 107, 109), ("Nà Lốc", 130, 100, 102)):
        for key, clean in (("2026-09", before), ("2026-10", now)):
            await reported(town, "nuoc-sach", village, key, nuoc_ho=whole, nuoc_ho_hvs=clean, **OTHERWISE)
    said = text_of(await officer.says("thôn nào nước hợp vệ sinh tăng nhiều nhất tháng 10"))
    assert "1. thôn Nà Hin: tăng 1,7 điểm %" in said
    assert "2. thôn Nà Lốc: tăng 1,5 điểm %" in said
    said = text_of(await officer.says("so sánh nước hợp vệ sinh Nà Hin và Nà Lốc tháng 10"))
    assert "thôn Nà Hin hơn thôn Nà Lốc 12,4 điểm %" in said


async def test_units_are_held_against_another_place_s_exact_share(town: Town, officer: Phone) -> None:
    """The commune has 226 of 251, 90,04 %, written 90: the village with exactly 90 % is below it."""
    for village, whole, clean in (("Nà Hin", 151, 136), ("Nà Lốc", 100, 90)):
        await reported(town, "nuoc-sach", village, "2026-10", nuoc_ho=whole, nuoc_ho_hvs=clean, **OTHERWISE)
    said = text_of(await officer.says("thôn nào nước hợp vệ sinh tháng 10 thấp hơn toàn xã"))
    assert "1 thôn dưới 90 %:" in said
    assert "1. thôn Nà Lốc: 90 % (90/100)" in said


async def test_a_row_of_a_sheet_says_what_its_sum_lacks(town: Town, officer: Phone) -> None:
    """As the chat does: who reported for a part of the time, and the periods nobody reported for."""
    for village, key in (("Nà Hin", "2026-Q2"), ("Nà Hin", "2026-Q3"), ("Nà Lốc", "2026-Q2")):
        await reported(town, "ho-tro", village, key, nha_ho_tro_ky=3)
    said = text_of(await officer.says("hộ được hỗ trợ nhà ở xã Vĩnh Thông năm 2026"))
    [sent] = await officer.says("xuất excel hộ được hỗ trợ nhà ở các thôn năm 2026")
    assert sent.document is not None
    sheet = load_workbook(BytesIO(workbook(sent.document.made or {}))).worksheets[1]
    notes = {row[0]: (row[1], row[9]) for row in sheet.iter_rows(values_only=True)}
    missing = "Chưa có báo cáo của: quý I/2026, quý IV/2026; chưa tính vào số này."
    partly = "1/3 thôn báo đủ các kỳ được tính; 1 thôn chỉ báo một phần; 1 thôn chưa có số"
    assert partly in said
    assert missing in said
    assert notes["xã Vĩnh Thông"] == (9, f"{partly}. {missing}")
    assert notes["thôn Nà Hin"] == (6, missing)
    assert notes["thôn Nà Lốc"][1] == (
        "Chưa có báo cáo của: quý I/2026, quý III/2026, quý IV/2026; chưa tính vào số này."
    )

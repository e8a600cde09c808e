"""All households are asked for in several questionnaires: from which one an answer is, and what is said if they disagree."""

from io import BytesIO

import pytest
from openpyxl import load_workbook

from reports.spreadsheet import workbook
from storage import ledger
from tests.handlers.beginnings import Beginnings, commune_officer
from tests.handlers.chatting import Phone, Town, bundled, send_report, text_of

WATER = {"nuoc_ho": 50, "nuoc_ho_dtts": 40, "nuoc_ho_hvs": 25, "nuoc_ho_dtts_hvs": 20, "nuoc_ho_thieu": 3}
POOR = {"gn_ho": 55, "gn_ho_dtts": 40, "gn_ngheo": 11, "gn_ngheo_dtts": 10}
FIRST_HALF, JULY = "2026-H1", "2026-07"

BEGINNINGS = Beginnings("asked elsewhere", officer=commune_officer)


@pytest.fixture
def kind() -> str:
    """It makes no difference on which database an answer is worded."""
    return "sqlite"


async def reported(town: Town, form: str, place: str, counts: dict[str, int], key: str = "") -> None:
    """A village's report, its numbers by question."""
    paths = {question.name: question.path for question in bundled(form).questions}
    await send_report(town, form, place, {paths[name]: str(n) for name, n in counts.items()}, key=key)


async def test_a_number_says_which_questionnaire_it_is_from(town: Town, officer: Phone) -> None:
    await reported(town, "nuoc-sach", "Nà Hin", WATER)
    await reported(town, "nuoc-sach", "Nà Lốc", WATER)
    said = text_of(await officer.says("số hộ xã mình"))
    assert "Tổng số hộ theo phiếu «Nước sinh hoạt»: 100 hộ" in said
    assert "Tổng số hộ DTTS theo phiếu «Nước sinh hoạt»: 80 hộ" in text_of(
        await officer.says("số hộ dtts xã mình")
    )
    await officer.says("/ngonngu")
    await officer.presses("English")
    said = text_of(await officer.says("all households of the commune"))
    assert "All households by the form “Water”: 100 households" in said


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ("6 tháng đầu năm", "Kỳ: 6 tháng đầu năm 2026"),
        ("tháng 6", "Kỳ: tháng 6/2026 (số của 6 tháng đầu năm 2026)"),
        ("quý 2", "Kỳ: quý II/2026 (số của 6 tháng đầu năm 2026)"),
        ("tháng 5", "Kỳ: 6 tháng đầu năm 2026"),
    ],
)
async def test_a_time_before_the_own_reports_is_told_by_another_questionnaire(
    town: Town, officer: Phone, when: str, told: str
) -> None:
    """The poor are counted in each half-year, water in each month since July: for June only one of them knows."""
    await reported(town, "giam-ngheo", "Nà Hin", POOR, FIRST_HALF)
    await reported(town, "nuoc-sach", "Nà Hin", WATER, JULY)
    for where, of in (("xã mình", "1/3 thôn báo kỳ này"), ("thôn Nà Hin", "đủ 1/1 thôn báo kỳ này")):
        said = text_of(await officer.says(f"tổng số hộ {where} {when}"))
        assert "Tổng số hộ theo phiếu «Hộ nghèo và hộ thiếu đất»: 55 hộ" in said
        assert told in said
        assert of in said
    said = text_of(await officer.says("tổng số hộ xã mình tháng 7"))
    assert "Tổng số hộ theo phiếu «Nước sinh hoạt»: 50 hộ" in said
    said = text_of(await officer.says("tổng số hộ xã mình năm 2025"))
    assert "Chưa thôn nào báo kỳ này (0/3)" in said, "nobody said anything then"


async def test_it_is_the_same_questionnaire_in_every_way_out(town: Town, officer: Phone) -> None:
    """In a list, a spreadsheet, a comparison and a share of all, as in the single answer."""
    for place in ("Nà Hin", "Nà Lốc"):
        await reported(town, "giam-ngheo", place, POOR, FIRST_HALF)
        await reported(town, "nha-o", place, {"nha_tam": 11}, "2026-Q2")
    await reported(town, "giam-ngheo", "Nà Hin", {**POOR, "gn_ho": 60})
    await reported(town, "nuoc-sach", "Nà Hin", WATER)
    listed = text_of(await officer.says("số hộ các thôn 6 tháng đầu năm"))
    assert listed.startswith("Tổng số hộ theo phiếu «Hộ nghèo và hộ thiếu đất», các thôn")
    assert "1. thôn Nà Hin: 55 hộ" in listed
    [sent] = await officer.presses("Excel")
    assert sent.document is not None
    assert sent.document.made is not None
    front = load_workbook(BytesIO(workbook(sent.document.made))).worksheets[0]
    cells = [str(cell.value) for row in front.iter_rows() for cell in row]
    assert any("theo phiếu «Hộ nghèo và hộ thiếu đất»" in cell for cell in cells)
    both = text_of(await officer.says("so sánh tổng số hộ 6 tháng đầu năm và 6 tháng cuối năm"))
    assert "theo phiếu «Hộ nghèo và hộ thiếu đất»" in both
    assert "Tăng 5 hộ" in both, "by the one questionnaire that both half-years have"
    said = text_of(await officer.says("tỷ lệ nhà tạm quý 2"))
    assert (
        "Trên Tổng số hộ theo phiếu «Hộ nghèo và hộ thiếu đất» (6 tháng đầu năm 2026, 2 thôn): 22/110 = 20 %."
        in said
    )
    joint = text_of(await officer.says("thôn nào nhà tạm trên 5 và tổng số hộ trên 50 quý 2"))
    assert "theo phiếu «Hộ nghèo và hộ thiếu đất»" in joint


async def test_its_sums_are_those_of_the_reports(town: Town, officer: Phone) -> None:
    """What the ledger adds up of the other questionnaire is found again by `verify`, also after a correction."""
    await reported(town, "giam-ngheo", "Nà Hin", POOR, FIRST_HALF)
    await reported(town, "giam-ngheo", "Nà Hin", {**POOR, "gn_ho": 57}, FIRST_HALF)
    assert "57 hộ" in text_of(await officer.says("tổng số hộ xã mình 6 tháng đầu năm"))
    assert await town.storage.write(ledger.verify) == []


async def test_where_questionnaires_disagree_it_is_said(town: Town, officer: Phone) -> None:
    """Beside the number itself and beside each share of it: of a village what they say, of a unit in how many villages."""
    for place, households in (("Nà Hin", 55), ("Nà Lốc", 50)):
        await reported(town, "nuoc-sach", place, WATER)
        await reported(town, "giam-ngheo", place, {**POOR, "gn_ho": households})
    poor = "Tổng số hộ ở đây là 50 hộ; phiếu «Hộ nghèo và hộ thiếu đất» (6 tháng cuối năm 2026) ghi 55. Xin kiểm tra lại."
    water = "Tổng số hộ ở đây là 55 hộ; phiếu «Nước sinh hoạt» (tháng 11/2026) ghi 50. Xin kiểm tra lại."
    within = "Tổng số hộ: 1/2 thôn ghi khác nhau giữa các phiếu."
    for question, told in (("tổng số hộ", poor), ("nước hợp vệ sinh", poor), ("tỷ lệ hộ nghèo", water)):
        assert told in text_of(await officer.says(f"{question} thôn Nà Hin")), question
        assert "Xin kiểm tra lại" not in text_of(await officer.says(f"{question} thôn Nà Lốc")), question
        assert within in text_of(await officer.says(f"{question} xã mình")), question
    for question in ("số hộ dtts", "tỷ lệ hộ nghèo dtts"):
        for where in ("thôn Nà Hin", "xã mình"):
            said = text_of(await officer.says(f"{question} {where}"))
            assert "khác nhau" not in said, "both say 40"
            assert "Xin kiểm tra lại" not in said, "both say 40"

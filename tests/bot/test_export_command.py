"""`thonbao export`: what is written, and what is said when it cannot be."""

import csv
import io
import json
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from bot.cli import main
from bot.teller import Teller
from plans.period import PeriodKind, from_key
from reports.workbook import AnswersInWords, ReportBook
from storage.exporting import ExportedReport
from tests.conftest import DEMONSTRATED

NOW = DEMONSTRATED


@pytest.fixture
def thonbao(demonstration: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    monkeypatch.setenv("THONBAO_DATABASE_URL", f"sqlite+aiosqlite:///{demonstration}")
    monkeypatch.setenv("THONBAO_DATA_DIR", str(demonstration.parent))

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["thonbao", *words])
        code = 0
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


def test_csv_and_json_hold_the_same_answers(thonbao) -> None:  # type: ignore[no-untyped-def]
    chosen = ("--place", "xã Vĩnh Thông", "--form", "nuoc-sach")
    code, out, _ = thonbao("export", "-", *chosen)
    assert code == 0
    rows = list(csv.DictReader(io.StringIO(out)))
    _, lines, _ = thonbao("export", "-", "--format", "json", *chosen)
    values = [json.loads(line) for line in lines.splitlines()]
    assert [row["value"] for row in rows] == [value["value"] for value in values]
    assert {row["form"] for row in rows} == {"nuoc-sach"}
    assert "(giả lập)" in rows[0]["place"]
    assert not {"person", "person_id", "name"} & set(rows[0])


def test_days_choose_periods(thonbao) -> None:  # type: ignore[no-untyped-def]
    _, out, _ = thonbao(
        "export", "-", "--form", "nuoc-sach", "--since", "2026-10-01", "--until", "2026-10-31"
    )
    assert {row["period"] for row in csv.DictReader(io.StringIO(out))} == {"2026-10"}


def test_a_workbook_has_numbers(thonbao, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "so-lieu.xlsx"
    code, _, said = thonbao("export", str(file), "--form", "nuoc-sach")
    assert code == 0
    assert "Đã ghi" in said
    front, sheet = load_workbook(file).worksheets
    assert front.title == "Giới thiệu"
    head, first = list(sheet.iter_rows(values_only=True))[:2]
    assert sheet.freeze_panes == "C2"
    assert from_key(first[head.index("Kỳ")]).kind is PeriodKind.MONTH
    assert isinstance(first[head.index("Thôn có tất cả bao nhiêu hộ?")], int)
    assert [row[1] for row in front.iter_rows(values_only=True) if row[0] == "Số báo cáo"] == [
        sheet.max_row - 1
    ]


def test_a_workbook_has_a_sheet_for_each_questionnaire_and_no_formula() -> None:
    moment = datetime(2026, 11, 20, tzinfo=ZoneInfo("UTC"))
    book = ReportBook({"x": "X: [1]"}, {"x": {"/data/a": "A", "/data/n": "N"}}, Teller("vi"))
    for level, value in (("thon", "=1+1"), ("xa", "-5"), ("xa", "1.250")):
        answers = {"/data/a": value, "/data/n": "007"}
        book.add(
            ExportedReport(
                "R",
                1,
                "x",
                1,
                level,
                "@B\x0b",
                "02116",
                "2026-W40",
                1,
                moment,
                level == "xa",
                "approved",
                answers,
            )
        )
    out = io.BytesIO()
    book.save(out, moment)
    sheets = load_workbook(io.BytesIO(out.getvalue())).worksheets
    assert [sheet.title for sheet in sheets[1:]] == ["thôn - X   1", "xã - X   1"]
    cells = [cell for sheet in sheets[1:] for row in sheet.iter_rows(min_row=2) for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert [cell.value for cell in cells if cell.column == 10] == ["=1+1", -5, 1.25]
    assert {cell.value for cell in cells if cell.column in (2, 3, 11)} == {"@B", "02116", "007"}
    assert [cell.value for cell in cells if cell.column == 8] == [None, "muộn", "muộn"]


def test_choices_stand_in_words_and_codes_as_they_are() -> None:
    moment = datetime(2026, 11, 20, tzinfo=ZoneInfo("UTC"))
    columns = {"/data/so": "Số CCCD", "/data/ho/vat": "Vật"}
    in_words = AnswersInWords({"/data/ho/vat": {"xm": "Xe máy", "2": "Ti vi"}}, {"/data/so"})
    book = ReportBook({"x": "X"}, {"x": columns}, Teller("vi"), {"x": {"/data/ho": "Hộ"}}, {"x": in_words})
    answers = {"/data/so": "123456789012", "/data/ho[1]/vat": "xm 2", "/data/ho[2]/vat": "other"}
    book.add(
        ExportedReport("R", 1, "x", 1, "thon", "A", "", "2026-W40", 1, moment, False, "approved", answers)
    )
    out = io.BytesIO()
    book.save(out, moment)
    _, reports, rows = load_workbook(io.BytesIO(out.getvalue())).worksheets
    assert [cell.value for cell in reports[2]][-2:] == ["123456789012", "Xe máy, Ti vi; other"]
    assert [row[-1] for row in rows.iter_rows(min_row=2, values_only=True)] == ["Xe máy, Ti vi", "other"]


def test_what_is_repeated_has_a_sheet_with_a_row_for_each(tmp_path: Path) -> None:
    columns = {"/data/ho/chu": "Chủ hộ", "/data/ho/nguoi/ten": "Tên", "/data/ho/nguoi/tuoi": "Tuổi"}
    repeats = {"/data/ho": "Hộ", "/data/ho/nguoi": "Người"}
    book = ReportBook({"x": "Hộ khẩu"}, {"x": columns}, Teller("vi"), {"x": repeats})
    answers = {
        "/data/ho[1]/chu": "Páo",
        "/data/ho[2]/chu": "Mẩy",
        "/data/ho[2]/nguoi[1]/ten": "Lan",
        "/data/ho[1]/nguoi[1]/tuoi": "40",
        "/data/ho[1]/nguoi[2]/ten": "Bé",
    }
    moment = datetime(2026, 11, 20, tzinfo=ZoneInfo("UTC"))
    facts = ("R", 1, "x", 1, "thon", "Nà Hin", "", "2026-W40", 1, moment, False, "approved")
    book.add(ExportedReport(*facts, answers))
    out = tmp_path / "a.xlsx"
    book.save(out, moment)
    _, whole, houses, people = load_workbook(out)
    assert [row[-3:] for row in whole.iter_rows(values_only=True)][1] == ("Páo; Mẩy", "; Bé; Lan", "40; ; ")
    assert (houses.title, people.title) == ("Hộ - Hộ khẩu", "Người - Hộ khẩu")
    assert [row[-2:] for row in houses.iter_rows(values_only=True)] == [
        ("Mục thứ", "Chủ hộ"),
        (1, "Páo"),
        (2, "Mẩy"),
    ]
    assert [row[-3:] for row in people.iter_rows(values_only=True)][1:] == [
        ("1.1", None, 40),
        ("1.2", "Bé", None),
        ("2.1", "Lan", None),
    ]


def test_sheets_of_long_titles_that_begin_alike_can_be_told_apart() -> None:
    long = "Danh sách các hộ được hỗ trợ, "
    repeats = {"/data/a": f"{long}nhà ở", "/data/b": f"{long}Nước"}
    book = ReportBook({"x": "X"}, {"x": {"/data/a/n": "N", "/data/b/n": "N"}}, Teller("vi"), {"x": repeats})
    moment = datetime(2026, 11, 20, tzinfo=ZoneInfo("UTC"))
    facts = ("R", 1, "x", 1, "thon", "Nà Hin", "", "2026-W40", 1, moment, False, "approved")
    book.add(ExportedReport(*facts, {"/data/a[1]/n": "1", "/data/b[1]/n": "2"}))
    out = io.BytesIO()
    book.save(out, moment)
    titles = load_workbook(out).sheetnames
    assert titles[2:] == ["Danh sách các hộ được hỗ trợ, n", "Danh sách các hộ được hỗ trợ, 2"]
    assert max(map(len, titles)) <= 31


def test_openrosa_and_dhis2(thonbao, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    _, out, _ = thonbao("export", "-", "--format", "openrosa", "--form", "nuoc-sach")
    assert out.startswith("<?xml")
    assert "<nuoc_ho>" in out
    _, listed, _ = thonbao("export", "-", "--form", "nuoc-sach")
    place = next(csv.DictReader(io.StringIO(listed)))["place_id"]
    mapping = tmp_path / "mapping.json"
    mapping.write_text(json.dumps({"dataElement": {"nuoc_ho": "deA"}, "orgUnit": {f"#{place}": "ouB"}}))
    _, out, said = thonbao("export", "-", "--format", "dhis2", "--mapping", str(mapping))
    sent = json.loads(out)["dataValues"]
    assert {value["orgUnit"] for value in sent} == {"ouB"}
    assert "Bỏ qua" in said


def test_wrong_calls_say_what_to_do(thonbao, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    bad = tmp_path / "bad.json"
    bad.write_text("[1]")
    for words in (
        ("-", "--format", "xlsx"),
        ("-", "--format", "dhis2"),
        ("-", "--mapping", str(bad)),
        ("-", "--format", "dhis2", "--mapping", str(bad)),
        ("-", "--place", "xã Không Có"),
    ):
        code, out, said = thonbao("export", *words)
        assert code == 2
        assert said.strip()
        assert "Traceback" not in said
        assert out == ""


@pytest.mark.parametrize(
    ("name", "format", "begins"),
    [
        ("a.csv", "", b"place_id,"),
        ("a.CSV", "csv", b"place_id,"),
        ("a.jsonl", "", b"{"),
        ("a.json", "json", b"{"),
        ("a.xlsx", "", b"PK"),
        ("a.xml", "", b"<?xml"),
    ],
)
def test_a_file_holds_what_its_name_says(
    thonbao, tmp_path: Path, name: str, format: str, begins: bytes
) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / name
    asked = ("--format", format) if format else ()
    assert thonbao("export", str(file), "--form", "nuoc-sach", *asked)[0] == 0
    assert file.read_bytes().startswith(begins)
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    "words", [("a.xls",), ("a",), ("a.txt",), ("a.xlsx", "--format", "csv"), ("a.csv", "--format", "xlsx")]
)
def test_a_name_that_says_something_else_is_refused(thonbao, tmp_path: Path, words: tuple[str, ...]) -> None:  # type: ignore[no-untyped-def]
    code, _, said = thonbao("export", str(tmp_path / words[0]), *words[1:])
    assert code == 2
    assert "Đuôi tệp" in said
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_is_overwritten_only_when_asked(thonbao, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "a.csv"
    file.write_text("years of work")
    code, _, said = thonbao("export", str(file))
    assert (code, file.read_text()) == (2, "years of work")
    assert "--force" in said
    assert thonbao("export", str(file), "--force", "--place", "xã Không Có")[0] == 2
    assert file.read_text() == "years of work"
    assert thonbao("export", str(file), "--force")[0] == 0
    assert file.read_text().startswith("place_id,")


@pytest.mark.parametrize("command", ["export", "backup"])
def test_a_file_that_cannot_be_written_is_named_with_the_reason(  # type: ignore[no-untyped-def]
    thonbao, tmp_path: Path, command: str
) -> None:
    ending = ".csv" if command == "export" else ".zip"
    (tmp_path / "ro").write_text("")
    (tmp_path / f"folder{ending}").mkdir()
    for name in (
        f"ro/x{ending}",
        f"ro/a/x{ending}",
        f"/proc/x{ending}",
        f"folder{ending}",
        "n" * 300 + ending,
    ):
        file = tmp_path / name
        code, _, said = thonbao(command, str(file))
        assert code == 2
        assert f"Không ghi được tệp {file}" in said
        assert "cơ sở dữ liệu" not in said
    assert thonbao(command, str(tmp_path / "new" / f"x{ending}"))[0] == 0

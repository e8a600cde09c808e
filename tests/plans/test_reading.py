"""What cannot be read as a plan is told of all at once: the file, the table, the row, and what to write instead."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.administration import Teller, problem_of
from bot.commands.plan import check
from bot.plan_faults import fault_line
from handlers.wording import catalogue
from plans import reading
from plans.faults import PlanFault, PlansRefused
from plans.mistakes import fields_of
from plans.programme import Cover, Deadline, Programme, Sum
from plans.schedule import Entry
from tests.plans.test_checks import folder, replaced

__all__ = ["folder"]

NGHEO = "indicators/ngheo.toml"
DUE = "programmes/a/deadlines.toml"
ROWS = "programmes/a/targets.csv"
PLAN = "programmes/a/programme.toml"


def faults_of(folder: Path) -> list[PlanFault]:
    with pytest.raises(PlansRefused) as refused:
        reading.read_plans(folder)
    return list(refused.value.faults)


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        (
            "schedule.toml",
            "within = 7",
            "grase = 7",
            ("schedule.toml: [[asked]] 1, ngheo", "unknown_field", "grase", "grace"),
        ),
        (
            "schedule.toml",
            'period = "half"\n',
            "",
            (
                "schedule.toml: [[asked]] 1, ngheo",
                "missing_field",
                "period",
                'period = "week" | "month" | "quarter" | "half" | "nine" | "year"',
            ),
        ),
        (
            "schedule.toml",
            'period = "half"',
            'period = "haft"',
            (
                "schedule.toml: [[asked]] 1, ngheo",
                "wrong_value",
                'period = "haft"',
                "week, month, quarter, half, nine, year",
            ),
        ),
        (
            "schedule.toml",
            "questions = 2",
            'questions = "hai"',
            ("schedule.toml: [[asked]] 1, ngheo", "wrong_value", 'questions = "hai"', "7"),
        ),
        ("schedule.toml", "[[asked]]", "[[askd]]", ("schedule.toml", "unknown_table", "askd", "asked")),
        ("schedule.toml", "[[asked]]", "[asked]", ("schedule.toml", "table", "[asked]", "[[asked]]")),
        ("schedule.toml", "[[asked]]", "asked = [1]", ("schedule.toml: [[asked]] 1", "wrong_value", "1")),
        (
            "schedule.toml",
            'level = "thon"',
            'level = "làng"',
            (
                "schedule.toml: [[asked]] 1, ngheo",
                "wrong_value",
                'level = "làng"',
                "thon, xa, huyen, tinh, nuoc",
            ),
        ),
        (NGHEO, 'level = "xa"', 'levle = "xa"', (f"{NGHEO}: thu-nhap", "unknown_field", "levle", "level")),
        (
            NGHEO,
            'vi = "Thu nhập", en',
            'v1 = "Thu nhập", en',
            (f"{NGHEO}: thu-nhap", "unknown_field", "name.v1", "vi, en"),
        ),
        (
            NGHEO,
            'vi = "Thu nhập", ',
            "",
            (f"{NGHEO}: thu-nhap", "missing_field", "name.vi", 'vi = "…"'),
        ),
        (
            NGHEO,
            'vi = "Chuẩn đến 2026"',
            'vl = "Chuẩn đến 2026"',
            (f"{NGHEO}: ngheo", "unknown_field", "definitions.1.vl", "vi, source, en, first_day"),
        ),
        (
            NGHEO,
            'better = "up"',
            'better = "lên"',
            (f"{NGHEO}: thu-nhap", "wrong_value", 'better = "lên"', "up, down"),
        ),
        (
            NGHEO,
            'numerator = ["thu_nhap"]',
            'numerator = "thu_nhap"',
            (f"{NGHEO}: thu-nhap", "wrong_value", 'numerator = "thu_nhap"', '["…", "…"]'),
        ),
        (
            NGHEO,
            'better = "down"',
            'better = "down"\nid = "x"',
            (f"{NGHEO}: ngheo", "not_here", "id"),
        ),
        (
            "domains.toml",
            'vi = "Giảm nghèo", ',
            "",
            ("domains.toml: ngheo", "missing_field", "vi", 'vi = "…"'),
        ),
        (
            DUE,
            'to = "huyện"\nperiod',
            "period",
            (f"{DUE}: [[deadline]] 1, IV.2", "missing_field", "to", 'to = "…"'),
        ),
        (
            DUE,
            "month = 6",
            'month = "sáu"',
            (f"{DUE}: [[deadline]] 1, IV.2", "wrong_value", 'month = "sáu"', "7"),
        ),
        (
            PLAN,
            "first_day = 2022-01-01",
            'first_day = "1/1/2022"',
            (PLAN, "wrong_value", 'first_day = "1/1/2022"', "2026-01-31"),
        ),
        (
            PLAN,
            'within = "Nghệ An"',
            'whithin = "Nghệ An"',
            (PLAN, "unknown_field", "covers.0.whithin", "within"),
        ),
        (
            PLAN,
            "[[covers]]\n",
            'title_vi = "x"\n[[covers]]\n',
            (PLAN, "unknown_field", "title_vi", "title"),
        ),
        (ROWS, "below,10", "bellow,10", (f"{ROWS}: muc", "wrong_value", 'comparator = "bellow"', None, 3)),
        (ROWS, "below,10,", "below,mười,", (f"{ROWS}: muc", "wrong_value", 'value = "mười"', "98.7", 3)),
        (ROWS, "below,10,", 'below,"10,5",', (f"{ROWS}: muc", "wrong_value", 'value = "10,5"', "98.7", 3)),
        (ROWS, "below,10,", "below,NaN,", (f"{ROWS}: muc", "wrong_value", 'value = "NaN"', "98.7", 3)),
        (ROWS, "below,10,", "below,10,5,", (ROWS, "cells", "muc", "24", 3)),
        (ROWS, "value_high", "value_hight", (ROWS, "unknown_column", "value_hight", "value_high", 1)),
        (ROWS, "value_high,", "", (ROWS, "missing_column", "value_high", "", 1)),
    ],
)
def test_what_is_wrong_is_named_with_what_to_write(
    folder: Path, file: str, old: str, new: str, fault: tuple[str | int | None, ...]
) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    assert any(
        all(wanted in (None, said) for wanted, said in zip(fault, found, strict=False))
        for found in faults_of(folder)
    ), faults_of(folder)


@pytest.fixture
def broken(folder: Path) -> Iterator[Path]:
    """A folder with three faults in three files, which the commands read instead of the bundled plans."""
    replaced(folder / "schedule.toml", "within = 7", "grase = 7")
    replaced(folder / ROWS, "below,10,,%", "bellow,10,,%")
    (folder / DUE).write_text("[[deadline]\n", encoding="utf-8")
    kept, reading.FOLDER = reading.FOLDER, folder  # type: ignore[misc]
    yield folder
    reading.FOLDER = kept  # type: ignore[misc]


def test_the_faults_of_all_files_are_told_at_once_in_both_languages(broken: Path) -> None:
    refused = PlansRefused(faults_of(broken))
    assert str(problem_of(refused, Teller("vi"))).splitlines() == [
        f'{ROWS}: muc, dòng 3: giá trị không đúng: comparator = "bellow"; viết {COMPARATORS}',
        f"{DUE}, dòng 1: không đúng cách viết TOML (Expected ']]' at the end of an array declaration); "
        "mỗi dòng viết tên = giá trị, chữ đặt trong ngoặc kép",
        "schedule.toml: [[asked]] 1, ngheo: không có trường grase; viết grace",
    ]
    assert str(problem_of(refused, Teller("en"))).splitlines()[2] == (
        "schedule.toml: [[asked]] 1, ngheo: there is no field grase; write grace"
    )


COMPARATORS = (
    "at_least, above, at_most, below, complete, eliminate, range, reduce_yearly, reduce_yearly_above, "
    "increase_yearly, shrink_yearly, reduce_average, shrink_average, average, average_above, reduce_share, "
    "multiply, multiply_above, maintain, quota, quota_above, trend"
)


def test_plan_check_tells_what_cannot_be_read(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Exception, match="không có trường grase; viết grace"):
        check()
    with pytest.raises(Exception, match="grase"):
        check(json=True)
    assert '"code": "unknown_field"' in capsys.readouterr().out


def test_a_file_that_is_not_there_or_not_utf_8_is_named(folder: Path) -> None:
    (folder / "domains.toml").unlink()
    (folder / ROWS).write_bytes("giảm".encode("utf-16"))
    assert [(fault.where, fault.code) for fault in faults_of(folder)] == [
        (ROWS, "encoding"),
        ("domains.toml", "no_file"),
    ]


def test_a_spreadsheet_s_mark_before_the_first_column_is_left_out(folder: Path) -> None:
    rows = (folder / ROWS).read_bytes()
    (folder / ROWS).write_bytes(b"\xef\xbb\xbf" + rows.replace(b"\n", b"\r\n"))
    assert len(reading.read_plans(folder).programmes["a"].targets) == 7


@pytest.mark.parametrize("kind", [Entry, Deadline, Sum, Programme, Cover])
def test_each_field_has_an_example(kind: type) -> None:
    assert "…" not in fields_of(kind).values()


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_each_fault_has_a_sentence_without_gaps(lang: str) -> None:
    codes = [key.removeprefix("plan.fault.") for key in catalogue(lang) if key.startswith("plan.fault.")]
    lines = [fault_line(PlanFault("x.toml", code, "này", "kia", 2), Teller(lang)) for code in codes]
    assert len(lines) > 30
    assert [line for line in lines if "{" in line] == []

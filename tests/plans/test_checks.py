"""Every fault in the plans' data is named with its place; and what one small folder of plans says is read."""

import csv
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest

from plans.checks import check
from plans.contradictions import contradictions
from plans.faults import PlanFault
from plans.period import from_key
from plans.reading import read_plans
from plans.target import Target
from plans.target_checks import check_target

COLUMNS: Final = [field.name for field in fields(Target) if field.name not in ("plan", "set_at")]
QUESTIONS: Final = {"ngheo": ["ho", "ho_ngheo"], "thu-nhap": ["thu_nhap"]}

INDICATORS: Final = """
[indicator.ngheo]
name = { vi = "Hộ nghèo", en = "Poor households" }
domain = "ngheo"
level = "thon"
unit = { vi = "%", en = "%" }
factor = 100
better = "down"
numerator = ["ho_ngheo"]
denominator = ["ho"]
source = "Nghị định 07/2021/NĐ-CP"
[[indicator.ngheo.definitions]]
first_day = 2027-01-01
source = "Chuẩn mới"
vi = "Chuẩn từ 2027"
en = "From 2027"
[[indicator.ngheo.definitions]]
vi = "Chuẩn đến 2026"
en = "Until 2026"

[indicator.thu-nhap]
name = { vi = "Thu nhập", en = "Income" }
domain = "ngheo"
level = "xa"
unit = { vi = "triệu đồng", en = "million dong" }
better = "up"
numerator = ["thu_nhap"]
source = "Xã"
definition = { vi = "Thu nhập một người", en = "Income of one person" }
"""
SCHEDULE: Final = """
[[asked]]
form = "ngheo"
level = "thon"
period = "half"
month = 2
day = 8
within = 7
questions = 2
"""
OWN_SCHEDULE: Final = """
[[asked]]
form = "thu-nhap"
level = "xa"
period = "year"
due_days = 10
questions = 1
"""
DEADLINES: Final = """
[[deadline]]
clause = "IV.2"
owes = "xa"
to = "huyện"
period = "half"
calendar = "statutory"
month = 6
day = 25
statement = { vi = "Báo cáo 6 tháng", en = "Half-year report" }

[[deadline]]
clause = "IV.3"
owes = "xa"
to = "huyện"
statement = { vi = "Báo cáo đột xuất", en = "Report on request" }
"""
SUMS: Final = """
[[sum]]
total = "tong"
parts = ["phan-1", "phan-2"]
"""
ROWS: Final = (
    {"id": "giam", "comparator": "reduce_yearly", "value": "2.5", "value_high": "3", "unit": "%"},
    {"id": "muc", "comparator": "below", "value": "10", "unit": "%"},
    {
        "id": "tang",
        "indicator": "thu-nhap",
        "comparator": "multiply",
        "value": "2",
        "unit": "lần",
        "baseline_year": "2020",
    },
    {
        "id": "tong",
        "kind": "capital",
        "indicator": "thu-nhap",
        "comparator": "quota",
        "value": "30.5",
        "unit": "triệu đồng",
    },
    {
        "id": "phan-1",
        "kind": "capital",
        "indicator": "thu-nhap",
        "comparator": "quota",
        "value": "10",
        "unit": "triệu đồng",
    },
    {
        "id": "phan-2",
        "kind": "capital",
        "indicator": "thu-nhap",
        "comparator": "quota",
        "value": "20.5",
        "unit": "triệu đồng",
    },
    {"id": "huong", "kind": "trend", "indicator": "", "comparator": "trend", "year_due": ""},
)


def programme(folder: Path, name: str, covers: str, rows: tuple[dict[str, str], ...]) -> Path:
    """Write a plan for one unit; gives its folder."""
    home = folder / "programmes" / name
    home.mkdir(parents=True)
    (home / "programme.toml").write_text(
        f'document = "Số 1"\ndated = "1/1/2022"\nissuer = "UBND"\nfirst_day = 2022-01-01\n'
        f'last_day = 2025-12-31\nlevel = "huyen"\ntitle = {{ vi = "Kế hoạch {name}" }}\n'
        f'short = {{ vi = "{name}" }}\n[[covers]]\n{covers}\n',
        encoding="utf-8",
    )
    usual = {
        "kind": "target",
        "clause": "II.1",
        "domain": "ngheo",
        "indicator": "ngheo",
        "statement": "…",
        "year_due": "2025",
        "scope": "toàn huyện",
        "level": "thon",
    }
    with (home / "targets.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows({**usual, **row} for row in rows)
    return home


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of plans in which all is well."""
    (tmp_path / "indicators").mkdir()
    (tmp_path / "domains.toml").write_text(
        '[domain]\nngheo = { vi = "Giảm nghèo", en = "Poverty" }\n', encoding="utf-8"
    )
    (tmp_path / "indicators" / "ngheo.toml").write_text(INDICATORS, encoding="utf-8")
    (tmp_path / "schedule.toml").write_text(SCHEDULE, encoding="utf-8")
    home = programme(tmp_path, "a", 'level = "huyen"\nname = "Kỳ Sơn"\nwithin = "Nghệ An"', ROWS)
    (home / "schedule.toml").write_text(OWN_SCHEDULE, encoding="utf-8")
    (home / "deadlines.toml").write_text(DEADLINES, encoding="utf-8")
    (home / "sums.toml").write_text(SUMS, encoding="utf-8")
    return tmp_path


def replaced(path: Path, old: str, new: str) -> None:
    """Change the one `old` in a file."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, (path.name, old)
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_folder_in_which_all_is_well(folder: Path) -> None:
    plans = read_plans(folder)
    assert check(plans, QUESTIONS) == []
    plan = plans.programmes["a"]
    assert [entry.form for entry in plan.schedule] == ["thu-nhap"]
    assert plan.sums[0].parts == ("phan-1", "phan-2")
    half, on_request = plan.deadlines
    assert half.due(from_key("2026-H1S")) == date(2026, 6, 8)
    assert (on_request.period, on_request.due(from_key("2026"))) == (None, None)
    assert half.statement("en") == "Half-year report"


def test_a_programme_s_own_questionnaires_are_asked_of_its_places_alone(folder: Path) -> None:
    plans = read_plans(folder)
    plan = plans.programmes["a"]
    assert plans.asked_of("xa") == ()
    assert [entry.form for entry in plans.asked_of("xa", [plan, plan])] == ["thu-nhap"]
    assert [entry.form for entry in plans.asked_of("thon", [plan])] == ["ngheo"]
    assert plans.entry("thu-nhap") == plan.schedule[0]
    assert plans.entry("thu-nhap", "thon") is None


def test_a_definition_holds_until_the_next_begins(folder: Path) -> None:
    poor = read_plans(folder).indicators["ngheo"]
    assert poor.definition_on(date(2026, 12, 31)).text() == "Chuẩn đến 2026"
    assert poor.definition_on(date(2026, 12, 31)).source == "Nghị định 07/2021/NĐ-CP"
    assert poor.definition_on(date(2027, 1, 1)).text("en") == "From 2027"
    assert poor.definition_on(date(2027, 1, 1)).source == "Chuẩn mới"


NGHEO: Final = "indicators/ngheo.toml"
ROWS_OF_A: Final = "programmes/a/targets.csv"
DUE_OF_A: Final = "programmes/a/deadlines.toml"
ANOTHER_DAY: Final = OWN_SCHEDULE.replace("10", "11")


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        (NGHEO, '["ho_ngheo"]', '["ho_la"]', (f"{NGHEO}: ngheo", "no_question", "ho_la")),
        (NGHEO, 'numerator = ["thu_nhap"]', "", (f"{NGHEO}: thu-nhap", "not_asked", "thu-nhap")),
        (NGHEO, "factor = 100", "", (f"{NGHEO}: ngheo", "factor", "%")),
        (NGHEO, 'level = "thon"', 'level = "xa"', (f"{NGHEO}: ngheo", "level", "thon")),
        (NGHEO, 'en = "From 2027"', "", (f"{NGHEO}: ngheo", "no_definition", "ngheo")),
        (
            "domains.toml",
            "[domain]",
            '[domain]\ny-te = { vi = "Y tế" }',
            ("domains.toml", "empty_domain", "y-te"),
        ),
        (NGHEO, 'vi = "Thu nhập",', 'vi = "HỘ NGHÈO",', (f"{NGHEO}: thu-nhap", "same_name", "ngheo")),
        (NGHEO, ', en = "Income" }', " }", (f"{NGHEO}: thu-nhap", "empty", "name.en")),
        (ROWS_OF_A, "muc,", "giam,", ("a/giam", "twice", "giam")),
        (ROWS_OF_A, "giam,target,II.1", "giam,target,", ("a/giam", "empty", "clause")),
        (ROWS_OF_A, "below,10", "below,", ("a/muc", "no_value", "below")),
        (ROWS_OF_A, "below,10,,%,2025", "below,10,,%,", ("a/muc", "no_year", "muc")),
        (ROWS_OF_A, "below,10,,%", "range,10,,%", ("a/muc", "no_high", "range")),
        (ROWS_OF_A, "2.5,3,%", "2.5,2.5,%", ("a/giam", "no_high", "reduce_yearly")),
        (ROWS_OF_A, "lần,2025,2020", "lần,2025,", ("a/tang", "no_baseline", "multiply")),
        (ROWS_OF_A, "below,10,,%", "below,10,,hộ", ("a/muc", "unit", "hộ, ngheo")),
        (ROWS_OF_A, "multiply,2,,lần", "multiply,2,,%", ("a/tang", "unit", "%, ngheo")),
        (ROWS_OF_A, "below,10,,%", "complete,10,,hộ", ("a/muc", "unit", "hộ, ngheo")),
        (ROWS_OF_A, "below,10,,%", "below,980,,%", ("a/muc", "share", "980 %")),
        (ROWS_OF_A, "quota,20.5", "quota,20.4", ("a/sums.toml: tong", "sum", "30.4 ≠ 30.5")),
        ("programmes/a/sums.toml", "phan-2", "phan-3", ("a/sums.toml: tong", "no_row", "phan-3")),
        (DUE_OF_A, ', en = "Report on request"', "", (f"{DUE_OF_A[11:]}: IV.3", "empty", "statement")),
        (DUE_OF_A, 'period = "half"\n', "", (f"{DUE_OF_A[11:]}: IV.2", "slot", "day 25")),
        ("programmes/a/schedule.toml", "thu-nhap", "la", ("a/schedule.toml", "no_form", "la")),
        ("schedule.toml", "day = 8", "day = 30", ("schedule.toml", "slot", "ngheo, month 2, day 30")),
        (
            "schedule.toml",
            "day = 8",
            "grace = -1",
            ("schedule.toml", "days", "ngheo, grace -1, locked_after None"),
        ),
        ("schedule.toml", "month = 2", "month = 7", ("schedule.toml", "slot", "ngheo, month 7, day 8")),
        ("schedule.toml", "questions = 2", "questions = 8", ("a", "load", "8, 2022-W06 (ngheo 8)")),
        ("schedule.toml", "questions = 2", f"questions = 2{SCHEDULE}", ("schedule.toml", "twice", "ngheo")),
        (
            "schedule.toml",
            "questions = 2",
            f"questions = 2{ANOTHER_DAY}",
            ("a/schedule.toml", "differs", "thu-nhap"),
        ),
    ],
)
def test_a_fault_is_named(folder: Path, file: str, old: str, new: str, fault: tuple[str, str, str]) -> None:
    replaced(folder / file, old, new)
    assert PlanFault(*fault) in check(read_plans(folder), QUESTIONS)


def test_what_only_another_plan_s_places_are_asked_does_not_reach(folder: Path) -> None:
    programme(folder, "b", 'level = "tinh"\nname = "Bắc Kạn"', ROWS[2:3])
    assert check(read_plans(folder), QUESTIONS) == [PlanFault("b/tang", "not_scheduled", "thu_nhap")]


def test_an_indicator_in_two_files_is_refused(folder: Path) -> None:
    (folder / "indicators" / "khac.toml").write_text(INDICATORS, encoding="utf-8")
    with pytest.raises(ValueError, match="ngheo"):
        read_plans(folder)


def test_plans_that_differ_stand_side_by_side(folder: Path) -> None:
    rows = (
        {"id": "muc", "comparator": "below", "value": "12", "unit": "%"},
        {
            "id": "giam",
            "comparator": "reduce_yearly",
            "value": "2.5",
            "value_high": "3",
            "unit": "%",
            "year_due": "2024",
        },
    )
    programme(folder, "b", 'level = "tinh"\nname = "Nghệ An"', rows)
    programme(folder, "c", 'level = "tinh"\nname = "Bắc Kạn"', rows[:1])
    plans = read_plans(folder)
    (found,) = contradictions(plans)
    assert (found.indicator, found.year, found.same_ground) == ("ngheo", 2025, True)
    assert [(each.plan, each.value) for each in found.targets] == [
        ("a", Decimal(10)),
        ("b", Decimal(12)),
        ("c", Decimal(12)),
    ]
    assert contradictions(plans, ["b"]) == (found,)
    assert contradictions(plans, ["nowhere"]) == ()


def test_so_much_a_year_holds_in_every_year_of_a_plan(folder: Path) -> None:
    usual = {"id": "giam", "comparator": "reduce_yearly", "unit": "%"}
    programme(
        folder, "b", 'level = "tinh"\nname = "Nghệ An"', ({**usual, "value": "3.5", "year_due": "2023"},)
    )
    programme(folder, "c", 'level = "tinh"\nname = "Bắc Kạn"', ({**usual, "value": "4"},))
    (found,) = contradictions(read_plans(folder))
    assert (found.year, [each.plan for each in found.targets]) == (2023, ["a", "b", "c"])
    assert found.same_ground


def test_plans_that_agree_are_no_contradiction(folder: Path) -> None:
    rows = ({"id": "muc", "comparator": "at_most", "value": "10.0", "unit": "%"},)
    programme(folder, "b", 'level = "tinh"\nname = "Bắc Kạn"', rows)
    assert contradictions(read_plans(folder)) == ()


def test_plans_for_different_ground_differ_without_binding_anybody_twice(folder: Path) -> None:
    rows = ({"id": "muc", "comparator": "at_most", "value": "9", "unit": "%"},)
    programme(folder, "b", 'level = "tinh"\nname = "Bắc Kạn"', rows)
    assert [each.same_ground for each in contradictions(read_plans(folder))] == [False]


@pytest.mark.parametrize(
    ("inferred", "codes"), [("", []), ("year_due", []), ("clause", ["inferred"]), ("agency", ["inferred"])]
)
def test_only_a_filled_year_scope_or_agency_is_inferred(
    folder: Path, inferred: str, codes: list[str]
) -> None:
    plans = read_plans(folder)
    target = replace(plans.programmes["a"].targets[0], inferred=inferred, agency="")
    assert [fault.code for fault in check_target(plans, target, "a")] == codes

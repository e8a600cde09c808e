"""An office's own plans: what is sound is read beside those of the program, what is not is left out with its place named."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.own_forms import own_forms
from plans.checks import check
from plans.own import is_own, joined
from plans.plans import Plans
from plans.reading import FOLDER, load_plans

PROGRAMME = """
document = "Kế hoạch 12/KH-UBND"
dated = "2026-02-01"
issuer = "UBND tỉnh Thái Nguyên"
first_day = 2026-01-01
last_day = 2030-12-31
level = "tinh"
title = { vi = "Kế hoạch thực hiện chương trình giai đoạn 2026-2030 tỉnh Thái Nguyên" }
short = { vi = "Kế hoạch 12 Thái Nguyên" }
[[covers]]
level = "tinh"
name = "Thái Nguyên"
"""
HEADS = (
    "id,kind,clause,domain,indicator,statement,comparator,value,value_high,unit,year_due,baseline_year,"
    "baseline,scope,level,agency,note"
)
WATER = "nuoc,target,II.1,nuoc,nuoc-hvs,Đạt 98 %,at_least,98,,%,2030,,,hộ nông thôn,thon,,"
GARDENS = """
[indicator.vuon]
domain = "kinh-te"
name = { vi = "Vườn cải tạo" }
unit = { vi = "vườn" }
level = "thon"
better = "up"
stock = false
numerator = ["vuon_cai_tao"]
source = "Kế hoạch 12/KH-UBND"
definition = { vi = "Số vườn được cải tạo trong kỳ" }
"""
DEADLINES = """
[[deadline]]
clause = "V"
owes = "xa"
to = "UBND tỉnh"
period = "half"
month = 6
day = 14
statement = { vi = "Báo cáo 6 tháng" }
"""
FORM = """
| survey | | | |
| | type | name | label |
| | integer | vuon_cai_tao | Bao nhiêu vườn được cải tạo? |
| settings | | |
| | form_title | form_id |
| | Vườn | vuon |
"""
SCHEDULE = """
[[asked]]
form = "vuon"
level = "thon"
period = "quarter"
questions = 1
month = 3
within = 7
"""
FILES = {
    "programmes/tn-12/programme.toml": PROGRAMME,
    "programmes/tn-12/targets.csv": f"{HEADS}\n{WATER}\n",
    "programmes/tn-12/deadlines.toml": DEADLINES,
    "indicators/vuon.toml": GARDENS,
    "schedule.toml": SCHEDULE,
    "forms/vuon.md": FORM,
}


def laid(folder: Path, **changed: str) -> Path:
    """A folder of plans with these files; `changed` by the last part of a name, its dot as an underscore."""
    for name, text in FILES.items():
        file = folder / "plans" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(changed.get(file.name.replace(".", "_"), text), encoding="utf-8")
    return folder / "plans"


def test_the_plans_of_an_office_are_read_beside_the_others(tmp_path: Path) -> None:
    folder = laid(tmp_path)
    plans, there = joined(folder), load_plans()
    assert plans.own_faults == ()
    assert plans.programmes.keys() - there.programmes.keys() == {"tn-12"}
    assert plans.indicators.keys() - there.indicators.keys() == {"vuon"}
    assert set(plans.own) == {"tn-12", "vuon"}
    assert [one.form for one in plans.schedule if one not in there.schedule] == ["vuon"]
    assert [target.id for target in plans.programmes["tn-12"].targets] == ["nuoc"]
    read = own_forms(folder, "vi")
    assert ([form.name for form in read.forms], read.faults) == (["vuon"], [])


def test_a_spreadsheet_may_part_its_cells_as_excel_does_here(tmp_path: Path) -> None:
    semicolons = f"{HEADS}\n{WATER}\n".replace(",", ";")
    plans = joined(laid(tmp_path, targets_csv=semicolons))
    assert plans.own_faults == ()
    assert [target.id for target in plans.programmes["tn-12"].targets] == ["nuoc"]


BAD = f"xau,target,II.1,nuoc,khong-co,Đạt,at_least,98,,%,2030,,,hộ,thon,,\n{WATER}"


@pytest.mark.parametrize(
    ("name", "text", "fault", "kept"),
    [
        ("targets_csv", f"{HEADS}\n{BAD}\n", ("tn-12/targets.csv: xau", "no_indicator", "khong-co", 2), True),
        (
            "targets_csv",
            f"{HEADS}\n{WATER}\n{WATER}\n",
            ("tn-12/targets.csv: nuoc", "twice", "nuoc", 2),
            True,
        ),
        (
            "targets_csv",
            f"{HEADS}\n{WATER.replace(',98,', ',98%,')}\n",
            ("tn-12/targets.csv: nuoc", "wrong_value", "value", 2),
            True,
        ),
        (
            "targets_csv",
            HEADS.replace("clause,", ""),
            ("tn-12/targets.csv", "missing_column", "clause", 1),
            True,
        ),
        ("programme_toml", "document = ", ("tn-12/programme.toml", "toml", "", 0), False),
        (
            "programme_toml",
            PROGRAMME.replace("2030-12-31", "2025-12-31"),
            ("tn-12/programme.toml", "days_reversed", "2025-12-31", 0),
            False,
        ),
        (
            "programme_toml",
            PROGRAMME.split("[[covers]]")[0] + "covers = []\n",
            ("tn-12/programme.toml", "missing_field", "covers", 0),
            False,
        ),
        (
            "programme_toml",
            PROGRAMME.replace("2030-12-31", "9999-12-31"),
            ("tn-12/programme.toml", "range", "last_day", 0),
            False,
        ),
        (
            "targets_csv",
            f"{HEADS}\n{WATER.replace('2030', '20300')}\n",
            ("tn-12/targets.csv: nuoc", "range", "year_due = 20300", 2),
            True,
        ),
        (
            "deadlines_toml",
            DEADLINES.replace("month = 6", "month = 999999"),
            ("tn-12/deadlines.toml: V", "range", "month", 0),
            True,
        ),
        (
            "schedule_toml",
            SCHEDULE.replace("within = 7", "within = 1000000000"),
            ("plans/schedule.toml: vuon", "range", "within", 0),
            True,
        ),
        ("vuon_toml", "indicator = 5", ("indicators/vuon.toml", "table", "indicator", 0), True),
        (
            "vuon_toml",
            GARDENS.replace("Vườn cải tạo", "Tỷ lệ hộ nghèo"),
            ("indicators: vuon", "same_name", "ngheo", 0),
            True,
        ),
        (
            "vuon_toml",
            GARDENS.replace("indicator.vuon", "indicator.ngheo"),
            ("plans/indicators", "taken", "ngheo", 0),
            True,
        ),
        (
            "schedule_toml",
            SCHEDULE.replace('"vuon"', '"nuoc-sach"'),
            ("plans/schedule.toml", "twice", "nuoc-sach", 0),
            True,
        ),
    ],
)
def test_what_does_not_fit_is_left_out_and_named(
    tmp_path: Path, name: str, text: str, fault: tuple[str, str, str, int], kept: bool
) -> None:
    plans = joined(laid(tmp_path, **{name: text}))
    where, code, about, row = fault
    told = [(one.where, one.code, one.about, one.row) for one in plans.own_faults]
    assert any(
        place.endswith(where) and (kind, number) == (code, row) and about in of
        for place, kind, of, number in told
    ), told
    assert ("tn-12" in plans.programmes) is kept
    assert is_intact(plans)


def is_intact(plans: Plans) -> bool:
    """Whether all that comes with the program is there."""
    there = load_plans()
    return (
        there.programmes.items() <= plans.programmes.items()
        and there.indicators.items() <= plans.indicators.items()
        and plans.schedule[: len(there.schedule)] == there.schedule
    )


@given(
    name=st.sampled_from(sorted(FILES)),
    cut=st.integers(0, 900),
    put=st.sampled_from(
        ["", '"', "=", "[[", "\x00", ",,,", "= 5\n", "\n[indicator]\nx = 1\n", "ế", "{}", "'"]
    ),
    drop=st.integers(0, 60),
)
@example(name="programmes/tn-12/targets.csv", cut=0, put="\n", drop=0)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_slip_of_a_hand_keeps_the_others_from_being_read(
    tmp_path_factory: pytest.TempPathFactory, name: str, cut: int, put: str, drop: int
) -> None:
    folder = laid(tmp_path_factory.mktemp("own"))
    text = FILES[name]
    (folder / name).write_text(text[:cut] + put + text[cut + drop :], encoding="utf-8")
    assert is_intact(joined(folder))
    own_forms(folder, "vi")


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"", b"PK\x03\x04"])
def test_a_file_that_is_no_text_is_named(tmp_path: Path, content: bytes) -> None:
    folder = laid(tmp_path)
    (folder / "programmes" / "tn-12" / "targets.csv").write_bytes(content)
    (folder / "forms" / "vuon.xlsx").write_bytes(content)
    assert is_intact(joined(folder))
    assert own_forms(folder, "vi").faults


@pytest.mark.parametrize("content", ["a = " + "[" * 5000, "a = " + "9" * 5000])
@pytest.mark.parametrize(
    "name", ["schedule.toml", "indicators/other.toml", "programmes/other/programme.toml"]
)
def test_no_odd_value_keeps_the_others_from_being_read(tmp_path: Path, name: str, content: str) -> None:
    folder = laid(tmp_path)
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(content)
    plans = joined(folder)
    assert is_intact(plans)
    assert "toml" in {fault.code for fault in plans.own_faults}


def test_a_form_of_the_office_s_own_finds_the_files_beside_it(tmp_path: Path) -> None:
    survey = "| | select_one_from_file giong.csv | giong | Giống nào? |\n| | integer |"
    folder = laid(tmp_path, vuon_md=FORM.replace("| | integer |", survey, 1))
    (folder / "forms" / "giong.csv").write_text("name,label\na,Chè\nb,Cam\n")
    read = own_forms(folder, "vi")
    assert ([form.name for form in read.forms], read.faults) == (["vuon"], [])
    (folder / "forms" / "giong.csv").write_text('name,label\na,"' + "x" * 140_000)
    assert [fault.code for fault in own_forms(folder, "vi").faults] == ["form"]


def test_the_program_s_own_folder_and_none_are_no_office_s(tmp_path: Path) -> None:
    assert not is_own(FOLDER)
    assert not is_own(tmp_path / "plans")


def test_a_form_that_bears_a_name_of_the_program_s_is_not_taken(tmp_path: Path) -> None:
    read = own_forms(laid(tmp_path, vuon_md=FORM.replace("| vuon |", "| nuoc-sach |")), "vi")
    assert ([form.name for form in read.forms], [fault.code for fault in read.faults]) == ([], ["form_taken"])


def test_a_week_that_becomes_too_full_is_told_once_and_of_the_office_s_own_schedule(tmp_path: Path) -> None:
    crowded = SCHEDULE.replace("questions = 1", "questions = 9")
    plans = joined(laid(tmp_path, schedule_toml=crowded))
    forms = {entry.form: ("x",) for entry in plans.entries}
    full = [fault for fault in check(plans, forms) if fault.code == "load"]
    assert [fault.where for fault in full] == ["schedule.toml"]
    assert "(vuon 9" in full[0].about, "it names what fills the week"
    assert not [fault for fault in check(load_plans(), forms) if fault.code == "load"]

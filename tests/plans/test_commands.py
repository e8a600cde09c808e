"""`thonbao plan` and `thonbao period`, as an administrator and a script use them."""

import csv
import io
import json
from dataclasses import replace

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.commands import period, plan
from bot.problems import WrongCall
from plans.reading import load_plans

APP = typer.Typer()
plan.register(APP)
period.register(APP)


def run(*words: str) -> Result:
    return CliRunner().invoke(APP, words)


def said(*words: str) -> str:
    result = run(*words)
    assert result.exit_code == 0, result.exception
    return result.stdout


def test_every_plan_is_listed() -> None:
    assert [row["plan"] for row in json.loads(said("plan", "list", "--json"))] == list(
        load_plans().programmes
    )
    assert "Kế hoạch huyện Bạch Thông 2023" in said("plan", "list")


def test_a_plan_is_shown_with_clauses_and_the_load_it_makes() -> None:
    plans = load_plans()
    text = said("plan", "show", "bac-kan-ctdt", "--year", "2026")
    assert "II.2.a, gạch đầu dòng 7" in text
    assert "7.108 hộ" in text
    body = json.loads(said("plan", "show", "bac-kan-ctdt", "--year", "2026", "--json"))
    plan = plans.programmes["bac-kan-ctdt"]
    assert len(body["commitments"]) == len(plan.targets) + len(plan.deadlines)
    assert [entry["form"] for entry in body["asked"] if entry["level"] == "thon"] == [
        entry.form for entry in plans.asked_of("thon", [plan])
    ]
    village = body["load"]["thon"]
    assert len(village["weeks"]) == 53
    assert village["weeks"][village["fullest"]] == village["most"] == max(village["weeks"].values())
    assert f"Trưởng thôn   nhiều nhất {village['most']} câu" in text


def test_capital_is_shown_with_what_its_parts_add_up_to() -> None:
    lines = said("plan", "show", "nghe-an-352").splitlines()
    capital = lines[lines.index("Vốn") : lines.index("Công trình")]
    assert [line.split("  ")[-1] for line in capital if line.startswith("=")]
    assert any("cộng 2 dòng: 1.473.139 triệu đồng" in line for line in capital)
    assert any("632.118 triệu đồng" in line for line in capital)
    assert any("841.021 triệu đồng" in line for line in capital)


def test_who_owes_what_to_whom_and_by_when() -> None:
    plan = load_plans().programmes["nghe-an-352"]
    lines = said("plan", "show", "nghe-an-352").splitlines()
    deadlines = lines[lines.index("Hạn báo cáo") + 1 :][: len(plan.deadlines)]
    assert all("→ Ban Dân tộc tỉnh" in line for line in deadlines)
    assert any("chậm nhất 14/6" in line for line in deadlines)
    assert any("chậm nhất 14/11" in line for line in deadlines)


def test_what_the_figures_of_a_plan_mean_is_shown() -> None:
    plan = "bac-giang-55-ctr"
    body = json.loads(said("plan", "show", plan, "--year", "2026", "--json"))
    wanted = {row["indicator"] for row in body["commitments"] if row["indicator"]}
    assert {each["indicator"] for each in body["indicators"]} == wanted
    lines = said("plan", "show", plan, "--year", "2026").splitlines()
    meanings = "\n".join(lines[lines.index("Cách tính các chỉ số, năm 2026") :])
    for each in body["indicators"]:
        now = [one for one in each["definitions"] if (one["first_day"] or "") <= "2026-12-31"][-1]
        assert now["vi"] in meanings
        assert now["source"] in meanings


def test_what_plans_say_differently_stands_side_by_side() -> None:
    found = json.loads(said("plan", "check", "--json"))["contradictions"]
    assert found
    text = said("plan", "check")
    for each in found:
        assert len({(row["value"], row["value_high"]) for row in each["targets"]}) > 1
        for row in each["targets"]:
            assert row["clause"] in text


def test_an_unknown_plan_names_those_that_exist() -> None:
    result = run("plan", "show", "nope")
    assert isinstance(result.exception, WrongCall)
    assert "nghe-an-352" in str(result.exception)


def test_the_export_holds_every_commitment_with_its_clause() -> None:
    rows = json.loads(said("plan", "export", "--json"))
    programmes = load_plans().programmes.values()
    assert len(rows) == sum(len(each.targets) + len(each.deadlines) for each in programmes)
    assert len({(row["plan"], row["id"]) for row in rows}) == len(rows)
    assert {row["kind"] for row in rows} >= {
        "target",
        "quota",
        "capital",
        "works",
        "deadline",
        "task",
        "trend",
    }
    for row in rows:
        assert {"plan", "clause", "kind", "domain", "indicator", "statement", "comparator"} <= set(row)
        assert {"value", "value_high", "unit", "year_due", "baseline_year", "scope", "level"} <= set(row)
        assert row["clause"]
    as_table = list(csv.DictReader(io.StringIO(said("plan", "export"))))
    assert [row["statement"] for row in as_table] == [row["statement"] for row in rows]


def test_a_count_is_made_of_questions_that_count_the_same() -> None:
    plans, forms = load_plans(), plan.bundled_forms()
    assert list(plan.check_units(plans, forms)) == []
    houses = replace(plans.indicators["nha-tam"], unit={"vi": "nhà", "en": "houses"})
    odd = replace(plans, indicators={houses.id: houses})
    assert [(fault.code, fault.about) for fault in plan.check_units(odd, forms)] == [
        ("question_unit", "nha_tam, hộ")
    ]


def test_a_questionnaire_that_shows_more_than_the_schedule_says_is_named() -> None:
    plans, forms = load_plans(), plan.bundled_forms()
    for questions in (1, 99):
        odd = replace(plans, programmes={}, schedule=(replace(plans.schedule[0], questions=questions),))
        assert [fault.code for fault in plan.check_counts(odd, forms)] == ["questions"]


def test_the_data_of_the_plans_is_proved() -> None:
    assert json.loads(said("plan", "check", "--json"))["faults"] == []
    assert f"{len(load_plans().programmes)} kế hoạch" in said("plan", "check")


def test_periods_are_listed_to_today_s() -> None:
    text = said("period", "list", "month", "--on", "2026-11-20", "--count", "2")
    assert text.split("\n")[:2] == ["2026-10  tháng 10/2026", "2026-11  tháng 11/2026"]
    legal = json.loads(
        said("period", "list", "half", "--on", "2026-12-14", "--count", "1", "--statutory", "--json")
    )
    assert (legal[0]["key"], legal[0]["start"], legal[0]["end"]) == ("2026-H2S", "2026-06-15", "2026-12-14")


def test_what_is_asked_on_a_day_says_until_when() -> None:
    rows = json.loads(said("period", "asked", "--on", "2026-12-03", "--json"))
    assert {row["window"] for row in rows} <= {"open", "late"}
    for row in rows:
        assert row["opens"] <= "2026-12-03" <= row["closes"]
        assert (row["window"] == "open") == (row["due"] >= "2026-12-03")
    village = [row for row in rows if row["level"] == "thon"]
    assert village == json.loads(said("period", "asked", "--on", "2026-12-03", "--level", "thon", "--json"))
    assert said("period", "asked", "--on", "2026-12-03", "--level", "thon").count("ngừng nhận sau") == len(
        village
    )
    assert isinstance(run("period", "asked", "--plan", "nope").exception, WrongCall)


def test_what_is_put_off_for_a_holiday_says_why() -> None:
    day = ("period", "asked", "--on", "2027-02-09", "--level", "thon")
    health = next(row for row in json.loads(said(*day, "--json")) if row["form"] == "y-te")
    assert (health["planned"], health["due"], health["window"]) == ("2027-02-07", "2027-02-11", "open")
    assert health["holiday"] == "Mùng hai Tết Nguyên Đán"
    assert said(*day).count("hạn dời từ 07/02/2027 (Mùng hai Tết Nguyên Đán)") == 1


def test_a_period_by_its_key() -> None:
    assert said("period", "show", "2026-W46") == "tuần 46 (9-15/11/2026)\n"
    half = said("period", "show", "2026-H1S").splitlines()
    assert half[0] == "6 tháng đầu năm 2026 (15/12/2025-14/6/2026)"
    assert half[1] == "nghỉ 01/01/2026: Tết Dương lịch"
    body = json.loads(said("period", "show", "2026-H1S", "--json"))
    assert [each["day"] for each in body["holidays"]][:2] == ["2026-01-01", "2026-02-16"]
    assert body["holidays"][0]["name"]["en"] == "New Year's Day"
    assert len(body["holidays"]) == len(half) - 1
    result = run("period", "show", "2026-W99")
    assert isinstance(result.exception, WrongCall)
    assert "2026-W47" in str(result.exception)


@pytest.mark.parametrize(
    ("text", "key"), [("tuần này", "2026-W47"), ("quý 3", "2026-Q3"), ("6 tháng đầu năm", "2026-H1")]
)
def test_a_typed_period(text: str, key: str) -> None:
    found = json.loads(said("period", "parse", text, "--on", "2026-11-20", "--json"))
    assert (found["status"], found["key"]) == ("ok", key)


def test_a_typed_period_by_the_decree_s_calendar() -> None:
    found = json.loads(said("period", "parse", "quý 3/2026", "--on", "2026-11-20", "--statutory", "--json"))
    assert (found["key"], found["start"], found["end"]) == ("2026-Q3S", "2026-06-15", "2026-09-14")


@pytest.mark.parametrize(
    ("on", "text", "key"),
    [
        ("2026-11-20", "tháng này", "2026-12S"),
        ("2026-12-14", "quý này", "2026-Q4S"),
        ("2026-12-15", "quý này", "2027-Q1S"),
        ("2026-12-15", "năm ngoái", "2026S"),
        ("2026-11-20", "tháng 12", "2026-12S"),
        ("2026-12-15", "tuần này", "2026-W51"),
    ],
)
def test_this_month_is_the_one_that_today_lies_in_by_the_decree(on: str, text: str, key: str) -> None:
    assert json.loads(said("period", "parse", text, "--on", on, "--statutory", "--json"))["key"] == key


@pytest.mark.parametrize("key", ["2026-W47", "2026-H1S", "2026-9M"])
def test_a_key_is_understood_too(key: str) -> None:
    assert json.loads(said("period", "parse", key.lower(), "--on", "2026-11-20", "--json"))["key"] == key


@pytest.mark.parametrize(
    ("text", "start", "end", "label"),
    [
        ("từ đầu năm", "2026-01-01", "2026-11-20", "1/1-20/11/2026"),
        ("trung tuần tháng 10", "2026-10-11", "2026-10-20", "11-20/10/2026"),
        ("hôm qua", "2026-11-19", "2026-11-19", "19/11/2026"),
    ],
)
def test_days_that_are_no_reporting_period_have_no_key(text: str, start: str, end: str, label: str) -> None:
    found = json.loads(said("period", "parse", text, "--on", "2026-11-20", "--json"))
    assert (found["status"], found["key"], found["start"], found["end"]) == ("ok", None, start, end)
    assert said("period", "parse", text, "--on", "2026-11-20") == f"{label}\n"


def test_what_is_no_period_is_asked_again() -> None:
    assert json.loads(said("period", "parse", "con bò", "--json"))["status"] == "ask"

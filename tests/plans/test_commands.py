"""`thonbao plan` and `thonbao period`, as an administrator and a script use them."""

import csv
import io
import json

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.commands import period, plan
from bot.problems import WrongCall
from plans.plan import load_plans

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
    text = said("plan", "show", "bac-kan-ctdt")
    assert "II.2.a, gạch đầu dòng 7" in text
    assert "7.108 hộ" in text
    assert "nuoc-sach  mỗi tuần" in text
    body = json.loads(said("plan", "show", "bac-kan-ctdt", "--json"))
    assert len(body["commitments"]) == len(load_plans().programmes["bac-kan-ctdt"].targets)
    assert [entry["period"] for entry in body["asked"]] == ["week", "month", "quarter"]


def test_an_unknown_plan_names_those_that_exist() -> None:
    result = run("plan", "show", "nope")
    assert isinstance(result.exception, WrongCall)
    assert "nghe-an-352" in str(result.exception)


def test_the_export_holds_every_commitment_with_its_clause() -> None:
    rows = json.loads(said("plan", "export", "--json"))
    assert len(rows) == sum(len(programme.targets) for programme in load_plans().programmes.values())
    for row in rows:
        assert {"plan", "clause", "kind", "domain", "indicator", "statement", "comparator"} <= set(row)
        assert {"value", "value_high", "unit", "year_due", "baseline_year", "scope", "level"} <= set(row)
        assert row["clause"]
    as_table = list(csv.DictReader(io.StringIO(said("plan", "export"))))
    assert [row["statement"] for row in as_table] == [row["statement"] for row in rows]


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


def test_a_period_by_its_key() -> None:
    assert said("period", "show", "2026-H1S") == "6 tháng đầu năm 2026 (15/12/2025-14/6/2026)\n"
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


def test_what_is_no_period_is_asked_again() -> None:
    assert json.loads(said("period", "parse", "con bò", "--json"))["status"] == "ask"

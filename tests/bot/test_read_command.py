"""`thonbao read`, as a script calls it."""

import json

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.problems import WrongCall

RUN = CliRunner()


def read(*words: str, given: str | None = None) -> list[dict[str, object]]:
    result = RUN.invoke(app, ["read", *words], input=given, catch_exceptions=False)
    assert result.exit_code == 0
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_one_text() -> None:
    assert read("--as", "count", "--unit", "hộ", "khoảng 25") == [
        {"status": "ok", "value": 25, "start": None, "end": None, "estimate": True, "read_back": "25 hộ"}
    ]


def test_a_doubt_says_what_was_wrong() -> None:
    (answer,) = read("--as", "count", "--unit", "hộ", "--lang", "en", "1,234")
    assert (answer["status"], answer["value"], answer["doubt"]) == ("ask", None, "grouping")
    assert answer["candidates"] == ["1.234 hộ"]
    assert "comma" in str(answer["message"])


def test_a_text_that_is_too_long() -> None:
    (answer,) = read("--as", "text", "x" * 4001)
    assert answer["doubt"] == "too_long"
    assert "2.000" in str(answer["message"])
    assert "…" not in str(answer["message"])


def test_a_negative_number_after_two_dashes() -> None:
    assert read("--as", "count", "--", "-5")[0]["doubt"] == "negative"


def test_lines() -> None:
    lines = [
        {"ask": "rate", "input": "12,5"},
        {"ask": "area_ha", "input": "5000m2"},
        {"ask": "money_vnd", "input": "1,5 tỷ"},
        {"ask": "has", "input": "ko"},
        {"ask": "period", "on": "2026-11-20", "input": "quý 3"},
        {"ask": "place", "input": "xã Vĩnh Thông, Thái Nguyên"},
        {"ask": "place", "input": "Bạch Thông"},
    ]
    answers = read("--stdin", given="\n".join(json.dumps(line) for line in lines))
    assert [answer["value"] for answer in answers[:4]] == [12.5, 0.5, 1_500_000_000, False]
    assert (answers[4]["start"], answers[4]["end"]) == ("2026-07-01", "2026-09-30")
    assert answers[5]["read_back"] == "xã Vĩnh Thông, tỉnh Thái Nguyên"
    assert answers[6]["candidates"] == [
        "huyện Bạch Thông, tỉnh Bắc Kạn (cũ)",
        "xã Bạch Thông, tỉnh Thái Nguyên",
    ]


@pytest.mark.parametrize(
    ("words", "given"),
    [
        (["--as", "wish", "25"], None),
        (["--on", "20/11/2026", "25"], None),
        ([], None),
        (["--stdin", "25"], None),
        (["--stdin"], "25"),
        (["--stdin"], '{"ask": "count", "input": 25}'),
    ],
)
def test_wrong_calls(words: list[str], given: str | None) -> None:
    with pytest.raises(WrongCall):
        RUN.invoke(app, ["read", *words], input=given, catch_exceptions=False)

"""`thonbao ask`: what its JSON holds, whatever is asked, and that nothing odd is answered oddly."""

import asyncio
import io
import json
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from bot.cli import main
from bot.demo.build import build
from bot.demo.run import FILE, settings_in
from plans.plan import load_plans

NOW = datetime(2026, 11, 18, 9, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
KEYS = {"intent", "indicator", "place", "level", "period", "order", "n", "format", "status", "text"}
DISTRICT = "demo:can-bo-huyen"
Ask = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ask")
    asyncio.run(build(settings_in(folder), NOW, load_plans()))
    return folder


@pytest.fixture
def ask(demo: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Answers each question by itself, as `contact`."""
    monkeypatch.setenv("THONBAO_DATABASE_URL", f"sqlite+aiosqlite:///{demo / FILE}")
    monkeypatch.setenv("THONBAO_DATA_DIR", str(demo))

    def run(*questions: str, contact: str = DISTRICT) -> list[dict[str, Any]]:
        monkeypatch.setattr(sys, "argv", ["thonbao", "ask", "--stdin", "--as", contact, "--json"])
        lines = "\n".join(json.dumps({"ask": each}) for each in questions)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines.encode()), encoding="utf-8"))
        with time_machine.travel(NOW, tick=False), pytest.raises(SystemExit) as ended:
            main()
        assert not ended.value.code
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return run


PERIODS = {
    "nước hợp vệ sinh toàn huyện": ("2026-11-01", "2026-11-30"),
    "nước hợp vệ sinh tháng 9": ("2026-09-01", "2026-09-30"),
    "nước hợp vệ sinh kỳ trước": ("2026-10-01", "2026-10-31"),
    "nước hợp vệ sinh 3 tháng gần đây": ("2026-09-01", "2026-11-30"),
    "xu hướng nhà tạm": ("2025-07-01", "2026-12-31"),
    "nước hợp vệ sinh tháng 8 và tháng 10": ("2026-08-01", "2026-10-31"),
    "so sánh nhà tạm xã Vĩnh Thông với xã Phong Quang": ("2026-10-01", "2026-12-31"),
    "xã nào nhà tạm nhiều nhất": ("2026-10-01", "2026-12-31"),
    "xuất excel nhà tạm các thôn": ("2026-10-01", "2026-12-31"),
    "thôn nào chưa báo cáo": ("2026-07-01", "2026-12-31"),
    "thôn nào chưa báo cáo tháng 10": ("2026-10-01", "2026-10-31"),
    "tiến độ nhà ở": ("2026-10-01", "2026-12-31"),
    "tiến độ nhà ở quý 3": ("2026-07-01", "2026-09-30"),
    "tình hình xã Vĩnh Thông": ("2026-01-01", "2026-12-31"),
    "công trình nước tập trung khởi công mới": ("2026-07-01", "2026-12-31"),
}


def test_an_answer_always_says_its_period(ask: Ask) -> None:
    for question, said in zip(PERIODS, ask(*PERIODS), strict=True):
        assert said.keys() >= KEYS
        assert said["status"] == "answer", question
        start, end = PERIODS[question]
        assert said["period"] == {"start": start, "end": end}, question
        assert said["periods"], question


def test_each_period_stands_by_itself(ask: Ask) -> None:
    [said] = ask("nước hợp vệ sinh tháng 8 và tháng 10")
    assert said["periods"] == [
        {"start": "2026-08-01", "end": "2026-08-31"},
        {"start": "2026-10-01", "end": "2026-10-31"},
    ]


def test_no_period_where_none_can_be_meant(ask: Ask) -> None:
    for said in ask("hỏi gì được", "giá vàng hôm nay", "số điện thoại trưởng thôn Nà Hin", "nước sạch"):
        assert said["status"] != "answer"
        assert said["period"] is None
        assert said["periods"] == []


def test_a_time_that_is_over_is_not_answered_as_today(ask: Ask) -> None:
    """Where a place stands is known for today; a past period's figure is given, or the indicator asked for."""
    now, then, whole, heard, heard_then = ask(
        "tiến độ nhà ở",
        "tiến độ nhà ở quý 3",
        "tình hình xã Vĩnh Thông tháng 9",
        "thôn nào chưa báo cáo",
        "thôn nào chưa báo cáo tháng 10",
    )
    assert "Tình hình huyện" in now["text"]
    assert "Kỳ: quý III/2026" in then["text"]
    assert (whole["status"], whole["doubt"]) == ("clarify", "which_indicator")
    assert "tháng 11/2026" in heard["text"]
    assert "tháng 10/2026" in heard_then["text"]


def test_what_a_larger_unit_counts_is_said_to_be_so(ask: Ask) -> None:
    [said] = ask("tỷ lệ giải ngân vốn đầu tư xã Vĩnh Thông")
    assert "do tỉnh báo" in said["text"]
    assert "0/0" not in said["text"]

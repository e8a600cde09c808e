"""`thonbao ask`: what its JSON holds, whatever is asked, and that nothing odd is answered oddly."""

import io
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import time_machine

from bot.cli import main
from tests.conftest import DEMONSTRATED

NOW = DEMONSTRATED
KEYS = {"intent", "indicator", "place", "level", "period", "order", "n", "format", "status", "text"}
DISTRICT = "demo:can-bo-huyen"
Ask = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def ask(demonstration: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Answers each question by itself, as `contact`."""
    monkeypatch.setenv("THONBAO_DATABASE_URL", f"sqlite+aiosqlite:///{demonstration}")
    monkeypatch.setenv("THONBAO_DATA_DIR", str(demonstration.parent))

    def run(*questions: str, contact: str = DISTRICT) -> list[dict[str, Any]]:
        monkeypatch.setattr(sys, "argv", ["thonbao", "ask", "--stdin", "--as", contact, "--json"])
        lines = "\n".join(json.dumps({"ask": each}) for each in questions)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines.encode()), encoding="utf-8"))
        with time_machine.travel(NOW, tick=False), pytest.raises(SystemExit) as ended:
            main()
        assert not ended.value.code
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return run


def test_one_who_may_not_ask_does_not_end_the_others(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [{"ask": "hỏi gì được", "as": contact} for contact in ("demo:truong-thon", DISTRICT)]
    given = "\n".join(map(json.dumps, lines))
    monkeypatch.setattr(sys, "argv", ["thonbao", "ask", "--stdin", "--json"])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given.encode()), encoding="utf-8"))
    with pytest.raises(SystemExit) as ended:
        main()
    refused, told = map(json.loads, capsys.readouterr().out.splitlines())
    assert (ended.value.code, refused["line"], told["status"]) == (1, 1, "help")
    assert refused["error"].startswith("Dòng 1: demo:truong-thon")


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
    for said in ask("hỏi gì được", "giá vàng hôm nay", "số điện thoại trưởng thôn Nà Hin", "hộ thiếu"):
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


ODD = {
    "nước " * 800: "too_long",
    "nước hợp vệ sinh\x07\x1b[31m toàn huyện": "unknown_words",
    "\x00\x01": "empty",
    "<script>alert(1)</script>": "outside",
    "<b>nhà tạm</b>": "unknown_words",
    "'; DROP TABLE place; --": "change",
    "select * from submission": "outside",
    "nhà tạm OR 1=1": "unknown_words",
    "=1+1": "outside",
    "=cmd|'/c calc'!A1": "outside",
    "đồ ngu": "outside",
    "how are you": "outside",
    "combien de ménages pauvres": "outside",
    "有多少贫困户": "outside",
    "nhà tạm năm 1800": "which_period",
    "nhà tạm năm 2100": "which_period",
    "nhà tạm 31/2/2026": "which_period",
    "😀": "empty",
    "?!.,;": "empty",
    " ".join(map(str, range(60))): "outside",
    "thôn nào nhà tạm trên 999999999999999999999999999999": "unknown_words",
    "giá vàng xã Vĩnh Thông": "unknown_words",
}


def test_odd_input_gets_a_polite_answer(ask: Ask) -> None:
    for (question, doubt), said in zip(ODD.items(), ask(*ODD), strict=True):
        assert said["doubt"] == doubt, question[:40]
        assert said["status"] in ("clarify", "refuse"), question[:40]
        assert "ạ" in said["text"], question[:40]
        assert len(said["text"]) < 400, question[:40]
        assert not any(ord(letter) < ord(" ") for letter in said["text"].replace("\n", " "))


def test_what_a_larger_unit_counts_is_not_listed_by_smaller_ones(ask: Ask) -> None:
    [said] = ask("thôn nào thu nhập bình quân đầu người cao nhất")
    assert said["text"] == "Số này do tỉnh báo, không có riêng từng thôn ạ."
    assert said["choices"][0].startswith("Số liệu: ")


def test_those_that_have_any_are_named_the_most_first(ask: Ask) -> None:
    listed, counted = ask("xã nào còn nhà tạm", "mấy xã còn nhà tạm")
    assert listed["order"] == "highest"
    assert "5 xã có (trên 0 hộ):" in listed["text"]
    assert "5 xã có (trên 0 hộ):" in counted["text"]


def test_a_name_is_found_with_its_remark_and_without(ask: Ask) -> None:
    answers = ask(
        *(
            f"nhà tạm {name}"
            for name in ("thôn Nà Hin", "thôn nà hin (giả lập)", "na hin", "thôn Nà Hin, xã Vĩnh Thông")
        )
    )
    assert {said["place"] for said in answers} == {"thôn Nà Hin (giả lập), xã Vĩnh Thông, tỉnh Thái Nguyên"}


def test_a_number_is_how_many_even_where_wards_are_called_by_numbers(ask: Ask) -> None:
    [found] = ask("5 xã cao nhất nước hợp vệ sinh", contact="demo:trung-uong")
    assert (found["status"], found["n"], found["level"]) == ("answer", 5, "xa")


def test_what_may_be_chosen_is_told(ask: Ask) -> None:
    doubt, table = ask("bao nhiêu thôn có nước", "chỉ tiêu nào chậm")
    assert doubt["status"] == "clarify"
    assert len(doubt["choices"]) > 1
    assert (table["standing"], table["choices"][-1]) == ("behind", "Xem theo lĩnh vực")


def test_signs_beside_a_question_change_nothing(ask: Ask) -> None:
    plain, *others = ask(
        "nhà tạm toàn huyện",
        "😀 nhà tạm 😀 toàn huyện!!!",
        "nhà tạm*_`[]() toàn huyện",
        "Nhà\ntạm\ntoàn\nhuyện",
    )
    assert plain["status"] == "answer"
    assert {said["text"] for said in others} == {plain["text"]}


FORBIDDEN = {
    "xã Mỹ Lý": "xã Zét Zét",
    "Mỹ Lý": "Zét Zét",
    "tỉnh Nghệ An": "tỉnh Zét Zét",
    "x. Mỹ Lý": "x. Zét Zét",
}
ABOUT = (
    "nước hợp vệ sinh {}",
    "nước hợp vệ sinh {} tháng 10",
    "tình hình {}",
    "so sánh nhà tạm xã Vĩnh Thông với {}",
    "thôn nào chưa báo cáo {}",
    "thôn nào nhà tạm nhiều nhất {}",
    "mấy thôn thiếu nước {}",
    "danh sách thôn thiếu nước {}",
    "xuất excel nhà tạm {}",
    "vẽ biểu đồ nhà tạm ở {}",
    "còn {} thì sao",
    "{}",
)


@pytest.mark.parametrize("contact", ["demo:can-bo-xa", DISTRICT])
def test_forbidden_and_missing_answer_alike(ask: Ask, contact: str) -> None:
    """All but the name that was typed is the same, letter for letter."""
    there = ask(*(question.format(real) for real in FORBIDDEN for question in ABOUT), contact=contact)
    nowhere = ask(
        *(question.format(none) for none in FORBIDDEN.values() for question in ABOUT), contact=contact
    )
    names = [pair for pair in FORBIDDEN.items() for _ in ABOUT]
    for (real, invented), one, other in zip(names, there, nowhere, strict=True):
        name, none = real.casefold().replace(".", ""), invented.casefold().replace(".", "")
        assert one["text"].replace(name, none) == other["text"]
        choices = [label.replace(name, none) for label in one["choices"]]
        assert {**one, "text": "", "choices": choices} == {**other, "text": ""}


def test_beside_the_own_ground_are_totals_only(ask: Ask) -> None:
    total, ranked, missing = ask(
        "nhà tạm xã Phong Quang",
        "thôn nào nhà tạm nhiều nhất xã Phong Quang",
        "thôn nào chưa báo cáo xã Phong Quang",
        contact="demo:can-bo-xa",
    )
    assert "xã Phong Quang" in total["text"]
    only = "Của xã Phong Quang chỉ xem được số tổng ạ."
    assert (missing["text"], missing["choices"]) == (only, ["Hỏi gì được?"])
    assert ranked["text"] == f"{only}\n\n{total['text']}"


def test_what_a_larger_unit_counts_is_said_to_be_so(ask: Ask) -> None:
    [said] = ask("giải ngân vốn đầu tư dự án 1 xã Vĩnh Thông")
    assert "do tỉnh báo" in said["text"]
    assert "0/0" not in said["text"]


OF_BOTH = {
    "so sánh vốn dự án 5 của Bắc Kạn với Nghệ An": ["91.090 triệu", "không tìm thấy gì trong: Chiến lược"],
    "chỉ tiêu nước sạch của Bắc Kạn và Bắc Giang khác nhau thế nào": ["đạt trên 90%", "Phấn đấu đạt 90%"],
    "so sánh mục tiêu giảm nghèo Lạng Sơn với Bắc Kạn": ["Kế hoạch 23-CTr", "Chiến lược công tác dân tộc"],
    "so sánh định mức hỗ trợ nhà ở Bắc Kạn với Nghệ An": ["352 tỉnh Nghệ An 2023.", "(IV.1.2)"],
}


def test_what_the_plans_of_two_provinces_set_is_told_of_both(ask: Ask) -> None:
    """Also of one whose figures the asker may not see; and a province's name is not taken for its town's."""
    for (question, both), told in zip(
        OF_BOTH.items(), ask(*OF_BOTH, contact="demo:can-bo-tinh"), strict=True
    ):
        assert [said for said in both if said not in told["text"]] == [], question
        assert "phường" not in told["text"]
        assert "Kỳ:" not in told["text"], "figures were not asked for"


def test_a_number_is_held_against_what_units_have_on_average(ask: Ask) -> None:
    """Not against what all of them have together: no unit has more than that."""
    [told, share] = ask(
        "xã nào nhà tạm cao hơn bình quân của huyện", "xã nào hộ nghèo cao hơn bình quân chung"
    )
    lines = told["text"].splitlines()
    assert lines[0].startswith("Trung bình mỗi xã: ")
    mean = float(lines[0].split(": ")[1].split(" hộ")[0].replace(",", "."))
    picked = [float(line.split(": ")[1].split(" hộ")[0]) for line in lines if re.match(r"\d+\. xã", line)]
    assert picked
    assert min(picked) > mean
    assert share["text"].startswith("huyện Bạch Thông: "), "a share is an average already"


def test_what_is_approved_is_told_of_the_place_and_of_each_unit_below_it(ask: Ask) -> None:
    """A unit's own reports count with those of its communes and villages, so that the sums agree."""
    [district, commune] = ask("xã nào chưa duyệt số liệu", "số liệu Vĩnh Thông đã duyệt chưa")
    whole, *units = (re.findall(r"(\d+) phiếu", line)[0] for line in district["text"].splitlines())
    own = int(whole) - sum(map(int, units))
    assert 0 <= own <= 10, "what the district itself has sent"
    assert (
        f"• xã Vĩnh Thông: {re.findall(r'nhận ([0-9]+) phiếu', commune['text'])[0]} phiếu" in district["text"]
    )
    assert "0 đã duyệt" in whole_line(district)
    assert district["choices"], "it leads on to what there is to check"


def whole_line(told: dict[str, Any]) -> str:
    """What is said of the place itself."""
    return str(told["text"].splitlines()[0])


def test_who_is_not_told_but_how_many(ask: Ask) -> None:
    [refused] = ask("hộ nào còn ở nhà tạm xã Vĩnh Thông")
    assert refused["status"] == "refuse"
    assert refused["choices"][0].startswith("Hộ ở nhà tạm, nhà dột nát, xã Vĩnh Thông")

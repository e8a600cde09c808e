"""What `form check` says of the schedules: who is asked, what does not fit, and what a weekly rhythm is for."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.form_schedule import schedule_lines
from plans.period import PeriodKind
from plans.plans import Plans
from plans.reading import load_plans
from plans.schedule import Entry
from questionnaires.xlsform import compile_form
from tests.questionnaires.forming import form

WATER = Path(__file__).parents[2] / "questionnaires" / "forms" / "nuoc-sach.md"


def with_entry(kind: PeriodKind, questions: int) -> Plans:
    return replace(load_plans(), schedule=(Entry("nuoc-sach", "thon", kind, questions, within=5),))


@pytest.mark.parametrize(
    ("kind", "questions", "told", "untold"),
    [
        (PeriodKind.MONTH, 7, ["- Hỏi cấp thôn, mỗi tháng"], ["Nhịp tuần", "lịch ghi"]),
        (PeriodKind.MONTH, 3, ["Phiếu có 7 câu, lịch ghi nhiều nhất 3 câu"], ["Nhịp tuần"]),
        (
            PeriodKind.WEEK,
            7,
            ["Nhịp tuần là để quản lý", "ít đổi trong một tuần", "Thôn có tất cả bao nhiêu hộ?"],
            ["lịch ghi"],
        ),
    ],
)
def test_a_form_is_held_against_its_schedule(
    kind: PeriodKind, questions: int, told: list[str], untold: list[str]
) -> None:
    water = compile_form(WATER.read_bytes(), WATER.name)
    text = "\n".join(schedule_lines(with_entry(kind, questions), water, "vi"))
    assert [words for words in told if words not in text] == []
    assert [words for words in untold if words in text] == []


def test_a_form_that_nobody_is_asked_says_how_to_ask_it() -> None:
    lines = [*schedule_lines(load_plans(), form("type | name | label\ntext | a | A"), "vi")]
    assert "Chưa có lịch nào hỏi phiếu này" in lines[1]

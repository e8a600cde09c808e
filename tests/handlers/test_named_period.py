"""A questionnaire is asked for several periods at once: the one that is named is opened, and takes the figures."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from handlers.named_period import named_period, named_time, without_time
from plans.period import PeriodKind, from_key
from storage.tables import InterviewRow
from tests.handlers.beginnings import Beginnings, village_head
from tests.handlers.chatting import ZONE, Phone, Town, labels, text_of

BEGINNINGS = Beginnings("named_period", head=village_head)
FIGURES = "118 109 110 98 60 0 1"
WATER = "nuoc-sach"


@pytest.fixture
def kind() -> str:
    return "sqlite"


@pytest.fixture
async def december(town: Town, head: Phone) -> Phone:
    """The head on a day on which water is asked for both December and, late, November: it is asked from a month's
    first day, as an office's own schedule may want."""
    library = town.dispatch.library
    asked = (replace(entry, day=1) if entry.form == WATER else entry for entry in library.plans.schedule)
    library.plans = replace(library.plans, schedule=tuple(asked))
    town.now = datetime(2026, 12, 2, 8, 30, tzinfo=ZONE)
    await head.says("báo cáo")
    return head


@pytest.mark.parametrize(
    ("words", "number", "sure"),
    [
        ("làm nước tháng 12", 12, False),
        ("lam nuoc thang 11/2026", 11, True),
        ("báo cáo nước tháng trước", 11, True),
        ("nước tháng mười một năm 2026", 11, True),
        ("nhà ở quý iv", 4, False),
    ],
)
def test_a_month_or_quarter_is_read_beside_other_words(words: str, number: int, sure: bool) -> None:
    said = named_period(words, date(2026, 12, 2))
    assert said is not None
    assert (said.number, said.sure_of_year) == (number, sure)
    assert (said.kind is PeriodKind.QUARTER) == ("quý" in words)


@pytest.mark.parametrize(
    ("words", "named", "not_named"),
    [
        ("năm ngoái", "2025-11 2025-Q4 2025-H2 2025", "2026-11 2026-H2 2024-12"),
        ("nam 2025", "2025-11 2025-H1", "2026-11"),
        ("tháng 10 năm ngoái", "2025-10", "2026-10 2025-11"),
        ("quý 3 năm 2025", "2025-Q3", "2026-Q3"),
        ("kỳ trước", "2026-11 2026-Q3 2026-H1 2025", "2026-12 2026-10 2026-Q4"),
        ("6 tháng cuối năm ngoái", "2025-H2 2025-12", "2026-H2 2025-H1"),
        ("6 tháng đầu năm", "2026-H1", "2026-H2 2025-H1"),
        ("tháng 13", "", "2026-01 2026-11 2026-Q4"),
        ("quý 5", "", "2026-11 2026-Q4"),
    ],
)
def test_a_time_names_its_own_periods_alone(words: str, named: str, not_named: str) -> None:
    text = f"lịch sử hộ nghèo Nà Hin {words}"
    said = named_time(text, date(2026, 12, 2))
    assert said is not None
    assert [key for key in f"{named} {not_named}".split() if said.names(from_key(key))] == named.split()
    assert without_time(text).strip() == "lịch sử hộ nghèo Nà Hin"


@pytest.mark.parametrize("words", ["làm nước", "trong 6 tháng 2 hộ thoát nghèo", "6 tháng cuối năm"])
def test_a_span_or_nothing_is_no_period(words: str) -> None:
    assert named_period(words, date(2026, 12, 2)) is None


@pytest.mark.parametrize(
    ("words", "period"),
    [
        ("làm nước sinh hoạt tháng 12", "tháng 12/2026"),
        ("nước tháng 12", "tháng 12/2026"),
        ("làm nước tháng 11", "tháng 11/2026"),
        ("báo cáo nước tháng trước", "tháng 11/2026"),
        ("báo cáo nước tháng này", "tháng 12/2026"),
        (f"báo cáo nước tháng 11: {FIGURES}", "tháng 11/2026"),
        (f"nuoc thang 12 {FIGURES}", "tháng 12/2026"),
    ],
)
async def test_the_period_that_is_named_is_opened(december: Phone, words: str, period: str) -> None:
    assert f"· {period}" in text_of(await december.says(words))


async def test_figures_for_a_period_that_is_not_asked_go_into_no_other(town: Town, december: Phone) -> None:
    said = await december.says(f"báo cáo nước tháng 9: {FIGURES}")
    assert f"«báo cáo nước tháng 9: {FIGURES}» máy chưa ghi" in text_of(said)
    assert "không gửi được lúc này" in text_of(said)
    assert [label.rpartition(", ")[2] for label in labels(said)] == ["tháng 12/2026", "tháng 11/2026"]
    assert await town.rows(InterviewRow) == []


async def test_a_whole_report_goes_on_with_the_draft_that_was_laid_aside(town: Town, december: Phone) -> None:
    for _ in range(2):
        said = text_of(await december.says(f"báo cáo nước tháng 11: {FIGURES}"))
        assert "tháng 11/2026" in said
        assert "118 hộ" in said
        await december.presses("Không đúng")
        await december.says("để sau")
    assert len(await town.rows(InterviewRow)) == 1


async def test_a_number_after_another_screen_opens_no_answer_of_the_review(
    town: Town, december: Phone
) -> None:
    town.channel.can = replace(town.channel.can, buttons=False)
    await december.says(f"báo cáo nước tháng 12: {FIGURES}")
    assert "Gửi" in labels(await december.says("đúng"))
    await december.says("/roi")
    assert "bác vừa xem màn hình khác" in text_of(await december.says("2"))

"""A plan's rows read back from a document: what is left out, and what a row says that the document does not."""

import json
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from bot.commands import plan
from bot.problems import Problem, WrongCall
from plans.document import most_quoted, passages, unquoted
from plans.finding import Searched
from plans.programme import Programme
from plans.readback import Lack, lacking, unbacked
from plans.reading import load_plans
from plans.target import Comparator, Target

APP = typer.Typer()
plan.register(APP)
PLANS = load_plans()
PLAN: Final = PLANS.programmes["lang-son-23-ctr"]
DOCUMENTS: Final = Path(__file__).with_name("documents")
DOCUMENT: Final = """
# KẾ HOẠCH
Mục tiêu đến năm 2025:
- Giảm tỷ lệ hộ nghèo bình quân 3 %/năm; **trên 90 %** hộ dùng nước hợp vệ sinh; tỷ lệ trẻ thấp còi dưới 17%.
- Bố trí đất sản xuất cho 1.373 hộ, đất ở cho 97 hộ.
- Từng bước xóa bỏ tệ nạn ma túy ở các bản vùng cao.
Dự án 4: Đầu tư cầu dân sinh ở các xã vùng cao
a) Vốn
- Vốn đầu tư: 20.970 triệu đồng.
- Thu nhập bằng ½ bình quân cả nước.
"""


def row(statement: str, comparator: Comparator, value: str | None, year: int | None = 2025) -> Target:
    number = None if value is None else Decimal(value)
    return replace(
        PLAN.targets[0],
        statement=statement,
        comparator=comparator,
        value=number,
        year_due=year,
        agency="",
        note="",
        scope="",
        unit="",
        inferred="",
    )


WELL: Final = (
    row("Giảm tỷ lệ hộ nghèo bình quân 3%/năm", Comparator.REDUCE_AVERAGE, "3"),
    row("Trên 90% hộ dùng nước hợp vệ sinh", Comparator.ABOVE, "90"),
    row("Tỷ lệ trẻ thấp còi dưới 17%", Comparator.BELOW, "17"),
    row("Bố trí đất sản xuất cho 1.373 hộ", Comparator.QUOTA, "1373"),
    row("Bố trí đất ở cho 97 hộ", Comparator.QUOTA, "97"),
    row(
        "Dự án 4: Đầu tư cầu dân sinh ở các xã vùng cao – vốn đầu tư: 20.970 triệu đồng",
        Comparator.QUOTA,
        "20970",
    ),
    row("Thu nhập bằng 1/2 bình quân cả nước", Comparator.AT_LEAST, "50"),
)
"""Every row with a number of `DOCUMENT`, as it ought to be copied."""


def plan_of(*rows: Target) -> Programme:
    return replace(PLAN, targets=rows, deadlines=())


def test_a_plan_copied_to_the_letter_is_read_back() -> None:
    assert unbacked(plan_of(*WELL), passages(DOCUMENT)) == []


@pytest.mark.parametrize(
    ("wrong", "lack", "line"),
    [
        (row("Trên 90% hộ dùng nước hợp vệ sinh", Comparator.AT_LEAST, "90"), Lack.COMPARISON, 4),
        (row("Tỷ lệ trẻ thấp còi dưới 17%", Comparator.AT_MOST, "17"), Lack.COMPARISON, 4),
        (
            row("Giảm tỷ lệ hộ nghèo bình quân 3%/năm", Comparator.REDUCE_YEARLY_ABOVE, "3"),
            Lack.COMPARISON,
            4,
        ),
        (row("Bố trí đất ở cho 97 hộ", Comparator.QUOTA_ABOVE, "97"), Lack.COMPARISON, 5),
        (row("Bố trí đất ở cho 97 hộ", Comparator.REDUCE_AVERAGE, "97"), Lack.COMPARISON, 5),
        (row("Bố trí đất sản xuất cho 1.373 hộ", Comparator.QUOTA, "1337"), Lack.NUMBER, 5),
        (row("Trên 90% hộ dùng nước hợp vệ sinh", Comparator.ABOVE, "90", 2030), Lack.YEAR, 4),
        (row("Xây dựng 12 trạm y tế đạt chuẩn", Comparator.QUOTA, "12"), Lack.PASSAGE, 0),
    ],
)
def test_what_the_document_does_not_say_is_named(wrong: Target, lack: Lack, line: int) -> None:
    (found,) = unbacked(plan_of(*WELL, wrong), passages(DOCUMENT))
    assert (found.clause, found.lack, found.line) == (wrong.clause, lack, line)


@given(st.sampled_from(WELL), st.integers(2, 9))
def test_a_number_that_was_typed_wrong_is_never_read_back(target: Target, times: int) -> None:
    assert target.value is not None
    wrong = lacking(
        replace(target, value=target.value * times + Decimal("0.5")), Searched(passages(DOCUMENT))
    )
    assert Lack.NUMBER in {one.lack for one in wrong}


def test_what_no_row_quotes_is_shown_with_its_line() -> None:
    left_out = {(one.line, one.words) for one in unquoted(plan_of(*WELL), passages(DOCUMENT))}
    assert (6, "từng bước xóa bỏ tệ nạn ma túy ở các bản vùng cao") in left_out
    assert not {line for line, _ in left_out} & {4, 5, 7, 9}


@pytest.mark.parametrize("left_out", range(6))
def test_a_row_that_was_forgotten_shows(left_out: int) -> None:
    rows = [target for place, target in enumerate(WELL) if place != left_out]
    words = " ".join(one.words for one in unquoted(plan_of(*rows), passages(DOCUMENT)))
    forgotten = ["hộ nghèo", "nước hợp vệ sinh", "thấp còi", "1.373", "97", "cầu dân sinh"]
    assert forgotten[left_out] in words


def test_the_plan_is_known_by_its_words() -> None:
    text = " ".join(target.statement for target in PLAN.targets)
    assert most_quoted(PLANS.programmes.values(), passages(text)) is PLAN
    assert most_quoted(PLANS.programmes.values(), passages("Nothing of the sort, in any language")) is None
    assert most_quoted(PLANS.programmes.values(), passages("")) is None


def test_an_empty_document_bears_out_nothing() -> None:
    assert {one.lack for one in unbacked(plan_of(*WELL), [])} == {Lack.PASSAGE}


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """A copy of a plan's document."""
    path = tmp_path / "ke-hoach.txt"
    path.write_bytes(DOCUMENTS.joinpath(f"{PLAN.id}.txt").read_bytes())
    return path


def run(*words: str) -> tuple[int, str, BaseException | None]:
    result = CliRunner().invoke(APP, ["plan", "check", *words])
    return result.exit_code, result.stdout, result.exception


def test_the_command_holds_the_plan_it_recognises_against_its_document(document: Path) -> None:
    code, said, _ = run("--against", str(document))
    assert code == 0
    assert said.startswith("Kế hoạch 23-CTr tỉnh Lạng Sơn: 92 dòng, đọc lại trong văn bản.")
    facts = json.loads(run("--against", str(document), "--json")[1])
    assert (facts["plan"], facts["unbacked"]) == ("lang-son-23-ctr", [])


def test_the_command_says_what_to_mend(document: Path) -> None:
    text = document.read_text("utf-8")
    document.write_text(text.replace("99,6% hộ dân", "98,6% hộ dân"), encoding="utf-8")
    _, _, problem = run("--against", str(document))
    assert isinstance(problem, Problem)
    assert "dien-2025 (mục II.1, đoạn kết cấu hạ tầng): gần dòng" in str(problem)
    assert "không có số 99,6; sửa value hoặc statement" in str(problem)


def test_a_file_that_is_no_text_or_no_plan_is_refused_with_what_to_do(tmp_path: Path) -> None:
    picture = tmp_path / "ke-hoach.docx"
    picture.write_bytes(b"PK\x03\x04\xff\xfe")
    _, _, problem = run("--against", str(picture))
    assert isinstance(problem, WrongCall)
    assert "lưu lại dạng .txt (UTF-8)" in str(problem)
    picture.write_text("Thực đơn tuần này", encoding="utf-8")
    _, _, problem = run("--against", str(picture))
    assert "thêm --plan với một trong: bac-giang-55-ctr" in str(problem)


HYPHENS: Final = re.compile(r"[\s–-]+")
SHORT: Final = {"ubnd": "ủy ban nhân dân", "tt": "thông tin"}


def plainly(agency: str) -> str:
    """An agency's name without what its spellings differ in."""
    return " ".join(SHORT.get(word, word) for word in HYPHENS.split(agency.casefold()))


@pytest.mark.parametrize("plan", list(PLANS.programmes))
def test_an_agency_is_spelt_in_one_way(plan: str) -> None:
    programme = PLANS.programmes[plan]
    rows = [*programme.targets, *programme.deadlines]
    names = {agency for row in rows for agency in row.agency.split("; ") if agency}
    spellings: dict[str, set[str]] = {}
    for name in names:
        spellings.setdefault(plainly(name), set()).add(name)
    assert [some for some in spellings.values() if len(some) > 1] == []

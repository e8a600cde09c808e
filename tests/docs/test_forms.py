"""The pages of the questionnaires in docs/forms are those of today, and say in words what the columns say in XPath."""

from collections.abc import Collection
from pathlib import Path
from typing import Final

import pytest

from bot.commands.form import page as write_pages
from bot.form_pages import page
from bot.problems import WrongCall
from plans.reading import load_plans
from questionnaires.questionnaire import Questionnaire
from questionnaires.xlsform import compile_form
from tests.docs.telling import ROOT

FORMS: Final = sorted((ROOT / "questionnaires" / "forms").glob("*.md"))
ENTRIES: Final = load_plans().entries


def compiled(file: Path) -> Questionnaire:
    return compile_form(file.read_bytes(), file.name)


@pytest.mark.parametrize("file", FORMS, ids=lambda file: file.stem)
def test_each_questionnaire_has_its_page(file: Path) -> None:
    form = compiled(file)
    wanted = page(form, [entry for entry in ENTRIES if entry.form == form.name], "vi")
    assert (ROOT / "docs" / "forms" / file.name).read_text(encoding="utf-8") == wanted, "run: make forms"


def untold(name: str, pages: Collection[str], index: str) -> set[str]:
    """Where a questionnaire's file is not told of."""
    there = {"docs/forms": name in pages, "docs/questionnaires.md": f"](forms/{name})" in index}
    return {place for place, told in there.items() if not told}


PAGES: Final = frozenset(file.name for file in (ROOT / "docs" / "forms").glob("*.md"))
INDEX: Final = (ROOT / "docs" / "questionnaires.md").read_text(encoding="utf-8")


def test_each_questionnaire_has_a_page_and_a_row_and_none_is_left_of_one_that_is_gone() -> None:
    assert {file.name: what for file in FORMS if (what := untold(file.name, PAGES, INDEX))} == {}
    assert {file.name for file in FORMS} == PAGES


ODD: Final = """
| survey | | | | | | | |
|---|---|---|---|---|---|---|---|
| | type | name | label | relevant | constraint | constraint_message | required |
| | note | loi | Chào *bác* | | | | |
| | integer | ho | Bao nhiêu hộ? | | . >= 1 and . < 500 | Từ 1 đến 499. | yes |
| | integer | ngheo | Bao nhiêu hộ nghèo? | ${ho} >= 10 | . <= ${ho} - 2 | Ít hơn ${ho}. | |
| | select_multiple nguon | nguon | Nguồn nước? | | | | |
| | begin_group | them | Thêm | ${ngheo} = 3 | | | |
| | text | ghi | Ghi gì? | selected(${nguon}, 'gieng') or string-length(${loi2}) > 3 | | | |
| | text | loi2 | Ai? | | | | |
| | integer | con | Còn bao nhiêu? | | . <= ${ho} - (${ngheo} + 1) | Không quá phần còn lại. | |
| | end_group | them | | | | | |
| | integer | dai | Nhiều nhất? | | . <= max(${ho}, ${con}) | Không quá hai câu trên. | |
| | begin_repeat | nha | Nhà | | | | |
| | decimal | dt | Diện tích? | | . > 0 | Phải lớn hơn 0. | |
| | end_repeat | nha | | | | | |
| | text | het | Còn gì? | ${nguon} = '' | | | |
| choices | | | |
|---|---|---|---|
| | list_name | name | label |
| | nguon | gieng | Giếng |
| | nguon | suoi | Suối |
| settings | | | |
|---|---|---|---|
| | form_title | form_id | default_language |
| | Thử [1] | thu | vi |
"""


def test_conditions_and_limits_are_told_in_words() -> None:
    text = page(compile_form(ODD.encode(), "thu.md"), [], "vi")
    assert text.startswith("# Thử \\[1\\]\n\nPhiếu `thu`.")
    for said in (
        "Phiếu này chưa có trong lịch hỏi nào.",
        "Chào \\*bác\\*",
        "- Trả lời: một số nguyên.\n- Nhận số từ 1 đến 499.",
        "- Nhận số đến số ở câu 1 trừ 2.\n- Chỉ hỏi khi câu 1 từ 10 trở lên.",
        "1. Giếng\n2. Suối",
        "## Thêm\n\nChỉ hỏi khi câu 2 bằng 3.",
        "- Có hỏi hay không tùy theo câu 3, câu 5.",
        "## Hỏi cho từng mục: Nhà\n",
        "- Giới hạn: Không quá phần còn lại.",
        "- Giới hạn: Không quá hai câu trên.",
        "- Giới hạn: Phải lớn hơn 0.",
        "*Hết phần hỏi cho từng mục.*\n\n**Câu 9. Còn gì?**",
        "- Chỉ hỏi khi câu 3 để trống.",
    ):
        assert said in text, (said, text)


def test_a_page_in_english() -> None:
    form = compiled(ROOT / "questionnaires" / "forms" / "nuoc-sach.md")
    text = page(form, [entry for entry in ENTRIES if entry.form == form.name], "en")
    assert "- Asked of each village, every month: from day 8, in time for 7 days.\n" in text
    assert "- Takes numbers from 0 to the answer to question 1.\n" in text
    assert "- Asked only if question 2 is not 0.\n" in text


def test_one_page_is_printed_and_several_are_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_pages(FORMS[:1], "vi")
    assert capsys.readouterr().out == (ROOT / "docs" / "forms" / FORMS[0].name).read_text(encoding="utf-8")
    with pytest.raises(WrongCall, match="--into"):
        write_pages(FORMS[:2], "vi")
    write_pages(FORMS[:2], "vi", tmp_path)
    assert {file.name for file in tmp_path.iterdir()} == {file.name for file in FORMS[:2]}

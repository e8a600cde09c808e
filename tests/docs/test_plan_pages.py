"""The pages of the plans in docs/plans, and the summary in docs/plans.md, are those of today.

With WRITE_TRANSCRIPTS=1 they are written anew instead of compared.
"""

import os
from pathlib import Path
from typing import Final

import pytest

from bot.commands.plan import bundled_forms
from bot.plan_where import asking, row_of, summary, where_page
from handlers.wording import wording
from plans.reading import load_plans
from plans.target import Comparator
from tests.docs.telling import ROOT

PLANS: Final = load_plans()
SAY: Final = wording("vi")
SUMMARY: Final = ROOT / "docs" / "plans.md"
BEGIN, END = "<!-- plans -->\n", "<!-- end -->"


@pytest.fixture(scope="module")
def forms() -> dict[str, object]:
    return {form.name: form for form in bundled_forms()}


def is_today_s(path: Path, wanted: str) -> None:
    if "WRITE_TRANSCRIPTS" in os.environ:
        path.write_text(wanted, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == wanted, (
        "run: make forms, and this test with WRITE_TRANSCRIPTS=1"
    )


def test_each_plan_has_its_page_and_the_summary_its_line(forms: dict[str, object]) -> None:
    for name, programme in PLANS.programmes.items():
        is_today_s(ROOT / "docs" / "plans" / f"{name}.md", where_page(PLANS, programme, forms, SAY))
    before, _, rest = SUMMARY.read_text(encoding="utf-8").partition(BEGIN)
    is_today_s(SUMMARY, before + BEGIN + summary(PLANS, forms, SAY) + "\n" + END + rest.partition(END)[2])
    assert {path.stem for path in (ROOT / "docs" / "plans").glob("*.md")} == PLANS.programmes.keys()


def test_each_row_with_a_number_is_asked_of_somebody(forms: dict[str, object]) -> None:
    for programme in PLANS.programmes.values():
        for target in programme.targets:
            assert not target.numbered or asking(PLANS, programme, target, forms), target


def test_a_row_says_where_it_is_asked_of_whom_until_when_and_on_what_ground(forms: dict[str, object]) -> None:
    programme = PLANS.programmes["bac-kan-ctdt"]
    [forest] = [target for target in programme.targets if target.id == "che-phu-rung-2030"]
    assert row_of(PLANS, programme, forest, forms, SAY)[3:] == (
        "Rừng của tỉnh",
        "tỉnh",
        "10/12",
        "riêng phần tỉnh Bắc Kạn cũ",
    )


def test_every_comparator_is_explained() -> None:
    page = SUMMARY.read_text(encoding="utf-8")
    assert [one.value for one in Comparator if f"`{one.value}`" not in page] == []

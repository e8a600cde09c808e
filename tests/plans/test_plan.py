"""The plans' data holds together and says what the documents say."""

from decimal import Decimal
from pathlib import Path

import pytest

from plans.checks import check
from plans.document import Passage
from plans.faults import PlanFault
from plans.finding import has_number
from plans.reading import load_plans
from plans.rollup import figure
from plans.target import Comparator
from plans.workload import workload
from questionnaires.xlsform import compile_form

PLANS = load_plans()
FORMS = [
    compile_form(path.read_bytes(), path.name)
    for path in sorted((Path(__file__).parents[2] / "questionnaires" / "forms").glob("*.md"))
]
QUESTIONS = {form.name: {question.name for question in form.questions} for form in FORMS}
ASKED = {form.name: sum(question.asks for question in form.questions) for form in FORMS}


def test_everything_holds_together() -> None:
    assert check(PLANS, QUESTIONS) == []


def test_a_name_that_no_questionnaire_has_is_named() -> None:
    form = next(form for form, names in QUESTIONS.items() if "nuoc_ho_dtts" in names)
    faults = check(PLANS, {**QUESTIONS, form: QUESTIONS[form] - {"nuoc_ho_dtts"}})
    assert PlanFault("indicators/nuoc.toml: nuoc-hvs-dtts", "no_question", "nuoc_ho_dtts") in faults
    assert {fault.code for fault in check(PLANS, {})} >= {"no_question", "no_form"}


@pytest.mark.parametrize(
    ("plan", "target", "comparator", "value", "year"),
    [
        ("bac-giang-55-ctr", "nuoc-hvs-dtts-2025", Comparator.ABOVE, "90", 2025),
        ("bac-giang-55-ctr", "nha-ho-tro-2025", Comparator.COMPLETE, "100", 2025),
        ("bac-giang-55-ctr", "truong-chuan-1-2025", Comparator.AT_LEAST, "98.7", 2025),
        ("bac-giang-55-ctr", "truong-chuan-2-2025", Comparator.AT_LEAST, "18", 2025),
        ("bac-giang-55-ctr", "doc-viet-2025", Comparator.AT_LEAST, "99.8", 2025),
        ("bac-giang-55-ctr", "nha-kien-co-2030", Comparator.ELIMINATE, None, 2030),
        ("bac-kan-ctdt", "nuoc-hvs-dtts-2025", Comparator.AT_LEAST, "90", 2025),
        ("bac-kan-ctdt", "nha-o-2025", Comparator.QUOTA, "423", 2025),
        ("bac-kan-ctdt", "nuoc-2025", Comparator.QUOTA, "7108", 2025),
        ("bac-kan-ctdt", "mau-giao-5-tuoi-2025", Comparator.COMPLETE, "100", 2025),
        ("bac-kan-ctdt", "tieu-hoc-2025", Comparator.ABOVE, "99", 2025),
        ("bac-kan-ctdt", "thcs-2025", Comparator.ABOVE, "95", 2025),
        ("bac-kan-ctdt", "thpt-2025", Comparator.ABOVE, "60", 2025),
        ("bac-kan-ctdt", "doc-viet-2025", Comparator.ABOVE, "90", 2025),
        ("bac-kan-ctdt", "truong-kien-co-2025", Comparator.AT_LEAST, "80", 2025),
        ("nghe-an-352", "nha-o-2023", Comparator.QUOTA, "179", 2023),
        ("nghe-an-352", "ct-nuoc-2023", Comparator.QUOTA, "26", 2023),
        ("nghe-an-352", "ct-nuoc-moi-2023", Comparator.QUOTA, "1", 2023),
        ("nghe-an-352", "nuoc-phan-tan-2023", Comparator.QUOTA, "7020", 2023),
        ("lang-son-23-ctr", "nuoc-hvs-2025", Comparator.AT_LEAST, "99", 2025),
        ("lang-son-23-ctr", "nha-tam-2025", Comparator.ELIMINATE, None, 2025),
        ("lang-son-23-ctr", "so-truong-chuan-2025", Comparator.AT_LEAST, "300", 2025),
        ("lang-son-23-ctr", "cho-o-ban-tru-2025", Comparator.AT_LEAST, "50", 2025),
        ("lang-son-23-ctr", "pho-cap-thcs-3-2025", Comparator.AT_LEAST, "95", 2025),
        ("lang-son-23-ctr", "mau-giao-5-tuoi-2025", Comparator.ABOVE, "99.9", 2025),
        ("lang-son-23-ctr", "tieu-hoc-2025", Comparator.ABOVE, "99.9", 2025),
        ("lang-son-23-ctr", "thcs-2025", Comparator.ABOVE, "99.9", 2025),
        ("lang-son-23-ctr", "doc-viet-2025", Comparator.ABOVE, "98", 2025),
    ],
)
def test_what_the_documents_say(
    plan: str, target: str, comparator: Comparator, value: str | None, year: int
) -> None:
    row = next(row for row in PLANS.programmes[plan].targets if row.id == target)
    assert (row.comparator, row.value, row.year_due) == (comparator, value and Decimal(value), year)
    assert row.clause


def test_a_number_in_a_statement_is_the_target_s_number() -> None:
    for plan in PLANS.programmes.values():
        for row in plan.targets:
            assert has_number(Passage(0, row.statement), row.value), row.id


def test_every_indicator_a_village_counts_is_computed_from_full_questionnaires() -> None:
    answers = {name: Decimal(2) for names in QUESTIONS.values() for name in names}
    for indicator in PLANS.indicators_of("thon"):
        assert figure(indicator, answers).value is not None, indicator.id


def test_a_plan_of_a_dissolved_unit_is_found_by_its_predecessors_names() -> None:
    now = {("thon", "Nà Hin"), ("xa", "Vĩnh Thông"), ("tinh", "Thái Nguyên")}
    then = {("xa", "Vũ Muộn"), ("huyen", "Bạch Thông"), ("tinh", "Bắc Kạn")}
    assert PLANS.covering(now) == ()
    assert [plan.id for plan in PLANS.covering(now | then)] == ["bach-thong-2023", "bac-kan-ctdt"]
    assert PLANS.covering({("xa", "Bạch Thông"), ("tinh", "Thái Nguyên")}) == ()
    assert PLANS.covering({("huyen", "Bạch Thông")}) == ()


@pytest.mark.parametrize("year", range(2021, 2046))
def test_a_village_s_week_stays_small(year: int) -> None:
    for plan in PLANS.programmes.values():
        entries = PLANS.asked_of("thon", PLANS.beside(plan))
        assert entries
        assert workload(entries, year).most < 8


def test_a_questionnaire_shows_no_more_than_the_schedule_says() -> None:
    for entry in PLANS.entries:
        assert entry.questions <= ASKED[entry.form], entry.form


def test_names_and_definitions_stand_in_both_languages() -> None:
    for indicator in PLANS.indicators.values():
        meanings = ({"vi": definition.vi, "en": definition.en} for definition in indicator.definitions)
        for texts in (indicator.names, indicator.unit, *meanings):
            assert {"vi", "en"} <= set(texts), indicator.id
            assert all(texts.values()), indicator.id
        assert len(indicator.name("vi")) <= 60

"""Roads, electricity, culture, information and economy: what the documents say, clause by clause, and how it is asked."""

from decimal import Decimal
from pathlib import Path

import pytest

from plans.reading import load_plans
from plans.target import Comparator
from questionnaires.questionnaire import Questionnaire
from questionnaires.xlsform import compile_form

FOLDER = Path(__file__).parents[2] / "questionnaires" / "forms"
DOMAINS = ("ha-tang", "van-hoa", "thong-tin", "kinh-te")
PLANS = load_plans()
SAID = [
    # plan, id, clause, comparator, value, year, indicator
    ("bac-giang-55-ctr", "duong-xa-2025", "II.2.1(6)", "complete", "100", 2025, "ht-duong-xa"),
    ("bac-giang-55-ctr", "truc-xa-2025", "II.2.1(6)", "at_least", "95", 2025, "ht-truc-xa"),
    ("bac-giang-55-ctr", "truc-thon-2025", "II.2.1(6)", "at_least", "75", 2025, "ht-truc-thon"),
    ("bac-giang-55-ctr", "ngo-xom-2025", "II.2.1(6)", "at_least", "85", 2025, "ht-ngo-xom"),
    ("bac-giang-55-ctr", "noi-dong-2025", "II.2.1(6)", "at_least", "45", 2025, "ht-noi-dong"),
    ("bac-giang-55-ctr", "mua-lu-2025", "II.2.1(6)", "complete", "100", 2025, "ht-mua-lu"),
    ("bac-giang-55-ctr", "kenh-muong-2025", "II.2.1(6)", "at_least", "50", 2025, "ht-kenh"),
    ("bac-giang-55-ctr", "tuoi-tieu-2025", "II.2.1(6)", "at_least", "75", 2025, "ht-tuoi"),
    ("bac-giang-55-ctr", "dien-2025", "II.2.1(6)", "complete", "100", 2025, "ht-dien"),
    ("bac-giang-55-ctr", "nha-van-hoa-xa-2025", "II.2.1(9)", "at_least", "98", 2025, "vh-nha-xa"),
    ("bac-giang-55-ctr", "nha-van-hoa-thon-2025", "II.2.1(9)", "at_least", "96", 2025, "vh-nha-thon"),
    ("bac-giang-55-ctr", "nha-van-hoa-dat-2025", "II.2.1(9)", "at_least", "70", 2025, "vh-nha-dat"),
    ("bac-giang-55-ctr", "doi-van-nghe-2025", "II.2.1(9)", "at_least", "50", 2025, "vh-doi"),
    ("bac-giang-55-ctr", "truyen-hinh-2025", "II.2.1(9)", "complete", "100", 2025, "vh-nghe"),
    ("bac-giang-55-ctr", "cntt-dbkk-2025", "II.2.1(12)", "complete", "100", 2025, "tt-cntt-dbkk"),
    ("bac-giang-55-ctr", "tang-truong-2030", "II.2.2", "average", "10", 2030, "kt-tang-truong-huyen"),
    ("bac-giang-55-ctr", "nang-suat-2030", "II.2.2", "average_above", "10", 2030, "kt-nang-suat"),
    ("bac-giang-55-ctr", "hang-hoa-2030", "II.2.2", "at_least", "80", 2030, "kt-hang-hoa"),
    ("bac-giang-55-ctr", "xa-du-ha-tang-2030", "II.2.2", "above", "85", 2030, "ht-xa-du"),
    ("bac-giang-55-ctr", "thon-du-ha-tang-2030", "II.2.2", "above", "85", 2030, "ht-thon-du"),
    ("bac-giang-55-ctr", "che-phu-rung-2030", "II.2.2", "at_least", "37", 2030, "kt-rung"),
    ("bac-kan-ctdt", "duong-cap-6-2025", "II.2.a, gạch đầu dòng 3", "above", "80", 2025, "ht-duong-cap-6"),
    ("bac-kan-ctdt", "duong-thon-2025", "II.2.a, gạch đầu dòng 3", "at_least", "80", 2025, "ht-duong-thon"),
    ("bac-kan-ctdt", "dien-2025", "II.2.a, gạch đầu dòng 4", "above", "98.5", 2025, "ht-dien"),
    ("bac-kan-ctdt", "nha-van-hoa-thon-2025", "II.2.a, gạch đầu dòng 5", "above", "88", 2025, "vh-nha-thon"),
    ("bac-kan-ctdt", "doi-van-nghe-2025", "II.2.a, gạch đầu dòng 5", "above", "30", 2025, "vh-doi"),
    ("bac-kan-ctdt", "truyen-hinh-2025", "II.2.a, gạch đầu dòng 8", "maintain", "100", 2025, "vh-nghe-dtts"),
    ("bac-kan-ctdt", "tang-truong-2030", "II.2.b, gạch đầu dòng 1", "average", "6", 2030, "kt-tang-truong"),
    ("bac-kan-ctdt", "nang-suat-2030", "II.2.b, gạch đầu dòng 3", "average", "5.8", 2030, "kt-nang-suat"),
    ("bac-kan-ctdt", "hdi-2030", "II.2.b, gạch đầu dòng 4", "above", "0.69", 2030, "kt-hdi"),
    ("bac-kan-ctdt", "che-phu-rung-2030", "II.2.b, gạch đầu dòng 10", "maintain", "70", 2030, "kt-rung"),
    ("lang-son-23-ctr", "dien-2025", "II.1, đoạn kết cấu hạ tầng", "at_least", "99.6", 2025, "ht-dien"),
    (
        "lang-son-23-ctr",
        "duong-xa-2025",
        "II.1, đoạn kết cấu hạ tầng",
        "complete",
        "100",
        2025,
        "ht-duong-xa",
    ),
    (
        "lang-son-23-ctr",
        "duong-thon-2025",
        "II.1, đoạn kết cấu hạ tầng",
        "at_least",
        "80",
        2025,
        "ht-duong-thon",
    ),
    (
        "lang-son-23-ctr",
        "nha-van-hoa-dat-2025",
        "II.1, đoạn kết cấu hạ tầng",
        "at_least",
        "60",
        2025,
        "vh-nha-thon-dat",
    ),
    ("lang-son-23-ctr", "doi-van-nghe-2025", "II.1, đoạn kết cấu hạ tầng", "at_least", "50", 2025, "vh-doi"),
    (
        "lang-son-23-ctr",
        "truyen-hinh-2025",
        "II.1, đoạn công nghệ thông tin",
        "complete",
        "100",
        2025,
        "vh-nghe-dtts",
    ),
]


@pytest.mark.parametrize(
    ("plan", "name", "clause", "comparator", "value", "year", "indicator"),
    SAID,
    ids=[f"{row[0]}/{row[1]}" for row in SAID],
)
def test_the_number_stands_where_the_document_has_it(
    plan: str, name: str, clause: str, comparator: str, value: str, year: int, indicator: str
) -> None:
    (target,) = (each for each in PLANS.programmes[plan].targets if each.id == name)
    said = (target.clause, target.comparator, target.value, target.year_due, target.indicator)
    assert said == (clause, Comparator(comparator), Decimal(value), year, indicator)
    assert target.domain in DOMAINS
    percent = value.replace(".", ",")
    assert percent in target.statement


def test_canals_begin_at_the_share_that_the_document_names() -> None:
    (canals,) = (
        each for each in PLANS.programmes["bac-giang-55-ctr"].targets if each.id == "kenh-muong-2025"
    )
    assert (canals.baseline, canals.baseline_year) == (Decimal("33.6"), 2020)
    assert canals.note, "the document names no year, so the reading carries a note"


def test_every_number_of_these_domains_is_listed_here() -> None:
    listed = {(row[0], row[1]) for row in SAID}
    numbers = {
        (target.plan, target.id)
        for programme in PLANS.programmes.values()
        for target in programme.targets
        if target.domain in DOMAINS and target.value is not None
    }
    assert numbers == listed


def test_growth_is_asked_of_the_districts_only_where_the_plan_sets_it() -> None:
    bac_giang = PLANS.programmes["bac-giang-55-ctr"]
    everywhere = {entry.form for entry in PLANS.asked_of("tinh")}
    there = {entry.form for entry in PLANS.asked_of("tinh", (bac_giang,))}
    assert there - everywhere == {"tang-truong-huyen", "nhiem-vu-bac-giang"}


VILLAGES = {"duong-dien": 6, "van-hoa": 3, "thong-tin": 5, "kinh-te": 5}


def village_form(name: str) -> Questionnaire:
    return compile_form((FOLDER / f"{name}.md").read_bytes(), f"{name}.md")


@pytest.mark.parametrize("name", VILLAGES)
def test_villages_are_asked_little_in_both_languages(name: str) -> None:
    asked = [question for question in village_form(name).questions if question.asks]
    assert len(asked) == VILLAGES[name]
    for question in asked:
        assert {"vi", "en"} == set(question.labels) == set(question.hints), question.name
        assert question.required_message, question.name
        for label in question.labels.values():
            assert sum(len(part) for part in label if isinstance(part, str)) <= 90, question.name

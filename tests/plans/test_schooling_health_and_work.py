"""What the five documents say about schooling, health, work, women and officials, read again by hand from them.

And what its questionnaires work out: life expectancy over several provinces, communes at a standard.
"""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from plans.reading import load_plans
from plans.rollup import combined, figure, own_baseline, standing
from plans.target import Comparator
from questionnaires.interview import Answer, Context, Finished, begin, step
from questionnaires.xlsform import compile_form

PLANS = load_plans()
FORMS = Path(__file__).parents[2] / "questionnaires" / "forms"
DOMAINS = {"giao-duc", "y-te", "viec-lam", "binh-dang", "can-bo"}
NOW = datetime(2026, 9, 20, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
C = Comparator
BG, BK, LS = "bac-giang-55-ctr", "bac-kan-ctdt", "lang-son-23-ctr"
SAID = [
    (BG, "II.2.1(7)", "gd-truong-chuan-1", C.AT_LEAST, "98.7", None, 2025),
    (BG, "II.2.1(7)", "gd-truong-chuan-2", C.AT_LEAST, "18", None, 2025),
    (BG, "II.2.1(7)", "gd-doc-viet-lao-dong", C.AT_LEAST, "99.8", None, 2025),
    (BG, "II.2.1(7)", "cb-nhom-1", C.COMPLETE, "100", None, 2025),
    (BG, "II.2.1(7)", "cb-nhom-234", C.AT_LEAST, "80", None, 2025),
    (BG, "II.2.1(8)", "vl-thong-tin", C.COMPLETE, "100", None, 2025),
    (BG, "II.2.1(8)", "vl-dao-tao", C.AT_LEAST, "70", None, 2025),
    (BG, "II.2.1(8)", "vl-viec-moi", C.AT_LEAST, "80", None, 2025),
    (BG, "II.2.1(10)", "yt-bhyt-dtts", C.AT_LEAST, "99", None, 2025),
    (BG, "II.2.1(10)", "yt-kham-thai", C.ABOVE, "95", None, 2025),
    (BG, "II.2.1(10)", "yt-nhe-can", C.AT_MOST, "13", None, 2025),
    (BG, "II.2.1(10)", "yt-tu-vong-me", C.AT_MOST, "40", None, 2025),
    (BG, "II.2.1(10)", "yt-tu-vong-tre", C.AT_MOST, "13", None, 2025),
    (BG, "II.2.1(11)", "bd-tao-hon", C.SHRINK_AVERAGE, "2", "3", 2025),
    (BG, "II.2.1(11)", "bd-can-huyet", C.SHRINK_AVERAGE, "2", "3", 2025),
    (BG, "II.2.2", "yt-tuoi-tho", C.AT_LEAST, "75", None, 2030),
    (BG, "II.2.2", "yt-tuoi-khoe", C.AT_LEAST, "68", None, 2030),
    (BG, "II.2.2", "vl-dtts-dao-tao", C.AT_LEAST, "80", None, 2030),
    (BG, "II.2.2", "vl-dtts-on-dinh", C.RANGE, "35", "40", 2030),
    (BG, "II.2.2", "vl-dtts-on-dinh-nu", C.AT_LEAST, "50", None, 2030),
    (BG, "II.2.2", "vl-chuyen-nganh", C.AT_LEAST, "3", None, 2030),
    (BG, "II.2.2", "vl-dtts-nghe", C.AT_LEAST, "40", None, 2030),
    (BG, "II.2.2", "vl-dtts-nghe-nu", C.AT_LEAST, "50", None, 2030),
    (BG, "II.2.2", "cb-xa-cd", C.ABOVE, "95", None, 2030),
    (BG, "II.2.2", "cb-xa-dh-llct", C.ABOVE, "80", None, 2030),
    (BG, "II.2.2", "cb-xa-boi-duong", C.ABOVE, "90", None, 2030),
    (BK, "II.2.a, gạch đầu dòng 6", "gd-kien-co", C.AT_LEAST, "80", None, 2025),
    (BK, "II.2.a, gạch đầu dòng 6", "yt-tram-kien-co", C.COMPLETE, "100", None, 2025),
    (BK, "II.2.a, gạch đầu dòng 10", "gd-5-tuoi", C.COMPLETE, "100", None, 2025),
    (BK, "II.2.a, gạch đầu dòng 10", "gd-tieu-hoc", C.ABOVE, "99", None, 2025),
    (BK, "II.2.a, gạch đầu dòng 10", "gd-thcs", C.ABOVE, "95", None, 2025),
    (BK, "II.2.a, gạch đầu dòng 10", "gd-thpt", C.ABOVE, "60", None, 2025),
    (BK, "II.2.a, gạch đầu dòng 10", "gd-doc-viet-15-60", C.ABOVE, "90", None, 2025),
    (BK, "II.2.a, gạch đầu dòng 11", "yt-bhyt-dtts", C.ABOVE, "98", None, 2025),
    (BK, "II.2.a, gạch đầu dòng 11", "yt-kham-thai-dtts", C.ABOVE, "80", None, 2025),
    (BK, "II.2.a, gạch đầu dòng 11", "yt-sinh-csyt-dtts", C.ABOVE, "80", None, 2025),
    (BK, "II.2.a, gạch đầu dòng 11", "yt-nhe-can-dtts", C.BELOW, "17", None, 2025),
    (BK, "II.2.a, gạch đầu dòng 12", "bd-phu-nu-luat", C.ABOVE, "90", None, 2025),
    (BK, "II.2.a, gạch đầu dòng 13", "vl-dao-tao", C.AT_LEAST, "50", None, 2025),
    (BK, "II.2.b, gạch đầu dòng 5", "yt-tuoi-tho", C.ABOVE, "75", None, 2030),
    (BK, "II.2.b, gạch đầu dòng 5", "yt-tuoi-khoe", C.AT_LEAST, "68", None, 2030),
    (BK, "II.2.b, gạch đầu dòng 6", "vl-dtts-on-dinh", C.AT_LEAST, "35", None, 2030),
    (BK, "II.2.b, gạch đầu dòng 6", "vl-dtts-on-dinh-nu", C.AT_LEAST, "50", None, 2030),
    (BK, "II.2.b, gạch đầu dòng 7", "vl-chuyen-nganh", C.AT_LEAST, "3", None, 2030),
    (BK, "II.2.b, gạch đầu dòng 7", "vl-dtts-nghe", C.AT_LEAST, "40", None, 2030),
    (BK, "II.2.b, gạch đầu dòng 7", "vl-dtts-nghe-nu", C.AT_LEAST, "50", None, 2030),
    (BK, "II.2.b, gạch đầu dòng 8", "cb-xa-tc", C.ABOVE, "95", None, 2030),
    (BK, "II.2.b, gạch đầu dòng 8", "cb-xa-dh-llct", C.AT_LEAST, "70", None, 2030),
    (BK, "II.2.b, gạch đầu dòng 8", "cb-xa-boi-duong", C.ABOVE, "90", None, 2030),
    (LS, "II.1, đoạn giáo dục", "gd-so-truong-chuan", C.AT_LEAST, "300", None, 2025),
    (LS, "II.1, đoạn giáo dục", "gd-noi-tru-lien-cap", C.COMPLETE, "100", None, 2025),
    (LS, "II.1, đoạn giáo dục", "gd-kien-co", C.COMPLETE, "100", None, 2025),
    (LS, "II.1, đoạn giáo dục", "gd-cho-o-noi-tru", C.COMPLETE, "100", None, 2025),
    (LS, "II.1, đoạn giáo dục", "gd-cho-o-ban-tru", C.AT_LEAST, "50", None, 2025),
    (LS, "II.1, đoạn giáo dục", "gd-pho-cap-thcs-3", C.AT_LEAST, "95", None, 2025),
    (LS, "II.1, đoạn giáo dục", "gd-5-tuoi", C.ABOVE, "99.9", None, 2025),
    (LS, "II.1, đoạn giáo dục", "gd-tieu-hoc", C.ABOVE, "99.9", None, 2025),
    (LS, "II.1, đoạn giáo dục", "gd-thcs", C.ABOVE, "99.9", None, 2025),
    (LS, "II.1, đoạn giáo dục", "gd-doc-viet-15", C.ABOVE, "98", None, 2025),
    (LS, "II.1, đoạn y tế", "yt-xa-chuan", C.COMPLETE, "100", None, 2025),
    (LS, "II.1, đoạn y tế", "yt-bhyt-dtts", C.AT_LEAST, "98", None, 2025),
    (LS, "II.1, đoạn y tế", "yt-kham-thai", C.ABOVE, "80", None, 2025),
    (LS, "II.1, đoạn y tế", "yt-sinh-an-toan", C.ABOVE, "80", None, 2025),
    (LS, "II.1, đoạn y tế", "yt-nhe-can", C.BELOW, "15", None, 2025),
    (LS, "II.1, đoạn đào tạo nghề", "vl-dao-tao", C.AT_LEAST, "65", None, 2025),
]


@pytest.mark.parametrize(("plan", "clause", "indicator", "comparator", "value", "high", "year"), SAID)
def test_the_data_says_what_the_document_says(
    plan: str,
    clause: str,
    indicator: str,
    comparator: Comparator,
    value: str,
    high: str | None,
    year: int,
) -> None:
    rows = [
        row for row in PLANS.programmes[plan].targets if (row.clause, row.indicator) == (clause, indicator)
    ]
    numbers = [(row.comparator, row.value, row.value_high, row.year_due) for row in rows if row.numbered]
    assert numbers == [(comparator, Decimal(value), Decimal(high) if high else None, year)]


def test_no_other_row_of_these_domains_has_a_number() -> None:
    rows = [row for plan in PLANS.programmes.values() for row in plan.targets if row.domain in DOMAINS]
    counted = sorted((row.plan, row.clause, row.indicator) for row in rows if row.value is not None)
    assert counted == sorted((plan, clause, indicator) for plan, clause, indicator, *_ in SAID)


def answered(form: str, answers: list[str]) -> dict[str, Decimal]:
    """What a questionnaire stores, worked out figures too, when `answers` are typed one after the other."""
    compiled = compile_form((FORMS / f"{form}.md").read_bytes(), f"{form}.md")
    context = Context(now=NOW, lang="vi")
    interview, events = begin(compiled, context)
    for answer in answers:
        interview, events = step(compiled, interview, Answer(answer), context)
    assert isinstance(events[-1], Finished), events
    values: dict[str, Decimal] = {}
    for path, value in events[-1].values.items():
        name = path.rpartition("/")[2]
        if name in NAMES:
            values[name] = Decimal(str(value))
    return values


NAMES = {name for indicator in PLANS.indicators.values() for name in indicator.questions}


def test_life_expectancy_of_two_provinces_is_weighted_by_their_people() -> None:
    small = answered("y-te-tinh", ["400000", "100000", "72,5", "65", "5000", "2", "60"])
    large = answered("y-te-tinh", ["1200000", "900000", "74,5", "66", "15000", "4", "210"])
    indicator = PLANS.indicators["yt-tuoi-tho"]
    assert figure(indicator, small).value == Decimal("72.5")
    both = combined(indicator, [figure(indicator, small), figure(indicator, large)])
    assert both.value == Decimal("74.3")
    mothers = PLANS.indicators["yt-tu-vong-me"]
    assert figure(mothers, small).value == 40
    assert combined(mothers, [figure(mothers, small), figure(mothers, large)]).value == 30
    assert figure(PLANS.indicators["yt-tu-vong-tre"], large).value == 14


def test_a_commune_at_the_standard_counts_as_one_of_one() -> None:
    yes = answered("y-te-xa", ["0", "0", "1", "1", "9", "8", "1"])
    no = answered("y-te-xa", ["3", "2", "3", "40", "7", "1", "0", "9", "9", "2"])
    indicator = PLANS.indicators["yt-xa-chuan"]
    assert combined(indicator, [figure(indicator, yes), figure(indicator, no)]).value == 50
    assert figure(PLANS.indicators["yt-nhe-can-dtts"], no).value == Decimal("17.5")
    assert figure(PLANS.indicators["yt-nhe-can-dtts"], yes).nobody


def test_where_there_are_no_such_workers_there_is_nobody_to_count() -> None:
    answers = answered("viec-lam-xa", ["0", "120", "4"])
    assert set(answers) == {"vl_dtts", "vl_nong_thon", "vl_chuyen"}
    for name in ("vl-dtts-dao-tao", "vl-dtts-on-dinh", "vl-dtts-on-dinh-nu", "vl-dtts-nghe-nu"):
        assert figure(PLANS.indicators[name], answers).nobody, name


@pytest.mark.parametrize(("pairs", "status"), [(90, "achieved"), (91, "behind"), (99, "behind")])
def test_two_percent_fewer_early_marriages_a_year_are_enough(pairs: int, status: str) -> None:
    """From 100 couples in 2020 to at most 90.4 in 2025, whatever each year brought."""
    target = next(row for row in PLANS.programmes[BG].targets if row.id == "tao-hon-2025")
    couples = figure(PLANS.indicators["bd-tao-hon"], {"bd_tao_hon": Decimal(pairs)})
    ends = {2020: Decimal(100), 2024: Decimal(100), 2025: Decimal(pairs)}
    began = own_baseline(target, PLANS.programmes[BG].first_day, ends)
    assert standing(target, couples, date(2026, 1, 1), began, year_ends=ends).status == status


def test_the_definition_of_a_commune_s_health_standard_changed_in_2023() -> None:
    indicator = PLANS.indicators["yt-xa-chuan"]
    sources = [indicator.definition_on(day).source for day in (date(2023, 3, 8), date(2023, 3, 9))]
    assert "4667" in sources[0]
    assert "1300" in sources[1]

"""What the five documents say about poverty, income, land and resettlement, read again by hand from the documents."""

from datetime import date
from decimal import Decimal

import pytest

from plans.reading import load_plans
from plans.rollup import figure
from plans.target import Comparator

PLANS = load_plans()
C = Comparator
SAID = [
    ("bac-kan-ctdt", "II.2.a, gạch đầu dòng 1", "tn-dtts", C.MULTIPLY_ABOVE, 2, None, 2025),
    ("bac-kan-ctdt", "II.2.a, gạch đầu dòng 2", "ngheo-dtts", C.REDUCE_YEARLY, 2.5, 3, 2025),
    ("bac-kan-ctdt", "II.2.a, gạch đầu dòng 2", "xa-dbkk-ra", C.ABOVE, 40, None, 2025),
    ("bac-kan-ctdt", "II.2.a, gạch đầu dòng 2", "thon-dbkk-ra", C.ABOVE, 40, None, 2025),
    ("bac-kan-ctdt", "II.2.a, gạch đầu dòng 7", "nuoc-hvs-dtts", C.AT_LEAST, 90, None, 2025),
    ("bac-kan-ctdt", "II.2.a, gạch đầu dòng 9", "dc-bo-tri", C.QUOTA_ABOVE, 200, None, 2025),
    ("bac-kan-ctdt", "II.2.a, gạch đầu dòng 9", "dat-sx-ho-tro", C.QUOTA, 1373, None, 2025),
    ("bac-kan-ctdt", "II.2.a, gạch đầu dòng 9", "dat-o-ho-tro", C.QUOTA, 97, None, 2025),
    ("bac-kan-ctdt", "II.2.a, gạch đầu dòng 9", "nha-ho-tro", C.QUOTA, 423, None, 2025),
    ("bac-kan-ctdt", "II.2.a, gạch đầu dòng 9", "dat-nghe-ho-tro", C.QUOTA, 4663, None, 2025),
    ("bac-kan-ctdt", "II.2.a, gạch đầu dòng 9", "nuoc-ho-tro", C.QUOTA, 7108, None, 2025),
    ("bac-kan-ctdt", "II.2.b, gạch đầu dòng 2", "tn-so-ca-nuoc", C.AT_LEAST, 50, None, 2030),
    ("bac-kan-ctdt", "II.2.b, gạch đầu dòng 2", "ngheo", C.BELOW, 10, None, 2030),
    ("bac-kan-ctdt", "II.2.b, gạch đầu dòng 2", "xa-dbkk", C.REDUCE_SHARE, 30, None, 2030),
    ("bac-kan-ctdt", "II.2.b, gạch đầu dòng 2", "thon-dbkk", C.REDUCE_SHARE, 30, None, 2030),
    ("bac-kan-ctdt", "II.2.b, gạch đầu dòng 2", "ntm", C.AT_LEAST, 70, None, 2030),
    ("bac-kan-ctdt", "II.2.b, gạch đầu dòng 9", "dc-dtts", C.COMPLETE, 100, None, 2030),
    ("bac-kan-ctdt", "II.3, gạch đầu dòng 1", "tn-so-ca-nuoc", C.ABOVE, 50, None, 2045),
    ("bac-kan-ctdt", "II.3, gạch đầu dòng 2", "ngheo", C.BELOW, 5, None, 2045),
    ("bac-giang-55-ctr", "II.2.1(1)", "ngheo-dtts", C.REDUCE_YEARLY_ABOVE, 3, None, 2025),
    ("bac-giang-55-ctr", "II.2.1(1)", "ngheo", C.REDUCE_AVERAGE, 2.5, None, 2025),
    ("bac-giang-55-ctr", "II.2.1(1)", "ngheo-dbkk", C.REDUCE_AVERAGE, 3, None, 2025),
    ("bac-giang-55-ctr", "II.2.1(2)", "tn-dtts", C.MULTIPLY_ABOVE, 2, None, 2025),
    ("bac-giang-55-ctr", "II.2.1(2)", "xa-dbkk-ra", C.AT_LEAST, 50, None, 2025),
    ("bac-giang-55-ctr", "II.2.1(2)", "thon-dbkk-ra", C.AT_LEAST, 50, None, 2025),
    ("bac-giang-55-ctr", "II.2.1(3)", "nha-ngheo-ho-tro", C.COMPLETE, 100, None, 2025),
    ("bac-giang-55-ctr", "II.2.1(3)", "nuoc-hvs-dtts", C.ABOVE, 90, None, 2025),
    ("bac-giang-55-ctr", "II.2.2", "tn-so-ca-nuoc", C.AT_LEAST, 50, None, 2030),
    ("bac-giang-55-ctr", "II.2.2", "ngheo", C.BELOW, 10, None, 2030),
    ("bac-giang-55-ctr", "II.2.2", "ntm", C.AT_LEAST, 80, None, 2030),
    ("bac-giang-55-ctr", "II.2.2", "dc-dtts", C.COMPLETE, 100, None, 2030),
    ("bac-giang-55-ctr", "II.2.3", "tn-so-ca-nuoc", C.ABOVE, 50, None, 2045),
    ("bach-thong-2023", "III, gạch đầu dòng 1", "ngheo-dtts", C.REDUCE_YEARLY, 3.5, None, 2023),
    ("bach-thong-2023", "III, gạch đầu dòng 2", "xa-dbkk-ra-nam", C.QUOTA, 1, None, 2023),
    ("bach-thong-2023", "III, gạch đầu dòng 2", "thon-dbkk-ra-nam", C.QUOTA, 2, None, 2023),
    ("lang-son-23-ctr", "II.1, đoạn giảm nghèo, thu nhập", "ngheo", C.REDUCE_AVERAGE, 3, None, 2025),
    ("lang-son-23-ctr", "II.1, đoạn giảm nghèo, thu nhập", "tn-usd", C.RANGE, 2900, 3000, 2025),
    ("lang-son-23-ctr", "II.1, đoạn kết cấu hạ tầng", "nuoc-hvs", C.AT_LEAST, 99, None, 2025),
    ("nghe-an-352", "I.3, gạch đầu dòng 3", "ngheo-dtts", C.REDUCE_YEARLY_ABOVE, 3, None, 2023),
    ("nghe-an-352", "III.1.b, gạch đầu dòng 1", "nha-ho-tro", C.QUOTA, 179, None, 2023),
    ("nghe-an-352", "III.1.b, gạch đầu dòng 2", "nuoc-ct-dau-tu", C.QUOTA, 26, None, 2023),
    ("nghe-an-352", "III.1.b, gạch đầu dòng 2", "nuoc-ct-khoi-cong", C.QUOTA, 1, None, 2023),
    ("nghe-an-352", "III.1.b, gạch đầu dòng 3", "dat-nghe-ho-tro", C.QUOTA, 2865, None, 2023),
    ("nghe-an-352", "III.1.b, gạch đầu dòng 4", "nuoc-ho-tro", C.QUOTA, 7020, None, 2023),
]


@pytest.mark.parametrize(("plan", "clause", "indicator", "comparator", "value", "high", "year"), SAID)
def test_the_data_says_what_the_document_says(
    plan: str,
    clause: str,
    indicator: str,
    comparator: Comparator,
    value: float,
    high: float | None,
    year: int,
) -> None:
    rows = [
        row for row in PLANS.programmes[plan].targets if (row.clause, row.indicator) == (clause, indicator)
    ]
    numbers = [(row.comparator, row.value, row.value_high, row.year_due) for row in rows if row.numbered]
    assert numbers == [(comparator, Decimal(str(value)), high and Decimal(str(high)), year)]


def test_no_other_row_of_these_domains_has_a_number() -> None:
    domains = {"nuoc", "nha-o", "dat-dai", "dan-cu", "giam-ngheo"}
    rows = [row for plan in PLANS.programmes.values() for row in plan.targets if row.domain in domains]
    counted = {(row.plan, row.indicator, row.value) for row in rows if row.value is not None}
    assert counted == {(plan, indicator, Decimal(str(value))) for plan, _, indicator, _, value, _, _ in SAID}


def test_poverty_means_something_else_from_2027_on() -> None:
    for name in ("ngheo", "ngheo-dtts", "ngheo-so", "can-ngheo", "ngheo-dbkk"):
        indicator = PLANS.indicators[name]
        before, after = (
            indicator.definition_on(date(year, month, 1)) for year, month in ((2026, 12), (2027, 1))
        )
        assert "1,5 triệu" in before.text()
        assert before.text() != after.text()
        assert "2027" in after.text()
        assert "2027" in after.text("en")


def test_what_does_not_add_up() -> None:
    """Means without what they are means of, and shares of one in another; weighted ones do add up."""
    found = {name for name, indicator in PLANS.indicators.items() if not indicator.additive}
    assert found == {"tn-dtts", "tn-usd", "tn-so-ca-nuoc", "tn-so-tinh"}
    for name in ("yt-tuoi-tho", "yt-tuoi-khoe", "kt-hdi", "kt-tang-truong", "kt-nang-suat"):
        assert PLANS.indicators[name].denominator


def test_figures_of_income_and_difficult_communes() -> None:
    answers = {
        "tn_dtts": Decimal(28_500_000),
        "tn_ca_nuoc": Decimal(57_000_000),
        "vk_xa_dau": Decimal(3),
        "vk_xa_con": Decimal(2),
        "vk_thon_dau": Decimal(0),
    }
    values = {
        name: figure(PLANS.indicators[name], answers).value
        for name in ("tn-dtts", "tn-so-ca-nuoc", "xa-dbkk-ra", "xa-dbkk", "thon-dbkk", "thon-dbkk-ra")
    }
    assert values == {
        "tn-dtts": Decimal("28.5"),
        "tn-so-ca-nuoc": 50,
        "xa-dbkk-ra": Decimal(100) / 3,
        "xa-dbkk": 2,
        "thon-dbkk": 0,
        "thon-dbkk-ra": None,
    }

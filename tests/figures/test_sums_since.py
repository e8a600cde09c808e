"""What a village added up since a plan's first year does not fall: the report before is held against the next."""

from decimal import Decimal
from pathlib import Path

from figures.allotted import built
from plans.challenges import Evidence, Known, challenge
from plans.reading import load_plans
from questionnaires.xlsform import compile_form

FORM = compile_form(Path("questionnaires/forms/nha-o.md").read_bytes(), "nha-o.md")
RULES = load_plans().challenges


def test_a_sum_since_2021_that_falls_is_asked_about_and_one_that_grows_is_not() -> None:
    path = FORM.by_name["nha_da_ho_tro"].path
    reports = [("2026-Q3", {path: "13"}), ("2026-Q2", {path: "12"})]
    known = built(FORM, RULES.summed, reports)
    assert known == {"nha_da_ho_tro": Known(Decimal(13), "2026-Q3")}
    told = [
        challenge(RULES, Evidence(built=known), "nha_da_ho_tro", {"nha_da_ho_tro": Decimal(now)})
        for now in (10, 13, 14)
    ]
    assert [one and one.rule for one in told] == ["undone", None, None]
    assert built(FORM, RULES.summed, []) == {}

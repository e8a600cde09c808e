"""A question that is kept comes back as it was, and one that 0.2.0 kept comes back as the kind it was."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from plans.reading import load_plans
from queries.frames import (
    Aspect,
    Bound,
    Compare,
    Export,
    Lookup,
    Measure,
    Missing,
    Order,
    Progress,
    Question,
    Ranking,
    Relation,
    Trend,
    When,
)
from queries.stored import from_json, to_json
from queries.understanding import NONE, Doubt, Offer, settled, taken
from tests.quick import dictionary_of

PLANS = dictionary_of(load_plans()).plans
NEW = (
    Lookup(measure=Measure(("nha-tam",), aspect=Aspect.DONE), places=(3,)),
    Ranking(
        measure=Measure(("ngheo",), by="count"),
        level="thon",
        order=Order.WORST,
        count=3,
        bounds=(Bound(Relation.AT_LEAST, Decimal("0.5"), "%"),),
    ),
    Trend(measure=Measure(domain="nuoc"), when=When(back=3, unit="month")),
    Compare(
        when=When(((date(2026, 8, 1), date(2026, 8, 31)), (date(2026, 9, 1), date(2026, 9, 30)))),
        places=(1, 2),
    ),
    Missing(level="xa", reported=True),
    Progress(standing=""),
    Export(met=False),
)
FLAT: dict[str, Any] = {
    "intent": "figure",
    "indicators": ["nha-tam"],
    "complement": False,
    "domain": "",
    "places": [7],
    "level": "",
    "periods": [],
    "back": 0,
    "unit": "",
    "against": "",
    "ago": 0,
    "order": None,
    "count": None,
    "bounds": [],
    "met": None,
    "format": "text",
    "reported": False,
    "counted": False,
    "measure": "",
    "narrowed": False,
    "standing": None,
}
"""As 0.2.0 wrote it."""


@pytest.mark.parametrize("question", NEW, ids=lambda question: question.frame)
def test_a_kept_question_comes_back(question: Question) -> None:
    assert from_json(to_json(question)) == question


@pytest.mark.parametrize(
    ("said", "question"),
    [
        ({}, Lookup(measure=Measure(("nha-tam",)), places=(7,))),
        (
            {"level": "xa", "complement": True},
            Ranking(measure=Measure(("nha-tam",), aspect=Aspect.REST), places=(7,), level="xa"),
        ),
        (
            {"intent": "ranking", "bounds": [["above", "20", "household"]], "measure": "count"},
            Ranking(
                measure=Measure(("nha-tam",), by="count"),
                places=(7,),
                bounds=(Bound(Relation.ABOVE, Decimal(20), "household"),),
            ),
        ),
        (
            {"intent": "trend", "periods": [["2026-01-01", "2026-03-31"]], "format": "excel"},
            Trend(
                measure=Measure(("nha-tam",)),
                places=(7,),
                when=When(((date(2026, 1, 1), date(2026, 3, 31)),)),
            ),
        ),
        ({"intent": "export"}, Export(measure=Measure(("nha-tam",)), places=(7,))),
        (
            {"intent": "progress", "standing": "behind"},
            Progress(measure=Measure(("nha-tam",)), places=(7,), standing="behind"),
        ),
    ],
)
def test_what_0_2_0_kept_is_read(said: dict[str, Any], question: Question) -> None:
    assert from_json(FLAT | said) == question


def test_an_older_question_without_later_slots_is_read() -> None:
    """Slots came one after another; what is missing has its default."""
    late = ("unit", "against", "bounds", "counted", "measure", "narrowed", "standing")
    body = {name: slot for name, slot in FLAT.items() if name not in late}
    assert from_json(body) == Lookup(measure=Measure(("nha-tam",)), places=(7,))


@pytest.mark.parametrize("id", ["dc-can", "nha-tam"])
def test_a_denial_stays_through_a_button(id: str) -> None:
    """Of a number that a button names nothing is left over: units without any are picked, and one place has no such
    figure."""
    denied = Measure(aspect=Aspect.REST)
    picked = settled(taken(Ranking(measure=denied, level="thon"), Offer("indicator", id)), PLANS)
    assert (picked.status, picked.query) == (
        "answer",
        Ranking(measure=Measure((id,)), level="thon", bounds=(NONE,)),
    )
    alone = settled(taken(Lookup(measure=denied), Offer("indicator", id)), PLANS)
    assert (alone.status, alone.doubt) == ("clarify", Doubt.NO_REST)


def test_the_rest_of_a_share_is_told_through_a_button() -> None:
    asked = Ranking(measure=Measure(aspect=Aspect.REST), level="thon")
    told = settled(taken(asked, Offer("indicator", "nuoc-hvs")), PLANS)
    assert told.query == Ranking(measure=Measure(("nuoc-hvs",), aspect=Aspect.REST), level="thon")

"""Reports in the formats of other systems."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from lxml import etree

from reports.exchange import dhis2_period, dhis2_value, openrosa

MAPPING = {"dataElement": {"nuoc_ho": "deWATER"}, "orgUnit": {"#7": "ouSEVEN", "01234": "ouCODE"}}


@pytest.mark.parametrize(
    ("key", "wanted"),
    [
        ("2026-W47", "2026W47"),
        ("2026-11", "202611"),
        ("2026-Q4", "2026Q4"),
        ("2026-H2", "2026S2"),
        ("2026", "2026"),
    ],
)
def test_periods_are_written_as_dhis2_does(key: str, wanted: str) -> None:
    assert dhis2_period(key) == wanted


def test_a_period_that_dhis2_has_not_is_left_out() -> None:
    assert [dhis2_period(key) for key in ("2026-9M", "2026-11S", "nonsense")] == ["", "", ""]


def test_a_value_needs_an_element_and_a_unit() -> None:
    wanted = {"dataElement": "deWATER", "period": "202611", "orgUnit": "ouSEVEN", "value": "25"}
    assert dhis2_value(MAPPING, 7, "", "2026-11", "nuoc_ho", "25") == wanted
    by_code = dhis2_value(MAPPING, 8, "01234", "2026-11", "nuoc_ho", "25")
    assert by_code is not None
    assert by_code["orgUnit"] == "ouCODE"
    assert dhis2_value(MAPPING, 8, "", "2026-11", "nuoc_ho", "25") is None
    assert dhis2_value(MAPPING, 7, "", "2026-11", "other", "25") is None


def test_rows_of_repeats_within_each_other_stand_in_their_order() -> None:
    rows = {"r[2]/p[2]/c": "4", "r[10]/p[1]/c": "5", "r[1]/p[2]/c": "2", "r[2]/n": "x", "r[1]/p[1]/c": "1"}
    answers = {f"/data/{path}": value for path, value in rows.items()}
    root = etree.fromstring(openrosa("f", "", "BC-1", datetime(2026, 11, 20, tzinfo=UTC), answers))
    assert [[one.findtext("c") for one in row.findall("p")] for row in root.findall("r")] == [
        ["1", "2"],
        ["4"],
        ["5"],
    ]


def test_an_instance_holds_groups_rows_and_odd_words() -> None:
    answers = {"/data/a": "1", "/data/g/b": "<&>\x00", "/data/r[1]/c": "x", "/data/r[2]/c": "y"}
    root = etree.fromstring(openrosa("f", "v1", "BC-1", datetime(2026, 11, 20, tzinfo=UTC), answers))
    assert root.get("id") == "f"
    assert root.findtext("a") == "1"
    assert root.findtext("g/b") == "<&>"
    assert [row.findtext("c") for row in root.findall("r")] == ["x", "y"]
    assert root.get("receipt") == "BC-1"
    assert root.get("submissionDate") == "2026-11-20T00:00:00+00:00"
    assert str(UUID((root.findtext("meta/instanceID") or "").removeprefix("uuid:")))

"""An amount that only a part of a place can report: what is reached is reached, and nobody is late by it."""

from decimal import Decimal

import pytest

from plans.rollup import Standing, Status
from reports.gathering import of_a_part


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (Status.BEHIND, Status.UNSURE),
        (Status.NOT_YET, Status.UNSURE),
        (Status.ON_TRACK, Status.UNSURE),
        (Status.ACHIEVED, Status.ACHIEVED),
        (Status.NO_DATA, Status.NO_DATA),
    ],
)
def test_what_a_part_has_not_reached_is_not_known_of_the_whole(status: Status, told: Status) -> None:
    assert of_a_part(Standing(status, Decimal(5))).status is told

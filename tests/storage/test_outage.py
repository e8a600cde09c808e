"""A trouble that lasts is told when it begins, now and then, and when it is over."""

from collections.abc import Iterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from storage.outage import LONGEST, SOONEST, Outage


class Hand:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def told() -> Iterator[list[Any]]:
    with capture_logs() as lines:
        yield lines


def test_an_hour_of_failures_is_a_few_lines_and_one_that_it_is_over(told: list[Any]) -> None:
    clock = Hand()
    outage = Outage("polling failed", clock)
    for _ in range(3600):
        outage.met(error="TimedOut")
        clock.now += 1
    outage.over()
    outage.over()
    *during, over = told
    assert [line["seconds"] for line in during] == [0, 60, 180, 420, 900, 1860]
    assert {line["error"] for line in during} == {"TimedOut"}
    assert (over["event"], over["times"], over["seconds"]) == ("polling failed: over", 3600, 3600)


def test_what_comes_and_goes_is_told_no_more_often(told: list[Any]) -> None:
    clock = Hand()
    outage = Outage("update not saved", clock)
    for _ in range(600):
        outage.met()
        outage.over()
        clock.now += 1
    assert [line["event"].endswith("over") for line in told] == [False, True] * 4
    clock.now += LONGEST + 1
    outage.met()
    clock.now += SOONEST * 2
    outage.met()
    assert len(told) == 10, "after a long rest it is told as the first time"


def test_what_nobody_ends_is_another_trouble_after_a_rest(told: list[Any]) -> None:
    clock = Hand()
    refused = Outage("webhook call refused", clock)
    for pause in (LONGEST + 1, 30, 31):
        refused.met()
        clock.now += pause
    assert [(line["times"], line["seconds"]) for line in told] == [(1, 0), (1, 0)]
    refused.met()
    assert (told[-1]["times"], told[-1]["seconds"]) == (3, 61)


def test_what_is_well_is_not_told(told: list[Any]) -> None:
    Outage("polling failed").over()
    assert told == []

"""A platform's refusal for the rate holds the chat that got it; the account only where others are refused too."""

import pytest

from bot.refusals import CHATS, LATELY, Refusals

PACE = 30.0


def taken(refusals: Refusals, count: int, at: float = 0.0) -> None:
    for _ in range(count):
        refusals.taken(at)


def refused(refusals: Refusals, chats: int, at: float = 0.0, seconds: float = 3.0) -> float:
    """The pause after so many chats were refused, one after the other."""
    return [refusals.refused(at, chat + 1, seconds) for chat in range(chats)][-1]


@pytest.mark.parametrize("others", [1, 10, 200])
def test_below_and_above_the_pace_a_few_chats_hold_themselves_only(others: int) -> None:
    refusals = Refusals(PACE)
    taken(refusals, others)
    assert refused(refusals, CHATS - 1) == 0
    assert [refusals.refused(0.0, 1, 60.0) for _ in range(100)] == [0.0] * 100


def test_one_in_a_hundred_is_never_the_account() -> None:
    refusals = Refusals(PACE)
    for number in range(1, 3000):
        refusals.taken(number / 700)
        if number % 100 == 0:
            assert refusals.refused(number / 700, number, 1.0) == 0


def test_a_quarter_refused_at_the_pace_is_the_account() -> None:
    refusals = Refusals(PACE)
    taken(refusals, 30)
    assert refused(refusals, 9) == 0
    assert refusals.refused(0.0, 10, 3.0) == 3


def test_below_the_pace_it_is_the_account_only_when_nothing_gets_through() -> None:
    refusals = Refusals(PACE)
    assert refused(refusals, CHATS - 1) == 0
    assert refusals.refused(0.0, CHATS, 3.0) == 3
    refusals.taken(0.0)
    assert refusals.refused(0.0, CHATS + 1, 3.0) == 0


def test_the_account_waits_no_longer_than_the_shortest_wait_that_was_told() -> None:
    refusals = Refusals(PACE)
    refused(refusals, CHATS - 1, seconds=3600.0)
    assert refusals.refused(0.0, CHATS, 2.0) == 2


def test_what_is_long_ago_does_not_count() -> None:
    refusals = Refusals(PACE)
    refused(refusals, CHATS - 1)
    assert refusals.refused(LATELY, CHATS, 3.0) == 0

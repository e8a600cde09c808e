"""What each test process pays once stays paid, whatever a test before has done."""

import signal

import pytest

from tests import quick


@pytest.mark.parametrize("nth", [1, 2])
def test_each_test_begins_with_the_handler_that_costs_no_loop_anything(nth: int) -> None:
    assert signal.getsignal(signal.SIGINT) is quick.interrupted
    signal.signal(signal.SIGINT, signal.default_int_handler)

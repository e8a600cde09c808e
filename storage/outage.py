"""A trouble that lasts, such as a full disk or a lost network, logged in a few lines however often it is met.

One line when it begins, others at growing intervals while it goes on, and one when it is over: how long it took and
how often it was met. A trouble that comes and goes counts as one, and is logged no more often.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import structlog

SOONEST: Final = 60.0
LONGEST: Final = 3600.0
"""Seconds between two lines: they double from the first of these to the second."""

log = structlog.get_logger(__name__)


class Outage:
    """One sort of trouble of one part of the program; `what` names it in the log."""

    def __init__(self, what: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.what = what
        self.clock = clock
        self.times = 0
        """How often it was met since it began; 0: all is well."""
        self.began = 0.0
        self.told_at = self.met_at = float("-inf")
        self.interval = SOONEST
        self.is_told = False
        """Whether a line told of this one, so that its end has to be told too."""

    def met(self, **facts: Any) -> None:
        """Note that it was met, perhaps again; `facts` go into the line, if one is logged."""
        now = self.clock()
        rested = now - self.met_at > LONGEST
        # Nobody says when strangers have stopped calling: after a rest it is another trouble.
        if rested or not self.times:
            self.began, self.is_told, self.times = now, False, 0
        self.times, self.met_at = self.times + 1, now
        if rested:
            self.interval = SOONEST
        elif now - self.told_at < self.interval:
            return
        else:
            self.interval = min(2 * self.interval, LONGEST)
        self.told_at, self.is_told = now, True
        log.warning(self.what, **facts, times=self.times, seconds=round(now - self.began))

    @contextmanager
    def survived(self, **facts: Any) -> Iterator[None]:
        """Take any failure within the block as the trouble, and success as its end."""
        try:
            yield
        except Exception as error:
            self.met(error=type(error).__name__, **facts)
        else:
            self.over()

    def over(self) -> None:
        """Note that what the trouble prevented was done."""
        if self.times and self.is_told:
            log.warning(f"{self.what}: over", times=self.times, seconds=round(self.clock() - self.began))
        self.times = 0

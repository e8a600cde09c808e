"""Writes down what became of messages: everything that came within a moment, in one commit.

Until then a message is held. `pending` tells how many outcomes the database does not know yet; it bounds what a killed
process sends twice.
"""

import asyncio
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Final

import structlog

from storage import leaving, outbox
from storage.outage import Outage
from storage.outbox import SendOutcome
from storage.unit_of_work import Storage

GATHERED: Final = 0.05
"""Seconds for which an outcome waits for others if this process sends alone. Each answer has two outcomes, at
different moments, and a commit costs as much for one as for many. A killed process forgets what was sent within this
time."""
REFUSED: Final = 1.0
"""Seconds until what the database refused is tried again."""

log = structlog.get_logger(__name__)


class Outcomes:
    """The outcomes that are not on disk yet. `written` gets the ids of those that are."""

    def __init__(self, storage: Storage, written: Callable[[Collection[int]], None], gathered: float) -> None:
        self.storage = storage
        self.written = written
        self.gathered = gathered
        self.writing = Outage("outcomes not written")
        self.outcomes: list[SendOutcome] = []
        self.farewell = False
        """A farewell is among them."""
        self.being_written = 0
        self.news, self.hurried = asyncio.Event(), asyncio.Event()
        """Something is to be written; somebody waits until it is."""
        self.recording = asyncio.Lock()

    def add(self, outcome: SendOutcome, *, farewell: bool = False) -> None:
        """Note what became of a message. `farewell`: it is the last one to somebody who has left (`Reply.farewell`)."""
        self.outcomes.append(outcome)
        self.farewell = self.farewell or farewell
        self.news.set()

    def pending(self) -> int:
        """How many outcomes are not on disk yet."""
        return len(self.outcomes) + self.being_written

    async def record_forever(self) -> None:
        """Write outcomes down as they come."""
        while True:
            await self.news.wait()
            await self.gather()
            self.news.clear()
            async with self.recording:
                done = await self.record()
            if not done:
                await asyncio.sleep(REFUSED)
                self.news.set()

    async def gather(self) -> None:
        """Wait a moment for more outcomes, unless somebody waits for the ones that are here."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self.gathered):
                await self.hurried.wait()

    async def record(self) -> bool:
        """Commit the outcomes so far. False if the database refused; they are then kept for the next time."""
        outcomes, self.outcomes = self.outcomes, []
        if not outcomes:
            return True
        self.being_written = len(outcomes)
        farewell, self.farewell = self.farewell, False
        try:
            await outbox.record(self.storage, outcomes)
            if farewell:
                await self.storage.write(leaving.forget_left)
        except Exception as error:
            self.writing.met(error=type(error).__name__, count=len(outcomes))
            self.farewell = self.farewell or farewell
            self.outcomes[:0] = outcomes  # put before later ones: a message's last outcome decides
            return False
        finally:
            self.being_written = 0
        self.writing.over()
        self.written([outcome.id for outcome in outcomes])
        return True

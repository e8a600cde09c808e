"""Writes down what became of messages, everything that came together in one commit.

Until then a message is held: whoever asks `pending` knows how many the database does not know of yet, which bounds what a
process that is killed sends twice.
"""

import asyncio
from collections.abc import Callable, Collection
from typing import Final

import structlog

from storage import outbox
from storage.outage import Outage
from storage.outbox import Outcome
from storage.unit_of_work import Storage

REFUSED: Final = 1.0
"""Seconds until what the database refused is tried again."""

log = structlog.get_logger(__name__)


class Outcomes:
    """The outcomes that are not on disk yet. `written` is told the ids of those that are."""

    def __init__(self, storage: Storage, written: Callable[[Collection[int]], None]) -> None:
        self.storage = storage
        self.written = written
        self.writing = Outage("outcomes not written")
        self.outcomes: list[Outcome] = []
        self.being_written = 0
        self.news = asyncio.Event()
        self.recording = asyncio.Lock()

    def add(self, outcome: Outcome) -> None:
        """Note what became of a message."""
        self.outcomes.append(outcome)
        self.news.set()

    def pending(self) -> int:
        """How many outcomes are not on disk yet."""
        return len(self.outcomes) + self.being_written

    async def record_forever(self) -> None:
        """Write outcomes down as they come."""
        while True:
            await self.news.wait()
            self.news.clear()
            async with self.recording:
                done = await self.record()
            if not done:
                await asyncio.sleep(REFUSED)
                self.news.set()

    async def record(self) -> bool:
        """Commit the outcomes so far. False if the database refused: they are kept for the next time."""
        outcomes, self.outcomes = self.outcomes, []
        if not outcomes:
            return True
        self.being_written = len(outcomes)
        try:
            await outbox.record(self.storage, outcomes)
        except Exception as error:
            self.writing.met(error=type(error).__name__, count=len(outcomes))
            self.outcomes[:0] = outcomes  # before what has come meanwhile: a message's last outcome decides
            return False
        finally:
            self.being_written = 0
        self.writing.over()
        self.written([outcome.id for outcome in outcomes])
        return True

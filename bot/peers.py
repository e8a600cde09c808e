"""This process among those that send for the same accounts on the same database.

Together they keep a platform's pace: each takes an equal share. Every `EVERY` seconds each process raises its beat and
looks at the others', on connections of its own, so that no message waits for that. Why the pace is never exceeded, and
no message is sent by two:

- A process that beats knows everybody who joined before. One that has not beaten for `FRESH` beats sends nothing
  paced. So whoever joins waits for that long, and is then known to all.
- A process that has not beaten for `SURE` beats sends nothing at all until it does: the others may take it for dead.
- A process that has not moved during `DEAD` looks of another is dead, and its messages are freed. If it lives after
  all, it forgets what it held and joins again. Looks are counted, not seconds: while the database is away nobody dies.
"""

import asyncio
from collections.abc import Collection
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channel_queue import WINDOW
from storage import senders

EVERY: Final = 1.0
FRESH: Final = 3
SURE: Final = 5
DEAD: Final = 10


class Peers:
    """The processes that this one shares with. Before its first beat, or if it is always alone, it shares with nobody.

    Times are the loop's. What was taken before `joined_at` may belong to another process by now.
    """

    def __init__(
        self, engine: AsyncEngine, worker: str, channels: Collection[str], every: float = EVERY
    ) -> None:
        self.engine, self.worker, self.channels, self.every = engine, worker, channels, every
        self.loop = asyncio.get_running_loop()
        self.joined_at, self.settled_at, self.beaten_at = float("-inf"), float("-inf"), float("inf")
        self.counts = dict.fromkeys(channels, 1)
        self.shares = self.counts
        """Among how many each channel is divided: a part that became free is used one beat later."""
        self.unmoved: dict[str, tuple[int, int]] = {}
        """Of each other sender: its beats, and how many looks did not see them change."""

    async def beat(self) -> bool:
        """Show that we live, and look around. True if a dead sender's messages were freed."""
        began = self.loop.time()
        new = not await senders.beat(self.engine, self.worker)
        if new:
            await senders.join(self.engine, self.worker, self.channels)
            self.joined_at = self.loop.time()
        by_channel = await senders.all_of(self.engine, self.channels)
        counts = {channel: max(1, len(beats)) for channel, beats in by_channel.items()}
        self.shares = {channel: max(self.counts[channel], count) for channel, count in counts.items()}
        self.counts = counts
        self.beaten_at = began
        if new and max(counts.values(), default=1) > 1:
            self.settled_at = self.loop.time() + FRESH * self.every + WINDOW
        return await senders.free_the_dead(self.engine, self.dead(by_channel)) > 0

    def dead(self, by_channel: senders.Beats) -> dict[str, int]:
        """Return the senders that have not moved for long, with their beats."""
        others = {worker: beats for some in by_channel.values() for worker, beats in some.items()}
        others.pop(self.worker, None)
        before, self.unmoved = self.unmoved, {}
        # Looks are counted and no clock is compared: two machines' clocks differ, and jump.
        for worker, beats in others.items():
            last, looks = before.get(worker, (beats, -1))
            self.unmoved[worker] = (beats, looks + 1 if last == beats else 0)
        return {worker: beats for worker, (beats, looks) in self.unmoved.items() if looks >= DEAD}

    @property
    def fresh_until(self) -> float:
        """Return until when the shares may be relied on."""
        return self.beaten_at + FRESH * self.every

    def sure(self) -> bool:
        """Whether nobody can have taken this process for dead."""
        return self.loop.time() < self.beaten_at + SURE * self.every

    async def leave(self) -> None:
        """Leave our share to the others."""
        await senders.leave(self.engine, self.worker)

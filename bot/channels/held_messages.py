"""Messages that a platform has handed out for good, until they are saved.

A platform that hands out each message once does not bring it again, and may lose what it keeps while nobody asks. So the
bot goes on asking while nothing can be saved, and holds what came: whoever writes is told, also behind others.
"""

from typing import Final

from bot.channels.base import Take
from bot.metrics import DROPPED
from handlers.messages import Incoming
from storage.outage import Outage

MOST: Final = 500
"""How many are held before no more are asked for."""


class HeldMessages:
    """The messages of one channel, in the order in which they came."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Incoming, Take]] = []
        self.saving = Outage("update not saved")

    @property
    def is_full(self) -> bool:
        return len(self.waiting) >= MOST

    def add(self, incoming: Incoming, take: Take) -> None:
        """Hold a message until `take` has saved it."""
        self.waiting.append((incoming, take))

    async def take_all(self) -> bool:
        """Have each taken, and hold those that are refused. Return whether none is left."""
        left: list[tuple[Incoming, Take]] = []
        for incoming, take in self.waiting:
            try:
                await take(incoming)
            except Exception as error:
                left.append((incoming, take))
                self.saving.met(error=type(error).__name__)
        self.waiting = left
        if not left:
            self.saving.over()
        return not left

    def drop(self) -> None:
        """Count as lost what is still held when the process ends."""
        for incoming, _ in self.waiting:
            DROPPED.labels(incoming.channel, incoming.kind).inc()

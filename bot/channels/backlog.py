"""When the messages that a poll brings can have been written.

While a request is held open, what people write comes at once. What they wrote while none was (after a restart, a lost
network, a batch that could not be saved) waits at the platform, and may be older than what the bot has said since. The
moments of two clocks would not tell, but when the request before ended does.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from bot.channels.base import Take
from handlers.messages import Incoming
from storage.tables import now

GAP: Final = timedelta(seconds=1)
"""No longer than this between two requests while all is well."""
AT_ONCE: Final = timedelta(seconds=3)
"""Within this time even a slow network brings what has waited; what comes later was written while the request was held."""


@dataclass
class Backlog:
    """Of one platform that is polled. Made before this process says anything."""

    clock: Callable[[], datetime] = now
    ended_at: datetime = field(init=False)
    """When the last request that was answered ended: nothing had waited any more."""
    broken: bool = True
    """Whether since then there was a request that failed, or a batch that was not saved whole."""
    since: datetime | None = None
    """As soon as when the messages of the last answer may have been written, if they waited."""

    def __post_init__(self) -> None:
        self.ended_at = self.clock()

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Around each request."""
        began = self.clock()
        waited, self.broken = self.broken or began - self.ended_at > GAP, True
        yield
        ended = self.clock()
        self.since = self.ended_at if waited and ended - began < AT_ONCE else None
        self.ended_at, self.broken = ended, False

    def taking(self, take: Take) -> Take:
        """`take` for the messages of the last answer."""
        since = self.since
        if since is None:
            return take

        async def take_waiting(incoming: Incoming) -> None:
            await take(replace(incoming, received_at=since))

        return take_waiting

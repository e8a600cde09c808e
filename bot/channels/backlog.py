"""Since when the messages that a poll brings may have been written.

While a request is held open, what people write comes at once. What they wrote while no request was open (after a
restart, a lost network, a batch that could not be saved) waits at the platform, and may be older than what the bot has
said since. The moments of two clocks do not tell, but the end of the request before does.
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
"""While all is well, the time between two requests is no longer than this."""
AT_ONCE: Final = timedelta(seconds=3)
"""Even a slow network brings waiting messages within this time; what comes later was written while the request was held."""


@dataclass
class Backlog:
    """The backlog of one platform that is polled. Make it before this process says anything."""

    clock: Callable[[], datetime] = now
    ended_at: datetime = field(init=False)
    """When the last answered request ended, after which nothing was waiting any more."""
    broken: bool = True
    """Whether a request has failed since then, or a batch was not saved whole."""
    since: datetime | None = None
    """The earliest moment at which the messages of the last answer may have been written, if they waited."""

    def __post_init__(self) -> None:
        self.ended_at = self.clock()

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Wrap each request in this."""
        began = self.clock()
        waited, self.broken = self.broken or began - self.ended_at > GAP, True
        yield
        ended = self.clock()
        self.since = self.ended_at if waited and ended - began < AT_ONCE else None
        self.ended_at, self.broken = ended, False

    def taking(self, take: Take) -> Take:
        """Return `take` for the messages of the last answer."""
        since = self.since
        if since is None:
            return take

        async def take_waiting(incoming: Incoming) -> None:
            await take(replace(incoming, received_at=since))

        return take_waiting

"""Who wrote to an Official Account lately, as this process remembers it: most messages then need no look into the database.

What is not remembered is looked up there: after a start, and of those who wrote to another process.
"""

from datetime import datetime, timedelta
from typing import Final

from bot.recent import Recent
from storage.tables import now

KEPT: Final = 20_000
"""How many people are remembered; of more, those who wrote last."""


class LastHeard:
    """`free_for`: how long after somebody wrote messages to them cost nothing."""

    def __init__(self, free_for: timedelta) -> None:
        self.free_for = free_for
        self.moments: Recent[str, datetime] = Recent(KEPT)

    def note(self, address: str, at: datetime) -> None:
        """Somebody wrote, tapped or followed; an event may come late."""
        self.moments[address] = max(at, self.moments.get(address, at))

    def is_free(self, address: str) -> bool:
        """Whether messages to somebody surely cost nothing now; False where that is not known."""
        at = self.moments.get(address)
        return at is not None and now() - at <= self.free_for

    def forget(self, address: str) -> None:
        """Zalo says otherwise, or they are gone."""
        self.moments.pop(address, None)

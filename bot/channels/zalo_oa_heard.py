"""Who wrote to an Official Account lately, as this process remembers, so that most messages need no look into the
database.

Others are looked up there: after a start, and those who wrote to another process.
"""

from datetime import datetime, timedelta
from typing import Final

from bot.recent import Recent
from storage.tables import now

KEPT: Final = 20_000
"""How many people are remembered; if there are more, those who wrote last."""


class LastHeard:
    """`free_for`: how long messages to somebody are free after they wrote."""

    def __init__(self, free_for: timedelta) -> None:
        self.free_for = free_for
        self.moments: Recent[str, datetime] = Recent(KEPT)

    def note(self, address: str, at: datetime) -> None:
        """Note that somebody wrote, tapped or followed; an event may come late."""
        self.moments[address] = max(at, self.moments.get(address, at))

    def is_free(self, address: str) -> bool:
        """Whether messages to somebody surely are free now; False if that is not known."""
        at = self.moments.get(address)
        return at is not None and now() - at <= self.free_for

    def forget(self, address: str) -> None:
        """Forget somebody: Zalo says otherwise, or they are gone."""
        self.moments.pop(address, None)

"""What the phone has said about messages that it took: when they went out, or that it still has them.

That it took a message means little: it may sleep, or keep to limits of its own. Somebody who writes meanwhile has not
read it.
"""

from datetime import UTC, datetime
from typing import Final

from bot.recent import Recent
from storage.carried import CarriedState

KEPT: Final = 10_000
SOME_TIME: Final = datetime.min.replace(tzinfo=UTC)
"""Stands for the time of a message that the phone merely says went out."""


class SmsOutbound:
    """Messages of one phone, as far as this process has heard."""

    def __init__(self) -> None:
        self.newest: Recent[str, str] = Recent(KEPT)
        """For each number the message that it was sent last."""
        self.out: Recent[str, datetime | None] = Recent(KEPT)
        """When each message went out; None: it has not."""
        self.tells = False
        """Whether the phone ever says that something went out. From one that never does, waiting means nothing."""

    def given(self, address: str, key: str) -> None:
        """Note that the phone took a message for a number."""
        self.newest[address] = key

    def told(self, key: str, state: CarriedState, at: datetime) -> None:
        """Note where the phone says that a message is, and since when it has been there at the latest."""
        if state in (CarriedState.SENT, CarriedState.DELIVERED):
            self.tells = True
            self.out[key] = self.out.get(key) or at
        elif state is CarriedState.FAILED or key not in self.out:
            self.out[key] = None  # news of a part that comes after the whole's changes nothing

    def unknown(self, address: str) -> str:
        """Return the last message to a number if nobody knows whether it went out; "" for none."""
        key = self.newest.get(address, "")
        return key if self.out.get(key) is None else ""

    def out_at(self, key: str, taken_at: datetime) -> datetime | None:
        """See `bot.channels.base.Channel.out_at`."""
        out = self.out.get(key, SOME_TIME)
        if out is None:
            return None if self.tells else taken_at
        return max(out, taken_at)

"""Whether somebody can have read a question before they wrote, by how soon after it their words came.

Nobody reads a question and types its answer in a blink. What comes so soon was on its way before: the same words sent
twice, or what a telephone had kept until it found a network. Who replies in a blink each time is a program, which reads
as fast; it is heard.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.recent import Recent

LEISURE: Final = 3
"""Who takes at least so many times as long as the fastest reader reads as people do."""
BURST: Final = 3
"""How many messages that came in a blink are doubted, one after the other, before their sender is taken for a program."""
CHATS_KEPT: Final = 50_000


@dataclass(frozen=True, slots=True)
class ChatPace:
    """How a chat stood before its last message `key` and after it: how many messages in a blink would be doubted."""

    key: str
    before: int
    after: int


class ReadingPaces:
    """The paces of the chats that this process serves, by contact."""

    def __init__(self) -> None:
        self.chats: Recent[int, ChatPace] = Recent(CHATS_KEPT)

    def is_too_soon(self, contact_id: int, key: str, took: timedelta, soonest: timedelta) -> bool:
        """Whether the message `key` came too soon to have been written after the question, which had been out for `took`.

        Asked about the same message again it says the same: a turn may be repeated.
        """
        known = self.chats.get(contact_id)
        before = 0 if known is None else known.before if known.key == key else known.after
        in_a_blink, at_leisure = took < soonest, took >= LEISURE * soonest
        after = max(0, before - 1) if in_a_blink else BURST if at_leisure else 0
        self.chats[contact_id] = ChatPace(key, before, after)
        return in_a_blink and before > 0

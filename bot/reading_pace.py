"""Whether somebody can have read a question before they wrote, judged by how soon their words came.

Nobody reads a question and types its answer in a blink. Words that come so soon were already on their way: the same
words sent twice, or words that a telephone kept until it found a network. A sender who always replies in a blink is a
program, which reads as fast; it is heard.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.recent import Recent

LEISURE: Final = 3
"""Somebody who takes at least this many times as long as the fastest reader reads as people do."""
BURST: Final = 3
"""How many messages in a row that came in a blink are doubted before their sender is taken for a program."""
CHATS_KEPT: Final = 50_000


@dataclass(frozen=True, slots=True)
class ChatPace:
    """A chat's count before its last message `key` and after it: how many more messages in a blink would be doubted."""

    key: str
    before: int
    after: int


class ReadingPaces:
    """The paces of the chats that this process serves, by contact."""

    def __init__(self) -> None:
        self.chats: Recent[int, ChatPace] = Recent(CHATS_KEPT)

    def is_too_soon(self, contact_id: int, key: str, took: timedelta, soonest: timedelta) -> bool:
        """Whether the message `key` came too soon to have been written after the question, which had been out for
        `took`.

        The answer stays the same if it is asked about the same message again, since a turn may be repeated.
        """
        known = self.chats.get(contact_id)
        before = 0 if known is None else known.before if known.key == key else known.after
        in_a_blink, at_leisure = took < soonest, took >= LEISURE * soonest
        after = max(0, before - 1) if in_a_blink else BURST if at_leisure else 0
        self.chats[contact_id] = ChatPace(key, before, after)
        return in_a_blink and before > 0

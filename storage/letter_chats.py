"""In which of a person's chats a letter that nobody asked for is written: in one of them, never in two.

The chat that they wish for comes first, then one where it costs nothing, then the one that was connected last. If they
wish for a channel that is free only at times, the letter waits for such a time as long as another chat is free. A
channel that always costs was chosen knowing that.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from storage.tables import Contact, now

Costs = Mapping[str, timedelta]
"""The channels on which a message may cost something, each with how long it is free after the person's own last message."""
FREE: Final[Costs] = MappingProxyType({})
"""Nothing costs anywhere."""


def best(
    chats: Iterable[Contact], wish: str = "", costs: Costs = FREE, at: datetime | None = None
) -> Contact | None:
    """Return the chat for a letter written `at` (None: now), among those that take messages; `chats` in the order of
    connecting.

    `wish` is the channel that the person chose, "" for none. None: no chat takes messages.
    """
    moment = at or now()
    takers = [chat for chat in chats if chat.reachable]
    # Of equals `max` gives the first.
    return max(reversed(takers), key=lambda chat: rank(chat, wish, costs, moment), default=None)


def rank(chat: Contact, wish: str, costs: Costs, at: datetime) -> tuple[bool, bool, bool]:
    """Return how well a chat suits a letter, to be compared with others'."""
    free, wished = is_free(chat, costs, at), chat.channel == wish
    always_costs = costs.get(chat.channel) == timedelta()
    return wished and (free or always_costs), free, wished


def is_free(chat: Contact, costs: Costs, at: datetime) -> bool:
    """Whether a message to a chat costs nothing."""
    free_for = costs.get(chat.channel)
    if free_for is None:
        return True
    return chat.last_sent_at is not None and at - chat.last_sent_at < free_for

"""The place of a message in the order of its chat: whether it came before, and whether a later one was handled first.

Platforms deliver messages again and in another order; relays that were restored number them anew.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from storage.tables import Contact, now

LONGEST_DELAY = timedelta(days=1)
"""No platform delivers a message later than this (Telegram keeps an update for 24 hours at most)."""
REMEMBERED: Final = 30
"""How many of a chat's messages we remember by their own numbers: more than a report has answers."""
SWAPPED: Final = timedelta(hours=1)
"""The most time between two messages whose updates were swapped: the older one then comes under a newer update number."""
SKEW = timedelta(minutes=5)
"""How much our clock and a platform's may differ."""
FELL: Final = 10_000
"""Updates of the same minutes whose numbers are further apart than this were not reordered: the numbers began anew."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who sent a message, the key that it has when it is delivered again, and its place in the order of its chat.

    `sent_at` is by the platform's clock (None if it does not say, as for a press), `came_at` by ours. `also`: its
    other keys. `number` is the message's own within its chat, 0 if it has none. An update that a relay gives out anew
    has another key and another place; its message keeps its number.
    """

    channel: str
    address: str
    key: str
    order: int
    sent_at: datetime | None = None
    came_at: datetime = field(default_factory=now)
    also: tuple[str, ...] = ()
    number: int = 0

    @property
    def message(self) -> tuple[int, int]:
        """What no relay changes of a numbered message: its second and its number. Greater for whatever was sent later.

        Numbers start again with another account; moments do not.
        """
        return (int(self.sent_at.timestamp()) if self.sent_at else 0, self.number)


def is_repeated(contact: Contact, envelope: Envelope) -> bool:
    """Whether this very message was handled before, as another update: a restored relay delivers messages again."""
    return bool(envelope.number) and list(envelope.message) in contact.last_messages


def is_late(contact: Contact, envelope: Envelope) -> bool:
    """Whether a message that was sent after this one was handled before it. Messages with equal orders are not late.

    If messages have numbers of their own, these decide, whatever the numbers of their updates; only a press has none.

    A platform's update numbers may start again lower: at random after a quiet week, with another account, or with a
    relay that was restored. Moments do not. So what was sent later than everything handled is not late, whatever its
    number.
    """
    told = told_by_numbers(contact, envelope)
    if told is not None:
        return told
    if envelope.order >= contact.last_order or contact.last_sent_at is None:
        return envelope.order < contact.last_order
    if envelope.sent_at is not None:
        return envelope.sent_at <= contact.last_sent_at
    return envelope.came_at <= contact.last_sent_at + LONGEST_DELAY


def told_by_numbers(contact: Contact, envelope: Envelope) -> bool | None:
    """Whether a message is late by its own number and second; None if these do not tell.

    Number and second must agree and be near: numbers may start again, and a clock may have been wrong.
    """
    if not envelope.number or not contact.last_messages:
        return None
    second, number = envelope.message
    newest_second, newest = max(contact.last_messages)
    if number < newest and 0 <= newest_second - second <= SWAPPED.total_seconds():
        return True
    if second < newest_second or contact.last_sent_at is None:
        return None
    # What was pressed after it has no number: then the numbers of the updates have to tell, if they go on.
    is_next = number > newest and contact.last_sent_at.timestamp() == newest_second
    return False if is_next or began_anew(contact.last_order, contact.last_sent_at, envelope) else None


def began_anew(last_order: int, last_sent_at: datetime, envelope: Envelope) -> bool:
    """Whether the numbers of updates fell between a press, sent at `last_sent_at` at the latest, and this message."""
    before = last_sent_at - 2 * SKEW
    return last_order - envelope.order > FELL and envelope.sent_at is not None and envelope.sent_at > before


def mark_order(contact: Contact, envelope: Envelope, *, late: bool) -> None:
    """Remember how far we are in the contact's order. A late message does not move it, but is recognised if it comes
    again."""
    if envelope.number:
        contact.last_messages = [*contact.last_messages[1 - REMEMBERED :], list(envelope.message)]
    if not late:
        contact.last_order = envelope.order
        contact.last_sent_at = envelope.sent_at or envelope.came_at + SKEW

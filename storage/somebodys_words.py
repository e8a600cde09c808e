"""Which messages hold what somebody wrote, about a figure or to many: what is typed next may be an answer to that."""

from typing import Final

from sqlalchemy import ColumnElement, func
from sqlmodel import col, or_, select

from storage.tables import Contact, Outbox, OutboxState

WORDS: Final = "words"
"""The slot of words about a figure."""
ANNOUNCED: Final = "announce:"
"""How the slots of announcements begin (`handlers.broadcasts.announcing.slot_of`)."""


def is_words() -> ColumnElement[bool]:
    """Whether a message was sent and holds somebody's words."""
    said = or_(col(Outbox.slot) == WORDS, col(Outbox.slot).startswith(ANNOUNCED))
    return said & (col(Outbox.state) == OutboxState.SENT)


LAST_WORDS: Final = (
    select(func.max(Outbox.sent_at))
    .where(col(Outbox.contact_id) == col(Contact.id), is_words())
    .correlate(Contact)
    .scalar_subquery()
)
"""When a contact last got such words; a part of the statement that finds the contact."""

"""What a chat shows: which message a reply means, and which buttons may be typed.

The text of a message is erased once it is sent. What remains of its body (`kept_of`) is enough for this.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, bindparam, func
from sqlmodel import col, or_, select

from storage import told
from storage.outbox import Body, DueMessage
from storage.priorities import ANSWERS, ASKED_FOR
from storage.session import Session
from storage.somebodys_words import is_words
from storage.tables import Outbox, OutboxState

OFFERED: Final = 5
"""The buttons of this many unasked messages can still be pressed by typing their labels."""
A_SECOND: Final = timedelta(seconds=1)
"""Platforms give the moment of a message in whole seconds."""


def kept_of(due: DueMessage, *, again: bool = False) -> Body:
    """Return what remains of a message: what it asked and, of an unasked one, its buttons, which may be typed
    (`offered`).

    `again`: it may be in the chat twice, once under an id that nobody wrote down.
    """
    names = ("about",) if due.priority in ANSWERS else ("about", "choices", "actions", told.MARKS)
    kept = {name: due.body[name] for name in names if name in due.body}
    return {**kept, "again": True} if again or due.again else kept


@dataclass(frozen=True, slots=True)
class DeliveredMessage:
    """A message that was sent to a chat: what a reply to it answers ("": nothing), and whether it is the newest answer."""

    about: str
    newest: bool


async def shown(session: Session, contact_id: int, ref: str) -> DeliveredMessage | None:
    """Return the message that the platform calls `ref`; None if it is unknown, or was sent long ago."""
    mine = Outbox.contact_id == contact_id
    rows = (await session.exec(select(Outbox.id, Outbox.body).where(mine, Outbox.ref == ref))).all()
    if not rows:
        return None
    newest = select(func.max(Outbox.id)).where(mine, col(Outbox.priority).in_(ANSWERS), col(Outbox.ref) != "")
    last = (await session.exec(newest)).one()
    about = next((body["about"] for _, body in rows if body.get("about")), "")
    return DeliveredMessage(about, any(number == last for number, _ in rows))


def named_so(key: str) -> ColumnElement[bool]:
    """Whether a message's name begins with `key`: said so that an index finds it."""
    after = key[:-1] + chr(ord(key[-1]) + 1)
    return and_(col(Outbox.natural_key) >= key, col(Outbox.natural_key) < after)


async def chats_of(session: Session, key: str) -> set[int]:
    """Return the chats to which a message went out whose name begins with `key`, as long as names are kept."""
    chosen = select(Outbox.contact_id).where(named_so(key), Outbox.state == OutboxState.SENT).distinct()
    return set(await session.exec(chosen))


async def all_wait(session: Session, key: str) -> bool:
    """Whether there are messages whose names begin with `key`, and all of them are still to be sent."""
    states = set(await session.exec(select(Outbox.state).where(named_so(key)).distinct()))
    return states == {OutboxState.DUE}


async def is_known(session: Session, contact_id: int, ref: str) -> bool:
    """Whether we know of a message to this chat that the platform calls `ref`."""
    return bool(await session.fetch(NAMED, contact=contact_id, ref=ref))


NAMED: Final = (
    select(Outbox.id)
    .where(Outbox.contact_id == bindparam("contact"), Outbox.ref == bindparam("ref"))
    .limit(1)
)
"""Built once: it runs at every press."""


async def may_have_shown(session: Session, contact_id: int, at: datetime | None) -> bool:
    """Whether a message with an unknown id may have reached this chat at `at` (None: lately).

    One is being sent to it, or was sent then and perhaps twice.
    """
    chosen = select(Outbox.body, Outbox.state).where(Outbox.contact_id == contact_id)
    if at is not None:
        written = col(Outbox.created_at) <= at + A_SECOND
        chosen = chosen.where(
            written, or_(col(Outbox.sent_at).is_(None), col(Outbox.sent_at) >= at - A_SECOND)
        )
    tried = or_(
        col(Outbox.priority) <= ASKED_FOR, col(Outbox.claimed_by).is_not(None), col(Outbox.problem) != ""
    )
    sending = and_(col(Outbox.state) == OutboxState.DUE, tried)
    some = or_(col(Outbox.state) == OutboxState.SENT, sending)
    rows = await session.exec(chosen.where(some))
    return any(state == OutboxState.DUE or body.get("again") for body, state in rows)


async def letter_since(session: Session, contact_id: int) -> list[tuple[str, str]]:
    """Return label and data of the buttons under the newest message to a chat, if it was unasked; else none."""
    chosen = (
        select(Outbox.body, Outbox.priority)
        .where(Outbox.contact_id == contact_id, Outbox.state == OutboxState.SENT)
        .order_by(col(Outbox.id).desc())
        .limit(1)
    )
    newest = (await session.exec(chosen)).first()
    if newest is None or newest[1] in ANSWERS:
        return []
    return [(label, data) for row in newest[0].get("choices", ()) for label, data in row]


async def of_last_words(
    session: Session, contact_id: int, since: datetime | None = None
) -> list[tuple[str, str]]:
    """Return label and data of the buttons under the last words that somebody wrote to a chat, perhaps only `since` then."""
    lately = [col(Outbox.created_at) >= since] if since else []
    chosen = (
        select(Outbox.body)
        .where(Outbox.contact_id == contact_id, is_words(), *lately)
        .order_by(col(Outbox.sent_at).desc())
        .limit(1)
    )
    body = (await session.exec(chosen)).first() or {}
    return buttons_in(body)


def buttons_in(body: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return label and data of a message's buttons."""
    rows = (row for name in ("choices", "actions") for row in body.get(name, ()))
    return [(label, data) for row in rows for label, data in row]


async def newest_about(session: Session, contact_id: int) -> str:
    """Return what the newest message to a chat is about, whether it was asked for or not; "" if nothing is known of it."""
    here = or_(col(Outbox.state) == OutboxState.SENT, col(Outbox.priority).in_(ANSWERS))
    chosen = (
        select(Outbox.body)
        .where(Outbox.contact_id == contact_id, here)
        .order_by(col(Outbox.id).desc())
        .limit(1)
    )
    newest = (await session.exec(chosen)).first() or {}
    return str(newest.get("about", ""))


async def offered(session: Session, contact_id: int) -> list[tuple[str, str]]:
    """Return label and data of the buttons under the last unasked messages to a chat, newest first."""
    chosen = (
        select(Outbox.body)
        .where(
            Outbox.contact_id == contact_id,
            col(Outbox.priority).not_in(ANSWERS),
            Outbox.state == OutboxState.SENT,
        )
        .order_by(col(Outbox.id).desc())
        .limit(OFFERED)
    )
    return [shown for body in await session.exec(chosen) for shown in buttons_in(body)]

"""Tells administrators about a channel's trouble, in their chats on other channels, once for each occasion."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from markupsafe import Markup
from sqlmodel import col, select

from handlers.letters import REMINDER
from handlers.messages import Reply
from handlers.wording import Wording, locale_for, wording
from storage import outbox
from storage.outbox import QueuedLetter
from storage.session import Session
from storage.tables import Contact, ContactPerson, Role, RoleName, now
from storage.unit_of_work import Storage

OF_USE: Final = timedelta(days=3)


async def tell_administrators(
    storage: Storage, channel: str, occasion: str, told: Callable[[Wording], Markup]
) -> int:
    """Write what `told` says into every administrator's chats except those of `channel`; return how many were written.

    `occasion` names it for ever: what was told is not told again.
    """
    async with storage.reading() as session:
        chats = await chats_of_administrators(session, channel)
    at = now()
    letters = [
        letter(chat, channel, occasion, told(wording(locale_for(chat.locale, ""))), at) for chat in chats
    ]
    return await outbox.announce(storage, letters)


def letter(chat: Contact, channel: str, occasion: str, text: Markup, at: datetime) -> QueuedLetter:
    key = f"channel:{channel}:{occasion}:{chat.id}"
    return QueuedLetter(key, chat.id, Reply(text).to_json(), REMINDER, at, not_after=at + OF_USE)


async def chats_of_administrators(session: Session, channel: str) -> list[Contact]:
    """The chats of administrators that take messages, without those of a channel."""
    theirs = (
        select(ContactPerson.contact_id)
        .join(Role, col(Role.person_id) == col(ContactPerson.person_id))
        .where(Role.role == RoleName.ADMINISTRATOR, col(Role.until).is_(None))
    )
    chosen = select(Contact).where(col(Contact.id).in_(theirs))
    chosen = chosen.where(col(Contact.reachable), Contact.channel != channel)
    return list(await session.exec(chosen.order_by(col(Contact.id))))

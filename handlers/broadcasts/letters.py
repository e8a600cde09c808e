"""Letters that nobody asked for, and the people who get them.

A letter's natural key names its occasion, place and person: whoever writes it again, after a crash or in another
process, writes nothing. What is composed reads only; it is put into the outbox afterwards in one short transaction.
"""

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.library import Library
from handlers.messages import Capabilities, Incoming, Kind, Reply
from handlers.turn import Turn
from storage import people
from storage.tables import Contact, Outbox, Person, Role
from storage.unit_of_work import active_roles

REMINDER: Final = 1
BROADCAST: Final = 2
"""Priorities in the outbox: after replies."""
AT_ONCE: Final = 20
"""So many people are looked at together."""


@dataclass(frozen=True)
class Letter:
    """One message to one chat. `why` says in a word what for, for the administrator's look at it."""

    key: str
    contact_id: int
    place_id: int
    reply: Reply
    priority: int
    why: str
    not_before: datetime | None = None
    not_after: datetime | None = None


@dataclass(frozen=True)
class Reader:
    """Somebody who may get letters: the person, the chat they are written to, the roles they hold."""

    person: Person
    contact: Contact
    roles: tuple[Role, ...]

    def turn(self, session: AsyncSession, library: Library, now: datetime) -> Turn:
        """A turn in which nobody spoke, to compose in this reader's language and with their rights."""
        channel, address = self.contact.channel, self.contact.address
        return Turn(
            incoming=Incoming(channel, address, "", 0, Kind.OTHER, now),
            session=session,
            contact=self.contact,
            person=self.person,
            roles=list(self.roles),
            now=now.astimezone(library.zone),
            can=Capabilities(),
            library=library,
        )


async def readers(
    session: AsyncSession, places: Collection[int] | None = None
) -> AsyncIterator[list[Reader]]:
    """Everybody with a role and a chat that can be reached, some at a time; only of `places` where they are given."""
    last = 0
    while True:
        chosen = (
            select(Role.person_id)
            .where(col(Role.until).is_(None), Role.person_id > last)
            .order_by(col(Role.person_id))
            .distinct()
            .limit(AT_ONCE)
        )
        ids = list((await session.exec(chosen)).all())
        if not ids:
            return
        last = ids[-1]
        roles = await active_roles(session, set(ids))
        found = []
        for number in ids:
            reader = await reader_of(session, number, roles.get(number, []), places)
            found += [reader] if reader else []
        if found:
            yield found


async def reader_of(
    session: AsyncSession, person_id: int, roles: list[Role], places: Collection[int] | None
) -> Reader | None:
    """The person with their newest chat that can be reached; None where there is none, or no role at `places`."""
    held = tuple(role for role in roles if places is None or role.place_id in places)
    person = await session.get(Person, person_id)
    if not held or person is None or person.left_at is not None or person.consented_at is None:
        return None
    chats = [chat for chat in await people.contacts_of(session, person_id) if chat.reachable]
    return Reader(person, chats[-1], held) if chats else None


async def unwritten(session: AsyncSession, keys: Collection[str]) -> set[str]:
    """Those of `keys` under which nothing was ever written."""
    chosen = select(Outbox.natural_key).where(col(Outbox.natural_key).in_(list(keys)))
    return set(keys) - {key for key in (await session.exec(chosen)).all() if key}

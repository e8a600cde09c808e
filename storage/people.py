"""People, the chats they use, and the roles they hold.

A chat (contact) may be used by several people, and a person may use several chats. How somebody leaves: `storage.leaving`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import bindparam
from sqlmodel import col, select

from storage.portions import portions
from storage.session import Session
from storage.tables import (
    Contact,
    ContactPerson,
    Person,
    Place,
    Role,
    RoleName,
)


async def find_contact(session: Session, channel: str, address: str) -> Contact | None:
    """The chat at an address of a channel, or None."""
    chosen = select(Contact).where(Contact.channel == channel, Contact.address == address)
    return (await session.exec(chosen)).first()


async def create_contact(session: Session, channel: str, address: str, locale: str = "") -> Contact:
    """A new chat, with its id; nobody's yet."""
    contact = Contact(channel=channel, address=address, locale=locale)
    session.add(contact)
    await session.flush()
    return contact


async def get(session: Session, person_id: int) -> Person | None:
    """The person with this id, also one who has left; or None."""
    return await session.get(Person, person_id)


async def roles_of(session: Session, person_id: int) -> list[Role]:
    """The roles that a person holds now, the oldest first."""
    chosen = select(Role).where(Role.person_id == person_id, col(Role.until).is_(None))
    return list(await session.exec(chosen.order_by(col(Role.id))))


async def people_of(session: Session, contact_id: int) -> list[Person]:
    """The people who use a chat, the first to come first."""
    chosen = (
        select(Person)
        .join(ContactPerson, col(ContactPerson.person_id) == col(Person.id))
        .where(ContactPerson.contact_id == contact_id)
    )
    return list(await session.exec(chosen.order_by(col(Person.id))))


async def contacts_of(session: Session, person_id: int) -> list[Contact]:
    """The chats that a person uses, the oldest first."""
    chosen = (
        select(Contact)
        .join(ContactPerson, col(ContactPerson.contact_id) == col(Contact.id))
        .where(ContactPerson.person_id == person_id)
    )
    return list(await session.exec(chosen.order_by(col(Contact.id))))


async def enrol(
    session: Session,
    contact: Contact,
    place_id: int,
    role: str,
    name: str,
    now: datetime,
    ends_at: datetime | None = None,
) -> Person:
    """A new person who consented just now, speaks through `contact` and holds `role` at the place, until `ends_at`."""
    person = Person(name=name, consented_at=now, created_at=now)
    session.add(person)
    await session.flush()
    person_id = person.id
    session.add(Role(person_id=person_id, place_id=place_id, role=role, since=now, ends_at=ends_at))
    session.add(ContactPerson(contact_id=contact.id, person_id=person_id, since=now))
    contact.person_id = person_id
    await session.flush()
    return person


async def add_role(
    session: Session, person_id: int, place_id: int, role: str, now: datetime, ends_at: datetime | None = None
) -> Role:
    """A further role of a person, until `ends_at`; the one they hold already, if they do, which then lasts as long."""
    for held in await roles_of(session, person_id):
        if (held.place_id, held.role) == (place_id, role):
            held.ends_at = later(held.ends_at, ends_at)
            return held
    added = Role(person_id=person_id, place_id=place_id, role=role, since=now, ends_at=ends_at)
    session.add(added)
    await session.flush()
    return added


def later(one: datetime | None, other: datetime | None) -> datetime | None:
    """Return the later of two ends; None is never."""
    return None if one is None or other is None else max(one, other)


# --- who looks after a place ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Seat:
    """Who holds which role where."""

    person: Person
    role: Role
    place: Place


async def seats(session: Session, ground: Collection[int] | None = None) -> list[Seat]:
    """Every role that is held now, by place; only at the places of `ground` if given."""
    chosen = (
        select(Person, Role, Place)
        .join(Role, col(Role.person_id) == col(Person.id))
        .join(Place, col(Place.id) == col(Role.place_id))
        .where(col(Role.until).is_(None))
        .order_by(col(Place.id), col(Role.id))
    )
    if ground is None:
        return [Seat(*row) for row in await session.exec(chosen)]
    # A commune's ten villages are looked up among the heads of a country.
    within = [chosen.where(col(Role.place_id).in_(some)) for some in portions(sorted(ground))]
    return [Seat(*row) for some in within for row in await session.exec(some)]


async def heads_since(session: Session, place_ids: Collection[int]) -> dict[int, datetime]:
    """Return since when each of these villages has a head, if it has one; with several heads, since the first."""
    since: dict[int, datetime] = {}
    for some in portions(sorted(place_ids)):
        for place_id, at in await session.fetch(HEADS, places=list(some)):
            since[place_id] = min(at, since.get(place_id, at))
    return since


HEADS: Final = select(Role.place_id, Role.since).where(
    Role.role == RoleName.VILLAGE_HEAD,
    col(Role.until).is_(None),
    col(Role.place_id).in_(bindparam("places", expanding=True)),
)


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody who holds a role, where, and the chats that reach them (perhaps none)."""

    person: Person
    role: Role
    contacts: tuple[Contact, ...]


async def officers_of(session: Session, place_id: int, role: str, on: date | None = None) -> list[Officer]:
    """Return who holds `role` at the place, or at the nearest unit above where somebody does (`on`: today)."""
    day = on or date.today()  # noqa: DTZ011 - a day too early or late changes nobody's office
    for unit in (place_id, *(above.id for above in await session.places.ancestors(place_id, day))):
        chosen = (
            select(Person, Role)
            .join(Role, col(Role.person_id) == col(Person.id))
            .where(Role.place_id == unit, Role.role == role, col(Role.until).is_(None))
            .order_by(col(Role.id))
        )
        holders = (await session.exec(chosen)).all()
        if holders:
            return [
                Officer(person, held, tuple(await contacts_of(session, person.id)))
                for person, held in holders
            ]
    return []


async def unreached(session: Session, place_ids: Collection[int], since: datetime) -> dict[int, datetime]:
    """Return the villages with no head whose chat takes messages, if the last chat closed since then, and when.

    This is about the person, not about an old phone: one chat that takes messages is enough.
    """
    chats: dict[int, list[datetime | None]] = {}
    for place_id, reachable, closed_at in await session.fetch(HEADS_CHATS, places=list(place_ids)):
        chats.setdefault(place_id, []).append(None if reachable else closed_at)
    closed = {
        place_id: max(at for at in moments if at) for place_id, moments in chats.items() if all(moments)
    }
    return {place_id: at for place_id, at in closed.items() if at >= since}


HEADS_CHATS: Final = (
    select(Role.place_id, Contact.reachable, Contact.unreachable_since)
    .join(ContactPerson, col(ContactPerson.person_id) == col(Role.person_id))
    .join(Contact, col(Contact.id) == col(ContactPerson.contact_id))
    .where(Role.role == RoleName.VILLAGE_HEAD, col(Role.until).is_(None))
    .where(col(Role.place_id).in_(bindparam("places", expanding=True)))
)

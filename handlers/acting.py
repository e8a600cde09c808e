"""Who does something to a report, as the journal keeps it, and whose chats hear of it."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Final

from markupsafe import Markup
from sqlmodel import col, select

from figures import access, offices
from figures.due import REPORTING
from figures.view import View
from handlers.messages import Reply, Rows
from handlers.turn import Turn
from handlers.wording import Wording, first_upper, wording
from storage import outbox, people, seats
from storage.journal import Actor
from storage.session import Session
from storage.tables import Contact, Level, Outbox, OutboxState, Place, RoleName

DEPUTY: Final = "lam-thay"
"""The role that the journal keeps for somebody who stands in for a village's head."""
PRIORITY: Final = 1
"""The outbox's priority of these letters: after replies, before broadcasts."""


async def actor(turn: Turn, place_id: int, *, in_place: bool = False, checks: bool = False) -> Actor:
    """Return this person in the role in which they act on the reports of a place.

    That is their own role there, else the one in which they check its reports; with `checks`, always the latter.
    """
    own = [role for role in turn.roles if role.place_id == place_id and not checks]
    place = None if own else await turn.session.places.get(place_id)
    above = await access.checking_role(turn.view, place) if place else None
    held = next(iter(own), above) or next(iter(turn.roles), None)
    name = "" if held is None else held.role if held.ends_at is None else DEPUTY
    return Actor(turn.contact.person_id, name, turn.incoming.channel, in_place)


def is_in_place(turn: Turn, place_id: int) -> bool:
    """Whether this person answers for a place in the stead of others."""
    return all(role.place_id != place_id for role in turn.roles)


async def reporters(turn: Turn, place: Place) -> list[Contact]:
    """Return the reachable chats of those who answer for a place, except the one that is talking."""
    names = (RoleName.VILLAGE_HEAD,) if place.level == Level.VILLAGE else REPORTING
    persons = [role.person_id for name in names for role in await seats.held(turn.session, place.id, name)]
    return reachable(turn, await chats_of(turn.session, persons))


async def view_of(turn: Turn, person_id: int) -> View:
    """Return what somebody else may see and do now."""
    return await offices.view_of(turn.view, person_id)


async def checkers(turn: Turn, place: Place, officer: int | None = None) -> list[Contact]:
    """Return the reachable chats of the person who returned or approved a figure.

    If they no longer look after it: those of the nearest officers who check the place's reports.
    """
    if officer is not None and await access.may_check(await view_of(turn, officer), place):
        return reachable(turn, await people.contacts_of(turn.session, officer))
    return await nearest_checkers(turn, place)


async def nearest_checkers(turn: Turn, place: Place) -> list[Contact]:
    """Return the reachable chats of the officers who check a place's reports, on the lowest level that has any."""
    for name in access.CHECKING.get(Level(place.level), ()):
        if chats := await office_chats(turn.session, place, name, turn.today):
            return reachable(turn, chats)
    return []


async def office_chats(session: Session, place: Place, role: str, on: date) -> Collection[Contact]:
    """Return the chats of those who hold a role at a place, or at the nearest unit above where somebody does, each once."""
    officers = await people.officers_of(session, place.id, role, on)
    return by_id(chat for officer in officers for chat in officer.contacts).values()


async def chats_of(session: Session, persons: Iterable[int]) -> Collection[Contact]:
    """Return the chats of some people, each once."""
    return by_id([chat for person in persons for chat in await people.contacts_of(session, person)]).values()


def by_id(contacts: Iterable[Contact]) -> dict[int, Contact]:
    """Chats, each once."""
    return {contact.id: contact for contact in contacts}


def reachable(turn: Turn, contacts: Iterable[Contact]) -> list[Contact]:
    """Return the chats that take messages, except the one that is talking."""
    return [contact for contact in contacts if contact.reachable and contact.id != turn.contact.id]


def words_for(contact: Contact, *, officer: bool = False) -> Wording:
    """The sentences in the language of a chat."""
    return wording(contact.locale or "vi", officer)


def tell(
    turn: Turn,
    contact: Contact,
    key: str,
    parts: Sequence[Markup],
    choices: Rows,
    *,
    at_once: bool = False,
    slot: str = "",
) -> None:
    """Write to another chat, once for `key`; at night only what is told `at_once`."""
    until = None if at_once else turn.quiet_until
    outbox.put(turn.session, letter(contact, key, parts, choices, turn.now, until, slot))


def told(turn: Turn, who: str, chats: Collection[Contact], **facts: object) -> Markup:
    """Return the sentence that somebody has been told, when they will be, or that they cannot be.

    A letter to `chats` waits over the night. `who`: the last part of a key `told.who.…`.
    """
    name = turn.say(f"told.who.{who}", **facts)
    if not chats:
        return first_upper(turn.say("told.nobody", who=name))
    if turn.quiet_until is None:
        return first_upper(turn.say("told.now", who=name))
    return turn.say("told.later", who=name, at=turn.say.near(turn.quiet_until, turn.today))


async def take_back(turn: Turn, key: str) -> set[int]:
    """Drop the letters `key` that wait for the morning and are of no use any more; return whose chats they were for."""
    chosen = select(Outbox).where(col(Outbox.natural_key).startswith(f"figure:{key}:", autoescape=True))
    # A message that a platform refused once may still have arrived.
    unsent = (col(Outbox.state) == OutboxState.DUE, Outbox.problem == "", col(Outbox.not_before) > turn.now)
    rows = (await turn.session.exec(chosen.where(*unsent))).all()
    for row in rows:
        await turn.session.delete(row)
    return {row.contact_id for row in rows}


async def tell_once(
    turn: Turn, contact: Contact, key: str, parts: Sequence[Markup], choices: Rows = (), *, slot: str = ""
) -> None:
    """Do the same if the letter `key` may have been written before: it is not written again."""
    await write_once(turn.session, contact, key, parts, turn.now, turn.quiet_until, choices, slot)


async def write_once(
    session: Session,
    contact: Contact,
    key: str,
    parts: Sequence[Markup],
    now: datetime,
    until: datetime | None = None,
    choices: Rows = (),
    slot: str = "",
) -> None:
    """Write to a chat, not to be sent before `until`, unless the letter `key` was written before."""
    await outbox.insert_new(session, [letter(contact, key, parts, choices, now, until, slot)])


def letter(
    contact: Contact,
    key: str,
    parts: Sequence[Markup],
    choices: Rows,
    now: datetime,
    until: datetime | None,
    slot: str,
) -> outbox.QueuedLetter:
    """Return a message to another chat, not to be sent before `until`; in the slot `WORDS` if it wants an answer."""
    body = Reply(Markup("\n\n").join(parts), choices).to_json()
    key = f"figure:{key}:{contact.id}"
    return outbox.QueuedLetter(key, contact.id, body, PRIORITY, now, until, slot=slot)

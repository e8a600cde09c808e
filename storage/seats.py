"""Ends a role without erasing the person, and gives it back: a village gets another head, an officer another post.

A role ends with the transaction. From then on its holder's buttons answer as to somebody who holds none, letters for
the place are no longer sent, and a questionnaire under way is left where it stands: whoever gets the role back goes on
with it. What the person sent stays theirs; only they, or the law, have it erased (`storage.leaving`).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import col, select

from storage import leaving, people
from storage.kept import Screen
from storage.session import Session
from storage.tables import Contact, InterviewRow, Invitation, Outbox, OutboxState, Person, Role

ContactsOfRoles = list[tuple[Role, Contact]]
"""Each role with each chat that reaches its holder."""


async def held(session: Session, place_id: int, role: str) -> list[Role]:
    """The roles of this name that are held at the place now, the oldest first."""
    chosen = select(Role).where(Role.place_id == place_id, Role.role == role, col(Role.until).is_(None))
    return list(await session.exec(chosen.order_by(col(Role.id))))


async def was_held(session: Session, place_id: int, role: str) -> bool:
    """Whether somebody who holds it no more held the role itself, not as a deputy."""
    chosen = select(Role.id).where(
        Role.place_id == place_id,
        Role.role == role,
        col(Role.until).is_not(None),
        col(Role.ends_at).is_(None),
    )
    return (await session.exec(chosen.limit(1))).first() is not None


async def end(session: Session, roles: Sequence[Role], now: datetime) -> ContactsOfRoles:
    """End roles; return the chats to be told. Erase the phone numbers by which a holder could take the role again."""
    told: ContactsOfRoles = []
    for role in roles:
        person = await session.get(Person, role.person_id)
        await leaving.forget_number(session, role, person.name if person else "")
        chats = await people.contacts_of(session, role.person_id)
        for chat in chats:
            await put_aside(session, chat.id, role)
        role.until = now
        session.add(role)
        told += [(role, chat) for chat in chats]
    await session.flush()
    return told


async def put_aside(session: Session, contact_id: int, role: Role) -> None:
    """Take a chat out of this role's work, and drop the letters that wait for it."""
    chat = await session.get(Contact, contact_id, with_for_update=True)
    if chat is None:
        return
    if chat.interview_id is not None:
        under_way = await session.get(InterviewRow, chat.interview_id)
        if under_way and (under_way.person_id, under_way.place_id) == (role.person_id, role.place_id):
            chat.interview_id = None
    if chat.person_id == role.person_id:
        shown = replace(Screen.read(chat.screen), expects=None, choices=(), actions=())
        chat.screen = shown.to_json()
    await drop_waiting(session, contact_id, role)


async def drop_waiting(session: Session, contact_id: int, role: Role) -> None:
    """Drop the letters about a role that wait for a chat."""
    await session.insert_waiting()
    waiting = select(Outbox).where(
        Outbox.contact_id == contact_id, Outbox.state == OutboxState.DUE, col(Outbox.claimed_by).is_(None)
    )
    rows = [
        row.id
        for row in await session.exec(waiting)
        if leaving.is_about(row, role.person_id, {role.place_id})
    ]
    await session.exec(delete(Outbox).where(col(Outbox.id).in_(rows)))


async def give_back(session: Session, roles: Sequence[Role]) -> ContactsOfRoles:
    """Let ended roles be in force again; return the chats to be told. Somebody who left or withdrew consent gets
    nothing back."""
    told: ContactsOfRoles = []
    for role in roles:
        person = await session.get(Person, role.person_id)
        if person is None or person.left_at is not None or person.consented_at is None:
            continue
        same = await held(session, role.place_id, role.role)
        if any(other.person_id == role.person_id for other in same):
            continue
        role.until = None
        session.add(role)
        told += [(role, chat) for chat in await people.contacts_of(session, role.person_id)]
    await session.flush()
    return told


async def withdraw_invitations(session: Session, place_id: int, role: str, now: datetime) -> None:
    """Make every unused invitation to this role unusable, so that an old code gives nothing."""
    chosen = select(Invitation).where(Invitation.place_id == place_id, Invitation.role == role)
    unused = chosen.where(col(Invitation.used_at).is_(None), col(Invitation.revoked_at).is_(None))
    for invitation in await session.exec(unused.with_for_update()):
        invitation.revoked_at, invitation.name = now, ""
        session.add(invitation)
    await session.flush()


async def restore_invitations(session: Session, made: Invitation) -> None:
    """Make usable again the invitations that were withdrawn at the very moment when `made` was made."""
    chosen = select(Invitation).where(Invitation.place_id == made.place_id, Invitation.role == made.role)
    others = chosen.where(Invitation.revoked_at == made.created_at, Invitation.id != made.id)
    for invitation in await session.exec(others):
        invitation.revoked_at = None
        session.add(invitation)
    await session.flush()


async def ended(session: Session, place_id: int, role: str, at: datetime) -> list[Role]:
    """The roles of this name that were ended at the place at this very moment."""
    chosen = select(Role).where(Role.place_id == place_id, Role.role == role, Role.until == at)
    return list(await session.exec(chosen.order_by(col(Role.id))))


async def ended_last(session: Session, person_id: int) -> list[Role]:
    """Return the roles of a person that ended last, all at the same moment."""
    chosen = select(Role).where(Role.person_id == person_id, col(Role.until).is_not(None))
    ended = list(await session.exec(chosen.order_by(col(Role.until).desc(), col(Role.id))))
    return [role for role in ended if role.until == ended[0].until]

"""Deputies: somebody reports in a head's stead until a day, and then no more, without anybody doing anything.

A deputy's role has an end from the beginning. It is not in force after that moment, whether or not it was ended yet
(`Role.in_force`); `end_over` ends what is over, and passes on what the deputy left half done.
"""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import col, select

from storage import interviews, seats
from storage.seats import ContactsOfRoles
from storage.session import Session
from storage.tables import Contact, InterviewRow, Invitation, Role


async def of_place(session: Session, place_id: int, role: str, now: datetime) -> list[Role]:
    """The deputies at a place whose time is not over, the first given first."""
    return [one for one in await seats.held(session, place_id, role) if one.ends_at and one.in_force(now)]


async def codes(session: Session, place_id: int, role: str, now: datetime) -> list[Invitation]:
    """The deputies' codes at a place that may still be used, the oldest first, which nobody uses meanwhile."""
    chosen = select(Invitation).where(
        Invitation.place_id == place_id,
        Invitation.role == role,
        col(Invitation.ends_at).is_not(None),
        col(Invitation.used_at).is_(None),
        col(Invitation.revoked_at).is_(None),
        Invitation.expires_at > now,
    )
    return list(await session.exec(chosen.order_by(col(Invitation.id)).with_for_update()))


async def end_over(session: Session, now: datetime) -> ContactsOfRoles:
    """End the roles whose time is over; the chats to be told."""
    chosen = select(Role).where(col(Role.until).is_(None), col(Role.ends_at) <= now).order_by(col(Role.id))
    over = list(await session.exec(chosen.with_for_update()))
    told = await seats.end(session, over, now)
    for role in over:
        await pass_on(session, role.place_id, role.role, now)
    return told


async def pass_on(session: Session, place_id: int, role: str, now: datetime) -> list[InterviewRow]:
    """Give the drafts of those who answer for a place no more to whoever has held its role longest; those drafts.

    Nothing happens while nobody holds it: whoever gets it next is given them.
    """
    holders = [one for one in await seats.held(session, place_id, role) if one.in_force(now)]
    # Who holds the office before a deputy.
    holders.sort(key=lambda one: (one.ends_at is not None, one.id))
    if not holders:
        return []
    heir, answering = holders[0].person_id, await answering_for(session, place_id, now)
    drafts = await interviews.open_about(session, place_id)
    own = {(draft.form_name, draft.period) for draft in drafts if draft.person_id == heir}
    passed = []
    for draft in sorted(drafts, key=lambda one: one.updated_at, reverse=True):
        mark = (draft.form_name, draft.period)
        if draft.person_id not in answering and mark not in own:
            own.add(mark)
            await take_over(session, draft, heir)
            passed.append(draft)
    return passed


async def answering_for(session: Session, place_id: int, now: datetime) -> set[int]:
    """Who holds some role at a place."""
    chosen = select(Role).where(Role.place_id == place_id, col(Role.until).is_(None))
    return {role.person_id for role in await session.exec(chosen) if role.in_force(now)}


async def take_over(session: Session, draft: InterviewRow, person_id: int) -> Collection[Contact]:
    """Let a draft be this person's; the chats that were in the middle of it, and are no more."""
    chats = list(
        await session.exec(select(Contact).where(Contact.interview_id == draft.id).with_for_update())
    )
    for chat in chats:
        chat.interview_id = None
    draft.person_id = person_id
    await session.flush()
    return chats

"""Deputies: somebody reports in a head's stead until a day. The role then ends by itself.

A deputy's role has its end from the beginning. After that moment it is not in force, whether or not it was ended yet
(`Role.in_force`). `end_over` ends what is over, and passes on what the deputy left half done.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import or_
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from storage import interviews, people, seats
from storage.seats import ContactsOfRoles
from storage.session import Session
from storage.tables import Contact, InterviewRow, Invitation, Role, RoleName


async def of_place(session: Session, place_id: int, role: str, now: datetime) -> list[Role]:
    """Return the deputies at a place whose time is not over, in the order in which they were named."""
    return [one for one in await seats.held(session, place_id, role) if one.ends_at and one.in_force(now)]


async def last(session: Session, place_id: int, role: str, now: datetime) -> Role | None:
    """Return the role of whoever was a deputy at a place last and is one no more; None if they have left, or there was
    none."""
    over = or_(col(Role.until).is_not(None), col(Role.ends_at) <= now)
    chosen = select(Role).where(
        Role.place_id == place_id, Role.role == role, col(Role.ends_at).is_not(None), over
    )
    newest = (await session.exec(chosen.order_by(col(Role.id).desc()).limit(1))).first()
    person = await people.get(session, newest.person_id) if newest else None
    if person is None or person.left_at is not None or person.consented_at is None:
        return None
    holds = any(one.person_id == person.id for one in await of_place(session, place_id, role, now))
    return None if holds else newest


async def unused(session: Session, place_id: int, role: str, now: datetime) -> list[Invitation]:
    """Return the deputies' codes at a place that may still be used, oldest first."""
    return list(await session.exec(usable(place_id, role, now)))


async def codes(session: Session, place_id: int, role: str, now: datetime) -> list[Invitation]:
    """Return the same, locked so that nobody uses them meanwhile."""
    return list(await session.exec(usable(place_id, role, now).with_for_update()))


def usable(place_id: int, role: str, now: datetime) -> SelectOfScalar[Invitation]:
    """Select the deputies' codes at a place that may still be used, oldest first."""
    chosen = select(Invitation).where(
        Invitation.place_id == place_id,
        Invitation.role == role,
        col(Invitation.ends_at).is_not(None),
        col(Invitation.used_at).is_(None),
        col(Invitation.revoked_at).is_(None),
        Invitation.expires_at > now,
    )
    return chosen.order_by(col(Invitation.id))


async def end_over(session: Session, now: datetime) -> tuple[ContactsOfRoles, list[InterviewRow]]:
    """End the roles whose time is over; return the chats to be told, and the drafts that went to somebody else."""
    chosen = select(Role).where(col(Role.until).is_(None), col(Role.ends_at) <= now).order_by(col(Role.id))
    over = list(await session.exec(chosen.with_for_update()))
    told = await seats.end(session, over, now)
    return told, await pass_on_all(session, over, now)


async def pass_on_all(session: Session, ended: Sequence[Role], now: datetime) -> list[InterviewRow]:
    """Pass on what the holders of ended roles left half done; return those drafts."""
    passed: list[InterviewRow] = []
    for role in ended:
        passed += await pass_on(session, role.place_id, role.role, now)
    return passed


async def pass_on(session: Session, place_id: int, role: str, now: datetime) -> list[InterviewRow]:
    """Give the drafts of those who no longer answer for a place to whoever has held its role longest; return those
    drafts.

    Nothing happens while nobody holds it: the next holder gets them.
    """
    heir = await heir_of(session, place_id, role, now)
    if heir is None:
        return []
    answering = await answering_for(session, place_id, now)
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


async def heir_of(
    session: Session, place_id: int, role: str, now: datetime, without: int | None = None
) -> int | None:
    """Return who is given the drafts of a place: who has held its role longest, the office before a deputy; None for
    nobody."""
    holders = [
        one
        for one in await seats.held(session, place_id, role)
        if one.in_force(now) and one.person_id != without
    ]
    first = min(holders, key=lambda one: (one.ends_at is not None, one.id), default=None)
    return first.person_id if first else None


async def heirs(session: Session, person_id: int, now: datetime) -> dict[int, int]:
    """Return who gets each draft of somebody who leaves, by the draft's id; drafts that are lost are left out.

    What was answered for a village is the village's. Somebody who has a draft of the same report keeps their own.
    """
    roles = {role.place_id: role.role for role in await people.roles_of(session, person_id)}
    given: dict[int, int] = {}
    for draft in await interviews.list_open(session, person_id):
        role = roles.get(draft.place_id, RoleName.VILLAGE_HEAD)
        heir = await heir_of(session, draft.place_id, role, now, without=person_id)
        mark = (draft.place_id, draft.form_name, draft.period)
        if heir is not None and await interviews.open_for(session, heir, *mark) is None:
            given[draft.id] = heir
    return given


async def answering_for(session: Session, place_id: int, now: datetime) -> set[int]:
    """Who holds some role at a place."""
    chosen = select(Role).where(Role.place_id == place_id, col(Role.until).is_(None))
    return {role.person_id for role in await session.exec(chosen) if role.in_force(now)}


async def take_over(session: Session, draft: InterviewRow, person_id: int) -> Collection[Contact]:
    """Let a draft be this person's; return the chats that were in the middle of it, and no longer are."""
    chats = list(
        await session.exec(select(Contact).where(Contact.interview_id == draft.id).with_for_update())
    )
    for chat in chats:
        chat.interview_id = None
    draft.person_id = person_id
    await session.flush()
    return chats

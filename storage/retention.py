"""How long what concerns people is kept, kind by kind; what is older goes once a day.

Reports, with who sent them, their journal and their words, are the villages' own and stay; who leaves is cut off from
them (`storage.leaving`). What stands here has no use for the villages once it is old.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final

from sqlalchemy import ColumnElement, and_, delete, or_, update
from sqlmodel import SQLModel, col, func, select

from storage import facts
from storage.session import Session
from storage.tables import (
    Attachment,
    AuditEntry,
    Contact,
    InterviewRow,
    InterviewStatus,
    Invitation,
    PersonRequest,
    RoleRequest,
)

RAN: Final = "retention_ran"
"""The day on which it last ran."""
GIVEN_UP: Final = (InterviewStatus.CANCELLED, InterviewStatus.EXPIRED)


@dataclass(frozen=True)
class KeptKind:
    """One kind of row: its name in sentences, after how many days it goes, and which rows are that old."""

    name: str
    days: int
    table: type[SQLModel]
    older: Callable[[datetime], ColumnElement[bool]]

    def since(self, now: datetime) -> datetime:
        """What is older than this goes."""
        return now - timedelta(days=self.days)


def drafts(since: datetime) -> ColumnElement[bool]:
    """Interviews that were given up, ran out, or were practice."""
    over = or_(col(InterviewRow.status).in_(GIVEN_UP), col(InterviewRow.practice))
    return and_(over, col(InterviewRow.updated_at) < since)


def invitations(since: datetime) -> ColumnElement[bool]:
    """Invitations that nobody can use any more."""
    return and_(
        col(Invitation.expires_at) < since,
        or_(col(Invitation.used_at).is_(None), col(Invitation.used_at) < since),
    )


KINDS: Final = (
    KeptKind("drafts", 90, InterviewRow, drafts),
    KeptKind("invitations", 365, Invitation, invitations),
    KeptKind("audit", 730, AuditEntry, lambda since: col(AuditEntry.at) < since),
    KeptKind(
        "staffing",
        730,
        RoleRequest,
        lambda since: and_(col(RoleRequest.answer) != "", col(RoleRequest.asked_at) < since),
    ),
    KeptKind("requests", 1825, PersonRequest, lambda since: col(PersonRequest.done_at) < since),
)


async def counts(session: Session, now: datetime) -> dict[str, tuple[int, int]]:
    """How many rows there are of each kind, and how many of them are older than they are kept."""
    told = {}
    for kind in KINDS:
        chosen = select(func.count()).select_from(kind.table)
        everything = (await session.exec(chosen)).one()
        told[kind.name] = everything, (await session.exec(chosen.where(kind.older(kind.since(now))))).one()
    return told


async def sweep(session: Session, now: datetime) -> int:
    """Erase what is older than it is kept; how many rows went."""
    gone = 0
    for kind in KINDS:
        older = kind.older(kind.since(now))
        if kind.table is InterviewRow:
            await let_go(session, older)
        gone += (await session.exec(delete(kind.table).where(older))).rowcount
    return gone


async def let_go(session: Session, older: ColumnElement[bool]) -> None:
    """Let nothing point to interviews that go; their photos go with the next look for files that nobody names."""
    going = select(InterviewRow.id).where(older)
    await session.exec(update(Contact).where(col(Contact.interview_id).in_(going)).values(interview_id=None))
    await session.exec(delete(Attachment).where(col(Attachment.interview_id).in_(going)))


async def once_a_day(session: Session, now: datetime, zone: tzinfo) -> int:
    """Sweep if that was not done today by the clock of `zone`; how many rows went."""
    day = now.astimezone(zone).date()
    if await facts.get(session, RAN) == day.isoformat():
        return 0
    await facts.put(session, RAN, day.isoformat())
    return await sweep(session, now)

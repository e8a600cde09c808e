"""How long data about people are kept, kind by kind; what is older goes once a day.

The figures of reports, and their journal, belong to the villages and stay. What leads from them to people, and
everything else named here, is of no use to the villages once it is old.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import takewhile
from typing import Final

from sqlalchemy import ColumnElement, and_, delete, or_, update
from sqlmodel import SQLModel, col, func, select

from storage import facts, journal
from storage.interviews import UNFINISHED
from storage.portions import portions
from storage.session import Session
from storage.tables import (
    Attachment,
    AuditEntry,
    Contact,
    InterviewRow,
    InterviewStatus,
    Invitation,
    PersonRequest,
    Remark,
    RoleRequest,
    Submission,
)

RAN: Final = "retention_ran"
"""The day on which it last ran."""
FORGOTTEN_WORDS: Final = "retention_words"
"""The fact that says since when all words are there; older ones were deleted."""
PARTED: Final = "retention_parted"
"""The fact that names the last report that was cut off from people."""
AT_ONCE: Final = 5000
"""The most reports that are cut off from people in one day; the rest follow on the next."""
YEAR: Final = 365
"""Days."""
REQUESTS: Final = 5 * YEAR
"""Days for which a request about personal data is kept after it was done."""
GIVEN_UP: Final = (InterviewStatus.CANCELLED, InterviewStatus.EXPIRED)
LEFT_LYING: Final = timedelta(days=YEAR)
"""After this long without an answer an interview has run out, though nobody looked: no period is longer than a year."""


@dataclass(frozen=True)
class Terms:
    """For how many years reports lead to people, and words between villages and communes are kept; 0: for ever."""

    reports: int = 10
    words: int = 5


Older = Callable[[datetime], ColumnElement[bool]]
"""Selects the rows from before a moment."""
Erase = Callable[[Session, "KeptKind", datetime], Awaitable[int]]
"""Erases what is from before a moment; returns how many rows."""


async def delete_rows(session: Session, kind: "KeptKind", since: datetime) -> int:
    """Delete the rows."""
    return (await session.exec(delete(kind.table).where(kind.older(since)))).rowcount


@dataclass(frozen=True)
class KeptKind:
    """One kind of row: its name in sentences, after how many days it goes (0: never), which rows are that old, and how
    they go."""

    name: str
    days: int
    table: type[SQLModel]
    older: Older
    erase: Erase = delete_rows

    def since(self, now: datetime) -> datetime | None:
        """Return the moment before which it goes; None if it never does."""
        return now - timedelta(days=self.days) if self.days else None


def drafts(since: datetime) -> ColumnElement[bool]:
    """Interviews that were given up, ran out, or were practice."""
    touched = col(InterviewRow.updated_at)
    over = or_(col(InterviewRow.status).in_(GIVEN_UP), col(InterviewRow.practice))
    lying = and_(col(InterviewRow.status).in_(UNFINISHED), touched < since - LEFT_LYING)
    return or_(and_(over, touched < since), lying)


def invitations(since: datetime) -> ColumnElement[bool]:
    """Invitations that nobody can use any more."""
    return and_(
        col(Invitation.expires_at) < since,
        or_(col(Invitation.used_at).is_(None), col(Invitation.used_at) < since),
    )


async def delete_drafts(session: Session, kind: KeptKind, since: datetime) -> int:
    """Delete them after removing what points to them; their photos go when files that no row names are next looked for."""
    going = select(InterviewRow.id).where(kind.older(since))
    await session.exec(update(Contact).where(col(Contact.interview_id).in_(going)).values(interview_id=None))
    await session.exec(delete(Attachment).where(col(Attachment.interview_id).in_(going)))
    return await delete_rows(session, kind, since)


def reports(since: datetime) -> ColumnElement[bool]:
    """Reports that lead to whoever sent or approved them, or to a photo."""
    photo = select(Attachment.id).where(col(Attachment.interview_id) == col(Submission.interview_id)).exists()
    leads = or_(col(Submission.person_id).is_not(None), col(Submission.approved_by).is_not(None), photo)
    return and_(col(Submission.sent_at) < since, leads)


async def part_reports(session: Session, kind: KeptKind, since: datetime) -> int:
    """Cut old reports off from people and photos. The figures stay, and that they were approved.

    Reports are numbered as they come, so the next ones are looked at rather than a whole table by date.
    """
    last = int(await facts.get(session, PARTED) or 0)
    chosen = select(Submission.id, Submission.sent_at, Submission.interview_id, Submission.place_id)
    following = chosen.where(col(Submission.id) > last).order_by(col(Submission.id)).limit(AT_ONCE)
    old = list(takewhile(lambda row: row[1] < since, await session.exec(following)))
    for some in portions([row[0] for row in old]):
        mine = col(Submission.id).in_(some)
        await session.exec(update(Submission).where(mine).values(person_id=None, approved_by=None))
    for some in portions([row[2] for row in old if row[2] is not None]):
        await session.exec(delete(Attachment).where(col(Attachment.interview_id).in_(some)))
        theirs = update(InterviewRow).where(col(InterviewRow.id).in_(some))
        nobody = theirs.values(person_id=None, state={}, previous={}, extra={}, evidence={})
        await session.exec(nobody)
    await journal.erase_old_authors(session, {row[3] for row in old}, since)
    if old:
        await facts.put(session, PARTED, str(old[-1][0]))
    return len(old)


async def delete_words(session: Session, kind: KeptKind, since: datetime) -> int:
    """Delete them, with who said them, and note since when they are all there, so that no check misses older ones."""
    count = await delete_rows(session, kind, since)
    if count:
        await journal.erase_old_speakers(session, since)
        await facts.put(session, FORGOTTEN_WORDS, since.isoformat())
    return count


def kinds(terms: Terms) -> tuple[KeptKind, ...]:
    """Every kind, with how long it is kept."""
    return (
        KeptKind("reports", terms.reports * YEAR, Submission, reports, part_reports),
        KeptKind("words", terms.words * YEAR, Remark, lambda since: col(Remark.at) < since, delete_words),
        KeptKind("drafts", 90, InterviewRow, drafts, delete_drafts),
        KeptKind("invitations", YEAR, Invitation, invitations),
        KeptKind("audit", 2 * YEAR, AuditEntry, lambda since: col(AuditEntry.at) < since),
        KeptKind(
            "staffing",
            2 * YEAR,
            RoleRequest,
            lambda since: and_(col(RoleRequest.answer) != "", col(RoleRequest.asked_at) < since),
        ),
        KeptKind("requests", REQUESTS, PersonRequest, lambda since: col(PersonRequest.done_at) < since),
    )


async def counts(session: Session, terms: Terms, now: datetime) -> dict[str, tuple[int, int]]:
    """Return how many rows there are of each kind, and how many of them are older than they are kept.

    What may still be of use is not of the kind, whatever table it is in: a draft under way, an open request.
    """
    told = {}
    for kind in kinds(terms):
        chosen, since = select(func.count()).select_from(kind.table), kind.since(now)
        everything = (await session.exec(chosen.where(kind.older(now)))).one()
        older = (await session.exec(chosen.where(kind.older(since)))).one() if since else 0
        told[kind.name] = everything, older
    return told


async def sweep(session: Session, terms: Terms, now: datetime) -> int:
    """Erase what is older than its term; return how many rows."""
    gone = 0
    for kind in kinds(terms):
        since = kind.since(now)
        gone += await kind.erase(session, kind, since) if since else 0
    # What went must not be readable in the file's log either.
    session.erases = session.erases or gone > 0
    return gone


async def once_a_day(session: Session, terms: Terms, now: datetime, zone: tzinfo) -> int:
    """Sweep if that was not done today, by the clock of `zone`; return how many rows."""
    day = now.astimezone(zone).date()
    if await facts.get(session, RAN) == day.isoformat():
        return 0
    await facts.put(session, RAN, day.isoformat())
    return await sweep(session, terms, now)

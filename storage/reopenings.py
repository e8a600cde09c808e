"""Requests to reopen a locked period: they stand in the journal of its unit, and wait until it is reopened or refused."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from storage import journal
from storage.journal import Actor, JournalKind
from storage.portions import portions
from storage.session import Session
from storage.tables import JournalEntry, PeriodLock


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that waits."""

    at: datetime
    reason: str
    """The id of a reason, or words."""


async def ask(session: Session, lock: PeriodLock, reason: str, actor: Actor, now: datetime) -> None:
    """Keep that somebody asked to reopen a period, and why."""
    detail = {"lock": lock.id, "reason": reason}
    await journal.append(session, JournalKind.REOPENING_ASKED, lock, actor, now, detail=detail)


async def refuse(session: Session, lock: PeriodLock, actor: Actor, now: datetime) -> None:
    """Keep that the period stays locked; nothing waits any longer."""
    await journal.append(session, JournalKind.REOPENING_REFUSED, lock, actor, now, detail={"lock": lock.id})


async def waiting(session: Session, locks: Collection[PeriodLock]) -> Mapping[int, Asked]:
    """Return what waits at some locks in force, by the lock's id."""
    last: dict[int, Asked | None] = {}
    kinds = (JournalKind.REOPENING_ASKED, JournalKind.REOPENING_REFUSED)
    for some in portions(sorted({lock.place_id for lock in locks})):
        chosen = select(JournalEntry).where(
            col(JournalEntry.place_id).in_(some), col(JournalEntry.kind).in_(kinds)
        )
        for entry in await session.exec(chosen.order_by(col(JournalEntry.place_id), col(JournalEntry.entry))):
            told = json.loads(entry.detail)
            asked = entry.kind == JournalKind.REOPENING_ASKED
            last[told["lock"]] = Asked(entry.at, told.get("reason", "")) if asked else None
    held = {lock.id for lock in locks if lock.reopened_at is None}
    return {number: asked for number, asked in last.items() if asked is not None and number in held}

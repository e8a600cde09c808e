"""Requests to reopen a locked period: they stand in the journal of its unit, and wait until it is reopened or refused."""

import json
from collections.abc import Collection, Mapping, Sequence
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


async def refuse(session: Session, lock: PeriodLock, reason: str, actor: Actor, now: datetime) -> None:
    """Keep that the period stays locked, and why; nothing waits any longer."""
    detail = {"lock": lock.id, "reason": reason}
    await journal.append(session, JournalKind.REOPENING_REFUSED, lock, actor, now, detail=detail)


async def waiting(session: Session, locks: Collection[PeriodLock]) -> Mapping[int, Asked]:
    """Return what waits at some locks in force, by the lock's id."""
    entries = await requests_at(session, {lock.place_id for lock in locks})
    last = {json.loads(entry.detail)["lock"]: entry for entry in entries}
    held = {lock.id for lock in locks if lock.reopened_at is None}
    asked = {number: entry for number, entry in last.items() if entry.kind == JournalKind.REOPENING_ASKED}
    return {
        number: Asked(entry.at, json.loads(entry.detail).get("reason", ""))
        for number, entry in asked.items()
        if number in held
    }


async def requests_at(session: Session, place_ids: Collection[int]) -> Sequence[JournalEntry]:
    """Return the requests to reopen periods of some places, and their refusals, each place's in their order."""
    kinds = (JournalKind.REOPENING_ASKED, JournalKind.REOPENING_REFUSED)
    entries: list[JournalEntry] = []
    for some in portions(sorted(place_ids)):
        chosen = select(JournalEntry).where(
            col(JournalEntry.place_id).in_(some), col(JournalEntry.kind).in_(kinds)
        )
        ordered = chosen.order_by(col(JournalEntry.place_id), col(JournalEntry.entry))
        entries += await session.exec(ordered)
    return entries

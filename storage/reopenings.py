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
class ReopeningRequest:
    """A request that waits."""

    at: datetime
    """Of the last one, if it was asked several times."""
    reasons: tuple[str, ...]
    """Ids of reasons, or words, each once; the first one asked first."""


async def ask(session: Session, lock: PeriodLock, reason: str, actor: Actor, now: datetime) -> None:
    """Keep that somebody asked to reopen a period, and why."""
    detail = {"lock": lock.id, "reason": reason}
    await journal.append(session, JournalKind.REOPENING_ASKED, lock, actor, now, detail=detail)


async def refuse(session: Session, lock: PeriodLock, reason: str, actor: Actor, now: datetime) -> None:
    """Keep that the period stays locked, and why; nothing waits any longer."""
    detail = {"lock": lock.id, "reason": reason}
    await journal.append(session, JournalKind.REOPENING_REFUSED, lock, actor, now, detail=detail)


async def waiting(session: Session, locks: Collection[PeriodLock]) -> Mapping[int, ReopeningRequest]:
    """Return what waits at some locks in force, by the lock's id."""
    held = {lock.id for lock in locks if lock.reopened_at is None}
    asked: dict[int, ReopeningRequest] = {}
    for entry in await requests_at(session, {lock.place_id for lock in locks}):
        detail = json.loads(entry.detail)
        if entry.kind == JournalKind.REOPENING_REFUSED:
            asked.pop(detail["lock"], None)
        elif detail["lock"] in held:
            before = asked[detail["lock"]].reasons if detail["lock"] in asked else ()
            reasons = tuple(dict.fromkeys((*before, detail.get("reason", ""))))
            asked[detail["lock"]] = ReopeningRequest(entry.at, reasons)
    return asked


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

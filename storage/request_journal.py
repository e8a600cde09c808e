"""The register of what people asked for about their own data, checked against the journal.

Each step of a request (asked, put off, answered, done) is an entry in the journal of the place where its person has a
role. An entry holds everything that must not change; the words only as a digest that nobody can guess without the salt
of whoever asked. So an office can show that no request was lost, put off twice or given another day.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlmodel import col, select

from storage import journal
from storage.journal import Actor, Break, JournalKind, words_hash, written
from storage.retention import REQUESTS
from storage.session import Session
from storage.tables import JournalAuthor, JournalEntry, PersonRequest, Place, Role

DATES: Final = ("asked_at", "answer_due", "finish_due", "extended_at", "answered_at", "done_at")
TEXT: Final = "text"
"""The digest of the words and of the administrator's note."""


async def note(session: Session, row: PersonRequest, now: datetime) -> None:
    """Write a request into the journal as it is now."""
    await session.flush()
    first = await first_entry(session, row.id)
    place = first.place_id if first else await place_of(session, row.person_id)
    if place is None:
        return
    author = await author_of(session, first) if first else None
    by = Actor() if first else Actor(row.person_id)
    detail = facts_of(row) | ({TEXT: words_hash(author.salt, text_of(row))} if author else {})
    matter = journal.Matter(place, str(row.id))
    words = "" if first or row.person_id is None else text_of(row)
    await journal.append(session, JournalKind.REQUEST, matter, by, now, detail=detail, words=words)


def facts_of(row: PersonRequest) -> dict[str, Any]:
    """Return what must not change about a request, without its words."""
    dates = {name: shown(getattr(row, name)) for name in DATES}
    return {"kind": str(row.kind), "outcome": row.outcome, **dates}


def shown(at: Any) -> str:
    """Return a day or a moment in the form for comparing, to the second; "" for none."""
    return "" if at is None else at.isoformat() if not isinstance(at, datetime) else f"{int(at.timestamp())}"


def text_of(row: PersonRequest) -> str:
    return written({"words": row.words, "note": row.note})


async def place_of(session: Session, person_id: int | None) -> int | None:
    """Return where a person holds, or last held, a role; else any place; None if there is none."""
    mine = select(Role.place_id).where(Role.person_id == person_id).order_by(col(Role.id).desc()).limit(1)
    held = (await session.exec(mine)).first()
    return held or (await session.exec(select(Place.id).order_by(col(Place.id)).limit(1))).first()


async def first_entry(session: Session, number: int) -> JournalEntry | None:
    """Return the entry with which a request came."""
    chosen = select(JournalEntry).where(JournalEntry.kind == JournalKind.REQUEST)
    mine = chosen.where(JournalEntry.period == str(number)).order_by(col(JournalEntry.entry)).limit(1)
    return (await session.exec(mine)).first()


async def author_of(session: Session, entry: JournalEntry) -> JournalAuthor | None:
    """Return who asked, while that is known."""
    return await session.get(JournalAuthor, (entry.place_id, entry.entry))


async def breaks(session: Session, now: datetime) -> list[Break]:
    """Return where the register differs from the journal."""
    chosen = select(JournalEntry).where(JournalEntry.kind == JournalKind.REQUEST)
    told: dict[str, list[JournalEntry]] = {}
    for entry in await session.exec(chosen.order_by(col(JournalEntry.place_id), col(JournalEntry.entry))):
        told.setdefault(entry.period, []).append(entry)
    rows = {str(row.id): row for row in await session.exec(select(PersonRequest))}
    faults = [
        Break(entries[-1].place_id, entries[-1].entry, "request")
        for number, entries in told.items()
        if not await stands(session, rows.pop(number, None), entries, now)
    ]
    return [*faults, *(Break(0, 0, "request") for _ in rows)]


async def stands(
    session: Session, row: PersonRequest | None, entries: Sequence[JournalEntry], now: datetime
) -> bool:
    """Whether a request is as its entries say; one that was done long ago may be deleted."""
    last = json.loads(entries[-1].detail)
    if row is None:
        return bool(last["done_at"]) and int(last["done_at"]) < (now - timedelta(days=REQUESTS)).timestamp()
    author = await author_of(session, entries[0])
    if author is None:  # who asked has left, and their words with them, or it is long ago
        return bool(last.items() >= facts_of(row).items())
    said = json.loads(entries[0].detail)["words"] if len(entries) == 1 else last[TEXT]
    same = row.person_id == author.person_id and said == words_hash(author.salt, text_of(row))
    return bool(same and last.items() >= facts_of(row).items())

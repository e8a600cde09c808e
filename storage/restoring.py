"""Handles a database that was restored from a copy, or that lost its last moments: chats may show more than it knows.

Whoever sends the next message is told first where the conversation stands (`handlers.astray`). `thonbao restore` marks
a database for this. If a database was copied back by hand, or its journal lost its end, that is noticed at the start:

- SQLite: every group of turns adds one to a count in the database and, after the commit, to one in a small file beside
  it, which also knows the database file's own number on the disk. If the small file is ahead, or names another file,
  something is lost.
- PostgreSQL: a server that was restored, or took over, is on another time line; a database made anew has another
  number.
"""

import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from storage import facts, private
from storage.database import sqlite_file, writing
from storage.lost_file import MARK_FILE
from storage.outage import Outage
from storage.priorities import ANSWERS
from storage.session import Session
from storage.tables import Contact, Outbox, OutboxState, now

UNTOLD: Final = datetime(9999, 1, 1, tzinfo=UTC)
"""`Contact.ahead_until` of a chat that was not yet told that the database was restored."""
RESTORED_AT: Final = "restored_at"
TURNS: Final = "turns"
"""How many groups of turns were committed, on SQLite."""
HOME: Final = "home"
"""On which server and time line a PostgreSQL database lay when it was last opened."""
WHERE: Final = (
    "SELECT s.system_identifier || '/' || d.oid || '/' || c.timeline_id"
    " FROM pg_control_system() s, pg_control_checkpoint() c, pg_database d WHERE d.datname = current_database()"
)
COUNT: Final = text(
    "INSERT INTO setting (key, value) VALUES ('turns', '1')"
    " ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) RETURNING value"
)

log = structlog.get_logger(__name__)


async def mark(session: Session) -> None:
    """Have every chat told where it stands. Replies under way are dropped: they describe what was."""
    await session.exec(update(Contact).values(ahead_until=UNTOLD))
    replies = update(Outbox).where(col(Outbox.state) == OutboxState.DUE, col(Outbox.priority).in_(ANSWERS))
    await session.exec(replies.values(state=OutboxState.DEAD, problem="restored", body={}))
    await facts.put(session, RESTORED_AT, now().isoformat(timespec="seconds"))


class Turns:
    """The count beside a SQLite file. It is not forced onto the disk: a count that is behind proves nothing."""

    def __init__(self, database: Path) -> None:
        self.database = database
        self.file = database.with_name(database.name + MARK_FILE)
        self.outage = Outage("count not written")

    def told(self) -> tuple[str, int] | None:
        """Return the number of the database's file and the count, as last written."""
        with suppress(OSError, ValueError):
            number, count = self.file.read_text(encoding="ascii").split()
            return number, int(count)
        return None

    def number(self) -> str:
        return str(self.database.stat().st_ino)

    def write(self, count: int) -> None:
        """Say that `count` groups are committed."""
        try:
            file = os.open(self.file, os.O_WRONLY | os.O_CREAT, private.FILE)
            try:
                os.pwrite(file, f"{self.number():>20} {count:>20}\n".encode(), 0)
            finally:
                os.close(file)
            self.outage.over()
        except OSError as error:
            self.outage.met(error=type(error).__name__)

    def is_ahead(self, count: int) -> bool:
        """Whether the database, which has counted to `count`, is not the one that was here, or has lost its end."""
        told = self.told()
        return told is not None and (told[0] != self.number() or told[1] > count)


async def notice(engine: AsyncEngine) -> Turns | None:
    """Mark the database if something was lost. On SQLite, return the count to go on with."""
    file = sqlite_file(engine.url)
    turns = Turns(file) if file else None
    async with writing(engine) as session:
        if turns is not None:
            count = int(await facts.get(session, TURNS) or 0)
            lost = turns.is_ahead(count)
        else:
            count, lost = 0, await has_moved(session)
        if lost:
            log.warning("database was restored: every chat is told where it stands")
            await mark(session)
    if turns is not None:
        turns.write(count)
    return turns


async def has_moved(session: Session) -> bool:
    """Whether a PostgreSQL database lies elsewhere than when it was last opened."""
    here = str((await (await session.connection()).execute(text(WHERE))).scalar_one())
    before = await facts.get(session, HOME)
    if before != here:
        await facts.put(session, HOME, here)
    return before not in ("", here)


async def count_up(session: Session) -> int:
    """Count one more group of turns, which is about to be committed; return how many there are."""
    [(count,)] = await session.fetch(COUNT)
    return int(count)

"""Whether what people send can be saved: what /healthz and /metrics tell, and the count of what could not be saved.

A database that answers proves little: it also answers with a full disk, with damaged pages, or without a table. So
each time somebody asks, but at most every few seconds, something is really written, through the gate that people's
messages take. The tables are compared with what they should be whenever their fingerprint changes. On SQLite the pages
of the tables that every message needs are read too: all at the first look, then one table at a time. Between two looks
real saves count: one that was refused makes us unwell at once, until one of its kind succeeds or a minute has passed.
Damaged pages stay damaged, so they are reported until the next start.
"""

import asyncio
from itertools import cycle, islice
from typing import Final

import structlog
from sqlalchemy import Connection, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError

from bot.administration import code_of
from bot.dispatch import is_about_values
from bot.metrics import NOT_SAVED
from storage import facts
from storage.outage import Outage
from storage.schema import deviations, fingerprint
from storage.session import Session
from storage.tables import Contact, Form, InterviewRow, Outbox, Person, Place, Role, Seen
from storage.unit_of_work import Storage

EVERY: Final = 15.0
"""Seconds between two looks while all is well."""
AGAIN: Final = 1.0
"""Seconds between two looks while it is not."""
PATIENCE: Final = 5.0
"""Seconds that the database has to take a few kilobytes."""
REMEMBERED: Final = 60.0
"""Seconds for which a refused save counts."""
TRIAL: Final = "trial"
"""The fact that is written; as long as what a message leaves, so that it finds no room if a message would find none."""
LENGTH: Final = 8192
DAMAGED: Final = ("damaged", "not_a_database")
NEEDED: Final = tuple(
    str(table.__tablename__) for table in (Contact, Person, Role, InterviewRow, Form, Place, Outbox, Seen)
)
"""The tables that messages read and write. Reports are left out: reading all of them takes too long."""

log = structlog.get_logger(__name__)


class Health:
    """Watches the gate of `storage` from now on."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage
        self.loop = asyncio.get_running_loop()
        self.looking = asyncio.Lock()
        self.looked_at = float("-inf")
        self.fault = ""
        self.fingerprint: int | None = None
        """Of the tables when they were last as they should be."""
        self.refused: dict[bool, tuple[str, float]] = {}
        """Why the last save of a message (True) and of anything else (False) was refused, and when."""
        self.damaged = False
        self.unread = cycle(NEEDED)
        """Which of the tables are to be read next."""
        self.has_read = False
        self.outage, self.differing = Outage("database not well"), Outage("tables differ")
        storage.watch = self.note
        event.listen(storage.engine.sync_engine, "handle_error", self.note_damage)

    def note(self, of_message: bool, error: Exception | None) -> None:
        """Take note of what became of a save."""
        reason = reason_of(error) if error else ""
        if reason:
            NOT_SAVED.labels(reason).inc()
            self.refused[of_message] = reason, self.loop.time()
        elif error is None and of_message in self.refused:
            del self.refused[of_message]
            self.looked_at = float("-inf")

    def note_damage(self, context: ExceptionContext) -> None:
        """Take note that a page could not be read, whoever wanted it."""
        self.damaged = self.damaged or code_of(context.original_exception) in DAMAGED

    async def trouble(self) -> str:
        """Return why messages cannot be saved, in a few words for an administrator; "" while they can."""
        async with self.looking:
            now = self.loop.time()
            if now - self.looked_at >= (AGAIN if self.fault else EVERY):
                self.fault = await self.look()
                self.looked_at = now
        if self.damaged:
            return f"cannot save: {DAMAGED[0]}"
        lately = [reason for reason, at in self.refused.values() if now - at < REMEMBERED]
        return self.fault or (f"cannot save: {lately[0]}" if lately else "")

    async def look(self) -> str:
        """Write something and look at the tables; return what is wrong."""
        try:
            async with asyncio.timeout(PATIENCE):
                differing = await self.tables()
                await self.storage.write(write_trial)
            await self.read_pages()
        except Exception as error:
            reason = (reason_of(error) if not isinstance(error, TimeoutError) else "") or "no answer"
            self.outage.met(reason=reason, error=type(error).__name__)
            return f"cannot save: {reason}"
        self.outage.over()
        if differing:
            self.differing.met(found=differing)
        else:
            self.differing.over()
        return differing

    async def read_pages(self) -> None:
        """Read some tables whole, so that damage is met before a person's message meets it."""
        if self.storage.engine.dialect.name != "sqlite":
            return  # a server looks after its own
        some = islice(self.unread, 1 if self.has_read else len(NEEDED))
        self.has_read = True
        async with self.storage.engine.connect() as connection:
            for table in some:
                told = await connection.exec_driver_sql(f"PRAGMA quick_check('{table}')")
                self.damaged = self.damaged or told.scalar() != "ok"

    async def tables(self) -> str:
        """Return how the tables differ from this version's; looked up only when the fingerprint has changed."""
        async with self.storage.engine.connect() as connection:
            now = await connection.run_sync(fingerprint)
            if now == self.fingerprint:
                return ""
            differing = await connection.run_sync(differences)
        self.fingerprint = None if differing else now
        return differing


def differences(connection: Connection) -> str:
    named = [f"{one.what} {one.table} {one.name}".strip() for one in deviations(connection)]
    return f"tables differ: {'; '.join(named)}" if named else ""


def reason_of(error: Exception) -> str:
    """Return the sort of trouble of the database, as `bot.administration` names it; "" for any other fault."""
    if isinstance(error, DBAPIError) and is_about_values(error):
        return ""
    return code_of(error) or ("other" if isinstance(error, DBAPIError) else "")


async def write_trial(session: Session) -> None:
    """Write some kilobytes over the old ones."""
    kept = await facts.get(session, TRIAL)
    await facts.put(session, TRIAL, ("a" if kept.startswith("b") else "b") * LENGTH)

"""Work that may kill the process is counted before it is tried, so that not every start meets the same work again.

A row is committed before such work begins, and removed when the work has ended, well or badly. A row that is still
there when the work is met again shows that a process died in the middle of it.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import delete
from sqlmodel import col

from storage.session import Session
from storage.tables import Risk, now
from storage.unit_of_work import Storage

MOST: Final = 2
"""How often work may take the process with it; processes also die of other things, so once is not enough."""
KEPT: Final = timedelta(days=30)
"""As long as a message that was given up may still be tried again."""


class Verdict(StrEnum):
    GO = "go"
    """It is counted: try it, then call `end`."""
    WAIT = "wait"
    """Another process is working on it."""
    NEVER = "never"
    """It took the process with it too often."""


async def begin(storage: Storage, work: str, rest: timedelta = timedelta()) -> Verdict:
    """Count an attempt at `work`, and commit that. What began within `rest` may be in another process's hands."""

    async def count(session: Session) -> Verdict:
        at = now()
        row = await session.get(Risk, work, with_for_update=True)
        if row is None:
            session.add(Risk(work=work, begun_at=at))
            return Verdict.GO
        if rest and row.begun_at > at - rest:
            return Verdict.WAIT
        if row.begun >= MOST:
            return Verdict.NEVER
        row.begun, row.begun_at = row.begun + 1, at
        return Verdict.GO

    return await storage.write(count)


async def end(session: Session, work: str) -> None:
    """Note that the work has ended and the process lives."""
    await session.exec(delete(Risk).where(col(Risk.work) == work))


async def purge(session: Session) -> None:
    """Forget what nobody will try again."""
    await session.exec(delete(Risk).where(col(Risk.begun_at) < now() - KEPT))

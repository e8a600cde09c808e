"""A connection of aiosqlite that uses its thread only for calls that may wait.

aiosqlite hands every call to a thread and back: four crossings a statement, which cost several times what the
statement itself does (a row is found by its key in microseconds). Within a transaction that holds the write lock
nothing waits for anybody, so statements run at once in the loop's own thread. What may wait still goes to aiosqlite's
thread: taking the lock (BEGIN), and reaching the disk (commit, rollback, close, PRAGMA). The two threads never use the
connection at the same time, since each call is awaited before the next.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from functools import partial
from typing import Any, Final, TypeVar

import aiosqlite

T = TypeVar("T")

MAY_WAIT: Final = ("BEGIN", "COMMIT", "PRAGMA", "VACUUM", "CREATE", "ALTER", "DROP")
CHUNK: Final = 64


class QuickConnection(aiosqlite.Connection):
    """Use as the `async_creator_fn` of an engine."""

    stopped: asyncio.Future[Any] | None = None
    """Done once the thread has ended, from `stop` on."""

    def stop(self) -> asyncio.Future[Any] | None:
        """See `aiosqlite.Connection.stop`."""
        self.stopped = super().stop()
        return self.stopped

    async def _connect(self) -> aiosqlite.Connection:
        """Open the file. If that fails, end the thread first: it would call a loop that may be gone."""
        try:
            return await super()._connect()
        except BaseException:
            if self.stopped is not None:
                await self.stopped
            raise

    async def _execute(self, fn: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        if self._running and self._connection and at_once(fn, args):
            return fn(*args, **kwargs)
        result: T = await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]
        return result


def at_once(fn: Callable[..., object], args: tuple[object, ...]) -> bool:
    """Whether a call is a cursor's, or makes one, and is not a statement that may wait.

    The pool rolls back what a returned connection may have left open, which is usually nothing.
    """
    owner = getattr(fn, "__self__", None)
    if isinstance(owner, sqlite3.Connection):
        return fn.__name__ == "cursor" or (fn.__name__ == "rollback" and not owner.in_transaction)
    statement = args[0] if args else None
    waits = isinstance(statement, str) and statement.lstrip()[:8].upper().startswith(MAY_WAIT)
    return isinstance(owner, sqlite3.Cursor) and not waits


def connect(database: str, **options: Any) -> QuickConnection:
    """A connection, opened when it is awaited."""
    opening = partial(sqlite3.connect, database, **{**options, "check_same_thread": False})
    connection = QuickConnection(opening, CHUNK)
    connection._thread.daemon = True
    return connection

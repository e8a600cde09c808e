"""A connection of aiosqlite that uses its thread only for calls that may wait.

aiosqlite hands every call to a thread and back: four crossings a statement, which cost several times what the
statement itself does (a row is found by its key in microseconds). Within a transaction that holds the write lock
nothing waits for anybody, so statements run at once in the loop's own thread, and so does a look at the database, from
its plain BEGIN, which takes no lock, to the rollback that ends it. What may wait still goes to aiosqlite's thread: taking
the lock (BEGIN IMMEDIATE), and reaching the disk (commit, the rollback of what was written, close, PRAGMA). The two threads
never use the connection at the same time, since each call is awaited before the next.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final, TypeVar

import aiosqlite

T = TypeVar("T")

LOOK: Final = "BEGIN"
"""Begins a transaction that takes no lock until it writes."""
MAY_WAIT: Final = ("BEGIN", "COMMIT", "PRAGMA", "VACUUM", "CREATE", "ALTER", "DROP")
CHUNK: Final = 64
CLOSED: Final = "no active connection"


class QuickConnection(aiosqlite.Connection):
    """Use as the `async_creator_fn` of an engine."""

    stopped: asyncio.Future[Any] | None = None
    """Done once the thread has ended, from `stop` on."""
    changes_before = -1
    """The rows that were ever changed through this connection when a look at the database began; -1 since a writer began."""

    def stop(self) -> asyncio.Future[Any] | None:
        """See `aiosqlite.Connection.stop`."""
        self.stopped = super().stop()
        return self.stopped

    def rows(self, statement: str, parameters: Sequence[object], most: int = -1) -> Sequence[Any]:
        """Return the rows of a query at once, all or at `most` so many. Raises sqlite3.Error."""
        if self._connection is None:
            raise sqlite3.OperationalError(CLOSED)
        cursor = self._connection.execute(statement, parameters)
        return cursor.fetchall() if most < 0 else cursor.fetchmany(most)

    def change(self, statement: str, rows: Sequence[Sequence[object]]) -> None:
        """Run a statement that changes something with each of some rows, at once. Raises sqlite3.Error."""
        if self._connection is None:
            raise sqlite3.OperationalError(CLOSED)
        self._connection.executemany(statement, rows)

    async def _connect(self) -> aiosqlite.Connection:
        """Open the file. If that fails, end the thread first: it would call a loop that may be gone."""
        try:
            return await super()._connect()
        except BaseException:
            if self.stopped is not None:
                await self.stopped
            raise

    async def _execute(self, fn: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        # Every second call is a cursor's without a statement: its rows are fetched, or it is closed.
        bare = not args and isinstance(getattr(fn, "__self__", None), sqlite3.Cursor)
        if self._running and self._connection and (bare or self.at_once(fn, args)):
            return fn(*args, **kwargs)
        result: T = await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]
        return result

    def at_once(self, fn: Callable[..., object], args: tuple[object, ...]) -> bool:
        """Whether a call is a cursor's, or makes one, and is not a statement that may wait.

        So is the rollback of a transaction that changed nothing: it ends every look at the database.
        """
        # In one piece: every statement of every answer comes here, and another call for each would cost what it saves.
        owner = getattr(fn, "__self__", None)
        if isinstance(owner, sqlite3.Connection):
            return fn.__name__ == "cursor" or (fn.__name__ == "rollback" and self.changed_nothing(owner))
        if not isinstance(owner, sqlite3.Cursor):
            return False
        statement = args[0] if args else None
        if not isinstance(statement, str):
            return True
        if statement == LOOK:
            self.changes_before = owner.connection.total_changes
            return True
        begins = statement.lstrip()[:8].upper()
        if begins.startswith("BEGIN"):
            self.changes_before = -1
        return not begins.startswith(MAY_WAIT)

    def changed_nothing(self, connection: sqlite3.Connection) -> bool:
        """Whether a rollback has nothing to undo."""
        return not connection.in_transaction or connection.total_changes == self.changes_before


def connect(database: str, **options: Any) -> QuickConnection:
    """A connection, opened when it is awaited."""
    opening = partial(sqlite3.connect, database, **{**options, "check_same_thread": False})
    connection = QuickConnection(opening, CHUNK)
    connection._thread.daemon = True
    return connection

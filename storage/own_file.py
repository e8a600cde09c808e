"""Whether the file of a SQLite database is still where it was opened.

Somebody may remove it or replace it while the bot runs. What is written then goes to the old file, which vanishes with
the process: it would be confirmed and lost. So nothing more is written, and what the old file holds is saved beside
it, once each time it goes.
"""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from storage import private
from storage.database import MARK, sqlite_file
from storage.lost_file import SAVED
from storage.outage import Outage

log = structlog.get_logger(__name__)


class FileGone(sqlite3.OperationalError):
    """The database file is not the one that was opened."""

    sqlite_errorname = "SQLITE_READONLY_DBMOVED"


class OwnFile:
    """The file of one engine. For a database on a server, every check passes."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine, self.path = engine, sqlite_file(engine.url)
        self.opened: tuple[int, int] | None = None
        self.is_saved = False
        self.saving = Outage("what the database file held is not saved")

    async def check(self) -> None:
        """Pass silently while the file is in its place. Raises OperationalError."""
        if self.path is None:
            return
        standing = identity_of(self.path)
        self.opened = self.opened or standing
        if standing == self.opened:
            self.is_saved = False  # if it goes again, it holds more than was saved
            return
        if not self.is_saved:
            self.is_saved = await self.saved(self.path)
        raise OperationalError("the database file is gone", None, FileGone())

    async def saved(self, path: Path) -> bool:
        """Save what the old file holds, in a form that `thonbao restore` takes. False if that cannot be done yet.

        Connections that are open still reach the old file; new ones do not.
        """
        target = path.with_name(f"{path.name}{SAVED}{datetime.now(UTC):%Y%m%d%H%M%S}")
        try:
            private.make_file(target)
            async with self.engine.connect() as connection:
                held = (await connection.get_raw_connection()).driver_connection
                with closing(sqlite3.connect(target, check_same_thread=False)) as copy:
                    await held.backup(copy)  # type: ignore[union-attr]
                    copy.execute(f"SELECT * FROM {MARK}")  # noqa: S608 - a new connection finds nothing
        except Exception as error:  # a full or read-only disk, or no connection that was open before
            target.unlink(missing_ok=True)
            self.saving.met(error=type(error).__name__)
            return False
        self.saving.over()
        log.error("the database file is gone; what it held is saved", file=target.name)
        return True


def identity_of(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from another of the same name; None if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino

"""One process at a time serves a SQLite file: two would send every letter twice.

The owner holds a lock of the operating system on a small file beside the database. Such a lock ends with its process,
however that ends, so nothing is left to clean up, and a forked child does not inherit it. The database file itself
cannot carry the lock: closing it again would drop SQLite's own locks. Commands that only read or write (`backup`,
`verify`, `broadcast` …) need no ownership: SQLite makes them wait for each other.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy.engine import URL

from storage.database import sqlite_file


class Owned(Exception):
    """Another process owns the database; `pid` is its number, "" if it could not be read."""

    def __init__(self, pid: str) -> None:
        super().__init__(pid)
        self.pid = pid


class Unlockable(Exception):
    """What lies where the lock should be is not a file that this user may write."""

    def __init__(self, path: Path) -> None:
        super().__init__(path.name)
        self.path = path


def lock_file(database: Path) -> Path:
    """Return where the lock of a SQLite file lies, whatever name or link the file is called by."""
    real = database.resolve()
    return real.with_name(real.name + ".lock")


@contextmanager
def owning(url: URL | str) -> Iterator[None]:
    """Own the SQLite file of `url` until the end; other databases may have many owners. Raises Owned, Unlockable,
    OSError."""
    file = sqlite_file(url)
    if file is None or not file.exists():
        yield
        return
    descriptor = open_lock(lock_file(file))
    try:
        take(descriptor)
        yield
    finally:
        os.close(descriptor)


def open_lock(path: Path) -> int:
    """Open the lock's file, making it if needed. Raises Unlockable, or OSError if the disk is at fault."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except (IsADirectoryError, PermissionError, FileExistsError) as error:
        raise Unlockable(path) from error


def take(descriptor: int) -> None:
    """Lock the file and write our process number into it. Raises Owned."""
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        raise Owned(os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()) from None
    with suppress(OSError):  # a full disk; the number only helps whoever is refused
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)

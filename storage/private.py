"""Files and folders that only the user who runs the program may read, whatever the umask.

Names, phone numbers and answers stand in the database, in photos, exports and copies. What is made here is born
with rights for its owner alone; what lies there already with looser ones loses them. Another user's files are
left as they are: only their owner may change them.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

FILE: Final = 0o600
FOLDER: Final = 0o700
OTHERS: Final = 0o077
BESIDE: Final = ("", "-wal", "-shm", "-journal", ".lock")
"""What lies beside a database file: SQLite gives what it makes the rights of the file itself."""


def make_file(path: Path) -> None:
    """Make sure that `path` is there for its owner alone, empty if it is new; its content is left. Raises OSError.

    To be called before anything is written: whoever opens the file afterwards keeps its rights.
    """
    file = os.open(path, os.O_WRONLY | os.O_CREAT, FILE)
    try:
        if stat.S_ISREG(os.fstat(file).st_mode):
            with suppress(PermissionError):
                os.fchmod(file, FILE)
    finally:
        os.close(file)


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Where to write what becomes `path` once it is whole; when that fails, `path` stays as it was. Raises OSError."""
    part = path.with_name(f"{path.name}.partial")
    make_file(part)
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def make_folder(path: Path) -> None:
    """Make `path` and what is missing above it, each for its owner alone; what is there is left. Raises OSError."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(FOLDER, exist_ok=True)
        folder.chmod(FOLDER)
    path.mkdir(exist_ok=True)


def own_folder(path: Path) -> None:
    """`make_folder` for a folder that is the program's own: one that is there already is closed to others."""
    make_folder(path)
    tighten(path)


def tighten(path: Path) -> None:
    """Take the rights of others from a file or folder of ours.

    A folder in which everybody may write under the sticky bit (such as /tmp) is everybody's; a device is nobody's.
    """
    with suppress(FileNotFoundError, PermissionError):
        mode = path.stat().st_mode
        everybodys = mode & stat.S_ISVTX
        if (stat.S_ISDIR(mode) or stat.S_ISREG(mode)) and mode & OTHERS and not everybodys:
            path.chmod(stat.S_IMODE(mode) & ~OTHERS)


def tighten_database(file: Path) -> None:
    """Take the rights of others from a SQLite database and from what lies beside it."""
    for suffix in BESIDE:
        tighten(file.with_name(file.name + suffix))


def tighten_below(folder: Path) -> None:
    """Take the rights of others from `folder` and from everything in it; links are not followed."""
    for at, _, names in os.walk(folder):
        tighten(Path(at))
        for name in names:
            path = Path(at, name)
            if not path.is_symlink():
                tighten(path)

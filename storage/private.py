"""Files and folders that only the user who runs the program may read, whatever the umask.

Names, phone numbers and answers are in the database, in photos, exports and copies. What is made here has rights for
its owner alone from the start; existing files with looser rights lose them. Another user's files are left as they are:
only their owner may change them.
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
"""What lies beside a database file; SQLite creates these with the rights of the file itself."""


def make_file(path: Path) -> None:
    """Make sure that `path` exists for its owner alone, empty if new; its content is kept. Raises OSError.

    Call it before anything is written: whoever opens the file afterwards keeps its rights.
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
    """Give a path to write to; it becomes `path` once it is whole. If that fails, `path` stays as it was. Raises OSError."""
    part = path.with_name(f"{path.name}.partial")
    make_file(part)
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def make_folder(path: Path) -> None:
    """Make `path` and what is missing above it, each for its owner alone; existing folders stay as they are. Raises
    OSError."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(FOLDER, exist_ok=True)
        folder.chmod(FOLDER)
    path.mkdir(exist_ok=True)


def own_folder(path: Path) -> None:
    """Do as `make_folder`, for a folder that is the program's own: an existing one is closed to others."""
    make_folder(path)
    tighten(path)


def tighten(path: Path) -> None:
    """Remove the rights of others from a file or folder of ours.

    A folder with the sticky bit, in which everybody may write (such as /tmp), is everybody's; a device is nobody's.
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
    """Remove the rights of others from `folder` and everything in it; links are not followed."""
    for at, _, names in os.walk(folder):
        tighten(Path(at))
        for name in names:
            path = Path(at, name)
            if not path.is_symlink():
                tighten(path)

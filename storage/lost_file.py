"""What lies beside a SQLite database that is not there any more.

Somebody removed or moved it. To make a new, empty one in its place would turn everybody enrolled into a stranger.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SAVED: Final = ".saved-"
"""What the name of a saved copy adds to the database's, before the time."""
MARK_FILE: Final = "-mark"
"""What the small file's name adds to the database's that counts its turns."""
REMAINS: Final = (MARK_FILE, "-wal")
"""What is left behind by a database in use; SQLite removes its log, we never our count."""


@dataclass(frozen=True, slots=True)
class Lost:
    """A database that was at `path` and is gone. `saved` is the newest copy of what it held, if one was saved."""

    path: Path
    saved: Path | None


def lost(path: Path) -> Lost | None:
    """Return what is left of a database that was at `path`; None if there is one, or never was."""
    if has_content(path):
        return None
    saved = newest_saved(path)
    left = any(path.with_name(path.name + ending).exists() for ending in REMAINS)
    return Lost(path, saved) if saved or left else None


def newest_saved(path: Path) -> Path | None:
    """Return the newest copy beside `path` that is not empty; the log of a copy is none."""
    name = re.compile(re.escape(path.name + SAVED) + r"\d+")
    beside = path.parent.iterdir() if path.parent.is_dir() else ()
    return max((file for file in beside if name.fullmatch(file.name) and has_content(file)), default=None)


def has_content(file: Path) -> bool:
    return file.exists() and file.stat().st_size > 0

"""Removes photos that no answer holds any more: those of people who left, and of interviews that were given up.

Rows go in a transaction; files cannot. So files are looked at afterwards. One is removed only if no row names it and
it has lain there for a while, because a photo is on disk a moment before its row says so.
"""

import asyncio
import time
from pathlib import Path
from typing import Final

from sqlmodel import select

from storage.session import Session
from storage.tables import Attachment

REST: Final = 3600.0
"""A file is left alone for this many seconds."""


async def sweep(session: Session, folder: Path, rest: float = REST) -> int:
    """Remove the files below `folder` that no attachment names; return how many."""
    old = await asyncio.to_thread(files_before, folder, time.time() - rest)
    if not old:
        return 0
    known = set(await session.exec(select(Attachment.name)))
    left = [path for name, path in old.items() if name not in known]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


def files_before(folder: Path, moment: float) -> dict[str, Path]:
    """Return the files below `folder` that were last written before `moment`, by the name that rows give them."""
    return {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.is_file() and path.stat().st_mtime < moment
    }

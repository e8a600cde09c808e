"""Removes from photos that a release before 0.2.0 kept what a camera had written into them: place, time, device,
previews.

Since 0.2.0 only pixels are kept (`bot.attachments`). Older files are looked at once, in order, and the number of the
last one is written down, so that a new start goes on from there. A file with more than pixels is opened as a new photo
is: one at a time, in the limited process, with the attempt counted first. The old file is then named by no row, and is
swept away.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy import or_, update
from sqlmodel import col, select

from bot.attachments import Attachments, keep
from bot.received_pictures import PictureRefused
from storage import facts, risks
from storage.session import Session
from storage.tables import Attachment, AttachmentState

LOOKED_AT: Final = "photos_bare"
"""The fact that says up to which attachment photos are known to be bare."""
START, SCAN, END, HEADER = 0xD8, 0xDA, b"\xff\xd9", 0xE0
BESIDE_PIXELS: Final = frozenset((*range(HEADER + 1, HEADER + 16), 0xFE))
"""The segments of a JPEG in which programs and cameras write things other than the picture; not JFIF's own header."""

LATER: Final = 600.0
"""Seconds until the next try."""

log = structlog.get_logger(__name__)


class InOtherHands(Exception):
    """Another process is at this photo, or was when that process ended."""


@asynccontextmanager
async def stripping(photos: Attachments) -> AsyncIterator[None]:
    """Make the old photos bare while the block runs."""
    task = asyncio.create_task(strip_in_peace(photos), name="old photos")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def strip_in_peace(photos: Attachments) -> None:
    """Run `strip` until it is done. It waits out whatever is in its way, since nobody waits for it."""
    while True:
        try:
            await strip(photos)
        except Exception as error:
            log.warning("old photos put off", error=type(error).__name__)
            await asyncio.sleep(LATER)
        else:
            return


async def strip(photos: Attachments) -> int:
    """Make every older photo bare; return how many were not. Raises InOtherHands, OSError, DBAPIError."""
    async with photos.storage.reading() as session:
        known = int(await facts.get(session, LOOKED_AT) or 0)
        chosen = select(Attachment.id, Attachment.name).where(
            col(Attachment.state) == AttachmentState.STORED,
            col(Attachment.id) > known,
            or_(col(Attachment.media_type) == "", col(Attachment.media_type).startswith("image/")),
        )
        rows = list(await session.exec(chosen.order_by(col(Attachment.id))))
    count = 0
    for number, name in rows:
        path = photos.folder / name
        if not await asyncio.to_thread(is_bare, path):
            count += await made_bare(photos, number, name)
            await look_no_more(photos, number)
    if rows:
        await look_no_more(photos, rows[-1][0])
    return count


async def look_no_more(photos: Attachments, number: int) -> None:
    """Write down that the photos up to this one have been looked at."""
    await photos.storage.write(lambda session: facts.put(session, LOOKED_AT, str(number)))


def is_bare(path: Path) -> bool:
    """Whether a file is a JPEG with nothing but pixels; a file that does not exist counts as bare."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return True
    return content.endswith(END) and not BESIDE_PIXELS.intersection(segments(content))


def segments(content: bytes) -> list[int]:
    """Return the kinds of the segments before a JPEG's pixels; a file that is not a JPEG is taken to have all kinds."""
    kinds, at = [], 2
    if content[:2] != bytes((0xFF, START)):
        return [*BESIDE_PIXELS]
    while at + 4 <= len(content) and content[at] == 0xFF and content[at + 1] != SCAN:
        kinds.append(content[at + 1])
        at += 2 + int.from_bytes(content[at + 2 : at + 4])
    return kinds


async def made_bare(photos: Attachments, number: int, name: str) -> bool:
    """Keep only the pixels of one photo in place of its file. False if it cannot be opened, and stays as it came."""
    work = f"photo:{number}"
    async with photos.opening:
        verdict = await risks.begin(photos.storage, work, photos.rest)
        if verdict is risks.Verdict.WAIT:
            raise InOtherHands
        try:
            if verdict is risks.Verdict.NEVER:
                raise PictureRefused("")
            content = await asyncio.to_thread((photos.folder / name).read_bytes)
            kept = await asyncio.to_thread(keep, photos.folder, await photos.shrink(content))
        except PictureRefused:
            log.error("an old photo cannot be opened: what its camera wrote is still in it", number=number)
            kept = {}

    async def work_of(session: Session) -> None:
        await risks.end(session, work)
        if kept:
            await session.exec(update(Attachment).where(col(Attachment.name) == name).values(**kept))

    await photos.storage.write(work_of)
    return bool(kept)

"""Fetches the photos of answers and emergencies before their platform forgets them, and keeps them under names of ours.

A photo's name is the hash of its content, so the same photo is kept once and nothing a person wrote becomes a
path. What a file is, its content says. One that cannot be kept is refused, and its sender asked for another.
"""

import asyncio
import hashlib
import os
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.channels.base import Channel, FileTooLarge, SendProblem
from handlers import emergency, fill_in
from handlers.messages import Reply
from handlers.turn import column
from handlers.wording import wording
from storage import outbox
from storage.tables import Attachment, AttachmentState, Contact, now
from storage.unit_of_work import Storage

LIMIT: Final = 10 * 1024 * 1024
LARGEST_SIDES: Final = 60_000_000
"""Pixels: a small file may unfold into a picture that fills the memory."""
TYPES: Final = {"JPEG": ("image/jpeg", "jpg"), "PNG": ("image/png", "png"), "WEBP": ("image/webp", "webp")}
POLL: Final = 30.0
AT_ONCE: Final = 8
TRIES: Final = 2880
"""A day's worth, for days without a network."""

log = structlog.get_logger(__name__)


class Wanted(NamedTuple):
    """A photo to fetch, and whose chat it came from."""

    id: int
    file_ref: str
    attempts: int
    contact_id: int
    channel: str


class Refused(Exception):
    """A file that is not kept; `key` is the sentence that says so."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key, self.values = key, values


class Attachments:
    """Use as `async with Attachments(…)`; `wake` when a photo came."""

    def __init__(
        self, storage: Storage, channels: Mapping[str, Channel], data_dir: Path, zone: ZoneInfo
    ) -> None:
        self.storage = storage
        self.zone = zone
        self.channels = dict(channels)
        self.folder = data_dir / emergency.PHOTOS
        self.rung = asyncio.Event()
        self.fetching = asyncio.Lock()

    async def __aenter__(self) -> "Attachments":
        self.task = asyncio.create_task(self.run(), name="attachments")
        return self

    async def __aexit__(self, *_: object) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    def wake(self) -> None:
        """Look at once for photos that are wanted."""
        self.rung.set()

    async def run(self) -> None:
        while True:
            try:
                await self.fetch_all()
            except Exception as error:
                log.exception("photos not fetched", error=type(error).__name__)
            try:
                async with asyncio.timeout(POLL):
                    await self.rung.wait()
            except TimeoutError:
                continue
            finally:
                self.rung.clear()

    async def fetch_all(self) -> None:
        """Fetch every photo that is wanted now; those that fail are tried again later."""
        async with self.fetching:
            wanted = await self.wanted()
            for start in range(0, len(wanted), AT_ONCE):
                await asyncio.gather(*(self.fetch(one) for one in wanted[start : start + AT_ONCE]))

    async def wanted(self) -> list[Wanted]:
        async with self.storage.reading() as session:
            chosen = (
                select(Attachment, Contact.channel)
                .join(Contact, col(Contact.id) == col(Attachment.contact_id))
                .where(Attachment.state == AttachmentState.WANTED, col(Contact.channel).in_(self.channels))
                .order_by(col(Attachment.id))
            )
            return [
                Wanted(one.id or 0, one.file_ref, one.attempts, one.contact_id, channel)
                for one, channel in await session.exec(chosen)
            ]

    async def fetch(self, wanted: Wanted) -> None:
        """Download, check and keep one photo, or refuse it."""
        try:
            content = await self.channels[wanted.channel].download(wanted.file_ref, LIMIT)
            kept = await asyncio.to_thread(keep, self.folder, content)
        except FileTooLarge:
            await self.refuse(wanted, Refused("channel.photo_too_large", limit=LIMIT // 1024 // 1024))
        except Refused as refused:
            await self.refuse(wanted, refused)
        except (SendProblem, OSError) as error:
            log.warning("photo not fetched", error=type(error).__name__, attempts=wanted.attempts + 1)
            if (isinstance(error, SendProblem) and error.permanent) or wanted.attempts + 1 >= TRIES:
                await self.refuse(wanted, Refused("channel.photo_gone"))
            else:
                await self.mark(wanted, attempts=wanted.attempts + 1)
        else:
            await self.store(wanted, kept)

    async def store(self, wanted: Wanted, kept: dict[str, object]) -> None:
        """Write down where the photo is; one of an emergency goes on to those who were alerted, once."""

        async def work(session: AsyncSession) -> None:
            if await self.set_wanted(session, wanted, state=AttachmentState.STORED, **kept):
                attachment = await session.get_one(Attachment, wanted.id)
                if attachment.emergency_id is not None:
                    at = now()
                    await emergency.photo_kept(session, attachment, at.astimezone(self.zone).date(), at)

        await self.storage.write(work)

    async def mark(self, wanted: Wanted, **values: object) -> None:
        async def work(session: AsyncSession) -> None:
            await self.set_wanted(session, wanted, **values)

        await self.storage.write(work)

    async def refuse(self, wanted: Wanted, refused: Refused) -> None:
        """Give the photo up and ask the person for another, once, whichever process notices first."""

        async def work(session: AsyncSession) -> None:
            contact = await session.get(Contact, wanted.contact_id)
            attachment = await session.get(Attachment, wanted.id)
            refusing = await self.set_wanted(session, wanted, state=AttachmentState.REFUSED)
            if not refusing or contact is None or attachment is None:
                return
            say = wording(contact.locale or "vi")
            again = await fill_in.photo_again(session, attachment, say)
            buttons = column(again) if again and self.channels[wanted.channel].can.buttons else ()
            reply = Reply(say(refused.key, **refused.values), choices=buttons)
            outbox.post(session, contact, reply.to_json(), at=now(), worker=None)

        await self.storage.write(work)

    @staticmethod
    async def set_wanted(session: AsyncSession, wanted: Wanted, **values: object) -> bool:
        """Change the attachment if it is still wanted; whether it was."""
        still = (col(Attachment.id) == wanted.id) & (col(Attachment.state) == AttachmentState.WANTED)
        changed = await session.exec(update(Attachment).where(still).values(**values))
        return changed.rowcount == 1


def keep(folder: Path, content: bytes) -> dict[str, object]:
    """Check a picture and keep it on disk; its columns in `Attachment`. Raises Refused, OSError."""
    if len(content) > LIMIT:
        raise Refused("channel.photo_too_large", limit=LIMIT // 1024 // 1024)
    media_type, ending = type_of(content)
    digest = hashlib.sha256(content).hexdigest()
    name = f"{digest[:2]}/{digest}.{ending}"
    path = folder / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}.part")
        try:
            with unfinished.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    return {"name": name, "media_type": media_type, "size": len(content), "sha256": digest}


def type_of(content: bytes) -> tuple[str, str]:
    """The media type and file ending of a whole, readable picture. Raises Refused."""
    from PIL import Image

    try:
        with Image.open(BytesIO(content), formats=list(TYPES)) as picture:
            kind = picture.format or ""
            if picture.width * picture.height > LARGEST_SIDES:
                raise Refused("channel.photo_not_picture")
            picture.load()
    except Refused:
        raise
    except Exception as error:
        raise Refused("channel.photo_not_picture") from error
    return TYPES[kind]

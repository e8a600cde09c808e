"""Fetches the photos of answers and emergencies before their platform forgets them, and keeps them under names of ours.

What is kept is a small JPEG of the picture's pixels and nothing else of the file (`bot.received_pictures`). Its name
is the hash of its content, so the same photo is kept once and nothing a person wrote becomes a path. One that
cannot be kept is refused, and its sender asked for another.

Pictures are opened one at a time, each attempt counted before it is made (`storage.risks`).
"""

import asyncio
import hashlib
import mimetypes
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import structlog
from markupsafe import Markup
from sqlalchemy import update
from sqlmodel import col, select

from bot.channels.base import Channel, FileTooLarge, SendProblem, in_words
from bot.received_pictures import PictureRefused, small_jpeg
from handlers import alarms
from handlers.interviewing import fill_in
from handlers.messages import Reply, column
from handlers.photo_limits import LARGEST as LIMIT
from handlers.photo_limits import LARGEST_FILE
from handlers.wording import Wording, wording
from storage import attachments, outbox, private, risks
from storage.outage import Outage
from storage.session import Session
from storage.tables import Attachment, AttachmentState, Contact, now
from storage.unit_of_work import Storage

MEDIA_TYPE: Final = "image/jpeg"
ENDINGS: Final = {MEDIA_TYPE: ".jpg", "audio/ogg": ".ogg", "audio/mpeg": ".mp3", "video/mp4": ".mp4"}
"""File name endings that the system's table does not know, or knows several of."""
POLL: Final = 30.0
AT_ONCE: Final = 2
"""How many downloads, each of up to `LIMIT`, may be in memory."""
OTHERS: Final = timedelta(minutes=2)
"""What was begun less long ago than this may be in the hands of another process, if there are several."""
TRIES: Final = 2880
"""Enough for a day without a network."""

log = structlog.get_logger(__name__)


class WantedPhoto(NamedTuple):
    """A photo to fetch, and whose chat it came from."""

    id: int
    file_ref: str
    attempts: int
    contact_id: int
    channel: str
    media: str
    """The media type of a file that is not a photo; it is kept as it came."""

    @property
    def limit(self) -> int:
        """The most bytes that are taken."""
        return LARGEST_FILE if self.media else LIMIT

    @property
    def kind(self) -> str:
        """The name of its kind in the keys of sentences."""
        return "file" if self.media else "photo"


class Attachments:
    """Use as `async with Attachments(…)`; `wake` when a photo came. `shrink` opens a picture: see `small_jpeg`."""

    def __init__(
        self,
        storage: Storage,
        channels: Mapping[str, Channel],
        data_dir: Path,
        zone: ZoneInfo,
        shrink: Callable[[bytes], Awaitable[bytes]] = small_jpeg,
    ) -> None:
        self.storage = storage
        self.zone = zone
        self.channels = dict(channels)
        self.folder = data_dir / alarms.PHOTOS
        self.rung = asyncio.Event()
        self.fetching, self.opening = asyncio.Lock(), asyncio.Lock()
        self.shrink = shrink
        self.rest = timedelta() if storage.engine.dialect.name == "sqlite" else OTHERS

    async def __aenter__(self) -> "Attachments":
        self.task = asyncio.create_task(self.run(), name="attachments")
        return self

    async def __aexit__(self, *_: object) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    def wake(self) -> None:
        """Look for wanted photos at once."""
        self.rung.set()

    async def run(self) -> None:
        fetching = Outage("photos not fetched")
        while True:
            try:
                await self.fetch_all()
            except Exception as error:
                fetching.met(error=type(error).__name__, exc_info=error)
            else:
                fetching.over()
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

    async def wanted(self) -> list[WantedPhoto]:
        """Return the wanted photos: those of emergencies first, then those that failed least often."""
        async with self.storage.reading() as session:
            chosen = (
                select(Attachment, Contact.channel)
                .join(Contact, col(Contact.id) == col(Attachment.contact_id))
                .where(Attachment.state == AttachmentState.WANTED, col(Contact.channel).in_(self.channels))
                .order_by(
                    col(Attachment.emergency_id).is_(None), col(Attachment.attempts), col(Attachment.id)
                )
            )
            return [
                WantedPhoto(one.id, one.file_ref, one.attempts, one.contact_id, channel, one.media_type)
                for one, channel in await session.exec(chosen)
            ]

    async def fetch(self, wanted: WantedPhoto) -> None:
        """Download, check and keep one photo, or refuse it."""
        try:
            content = await self.channels[wanted.channel].download(wanted.file_ref, wanted.limit)
            kept = await self.kept(wanted, content)
            if kept:
                await self.store(wanted, kept)
        except FileTooLarge:
            await self.refuse(
                wanted, PictureRefused(f"channel.{wanted.kind}_too_large", limit=wanted.limit // 1024 // 1024)
            )
        except PictureRefused as refused:
            await self.refuse(wanted, refused)
        except Exception as error:  # of any kind, or one photo would end the fetching of all others
            await self.failed(wanted, error)

    async def failed(self, wanted: WantedPhoto, error: Exception) -> None:
        """Try again later, whatever the error, if that may help: no photo may keep the others from being fetched."""
        log.warning("photo not fetched", error=type(error).__name__, attempts=wanted.attempts + 1)
        if (isinstance(error, SendProblem) and error.permanent) or wanted.attempts + 1 >= TRIES:
            await self.refuse(wanted, PictureRefused(f"channel.{wanted.kind}_gone"))
        else:
            await self.mark(wanted, attempts=wanted.attempts + 1)

    async def kept(self, wanted: WantedPhoto, content: bytes) -> dict[str, object]:
        """Keep a photo or file and return its columns; none while another process works on it. Raises PictureRefused,
        OSError."""
        if wanted.media:
            return await asyncio.to_thread(keep, self.folder, content, wanted.media)
        async with self.opening:  # one at a time: a large picture takes much memory for a moment
            return await self.opened(wanted, content)

    async def opened(self, wanted: WantedPhoto, content: bytes) -> dict[str, object]:
        """Open a picture, keep it and return its columns; none while another process works on it. Raises
        PictureRefused, OSError."""
        verdict = await risks.begin(self.storage, risk_of(wanted), self.rest)
        if verdict is risks.Verdict.WAIT:
            return {}
        if verdict is risks.Verdict.NEVER:
            log.error("photo given up: the process ended whenever it was opened")
            raise PictureRefused("channel.photo_too_many_pixels")
        return await asyncio.to_thread(keep, self.folder, await self.shrink(content))

    async def store(self, wanted: WantedPhoto, kept: dict[str, object]) -> None:
        """Write down where the photo is. If it is of an emergency, pass it on, once, to those who were alerted."""

        async def work(session: Session) -> None:
            if await self.set_wanted(session, wanted, state=AttachmentState.STORED, **kept):
                attachment = await session.get_one(Attachment, wanted.id)
                if attachment.emergency_id is not None:
                    at = now()
                    await alarms.photo_kept(session, attachment, self.zone, at, in_words(self.channels))

        await self.storage.write(work)

    async def mark(self, wanted: WantedPhoto, **values: object) -> None:
        async def work(session: Session) -> None:
            await self.set_wanted(session, wanted, **values)

        await self.storage.write(work)

    async def refuse(self, wanted: WantedPhoto, refused: PictureRefused) -> None:
        """Give the photo up and ask the person for another, once, whichever process notices first.

        If several were sent together, one message says which are refused; it is changed when one more turns out to be.
        """

        async def work(session: Session) -> None:
            contact = await session.get(Contact, wanted.contact_id)
            attachment = await session.get(Attachment, wanted.id)
            refusing = await self.set_wanted(session, wanted, state=AttachmentState.REFUSED)
            if not refusing or contact is None or attachment is None:
                return
            say = wording(contact.locale or "vi")
            again = await fill_in.photo_again(session, attachment, say)
            buttons = column(again) if again and self.channels[wanted.channel].can.buttons else ()
            together = await attachments.sent_together(session, attachment)
            told, slot = told_of(refused, together, say), f"photos:{together[0].id}"
            reply = Reply(told, choices=buttons, slot=slot, edits_slot=slot, anew=True)
            outbox.post(session, contact, reply.to_json(), at=now(), worker=None, slot=slot)

        await self.storage.write(work)

    @staticmethod
    async def set_wanted(session: Session, wanted: WantedPhoto, **values: object) -> bool:
        """Change the attachment if it is still wanted, and return whether it was. Attempts made with it are then over."""
        await risks.end(session, risk_of(wanted))
        still = (col(Attachment.id) == wanted.id) & (col(Attachment.state) == AttachmentState.WANTED)
        changed = await session.exec(update(Attachment).where(still).values(**values))
        return changed.rowcount == 1


def told_of(refused: PictureRefused, together: Sequence[Attachment], say: Wording) -> Markup:
    """Return why the last of several photos was refused and, if there were several, which of them are."""
    why = say(refused.key, **refused.values)
    if len(together) == 1 or refused.key.startswith("channel.file"):
        return why
    places = (place for place, one in enumerate(together, 1) if one.state == AttachmentState.REFUSED)
    return say("channel.photos_refused", n=len(together), which=", ".join(map(str, places)), why=why)


def risk_of(wanted: WantedPhoto) -> str:
    """Return the name under which attempts to open a photo are counted."""
    return f"photo:{wanted.id}"


def keep(folder: Path, content: bytes, media: str = MEDIA_TYPE) -> dict[str, object]:
    """Keep a file on disk and return its columns in `Attachment`. Raises OSError."""
    digest = hashlib.sha256(content).hexdigest()
    name = f"{digest[:2]}/{digest}{ENDINGS.get(media) or mimetypes.guess_extension(media) or '.bin'}"
    path = folder / name
    if not path.exists():
        private.make_folder(path.parent)
        # Its name proves that it is whole: a file that a crash left half written has another name, and is swept.
        unfinished = path.with_suffix(f".{os.getpid()}.part")
        try:
            private.make_file(unfinished)
            with unfinished.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    return {"name": name, "media_type": media, "size": len(content), "sha256": digest}

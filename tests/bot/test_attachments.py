"""Photos: fetched, checked by their content, kept under names of ours, refused politely."""

import asyncio
import hashlib
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.attachments import LIMIT, Attachments, Refused, keep
from bot.channels.telegram import TelegramChannel
from questionnaires.xlsform import compile_form
from storage.tables import Attachment, AttachmentState, Contact, Form, InterviewRow, Outbox, Person, Place
from storage.unit_of_work import Storage
from tests.bot.loopback import TOKEN, Fault, Loopback
from tests.handlers.chatting import ZONE

PHOTO_FORM = """
| survey |
| | type | name | label |
| | image | photo | A photo |
| settings |
| | form_title | form_id |
| | F | data |
"""


def picture(kind: str, size: tuple[int, int] = (20, 10)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "navy").save(out, kind)
    return out.getvalue()


class Album:
    """Attachments over a Bot API, with an interview to hang photos on."""

    def __init__(self, storage: Storage, api: Loopback, telegram: TelegramChannel, folder: Path) -> None:
        self.storage, self.api, self.folder = storage, api, folder
        self.attachments = Attachments(storage, {"telegram": telegram}, folder, ZONE)

    async def want(self, ref: str) -> None:
        async def work(session: AsyncSession) -> None:
            contact = (await session.exec(select(Contact))).first()
            interview = (await session.exec(select(InterviewRow))).first()
            if contact is None or interview is None:
                contact = Contact(channel="telegram", address="1", locale="en")
                person, place = Person(name="A"), Place(level="thon", kind="thôn", name="B")
                compiled = compile_form(PHOTO_FORM.encode(), "f.md").to_json()
                form = Form(name="f", version="1", title="f", source=b"", compiled=compiled, active=True)
                session.add_all([contact, person, place, form])
                await session.flush()
                interview = InterviewRow(
                    person_id=person.id, place_id=place.id, form_id=form.id, form_name="f", period="2026-11"
                )
                session.add(interview)
                await session.flush()
            session.add(
                Attachment(interview_id=interview.id, contact_id=contact.id, path="/data/photo", file_ref=ref)
            )

        await self.storage.write(work)

    async def rows(self) -> list[Attachment]:
        async with self.storage.reading() as session:
            return list(await session.exec(select(Attachment)))

    async def said(self) -> list[str]:
        async with self.storage.reading() as session:
            return [str(row.body["text"]) for row in await session.exec(select(Outbox))]

    async def buttons(self) -> list[str]:
        async with self.storage.reading() as session:
            bodies = [row.body for row in await session.exec(select(Outbox))]
        return [data for body in bodies for line in body.get("choices", []) for _, data in line]


@pytest.fixture
async def album(database: AsyncEngine, tmp_path: Path) -> AsyncIterator[Album]:
    async with (
        Loopback() as api,
        TelegramChannel(TOKEN, api.url) as telegram,
        Storage(database) as storage,
    ):
        yield Album(storage, api, telegram, tmp_path)


@pytest.mark.parametrize(("coding", "ending"), [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp")])
async def test_a_photo_is_kept_under_the_hash_of_its_content(album: Album, coding: str, ending: str) -> None:
    content = picture(coding)
    await album.want(album.api.keep_file(content))
    await album.attachments.fetch_all()
    (row,) = await album.rows()
    digest = hashlib.sha256(content).hexdigest()
    assert (row.state, row.sha256, row.size) == (AttachmentState.STORED, digest, len(content))
    assert row.media_type == f"image/{coding.lower()}"
    assert row.name == f"{digest[:2]}/{digest}.{ending}"
    assert (album.folder / "photos" / row.name).read_bytes() == content
    assert await album.said() == []


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"%PDF-1.7", "JPEG"),
        (picture("JPEG", (400, 300))[:-500], "JPEG"),
        (picture("GIF"), "JPEG"),
        (b"x" * (LIMIT + 1), "10 MB"),
    ],
)
async def test_what_is_no_photo_is_refused_in_the_persons_language(
    album: Album, content: bytes, word: str
) -> None:
    await album.want(album.api.keep_file(content))
    await album.attachments.fetch_all()
    await album.attachments.fetch_all()
    assert [row.state for row in await album.rows()] == [AttachmentState.REFUSED]
    (said,) = await album.said()
    assert word in said
    assert "send" in said
    (button,) = await album.buttons()
    assert button.endswith(":g"), "it leads back to the question"
    assert not (album.folder / "photos").exists()


async def test_a_photo_that_is_gone_is_asked_for_again(album: Album) -> None:
    await album.want("nothing")
    await album.attachments.fetch_all()
    assert [row.state for row in await album.rows()] == [AttachmentState.REFUSED]
    assert "again" in (await album.said())[0]


async def test_a_failing_network_is_tried_again(album: Album) -> None:
    await album.want(album.api.keep_file(picture("PNG")))
    album.api.fail("getFile", Fault(drop=True))
    await album.attachments.fetch_all()
    assert [(row.state, row.attempts) for row in await album.rows()] == [(AttachmentState.WANTED, 1)]
    async with album.attachments:
        album.attachments.wake()
        await album.api.until(lambda: album.api.count("getFile") == 1)
        while (await album.rows())[0].state != AttachmentState.STORED:
            await asyncio.sleep(0)
    assert await album.said() == []


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path) -> None:
    (tmp_path / "photos").write_text("a file where the folder should be")
    with pytest.raises(OSError, match="photos"):
        keep(tmp_path / "photos", picture("PNG"))


def test_a_picture_that_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.new("1", (9000, 9000)).save(out, "PNG")
    with pytest.raises(Refused):
        keep(tmp_path, out.getvalue())

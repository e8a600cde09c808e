"""Photos: fetched, opened apart from the bot, kept as pixels under names of ours, refused politely."""

import asyncio
import hashlib
import io
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngInfo
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select

from bot.attachments import AT_ONCE, LIMIT, OTHERS, Attachments, keep
from bot.channels.telegram import TelegramChannel
from bot.old_photos import strip
from bot.received_pictures import PROGRAM, environment, small_jpeg
from bot.shrink_picture import MEMORY
from handlers.photo_limits import LARGEST_FILE
from questionnaires.xlsform import compile_form
from storage.database import migrate, open_engine
from storage.risks import MOST, Verdict, begin
from storage.session import Session
from storage.tables import (
    Attachment,
    AttachmentState,
    Contact,
    Emergency,
    Form,
    InterviewRow,
    Outbox,
    Person,
    Place,
    Risk,
)
from storage.unit_of_work import Storage
from tests.bot import dying
from tests.bot.loopback import TOKEN, Fault, Loopback
from tests.forking import end_of
from tests.handlers.chatting import ZONE

PHOTO_FORM = """
| survey |
| | type | name | label |
| | image | photo | A photo |
| settings |
| | form_title | form_id |
| | F | data |
"""


def picture(kind: str, size: tuple[int, int] = (20, 10), mode: str = "RGB", **facts: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "navy" if mode == "RGB" else 0).save(out, kind, **facts)
    return out.getvalue()


class Album:
    """Attachments over a Bot API, with an interview to hang photos on."""

    def __init__(self, storage: Storage, api: Loopback, telegram: TelegramChannel, folder: Path) -> None:
        self.storage, self.api, self.folder = storage, api, folder
        self.attachments = Attachments(storage, {"telegram": telegram}, folder, ZONE)

    async def want(self, ref: str, media: str = "") -> None:
        async def work(session: Session) -> None:
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
            wanted = Attachment(interview_id=interview.id, contact_id=contact.id, path="/data/photo")
            wanted.file_ref, wanted.media_type = ref, media
            session.add(wanted)

        await self.storage.write(work)

    async def rows(self) -> list[Attachment]:
        async with self.storage.reading() as session:
            return list(await session.exec(select(Attachment).order_by(col(Attachment.id))))

    async def risks(self) -> list[tuple[str, int]]:
        async with self.storage.reading() as session:
            return [(row.work, row.begun) for row in await session.exec(select(Risk))]

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


@pytest.mark.parametrize("coding", ["JPEG", "PNG", "WEBP", "MPO"])
async def test_a_photo_is_kept_as_a_jpeg_under_the_hash_of_its_content(album: Album, coding: str) -> None:
    await album.want(album.api.keep_file(picture(coding)))
    await album.attachments.fetch_all()
    (row,) = await album.rows()
    kept = album.folder / "photos" / row.name
    digest = hashlib.sha256(kept.read_bytes()).hexdigest()
    assert (row.state, row.sha256, row.size) == (AttachmentState.STORED, digest, kept.stat().st_size)
    assert (row.media_type, row.name) == ("image/jpeg", f"{digest[:2]}/{digest}.jpg")
    with Image.open(kept) as shown:
        assert (shown.format, shown.size) == ("JPEG", (20, 10))
        red, _, blue = shown.convert("RGB").getpixel((10, 5))  # type: ignore[misc]
        assert red < 20 < 100 < blue, "navy, as it was"
    assert [path.stat().st_mode & 0o777 for path in (kept, kept.parent)] == [0o600, 0o700]
    assert await album.said() == []
    assert await album.risks() == []


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"%PDF-1.7", "JPEG"),
        (b"", "JPEG"),
        (picture("JPEG", (400, 300))[:-500], "JPEG"),
        (picture("PNG", (9000, 7000), "L"), "too large"),
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


async def test_of_several_photos_one_message_says_which_were_refused(album: Album) -> None:
    for content in (b"", picture("JPEG"), b"%PDF-1.7", b"GIF"):
        await album.want(album.api.keep_file(content))

    async def later(session: Session) -> None:
        last = (await session.exec(select(Attachment).order_by(col(Attachment.id).desc()))).first()
        assert last is not None
        last.created_at += timedelta(seconds=20)

    await album.storage.write(later)
    await album.attachments.fetch_all()
    async with album.storage.reading() as session:
        bodies = [row.body for row in await session.exec(select(Outbox).order_by(col(Outbox.id)))]
    which = [re.findall(r"Of the 3 photos .* number ([\d, ]+) could", body["text"]) for body in bodies]
    assert which == [["1"], ["1, 3"], []]
    assert [body["edits_slot"] == bodies[0]["slot"] for body in bodies] == [True, True, False]


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize(
    ("media", "ending"), [("audio/ogg", ".ogg"), ("video/mp4", ".mp4"), ("application/x-odd", ".bin")]
)
async def test_a_file_is_kept_as_it_came(album: Album, media: str, ending: str) -> None:
    await album.want(album.api.keep_file(b"OggS spoken"), media)
    await album.attachments.fetch_all()
    (row,) = await album.rows()
    digest = hashlib.sha256(b"OggS spoken").hexdigest()
    assert (row.state, row.media_type, row.name) == ("stored", media, f"{digest[:2]}/{digest}{ending}")
    kept = album.folder / "photos" / row.name
    assert (kept.read_bytes(), kept.stat().st_mode & 0o777) == (b"OggS spoken", 0o600)
    assert await strip(album.attachments) == 0, "at the next start it is no old photo"


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_file_that_cannot_be_kept_is_asked_for_again(album: Album) -> None:
    await album.want("nothing", "audio/ogg")
    await album.want(album.api.keep_file(b"x" * (LARGEST_FILE + 1)), "video/mp4")
    await album.attachments.fetch_all()
    gone, large = sorted(await album.said())
    assert ("file" in gone, "20 MB" in large) == (True, True)
    assert all(button.endswith(":g") for button in await album.buttons())


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
        keep(tmp_path / "photos", picture("JPEG"))


async def test_what_the_machine_cannot_do_now_is_tried_later_and_is_no_fault_of_the_photo(
    album: Album,
) -> None:
    (album.folder / "photos").write_text("a file where the folder should be")
    await album.want(album.api.keep_file(picture("PNG")))
    for _ in range(4):
        await album.attachments.fetch_all()
    (row,) = await album.rows()
    assert (row.state, row.attempts) == (AttachmentState.WANTED, 4)
    (album.folder / "photos").unlink()
    await album.attachments.fetch_all()
    assert [row.state for row in await album.rows()] == [AttachmentState.STORED]


async def test_an_emergencys_photo_comes_before_those_of_answers(album: Album) -> None:
    await album.want("a")

    async def work(session: Session) -> None:
        raised = Emergency(place_id=1, contact_id=1, kind="chay")
        session.add(raised)
        await session.flush()
        session.add(Attachment(emergency_id=raised.id, contact_id=1, path="", file_ref="b"))

    await album.storage.write(work)
    assert [one.file_ref for one in await album.attachments.wanted()] == ["b", "a"]


async def test_one_photo_that_fails_in_any_way_keeps_no_other_from_being_fetched(album: Album) -> None:
    async def shrink(content: bytes) -> bytes:
        if content == b"odd":
            raise RuntimeError
        return await small_jpeg(content)

    album.attachments.shrink = shrink
    await album.want(album.api.keep_file(b"odd"))
    for number in range(2 * AT_ONCE):
        await album.want(album.api.keep_file(picture("PNG", (20 + number, 10))))
    await album.attachments.fetch_all()
    states = [(row.state, row.attempts) for row in await album.rows()]
    assert states == [(AttachmentState.WANTED, 1)] + [(AttachmentState.STORED, 0)] * 2 * AT_ONCE
    await album.want("new")
    assert [one.attempts for one in await album.attachments.wanted()] == [0, 1]
    assert await album.risks() == []


# --- what is opened, and what is kept of it -------------------------------------------------------------


def camera(kind: str, *, turned: int) -> bytes:
    """A picture 40 wide with a red left half, and everything that a camera writes beside the pixels."""
    made = Image.new("RGB", (40, 20), "navy")
    made.paste("red", (0, 0, 20, 20))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = turned
    exif[ExifTags.Base.Make] = "SecretPhone"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (22.0, 27.0, 1.0)
    text = PngInfo()
    text.add_text("Comment", "SecretPlace")
    facts: dict[str, Any] = {"exif": exif, "xmp": b"SecretXmp", "icc_profile": b"SecretProfile"}
    if kind == "PNG":
        facts |= {"pnginfo": text}
    if kind == "JPEG":
        facts |= {"comment": b"SecretPlace", "quality": 95}
    out = io.BytesIO()
    made.save(out, kind, **facts)
    return out.getvalue() + b"SecretTail"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_nothing_but_the_pixels_is_kept_and_they_stand_upright(kind: str) -> None:
    content = camera(kind, turned=6)
    assert b"Secret" in content
    small = await small_jpeg(content)
    assert b"Secret" not in small
    with Image.open(io.BytesIO(small)) as kept:
        assert set(kept.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert (dict(kept.getexif()), kept.size) == ({}, (20, 40))
        above, below = kept.getpixel((10, 5)), kept.getpixel((10, 35))
    assert above[0] > 200 > 60 > above[2], "what was left is on top"  # type: ignore[index]
    assert below[2] > 80 > 60 > below[0]  # type: ignore[index]


async def test_a_broken_description_does_not_cost_the_picture() -> None:
    assert await small_jpeg(picture("JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff"))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
async def test_every_kind_of_pixels_is_kept(mode: str) -> None:
    with Image.open(io.BytesIO(await small_jpeg(picture("PNG", (30, 20), mode)))) as kept:
        assert (kept.mode, kept.size) == ("RGB", (30, 20))
    with Image.open(io.BytesIO(await small_jpeg(picture("JPEG", (30, 20), "CMYK")))) as kept:
        assert kept.mode == "RGB"


async def test_a_large_picture_becomes_a_small_one() -> None:
    with Image.open(io.BytesIO(await small_jpeg(picture("JPEG", (4096, 1024), "L")))) as kept:
        assert kept.size == (2048, 512)
    with Image.open(io.BytesIO(await small_jpeg(picture("JPEG", (60_000, 1), "L")))) as kept:
        assert kept.size == (2048, 1)


# --- what may kill --------------------------------------------------------------------------------------

MEASURED = """
import os, subprocess, sys
program = subprocess.Popen([sys.executable, "-I", sys.argv[1]], stdin=0, stdout=subprocess.DEVNULL)
_, status, used = os.wait4(program.pid, 0)
print(os.waitstatus_to_exitcode(status), used.ru_maxrss * 1024)
"""


def opened_within(content: bytes) -> tuple[int, int]:
    """The exit code of the program that opens a picture, and the most memory it held, in bytes.

    A small process starts and measures it: a child counts what its parent held at the fork as its own.
    """
    words = [sys.executable, "-I", "-c", MEASURED, str(PROGRAM)]
    code, held = subprocess.run(words, input=content, stdout=subprocess.PIPE, check=True).stdout.split()
    return int(code), int(held)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (lambda: picture("PNG", (9000, 7000), "L"), 4),
        (lambda: picture("PNG", (5000, 4000), "P"), 0),
        (lambda: picture("JPEG", (9000, 7000), progressive=True), 0),
        (lambda: picture("WEBP", (16_383, 3000), "RGB", lossless=True, method=0), 3),
    ],
    ids=["png of 63 megapixels", "png of 20", "progressive jpeg of 63", "webp of 49"],
)
def test_no_picture_takes_more_memory_than_a_small_machine_has(
    content: Callable[[], bytes], code: int
) -> None:
    ended, held = opened_within(content())
    assert ended == code
    assert held < MEMORY


async def test_what_kills_the_process_is_not_met_for_ever(tmp_path: Path) -> None:
    """Each start dies of the same photo, until it has been counted often enough."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'a.db'}"
    await migrate(url)
    engine = open_engine(url)
    async with Loopback() as api, TelegramChannel(TOKEN, api.url) as telegram, Storage(engine) as storage:
        album = Album(storage, api, telegram, tmp_path)
        await album.want(api.keep_file(picture("PNG")))
        ends = [await end_of(dying.of_a_photo, url, api.url, str(tmp_path)) for _ in range(MOST + 1)]
        assert ends == [-signal.SIGKILL] * MOST + [0]
        assert [row.state for row in await album.rows()] == [AttachmentState.REFUSED]
        assert "too large" in (await album.said())[0]
        assert await album.risks() == []
    await engine.dispose()


async def test_a_photo_in_the_hands_of_another_process_is_left_to_it(album: Album) -> None:
    await album.want(album.api.keep_file(picture("PNG")))
    album.attachments.rest = OTHERS
    work = f"photo:{(await album.rows())[0].id}"
    assert await begin(album.storage, work) is Verdict.GO
    await album.attachments.fetch_all()
    (row,) = await album.rows()
    assert (row.state, row.attempts) == (AttachmentState.WANTED, 0)
    assert await album.risks() == [(work, 1)]


def test_nothing_secret_is_in_reach_of_a_decoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THONBAO_TELEGRAM_TOKEN", TOKEN)
    assert TOKEN not in environment().values()

"""Photos of releases that kept them as they came: made bare once, whatever ends the process meanwhile."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select

from bot.attachments import keep
from bot.channels.telegram import TelegramChannel
from bot.left_photos import sweep
from bot.old_photos import is_bare, strip
from storage.risks import MOST, begin
from storage.session import Session
from storage.tables import Attachment, AttachmentState
from storage.unit_of_work import Storage
from tests.bot.loopback import TOKEN, Loopback
from tests.bot.test_attachments import Album, picture

pytestmark = pytest.mark.by_the_disk

SECRET = b"a camera wrote this"


@pytest.fixture
def kind() -> str:
    return "sqlite"


@pytest.fixture
async def album(database: AsyncEngine, tmp_path: Path) -> AsyncIterator[Album]:
    async with (
        Loopback() as api,
        TelegramChannel(TOKEN, api.url) as telegram,
        Storage(database) as storage,
    ):
        yield Album(storage, api, telegram, tmp_path)


def with_exif() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    return picture("JPEG", exif=exif)


async def kept_as_it_came(album: Album, content: bytes) -> None:
    """A photo as an earlier release kept it."""
    await album.want("gone")
    columns = keep(album.attachments.folder, content)

    async def work(session: Session) -> None:
        [row] = await session.exec(select(Attachment).where(col(Attachment.state) == AttachmentState.WANTED))
        row.sqlmodel_update({**columns, "state": AttachmentState.STORED})

    await album.storage.write(work)


def files(album: Album) -> list[bytes]:
    return [path.read_bytes() for path in album.attachments.folder.rglob("*") if path.is_file()]


async def test_what_a_camera_wrote_is_taken_out_and_the_old_file_swept(album: Album) -> None:
    await kept_as_it_came(album, with_exif())
    await kept_as_it_came(album, picture("PNG", (30, 10)))
    assert await strip(album.attachments) == 2
    for row in await album.rows():
        path = album.attachments.folder / row.name
        assert is_bare(path)
        assert (row.size, row.media_type) == (path.stat().st_size, "image/jpeg")
    async with album.storage.reading() as session:
        assert await sweep(session, album.attachments.folder, rest=-1) == 2
    assert [content for content in files(album) if SECRET in content] == []
    assert len(files(album)) == 2
    assert await strip(album.attachments) == 0


async def test_a_bare_one_and_one_that_is_not_there_are_left(album: Album) -> None:
    await kept_as_it_came(album, await album.attachments.shrink(with_exif()))
    await kept_as_it_came(album, with_exif())
    [bare, gone] = await album.rows()
    (album.attachments.folder / gone.name).unlink()
    assert await strip(album.attachments) == 0
    assert [row.name for row in await album.rows()] == [bare.name, gone.name]


async def test_one_that_cannot_be_opened_stays_and_holds_up_no_other(album: Album) -> None:
    await kept_as_it_came(album, b"no picture")
    await kept_as_it_came(album, with_exif())
    assert await strip(album.attachments) == 1
    assert b"no picture" in files(album)
    assert await album.risks() == []


async def test_one_with_which_the_process_ended_is_given_up(album: Album) -> None:
    await kept_as_it_came(album, with_exif())
    [row] = await album.rows()
    for _ in range(MOST):
        await begin(album.storage, f"photo:{row.id}")
    assert await strip(album.attachments) == 0
    assert [one.name for one in await album.rows()] == [row.name]


async def test_it_goes_on_where_it_was_stopped(album: Album) -> None:
    await kept_as_it_came(album, with_exif())
    await kept_as_it_came(album, picture("PNG", (30, 10)))
    shrink, opened = album.attachments.shrink, []

    async def ends(content: bytes) -> bytes:
        if opened:
            raise OSError("no process")
        opened.append(content)
        return await shrink(content)

    album.attachments.shrink = ends
    with pytest.raises(OSError, match="no process"):
        await strip(album.attachments)
    album.attachments.shrink = shrink
    assert await strip(album.attachments) == 1
    assert all(is_bare(album.attachments.folder / row.name) for row in await album.rows())


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xd8", b"\xff\xd8\xff\xe1\x00\x02\xff\xd9", b"GIF89a", with_exif(), picture("PNG")]
)
def test_what_is_not_bare(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a"
    path.write_bytes(content)
    assert not is_bare(path)


def test_what_is_bare(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(picture("JPEG"))
    assert is_bare(tmp_path / "a")
    assert is_bare(tmp_path / "none")

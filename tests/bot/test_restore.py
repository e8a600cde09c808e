"""The drill: back up, go on, lose everything, restore, verify, talk on; and what was lost without a word is noticed."""

import os
import shutil
import zipfile
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import select

from bot.channels.telegram import TelegramChannel
from bot.main import running
from bot.serve import Taker
from bot.settings import Settings, load_settings
from storage import archive
from storage.archive import CannotRestore
from storage.backup import CannotBackUp, copy_whole, verify
from storage.database import open_engine, reading, sqlite_file, writing
from storage.tables import Emergency
from tests.bot.loopback import TOKEN, Loopback
from tests.bot.person import CHAT, Person, begun, data_of, settle, stored

Talking = Callable[[], AbstractAsyncContextManager[Person]]


@pytest.fixture
def settings(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in [name for name in os.environ if name.startswith("THONBAO_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("THONBAO_DATABASE_URL", database_url)
    monkeypatch.setenv("THONBAO_DATA_DIR", str(tmp_path / "data"))
    return load_settings()


@pytest.fixture
async def talking(database: AsyncEngine, settings: Settings) -> AsyncIterator[Talking]:
    """Runs the bot, with a head who knows it, as often as it is called; the chat goes on."""
    async with writing(database) as session:
        await settle(session)
    await database.dispose()
    (settings.data_dir / "photos").mkdir(parents=True)
    async with Loopback() as api:
        api.chat(CHAT)

        @asynccontextmanager
        async def talk() -> AsyncIterator[Person]:
            async with TelegramChannel(TOKEN, api.url) as telegram, running(settings, [telegram]) as app:
                yield Person(api, Taker(app, telegram))

        yield talk


async def verified(settings: Settings) -> bool:
    engine = open_engine(settings.database_url)
    try:
        async with reading(engine) as session:
            return not (await verify(session)).differences
    finally:
        await engine.dispose()


async def destroyed(settings: Settings) -> None:
    """Nothing is left of the database and of the photos."""
    shutil.rmtree(settings.data_dir)
    if file := sqlite_file(settings.database_url):
        for path in file.parent.glob(file.name + "*"):
            path.unlink()
        return
    engine = open_engine(settings.database_url)
    async with engine.begin() as connection:
        await connection.run_sync(archive.drop_all)
    await engine.dispose()


async def test_the_drill(talking: Talking, settings: Settings, tmp_path: Path) -> None:
    url, data, copy = settings.database_url, settings.data_dir, tmp_path / "copies" / "sao-luu.zip"
    photo = data / "photos" / "a.jpg"
    photo.write_bytes(b"picture")
    async with talking() as person:
        await begun(person)
        made = await archive.back_up(url, data, copy)
        fourth = await person.says("39")
        assert "Câu 4/" in fourth["text"]
        lost = dict(await person.says("38"))
        assert "Câu 5/" in lost["text"]
    assert copy.stat().st_mode & 0o077 == 0
    assert archive.read(copy) == made
    assert made.photos == ["photos/a.jpg"]
    with pytest.raises(CannotBackUp):
        await archive.back_up(url, data, copy)
    with pytest.raises(CannotRestore, match="exists"):
        await archive.restore(url, data, copy)

    await destroyed(settings)
    await archive.restore(url, data, copy)
    assert photo.read_bytes() == b"picture"
    assert photo.stat().st_mode & 0o077 == 0
    assert await verified(settings)
    async with talking() as person:
        said = await person.says("20")
        assert "khôi phục" in said["text"]
        assert "Câu 3/" in said["text"]
        assert await stored(person) == {"nuoc_ho": "100", "nuoc_ho_dtts": "40"}
        said = await person.presses(data_of(lost, ":b"), lost)
        assert "Câu 3/" in said["text"], "a press under a lost message"
        assert "khôi phục" not in said["text"], "told once"
        assert "Câu 3/" in (await person.says("20", reply_to_message=lost))["text"]
        later = person.taker.app.dispatch.clock
        person.taker.app.dispatch.clock = lambda: later() + timedelta(minutes=10)
        assert "Ghi nhận: 20 hộ" in (await person.says("20"))["text"]
        assert "Câu 5/" in (await person.says("10"))["text"]


async def test_what_was_sent_before_the_person_was_told_is_no_answer(
    talking: Talking, settings: Settings, tmp_path: Path
) -> None:
    copy = tmp_path / "sao-luu.zip"
    async with talking() as person:
        await begun(person)
        await archive.back_up(settings.database_url, settings.data_dir, copy)
        waiting = [person.api.message_of(CHAT, text=text) for text in ("39", "38", "37")]
    await archive.restore(settings.database_url, settings.data_dir, copy, force=True)
    async with talking() as person:
        answers = [(await person.sends({"message": message}))["text"] for message in waiting]
        assert all("Câu 3/" in answer for answer in answers)
        assert [answer.startswith("Máy vừa được khôi phục") for answer in answers] == [True, False, False]
        assert await stored(person) == {"nuoc_ho": "100", "nuoc_ho_dtts": "40"}


async def test_a_command_acts_and_says_that_the_database_was_restored(
    talking: Talking, settings: Settings, tmp_path: Path
) -> None:
    async with talking() as person:
        await begun(person)
        await archive.back_up(settings.database_url, settings.data_dir, tmp_path / "c.zip")
    await archive.restore(settings.database_url, settings.data_dir, tmp_path / "c.zip", force=True)
    async with talking() as person:
        said = await person.says("khẩn cấp")
        assert said["text"].startswith("Máy vừa được khôi phục")
        assert "z:k:" in str(said["reply_markup"])


async def test_a_number_sent_after_it_tells_no_emergency_how_many_people(
    talking: Talking, settings: Settings, tmp_path: Path
) -> None:
    copy = tmp_path / "c.zip"
    async with talking() as person:
        await begun(person)
        said = await person.says("/khancap")
        await person.presses(data_of(said, "z:k:"), said)
        await archive.back_up(settings.database_url, settings.data_dir, copy)
    await archive.restore(settings.database_url, settings.data_dir, copy, force=True)
    async with talking() as person:
        said = await person.says("12")
        assert said["text"].startswith("Máy vừa được khôi phục")
        assert "12" not in said["text"]
        async with person.taker.app.storage.reading() as session:
            assert [row.details for row in await session.exec(select(Emergency))] == [[]]


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_copy_put_back_by_hand_is_noticed(
    talking: Talking, settings: Settings, tmp_path: Path, kind: str
) -> None:
    file = sqlite_file(settings.database_url)
    assert file is not None
    async with talking() as person:
        await begun(person)
    copy_whole(file, tmp_path / "by-hand.db")
    async with talking() as person:
        assert "Câu 4/" in (await person.says("39"))["text"], "an ordinary start asks nothing again"
    for suffix in ("-wal", "-shm"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)
    shutil.copyfile(tmp_path / "by-hand.db", file)
    async with talking() as person:
        assert "Câu 3/" in (await person.says("38"))["text"]
        assert await stored(person) == {"nuoc_ho": "100", "nuoc_ho_dtts": "40"}


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_journal_that_lost_its_end_is_noticed(
    talking: Talking, settings: Settings, tmp_path: Path, kind: str
) -> None:
    file = sqlite_file(settings.database_url)
    assert file is not None
    async with talking() as person:
        await begun(person)
    wal = file.with_name(file.name + "-wal")
    async with talking() as person:
        async with writing(person.taker.app.storage.engine):  # nobody empties the journal meanwhile
            before = {path: path.read_bytes() for path in (file, wal)}
        await person.says("39")
        assert wal.read_bytes() != before[wal]
    for path, content in before.items():
        path.write_bytes(content)
    file.with_name(file.name + "-shm").unlink(missing_ok=True)
    async with talking() as person:
        assert "Câu 3/" in (await person.says("38"))["text"]


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_a_server_on_another_time_line_is_noticed(
    talking: Talking, settings: Settings, kind: str
) -> None:
    async with talking() as person:
        await begun(person)
        async with writing(person.taker.app.storage.engine) as session:
            await (await session.connection()).execute(
                text("UPDATE setting SET value = '1/2/3' WHERE key = 'home'")
            )
    async with talking() as person:
        assert "Câu 3/" in (await person.says("38"))["text"]
        assert await stored(person) == {"nuoc_ho": "100", "nuoc_ho_dtts": "40"}


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_a_database_that_is_in_use_is_not_replaced(
    talking: Talking, settings: Settings, tmp_path: Path, kind: str
) -> None:
    await archive.back_up(settings.database_url, settings.data_dir, tmp_path / "c.zip")
    async with talking():
        with pytest.raises(CannotRestore, match="in_use"):
            await archive.restore(settings.database_url, settings.data_dir, tmp_path / "c.zip", force=True)


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_damaged_copy_is_refused_and_changes_nothing(
    talking: Talking, settings: Settings, tmp_path: Path, kind: str
) -> None:
    copy, bad = tmp_path / "c.zip", tmp_path / "bad.zip"
    (settings.data_dir / "photos" / "a.jpg").write_bytes(b"picture")
    await archive.back_up(settings.database_url, settings.data_dir, copy)
    with zipfile.ZipFile(copy) as whole, zipfile.ZipFile(bad, "w") as changed:
        for name in whole.namelist():
            changed.writestr(name, whole.read(name).replace(b"picture", b"another"))
    file = sqlite_file(settings.database_url)
    assert file is not None
    before = file.read_bytes()
    cut = tmp_path / "cut.zip"
    cut.write_bytes(copy.read_bytes()[:-100])
    for broken, code in ((bad, "damaged"), (cut, "unreadable"), (file, "unreadable")):
        with pytest.raises(CannotRestore, match=code):
            await archive.restore(settings.database_url, settings.data_dir, broken, force=True)
    assert file.read_bytes() == before

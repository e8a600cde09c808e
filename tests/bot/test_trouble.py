"""The service while the ground gives way: a full disk, a database that is locked, gone, or comes back.

What could not be saved is not acknowledged, so that Telegram delivers it again, and its sender is told once; once
the trouble is over the bot goes on by itself, and nothing is lost or doubled. /healthz and /metrics tell the truth.
"""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.serve import serve
from bot.settings import load_settings
from storage import database as databases
from storage import people
from storage.database import writing
from storage.tables import Level, RoleName, now
from tests.bot.loopback import PATIENCE, TOKEN, Loopback
from tests.bot.test_serve import SECRET
from tests.free_ports import free_port

STRANGER, HEAD = 4242, 4141
NOT_SAVED = "Máy đang trục trặc, tin của bác chưa được ghi"
AGAIN = "Máy đã chạy lại"
CALL = "chưa được ghi, chưa tới ai"


@pytest.fixture
async def api() -> AsyncIterator[Loopback]:
    async with Loopback() as api:
        yield api


class Service:
    """`serve` in this process, so that a test can take the ground away."""

    def __init__(self, api: Loopback, url: str, folder: Path) -> None:
        self.api, self.port = api, free_port()
        self.stop = asyncio.Event()
        settings = load_settings(
            database_url=url,
            data_dir=folder,
            telegram_token=TOKEN,
            telegram_base_url=api.url,
            port=self.port,
            public_url=f"http://127.0.0.1:{self.port}",
            webhook_secret=SECRET,
        )
        self.task = asyncio.create_task(serve(settings, self.stop))

    async def __aenter__(self) -> "Service":
        await self.api.until(lambda: self.api.webhook or self.task.done())
        return self

    async def __aexit__(self, *_: object) -> None:
        self.stop.set()
        await self.task

    async def page(self, name: str) -> tuple[int, str]:
        address = f"http://127.0.0.1:{self.port}/{name}"
        async with aiohttp.ClientSession() as http, http.get(address) as response:
            return response.status, await response.text()

    async def healthy(self) -> int:
        return (await self.page("healthz"))[0]

    async def metric(self, name: str) -> float:
        """The value of a metric, or the sum where it has labels."""
        _, told = await self.page("metrics")
        return sum(float(value) for value in re.findall(rf"^{name}(?:{{.*}})? (\S+)$", told, re.MULTILINE))

    async def recovered(self, update: dict[str, object]) -> None:
        """Deliver as Telegram does, until it is taken."""
        async with asyncio.timeout(PATIENCE):
            while await self.api.post(update) != 200:
                await asyncio.sleep(0.1)


async def enrol(database: AsyncEngine, chat: int) -> None:
    """Make somebody a village head, whose every message is answered."""
    async with writing(database) as session:
        village = await session.places.add(Level.VILLAGE, "thôn", "Nà Hin", None)
        contact = await people.create_contact(session, "telegram", str(chat))
        await people.enrol(session, contact, village.id, RoleName.VILLAGE_HEAD, "", now())


async def changed(database: AsyncEngine, *statements: str) -> None:
    """Run statements beside the service.

    They take the write lock before anything else, as the service does: who waits for it later, on SQLite, waits in
    the loop's own thread, where the service would have to let it go.
    """
    async with writing(database) as session:
        connection = await session.connection()
        for statement in statements:
            await connection.execute(text(statement))


def hello(api: Loopback, chat: int = STRANGER) -> dict[str, object]:
    return {"update_id": next(api.update_ids), "message": api.message_of(chat, text="/start")}


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_disk_that_fills_up_and_is_freed(
    kind: str,
    api: Loopback,
    database: AsyncEngine,
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    full = False
    """While it is, the file may not grow."""

    def said(words: str, chat: int) -> int:
        return sum(words in text for text in api.chat(chat).texts)

    def on_begin(connection: Connection) -> None:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar() if full else 1_073_741_823
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    def watched(url: str) -> AsyncEngine:
        engine = databases.open_engine(url)
        event.listen(engine.sync_engine, "begin", on_begin)
        return engine

    monkeypatch.setattr("bot.main.open_engine", watched)
    await enrol(database, HEAD)
    async with Service(api, database_url, tmp_path) as service:
        await service.recovered(hello(api, HEAD))
        await api.until(lambda: len(api.chat(HEAD).texts) == 1)
        full, failed = True, await service.metric("thonbao_saves_failed_total")
        statuses = []
        refused: list[dict[str, object]] = []
        for _ in range(400):
            update = hello(api, HEAD)
            statuses.append(await api.post(update))
            if statuses[-1] != 200:
                refused.append(update)
                if len(refused) == 3:
                    break
        assert statuses[-1] == 500
        assert await service.page("healthz") == (503, "cannot save: disk_full")
        assert await service.metric("thonbao_database_up") == 0
        assert await service.metric("thonbao_saves_failed_total") >= failed + 3
        await api.until(lambda: said(NOT_SAVED, HEAD))
        full = False
        for update in refused:
            await service.recovered(update)
        # Those that waited are answered once: the menu shows the same each time.
        taken = statuses.count(200) + 1 + 1
        await api.until(lambda: len(api.chat(HEAD).texts) == taken + 2)
        assert (said(NOT_SAVED, HEAD), said(AGAIN, HEAD)) == (1, 1)
        assert await service.page("healthz") == (200, "ok")
        assert await service.metric("thonbao_database_up") == 1


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_a_server_that_goes_and_comes_back(
    kind: str, api: Loopback, database: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    name = database.url.database
    async with Service(api, database_url, tmp_path) as service:
        await service.recovered(hello(api))
        await api.until(lambda: len(api.chat(STRANGER).texts) == 1)
        server = databases.open_engine(database_url.replace(f"/{name}?", "/postgres?"))
        async with server.connect() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
            kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
            await connection.execute(text(kill), {"name": name})
            lost = hello(api)
            assert await api.post(lost) == 500
            assert await service.healthy() == 503
            assert await api.post(lost) == 500
            await connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))
        await server.dispose()
        await service.recovered(lost)
        await service.recovered(lost)
        await api.until(lambda: len(api.chat(STRANGER).texts) == 4)
        assert await service.healthy() == 200
    texts = api.chat(STRANGER).texts
    assert [sum(words in text for text in texts) for words in (NOT_SAVED, AGAIN)] == [1, 1]
    assert len(texts) == 4


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("DROP TABLE weekly_line", "tables differ: table weekly_line"),
        ("DROP INDEX ix_outbox_slot", "tables differ: index outbox contact_id, slot"),
    ],
)
async def test_a_schema_that_is_no_longer_ours(
    statement: str, found: str, api: Loopback, database: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    async with Service(api, database_url, tmp_path) as service:
        await service.recovered(hello(api))
        await changed(database, statement)
        assert await service.page("healthz") == (503, found)
        assert await service.metric("thonbao_database_up") == 0


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_damaged_pages(
    kind: str, api: Loopback, database: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    """Everybody's row is on a page that cannot be read any more; the trial's row is not."""
    async with Service(api, database_url, tmp_path) as service:
        await service.recovered(hello(api))
        await asyncio.to_thread(damage, Path(str(database.url.database)), "contact")
        # Nobody's message has failed yet.
        assert await service.page("healthz") == (503, "cannot save: damaged")
        assert await api.post(hello(api)) == 500
        assert await service.page("healthz") == (503, "cannot save: damaged")
        assert await service.metric("thonbao_database_up") == 0
        await api.until(lambda: any(NOT_SAVED in text for text in api.chat(STRANGER).texts))


def damage(file: Path, table: str) -> None:
    """Overwrite the first page of a table, and let who has read it before notice that something changed.

    As long as the journal beside the file holds a newer form of the page nothing is seen of that, so look.
    """
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        for number in range(1000):
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            with file.open("rb+") as disk:
                disk.seek((page - 1) * size)
                disk.write(b"\xff" * size)
            connection.execute("INSERT INTO setting VALUES (?, '')", (f"damaged-{number}",))
            try:
                with closing(sqlite3.connect(file)) as reader:
                    reader.execute(f"SELECT * FROM {table}").fetchall()
            except sqlite3.DatabaseError:
                return
    raise AssertionError("the page can still be read")


async def test_each_is_told_once_in_their_language_and_again_when_it_is_over(
    api: Loopback, database: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    english, stranger = 4343, 4444
    async with Service(api, database_url, tmp_path) as service:
        await service.recovered(hello(api, english))
        await api.until(lambda: api.chat(english).texts)
        await changed(database, "UPDATE contact SET locale = 'en'", "ALTER TABLE seen RENAME TO elsewhere")
        updates = [hello(api, chat) for chat in (english, stranger, english, english)]
        assert [await api.post(update) for update in updates] == [500] * 4
        await api.until(lambda: api.chat(stranger).texts and len(api.chat(english).texts) > 1)
        await changed(database, "ALTER TABLE elsewhere RENAME TO seen")
        for update in updates:
            await service.recovered(update)
        await api.until(lambda: len(api.chat(english).texts) == 4 and len(api.chat(stranger).texts) == 3)
        await changed(database, "ALTER TABLE seen RENAME TO elsewhere")
        soon_after = hello(api, english)
        assert await api.post(soon_after) == 500
        await changed(database, "ALTER TABLE elsewhere RENAME TO seen")
        await service.recovered(soon_after)
        await api.until(lambda: len(api.chat(english).texts) == 5)
    _, told, over, *answers = api.chat(english).texts
    assert "your message has not been saved yet" in told
    assert "The bot works again" in over
    assert len(answers) == 2
    assert [text for text in answers if "works again" in text or "not noted" in text] == []
    assert [NOT_SAVED in api.chat(stranger).texts[0], AGAIN in api.chat(stranger).texts[1]] == [True, True]


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_who_cries_out_is_told_each_time_whom_to_call(
    kind: str, api: Loopback, database: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    await enrol(database, HEAD)

    def said(text: str) -> dict[str, object]:
        return {"update_id": next(api.update_ids), "message": api.message_of(HEAD, text=text)}

    def told() -> int:
        return sum(CALL in text for text in api.chat(HEAD).texts)

    async with Service(api, database_url, tmp_path) as service:
        await service.recovered(said("menu"))
        await changed(database, "ALTER TABLE seen RENAME TO elsewhere")
        updates = [said(text) for text in ("100", "cháy nhà cứu với", "/khancap", "3 người mắc kẹt", "ai đó")]
        for count, update in enumerate(updates):
            assert await api.post(update) == 500
            await api.until(lambda count=count: told() == count)  # type: ignore[misc]
        # The platform brings them again and again; each was answered. And a crowd of cries is bounded.
        more = [said(f"cứu với {number}") for number in range(3)]
        for update in (*updates, *more):
            assert await api.post(update) == 500
        await api.until(lambda: told() == 5)
        await changed(database, "ALTER TABLE elsewhere RENAME TO seen")
        for update in (*updates, *more):
            await service.recovered(update)
        await api.until(lambda: any(AGAIN in text for text in api.chat(HEAD).texts))
    texts = api.chat(HEAD).texts
    assert (told(), sum(NOT_SAVED in text for text in texts)) == (5, 1)
    assert any("khẩn cấp phải không" in text for text in texts)

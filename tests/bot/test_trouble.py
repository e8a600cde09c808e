"""The service while the ground gives way: a full disk, a database that is locked, gone, or comes back.

What could not be saved is not acknowledged, so that Telegram delivers it again; once the trouble is over the
bot goes on by itself, and nothing is lost or doubled.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.serve import serve
from bot.settings import load_settings
from storage import database as databases
from tests.bot.loopback import TOKEN, Loopback
from tests.bot.test_serve import SECRET, free_port

STRANGER = 4242


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
        await self.api.until(lambda: self.api.webhook or self.task.done(), 20)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.stop.set()
        await self.task

    async def healthy(self) -> int:
        async with (
            aiohttp.ClientSession() as http,
            http.get(f"http://127.0.0.1:{self.port}/healthz") as response,
        ):
            return response.status

    async def recovered(self, update: dict[str, object]) -> None:
        """Deliver as Telegram does, until it is taken."""
        async with asyncio.timeout(20):
            while await self.api.post(update) != 200:
                await asyncio.sleep(0.1)


def hello(api: Loopback) -> dict[str, object]:
    return {"update_id": next(api.update_ids), "message": api.message_of(STRANGER, text="/start")}


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

    def on_begin(connection: Connection) -> None:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar() if full else 1_073_741_823
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    def watched(url: str) -> AsyncEngine:
        engine = databases.open_engine(url)
        event.listen(engine.sync_engine, "begin", on_begin)
        return engine

    monkeypatch.setattr("bot.main.open_engine", watched)
    async with Service(api, database_url, tmp_path) as service:
        await service.recovered(hello(api))
        await api.until(lambda: len(api.chat(STRANGER).texts) == 1, 10)
        full = True
        statuses = []
        refused: list[dict[str, object]] = []
        for _ in range(400):
            update = hello(api)
            statuses.append(await api.post(update))
            if statuses[-1] != 200:
                refused.append(update)
                if len(refused) == 3:
                    break
        assert statuses[-1] == 500
        full = False
        for update in refused:
            await service.recovered(update)
        taken = statuses.count(200) + len(refused) + 1
        await api.until(lambda: len(api.chat(STRANGER).texts) == taken, 20)
        assert await service.healthy() == 200


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_a_server_that_goes_and_comes_back(
    kind: str, api: Loopback, database: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    name = database.url.database
    async with Service(api, database_url, tmp_path) as service:
        await service.recovered(hello(api))
        await api.until(lambda: len(api.chat(STRANGER).texts) == 1, 10)
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
        await api.until(lambda: len(api.chat(STRANGER).texts) == 2, 20)
        assert await service.healthy() == 200
    assert len(api.chat(STRANGER).texts) == 2

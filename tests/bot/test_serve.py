"""The whole service over real HTTP: starting, refusing to start, talking, stopping."""

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import text

from bot.channels.base import LOST, Service, Take
from bot.doctor import channels
from bot.main import running
from bot.problems import Problem, WrongCall
from bot.serve import PlatformConnection, not_connected, serve, webhook_path
from bot.settings import load_settings
from bot.starting import listening
from bot.teller import Teller
from storage import facts
from tests.bot.loopback import PATIENCE, TOKEN, Loopback
from tests.forking import Forked
from tests.free_ports import free_port

SECRET = "a-secret-of-the-webhook"
STRANGER = 77


def environment(api: Loopback, database_url: str, folder: Path, port: int, **others: str) -> dict[str, str]:
    return {
        "THONBAO_DATABASE_URL": database_url,
        "THONBAO_QUIET_HOURS": "",
        "THONBAO_DATA_DIR": str(folder),
        "THONBAO_TELEGRAM_TOKEN": TOKEN,
        "THONBAO_TELEGRAM_BASE_URL": api.url,
        "THONBAO_PORT": str(port),
        **others,
    }


def webhooks(port: int) -> dict[str, str]:
    return {"THONBAO_PUBLIC_URL": f"http://127.0.0.1:{port}", "THONBAO_WEBHOOK_SECRET": SECRET}


@pytest.fixture
async def api() -> AsyncIterator[Loopback]:
    async with Loopback() as api:
        yield api


@asynccontextmanager
async def service(
    variables: dict[str, str], before: Callable[[], object] | None = None
) -> AsyncIterator[Forked]:
    """`thonbao serve` in a process of its own; stopped with SIGTERM if it still runs."""
    process = Forked("serve", environment={**os.environ, **variables}, before=before)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            await process.communicate()


@asynccontextmanager
async def started(variables: dict[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """The same, started from nothing and with pipes: for what a program finds only as it starts, or says meanwhile."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "serve"),
        env={**os.environ, **variables},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
            await process.communicate()


@pytest.mark.parametrize("mode", ["webhook", "polling"])
async def test_a_stranger_is_answered_and_sigterm_ends_it_well(
    api: Loopback, database_url: str, tmp_path: Path, mode: str
) -> None:
    port = free_port()
    others = webhooks(port) if mode == "webhook" else {}
    api.webhook = {} if mode == "webhook" else {"url": "http://127.0.0.1:9/left-behind"}
    async with service(environment(api, database_url, tmp_path, port, **others)) as process:
        ready = "setWebhook" if mode == "webhook" else "getUpdates"
        await api.until(lambda: api.count(ready), PATIENCE)
        update = await api.say(STRANGER, "/start")
        await api.until(lambda: api.chat(STRANGER).texts, PATIENCE)
        await api.give(update)
        async with aiohttp.ClientSession() as http:
            async with http.get(f"http://127.0.0.1:{port}/healthz") as got:
                assert (got.status, await got.text()) == (200, "ok")
            async with http.get(f"http://127.0.0.1:{port}/metrics") as got:
                assert 'thonbao_updates_total{channel="telegram",kind="text"}' in await got.text()
        process.terminate()
        _, errors = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 0, errors.decode()
    assert len(api.chat(STRANGER).texts) == 1
    assert TOKEN not in errors.decode()
    assert SECRET not in errors.decode()
    assert api.commands["vi"]


async def test_a_wrong_token_ends_with_one_sentence(api: Loopback, database_url: str, tmp_path: Path) -> None:
    variables = environment(api, database_url, tmp_path, free_port())
    variables["THONBAO_TELEGRAM_TOKEN"] = "1234567890:AAE-another_token_of_the_same_length_00"
    async with service(variables) as process:
        _, errors = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 1
    assert "Sai mã Telegram" in errors.decode()
    assert "Traceback" not in errors.decode()


POISON: list[dict[str, Any]] = [
    {"message": {"message_id": 101, "poll": {"question": "Họp ngày nào?"}}},
    {"my_chat_member": {"from": {"first_name": "Sử"}}},
    {"message": {"chat": {"id": STRANGER, "type": "private"}, "poll": {}, "text": 7}},
    {"message": {"chat": {"id": STRANGER, "type": "private"}, "text": "Sử\x00"}},
]
"""Updates of which one alone, or what one of them says, would be refused by a library or by a database."""


@pytest.mark.parametrize("mode", ["webhook", "polling"])
async def test_an_update_that_cannot_be_read_stops_nothing_also_after_a_restart(
    api: Loopback, database_url: str, tmp_path: Path, mode: str
) -> None:
    port = free_port()
    variables = environment(
        api, database_url, tmp_path, port, **(webhooks(port) if mode == "webhook" else {})
    )
    ready = "setWebhook" if mode == "webhook" else "getUpdates"
    logged, numbers = "", []
    api.chat(STRANGER)
    for who in (STRANGER + 1, STRANGER + 2):
        before, chat = api.count(ready), api.chat(who)
        async with service(variables) as process:
            await api.until(lambda before=before: api.count(ready) > before, PATIENCE)  # type: ignore[misc]
            given = [await api.give(dict(update)) for update in POISON]
            numbers += [update["update_id"] for update in given[:2]]
            await api.say(who, "/start")
            await api.until(lambda chat=chat: chat.texts, PATIENCE)  # type: ignore[misc]
            process.terminate()
            _, errors = await asyncio.wait_for(process.communicate(), PATIENCE)
        assert process.returncode == 0, errors.decode()
        logged += errors.decode()
    dropped = [json.loads(line) for line in logged.splitlines() if "update dropped" in line]
    assert [line["number"] for line in dropped] == numbers
    assert [line["kind"] for line in dropped] == ["message", "my_chat_member"] * 2
    assert "Họp" not in logged
    assert "Sử" not in logged
    assert len(api.chat(STRANGER).texts) == 4


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_network_that_comes_late(api: Loopback, database_url: str, kind: str, tmp_path: Path) -> None:
    """While Telegram cannot be reached the service lives and says that it is not ready; then it is."""
    port = free_port()
    api.unreachable = True
    async with service(environment(api, database_url, tmp_path, port)) as process:
        await api.until(lambda: api.lost, PATIENCE)
        async with aiohttp.ClientSession() as http:
            async with http.get(f"http://127.0.0.1:{port}/healthz") as got:
                assert (got.status, await got.text()) == (503, "not ready: not connected to Telegram")
            api.unreachable = False
            await api.until(lambda: api.count("getUpdates"), PATIENCE)
            async with http.get(f"http://127.0.0.1:{port}/healthz") as got:
                assert (got.status, await got.text()) == (200, "ok")
        process.terminate()
        _, errors = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 0
    assert errors.decode().count("no way to Telegram yet") == 1


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_platform_that_is_lost_later_is_named_too(
    database_url: str, kind: str, tmp_path: Path
) -> None:
    settings, service = load_settings(database_url=database_url, data_dir=tmp_path), Service()
    service.name = "radio"
    async with running(settings, [service]) as app:
        connection = PlatformConnection(settings, service, "Radio", asyncio.Event(), app.dispatch.trouble)
        assert not_connected([connection]) == "Radio"
        service.begun = True
        assert not_connected([connection]) == ""
        service.failed_polls = LOST
        assert not_connected([connection]) == "Radio"


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_name_that_the_platform_told_meanwhile_is_not_replaced_by_the_kept_one(
    database_url: str, kind: str, tmp_path: Path
) -> None:
    settings, service = load_settings(database_url=database_url, data_dir=tmp_path), Brief()
    async with running(settings, [service]) as app:
        connection = PlatformConnection(settings, service, "Radio", asyncio.Event(), app.dispatch.trouble)
        await app.storage.write(partial(facts.put, key=facts.name_on(service.name), value="cu_bot"))
        await connection.let_in(app)
        assert app.library.bot_names == {"radio": "cu_bot"}
        app.library.bot_names["radio"] = "moi_bot"
        await connection.keep_name(app)
        assert app.library.bot_names == {"radio": "moi_bot"}


class Brief(Service):
    """A platform whose messages end with the first poll."""

    name = "radio"

    async def poll(self, take: Take, stop: asyncio.Event) -> None:
        stop.set()


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_database_that_refuses_the_bots_name_keeps_no_message_away(
    database_url: str, kind: str, tmp_path: Path
) -> None:
    settings, service, stop = (
        load_settings(database_url=database_url, data_dir=tmp_path),
        Brief(),
        asyncio.Event(),
    )
    async with running(settings, [service]) as app:
        async with app.storage.engine.begin() as connection:
            await connection.execute(text("ALTER TABLE setting RENAME TO elsewhere"))
        taken = PlatformConnection(settings, service, "Radio", stop, app.dispatch.trouble)
        await taken.let_in(app)
        await taken.run()
        assert taken.is_connected
        assert stop.is_set()
        async with app.storage.engine.begin() as connection:
            await connection.execute(text("ALTER TABLE elsewhere RENAME TO setting"))


@pytest.mark.parametrize(
    ("locale", "words"), [("vi", "không có dạng của Telegram"), ("en", "does not look like")]
)
async def test_a_malformed_token_is_named_as_by_doctor(tmp_path: Path, locale: str, words: str) -> None:
    settings = load_settings(data_dir=tmp_path, telegram_token=TOKEN.replace(":", " "), locale=locale)
    with pytest.raises(WrongCall, match=words) as refused:
        await serve(settings)
    assert str(refused.value) == next(channels(settings, Teller(locale))).text


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_database_that_is_not_there(api: Loopback, kind: str, tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'none.db'}"
    async with service(environment(api, url, tmp_path, free_port())) as process:
        _, errors = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 2
    assert "thonbao init" in errors.decode()
    assert "Traceback" not in errors.decode()


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_second_service_on_one_file_says_so(
    api: Loopback, kind: str, database_url: str, tmp_path: Path
) -> None:
    first, second = (environment(api, database_url, tmp_path, free_port()) for _ in range(2))
    async with service(first) as running:
        await api.until(lambda: api.count("getUpdates"), PATIENCE)
        for locale, words in (("vi", "Đã có một máy Thôn Báo khác"), ("en", "already serves this database")):
            async with service({**second, "THONBAO_LOCALE": locale}) as refused:
                _, errors = await asyncio.wait_for(refused.communicate(), PATIENCE)
            assert refused.returncode == 2
            assert words in errors.decode()
            assert str(running.pid) in errors.decode()
        running.kill()
        await running.communicate()
    polled = api.count("getUpdates")
    async with service(second):
        await api.until(lambda: api.count("getUpdates") > polled, PATIENCE)


def test_a_port_in_use() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Problem, match=f"Cổng {port}"), listening("127.0.0.1", port):
            raise AssertionError


def test_an_address_that_is_not_ours() -> None:
    with pytest.raises(Problem, match="THONBAO_HOST"), listening("203.0.113.1", 0):
        raise AssertionError


async def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings = load_settings(data_dir=tmp_path / "file" / "data", telegram_token=TOKEN)
    with pytest.raises(Problem, match="THONBAO_DATA_DIR"):
        await serve(settings)


async def test_no_channel_at_all(tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path, telegram_token="")
    with pytest.raises(WrongCall, match="THONBAO_TELEGRAM_TOKEN"):
        await serve(settings)


def test_the_webhooks_path_cannot_be_guessed_and_does_not_show_the_secret() -> None:
    assert webhook_path("telegram", SECRET) == webhook_path("telegram", SECRET)
    assert webhook_path("telegram", SECRET) != webhook_path("telegram", SECRET + "x")
    assert SECRET not in webhook_path("telegram", SECRET)


def test_what_a_serving_bot_seldom_needs_is_not_loaded() -> None:
    """A small rented machine holds several such processes; each of these would add megabytes to every one."""
    seldom = "{'holidays', 'alembic', 'matplotlib', 'numpy', 'pyxform', 'openpyxl', 'xlsxwriter', 'docxtpl'}"
    code = f"import sys, bot.cli, bot.serve; sys.exit(', '.join(sorted({seldom} & sys.modules.keys())) or 0)"
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")

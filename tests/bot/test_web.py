"""The web side over real HTTP: who may call the webhook, and what it answers."""

import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import orjson
import pytest
import uvicorn

from bot.web import LARGEST, Webhook, create_app

SECRET = "s3cret-s3cret-s3cret"
PATH = "/telegram/abc"


@dataclass
class Site:
    """A running server, what it took, and how it is told to fail."""

    url: str = ""
    taken: list[dict[str, object]] = field(default_factory=list)
    broken: bool = False
    well: bool = True

    async def take(self, update: dict[str, object]) -> None:
        if self.broken:
            raise OSError("disk full")
        self.taken.append(update)

    async def healthy(self) -> bool:
        return self.well


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    app = create_app(site.healthy, {PATH: Webhook(SECRET, site.take)})
    config = uvicorn.Config(app, http="httptools", lifespan="off", log_config=None, port=0, host="127.0.0.1")
    server = uvicorn.Server(config)
    listener = config.bind_socket()
    site.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    serving = asyncio.create_task(server.serve([listener]))
    yield site
    server.should_exit = True
    await serving
    listener.close()


async def post(site: Site, body: bytes, secret: str | None = SECRET, path: str = PATH) -> int:
    headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
    data = io.BytesIO(body)
    async with aiohttp.ClientSession() as http, http.post(site.url + path, data=data, headers=headers) as got:
        return got.status


async def test_an_update_with_the_secret_is_taken(site: Site) -> None:
    assert await post(site, orjson.dumps({"update_id": 7})) == 200
    assert site.taken == [{"update_id": 7}]


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", SECRET[:-1], "s3crét"])
async def test_without_the_right_secret_nothing_is_read(site: Site, secret: str | None) -> None:
    assert await post(site, orjson.dumps({"update_id": 7}), secret) == 403
    assert site.taken == []


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b"null", b"\xff\xfe"])
async def test_what_is_no_update_is_refused(site: Site, body: bytes) -> None:
    assert await post(site, body) == 400
    assert site.taken == []


async def test_what_is_too_large_is_not_read(site: Site) -> None:
    assert await post(site, b" " * (LARGEST + 1)) == 413


async def test_what_was_not_saved_comes_again(site: Site) -> None:
    site.broken = True
    assert await post(site, b'{"update_id":7}') == 500
    site.broken = False
    assert await post(site, b'{"update_id":7}') == 200
    assert site.taken == [{"update_id": 7}]


async def test_other_paths_and_methods_are_nobodys(site: Site) -> None:
    assert await post(site, b"{}", path="/telegram/other") == 404
    async with aiohttp.ClientSession() as http, http.get(site.url + PATH) as got:
        assert got.status == 405


async def test_health_and_metrics(site: Site) -> None:
    async with aiohttp.ClientSession() as http:
        async with http.get(site.url + "/healthz") as got:
            assert (got.status, await got.text()) == (200, "ok")
        site.well = False
        async with http.get(site.url + "/healthz") as got:
            assert got.status == 503
        await post(site, b"{}", "wrong")
        async with http.get(site.url + "/metrics") as got:
            text = await got.text()
    assert 'thonbao_webhook_refused_total{reason="secret"}' in text
    assert "thonbao_update_seconds_bucket" in text

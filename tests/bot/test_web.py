"""The web side over real HTTP: who may call the webhook, and what it answers."""

import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import aiohttp
import orjson
import pytest
from markupsafe import Markup
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs

from bot import metrics
from bot.channels.base import Take
from bot.channels.telegram import TelegramChannel
from bot.metrics import REFUSED
from bot.serve import listening
from bot.web import LARGEST, Webhook, create_app
from bot.web_server import quiet_server
from handlers.messages import Incoming, Reply
from storage import outbox, people
from storage.database import writing
from storage.session import Session
from storage.tables import now
from storage.unit_of_work import Storage
from tests.bot.loopback import TOKEN

SECRET = "s3cret-s3cret-s3cret"
PATH = "/telegram/abc"


@dataclass
class Site:
    """A running server, what it took, and how it is told to fail."""

    url: str = ""
    taken: list[object] = field(default_factory=list)
    broken: bool = False
    trouble: str = ""
    ready: bool = True
    storage: Storage | None = None

    async def take(self, update: object) -> None:
        if self.broken:
            raise OSError("disk full")
        self.taken.append(update)

    def missing(self) -> str:
        return "" if self.ready else "Telegram"

    async def trouble_now(self) -> str:
        return self.trouble

    async def told(self) -> bytes:
        return await metrics.told(self.storage, self.trouble_now) if self.storage else generate_latest()


class Kept(TelegramChannel):
    """Telegram, whose updates are kept as they come."""

    def __init__(self, site: Site) -> None:
        super().__init__(TOKEN)
        self.site = site

    async def receive(self, update: object, take: Take) -> None:
        await self.site.take(update)


async def nobody(incoming: Incoming) -> None:
    raise AssertionError


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    site = Site()
    webhook = Webhook(Kept(site), SECRET, nobody)
    app = create_app(site.trouble_now, site.told, {PATH: webhook}, site.missing)
    server = quiet_server(app)
    with listening("127.0.0.1", 0) as listener:
        site.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        serving = asyncio.create_task(server.serve([listener]))
        yield site
        server.should_exit = True
        await serving


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


async def test_strangers_fill_no_log(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    """However many calls are refused: the first of each sort is logged, and all are counted."""
    secrets, no_http = refused("secret"), refused("http")
    with capture_logs() as logged:
        for _ in range(5):
            assert await post(site, b"{}", "wrong") == 403
            reader, writer = await opened(site, b"SSH-2.0-x\r\n\r\n")
            assert (await ended(reader)).startswith(b"HTTP/1.1 400")
            writer.close()
    assert [entry["event"] for entry in logged] == ["webhook call refused"]
    assert caplog.records == []
    assert (refused("secret"), refused("http")) == (secrets + 5, no_http + 5)


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
        site.trouble = "cannot save: disk_full"
        async with http.get(site.url + "/healthz") as got:
            assert got.status == 503
        site.trouble, site.ready = "", False
        async with http.get(site.url + "/healthz") as got:
            assert (got.status, (await got.text()).partition(":")[0]) == (503, "not ready")
        await post(site, b"{}", "wrong")
        async with http.get(site.url + "/metrics") as got:
            told = await got.text()
    assert 'thonbao_webhook_refused_total{reason="secret"}' in told
    assert "thonbao_update_seconds_bucket" in told


# --- slow callers


async def opened(site: Site, sent: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection on which `sent` was written, and nothing more comes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(site.url.rpartition(":")[2]))
    writer.write(sent)
    await writer.drain()
    return reader, writer


async def ended(reader: asyncio.StreamReader) -> bytes:
    """What came until the server closed the connection."""
    got = b""
    try:
        while piece := await reader.read(4096):
            got += piece
    except ConnectionError:
        pass
    return got


WHOLE = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
HEAD_OF_UPDATE = b"POST /telegram/abc HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n"
RIGHT = HEAD_OF_UPDATE + b"X-Telegram-Bot-Api-Secret-Token: " + SECRET.encode() + b"\r\n\r\n"


@pytest.mark.parametrize("sent", [b"", b"GET /hea", HEAD_OF_UPDATE, RIGHT, RIGHT + b'{"update'])
async def test_who_sends_no_whole_request_is_let_go(
    site: Site, monkeypatch: pytest.MonkeyPatch, sent: bytes
) -> None:
    for name in ("HEADERS", "BODY"):
        monkeypatch.setattr(f"bot.web_server.{name}", 0.02)
    before, cut_off = refused("slow"), refused("cut_off")
    reader, writer = await opened(site, sent)
    assert await ended(reader) == b""
    writer.close()
    assert (refused("slow"), refused("cut_off")) == (before + 1, cut_off)
    assert site.taken == []


async def test_what_is_cut_off_is_told_from_what_is_too_large(site: Site) -> None:
    too_large, cut_off = refused("size"), refused("cut_off")
    _, writer = await opened(site, RIGHT + b'{"update')
    writer.close()
    while refused("cut_off") == cut_off:
        assert await post(site, b'{"update_id":7}') == 200  # the server goes on meanwhile
    assert (refused("cut_off"), refused("size")) == (cut_off + 1, too_large)


async def test_what_comes_in_drops_takes_no_longer(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.web_server.HEADERS", 0.05)
    reader, writer = await opened(site, b"GET /healthz HTTP/1.1\r\n")
    letting_go = asyncio.create_task(ended(reader))
    drops = 0
    while not letting_go.done():
        writer.write(b"X-A: b\r\n")
        drops += 1
        await asyncio.wait([letting_go], timeout=0.005)
    writer.close()
    assert await letting_go == b""
    assert drops > 1


async def test_who_does_not_wait_is_answered_on_one_connection(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, writer = await opened(site, WHOLE + WHOLE)
    for number in range(5):
        if number > 1:
            writer.write(WHOLE)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200")
        assert await reader.readexactly(2) == b"ok"
    monkeypatch.setattr("bot.web_server.HEADERS", 0.02)
    before = refused("slow")
    writer.write(b"GET")
    assert await ended(reader) == b""
    assert refused("slow") == before + 1
    writer.close()


async def test_for_one_more_the_connection_that_waits_longest_is_let_go(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.web_server.MOST", 3)
    crowd = refused("crowd")
    idle = [await opened(site, b"GET /") for _ in range(5)]
    assert await post(site, b'{"update_id":7}') == 200
    for reader, _ in idle[:3]:
        assert await ended(reader) == b""
    assert not idle[3][0].at_eof()
    assert refused("crowd") == crowd + 3
    for _, writer in idle:
        writer.close()


def refused(reason: str) -> float:
    return REFUSED.labels(reason)._value.get()


async def numbers(site: Site) -> dict[str, float]:
    """What Prometheus reads, without labels."""
    async with aiohttp.ClientSession() as http, http.get(site.url + "/metrics") as got:
        assert got.headers["Content-Type"].startswith("text/plain")
        families = list(text_string_to_metric_families(await got.text()))
    return {
        sample.name: sample.value for family in families for sample in family.samples if not sample.labels
    }


async def test_what_waits_is_read_from_the_database(site: Site, storage: Storage) -> None:
    at, hour = now(), timedelta(hours=1)
    times = ((None, None), (at - hour, None), (at + hour, None), (None, at - hour / 2))

    async def write(session: Session) -> None:
        contact = await people.create_contact(session, "telegram", "1")
        gone = await people.create_contact(session, "telegram", "2")
        body = Reply(Markup("tin")).to_json()
        letters = [
            outbox.QueuedLetter(f"weekly:{number}", contact.id, body, 2, at - 3 * hour, *moments)
            for number, moments in enumerate(times)
        ]
        await outbox.insert_many(session, letters)
        dues = [outbox.post(session, gone, body, at=at, worker="me") for _ in range(2)]
        lost.extend(outbox.Dead(due.id, due.contact_id, "403", unreachable=True) for due in dues)

    site.storage = storage
    lost: list[outbox.SendOutcome] = []
    before = await numbers(site)
    assert {
        before[f"thonbao_{name}"] for name in ("outbox_due", "outbox_oldest_seconds", "answers_total")
    } == {0}
    await storage.write(write)
    await outbox.record(storage, lost)
    after = await numbers(site)
    assert after["thonbao_database_up"] == 1
    assert after["thonbao_outbox_due"] == 2
    assert after["thonbao_outbox_oldest_seconds"] >= 3 * 3600
    assert after["thonbao_outbox_dead"] == 2
    assert after["thonbao_contacts_unreachable"] == 1


async def test_without_the_database_its_numbers_are_missing(
    site: Site, storage: Storage, database: AsyncEngine
) -> None:
    site.storage = storage
    async with writing(database) as session:
        await (await session.connection()).execute(text("ALTER TABLE outbox RENAME TO elsewhere"))
    found = await numbers(site)
    assert found["thonbao_database_up"] == 0
    assert "thonbao_outbox_due" not in found
    assert "thonbao_messages_held" in found

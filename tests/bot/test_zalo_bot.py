"""A bot of the Zalo Bot Platform, over real HTTP: what it sends, what it takes, and what Zalo does to it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel import select
from structlog.testing import capture_logs

from bot.channel_queue import HeldMessage
from bot.channels.base import Callback, CallRefused, FileTooLarge, Outgoing, SendProblem
from bot.channels.channel_settings import Limit
from bot.channels.refusing import MOST
from bot.channels.text import plain
from bot.channels.zalo_bot import PEOPLE, ZaloBot
from bot.channels.zalo_bot_settings import ZaloBotSettings
from bot.doctor import channels
from bot.message_sending import MessageSender
from bot.problems import Problem
from bot.serve import webhook_path
from bot.settings import load_settings
from bot.teller import Teller
from handlers.messages import Choice, FileRef, Incoming, MessageKind, Picture, Reply, column
from handlers.navigation import DrawProgress
from storage import people
from storage.outbox import DueMessage
from storage.session import Session
from storage.tables import Contact, Level, Outbox, OutboxState, RoleName, now
from storage.unit_of_work import Storage
from tests.bot.loopback import PATIENCE
from tests.bot.test_serve import SECRET, service, webhooks
from tests.bot.zalo_loopback import BAD_GATEWAY, IDLE_ANSWERS, TOKEN, Answer, ZaloLoopback, refused
from tests.free_ports import free_port

NOWHERE = "http://127.0.0.1:9"
CHAT = "a1b2c3d4e5f60718293a"
HEADER = (b"x-bot-api-secret-token", SECRET.encode())
LONG = (b"content-length", b"300")


@pytest.fixture
async def api() -> AsyncIterator[ZaloLoopback]:
    async with ZaloLoopback() as api:
        yield api


@pytest.fixture
async def zalo(api: ZaloLoopback) -> AsyncIterator[ZaloBot]:
    async with ZaloBot(TOKEN, api.url) as channel:
        yield channel


class Taken:
    """Keeps what was taken, after being refused so many times; stops the polling once it has enough."""

    def __init__(self, stop: asyncio.Event, enough: int = 1, refusals: int = 0) -> None:
        self.stop, self.enough, self.refusals = stop, enough, refusals
        self.messages: list[Incoming] = []

    async def __call__(self, incoming: Incoming) -> None:
        if self.refusals:
            self.refusals -= 1
            raise OSError
        self.messages.append(incoming)
        if len(self.messages) == self.enough:
            self.stop.set()


async def polled(api: ZaloLoopback, zalo: ZaloBot, count: int, refusals: int = 0) -> list[Incoming]:
    """The first messages that polling brings."""
    taken = Taken(asyncio.Event(), count, refusals)
    async with asyncio.timeout(PATIENCE):
        await zalo.poll(taken, taken.stop)
    return taken.messages


# --- the whole service


@pytest.mark.parametrize("mode", ["webhook", "polling"])
@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_stranger_is_answered_once(
    api: ZaloLoopback, database_url: str, kind: str, tmp_path: Path, mode: str
) -> None:
    port = free_port()
    variables = {
        "THONBAO_DATABASE_URL": database_url,
        "THONBAO_DATA_DIR": str(tmp_path),
        "THONBAO_ZALO_BOT_TOKEN": TOKEN,
        "THONBAO_ZALO_BOT_BASE_URL": api.url,
        "THONBAO_PORT": str(port),
        **(webhooks(port) if mode == "webhook" else {}),
    }
    ready = "setWebhook" if mode == "webhook" else "getUpdates"
    async with service(variables) as process:
        await api.until(lambda: api.count(ready))
        event = await api.say(CHAT, "xin chào")
        await api.until(lambda: api.sent.get(CHAT))
        await api.give(event)
        await api.say("b" * 20, "chào")
        await api.until(lambda: api.sent.get("b" * 20))
        async with aiohttp.ClientSession() as http:
            async with http.get(f"http://127.0.0.1:{port}/metrics") as got:
                assert 'thonbao_updates_total{channel="zalo-bot",kind="text"}' in await got.text()
            path = webhook_path("zalo-bot", SECRET)
            for body, status in ((b"", 200), (b"{}", 200), (b'{"event_name": "x"}', 403)):
                async with http.post(f"http://127.0.0.1:{port}{path}", data=body) as got:
                    assert got.status == (status if mode == "webhook" else 404)
        process.terminate()
        _, errors = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 0, errors.decode()
    assert len(api.sent[CHAT]) == 1
    assert "<b>" not in api.sent[CHAT][0]
    assert not any(secret in errors.decode() for secret in (TOKEN, SECRET, "Nông Văn Sử", "xin chào"))


# --- sending


async def test_text_is_sent_as_a_person_reads_it(api: ZaloLoopback, zalo: ZaloBot) -> None:
    sent = await zalo.send(Outgoing(CHAT, Reply(Markup("<b>Nước</b> &amp; nhà a\u0323"))))
    assert sent.ref.startswith("b")
    assert api.sent[CHAT] == ["Nước & nhà ạ"]


@pytest.mark.parametrize(
    ("answer", "permanent"),
    [
        (BAD_GATEWAY, False),
        (refused(408, "Request timeout"), False),
        (refused(500), False),
        (refused(401, "Unauthorized", 200), False),
        (refused(403, "internal server error"), False),
        (refused(400, "chat not found"), True),
        (refused(429, "Quota exceeded"), True),
        (refused(426, "over limit", 200, name="errorCode"), True),
        (refused(499, "51st person"), True),
    ],
)
async def test_what_a_refusal_means_for_its_message(
    api: ZaloLoopback, zalo: ZaloBot, answer: Answer, permanent: bool
) -> None:
    api.fail("sendMessage", answer)
    with pytest.raises(SendProblem) as met:
        await zalo.send(Outgoing(CHAT, Reply(Markup("chào"))))
    assert (met.value.permanent, met.value.unreachable) == (permanent, False)
    assert TOKEN not in str(met.value)


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("code", [499, 403])
async def test_who_is_one_too_many_is_told_to_the_administrators_once(
    api: ZaloLoopback, zalo: ZaloBot, kind: str, storage: Storage, code: int
) -> None:
    """Also if Zalo refuses as for an error of its own; whoever it has let us write to is tried again then."""

    async def settle(session: Session) -> None:
        nation = await session.places.add(Level.NATION, "", "Việt Nam", None)
        chat = await people.create_contact(session, "telegram", "7")
        await people.enrol(session, chat, nation.id, RoleName.ADMINISTRATOR, "Vũ", now())
        for number in range(PEOPLE):
            await people.create_contact(session, "zalo-bot", str(number))

    async def refusals(count: int) -> list[str]:
        api.fail("sendMessage", *[refused(code)] * count)
        problems.clear()
        for _ in range(count):
            with pytest.raises(SendProblem) as met:
                await zalo.send(Outgoing(CHAT, Reply(Markup("chào"))))
            problems.append(met.value.permanent)
        async with storage.reading() as session:
            return [str(row.body) for row in await session.exec(select(Outbox))]

    problems: list[bool] = []
    await storage.write(settle)
    zalo.attach(storage)
    assert await refusals(1) == []
    assert problems == [code == 499]
    await storage.write(lambda session: people.create_contact(session, "zalo-bot", CHAT))
    [told] = await refusals(2)
    assert ("đủ 50 người" in told, problems) == (True, [True, True])

    async def write_to_them(session: Session) -> None:
        [chat] = await session.exec(select(Contact).where(Contact.address == CHAT))
        row = {"id": 1, "contact_id": chat.id, "body": {}, "state": OutboxState.SENT, "created_at": now()}
        session.add(Outbox(**row))

    await storage.write(write_to_them)
    await refusals(1)
    assert problems == [code == 499]


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_whom_alone_zalo_refuses_is_given_up_and_told_to_the_administrators(
    api: ZaloLoopback, zalo: ZaloBot, kind: str, storage: Storage
) -> None:
    async def administrator(session: Session) -> None:
        nation = await session.places.add(Level.NATION, "", "Việt Nam", None)
        chat = await people.create_contact(session, "telegram", "7")
        await people.enrol(session, chat, nation.id, RoleName.ADMINISTRATOR, "Vũ", now())

    async def refusals(priority: int = 0) -> list[bool]:
        api.fail("sendMessage", *[refused(403)] * MOST)
        found = []
        for _ in range(MOST):
            with pytest.raises(SendProblem) as met:
                await zalo.send(Outgoing(CHAT, Reply(Markup("chào")), priority=priority))
            found.append(met.value.permanent)
        return found

    await storage.write(administrator)
    zalo.attach(storage)
    assert not any(await refusals())  # nobody else was heard of meanwhile
    await zalo.send(Outgoing("khac", Reply(Markup("chào"))))
    assert all(await refusals())
    assert not any(await refusals(-2))
    async with storage.reading() as session:
        [told] = [str(row.body) for row in await session.exec(select(Outbox))]
    assert "một người đã từng nhận được" in told


async def test_a_months_quota_is_told_to_the_administrator(api: ZaloLoopback, zalo: ZaloBot) -> None:
    api.quota = 0
    with capture_logs() as logs, pytest.raises(SendProblem):
        await zalo.send(Outgoing(CHAT, Reply(Markup("chào"))))
    assert [line["log_level"] for line in logs] == ["error"]


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_the_last_of_a_month_is_for_answers(
    api: ZaloLoopback, kind: str, database: AsyncEngine
) -> None:
    limits = (Limit("month", "messages", 10),)

    def sent(number: int, priority: int) -> Outgoing:
        return Outgoing(CHAT, Reply(Markup("chào")), key=f"{number}-0", priority=priority)

    async with Storage(database) as storage, ZaloBot(TOKEN, api.url, limits=limits) as zalo:
        zalo.attach(storage)
        for number in range(9):
            await zalo.send(sent(number, 1))
        with pytest.raises(SendProblem) as later:
            await zalo.send(sent(9, 1))
        await zalo.send(sent(10, 0))
        with pytest.raises(SendProblem) as never, capture_logs() as logs:
            await zalo.send(sent(11, 0))
        await zalo.send(sent(12, -1))
    assert later.value.postponed
    assert never.value.permanent or never.value.postponed
    assert len(api.sent[CHAT]) == 11
    assert all(line["log_level"] == "error" for line in logs)


async def test_nobody_there_is_tried_again() -> None:
    async with ZaloBot(TOKEN, NOWHERE) as lost:
        with pytest.raises(SendProblem) as met:
            await lost.send(Outgoing(CHAT, Reply(Markup("chào"))))
    assert not met.value.permanent


# --- pictures


async def test_a_picture_is_fetched_from_zalo_only(api: ZaloLoopback, zalo: ZaloBot) -> None:
    api.files = {"a.jpg": b"x" * 50, "b.jpg": b"x" * 101}
    assert await zalo.download(f"{api.url}/photo/a.jpg", 100) == b"x" * 50
    with pytest.raises(FileTooLarge):
        await zalo.download(f"{api.url}/photo/b.jpg", 100)
    for url in (f"{api.url}/photo/a.jpg", "http://169.254.169.254/latest", "file:///etc/passwd", "http://[x"):
        with pytest.raises(SendProblem) as met:
            await zalo.download(url, 100)
        assert met.value.permanent


@pytest.mark.parametrize(
    ("url", "trusted"),
    [
        ("https://photo-1.zdn.vn/a.jpg", True),
        ("https://zdn.vn/a.jpg", True),
        ("https://evilzdn.vn/a.jpg", False),
        ("https://zdn.vn.example/a.jpg", False),
        ("https://zdn.vn@example.com/a.jpg", False),
    ],
)
def test_a_host_is_known_by_its_end(url: str, trusted: bool) -> None:
    assert ZaloBot(TOKEN, NOWHERE, hosts=("zdn.vn",)).files.is_trusted(url) is trusted


# --- receiving


@pytest.mark.parametrize("idle", IDLE_ANSWERS)
@pytest.mark.parametrize("wrapped", [True, False])
async def test_an_idle_poll_is_no_failure(
    api: ZaloLoopback, zalo: ZaloBot, idle: Answer, wrapped: bool
) -> None:
    api.idle, api.wrapped = idle, wrapped
    waiting = asyncio.create_task(polled(api, zalo, 2))
    with capture_logs() as logs:
        await api.until(lambda: api.count("getUpdates") > 2)
        await api.say(CHAT, "120")
        await api.say(CHAT, "109")
        messages = await waiting
    assert [message.text for message in messages] == ["120", "109"]
    assert messages[0].order < messages[1].order
    assert (zalo.failed_polls, logs) == (0, [])


async def test_what_was_handed_out_is_held_until_it_is_saved(api: ZaloLoopback, zalo: ZaloBot) -> None:
    await api.say(CHAT, "120")
    assert [message.text for message in await polled(api, zalo, 1, refusals=2)] == ["120"]


async def test_whoever_writes_behind_others_is_told_too_while_nothing_can_be_saved(
    api: ZaloLoopback, zalo: ZaloBot
) -> None:
    stop, told = asyncio.Event(), set()

    async def refuse(incoming: Incoming) -> None:
        told.add(incoming.text)
        if "cháy nhà" in told:
            stop.set()
        raise OSError

    polling = asyncio.create_task(zalo.poll(refuse, stop))
    await api.say(CHAT, "120")
    await api.until(lambda: api.count("getUpdates") > 1)
    await api.say("another", "cháy nhà")
    await asyncio.wait_for(polling, PATIENCE)
    assert told == {"120", "cháy nhà"}


async def test_a_page_of_a_proxy_and_a_refused_token_are_waited_out(api: ZaloLoopback, zalo: ZaloBot) -> None:
    api.fail("getUpdates", BAD_GATEWAY, refused(403, "internal server error"), refused(401, "Unauthorized"))
    await api.say(CHAT, "120")
    assert [message.text for message in await polled(api, zalo, 1)] == ["120"]


def test_a_voice_message_comes_with_its_address() -> None:
    voice = ZaloBot(TOKEN, NOWHERE).read(ZaloLoopback().message(CHAT, "voice", voice_url="https://z/1.aac"))
    assert voice is not None
    assert voice.file == FileRef("https://z/1.aac", media="audio/aac")


@pytest.mark.parametrize(
    ("name", "fields", "kind", "text", "what"),
    [
        ("text", {"text": "sửa câu 3"}, MessageKind.TEXT, "sửa câu 3", ""),
        ("image", {"photo_url": "https://z/1.jpg", "caption": "4"}, MessageKind.PHOTO, "4", ""),
        ("image", {"photo": "https://z/1.jpg"}, MessageKind.PHOTO, "", ""),
        ("image", {}, MessageKind.OTHER, "", "image"),
        ("voice", {"voice_url": "https://z/1.aac"}, MessageKind.OTHER, "", "voice"),
        ("sticker", {"sticker": "x"}, MessageKind.OTHER, "", "sticker"),
        ("unsupported", {}, MessageKind.OTHER, "", "unsupported"),
        ("link", {"url": "https://example.vn"}, MessageKind.TEXT, "https://example.vn", ""),
        ("text", {"text": 7, "date": "hôm nay"}, MessageKind.OTHER, "", "text"),
    ],
)
def test_what_a_person_did(
    name: str, fields: dict[str, Any], kind: MessageKind, text: str, what: str
) -> None:
    incoming = ZaloBot(TOKEN, NOWHERE).read(ZaloLoopback().message(CHAT, name, **fields))
    assert incoming is not None
    assert (incoming.address, incoming.kind, incoming.text, incoming.what) == (CHAT, kind, text, what)


@pytest.mark.parametrize(
    "change",
    [
        lambda event: event.pop("message"),
        lambda event: event["message"]["chat"].update(chat_type="GROUP"),
        lambda event: event["message"]["from"].update(is_bot=True),
    ],
)
def test_what_nobody_waits_for_is_passed_over(change: Callable[[dict[str, Any]], object]) -> None:
    event = ZaloLoopback().message(CHAT, "unsupported")
    change(event)
    with capture_logs() as logs:
        assert ZaloBot(TOKEN, NOWHERE).read(event) is None
    assert not any(line["event"] == "update dropped" for line in logs)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=60)
@given(st.data())
def test_no_event_is_too_odd(data: st.DataObject) -> None:
    """With any part of an event changed for anything, reading goes on, and what it gives has an address."""
    event = ZaloLoopback().message(CHAT, "image", photo_url="https://z/1.jpg")
    part = data.draw(st.sampled_from([event, event["message"], event["message"]["chat"]]))
    name = data.draw(st.sampled_from(sorted(part)))
    part[name] = data.draw(JSON)
    incoming = ZaloBot(TOKEN, NOWHERE).read(event)
    assert incoming is None or incoming.address


# --- the webhook


@pytest.mark.parametrize(
    ("headers", "admitted"),
    [
        ([HEADER, LONG], True),
        ([(HEADER[0], b"wrong"), LONG], False),
        ([LONG], False),
        ([], True),
        ([(b"content-length", b"2")], True),
        ([(b"content-length", b"x")], False),
        ([(b"transfer-encoding", b"chunked")], False),
    ],
)
def test_who_may_post(headers: list[tuple[bytes, bytes]], admitted: bool) -> None:
    assert ZaloBot(TOKEN, NOWHERE).admits(headers, SECRET) is admitted


async def test_a_body_that_is_no_event_is_refused() -> None:
    taken = Taken(asyncio.Event())
    for body in (b"{", b"[]", b"7"):
        with pytest.raises(CallRefused):
            await ZaloBot(TOKEN, NOWHERE).posted(body, taken)
    for body in (b"", b"{}", b'{"event_name": "message.text.received"}'):
        await ZaloBot(TOKEN, NOWHERE).posted(body, taken)
    assert taken.messages == []


# --- the account

WEBHOOK = Callback("https://thon.example/zalo-bot/x", SECRET)


async def test_a_webhook_is_set_once(api: ZaloLoopback, zalo: ZaloBot) -> None:
    api.verification = {"ok": False, "outcome": "webhook.http.403"}
    with capture_logs() as logs:
        assert await zalo.begin({}, WEBHOOK, asyncio.Event()) == ""
        assert await zalo.begin({}, WEBHOOK, asyncio.Event()) == ""
    assert (api.count("setWebhook"), api.webhook["url"]) == (1, WEBHOOK.url)
    assert ["webhook.http.403" in line["why"] for line in logs] == [True]


async def test_a_webhook_that_is_set_keeps_polling_from_beginning(api: ZaloLoopback, zalo: ZaloBot) -> None:
    api.webhook = {"url": "https://another.example/hook"}
    with pytest.raises(Problem, match=r"another\.example.*THONBAO_ZALO_BOT_TAKE_OVER"):
        await zalo.begin({}, None, asyncio.Event())
    async with ZaloBot(TOKEN, api.url, takes_over=True) as heir:
        await heir.begin({}, None, asyncio.Event())
    assert api.webhook == {}


@pytest.mark.parametrize(("locale", "words"), [("vi", "Sai mã Zalo"), ("en", "does not know this token")])
async def test_a_wrong_token_is_said_plainly(api: ZaloLoopback, locale: str, words: str) -> None:
    async with ZaloBot(TOKEN + "x", api.url, locale=locale) as stranger:
        with pytest.raises(Problem, match=words):
            await stranger.begin({}, None, asyncio.Event())


async def test_a_bad_network_at_the_start_is_waited_out_and_said_once(
    api: ZaloLoopback, zalo: ZaloBot
) -> None:
    api.fail("getMe", BAD_GATEWAY, refused(500))
    with capture_logs() as logs:
        await zalo.begin({}, None, asyncio.Event())
    assert [line["event"] for line in logs] == ["no way to Zalo yet, trying on", "connected to Zalo"]


# --- settings


def test_its_settings_are_examined(monkeypatch: pytest.MonkeyPatch) -> None:
    def told(token: str) -> list[str]:
        monkeypatch.setenv("THONBAO_ZALO_BOT_TOKEN", token)
        checks = channels(load_settings(), Teller("vi"))
        return [f"{check.state}: {check.text}" for check in checks if check.name == ZaloBotSettings.name]

    assert told("") == []
    assert "dấu cách" in told("a b")[0]
    assert "3.000 tin" in told(TOKEN)[1]
    assert not any(TOKEN in line for line in told(TOKEN))


# --- what a channel of text alone shows


@pytest.mark.parametrize(
    ("locale", "typed"), [("vi", "Gõ: Để sau"), ("", "Gõ: Để sau"), ("en", "Type: Để sau")]
)
async def test_choices_are_numbered_and_files_spoken_of(tmp_path: Path, locale: str, typed: str) -> None:
    reply = Reply(
        Markup("<b>Đường</b> ô tô?"),
        choices=((Choice("Có", "1"), Choice("Chưa <10 km", "2")),),
        actions=((Choice("Để sau", "3"),),),
        picture=Picture("trend", {}),
    )
    due = DueMessage(1, 1, "zalo-bot", CHAT, reply.to_json(), locale=locale)
    # A channel of text alone wants no file: neither a database nor a folder is looked at.
    sender = MessageSender(Storage(create_async_engine("sqlite+aiosqlite://")), tmp_path, ())
    [(part, file)] = await sender.parts(HeldMessage(due, 0.0), ZaloBot.can)
    assert file is None
    shown = plain(part.text).split("\n\n")
    assert (shown[0], shown[2], shown[3]) == ("Đường ô tô?", "1. Có\n2. Chưa <10 km", typed)


async def test_a_letter_offers_no_picture_where_only_words_are_shown(tmp_path: Path) -> None:
    ways = column(Choice("Xem hình", str(DrawProgress(12))), Choice("Xem, sửa báo cáo này", "x"))
    due = DueMessage(1, 1, "zalo-bot", CHAT, Reply(Markup("Tin tuần"), ways).to_json(), priority=2)
    sender = MessageSender(Storage(create_async_engine("sqlite+aiosqlite://")), tmp_path, ())
    [(part, _)] = await sender.parts(HeldMessage(due, 0.0), ZaloBot.can)
    assert ("Xem hình" in part.text, "Xem, sửa báo cáo này" in part.text) == (False, True)

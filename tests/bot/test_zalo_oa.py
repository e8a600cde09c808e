"""A Zalo Official Account over real HTTP: its tokens, its window and what it costs, its taps, its signature."""

import asyncio
import io
import json
import logging
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup
from sqlalchemy import text
from sqlmodel import select
from structlog.testing import capture_logs

from bot.channels.base import Callback, CallRefused, Outgoing, SendProblem
from bot.channels.text import plain
from bot.channels.written import with_taps
from bot.channels.zalo_oa import ZaloOa
from bot.channels.zalo_oa_client import NotRenewed
from bot.channels.zalo_oa_reading import payload_of, tapped
from bot.channels.zalo_oa_settings import ZaloOaSettings
from bot.channels.zalo_oa_tokens import KEPT, Tokens
from bot.doctor import channels
from bot.logs import set_up_logs
from bot.problems import Problem
from bot.serve import webhook_path
from bot.settings import load_settings
from bot.teller import Teller
from handlers.messages import Choice, Document, FileRef, Incoming, MessageKind, Picture, Reply
from handlers.wording import wording
from storage import facts, outbox, people
from storage.session import Session
from storage.tables import Carried, now
from storage.unit_of_work import Storage
from tests.bot.loopback import PATIENCE
from tests.bot.test_serve import SECRET, service, webhooks
from tests.bot.zalo_oa_loopback import APP_ID, OA_SECRET, SECRET_KEY, SEED, ZaloOaLoopback, refused
from tests.free_ports import free_port

USER = "5837263544321"
DAY = timedelta(days=1)


@pytest.fixture
async def api() -> AsyncIterator[ZaloOaLoopback]:
    async with ZaloOaLoopback() as api:
        yield api


def settings_of(api: ZaloOaLoopback, **settings: object) -> ZaloOaSettings:
    given: dict[str, object] = {
        "app_id": APP_ID,
        "secret_key": SECRET_KEY,
        "oa_secret": OA_SECRET,
        "refresh_token": SEED,
        "base_url": api.url,
        "oauth_url": api.url,
        **settings,
    }
    return ZaloOaSettings.load(**given)


@asynccontextmanager
async def account(api: ZaloOaLoopback, storage: Storage, **settings: object) -> AsyncIterator[ZaloOa]:
    async with ZaloOa(settings_of(api, **settings), "vi", every=0.01) as oa:
        oa.attach(storage)
        yield oa


async def silent_for(storage: Storage, silence: timedelta) -> None:
    """Somebody wrote so long ago."""

    async def work(session: Session) -> None:
        contact = await people.find_contact(session, "zalo-oa", USER)
        contact = contact or await people.create_contact(session, "zalo-oa", USER)
        contact.last_sent_at = now() - silence

    await storage.write(work)


def letter(text: str = "chào", key: str = "1-0", priority: int = 0) -> Outgoing:
    return Outgoing(USER, Reply(Markup(text)), key=key, priority=priority)


class Taken:
    def __init__(self) -> None:
        self.messages: list[Incoming] = []

    async def __call__(self, incoming: Incoming) -> None:
        self.messages.append(incoming)


# --- the whole service


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_follower_is_answered_once_however_often_zalo_posts(
    api: ZaloOaLoopback, kind: str, database_url: str, tmp_path: Path
) -> None:
    port = free_port()
    variables = {
        "THONBAO_DATABASE_URL": database_url,
        "THONBAO_DATA_DIR": str(tmp_path),
        **api.settings(),
        "THONBAO_PORT": str(port),
        **webhooks(port),
    }
    url = f"http://127.0.0.1:{port}{webhook_path('zalo-oa', SECRET)}"
    async with service(variables) as process, aiohttp.ClientSession() as http:
        await ready(http, port)
        follow = api.event(USER, "follow")
        assert [await api.post(url, follow) for _ in range(3)] == [200, 200, 200]
        assert await api.post(url, api.said(USER, "giả"), secret="another") == 403
        for body, status in ((b"{}", 200), (b"", 200), (b'{"event_name": "follow"}', 403)):
            async with http.post(url, data=body) as got:
                assert got.status == status
        api.header_moment = True
        said = api.said(USER, "chào")
        assert [await api.post(url, said) for _ in range(2)] == [200, 200]
        async with asyncio.timeout(PATIENCE):
            while len(api.texts(USER)) < 2:
                await asyncio.sleep(0.05)
        process.terminate()
        _, errors = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 0, errors.decode()
    assert len(api.texts(USER)) == 2
    assert api.renewed == 1
    kept = (SECRET_KEY, OA_SECRET, SEED, api.access, api.refresh, USER)
    assert not any(secret in errors.decode() for secret in kept)


async def ready(http: aiohttp.ClientSession, port: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                async with http.get(f"http://127.0.0.1:{port}/healthz") as got:
                    if got.status == 200:
                        return
            except aiohttp.ClientConnectionError:
                pass
            await asyncio.sleep(0.05)


# --- tokens


async def test_both_tokens_are_on_disk_before_they_are_used(api: ZaloOaLoopback, storage: Storage) -> None:
    async with account(api, storage) as oa:
        await oa.send(letter())
        kept = await kept_tokens(storage)
    assert (kept.access, kept.refresh) == ("access-1", "refresh-1")
    async with account(api, storage) as other:  # another process finds them there
        await other.send(letter(key="2-0"))
    assert api.renewed == 1


async def test_many_at_once_renew_them_once(api: ZaloOaLoopback, storage: Storage) -> None:
    async with account(api, storage) as one, account(api, storage) as two:
        await asyncio.gather(*(oa.tokens.access() for oa in (one, two, one)))
        assert api.renewed == 1
        api.access = "taken back by Zalo"
        await asyncio.gather(one.send(letter(key="1-0")), two.send(letter(key="2-0")))
    assert api.renewed == 2


async def test_an_answer_without_tokens_leaves_the_good_ones(api: ZaloOaLoopback, storage: Storage) -> None:
    async with account(api, storage) as oa:
        await oa.send(letter())
        before = await kept_tokens(storage)
        api.empty_answer, api.access = True, "other"
        with pytest.raises(SendProblem), capture_logs():
            await oa.send(letter(key="2-0"))
    assert await kept_tokens(storage) == before


async def test_a_token_that_was_set_by_hand_is_taken(api: ZaloOaLoopback, storage: Storage) -> None:
    async with account(api, storage) as oa:
        await oa.send(letter())
    api.refresh = "from-the-console"
    async with account(api, storage, refresh_token="from-the-console") as oa:
        await oa.send(letter(key="2-0"))
    assert api.renewed == 2


async def test_a_dying_token_is_told(api: ZaloOaLoopback, storage: Storage) -> None:
    async with account(api, storage) as oa:
        await oa.send(letter())
        with capture_logs() as logs:
            await oa.warn()
            assert logs == []
            kept = await kept_tokens(storage)
            await age(storage, kept, timedelta(days=77))
            await oa.warn()
    assert [line["log_level"] for line in logs] == ["error"]


# --- the window and what it costs


@pytest.mark.parametrize(
    ("silence", "settings", "priority", "outcome"),
    [
        (timedelta(hours=47), {}, 1, 0),
        (timedelta(hours=48), {}, 1, "held"),
        (timedelta(hours=48), {"budget": 1000}, 1, 55),
        (timedelta(hours=48), {}, -1, 55),
        (timedelta(days=6), {"budget": 1000}, 0, 55),
        (timedelta(days=7), {"budget": 1000}, 1, "held"),
        (timedelta(days=8), {"budget": 1000, "template_id": "9"}, 1, 200),
        (timedelta(days=8), {"template_id": "9"}, 1, "held"),
    ],
)
@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_a_message_costs_is_known_before_it_is_sent(
    api: ZaloOaLoopback,
    kind: str,
    storage: Storage,
    silence: timedelta,
    settings: dict[str, object],
    priority: int,
    outcome: object,
) -> None:
    await silent_for(storage, silence)
    async with account(api, storage, **settings) as oa:
        try:
            await oa.send(letter(priority=priority))
            cost: object = (await carried_rows(storage))[0].price
        except SendProblem as problem:
            cost = "held" if problem.postponed else "lost"
    assert cost == outcome
    assert len(api.sent) + len(api.templates) == (outcome != "held")
    assert bool(api.templates) is (outcome == 200)


async def test_a_budget_stops_what_costs_and_nothing_else(api: ZaloOaLoopback, storage: Storage) -> None:
    await silent_for(storage, 3 * DAY)
    async with account(api, storage, budget=100) as oa:
        await oa.send(letter(key="1-0"))
        with pytest.raises(SendProblem):
            await oa.send(letter(key="2-0"))
        await silent_for(storage, timedelta())
        await oa.send(letter(key="2-0", priority=1))
    assert sum(row.price for row in await carried_rows(storage)) == 55


@pytest.mark.parametrize("seed", [1, 2])
async def test_whatever_fails_each_message_is_charged_once(
    api: ZaloOaLoopback, storage: Storage, seed: int
) -> None:
    """Messages are tried until they are taken or refused for good; what is counted is what Zalo took."""
    chance = random.Random(seed)
    await silent_for(storage, 3 * DAY)
    faults: list[Any] = ["<html>502</html>", *map(refused, (-32, -200, -216, -230, -224, -210))]
    api.fail("/v3.0/oa/message/cs", *(chance.choice(faults) for _ in range(30)))
    async with account(api, storage, budget=100_000) as oa:
        for number in range(20):
            with capture_logs():
                await tried(oa, letter(f"tin {number}", key=f"{number}-0"))
    taken = api.texts(USER)
    assert len(taken) == len(set(taken)) < 20
    assert sum(row.price for row in await carried_rows(storage)) == 55 * len(taken)


async def test_what_was_tried_while_it_was_free_is_charged_once_it_costs(
    api: ZaloOaLoopback, storage: Storage
) -> None:
    await silent_for(storage, timedelta())
    async with account(api, storage, budget=100) as oa:
        for number in range(2):
            api.fail("/v3.0/oa/message/cs", "<html>502</html>")
            with pytest.raises(SendProblem):
                await oa.send(letter(key=f"{number}-0"))
        await silent_for(storage, 3 * DAY)
        await oa.send(letter(key="0-0"))
        with pytest.raises(SendProblem) as met:
            await oa.send(letter(key="1-0"))
    assert met.value.postponed is not None
    assert sum(row.price for row in await carried_rows(storage)) == 55


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_goes_as_two_messages_is_charged_as_two(
    api: ZaloOaLoopback, kind: str, storage: Storage
) -> None:
    await silent_for(storage, 3 * DAY)
    table = Reply(Markup("Bảng tháng 9"), document=Document("", "bang.csv", ""))
    async with account(api, storage, budget=1000) as oa:
        await oa.send(Outgoing(USER, table, file=b"a,b", key="1-0"))
        await oa.send(Outgoing(USER, table, file=b"x" * 5_000_001, key="2-0"))
    assert len(api.sent[USER]) == 3
    assert sum(row.price for row in await carried_rows(storage)) == 3 * 55


async def tried(oa: ZaloOa, message: Outgoing) -> None:
    """Send a message over and over, as the sender does, until it is taken or given up."""
    while True:
        try:
            await oa.send(message)
        except SendProblem as problem:
            if problem.permanent:
                return
        else:
            return


async def test_what_waits_for_the_window_goes_once_the_person_writes(
    api: ZaloOaLoopback, storage: Storage
) -> None:
    await silent_for(storage, 8 * DAY)

    async def waiting(session: Session) -> int:
        contact = await people.find_contact(session, "zalo-oa", USER)
        assert contact is not None
        body = Reply(Markup("Tin tuần")).to_json()
        return outbox.post(session, contact, body, at=now(), worker=None).id

    number = await storage.write(waiting)
    await outbox.record(storage, [outbox.Retry(number, now() + DAY, "outside the window")])
    assert await outbox.claim(storage, "w", ["zalo-oa"]) == []
    async with account(api, storage) as oa:
        body, _ = api.signed(api.said(USER, "chào"))
        await oa.posted(body, Taken())
    assert len(await outbox.claim(storage, "w", ["zalo-oa"])) == 1


@pytest.mark.parametrize(
    ("code", "permanent", "unreachable", "held"),
    [
        (-32, False, False, False),
        (-200, False, False, False),
        (-213, True, True, False),
        (-227, True, True, False),
        (-230, False, False, True),
        (-224, False, False, True),
        (-210, True, False, False),
        (-9999, True, False, False),
    ],
)
@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_a_refusal_means(
    api: ZaloOaLoopback,
    kind: str,
    storage: Storage,
    code: int,
    permanent: bool,
    unreachable: bool,
    held: bool,
) -> None:
    api.fail("/v3.0/oa/message/cs", refused(code))
    async with account(api, storage) as oa:
        with pytest.raises(SendProblem) as met, capture_logs():
            await oa.send(letter())
    problem = met.value
    assert (problem.permanent, problem.unreachable, problem.postponed is not None) == (
        permanent,
        unreachable,
        held,
    )


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_no_message_is_lost_because_tokens_are_no_good(
    api: ZaloOaLoopback, kind: str, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An administrator has to get another one: what is written meanwhile waits."""
    told: list[str] = []

    async def tell(self: ZaloOa, occasion: str, key: str, **facts: object) -> None:
        told.append(key)

    monkeypatch.setattr(ZaloOa, "tell", tell)
    api.refresh = "another"
    async with account(api, storage) as oa:
        with pytest.raises(SendProblem) as met, capture_logs():
            await oa.send(letter())
        api.refresh = SEED
        await oa.send(letter())
        api.fail("/v3.0/oa/message/cs", refused(-216), refused(-216))
        with pytest.raises(SendProblem) as again, capture_logs():
            await oa.send(letter(key="2-0"))
    assert not met.value.permanent
    assert not again.value.permanent
    assert told == ["admin.zalo_oa.act"] * 2


@pytest.mark.parametrize("page", ["<html>502</html>", {"message": "no route"}])
async def test_a_proxys_page_is_no_answer(
    api: ZaloOaLoopback, storage: Storage, page: str | dict[str, str]
) -> None:
    api.fail("/v3.0/oa/message/cs", page)
    async with account(api, storage) as oa:
        with pytest.raises(SendProblem) as met:
            await oa.send(letter())
    assert not met.value.permanent


# --- what is shown


def test_more_buttons_than_zalo_takes_are_written_out() -> None:
    say, few = wording("vi"), ((Choice("Có", "1"), Choice("Không", "2")),)
    asked = Reply(Markup("Đường?"), few, ((Choice("Để sau", "3"),),))
    assert with_taps(asked, say, 5) == asked
    many = Reply(Markup("Đường?"), tuple((Choice(f"Loại {n}", str(n)),) for n in range(1, 7)), asked.actions)
    shown = with_taps(many, say, 5)
    assert (shown.choices, shown.actions) == ((), asked.actions)
    assert plain(shown.text).endswith("5. Loại 5\n6. Loại 6")


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_pictures_and_documents_go_before_their_words(
    api: ZaloOaLoopback, kind: str, storage: Storage
) -> None:
    buttons = ((Choice("Xem", "p:1"),),)
    async with account(api, storage) as oa:
        await oa.send(Outgoing(USER, Reply(Markup("Hình"), buttons, picture=Picture("x", {})), file=b"png"))
        pdf, book = (Document("", name, "") for name in ("a.pdf", "a.xlsx"))
        await oa.send(Outgoing(USER, Reply(Markup("Tệp"), document=pdf), file=b"pdf"))
        await oa.send(Outgoing(USER, Reply(Markup("Bảng"), document=book), file=b"xlsx"))
    kinds = ["text" if "text" in message else message["attachment"]["type"] for message in api.sent[USER]]
    assert kinds == ["template", "text", "file", "text", "text"]
    assert "không xem được" in api.texts(USER)[-1]
    assert api.sent[USER][1]["attachment"]["payload"]["buttons"][0]["title"] == "Xem"


@pytest.mark.parametrize("trusted", [True, False])
@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_number_is_asked_for_where_it_would_be_taken(
    api: ZaloOaLoopback, kind: str, storage: Storage, trusted: bool
) -> None:
    async with account(api, storage, trust_phones=trusted) as oa:
        assert oa.can.shares_contact is trusted
        await oa.send(Outgoing(USER, Reply(Markup("Chào bác"), ask_for="contact")))
    kinds = [
        message.get("attachment", {}).get("payload", {}).get("template_type") for message in api.sent[USER]
    ]
    assert kinds == ([None, "request_user_info"] if trusted else [None])


# --- what comes in


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_tap_presses_and_typing_it_by_another_does_not(
    api: ZaloOaLoopback, kind: str, storage: Storage
) -> None:
    async with account(api, storage) as oa:
        await oa.send(Outgoing(USER, Reply(Markup("?"), ((Choice("Có", "q:1:ok"),),))))
        tap = api.taps(USER, "Có")
        pressed = oa.read(tap)
        assert pressed is not None
        assert (pressed.kind, pressed.press) == (MessageKind.PRESS, "q:1:ok")
        stranger = oa.read(tap | {"sender": {"id": "another"}})
        assert stranger is not None
        assert (stranger.kind, stranger.press) == (MessageKind.TEXT, "")


@given(st.text(), st.text(max_size=64))
def test_no_text_is_a_tap_by_chance(text: str, data: str) -> None:
    assert tapped(OA_SECRET, USER, text) == ""
    assert tapped(OA_SECRET, USER, payload_of("another", USER, data)) == ""
    assert tapped(OA_SECRET, USER, payload_of(OA_SECRET, USER, data)) == data


ATTACHED = {"type": "location", "payload": {"coordinates": {"latitude": "22.05", "longitude": "105.8"}}}


@pytest.mark.parametrize(
    ("name", "message", "kind"),
    [
        ("user_send_text", {"text": "120"}, MessageKind.TEXT),
        ("user_send_link", {"text": "https://example.vn"}, MessageKind.TEXT),
        (
            "user_send_image",
            {"attachments": [{"type": "image", "payload": {"url": "https://z"}}]},
            MessageKind.PHOTO,
        ),
        ("user_send_image", {}, MessageKind.OTHER),
        ("user_send_location", {"text": "Bắc Kạn", "attachments": [ATTACHED]}, MessageKind.LOCATION),
        ("user_send_location", {"attachments": [{"type": "location", "payload": {}}]}, MessageKind.OTHER),
        ("user_send_audio", {"attachments": 7}, MessageKind.OTHER),
        ("user_send_sticker", {"msg_id": 7}, MessageKind.OTHER),
    ],
)
@pytest.mark.parametrize("kind_", ["once"])
def test_what_a_person_did(name: str, message: dict[str, object], kind: MessageKind, kind_: str) -> None:
    oa = ZaloOa(ZaloOaSettings.load(app_id="1"), "vi")
    incoming = oa.read(ZaloOaLoopback().event(USER, name, message=message))
    assert incoming is not None
    assert (incoming.address, incoming.kind) == (USER, kind)


@pytest.mark.parametrize(
    ("kind_", "payload", "file"),
    [
        ("audio", {"url": "https://z/1.mp3"}, FileRef("https://z/1.mp3", 0, "", "audio/mpeg")),
        ("audio", {"url": "https://z/1"}, FileRef("https://z/1", 0, "", "audio/mpeg")),
        ("video", {"url": "https://z/1.mp4?x=2"}, FileRef("https://z/1.mp4?x=2", 0, "", "video/mp4")),
        (
            "file",
            {"url": "https://z/d", "name": "thon.xlsx", "size": "8123"},
            FileRef("https://z/d", 8123, "thon.xlsx", ""),
        ),
        ("file", {"name": "thon.xlsx"}, None),
    ],
)
def test_recordings_films_and_files_come_with_their_address(
    kind_: str, payload: dict[str, str], file: FileRef | None
) -> None:
    oa = ZaloOa(ZaloOaSettings.load(app_id="1"), "vi")
    message = {"attachments": [{"type": kind_, "payload": payload}]}
    incoming = oa.read(ZaloOaLoopback().event(USER, f"user_send_{kind_}", message=message))
    assert incoming is not None
    assert (incoming.kind, incoming.what, incoming.file) == (MessageKind.OTHER, kind_, file)


def test_following_begins_and_what_is_ours_is_passed_over() -> None:
    oa, api = ZaloOa(ZaloOaSettings.load(app_id="1"), "vi"), ZaloOaLoopback()
    names = ("follow", "unfollow", "oa_send_text", "user_seen_message", "user_send_group_text")
    kinds = [oa.read(api.event(USER, name)) for name in names]
    assert [one and one.kind for one in kinds] == [MessageKind.TEXT, MessageKind.BLOCKED, None, None, None]


@pytest.mark.parametrize("trusted", [True, False])
def test_a_number_that_is_given_is_ones_own_where_that_is_trusted(trusted: bool) -> None:
    oa = ZaloOa(ZaloOaSettings.load(app_id="1", trust_phones=trusted), "vi")
    shared = oa.read(ZaloOaLoopback().event(USER, "user_submit_info", info={"phone": 84912345678}))
    assert shared is not None
    assert shared.contact is not None
    assert (shared.contact.phone, shared.contact.own) == ("84912345678", trusted)


async def test_what_is_no_event_is_refused_or_dropped() -> None:
    oa, taken = ZaloOa(ZaloOaSettings.load(app_id="1"), "vi"), Taken()
    with pytest.raises(CallRefused):
        await oa.posted(b"{", taken)
    with capture_logs():
        for body in (b"[]", b"7", b"{}", b"", b'{"event_name": 7}', b'{"event_name": "user_send_text"}'):
            await oa.posted(body, taken)
    assert taken.messages == []


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_the_log_says_by_which_number_zalo_refuses(
    api: ZaloOaLoopback, kind: str, storage: Storage
) -> None:
    """The guide tells the administrator what to do for each: of a message, of the account, of the tokens."""
    stream, root = io.StringIO(), logging.getLogger()
    before = root.handlers, root.level
    set_up_logs(stream=stream)
    async with account(api, storage) as oa:
        for code in (-213, -320):
            api.fail("/v3.0/oa/message/cs", refused(code))
            with pytest.raises(SendProblem):
                await oa.send(letter())
        api.refresh = "another"
        with pytest.raises(NotRenewed):
            await oa.tokens.access(instead_of="access-1")
        api.access = "another"
        with pytest.raises(Problem, match="mã -14014"):
            await oa.look()
    root.handlers, root.level = before
    structlog.reset_defaults()
    assert [json.loads(line).get("refusal") for line in stream.getvalue().splitlines()] == [
        -213,
        -320,
        -14014,
        -14014,
    ]


# --- settings


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_without_a_webhook_it_cannot_begin(api: ZaloOaLoopback, kind: str, storage: Storage) -> None:
    async with account(api, storage) as oa:
        with pytest.raises(Problem, match="THONBAO_PUBLIC_URL"):
            await oa.begin({}, None, asyncio.Event())


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_while_its_tokens_cannot_be_read_it_tries_on(
    api: ZaloOaLoopback, kind: str, storage: Storage
) -> None:
    async def renamed(session: Session, old: str, new: str) -> None:
        await session.exec(text(f"ALTER TABLE {old} RENAME TO {new}"))

    await storage.write(partial(renamed, old="setting", new="away"))
    async with account(api, storage) as oa:
        with capture_logs() as logged:
            beginning = asyncio.create_task(
                oa.begin({}, Callback("https://127.0.0.1:9/x", ""), asyncio.Event())
            )
            while not logged:
                await asyncio.sleep(0)
            await storage.write(partial(renamed, old="away", new="setting"))
            await beginning
    assert "no way to Zalo yet" in logged[-2]["event"]


def test_its_settings_are_examined(monkeypatch: pytest.MonkeyPatch) -> None:
    def told() -> list[str]:
        return [check.text for check in channels(load_settings(), Teller("vi"))]

    monkeypatch.setenv("THONBAO_ZALO_OA_APP_ID", APP_ID)
    assert "THONBAO_ZALO_OA_OA_SECRET" in told()[0]
    for name in ("SECRET_KEY", "OA_SECRET", "REFRESH_TOKEN"):
        monkeypatch.setenv(f"THONBAO_ZALO_OA_{name}", f"value-{name}")
    assert "không mất tiền" in told()[1]
    monkeypatch.setenv("THONBAO_ZALO_OA_BUDGET", "50000")
    assert "50.000" in told()[1]
    assert not any("value-" in line for line in told())


# --- helpers


async def kept_tokens(storage: Storage) -> Tokens:
    async with storage.reading() as session:
        return Tokens.read(await facts.get(session, KEPT))


async def age(storage: Storage, kept: Tokens, by: timedelta) -> None:
    """Let the tokens be so old."""
    old = (kept.dated("got_at") - by).isoformat()
    text = (await raw(storage)).replace(kept.got_at, old)
    await storage.write(lambda session: facts.put(session, KEPT, text))


async def raw(storage: Storage) -> str:
    async with storage.reading() as session:
        return await facts.get(session, KEPT)


async def carried_rows(storage: Storage) -> list[Carried]:
    async with storage.reading() as session:
        return list(await session.exec(select(Carried)))

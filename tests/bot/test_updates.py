"""Whatever an update looks like, it stops nobody: every documented kind, each field taken away or changed."""

import asyncio
import copy
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs

from bot import loose_json
from bot.channels.telegram import ALLOWED, TelegramChannel
from bot.channels.telegram_reading import KINDS, GroupChat, read_update
from bot.metrics import DROPPED
from bot.serve import listening
from bot.web import Webhook, create_app
from bot.web_server import quiet_server
from handlers.messages import Incoming, MessageKind
from tests.bot.loopback import TOKEN, Fault, Loopback
from tests.handlers.chatting import town_on

HEAD = 4_000_000_001
SECRET = "a-secret-of-the-webhook"
PERSON: dict[str, Any] = {"id": HEAD, "is_bot": False, "first_name": "Sử", "language_code": "vi"}
CHAT: dict[str, Any] = {"id": HEAD, "type": "private", "first_name": "Sử"}
BOT: dict[str, Any] = {"id": 1, "is_bot": True, "first_name": "Thôn Báo", "username": "thonbao_bot"}
FILE: dict[str, Any] = {"file_id": "f", "file_unique_id": "f", "file_size": 7}
SPOT: dict[str, Any] = {"latitude": 22.1, "longitude": 105.8, "horizontal_accuracy": 12.5}
POLL: dict[str, Any] = {
    "id": "1",
    "question": "Họp ngày nào?",
    "options": [{"text": "Thứ hai", "voter_count": 0}],
}
TOLD: dict[str, Any] = {"message_id": 3, "date": 1_795_880_001, "chat": CHAT, "from": PERSON}
CHANGE: dict[str, Any] = {
    "chat": CHAT,
    "from": PERSON,
    "date": 1_795_880_001,
    "old_chat_member": {"user": BOT, "status": "kicked", "until_date": 0},
    "new_chat_member": {"user": BOT, "status": "member"},
}
REACTION = [{"type": "emoji", "emoji": "👍"}]
CONTENTS: list[dict[str, Any]] = [
    {"text": "45 hộ", "entities": [{"type": "bold", "offset": 0, "length": 2}]},
    {"text": "20", "reply_to_message": {**TOLD, "text": "Bao nhiêu hộ?"}, "link_preview_options": {}},
    {"photo": [{**FILE, "width": 90, "height": 60}], "caption": "4", "media_group_id": "99"},
    {"document": {**FILE, "mime_type": "image/png", "file_name": "x.png", "thumbnail": {**FILE, "width": 1, "height": 1}}},
    {"animation": {**FILE, "width": 1, "height": 1, "duration": 1}, "document": FILE},
    {"video": {**FILE, "width": 1, "height": 1, "duration": 1}, "caption": "x"},
    {"voice": {**FILE, "duration": 1}},
    {"sticker": {**FILE, "type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False}},
    {"location": SPOT},
    {"venue": {"location": SPOT, "title": "UBND", "address": "x"}, "location": SPOT},
    {"contact": {"phone_number": "84912345678", "first_name": "Sử", "user_id": HEAD}},
    {"poll": POLL},
    {"dice": {"emoji": "🎲", "value": 3}},
    {"text": "x", "forward_origin": {"type": "user", "date": 1, "sender_user": PERSON}},
    {"text": "x", "quote": {"text": "y", "position": 0}, "via_bot": BOT, "reply_markup": {"inline_keyboard": [[]]}},
    {"pinned_message": {**TOLD, "text": "x"}},
    {"write_access_allowed": {"from_request": True}},
    {"users_shared": {"request_id": 1, "users": [{"user_id": 5}]}},
    {"something_of_next_year": {"a": [1, {"b": None}]}},
]  # fmt: skip
OTHERS: dict[str, dict[str, Any]] = {
    "channel_post": {**TOLD, "text": "x", "chat": {"id": -1005, "type": "channel", "title": "K"}},
    "edited_channel_post": {**TOLD, "text": "x", "chat": {"id": -1005, "type": "channel", "title": "K"}},
    "business_connection": {"id": "1", "user": PERSON, "user_chat_id": HEAD, "date": 1, "is_enabled": True},
    "business_message": {**TOLD, "text": "x", "business_connection_id": "1"},
    "edited_business_message": {**TOLD, "text": "x", "business_connection_id": "1"},
    "deleted_business_messages": {"business_connection_id": "1", "chat": CHAT, "message_ids": [3]},
    "message_reaction": {"chat": CHAT, "message_id": 3, "user": PERSON, "date": 1, "new_reaction": REACTION},
    "message_reaction_count": {"chat": CHAT, "message_id": 3, "date": 1, "reactions": []},
    "inline_query": {"id": "1", "from": PERSON, "query": "x", "offset": ""},
    "chosen_inline_result": {"result_id": "1", "from": PERSON, "query": "x"},
    "shipping_query": {"id": "1", "from": PERSON, "invoice_payload": "x", "shipping_address": {}},
    "pre_checkout_query": {"id": "1", "from": PERSON, "currency": "XTR", "total_amount": 1, "invoice_payload": "x"},
    "purchased_paid_media": {"from": PERSON, "paid_media_payload": "x"},
    "poll": POLL,
    "poll_answer": {"poll_id": "1", "user": PERSON, "option_ids": [0]},
    "chat_member": CHANGE,
    "chat_join_request": {"chat": CHAT, "from": PERSON, "user_chat_id": HEAD, "date": 1},
    "chat_boost": {"chat": CHAT, "boost": {"boost_id": "1"}},
    "removed_chat_boost": {"chat": CHAT, "boost_id": "1", "remove_date": 1, "source": {}},
}  # fmt: skip
GROUP = {"id": -1009, "type": "supergroup", "title": "x"}
PRESS = {"id": "99", "from": PERSON, "chat_instance": "1", "data": "q:1:0:b"}
SAMPLES: list[dict[str, Any]] = [
    *({"message": {**TOLD, **content}} for content in CONTENTS),
    {"message": {**TOLD, "chat": GROUP, "text": "chào cả nhà"}},
    {"edited_message": {**TOLD, "text": "46", "edit_date": 1_795_880_009}},
    {"edited_message": {**TOLD, "location": {**SPOT, "live_period": 900}}},
    {"callback_query": {**PRESS, "message": {**TOLD, "from": BOT, "text": "?"}}},
    {"callback_query": {**PRESS, "message": {"message_id": 3, "date": 0, "chat": CHAT}}},
    {"callback_query": {**PRESS, "inline_message_id": "5"}},
    {"my_chat_member": CHANGE},
    {"my_chat_member": {**CHANGE, "chat": GROUP}},
    *({kind: content} for kind, content in OTHERS.items()),
]
ODD: list[Any] = [None, True, -1, 10**30, 1.5, "", "x\x00", [], [[{}]], {"a": {}}]


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to everything within `value`."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*way, key)
        yield from places(item, (*way, key))


def changed(sample: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """`sample` with each of its parts taken away, and with each replaced by each odd value."""
    for *way, last in places(sample):
        for odd in (KeyError, *ODD):
            copied: Any = copy.deepcopy(sample)
            part = copied
            for key in way:
                part = part[key]
            if odd is KeyError:
                del part[last]
            else:
                part[last] = odd
            yield copied


def test_the_samples_are_of_every_documented_kind() -> None:
    assert {kind for sample in SAMPLES for kind in sample} == set(KINDS)
    assert set(ALLOWED) <= set(KINDS)


def readable(update: dict[str, Any]) -> None:
    """Reading gives what can be stored, or says in its own words that it cannot."""
    try:
        found = read_update(update)
    except ValueError:
        return
    if isinstance(found, Incoming):
        assert int(found.address)
        assert 0 <= found.order < 2**63
        assert (found.text + found.press + found.what + found.locale + found.answers).encode() is not None
        assert found.at.tzinfo is not None
        assert (found.kind is MessageKind.PHOTO) == (found.photo is not None)
        assert found.photo is None or 0 <= found.photo.size < 2**31
        assert found.kind not in (MessageKind.PRESS, MessageKind.TEXT) or found.press or found.text


@pytest.mark.parametrize("sample", SAMPLES)
def test_each_field_may_be_missing_or_odd(sample: dict[str, Any]) -> None:
    assert read_update({"update_id": 1, **sample}) is None or set(sample) & set(ALLOWED)
    for update in changed({"update_id": 1, **sample}):
        readable(update)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=40)
@given(st.sampled_from(SAMPLES), st.data())
def test_anything_may_stand_anywhere(sample: dict[str, Any], data: st.DataObject) -> None:
    update: Any = copy.deepcopy({"update_id": 1, **sample})
    for _ in range(data.draw(st.integers(1, 4))):
        *way, last = data.draw(st.sampled_from(list(places(update)) or [("update_id",)]))
        part = update
        for key in way:
            part = part[key]
        part[last] = data.draw(JSON)
    readable(update)


def test_what_is_used_does_not_wait_for_what_is_not() -> None:
    """Each kind with nothing but what it says: fields that a later version of the platform adds are none of ours."""
    bare = {"chat": {"id": HEAD, "type": "private"}}
    poll = read_update({"update_id": 1, "message": {**bare, "poll": {}}})
    text = read_update({"update_id": 2, "message": {**bare, "text": "45"}})
    member = {**bare, "new_chat_member": {"status": "kicked"}}
    blocked = read_update({"update_id": 3, "my_chat_member": member})
    pressed = read_update({"update_id": 4, "callback_query": {"data": "q:1", "from": {"id": HEAD}}})
    seen = [poll, text, blocked, pressed]
    assert [each.kind for each in seen if isinstance(each, Incoming)] == [
        MessageKind.OTHER,
        MessageKind.TEXT,
        MessageKind.BLOCKED,
        MessageKind.PRESS,
    ]
    assert {each.address for each in seen if isinstance(each, Incoming)} == {str(HEAD)}
    group = {"chat": {"id": -5, "type": "group"}, "new_chat_member": {"status": "restricted"}}
    assert read_update({"update_id": 5, "my_chat_member": group}) == GroupChat(
        -5, "", entered=True, says_why=True
    )


MALLORY = {**PERSON, "id": 4_000_000_666}
UNDER = {**TOLD, "from": BOT, "text": "?"}


@pytest.mark.parametrize(
    "forged",
    [
        {"callback_query": {**PRESS, "from": MALLORY, "message": UNDER}},
        {"callback_query": {**PRESS, "from": None, "message": UNDER}},
        {"callback_query": {**PRESS, "message": {**UNDER, "chat": GROUP}}},
        {
            "callback_query": {
                **PRESS,
                "from": {**PERSON, "id": GROUP["id"]},
                "message": {**UNDER, "chat": GROUP},
            }
        },
        {"message": {**TOLD, "from": MALLORY, "text": "45"}},
        {"edited_message": {**TOLD, "from": MALLORY, "text": "45"}},
    ],
)
async def test_in_another_persons_chat_nobody_does_anything(forged: dict[str, Any]) -> None:
    """The chat's number alone says nothing of who pressed; what comes so is counted."""
    taken: list[Incoming] = []

    async def take(incoming: Incoming) -> None:
        taken.append(incoming)

    before = dropped()
    async with TelegramChannel(TOKEN) as telegram:
        await telegram.receive({"update_id": 1, **forged}, take)
    assert (taken, dropped()) == ([], before + 1)


@pytest.mark.parametrize(
    ("payload", "value"),
    [
        (b'{"text": "nh\\ud83d"}', {"text": "nh?"}),
        (b'["\xff"]', ["�"]),
        (b'{"a": 1}', {"a": 1}),
    ],
)
def test_half_a_sign_spoils_nothing_else(payload: bytes, value: object) -> None:
    assert loose_json.loads(payload) == value


@pytest.mark.parametrize("payload", [b"", b"{", b"[" * 100_000])
def test_what_is_no_json(payload: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        loose_json.loads(payload)


# --- both ways in


@pytest.fixture
async def api() -> AsyncIterator[Loopback]:
    async with Loopback() as api:
        yield api


class Taken:
    """The texts that arrived, by either way."""

    def __init__(self, api: Loopback) -> None:
        self.api = api
        self.texts: list[str] = []

    async def __call__(self, incoming: Incoming) -> None:
        if incoming.text.startswith("sau"):
            self.texts.append(incoming.text)
            await self.api.tell()


def poisoned() -> list[dict[str, Any]]:
    """Of each kind some that are odd, and after each kind a message that must arrive."""
    updates: list[dict[str, Any]] = []
    for number, sample in enumerate(SAMPLES):
        odd = [each for each in changed(sample) if read_fails(each)]
        good = {"message": {**TOLD, "text": f"sau {number}"}}
        updates += [
            {"update_id": len(updates) + place, **each} for place, each in enumerate([*odd[:5], good])
        ]
    return updates


def read_fails(sample: dict[str, Any]) -> bool:
    try:
        read_update({"update_id": 1, **sample})
    except ValueError:
        return True
    return False


def dropped() -> float:
    """How many updates were counted as dropped, of all kinds."""
    samples = next(iter(DROPPED.collect())).samples
    return sum(sample.value for sample in samples if sample.name.endswith("_total"))


async def test_polling_goes_on_past_what_cannot_be_read(
    api: Loopback, caplog: pytest.LogCaptureFixture
) -> None:
    updates, taken, stop, before = poisoned(), Taken(api), asyncio.Event(), dropped()
    api.updates = list(updates)
    async with TelegramChannel(TOKEN, api.url) as telegram:
        polling = asyncio.create_task(telegram.poll(taken, stop))
        await api.until(lambda: len(taken.texts) == len(SAMPLES) and not api.updates)
        stop.set()
        await polling
    assert taken.texts == [f"sau {number}" for number in range(len(SAMPLES))]
    assert dropped() - before == len(updates) - len(SAMPLES) > 20
    for words in ("Sử", "Họp", "45 hộ", "84912345678"):
        assert words not in caplog.text


async def test_failed_polls_are_told_once_and_then_that_they_are_over(
    api: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.wait_after", lambda *_: 0.0)
    taken, stop = Taken(api), asyncio.Event()
    api.updates = [{"update_id": 5, "message": {**TOLD, "text": "sau"}}]
    api.fail("getUpdates", *[Fault(drop=True)] * 3)
    with capture_logs() as lines:
        async with TelegramChannel(TOKEN, api.url) as telegram:
            polling = asyncio.create_task(telegram.poll(taken, stop))
            await api.until(lambda: bool(taken.texts))
            stop.set()
            await polling
    told = [(line["event"], line["times"]) for line in lines if line["event"].startswith("polling")]
    assert told == [("polling failed", 1), ("polling failed: over", 3)]


async def test_a_batch_that_holds_no_update_at_all(api: Loopback) -> None:
    taken, stop = Taken(api), asyncio.Event()
    api.updates = [{"update_id": 5, "message": 7}, {"update_id": 6, "message": {**TOLD, "text": "sau"}}]
    async with TelegramChannel(TOKEN, api.url) as telegram:
        offset, complete = await telegram.take_all([None, 7, {"update_id": "x"}], taken, 3)
        assert (offset, complete) == (3, False)
        assert await telegram.take_all([None, *api.updates], taken, 3) == (7, True)
    assert taken.texts == ["sau"]
    assert not stop.is_set()


async def test_by_webhook_what_cannot_be_read_is_done_with(api: Loopback) -> None:
    taken, before = Taken(api), dropped()

    async def well() -> str:
        return ""

    async def nothing() -> bytes:
        return b""

    async with TelegramChannel(TOKEN, api.url) as telegram:
        webhook = Webhook(telegram, SECRET, taken)
        server = quiet_server(create_app(well, nothing, {"/t": webhook}, lambda: ""))
        updates, statuses = poisoned(), set()
        with listening("127.0.0.1", 0) as listener:
            serving = asyncio.create_task(server.serve([listener]))
            address = f"http://127.0.0.1:{listener.getsockname()[1]}/t"
            headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
            async with aiohttp.ClientSession() as http:
                for update in updates:
                    async with http.post(address, json=update, headers=headers) as answer:
                        statuses.add(answer.status)
            server.should_exit = True
            await serving
    assert statuses == {200}
    assert taken.texts == [f"sau {number}" for number in range(len(SAMPLES))]
    assert dropped() - before == len(updates) - len(SAMPLES)


async def test_what_no_database_can_hold_is_passed_over(database: AsyncEngine, tmp_path: Path) -> None:
    """Whichever channel lets it through: it would be delivered again for ever."""
    async with town_on(database, tmp_path) as town:
        phone, before = town.phone("a"), dropped()
        await town.dispatch.handle(
            replace(phone.incoming(MessageKind.TEXT, text="x"), order=2**70), town.channel
        )
        assert dropped() == before + 1
        assert len(await phone.says("/start")) == 1

"""A bot's account on Telegram, over real HTTP: signing in, the start on a bad network, polling."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs
from telegram.error import NetworkError

from bot.channels.base import LOST
from bot.channels.telegram import FORGOTTEN, LONGEST_DEAF, TelegramChannel
from bot.patience import LONGEST_PAUSE
from bot.problems import Problem
from handlers.messages import Incoming
from tests.bot.loopback import ODD_ANSWERS, PATIENCE, TOKEN, Fault, Loopback, RefusedError, flood

HEAD = 4_000_000_001


@pytest.fixture
async def api() -> AsyncIterator[Loopback]:
    async with Loopback() as api:
        yield api


@pytest.fixture
async def telegram(api: Loopback) -> AsyncIterator[TelegramChannel]:
    async with TelegramChannel(TOKEN, api.url) as channel:
        yield channel


async def ignore(incoming: Incoming) -> None:
    """Nobody is interested."""


async def test_a_wrong_token_is_said_plainly(api: Loopback) -> None:
    async with TelegramChannel(TOKEN + "x", api.url) as stranger:
        with pytest.raises(Problem, match="Sai mã Telegram"):
            await stranger.sign_in()


async def test_a_server_that_is_not_telegrams(api: Loopback) -> None:
    async with TelegramChannel(TOKEN, api.url + "/somewhere/else") as lost:
        with pytest.raises(Problem, match="THONBAO_TELEGRAM_BASE_URL"):
            await lost.sign_in()


async def test_through_a_proxy(api: Loopback) -> None:
    async with TelegramChannel(TOKEN, "http://telegram.invalid", proxy=api.url) as channel:
        assert await channel.sign_in() == "thonbao_bot"
    assert api.count("getMe") == 1
    async with TelegramChannel(TOKEN, api.url, proxy="http://127.0.0.1:9") as lost:
        with pytest.raises(NetworkError):
            await lost.sign_in()


MENU = {"vi": [("baocao", "Báo cáo")], "en": [("baocao", "Report")]}
WEBHOOK = ("https://thon.example/telegram/x", "s" * 16)


@pytest.mark.parametrize("webhook", [WEBHOOK, None])
@pytest.mark.parametrize(
    "fault",
    [
        Fault(drop=True),
        Fault(drop=True, after=True),
        Fault(RefusedError(502, "Bad Gateway")),
        Fault(flood(1)),
        Fault(page=(400, "<html>Bad Request</html>")),
        Fault(page=(200, "{}")),
    ],
)
async def test_a_bad_network_at_the_start_is_waited_out_and_said_once(
    api: Loopback,
    telegram: TelegramChannel,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    webhook: tuple[str, str] | None,
    fault: Fault,
) -> None:
    waits: list[float] = []

    async def pause(stop: asyncio.Event, seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr("bot.channels.connecting.pause", pause)
    last = "setWebhook" if webhook else "deleteWebhook"
    api.fail("getMe", fault, fault)
    api.fail("setMyCommands", fault)
    api.fail(last, fault, fault)
    api.webhook = {} if webhook else {"url": "http://127.0.0.1:9/left-behind"}
    with capture_logs() as logs:
        assert await telegram.begin(MENU, webhook, asyncio.Event()) == "thonbao_bot"
    events = [line["event"] for line in logs]
    assert events == ["no way to Telegram yet, trying on", "connected to Telegram"]
    assert "THONBAO_TELEGRAM_PROXY" in logs[0]["why"]
    assert logs[1]["failures"] == len(waits) == 5
    assert waits == sorted(waits)
    assert api.webhook.get("url", "") == (webhook[0] if webhook else "")


async def test_who_is_told_to_stop_does_not_go_on_trying(api: Loopback) -> None:
    stop = asyncio.Event()
    async with TelegramChannel(TOKEN, "http://127.0.0.1:9") as lost:
        beginning = asyncio.create_task(lost.begin(MENU, None, stop))
        await asyncio.sleep(0)
        stop.set()
        assert await beginning == ""


@pytest.mark.parametrize(("locale", "words"), [("vi", "Sai mã"), ("en", "does not know this token")])
async def test_what_is_wrong_ends_the_start_with_a_sentence(api: Loopback, locale: str, words: str) -> None:
    async with TelegramChannel(TOKEN + "x", api.url, locale=locale) as stranger:
        with pytest.raises(Problem, match=words):
            await stranger.begin(MENU, None, asyncio.Event())
    async with TelegramChannel(TOKEN, api.url, locale=locale) as known:
        with pytest.raises(Problem, match="https url"):
            await known.begin(MENU, ("ftp://thon.example", "s" * 16), asyncio.Event())


async def test_name_menu_and_webhook(api: Loopback, telegram: TelegramChannel) -> None:
    assert await telegram.sign_in() == "thonbao_bot"
    await telegram.set_menu(MENU)
    assert api.commands[""] == api.commands["vi"] == [{"command": "baocao", "description": "Báo cáo"}]
    assert api.commands["en"][0]["description"] == "Report"
    await telegram.set_webhook(*WEBHOOK)
    assert api.webhook["secret_token"] == "s" * 16
    assert "my_chat_member" in api.webhook["allowed_updates"]
    with pytest.raises(Problem, match="https url"):
        await telegram.set_webhook("ftp://thon.example", "s" * 16)
    await telegram.drop_webhook()
    assert api.webhook == {}


# --- polling


class Listener:
    """Takes messages; refuses those it is told to, once each."""

    def __init__(self, api: Loopback, *refuse: str) -> None:
        self.api = api
        self.taken: list[str] = []
        self.refuse = list(refuse)

    async def __call__(self, incoming: Incoming) -> None:
        if incoming.text in self.refuse:
            self.refuse.remove(incoming.text)
            raise RuntimeError
        self.taken.append(incoming.text)
        await self.api.tell()


async def polled(telegram: TelegramChannel, listener: Listener, until: int) -> None:
    stop = asyncio.Event()
    polling = asyncio.create_task(telegram.poll(listener, stop))
    await listener.api.until(lambda: len(listener.taken) >= until)
    stop.set()
    await asyncio.wait_for(polling, PATIENCE)


async def test_polling_takes_each_message_once(api: Loopback, telegram: TelegramChannel) -> None:
    for text in "abc":
        await api.say(HEAD, text)
    listener = Listener(api)
    stop = asyncio.Event()
    polling = asyncio.create_task(telegram.poll(listener, stop))
    await api.until(lambda: len(listener.taken) == 3)
    await api.say(HEAD, "d")
    await api.until(lambda: len(listener.taken) == 4 and not api.updates)
    stop.set()
    await asyncio.wait_for(polling, PATIENCE)
    assert listener.taken == ["a", "b", "c", "d"]


async def test_numbers_that_become_lower_after_a_quiet_time(
    api: Loopback, telegram: TelegramChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.POLL_SECONDS", 0.01)
    listener, stop = Listener(api), asyncio.Event()
    await api.say(HEAD, "a")
    polling = asyncio.create_task(telegram.poll(listener, stop))
    await api.until(lambda: listener.taken == ["a"] and not api.updates)
    polled = api.count("getUpdates")
    await api.until(lambda: api.count("getUpdates") > polled + 2)
    await api.give({"update_id": 7, "message": api.message_of(HEAD, text="b")})
    await api.until(lambda: listener.taken == ["a", "b"] and not api.updates)
    stop.set()
    await polling
    assert listener.taken == ["a", "b"]


async def test_what_was_not_saved_is_fetched_again(api: Loopback, telegram: TelegramChannel) -> None:
    for text in "abc":
        await api.say(HEAD, text)
    listener = Listener(api, "b")
    await polled(telegram, listener, 4)
    assert listener.taken == ["a", "c", "b", "c"]


async def test_polling_outlives_whatever_answers_instead(
    api: Loopback, telegram: TelegramChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []

    async def pause(stop: asyncio.Event, seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr("bot.channels.telegram.pause", pause)
    faults = [
        *(Fault(drop=True, after=after) for after in (False, True)),
        *(Fault(torn=True, after=after) for after in (False, True)),
        *(Fault(RefusedError(code, "x", wait)) for code in (409, 429, 500) for wait in (0, 7, 10**9)),
        *(Fault(page=page) for page in ODD_ANSWERS),
    ]
    api.fail("getUpdates", *faults)
    await api.say(HEAD, "a")
    await polled(telegram, listener := Listener(api), 1)
    assert listener.taken == ["a"]
    assert len(waits) == len(faults)
    assert {wait for wait in waits if wait > LONGEST_PAUSE} == {LONGEST_DEAF}


async def test_a_token_that_is_refused_while_it_runs_is_waited_out_and_said_once(
    api: Loopback, telegram: TelegramChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []

    async def pause(stop: asyncio.Event, seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr("bot.channels.telegram.pause", pause)
    unknown, elsewhere = RefusedError(401, "Unauthorized"), RefusedError(404, "Not Found")
    api.fail("getUpdates", Fault(unknown), Fault(elsewhere), Fault(unknown))
    await api.say(HEAD, "a")
    with capture_logs() as logs:
        await polled(telegram, listener := Listener(api), 1)
    assert listener.taken == ["a"]
    assert len(waits) == 3
    assert waits == sorted(set(waits))
    assert [line["event"] for line in logs] == ["polling failed", "polling failed: over"]
    assert "Sai mã Telegram" in logs[0]["note"]


async def test_after_telegram_was_away_no_number_is_named(
    api: Loopback, telegram: TelegramChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may have been quiet for a week meanwhile: what comes then may have lower numbers."""

    async def pause(stop: asyncio.Event, seconds: float) -> None:
        await asyncio.sleep(0)

    monkeypatch.setattr("bot.channels.telegram.pause", pause)
    api.fail("getUpdates", Fault(), *[Fault(drop=True)] * FORGOTTEN)
    await api.say(HEAD, "a")
    stop = asyncio.Event()
    polling = asyncio.create_task(telegram.poll(Listener(api), stop))
    await api.until(lambda: api.count("getUpdates") == 2)
    stop.set()
    await polling
    polls = [params for method, params in api.calls if method == "getUpdates"]
    assert [(poll.get("offset"), poll["timeout"]) for poll in polls] == [(None, 25), (None, 0)]


async def test_a_relay_that_repeats_itself_is_asked_with_growing_pauses(
    api: Loopback, telegram: TelegramChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, waits = asyncio.Event(), list[float]()

    async def pause(stop: asyncio.Event, seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            stop.set()

    monkeypatch.setattr("bot.channels.telegram.pause", pause)
    api.forgetful = True
    await api.say(HEAD, "a")
    await asyncio.wait_for(telegram.poll(Listener(api), stop), PATIENCE)
    assert waits == sorted(set(waits))
    assert api.count("getUpdates") == 4


async def test_polls_that_fail_in_a_row_are_counted_until_one_succeeds(
    api: Loopback, telegram: TelegramChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def pause(stop: asyncio.Event, seconds: float) -> None:
        await asyncio.sleep(0)

    monkeypatch.setattr("bot.channels.telegram.pause", pause)
    api.unreachable = True
    stop = asyncio.Event()
    polling = asyncio.create_task(telegram.poll(ignore, stop))
    await api.until(lambda: telegram.failed_polls >= LOST)
    api.unreachable = False
    await api.until(lambda: api.polling)
    await api.say(7, "xin chào")
    await api.until(lambda: api.count("getUpdates") > 1)
    assert telegram.failed_polls < LOST
    stop.set()
    await polling


async def test_two_pollers_get_a_conflict(api: Loopback, telegram: TelegramChannel) -> None:
    stop = asyncio.Event()
    first = asyncio.create_task(telegram.poll(ignore, stop))
    await api.until(lambda: api.polling)
    async with TelegramChannel(TOKEN, api.url) as other:
        second = asyncio.create_task(other.poll(ignore, stop))
        await api.until(lambda: api.count("getUpdates") >= 2)
        assert api.polling == 1
        stop.set()
        await asyncio.wait_for(asyncio.gather(first, second), PATIENCE)

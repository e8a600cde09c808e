"""Whether a platform takes messages: known by what became of the last ones, and told as soon as an emergency waits."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup
from sqlmodel import col, delete, select

from bot.channel_queue import HeldMessage
from bot.channels.base import Outgoing, SendProblem, Sent, Service
from bot.channels.telegram import TelegramChannel
from bot.channels.zalo_bot import ZaloBot
from bot.channels.zalo_oa import ZaloOa
from bot.delivery import Delivery, Timing
from bot.patience import LONGEST_PAUSE
from bot.reaching import LATELY, MOMENT, Reaching
from handlers.messages import Reply
from storage import outbox
from storage.session import Session
from storage.tables import Contact, Outbox, OutboxState
from storage.unit_of_work import Storage
from tests.bot.loopback import PATIENCE, Fault, Loopback, RefusedError
from tests.bot.loopback import TOKEN as TELEGRAM_TOKEN
from tests.bot.sms_loopback import SmsLoopback
from tests.bot.test_sms import sms_of
from tests.bot.test_zalo_oa import settings_of
from tests.bot.zalo_loopback import BAD_GATEWAY, Answer, ZaloLoopback
from tests.bot.zalo_loopback import TOKEN as ZALO_TOKEN
from tests.bot.zalo_oa_loopback import ZaloOaLoopback


def test_a_platform_is_away_once_it_has_failed_for_a_moment_and_just_now() -> None:
    known = Reaching()
    assert not known.fails(0)
    known.failed(100)
    assert [known.fails(100 + late) for late in (0, MOMENT, LATELY + 1)] == [False, True, False]
    known.failed(108)
    assert [known.fails(108 + late) for late in (0, LATELY, LATELY + 1)] == [True, True, False]
    known.failed(300)  # another outage
    assert not known.fails(300)
    known.failed(306)
    assert known.fails(306)
    known.took()
    assert not known.fails(306)


ADDRESS = "84912345678"


class Cut(Service):
    """A platform that takes nothing until it is mended."""

    name = "cut"

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.tries = 0
        self.tried_often = asyncio.Event()
        self.is_mended = False

    async def send(self, message: Outgoing) -> Sent:
        self.tries += 1
        if self.tries == 3:
            self.tried_often.set()
        if not self.is_mended:
            raise SendProblem("cut")
        self.taken.append(str(message.reply.text))
        return Sent(str(len(self.taken)))


def delivery_of(storage: Storage, channel: Cut, folder: Path, moment: float = 0.0) -> Delivery:
    timing = replace(Timing(poll=0.02, first_wait=0.01), moment=moment)
    return Delivery(storage, {"cut": channel}, "me", folder, timing)


async def post(storage: Storage, text: str, priority: int, channel: str = "cut") -> outbox.DueMessage:
    async def work(session: Session) -> outbox.DueMessage:
        contact = Contact(channel=channel, address=ADDRESS, last_sent_at=outbox.now())
        session.add(contact)
        await session.flush()
        body = Reply(Markup(text)).to_json()
        return outbox.post(session, contact, body, at=outbox.now(), worker="me", priority=priority)

    return await storage.write(work)


async def alarmed(delivery: Delivery) -> None:
    """Wait until the alarm rings, and clear it."""
    async with asyncio.timeout(PATIENCE):
        await delivery.alarmed.wait()
    delivery.alarmed.clear()


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_an_emergency_that_cannot_be_sent_rings_and_again_when_it_went_out(
    kind: str, storage: Storage, tmp_path: Path
) -> None:
    channel = Cut()
    async with delivery_of(storage, channel, tmp_path) as delivery:
        assert not delivery.fails("cut")
        delivery.offer([await post(storage, "khẩn cấp", -1)])
        await alarmed(delivery)
        assert (delivery.fails("cut"), delivery.fails("other")) == (True, False)
        channel.is_mended = True
        await alarmed(delivery)
        assert not delivery.fails("cut")
        async with storage.reading() as session:
            [row] = await session.exec(select(Outbox))
    assert (row.state, channel.taken) == (OutboxState.SENT, ["khẩn cấp"])


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_one_that_was_a_mistake_meanwhile_is_not_sent(
    kind: str, storage: Storage, tmp_path: Path
) -> None:
    channel = Cut()
    async with delivery_of(storage, channel, tmp_path) as delivery:
        due = await post(storage, "khẩn cấp", -1)
        delivery.offer([due])
        await alarmed(delivery)
        await storage.write(lambda session: session.exec(delete(Outbox).where(col(Outbox.id) == due.id)))
        channel.is_mended = True
        await delivery.drain(PATIENCE)
        assert (delivery.held, channel.taken) == (set(), [])


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize(("priority", "moment"), [(-1, MOMENT), (0, 0.0)])
async def test_a_first_failure_and_an_answer_ring_nothing(
    kind: str, storage: Storage, tmp_path: Path, priority: int, moment: float
) -> None:
    channel = Cut()
    async with delivery_of(storage, channel, tmp_path, moment) as delivery:
        delivery.offer([await post(storage, "a", priority)])
        async with asyncio.timeout(PATIENCE):
            await channel.tried_often.wait()
        assert not delivery.alarmed.is_set()
        channel.is_mended = True
        await delivery.drain(PATIENCE)
        assert not delivery.alarmed.is_set()


@pytest.mark.parametrize(("priority", "most"), [(-1, LONGEST_PAUSE), (0, 600.0)])
async def test_an_emergency_is_tried_again_soon_however_long_it_failed(
    storage: Storage, tmp_path: Path, priority: int, most: float
) -> None:
    delivery = delivery_of(storage, Cut(), tmp_path)
    due = outbox.DueMessage(1, 1, "cut", "1", {}, priority, attempts=30)
    wait = delivery.wait_after(HeldMessage(due, 0.0, failures=5))
    assert most * 0.8 <= wait <= most * 1.2


@asynccontextmanager
async def telegram(storage: Storage) -> AsyncIterator[tuple[Service, Loopback, str, Fault]]:
    async with Loopback() as api, TelegramChannel(TELEGRAM_TOKEN, api.url) as channel:
        api.chat(int(ADDRESS))
        yield channel, api, "sendMessage", Fault(RefusedError(503, "Service Unavailable"))


@asynccontextmanager
async def zalo_bot(storage: Storage) -> AsyncIterator[tuple[Service, ZaloLoopback, str, Answer]]:
    async with ZaloLoopback() as api, ZaloBot(ZALO_TOKEN, api.url) as channel:
        channel.attach(storage)
        yield channel, api, "sendMessage", BAD_GATEWAY


@asynccontextmanager
async def zalo_oa(storage: Storage) -> AsyncIterator[tuple[Service, ZaloOaLoopback, str, str]]:
    async with ZaloOaLoopback() as api, ZaloOa(settings_of(api), "vi", every=0.01) as channel:
        channel.attach(storage)
        yield channel, api, "/v3.0/oa/message/cs", "<html>502</html>"


@asynccontextmanager
async def sms(storage: Storage) -> AsyncIterator[tuple[Service, SmsLoopback, str, int]]:
    async with SmsLoopback() as api, sms_of(api, storage) as channel:
        yield channel, api, "POST /messages", 503


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("platform", [telegram, zalo_bot, zalo_oa, sms])
async def test_each_platform_that_is_cut_off_reaches_nobody_until_it_is_back(
    kind: str, storage: Storage, tmp_path: Path, platform: Callable[[Storage], Any]
) -> None:
    async with platform(storage) as (channel, api, call, fault):
        api.fail(call, *[fault] * 10_000)
        channels = {channel.name: channel}
        timing = replace(Timing(poll=0.02, first_wait=0.01), moment=0.0)
        async with Delivery(storage, channels, "me", tmp_path, timing) as delivery:
            delivery.offer([await post(storage, "khẩn cấp", -1, channel.name)])
            await alarmed(delivery)
            assert delivery.fails(channel.name)
            api.faults.clear()
            await alarmed(delivery)
            assert not delivery.fails(channel.name)
    async with storage.reading() as session:
        assert [row.state for row in await session.exec(select(Outbox))] == [OutboxState.SENT]

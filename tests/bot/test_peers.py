"""Processes that send for one account share its pace, and what a dead one had claimed is free soon."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.telegram import TelegramChannel
from bot.delivery import Delivery
from bot.peers import DEAD, EVERY, FRESH, Peers
from storage import outbox, senders
from storage.tables import OutboxState
from storage.unit_of_work import Storage
from tests.bot.loopback import PATIENCE, TOKEN, Loopback
from tests.bot.test_delivery import Office, texts

LETTERS = 240
ALLOWED = 120
RATE = 118.0
QUICK = 0.05


@pytest.fixture
def kind() -> str:
    """Only PostgreSQL has several processes."""
    return "postgresql"


@pytest.fixture
async def office(database: AsyncEngine, tmp_path: Path) -> AsyncIterator[Office]:
    async with (
        Loopback() as api,
        TelegramChannel(TOKEN, api.url, per_second=RATE) as telegram,
        Storage(database) as storage,
    ):
        yield Office(storage, api, telegram, tmp_path)


async def until(delivery: Delivery, true: Callable[[], object]) -> None:
    """Let a sender beat until something holds."""
    while not true():
        await delivery.beat()


async def test_two_senders_keep_the_pace_together(office: Office) -> None:
    office.api.per_second = ALLOWED
    async with office.delivery("one") as one, office.delivery("two") as two:
        for sender in (one, two):
            await until(sender, lambda sender=sender: sender.parts() == 2)
            assert sender.queues["telegram"].interval == pytest.approx(2 / RATE)
        began = time.monotonic()
        for chat in range(LETTERS):
            await office.post(chat + 1, *texts("a"), worker=None, priority=2)
        await office.api.until(lambda: office.api.count("sendMessage") == LETTERS)
        took = time.monotonic() - began
        await one.drain(PATIENCE)
        await two.drain(PATIENCE)
    assert {row.claimed_by for row in await office.rows()} <= {"one", "two"}
    assert office.api.refused_for_rate == 0
    assert took > LETTERS / ALLOWED - 1


async def test_who_leaves_leaves_its_part_to_the_others(office: Office) -> None:
    async with AsyncExitStack() as leaving, office.delivery("one") as one:
        await leaving.enter_async_context(office.delivery("two"))
        await until(one, lambda: one.parts() == 2)
        await leaving.aclose()
        await until(one, lambda: one.parts() == 1)
        assert one.queues["telegram"].interval == pytest.approx(1 / RATE)


async def test_replies_of_a_dead_sender_are_free_at_once(office: Office) -> None:
    """Its claim would last for half a minute."""
    engine = office.storage.engine
    await senders.join(engine, "gone", ["telegram"])
    await office.post(1, *texts("a"), worker="gone")
    async with office.delivery("one", beat=QUICK, poll=60.0):
        await office.api.until(lambda: office.api.chats[1].texts == ["a"])
    assert await senders.all_of(engine, ["telegram"]) == {"telegram": {}}


async def test_what_a_living_sender_claimed_is_its_own(office: Office) -> None:
    engine = office.storage.engine
    await senders.join(engine, "busy", ["telegram"])
    await office.post(1, *texts("a"), worker="busy")
    peers = Peers(engine, "one", ["telegram"])
    for _ in range(3 * DEAD):
        assert await senders.beat(engine, "busy")
        assert not await peers.beat()
    assert await outbox.claim(office.storage, "one", ["telegram"]) == []
    assert peers.shares == {"telegram": 2}


async def test_who_was_taken_for_dead_forgets_what_it_held(office: Office) -> None:
    async with office.delivery("one", poll=60.0) as one:
        queue = one.queues["telegram"]
        queue.paused_until = one.loop.time() + 60
        one.offer(await office.post(1, *texts("a"), worker="one"))
        beats = (await senders.all_of(office.storage.engine, ["telegram"]))["telegram"]
        assert await senders.free_the_dead(office.storage.engine, beats) == 1
        await one.beat()
        queue.paused_until = 0.0
        queue.pump()
        await one.drain(PATIENCE)
        assert office.api.count("sendMessage") == 0
        assert await office.states() == [OutboxState.DUE]
        one.rung.set()
        await office.api.until(lambda: office.api.chats[1].texts == ["a"])


async def test_who_joins_waits_until_all_know_of_it(office: Office) -> None:
    async with office.delivery("one"), office.delivery("two") as two:
        known_at = two.peers.joined_at + FRESH * EVERY
        assert two.queues["telegram"].next_slot >= known_at
        two.offer(await office.post(1, *texts("a"), worker="two"))
        await office.api.until(lambda: office.api.chats[1].texts == ["a"])


async def test_without_its_database_a_sender_sends_nothing_paced(office: Office) -> None:
    async with office.delivery("one") as one:
        await office.post(1, *texts("a"), worker=None, priority=2)
        one.peers.beaten_at -= 60
        one.queues["telegram"].divide(1, one.peers.fresh_until)
        assert not one.peers.sure()
        one.rung.set()
        await office.api.until(lambda: office.api.chats[1].texts == ["a"])
        assert one.peers.sure()

"""`kill -9` while hundreds of letters go out: none is lost, and few come twice, each for a reason that can be named.

The bot is the real `thonbao serve` against the loopback Bot API, which refuses for its rate, fails, drops
connections, and answers slowly after it took a message: the moment that decides. A letter may come twice only if the
platform took it and its outcome was not on disk when the process was killed. Such letters are counted at each kill, from
what the Bot API took and what the database knows; there are at most as many as one process has under way
(`bot.delivery.IN_FLIGHT`). It sends at ten times its pace: nearly all that there was to wait for was the pace.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select

from bot.delivery import IN_FLIGHT
from bot.peers import EVERY
from handlers.messages import Reply
from storage import outbox, people
from storage.database import writing
from storage.session import Session
from storage.tables import Contact, Outbox, OutboxState, now
from tests.bot.loopback import Fault, Loopback, RefusedError, flood
from tests.crash.test_kill import BEAT, Bot, numbered, running

CHATS = 300
BLOCKED = 12
ASKERS = 8
FIRST_CHAT = 9000
BROADCAST = 2
ANSWER_SECONDS = 0.15
"""From taking a message to answering: several letters are always taken and not answered."""
KILLS = {"sqlite": 3, "postgresql": 2}
PATIENCE = 240.0


class SlowApi(Loopback):
    """Takes letters at once and answers later. `taken`: the chats of the letters it took, in that order."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[int] = []

    async def on_send_message(self, params: dict[str, Any]) -> dict[str, Any]:
        told = await super().on_send_message(params)
        if params["text"].startswith("Thư "):
            self.taken.append(int(params["chat_id"]))
            await self.tell()
        await asyncio.sleep(ANSWER_SECONDS)
        return told

    async def hung_up(self) -> None:
        """Return once all that a killed process had sent off is taken: on a busy machine it waits to be read."""
        assert self.runner.server is not None
        while self.runner.server.connections:
            await asyncio.sleep(0)


async def write_letters(database: AsyncEngine, chats: Sequence[int]) -> None:
    """One broadcast letter for each chat, all in one transaction."""
    async with writing(database) as session:
        letters = []
        for chat in chats:
            contact = await people.create_contact(session, "telegram", str(chat))
            body = Reply(Markup("Thư {}").format(chat)).to_json()
            letters.append(outbox.QueuedLetter(f"weekly:{chat}", contact.id, body, BROADCAST, now()))
        await outbox.insert_many(session, letters)


async def letters_by_state(database: AsyncEngine) -> dict[str, set[int]]:
    """The chats of the letters in each state."""
    found: dict[str, set[int]] = {state: set() for state in OutboxState}
    async with Session(database) as session:
        chosen = select(Outbox.state, Contact.address).join(Contact, col(Contact.id) == Outbox.contact_id)
        for state, address in await session.exec(chosen.where(col(Outbox.natural_key).is_not(None))):
            found[state].add(int(address))
    return found


def faults(chance: random.Random) -> list[Fault]:
    """What meets the calls of the run: one in ten is refused, failed or cut off, before anything is taken."""
    failures = [Fault(flood(1)), Fault(RefusedError(500, "Internal Server Error")), Fault(drop=True)]
    return [chance.choice(failures) if chance.random() < 0.1 else Fault() for _ in range(2 * CHATS)]


async def kill_often(
    bot: Bot, api: SlowApi, database: AsyncEngine, kills: int, chance: random.Random
) -> list[set[int]]:
    """Kill the bot while letters go out; at each kill, the letters that it took along: sent, and not written down."""
    doubtful, began = [], 0
    for _ in range(kills):
        target = len(api.taken) + chance.randint(1, CHATS // kills)
        await api.until(lambda target=target: len(api.taken) >= target, PATIENCE)
        await bot.kill()
        await api.hung_up()
        written = (await letters_by_state(database))[OutboxState.SENT]
        doubtful.append(set(api.taken[began:]) - written)
        began = len(api.taken)
        await bot.start()
    return doubtful


async def ask_twice(bot: Bot, api: Loopback, chat: int) -> None:
    """Somebody writes, and Telegram delivers it three times."""
    update = numbered(api, {"message": api.message_of(chat, text="/trogiup")})
    for _ in range(3):
        await bot.deliver(update)


@pytest.mark.parametrize("seed", [1])
async def test_letters_survive_being_killed(
    seed: int, kind: str, database: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    chance = random.Random(seed)
    chats = range(FIRST_CHAT, FIRST_CHAT + CHATS)
    blocked = set(chance.sample(chats, BLOCKED))
    askers = chance.sample(sorted(set(chats) - blocked), ASKERS)
    await write_letters(database, chats)
    async with SlowApi() as api:
        for chat in chats:
            api.chat(chat).blocked = chat in blocked
        api.fail("sendMessage", *faults(chance))
        async with running(api, database_url, tmp_path, BEAT) as bot, asyncio.timeout(PATIENCE):
            asking = asyncio.gather(*(ask_twice(bot, api, chat) for chat in askers))
            doubtful = await kill_often(bot, api, database, KILLS[kind], chance)
            await asking
            await api.until(lambda: set(api.taken) == set(chats) - blocked, PATIENCE)
            await stop_when_written(bot, database)
        states = await letters_by_state(database)
        assert states[OutboxState.SENT] == set(chats) - blocked
        assert states[OutboxState.DEAD] == blocked
        assert await unreachable(database) == blocked
        assert await replies(database) == Counter(askers)
        doubts = Counter(chat for some in doubtful for chat in some)
        times = Counter(api.taken)
        assert {chat for chat in times if times[chat] > 1 + doubts[chat]} == set()
        assert max(map(len, doubtful)) <= IN_FLIGHT


async def stop_when_written(bot: Bot, database: AsyncEngine) -> None:
    """Let the bot end as it does on SIGTERM, once every letter has its outcome on disk."""
    while (await letters_by_state(database))[OutboxState.DUE]:
        await asyncio.sleep(0.05)
    assert bot.process is not None
    bot.process.terminate()
    assert await bot.process.wait() == 0


async def unreachable(database: AsyncEngine) -> set[int]:
    async with Session(database) as session:
        chosen = select(Contact.address).where(col(Contact.reachable).is_(False))
        return {int(address) for address in await session.exec(chosen)}


async def replies(database: AsyncEngine) -> Counter[int]:
    """How many answers were written for each chat."""
    async with Session(database) as session:
        chosen = select(Contact.address).join(Outbox, col(Outbox.contact_id) == Contact.id)
        return Counter(map(int, await session.exec(chosen.where(col(Outbox.natural_key).is_(None)))))


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_two_processes_share_the_letters(
    kind: str, database: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    """Each letter is sent once, by one of the two, also where the platform fails."""
    chats = range(FIRST_CHAT, FIRST_CHAT + 2 * CHATS)
    chance = random.Random(5)
    async with (
        SlowApi() as api,
        running(api, database_url, tmp_path, EVERY) as one,
        running(api, database_url, tmp_path, EVERY) as two,
    ):
        for chat in chats:
            api.chat(chat)
        api.fail("sendMessage", *faults(chance))
        await write_letters(database, chats)
        await api.until(lambda: set(api.taken) == set(chats), PATIENCE)
        for bot in (one, two):
            await stop_when_written(bot, database)
    assert Counter(api.taken) == Counter(chats)
    async with Session(database) as session:
        senders = set(await session.exec(select(Outbox.claimed_by)))
    assert len(senders) == 2

"""Two processes on one bot account: together they keep what Telegram allows, and one that is left sends on alone."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import select

from storage.session import Session
from storage.tables import Outbox, Sender
from tests.bot.loopback import Loopback
from tests.crash.test_kill import running
from tests.crash.test_letters_killed import PATIENCE, stop_when_written, write_letters

ALLOWED = 30
TOGETHER, ALONE = 200, 100
"""Letters sent by both, and after one was killed."""
FIRST_CHAT = 9000


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_the_pace_is_shared_and_passes_to_who_is_left(
    kind: str, database: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    async with (
        Loopback() as api,
        running(api, database_url, tmp_path) as one,
        running(api, database_url, tmp_path) as two,
    ):
        chats = range(FIRST_CHAT, FIRST_CHAT + TOGETHER + ALONE)
        for chat in chats:
            api.chat(chat)
        api.per_second = ALLOWED
        await shared_by(database, 2)
        await write_letters(database, chats)
        await api.until(lambda: api.count("sendMessage") >= TOGETHER, PATIENCE)
        assert len(await sharing(database)) == 2
        await one.kill()
        await api.until(lambda: api.count("sendMessage") >= len(chats), PATIENCE)
        await shared_by(database, 1)
        await stop_when_written(two, database)
    assert api.refused_for_rate == 0
    async with Session(database) as session:
        shares = Counter(await session.exec(select(Outbox.claimed_by)))
    assert len(shares) == 2
    assert min(shares.values()) > TOGETHER / 4


async def shared_by(database: AsyncEngine, count: int) -> None:
    """Wait until so many processes divide the pace among themselves."""
    async with asyncio.timeout(PATIENCE):
        while len(await sharing(database)) != count:
            await asyncio.sleep(0.05)


async def sharing(database: AsyncEngine) -> list[str]:
    """Who divides the pace among themselves, as the database has it."""
    async with Session(database) as session:
        return list(await session.exec(select(Sender.worker)))

"""Two processes on one bot account: together they keep what Telegram allows, and one that is left takes all of it."""

import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.tables import Outbox
from tests.bot.loopback import Loopback
from tests.crash.test_kill import running
from tests.crash.test_letters_killed import PATIENCE, stop_when_written, write_letters

ALLOWED = 30
TOGETHER, ALONE = 240, 560
"""Letters sent by both, and after one was killed."""
MEASURED = 120
FIRST_CHAT = 9000


class Timed(Loopback):
    """Notes when it took each letter."""

    def __init__(self) -> None:
        super().__init__()
        self.moments: list[float] = []

    async def on_send_message(self, params: dict[str, Any]) -> dict[str, Any]:
        told = await super().on_send_message(params)
        self.moments.append(time.monotonic())
        return told

    def rate(self) -> float:
        """Letters a second, of the last ones."""
        return (MEASURED - 1) / (self.moments[-1] - self.moments[-MEASURED])


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_the_pace_is_shared_and_passes_to_who_is_left(
    kind: str, database: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    async with (
        Timed() as api,
        running(api, database_url, tmp_path) as one,
        running(api, database_url, tmp_path) as two,
    ):
        chats = range(FIRST_CHAT, FIRST_CHAT + TOGETHER + ALONE)
        for chat in chats:
            api.chat(chat)
        api.per_second = ALLOWED
        await write_letters(database, chats)
        await api.until(lambda: len(api.moments) >= TOGETHER, PATIENCE)
        together = api.rate()
        await one.kill()
        await api.until(lambda: len(api.moments) >= len(chats), PATIENCE)
        alone = api.rate()
        await stop_when_written(two, database)
    assert api.refused_for_rate == 0
    assert min(together, alone) > ALLOWED * 2 / 3
    async with AsyncSession(database) as session:
        shares = Counter(await session.exec(select(Outbox.claimed_by)))
    assert len(shares) == 2
    assert min(shares.values()) > TOGETHER / 4

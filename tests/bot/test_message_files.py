"""What is drawn or made for a message is counted first: a message that ends the process is not met for ever."""

import asyncio
import signal
from pathlib import Path

from markupsafe import Markup
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import select

from bot.message_files import MessageFiles
from handlers.messages import Document, Picture, Reply
from storage.database import migrate
from storage.outbox import DueMessage
from storage.risks import MOST
from storage.tables import Risk
from storage.unit_of_work import Storage
from tests.bot import dying
from tests.forking import end_of

DUE = DueMessage(7, 1, "telegram", "1", {}, 0)


async def risks(storage: Storage) -> list[tuple[str, int]]:
    async with storage.reading() as session:
        return [(row.work, row.begun) for row in await session.exec(select(Risk))]


async def test_a_drawing_that_kills_the_process_is_tried_only_so_often(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'a.db'}"
    await migrate(url)
    ends = [await end_of(dying.of_a_drawing, url) for _ in range(MOST + 2)]
    assert ends == [-signal.SIGKILL] * MOST + [0, 0]


async def test_an_attempt_is_on_disk_while_it_lasts_and_forgotten_afterwards(database: AsyncEngine) -> None:
    async with Storage(database) as storage:
        files = MessageFiles(storage, Path())
        loop = asyncio.get_running_loop()
        seen: list[list[tuple[str, int]]] = []

        def make() -> bytes:
            seen.append(asyncio.run_coroutine_threadsafe(risks(storage), loop).result())
            return b"made"

        for _ in range(MOST + 1):
            assert await files.made(DUE, make) == b"made"
        assert seen == [[("letter:7", 1)]] * (MOST + 1)
        assert await risks(storage) == []


async def test_what_fails_without_ending_the_process_does_not_count(database: AsyncEngine) -> None:
    async with Storage(database) as storage:
        files = MessageFiles(storage, Path())
        drawn = Reply(Markup("a"), picture=Picture("no such drawing", {}))
        made = Reply(Markup("a"), document=Document("", "a.xlsx", "x", {"odd": 1}))
        for reply in (drawn, made, drawn, made):
            assert await files.of(DUE, reply) is None
        assert await risks(storage) == []

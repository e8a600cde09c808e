"""Processes that die of their work: what `tests.forking.end_of` runs."""

import asyncio
import os
import signal
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.attachments import Attachments
from bot.channels.telegram import TelegramChannel
from bot.message_files import MessageFiles
from storage.database import open_engine
from storage.outbox import DueMessage
from storage.unit_of_work import Storage
from tests.bot.loopback import TOKEN


def die(*_: object) -> bytes:
    """What the work does in the end."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


async def die_awaited(content: bytes) -> bytes:
    """The same for work that is awaited."""
    return die(content)


def of_a_drawing(database: str) -> None:
    """Make the file of a message, unless that has ended too many processes."""

    async def make() -> None:
        engine = open_engine(database)
        async with Storage(engine) as storage:
            due = DueMessage(7, 1, "telegram", "1", {}, 0)
            assert await MessageFiles(storage, Path()).made(due, die) is None
        await engine.dispose()

    asyncio.run(make())


def of_a_photo(database: str, api: str, folder: str) -> None:
    """Fetch the photos that wait, unless one has ended too many processes."""

    async def fetch() -> None:
        engine = open_engine(database)
        async with Storage(engine) as storage, TelegramChannel(TOKEN, api) as telegram:
            photos = Attachments(storage, {"telegram": telegram}, Path(folder), ZoneInfo("UTC"), die_awaited)
            await photos.fetch_all()
        await engine.dispose()

    asyncio.run(fetch())

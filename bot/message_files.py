"""The file that goes with a message: drawn or made from its data when it is sent, or read from the data folder.

Drawing and making take memory and run other people's code, so they are done one at a time, and each attempt is counted
before it is made (`storage.risks`): a message that ends the process goes without its file at the third start.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import structlog

from handlers.messages import Picture, Reply
from storage import risks
from storage.outbox import DueMessage
from storage.unit_of_work import Storage

log = structlog.get_logger(__name__)


class MessageFiles:
    """Makes the files of one sender's messages."""

    def __init__(self, storage: Storage, data_dir: Path) -> None:
        self.storage, self.data_dir = storage, data_dir
        self.making = asyncio.Lock()

    async def of(self, due: DueMessage, reply: Reply) -> bytes | None:
        """Return the file of a message; None if it has none, or if making it failed: then its words go alone."""
        try:
            if reply.picture:
                return await self.made(due, partial(draw, reply.picture))
            if reply.document and reply.document.made is not None:
                return await self.made(due, partial(workbook, reply.document.made))
            if reply.document:
                return await asyncio.to_thread((self.data_dir / reply.document.path).read_bytes)
        except Exception as error:  # of any kind: the words are worth more than the file
            log.exception("file left out of a message", error=type(error).__name__)
        return None

    async def made(self, due: DueMessage, make: Callable[[], bytes]) -> bytes | None:
        """Return what `make` gives; None if that ended the process too often."""
        work = f"letter:{due.id}"
        async with self.making:  # one at a time: drawing fills a processor
            if await risks.begin(self.storage, work) is risks.Verdict.NEVER:
                log.error("file left out of a message: the process ended whenever it was made")
                return None
            try:
                return await asyncio.to_thread(make)
            finally:
                await self.storage.write(lambda session: risks.end(session, work))


def workbook(made: dict[str, Any]) -> bytes:
    """The spreadsheet made from its data."""
    # A quarter of a second, which only the first spreadsheet costs.
    from reports import spreadsheet

    return spreadsheet.workbook(made)


def draw(picture: Picture) -> bytes:
    """The picture as PNG."""
    # matplotlib: half a second and 30 MB, which only the first picture costs.
    from reports import pictures

    return pictures.draw(picture.drawing, picture.data)

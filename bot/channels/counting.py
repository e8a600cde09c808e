"""Counting what goes out on a channel whose messages are numbered or paid for, before the platform is asked.

What an allowance has no room for waits in the outbox. An answer that would wait longer than anybody waits for one is
given up, and an administrator reads why in the log.
"""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Final

import structlog
from sqlalchemy.exc import DBAPIError

from bot.channels.base import Outgoing, SendProblem
from bot.channels.channel_settings import Limit
from storage import carried
from storage.carried import Allowance, Used
from storage.tables import now
from storage.unit_of_work import Storage

LONGEST: Final = timedelta(days=2)
"""How long an answer may wait."""

log = structlog.get_logger(__name__)


class Counting:
    """The messages of one channel. Without a database nothing is counted, and everything may go."""

    def __init__(self, channel: str, limits: Sequence[Limit]) -> None:
        self.channel = channel
        self.allowances = tuple(Allowance(*limit) for limit in limits)
        self.storage: Storage | None = None

    async def admit(self, message: Outgoing, parts: int = 1, price: int = 0) -> str:
        """Count a message; the name under which it counts, however often it is tried. Raises SendProblem, DBAPIError."""
        key = f"tb{message.key or '-' + secrets.token_hex(8)}"
        if self.storage is None:
            return key
        at = now()
        noting = partial(
            carried.note,
            channel=self.channel,
            key=key,
            wanted=Used(1, parts, price),
            priority=message.priority,
            allowances=self.allowances,
            at=at,
        )
        try:
            until = await self.storage.write(noting)
        except DBAPIError:
            if message.key:
                raise
            return key  # said because nothing can be written: better uncounted than silent
        if until is not None:
            raise self.no_room(until - at, message.priority)
        return key

    def no_room(self, wait: timedelta, priority: int) -> SendProblem:
        """What becomes of a message that there is no room for."""
        if wait > LONGEST and priority <= 0:
            log.error("not sent: as much as may be sent was sent", channel=self.channel)
            return SendProblem("allowance used up", permanent=True)
        return SendProblem("allowance used up", postponed=max(1.0, wait.total_seconds()))

    async def take_back(self, key: str) -> None:
        """Count a message no more: its platform refused it."""
        if self.storage is not None:
            await self.storage.write(partial(carried.take_back, channel=self.channel, key=key))

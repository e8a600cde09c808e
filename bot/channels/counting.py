"""Counts what goes out on a channel with numbered or paid messages, before the platform is asked.

A message for which the allowance has no room waits in the outbox. An answer that would wait too long is given up, and
the log tells an administrator why.
"""

import secrets
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import structlog
from sqlalchemy.exc import DBAPIError

from bot.channels.base import Outgoing, SendProblem
from bot.channels.channel_settings import Limit
from bot.telling_administrators import tell_administrators
from storage import carried
from storage.carried import Allowance, Used
from storage.outage import Outage
from storage.outbox import NO_ROOM
from storage.session import Session
from storage.tables import now
from storage.unit_of_work import Storage
from storage.zone import ZONE

LONGEST: Final = timedelta(days=2)
"""How long an answer may wait."""

A_MINUTE: Final = timedelta(minutes=1)
"""A message that waits no longer than this waits only for the pace."""

log = structlog.get_logger(__name__)


class Counting:
    """The messages of one channel. Without a database nothing is counted, and everything may go.

    `spent` is the key of the sentence that administrators get, once, when a day's or month's allowance is used up; "":
    none.
    """

    def __init__(self, channel: str, limits: Sequence[Limit], spent: str = "") -> None:
        self.channel, self.spent = channel, spent
        self.allowances = tuple(Allowance(*limit) for limit in limits)
        self.storage: Storage | None = None
        self.waiting = Outage("held back: as much as may be sent was sent")

    async def admit(self, message: Outgoing, parts: int = 1, price: int = 0) -> str:
        """Count a message; return the name that it counts under, however often it is tried. Raises SendProblem,
        DBAPIError."""
        key = f"tb{message.key or '-' + secrets.token_hex(8)}"
        if self.storage is None:
            return key
        at, wanted = now(), Used(1, parts, price)
        if carried.is_free(wanted, self.allowances):
            counting = partial(carried.note_free, channel=self.channel, key=key, parts=parts, at=at)
            self.storage.write_along(counting)
            return key
        noting = partial(
            carried.note,
            channel=self.channel,
            key=key,
            wanted=wanted,
            priority=message.priority,
            allowances=self.allowances,
            at=at,
        )
        until = await self.noted(self.storage, noting, message)
        if until is None:
            return key
        if until - at > A_MINUTE:
            self.waiting.met(channel=self.channel)
            await self.tell_spent(until)
        raise self.no_room(until - at, message.priority)

    async def noted(
        self, storage: Storage, noting: Callable[[Session], Awaitable[datetime | None]], message: Outgoing
    ) -> datetime | None:
        """Count a message; return until when it has to wait, None if it may go. Raises DBAPIError for what is kept."""
        try:
            return await storage.write(noting)
        except DBAPIError:
            if message.key:
                raise
            return None  # said because nothing can be written: better uncounted than silent

    async def tell_spent(self, until: datetime) -> None:
        """Tell the administrators, once, that nothing more may be sent until then."""
        if self.spent and self.storage is not None:
            end = until.astimezone(ZONE)
            occasion = f"spent:{end:%Y%m%d%H}"
            await tell_administrators(
                self.storage, self.channel, occasion, lambda say: say(self.spent, until=end)
            )

    def no_room(self, wait: timedelta, priority: int) -> SendProblem:
        """Return what happens to a message for which there is no room."""
        if wait > LONGEST and priority <= 0:
            log.error("not sent: as much as may be sent was sent", channel=self.channel)
            return SendProblem(NO_ROOM, permanent=True)
        return SendProblem(NO_ROOM, postponed=max(1.0, wait.total_seconds()))

    async def take_back(self, key: str) -> None:
        """Stop counting a message: its platform refused it."""
        if self.storage is not None:
            await self.storage.write(partial(carried.take_back, channel=self.channel, key=key))

"""The second way in: what the phone has received, read from its list, in case its webhook or we were down.

The list may show only the beginning of a message. Then the phone is asked to post it again, if it has a webhook to post
to. If not, or if that brings nothing either, the sender is asked to write again, since part of an answer is no answer.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import structlog
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from bot.channels.base import Take
from bot.channels.sms_client import SmsClient
from bot.channels.sms_once import SmsOnce, by_words, new_among
from bot.channels.sms_reading import NAME, ReceivedSms
from bot.metrics import DROPPED
from handlers.messages import Incoming
from storage import facts
from storage.tables import now
from storage.unit_of_work import Storage

PAGE: Final = 100
PAGES: Final = 20
"""The most pages of the list that are read at once."""
BACK: Final = timedelta(days=2)
"""How far back to look after a start: as long as the phone would go on posting."""
OVERLAP: Final = timedelta(hours=1)
"""How far back to look at other times: a phone may list late what came earlier."""
ASKED_AGAIN: Final = timedelta(minutes=10)
"""How long a message that is listed in part may take to be posted whole."""
SINCE: Final = "sms_since"
"""The fact that says since when the phone is ours: what it received before was for somebody else."""

log = structlog.get_logger(__name__)


def may_be_posted_again(sms: ReceivedSms, began: datetime, grace: timedelta) -> bool:
    """Whether a message that is listed in part still waits for a second post; after a while it is taken as it is.

    Without a webhook (no `grace`) nothing is posted.
    """
    return bool(grace) and sms.at > began - grace - ASKED_AGAIN


class SmsInbox:
    """Reads the list of one phone. Messages of up to `preview` letters are listed whole."""

    def __init__(self, client: SmsClient, storage: Storage, preview: int) -> None:
        self.client, self.storage, self.preview = client, storage, preview
        self.once = SmsOnce(storage)
        self.since: datetime | None = None
        self.checked_at = now()
        """Up to when everything that is listed was looked up and taken, or was there before this process."""

    async def fetch(self, take: Take, grace: timedelta) -> None:
        """Take what is listed, is older than `grace` and did not come by the webhook.

        One that is refused keeps no other from being taken. Raises SmsRefused, SmsUnreachable, and what `take` raises.
        """
        began = now()
        try:
            new = await self.not_taken(began, grace)
        except DBAPIError:
            await self.give_back(take, grace)
            raise
        late, ready = [], []
        for sms, whole, name in new:
            if not whole and may_be_posted_again(sms, began, grace):
                late.append(sms)
            else:
                ready.append(sms.incoming(name, whole=whole))
        await take_each(ready, take)
        if late:
            await self.ask_again(late[0].at, began)
        self.since = late[0].at if late else began - OVERLAP
        self.checked_at = began

    async def not_taken(self, began: datetime, grace: timedelta) -> list[tuple[ReceivedSms, bool, str]]:
        """Return what is listed, is older than `grace` and does not count yet, as `SmsOnce.not_taken`."""
        since = max(self.since or began - BACK, await self.ours_since())
        ripe = [sms for sms in await self.listed(since) if sms.at <= began - grace]
        return await self.once.not_taken((sms, self.is_whole(sms)) for sms in ripe)

    async def give_back(self, take: Take, grace: timedelta) -> None:
        """Have the senders told of what nobody can look up, if it can have come by the list alone. Raises as `fetch`."""
        if not grace:
            listed = [(sms, self.is_whole(sms)) for sms in await self.listed(self.checked_at)]
            named = [
                sms.incoming(name, whole=whole) for sms, whole, name in new_among(by_words(listed), set())
            ]
            await take_each([replace(incoming, unchecked=True) for incoming in named], take)

    async def take_posted(self, sms: ReceivedSms, call: str, take: Take) -> None:
        """Take what a call of the webhook tells, unless it already counts. Raises what `take` raises."""
        await self.once.take_posted(sms, call, take, is_whole=self.is_whole(sms))

    def is_whole(self, sms: ReceivedSms) -> bool:
        return len(sms.text) < self.preview and not sms.text.endswith(("…", "..."))

    async def ours_since(self) -> datetime:
        """Return since when the phone is ours: from our first look on."""
        async with self.storage.reading() as session:
            kept = await facts.get(session, SINCE)
        if kept:
            return datetime.fromisoformat(kept)
        moment = now().replace(microsecond=0)  # lists name whole seconds
        await self.storage.write(lambda session: facts.put(session, SINCE, moment.isoformat()))
        return moment

    async def listed(self, since: datetime) -> list[ReceivedSms]:
        """The messages of people that the phone received since a moment. Raises SmsRefused, SmsUnreachable."""
        messages: list[ReceivedSms] = []
        for page in range(PAGES):
            entries = await self.page(since, page)
            messages += readable(entries)
            if len(entries) < PAGE:
                break
        return [sms for sms in messages if sms.address and sms.at >= since]

    async def page(self, since: datetime, number: int) -> list[Any]:
        """The entries of one page of the list. Raises SmsRefused, SmsUnreachable."""
        params = {"type": "SMS", "from": since.astimezone(UTC).isoformat(timespec="seconds")}
        params |= {"limit": str(PAGE), "offset": str(number * PAGE)}
        entries = await self.client.call("GET", "/inbox", params=params)
        return entries if isinstance(entries, list) else []

    async def ask_again(self, since: datetime, until: datetime) -> None:
        """Have the phone post again what it received in between. Raises SmsRefused, SmsUnreachable."""
        await self.once.ask_again(since, until)
        span = {"since": since.isoformat(), "until": until.isoformat(), "triggerWebhooks": True}
        await self.client.call("POST", "/inbox/refresh", span)


async def take_each(messages: Iterable[Incoming], take: Take) -> None:
    """Take each, also after one that is refused: its sender is told. Raises the first refusal at the end."""
    refused: Exception | None = None
    for incoming in messages:
        try:
            await take(incoming)
        except Exception as error:
            refused = refused or error
    if refused:
        raise refused


def readable(entries: Iterable[Any]) -> list[ReceivedSms]:
    """Return the entries that can be read. The others would stay unreadable."""
    messages = []
    for entry in entries:
        try:
            messages.append(ReceivedSms.model_validate(entry))
        except ValidationError:
            DROPPED.labels(NAME, "inbox").inc()
            log.error("entry of the phone's list dropped")
    return messages

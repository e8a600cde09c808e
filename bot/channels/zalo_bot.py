"""Zalo Bot Platform: text, by webhook or by polling.

It has no buttons and no edits, gives files only as links, and does not number updates: one that was handed out is
gone. So each is held here until it is on disk, and a webhook's is acknowledged only then.
"""

import asyncio
import hmac
import unicodedata
from collections.abc import Awaitable, Mapping
from dataclasses import replace
from typing import Any, Final, Self, TypeVar
from urllib.parse import urlsplit

import orjson
import structlog
from sqlalchemy import bindparam
from sqlmodel import col, func, select

from bot.channels.backlog import Backlog
from bot.channels.base import (
    Callback,
    CallRefused,
    Headers,
    Menus,
    Outgoing,
    SendingPace,
    SendProblem,
    Sent,
    Service,
    Take,
)
from bot.channels.channel_settings import Limit
from bot.channels.connecting import connected
from bot.channels.counting import Counting
from bot.channels.held_messages import HeldMessages
from bot.channels.refusing import Refusing
from bot.channels.text import plain
from bot.channels.zalo_bot_client import ZaloClient, ZaloRefused, ZaloUnreachable
from bot.channels.zalo_bot_reading import NAME, kind_of, read_event
from bot.channels.zalo_files import ZaloFiles, is_probe
from bot.metrics import DROPPED
from bot.patience import before, growing, pause
from bot.problems import Problem
from bot.telling_administrators import tell_administrators
from handlers.messages import WITHOUT_BUTTONS, Incoming, MessageKind
from handlers.wording import LOCALES, wording
from storage.carried import next_month
from storage.outage import Outage
from storage.tables import Contact, Outbox, OutboxState, now
from storage.unit_of_work import Storage

T = TypeVar("T")
SECRET_HEADER: Final = b"x-bot-api-secret-token"
MAX_TEXT: Final = 2000
POLL_SECONDS: Final = 30
"""How long Zalo holds a request open until something comes."""
HELD_SECONDS: Final = 1
"""The same while messages wait to be saved: they are tried again in between."""
MARGIN: Final = 10.0
"""Further seconds for which we wait for its answer: giving up first could miss what was just handed out."""
UNAUTHORIZED, SERVERS_OWN, NOT_FOUND, IDLE, QUOTA = 401, 403, 404, 408, 429
"""Codes of refusals. 429 is the month's quota, which no waiting within a message's life brings back."""
PEOPLE: Final = 50
"""How many the basic package lets a bot speak with."""
COUNT: Final = select(func.count()).select_from(Contact).where(Contact.channel == NAME)
PASSING: Final = {UNAUTHORIZED, SERVERS_OWN, IDLE}
"""Refusals after which the same message may be taken later: a token can be put right, and 403 is documented as the
server's own error."""
ANSWERED: Final = (
    select(Outbox.id)
    .join(Contact, col(Contact.id) == col(Outbox.contact_id))
    .where(Contact.channel == NAME, Contact.address == bindparam("address"))
    .where(Outbox.state == OutboxState.SENT)
    .limit(1)
)
"""Whether anything went out to somebody lately."""

log = structlog.get_logger(__name__)


class ZaloBot(Service):
    """A bot's account. Use as `async with`. Pictures are fetched from `hosts` and the hosts below them only."""

    name = NAME
    can = replace(
        WITHOUT_BUTTONS,
        text_alone=True,
        documents=(),
        takes=frozenset({"image", "audio"}),
        max_text=MAX_TEXT,
    )
    pace = SendingPace(10.0, 1.0)
    """Zalo publishes none; a month's 3,000 messages never come near one."""

    def __init__(
        self,
        token: str,
        base_url: str,
        *,
        hosts: tuple[str, ...] = (),
        takes_over: bool = False,
        locale: str = LOCALES[0],
        limits: tuple[Limit, ...] = (),
    ) -> None:
        self.client = ZaloClient(token, base_url)
        self.files = ZaloFiles(self.client.http, (*hosts, urlsplit(base_url).hostname or ""))
        self.takes_over = takes_over
        self.polling, self.held = Outage("polling failed"), HeldMessages()
        self.backlog = Backlog()
        self.say = wording(locale)
        self.counting = Counting(NAME, limits, "admin.zalo_bot.spent")
        self.refusing = Refusing()

    async def __aenter__(self) -> Self:
        await self.client.__aenter__()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.client.__aexit__(*error)

    def attach(self, storage: Storage) -> None:
        """See `Channel.attach`."""
        self.counting.storage = storage

    # --- sending

    async def send(self, message: Outgoing) -> Sent:
        """See `Channel.send`."""
        text = unicodedata.normalize("NFC", plain(message.reply.text))
        key = await self.counting.admit(message)
        try:
            result = await self.client.call("sendMessage", {"chat_id": message.address, "text": text})
        except ZaloUnreachable as error:
            raise SendProblem(str(error)) from None
        except ZaloRefused as refused:
            if refused.code == QUOTA:
                log.error("not sent: the month's messages of this Zalo bot are used up")
                await self.counting.tell_spent(next_month(now()))
            passes = is_passing(refused) and not await self.is_of_one_too_many(refused, message)
            if not passes:
                await self.counting.take_back(key)
                await self.tell_if_full(refused.code)
            elif self.refusing.refuses(message.address):
                await self.tell_of_one(refused.code)
                passes = message.priority < 0  # a danger is tried on
            raise SendProblem(f"Zalo {refused.code}", permanent=not passes) from None
        self.refusing.took(message.address)
        return Sent(str(result.get("message_id") or "") if isinstance(result, dict) else "")

    async def tell_if_full(self, code: int) -> None:
        """Tell the administrators where a refusal may mean that the bot has all the people it may: no code says so."""
        storage = self.counting.storage
        if code == QUOTA or storage is None:
            return
        if await self.may_be_full(storage):
            log.error("not sent: this Zalo bot may have all the people it may", refusal=code)
            await tell_administrators(
                storage,
                NAME,
                f"full:{now():%Y%m%d}",
                lambda say: say("admin.zalo_bot.full", n=PEOPLE, code=str(code)),
            )

    async def tell_of_one(self, code: int) -> None:
        """Tell the administrators, once a day, that Zalo takes messages for others, and for one person none."""
        log.error("not sent: Zalo refuses one person's messages", refusal=code)
        if self.counting.storage is not None:
            await tell_administrators(
                self.counting.storage,
                NAME,
                f"refuses:{now():%Y%m%d}",
                lambda say: say("admin.zalo_bot.refuses_one", code=str(code)),
            )

    async def may_be_full(self, storage: Storage) -> bool:
        """Whether more people wrote than the basic package lets a bot speak with."""
        async with storage.reading() as session:
            return (await session.exec(COUNT)).one() > PEOPLE

    async def is_of_one_too_many(self, refused: ZaloRefused, message: Outgoing) -> bool:
        """Whether a refusal that looks like the server's own error is rather of somebody beyond those whom the bot may have.

        Nobody knows the code of that. So it is somebody to whom nothing has gone out; an emergency is tried again anyhow.
        """
        storage = self.counting.storage
        if refused.code != SERVERS_OWN or storage is None or message.priority < 0:
            return False
        if not await self.may_be_full(storage):
            return False
        async with storage.reading() as session:
            return (await session.exec(ANSWERED, params={"address": message.address})).first() is None

    async def download(self, ref: str, limit: int) -> bytes:
        """See `Channel.download`. `ref` is the address that came with the message."""
        return await self.files.download(ref, limit)

    # --- the account

    async def begin(self, menus: Menus, webhook: Callback | None, stop: asyncio.Event) -> str:
        """See `Service.begin`. Zalo has no menus; its bots have no name by which a link leads to them."""

        async def all_of_it() -> str:
            await self.settled(self.client.call("getMe"))
            await (self.set_webhook(*webhook) if webhook else self.free_from_webhook())
            return ""

        def why(error: Exception) -> str:
            return str(self.say("admin.zalo_bot.unreachable", why=str(error)))

        return await connected("Zalo", all_of_it, stop, passing=ZaloUnreachable, why=why) or ""

    async def settled(self, call: Awaitable[T]) -> T:
        """Return the result of a call made at the start. A refusal that would only be repeated becomes a Problem."""
        try:
            return await call
        except ZaloRefused as refused:
            if refused.code in (UNAUTHORIZED, NOT_FOUND):
                raise Problem(self.say("admin.zalo_bot.wrong_token").unescape()) from None
            if is_passing(refused):
                raise ZaloUnreachable(f"Zalo {refused.code}") from None
            why = f"{refused.code} {refused.description}".strip()
            raise Problem(self.say("admin.zalo_bot.refused", why=why).unescape()) from None

    async def set_webhook(self, url: str, secret: str) -> None:
        """Have messages posted to `url`. Zalo keeps it even if its own test of it failed; then say so."""
        # Its calls are limited by the day, and a bot may be started often.
        if await self.webhook() == url:
            return
        result = await self.settled(self.client.call("setWebhook", {"url": url, "secret_token": secret}))
        verified = result.get("verification") if isinstance(result, dict) else None
        if isinstance(verified, dict) and verified.get("ok") is False:
            why = str(self.say("admin.zalo_bot.not_verified", outcome=str(verified.get("outcome") or "")))
            log.warning("webhook not verified", why=why)

    async def webhook(self) -> str:
        """The address that messages are posted to, "" for none: then Zalo answers 404 or an empty one."""
        try:
            told = await self.client.call("getWebhookInfo")
        except ZaloRefused as refused:
            if refused.code == NOT_FOUND:
                return ""
            return await self.settled(failed(refused))
        return str(told.get("url") or "") if isinstance(told, dict) else ""

    async def free_from_webhook(self) -> None:
        """Make sure that messages can be fetched: while a webhook is set, Zalo is silent and does not say why.

        Raises Problem if another program's webhook would be lost.
        """
        url = await self.webhook()
        if not url:
            return
        if not self.takes_over:
            host = urlsplit(url).hostname or url
            raise Problem(self.say("admin.zalo_bot.webhook_set", host=host).unescape())
        await self.settled(self.client.call("deleteWebhook"))

    # --- receiving

    def admits(self, headers: Headers, secret: str) -> bool:
        """See `Service.admits`. A call too short to say anything is let in, for `posted` to ignore."""
        known = dict(headers)
        if hmac.compare_digest(known.get(SECRET_HEADER, b""), secret.encode()):
            return True
        return is_probe(headers)

    async def posted(self, body: bytes, take: Take) -> None:
        """See `Service.posted`."""
        if body.strip() in (b"", b"{}"):
            return
        try:
            event = orjson.loads(body)
        except orjson.JSONDecodeError:
            raise CallRefused("json", 400) from None
        if not isinstance(event, dict):
            raise CallRefused("json", 400)
        incoming = self.read(event)
        if incoming is not None:
            await take(incoming)

    def read(self, event: object) -> Incoming | None:
        """Return what a person did; None if nothing can be answered. What cannot be read is dropped: it would stay
        unreadable."""
        kind = kind_of(event)
        try:
            incoming = read_event(event)
        except Exception as error:  # of any kind: the same event would raise it whenever it came
            DROPPED.labels(NAME, kind).inc()
            log.error("update dropped", kind=kind, error=type(error).__name__)
            return None
        if incoming is None or incoming.kind is MessageKind.OTHER:
            log.info("nothing to read in it", kind=kind)
        return incoming

    async def poll(self, take: Take, stop: asyncio.Event) -> None:
        """See `Service.poll`. Zalo hands out each message once: those that cannot be saved are held here."""
        refusals = 0
        while not stop.is_set():
            events = [] if self.held.is_full else await self.handed_out(stop)
            taking = self.backlog.taking(take)
            for incoming in filter(None, map(self.read, events)):
                self.held.add(incoming, taking)
            refusals = 0 if await self.held.take_all() else refusals + 1
            if refusals:
                await pause(stop, growing(refusals))
        self.held.drop()

    async def handed_out(self, stop: asyncio.Event) -> list[object]:
        """Return what came next; none after a pause if Zalo is not reached."""
        try:
            with self.backlog.asking():
                events = await self.fetch(stop)
        except ZaloUnreachable as error:
            self.failed_polls += 1
            self.polling.met(error=str(error))
            await pause(stop, growing(self.failed_polls))
            return []
        self.failed_polls = 0
        self.polling.over()
        return events

    async def fetch(self, stop: asyncio.Event) -> list[object]:
        """Return what came next, none if `stop` comes first or nothing did. Raises ZaloUnreachable, also if Zalo refuses."""
        wait = HELD_SECONDS if self.held.waiting else POLL_SECONDS
        asking = self.client.call("getUpdates", {"timeout": str(wait)}, patience=wait + MARGIN)
        try:
            result = await before(stop, asking)
        except ZaloRefused as refused:
            if is_idle(refused):
                return []
            # It accepted at the start what it refuses now, so another moment may be better.
            raise ZaloUnreachable(f"Zalo {refused.code}") from None
        return result if isinstance(result, list) else [result] if isinstance(result, Mapping) else []


async def failed(refused: ZaloRefused) -> Any:
    """Raise `refused` once awaited, for code that awaits calls."""
    raise refused


def is_passing(refused: ZaloRefused) -> bool:
    """Whether the same call may work later."""
    return refused.code in PASSING or refused.code >= 500


def is_idle(refused: ZaloRefused) -> bool:
    """Whether nobody wrote while Zalo held the request. Its code is sometimes missing, and the status then 200."""
    return refused.code == IDLE or "request timeout" in refused.description.lower()

"""A Zalo Official Account: buttons, pictures, and a window outside which each message costs.

For 48 hours after somebody wrote, tapped or followed, messages to them are free. Until the seventh day they are
billed; after that only templates are taken. The time of the person's last message is kept with their chat, so the
window is known before Zalo is asked. What it does not let through waits in the outbox until they write again, and may
run out of time there.
"""

import asyncio
import hmac
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from enum import Enum
from functools import partial
from hashlib import sha256
from typing import Any, Final, Self
from urllib.parse import urlsplit

import orjson
import structlog
from sqlalchemy.exc import DBAPIError

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
from bot.channels.connecting import connected
from bot.channels.counting import Counting
from bot.channels.text import plain, shorten
from bot.channels.zalo_files import ZaloFiles, hosts_in, is_probe
from bot.channels.zalo_oa_client import (
    ADMINISTRATOR,
    LOST_TOKEN,
    NOT_BY_ID,
    OUTSIDE,
    PASSING,
    UNREACHABLE,
    NotRenewed,
    OaRefused,
    OaUnreachable,
    ZaloOaClient,
)
from bot.channels.zalo_oa_heard import LastHeard
from bot.channels.zalo_oa_reading import NAME, payload_of, read_event
from bot.channels.zalo_oa_settings import BILLED, ZaloOaSettings
from bot.channels.zalo_oa_tokens import WARNED, TokenKeeper
from bot.metrics import DROPPED
from bot.patience import pause
from bot.problems import Problem
from bot.telling_administrators import tell_administrators
from handlers.messages import WITHOUT_BUTTONS, Incoming, MessageKind, Reply
from handlers.wording import wording
from storage import outbox, people
from storage.outage import Outage
from storage.outbox import OUTSIDE_WINDOW
from storage.people import find_contact
from storage.tables import now
from storage.unit_of_work import Storage

MAX_TEXT: Final = 2000
TAPS: Final = 5
TITLE: Final = 100
PICTURE, DOCUMENT = 1_000_000, 5_000_000
"""Bytes of a picture and of a document that Zalo takes."""
DOCUMENTS: Final = (".pdf", ".csv")
"""The kinds of our documents that it takes."""
HELD: Final = timedelta(hours=6)
"""How long a message that the window does not let through waits before it is tried again."""
ACT: Final = timedelta(minutes=10)
"""How long a message waits while an administrator has to put the account right."""
TEMPLATE_TEXT: Final = 200
EVERY: Final = 600.0
"""Seconds between two looks at the tokens."""

log = structlog.get_logger(__name__)


class ReplyWindow(Enum):
    """What a message to somebody costs now."""

    FREE = "free"
    BILLED = "billed"
    CLOSED = "closed"


def window_after(silence: timedelta) -> ReplyWindow:
    """Return which window is open that long after somebody's last message."""
    if silence <= ZaloOaSettings.free_for:
        return ReplyWindow.FREE
    return ReplyWindow.BILLED if silence <= BILLED else ReplyWindow.CLOSED


class ZaloOa(Service):
    """One account. Use as `async with`."""

    name = NAME
    can = replace(
        WITHOUT_BUTTONS,
        taps=TAPS,
        max_text=MAX_TEXT,
        documents=DOCUMENTS,
        gathers=True,
    )
    pace = SendingPace(20.0, 1.0)
    """Zalo takes 4,000 calls a minute of an application."""

    def __init__(self, settings: ZaloOaSettings, locale: str, every: float = EVERY) -> None:
        self.settings, self.every = settings, every
        # Do not ask for a number that would not count as the person's own.
        self.can = replace(ZaloOa.can, shares_contact=settings.trust_phones, open_for=settings.open_for)
        self.client = ZaloOaClient(settings.base_url, settings.oauth_url)
        hosts = (*hosts_in(settings.file_hosts), urlsplit(settings.base_url).hostname or "")
        self.files = ZaloFiles(self.client.http, hosts)
        self.counting, self.heard = Counting(NAME, settings.limits), LastHeard(settings.free_for)
        self.secret = settings.secret("oa_secret")
        self.say = wording(locale)
        self.keeper: TokenKeeper | None = None
        self.renewing = Outage("tokens not renewed")

    async def __aenter__(self) -> Self:
        await self.client.__aenter__()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.client.__aexit__(*error)

    def attach(self, storage: Storage) -> None:
        """See `Channel.attach`."""
        self.counting.storage = storage
        renew = partial(self.client.renew, self.settings.app_id, self.settings.secret("secret_key"))
        self.keeper = TokenKeeper(storage, self.settings.secret("refresh_token"), renew)

    @property
    def tokens(self) -> TokenKeeper:
        """Return the keeper of the tokens. Raises RuntimeError before the channel is attached."""
        if self.keeper is None:
            raise RuntimeError("used before it was attached to a database")
        return self.keeper

    async def call(
        self, path: str, body: object = None, *, file: tuple[str, bytes] | None = None
    ) -> dict[str, Any]:
        """Make a call with the access token, which is renewed once if it is no longer valid. Raises OaRefused,
        OaUnreachable."""
        token = await self.tokens.access()
        try:
            return await self.client.call(token, path, body, file=file)
        except OaRefused as refused:
            if refused.code not in LOST_TOKEN:
                raise
        token = await self.tokens.access(instead_of=token)
        return await self.client.call(token, path, body, file=file)

    # --- sending

    async def send(self, message: Outgoing) -> Sent:
        """See `Channel.send`."""
        window = await self.window_of(message.address)
        number = await self.number_of(message.address) if window is ReplyWindow.CLOSED else ""
        wanted = self.messages_in(window, message)
        price = wanted * self.price_in(window, message.priority, number)
        key = await self.admitted(message, wanted, price)
        try:
            return await self.send_in(window, message, number)
        except OaUnreachable as error:
            raise SendProblem(str(error)) from None
        except OaRefused as refused:
            self.heard.forget(message.address)
            problem = await self.problem_of(refused)
            if problem.permanent or problem.postponed is not None:
                await self.counting.take_back(key)
            raise problem from None
        except SendProblem:  # of a number, for which the budget has no room
            await self.counting.take_back(key)
            raise

    def messages_in(self, window: ReplyWindow, message: Outgoing) -> int:
        """Return how many messages Zalo makes of one: an attachment is sent by itself, and so is the form for a number."""
        if window is ReplyWindow.CLOSED:
            return 1  # the template
        asks = message.reply.ask_for == "contact" and self.settings.trust_phones
        return 1 + takes(message.reply, message.file or b"") + asks

    async def admitted(self, message: Outgoing, wanted: int, price: int) -> str:
        """Count a message, and return its name. Raises SendProblem: what the budget has no room for waits for the next
        window."""
        try:
            return await self.counting.admit(message, wanted, price)
        except SendProblem:
            if not price:
                raise
            await self.tell(f"budget:{now():%Y%m}", "admin.zalo_oa.spent", budget=self.settings.budget)
            raise SendProblem(OUTSIDE_WINDOW, postponed=HELD.total_seconds()) from None

    async def window_of(self, address: str) -> ReplyWindow:
        """What a message to somebody costs now, by when they last wrote, tapped or followed."""
        if self.counting.storage is None or self.heard.is_free(address):
            return ReplyWindow.FREE
        async with self.counting.storage.reading() as session:
            contact = await find_contact(session, NAME, address)
        if contact is None or contact.last_sent_at is None:
            return ReplyWindow.FREE
        return window_after(now() - contact.last_sent_at)

    async def number_of(self, address: str) -> str:
        """Return the number at which somebody agreed to be written to if nothing else reaches them; "" for none."""
        if self.counting.storage is None or not self.settings.writes_by_phone:
            return ""
        async with self.counting.storage.reading() as session:
            contact = await find_contact(session, NAME, address)
            reader = await people.get(session, contact.person_id) if contact and contact.person_id else None
        return reader.phone if reader and reader.letters_by_phone else ""

    def price_in(self, window: ReplyWindow, priority: int, number: str) -> int:
        """Return what a message costs, in đồng. Raises SendProblem if nothing may be spent, or nothing is taken."""
        if window is ReplyWindow.FREE:
            return 0
        by_id = window is ReplyWindow.BILLED or bool(self.settings.template_id)
        may_be_spent = self.settings.budget or priority < 0
        if not (by_id or number) or not may_be_spent:
            raise SendProblem(OUTSIDE_WINDOW, postponed=HELD.total_seconds())
        if window is ReplyWindow.BILLED:
            return self.settings.message_price
        return self.settings.template_price if by_id else self.settings.phone_template_price

    async def send_in(self, window: ReplyWindow, message: Outgoing, number: str) -> Sent:
        """Send as the window requires. Raises OaRefused, OaUnreachable; SendProblem if the budget has no room."""
        if window is ReplyWindow.CLOSED:
            return await self.send_template(message, number)
        reply, to = message.reply, {"user_id": message.address}
        if message.file is not None:
            reply = await self.send_file(to, reply, message.file)
        text = unicodedata.normalize("NFC", plain(reply.text))
        body: dict[str, Any] = {"text": text}
        if buttons := self.buttons_of(reply, message.address):
            body["attachment"] = {"type": "template", "payload": {"buttons": buttons}}
        told = await self.call("/v3.0/oa/message/cs", {"recipient": to, "message": body})
        if reply.ask_for == "contact" and self.settings.trust_phones:
            await self.call("/v3.0/oa/message/cs", {"recipient": to, "message": {"attachment": self.form()}})
        return Sent(str(told.get("message_id") or ""))

    def form(self) -> dict[str, Any]:
        """Zalo's form in which somebody gives their name and number."""
        element = {"title": self.say("channel.share_contact"), "subtitle": self.say("channel.share_why")}
        payload = {
            "template_type": "request_user_info",
            "elements": [{name: text.unescape() for name, text in element.items()}],
        }
        return {"type": "template", "payload": payload}

    def buttons_of(self, reply: Reply, address: str) -> list[dict[str, str]]:
        """Return the buttons of a reply; only this person can send what each sends when tapped."""
        offered = [choice for row in (*reply.choices, *reply.actions) for choice in row]
        return [
            {
                "title": shorten(choice.label, TITLE),
                "type": "oa.query.hide",
                "payload": payload_of(self.secret, address, choice.data),
            }
            for choice in offered[:TAPS]
        ]

    async def send_file(self, to: Mapping[str, str], reply: Reply, file: bytes) -> Reply:
        """Send a picture or a document before its words; return the words, with a sentence if the file is not taken.

        Raises OaRefused, OaUnreachable.
        """
        attachment = await self.uploaded(reply, file)
        if attachment is None:
            text = (
                reply.text + "\n\n" + self.say("channel.text_alone")
                if reply.text
                else self.say("channel.text_alone")
            )
            return Reply(text, reply.choices, reply.actions)
        await self.call("/v3.0/oa/message/cs", {"recipient": to, "message": {"attachment": attachment}})
        return Reply(reply.text or self.say("channel.file_above"), reply.choices, reply.actions)

    async def uploaded(self, reply: Reply, file: bytes) -> dict[str, Any] | None:
        """Upload a file and return its attachment; None if Zalo does not take it. Raises OaRefused, OaUnreachable."""
        if not takes(reply, file):
            return None
        if reply.picture:
            told = await self.call("/v2.0/oa/upload/image", file=("hinh.png", file))
            element = {"media_type": "image", "attachment_id": told.get("attachment_id")}
            return {"type": "template", "payload": {"template_type": "media", "elements": [element]}}
        name = reply.document.name if reply.document else ""
        told = await self.call("/v2.0/oa/upload/file", file=(name, file))
        return {"type": "file", "payload": {"token": told.get("token")}}

    async def send_template(self, message: Outgoing, number: str) -> Sent:
        """Send the beginning of a message in the template set for it: to the person's id, else to their `number`.

        Raises OaRefused, OaUnreachable; SendProblem if the budget has no room for the number.
        """
        text = shorten(" ".join(plain(message.reply.text).split()), TEMPLATE_TEXT)
        data = {self.settings.template_field: unicodedata.normalize("NFC", text)}
        if not self.settings.template_id:
            return await self.send_to_number(message, data, number)
        body = {"user_id": message.address, "template_id": self.settings.template_id, "template_data": data}
        try:
            told = await self.call("/v3.0/oa/message/template", body)
        except OaRefused as refused:
            if refused.code not in NOT_BY_ID or not number:
                raise
            return await self.send_to_number(message, data, number)
        return Sent(str(told.get("message_id") or ""))

    async def send_to_number(self, message: Outgoing, data: Mapping[str, str], number: str) -> Sent:
        """Send a template to a number; its price is counted first. Raises as `send_template`."""
        key = await self.admitted(message, 1, self.settings.phone_template_price)
        told = await self.call(
            f"{self.settings.business_url.rstrip('/')}/message/template",
            {
                "phone": number,
                "template_id": self.settings.phone_template_id,
                "template_data": data,
                "tracking_id": key,
            },
        )
        return Sent(str(told.get("msg_id") or ""))

    async def problem_of(self, refused: OaRefused) -> SendProblem:
        """Return what a refusal means for its message. A number that nobody knows is not tried again.

        If tokens are the trouble, the message is not to blame: it waits until they are put right.
        """
        code = refused.code
        if code in PASSING:
            return SendProblem(f"Zalo {code}")
        if code in OUTSIDE:
            return SendProblem(OUTSIDE_WINDOW, postponed=HELD.total_seconds())
        if is_for_administrator(refused):
            log.error("the Zalo account has to be put right", refusal=code)
            await self.tell(f"act:{now():%Y%m%d}:{code}", "admin.zalo_oa.act", code=str(code))
            of_all = (
                code not in ADMINISTRATOR
            )  # nothing goes without tokens, so that each chat keeps its order
            return SendProblem(f"Zalo {code}", postponed=None if of_all else ACT.total_seconds())
        log.error("not sent: Zalo refused it", refusal=code)
        return SendProblem(f"Zalo {code}", unreachable=code in UNREACHABLE, permanent=True)

    async def tell(self, occasion: str, key: str, **facts: Any) -> None:
        """Tell the administrators, on other channels, once for each occasion."""
        if self.counting.storage is not None:
            await tell_administrators(self.counting.storage, NAME, occasion, lambda say: say(key, **facts))

    async def download(self, ref: str, limit: int) -> bytes:
        """See `Channel.download`. `ref` is the address that came with the message."""
        return await self.files.download(ref, limit)

    # --- the account

    async def begin(self, menus: Menus, webhook: Callback | None, stop: asyncio.Event) -> str:
        """See `Service.begin`. Its webhook is set in Zalo's console. Raises Problem."""
        if webhook is None:
            raise Problem(self.say("admin.zalo_oa.needs_webhook").unescape())
        log.info("the address for Zalo's console", path=urlsplit(webhook.url).path)

        def why(error: Exception) -> str:
            return str(self.say("admin.zalo_oa.unreachable", why=str(error)))

        await connected("Zalo", self.look, stop, passing=OaUnreachable, why=why)
        return ""

    async def look(self) -> None:
        """Check that the account answers. Raises OaUnreachable, also while its tokens cannot be read; Problem for what
        will not pass."""
        try:
            await self.call("/v2.0/oa/getoa")
        except DBAPIError as error:
            raise OaUnreachable(type(error).__name__) from None
        except OaRefused as refused:
            if refused.code in PASSING:
                raise OaUnreachable(f"Zalo {refused.code}") from None
            raise Problem(self.say("admin.zalo_oa.refused", code=str(refused.code)).unescape()) from None

    async def beside_webhook(self, take: Take, stop: asyncio.Event) -> None:
        """See `Service.beside_webhook`: keeps the tokens fresh."""
        while not stop.is_set():
            with self.renewing.survived():
                await self.keep_fresh()
            with self.renewing.survived():
                await self.warn()
            await pause(stop, self.every)

    async def keep_fresh(self) -> None:
        """Renew the tokens twice a day; tell the administrators if that is refused. Raises as `TokenKeeper`."""
        try:
            await self.tokens.keep_fresh()
        except NotRenewed as refused:
            await self.problem_of(refused)
            raise

    async def warn(self) -> None:
        """Tell the administrators, once a day, of a refresh token that is about to die."""
        kept = await self.tokens.kept()
        if kept.got_at and now() >= kept.dies_at - WARNED:
            log.error("the refresh token of the Zalo account is about to end")
            await self.tell(f"token:{now():%Y%m%d}", "admin.zalo_oa.token_ends", until=kept.dies_at.date())

    # --- receiving

    def admits(self, headers: Headers, secret: str) -> bool:
        """See `Service.admits`. A call too short to say anything is let in, for `posted` to ignore."""
        return b"x-zevent-signature" in dict(headers) or is_probe(headers)

    def signed(self, headers: Headers, body: bytes) -> bool:
        """See `Service.signed`. Until the signature is known to be right, only the moment in the body is looked at."""
        if is_nothing(body):
            return True
        known = dict(headers)
        moment = known.get(b"x-zevent-timestamp") or moment_in(body)
        told = self.settings.app_id.encode() + body + moment + self.secret.encode()
        wanted = f"mac={sha256(told).hexdigest()}".encode()
        return hmac.compare_digest(wanted, known.get(b"x-zevent-signature", b""))

    async def posted(self, body: bytes, take: Take) -> None:
        """See `Service.posted`."""
        if is_nothing(body):
            return
        try:
            event = orjson.loads(body)
        except orjson.JSONDecodeError:
            raise CallRefused("json", 400) from None
        incoming = self.read(event)
        if incoming is None:
            return
        if incoming.kind is MessageKind.BLOCKED:
            await take(incoming)
            self.heard.forget(incoming.address)
        else:
            await self.hear(incoming, take)

    async def hear(self, incoming: Incoming, take: Take) -> None:
        """Take what somebody said. Messages to them are free from now on, the answer too; what waits for that goes now.

        If it cannot be saved, they count as not heard: it comes again, and with it what waits.
        """
        # If messages were free until now, nothing waits for this person.
        if self.counting.storage is not None and not self.heard.is_free(incoming.address):
            outbox.hasten(self.counting.storage, NAME, incoming.address, OUTSIDE_WINDOW)
        self.heard.note(incoming.address, incoming.at)
        try:
            await take(incoming)
        except BaseException:
            self.heard.forget(incoming.address)
            raise

    def read(self, event: object) -> Incoming | None:
        """Return what a person did; None if nothing can be answered. What cannot be read is dropped: it would stay
        unreadable."""
        try:
            if not isinstance(event, dict):
                raise ValueError("no event")
            return read_event(event, self.secret, trusts_phones=self.settings.trust_phones)
        except Exception as error:  # of any kind: the same event would raise it whenever it came
            DROPPED.labels(NAME, "event").inc()
            log.error("update dropped", error=type(error).__name__)
            return None


def is_for_administrator(refused: OaRefused) -> bool:
    """Whether only an administrator can put right what was refused."""
    return refused.code in ADMINISTRATOR or refused.code in LOST_TOKEN or isinstance(refused, NotRenewed)


def takes(reply: Reply, file: bytes) -> bool:
    """Whether Zalo takes the picture or the document of a reply; False where it has none."""
    if reply.picture:
        return 0 < len(file) <= PICTURE
    name = reply.document.name if reply.document else ""
    return name.lower().endswith(DOCUMENTS) and 0 < len(file) <= DOCUMENT


def is_nothing(body: bytes) -> bool:
    """Whether a call says nothing: Zalo sends such to see whether anybody is there."""
    return body.strip() in (b"", b"{}")


def moment_in(body: bytes) -> bytes:
    """Return the moment that an event names, as it is written there."""
    try:
        event = orjson.loads(body)
        return str(event["timestamp"]).encode() if isinstance(event, dict) else b""
    except (orjson.JSONDecodeError, KeyError):
        return b""

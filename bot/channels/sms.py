"""SMS through an Android phone with SMSGate: text without marks, each part of it paid for.

The phone is the weak point. Its webhook dies until the app is restarted, its battery saver puts it to sleep, and a
message that it took may stay with it for hours. So incoming messages are also read from the phone's list, outgoing
ones are asked about, and an administrator is told when the phone is silent or holds something back.
"""

import asyncio
import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Self

import orjson
import structlog
from markupsafe import Markup
from pydantic import ValidationError

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
from bot.channels.gsm import parts_in, unmarked
from bot.channels.sms_client import (
    BAD_MESSAGE,
    CONFLICT,
    NOT_FOUND,
    WRONG_LOGIN,
    SmsClient,
    SmsRefused,
    SmsUnreachable,
)
from bot.channels.sms_inbox import SmsInbox
from bot.channels.sms_outbound import SOME_TIME, SmsOutbound
from bot.channels.sms_reading import NAME, STATES, WAITING, WHOLE, ReceivedSms, SmsEvent
from bot.channels.text import plain
from bot.metrics import DROPPED
from bot.patience import growing, pause
from bot.problems import Problem
from bot.telling_administrators import tell_administrators
from handlers.messages import WITHOUT_BUTTONS
from handlers.wording import Wording, wording
from storage import carried
from storage.carried import CarriedState
from storage.outage import Outage
from storage.tables import now
from storage.unit_of_work import Storage

if TYPE_CHECKING:  # the settings open this file
    from bot.channels.sms_settings import SmsSettings

EVENTS: Final = ("sms:received", *STATES, "system:ping", "app:started")
"""What the phone has to post."""
SKEW: Final = 300
"""How many seconds a call's time may differ from ours: an older call may be an old one that somebody posts again."""
URGENT: Final = 100
"""From this priority on, SMSGate ignores the limits that are set on the phone."""
OF_USE: Final = 86_400
"""After this many seconds the phone need not send what it took."""
ASKED: Final = 2.0
"""How many seconds an answer waits for the phone to say whether the question went out."""
LOOKED_AT: Final = 50
"""How many messages are asked about in one round."""

Sentence = Callable[[Wording], Markup]
"""What somebody is told, in their own words."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SmsTiming:
    """When the phone is looked at. All in seconds, except `grace`."""

    every: float = 5.0
    """Between two looks at its list, if it has no webhook."""
    beside: float = 60.0
    """Between two looks at its list, if it has a webhook."""
    grace: timedelta = timedelta(minutes=2)
    """How long a message may take to come by the webhook before it is taken from the list."""
    silent: float = 900.0
    """A phone that says nothing in either way for this long is reported."""
    asked_after: timedelta = timedelta(minutes=2)
    """How long nothing is known of a message before the phone is asked about it."""
    stuck: timedelta = timedelta(minutes=30)
    """How long it may be with the phone before this is reported."""


class Sms(Service):
    """One phone. Use as `async with`."""

    name = NAME
    soonest = timedelta(seconds=2)
    """A text message takes at least this long on its way."""
    can = replace(
        WITHOUT_BUTTONS,
        text_alone=True,
        brief=True,
        knows_number=True,
        documents=(),
        takes=frozenset(),
        max_text=1200,
    )

    def __init__(self, settings: "SmsSettings", locale: str, timing: SmsTiming = SmsTiming()) -> None:
        self.settings, self.timing = settings, timing
        self.client = SmsClient(settings.url, settings.username, settings.password.get_secret_value())
        self.key = settings.signing_key.get_secret_value().encode()
        self.counting = Counting(NAME, settings.limits, "admin.sms.spent")
        self.pace = SendingPace(settings.per_minute / 60, 3.0)
        self.say = wording(locale)
        self.outbound = SmsOutbound()
        self.list: SmsInbox | None = None
        self.callback: Callback | None = None
        self.polling, self.saving = Outage("the phone's list not read"), Outage("update not saved")
        self.following, self.deaf = Outage("sent messages not asked after"), Outage("webhook silent")
        self.heard_at = self.pinged_at = 0.0
        """By the loop's clock, when the phone said anything, and when its webhook did; 0.0: not yet."""
        self.is_silent = False

    async def __aenter__(self) -> Self:
        await self.client.__aenter__()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.client.__aexit__(*error)

    def attach(self, storage: Storage) -> None:
        """See `Channel.attach`."""
        self.counting.storage = storage

    @property
    def kept(self) -> Storage:
        """Return the database. Raises RuntimeError before it is attached."""
        if self.counting.storage is None:
            raise RuntimeError("used before it was attached to a database")
        return self.counting.storage

    # --- sending

    async def send(self, message: Outgoing) -> Sent:
        """See `Channel.send`. The phone takes a message of the same name once, however often it is given."""
        text = unmarked(plain(message.reply.text))
        parts = parts_in(text)
        key = await self.counting.admit(message, parts, parts * self.settings.price)
        try:
            await self.client.call("POST", "/messages", self.body_of(message, key, text))
        except SmsUnreachable as error:
            raise SendProblem(str(error)) from None
        except SmsRefused as refused:
            if refused.status != CONFLICT:  # it already has this one, so it took it before
                raise await self.refused(key, refused) from None
        self.outbound.given(message.address, key)
        return Sent(key)

    def out_at(self, ref: str, taken_at: datetime) -> datetime | None:
        """See `Channel.out_at`."""
        return self.outbound.out_at(ref, taken_at)

    def body_of(self, message: Outgoing, key: str, text: str) -> dict[str, Any]:
        urgent = message.priority < 0
        body: dict[str, Any] = {
            "id": key,
            "phoneNumbers": [f"+{message.address}"],
            "textMessage": {"text": text},
            "withDeliveryReport": True,
            "priority": URGENT if urgent else 0,
        }
        if not urgent:
            body["ttl"] = OF_USE
        if self.settings.sim:
            body["simNumber"] = self.settings.sim
        if self.settings.device_id:
            body["deviceId"] = self.settings.device_id
        return body

    async def refused(self, key: str, refused: SmsRefused) -> SendProblem:
        """Return what a refusal means, and stop counting a message that will never be taken."""
        if refused.status in BAD_MESSAGE:
            await self.counting.take_back(key)
        return SendProblem(f"SMSGate {refused.status}", permanent=refused.status in BAD_MESSAGE)

    # --- the phone

    async def begin(self, menus: Menus, webhook: Callback | None, stop: asyncio.Event) -> str:
        """See `Service.begin`. A phone has no menus and no name. Raises Problem."""
        if webhook and not self.key:
            raise Problem(self.say("admin.sms.no_key").unescape())
        self.callback = webhook

        def why(error: Exception) -> str:
            return str(self.say("admin.sms.unreachable", why=str(error)))

        await connected("the phone", self.set_webhooks, stop, passing=SmsUnreachable, why=why)
        return ""

    async def set_webhooks(self) -> None:
        """Have the phone post what happens, or nothing if there is no address to post to.

        Raises SmsUnreachable; Problem for what will not pass.
        """
        try:
            # Also the first word with the phone: it tells whether the password is right.
            known = await self.client.call("GET", "/webhooks")
            await (self.add_webhooks(self.callback.url) if self.callback else self.drop_webhooks(known))
        except SmsRefused as refused:
            if refused.status in WRONG_LOGIN:
                raise Problem(self.say("admin.sms.wrong_password").unescape()) from None
            if refused.is_passing:
                raise SmsUnreachable(f"SMSGate {refused.status}") from None
            raise Problem(self.say("admin.sms.refused", status=refused.status).unescape()) from None

    async def add_webhooks(self, url: str) -> None:
        """Set one for each event; it replaces ours of the same name. Raises SmsRefused, SmsUnreachable."""
        for event in EVENTS:
            await self.client.call("POST", "/webhooks", self.hook(hook_id(event), event, url))

    async def drop_webhooks(self, known: object) -> None:
        """Remove ours from those that are set: nobody would hear them. Raises SmsRefused, SmsUnreachable."""
        ours = set(map(hook_id, EVENTS))
        ids = [hook.get("id") for hook in known if isinstance(hook, dict)] if isinstance(known, list) else []
        for name in ours.intersection(ids):
            await self.client.call("DELETE", f"/webhooks/{name}")

    def hook(self, name: str, event: str, url: str) -> dict[str, str]:
        device = {"deviceId": self.settings.device_id} if self.settings.device_id else {}
        return {"id": name, "event": event, "url": url, **device}

    # --- receiving

    def admits(self, headers: Headers, secret: str) -> bool:
        """See `Service.admits`. The time is in a header, which the signature covers."""
        try:
            sent_at = int(dict(headers)[b"x-timestamp"])
        except (KeyError, ValueError):
            return False
        return (
            abs(int(now().timestamp()) - sent_at) <= SKEW
        )  # whole numbers: any that fits a header can be taken off

    def signed(self, headers: Headers, body: bytes) -> bool:
        """See `Service.signed`."""
        known = dict(headers)
        wanted = hmac.digest(self.key, body + known.get(b"x-timestamp", b""), "sha256").hex().encode()
        return bool(self.key) and hmac.compare_digest(wanted, known.get(b"x-signature", b"").lower())

    async def posted(self, body: bytes, take: Take) -> None:
        """See `Service.posted`. What cannot be read is dropped: it would stay unreadable, and be posted for two days."""
        try:
            event = SmsEvent.model_validate(orjson.loads(body))
        except orjson.JSONDecodeError:
            raise CallRefused("json", 400) from None
        except ValidationError:
            DROPPED.labels(NAME, "event").inc()
            log.error("update dropped", kind="event")
            return
        self.heard_at = self.pinged_at = asyncio.get_running_loop().time()
        if event.event == "sms:received":
            await self.received(event, take)
        elif (state := STATES.get(event.event)) and event.message_id:
            folding = partial(
                carried.fold, channel=NAME, key=event.message_id, state=state, event=f"event:{event.id}"
            )
            whole = await self.kept.write(folding)
            if whole is not None:
                self.outbound.told(event.message_id, whole, now())

    async def received(self, event: SmsEvent, take: Take) -> None:
        """Take a message that somebody sent to the phone."""
        try:
            sms = ReceivedSms.model_validate(event.payload)
        except ValidationError:
            DROPPED.labels(NAME, "received").inc()
            log.error("update dropped", kind="received")
            return
        if not sms.address:
            log.info("not from a telephone of this country")
            return
        await self.ask_after_question(sms.address)
        await self.inbox.take_posted(sms, event.id, take)

    async def ask_after_question(self, address: str) -> None:
        """Ask the phone whether the last message to a number went out, if it has not said so: it may be answered now."""
        key = self.outbound.unknown(address)
        if not key:
            return
        try:
            async with asyncio.timeout(ASKED):
                told = await self.client.call("GET", f"/messages/{key}")
        except (SmsRefused, SmsUnreachable, TimeoutError):
            return
        said = str(told.get("state")) if isinstance(told, dict) else ""
        if state := WAITING.get(said) or WHOLE.get(said):
            self.outbound.told(key, state, SOME_TIME)

    @property
    def inbox(self) -> SmsInbox:
        """The phone's list."""
        if self.list is None:
            self.list = SmsInbox(self.client, self.kept, self.settings.preview)
        return self.list

    async def poll(self, take: Take, stop: asyncio.Event) -> None:
        """See `Service.poll`."""
        await self.look_after(take, stop, self.timing.every, timedelta())

    async def beside_webhook(self, take: Take, stop: asyncio.Event) -> None:
        """See `Service.beside_webhook`."""
        await self.look_after(take, stop, self.timing.beside, self.timing.grace)

    async def look_after(self, take: Take, stop: asyncio.Event, every: float, grace: timedelta) -> None:
        """Until `stop`, read the phone's list again and again, and ask about what it was given."""
        failures = 0
        self.heard_at = self.heard_at or asyncio.get_running_loop().time()
        while not stop.is_set():
            failures = 0 if await self.read_list(take, grace) else failures + 1
            with self.following.survived():
                await self.follow_up()
            with self.following.survived():
                await self.mind_silence(failures)
            # Soon after a failure, so that it is known within some seconds whether the phone is away.
            await pause(stop, growing(failures) if failures else every)

    async def read_list(self, take: Take, grace: timedelta) -> bool:
        """Take what the list shows and nobody posted. False if the phone does not answer."""
        try:
            await self.inbox.fetch(take, grace)
        except (SmsUnreachable, SmsRefused) as error:
            self.polling.met(error=str(error))
            return False
        except Exception as error:  # of the database: the list still shows it next time
            self.saving.met(error=type(error).__name__)
        else:
            self.saving.over()
        self.polling.over()
        self.heard_at = asyncio.get_running_loop().time()
        return True

    # --- looking after the phone

    async def mind_silence(self, failures: int) -> None:
        """Report a phone that is silent in both ways."""
        at, silent = asyncio.get_running_loop().time(), self.timing.silent
        was_silent, self.is_silent = self.is_silent, at - self.heard_at > silent
        self.failed_polls = failures if self.is_silent or not self.callback else 0
        if self.is_silent and not was_silent:
            log.error("the phone is silent", seconds=round(at - self.heard_at))
            await self.tell("silent", f"{now():%Y%m%d%H}", lambda say: say("admin.sms.silent"))
        if not self.is_silent:
            await self.mind_webhook(at)

    async def mind_webhook(self, at: float) -> None:
        """Set the webhook again if it has been silent for long, although it worked before and the phone answers."""
        if not (self.callback and self.pinged_at):
            return
        if at - self.pinged_at <= self.timing.silent:
            self.deaf.over()
            return
        self.deaf.met()
        await self.set_webhooks()
        self.pinged_at = at  # it is looked at again as long after

    async def follow_up(self) -> None:
        """Ask about what the phone took and has not mentioned since; report what it holds back or could not send."""
        at = now()
        async with self.kept.reading() as session:
            silent = await carried.under_way(session, NAME, at - self.timing.asked_after, LOOKED_AT)
        for one in silent:
            state = await self.state_of(one.key, lost=one.at < at - self.timing.stuck)
            if state is not None:
                await self.kept.write(partial(carried.set_state, channel=NAME, key=one.key, state=state))
        async with self.kept.reading() as session:
            bad = await carried.untold(session, NAME, at - self.timing.stuck)
        if bad:
            await self.tell_stuck(
                [one.key for one in bad], sum(one.state == CarriedState.GIVEN for one in bad)
            )

    async def state_of(self, key: str, *, lost: bool) -> CarriedState | None:
        """Return where the phone says that a message is; None while it is under way.

        A message that it does not know may just be on its way to it; after long it is `lost`: the app was reinstalled.
        """
        try:
            told = await self.client.call("GET", f"/messages/{key}")
        except SmsRefused as refused:
            return CarriedState.FAILED if lost and refused.status == NOT_FOUND else None
        except SmsUnreachable:
            return None
        return WHOLE.get(str(told.get("state"))) if isinstance(told, dict) else None

    async def tell_stuck(self, keys: list[str], stuck: int) -> None:
        """Report that messages wait at the phone, or that it could not send them."""
        log.error("messages not sent by the phone", stuck=stuck, failed=len(keys) - stuck)
        failed = len(keys) - stuck
        await self.tell("stuck", min(keys), lambda say: say("admin.sms.stuck", stuck=stuck, failed=failed))
        await self.kept.write(partial(carried.mark_told, channel=NAME, keys=keys))

    async def tell(self, sort: str, occasion: str, told: Sentence) -> None:
        await tell_administrators(self.kept, NAME, f"{sort}:{occasion}", told)


def hook_id(event: str) -> str:
    """Return our name for an event's webhook, by which it replaces the one before."""
    return f"thonbao-{event.replace(':', '-')}"

"""What a person did, read from an event of a Zalo Official Account.

A tap on a button comes back as a text that is the button's payload: there is no event of its own for it.

    {"app_id": "…", "event_name": "user_send_text", "timestamp": "1789003200000", "sender": {"id": "…"},
     "recipient": {"id": "…"}, "message": {"msg_id": "…", "text": "#k3J9dQw-0aZx e:y:i1"}}

`msg_id` is the tap's own: no event says under which message the button stood. So that nobody presses what was not offered
to them by typing, a payload begins with a mark made of the button, the person and the account's secret. Ids and moments
are texts.
"""

import hmac
import mimetypes
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import Field

from bot.channels.lenient import EventPart, Lenient, Name
from handlers.messages import FileRef, Incoming, Location, MessageKind, SharedContact

NAME: Final = "zalo-oa"
MARK: Final = 12
"""Letters of a payload's mark: 72 bits."""
LAST_MOMENT: Final = 253_402_300_799_000
"""The last millisecond that a date can be, counted from 1970."""
SENT: Final = "user_send_"
IN_GROUP: Final = f"{SENT}group_"
FOLLOWING: Final = ("follow", "unfollow")
START: Final = "/start"
"""What a follower is answered as if they had said it."""
MEDIA: Final = {"audio": "audio/mpeg", "video": "video/mp4"}
"""What recordings and films are whose address does not say it."""
Facts = dict[str, Any]
"""The fields of an `Incoming` that tell what was done."""


class OaAttachment(EventPart):
    type: Lenient[str] = None
    payload: Lenient[dict[str, Any]] = None

    def said(self, name: str) -> Any:
        """A value of the payload."""
        return (self.payload or {}).get(name)


class OaMessage(EventPart):
    msg_id: Lenient[Name] = None
    text: Lenient[str] = None
    attachments: Lenient[list[OaAttachment]] = None

    def attachment(self, kind: str) -> OaAttachment | None:
        """The first attachment of a kind."""
        return next((one for one in self.attachments or [] if one.type == kind), None)


class OaPerson(EventPart):
    id: Name


class OaEvent(EventPart):
    """One event. The person is the `sender` of what they send and the `follower` of what they do."""

    event_name: str
    timestamp: Lenient[Name] = None
    sender: Lenient[OaPerson] = None
    follower: Lenient[OaPerson] = None
    message: Lenient[OaMessage] = None
    info: Lenient[dict[str, Any]] = Field(None)

    @property
    def person(self) -> OaPerson | None:
        """Who did it; None of what we did ourselves, and of what nobody answers."""
        if self.event_name in FOLLOWING:
            return self.follower
        said = self.event_name.startswith((SENT, "user_submit_info"))
        # What people say to each other in one of the account's groups is not addressed to the bot.
        return self.sender if said and not self.event_name.startswith(IN_GROUP) else None

    @property
    def moment(self) -> int:
        """When it happened, in milliseconds since 1970; now where Zalo does not say."""
        written = self.timestamp or ""
        milliseconds = int(written) if written.isascii() and written.isdigit() else 0
        return milliseconds if 0 < milliseconds <= LAST_MOMENT else int(datetime.now(UTC).timestamp() * 1000)


def payload_of(secret: str, address: str, data: str) -> str:
    """What the button `data` sends when the person at `address` taps it."""
    return f"#{mark_of(secret, address, data)} {data}"


def mark_of(secret: str, address: str, data: str) -> str:
    digest = hmac.digest(secret.encode(), f"tap\n{address}\n{data}".encode(), sha256)
    return urlsafe_b64encode(digest).decode()[:MARK]


def tapped(secret: str, address: str, text: str) -> str:
    """The button whose payload `text` is, also with blanks around it; "" where it is a text of the person's own."""
    return next(filter(None, (marked(secret, address, one) for one in (text, text.strip()))), "")


def marked(secret: str, address: str, text: str) -> str:
    mark, _, data = text.partition(" ")
    wanted = f"#{mark_of(secret, address, data)}"
    return data if data and hmac.compare_digest(mark.encode(), wanted.encode()) else ""


def read_event(body: Mapping[str, Any], secret: str, *, trusts_phones: bool) -> Incoming | None:
    """What a person did, or None: nothing that is answered. Raises ValueError where that cannot be told."""
    event = OaEvent.model_validate(body)
    person = event.person
    if person is None:
        return None
    message = event.message or OaMessage()
    key = message.msg_id or f"{event.event_name}:{person.id}:{event.moment}"
    at = min(datetime.fromtimestamp(event.moment / 1000, UTC), datetime.now(UTC))
    tap = tapped(secret, person.id, message.text or "")
    facts: Facts = {"kind": MessageKind.PRESS, "press": tap} if tap else facts_in(event, message)
    # A press belongs to the message with its button. Nothing here names that message, so the payload's mark has to do.
    ref = "" if tap else message.msg_id or ""
    if phone := facts.pop("phone", ""):
        facts["contact"] = SharedContact(phone, trusts_phones)
    return Incoming(NAME, person.id, key, event.moment, at=at, message_ref=ref, **facts)


def facts_in(event: OaEvent, message: OaMessage) -> Facts:
    """What an event tells that is no tap."""
    kind = event.event_name.removeprefix(SENT)
    facts = READERS.get(kind, other)(event, message)
    return {**facts, "what": kind} if facts["kind"] is MessageKind.OTHER else facts


def text_in(event: OaEvent, message: OaMessage) -> Facts:
    return {"kind": MessageKind.TEXT, "text": message.text} if message.text else other(event, message)


def picture_in(event: OaEvent, message: OaMessage) -> Facts:
    picture = message.attachment("image")
    url = picture.said("url") if picture else None
    if not isinstance(url, str) or not url:
        return text_in(event, message)
    return {"kind": MessageKind.PHOTO, "photo": FileRef(url), "text": message.text or ""}


def file_in(event: OaEvent, message: OaMessage) -> Facts:
    """A recording, a film or another file. Zalo says a file's size as text, and a recording's type only by its ending."""
    medium = event.event_name.removeprefix(SENT)
    sent = message.attachment(medium)
    url = sent.said("url") if sent else None
    if sent is None or not isinstance(url, str) or not url:
        return other(event, message)
    guessed = mimetypes.guess_type(urlsplit(url).path)[0] or ""
    media = guessed if guessed.startswith(f"{medium}/") else MEDIA.get(medium, "")
    size, name = str(sent.said("size") or ""), str(sent.said("name") or "")
    file = FileRef(url, int(size) if size.isascii() and size.isdigit() else 0, name, media)
    return {**other(event, message), "file": file}


def location_in(event: OaEvent, message: OaMessage) -> Facts:
    """A place on the map, whose degrees are texts; its name is no answer."""
    place = message.attachment("location")
    degrees = place.said("coordinates") if place else None
    try:
        north, east = (float((degrees or {})[name]) for name in ("latitude", "longitude"))
    except (AttributeError, KeyError, TypeError, ValueError):
        return other(event, message)
    if not (abs(north) <= 90 and abs(east) <= 180):
        return other(event, message)
    return {"kind": MessageKind.LOCATION, "location": Location(north, east)}


def number_in(event: OaEvent, message: OaMessage) -> Facts:
    """What somebody filled into Zalo's form for their name and number."""
    phone = (event.info or {}).get("phone")
    return {"kind": MessageKind.CONTACT, "phone": str(phone)} if phone else other(event, message)


def other(event: OaEvent, message: OaMessage) -> Facts:
    return {"kind": MessageKind.OTHER, "text": message.text or ""}


READERS: Final[dict[str, Callable[[OaEvent, OaMessage], Facts]]] = {
    "text": text_in,
    "link": text_in,
    "image": picture_in,
    "audio": file_in,
    "video": file_in,
    "file": file_in,
    "location": location_in,
    "user_submit_info": number_in,
    "follow": lambda event, message: {"kind": MessageKind.TEXT, "text": START},
    "unfollow": lambda event, message: {"kind": MessageKind.BLOCKED},
}
"""How each kind of event is read; the others say only that something came."""

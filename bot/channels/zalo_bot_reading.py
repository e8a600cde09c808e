"""What a person did, read from an event of the Zalo Bot Platform, by webhook and by polling alike.

Only the fields that we use are read, each by itself; missing or odd ones are left out. An event comes flat or wrapped
as `{"ok": true, "result": …}`. What is no text, picture, voice or sticker comes as `message.unsupported.received`,
sometimes without the message, and then does not say whose it is.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from pydantic import AliasChoices, Field

from bot.channels.lenient import EventPart, Lenient, Name
from handlers.messages import FileRef, Incoming, MessageKind

NAME: Final = "zalo-bot"
LAST_MOMENT: Final = 253_402_300_799_000
"""The last millisecond of the calendar, counted from 1970."""
KINDS: Final = ("text", "image", "sticker", "voice", "link", "unsupported")
"""The known kinds of `message.….received`: a dropped event is logged by its kind, never by its content."""


VOICE: Final = "audio/aac"
"""What a voice message is."""
Moment = Annotated[int, Field(ge=0, le=LAST_MOMENT)]


class ZaloChat(EventPart):
    id: Name
    chat_type: Lenient[str] = None


class ZaloSender(EventPart):
    is_bot: Lenient[bool] = None


class ZaloMessage(EventPart):
    chat: ZaloChat
    message_id: Name
    date: Lenient[Moment] = None
    sender: Lenient[ZaloSender] = Field(None, alias="from")
    text: Lenient[str] = None
    caption: Lenient[str] = None
    link: Lenient[str] = Field(None, validation_alias=AliasChoices("url", "link"))
    photo: Lenient[str] = Field(None, validation_alias=AliasChoices("photo_url", "photo"))
    voice: Lenient[str] = Field(None, validation_alias=AliasChoices("voice_url", "voice"))

    @property
    def is_private(self) -> bool:
        return (self.chat.chat_type or "PRIVATE").upper() == "PRIVATE"

    @property
    def is_of_person(self) -> bool:
        return self.sender is None or not self.sender.is_bot

    @property
    def sent_at(self) -> datetime:
        """When it was sent; now where Zalo does not say."""
        return datetime.now(UTC) if self.date is None else datetime.fromtimestamp(self.date / 1000, UTC)


class ZaloEvent(EventPart):
    event_name: str
    message: ZaloMessage | None = None


def unwrapped(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The event itself, of either shape."""
    result = body.get("result")
    return result if isinstance(result, dict) and "event_name" not in body else body


def kind_of(body: object) -> str:
    """The known kind of an event, or "unknown"."""
    named = unwrapped(body).get("event_name") if isinstance(body, dict) else None
    return next((kind for kind in KINDS if named == f"message.{kind}.received"), "unknown")


def read_event(body: object) -> Incoming | None:
    """Return what a person did, or None if nothing can be answered. Raises ValueError if that cannot be told."""
    if not isinstance(body, dict):
        raise ValueError("no event")
    event = ZaloEvent.model_validate(unwrapped(body))
    message = event.message
    if message is None or not message.is_private or not message.is_of_person:
        return None
    return incoming_of(message, kind_of(body))


def text_of(message: ZaloMessage, named: str) -> str:
    """What a message says: its text, the words below its picture, or the link that it is."""
    link = message.link if named == "link" else None
    return message.text or message.caption or link or ""


def incoming_of(message: ZaloMessage, named: str) -> Incoming:
    """A message as one of any channel's. Zalo does not number messages within a chat: their moments order them."""
    photo = FileRef(message.photo) if named == "image" and message.photo else None
    text = text_of(message, named)
    kind = MessageKind.PHOTO if photo else MessageKind.TEXT if text else MessageKind.OTHER
    return Incoming(
        NAME,
        message.chat.id,
        message.message_id,
        int(message.sent_at.timestamp() * 1000),
        kind,
        message.sent_at,
        text=text,
        message_ref=message.message_id,
        photo=photo,
        file=FileRef(message.voice, media=VOICE) if named == "voice" and message.voice else None,
        what=named if kind is MessageKind.OTHER else "",
    )

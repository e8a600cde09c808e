"""What a person did, read straight from the JSON of an update, by webhook and by polling alike.

Only the fields that we use are read, each by itself. A missing or odd field is left out; only an update that does not
say whose it is cannot be read. The library's own types demand every field that their version knows: a single message
of a kind that changed would hold up everybody's.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from typing import Annotated, Any, Final, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
)
from telegram.constants import ChatMemberStatus, ChatType

from bot.channels.lenient import Lenient
from handlers.messages import ELSEWHERE, FileRef, Incoming, Location, MessageKind, SharedContact
from handlers.photo_limits import LARGEST

T = TypeVar("T")

NAME: Final = "telegram"
KINDS: Final = (
    "message", "edited_message", "channel_post", "edited_channel_post", "business_connection", "business_message",
    "edited_business_message", "deleted_business_messages", "message_reaction", "message_reaction_count",
    "inline_query", "chosen_inline_result", "callback_query", "shipping_query", "pre_checkout_query",
    "purchased_paid_media", "poll", "poll_answer", "my_chat_member", "chat_member", "chat_join_request",
    "chat_boost", "removed_chat_boost",
)  # fmt: skip
"""Every kind of update that Telegram documents: a dropped update is logged by its kind, never by its content."""
MEDIA: Final = (
    "sticker", "voice", "video_note", "animation", "video", "audio", "document", "poll", "dice", "game",
    "story", "paid_media", "checklist",
)  # fmt: skip
RECORDED: Final = {
    "document": "",
    "voice": "audio/ogg",
    "audio": "audio/mpeg",
    "video": "video/mp4",
    "video_note": "video/mp4",
}
"""What comes as a file, with the media type to assume if it names none."""
SILENT: Final = {
    "pinned_message",
    "message_auto_delete_timer_changed",
    "write_access_allowed",
    "chat_background_set",
}
"""What Telegram itself says in a chat: nobody waits for an answer to it."""
REPLIES: Final = {"reply_to_message", "external_reply", "reply_to_story"}
"""Only the first is of this chat; a reply to anything else answers no question."""
PRESENT: Final = {ChatMemberStatus.MEMBER, ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.RESTRICTED}
"""States in which the bot is in a group; a restricted bot is in it too."""
GONE: Final = {ChatMemberStatus.BANNED, ChatMemberStatus.LEFT}
LAST_MOMENT: Final = 253_402_300_799
"""The last second of the calendar, in seconds since 1970."""


Number = Annotated[int, Field(ge=-(2**63), lt=2**63)]
Size = Annotated[int, Field(ge=0, lt=2**31)]
Moment = Annotated[int, Field(ge=0, le=LAST_MOMENT)]
Words = Annotated[str, Field(min_length=1)]


class NotTheirs(ValueError):
    """Something done in somebody else's private chat, or pressed in a group: no platform sends this."""


class UpdatePart(BaseModel):
    """Part of an update. Nothing is converted: a number written as text is no number."""

    model_config = ConfigDict(strict=True)


class TelegramChat(UpdatePart):
    id: Number
    type: Words


class TelegramUser(UpdatePart):
    id: Number
    language_code: Lenient[str] = None


class PhotoSize(UpdatePart):
    file_id: Words
    width: Lenient[Size] = None
    height: Lenient[Size] = None
    file_size: Lenient[Size] = None

    @property
    def pixels(self) -> int:
        return (self.width or 0) * (self.height or 0)


class File(UpdatePart):
    file_id: Words
    file_name: Lenient[str] = None
    mime_type: Lenient[str] = None
    file_size: Lenient[Size] = None

    @property
    def is_picture(self) -> bool:
        return (self.mime_type or "").startswith("image/")


class Coordinates(UpdatePart):
    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]
    horizontal_accuracy: Lenient[Annotated[float, Field(ge=0, le=1500)]] = None


class Venue(UpdatePart):
    location: Coordinates


class TelegramContact(UpdatePart):
    phone_number: Words
    user_id: Lenient[Number] = None


class RepliedMessage(UpdatePart):
    message_id: Number


class Entity(UpdatePart):
    url: Lenient[Words] = None


class Message(UpdatePart):
    """A message; `model_fields_set` has the names of all its fields, also of those not read here."""

    model_config = ConfigDict(extra="allow")

    chat: TelegramChat
    message_id: Lenient[Number] = None
    date: Lenient[Moment] = None
    edit_date: Lenient[Moment] = None
    sender: Lenient[TelegramUser] = Field(None, alias="from")
    text: Lenient[str] = None
    caption: Lenient[str] = None
    photo: Lenient[list[Lenient[PhotoSize]]] = None
    document: Lenient[File] = None
    voice: Lenient[File] = None
    audio: Lenient[File] = None
    video: Lenient[File] = None
    video_note: Lenient[File] = None
    location: Lenient[Coordinates] = None
    venue: Lenient[Venue] = None
    contact: Lenient[TelegramContact] = None
    reply_to_message: Lenient[RepliedMessage] = None
    media_group_id: Lenient[Words] = None
    entities: Lenient[list[Lenient[Entity]]] = None
    caption_entities: Lenient[list[Lenient[Entity]]] = None

    @property
    def is_private(self) -> bool:
        return self.chat.type == ChatType.PRIVATE

    @property
    def is_theirs(self) -> bool:
        """Whether it is by the person whose private chat it came in, as far as it says who sent it."""
        return self.sender is None or self.sender.id == self.chat.id

    @property
    def sent_at(self) -> datetime | None:
        """When it was sent; None if that is not told. Of a message that cannot be read any more the date is 0."""
        return moment_of(self.date) if self.date else None

    @property
    def words(self) -> str:
        """What was written, or stands under a picture."""
        return self.text or self.caption or ""

    @property
    def marks(self) -> list[Entity]:
        """Return the marks within the words; unreadable ones are left out."""
        return [mark for mark in chain(self.entities or (), self.caption_entities or ()) if mark]


class Pressed(UpdatePart):
    """A pressed button. Telegram may leave out its message, which is then in the chat with the person."""

    id: Lenient[Words] = None
    sender: Lenient[TelegramUser] = Field(None, alias="from")
    message: Lenient[Message] = None
    data: Lenient[Words] = None

    @property
    def presser(self) -> int:
        """Return who pressed it; their private chat has the same number.

        Raises NotTheirs if nobody did, or if the message is in another chat: what counts is the person.
        """
        chat = self.message.chat if self.message else None
        if self.sender is None or (
            chat is not None and (chat.type, chat.id) != (ChatType.PRIVATE, self.sender.id)
        ):
            raise NotTheirs
        return self.sender.id


class Member(UpdatePart):
    status: Words


class Membership(UpdatePart):
    """The bot was blocked or let in again by a person, or put into a group or taken out of it."""

    chat: TelegramChat
    new_chat_member: Member
    date: Lenient[Moment] = None
    sender: Lenient[TelegramUser] = Field(None, alias="from")


@dataclass(frozen=True, slots=True)
class GroupChat:
    """A group or channel that the bot is in, and has to leave."""

    chat_id: int
    locale: str
    entered: bool
    """Whether it was let in just now."""
    says_why: bool


Read = Incoming | GroupChat | None


def kind_of(update: Mapping[str, Any]) -> str:
    """The documented kind of `update`, or "unknown"."""
    return next((kind for kind in KINDS if kind in update), "unknown")


def number_of(update: object) -> int | None:
    """Return the number of `update`, by which Telegram learns that it was taken; None if it has none."""
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if type(number) is int and 0 <= number < 2**63 else None


def read_update(update: Mapping[str, Any]) -> Read:
    """Return what a person did, a group to leave, or None for what wants no answer.

    Raises ValueError if that cannot be told, NotTheirs if it is another person's chat.
    """
    number = number_of(update)
    if number is None:
        raise ValueError("no number")
    kind = kind_of(update)
    reader = READERS.get(kind)
    return reader(number, update[kind]) if reader else None


def of_message(number: int, data: object) -> Read:
    message = Message.model_validate(data)
    if not message.is_private:
        return group_of(message.chat, message.sender, entered=False)
    if not message.is_theirs:
        raise NotTheirs
    if not SILENT.isdisjoint(message.model_fields_set):
        return None
    photo, location, contact = photo_of(message), location_of(message), contact_of(message)
    # A message may have several, such as a picture and its caption, or a venue and its location: the first one decides.
    contents = {
        MessageKind.PHOTO: photo,
        MessageKind.LOCATION: location,
        MessageKind.CONTACT: contact,
        MessageKind.TEXT: message.text or None,
    }
    kind = next((kind for kind, content in contents.items() if content is not None), MessageKind.OTHER)
    return Incoming(
        NAME,
        str(message.chat.id),
        str(number),
        number,
        kind,
        moment_of(message.date),
        text=text_of(message),
        message_ref=ref_of(message),
        reply_to=replied_to(message),
        photo=photo,
        file=plain_file(message) if kind is MessageKind.OTHER else None,
        location=location,
        contact=contact,
        what=medium_of(message) if kind is MessageKind.OTHER else "",
        album=message.media_group_id or "",
        number=message.message_id or 0,
        locale=locale_of(message.sender),
    )


def of_edit(number: int, data: object) -> Read:
    """Read an edited message. Moves of a live location do not count: nobody typed them."""
    message = Message.model_validate(data)
    if not message.is_private or "location" in message.model_fields_set:
        return None
    if not message.is_theirs:
        raise NotTheirs
    return Incoming(
        NAME,
        str(message.chat.id),
        str(number),
        number,
        MessageKind.EDITED,
        moment_of(message.edit_date or message.date),
        text=text_of(message),
        message_ref=ref_of(message),
        locale=locale_of(message.sender),
    )


def of_press(number: int, data: object) -> Read:
    """Read a pressed button, also of a message that Telegram no longer shows to bots."""
    pressed = Pressed.model_validate(data)
    if pressed.data is None:
        return None
    return Incoming(
        NAME,
        str(pressed.presser),
        str(number),
        number,
        MessageKind.PRESS,
        datetime.now(UTC),  # Telegram does not say when a button was pressed
        press=pressed.data,
        message_ref=ref_of(pressed.message),
        shown_at=pressed.message.sent_at if pressed.message else None,
        locale=locale_of(pressed.sender),
        answers=pressed.id or "",
    )


def of_membership(number: int, data: object) -> Read:
    """Read that the person blocked or unblocked the bot, or that it was put into a group."""
    change = Membership.model_validate(data)
    status = change.new_chat_member.status
    if change.chat.type != ChatType.PRIVATE:
        return group_of(change.chat, change.sender, entered=True) if status in PRESENT else None
    return Incoming(
        NAME,
        str(change.chat.id),
        str(number),
        number,
        MessageKind.BLOCKED if status in GONE else MessageKind.UNBLOCKED,
        moment_of(change.date),
        locale=locale_of(change.sender),
    )


READERS: Final[dict[str, Callable[[int, object], Read]]] = {
    "message": of_message,
    "edited_message": of_edit,
    "callback_query": of_press,
    "my_chat_member": of_membership,
}


def group_of(chat: TelegramChat, person: TelegramUser | None, *, entered: bool) -> GroupChat:
    """Return the group to leave. In a channel only its owners could write, so nothing is said there."""
    return GroupChat(chat.id, locale_of(person), entered, says_why=entered and chat.type != ChatType.CHANNEL)


def text_of(message: Message) -> str:
    """Return what was written, or stands under a picture, with a link to a bot that is behind other words."""
    links = [mark.url for mark in message.marks if mark.url and "start=" in mark.url]
    return " ".join([message.words, *links])


def photo_of(message: Message) -> FileRef | None:
    """The picture sent, also as a file."""
    sizes = sorted((size for size in message.photo or () if size), key=lambda size: size.pixels)
    return best_of(sizes) if sizes else picture_file(message)


def best_of(sizes: Sequence[PhotoSize]) -> FileRef:
    """Return the largest size that is taken, else the smallest. Telegram's own sizes are far below the limit."""
    kept = next((size for size in reversed(sizes) if (size.file_size or 0) <= LARGEST), sizes[0])
    return FileRef(kept.file_id, kept.file_size or 0)


def picture_file(message: Message) -> FileRef | None:
    """Return a picture sent as a file. An animation comes as a file too, but is none."""
    file = message.document
    if file is None or not file.is_picture or "animation" in message.model_fields_set:
        return None
    return FileRef(file.file_id, file.file_size or 0, file.file_name or "")


def plain_file(message: Message) -> FileRef | None:
    """Return a file that is not a picture; that may be a recording or a film."""
    sent = ((medium, getattr(message, medium)) for medium in RECORDED)
    medium, file = next(((medium, file) for medium, file in sent if file is not None), ("", None))
    if file is None or "animation" in message.model_fields_set:
        return None
    return FileRef(
        file.file_id, file.file_size or 0, file.file_name or "", file.mime_type or RECORDED[medium]
    )


def location_of(message: Message) -> Location | None:
    """Return where a person says they are; for a venue, its place."""
    spot = message.location or (message.venue.location if message.venue else None)
    return None if spot is None else Location(spot.latitude, spot.longitude, spot.horizontal_accuracy)


def contact_of(message: Message) -> SharedContact | None:
    """Return a contact card; it counts as the sender's own only if both numbers are there and agree."""
    card, person = message.contact, message.sender
    if card is None:
        return None
    return SharedContact(card.phone_number, person is not None and card.user_id == person.id)


def moment_of(seconds: int | None) -> datetime:
    """The moment `seconds` after 1970 began; now where Telegram does not say."""
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None else datetime.now(UTC)


def medium_of(message: Message) -> str:
    """Return what kind of thing it is that the bot cannot read."""
    return next((name for name in MEDIA if name in message.model_fields_set), "other")


def ref_of(message: Message | None) -> str:
    """The message's number, "" where there is none."""
    return str(message.message_id) if message and message.message_id is not None else ""


def replied_to(message: Message) -> str:
    """Return the message of this chat that this one replies to, `ELSEWHERE` for something else, "" for nothing."""
    if message.reply_to_message is not None:
        return str(message.reply_to_message.message_id)
    return "" if REPLIES.isdisjoint(message.model_fields_set) else ELSEWHERE


def locale_of(person: TelegramUser | None) -> str:
    return ((person and person.language_code) or "")[:2]

"""What travels between a channel and a handler, free of any platform.

A channel turns what its platform sends into an `Incoming`, and each `Reply` into what its platform shows. What a
channel can do is data (`Capabilities`), so one handler serves a phone with buttons and one without. All values are
frozen: they are queued, retried and, for replies, stored in the outbox as JSON.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from string import ascii_uppercase
from typing import Annotated, Any, Final, Literal, NamedTuple

from markupsafe import Markup
from pydantic import PlainSerializer, PlainValidator, TypeAdapter


class MessageKind(StrEnum):
    """What a person did."""

    TEXT = "text"
    PRESS = "press"
    PHOTO = "photo"
    LOCATION = "location"
    CONTACT = "contact"
    EDITED = "edited"
    OTHER = "other"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"


@dataclass(frozen=True, slots=True)
class FileRef:
    """A file that is still on the platform. `size` is in bytes, as the platform says (0: unknown)."""

    ref: str
    size: int = 0
    name: str = ""
    media: str = ""
    """Its media type as the platform says, such as audio/ogg."""


@dataclass(frozen=True, slots=True)
class Location:
    """Degrees north and east (WGS 84); `accuracy` in metres where the platform tells."""

    latitude: float
    longitude: float
    accuracy: float | None = None


@dataclass(frozen=True, slots=True)
class SharedContact:
    """A contact card. `own` is true only if the platform proves that it is the sender's own."""

    phone: str
    own: bool


ANSWERING: Final = frozenset({MessageKind.TEXT, MessageKind.PHOTO, MessageKind.LOCATION})
"""The kinds that may answer a question; so may a file, of the kind `OTHER`."""
CUT_SHORT: Final = "cut_short"
"""What a message is (`Incoming.what`) of which only the beginning came, with that as its text."""


def letter_of(number: int) -> str:
    """Return the letter of the choice with this number, counted from 1: A, B … Z, AA."""
    more, last = divmod(number - 1, len(ascii_uppercase))
    return (ascii_uppercase[more - 1] if more else "") + ascii_uppercase[last]


ELSEWHERE: Final = "elsewhere"
"""Stands for the message replied to if it is not in this chat."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing that a person sent.

    `key` identifies it within its channel, so that a second delivery is recognised. `order` grows with the time of
    sending within one contact, until the platform starts counting again. `address` is the platform's id of the chat.
    `at` is aware.
    """

    channel: str
    address: str
    key: str
    order: int
    kind: MessageKind
    at: datetime
    text: str = ""
    press: str = ""
    message_ref: str = ""
    """The platform's id of this message; for a press, of the message that holds the button, "" if the platform does
    not say."""
    shown_at: datetime | None = None
    """For a press, when that message was sent; None if the platform does not say."""
    reply_to: str = ""
    """The platform's id of the message that this one replies to, or `ELSEWHERE`."""
    photo: FileRef | None = None
    file: FileRef | None = None
    """For `OTHER`, a file that is not a picture: a document, a recording or a film."""
    location: Location | None = None
    contact: SharedContact | None = None
    what: str = ""
    """For `OTHER`: the platform's word for it (sticker, voice, video, document …)."""
    album: str = ""
    """What the messages of several pictures sent at once have in common."""
    locale: str = ""
    """The language the platform reports for the person, a two-letter code or empty."""
    received_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    """When it came to this process, by its own clock: in a batch, perhaps long before its turn."""
    answers: str = ""
    """A platform's own query id of a press, which its channel needs to stop the button's spinner."""
    also: tuple[str, ...] = ()
    """Its other keys, if its channel knows it by several: it is handled if none was handled before, and then all are."""
    number: int = 0
    """Its own number among the messages of its chat, 0 if it has none; see `storage.envelopes.Envelope`."""
    unchecked: bool = False
    """Whether it could not be looked up if it counts already: then it must not be saved, only its sender told."""

    @property
    def may_answer(self) -> bool:
        """Whether it may answer a question by itself; a press names its question."""
        return self.kind in ANSWERING or self.file is not None


CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What moves a terminal's cursor or turns the direction of the text after it; somebody's name may contain it."""


def visible(text: str) -> str:
    """Return `text` without control characters, so that a name cannot change how the rest of a message is shown."""
    return CONTROLS.sub("", text)


def as_sentences(first: str, then: str) -> str:
    """Join what was said in two messages, with a full stop between them if there is none."""
    if not first or not then:
        return first or then
    return f"{first} {then}" if first[-1] in ".!?…," else f"{first}. {then}"


def clip(text: str, length: int) -> str:
    """Return `text` on one line, cut with "…" if it is longer than `length`."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


Visible = Annotated[str, PlainSerializer(visible)]
"""A text that is stored without control characters."""
Escaped = Annotated[
    Markup,
    PlainValidator(Markup),  # it was escaped before it was stored
    PlainSerializer(lambda text: visible(str(text))),
]


class Choice(NamedTuple):
    """A button: what it shows, and what comes back when it is pressed (at most 64 bytes of UTF-8)."""

    label: Visible
    data: str


Rows = tuple[tuple[Choice, ...], ...]


class Picture(NamedTuple):
    """A picture to draw when it is sent: the name of a drawing in `reports` and its data as JSON values."""

    drawing: str
    data: dict[str, Any]


class Document(NamedTuple):
    """A file to send, by its path below the data folder, with the name that the person sees.

    Without a path it is a spreadsheet, made from `made` (the data of `reports.spreadsheet`) when it is sent.
    """

    path: str
    name: str
    media_type: str
    made: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to a person.

    `text` is escaped markup that knows only <b> and <i>. `choices` are the answers to what is asked: a channel without
    buttons numbers them, and the person types the number. `actions` are ways to move (back, skip, later): there people
    type their words, because a number may be an answer.

    `edits` names the platform's message that this one replaces. Channels without edits leave such a reply out, so it
    must repeat nothing that a person needs, or be sent `anew` there. `ask_for` shows the platform's own button for
    sharing one's contact or location. `slot` names the place in the chat that a reply fills: the newest message of a
    slot is remembered with the contact, so that a later reply can edit it (`edits_slot`). `about` says what a reply to
    it answers (`handlers.interviewing.sitting.Sitting.about`); it outlives the text.
    """

    text: Escaped
    choices: Rows = ()
    actions: Rows = ()
    ask_for: Literal["", "contact", "location"] = ""
    picture: Picture | None = None
    document: Document | None = None
    edits: str = ""
    slot: str = ""
    edits_slot: str = ""
    notice: str = ""
    """A few words (at most 200 characters) shown at once on a pressed button, where the platform can."""
    anew: bool = False
    """If the message that it edits cannot be changed, send it as a message of its own."""
    about: str = ""
    lettered: bool = False
    """Where choices are typed, letters stand before them: a number means something else here (`handlers.marking`)."""
    told: tuple[str, ...] = ()
    """Marks of what it tells that is told only once (`storage.told`)."""
    farewell: bool = False
    """The last message to a chat whose person has left: once it has gone, the chat's address is erased."""

    def in_words(self) -> "Reply":
        """Return this reply with nothing to choose by number: a number would mean something in another message."""
        return replace(self, choices=(), actions=(*self.choices, *self.actions))

    def to_json(self) -> dict[str, Any]:
        """Return this reply as JSON values, without empty fields and control characters.

        Buttons, pictures and documents are written as lists, as earlier releases wrote them: a reply may wait in the
        outbox while the program is upgraded.
        """
        body: dict[str, Any] = STORED.dump_python(self, mode="json", exclude_defaults=True)
        return body

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> "Reply":
        """The reply that `to_json` wrote."""
        return STORED.validate_python(body)


STORED: Final = TypeAdapter(Reply)


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can do. `max_text` counts UTF-16 units after markup is removed."""

    buttons: bool = True
    edits: bool = True
    shares_contact: bool = True
    shares_location: bool = True
    text_alone: bool = False
    """Shows only text: before sending, choices are written below it and a file becomes a sentence."""
    taps: int = 0
    """How many buttons a message may show where its choices are typed: all of them where they are no more, else only
    the ways to move."""
    brief: bool = False
    """Each letter costs money: screens say only what is asked and how to answer, without explanations and pictures."""
    knows_number: bool = False
    """An address is the telephone number that wrote, as the network says: 84912345678."""
    max_text: int = 4096
    documents: tuple[str, ...] | None = None
    """The endings, in lower case, of the file names that it takes; None: any."""
    takes: frozenset[str] = frozenset({"image", "audio", "video", "file"})
    """What people can send besides words: the types of questions that it can answer."""
    open_for: timedelta | None = None
    """For how long after somebody's own last message anything reaches them; None: always."""
    gathers: bool = False
    """Messages may cost something, or wait until they do not: what waits for one chat goes as one message."""


WITHOUT_BUTTONS: Final = Capabilities(buttons=False, edits=False, shares_contact=False, shares_location=False)
"""A channel of messages alone: people type what they choose, and nothing that was sent changes."""


def column(*choices: Choice) -> Rows:
    """One button a row: what a thumb finds most easily."""
    return tuple((choice,) for choice in choices)


def row(*choices: Choice) -> Rows:
    """Several buttons beside each other, for short labels."""
    return (choices,)

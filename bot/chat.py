"""Talking to the bot from this process: in a terminal, from a script, or in the demonstration's tour.

A message goes the same way as one from a platform (`bot.dispatch`). `Chat.say` returns once everything that it caused
has been sent, so that a script sees each message with what it led to.
"""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlmodel import select

from bot import timetable
from bot.channels.base import Look
from bot.channels.console import CHANNELS, ConsoleChannel, ConsoleScreen, ShownMessage, remembered_press
from bot.dispatch import utc_now
from bot.language import language
from bot.main import Running, running
from bot.problems import Problem, WrongCall
from bot.settings import Settings
from bot.teller import Teller
from handlers.messages import FileRef, Incoming, Location, MessageKind, SharedContact
from handlers.typed import NUMBERS
from handlers.wording import Wording, wording
from questionnaires.interview import Interview
from storage.tables import Contact, InterviewRow, InterviewStatus

HOME: Final = "console"
PATIENCE: Final = 60.0
"""Seconds within which a message must be sent: drawing the first picture is slow."""


class NotUnderstood(Problem):
    """A line that cannot be a message, or names something unknown; the text says why."""


def not_understood(why: str, **values: object) -> NotUnderstood:
    """Return the sentence `console.…` in the language of the commands."""
    return NotUnderstood(Teller(language())(f"console.{why}", **values))


@dataclass(frozen=True, slots=True)
class LocalMessage:
    """One message of `contact` ("channel:address"), before it gets its key and its place in the order."""

    contact: str
    kind: MessageKind
    text: str = ""
    """The text, or for a press the button's label."""
    button: tuple[str, str] | None = None
    """For a press whose button is known: its data and the message it stood under."""
    photo: Path | None = None
    document: Path | None = None
    location: Location | None = None
    card: SharedContact | None = None
    what: str = ""
    locale: str = ""
    at: datetime | None = None
    key: str = ""
    order: int | None = None
    reply: str | int = ""
    """Words of the message replied to, or its number as a platform would give it; there may be no such message."""
    under: str | int = ""
    """The message that holds the button, given likewise; "" for the newest one that has it."""


@dataclass
class Clock:
    """Now, or the moment that a script's line names."""

    moment: datetime | None = None
    ahead: timedelta = timedelta()
    """How far this clock is ahead of the real one, for a demonstration of another day."""

    def __call__(self) -> datetime:
        return self.moment or utc_now() + self.ahead


@dataclass
class Chat:
    """The running bot with somebody before it. Make it with `chatting`."""

    app: Running
    screen: ConsoleScreen
    clock: Clock
    channels: dict[str, ConsoleChannel]
    plain: bool
    ended: date | None = None
    """The last day on which what had run out was ended."""

    async def say(self, said: LocalMessage) -> list[ShownMessage]:
        """Return everything that was sent, to anybody, because of `said`. Raises NotUnderstood."""
        # A channel without buttons has none to press: there people type a label or its number.
        if self.plain and said.kind is MessageKind.PRESS:
            said = replace(said, kind=MessageKind.TEXT)
        channel, address = self.address(said.contact)
        self.clock.moment = said.at
        try:
            await self.end_over()
            incoming = await self.incoming_of(said, channel.name, address)
            await self.app.dispatch.handle(incoming, channel)
            await self.work_off(incoming)
            return await self.left_over()
        finally:
            self.clock.moment = None

    async def end_over(self) -> None:
        """End on each new day what has run out, as the timetable of a service does: a deputy's role, say."""
        now = self.clock()
        day = now.astimezone(self.app.library.zone).date()
        if self.ended is None or day > self.ended:
            self.ended = day
            await self.app.storage.write(lambda session: timetable.end_over(session, self.app.library, now))

    async def work_off(self, incoming: Incoming) -> None:
        """Do at once what a service does beside its messages: fetch photos and files, and take lists that were sent."""
        if incoming.photo or incoming.file:
            await self.app.attachments.fetch_all()
        if incoming.file or self.app.lists.is_button(incoming.press):
            await self.app.lists.work_off()

    async def incoming_of(self, said: LocalMessage, channel: str, address: str) -> Incoming:
        """Return the message as a platform would bring it. Raises NotUnderstood."""
        number = next(self.screen.numbers)
        press, message_ref = await self.button_of(said) if said.kind is MessageKind.PRESS else ("", "")
        return Incoming(
            channel=channel,
            address=address,
            key=said.key or str(number),
            order=number if said.order is None else said.order,
            kind=said.kind,
            at=self.clock(),
            text="" if press else said.text,
            press=press,
            message_ref=message_ref,
            reply_to=self.message(said.contact, said.reply),
            photo=file_ref(said.photo),
            file=file_ref(said.document),
            location=said.location,
            contact=said.card,
            what=said.what,
            locale=said.locale,
        )

    async def left_over(self) -> list[ShownMessage]:
        """Return what is due to be sent by now, including what an earlier run did not send."""
        await self.app.delivery.claim()
        await self.app.delivery.drain(PATIENCE)
        return self.screen.take()

    def address(self, contact: str) -> tuple[ConsoleChannel, str]:
        name, _, address = contact.rpartition(":")
        channel = self.channels.get(name or HOME)
        if channel is None or not address:
            known = ", ".join(f"{name}:…" for name in self.channels)
            raise not_understood("not_here", contact=contact, known=known)
        return channel, address

    def message(self, contact: str, words: str | int) -> str:
        """Return the message that a script names, "" if it names none. Raises NotUnderstood."""
        ref = self.screen.named(contact, words) if words != "" else ""
        if ref is None:
            raise not_understood("no_message", contact=contact, words=words)
        return ref

    async def button_of(self, said: LocalMessage) -> tuple[str, str]:
        """Return the data of the pressed button, and its message. Raises NotUnderstood.

        A message that this run has not shown is assumed to hold the newest button with that label.
        """
        if said.button:
            return said.button
        under = self.message(said.contact, said.under)
        if under and self.screen.has(said.contact, under):
            button = self.screen.press(said.contact, said.text, under)
            if button is None:
                raise not_understood("no_button_under", label=said.text, under=said.under)
            return button
        press, message_ref = await self.find_button(said.contact, said.text)
        return press, under or message_ref

    async def find_button(self, contact: str, label: str) -> tuple[str, str]:
        """The data of the newest button with this label, and the message it stood under."""
        button = self.screen.press(contact, label)
        if button is not None:
            return button
        row = await self.contact(contact)
        data = remembered_press(row.screen, label) if row else None
        if data is None:
            raise not_understood("no_button", contact=contact, label=label)
        return data, ""

    async def contact(self, contact: str) -> Contact | None:
        """The contact's row as it stands, or None for one that never wrote."""
        channel, address = self.address(contact)
        async with self.app.storage.reading() as session:
            chosen = select(Contact).where(Contact.channel == channel.name, Contact.address == address)
            return (await session.exec(chosen)).first()

    async def wording_of(self, contact: str) -> Wording:
        """The sentences in the language that the contact chose."""
        row = await self.contact(contact)
        return wording(row.locale if row else "")

    async def way_back(self, contact: str) -> str:
        """Return what this contact types to see again what is open: the question, else the menu."""
        row = await self.contact(contact)
        return "làm tiếp" if row is not None and row.interview_id is not None else "/menu"

    async def wants_number(self, contact: str) -> bool:
        """Whether an open question of this contact wants a number: a bare one is then no button."""
        row = await self.contact(contact)
        if row is None or row.interview_id is None:
            return False
        async with self.app.storage.reading() as session:
            interview = await session.get(InterviewRow, row.interview_id)
            if interview is None or interview.status != InterviewStatus.OPEN:
                return False
            position = Interview.from_json(interview.state).position
            form = await self.app.library.form(session, interview.form_id)
        return position is not None and form.question(position).kind in NUMBERS

    def show_as(self, look: Look) -> None:
        """From now on show what is sent as another channel would."""
        self.plain = not (look.can.buttons or look.can.taps)
        for channel in self.channels.values():
            channel.look, channel.can = look, look.can


def file_ref(path: Path | None) -> FileRef | None:
    """Return a file of this machine as if it were on a platform; None for none. Raises NotUnderstood if it does not
    exist."""
    if path is None:
        return None
    try:
        return FileRef(str(path.absolute()), path.stat().st_size, path.name)
    except OSError as error:
        raise not_understood("cannot_read", path=str(path)) from error


@asynccontextmanager
async def chatting(
    settings: Settings, *, plain: bool, ahead: timedelta = timedelta(), shown_as: str = ""
) -> AsyncIterator[Chat]:
    """Run the bot of `settings` in this process, on the terminal's channels only, with its clock `ahead` of the real
    one.

    With `shown_as`, the channels look as that one does. Raises WrongCall if there is no channel of that name.
    """
    look = look_of(settings, shown_as) if shown_as else None
    plain = plain if look is None else not (look.can.buttons or look.can.taps)
    screen, clock = ConsoleScreen(settings.data_dir / "console"), Clock(ahead=ahead)
    channels = {
        name: ConsoleChannel(name, screen, buttons=not plain, look=look, locale=settings.locale, clock=clock)
        for name in CHANNELS
    }
    async with running(settings, list(channels.values()), clock) as app:
        yield Chat(app, screen, clock, channels, plain)


def look_of(settings: Settings, name: str) -> Look:
    """How the channel of that name looks. Raises WrongCall."""
    known = settings.by_name
    if name not in known:
        raise WrongCall(Teller(language())("console.no_channel", name=name, known=", ".join(known)))
    return known[name].look()


# --- lines of a script ----------------------------------------------------------------------------------

CONTENTS: Final = (
    "text",
    "press",
    "photo",
    "document",
    "location",
    "contact",
    "sticker",
    "voice",
    "edit",
    "blocked",
)
EXTRAS: Final = ("from", "date", "key", "order", "locale", "own", "reply", "under")


def said_from(line: str, contact: str, zone: ZoneInfo) -> LocalMessage:
    """Return the message that a line of JSON describes; `contact` speaks if the line names nobody.

    Raises NotUnderstood if it is not a JSON object, names something unknown, or says nothing.
    """
    try:
        body = json.loads(line)
    except ValueError as error:  # also a number too long to be one, which has no column
        raise not_understood("not_json", at=getattr(error, "colno", 1)) from error
    if not isinstance(body, dict):
        raise not_understood("not_an_object")
    unknown = sorted(set(body) - set(CONTENTS) - set(EXTRAS))
    if unknown:
        raise not_understood("unknown_names", names=", ".join(unknown), known=", ".join((*CONTENTS, *EXTRAS)))
    said = LocalMessage(
        contact=of_type(body, "from", str, contact),
        kind=MessageKind.OTHER,
        locale=of_type(body, "locale", str, ""),
        at=moment(of_type(body, "date", str, ""), zone),
        key=of_type(body, "key", str, ""),
        order=of_type(body, "order", int, None),
        reply=words_or_number(body, "reply"),
        under=words_or_number(body, "under"),
    )
    return with_content(said, body)


def with_content(said: LocalMessage, body: dict[str, Any]) -> LocalMessage:
    """Return `said` with the content of `body`: exactly one thing, except that a photo may have a text."""
    contents = [name for name in CONTENTS if body.get(name) not in (None, False)]
    if "photo" in contents and set(contents) <= {"photo", "text"}:
        contents = ["photo"]
    if len(contents) != 1:
        raise not_understood("one_content", names=", ".join(CONTENTS))
    read = CONTENT.get(contents[0])
    if read is None:
        return replace(said, kind=MessageKind.OTHER, what=contents[0])
    return replace(said, **read(body))


def photo_in(body: dict[str, Any]) -> dict[str, Any]:
    """The fields of `LocalMessage` that a photo with its text makes."""
    path, text = of_type(body, "photo", str, ""), of_type(body, "text", str, "")
    return {"kind": MessageKind.PHOTO, "photo": Path(path), "text": text}


def document_in(body: dict[str, Any]) -> dict[str, Any]:
    """The fields of `LocalMessage` that a file makes."""
    return {
        "kind": MessageKind.OTHER,
        "what": "document",
        "document": Path(of_type(body, "document", str, "")),
    }


def contact_in(body: dict[str, Any]) -> dict[str, Any]:
    """The fields of `LocalMessage` that a contact card makes."""
    card = SharedContact(of_type(body, "contact", str, ""), of_type(body, "own", bool, True))
    return {"kind": MessageKind.CONTACT, "card": card}


CONTENT: Final[dict[str, Callable[[dict[str, Any]], dict[str, Any]]]] = {
    "text": lambda body: {"kind": MessageKind.TEXT, "text": of_type(body, "text", str, "")},
    "press": lambda body: {"kind": MessageKind.PRESS, "text": of_type(body, "press", str, "")},
    "edit": lambda body: {"kind": MessageKind.EDITED, "text": of_type(body, "edit", str, "")},
    "photo": photo_in,
    "document": document_in,
    "location": lambda body: {"kind": MessageKind.LOCATION, "location": location_from(body["location"])},
    "contact": contact_in,
    "blocked": lambda body: {"kind": MessageKind.BLOCKED},
}
"""The fields of `LocalMessage` for each kind of content in a line; any other content is of the kind `OTHER`."""


MUST_BE: Final = {str: "must_be_text", int: "must_be_whole", bool: "must_be_truth"}
"""Which sentence says what a value should be."""


def of_type(body: dict[str, Any], name: str, kind: type, default: Any) -> Any:
    value = body.get(name)
    if value is None:
        return default
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise not_understood(MUST_BE[kind], name=name)
    return value


def words_or_number(body: dict[str, Any], name: str) -> str | int:
    value = body.get(name, "")
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise not_understood("no_words_or_number", name=name)
    return value


def location_from(value: object) -> Location:
    """A place on earth from [degrees north, degrees east]."""
    match value:
        case [int() | float() as latitude, int() | float() as longitude]:
            if abs(latitude) <= 90 and abs(longitude) <= 180:
                return Location(float(latitude), float(longitude))
    raise not_understood("wrong_location")


def moment(text: str, zone: ZoneInfo) -> datetime | None:
    """Return an ISO time; without an offset it is in the configured zone."""
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise not_understood("wrong_date", written=text) from error
    return at if at.tzinfo else at.replace(tzinfo=zone)

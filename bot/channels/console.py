"""The bot in a terminal or a script: a channel like any other, whose messages are kept until they are shown.

`ConsoleScreen` is what one run of the command shows; every contact may write to it. A contact is "channel:address",
such as `demo:truong-thon`. With `plain` the channel can show no buttons, edits or files, as with Zalo's bots: choices
become a numbered list in the text, actions words to type, and pictures the path of a file.
"""

import asyncio
import itertools
import time
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from markupsafe import escape

from bot.channels.base import UNPACED, FileTooLarge, LastWrote, Look, Outgoing, SendProblem, Sent
from bot.channels.text import plain, split
from bot.channels.written import choices_in_words
from handlers.messages import WITHOUT_BUTTONS, Capabilities, Choice, Reply
from handlers.wording import LOCALES, Wording, wording
from storage import private
from storage.kept import Screen as KeptScreen
from storage.people import find_contact
from storage.tables import now as utc_now
from storage.unit_of_work import Storage

FULL: Final = Capabilities()
PLAIN: Final = replace(WITHOUT_BUTTONS, max_text=2000)
CHANNELS: Final = ("console", "demo")
"""The channels that live in a terminal. Contacts of a platform are real people, and are left to it."""


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """One message as it was sent. `photo` and `document` are paths of files."""

    to: str
    ref: str
    reply: Reply
    photo: str | None = None
    document: str | None = None
    cost: str = ""
    """What it costs on the channel that is shown, as a sentence."""

    def buttons(self) -> list[Choice]:
        """Its buttons in the order they are shown: first the choices, then the actions."""
        return [choice for row in (*self.reply.choices, *self.reply.actions) for choice in row]

    def text(self) -> str:
        """Its text, without markup, NFC."""
        return unicodedata.normalize("NFC", plain(self.reply.text))

    def typed_text(self, say: Wording) -> list[str]:
        """Its text with what to type, for a channel without buttons and files; in parts that fit."""
        choices = map(plain, choices_in_words(self.reply, say))
        parts = filter(None, (self.text(), *choices, self.photo, self.document))
        whole = escape(unicodedata.normalize("NFC", "\n\n".join(parts)))
        return [plain(part) for part in split(whole, PLAIN.max_text)]

    def to_json(self) -> dict[str, Any]:
        """This message as the line that a script reads."""
        labels = [[choice.label for choice in row] for row in (*self.reply.choices, *self.reply.actions)]
        buttons = [[unicodedata.normalize("NFC", label) for label in row] for row in labels]
        return line(self.to, self.text(), buttons, self.photo, self.document, self.cost)


def line(
    to: str,
    text: str,
    buttons: Sequence[Sequence[str]] = (),
    photo: str | None = None,
    document: str | None = None,
    cost: str = "",
) -> dict[str, Any]:
    """Return a message for a script, with every key that it may read; the cost only if there is one."""
    told = {"to": to, "text": text, "buttons": buttons, "photo": photo, "document": document}
    return {**told, "cost": cost} if cost else told


def read(path: Path, limit: int) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(limit + 1)
    except OSError as error:
        raise SendProblem("the file cannot be read", permanent=True) from error
    if len(content) > limit:
        raise FileTooLarge
    return content


def same_label(label: str) -> str:
    """Return the form in which labels are compared."""
    return " ".join(unicodedata.normalize("NFC", label).casefold().split())


@dataclass
class ConsoleScreen:
    """Everything that was sent during this run and is not shown yet, and the buttons of what was."""

    folder: Path
    """Where files that were sent are written."""
    sent: list[ShownMessage] = field(default_factory=list)
    seen: dict[str, list[ShownMessage]] = field(default_factory=dict)
    """For each contact the messages, oldest first."""
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(time.time_ns()))
    """Numbers for messages and pictures that never repeat, not even in a later run."""

    def keep(self, name: str, content: bytes) -> str:
        """Write a file that was sent; gives its path."""
        private.own_folder(self.folder)
        path = self.folder.absolute() / name
        private.make_file(path)
        path.write_bytes(content)
        return str(path)

    def take(self) -> list[ShownMessage]:
        """What was sent since the last call."""
        taken, self.sent = self.sent, []
        return taken

    def press(self, contact: str, label: str, ref: str = "") -> tuple[str, str] | None:
        """Return (data, message) of the newest button with this label that the contact saw in this run, or None.

        If `ref` is given, only of that message. If one message has two with the same label, the first is meant.
        """
        wanted = same_label(label)
        for message in reversed(self.seen.get(contact, [])):
            if ref and message.ref != ref:
                continue
            for choice in message.buttons():
                if same_label(choice.label) == wanted:
                    return choice.data, message.ref
        return None

    def has(self, contact: str, ref: str) -> bool:
        """Whether the contact saw the message `ref` in this run."""
        return any(message.ref == ref for message in self.seen.get(contact, []))

    def named(self, contact: str, words: str | int) -> str | None:
        """Return the newest message with these words that the contact saw in this run; a number stands for itself."""
        if isinstance(words, int):
            return str(words)
        wanted = same_label(words)
        messages = reversed(self.seen.get(contact, []))
        return next((message.ref for message in messages if wanted in same_label(message.text())), None)


def remembered_press(screen: dict[str, Any], label: str) -> str | None:
    """The data of the button with this label in the last message a contact got, from `Contact.screen`."""
    wanted = same_label(label)
    shown = KeptScreen.read(screen).buttons
    return next((data for name, data in shown if same_label(name) == wanted), None)


class ConsoleChannel:
    """The contacts named `name`:… of a terminal."""

    pace = UNPACED
    soonest = timedelta()
    """Lines may come from a file."""
    is_away = False

    def __init__(
        self,
        name: str,
        screen: ConsoleScreen,
        *,
        buttons: bool = True,
        look: Look | None = None,
        locale: str = LOCALES[0],
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.locale, self.clock = locale, clock
        self.storage: Storage | None = None
        self.name = name
        self.screen = screen
        self.look = look or Look(FULL if buttons else PLAIN)
        self.can = self.look.can

    def attach(self, storage: Storage) -> None:
        """Note where it stands who wrote when, which a price may depend on."""
        self.storage = storage

    async def reading(self, message: Outgoing) -> LastWrote:
        """Return when a message is read, as its price needs to know."""
        if self.storage is None or not self.look.by_silence:
            return LastWrote(priority=message.priority)
        async with self.storage.reading() as session:
            contact = await find_contact(session, self.name, message.address)
        wrote = contact.last_sent_at if contact else None
        return LastWrote(self.clock() - wrote if wrote else None, message.priority)

    def out_at(self, ref: str, taken_at: datetime) -> datetime | None:
        """See `Channel.out_at`."""
        return taken_at

    def kept(self, number: int, reply: Reply, file: bytes) -> tuple[str | None, str | None]:
        """Return the files that the picture or document of a message was written to."""
        if reply.picture:
            return self.screen.keep(f"{number}.png", file), None
        if reply.document:
            return None, self.screen.keep(f"{number}-{Path(reply.document.name).name}", file)
        return None, None

    async def send(self, message: Outgoing) -> Sent:
        """Put the message on the screen, and its picture or document into a file of its own."""
        file, text = message.file, self.look.text(plain(message.reply.text))
        cost = self.look.cost(text, wording(self.locale), await self.reading(message))
        reply = message.reply if self.look.text is str else replace(message.reply, text=escape(text))
        number = next(self.screen.numbers)
        contact = f"{self.name}:{message.address}"
        photo, document = self.kept(number, reply, file) if file is not None else (None, None)
        shown = ShownMessage(contact, message.edit_ref or str(number), reply, photo, document, cost)
        self.screen.sent.append(shown)
        self.screen.seen.setdefault(contact, []).append(shown)
        return Sent(shown.ref)

    async def download(self, ref: str, limit: int) -> bytes:
        """The bytes of the file at the path `ref`. Raises FileTooLarge or SendProblem."""
        return await asyncio.to_thread(read, Path(ref), limit)

    async def answer_press(self, answers: str, notice: str) -> None:
        """Do nothing: a terminal has no spinner to stop, and what the notice says is also in what follows."""

"""The two ways to use the bot here: a person at a terminal, and a script that writes and reads JSON lines.

Neither ever ends because of what was typed: a line that cannot be understood is answered with what was wrong.
"""

import asyncio
import html
import json
import logging
import os
import re
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TextIO

import structlog
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from bot.channels.console import ShownMessage, line
from bot.channels.text import TAG
from bot.chat import (
    Chat,
    LocalMessage,
    NotUnderstood,
    chatting,
    location_from,
    look_of,
    not_understood,
    said_from,
)
from bot.logs import set_up_logs
from bot.problems import WrongCall
from bot.settings import Settings
from handlers.messages import MessageKind, SharedContact
from handlers.wording import Wording

CHUNK: Final = 65536

NUMBERED: Final = re.compile("[0-9]{1,3}")
"""How a button may be named: its number, with or without a sign."""
ROLES: Final = "/vai"
"""The command that asks for the other people whom one can be."""
CHANNEL: Final = "/kenh"
"""The command that, with a channel's name, shows the conversation as that channel would. Alone it is the bot's own."""

log = structlog.get_logger(__name__)


async def lines(descriptor: int) -> AsyncIterator[bytes]:
    """Yield the lines of an open file, pipe or terminal, as they come.

    A thread of its own reads them, straight from the descriptor, so that a blocked read holds up neither the loop nor
    the end of the process.
    """
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[bytes | None] = asyncio.Queue()

    def read() -> None:
        rest = b""
        with suppress(RuntimeError):  # the loop has ended
            while chunk := os.read(descriptor, CHUNK):
                *whole, rest = (rest + chunk).split(b"\n")
                for one in whole:
                    loop.call_soon_threadsafe(queue.put_nowait, one)
            if rest:
                loop.call_soon_threadsafe(queue.put_nowait, rest)
            loop.call_soon_threadsafe(queue.put_nowait, None)

    threading.Thread(target=read, name="input", daemon=True).start()
    while (one := await queue.get()) is not None:
        yield one


async def talk(settings: Settings, contact: str, *, jsonl: bool, plain: bool, shown_as: str = "") -> None:
    """The bot of `settings` on standard input and output until that ends. Raises Problem."""
    set_up_logs(level=logging.WARNING)
    async with chatting(settings, plain=plain, shown_as=shown_as) as chat:
        chat.address(contact)
        if jsonl:
            await run_script(chat, contact, sys.stdin.fileno(), sys.stdout)
        else:
            await Terminal(chat, contact, Console(), await chat.wording_of(contact)).run(
                sys.stdin.fileno(), "/start"
            )


# --- a script -------------------------------------------------------------------------------------------


async def run_script(chat: Chat, contact: str, descriptor: int, out: TextIO) -> None:
    """Send one message for each line of JSON; after it write what was sent because of it, then `{"done": true}`."""
    await write(chat, await chat.left_over(), out)
    async for raw in lines(descriptor):
        try:
            said = said_from(raw.decode("utf-8"), contact, chat.app.settings.zone)
            await write(chat, await chat.say(said), out)
        except UnicodeDecodeError:
            emit(out, {"error": str(not_understood("not_utf8"))})
        except NotUnderstood as problem:
            emit(out, {"error": str(problem)})
        except Exception as error:  # of any kind: the bot must survive for the script's next line
            log.error("message failed", error=type(error).__name__)
            emit(out, {"error": str(not_understood("not_recorded", error=type(error).__name__))})
        emit(out, {"done": True})


async def write(chat: Chat, messages: list[ShownMessage], out: TextIO) -> None:
    for message in messages:
        if chat.plain:
            say = await chat.wording_of(message.to)
            for text in message.typed_text(say):
                emit(out, line(message.to, text, cost=message.cost))
        else:
            emit(out, message.to_json())


def emit(out: TextIO, body: dict[str, Any]) -> None:
    out.write(json.dumps(body, ensure_ascii=False) + "\n")
    out.flush()


# --- a person -------------------------------------------------------------------------------------------


class Quit(Exception):
    """The person typed /q."""


@dataclass
class Terminal:
    """One person at a terminal, speaking as `contact`; `roles` are the contacts they may become with /vai."""

    chat: Chat
    contact: str
    console: Console
    say: Wording
    roles: Mapping[str, str] = field(default_factory=dict)
    offered: ShownMessage | None = None
    """The last message with buttons that this contact got."""
    bare: int = 0
    """How many of the buttons, from the first on, a bare number presses: none if a number is an answer."""

    async def run(self, descriptor: int, first: str) -> None:
        """Say `first`, then whatever is typed, until /q or the end of the input."""
        self.tell("console.welcome")
        self.tell("console.how")
        if self.roles:
            self.tell("console.roles")
        await self.send(LocalMessage(self.contact, MessageKind.TEXT, first))
        self.prompt()
        async for raw in lines(descriptor):
            try:
                await self.typed(raw.decode("utf-8", "replace").strip())
            except Quit:
                return
            except NotUnderstood as problem:
                self.console.print(Text(str(problem), "yellow"))
            except Exception as error:
                log.error("message failed", error=type(error).__name__)
                self.tell("console.failed")
            self.prompt()

    async def typed(self, text: str) -> None:
        """Do what a typed line asks for. Raises Quit."""
        if text == "/q":
            raise Quit
        word, _, rest = text.partition(" ")
        special = self.special().get(word)
        number = self.pressed(text)
        if special and (rest or word == ROLES):
            await special(rest.strip())
        elif number is not None:
            await self.press(number)
        elif text:
            await self.send(LocalMessage(self.contact, MessageKind.TEXT, text))

    def special(self) -> dict[str, Callable[[str], Awaitable[None]]]:
        """What the terminal itself does with a line that begins with a certain word; the bot reads all other lines."""
        return {
            "photo": lambda path: self.send(LocalMessage(self.contact, MessageKind.PHOTO, photo=Path(path))),
            "vitri": self.locate,
            "so": lambda phone: self.send(
                LocalMessage(self.contact, MessageKind.CONTACT, card=SharedContact(phone, own=True))
            ),
            **({ROLES: self.become, CHANNEL: self.show_as} if self.roles else {}),
        }

    def pressed(self, text: str) -> int | None:
        """The number of the button that `text` names: "#2" any, "2" one that is shown without a sign."""
        digits = text.removeprefix("#")
        if self.chat.plain or not NUMBERED.fullmatch(digits):
            return None
        return int(digits) if text != digits or 1 <= int(digits) <= self.bare else None

    async def press(self, number: int) -> None:
        buttons = self.offered.buttons() if self.offered else []
        if self.offered is None or not 1 <= number <= len(buttons):
            self.tell("console.no_such_button", number=number)
            return
        choice = buttons[number - 1]
        await self.send(
            LocalMessage(
                self.contact, MessageKind.PRESS, choice.label, button=(choice.data, self.offered.ref)
            )
        )

    async def locate(self, text: str) -> None:
        try:
            location = location_from([float(part) for part in text.replace(",", " ").split()])
        except (ValueError, NotUnderstood):
            self.tell("console.location_example")
            return
        await self.send(LocalMessage(self.contact, MessageKind.LOCATION, location=location))

    async def become(self, wanted: str) -> None:
        """List the contacts of the demonstration, or become one, by number or by name."""
        names = list(self.roles)
        if wanted.isdigit() and 1 <= int(wanted) <= len(names):
            wanted = names[int(wanted) - 1]
        if wanted in self.roles:
            self.contact, self.offered, self.bare = wanted, None, 0
            self.tell("console.you", contact=f"{wanted} – {self.roles[wanted]}")
            await self.send(LocalMessage(self.contact, MessageKind.TEXT, "/menu"))
            return
        for number, name in enumerate(names, 1):
            self.console.print(
                Text.assemble((f"{number:>3}  ", "cyan"), f"{name}  ", (self.roles[name], "dim"))
            )
        self.tell("console.choose_role")

    async def show_as(self, name: str) -> None:
        """Show the same phone as the channel of that name would, from where the conversation is. Raises WrongCall."""
        settings = self.chat.app.settings
        try:
            self.chat.show_as(look_of(settings, name))
        except WrongCall as wrong:
            self.console.print(Text(str(wrong), "yellow"))
            return
        self.offered, self.bare = None, 0
        self.tell("console.shown_as", channel=name)
        await self.send(LocalMessage(self.contact, MessageKind.TEXT, await self.chat.way_back(self.contact)))

    async def send(self, said: LocalMessage) -> None:
        for message in await self.chat.say(said):
            await self.show(message)

    async def show(self, message: ShownMessage) -> None:
        """Print one message; its buttons are numbered if the channel has buttons.

        A message that replaces an earlier one is left out: that one is above, and the new one says nothing new.
        """
        if message.reply.edits_slot:
            return
        self.console.print()
        if message.to != self.contact:
            self.console.print(Text(self.words("console.to_other", contact=message.to), "magenta"))
        if self.chat.plain:
            for part in message.typed_text(await self.chat.wording_of(message.to)):
                self.console.print(Padding(Text(part), (0, 2)))
        else:
            await self.show_rich(message)
        if message.cost:
            self.console.print(Text(message.cost, "dim"))

    async def show_rich(self, message: ShownMessage) -> None:
        """Print one message with its marks, numbered buttons and files."""
        self.console.print(Padding(styled(str(message.reply.text)), (0, 2)))
        await self.show_buttons(message, own=message.to == self.contact)
        for key, path in (("console.photo_at", message.photo), ("console.document_at", message.document)):
            if path:
                self.console.print(Text(self.words(key, path=path), "green"))
        if message.reply.ask_for == "contact":
            self.tell("console.share_contact")

    async def show_buttons(self, message: ShownMessage, *, own: bool) -> None:
        """Print the buttons with their numbers: the choices bare, the others (and all, where a number is an answer)
        with a sign. Those of the contact's own message can be pressed from now on."""
        buttons = message.buttons()
        if not buttons:
            return
        numeric = own and await self.chat.wants_number(self.contact)
        bare = 0 if numeric else sum(map(len, message.reply.choices))
        for number, choice in enumerate(buttons, 1):
            sign = "" if number <= bare else "#"
            self.console.print(Text.assemble((f"  [{sign}{number}] ", "bold cyan"), (choice.label, "cyan")))
        if own:
            self.offered, self.bare = message, bare

    def words(self, key: str, **values: object) -> str:
        return html.unescape(str(self.say(key, **values)))

    def tell(self, key: str, **values: object) -> None:
        self.console.print(Text(self.words(key, **values), "dim"))

    def prompt(self) -> None:
        self.console.print(Text(f"\n{self.contact} › ", "bold"), end="")


def styled(markup: str) -> Text:
    """The markup of a reply (<b>, <i>) as rich shows it."""
    text, marks = Text(), {"b": False, "i": False}
    end = 0
    for tag in TAG.finditer(markup):
        append(text, markup[end : tag.start()], marks)
        marks[tag.group()[-2]] = not tag.group().startswith("</")
        end = tag.end()
    append(text, markup[end:], marks)
    return text


def append(text: Text, piece: str, marks: dict[str, bool]) -> None:
    style = " ".join(name for name, on in (("bold", marks["b"]), ("italic", marks["i"])) if on)
    text.append(html.unescape(piece), style or None)

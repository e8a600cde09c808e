"""Plays the transcripts that stand in the documentation, against the real bot and the real commands.

A transcript is a block of a Markdown file:

    <!-- transcript: bao-cao | as: demo:truong-thon | before: báo cáo ; [Làm: Nước] -->
    ```text
    › 120
    ...what the bot said...
    ```
    <!-- end -->

A line that begins with "›" is what the person types, or [the button] they press; one that begins with "$" is a
command line, and lines with "›" after it are what is typed into it at a terminal; all else is written here. What
`before` names is played first, unseen, and with `invited` an invitation for that village is made. Each block has a
demonstration of its own, as of `NOW`. Receipts and codes, which are drawn at random, and the room on the disk stand in
the text under names that stay the same.
"""

import io
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final

import time_machine
from sqlmodel import select

from bot.channels.console import ShownMessage
from bot.chat import Chat, LocalMessage, chatting
from bot.cli import main
from bot.demo.build import MARK
from bot.demo.run import FILE, settings_in
from handlers.messages import Choice, MessageKind
from plans.reading import use
from questionnaires.answers.text import fold
from storage import invitations
from storage.codes import ALPHABET
from storage.session import Session
from storage.tables import Place, RoleName
from tests.conftest import DEMONSTRATED

ROOT: Final = Path(__file__).resolve().parents[2]
NOW: Final = DEMONSTRATED
BLOCK: Final = re.compile(
    r"(?P<head><!-- transcript: (?P<facts>[^\n]*) -->\n```text\n)(?P<body>.*?)(?P<tail>```\n<!-- end -->)",
    re.DOTALL,
)
RANDOM: Final = {
    "receipt": re.compile(r"\bBC-[0-9A-Z]{4}-[0-9A-Z]{2}\b"),
    "code": re.compile(r"\b(?!ABCD-)(?:[2-9A-HJ-NP-Z]{4}-){3}[2-9A-HJ-NP-Z]\b"),
    "space": re.compile(r"\b\d+ GB\b"),
}


@dataclass(frozen=True)
class Block:
    """One transcript and where it stands."""

    file: Path
    name: str
    facts: dict[str, str]
    body: str

    @property
    def actions(self) -> list[str]:
        return [line for line in self.body.splitlines() if line.startswith(("› ", "$ ")) or line == "›"]

    @property
    def before(self) -> list[str]:
        return [action for action in self.facts.get("before", "").split(" ; ") if action]

    @property
    def talk(self) -> bool:
        return self.actions[0].startswith("› ")

    @property
    def written(self) -> str:
        """What stands in the file now."""
        return next(block.body for block in blocks(self.file) if block.name == self.name)

    def write(self, body: str) -> None:
        """Put `body` in its place."""

        def renewed(found: re.Match[str]) -> str:
            name = found["facts"].partition("|")[0].strip()
            return found["head"] + (body if name == self.name else found["body"]) + found["tail"]

        text = self.file.read_text(encoding="utf-8")
        self.file.write_text(BLOCK.sub(renewed, text), encoding="utf-8")


def documents() -> list[Path]:
    """Every page of the documentation."""
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def blocks(file: Path) -> Iterator[Block]:
    """The transcripts of one page."""
    for found in BLOCK.finditer(file.read_text(encoding="utf-8")):
        name, *facts = (part.strip() for part in found["facts"].split("|"))
        pairs = dict(fact.split(": ", 1) for fact in facts)
        yield Block(file, name, pairs, found["body"])


@dataclass
class Masks:
    """Random names, each replaced by one that stays the same: the first by the first, and so on."""

    seen: dict[str, list[str]] = field(default_factory=lambda: {kind: [] for kind in RANDOM})

    def hide(self, text: str) -> str:
        for kind, shape in RANDOM.items():
            text = shape.sub(lambda found, kind=kind: self.name(kind, found.group()), text)  # type: ignore[misc]
        return text

    def name(self, kind: str, real: str) -> str:
        if kind == "space":
            return "80 GB"
        seen = self.seen[kind]
        if real not in seen:
            seen.append(real)
        chance = Random(f"{kind} {seen.index(real)}")
        start, letters = (real[:3], real[3:]) if kind == "receipt" else ("", real)
        return start + "".join(letter if letter == "-" else chance.choice(ALPHABET) for letter in letters)


# --- conversations --------------------------------------------------------------------------------------


@dataclass
class Talk:
    """One conversation being played by `who`."""

    chat: Chat
    who: str
    now: datetime = NOW
    code: str = ""
    shown: list[ShownMessage] = field(default_factory=list)

    async def act(self, action: str) -> list[ShownMessage]:
        """Type `action`, or press the newest button whose label holds what stands in brackets."""
        self.now += timedelta(minutes=1)
        if action.startswith("["):
            message, choice = self.button(action.strip("[]"))
            pressed = (choice.data, message.ref)
            said = LocalMessage(self.who, MessageKind.PRESS, choice.label, button=pressed, at=self.now)
        else:
            text = RANDOM["code"].sub(self.code or "", action) if self.code else action
            said = LocalMessage(self.who, MessageKind.TEXT, text, at=self.now)
        new = [message for message in await self.chat.say(said) if not message.reply.edits_slot]
        self.shown += [message for message in new if message.to == self.who]
        return new

    def button(self, words: str) -> tuple[ShownMessage, Choice]:
        for message in reversed(self.shown):
            for choice in message.buttons():
                if fold(words) in fold(choice.label):
                    return message, choice
        raise AssertionError(f"no button {words!r}")

    def lines(self, message: ShownMessage) -> list[str]:
        to = [] if message.to == self.who else [f"(tới {message.to})"]
        rows = (*message.reply.choices, *message.reply.actions)
        buttons = ["  ".join(f"[{choice.label}]" for choice in row) for row in rows]
        picture = [f"({Path(message.photo).suffix[1:].upper()})"] if message.photo else []
        return [*to, *message.text().split("\n"), *picture, *buttons]


async def talked(block: Block, template: Path, folder: Path) -> str:
    """The whole block, played on a copy of the demonstration in `template`."""
    shutil.copyfile(template, folder / FILE)
    masks = Masks()
    out: list[str] = []
    async with chatting(settings_in(folder), plain=False) as chat:
        talk = Talk(chat, block.facts.get("as", "demo:truong-thon"))
        if "invited" in block.facts:
            talk.code = await invited(chat, block.facts["invited"])
        for action in block.before:
            await talk.act(action)
        for action in block.actions:
            out += [action, ""]
            for message in await talk.act(action.removeprefix("› ")):
                out += [*(f"  {line}".rstrip() for line in talk.lines(message)), ""]
    return masks.hide("\n".join(out).rstrip() + "\n")


async def invited(chat: Chat, village: str) -> str:
    """The code of a new invitation for the head of an invented village."""

    async def work(session: Session) -> str:
        place = (await session.exec(select(Place).where(Place.name == f"{village} {MARK}"))).one()
        code, _ = await invitations.create(session, place.id, RoleName.VILLAGE_HEAD, "", 14, NOW)
        return code

    return await chat.app.storage.write(work)


async def picture(template: Path, folder: Path) -> bytes:
    """The picture of a village's progress that the bot sends in the demonstration."""
    shutil.copyfile(template, folder / FILE)
    async with chatting(settings_in(folder), plain=False) as chat:
        talk = Talk(chat, "demo:truong-thon")
        await talk.act("/tinhhinh")
        [drawn] = [message for message in await talk.act("[Xem hình]") if message.photo]
        return Path(drawn.photo or "").read_bytes()


# --- commands -------------------------------------------------------------------------------------------


def commanded(block: Block) -> str:
    """The whole block, each command run in this process, in the present folder and environment, at `NOW`."""
    masks = Masks()
    out: list[str] = []
    for action in block.before:
        run(shlex.split(action))
    for action, *typed in called(block.actions):
        said = run(shlex.split(action.removeprefix("$ ")), [text.removeprefix("›").strip() for text in typed])
        out += [action, *masks.hide(said).rstrip().split("\n"), ""]
    return "\n".join(out).rstrip() + "\n"


def called(actions: list[str]) -> list[list[str]]:
    """Each command line with what is typed into it."""
    calls: list[list[str]] = []
    for action in actions:
        if action.startswith("$ "):
            calls.append([])
        calls[-1].append(action)
    return calls


class Typed(io.StringIO):
    """A terminal at which these lines are typed; they are shown as a person sees them."""

    def isatty(self) -> bool:
        return True

    def readline(self, size: int | None = -1, /) -> str:
        text = super().readline(-1 if size is None else size)
        if text:
            print(f"\n› {text}".rstrip())
        return text


def run(words: list[str], typed: list[str] | None = None) -> str:
    """What a command prints, to either stream."""
    assert words[0] == "thonbao"
    said, before, terminal = io.StringIO(), sys.argv, sys.stdin
    sys.argv = words
    if typed:
        sys.stdin = Typed("".join(f"{text}\n" for text in typed))
    try:
        with redirect_stdout(said), redirect_stderr(said), time_machine.travel(NOW):
            main()
    except SystemExit:
        pass
    finally:
        sys.argv, sys.stdin = before, terminal
        use(None)  # a folder of plans of this block's own is none of another's
    return said.getvalue()

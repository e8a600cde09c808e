"""Draws the two pictures with which the README opens, from what they show, so that they stay true.

A chat on a phone is drawn from a transcript that is played against the bot; the map of the rooms from the import
contracts that hold them. Both are SVG: text in them can be searched, and a change can be read in a review.
"""

import re
import textwrap
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape

from tests.docs.telling import ROOT

FONT: Final = "-apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif"
LETTERS: Final = 41
"""Letters of a line in a bubble; at this size the widest sentences just fit."""
LINE: Final = 19
WIDTH: Final = 380
EDGE: Final = 12
BUBBLE: Final = 316
BUTTON: Final = 34
PERSON, BOT, PAPER, BLUE, INK, GREY = "#dcf8c6", "#ffffff", "#dfe7ec", "#2a6fb0", "#1c2733", "#66757f"


@dataclass(frozen=True, slots=True)
class Message:
    """What stands in one bubble, and the rows of buttons under it."""

    person: bool
    lines: tuple[str, ...]
    buttons: tuple[tuple[str, ...], ...] = ()


def messages(transcript: str) -> Iterator[Message]:
    """The messages of a transcript, as `tests.docs.telling` writes it. Buttons end a message of the bot."""
    lines: list[str] = []
    buttons: list[tuple[str, ...]] = []
    for line in [*transcript.splitlines(), "› "]:
        said = line.strip()
        row = tuple(re.findall(r"\[([^\]]+)\]", said)) if said.startswith("[") else ()
        if (lines or buttons) and (line.startswith("› ") or (buttons and said and not row)):
            yield Message(False, tuple("\n".join(lines).strip("\n").splitlines()), tuple(buttons))
            lines, buttons = [], []
        if line.startswith("› "):
            if words := line.removeprefix("› ").strip():
                yield Message(True, (words.strip("[]"),))
        elif row:
            buttons.append(row)
        else:
            lines.append(said)


def phone(transcript: str) -> str:
    """An SVG of a phone that shows the transcript."""
    top, drawn = EDGE, []
    for message in messages(transcript):
        picture, height = bubble(message, top)
        drawn.append(picture)
        top += height
    body = "\n".join(drawn)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{top}" viewBox="0 0 {WIDTH} {top}" '
        f'font-family="{FONT}" font-size="14">\n'
        f'<rect width="{WIDTH}" height="{top}" rx="22" fill="{PAPER}"/>\n{body}\n</svg>\n'
    )


def bubble(message: Message, top: int) -> tuple[str, int]:
    """One message with its buttons, drawn from `top` down, and the height that it takes."""
    lines = [part for line in message.lines for part in textwrap.wrap(line, LETTERS) or [""]]
    wide = BUBBLE if not message.person else max(60, 9 * max(map(len, lines)) + 24)
    left = WIDTH - EDGE - wide if message.person else EDGE
    high = LINE * len(lines) + 16
    drawn = [box(left, top, wide, high, PERSON if message.person else BOT)]
    drawn += [label(left + 12, top + 8 + LINE * (n + 1) - 5, line) for n, line in enumerate(lines) if line]
    high += 6
    for row in message.buttons:
        each = (BUBBLE - 4 * (len(row) - 1)) / len(row)
        for n, words in enumerate(row):
            x = EDGE + n * (each + 4)
            drawn.append(box(x, top + high, each, BUTTON - 4, BOT))
            middle = f'text-anchor="middle" fill="{BLUE}"'
            drawn.append(label(x + each / 2, top + high + 20, words, middle))
        high += BUTTON
    return "\n".join(drawn), high + 6


def box(x: float, y: float, wide: float, high: float, fill: str) -> str:
    return f'<rect x="{x:g}" y="{y:g}" width="{wide:g}" height="{high:g}" rx="10" fill="{fill}"/>'


def label(x: float, y: float, words: str, style: str = f'fill="{INK}"') -> str:
    return f'<text x="{x:g}" y="{y:g}" {style}>{escape(words)}</text>'


# --- the rooms ------------------------------------------------------------------------------------------

FLOOR, MAP_WIDE = 84, 640
FOR: Final = {
    "bot": "runs: channels, delivery, commands",
    "handlers": "decides what to answer",
    "figures": "knows what is owed, covered, changed",
    "storage": "remembers and counts",
    "reports": "figures in, text and pictures out",
    "queries": "reads what a question asks",
    "questionnaires": "asks, reads what is typed",
    "plans": "targets, periods, indicators",
}


def floors() -> list[list[str]]:
    """The rooms, highest floor first, as the import contract names them."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return [[room.strip() for room in floor.split("|")] for floor in layers]


def rooms() -> str:
    """An SVG of the rooms: each may import the floors below it, never those above."""
    house = floors()
    high = FLOOR * len(house) - 22 + 2 * EDGE
    drawn = [f'<rect width="{MAP_WIDE}" height="{high}" rx="16" fill="{PAPER}"/>']
    for level, floor in enumerate(house):
        top, wide = EDGE + level * FLOOR, (MAP_WIDE - 2 * EDGE - 10 * (len(floor) - 1)) / len(floor)
        for n, room in enumerate(floor):
            x = EDGE + n * (wide + 10)
            middle = f'text-anchor="middle" fill="{INK}"'
            drawn.append(box(x, top, wide, FLOOR - 22, BOT))
            drawn.append(label(x + wide / 2, top + 26, f"{room}/", f'{middle} font-weight="bold"'))
            small = f'text-anchor="middle" font-size="11.5" fill="{GREY}"'
            drawn.append(label(x + wide / 2, top + 46, FOR[room], small))
        if level + 1 < len(house):
            arrow = f'text-anchor="middle" fill="{GREY}"'
            drawn.append(label(MAP_WIDE / 2, top + FLOOR - 6, "▼ imports", arrow))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{MAP_WIDE}" height="{high}" '
        f'viewBox="0 0 {MAP_WIDE} {high}" font-family="{FONT}" font-size="14">\n'
        + "\n".join(drawn)
        + "\n</svg>\n"
    )

"""The lines of a reporting table: how deep each stands, what it is a part of, and which only head others.

A line's depth follows from its number ("I", "1", "1.1", "a)", "-"), also where the number stands before its words.
Below "Trong đó:" everything deeper is a part of the line above it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.form_words import LED, Wish, kind_of, leads, own_unit
from storage.sheets import ListRow

MARKED: Final = re.compile(
    r"(?P<mark>[IVX]{1,5}|[A-Za-zđĐ]|\d{1,2}(?:\.\d{1,2})*)[.)/:]\s*(?P<said>[^\d\s].*)"
    r"|(?P<parts>\d{1,2}(?:\.\d{1,2})+)\s+(?P<said_of_parts>\D.*)"
    r"|(?P<dash>[-–—+*•]+)\s*(?P<said_of_dash>.+)"
)
"""Words with a number of their own: "1.1. Số hộ", "a) Hộ nghèo", "- Hộ nghèo"."""
NUMBER: Final = re.compile(r"\(?([IVX]{1,5}|[A-Za-zđĐ]|\d{1,2}(?:[.,]\d{1,2})*|[-–—+*•])[.)]?")
PLAIN: Final = 10
"""The depth of a line numbered 1, 2, 3; of 1.1 it is two more."""
DEPTHS: Final = {**dict.fromkeys("-–—", 40), **dict.fromkeys("+*•", 50)}
BESIDE: Final = 5
"""How much deeper a line without a number stands than the numbered one above it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table, without its number."""

    row: ListRow
    words: str
    mark: str = ""
    depth: int = PLAIN
    part: bool = False
    """Whether the table says that it is a part of what stands above it."""


def lines_of(rows: Sequence[ListRow]) -> list[Line]:
    """Return the lines that name something, with their depths."""
    lines: list[Line] = []
    depths = Depths(any(mark_of(row)[0] for row in rows))
    for row in rows:
        mark, words = mark_of(row)
        if leads(words):
            depths.lead()
            continue
        led = LED.fullmatch(words)
        depth = depths.of(mark, led=bool(led))
        lines.append(Line(row, led[1] if led else words, mark, depth, bool(led) or depths.are_parts))
    return lines


def mark_of(row: ListRow) -> tuple[str, str]:
    """Return the number of a line, "" for none, and its words without it."""
    words, number = row.texts["indicator"], NUMBER.fullmatch(row.texts.get("number", ""))
    own = MARKED.fullmatch(words)
    said = next(filter(None, own.group("said", "said_of_parts", "said_of_dash"))) if own else words
    marks = own.group("mark", "parts", "dash") if own else ()
    return next(filter(None, (number[1] if number else "", *marks)), ""), said


class Depths:
    """Follows how deep the lines stand, from the first to the last."""

    def __init__(self, numbered: bool) -> None:
        self.step = BESIDE if numbered else 0
        self.last = PLAIN
        self.last_numbered = PLAIN - self.step
        self.letter = ""
        self.led_from: int | None = None
        """The depth of the line above "Trong đó:"; None where nothing is led."""

    @property
    def are_parts(self) -> bool:
        return self.led_from is not None

    def lead(self) -> None:
        """Note that what stands deeper from here on is a part of the last line."""
        if self.led_from is None:
            self.led_from = self.last

    def of(self, mark: str, *, led: bool) -> int:
        """Return the depth of the next line; `led`: it begins with "Trong đó"."""
        depth = self.numbered(mark) if mark else self.last_numbered + self.step
        if not mark and self.led_from is not None:
            depth = max(depth, self.led_from + BESIDE)
        if led and depth <= self.last:
            depth = self.last + BESIDE
        elif mark and not led:
            self.last_numbered = depth
        if self.led_from is not None and depth <= self.led_from:
            self.led_from = None
        if not led:
            self.last = depth
        return depth

    def numbered(self, mark: str) -> int:
        """Return the depth that a number says; A stands above I, and C behind B is no Roman number."""
        if mark[0] in DEPTHS:
            return DEPTHS[mark[0]]
        if mark[0].isdecimal():
            return PLAIN + 2 * len(re.findall(r"[.,]", mark))
        if not mark.isupper():
            return 30
        follows = mark == (chr(ord(self.letter) + 1) if self.letter else "A")
        if follows:
            self.letter = mark
        return 2 if follows or not set(mark) <= set("IVX") else 4


def wishes_of(rows: Sequence[ListRow], unit: str) -> Iterator[Wish]:
    """Yield what the rows want to know; `unit` is the one that a title gives for all of them."""
    lines = lines_of(rows)
    above = [ancestors(lines, place) for place in range(len(lines))]
    parents = {chain[-1] for chain in above if chain}
    asked: dict[int, int] = {}
    wishes: list[Wish] = []
    for place, line in enumerate(lines):
        own, words = own_unit(line.row.texts.get("unit", ""), line.words)
        kind, own = kind_of(words, own)
        if place in parents and not kind:
            continue  # it only heads those below it
        if not kind and unit:
            kind, own = kind_of(words, unit)
        over = [one for one in above[place] if one in asked]
        heads = tuple(lines[one].words for one in above[place] if one not in asked)
        parent = wishes[asked[over[-1]]] if over else None
        wish = Wish(str(line.row.row), words, own, kind, within=heads).below(
            asked[over[-1]] if over else None, parent, sure=line.part
        )
        asked[place] = len(wishes)
        wishes.append(wish)
    yield from wishes


def ancestors(lines: Sequence[Line], place: int) -> list[int]:
    """Return the places of the lines that the one at `place` lies within, the outermost first."""
    chain: list[int] = []
    depth = lines[place].depth
    for before in range(place - 1, -1, -1):
        if lines[before].depth < depth:
            chain.append(before)
            depth = lines[before].depth
    return chain[::-1]

"""The lines of a reporting table: how deep each stands, what it is a part of, and which only head others.

A line's depth follows from its number ("I", "1", "1.1", "a)", "-"), also where the number stands before its words.
Below "Trong đó:" everything deeper is a part of the line above it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.form_table.wishes import LED, Wish, kind_alone, kind_by_title, kind_of, leads, own_unit
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
NOT_LED: Final = -100
"""Less deep than any line: nothing stands deeper only because "Trong đó:" leads to it."""
ROMAN: Final = frozenset("IVX")
BEFORE_A: Final = chr(ord("A") - 1)


@dataclass(frozen=True, slots=True)
class TableLine:
    """One line of a table, without its number."""

    row: ListRow
    words: str
    mark: str = ""
    depth: int = PLAIN
    part: bool = False
    """Whether the table says that it is a part of what stands above it."""


def lines_of(rows: Sequence[ListRow]) -> list[TableLine]:
    """Return the lines that name something, with their depths."""
    lines: list[TableLine] = []
    depths = Depths(any(mark_of(row)[0] for row in rows))
    for row in rows:
        mark, words = mark_of(row)
        if leads(words):
            depths.lead()
            continue
        led = LED.fullmatch(words)
        dash = words[: led.start(1)].rstrip()[-1] if led else ""
        if dash in DEPTHS:
            # "Trong đó: - Hộ nghèo" is the first of several: those below with a dash are its siblings.
            depths.lead()
            depth = depths.of(mark or dash, led=False)
        else:
            depth = depths.of(mark, led=bool(led))
        lines.append(TableLine(row, led[1] if led else words, mark, depth, bool(led) or depths.are_parts))
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
        self.letter = BEFORE_A
        self.led_from = NOT_LED
        """The depth of the line above "Trong đó:"."""

    @property
    def are_parts(self) -> bool:
        return self.led_from != NOT_LED

    def lead(self) -> None:
        """Note that what stands deeper from here on is a part of the last line."""
        if not self.are_parts:
            self.led_from = self.last

    def of(self, mark: str, *, led: bool) -> int:
        """Return the depth of the next line; `led`: it begins with "Trong đó"."""
        beside = max(self.last_numbered + self.step, self.led_from + BESIDE)
        depth = self.numbered(mark) if mark else beside
        if led and depth <= self.last:
            depth = self.last + BESIDE
        if depth <= self.led_from:
            self.led_from = NOT_LED
        if not led:
            self.stand(mark, depth)
        return depth

    def stand(self, mark: str, depth: int) -> None:
        """Note how deep a line stands that others may stand below."""
        self.last = depth
        if mark:
            self.last_numbered = depth

    def numbered(self, mark: str) -> int:
        """Return the depth that a number says; A stands above I, and C behind B is no Roman number."""
        if mark[0] in DEPTHS:
            return DEPTHS[mark[0]]
        if mark[0].isdecimal():
            return PLAIN + 2 * len(re.findall(r"[.,]", mark))
        if not mark.isupper():
            return 30
        if mark == chr(ord(self.letter) + 1):
            self.letter = mark
            return 2
        return 4 if ROMAN.issuperset(mark) else 2


def wishes_of(rows: Sequence[ListRow], unit: str) -> list[Wish]:
    """Return what the rows want to know; `unit` is the one that a title gives for all of them."""
    lines = lines_of(rows)
    above = [ancestors(lines, place) for place in range(len(lines))]
    parents = {chain[-1] for chain in above if chain}
    wishes: dict[int, Wish] = {}
    for place, line in enumerate(lines):
        wish = wish_of(line, unit, heads_others=place in parents)
        if wish is not None:
            wishes[place] = placed(wish, lines, place, above[place], wishes)
    return list(wishes.values())


def wish_of(line: TableLine, unit: str, *, heads_others: bool) -> Wish | None:
    """Return what one line wants to know; None if it only heads those below it."""
    own, words = own_unit(line.row.texts.get("unit", ""), line.words)
    kind, own = kind_of(words, own)
    if not kind and heads_others:
        return None
    if not kind:
        kind, own = kind_alone(words)
    if not kind and unit:
        kind, own = kind_by_title(words, unit)
    return Wish(str(line.row.row), words, own, kind)


def placed(
    wish: Wish, lines: Sequence[TableLine], place: int, above: Sequence[int], wishes: Mapping[int, Wish]
) -> Wish:
    """Return the wish of the line at `place` with the headings `above` it, and below the nearest of the `wishes` there."""
    wish = replace(wish, within=tuple(lines[one].words for one in above if one not in wishes))
    nearest = next((one for one in reversed(above) if one in wishes), None)
    if nearest is None:
        return wish
    return wish.below(list(wishes).index(nearest), wishes[nearest], sure=lines[place].part)


def ancestors(lines: Sequence[TableLine], place: int) -> list[int]:
    """Return the places of the lines that the one at `place` lies within, the outermost first."""
    chain: list[int] = []
    depth = lines[place].depth
    for before in range(place - 1, -1, -1):
        if lines[before].depth < depth:
            chain.append(before)
            depth = lines[before].depth
    return chain[::-1]

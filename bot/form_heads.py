"""A reporting table whose columns are the indicators: "TT | Thôn | Tổng số hộ | Hộ nghèo: tổng số, trong đó DTTS"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from bot.form_words import LED, Wish, begun, is_whole, kind_of, leads, meanings, own_unit
from questionnaires.answers.text import fold
from storage.cells import Across, Cells, plain
from storage.sheets import letter

LEAST: Final = 3
"""From this many headings on, a row of words may be the head of a table."""
LONGEST: Final = 200
"""The most letters of a heading."""
MOST_ROWS: Final = 4
"""The most rows of a head."""
COMPUTED: Final = re.compile(r"\(?\s*[0-9]{1,2}\s*=.*")
"""How the row of numbers below a head tells that a column follows from others: "5=4/3"."""


@dataclass(frozen=True, slots=True)
class Head:
    """One column: what stands in its head, from the top down."""

    place: int
    texts: tuple[str, ...]
    is_computed: bool = False

    @property
    def whole(self) -> str:
        return " – ".join(self.texts)


def heads_of(rows: Sequence[tuple[int, Cells]]) -> list[Head]:
    """Return the columns of the first rows that can be the head of a table; [] for none."""
    first = next((place for place, (_, cells) in enumerate(rows) if is_head(cells)), None)
    if first is None:
        return []
    count = 1
    while count < MOST_ROWS and first + count < len(rows) and goes_on(rows, first + count):
        count += 1
    head = [cells for _, cells in rows[first : first + count]]
    below = rows[first + count][1] if first + count < len(rows) else []
    width = max(map(len, head))
    heads = (Head(place, texts_of(head, place), is_computed(below, place)) for place in range(width))
    return [head for head in heads if head.texts]


def is_head(cells: Cells) -> bool:
    """Whether a row has headings: several short texts, of which none is a figure."""
    own = [value for value, _ in cells if value is not None and not isinstance(value, Across)]
    texts = [plain(value) for value in own if plain(value)]
    worded = sum(any(map(str.isalpha, text)) for text in texts)
    return worded >= LEAST and worded == len(texts) and len(set(texts)) == len(texts)


def goes_on(rows: Sequence[tuple[int, Cells]], place: int) -> bool:
    """Whether a row still belongs to the head above it: something reaches over several of its columns, or down into it."""
    above, here = rows[place - 1][1], rows[place][1]
    texts = [plain(value) for value, _ in here]
    if any(text.replace(".", "").replace(",", "").isdecimal() for text in texts):
        return False
    parted = any(isinstance(value, Across) for value, _ in above)
    reaching = any(
        text and text == plain(value) for text, (value, _) in zip(texts[2:], above[2:], strict=False)
    )
    return parted or reaching


def texts_of(head: Sequence[Cells], place: int) -> tuple[str, ...]:
    """Return what stands over a column, from the top down, each text once."""
    texts = (plain(cells[place][0])[:LONGEST] if place < len(cells) else "" for cells in head)
    return tuple(dict.fromkeys(filter(None, texts)))


def is_computed(below: Cells, place: int) -> bool:
    """Whether the row of numbers below says that a column follows from others."""
    return place < len(below) and COMPUTED.fullmatch(plain(below[place][0])) is not None


def reason_to_leave(head: Head) -> str:
    """Return why nobody is asked about a column; "" if somebody is."""
    row = meanings("rows").get(fold(head.texts[-1]), "")
    if head.is_computed:
        return "computed"
    if row == "number" or (row == "place" and len(head.texts) == 1):
        return row
    return begun(head.texts[-1], "left", ("plan", "before", "notes"))


def wishes_of_heads(heads: Sequence[Head], unit: str) -> tuple[list[Wish], list[tuple[str, str]], bool]:
    """Return what the columns want to know, those left out with the reason, and whether a place has several rows."""
    reasons = [(head, reason_to_leave(head)) for head in heads]
    left = [(head.whole, reason) for head, reason in reasons if reason and reason != "number"]
    asked = [head for head, reason in reasons if not reason]
    repeats = any(meanings("rows").get(fold(head.texts[-1])) == "one" for head in asked)
    wishes: list[Wish] = []
    for _, group in groupby(asked, key=lambda head: head.texts[0] if len(head.texts) > 1 else head.place):
        wishes += wishes_of_group(list(group), len(wishes), unit, wishes[-1:])
    return wishes, left, repeats


def wishes_of_group(heads: Sequence[Head], first: int, unit: str, before: Sequence[Wish]) -> Iterator[Wish]:
    """Yield what columns under one heading want to know; where one is their total, the others may be its parts.

    `first` is the place that the first of them gets; `before`: what was wished for right before.
    """
    total: Wish | None = None
    for place, head in enumerate(heads):
        wish, led = wish_of(head, unit)
        if total is None and len(heads) > 1 and is_whole(head.texts[-1]):
            total, at = wish, first + place
            yield wish
        elif total is not None:
            yield replace(wish.below(at, total, sure=led), called=wish.called)
        elif led and len(heads) == 1 and before:
            yield wish.below(first - 1, before[0], sure=True)
        else:
            yield wish


def wish_of(head: Head, unit: str) -> tuple[Wish, bool]:
    """Return what one column wants to know, and whether its head says that it is a part."""
    texts = list(head.texts)
    led = any(map(leads, texts)) or LED.fullmatch(texts[-1]) is not None
    texts = [LED.sub(r"\1", text) for text in texts if not leads(text)]
    if len(texts) > 1 and is_whole(texts[-1]):
        texts = texts[:-1]
    own, said = unit_in(texts)
    kind, own = kind_of(said[-1], own)
    if not kind:
        kind, own = kind_of(said[0], "") if len(said) > 1 and not unit else kind_of(said[-1], unit)
    return Wish(letter(head.place), said[-1], own, kind, called=" – ".join(said)), led


def unit_in(texts: Sequence[str]) -> tuple[str, list[str]]:
    """Return the unit that the lowest of some headings tells, and the headings without it; "" for none."""
    units = [own_unit("", text) for text in texts]
    unit = next((unit for unit, _ in reversed(units) if unit), "")
    return unit, [said for _, said in units]

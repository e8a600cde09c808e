"""A reporting table whose columns are the indicators: "TT | Thôn | Tổng số hộ | Hộ nghèo: tổng số, trong đó DTTS"."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import dropwhile, groupby, pairwise, takewhile
from operator import attrgetter
from typing import Final

from bot.form_table.wishes import (
    A_NUMBER_OF,
    LED,
    TEXTS,
    Wish,
    begun,
    is_whole,
    kind_by_title,
    kind_told,
    leads,
    meanings,
    own_unit,
    why_left,
)
from questionnaires.answers.text import fold
from storage.cells import Across, Cells, Scalar, plain
from storage.sheets import letter

LEAST: Final = 3
"""From this many headings on, a row of words may be the head of a table."""
LONGEST: Final = 200
"""The most letters of a heading."""
MOST_ROWS: Final = 4
"""The most rows of a head."""
OF_PLACES: Final = re.compile(
    "(?:ten )?(?:cac )?(?:(?:thon|ban|xom|lang|buon|ap|khom|khu|khu pho|khoi|to|to dan pho|tdp"
    "|xa|phuong|thi tran|huyen|tinh) ?)+"
)
"""A folded heading that has nothing but kinds of places: "Tên xã, phường", "Thôn/bản/tổ"."""
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

    @property
    def group(self) -> str | int:
        """The same for columns below one heading, and for no others."""
        return self.texts[0] if len(self.texts) > 1 else self.place

    @property
    def names(self) -> str:
        """What of a row the column names: "number", "place" or "one" thing of several; "" for a figure."""
        told = fold(self.texts[-1])
        return meanings("rows").get(told, "place" if OF_PLACES.fullmatch(told) else "")

    @property
    def is_row(self) -> bool:
        """Whether the column names the one thing that a row is about, such as a household: a place has several."""
        return self.names == "one"

    @property
    def reason_to_leave(self) -> str:
        """Why nobody is asked about the column; "" if somebody is."""
        if self.is_computed:
            return "computed"
        if self.names == "number" or (self.names == "place" and len(self.texts) == 1):
            return self.names
        told = why_left(self.texts, ("plan", "before"))
        return told or begun(self.texts[-1], "left", ("notes", "signature"))


def heads_of(rows: Sequence[tuple[int, Cells]]) -> list[Head]:
    """Return the columns of the first rows that can be the head of a table; [] for none."""
    table = list(dropwhile(lambda cells: not is_head(cells), (cells for _, cells in rows)))
    if not table:
        return []
    height = 1 + len(list(takewhile(lambda pair: goes_on(*pair), pairwise(table[:MOST_ROWS]))))
    head, below = table[:height], next(iter(table[height:]), [])
    width = max(map(len, head))
    heads = (Head(place, texts_of(head, place), is_computed(below, place)) for place in range(width))
    return [head for head in heads if head.texts]


def is_head(cells: Cells) -> bool:
    """Whether a row has headings: several short texts, of which none is a figure."""
    texts = list(filter(None, texts_in(cell for cell in cells if not isinstance(cell[0], Across))))
    return LEAST <= len(set(texts)) == len(texts) and all(map(has_letters, texts))


def goes_on(above: Cells, here: Cells) -> bool:
    """Whether a row still belongs to the head above it: something reaches over several of its columns, or down into it."""
    texts = texts_in(here)
    if any(map(is_figure, texts)):
        return False
    if any(isinstance(value, Across) for value, _ in above):
        return True
    return any(text and text == over for text, over in zip(texts[2:], texts_in(above)[2:], strict=False))


def texts_in(cells: Iterable[tuple[Scalar, str]]) -> list[str]:
    """Return what stands in some cells, "" for an empty one."""
    return [plain(value) for value, _ in cells]


def has_letters(text: str) -> bool:
    """Whether a text is more than a figure."""
    return any(map(str.isalpha, text))


def is_figure(text: str) -> bool:
    """Whether a text is a number, perhaps with points and commas."""
    return text.replace(".", "").replace(",", "").isdecimal()


def texts_of(head: Sequence[Cells], place: int) -> tuple[str, ...]:
    """Return what stands over a column, from the top down, each text once."""
    texts = (plain(cells[place][0])[:LONGEST] if place < len(cells) else "" for cells in head)
    return tuple(dict.fromkeys(filter(None, texts)))


def is_computed(below: Cells, place: int) -> bool:
    """Whether the row of numbers below says that a column follows from others."""
    return place < len(below) and COMPUTED.fullmatch(plain(below[place][0])) is not None


def left_of(heads: Sequence[Head]) -> list[tuple[str, str]]:
    """Return the columns that nobody is asked about, each with the reason; a row's number needs none."""
    reasons = ((head.whole, head.reason_to_leave) for head in heads)
    return [(whole, reason) for whole, reason in reasons if reason not in ("", "number")]


def wishes_of_heads(heads: Sequence[Head], unit: str) -> list[Wish]:
    """Return what the columns want to know; `unit` is the one that a title gives for all of them."""
    asked = [head for head in heads if not head.reason_to_leave]
    if any(map(attrgetter("is_row"), heads)):
        asked = list(without_sexes(asked))
        return [wish_in_list(*wish) for wish in zip(asked, wishes_that(asked, unit), strict=True)]
    return wishes_that(asked, unit)


def without_sexes(heads: Sequence[Head]) -> Iterator[Head]:
    """Yield the columns of a list; of the two in which a mark, or a year, tells women from men only one, asked in words."""
    told = set[str]()
    for head in heads:
        above = head.texts[0]
        if len(head.texts) != 2 or fold(head.texts[1]) not in meanings("by_sex"):
            yield head
        elif above not in told:
            told.add(above)
            yield replace(head, texts=(f"{above} (nam, nữ)",))


def wish_in_list(head: Head, wish: Wish) -> Wish:
    """Return what a column of a list wants to know: words, unless something says that it is a number."""
    said = words_of(head)[-1]
    if not unit_in(head.texts)[0] and begun(said, "listed"):
        return replace(wish, kind="text", unit="", whole=None)
    return replace(wish, otherwise="text")


def wishes_that(asked: Sequence[Head], unit: str) -> list[Wish]:
    """Return what the columns that are asked about want to know, each below what it may be a part of."""
    wishes: list[Wish] = []
    for _, columns in groupby(asked, key=attrgetter("group")):
        first, *others = columns
        if others:
            wishes += wishes_of_group([first, *others], len(wishes), unit)
        else:
            wishes.append(wish_alone(first, wishes, unit))
    return wishes


def wish_alone(head: Head, before: Sequence[Wish], unit: str) -> Wish:
    """Return what a column with a heading of its own wants to know; "Trong đó" makes it a part of the one before."""
    wish, led = wish_of(head, unit)
    return wish.below(len(before) - 1, before[-1], sure=True) if led and before else wish


def wishes_of_group(heads: Sequence[Head], first: int, unit: str) -> Iterator[Wish]:
    """Yield what columns under one heading want to know; those behind their total may be its parts.

    "Trong đó" leads to parts of the column before where none is called the total.

    `first` is the place that the first of them gets.
    """
    total: tuple[int, Wish] | None = None
    before: tuple[int, Wish] | None = None
    for place, head in enumerate(heads, first):
        wish, led = wish_of(head, unit)
        whole = total or (before if led else None)
        yield replace(wish.below(*whole, sure=led), called=wish.called) if whole else wish
        if total is None and is_whole(head.texts[-1]):
            total = place, wish
        if not led:
            before = place, wish


def wish_of(head: Head, unit: str) -> tuple[Wish, bool]:
    """Return what one column wants to know, and whether its head says that it is a part."""
    led = any(map(leads, head.texts)) or LED.fullmatch(head.texts[-1]) is not None
    own, said = unit_in(words_of(head))
    kind, own = kind_told(said[-1], own)
    if not kind:
        kind, own = kind_from_above(said, unit)
    return Wish(letter(head.place), said[-1], own, kind, called=" – ".join(said)), led


def kind_from_above(said: Sequence[str], unit: str) -> tuple[str, str]:
    """Return what the headings above the lowest one count, and else how figures are read in the title's unit."""
    kind, own = kind_told(said[0], "") if len(said) > 1 else ("", "")
    if kind and (kind not in TEXTS or not unit):
        return kind, own
    outermost = next((text for text in said if A_NUMBER_OF.fullmatch(text)), said[-1])
    return kind_by_title(outermost, unit)


def words_of(head: Head) -> list[str]:
    """Return the texts over a column without "Trong đó", and without "Tổng số" below what it is the total of."""
    texts = [LED.sub(r"\1", text) for text in head.texts if not leads(text)] or list(head.texts)
    return texts[:-1] if len(texts) > 1 and is_whole(texts[-1]) else texts


def unit_in(texts: Sequence[str]) -> tuple[str, list[str]]:
    """Return the unit that the lowest of some headings tells, and the headings without it; "" for none."""
    units = [own_unit("", text) for text in texts]
    unit = next((unit for unit, _ in reversed(units) if unit), "")
    return unit, [said for _, said in units]

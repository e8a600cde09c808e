"""Where the headings of a list stand on a sheet, and which column each heads.

They may stand in one of the first rows or over two, below titles. A heading may go over several columns that are told
apart below it, name its column in several words ("Thôn, bản, tổ dân phố"), or be written for an old font. What no column
says, such as the commune of all villages, may stand in a title or be the name of the sheet.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from questionnaires.answers.text import fold
from questionnaires.old_fonts import letter_by_letter, read_as
from storage.cells import Across, Cells, plain
from storage.columns import Column
from storage.sections import said_for_below

LOOKED_AT: Final = 30
"""Among how many of the first rows that hold something the headings are looked for."""
SECTION_WITHIN: Final = 5
"""How many rows below the headings are looked at for one that heads those below it."""
OF_A_PERSON: Final = re.compile(r"(?:\d[ .-]?){9}")
"""A phone number: no heading has as many digits."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The headings of a sheet: for each key its place in a row, and the rows that they stand in."""

    places: Mapping[str, int]
    rows: tuple[tuple[int, Cells], ...]
    twice: tuple[tuple[int, str], ...] = ()
    """Where a heading stands again that was there before."""
    said: Mapping[str, str] = field(default_factory=dict)
    """What a title says for all rows, by the key of the column that is not there."""
    sectioned: frozenset[str] = frozenset()
    """The keys that rows say for those below them."""

    @property
    def is_parted(self) -> bool:
        """Whether a heading goes over several columns: what tells them apart stands below it."""
        return any(is_across(cells, place) for _, cells in self.rows for place in range(len(cells)))

    def holds_all(self, wanted: Sequence[Sequence[str]]) -> bool:
        """Whether the columns of one of the sets are there."""
        here = {key.partition(" ")[0] for key in (*self.places, *self.said, *self.sectioned)}
        return any(set(keys) <= here for keys in wanted)


@dataclass(frozen=True, slots=True)
class HeadingFinder:
    """Finds the headings of one sheet among these columns; `font`: the old font for which it was written, "" for none."""

    sheet: str
    columns: Sequence[Column]
    wanted: Sequence[Sequence[str]]
    font: str

    def key_of(self, heading: str) -> str | None:
        """The key of the column that has this heading; None where it means none."""
        return next((column.key for column in self.columns if column.is_headed(heading)), None)

    def find(self, rows: Sequence[tuple[int, Cells]]) -> tuple[Heading, int]:
        """The headings, in one row or in two, and how many rows stand above what they head; else the likeliest row."""
        best = Heading({}, tuple(rows[:1]))
        for place in range(min(len(rows), LOOKED_AT)):
            one, two = self.heads(rows, place, 1), self.heads(rows, place, 2)
            alone = one.holds_all(self.wanted)
            if one.places and two.holds_all(self.wanted) and (one.is_parted or not alone):
                return two, place + 2
            if alone:
                return one, place + 1
            best = max(best, one, key=lambda some: len(some.places))
        return best, 0

    def heads(self, all_rows: Sequence[tuple[int, Cells]], first: int, count: int) -> Heading:
        """What `count` rows from the `first` on say as headings: in each column all of it, or the lowest cell that is one.

        Only where a column is missing, the titles above are asked, and the first rows below.
        """
        rows = all_rows[first : first + count]
        places: dict[str, int] = {}
        twice: list[tuple[int, str]] = []
        width = range(max((len(cells) for _, cells in rows), default=0))
        for place in width:
            key, heading = self.headed(rows, place)
            if key in places:
                twice.append((place, heading))
            if key is not None:
                places.setdefault(key, place)
        for place in width:
            self.fall_back(rows, place, places)
        here = Heading(places, tuple(rows), tuple(twice))
        if here.holds_all(self.wanted):
            return here
        below = all_rows[first + count : first + count + SECTION_WITHIN]
        sections = filter(None, (said_for_below(self.own_texts(*row), self.columns) for row in below))
        return replace(
            here, said=self.in_titles(all_rows[:first]), sectioned=frozenset(key for key, _ in sections)
        )

    def fall_back(self, rows: Sequence[tuple[int, Cells]], place: int, places: dict[str, int]) -> None:
        """Let a column that no heading names be the one at `place`, where that may be meant."""
        if place in places.values():
            return
        heading = self.whole_heading(rows, place)
        meant = (column for column in self.columns if column.is_headed(heading, failing=True))
        for column in meant:
            places.setdefault(column.key, place)

    def in_titles(self, rows: Sequence[tuple[int, Cells]]) -> dict[str, str]:
        """What the titles and the sheet's name say for all rows, by key; where two of them differ, it is left out."""
        cells_above = [(number, cells, place) for number, cells in rows for place in range(len(cells))]
        titles = [self.sheet, *(self.text(*cell) for cell in cells_above if not is_across(*cell[1:]))]
        said = {}
        for column in self.columns:
            told = [
                match[1] for title in titles if column.titled and (match := column.titled.fullmatch(title))
            ]
            if len({fold(text) for text in told}) == 1:
                said[column.key] = told[0]
        return said

    def own_texts(self, number: int, cells: Cells) -> list[str]:
        """What stands in a row, without what only reaches over from further left."""
        return [self.text(number, cells, place) for place in range(len(cells)) if not is_across(cells, place)]

    def headed(self, rows: Sequence[tuple[int, Cells]], place: int) -> tuple[str | None, str]:
        """The key that a column of the rows is headed for, and by which text; None for none."""
        whole = self.whole_heading(rows, place)
        several = next(filter(None, (column.several_of(whole) for column in self.columns)), None)
        if several:
            return several, whole
        own = [self.text(*row, place) for row in rows if not is_across(row[1], place)]
        headings = ((self.key_of(text), text) for text in (*reversed(own), whole if any(own) else "") if text)
        return next((headed for headed in headings if headed[0]), (None, whole))

    def whole_heading(self, rows: Sequence[tuple[int, Cells]], place: int) -> str:
        """All that stands in a column of the rows, once each."""
        texts = (self.text(number, cells, place) for number, cells in rows)
        return " ".join(dict.fromkeys(filter(None, texts)))

    def text(self, number: int, cells: Cells, place: int) -> str:
        """A cell of a heading, as its font showed it: a short one may look like a word of today."""
        value = cells[place][0] if place < len(cells) else None
        if not self.font or not isinstance(value, str):
            return plain(value)
        said, spelt = plain(read_as(self.font, value)), plain(letter_by_letter(self.font, value))
        return spelt if self.key_of(said) is None and self.key_of(spelt) else said


def is_across(cells: Cells, place: int) -> bool:
    """Whether a cell only belongs to one that begins further left."""
    return place < len(cells) and isinstance(cells[place][0], Across)


def told_headings(
    here: Iterable[str], columns: Sequence[Column], wanted: Sequence[Sequence[str]], *, sure: bool
) -> dict[str, str | int]:
    """Which headings were expected, and what stands there instead, without what may be about a person.

    `sure`: one of the cells is a heading that no list is without, so that the others are meant to be headings.
    """
    names = {column.key: column.heading for column in columns}
    options = ["; ".join(names[key] for key in keys) for keys in wanted]
    called = (name for column in columns for name in (column.heading, *column.also))
    known = frozenset(fold(" ".join(called)).split())
    here = list(dict.fromkeys(filter(None, here)))
    sure = sure and not OF_A_PERSON.search(" ".join(here))
    shown = [text if sure or is_like_heading(text, known) else "…" for text in here]
    return {"expected": " | ".join(options), "found": "; ".join(shown)[:200]}


def is_like_heading(text: str, known: Collection[str]) -> bool:
    """Whether at least half of the words are such as headings are made of, and no number stands in it."""
    said = fold(text).split()
    return not OF_A_PERSON.search(text) and 2 * sum(word in known for word in said) >= len(said) > 0

"""Finds where the headings of a list stand on a sheet, and which column each one heads.

They may stand in one of the first rows or across two, below titles. A heading may span several columns that are told
apart below it, name its column in several words ("Thôn, bản, tổ dân phố"), or be written for an old font. A value that
no column holds, such as the commune of all villages, may be in a title or in the sheet's name.
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
"""How many of the first non-empty rows are searched for headings."""
SECTION_WITHIN: Final = 5
"""How many rows below the headings are searched for a section row."""
FILLED_BELOW: Final = 3
"""From this many cells below headings of their own on, a row may be one of the list."""
NAME: Final = "ten"
"""The heading of names, whatever the heading above it says they are of."""
OF_A_PERSON: Final = re.compile(r"(?:\d[ .-]?){9}")
"""A phone number: no heading has that many digits."""


@dataclass(frozen=True, slots=True)
class Heading:
    """The headings of a sheet: the place of each key in a row, and the rows that the headings stand in."""

    places: Mapping[str, int]
    rows: tuple[tuple[int, Cells], ...]
    twice: tuple[tuple[int, str, str], ...] = ()
    """Where a heading stands whose column is there already, with its words and those that stand over the other."""
    said: Mapping[str, str] = field(default_factory=dict)
    """What a title gives for all rows, by the key of the missing column."""
    sectioned: frozenset[str] = frozenset()
    """The keys that section rows give for the rows below them."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """What a title gives for a column that the sheet neither has nor needs."""

    @property
    def is_parted(self) -> bool:
        """Whether a heading spans several columns, told apart by what stands below it."""
        return any(is_across(cells, place) for _, cells in self.rows for place in range(len(cells)))

    def holds_all(self, wanted: Sequence[Sequence[str]]) -> bool:
        """Whether the columns of one of the sets are there."""
        here = {key.partition(" ")[0] for key in (*self.places, *self.said, *self.sectioned)}
        return any(set(keys) <= here for keys in wanted)

    def without_own(self, said: Mapping[str, str]) -> dict[str, str]:
        """Return what is said of keys that have no column here."""
        return {key: text for key, text in said.items() if key not in self.places}


@dataclass(frozen=True, slots=True)
class HeadingFinder:
    """Finds the headings of one sheet among these columns; `font`: the old font it was written for, "" for none."""

    sheet: str
    columns: Sequence[Column]
    wanted: Sequence[Sequence[str]]
    font: str

    def key_of(self, heading: str) -> str | None:
        """Return the key of the column that has this heading; None if it means none."""
        return next((column.key for column in self.columns if column.is_headed(heading)), None)

    def find(self, rows: Sequence[tuple[int, Cells]]) -> tuple[Heading, int]:
        """Return the headings, from one row or two, and how many rows stand above what they head; else the likeliest row."""
        best = Heading({}, tuple(rows[:1]))
        for place in range(min(len(rows), LOOKED_AT)):
            if self.tells_of_places(*rows[place]):
                continue
            one, two = self.heads(rows, place, 1), self.heads(rows, place, 2)
            alone = one.holds_all(self.wanted)
            goes_on = two.holds_all(self.wanted) and not self.is_filled_below(rows[place : place + 2])
            if one.places and goes_on and (one.is_parted or not alone):
                return two, place + 2
            if alone:
                return one, place + 1
            best = max(best, one, key=lambda some: len(some.places))
        return best, 0

    def tells_of_places(self, number: int, cells: Cells) -> bool:
        """Whether a row is one of the list, since it names a place by its type word: "THÔN NÀ LẠN | Thôn | XÃ VĨNH THÔNG".

        Its cell "Thôn" heads nothing.
        """
        texts = list(filter(None, self.own_texts(number, cells)))
        named = (column.section for column in self.columns if column.section)
        return len(texts) > 1 and any(pattern.fullmatch(text) for pattern in named for text in texts)

    def is_filled_below(self, rows: Sequence[tuple[int, Cells]]) -> bool:
        """Whether most cells of the lower row stand below a heading of their own: it is then one of the list."""
        if len(rows) < 2:
            return False
        (number, upper), (next_number, lower) = rows
        below = {at: text for at in range(len(lower)) if (text := self.text(next_number, lower, at))}
        own = [
            at
            for at, text in below.items()
            if len(span_at(upper, at)) == 1 and self.text(number, upper, at) not in ("", text)
        ]
        return len(own) >= FILLED_BELOW and 2 * len(own) > len(below)

    def heads(self, all_rows: Sequence[tuple[int, Cells]], first: int, count: int) -> Heading:
        """Return the headings in `count` rows from the `first` on: in each column all of the text, or the lowest cell
        that is one.

        The first rows below are searched only where columns are missing; the titles above also give what is not needed.
        """
        rows = all_rows[first : first + count]
        here = self.in_columns(rows)
        titles = self.in_titles(all_rows[:first])
        if here.holds_all(self.wanted):
            return replace(here, titles=here.without_own(titles))
        below = all_rows[first + count : first + count + SECTION_WITHIN]
        sections = filter(None, (said_for_below(self.own_texts(*row), self.columns) for row in below))
        said = here.without_own({**self.in_headings(rows, here.places.values()), **titles})
        return replace(here, said=said, sectioned=frozenset(key for key, _ in sections))

    def in_columns(self, rows: Sequence[tuple[int, Cells]]) -> Heading:
        """Return the headings that stand in these rows."""
        places: dict[str, int] = {}
        twice: list[tuple[int, str, str]] = []
        width = range(max((len(cells) for _, cells in rows), default=0))
        for place in width:
            key, heading = self.headed(rows, place)
            if key in places and not self.is_other(rows, key, place, places):
                twice.append((place, heading, self.headed(rows, places[key])[1]))
            if key is not None:
                places.setdefault(key, place)
        for place in width:
            self.fall_back(rows, place, places)
        return Heading(places, tuple(rows), tuple(twice))

    def is_other(
        self, rows: Sequence[tuple[int, Cells]], key: str, place: int, places: dict[str, int]
    ) -> bool:
        """Whether of two columns with one heading only one is meant, by what stands above it: "Trưởng thôn", not "Bí thư".

        If that is the one at `place`, it takes the place of the other.
        """
        column = next(column for column in self.columns if column.key == key.partition(" ")[0])
        here, there = (column.is_described(self.whole_heading(rows, at)) for at in (place, places[key]))
        if here and not there:
            places[key] = place
        return here != there

    def fall_back(self, rows: Sequence[tuple[int, Cells]], place: int, places: dict[str, int]) -> None:
        """Let a column that no heading names be the one at `place`, if that may be meant."""
        if place in places.values():
            return
        heading = self.whole_heading(rows, place)
        meant = (column for column in self.columns if column.is_headed(heading, failing=True))
        for column in meant:
            places.setdefault(column.key, place)

    def in_titles(self, rows: Sequence[tuple[int, Cells]]) -> dict[str, str]:
        """Return what the titles and the sheet's name give for all rows, by key; leave out what they disagree on."""
        cells_above = [(number, cells, place) for number, cells in rows for place in range(len(cells))]
        titles = [self.sheet, *(self.text(*cell) for cell in cells_above if not is_across(*cell[1:]))]
        return agreed(titles, {column.key: column.titled for column in self.columns})

    def in_headings(self, rows: Sequence[tuple[int, Cells]], taken: Iterable[int]) -> dict[str, str]:
        """Return what the headings of columns that were found give for all rows, by key: "Họ và tên trưởng thôn" says
        what everybody is."""
        headings = [self.whole_heading(rows, place) for place in taken]
        return agreed(headings, {column.key: column.in_heading for column in self.columns})

    def own_texts(self, number: int, cells: Cells) -> list[str]:
        """Return the texts of a row, leaving out those that only reach over from further left."""
        return [self.text(number, cells, place) for place in range(len(cells)) if not is_across(cells, place)]

    def headed(self, rows: Sequence[tuple[int, Cells]], place: int) -> tuple[str | None, str]:
        """Return the key of a column of these rows, and the text that names it; None for none."""
        whole = self.whole_heading(rows, place)
        several = next(filter(None, (column.several_of(whole) for column in self.columns)), None)
        if several:
            return several, whole
        if told_apart := self.told_apart(rows, place):
            return told_apart
        own = [self.text(*row, place) for row in rows if not is_across(row[1], place)]
        headings = ((self.key_of(text), text) for text in (*reversed(own), whole if any(own) else "") if text)
        return next((headed for headed in headings if headed[0]), (None, whole))

    def told_apart(self, rows: Sequence[tuple[int, Cells]], place: int) -> tuple[str | None, str] | None:
        """Return the same for a column below a heading that several share, if one of them has the name of what it heads.

        Below "Thôn" that is "Tên" or "Tên thôn"; "Loại" beside it is none. None if there is no such heading.
        """
        upper, lower = rows[0], rows[-1]
        shared = span_at(upper[1], place) if len(rows) > 1 else range(0)
        about = self.key_of(self.text(*upper, shared[0])) if len(shared) > 1 else None
        below = {at: self.text(*lower, at) for at in shared}
        names = (at for at, text in below.items() if fold(text) == NAME or self.key_of(text) == about)
        named = next(names, None) if about else None
        if named is None:
            return None
        return (about if place == named else self.key_of(below[place])), below[place]

    def whole_heading(self, rows: Sequence[tuple[int, Cells]], place: int) -> str:
        """Return all that stands in a column of the rows, each text once."""
        texts = (self.text(number, cells, place) for number, cells in rows)
        return " ".join(dict.fromkeys(filter(None, texts)))

    def text(self, number: int, cells: Cells, place: int) -> str:
        """Return a heading's cell as its font showed it: a short one may look like a present-day word."""
        value = cells[place][0] if place < len(cells) else None
        if not self.font or not isinstance(value, str):
            return plain(value)
        said, spelt = plain(read_as(self.font, value)), plain(letter_by_letter(self.font, value))
        return spelt if self.key_of(said) is None and self.key_of(spelt) else said


def agreed(texts: Sequence[str], patterns: Mapping[str, re.Pattern[str] | None]) -> dict[str, str]:
    """Return, by key, the group that a key's pattern has in the texts; leave out what they disagree on."""
    said = {}
    for key, pattern in patterns.items():
        told = [match[1] for text in texts if pattern and (match := pattern.fullmatch(text))]
        if len({fold(text) for text in told}) == 1:
            said[key] = told[0]
    return said


def is_across(cells: Cells, place: int) -> bool:
    """Whether a cell only belongs to one that begins further left."""
    return place < len(cells) and isinstance(cells[place][0], Across)


def span_at(cells: Cells, place: int) -> range:
    """Return the places of a cell that reaches over others further right."""
    first = place
    while first and is_across(cells, first):
        first -= 1
    after = place + 1
    while is_across(cells, after):
        after += 1
    return range(first, after)


def told_headings(
    here: Iterable[str], columns: Sequence[Column], wanted: Sequence[Sequence[str]], *, sure: bool
) -> dict[str, str | int]:
    """Return which headings were expected and what is there instead, leaving out what may be about a person.

    `sure`: one of the cells is a heading that every list has, so the others are meant as headings too.
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
    """Whether at least half of the words are such as occur in headings, and there is no number."""
    said = fold(text).split()
    return not OF_A_PERSON.search(text) and 2 * sum(word in known for word in said) >= len(said) > 0

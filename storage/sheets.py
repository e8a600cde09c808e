"""Reads the lists that administrators bring, and says of every fault where it is and what to write.

A list is found wherever it stands: its headings are in one or two of the first rows, perhaps with titles above them
and a row of numbers below. Sheets without any of its headings are left out, and named. Nothing is guessed: whatever
could be read in more than one way is a fault, such as a formula, a name that Excel turned into a date, or text in an
old font.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final, TypeVar

from questionnaires.answers.text import fold
from questionnaires.old_fonts import FONTS, is_modern, read_as, read_in_old_font
from storage.cell_text import LONGEST_CELL, as_text, trouble_of
from storage.cells import MOST_ROWS, Across, Cells, Rows, Scalar, Unreadable, plain
from storage.columns import Column
from storage.headings import Heading, HeadingFinder, told_headings
from storage.list_files import sheets_of
from storage.no_rows import begins_note, is_signed, is_total
from storage.sections import Sections, said_for_below

ENOUGH: Final = 2
"""From this many of the list's headings on, a sheet counts as meant, even if one is missing."""

MERGED: Final = re.compile(r"\bsau (?:khi )?(?:sap xep|sap nhap|sat nhap|hop nhat|chia tach)\b|\bmoi\b")
"""Words, folded, in the heading of what places are to become."""
NUMBERING: Final = re.compile(r"\(?([0-9]{1,2}|[a-z])\)?", re.IGNORECASE)
"""A cell in the row of numbers that forms have below their headings."""
NONE: Final = frozenset({"-", "–", "—", "x", "X", "…", "..."})
"""How an empty cell is marked in a column of numbers."""
NOTE_CELLS: Final = 2
"""The most cells of a note below a list."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ListFault:
    """What is wrong, and where. `code` names a sentence, `data` fills it; row 0 and column "" mean the whole list."""

    sheet: str
    row: int
    column: str
    code: str
    data: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row of a list: its non-empty texts by the keys of the columns."""

    sheet: str
    row: int
    texts: Mapping[str, str]
    headings: Mapping[str, str]
    """The letter of the column for each key that the sheet has."""
    begins: str = ""
    """The first non-empty cell of the row, whatever its column is for."""
    width: int = 1
    """How many cells of the row hold something, whatever their columns are for."""
    said: Mapping[str, str] = field(default_factory=dict)
    """What a row above gives for those below it, by column key."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """What a title gives for a column that the list neither has nor needs."""

    @property
    def is_signed(self) -> bool:
        """Whether it belongs to the signatures below a list."""
        return is_signed((self.begins, *self.texts.values()))

    def fault(self, key: str, code: str, **data: str | int) -> ListFault:
        """A fault in the cell under `key` of this row."""
        return ListFault(self.sheet, self.row, self.headings.get(key, ""), code, data)

    def read(
        self,
        key: str,
        reader: Callable[[str], T | None],
        faults: list[ListFault],
        code: str,
        **data: str | int,
    ) -> T | None:
        """Return what `reader` makes of the cell under `key`; None if it can make nothing of it.

        That goes to `faults` as `code`. An empty cell does not: only the reader of the list knows whether it may be
        empty.
        """
        value = reader(self.texts.get(key, ""))
        if value is None and key in self.texts:
            faults.append(self.fault(key, code, **data))
        return value

    def empty(self, *keys: str) -> list[ListFault]:
        """A fault for each of the cells that is empty."""
        return [self.fault(key, "empty") for key in keys if key not in self.texts]


ReadLine = tuple[ListRow, list[ListFault]]
"""A row, and what is wrong with its cells."""


@dataclass(slots=True)
class SheetContent:
    """What was read. If there are faults, nothing of it may be used."""

    lines: list[ListRow] = field(default_factory=list)
    faults: list[ListFault] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    """Headings that mean nothing here."""
    left_out: list[str] = field(default_factory=list)
    """Sheets that have none of the headings."""
    skipped: list[ListFault] = field(default_factory=list)
    """Rows that do not belong to the list: repeated headings, totals, what is written below it; and what only a title
    says."""

    @property
    def has_headings(self) -> bool:
        """Whether the headings of the list were found, whatever is below them."""
        return bool(self.lines) or any(fault.code not in ("headings", "nothing") for fault in self.faults)


def read_table(
    data: bytes,
    filename: str,
    columns: Sequence[Column],
    wanted: Sequence[Sequence[str]],
    *,
    convert: bool = False,
    only: str = "",
) -> SheetContent:
    """Return the rows of a file. Each of `wanted` is a set of keys; a sheet needs all columns of one of them.

    `convert`: read text that was written for an old font as that font showed it. `only`: read the sheet of this name.
    """
    table = SheetContent()
    unheaded: list[ListFault] = []
    try:
        for sheet, rows in sheets_of(data, filename):
            if only and sheet != only:
                continue
            reader = SheetReader(table, sheet, columns, wanted, Fonts(convert))
            unheaded += reader.read(rows)
    except Unreadable as problem:
        table.faults.append(ListFault(problem.sheet, problem.row, "", problem.code, problem.data))
    if not table.lines and not table.faults:
        table.faults += unheaded or [ListFault("", 0, "", "nothing")]
    table.left_out = [fault.sheet for fault in unheaded]
    return table


def in_order(faults: Sequence[ListFault]) -> list[ListFault]:
    """Return the faults from the first row to the last; for one cell only the first, since the others follow from it."""
    first: dict[tuple[str, int, str], ListFault] = {}
    for fault in faults:
        first.setdefault((fault.sheet, fault.row, fault.column), fault)
    return sorted(first.values(), key=lambda fault: (fault.sheet, fault.row))


def lines_with(faults: Iterable[ListFault], table: SheetContent) -> list[ListRow]:
    """Return the lines of a table that have one of these faults."""
    bad = {(fault.sheet, fault.row) for fault in faults}
    return [line for line in table.lines if (line.sheet, line.row) in bad]


def right_lines(table: SheetContent) -> list[ListRow]:
    """Return the lines of a table whose cells could all be read."""
    bad = {(fault.sheet, fault.row) for fault in table.faults}
    return [line for line in table.lines if (line.sheet, line.row) not in bad]


def columns_of(rows: Sequence[tuple[int, Cells]]) -> Iterator[tuple[int, list[str]]]:
    """Yield each column of a sheet that has texts, by its place."""
    for place in range(max((len(cells) for _, cells in rows), default=0)):
        values = (cells[place][0] for _, cells in rows if place < len(cells))
        yield place, [value for value in values if isinstance(value, str)]


@dataclass(slots=True)
class Fonts:
    """The text of a sheet that was written for an old font: converted, or reported once with the number of such cells."""

    convert: bool
    font: str = ""
    first: ListFault | None = None
    cells: int = 0
    columns: frozenset[int] = frozenset()
    """The places of the columns in which nothing is in Unicode for sure: what may be in either is in the font there."""

    def prepare(self, rows: Iterable[tuple[int, Cells]]) -> None:
        """Find the font from the cells that can only be in one."""
        # A long list has most of its texts in many rows.
        texts = dict.fromkeys(value for _, cells in rows for value, _ in cells if isinstance(value, str))
        self.font = next((known[0] for text in texts if (known := read_in_old_font(text))), "")

    def look_at_columns(self, rows: Sequence[tuple[int, Cells]]) -> None:
        """Find the columns that are in the font from top to bottom, in the rows below the headings."""
        if self.font:
            self.columns = frozenset(place for place, column in columns_of(rows) if self.is_whole(column))

    def is_whole(self, column: Sequence[str]) -> bool:
        """Whether a column has texts in the font, and none that can only be in Unicode."""
        return any(map(self.is_old, column)) and not any(map(is_modern, column))

    def is_old(self, text: str) -> bool:
        """Whether a text is in the font for sure."""
        return read_as(self.font, text) != text

    def shown(self, text: str, place: int = -1) -> str:
        """A text, in the column at `place`, as its font showed it."""
        if not self.font:
            return text
        return read_as(self.font, text, sure=place in self.columns)

    def read(self, text: str, sheet: str, row: int, place: int) -> str:
        """Return the same for a cell; the first such cell is kept for the fault."""
        said = self.shown(text, place)
        if said != text:
            self.cells += 1
            data: dict[str, str | int] = {"font": FONTS[self.font], "likely": said}
            self.first = self.first or ListFault(sheet, row, letter(place), "old_font", data)
        return said

    def fault(self) -> ListFault | None:
        """Return what to say about them; None if there are none, or if they were to be converted."""
        if self.first is None or self.convert:
            return None
        first = self.first
        data = {**first.data, "more": self.cells - 1}
        return ListFault(
            first.sheet, first.row, first.column, "old_font_many" if self.cells > 1 else "old_font", data
        )


@dataclass(slots=True)
class SheetReader:
    """Adds the lines and faults of one sheet to `table`."""

    table: SheetContent
    sheet: str
    columns: Sequence[Column]
    wanted: Sequence[Sequence[str]]
    fonts: Fonts

    def read(self, rows: Rows) -> list[ListFault]:
        """Read the sheet; if it has none of the headings, only say so."""
        some = list(islice(rows, MOST_ROWS + 1))
        if len(some) > MOST_ROWS:
            number = some[-1][0]
            self.table.faults.append(ListFault(self.sheet, number, "", "too_many_rows", {"most": MOST_ROWS}))
            return []
        self.fonts.prepare(some)
        finder = HeadingFinder(self.sheet, self.columns, self.wanted, self.fonts.font)
        headings, behind = finder.find(some)
        if not headings.holds_all(self.wanted):
            return self.unheaded(headings, finder)
        self.note(headings, finder)
        self.fonts.look_at_columns(some[behind:])
        lines = list(self.under_sections(self.below(some[behind:]), headings))
        for line, faults in self.of_list(lines, headings):
            self.table.faults += faults
            if line.texts:
                self.table.lines.append(replace(line, texts={**headings.said, **line.said, **line.texts}))
        fault = self.fonts.fault()
        if fault is not None:
            self.table.faults.append(fault)
            self.table.lines = [line for line in self.table.lines if line.sheet != self.sheet]
        return []

    def under_sections(self, rows: Sequence[tuple[int, Cells]], headings: Heading) -> Iterator[ReadLine]:
        """Yield the non-empty lines, each with what the rows above give for those below them."""
        columns = [column for column in self.columns if headings.sectioned or self.is_given(column, headings)]
        sections = Sections(columns)
        letters = {key: letter(place) for key, place in headings.places.items()}
        for place, (number, cells) in enumerate(rows):
            told = said_for_below(self.own_texts(cells), columns)
            if told and self.lacks(rows[place + 1 : place + 2], self.place_of(told[0], headings)):
                sections.take(told)
                continue
            line, faults = self.line(number, cells, headings.places, letters)
            if line.texts or faults:
                yield replace(line, said=sections.said, titles=headings.titles), faults

    def is_given(self, column: Column, headings: Heading) -> bool:
        """Whether section rows may give what a column holds: it is there, or another that says the same by a code."""
        return column.key in headings.places or column.coded in headings.places

    def place_of(self, key: str, headings: Heading) -> int | None:
        """Return the place of the column that rows would fill if no section row gave it; None if there is none."""
        coded = next(column.coded for column in self.columns if column.key == key)
        return headings.places.get(key, headings.places.get(coded))

    def lacks(self, rows: Sequence[tuple[int, Cells]], place: int | None) -> bool:
        """Whether the next row has nothing in a column: if it has something, no section row needs to give it."""
        if place is None:
            return True
        return all(place >= len(cells) or not self.text(cells[place][0]) for _, cells in rows)

    def own_texts(self, cells: Cells) -> list[str]:
        """Return the texts of a row, leaving out those that only reach over from further left."""
        return [self.text(value) for value, _ in cells if not isinstance(value, Across)]

    def of_list(self, lines: Sequence[ReadLine], headings: Heading) -> Iterator[ReadLine]:
        """Yield the lines that belong to the list, and note the others."""
        whole = [place for place, (line, _) in enumerate(lines) if self.is_whole(line, headings)]
        last, repeated = whole[-1] if whole else len(lines), self.repeated(headings)
        signed = self.signed_from([line for line, _ in lines], headings)
        for place, (line, faults) in enumerate(lines):
            code = no_line(line, repeated)
            if not code and (place >= signed or (place > last and is_note(line))):
                code = "row_note"
            if code:
                self.table.skipped.append(ListFault(self.sheet, line.row, "", code))
            else:
                yield line, faults

    def signed_from(self, lines: Sequence[ListRow], headings: Heading) -> int:
        """Return the place of the first line of the signatures; after the last line if nobody signed."""
        going_on = (
            place
            for place, line in enumerate(lines, 1)
            if self.is_whole(line, headings) and (len(line.texts) > 1 or line.begins.isdecimal())
        )
        rest = max(going_on, default=0)
        signed = (place for place in range(rest, len(lines)) if lines[place].is_signed)
        return next(signed, len(lines))

    def repeated(self, headings: Heading) -> Mapping[str, frozenset[str]]:
        """Return, by key, the texts of the headings in its column, read as the cells below them are."""
        return {
            key: frozenset(self.text(cells[place][0]) for _, cells in headings.rows if place < len(cells))
            for key, place in headings.places.items()
        }

    def text(self, value: Scalar) -> str:
        """A cell's value as text, as its font showed it."""
        return plain(self.fonts.shown(value) if isinstance(value, str) else value)

    def is_whole(self, line: ListRow, headings: Heading) -> bool:
        """Whether a row has something in every wanted column."""
        said = {**headings.said, **line.said}
        return Heading(dict.fromkeys(line.texts, 0), (), said=said).holds_all(self.wanted)

    def unheaded(self, headings: Heading, finder: HeadingFinder) -> list[ListFault]:
        """Return the fault of a sheet without the headings: the table's if some are there, else that the sheet is left
        out."""
        if not headings.rows:
            return []
        number, cells = headings.rows[0]
        here = [finder.text(number, cells, place) for place in range(len(cells))]
        sure = any(key in headings.places for keys in self.wanted for key in keys)
        told = told_headings(here, self.columns, self.wanted, sure=sure)
        fault = ListFault(self.sheet, number, "", "headings", told)
        if len(headings.places) < ENOUGH:
            return [fault]
        self.table.faults.append(fault)
        return []

    def note(self, headings: Heading, finder: HeadingFinder) -> None:
        """Note headings that occur twice, those that mean nothing here, and what only a title says."""
        number, _ = headings.rows[-1]
        for place, heading, other in headings.twice:
            self.table.faults.append(
                ListFault(
                    self.sheet,
                    number,
                    letter(place),
                    twice_code(heading, other),
                    {"heading": heading, "other": other},
                )
            )
        known = {*headings.places.values(), *(place for place, *_ in headings.twice)}
        for place in range(max(len(here) for _, here in headings.rows)):
            heading = finder.whole_heading(headings.rows, place)
            if heading and place not in known and heading not in self.table.unused:
                self.table.unused.append(heading)
        names = {column.key: column.heading for column in self.columns}
        for key, text in headings.said.items():
            data: dict[str, str | int] = {"heading": names[key], "written": text}
            self.table.skipped.append(ListFault(self.sheet, number, "", "said_in_title", data))

    def below(self, rows: Sequence[tuple[int, Cells]]) -> Sequence[tuple[int, Cells]]:
        """Return the rows below the headings, without the row of numbers that forms have there."""
        return rows[1:] if rows and is_numbering(rows[0][1]) else rows

    def line(
        self, number: int, cells: Cells, places: Mapping[str, int], letters: Mapping[str, str]
    ) -> ReadLine:
        """The texts of a row, and what is wrong with its cells; `letters` are those of the columns."""
        texts, faults = {}, []
        holding = {column.key: column.holds for column in self.columns}
        for key, place in places.items():
            holds = holding[key.partition(" ")[0]]
            value, kind = cells[place] if place < len(cells) else (None, "n")
            if isinstance(value, Across):
                value = None
            if isinstance(value, str):
                value = self.fonts.read(value, self.sheet, number, place)
            text = as_text(value, holds)
            if holds in ("number", "amount") and text in NONE:
                continue
            if code := trouble_of(value, text, kind, holds):
                data: dict[str, str | int] = {"most": LONGEST_CELL, "written": text[:40]}
                faults.append(ListFault(self.sheet, number, letter(place), code, data))
            elif text:
                texts[key] = text
        here = list(filter(None, self.own_texts(cells)))
        return ListRow(self.sheet, number, texts, letters, next(iter(here), ""), len(here)), faults


def twice_code(heading: str, other: str) -> str:
    """Return what is wrong with a second heading of one column: it is the same, another name, or of after a merger."""
    if fold(heading) == fold(other):
        return "heading_twice"
    merged = [MERGED.search(fold(text)) is not None for text in (heading, other)]
    return "heading_merger" if any(merged) and not all(merged) else "heading_other"


def no_line(line: ListRow, repeated: Mapping[str, frozenset[str]]) -> str:
    """Return why a row does not belong to the list: "row_heading", "row_total"; "" if it does."""
    alone = line.texts.values() if len(line.texts) == 1 else ()
    # What has a unit of its own is asked for: "Tổng số thôn".
    if "unit" not in line.texts and any(map(is_total, (line.begins, *alone))):
        return "row_total"
    heads = sum(text in repeated[key] for key, text in line.texts.items())
    return "row_heading" if 0 < len(line.texts) <= 2 * heads else ""


def is_note(line: ListRow) -> bool:
    """Whether a row below a list is a note or a signature: a cell or two that name nobody and no place.

    A name alone is a row that lacks something.
    """
    names = "name" in line.headings and "name" not in line.texts
    return len(line.texts) == 1 and line.width <= NOTE_CELLS and (names or begins_note(line.begins))


def is_numbering(cells: Cells) -> bool:
    """Whether a row holds nothing but (1), (2), (3) or A, B, 1, 2, each once."""
    texts = [plain(value) for value, _ in cells if plain(value)]
    return len(texts) > 1 and len(set(texts)) == len(texts) and all(map(NUMBERING.fullmatch, texts))


def letter(place: int) -> str:
    """The letter of a column, the first being 0: A, B … Z, AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name

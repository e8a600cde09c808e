"""Reads the lists that administrators bring, .xlsx or .csv, and says of every fault where it is.

Nothing is guessed: a formula, an error value or a number with a fraction where text is wanted is a fault. Each
sheet that is not empty must have the expected headings in its first row that is not empty.
"""

import csv
import io
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, TypeVar

from questionnaires.answers.text import fold

MOST_BYTES: Final = 20_000_000
MOST_UNPACKED: Final = 200_000_000
MOST_ROWS: Final = 100_000
MOST_COLUMNS: Final = 200
LONGEST_CELL: Final = 500
"""No name, place or number of a list is longer."""

CELL_FAULTS: Final = {"f": "formula", "e": "error_value"}
T = TypeVar("T")
Scalar = str | int | float | bool | date | None


@dataclass(frozen=True, slots=True)
class ListFault:
    """What is wrong where. `code` names a sentence, `data` fills it; row 0 and column "" mean the whole."""

    sheet: str
    row: int
    column: str
    code: str
    data: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list: its key, the heading to write, and other headings that mean it, folded."""

    key: str
    heading: str
    also: tuple[str, ...] = ()

    def is_headed(self, heading: str) -> bool:
        return fold(heading) in (fold(self.heading), *self.also)


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row of a list: its texts by the keys of the columns, without those that are empty."""

    sheet: str
    row: int
    texts: Mapping[str, str]
    headings: Mapping[str, str]
    """For each key that the sheet has, the letter of its column."""

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
        """What `reader` makes of the cell under `key`; None where it can make nothing of it.

        That goes to `faults` as `code`. An empty cell does not: only who reads the list knows whether it may be.
        """
        value = reader(self.texts.get(key, ""))
        if value is None and key in self.texts:
            faults.append(self.fault(key, code, **data))
        return value

    def empty(self, *keys: str) -> list[ListFault]:
        """A fault for each of the cells that is empty."""
        return [self.fault(key, "empty") for key in keys if key not in self.texts]


@dataclass(slots=True)
class SheetContent:
    """What was read. Where there are faults, nothing of it must be used."""

    lines: list[ListRow] = field(default_factory=list)
    faults: list[ListFault] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    """Headings that mean nothing here."""


Cells = list[tuple[Scalar, str]]
"""A row: each value with its kind, "f" for a formula, "e" for an error value."""


def read_table(
    data: bytes, filename: str, columns: Sequence[Column], wanted: Sequence[Sequence[str]]
) -> SheetContent:
    """The rows of a file. Each of `wanted` is a set of keys; a sheet needs all columns of one of them."""
    table = SheetContent()
    try:
        for sheet, rows in sheets_of(data, filename):
            read_sheet(table, sheet, rows, columns, wanted)
    except Unreadable as problem:
        table.faults.append(ListFault("", 0, "", problem.code, problem.data))
    if not table.lines and not table.faults:
        table.faults.append(ListFault("", 0, "", "nothing"))
    return table


def in_order(faults: Sequence[ListFault]) -> list[ListFault]:
    """The faults from the first row to the last; of one cell only the first, which the others follow from."""
    first: dict[tuple[str, int, str], ListFault] = {}
    for fault in faults:
        first.setdefault((fault.sheet, fault.row, fault.column), fault)
    return sorted(first.values(), key=lambda fault: (fault.sheet, fault.row))


class Unreadable(Exception):
    """The file as a whole is of no use; `code` and `data` as in `ListFault`."""

    def __init__(self, code: str, **data: str | int) -> None:
        super().__init__(code)
        self.code, self.data = code, data


def sheets_of(data: bytes, filename: str) -> Iterator[tuple[str, Iterator[Cells]]]:
    """Each sheet's name and rows. Raises Unreadable."""
    if len(data) > MOST_BYTES:
        raise Unreadable("too_big", megabytes=MOST_BYTES // 1_000_000)
    if not data.strip():
        raise Unreadable("nothing")
    if filename.lower().endswith(".xlsx"):
        yield from excel_sheets(data)
    elif filename.lower().endswith(".csv"):
        yield "", csv_rows(data)
    else:
        raise Unreadable("other_type")


def excel_sheets(data: bytes) -> Iterator[tuple[str, Iterator[Cells]]]:
    from openpyxl import load_workbook  # a tenth of a second that only who brings a spreadsheet need wait

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > MOST_UNPACKED:
            raise Unreadable("too_big", megabytes=MOST_UNPACKED // 1_000_000)
        book = load_workbook(io.BytesIO(data), read_only=True)
    except Unreadable:
        raise
    except Exception as error:  # openpyxl lets many kinds out of a broken file
        raise Unreadable("not_xlsx") from error
    for sheet in book.worksheets:
        yield str(sheet.title), guarded(sheet.iter_rows(max_col=MOST_COLUMNS))


def guarded(rows: Iterable[Iterable[Any]]) -> Iterator[Cells]:
    """The cells of openpyxl's rows; whatever a broken sheet raises on the way comes as Unreadable."""
    try:
        for row in rows:
            yield [(cell.value, cell.data_type) for cell in row]
    except Exception as error:
        raise Unreadable("not_xlsx") from error


def csv_rows(data: bytes) -> Iterator[Cells]:
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("not_utf8") from error
    if "\0" in text:
        raise Unreadable("not_utf8")
    first = text.lstrip().partition("\n")[0]
    separator = max(",;\t", key=first.count)
    try:
        for row in csv.reader(io.StringIO(text), delimiter=separator, strict=True):
            yield [(cell, "f" if cell.lstrip().startswith("=") else "s") for cell in row[:MOST_COLUMNS]]
    except csv.Error as error:
        raise Unreadable("not_csv") from error


def read_sheet(
    table: SheetContent,
    sheet: str,
    rows: Iterator[Cells],
    columns: Sequence[Column],
    wanted: Sequence[Sequence[str]],
) -> None:
    """Add the lines and faults of one sheet to `table`."""
    places: dict[str, int] | None = None
    for number, cells in enumerate(rows, start=1):
        if number > MOST_ROWS:
            table.faults.append(ListFault(sheet, number, "", "too_many_rows", {"most": MOST_ROWS}))
            return
        if all(value is None or not str(value).strip() for value, _ in cells):
            continue
        if places is None:
            places = headings(table, sheet, number, cells, columns, wanted)
            if places is None:
                return
            continue
        line = read_line(table, sheet, number, cells, places)
        if line.texts:
            table.lines.append(line)


def headings(
    table: SheetContent,
    sheet: str,
    number: int,
    cells: Cells,
    columns: Sequence[Column],
    wanted: Sequence[Sequence[str]],
) -> dict[str, int] | None:
    """For each key its place in the row; None, with a fault, where the headings will not do."""
    places: dict[str, int] = {}
    for place, (value, _) in enumerate(cells):
        heading = str(value if value is not None else "").strip()
        key = next((column.key for column in columns if heading and column.is_headed(heading)), None)
        if key is not None and key not in places:
            places[key] = place
        elif key is not None:
            table.faults.append(
                ListFault(sheet, number, letter(place), "heading_twice", {"heading": heading})
            )
        elif heading and heading not in table.unused:
            table.unused.append(heading)
    if any(set(keys) <= set(places) for keys in wanted):
        return places
    table.faults.append(ListFault(sheet, number, "", "headings", told_headings(cells, columns, wanted)))
    return None


def told_headings(
    cells: Cells, columns: Sequence[Column], wanted: Sequence[Sequence[str]]
) -> dict[str, str | int]:
    """Which headings were expected, and what stands there instead."""
    names = {column.key: column.heading for column in columns}
    options = ["; ".join(names[key] for key in keys) for keys in wanted]
    here = "; ".join(str(value) for value, _ in cells if value is not None)[:200]
    return {"expected": " | ".join(options), "found": here}


def read_line(
    table: SheetContent, sheet: str, number: int, cells: Cells, places: Mapping[str, int]
) -> ListRow:
    """The texts of a row; what is wrong with a cell goes to the table's faults."""
    texts = {}
    for key, place in places.items():
        value, kind = cells[place] if place < len(cells) else (None, "n")
        text = plain(value)
        if code := trouble_of(text, kind):
            table.faults.append(ListFault(sheet, number, letter(place), code, {"most": LONGEST_CELL}))
        elif text:
            texts[key] = text
    return ListRow(sheet, number, texts, {key: letter(place) for key, place in places.items()})


def trouble_of(text: str, kind: str) -> str:
    """Why a cell of this text and kind (openpyxl's `data_type`) will not do; "" where it will."""
    if kind in CELL_FAULTS:
        return CELL_FAULTS[kind]
    if len(text) > LONGEST_CELL:
        return "too_long"
    return "" if text.isprintable() else "letters"


def plain(value: Scalar) -> str:
    """A cell's value as text on one line: 912345678.0 as 912345678, a day as 2026-11-20."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return " ".join(unicodedata.normalize("NFC", str(value)).split())


def letter(place: int) -> str:
    """The letter of a column, the first being 0: A, B … Z, AA."""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("A") + rest) + name
    return name

"""The rows of a file that an administrator brings, .xlsx, .csv or .docx.

Hidden sheets are no part of a list. Rows are numbered as Excel shows them. Rows without any value are left out, since
a sheet may be formatted down to its last row. The value of a merged cell holds for each row that it covers.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from questionnaires.workbooks import filled_beyond, hidden_sheets, trouble_with
from storage.cells import (
    MOST_COLUMNS,
    MOST_LETTERS,
    MOST_ROWS,
    MOST_UNPACKED,
    Across,
    Cells,
    Rows,
    Scalar,
    Unreadable,
)
from storage.word_tables import tables_of

if TYPE_CHECKING:
    from storage.spreadsheets import Book

MOST_BYTES: Final = 20_000_000
WORKBOOKS: Final = (".xlsx", ".xlsm")
OLD: Final = {".xls": "old_excel", ".doc": "old_word", ".pdf": "pdf"}
"""What cannot be read, by the ending of its name."""
END_OF_ROWS: Final = b"</sheetData>"
MERGED: Final = re.compile(rb'<mergeCell ref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"')
MOST_MERGES: Final = 20_000
MOST_MERGED_ROWS: Final = 500
"""More than the villages of any commune, or the communes of any province."""
SEPARATORS: Final = ",;\t"
LINES_LOOKED_AT: Final = 30
FEW: Final = 20
"""A text with more marks without meaning (NUL) than one in so many letters is in another encoding."""
SEPARATOR_LINE: Final = re.compile(r"\s*\"?sep=(.)\"?\s*$", re.IGNORECASE)
"""A first line that tells Excel the separator, and that Excel never shows."""
MARKS: Final = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
Merges = Mapping[int, list[tuple[int, int, int]]]
"""The merged cells that begin in a row, by its number: first and last column (from 0), and last row."""


def sheets_of(data: bytes, filename: str) -> Iterator[tuple[str, Rows]]:
    """Each visible sheet's name and rows. Raises Unreadable."""
    if len(data) > MOST_BYTES:
        raise Unreadable("too_big", megabytes=MOST_BYTES // 1_000_000)
    if not data.strip():
        raise Unreadable("nothing")
    name = filename.lower()
    if name.endswith(WORKBOOKS):
        yield from excel_sheets(data)
    elif name.endswith(".csv"):
        yield "", filled(csv_rows(data))
    elif name.endswith(".docx"):
        yield from tables_of(data)
    else:
        raise Unreadable(next((code for ending, code in OLD.items() if name.endswith(ending)), "other_type"))


def book_of(data: bytes) -> "Book":
    """A spreadsheet, opened. Raises Unreadable."""
    from storage.spreadsheets import Book  # a tenth of a second that only who brings a spreadsheet need wait

    trouble = trouble_with(data)
    if trouble:
        raise Unreadable(trouble)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > MOST_UNPACKED:
            raise Unreadable("too_big", megabytes=MOST_UNPACKED // 1_000_000)
        look_at_length(data)
        return Book(data)
    except Unreadable:
        raise
    except Exception as error:  # openpyxl lets many kinds out of a broken file
        raise Unreadable("not_xlsx") from error


def look_at_length(data: bytes) -> None:
    """Refuse a workbook with far too many rows before its texts are read, which takes long. Raises Unreadable."""
    hidden = hidden_sheets(data)
    for sheet, row in filled_beyond(data, MOST_ROWS + 1):
        if sheet not in hidden:
            raise Unreadable("too_many_rows", sheet=sheet, row=row, most=MOST_ROWS)


def excel_sheets(data: bytes) -> Iterator[tuple[str, Rows]]:
    book = book_of(data)
    for sheet in book.sheets:
        if sheet.is_visible:
            # A sheet's file lists its merged cells behind its rows.
            merges = merges_of(book.archive, sheet.path)
            rows = guarded(book.rows(sheet))
            yield sheet.name, filled(unmerged(rows, merges) if merges else rows)


def merges_of(archive: zipfile.ZipFile, path: str) -> Merges:
    """Return the merged cells of a sheet, which its file lists after the rows."""
    merges: dict[int, list[tuple[int, int, int]]] = {}
    tail = b""
    with archive.open(path) as sheet:
        while chunk := sheet.read(1_000_000):
            tail = tail[-len(END_OF_ROWS) :] + chunk if END_OF_ROWS not in tail else tail + chunk
    for first, top, last, bottom in MERGED.findall(tail.partition(END_OF_ROWS)[2])[:MOST_MERGES]:
        columns = column_of(first), min(column_of(last), MOST_COLUMNS - 1)
        merges.setdefault(int(top), []).append((*columns, min(int(bottom), int(top) + MOST_MERGED_ROWS)))
    return merges


def column_of(letters: bytes) -> int:
    """Return a column's place, counted from 0, from its letters."""
    place = 0
    for letter in letters:
        place = place * 26 + letter - ord("A") + 1
    return place - 1


def unmerged(rows: Iterable[Cells], merges: Merges) -> Iterator[Cells]:
    """Yield rows with the values of their merged cells filled in."""
    here: list[tuple[int, int, int, tuple[Scalar, str]]] = []
    for number, cells in enumerate(rows, start=1):
        here = [merge for merge in here if merge[2] >= number]
        here += [(*merge, cells[merge[0]]) for merge in merges.get(number, ()) if merge[0] < len(cells)]
        for first, last, _, (value, kind) in here:
            if value is None:
                continue
            cells += [(None, "n")] * (last + 1 - len(cells))
            cells[first] = (value, kind)
            cells[first + 1 : last + 1] = [(Across(value), "s")] * (last - first)
        yield cells


def guarded(rows: Iterable[Cells]) -> Iterator[Cells]:
    """Yield rows; whatever a broken sheet raises becomes Unreadable."""
    try:
        yield from rows
    except Exception as error:
        raise Unreadable("not_xlsx") from error


def filled(rows: Iterable[Cells]) -> Rows:
    """The rows that hold something, with their numbers."""
    for number, cells in enumerate(rows, start=1):
        if any(value is not None and str(value).strip() for value, _ in cells):
            yield number, cells


def csv_rows(data: bytes) -> Iterator[Cells]:
    """Yield the rows of a text: UTF-8 or UTF-16, any line ending, separated by commas, semicolons or tabs."""
    text = text_of(data)
    first, _, rest = text.partition("\n")
    said = SEPARATOR_LINE.fullmatch(first)
    if said:
        yield []
        text = rest
    rows = parted(text, said[1] if said else separator_of(text))
    # Of a long list each text is kept once, however many rows have it, and each row is given up as soon as it is read.
    cells: dict[str, tuple[Scalar, str]] = {}
    rows.reverse()
    while rows:
        yield [cells.setdefault(cell, cell_of(cell)) for cell in rows.pop()[:MOST_COLUMNS]]


def cell_of(written: str) -> tuple[Scalar, str]:
    """A cell of a text, with the kind that openpyxl would call it."""
    shown = written[:MOST_LETTERS]
    return shown, "f" if shown.lstrip().startswith("=") else "s"


def text_of(data: bytes) -> str:
    """The text, its lines ended by a line feed. Raises Unreadable."""
    try:
        text = data.decode(MARKS.get(data[:2], "utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Unreadable("not_utf8") from error
    if FEW * text.count("\0") > len(text):
        raise Unreadable("not_utf8")
    # A few come from a program that filled up its cells.
    return text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")


def separator_of(text: str) -> str:
    """Return what separates the cells: the character on most of the first lines, and most often on one of them.

    A line of headings has it. A title above may have none, and a place within a cell ("Nà Hin, Vĩnh Thông") another.
    """
    lines = text.lstrip().split("\n", LINES_LOOKED_AT)[:LINES_LOOKED_AT]
    return max(
        SEPARATORS,
        key=lambda mark: (sum(mark in line for line in lines), max(line.count(mark) for line in lines)),
    )


def parted(text: str, separator: str) -> list[list[str]]:
    """Return the cells of each row. Raises Unreadable.

    A quote within a name that the writer did not double (Nguyễn Văn "Tý") is taken as an ordinary letter, if every row
    then has as many cells as the first.
    """
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        rows = [line.split(separator) for line in text.split("\n")]
        if quoted_badly(rows):
            raise Unreadable("not_csv") from error
        return [[unquoted(cell) for cell in row] for row in rows]


def quoted_badly(rows: Sequence[Sequence[str]]) -> bool:
    """Whether rows cut at every separator differ in their number of cells, or leave a quote open."""
    some = [row for row in rows if any(cell.strip() for cell in row)]
    uneven = len({len(row) for row in some}) > 1
    return uneven or any(cell.count('"') % 2 for row in some for cell in row)


def unquoted(cell: str) -> str:
    """A cell without the quotes around all of it."""
    inner = cell[1:-1]
    return inner if len(cell) > 1 and cell[0] == cell[-1] == '"' and '"' not in inner else cell

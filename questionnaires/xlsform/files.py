"""Read the sheets of a form from a file as pyxform does, after refusing what cannot be a form.

A form is somebody else's file and may contain anything. So every error in pyxform, openpyxl or xlrd becomes
`FormRefused`.
"""

import codecs
import csv
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO, StringIO
from itertools import islice, pairwise
from pathlib import Path, PurePath
from typing import Any, Final

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from pyxform import xls2json_backends
from pyxform.errors import PyXFormError
from pyxform.xls2json_backends import csv_to_dict, md_to_dict, xls_to_dict, xlsx_to_dict

from questionnaires.faults import Fault, FormRefused, refuse, refused
from questionnaires.pyxform_words import fault_of
from questionnaires.source import MOST_CHOICES, MOST_ROWS
from questionnaires.workbooks import Trimmed, trimmed, trouble_with

# xlrd writes complaints about damaged workbooks to standard output, where a script expects our JSON.
xls2json_backends.xlrd_open = partial(xls2json_backends.xlrd_open, logfile=StringIO())

OF_ANOTHER_KIND: Final = {
    "strict": "strict_workbook",
    "locked": "locked_workbook",
    "old_excel": "old_workbook",
}
"""Codes of faults for workbooks of other kinds, by what `trouble_with` finds."""
WORKBOOKS: Final = (".xlsx", ".xlsm", ".xls")
BROKEN: Final = "Error reading .xls"
"""How pyxform says that it cannot open a workbook; what follows is in another library's English."""
MOST_BYTES: Final = 5_000_000
"""The largest file. It is far above any form, and the whole file is held in memory."""
MOST_UNPACKED: Final = 60_000_000
"""The most bytes a workbook may unpack to: a small zip could fill the memory."""
MOST_BLANK_ROWS: Final = 60
MOST_BLANK_COLUMNS: Final = 20
"""How many blank rows or columns in a row pyxform accepts; after more it ends the sheet."""
SHEETS: Final = ("survey", "choices", "settings")
USED: Final = (*SHEETS, "external_choices", "entities", "osm")
"""All sheets that are read; in the author's own, anything may stand."""
MOST_COLUMNS: Final = 200
"""The most columns to look at: some workbooks claim to be 16,384 columns wide."""


def read_sheets(data: bytes, filename: str) -> dict[str, Any]:
    """Return the sheets as pyxform reads them, each a list of rows. Raises FormRefused."""
    ending = PurePath(filename).suffix.lower()
    look_at_file(data, ending)
    file = FORMATS[ending]
    try:
        data = file.prepare(data)
        sheets = file.read(data)
        refuse(file.faults(data))
    except PyXFormError as problem:
        if BROKEN in str(problem):
            raise refused("not_a_workbook") from problem
        raise FormRefused([fault_of(str(problem), "unreadable", {})]) from problem
    except FormRefused:
        raise
    except Exception as problem:  # a broken workbook can raise anything
        if ending in WORKBOOKS:
            raise refused("not_a_workbook") from problem
        raise refused("unreadable", why=f"{type(problem).__name__}: {problem}"[:200]) from problem
    return {name: with_headings(rows) for name, rows in sheets.items() if isinstance(name, str)}


def content_of(path: Path) -> bytes:
    """Return a file's content, cut just beyond the largest size accepted. Raises OSError."""
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def look_at_file(data: bytes, ending: str) -> None:
    """Raise FormRefused for a file of another kind, an empty one, or one that is too large."""
    if ending not in FORMATS:
        raise refused("file_type", ending=ending or "?", known=", ".join(FORMATS))
    if not data.strip():
        raise refused("empty_file")
    look_at_size(data)


def look_at_size(data: bytes) -> None:
    """Raise FormRefused for a file that is too large."""
    if len(data) > MOST_BYTES:
        raise refused("too_big", megabytes=MOST_BYTES // 1_000_000)


def with_headings(rows: Any) -> Any:
    """Return the rows of a sheet with "" as the heading of columns that have none."""
    if not isinstance(rows, list):
        return rows
    return [
        {heading or "": cell for heading, cell in row.items()} if isinstance(row, Mapping) else row
        for row in rows
    ]


def as_utf8(data: bytes) -> bytes:
    """Return a text file as pyxform reads it: UTF-8 without a byte order mark. Raises FormRefused."""
    try:
        text = data.decode(
            "utf-16" if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig"
        )
    except UnicodeDecodeError as problem:
        raise refused("not_utf8") from problem
    if "\0" in text:
        raise refused("not_utf8")
    return text.encode()


def with_commas(data: bytes) -> bytes:
    """Return a .csv file separated by commas, as pyxform reads it. Excel in Việt Nam separates cells by semicolons."""
    # Excel on older Macs ends lines with a carriage return only.
    text = as_utf8(data).decode().replace("\r\n", "\n").replace("\r", "\n")
    first = text.lstrip().partition("\n")[0]
    separator = max(",;\t", key=first.count)
    if separator == ",":
        return text.encode()
    written = StringIO()
    csv.writer(written).writerows(csv.reader(StringIO(text), delimiter=separator))
    return written.getvalue().encode()


def formulas(data: bytes) -> list[Fault]:
    """Return a fault for each cell with a formula whose result is missing: it would be read as empty."""
    if not has_formulas(data):
        return []
    # Read twice: openpyxl gives either the formulas or their results, never both.
    written = load_workbook(BytesIO(data), read_only=True)
    worked_out = load_workbook(BytesIO(data), read_only=True, data_only=True)
    used = [sheet for sheet in written.worksheets if sheet.title.strip().lower() in USED]
    return [fault for sheet in used for fault in without_results(sheet, worked_out[sheet.title])]


def gaps(data: bytes) -> list[Fault]:
    """Return faults for rows and columns that pyxform would leave out because too many blank ones precede them."""
    book = load_workbook(BytesIO(data), read_only=True, data_only=True)
    sheets = [sheet for sheet in book.worksheets if sheet.title.strip().lower() in SHEETS]
    return [fault for sheet in sheets for fault in gaps_in(sheet)]


def gaps_in(sheet: Any) -> Iterator[Fault]:
    """Yield faults for the first row and the first heading beyond a gap in a sheet."""
    blank = 0
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True), 1):
        if number == 1 and (column := beyond_gap(cells)):
            letter = get_column_letter(column)
            yield Fault(sheet.title, 1, letter, "columns_beyond", {"most": MOST_BLANK_COLUMNS})
        if is_blank(cells):
            blank += 1
        elif blank > MOST_BLANK_ROWS:
            yield Fault(sheet.title, number, "", "rows_below", {"most": MOST_BLANK_ROWS})
            return
        else:
            blank = 0


def is_blank(cells: Sequence[object]) -> bool:
    return not any(str(value).strip() for value in cells if value is not None)


def beyond_gap(cells: Sequence[object]) -> int:
    """Return the number of the first column after too many blank ones; 0 if there is none."""
    filled = [column for column, value in enumerate(cells, 1) if not is_blank([value])]
    after = (column for before, column in pairwise(filled) if column - before - 1 > MOST_BLANK_COLUMNS)
    return next(after, 0)


def slips_in_workbook(data: bytes) -> list[Fault]:
    """Return the faults of a workbook that pyxform does not notice."""
    return [*formulas(data), *gaps(data)]


def has_formulas(data: bytes) -> bool:
    """Whether any sheet may have a formula. Most workbooks have none, and need not be read twice more."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        pages = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        return any(b"<f" in archive.read(name) for name in pages)


def without_results(written: Any, worked_out: Any) -> Iterator[Fault]:
    """Yield a fault for each formula in a sheet whose result, in the sheet with results, is empty."""
    results = worked_out.iter_rows(max_col=MOST_COLUMNS, values_only=True)
    rows = zip(written.iter_rows(max_col=MOST_COLUMNS), results, strict=False)
    for number, (cells, values) in enumerate(islice(rows, MOST_ROWS), 1):
        for column, (formula, value) in enumerate(zip(cells, values, strict=False), 1):
            if formula.data_type == "f" and value is None:
                letter = get_column_letter(column)
                yield Fault(written.title, number, letter, "formula", {"cell": f"{letter}{number}"})


def safe_workbook(data: bytes) -> bytes:
    """Return the workbook without its sheets' stated extent, which is often wrong, and without rows beyond the limit.

    Raises FormRefused if it unpacks to too much, defines XML entities, has too many rows, or is of another kind.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            look_at_members(archive)
        trouble = trouble_with(data)
        if trouble not in OF_ANOTHER_KIND:
            workbook = trimmed(data, most_rows)
            refuse(list(overlong(workbook)))
            return workbook.data
    except FormRefused:
        raise
    except Exception as problem:  # zipfile raises the errors of every compressor as they are
        trouble = trouble_with(data)
        raise refused(OF_ANOTHER_KIND.get(trouble, "not_a_workbook")) from problem
    raise refused(OF_ANOTHER_KIND[trouble])


def most_rows(sheet: str) -> int:
    """Return how many rows of a sheet are read, including its headings."""
    return (MOST_CHOICES if "choices" in sheet.lower() else MOST_ROWS) + 1


def overlong(workbook: Trimmed) -> Iterator[Fault]:
    """Yield a fault for each sheet of a form with more rows than are read."""
    for sheet, row in workbook.filled_beyond:
        if sheet.strip().lower() in SHEETS:
            yield Fault(sheet, row, "", "too_many_rows", {"most": most_rows(sheet) - 1})


def look_at_members(archive: zipfile.ZipFile) -> None:
    """Raise FormRefused for an archive that would fill the memory, or open other files by XML entities, when read."""
    if sum(member.file_size for member in archive.infolist()) > MOST_UNPACKED:
        raise refused("too_big", megabytes=MOST_UNPACKED // 1_000_000)
    for member in archive.infolist():
        if member.filename.lower().endswith((".xml", ".rels")) and has_entities(archive, member):
            raise refused("entities")


def has_entities(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    """Whether an XML file within a workbook declares a document type or an entity, in any encoding."""
    with archive.open(member) as file:
        head = file.read(4096).replace(b"\0", b"").lower()
    return b"<!doctype" in head or b"<!entity" in head


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file. pyxform's `read` gets what `prepare` returns, which raises FormRefused; `faults` finds what
    pyxform does not notice."""

    read: Callable[[bytes], dict[str, Any]]
    prepare: Callable[[bytes], bytes] = bytes
    faults: Callable[[bytes], Sequence[Fault]] = lambda data: ()


WORKBOOK: Final = FileKind(xlsx_to_dict, safe_workbook, slips_in_workbook)
FORMATS: Final[Mapping[str, FileKind]] = {
    ".xlsx": WORKBOOK,
    ".xlsm": WORKBOOK,
    ".xls": FileKind(xls_to_dict),
    ".csv": FileKind(csv_to_dict, with_commas),
    ".md": FileKind(md_to_dict, as_utf8),
}
"""The kinds of files that forms may be in, by the ending of their names."""

"""Reads the rows of a spreadsheet's sheets as openpyxl does, in less than half of its time.

openpyxl makes a dictionary and an object of each cell, and fills each row up to the most columns: of a list of 20,000 rows
that is a third of an import. It still reads what is said once for all sheets, and each cell that is more than a text.

It takes a tenth of a second to import: only who has a spreadsheet to read imports this file.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any, Final

from lxml import etree
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils import column_index_from_string
from openpyxl.worksheet._reader import WorkSheetParser
from openpyxl.xml.constants import SHARED_STRINGS

from questionnaires.workbooks import LAST_ROW
from storage.cells import MOST_COLUMNS, Cells, Scalar

MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ROW, CELL, VALUE, ITEM, INLINE, RUN, TEXT = (
    f"{MAIN}{tag}" for tag in ("row", "c", "v", "si", "is", "r", "t")
)
DIGITS: Final = "0123456789"
NOTHING: Final[tuple[Scalar, str]] = (None, "n")


class ColumnPlaces(dict[str, int]):
    """The places of columns, counted from 0, by their letters."""

    def __missing__(self, letters: str) -> int:
        self[letters] = place = column_index_from_string(letters) - 1
        return place


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, and where in the file it is."""

    name: str
    path: str
    is_visible: bool


class Book:
    """A spreadsheet that is open. Raises whatever openpyxl, lxml and zipfile let out of a broken file."""

    def __init__(self, data: bytes) -> None:
        reader = ExcelReader(io.BytesIO(data), read_only=True)
        reader.read_manifest()
        reader.read_workbook()
        self.archive = reader.archive
        apply_stylesheet(self.archive, reader.wb)
        self.reader = SheetRows(reader.wb, self.shared_texts(reader.package))
        self.sheets = [
            Sheet(sheet.name, rel.target, sheet.state == "visible")
            for sheet, rel in reader.parser.find_sheets()
            if rel.target in reader.valid_files and "chartsheet" not in rel.Type
        ]

    def shared_texts(self, package: Any) -> list[str]:
        """Return the texts that cells refer to by number."""
        part = package.find(SHARED_STRINGS)
        if part is None:
            return []
        with self.archive.open(part.PartName[1:]) as source:
            return [text_in(item) for item in elements(source, ITEM)]

    def rows(self, sheet: Sheet) -> Iterator[Cells]:
        """Yield the cells of each row of a sheet, up to the row's last one that holds something."""
        with self.archive.open(sheet.path) as source:
            yield from self.reader.read(source)


def elements(source: IO[bytes], tag: str) -> Iterator[Any]:
    """Yield each element of a kind, and give it up again. Raises ValueError for a file that declares entities."""
    parts = etree.iterparse(source, tag=tag, resolve_entities=False, no_network=True)
    for place, (_, element) in enumerate(parts):
        if not place and element.getroottree().docinfo.internalDTD is not None:
            raise ValueError("no spreadsheet has a document type")
        yield element
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


def text_in(item: Any) -> str:
    """Return the text of a cell, which may be in parts of different looks; how it is pronounced stands beside them."""
    parts = [item, *item.iterchildren(RUN)]
    return "".join(part.findtext(TEXT) or "" for part in parts)


class SheetRows:
    """Reads the rows of the sheets of one workbook; `texts` are those that cells refer to by number."""

    def __init__(self, book: Any, texts: Sequence[str]) -> None:
        self.texts = texts
        self.places = ColumnPlaces()
        self.shares = styles_of_shares(book)
        # Its cells are read one by one: it needs no file.
        self.parser: Any = WorkSheetParser(
            b"",
            texts,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )

    def read(self, source: IO[bytes]) -> Iterator[Cells]:
        """Yield the rows from the first on, also those that the file leaves out."""
        number = 0
        for row in elements(source, ROW):
            here = int(float(row.get("r", number + 1)))
            if not number < here <= LAST_ROW:
                continue
            yield from ([] for _ in range(number + 1, here))
            number = here
            yield self.cells(row)

    def cells(self, row: Any) -> Cells:
        """Return the cells of a row up to the last one that has a value."""
        cells: Cells = []
        place = -1
        for element in row.iterchildren(CELL):
            address = element.get("r")
            place = self.places[address.rstrip(DIGITS)] if address else place + 1
            value, kind = self.cell(element) if place < MOST_COLUMNS else NOTHING
            if value is not None:
                cells += [NOTHING] * (place + 1 - len(cells))
                cells[place] = value, kind
        return cells

    def cell(self, element: Any) -> tuple[Scalar, str]:
        """Return the value of a cell, and its kind as openpyxl calls it."""
        kind, parts = element.get("t"), len(element)
        if not parts:
            return NOTHING
        if parts == 1 and kind == "s" and element[0].tag == VALUE:
            return self.texts[int(element[0].text)], kind
        if parts == 1 and kind == "inlineStr" and element[0].tag == INLINE:
            return text_in(element[0]), "s"
        read = self.parser.parse_cell(element)
        return self.shown(read["value"], read["style_id"]), read["data_type"]

    def shown(self, value: Scalar, style: int) -> Scalar:
        """Return a value; a number in a format of percent as people see it, "97%" of 0.97."""
        if type(value) not in (int, float) or style not in self.shares:
            return value
        return f"{round(Decimal(str(value)) * 100, 6).normalize():f}".replace(".", ",") + "%"


def styles_of_shares(book: Any) -> frozenset[int]:
    """Return the numbers of the styles in which numbers are shown in percent."""
    return frozenset(
        number for number, style in enumerate(book._cell_styles) if "%" in format_of(book, style.numFmtId)
    )


def format_of(book: Any, number: int) -> str:
    """Return the format of numbers that has a number in a workbook, or in all of them."""
    if number < BUILTIN_FORMATS_MAX_SIZE:
        return BUILTIN_FORMATS.get(number, "")
    return str(book._number_formats[number - BUILTIN_FORMATS_MAX_SIZE])

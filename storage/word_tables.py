"""The tables of a Word document, each as a sheet: the paragraphs above it as titles, then its rows.

Offices type lists in Word as often as in Excel. A cell that spans columns or rows is filled in as one of a spreadsheet is.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from lxml import etree

from storage.cells import MOST_COLUMNS, MOST_LETTERS, MOST_UNPACKED, Across, Cells, Unreadable

WORD: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BODY, TABLE, ROW, CELL, PARAGRAPH = (f"{WORD}{tag}" for tag in ("body", "tbl", "tr", "tc", "p"))
TEXT, TAB, BREAK, VALUE = (f"{WORD}{tag}" for tag in ("t", "tab", "br", "val"))
SPAN, MERGED = (f"{WORD}tcPr/{WORD}{tag}" for tag in ("gridSpan", "vMerge"))
CONTENT: Final = "word/document.xml"
PARSER: Final = etree.XMLParser(resolve_entities=False, no_network=True)
TITLES: Final = 12
"""The most paragraphs above a table that may say what it is of."""
TITLE_ROW: Final = 0
"""The number of a paragraph above a table: its rows are counted from 1."""

Numbered = tuple[int, Cells]


def tables_of(data: bytes) -> Iterator[tuple[str, Iterator[Numbered]]]:
    """Yield each table of a document with its rows; it is called "#2" where there are several. Raises Unreadable."""
    found = list(titled_tables(body_of(data)))
    for number, (titles, table) in enumerate(found, start=1):
        yield f"#{number}" if len(found) > 1 else "", rows_of(titles, table)


def body_of(data: bytes) -> Any:
    """The content of a document. Raises Unreadable."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if archive.getinfo(CONTENT).file_size > MOST_UNPACKED:
                raise Unreadable("too_big", megabytes=MOST_UNPACKED // 1_000_000)
            return etree.fromstring(archive.read(CONTENT), PARSER).find(BODY)
    except Unreadable:
        raise
    except Exception as error:  # zipfile raises the errors of every compressor as they are
        raise Unreadable("not_docx") from error


def titled_tables(body: Any) -> Iterator[tuple[list[str], Any]]:
    """Yield each table that stands in no other, with the paragraphs between it and the table before."""
    titles: list[str] = []
    for part in body.iter(PARAGRAPH, TABLE):
        if next(part.iterancestors(TABLE), None) is not None:
            continue
        if part.tag == PARAGRAPH:
            titles.append(text_of(part))
        else:
            yield titles[-TITLES:], part
            titles = []


def rows_of(titles: list[str], table: Any) -> Iterator[Numbered]:
    """Yield the titles of a table as rows, and then its own rows that hold something."""
    for title in filter(None, titles):
        yield TITLE_ROW, [(title, "s")]
    reader = TableRows()
    for number, row in enumerate(table.iterchildren(ROW), start=1):
        cells = reader.cells(row)
        if any(value and str(value).strip() for value, _ in cells):
            yield number, cells


@dataclass(slots=True)
class TableRows:
    """Reads the rows of a table from the first to the last."""

    above: dict[int, str] = field(default_factory=dict)
    """What stands in each column, for cells that go on from the row above."""

    def cells(self, row: Any) -> Cells:
        """The cells of a row, with the text of one that spans several in each of them."""
        cells: Cells = []
        for cell in row.iter(CELL):
            if next(cell.iterancestors(CELL), None) is None and len(cells) < MOST_COLUMNS:
                cells += self.spanned(cell, len(cells))
        return cells

    def spanned(self, cell: Any, place: int) -> Cells:
        """Return a cell as often as it spans columns."""
        merged = cell.find(MERGED)
        goes_on = merged is not None and merged.get(VALUE, "continue") == "continue"
        text = (
            self.above.get(place, "")
            if goes_on
            else " ".join(filter(None, map(text_of, cell.iter(PARAGRAPH))))
        )
        self.above[place] = text
        span = cell.find(SPAN)
        width = min(int(span.get(VALUE, 1)) if span is not None else 1, MOST_COLUMNS)
        return [(text or None, "s"), *[(Across(text) if text else None, "s")] * (width - 1)]


def text_of(paragraph: Any) -> str:
    """The words of a paragraph, without what was deleted in it."""
    words = (part.text or "" if part.tag == TEXT else " " for part in paragraph.iter(TEXT, TAB, BREAK))
    return "".join(words).strip()[:MOST_LETTERS]

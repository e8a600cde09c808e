"""The cells of a spreadsheet are what openpyxl reads, whichever of the two reads them."""

import io
from datetime import date, datetime, time, timedelta

from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from storage.cells import MOST_COLUMNS
from storage.spreadsheets import Book

AT = datetime(2026, 11, 30, 7, 5)  # noqa: DTZ001 - a spreadsheet knows no zones
ROWS = (
    ("Thôn Nà Hin", 12, 12.5, True, False, "=1+1", "#N/A", None, "0912345678"),
    (),
    (date(2026, 11, 30), AT, time(7, 5), timedelta(hours=30), "  có cách  ", "", 1e15),
    (CellRichText("Xã ", TextBlock(InlineFont(b=True), "Phủ Thông")), "30/11/2026", "<&>", "dòng\nhai", -3),
)


def test_each_kind_of_cell_is_what_openpyxl_reads() -> None:
    book = Workbook()
    assert book.active is not None
    for row in ROWS:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    ours = Book(file.getvalue())
    (theirs,) = load_workbook(file, read_only=True).worksheets
    read = [
        [(cell.value, cell.data_type) for cell in row if cell.value is not None]
        for row in theirs.iter_rows(max_col=MOST_COLUMNS)
    ]
    (sheet,) = ours.sheets
    assert [[cell for cell in row if cell[0] is not None] for row in ours.rows(sheet)] == read

"""Figures as a spreadsheet: a front sheet that says what, when and by which boundaries, then a sheet for each figure.

Numbers are numbers, headings stay in sight, and no cell can become a formula: what somebody typed is text, whatever it
begins with. openpyxl writes row by row, so a long table needs little memory. It takes a quarter of a second to import
(it looks for numpy), so import this file only to make a file.
"""

from collections.abc import Mapping
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from reports.cells import LONGEST_TITLE, NOT_IN_CELLS, NOT_IN_TITLES


def workbook(data: Mapping[str, Any]) -> bytes:
    """The file of `data`: front (rows of a label and a text), front_title, tables (title, heads, rows, numbers).

    `numbers` are the columns whose texts are exact decimals.
    """
    book = Workbook(write_only=True)
    front = book.create_sheet(sheet_title(book, data["front_title"]))
    front.column_dimensions["A"].width, front.column_dimensions["B"].width = 24, 80
    for row in data["front"]:
        front.append([text_cell(front, cell, bold=not place) for place, cell in enumerate(row)])
    for table in data["tables"]:
        add_table(book, table)
    packed = BytesIO()
    book.save(packed)
    return packed.getvalue()


def add_table(book: Workbook, table: Mapping[str, Any]) -> None:
    """One sheet: bold headings that stay in sight, then the rows."""
    sheet = book.create_sheet(sheet_title(book, table["title"]))
    sheet.freeze_panes = "B2"
    sheet.column_dimensions["A"].width = 32
    for letter in "BCDEFGHIJ":
        sheet.column_dimensions[letter].width = 16
    sheet.append([text_cell(sheet, head, bold=True) for head in table["heads"]])
    numbers = set(table["numbers"])
    for row in table["rows"]:
        sheet.append([cell_of(sheet, cell, number=place in numbers) for place, cell in enumerate(row)])


def sheet_title(book: Workbook, title: str) -> str:
    """Return `title` as a sheet's name that no other sheet of the book has, ignoring capitals."""
    used, plain = {name.casefold() for name in book.sheetnames}, NOT_IN_TITLES.sub(" ", title)
    short, number = plain[:LONGEST_TITLE].strip(), 2
    while short.casefold() in used:
        tail = f" {number}"
        short = plain[: LONGEST_TITLE - len(tail)].strip() + tail
        number += 1
    return short


def cell_of(sheet: Any, cell: str | int | None, *, number: bool) -> Any:
    """A number, a text that stays one, or nothing."""
    if cell is None or isinstance(cell, int):
        return cell
    return Decimal(cell) if number else text_cell(sheet, cell)


def text_cell(sheet: Any, text: str, *, bold: bool = False) -> Any:
    """A cell that is text even where it begins like a formula."""
    cell = WriteOnlyCell(sheet)
    cell.value = NOT_IN_CELLS.sub("", text)
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell

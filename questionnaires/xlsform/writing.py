"""Convert an XLSForm: a bundled questionnaire to a workbook for Excel, an office's workbook to tables to compare.

The sheets are written as their author filled them, so reading them back gives the same form.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from questionnaires.questionnaire import Questionnaire, content

Cells = Sequence[Sequence[str]]
Sheets = Mapping[str, Cells]
"""The cells of each sheet by its name; the first row has the headings."""
WIDEST: Final = 60
"""The greatest width of a column in characters: labels are long."""


def is_same(form: Questionnaire, other: Questionnaire) -> bool:
    """Whether two forms are the same except for their settings: one may state its id, the other have it from its file."""
    return {**content(form), "settings": ""} == {**content(other), "settings": ""}


def sheets_to_write(read: Mapping[str, Any], form_id: str) -> dict[str, list[list[str]]]:
    """Return the sheets of a form that was read. Its id is added to the settings if it is not there."""
    sheets = {
        name: list(rows_of(read, name)) for name in read["sheet_names"] if f"{name.lower()}_header" in read
    }
    lower = {name.lower(): rows for name, rows in sheets.items()}
    lower["settings"] = with_id(lower.get("settings") or [[]], form_id)
    return lower


def with_id(settings: list[list[str]], form_id: str) -> list[list[str]]:
    """Return the sheet settings with the form's id."""
    headings, *rows = settings
    if any(heading.strip().lower() in ("form_id", "id_string") for heading in headings):
        return settings
    first = (rows[0] if rows else []) + [form_id]
    return [[*headings, "form_id"], first, *rows[1:]]


def rows_of(read: Mapping[str, Any], name: str) -> Iterator[list[str]]:
    """Yield the headings of a sheet, then its rows in their order, blank ones too."""
    headings = list(chain.from_iterable(read[f"{name.lower()}_header"] or ()))
    yield list(map(str, headings))
    for row in read.get(name.lower()) or ():
        yield [in_cell(row.get(heading)) for heading in headings]


def in_cell(value: object) -> str:
    """Return the text of a cell; "" for None."""
    return "" if value is None else str(value)


def as_workbook(sheets: Sheets) -> bytes:
    """Return the sheets as an .xlsx file with bold, frozen headings and every cell as wrapped text."""
    book = Workbook()
    for empty in list(book.worksheets):
        book.remove(empty)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for number, row in enumerate(rows, 1):
            for place, text in enumerate(row, 1):
                cell = sheet.cell(number, place, text or None)
                cell.number_format, cell.data_type = "@", "s" if text else "n"
                cell.alignment = Alignment(wrap_text=True, vertical="top")
                cell.font = Font(bold=number == 1)
        for place in range(1, len(rows[0]) + 1):
            longest = max(len(row[place - 1]) for row in rows if len(row) >= place)
            sheet.column_dimensions[get_column_letter(place)].width = min(longest + 2, WIDEST)
        sheet.freeze_panes = "A2"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def as_tables(sheets: Sheets) -> str:
    """Return the sheets as Markdown tables. Raises ValueError for a cell with several lines, which they cannot hold."""
    lines = []
    for name, rows in sheets.items():
        lines.append(f"| {name} |" + " |" * len(rows[0]))
        lines += ["| | " + " | ".join(map(cell_text, row)) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def cell_text(text: str) -> str:
    """Return the text of a cell in a Markdown table. Raises ValueError if it has several lines."""
    if "\n" in text:
        raise ValueError(text)
    return text.replace("|", r"\|")

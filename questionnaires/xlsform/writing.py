"""An XLSForm rewritten: a bundled questionnaire as a workbook for Excel, an office's workbook as tables to compare.

What is written are the sheets as their author filled them, so the form that is read from it is the same form.
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
"""By name, each with its headings first."""
WIDEST: Final = 60
"""Characters of a column's width at most: labels are long."""


def is_same(form: Questionnaire, other: Questionnaire) -> bool:
    """Whether two forms ask the same; one of them may say its id, where the other is called after its file."""
    return {**content(form), "settings": ""} == {**content(other), "settings": ""}


def sheets_to_write(read: Mapping[str, Any], form_id: str) -> dict[str, list[list[str]]]:
    """The sheets of a form that was read. One that does not say its id was called after its file: it says it now."""
    sheets = {
        name: list(rows_of(read, name)) for name in read["sheet_names"] if f"{name.lower()}_header" in read
    }
    lower = {name.lower(): rows for name, rows in sheets.items()}
    lower["settings"] = with_id(lower.get("settings") or [[]], form_id)
    return lower


def with_id(settings: list[list[str]], form_id: str) -> list[list[str]]:
    """The sheet of settings, which says the form's id."""
    headings, *rows = settings
    if any(heading.strip().lower() in ("form_id", "id_string") for heading in headings):
        return settings
    first = (rows[0] if rows else []) + [form_id]
    return [[*headings, "form_id"], first, *rows[1:]]


def rows_of(read: Mapping[str, Any], name: str) -> Iterator[list[str]]:
    """The headings of a sheet, then its rows in their places, blank ones too."""
    headings = list(chain.from_iterable(read[f"{name.lower()}_header"] or ()))
    yield list(map(str, headings))
    for row in read.get(name.lower()) or ():
        yield [in_cell(row.get(heading)) for heading in headings]


def in_cell(value: object) -> str:
    """A value as a cell holds it; "" for none."""
    return "" if value is None else str(value)


def as_workbook(sheets: Sheets) -> bytes:
    """The sheets as an .xlsx file: headings bold and fixed, every cell as text, long ones wrapped."""
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
    """The sheets as tables in Markdown. Raises ValueError for a cell of several lines, which a table cannot hold."""
    lines = []
    for name, rows in sheets.items():
        lines.append(f"| {name} |" + " |" * len(rows[0]))
        lines += ["| | " + " | ".join(map(cell_text, row)) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def cell_text(text: str) -> str:
    """A cell of a table."""
    if "\n" in text:
        raise ValueError(text)
    return text.replace("|", r"\|")

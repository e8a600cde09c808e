"""The cells of a file that an administrator brings, as whoever reads its rows gets them, whatever program wrote it."""

import unicodedata
from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from questionnaires.answers.text import visible

MOST_ROWS: Final = 40_000
"""More than the 30,591 villages of ethnic-minority and mountainous communes: all of them may come in one list."""
MOST_UNPACKED: Final = 200_000_000
MOST_COLUMNS: Final = 200
LEFT_TO_RIGHT: Final = "\u202d"
"""Marks that programs put before numbers; they do not change the order of digits."""
MOST_LETTERS: Final = 1000
"""More than any cell of a list has. What is longer is cut, and refused as too long: to look at millions takes minutes."""

Scalar = str | int | float | bool | date | None
Cells = list[tuple[Scalar, str]]
"""A row: each value with its kind as openpyxl names it: "f" for a formula, "e" for an error value."""
Rows = Iterator[tuple[int, Cells]]
"""The rows that hold something, each with its number."""


class Across(str):
    """The text of a merged cell in its further columns: as a heading it stands over them, but it is no value of theirs."""


class Unreadable(Exception):
    """The file as a whole cannot be read; `code` and `data` as in `sheets.ListFault`."""

    def __init__(self, code: str, *, sheet: str = "", row: int = 0, **data: str | int) -> None:
        super().__init__(code)
        self.code, self.data = code, data
        self.sheet, self.row = sheet, row


def plain(value: Scalar) -> str:
    """Return a cell's value as text on one line: 912345678.0 as 912345678, a day as 2026-11-20, without invisible marks."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    shown = visible(unicodedata.normalize("NFC", str(value))).replace(LEFT_TO_RIGHT, "")
    told = " ".join(shown.split())
    # The same text need not be kept twice.
    return value if isinstance(value, str) and told == value else told

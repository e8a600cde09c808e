"""Reads the text of one cell as people would have typed it, and finds what a spreadsheet made of it instead."""

import re
from datetime import date
from decimal import Decimal
from typing import Final

from storage.cells import Scalar, plain
from storage.columns import Holds

LONGEST_CELL: Final = 500
"""No name, place or number in a list is longer."""
CELL_FAULTS: Final = {"f": "formula", "e": "error_value"}
MONTH: Final = "(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
WRITTEN_DAY: Final = re.compile(
    rf"\d{{1,2}}/\d{{1,2}}/\d{{4}}|\d{{4}}-\d{{2}}-\d{{2}}( 00:00:00)?|\d{{1,2}}-{MONTH}(-\d{{2,4}})?|{MONTH}-\d{{2}}"
)
"""What Excel writes into a .csv for a name that it took for a day: "1/2" became 1-Feb."""
TRUTH: Final = frozenset({"TRUE", "FALSE"})
DECIMALS: Final = re.compile(r"(?P<whole>\+?[0-9]+)[.,]0+")
POWER: Final = re.compile(r"[0-9][.,]?[0-9]*E\+?[0-9]+", re.IGNORECASE)


def trouble_of(value: Scalar, text: str, kind: str, holds: Holds) -> str:
    """Return why a cell of this kind (openpyxl's `data_type`) does not suit its column; "" if it does."""
    if kind in CELL_FAULTS:
        return CELL_FAULTS[kind]
    if len(text) > LONGEST_CELL:
        return "too_long"
    if not text.isprintable():
        return "letters"
    if holds == "amount" and isinstance(value, float):
        return ""
    return made_by_excel(value, text) if holds != "day" else ""


def made_by_excel(value: Scalar, text: str) -> str:
    """Return what Excel made of a text that looked like something else: "made_day", "made_truth", "fraction"; "" for
    nothing."""
    if isinstance(value, date) or WRITTEN_DAY.fullmatch(text):
        return "made_day"
    if isinstance(value, bool) or text in TRUTH:
        return "made_truth"
    return "fraction" if isinstance(value, float) and not value.is_integer() else ""


def as_text(value: Scalar, holds: Holds) -> str:
    """A cell's text as people would have typed it.

    An amount of a cell of numbers has a decimal comma, and never three digits behind it: 2.125 is neither 2.125 nor 2,125,
    which are thousands here or elsewhere.

    >>> as_text(2.125, "amount"), as_text(98.5, "amount"), as_text("2.125", "amount")
    ('2,1250', '98,5', '2.125')
    """
    if holds == "number":
        return as_number(plain(value))
    if holds != "amount" or not isinstance(value, float) or value.is_integer():
        return plain(value)
    whole, point, decimals = plain(round(value, 10)).partition(".")
    return f"{whole},{decimals}{'0' if len(decimals) == 3 else ''}" if point else whole


def as_number(text: str) -> str:
    """A number's digits as they were before a spreadsheet wrote them out.

    >>> as_number("0912345679.0"), as_number("9.12345678E+8"), as_number("0912.345.670"), as_number("9.12E+8")
    ('0912345679', '912345678', '0912.345.670', '9.12E+8')
    """
    whole = DECIMALS.fullmatch(text)
    if whole:
        return whole["whole"]
    if not POWER.fullmatch(text):
        return text
    written = Decimal(text.replace(",", "."))
    digits, exponent = len(written.as_tuple().digits), written.adjusted()
    return str(int(written)) if digits == exponent + 1 else text  # else digits were lost

"""Turn pyxform's English messages into faults of ours, which have sentences in every language and say what to write.

`questionnaires.mistakes` finds most mistakes before pyxform sees them; these are the ones that only pyxform finds. A
message that is not listed here is repeated in its own words within a sentence of ours.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from questionnaires.faults import Fault
from questionnaires.survey import Row, cell

ROW: Final = re.compile(r"\[row : (\d+)\]\s*|\brow(?: number)? (\d+)")
SHEET: Final = re.compile(
    r"'(survey|choices|settings)' sheet|\b(survey|choices|settings) sheet|sheet: '(\w+)'"
)
COLUMN: Final = re.compile(r"the '([\w:]+)' value")


CellPlace = tuple[str, int, str]
"""Sheet, row and column of a cell."""


@dataclass(frozen=True, slots=True)
class KnownSentence:
    """A message of pyxform, the code of our fault, and where the fault is if the message does not say.

    The pattern's named groups are the fault's data. If pyxform names no row, it is `row`, or the first row whose cell in
    `column` contains `find`.
    """

    pattern: re.Pattern[str]
    code: str
    column: str = ""
    find: str = ""
    row: int = 0


def known(pattern: str, code: str, column: str = "", find: str = "", row: int = 0) -> KnownSentence:
    return KnownSentence(re.compile(pattern), code, column, find, row)


SENTENCES: Final = (
    known(r"Duplicate column header: (?P<name>.+)$", "heading_twice", "{name}", row=1),
    known(r"The name '(?P<name>meta)' is reserved", "reserved_name"),
    known(r"'name' value '(?P<name>[^']*)' is invalid\. Repeat names must not be the same", "reserved_name"),
    known(r"'name' value '(?P<name>[^']*)' is invalid\. Repeat names must (?:be )?unique", "repeat_twice"),
    known(
        r"[Pp]arameters? '(?P<name>tick_\w+|placeholder|app|incremental|reference-geometry)'",
        "parameter_drop",
        "parameters",
    ),
    known(r"The '(?P<name>allow-mock-accuracy|incremental|reference-geometry)' parameter", "parameter_drop"),
    known(r"'range' question type, the parameter '\w+' must be a number", "range"),
    known(r"the parameter '(?P<name>\w+)' must not be '0'", "range_zero"),
    known(r"the parameter '(?P<name>\w+)' must not be larger than the range", "range_step"),
    known(r"Parameters must be in the form of", "parameters_form"),
    known(
        r"accepted parameter keys .* are '(?P<known>[^']*)'\..* key\(s\): '(?P<name>[^']*)'",
        "parameter_unknown",
    ),
    known(r"Parameter (?P<name>max-pixels|rows) must have", "parameter_number", "parameters", "max-pixels"),
    known(r"The '(?P<name>(?:capture|warning)-accuracy)' parameter must", "parameter_number"),
    known(r"randomize must be set to true or false", "randomize", "parameters", "randomize"),
    known(r"seed value must be a number", "seed", "parameters", "seed"),
    known(r"must include randomize=true to use a seed", "seed_alone", "parameters", "seed"),
    known(
        r"names for the same column were found: '(?P<other>[^']*)', '(?P<name>[^']*)'",
        "heading_same",
        "{name}",
        row=1,
    ),
    known(r"Choice filter not supported with or_other", "other_filtered", "choice_filter"),
    known(r"To use (?P<name>big-image), you must", "column", "{name}", row=1),
    known(r"Media type: (?P<name>.+) not supported", "column", "media::{name}", row=1),
    known(r"value is invalid\. Names must begin with a letter", "bad_identifier"),
    known(r"Could not find the name '(?P<name>[^']*)'", "unknown_name"),
    known(r"The name '(?P<name>[^']*)' appears more than once", "name_of_several"),
    known(r"Reference variable(?:s must start with| lists must have)", "reference_form"),
    known(r"Question or group with no name", "no_name", "name"),
    known(r"Badly formatted table list", "table_list", "appearance"),
)


def fault_of(message: str, code: str, sheets: Mapping[str, Sequence[Row]]) -> Fault:
    """Return the fault that a message of pyxform reports, with its place; one with `code` if the message is unknown."""
    message = " ".join(message.split())
    place = place_of(message)
    for sentence in SENTENCES:
        match = sentence.pattern.search(message)
        if match:
            return known_fault(sentence, match.groupdict(), place, sheets)
    return Fault(*place, code, {"why": ROW.sub("", message, count=1)[:400]})


def known_fault(
    sentence: KnownSentence, data: dict[str, str], place: CellPlace, sheets: Mapping[str, Sequence[Row]]
) -> Fault:
    """Return the fault of a known message, at the place that it names, or else at the place that it must mean."""
    sheet, row, column = place
    return Fault(
        sheet or ("survey" if sentence.column else ""),
        row or sentence.row or row_of(sheets, sentence),
        column or sentence.column.format(**data),
        sentence.code,
        data,
    )


def place_of(message: str) -> CellPlace:
    """Return the sheet, row and column that a message names; "" and 0 for those that it leaves out."""
    row = int(named_by(ROW, message) or 0)
    sheet = named_by(SHEET, message) or ("survey" if row else "")
    if (sheet, row) == ("settings", 1):
        row = 2  # pyxform calls the first row below the headings of settings row 1
    return sheet, row, named_by(COLUMN, message) if sheet else ""


def named_by(pattern: re.Pattern[str], message: str) -> str:
    """Return the text of the pattern's only matching group; "" if nothing matches."""
    match = pattern.search(message)
    return next(filter(None, match.groups()), "") if match else ""


def row_of(sheets: Mapping[str, Sequence[Row]], known: KnownSentence) -> int:
    """Return the number of the survey's first row whose cell in the column contains the text to find; 0 for none."""
    for number, row in enumerate(sheets.get("survey") or (), 2):
        if known.find and known.find in cell(row, known.column)[1]:
            return number
    return 0

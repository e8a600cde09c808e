"""What forms made for ODK Collect say to that program: taken as the nearest thing that a chat has, with advice.

A chat does not measure where a phone is, keep a log of it, or read bar codes; answers of last time are offered without
being asked for. A form that asks for these is a good form all the same. Rows keep their numbers.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from questionnaires.faults import Fault
from questionnaires.mistakes import CHOICE_HEADINGS, WORDS, has_words
from questionnaires.source import Sheets
from questionnaires.survey import TYPE_HEADINGS, Row, cell, changed, plain

SPELLINGS: Final = {
    "phone number": "phonenumber",
    "get phone number": "phonenumber",
    "imei": "deviceid",
    "device id": "deviceid",
    "get device id": "deviceid",
    "sim id": "simserial",
    "get sim id": "simserial",
    "subscriber id": "subscriberid",
    "get subscriber id": "subscriberid",
    "start time": "start",
    "get start time": "start",
    "end time": "end",
    "get end time": "end",
    "get today": "today",
}
"""Old spellings of what a form wants to know about its filling in, by what pyxform calls them today."""
UNASKED: Final = ("audit", "start-geopoint", "background-audio", "background-geopoint")
"""What Collect notes without asking; in a chat it stays blank."""
IDLE: Final = ("label", "hint", "trigger")
"""Columns of these that say nothing to a chat."""
AS_TEXT: Final = ("barcode",)
LAST_SAVED: Final = re.compile(r"\$\{last-saved#[^{}]*\}")
HEADS: Final = re.compile(r"\blabel\b", re.IGNORECASE)
"""An appearance that shows the choices over a table of questions, and asks nothing."""
EXTERNAL: Final = re.compile(r"select[_ ]one[_ ]external\s+(\S+)", re.IGNORECASE)
EXTERNAL_SHEET: Final = "external_choices"
FACT: Final = re.compile(r"[^\W\d][\w.\- ()]*")
"""What a column of facts about the choices may be called."""
CALCULATED: Final = ("calculation", "calculate")

Adapted = tuple[Row, list[Fault]]


def adapted(sheets: Sheets) -> tuple[Sheets, list[Fault]]:
    """The sheets as a chat takes them, and what their author is told of it."""
    survey: list[Row] = []
    told: list[Fault] = []
    for number, row in enumerate(sheets.get("survey") or (), 2):
        for adapt in ROWS:
            row, advice = adapt(number, row)
            told += advice
        survey.append(row)
    taken, advice = without_odd_columns({**sheets, "survey": survey} if survey else sheets)
    return with_external_choices(taken), [*told, *advice]


def about_type(number: int, row: Row) -> Adapted:
    """A type that pyxform calls otherwise, that asks nothing, or that is typed in a chat."""
    heading, written = cell(row, *TYPE_HEADINGS)
    type_ = " ".join(written.split()).lower()
    if type_ in SPELLINGS:
        return changed(row, heading, SPELLINGS[type_]), []
    if type_ in UNASKED:
        words = {name: text for name, text in row.items() if not plain(name).startswith(IDLE)}
        advice = Fault("survey", number, heading, "stays_blank", {"type": type_}, grave=False)
        return changed(words, heading, "hidden"), [advice]
    if type_ in AS_TEXT:
        advice = Fault("survey", number, heading, "typed_instead", {"type": type_}, grave=False)
        return changed(row, heading, "text"), [advice]
    return row, []


def about_last_saved(number: int, row: Row) -> Adapted:
    """A default made of the answers of last time: a chat offers them by itself."""
    heading, text = cell(row, "default")
    if not LAST_SAVED.search(text):
        return row, []
    return changed(row, heading, ""), [
        Fault("survey", number, heading, "last_saved_default", {"text": text.strip()}, grave=False)
    ]


def about_heads(number: int, row: Row) -> Adapted:
    """The head of a table of questions, which only shows their choices: in a chat each question shows its own."""
    heading, written = cell(row, *TYPE_HEADINGS)
    appearance = cell(row, "appearance")[1]
    if not (written.lower().startswith("select") and HEADS.search(appearance)):
        return row, []
    type_ = "note" if has_words(row) else "hidden"
    return changed(row, heading, type_), [
        Fault("survey", number, heading, "stays_blank", {"type": written.strip()}, grave=False)
    ]


def about_trigger(number: int, row: Row) -> Adapted:
    """A calculation that waits for an answer: it is blank until there is one, and recomputed when that changes.

    A question that is only emptied by another's answer is asked as others are.
    """
    trigger, names = cell(row, "trigger")
    heading, formula = cell(row, *CALCULATED)
    answers = re.findall(r"\$\{[^{}]+\}", names)
    if not (trigger and answers):
        return row, []
    if not formula:
        return changed(row, trigger, ""), [
            Fault("survey", number, trigger, "ignored_column", {"name": trigger}, grave=False)
        ]
    waiting = f"concat({', '.join(answers)}) = ''"
    return changed(changed(row, trigger, ""), heading, f"if({waiting}, '', {formula})"), []


ROWS: Final[Sequence[Callable[[int, Row], Adapted]]] = (
    about_type,
    about_heads,
    about_last_saved,
    about_trigger,
)


def without_odd_columns(sheets: Sheets) -> tuple[Sheets, list[Fault]]:
    """The choices without columns of which no fact of a choice can be made, such as `$kuid` of forms from Kobo."""
    rows = list(sheets.get("choices") or ())
    odd = dict.fromkeys(heading for row in rows for heading in row if is_odd(heading))
    if not odd:
        return sheets, []
    kept = [{heading: text for heading, text in row.items() if heading not in odd} for row in rows]
    header = {
        heading: text for heading, text in first(sheets.get("choices_header")).items() if heading not in odd
    }
    told = [Fault("choices", 1, heading, "ignored_column", {"name": heading}, grave=False) for heading in odd]
    return {**sheets, "choices": kept, "choices_header": [header]}, told


def is_odd(heading: str) -> bool:
    """Whether a heading of the choices can name no element; one without a word is told of elsewhere."""
    name, *language = re.split(r"\s*:+\s*", heading.strip(), maxsplit=1)
    if language:
        return plain(name) not in (*CHOICE_HEADINGS, *WORDS)
    return bool(name) and FACT.fullmatch(name) is None


def with_external_choices(sheets: Sheets) -> Sheets:
    """The sheets with the choices of `external_choices` among the others: a chat has room for them."""
    external = [row for row in sheets.get(EXTERNAL_SHEET) or () if row]
    if not external:
        return sheets
    others: dict[str, Any] = {
        name: rows for name, rows in sheets.items() if not name.startswith(EXTERNAL_SHEET)
    }
    header = {**first(sheets.get("choices_header")), **first(sheets.get(f"{EXTERNAL_SHEET}_header"))}
    return {
        **others,
        "choices": [*(sheets.get("choices") or ()), *external],
        "choices_header": [header],
        "survey": [internal(row) for row in sheets.get("survey") or ()],
    }


def first(rows: Sequence[Row] | None) -> Mapping[str, Any]:
    return next(iter(rows or ()), {})


def internal(row: Row) -> Row:
    """`row` with a choice from the sheet choices."""
    heading, written = cell(row, *TYPE_HEADINGS)
    named = EXTERNAL.fullmatch(written.strip())
    return changed(row, heading, f"select_one {named[1]}") if named else row

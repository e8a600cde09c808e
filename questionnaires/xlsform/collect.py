"""Adapt features of ODK Collect to the nearest thing that a chat has, and tell the form's author.

A chat cannot locate a phone, log its use, or scan bar codes, and it offers last time's answers by itself. Forms that ask
for these things are accepted all the same. Rows keep their numbers.
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
"""Old spellings of types of metadata, each with pyxform's present name."""
UNASKED: Final = ("audit", "start-geopoint", "background-audio", "background-geopoint")
"""Types that Collect records without asking. In a chat they stay blank."""
IDLE: Final = ("label", "hint", "trigger")
"""Columns of `UNASKED` rows that have no meaning in a chat."""
AS_TEXT: Final = ("barcode",)
LAST_SAVED: Final = re.compile(r"\$\{last-saved#[^{}]*\}")
HEADS: Final = re.compile(r"\blabel\b", re.IGNORECASE)
"""The appearance of a question that only shows the choices above a table of questions."""
EXTERNAL: Final = re.compile(r"select[_ ]one[_ ]external\s+(\S+)", re.IGNORECASE)
EXTERNAL_SHEET: Final = "external_choices"
PREFIXED: Final = re.compile(r"^\s*(bind|instance|body)\s*::\s*(odk|orx|jr)\s*::\s*", re.IGNORECASE)
"""A heading with two colons behind a prefix, as it is often copied."""
FACT: Final = re.compile(r"[^\W\d][\w.\- ()]*")
"""A heading that can name an element with a fact about each choice."""
CALCULATED: Final = ("calculation", "calculate")

Adapted = tuple[Row, list[Fault]]


def adapted(sheets: Sheets) -> tuple[Sheets, list[Fault]]:
    """Return the sheets adapted to a chat, and advice about what was adapted."""
    survey: list[Row] = []
    told: list[Fault] = []
    for number, row in enumerate(sheets.get("survey") or (), 2):
        for adapt in ROWS:
            row, advice = adapt(number, row)
            told += advice
        survey.append(row)
    taken, advice = without_odd_columns({**sheets, **with_prefixes(sheets, survey)} if survey else sheets)
    return with_external_choices(taken), [*told, *advice]


def with_prefixes(sheets: Sheets, survey: Sequence[Row]) -> Sheets:
    """Return the survey with `bind::odk::length` written as pyxform knows it: `bind::odk:length`."""
    headings = [
        {with_prefix(name): text for name, text in row.items()} for row in sheets.get("survey_header") or ()
    ]
    rows = [{with_prefix(name): text for name, text in row.items()} for row in survey]
    return {"survey": rows, "survey_header": headings}


def with_prefix(heading: str) -> str:
    """Return a heading with one colon behind the prefix of a namespace."""
    return PREFIXED.sub(r"\1::\2:", heading)


def about_type(number: int, row: Row) -> Adapted:
    """Adapt a type that pyxform spells differently, that asks nothing, or that is typed in a chat."""
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
    """Drop a default made of last time's answers, which a chat offers by itself."""
    heading, text = cell(row, "default")
    if not LAST_SAVED.search(text):
        return row, []
    return changed(row, heading, ""), [
        Fault("survey", number, heading, "last_saved_default", {"text": text.strip()}, grave=False)
    ]


def about_heads(number: int, row: Row) -> Adapted:
    """Turn the head of a table of questions, which only shows their choices, into a note or nothing."""
    heading, written = cell(row, *TYPE_HEADINGS)
    appearance = cell(row, "appearance")[1]
    if not (written.lower().startswith("select") and HEADS.search(appearance)):
        return row, []
    type_ = "note" if has_words(row) else "hidden"
    return changed(row, heading, type_), [
        Fault("survey", number, heading, "stays_blank", {"type": written.strip()}, grave=False)
    ]


def about_trigger(number: int, row: Row) -> Adapted:
    """Rewrite a calculation with a trigger: it is blank until the trigger has an answer, and recomputed when it changes.

    A trigger without a calculation, which would only empty a question, is ignored.
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
    """Drop columns of the choices whose headings cannot name an element, such as `$kuid` in forms from Kobo."""
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
    """Whether a heading of the choices cannot name an element. Empty headings are reported elsewhere."""
    name, *language = re.split(r"\s*:+\s*", heading.strip(), maxsplit=1)
    if language:
        return plain(name) not in (*CHOICE_HEADINGS, *WORDS)
    return bool(name) and FACT.fullmatch(name) is None


def with_external_choices(sheets: Sheets) -> Sheets:
    """Move the choices of the sheet external_choices to the others: a chat has room for them."""
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
    """Return a row that chooses from the sheet choices instead of external_choices."""
    heading, written = cell(row, *TYPE_HEADINGS)
    named = EXTERNAL.fullmatch(written.strip())
    return changed(row, heading, f"select_one {named[1]}") if named else row

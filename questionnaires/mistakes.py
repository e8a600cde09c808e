"""Find the usual mistakes of a form's author in the sheets themselves, each with its row and column.

pyxform finds most of them too, but it stops at the first, reports it in English, and often without its place. The mistakes
found here are reported all at once, in the reader's language, with what to write instead.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice
from typing import Final

from questionnaires.answers.text import bare
from questionnaires.faults import Fault
from questionnaires.source import SurveySource
from questionnaires.survey import NAME_HEADINGS, TYPE_HEADINGS, Row, SurveyRow, cell, plain

NAME: Final = re.compile(r"[^\W\d][\w.\-]*")
REFERENCE: Final = re.compile(r"\$\{([^{}$]*)(\}?)")
ATTRIBUTE: Final = re.compile(r"(?:bind|instance|body)\s*::\s*(.*)$", re.IGNORECASE)
LAST_SAVED: Final = "last-saved#"
"""Collect's reference to the form sent before. A chat offers those answers on its button "as last time" instead."""
LIST_HEADINGS: Final = ("list_name", "list")
WORDS: Final = ("label", "caption", "hint", "guidance_hint", "media", "image", "audio", "video", "big-image")
CALCULATED: Final = ("calculation", "calculate", "bind::calculate")
SURVEY: Final = frozenset(
    {"type", "command", "name", "tag", "value", "label", "caption", "hint", "guidance_hint", "relevant",
     "relevance", "required", "required_message", "requiredmsg", "constraint", "constraint_message",
     "constraining_message", "calculation", "calculate", "default", "appearance", "read_only", "readonly",
     "repeat_count", "count", "jr", "choice_filter", "parameters", "trigger", "media", "image", "audio", "video",
     "big-image", "autoplay", "bind", "body", "instance", "disabled", "query", "save_to", "intent", "note",
     "notes", "comment", "comments", "rows", "compact_tag", "no_app_error_string", "noapperrorstring", "hxl"}
)  # fmt: skip
"""Every heading that pyxform or this program knows in the sheet survey."""


@dataclass(frozen=True, slots=True)
class Headings:
    """What the headings of a sheet may be.

    `likely` are compared with misspelt headings, `usual` are accepted as they are, and `needed` has the possible headings
    of each required column.
    """

    likely: tuple[str, ...]
    usual: Set[str]
    needed: tuple[tuple[str, ...], ...]


VIETNAMESE: Final = {
    "loai": "type",
    "kieu": "type",
    "ten": "name",
    "nhan": "label",
    "cau hoi": "label",
    "goi y": "hint",
    "dieu kien": "relevant",
    "bat buoc": "required",
    "rang buoc": "constraint",
    "phep tinh": "calculation",
    "mac dinh": "default",
}
"""Headings as a Vietnamese author may write them, without marks."""
TITLES: Final = 10
"""How many rows at the top are searched for the headings."""
CHOICE_HEADINGS: Final = ("list_name", "name", "label")
EXPECTED: Final = {
    "survey": Headings(
        (
            "type", "name", "label", "hint", "relevant", "required", "required_message", "constraint",
            "constraint_message", "calculation", "default", "repeat_count", "choice_filter", "parameters",
        ),
        SURVEY,
        (TYPE_HEADINGS, NAME_HEADINGS),
    ),
    "choices": Headings(CHOICE_HEADINGS, frozenset(CHOICE_HEADINGS), (LIST_HEADINGS, NAME_HEADINGS)),
}  # fmt: skip
YES: Final = ("yes", "true", "true()")
SHEETS: Final = ("survey", "choices", "settings")
ALIKE: Final = 0.78
"""How similar (0 to 1) a word must be to a known one to count as misspelt: at 0.75 `rate` would be taken for `date`."""
COMPUTED: Final = re.compile(r"[(${]| [-+*] ")
"""Characters that only a computed default has."""
LITERAL: Final = re.compile(r"'[^']*'|\"[^\"]*\"|\$\{[^{}]*\}")
"""Quoted texts and references in a filter, which contain no column names."""
WORD: Final = re.compile(r"(?<![\w./@$-])([^\W\d][\w.\-]*)(?!\s*\(|[\w:/-])")
OPERATORS: Final = frozenset(("and", "or", "div", "mod"))


def find_mistakes(source: SurveySource) -> None:
    """Add every mistake in the sheets to the faults of `source`."""
    look_at_sheets(source)
    look_at_nameless_columns(source)
    look_at_attributes(source)
    if look_at_headings(source):
        look_at_typeless(source)
        names = look_at_names(source)
        look_at_references(source, names)
        look_at_questions(source)
        look_at_ends(source)
    if has_needed(source, "choices"):
        look_at_choices(source)
    look_at_filters(source)


def base(heading: str) -> str:
    """Return a heading without its language: "label" for "Label::English (en)"."""
    return re.split(r":|_\(", plain(heading))[0]


def headings(source: SurveySource, sheet: str) -> list[str]:
    """Return the headings of a sheet as written."""
    return [str(heading) for row in source.sheets.get(f"{sheet}_header") or () for heading in row]


def like(word: str, known: Sequence[str]) -> str:
    """Return the one of `known` that `word` was probably meant to be, or ""."""
    return next(iter(get_close_matches(word, known, 1, ALIKE)), "")


# --- sheets and headings --------------------------------------------------------------------------------


def look_at_sheets(source: SurveySource) -> None:
    """Report sheets whose name is misspelt: pyxform would ignore them."""
    names = {str(name).strip().lower(): str(name) for name in source.sheets.get("sheet_names") or ()}
    absent = sorted(set(SHEETS) - names.keys() - source.filled)
    for lowered, name in names.items():
        if meant := like(lowered, absent):
            source.fault(0, "", "sheet_slip", sheet=name, name=name, meant=meant)


def look_at_nameless_columns(source: SurveySource) -> None:
    """Report columns with cells but without a heading."""
    for sheet in SHEETS:
        if any(str(row.get("", "")).strip() for _, row in source.numbered(sheet)):
            source.fault(1, "", "heading_empty", sheet=sheet)


def look_at_attributes(source: SurveySource) -> None:
    """Report headings bind::…, instance::… and body::… whose rest cannot name an attribute."""
    for heading in headings(source, "survey"):
        made = ATTRIBUTE.match(heading.strip())
        if made and not all(NAME.fullmatch(part) for part in made[1].split(":")):
            source.fault(1, heading, "bad_attribute", name=heading)


def look_at_headings(source: SurveySource) -> bool:
    """Report misspelt and missing headings. Return whether the sheet survey has those that further checks need."""
    for sheet in EXPECTED:
        if headings(source, sheet):
            look_at_headings_of(source, sheet)
    return has_needed(source, "survey")


def heading_row(source: SurveySource, sheet: str) -> int:
    """Return the number of the row with the headings, if titles stand above them; 0 if it is not near the top."""
    for number, row in enumerate(islice(source.sheets.get(sheet) or (), TITLES), 2):
        if any(plain(str(text)) in EXPECTED[sheet].needed[0] for text in row.values()):
            return number
    return 0


def look_at_headings_of(source: SurveySource, sheet: str) -> None:
    """Report misspelt and missing headings of one sheet."""
    expected, written = EXPECTED[sheet], headings(source, sheet)
    known = {base(heading) for heading in written}
    for heading in written:
        if base(heading) not in expected.usual:
            # The heading that was meant counts as present, so that it is not reported as missing too.
            known.add(look_at_heading(source, sheet, heading, known))
    look_for_missing(source, sheet, known)


def look_for_missing(source: SurveySource, sheet: str, known: Set[str]) -> None:
    """Report the required headings that a sheet lacks, or that its headings stand further down."""
    missing = [names[0] for names in EXPECTED[sheet].needed if known.isdisjoint(names)]
    if missing and (below := heading_row(source, sheet)):
        source.fault(1, "", "heading_below", sheet=sheet, found=below)
        return
    if sheet == SHEETS[0] and len(missing) == len(EXPECTED[sheet].needed) > 1:
        source.fault(1, "", "no_xlsform", sheet=sheet)
        return
    for name in missing:
        source.fault(1, "", "missing_heading", sheet=sheet, name=name)


def has_needed(source: SurveySource, sheet: str) -> bool:
    """Whether a sheet has every required column, spelt correctly."""
    known = {base(heading) for heading in headings(source, sheet)}
    return not any(known.isdisjoint(names) for names in EXPECTED[sheet].needed)


def look_at_heading(source: SurveySource, sheet: str, heading: str, known: set[str]) -> str:
    """Report an unknown heading. Return the one that was probably meant, otherwise the heading itself."""
    name = base(heading)
    # In the sheet choices, any heading may be a column of the author's own for filtering choices.
    in_vietnamese = VIETNAMESE.get(bare(name.replace("_", " "))) if sheet == "survey" else None
    meant = in_vietnamese or like(name, EXPECTED[sheet].likely)
    if meant and meant not in known:
        source.fault(1, heading, "heading_slip", sheet=sheet, name=heading, meant=meant)
        return meant
    if sheet == "survey":
        source.fault(1, heading, "ignored_column", grave=False, name=heading)
    return name


# --- names ----------------------------------------------------------------------------------------------


def node_rows(source: SurveySource) -> list[SurveyRow]:
    """Return the rows of the survey that make a node."""
    return [row for row in source.survey if row.type and not row.ends]


def look_at_typeless(source: SurveySource) -> None:
    """Report rows with a name and no type."""
    for row in source.survey:
        if row.name and not row.type:
            source.fault(row.number, "type", "no_type", name=row.name)


def look_at_names(source: SurveySource) -> Counter[str]:
    """Report names that are missing, invalid, or used twice in a group. Return how many nodes bear each name."""
    used: Counter[str] = Counter()
    first: dict[tuple[object, str], int] = {}
    for row in filter(lambda row: is_named(source, row), node_rows(source)):
        group = tuple(around.name for around in row.above)
        for made in names_made(row):
            other = first.setdefault((group, made), row.number)
            if other != row.number:
                source.fault(row.number, row.name_heading, "name_twice", name=made, other=other)
        used[row.name] += len(source.nodes_of(row)) or 1
    return used


def is_named(source: SurveySource, row: SurveyRow) -> bool:
    """Whether a row has a valid name. An invalid one is reported, and a missing one unless it is a note or a group."""
    if row.name and not NAME.fullmatch(row.name):
        source.fault(row.number, row.name_heading, "bad_name", name=row.name)
        return False
    if not row.name and row.type != "note" and not row.begins:
        source.fault(row.number, row.name_heading, "no_name")
    return bool(row.name)


def names_made(row: SurveyRow) -> tuple[str, ...]:
    """Return the names of the nodes that a row makes; or_other adds a question."""
    return (row.name, f"{row.name}_other") if row.offers_other else (row.name,)


def look_at_references(source: SurveySource, names: Counter[str]) -> None:
    """Report references ${…} that are not closed, or that name no node, or several."""
    for sheet in ("survey", "choices"):
        for number, row in source.numbered(sheet):
            for heading, text in row.items():
                if base(heading) in SURVEY:
                    for code, data in wrong_references(str(text), names):
                        source.faults.append(Fault(sheet, number, heading, code, data))


def wrong_references(text: str, names: Counter[str]) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield what is wrong with the references in a cell, as the fault's code and data."""
    for inside, closed in REFERENCE.findall(text):
        name = inside.strip()
        if not closed:
            yield "reference_open", {"text": f"${{{name}"[:40]}
        elif name.startswith(LAST_SAVED):
            yield "last_saved", {"name": name}
        elif names[inside] > 1:
            yield "name_of_several", {"name": name}
        elif not names[inside]:
            yield unknown_name(name, names)


def unknown_name(name: str, names: Counter[str]) -> tuple[str, dict[str, object]]:
    """Return the fault of a reference to an unknown name. If only blanks are wrong, the bare name was meant."""
    meant = name if names[name] else like(name, list(names))
    return "unknown_name_like" if meant else "unknown_name", {"name": name, "meant": meant}


# --- questions ------------------------------------------------------------------------------------------


def look_at_questions(source: SurveySource) -> None:
    """Report lists that do not exist, `calculate` rows without a calculation, and questions without words."""
    lists = {cell(row, *LIST_HEADINGS)[1].strip() for _, row in source.numbered("choices")}
    for row in node_rows(source):
        if is_missing(row.list, lists):
            source.fault(row.number, row.type_heading, "unknown_list", name=row.list)
        if not row.text(*CALCULATED):
            look_at_uncalculated(source, row)


def look_at_uncalculated(source: SurveySource, row: SurveyRow) -> None:
    """Report a row without calculation that also lacks what it needs instead: a computed default, or words."""
    if row.type == "calculate" and not COMPUTED.search(row.text("default")):
        source.fault(row.number, "calculation", "no_calculation", name=row.name)
    elif row.asks and not has_words(row.cells):
        source.fault(row.number, "label", "no_label", name=row.name)


def is_missing(name: str, lists: set[str]) -> bool:
    """Whether `name` is a list that does not exist. Lists from files and repeats are checked elsewhere."""
    return bool(name) and name not in lists and "." not in name and not name.startswith("${")


def has_words(row: Row) -> bool:
    """Whether a row has a label, a hint or a picture in any language."""
    return any(base(heading) in WORDS and str(text).strip() for heading, text in row.items())


def look_at_ends(source: SurveySource) -> None:
    """Report rows that end a group, repeat or loop that was not begun, or was begun as another kind."""
    for row in source.survey:
        if not row.ends:
            continue
        if not row.above:
            source.fault(row.number, row.type_heading, "end_alone", kind=row.ends)
            continue
        begin = row.above[-1]
        if begin.begins != row.ends:
            source.fault(
                row.number, row.type_heading, "end_other", kind=row.ends, began=begin.begins, name=begin.name
            )


# --- choices --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """A row of the sheet choices: its list and name, "" where they are missing, and the heading of the name."""

    number: int
    list: str
    name: str
    heading: str


def choice_rows(source: SurveySource) -> Iterator[ChoiceRow]:
    """Yield the rows of the sheet choices that name a list or a choice."""
    for number, row in source.numbered("choices"):
        in_list = cell(row, *LIST_HEADINGS)[1].strip()
        heading, name = cell(row, *NAME_HEADINGS)
        if in_list or name.strip():
            yield ChoiceRow(number, in_list, name.strip(), heading or "name")


def look_at_choices(source: SurveySource) -> None:
    """Report choices without list or name, repeated ones, and names with blanks if several may be chosen."""
    several = {row.list for row in node_rows(source) if row.takes_several}
    choices = list(choice_rows(source))
    repeated = frozenset() if may_stand_twice(source) else repeated_rows(choices)
    for choice in choices:
        if choice.number in repeated:
            source.fault(
                choice.number,
                choice.heading,
                "duplicate_choice",
                sheet="choices",
                list=choice.list,
                value=choice.name,
            )
        else:
            look_at_choice(source, choice, blanks=choice.list not in several)


def repeated_rows(choices: Sequence[ChoiceRow]) -> frozenset[int]:
    """Return the row numbers of choices that repeat an earlier one of their list."""
    complete = [choice for choice in choices if choice.list and choice.name]
    first = {(choice.list, choice.name): choice.number for choice in reversed(complete)}
    return frozenset(choice.number for choice in complete) - frozenset(first.values())


def may_stand_twice(source: SurveySource) -> bool:
    """Whether the settings allow repeated choices in a list."""
    allowed = (cell(row, "allow_choice_duplicates")[1] for _, row in source.numbered("settings"))
    return any(text.strip().lower() in YES for text in allowed)


def look_at_choice(source: SurveySource, choice: ChoiceRow, *, blanks: bool) -> None:
    """Report a choice without list or name, or unless `blanks` are allowed, with several words as its name."""
    if not choice.list:
        source.fault(choice.number, "list_name", "choice_without_list", sheet="choices", value=choice.name)
    elif not choice.name:
        source.fault(choice.number, choice.heading, "choice_without_name", sheet="choices", list=choice.list)
    elif not blanks and len(choice.name.split()) > 1:
        source.fault(choice.number, choice.heading, "choice_with_blank", sheet="choices", value=choice.name)


def look_at_filters(source: SurveySource) -> None:
    """Report filters on columns that the sheet choices does not have: they would leave nothing to choose from."""
    usual = frozenset(CHOICE_HEADINGS)
    columns = {heading.strip() for heading in headings(source, "choices")} - usual
    named = ", ".join(sorted(columns)) or "name"
    for row in source.survey:
        heading, text = cell(row.cells, "choice_filter")
        for word in WORD.findall(LITERAL.sub("''", text)):
            if word not in columns | usual | OPERATORS:
                source.fault(row.number, heading, "unknown_filter", name=word, known=named)

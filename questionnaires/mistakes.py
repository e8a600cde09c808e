"""Finds the usual slips of a form's author in the sheets themselves, each with its row and column.

pyxform finds most of them too, but stops at the first, tells it in English and often without its place. What
is found here is told all at once, in the reader's language, with what to write instead.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Final

from questionnaires.faults import Fault
from questionnaires.source import BEGIN, END, SELECTS, Row, Source, cell, plain
from questionnaires.source import TYPES as KNOWN

NAME: Final = re.compile(r"[^\W\d][\w.\-]*")
REFERENCE: Final = re.compile(r"\$\{([^{}$]*)(\}?)")
ATTRIBUTE: Final = re.compile(r"(?:bind|instance|body)\s*::\s*(.*)$", re.IGNORECASE)
LAST_SAVED: Final = "last-saved#"
NAMES: Final = ("name", "tag", "value")
TYPES: Final = ("type", "command")
LISTS: Final = ("list_name", "list")
WORDS: Final = ("label", "caption", "hint", "guidance_hint", "media", "image", "audio", "video", "big-image")
CALCULATED: Final = ("calculation", "calculate", "bind::calculate")
UNASKED: Final = frozenset(
    {"calculate", "hidden", "start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber",
     "username", "email", "audit"}
)  # fmt: skip
SURVEY: Final = frozenset(
    {"type", "command", "name", "tag", "value", "label", "caption", "hint", "guidance_hint", "relevant",
     "relevance", "required", "required_message", "requiredmsg", "constraint", "constraint_message",
     "constraining_message", "calculation", "calculate", "default", "appearance", "read_only", "readonly",
     "repeat_count", "count", "jr", "choice_filter", "parameters", "trigger", "media", "image", "audio", "video",
     "big-image", "autoplay", "bind", "body", "instance", "disabled", "query", "save_to", "intent", "note",
     "notes", "comment", "comments", "rows", "compact_tag", "no_app_error_string", "noapperrorstring", "hxl"}
)  # fmt: skip
LIKELY: Final = {
    "survey": (
        "type", "name", "label", "hint", "relevant", "required", "required_message", "constraint",
        "constraint_message", "calculation", "default", "repeat_count", "choice_filter", "parameters",
    ),
    "choices": ("list_name", "name", "label"),
}  # fmt: skip
"""The headings that a misspelt one is compared with."""
YES: Final = ("yes", "true", "true()")
SHEETS: Final = ("survey", "choices", "settings")
ALIKE: Final = 0.78
LITERAL: Final = re.compile(r"'[^']*'|\"[^\"]*\"|\$\{[^{}]*\}")
WORD: Final = re.compile(r"(?<![\w./@$-])([^\W\d][\w.\-]*)(?!\s*\(|[\w:/-])")
OPERATORS: Final = frozenset(("and", "or", "div", "mod"))


def find_mistakes(source: Source) -> None:
    """Add every mistake in the sheets to the faults of `source`."""
    look_at_sheets(source)
    look_at_empty_headings(source)
    if look_at_headings(source):
        names = look_at_names(source)
        look_at_references(source, names)
        look_at_questions(source)
        look_at_ends(source)
    look_at_choices(source)
    look_at_filters(source)


def base(heading: str) -> str:
    """A heading without its language: label for "Label::English (en)"."""
    return re.split(r":|_\(", plain(heading))[0]


def headings(source: Source, sheet: str) -> list[str]:
    """The headings of a sheet as written."""
    return [str(heading) for row in source.sheets.get(f"{sheet}_header") or () for heading in row]


def like(word: str, known: Sequence[str]) -> str:
    """The one of `known` that `word` was probably meant to be, or ""."""
    return next(iter(get_close_matches(word, known, 1, ALIKE)), "")


# --- sheets and headings --------------------------------------------------------------------------------


def look_at_sheets(source: Source) -> None:
    """A sheet whose name is nearly right would be passed over."""
    names = [str(name) for name in source.sheets.get("sheet_names") or ()]
    present = {name.strip().lower() for name in names}
    for name in names:
        meant = like(name.strip().lower(), SHEETS)
        if meant and meant not in present and not source.sheets.get(meant):
            source.fault(0, "", "sheet_slip", sheet=name, name=name, meant=meant)


def look_at_empty_headings(source: Source) -> None:
    """Cells below no heading, and headings that make no attribute."""
    for sheet in SHEETS:
        if any(str(row.get("", "")).strip() for _, row in source.numbered(sheet)):
            source.fault(1, "", "heading_empty", sheet=sheet)
    for heading in headings(source, "survey"):
        made = ATTRIBUTE.match(heading.strip())
        if made and not all(NAME.fullmatch(part) for part in made[1].split(":")):
            source.fault(1, heading, "bad_attribute", name=heading)


def look_at_headings(source: Source) -> bool:
    """Whether the sheet survey has the headings without which nothing can be said about its rows."""
    for sheet, likely in LIKELY.items():
        written = headings(source, sheet)
        known = {base(heading) for heading in written}
        usual = SURVEY if sheet == "survey" else set(likely)
        for heading in written:
            if base(heading) not in known & usual:
                known.add(look_at_heading(source, sheet, heading, known))
        for wanted in (TYPES, NAMES) if sheet == "survey" else (LISTS, NAMES):
            if written and not known & set(wanted):
                source.fault(1, "", "missing_heading", sheet=sheet, name=wanted[0])
    here = {base(heading) for heading in headings(source, "survey")}
    return bool(here & set(TYPES)) and bool(here & set(NAMES))


def look_at_heading(source: Source, sheet: str, heading: str, known: set[str]) -> str:
    """Tell of a heading that nobody knows; the one that was meant, or itself."""
    name = base(heading)
    meant = like(name, LIKELY[sheet])
    if meant and meant not in known:
        source.fault(1, heading, "heading_slip", sheet=sheet, name=heading, meant=meant)
        return meant
    if sheet == "survey":
        source.fault(1, heading, "ignored_column", grave=False, name=heading)
    return name


# --- names ----------------------------------------------------------------------------------------------


def entries(source: Source) -> Iterator[tuple[int, Row, str, str, tuple[str, ...]]]:
    """Row number, row, type, name and enclosing groups of everything in the survey that makes a node."""
    above: list[str] = []
    for number, row in source.numbered("survey"):
        kind = " ".join(cell(row, *TYPES)[1].split()).lower()
        name = cell(row, *NAMES)[1].strip()
        if END.match(kind):
            above[-1:] = []
        elif kind:
            yield number, row, kind, name, tuple(above)
            if BEGIN.match(kind):
                above.append(name)


def look_at_names(source: Source) -> Counter[str]:
    """Names that are missing, cannot be, or stand twice in one group; how often each name is used."""
    for number, row in source.numbered("survey"):
        name = cell(row, *NAMES)[1].strip()
        if name and not cell(row, *TYPES)[1].strip():
            source.fault(number, "type", "no_type", name=name)
    used: Counter[str] = Counter()
    first: dict[tuple[tuple[str, ...], str], int] = {}
    for number, row, kind, name, above in entries(source):
        if not is_name(source, number, row, kind, name):
            continue
        for made in names_made(kind, name):
            other = first.setdefault((above, made), number)
            if other != number:
                source.fault(number, cell(row, *NAMES)[0] or "name", "name_twice", name=made, other=other)
        used[name] += 1
    return used


def is_name(source: Source, number: int, row: Row, kind: str, name: str) -> bool:
    """Whether a row has a name that can be one; a note and a group may have none."""
    heading = cell(row, *NAMES)[0] or "name"
    if not name and kind != "note" and not BEGIN.match(kind):
        source.fault(number, heading, "no_name")
    elif name and not NAME.fullmatch(name):
        source.fault(number, heading, "bad_name", name=name)
    return NAME.fullmatch(name) is not None


def names_made(kind: str, name: str) -> tuple[str, ...]:
    """The names of the nodes that a row makes: or_other adds a question."""
    choice = SELECTS.match(kind)
    return (name, f"{name}_other") if choice and choice["other"] else (name,)


def look_at_references(source: Source, names: Counter[str]) -> None:
    """References ${…} to what is not there, or to more than one."""
    for sheet in ("survey", "choices"):
        for number, row in source.numbered(sheet):
            for heading, text in row.items():
                if base(heading) in SURVEY:
                    for code, data in wrong_references(str(text), names):
                        source.faults.append(Fault(sheet, number, heading, code, data))


def wrong_references(text: str, names: Counter[str]) -> Iterator[tuple[str, dict[str, object]]]:
    """What is wrong with the references of one cell."""
    for inside, closed in REFERENCE.findall(text):
        name = inside.strip()
        if not closed:
            yield "reference_open", {"text": f"${{{name}"[:40]}
        elif name.startswith(LAST_SAVED):
            yield "last_saved", {"name": name}
        elif names[inside] > 1:
            yield "name_of_several", {"name": name}
        elif not names[inside]:
            meant = name if names[name] else like(name, list(names))
            yield ("unknown_name_like" if meant else "unknown_name"), {"name": name, "meant": meant}


# --- questions ------------------------------------------------------------------------------------------


def look_at_questions(source: Source) -> None:
    """Questions without words, calculations without one, and lists that are not there."""
    lists = {cell(row, *LISTS)[1].strip() for _, row in source.numbered("choices")}
    for number, row, kind, name, _ in entries(source):
        wanted = list_of(row)
        if is_missing(wanted, lists):
            source.fault(number, cell(row, *TYPES)[0], "unknown_list", name=wanted)
        calculated = cell(row, *CALCULATED)[1].strip()
        if kind == "calculate" and not calculated and not cell(row, "default")[1].strip():
            source.fault(number, "calculation", "no_calculation", name=name)
        if not calculated and is_asked(kind, wanted) and not has_words(row):
            source.fault(number, "label", "no_label", name=name)


def is_missing(name: str, lists: set[str]) -> bool:
    """Whether a list is named that stands neither in the sheet choices nor, told elsewhere, in a file or repeat."""
    return bool(name) and name not in lists and "." not in name and not name.startswith("${")


def is_asked(kind: str, list_name: str) -> bool:
    """Whether a row asks a person something."""
    known = bool(list_name) or kind in KNOWN or kind.replace("_", " ") in KNOWN
    return known and kind not in UNASKED


def has_words(row: Row) -> bool:
    """Whether a row has a label, a hint or a picture in any language."""
    return any(base(heading) in WORDS and str(text).strip() for heading, text in row.items())


def list_of(row: Row) -> str:
    """The list that a choice question names, or ""."""
    kind = " ".join(cell(row, *TYPES)[1].split())
    found = SELECTS.match(kind.lower())
    return kind[found.start("list") : found.end("list")] if found else ""


def look_at_ends(source: Source) -> None:
    """An end without its begin, or of another kind."""
    above: list[tuple[str, str]] = []
    for number, row in source.numbered("survey"):
        heading, kind = cell(row, *TYPES)
        lowered = " ".join(kind.split()).lower()
        if begins := BEGIN.match(lowered):
            above.append((begins[1], cell(row, *NAMES)[1].strip()))
        elif ends := END.match(lowered):
            if not above:
                source.fault(number, heading, "end_alone", kind=ends[1])
                continue
            began, name = above.pop()
            if began != ends[1]:
                source.fault(number, heading, "end_other", kind=ends[1], began=began, name=name)


# --- choices --------------------------------------------------------------------------------------------


def look_at_choices(source: Source) -> None:
    """Choices without list or name, twice, or with a blank where several may be chosen."""
    known = {base(heading) for heading in headings(source, "choices")}
    if not known & set(LISTS) or not known & set(NAMES):
        return
    several = {list_of(row) for _, row, kind, _, _ in entries(source) if is_multiple(kind)}
    seen: set[tuple[str, str]] = set()
    once = not may_stand_twice(source)
    for number, row in source.numbered("choices"):
        in_list, name = cell(row, *LISTS)[1].strip(), cell(row, *NAMES)[1].strip()
        heading = cell(row, *NAMES)[0] or "name"
        if in_list and name and once and (in_list, name) in seen:
            source.fault(number, heading, "duplicate_choice", sheet="choices", list=in_list, value=name)
        elif in_list or name:
            look_at_choice(source, number, heading, in_list, name, blanks=in_list not in several)
        seen.add((in_list, name))


def may_stand_twice(source: Source) -> bool:
    """Whether the settings allow a choice twice in one list."""
    allowed = (cell(row, "allow_choice_duplicates")[1] for _, row in source.numbered("settings"))
    return any(text.strip().lower() in YES for text in allowed)


def look_at_choice(
    source: Source, number: int, heading: str, in_list: str, name: str, *, blanks: bool
) -> None:
    """Tell of a choice that lacks its list or name; or, unless `blanks` may be in it, holds several words."""
    if not in_list:
        source.fault(number, "list_name", "choice_without_list", sheet="choices", value=name)
    elif not name:
        source.fault(number, heading, "choice_without_name", sheet="choices", list=in_list)
    elif not blanks and len(name.split()) > 1:
        source.fault(number, heading, "choice_with_blank", sheet="choices", value=name)


def is_multiple(kind: str) -> bool:
    """Whether several choices may be taken."""
    return "multiple" in kind or "all that apply" in kind.replace("_", " ")


def look_at_filters(source: Source) -> None:
    """A filter on a column that the sheet choices does not have leaves nothing to choose from."""
    known = {heading.strip() for heading in headings(source, "choices")} | {"name", "label", "list_name"}
    for number, row in source.numbered("survey"):
        heading, text = cell(row, "choice_filter")
        for word in WORD.findall(LITERAL.sub("''", text)):
            if word not in known and word not in OPERATORS:
                columns = ", ".join(sorted(known - {"name", "label", "list_name"})) or "name"
                source.fault(number, heading, "unknown_filter", name=word, known=columns)

"""The rows of an XLSForm as its author wrote them, to find what is not supported and to say where a fault lies.

Rows are numbered as Excel shows them. pyxform forgets them on its way to the XForm; the names lead back here.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from questionnaires.faults import Fault

Row = Mapping[str, str]
Sheets = Mapping[str, Sequence[Row]]

BEGIN: Final = re.compile(r"begin[\s_]+(group|repeat|loop)\b")
END: Final = re.compile(r"end[\s_]+(group|repeat|loop)\b")
TYPES: Final = frozenset(
    """text string integer int decimal range date time datetime note calculate hidden image photo geopoint gps
    acknowledge trigger start end today deviceid subscriberid simserial phonenumber username email
    dateTime""".lower().split()
)
SELECTS: Final = re.compile(
    r"(?:select(?:[\s_]+(?:one|multiple|1))?|(?:select[\s_]+all[\s_]+that[\s_]+apply)|add[\s_]+select[\s_]+one[\s_]+prompt[\s_]+using)"
    r"(?:[\s_]+from)?\s+(?P<list>\S+)(?P<other>[\s_]+(?:or[\s_]+(?:specify[\s_]+)?other))?$"
)
INSTEAD: Final = {
    "rank": "select_multiple",
    "geotrace": "geopoint",
    "geoshape": "geopoint",
    "barcode": "text",
    "audio": "text",
    "background-audio": "text",
    "video": "image",
    "file": "image",
    "select_one_from_file": "select_one",
    "select_multiple_from_file": "select_multiple",
    "select_one_external": "select_one",
    "osm": "geopoint",
    "start-geopoint": "geopoint",
    "csv-external": "select_one",
    "xml-external": "select_one",
    "csv-external-instance": "select_one",
}
"""What to use for a type that a chat cannot ask."""
LABEL: Final = re.compile(r"label\s*::?\s*(.+)$", re.IGNORECASE)
REFUSED_COLUMNS: Final = {"trigger", "save_to", "intent"}
IGNORED_COLUMNS: Final = re.compile(
    r"(appearance|body::.*|(media::)?(image|big-image|audio|video|autoplay)(::.*|:.*)?|guidance_hint(:.*)?|disabled|instance::.*)$"
)
REFUSED_SHEETS: Final = ("external_choices", "entities", "osm")
REFUSED_SETTINGS: Final = ("public_key",)
IGNORED_SETTINGS: Final = (
    "submission_url",
    "auto_send",
    "auto_delete",
    "style",
    "sms_keyword",
    "sms_separator",
    "sms_allow_media",
    "sms_response",
    "prefix",
    "delimiter",
)
MOST_ROWS: Final = 2000
MOST_CHOICES: Final = 20_000


@lru_cache(maxsize=1024)
def plain(heading: str) -> str:
    """A heading for comparison: `Label :: English` and `label::english` are one."""
    return re.sub(r"\s*(:+)\s*", r"\1", heading.strip().lower()).replace(" ", "_")


def cell(row: Row, *headings: str) -> tuple[str, str]:
    """The heading as written and the text of the first of `headings` (without language) that a row fills."""
    for heading, text in row.items():
        if plain(heading) in headings:
            return heading, str(text)
    return "", ""


def usual_type(written: str) -> str:
    """A type as pyxform knows it: a phone or Excel likes to begin a cell with a capital."""
    words = " ".join(written.split())
    lowered = words.lower()
    if choice := SELECTS.match(lowered):
        start, end = choice.span("list")
        return lowered[:start] + words[start:end] + lowered[end:]
    if lowered == "datetime":
        return "dateTime"
    return lowered if lowered in TYPES or BEGIN.match(lowered) or END.match(lowered) else words


@dataclass
class Source:
    """The survey's rows with the paths they make."""

    sheets: Sheets
    faults: list[Fault] = field(default_factory=list)
    rows: dict[str, tuple[int, Row]] = field(default_factory=dict)
    """Row number and row by template path."""
    others: set[str] = field(default_factory=set)
    """Paths of choice questions with "or other"."""

    @property
    def root(self) -> str:
        """The name of the document's root: settings may give one."""
        for _, row in self.numbered("settings"):
            return cell(row, "name")[1].strip() or "data"
        return "data"

    def fault(
        self, row: int, column: str, code: str, *, sheet: str = "survey", grave: bool = True, **data: object
    ) -> None:
        self.faults.append(Fault(sheet, row, column, code, data, grave))

    def numbered(self, sheet: str) -> Iterator[tuple[int, Row]]:
        """The rows of a sheet that hold something."""
        for number, row in enumerate(self.sheets.get(sheet) or (), 2):
            if row:
                yield number, row

    def look(self) -> None:
        """Find everything that is not supported."""
        for sheet in REFUSED_SHEETS:
            if self.sheets.get(sheet):
                self.fault(1, "", "sheet", sheet=sheet, name=sheet)
        if not any(True for _ in self.numbered("survey")):
            self.fault(0, "", "no_survey")
            return
        for sheet, most in (("survey", MOST_ROWS), ("choices", MOST_CHOICES)):
            if len(self.sheets.get(sheet) or ()) > most:
                self.fault(most + 2, "", "too_many_rows", sheet=sheet, most=most)
                return
        self.look_at_survey()
        self.look_at_columns("survey")
        self.look_at_columns("choices")
        self.look_at_settings()

    def look_at_survey(self) -> None:
        above: list[tuple[str, str, int]] = []
        for number, row in self.numbered("survey"):
            heading, kind = cell(row, "type", "command")
            name = cell(row, "name")[1].strip()
            kind = " ".join(kind.split())
            lowered = kind.lower()
            path = "/".join([f"/{self.root}", *(part for _, part, _ in above), name])
            if begins := BEGIN.match(lowered):
                if begins[1] == "loop":
                    self.fault(number, heading, "loop")
                elif begins[1] == "repeat" and any(what == "repeat" for what, _, _ in above):
                    self.fault(number, heading, "nested_repeat", name=name)
                above.append((begins[1], name, number))
            elif END.match(lowered):
                if above:
                    above.pop()
                continue
            elif kind:
                self.look_at_type(number, heading, kind, path)
            self.rows.setdefault(path, (number, row))
            self.look_at_choices(number, row)
        for _, name, number in above:
            self.fault(number, "type", "never_ends", name=name)

    def look_at_type(self, number: int, heading: str, kind: str, path: str) -> None:
        lowered = kind.lower()
        first = lowered.split()[0]
        if first in INSTEAD:
            self.fault(number, heading, "type", type=first, instead=INSTEAD[first])
        elif found := SELECTS.match(lowered):
            if "." in found["list"]:
                self.fault(number, heading, "external_file", file=found["list"])
            elif found["list"].startswith("${"):
                self.fault(number, heading, "choices_from_repeat")
            if found["other"]:
                self.others.add(path)
        elif first in ("audit",):
            self.fault(number, heading, "type_drop", type=first)
        elif lowered not in TYPES and lowered.replace("_", " ") not in TYPES:
            self.fault(number, heading, "unknown_type", type=kind)

    def look_at_choices(self, number: int, row: Row) -> None:
        """search() and pulldata() look into files that a chat does not have."""
        for heading, text in row.items():
            if plain(heading) == "appearance" and "search(" in str(text):
                self.fault(number, heading, "search")

    def look_at_columns(self, sheet: str) -> None:
        seen: set[str] = set()
        for number, row in self.numbered(sheet):
            for heading in row:
                name = plain(heading)
                if name in REFUSED_COLUMNS:
                    self.fault(number, heading, "column", name=heading)
                elif name not in seen and IGNORED_COLUMNS.match(name):
                    seen.add(name)
                    self.fault(number, heading, "ignored_column", sheet=sheet, grave=False, name=heading)

    def look_at_settings(self) -> None:
        for number, row in self.numbered("settings"):
            for heading in row:
                name = plain(heading)
                if name in REFUSED_SETTINGS:
                    self.fault(number, heading, "setting", sheet="settings", name=heading)
                elif name in IGNORED_SETTINGS:
                    self.fault(number, heading, "ignored_column", sheet="settings", grave=False, name=heading)

    def languages(self) -> Iterator[str]:
        """The languages that columns of labels name, also where no cell below is filled."""
        for headings in self.sheets.get("survey_header") or ():
            for heading in headings:
                found = LABEL.match(str(heading).strip())
                if found:
                    yield found[1]

    # --- leading back ---------------------------------------------------------------------------------

    def where(self, path: str, *headings: str) -> tuple[int, str]:
        """The row that made the node at `path`, and its column among `headings` as written there."""
        while path.count("/") > 1 and path not in self.rows:
            path = path.rpartition("/")[0]
        if path not in self.rows:
            return 0, headings[0] if headings else ""
        number, row = self.rows[path]
        for heading in row:
            name = plain(heading)
            if any(name == wanted or name.startswith((f"{wanted}:", f"{wanted}_(")) for wanted in headings):
                return number, heading
        return number, headings[0] if headings else ""

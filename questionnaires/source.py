"""The rows of an XLSForm as its author wrote them: find what is not supported, and where a fault is.

Rows are numbered as Excel shows them. pyxform forgets these numbers, so the names of nodes lead back here.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Final

from questionnaires.faults import Fault
from questionnaires.survey import TYPES, Row, SurveyRow, cell, choices_named, plain, survey_rows

Sheets = Mapping[str, Sequence[Row]]

INSTEAD: Final = {
    "geotrace": "geopoint",
    "geoshape": "geopoint",
    "osm": "geopoint",
    "xml-external": "select_one",
    "csv-external-instance": "select_one",
}
"""By type that a chat cannot ask, the type to use instead."""
MOST_RANKED: Final = 10
"""The most choices that a person can put in order in a chat."""
EXPLAINED: Final = frozenset({"geotrace", "geoshape"})
"""Types whose refusal says why."""
LABEL: Final = re.compile(r"label\s*::?\s*(.+)$", re.IGNORECASE)
REFUSED_COLUMNS: Final = {"trigger", "save_to", "intent"}
"""Columns that change what a form does in ways that a chat cannot."""
IGNORED_COLUMNS: Final = re.compile(
    r"(appearance|body::.*|(media::)?(image|big-image|audio|video|autoplay)(::.*|:.*)?|guidance_hint(:.*)?|disabled|instance::.*)$"
)
REFUSED_SHEETS: Final = ("entities", "osm")
"""Sheets of features that need Collect."""
REFUSED_SETTINGS: Final = ("public_key",)
"""Settings that cannot work: with a key, answers would be encrypted before they are counted."""
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
"""Settings about sending and display, which a chat does in its own way."""
MOST_ROWS: Final = 2000
MOST_CHOICES: Final = 20_000
MOST: Final = {"survey": MOST_ROWS, "choices": MOST_CHOICES}
"""The most rows of each sheet: no person writes a form with more."""


@dataclass
class SurveySource:
    """The survey's rows with the paths they make."""

    sheets: Sheets
    faults: list[Fault] = field(default_factory=list)
    rows: dict[str, tuple[int, Row]] = field(default_factory=dict)
    """Row number and row by template path."""
    names: dict[str, str] = field(default_factory=dict)
    """Each node's name as a data element, by template path."""
    others: set[str] = field(default_factory=set)
    """Paths of choice questions with "or other"."""
    stem: str = ""
    """The name of the form's file, as an id."""

    @property
    def root(self) -> str:
        """The name of the document's root element, which the settings may give."""
        for _, row in self.numbered("settings"):
            return cell(row, "name")[1].strip() or "data"
        return "data"

    def fault(
        self, row: int, column: str, code: str, *, sheet: str = "survey", grave: bool = True, **data: object
    ) -> None:
        self.faults.append(Fault(sheet, row, column, code, data, grave))

    def numbered(self, sheet: str) -> Iterator[tuple[int, Row]]:
        """Yield the rows of a sheet that are not empty, with their numbers."""
        for number, row in enumerate(self.sheets.get(sheet) or (), 2):
            if row:
                yield number, row

    @cached_property
    def survey(self) -> tuple[SurveyRow, ...]:
        """The rows of the sheet survey."""
        return tuple(survey_rows(self.numbered("survey")))

    @property
    def filled(self) -> frozenset[str]:
        """The names of the sheets that hold rows."""
        return frozenset(name for name, rows in self.sheets.items() if rows)

    def look(self) -> None:
        """Report everything that is not supported, and note where each node comes from."""
        for sheet in REFUSED_SHEETS:
            if sheet in self.filled:
                self.fault(1, "", "sheet", sheet=sheet, name=sheet)
        if next(self.numbered("survey"), None) is None:
            self.fault(0, "", "no_survey")
        elif not self.is_too_long():
            self.look_at_survey()
            self.look_at_columns("survey")
            self.look_at_columns("choices")
            self.look_at_settings()

    def is_too_long(self) -> bool:
        """Whether a sheet has too many rows. That is reported, and nothing else is checked then."""
        for sheet, most in MOST.items():
            if len(self.sheets.get(sheet) or ()) > most:
                self.fault(most + 2, "", "too_many_rows", sheet=sheet, most=most)
                return True
        return False

    def look_at_survey(self) -> None:
        """Note where each node comes from, and report types that a chat cannot ask."""
        for row in self.survey:
            if row.ends:
                continue
            for path, name in self.nodes_of(row):
                self.look_at_type(row, path)
                self.rows.setdefault(path, (row.number, row.cells))
                self.names.setdefault(path, name)
            self.look_at_appearance(row)
        for row in self.survey[-1].open_below:
            self.fault(row.number, "type", "never_ends", name=row.name)

    def turns(self, loop: SurveyRow, path: str, name: str) -> list[tuple[str, str]]:
        """Return a node's path and name once for each turn of a loop."""
        return [(f"{path}/{one}", f"{name}_{one}") for one in self.looped(loop)]

    def nodes_of(self, row: SurveyRow) -> list[tuple[str, str]]:
        """Return the template paths of the nodes that a row makes, each with its name as a data element.

        Within a loop, a row makes a node for each choice, and the names include the choice's: `dt` over the choices `ngo`
        and `lua` makes `dt_ngo` and `dt_lua`.
        """
        nodes = [(f"/{self.root}", row.name)]
        for around in row.above:
            nodes = [(f"{path}/{around.name}", name) for path, name in nodes]
            if around.begins == "loop":
                nodes = [*chain.from_iterable(self.turns(around, *node) for node in nodes)]
        return [(f"{path}/{row.name}", name) for path, name in nodes]

    def looped(self, loop: SurveyRow) -> list[str]:
        """Return the names of the choices that a loop goes over."""
        return self.choices_named(loop.loops_over)

    def choices_named(self, name: str) -> list[str]:
        """Return the names of the choices in a list."""
        return choices_named(self.sheets.get("choices") or (), name)

    def look_at_type(self, row: SurveyRow, path: str) -> None:
        """Report a loop over no choices, and a question that a chat cannot ask."""
        match row.begins:
            case "loop" if not self.looped(row):
                self.fault(row.number, row.type_heading, "loop", list=row.loops_over)
            case "" if row.type:
                self.look_at_question(row, path)

    def look_at_question(self, row: SurveyRow, path: str) -> None:
        first = row.type.split()[0]
        if first in INSTEAD:
            code = f"type_{first}" if first in EXPLAINED else "type"
            self.fault(row.number, row.type_heading, code, type=first, instead=INSTEAD[first])
        elif row.choice:
            self.look_at_list(row, path)
        elif row.ranks:
            self.look_at_rank(row, path)
        elif row.type not in TYPES:
            self.fault(row.number, row.type_heading, "unknown_type", type=row.written_type)

    def look_at_list(self, row: SurveyRow, path: str) -> None:
        """Report choices from a file or from a repeat's answers, and note where "other" is offered."""
        if "." in row.list:
            self.fault(row.number, row.type_heading, "external_file", file=row.list.lower())
        elif row.list.startswith("${"):
            self.fault(row.number, row.type_heading, "choices_from_repeat")
        if row.offers_other:
            self.others.add(path)

    def look_at_rank(self, row: SurveyRow, path: str) -> None:
        """Report a ranking of too few or too many choices, and note the questions for its places."""
        places = len(self.choices_named(row.ranks))
        if not 2 <= places <= MOST_RANKED:
            self.fault(row.number, row.type_heading, "rank", list=row.ranks, most=MOST_RANKED)
        for number in range(1, places + 1):
            self.rows.setdefault(f"{path}_{number}", (row.number, row.cells))

    def look_at_appearance(self, row: SurveyRow) -> None:
        """Report a search() that is left: `xlsform.searching` could not turn it into a list."""
        for heading, text in row.cells.items():
            if plain(heading) == "appearance" and "search(" in str(text):
                self.fault(row.number, heading, "search")

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
        """Yield the languages that headings of labels name, even if no cell below is filled."""
        for headings in self.sheets.get("survey_header") or ():
            for heading in headings:
                label = LABEL.match(str(heading).strip())
                if label:
                    yield label[1]

    # --- leading back ---------------------------------------------------------------------------------

    def where(self, path: str, *headings: str) -> tuple[int, str]:
        """Return the row that made the node at `path`, and the one of `headings` that it fills, as written there.

        For a node that no row made, such as one of pyxform's own, it is the row of the group around it; row 0 for none.
        """
        usual = headings[0] if headings else ""
        while path not in self.rows:
            if path.count("/") <= 1:
                return 0, usual
            path = path.rpartition("/")[0]
        number, row = self.rows[path]
        return number, next((heading for heading in row if is_one_of(heading, headings)), usual)


def is_one_of(heading: str, wanted: Sequence[str]) -> bool:
    """Whether a heading is one of those `wanted`, with or without a language."""
    name = plain(heading)
    in_a_language = tuple(f"{column}{mark}" for column in wanted for mark in (":", "_("))
    return name in wanted or name.startswith(in_a_language)

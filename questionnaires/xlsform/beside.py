"""Turn .csv files beside a form, as ODK Collect uses them, into lists of choices.

`select_one_from_file xa.csv` offers the rows of the file, and `pulldata('xa', 'dan_so', 'name', ${xa})` looks up a fact in
it. Before pyxform sees the form, each file becomes a list in the sheet choices. So files can do whatever lists can, and
the stored form needs no file any more.
"""

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from io import StringIO
from pathlib import Path, PurePath
from typing import Any, Final

from questionnaires.faults import Fault, FormRefused
from questionnaires.mistakes import LIST_HEADINGS
from questionnaires.source import MOST_CHOICES, Sheets
from questionnaires.survey import NAME_HEADINGS, TYPE_HEADINGS, Row, cell, changed
from questionnaires.xlsform.files import content_of, look_at_size, with_commas

Beside = Callable[[str], bytes | None]
"""Returns the content of a form's file by its name; None if there is no such file."""

FROM_FILE: Final = re.compile(
    r"(?P<kind>select[\s_]+(?:one|multiple))[\s_]+from[\s_]+file[\s_]+(?P<file>\S+)", re.IGNORECASE
)
WITHOUT_QUESTION: Final = re.compile(r"csv-external", re.IGNORECASE)
"""The type of a row that only makes a file available to calculations; the row's name is the file's."""
PULLDATA: Final = re.compile(r"\bpulldata\s*\(\s*(['\"])(?P<file>[^'\"]+)\1")
LOOKUP: Final = "pull-data"
"""The name that replaces pulldata, which pyxform would take as a reference to a file of its own."""
COLUMN: Final = re.compile(r"\b(value|label)\s*=\s*(\S+)")
CSV: Final = ".csv"


def nothing(name: str) -> None:
    """Return no file: the form comes without files beside it."""


def in_folder(form: Path) -> Beside:
    """Look for files in the form's folder, and in `<name of the form>-media` there as Collect does."""

    def content(name: str) -> bytes | None:
        folders = (form.parent, form.with_name(f"{form.stem}-media"))
        files = [folder / name for folder in folders if PurePath(name).name == name]
        try:
            return next((content_of(file) for file in files if file.is_file()), None)
        except OSError:
            return None

    return content


@dataclass(frozen=True, slots=True)
class SideTable:
    """The rows of a file. Its columns `value` and `label` hold what a choice is stored and shown as."""

    name: str
    rows: Sequence[Mapping[Any, Any]]
    value: str
    label: str

    def faults(self) -> Iterator[Fault]:
        """Yield the faults of the file, with its own row numbers."""
        if self.rows and self.value not in self.rows[0]:
            yield Fault(self.name, 1, "", "file_column", {"file": self.name, "column": self.value})
            return
        if len(self.rows) > MOST_CHOICES:
            yield Fault(self.name, MOST_CHOICES + 2, "", "too_many_rows", {"most": MOST_CHOICES})
        for number, key in self.twice():
            data = {"list": self.name, "value": key}
            yield Fault(self.name, number, self.value, "duplicate_choice", data)

    def twice(self) -> Iterator[tuple[int, str]]:
        """Yield the number and value of each row whose value is empty or repeats an earlier one."""
        seen = {""}
        for number, facts in self.filled():
            key = facts.get(self.value, "")
            if key in seen:
                yield number, key
            seen.add(key)

    def filled(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Yield the number of each row that is not blank, with its filled cells by heading."""
        for number, row in enumerate(self.rows, 2):
            facts = facts_of(row)
            if facts:
                yield number, facts

    def choices(self, called: str) -> Iterator[Row]:
        """Yield its rows as choices of the list `called`. A choice without a label is shown by its value."""
        for _, facts in self.filled():
            key = facts.get(self.value, "")
            yield {"list_name": called, **facts, "name": key, "label": facts.get(self.label, key)}

    def numbered(self) -> "SideTable":
        """Return the table with row numbers as values, for a file whose rows nobody chooses from."""
        rows = [{**row, self.value: str(number)} for number, row in enumerate(self.rows, 2)]
        return replace(self, rows=rows)


@dataclass
class Files:
    """The files that one form names, each turned into a list once."""

    beside: Beside
    lists: dict[str, list[Row]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    numbered: set[str] = field(default_factory=set)
    """The lists whose rows have no values of their own, so only calculations can use them."""

    def take(self, name: str, where: tuple[int, str], columns: Mapping[str, str]) -> str:
        """Return the name of the list with the rows of file `name`, for a question to offer.

        `where` is the row and heading that names the file. `columns` may say which columns hold the value and the label.
        """
        called = "_".join((PurePath(name).stem, *columns.values()))
        if called not in self.lists:
            table = self.table(name, where, columns.get("value", "name"), columns.get("label", "label"))
            self.add(called, table)
        elif called in self.numbered:
            self.faults.append(Fault(name, 1, "", "file_column", {"file": name, "column": "name"}))
        return called

    def look_into(self, name: str, where: tuple[int, str]) -> None:
        """Turn the file `name` into a list for calculations, which need no column of values."""
        called = PurePath(name).stem
        if called in self.lists:
            return
        table = self.table(name, where, "name", "label")
        if table.rows and table.value not in table.rows[0]:
            self.numbered.add(called)
            table = table.numbered()
        self.add(called, table)

    def table(self, name: str, where: tuple[int, str], value: str, label: str) -> SideTable:
        """Read a file as a table; without rows if it cannot be read."""
        return SideTable(name, self.rows(name, where), value, label)

    def add(self, called: str, table: SideTable) -> None:
        """Add a table as the list `called`; an empty list if the table has faults."""
        faults = list(table.faults())
        self.faults += faults
        self.lists[called] = [] if faults else list(table.choices(called))

    def rows(self, name: str, where: tuple[int, str]) -> list[dict[Any, Any]]:
        """Return the rows of a file; [] with a fault if it is missing, of another kind, or cannot be read."""
        data = self.beside(name) if PurePath(name).suffix.lower() == CSV else b""
        if not data:
            code = "file_kind" if data == b"" else "external_file"
            self.faults.append(Fault("survey", *where, code, {"file": name}))
            return []
        try:
            look_at_size(data)
            return list(csv.DictReader(StringIO(with_commas(data).decode())))
        except FormRefused as refused:
            self.faults += [Fault(name, 0, "", fault.code, fault.data) for fault in refused.faults]
        except csv.Error as error:  # an unclosed quotation mark makes one endless cell
            self.faults.append(Fault(name, 0, "", "unreadable", {"why": str(error)}))
        return []


def with_files(sheets: Sheets, beside: Beside) -> tuple[Sheets, list[Fault]]:
    """Return the sheets with the contents of files added to their choices, and the faults of these files."""
    files = Files(beside)
    survey = [from_files(number, row, files) for number, row in enumerate(sheets.get("survey") or (), 2)]
    if not files.lists:
        return sheets, []
    choices = list(sheets.get("choices") or ())
    for row in choices:
        if (name := cell(row, *LIST_HEADINGS)[1]) in files.lists:
            files.faults.append(Fault("choices", 0, "list_name", "file_and_list", {"list": name}))
            break
    choices += [row for rows in files.lists.values() for row in rows]
    heads = dict.fromkeys((heading for row in choices for heading in row), "")
    return {**sheets, "survey": survey, "choices": choices, "choices_header": [heads]}, files.faults


def from_files(number: int, row: Row, files: Files) -> Row:
    """Return a row of the survey with the names of files replaced by those of lists."""
    heading, written = cell(row, *TYPE_HEADINGS)
    parameters_heading, parameters = cell(row, "parameters")
    if named := FROM_FILE.fullmatch(" ".join(written.split())):
        columns = {part[1]: part[2] for part in COLUMN.finditer(parameters)}
        called = files.take(named["file"], (number, heading), columns)
        row = changed(row, heading, f"{named['kind']} {called}")
        row = changed(row, parameters_heading, COLUMN.sub("", parameters).strip())
    elif WITHOUT_QUESTION.fullmatch(written.strip()):
        files.look_into(f"{cell(row, *NAME_HEADINGS)[1].strip()}{CSV}", (number, heading))
        return {}
    return {name: looked_up(str(text), (number, name), files) for name, text in row.items()}


def looked_up(text: str, where: tuple[int, str], files: Files) -> str:
    """Return the text of a cell whose pulldata() reads lists instead of files."""
    for call in PULLDATA.finditer(text):
        files.look_into(f"{PurePath(call['file']).stem}{CSV}", where)
    return PULLDATA.sub(lambda call: f"{LOOKUP}({call[1]}{PurePath(call['file']).stem}{call[1]}", text)


def facts_of(row: Mapping[Any, Any]) -> dict[str, str]:
    """Return the filled cells of a file's row by heading, without cells under no heading."""
    headings = (heading for heading in row if heading and heading not in LIST_HEADINGS)
    cells = {str(heading): str(row[heading] or "").strip() for heading in headings}
    return {heading: text for heading, text in cells.items() if text}

"""Reports as a workbook, written row by row so that memory does not grow: a report in each row, typed numbers,
headings in words, one sheet for each questionnaire and level, and in front what the workbook holds.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol

from openpyxl import Workbook

from reports.cells import FORMULA, LONGEST_TITLE, NOT_IN_CELLS, NOT_IN_TITLES
from reports.spreadsheet import text_cell

ROWS: Final = 1_000_000
"""A sheet of a workbook holds few more."""
ROW: Final = re.compile(r"\[\d+\]")
NUMBER: Final = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,9})?")
FACTS: Final = ("place_id", "place", "code", "period", "receipt", "revision", "sent_at", "late", "state")


class ReportRow(Protocol):
    """One report whole, the values by path."""

    @property
    def form(self) -> str: ...
    @property
    def level(self) -> str: ...
    @property
    def sent_at(self) -> datetime: ...
    @property
    def late(self) -> bool: ...
    @property
    def state(self) -> str: ...
    @property
    def answers(self) -> Mapping[str, Any]: ...


class ReportBook:
    """Add reports, then save. `titles` and `columns` (headings by path) are those of each questionnaire by name."""

    def __init__(
        self, titles: Mapping[str, str], columns: Mapping[str, Mapping[str, str]], say: Callable[..., str]
    ) -> None:
        self.book = Workbook(write_only=True)
        self.front = self.book.create_sheet(say("export.front"))
        self.say = say
        self.count = 0
        self.titles, self.columns = titles, columns
        self.sheets: dict[tuple[str, str], tuple[Any, int]] = {}

    def add(self, report: ReportRow) -> None:
        """Write one report as a row."""
        key = (report.form, report.level)
        sheet, rows = self.sheets.get(key, (None, 0))
        if rows % ROWS == 0:
            sheet = self.sheet(report, rows // ROWS)
        self.sheets[key] = (sheet, rows + 1)
        self.count += 1
        # Only a repeated question has rows in its path; most reports have none, and are written as they are.
        answers = joined(report.answers) if any("[" in path for path in report.answers) else report.answers
        facts = [words(sheet, getattr(report, name)) for name in FACTS[:-3]]
        sent = report.sent_at.replace(tzinfo=None).isoformat(" ", "minutes")
        late = self.say("export.late") if report.late else None
        state = self.say(f"approval.{report.state}")
        values = [cell(sheet, answers.get(path)) for path in self.columns[report.form]]
        sheet.append([*facts, sent, late, state, *values])

    def sheet(self, report: ReportRow, number: int) -> Any:
        """A new sheet with its headings."""
        level = self.say(f"progress.level.{report.level}")
        title = f"{level} - {self.titles[report.form]}" + (f" ({number + 1})" if number else "")
        sheet = self.book.create_sheet(NOT_IN_TITLES.sub(" ", title)[:LONGEST_TITLE].strip())
        sheet.freeze_panes = "C2"
        heads = [self.say(f"export.column.{name}") for name in FACTS]
        heads += self.columns[report.form].values()
        sheet.append([text_cell(sheet, head, bold=True) for head in heads])
        return sheet

    def save(self, out: Path | BinaryIO, now: datetime) -> None:
        """Write the front sheet and the file."""
        front = self.front
        front.append([text_cell(front, self.say("export.front_title"), bold=True)])
        front.append([self.say("export.made"), now.strftime("%d/%m/%Y %H:%M")])
        front.append([self.say("export.reports"), self.count])
        front.append([self.say("export.explained")])
        front.append([self.say("approval.legend")])
        front.append([])
        for (form, level), (_, rows) in sorted(self.sheets.items()):
            name = f"{self.say(f'progress.level.{level}')} - {self.titles[form]}"
            front.append([text_cell(front, name), rows])
        self.book.save(out)


def joined(answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers by template path; those of a repeated question together, one after the other."""
    together: dict[str, Any] = {}
    for path, value in answers.items():
        plain = ROW.sub("", path)
        together[plain] = f"{together[plain]}; {value}" if plain in together else value
    return together


def cell(sheet: Any, value: Any) -> Any:
    """An answer: a number as one (not "007"), other words as text."""
    if isinstance(value, str) and NUMBER.fullmatch(value):
        return float(value) if "." in value else int(value)
    return words(sheet, value)


def words(sheet: Any, value: Any) -> Any:
    """Words as text, never as a formula, without signs that no cell may hold; None for none; else the value as it is."""
    if not isinstance(value, str):
        return value
    if not value:
        return None
    return text_cell(sheet, value) if value.startswith(FORMULA) else NOT_IN_CELLS.sub("", value)

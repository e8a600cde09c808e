"""Reports as a workbook, written row by row so that memory does not grow.

Each report is a row with typed numbers, under headings in words. There is one sheet for each questionnaire and level,
and a front sheet that says what the workbook holds. What a questionnaire repeats also has a sheet of its own, with a
row for each row. In the report's own row these answers are together in one cell, one after another, with a gap for
what was not answered.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol

from openpyxl import Workbook

from reports.cells import FORMULA, NOT_IN_CELLS
from reports.spreadsheet import sheet_title, text_cell

ROWS: Final = 1_000_000
"""A sheet holds few more rows than this."""
ROW: Final = re.compile(r"\[(\d+)\]")
NUMBER: Final = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,9})?")
FACTS: Final = ("place_id", "place", "code", "period", "receipt", "revision", "sent_at", "late", "state")
ROW_FACTS: Final = ("place_id", "place", "period", "receipt")
"""What comes before a row of a repeat."""


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


@dataclass(slots=True)
class AnswersInWords:
    """What a questionnaire's stored answers are in words."""

    choices: dict[str, dict[str, str]] = field(default_factory=dict)
    """By path, the label of each choice."""
    codes: set[str] = field(default_factory=set)
    """The paths of numbers that count nothing: in a cell of numbers long ones are not legible."""

    def of(self, path: str, value: Any) -> Any:
        """Return an answer as a person reads it; what no list has stays."""
        labels = self.choices.get(ROW.sub("", path))
        if labels is None or not isinstance(value, str):
            return value
        return ", ".join(labels.get(one, one) for one in value.split())


class ReportBook:
    """Add reports, then save.

    `titles`, `columns` (headings by path), `repeats` (labels by path) and `in_words` are those of each questionnaire by
    name.
    """

    def __init__(
        self,
        titles: Mapping[str, str],
        columns: Mapping[str, Mapping[str, str]],
        say: Callable[..., str],
        repeats: Mapping[str, Mapping[str, str]] | None = None,
        in_words: Mapping[str, AnswersInWords] | None = None,
    ) -> None:
        self.book = Workbook(write_only=True)
        self.front = self.book.create_sheet(say("export.front"))
        self.say = say
        self.count = 0
        self.titles, self.columns, self.repeats = titles, columns, repeats or {}
        self.in_words = in_words or {}
        self.lists: dict[tuple[str, str], tuple[Any, int]] = {}
        self.sheets: dict[tuple[str, str], tuple[Any, int]] = {}

    def add(self, report: ReportRow) -> None:
        """Write one report as a row."""
        key = (report.form, report.level)
        sheet, rows = self.sheets.get(key, (None, 0))
        if rows % ROWS == 0:
            sheet = self.report_sheet(report)
        self.sheets[key] = (sheet, rows + 1)
        self.count += 1
        # Only a repeated question has rows in its path; most reports have none, and are written as they are.
        told = self.told(report)
        answers = joined(told) if any("[" in path for path in told) else told
        facts = [words(sheet, getattr(report, name)) for name in FACTS[:-3]]
        sent = report.sent_at.replace(tzinfo=None).isoformat(" ", "minutes")
        late = self.say("export.late") if report.late else None
        state = self.say(f"approval.{report.state}")
        values = [self.cell(sheet, report.form, path, answers) for path in self.columns[report.form]]
        sheet.append([*facts, sent, late, state, *values])
        for repeat, label in self.repeats.get(report.form, {}).items():
            self.add_rows(report, told, repeat, label)

    def told(self, report: ReportRow) -> Mapping[str, Any]:
        """The answers of a report as a person reads them."""
        known = self.in_words.get(report.form)
        if known is None or not known.choices:
            return report.answers
        return {path: known.of(path, value) for path, value in report.answers.items()}

    def cell(self, sheet: Any, form: str, path: str, answers: Mapping[str, Any]) -> Any:
        """The cell of an answer: a number as one, unless it is a code."""
        value, known = answers.get(path), self.in_words.get(form)
        return words(sheet, value) if known and path in known.codes else cell(sheet, value)

    def add_rows(self, report: ReportRow, all_told: Mapping[str, Any], repeat: str, label: str) -> None:
        """Write what a report says in each row of a repeat; rows of an inner repeat have numbers such as 2.1."""
        told = in_rows(all_told, repeat)
        columns = [
            path for path in self.columns[report.form] if lies_next(path, repeat, self.repeats[report.form])
        ]
        for numbers, answers in sorted(told.items()):
            sheet, count = self.lists.get((report.form, repeat), (None, 0))
            if count % ROWS == 0:
                sheet = self.rows_sheet(report.form, label, columns)
            self.lists[report.form, repeat] = (sheet, count + 1)
            facts = [words(sheet, getattr(report, name)) for name in ROW_FACTS]
            # As a number 1.10 would be 1.1.
            number = ".".join(map(str, numbers)) if len(numbers) > 1 else numbers[0]
            sheet.append(
                [*facts, number, *(self.cell(sheet, report.form, path, answers) for path in columns)]
            )

    def rows_sheet(self, form: str, label: str, columns: Sequence[str]) -> Any:
        """A new sheet for the rows of a repeat with its headings."""
        headings = [self.columns[form][path] for path in columns]
        return self.sheet(f"{label} - {self.titles[form]}", (*ROW_FACTS, "row"), headings)

    def report_sheet(self, report: ReportRow) -> Any:
        """A new sheet for the reports of a questionnaire and level with its headings."""
        level = self.say(f"progress.level.{report.level}")
        return self.sheet(f"{level} - {self.titles[report.form]}", FACTS, self.columns[report.form].values())

    def sheet(self, title: str, facts: Iterable[str], headings: Iterable[str]) -> Any:
        """A new sheet with these headings."""
        sheet = self.book.create_sheet(sheet_title(self.book, title))
        sheet.freeze_panes = "C2"
        heads = [*(self.say(f"export.column.{name}") for name in facts), *headings]
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
    """Return the answers by template path; those to a repeated question together, row by row, with a gap for a missing
    one."""
    rows: dict[str, set[tuple[int, ...]]] = {}
    told: dict[str, dict[tuple[int, ...], Any]] = {}
    for path, value in answers.items():
        numbers = numbers_of(path)
        rows.setdefault(repeat_around(path), set()).add(numbers)
        told.setdefault(ROW.sub("", path), {})[numbers] = value
    order = {repeat: sorted(known) for repeat, known in rows.items()}
    homes = {ROW.sub("", path): repeat_around(path) for path in answers}
    return {path: together(order[homes[path]], values) for path, values in told.items()}


def together(rows: Sequence[tuple[int, ...]], values: Mapping[tuple[int, ...], Any]) -> Any:
    """Return what goes into one cell: the value itself if there is one row."""
    if len(rows) == 1:
        return values.get(rows[0])
    return "; ".join(str(values.get(row, "")) for row in rows)


def in_rows(answers: Mapping[str, Any], repeat: str) -> dict[tuple[int, ...], dict[str, Any]]:
    """Return the answers directly in the rows of one repeat, by the numbers of the row and the template path."""
    rows: dict[tuple[int, ...], dict[str, Any]] = {}
    for path, value in answers.items():
        if repeat_around(path) == repeat:
            rows.setdefault(numbers_of(path), {})[ROW.sub("", path)] = value
    return rows


def lies_next(path: str, repeat: str, repeats: Iterable[str]) -> bool:
    """Whether the question at a template path is directly in a repeat, and in no inner one."""
    around = (one for one in repeats if path.startswith(f"{one}/"))
    return max(around, key=len, default="") == repeat


def repeat_around(path: str) -> str:
    """Return the template path of the innermost repeat around an answer; "" if there is none."""
    return ROW.sub("", path[: path.rfind("[")]) if "[" in path else ""


def numbers_of(path: str) -> tuple[int, ...]:
    """Return the numbers of the rows that an answer is in, the outermost first."""
    return tuple(map(int, ROW.findall(path)))


def cell(sheet: Any, value: Any) -> Any:
    """Return an answer's cell: a number as a number (not "007"), other words as text."""
    if isinstance(value, str) and NUMBER.fullmatch(value):
        return float(value) if "." in value else int(value)
    return words(sheet, value)


def words(sheet: Any, value: Any) -> Any:
    """Return words as text, never as a formula, without signs that no cell may hold; None stays None, other values as
    they are."""
    if not isinstance(value, str):
        return value
    if not value:
        return None
    return text_cell(sheet, value) if value.startswith(FORMULA) else NOT_IN_CELLS.sub("", value)

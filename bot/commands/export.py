"""`thonbao export`: reports as a file for other systems, streamed, so that a province's year needs little memory."""

import asyncio
import csv
import json
import sys
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final, TextIO

import orjson
import typer

from bot.administration import ground_named, make_way, opened, today
from bot.option_types import day_option
from bot.problems import WrongCall
from bot.settings import Settings, load_settings
from bot.teller import Teller
from bot.working import working
from plans.levels import LEVELS
from plans.reading import load_plans
from questionnaires.questionnaire import Questionnaire
from questionnaires.renamed import name_today
from reports.cells import FORMULA
from reports.exchange import dhis2_value, openrosa
from storage import announcements, private
from storage.exporting import (
    ANSWER_NAMES,
    REPORT_NAMES,
    ReportFilter,
    answered,
    compiled_forms,
    lateness,
    reports,
)
from storage.session import Session

DAY = day_option()


class ExportFormat(StrEnum):
    """What is written."""

    CSV = "csv"
    JSON = "json"
    XLSX = "xlsx"
    DHIS2 = "dhis2"
    OPENROSA = "openrosa"


STANDARD_OUTPUT: Final = Path("-")
EVER: Final = datetime(2020, 1, 1, tzinfo=UTC)
"""Before anything was asked."""
ENDINGS = {
    ".csv": (ExportFormat.CSV,),
    ".json": (ExportFormat.JSON, ExportFormat.DHIS2),
    ".jsonl": (ExportFormat.JSON,),
    ".xlsx": (ExportFormat.XLSX,),
    ".xml": (ExportFormat.OPENROSA,),
}
"""What a file of this name may hold: the first, or with a mapping for DHIS2 the last, where nothing is said."""
FOR_OUTPUT = (ExportFormat.CSV, ExportFormat.JSON, ExportFormat.OPENROSA, ExportFormat.DHIS2)
"""The same of standard output, which takes no workbook."""


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command("export")(export)


def export(
    out: Annotated[Path, typer.Argument(help="the file to write; - for standard output (not xlsx)")],
    kind: Annotated[
        ExportFormat | None,
        typer.Option("--format", help="what to write; without it, what the file's name says"),
    ] = None,
    place: Annotated[str, typer.Option(help="a place, with everything below it; all without it")] = "",
    form: Annotated[list[str] | None, typer.Option(help="a questionnaire; may be repeated")] = None,
    since: Annotated[datetime | None, DAY] = None,
    until: Annotated[datetime | None, DAY] = None,
    mapping: Annotated[Path | None, typer.Option(help="for dhis2: JSON with dataElement and orgUnit")] = None,
    force: Annotated[bool, typer.Option("--force", help="overwrite the file if it is there")] = False,
) -> None:
    """Reports as a file: CSV, JSON lines, Excel, DHIS2, OpenRosa."""
    settings = load_settings()
    say = Teller(settings.locale)
    chosen = format_of(out, kind, mapping, say)
    if (chosen is ExportFormat.DHIS2) is (mapping is None):
        raise WrongCall(say("export.needs_mapping"))
    if out != STANDARD_OUTPUT:
        make_way(out, say, anew=not force)
    first, last = (since.date() if since else date.min), (until.date() if until else date.max)
    with working(say("admin.working.export")):
        asyncio.run(run(settings, say, out, chosen, place, form or [], first, last, mapping))


def format_of(out: Path, asked: ExportFormat | None, mapping: Path | None, say: Teller) -> ExportFormat:
    """What to write: what was asked for, else what the file's name says. Raises WrongCall where they disagree."""
    if out == STANDARD_OUTPUT and asked is ExportFormat.XLSX:
        raise WrongCall(say("export.needs_file"))
    fitting = FOR_OUTPUT if out == STANDARD_OUTPUT else ENDINGS.get(out.suffix.lower(), ())
    # Only DHIS2 takes a mapping; it is the last format of each ending.
    chosen = asked or next(reversed(fitting) if mapping else iter(fitting), None)
    if chosen is None or chosen not in fitting:
        endings = [ending for ending, formats in ENDINGS.items() if asked in (None, *formats)]
        raise WrongCall(say("export.ending", file=str(out), endings=", ".join(endings)))
    return chosen


async def opened_later(session: Session) -> dict[int, date]:
    """The first day of each place that was opened later than the others."""
    return {id: day for level in LEVELS for id, day in (await session.places.opened_later(level)).items()}


async def run(
    settings: Settings,
    say: Teller,
    out: Path,
    kind: ExportFormat,
    place: str,
    forms: list[str],
    first: date,
    last: date,
    mapping: Path | None,
) -> None:
    """Write the file; what it holds is told on standard error."""
    known = read_mapping(mapping, say) if mapping else {}
    async with opened(settings) as engine, Session(engine) as session:
        ground = await ground_named(session, place, today(settings), say)
        requested = await announcements.deadlines(session, EVER, today(settings))
        late = lateness(load_plans(), settings.zone, requested, await opened_later(session))
        wanted = ReportFilter(ground, list(map(name_today, forms)), first, last, late, settings.zone)
        if out == STANDARD_OUTPUT:
            count, left = await write(session, kind, wanted, sys.stdout, known)
        elif kind is ExportFormat.XLSX:
            with private.whole(out) as part:
                count, left = await write_workbook(session, wanted, part, say, settings.locale)
        else:
            with private.whole(out) as part, part.open("w", encoding="utf-8", newline="") as file:
                count, left = await write(session, kind, wanted, file, known)
    # Not on standard output, which may be the file.
    sys.stderr.write(say("export.written", n=count) + "\n")
    if left:
        sys.stderr.write(say("export.left_out", n=left) + "\n")


def read_mapping(path: Path, say: Teller) -> dict[str, Any]:
    """The mapping for DHIS2. Raises WrongCall for a file that is none."""
    try:
        match json.loads(path.read_text(encoding="utf-8")):
            case {"dataElement": dict(), "orgUnit": dict()} as mapping:
                return dict(mapping)
    except (OSError, ValueError):
        pass  # reported below: for the author of the file it is the same fault
    raise WrongCall(say("export.bad_mapping", file=str(path)))


async def write(
    session: Session, kind: ExportFormat, wanted: ReportFilter, file: TextIO, mapping: dict[str, Any]
) -> tuple[int, int]:
    """Write one of the text formats; how much was written and left out."""
    if kind is ExportFormat.OPENROSA:
        return await write_openrosa(session, wanted, file), 0
    if kind is ExportFormat.DHIS2:
        return await write_dhis2(session, wanted, file, mapping)
    return await write_values(session, kind, wanted, file), 0


async def write_values(session: Session, kind: ExportFormat, wanted: ReportFilter, file: TextIO) -> int:
    """Every answer as a line of CSV or JSON."""
    names = [*REPORT_NAMES, *ANSWER_NAMES]
    writer = csv.writer(file)
    if kind is ExportFormat.CSV:
        writer.writerow(names)
    count = 0
    async for report, answers in answered(session, wanted):
        rows = ((*report, *answer) for answer in answers)
        if kind is ExportFormat.CSV:
            writer.writerows(map(harmless, row) for row in rows)
        else:
            file.writelines(orjson.dumps(dict(zip(names, row, strict=True))).decode() + "\n" for row in rows)
        count += len(answers)
    return count


def harmless(cell: Any) -> Any:
    """A cell that no spreadsheet takes for a formula; numbers stay numbers."""
    if not isinstance(cell, str) or not cell.startswith(FORMULA):
        return cell
    number = cell.lstrip("+-").replace(".", "", 1)
    return cell if number.isdecimal() else f"'{cell}"


async def write_dhis2(
    session: Session, wanted: ReportFilter, file: TextIO, mapping: dict[str, Any]
) -> tuple[int, int]:
    """A data value set: {"dataValues": [...]}."""
    count = left = 0
    file.write('{"dataValues": [')
    async for report, answers in answered(session, wanted):
        facts = dict(zip(REPORT_NAMES, report, strict=True))
        for answer in answers:
            said = dict(zip(ANSWER_NAMES, answer, strict=True))
            value = dhis2_value(
                mapping, facts["place_id"], facts["code"], facts["period"], said["question"], said["value"]
            )
            # A data element has one value for a unit and period: of several rows of a repeat only the last would remain.
            if value is None or "[" in said["path"]:
                left += 1
                continue
            file.write(("," if count else "") + "\n" + json.dumps(value, ensure_ascii=False))
            count += 1
    file.write("\n]}\n")
    return count, left


async def write_openrosa(session: Session, wanted: ReportFilter, file: TextIO) -> int:
    """One instance a line, in a list."""
    versions = {
        id: str(form.get("stated_version", "")) for id, form in (await compiled_forms(session)).items()
    }
    count = 0
    file.write('<?xml version="1.0" encoding="UTF-8"?>\n<submissions>\n')
    async for report in reports(session, wanted):
        version = versions.get(report.form_id, "")
        file.write(openrosa(report.form, version, report.receipt, report.sent_at, report.answers) + "\n")
        count += 1
    file.write("</submissions>\n")
    return count


def repeats_named(form: Questionnaire, lang: str) -> dict[str, str]:
    """What the repeats of a form are called, by path: by their labels, or their names where they have none."""
    labels = {repeat.path: heading(form.words(repeat.labels, lang)) for repeat in form.repeats}
    return {path: label or path.rpartition("/")[2] for path, label in labels.items()}


def choices_named(form: Questionnaire, lang: str) -> dict[str, dict[str, str]]:
    """What the choices of a form's questions are called, by the question's path and the choice's value."""
    labels = {
        name: {choice.value: heading(form.words(choice.labels, lang)) or choice.value for choice in choices}
        for name, choices in form.lists.items()
    }
    return {question.path: labels[question.list] for question in form.asked if question.list in labels}


async def write_workbook(
    session: Session, wanted: ReportFilter, out: Path, say: Teller, lang: str
) -> tuple[int, int]:
    """A report in each row: a sheet for each questionnaire and level, before them one that says what this is."""
    # openpyxl takes a quarter of a second, which no other format needs.
    from reports.workbook import AnswersInWords, ReportBook

    titles: dict[str, str] = {}
    columns: dict[str, dict[str, str]] = {}
    repeats: dict[str, dict[str, str]] = {}
    in_words: dict[str, AnswersInWords] = {}
    for compiled in (await compiled_forms(session)).values():
        form = Questionnaire.from_json(compiled)
        titles[form.name] = form.title(lang)
        headings = {question.path: heading(form.words(question.labels, lang)) for question in form.asked}
        columns.setdefault(form.name, {}).update(headings)
        repeats.setdefault(form.name, {}).update(repeats_named(form, lang))
        known = in_words.setdefault(form.name, AnswersInWords())
        for path, labels in choices_named(form, lang).items():
            known.choices.setdefault(path, {}).update(labels)
        known.codes |= {question.path for question in form.asked if question.is_code}
    book = ReportBook(titles, columns, say, repeats, in_words)
    async for report in reports(session, wanted):
        book.add(report)
    book.save(out, datetime.now(wanted.zone))
    return book.count, 0


def heading(words: tuple[object, ...]) -> str:
    """A question's words as a heading; "…" for what is filled in while it is asked."""
    return "".join(part if isinstance(part, str) else "…" for part in words)

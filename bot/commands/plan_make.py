"""`thonbao plan new | from-table`: a plan of an office's own, as a skeleton to fill or from a sheet of targets."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from bot.administration import content_of, refuse
from bot.commands.list_notes import tell_notes
from bot.plan_goals import goal_of
from bot.plan_skeleton import KnownFacts, make_folder
from bot.plan_table import TargetRow, csv_rows, measured, read_targets_table, unit_doubts, written_unit
from bot.printing import print_rows
from bot.problems import WrongCall
from bot.prompting import ask, ask_number, is_terminal
from bot.settings import Settings, load_settings
from bot.teller import Teller
from plans.indicator import Indicator
from plans.own import NAME
from plans.reading import load_plans
from questionnaires.answers.places.vocabulary import LEVEL_OF_KIND
from questionnaires.answers.text import fold
from storage.sheets import ListRow
from storage.tables import Level

ID = Annotated[str, typer.Argument(help="the plan's id: letters without marks, digits, hyphens")]
TITLE = Annotated[str, typer.Option(help="what the plan is called")]
PLACE = Annotated[str, typer.Option("--for", help='the unit it is for, such as "tỉnh Thái Nguyên"')]
LONGEST_ID: Final = 24
UNSURE: Final = frozenset(("figure_which", "figure_none", "value", "change", "unit", "points", "share"))
"""Doubts over which no number may be taken without somebody having said so."""


def register(group: typer.Typer) -> None:
    """Add the commands to the group `plan`."""
    group.command("new")(new)
    group.command("from-table")(from_table)


def new(name: ID, title: TITLE = "", place: PLACE = "") -> None:
    """Tạo khung một kế hoạch riêng, có chú thích / make the commented skeleton of a plan of your own."""
    settings = load_settings()
    say = Teller(settings.locale)
    folder = free_folder(name, settings, say)
    facts = replace(unit_of(place, say), title=title)
    tell_written(write(folder, facts, [], say), folder, say)


def free_folder(name: str, settings: Settings, say: Teller) -> Path:
    """Where a new plan goes. Raises WrongCall for a name that cannot be, or that is taken."""
    if not NAME.fullmatch(name):
        raise WrongCall(say("plan.fault.name", about=name, write=""))
    folder = settings.plans_dir / "programmes" / name
    if folder.exists() or name in load_plans().programmes:
        raise WrongCall(say("plan.fault.taken", about=name))
    return folder


def unit_of(words: str, say: Teller) -> KnownFacts:
    """The unit that words name: "tỉnh Thái Nguyên", "xã Vĩnh Thông, Thái Nguyên". Raises WrongCall."""
    if not words:
        return KnownFacts()
    own, _, above = (part.strip() for part in words.partition(","))
    if fold(own) == "viet nam":
        return KnownFacts(level="nuoc", place="Việt Nam")
    for length in (2, 1):
        kind, name = " ".join(own.split()[:length]), " ".join(own.split()[length:])
        level = LEVEL_OF_KIND.get(fold(kind))
        if fold(kind) == "thanh pho" and not above:
            level = Level.PROVINCE  # a province's units were districts, and are named together with it
        if level and name:
            return KnownFacts(level=str(level), place=name, province=above)
    raise WrongCall(say("plan.new.which_unit", words=words))


def write(folder: Path, facts: KnownFacts, rows: Sequence[dict[str, str]], say: Teller) -> list[Path]:
    """Write the files of a plan. Raises WrongCall where that may not be done."""
    try:
        return make_folder(folder, facts, rows, say)
    except OSError as error:
        why = say("admin.file.why.rights", folder=str(folder.parent))
        raise WrongCall(say("admin.file.unwritable", file=str(folder), why=why)) from error


def tell_written(files: Sequence[Path], folder: Path, say: Teller) -> None:
    """Print what was written, and what is to be done next."""
    for file in files:
        print(say("forms.page.written", file=str(file)))
    print(say("plan.new.next", file=str(folder / "programme.toml")))


def from_table(
    file: Annotated[
        Path,
        typer.Argument(help='.xlsx, .docx or .csv with the columns "Chỉ tiêu", "Giá trị", "Đơn vị", "Năm" …'),
    ],
    name: Annotated[str, typer.Option("--id", help="the plan's id; default: from the file's name")] = "",
    title: TITLE = "",
    place: PLACE = "",
    yes: Annotated[
        bool, typer.Option("--yes", help="take what is likely; what is not becomes words without a number")
    ] = False,
    preview: Annotated[
        bool, typer.Option("--preview", help="show how each row is read, but write nothing")
    ] = False,
) -> None:
    """Lập kế hoạch riêng từ một bảng chỉ tiêu / make a plan from a sheet of targets."""
    settings = load_settings()
    say = Teller(settings.locale)
    table = read_targets_table(content_of(file, say), file.name, load_plans())
    refuse(table.faults, say)
    if preview:
        tell_rows(table.rows, say, table.rows)
        tell_notes(table, say)
        print(say("admin.event.dry"))
        return
    folder = free_folder(name or id_from(file), settings, say)
    first_day, last_day = years_of(table.rows, settings)
    facts = replace(unit_of(place, say), title=title or file.stem, first_day=first_day, last_day=last_day)
    rows = [*map(sure, table.rows)] if yes else decided(table.rows, say)
    ground = facts.place or say("plan.table.everywhere")
    written = write(folder, facts, csv_rows(rows, ground, last_day.year), say)
    tell_rows(rows, say, [row for row in table.rows if yes or is_taken(row)])
    tell_notes(table, say)
    tell_written(written, folder, say)


def id_from(file: Path) -> str:
    """An id from a file's name: "Kế hoạch 2026.xlsx" is ke-hoach-2026."""
    return re.sub(r"[^a-z0-9]+", "-", fold(file.stem)).strip("-")[:LONGEST_ID].strip("-") or "ke-hoach"


def years_of(rows: Sequence[TargetRow], settings: Settings) -> tuple[date | None, date]:
    """Return the first and the last day of a plan whose rows name these years; None if the first is not certain.

    "2030" may be the goal of one year or of five: the first day is certain only if each year in between has its own.
    """
    years = {row.year for row in rows if row.year} or {datetime.now(settings.zone).year}
    is_yearly = len(years) > 1 and len(years) == max(years) - min(years) + 1
    return date(min(years), 1, 1) if is_yearly else None, date(max(years), 12, 31)


def sure(row: TargetRow) -> TargetRow:
    """A row that is taken unasked: measured only where one figure is meant, and the number can be one of it."""
    return row if is_sure(row) else row.meaning(None)


def is_sure(row: TargetRow) -> bool:
    """Whether one figure is meant, and the number can be one of it."""
    return len(row.likely) == 1 and not UNSURE.intersection(row.doubts)


def decided(rows: Sequence[TargetRow], say: Teller) -> list[TargetRow]:
    """The rows as whoever sits at the terminal decides about the doubtful ones. Raises WrongCall where nobody does."""
    doubtful = [row for row in rows if not is_taken(row)]
    if doubtful and not is_terminal():
        raise WrongCall(say("plan.table.nobody", n=len(doubtful)))
    return list(each_decided(rows, say))


def is_taken(row: TargetRow) -> bool:
    """Whether a row is taken unasked: nothing in it is doubtful, or only what is marked as inferred."""
    return not row.doubts or is_sure(row)


def each_decided(rows: Sequence[TargetRow], say: Teller) -> Iterator[TargetRow]:
    """Yield the rows as somebody decides about them. What a line means is asked once, however many years it has."""
    line: ListRow | None = None
    meant: Indicator | None = None
    for row in rows:
        if is_taken(row):
            yield row
        elif line is not None and (row.line.sheet, row.line.row) == (line.sheet, line.row):
            yield numbered(row.meaning(meant), say)
        else:
            decided = decide(row, say)
            line, meant = row.line, decided.indicator
            yield decided


def numbered(row: TargetRow, say: Teller) -> TargetRow:
    """Ask for the number of a row that is of another unit than its figure."""
    if row.indicator is None or row.goal is None or row.measure is not None:
        return row
    print(say("plan.table.row", row=str(row.line.row), words=row.words))
    return with_number(row, say)


def decide(row: TargetRow, say: Teller) -> TargetRow:
    """Ask what one doubtful row means."""
    print(say("plan.table.row", row=str(row.line.row), words=row.words))
    for doubt in row.doubts:
        print(f"  - {doubt_text(row, doubt, say)}")
    if not row.likely or row.goal is None:
        return row.meaning(None)
    for number, indicator in enumerate(row.likely, 1):
        doubts = "".join(f" · {doubt_text(row, doubt, say, indicator)}" for doubt in fitting(row, indicator))
        print(
            f"  {number}) {indicator.name(say.wording.locale)} ({indicator.unit_name()}) · {indicator.id}{doubts}"
        )
    print(f"  0) {say('plan.table.words')}")
    chosen = ask_number(say("plan.table.which"), len(row.likely), say, 0 if is_odd(row) else 1)
    meant = row.meaning(row.likely[chosen - 1] if chosen else None)
    return with_number(meant, say) if meant.indicator and meant.measure is None else meant


def with_number(row: TargetRow, say: Teller) -> TargetRow:
    """Ask for the number in the unit of the figure that a row means; without one it becomes words alone."""
    unit = row.indicator.unit_name() if row.indicator else ""
    while True:
        typed = ask(say("plan.table.number", unit=unit), say)
        goal = goal_of(typed, unit=unit)
        if goal is not None and goal.percent == (unit == "%"):
            return replace(row, given=goal)
        if not typed:
            return row.meaning(None)
        print(say("plan.table.number_unread", unit=unit))


def is_odd(row: TargetRow) -> bool:
    """Whether the likeliest figure is not to be taken at Enter: in another unit, or to be counted up to nothing."""
    is_none = row.goal is not None and row.goal.value == 0
    return is_none or bool(fitting(row, row.likely[0]))


def fitting(row: TargetRow, indicator: Indicator) -> list[str]:
    """Why a row's number cannot be one of a figure: then nobody takes it without having said so."""
    return unit_doubts(row.line, indicator, row.goal)


def doubt_text(row: TargetRow, doubt: str, say: Teller, indicator: Indicator | None = None) -> str:
    """What is doubtful in a row, which may mean `indicator`; by default the likeliest."""
    meant = indicator or row.indicator
    return say(
        f"plan.table.doubt.{doubt}",
        unit=meant.unit_name() if meant else "",
        written=written_in(row, meant),
        value=row.line.texts.get("value", ""),
    )


def written_in(row: TargetRow, indicator: Indicator | None) -> str:
    """The unit that a row's number is written in."""
    if row.goal is not None and row.goal.percent:
        return "%"
    return written_unit(row.line, indicator, row.goal) if indicator else row.line.texts.get("unit", "")


def tell_rows(rows: Sequence[TargetRow], say: Teller, doubtful: Sequence[TargetRow]) -> None:
    """Print how each row is read, and what is doubtful in those that nobody has decided about."""
    print_rows([(str(row.line.row), row.words, read_as(row, say)) for row in rows])
    notes = (
        say("plan.table.note", row=str(row.line.row), note=doubt_text(row, doubt, say))
        for row in doubtful
        for doubt in row.doubts
    )
    for note in dict.fromkeys(notes):
        print(note)


def read_as(row: TargetRow, say: Teller) -> str:
    """What a row becomes."""
    if row.measure is None:
        return say("plan.table.words")
    facts = measured(*row.measure)
    names = " | ".join(one.id for one in row.likely)
    numbers = "-".join(filter(None, (facts["value"], facts["value_high"])))
    return " ".join(filter(None, (names, facts["comparator"], numbers, facts["unit"])))

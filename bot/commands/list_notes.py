"""What the commands that load lists have in common: how to load one, and what is said of it beside what it changed.

That is what of it was not used, and what may be wrong all the same. The rows with faults can be written into a file of
their own, to be mended there and loaded again.
"""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Protocol

import typer

from bot.administration import fault_sentences, faults_json, make_way, refuse, told_together
from bot.problems import WrongCall
from bot.teller import Teller
from storage import private
from storage.columns import Column
from storage.sheets import ListFault, ListRow

PREVIEW = Annotated[
    bool, typer.Option("--preview", "--dry-run", help="show what would change, but write nothing")
]
CONVERT = Annotated[
    bool,
    typer.Option("--convert", help="convert what was typed in an old font (.VnTime, VNI)"),
]
PARTIAL = Annotated[bool, typer.Option("--partial", help="load the rows that are right, leave the others")]
REST = Annotated[
    Path | None,
    typer.Option(
        help="as --partial, and write the other rows into this .xlsx, to be mended and loaded again"
    ),
]


@dataclass(frozen=True, slots=True)
class HowToLoad:
    """How a list is to be loaded."""

    partial: bool = False
    rest: Path | None = None
    """Where to write the rows that are not right; the others are then loaded, as with `partial`."""
    dry: bool = False
    convert: bool = False

    @property
    def takes_part(self) -> bool:
        """Whether the rows that are right are loaded beside others that are not."""
        return self.partial or self.rest is not None

    @property
    def ways(self) -> dict[str, bool]:
        """The same for whoever loads the list."""
        return {"partial": self.takes_part, "dry": self.dry, "convert": self.convert}


class ReadList(Protocol):
    """A list that was read."""

    @property
    def unused(self) -> Sequence[str]: ...
    @property
    def left_out(self) -> Sequence[str]: ...
    @property
    def warnings(self) -> Sequence[ListFault]: ...


def tell_notes(read: ReadList, say: Teller) -> None:
    """Print which columns and sheets of a list were not used, and what somebody should look at."""
    if read.warnings:
        print(say("admin.import.warnings", n=len(read.warnings)))
        print_indented(told_together(read.warnings, say))
    if read.left_out:
        print(say("admin.import.left_out", sheets=", ".join(read.left_out)))
    print_lines(told_unused(read, say))


def told_unused(read: ReadList, say: Teller) -> Iterator[str]:
    """Yield which columns of a list were not used, if there are such."""
    if read.unused:
        yield say("admin.import.unused", headings=", ".join(read.unused))


def print_lines(lines: Iterable[str]) -> None:
    """Print each line."""
    for line in lines:
        print(line)


def print_indented(lines: Iterable[str]) -> None:
    """Print each line, indented."""
    for line in lines:
        print(f"  {line}")


def make_way_for_rest(rest: Path | None, say: Teller) -> None:
    """Check that the file for the rows with faults can be written, before anything is loaded. Raises WrongCall."""
    if rest is None:
        return
    if rest.suffix.lower() != ".xlsx":
        raise WrongCall(say("admin.import.rest_ending", file=rest.name))
    make_way(rest, say, anew=True)


class PartlyRead(Protocol):
    """A list of which only a part may have been loaded."""

    @property
    def faults(self) -> Sequence[ListFault]: ...
    @property
    def left(self) -> Sequence[ListRow]: ...


class LoadedList(ReadList, PartlyRead, Protocol):
    """A list that was read and loaded, as far as that was wanted."""

    @property
    def added(self) -> int: ...
    @property
    def known(self) -> int: ...


def import_json(read: LoadedList, say: Teller) -> dict[str, Any]:
    """What was read of a list, for scripts."""
    return {
        "added": read.added,
        "known": read.known,
        "unused": list(read.unused),
        "left_out": list(read.left_out),
        "faults": faults_json(read.faults, say),
        "warnings": faults_json(read.warnings, say),
    }


def refuse_or_write_rest(
    read: LoadedList, how: HowToLoad, columns: Sequence[Column], say: Teller, *, right: bool
) -> None:
    """Raise a Problem for a list with faults unless a part was wanted and some of it is `right`; write the rest."""
    if not how.dry:
        write_rest(how.rest, read, columns, say)
    if not (how.takes_part and right):
        refuse(read.faults, say, [*told_rest(read, how.rest, say), *told_unused(read, say)])


def tell_partial(read: PartlyRead, rest: Path | None, say: Teller, *, dry: bool) -> None:
    """Print what of a list was left out, and where its rows are, if they were written."""
    if not read.faults:
        return
    print(say("admin.import.partial_dry" if dry else "admin.import.partial", n=len(read.faults)))
    print_indented(told_together(read.faults, say))
    print_lines(told_rest(read, rest, say))


def told_rest(read: PartlyRead, rest: Path | None, say: Teller) -> Iterator[str]:
    """Yield where the rows with faults are, if they were written."""
    if rest is not None and rest.exists():
        yield say("admin.import.rest", file=str(rest), n=len(read.left))


def columns_used(lines: Sequence[ListRow], columns: Sequence[Column]) -> list[Column]:
    """Return the columns that some lines have, or have something for from a title or a section."""
    keys = {key for line in lines for key in (*line.headings, *line.texts, *line.titles)}
    return [column for column in columns if column.key in keys]


def write_rest(rest: Path | None, read: PartlyRead, columns: Sequence[Column], say: Teller) -> None:
    """Write the rows with faults as a list of their own, each with what is to be mended, for its owner alone.

    What a title or a section gave for a row stands in the row. All cells are text, so that no number loses its zeros.
    """
    if rest is None or not read.left:
        return
    from openpyxl import Workbook  # a tenth of a second that only who wants the file need wait

    used = columns_used(read.left, columns)
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append([*(column.heading for column in used), say("admin.import.mend")])
    told = mistakes_of(read.faults, say)
    for line in read.left:
        texts = {**line.titles, **line.texts}
        sheet.append([*(texts.get(column.key, "") for column in used), told[line.sheet, line.row]])
    out = io.BytesIO()
    book.save(out)
    with private.whole(rest) as part:
        part.write_bytes(out.getvalue())


def mistakes_of(faults: Sequence[ListFault], say: Teller) -> Mapping[tuple[str, int], str]:
    """What is wrong with each row, in words, by its sheet and number."""
    told: dict[tuple[str, int], str] = {}
    for fault, sentence in zip(faults, fault_sentences(faults, say), strict=True):
        row = fault.sheet, fault.row
        told[row] = " ".join(filter(None, (told.get(row), sentence)))
    return told

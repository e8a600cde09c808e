"""What commands say of a list beside what it changed: what of it was not used, and what may be wrong all the same."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Protocol

import typer

from bot.administration import fault_sentences
from bot.teller import Teller
from storage.sheets import ListFault

PREVIEW = Annotated[
    bool, typer.Option("--preview", "--dry-run", help="show what would change, but write nothing")
]
CONVERT = Annotated[
    bool,
    typer.Option("--convert", help="convert what was typed in an old font (.VnTime, VNI)"),
]


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
        print_indented(fault_sentences(read.warnings, say))
    if read.left_out:
        print(say("admin.import.left_out", sheets=", ".join(read.left_out)))
    if read.unused:
        print(say("admin.import.unused", headings=", ".join(read.unused)))


def print_indented(lines: Iterable[str]) -> None:
    """Print each line, indented."""
    for line in lines:
        print(f"  {line}")

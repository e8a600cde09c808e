"""What is wrong in the plans' files: where, what, and what to write instead. The sentences are in `locales/`."""

from collections.abc import Iterable
from typing import NamedTuple


class PlanFault(NamedTuple):
    """One fault of the data."""

    where: str
    """The file, and in it the table and the name of what is there: "schedule.toml: [[asked]] 3, nuoc-sach"."""
    code: str
    """The sentence `plan.fault.CODE` tells what is wrong."""
    about: str
    """The field, name or number that it is about."""
    write: str = ""
    """What to write instead, where that is known."""
    row: int = 0
    """The row of a spreadsheet, its headings being row 1; 0 in other files."""


class PlansRefused(ValueError):
    """The files cannot be read as plans. `faults` are all that were found, in the order of the files."""

    def __init__(self, faults: Iterable[PlanFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.where}: {fault.code} {fault.about}" for fault in self.faults))

"""What is wrong in the plans' files: where, what, and what to write instead. The sentences are in `locales/`."""

from collections.abc import Iterable, Iterator, Mapping
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


def out_of(where: str, limits: Mapping[str, tuple[int | None, int, int]]) -> Iterator[PlanFault]:
    """Each number, by the name of its field, that does not lie between the two behind it: no calendar reaches there."""
    for name, (number, least, most) in limits.items():
        if number is not None and not least <= number <= most:
            yield PlanFault(where, "range", f"{name} = {number}", f"{least}-{most}")


class PlansRefused(ValueError):
    """The files cannot be read as plans. `faults` are all that were found, in the order of the files."""

    def __init__(self, faults: Iterable[PlanFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.where}: {fault.code} {fault.about}" for fault in self.faults))

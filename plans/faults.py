"""A fault in the plans' files: where it is, what is wrong, and what to write instead. The sentences are in `locales/`."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple


class PlanFault(NamedTuple):
    """One fault in a file."""

    where: str
    """The file, with the table and the name in it: "schedule.toml: [[asked]] 3, nuoc-sach"."""
    code: str
    """Which sentence tells what is wrong: `plan.fault.CODE`."""
    about: str
    """The field, name or number that is wrong."""
    write: str = ""
    """What to write instead; "" if that is not known."""
    row: int = 0
    """The row of a spreadsheet (headings are row 1), or the line of a broken TOML file; 0 for neither."""


def out_of(where: str, limits: Mapping[str, tuple[int | None, int, int]]) -> Iterator[PlanFault]:
    """Yield a fault for each number outside its limits.

    `limits` gives, by field name, the number (None if the field is empty) with its least and most.
    """
    for name, (number, least, most) in limits.items():
        if number is not None and not least <= number <= most:
            yield PlanFault(where, "range", f"{name} = {number}", f"{least}-{most}")


class PlansRefused(ValueError):
    """The files cannot be read as plans. `faults` has every fault found, in the order of the files."""

    def __init__(self, faults: Iterable[PlanFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.where}: {fault.code} {fault.about}" for fault in self.faults))

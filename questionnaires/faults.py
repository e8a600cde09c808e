"""Faults of a form: where each one is, and a code of `forms.fault.*` with the data for its sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault in a sheet. `row` counts as in Excel, where the headings are row 1 (0: no particular row);
    `column` is the heading as written. A `grave` one stops the form, any other is advice."""

    sheet: str
    row: int
    column: str
    code: str
    data: Mapping[str, object] = field(default_factory=dict)
    grave: bool = True


class FormRefused(Exception):
    """The form cannot be used; `faults` has everything that is wrong with it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(
            "; ".join(f"{fault.sheet}:{fault.row}:{fault.column}: {fault.code}" for fault in faults)
        )
        self.faults = list(faults)


def refuse(faults: Sequence[Fault]) -> None:
    """Raise FormRefused with the grave `faults`, if there are any."""
    grave = [fault for fault in faults if fault.grave]
    if grave:
        raise FormRefused(grave)


def refused(code: str, **data: object) -> FormRefused:
    """Return the refusal of a whole file."""
    return FormRefused([Fault("", 0, "", code, data)])


class WordsFault(Exception):
    """A file of words is wrong. The message names the file, the table and the phrase."""

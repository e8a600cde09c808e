"""What the columns of a list are called, and what they hold."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from questionnaires.answers.text import fold

PARTED: Final = re.compile(r"[,/;]| hoặc ")
"""What separates the parts of a heading: "Thôn, bản, tổ dân phố"."""
REMARK: Final = re.compile(r"\([^()]*\)")
Holds = Literal["text", "number", "day", "amount"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list: its key, the heading to write, and other headings that mean it, folded."""

    key: str
    heading: str
    also: tuple[str, ...] = ()
    holds: Holds = "text"
    """What Excel may have done to a cell: a "number" may have lost its zeros, a "day" is one, an "amount" may have
    decimals."""
    each: re.Pattern[str] | None = None
    """The pattern of a folded heading that may occur several times: "ke hoach 2026", "ke hoach 2027". Its group names
    each."""
    titled: re.Pattern[str] | None = None
    """The pattern by which a title above the list, or the sheet's name, gives a value for all rows: its group."""
    section: re.Pattern[str] | None = None
    """The pattern by which a row gives a value for the rows below it: the first of its groups that holds something."""
    coded: str = ""
    """The key of the column that says the same by a code."""
    failing: tuple[str, ...] = ()
    """Headings, folded, that mean this column only if no other heading does."""
    described: re.Pattern[str] | None = None
    """The pattern of such headings, folded, that say more than the column's name: "ho va ten truong thon"."""
    in_heading: re.Pattern[str] | None = None
    """The pattern by which another column's heading gives a value for all rows: its group."""

    def several_of(self, heading: str) -> str | None:
        """Return the key of a heading that may occur several times: "value 2026"; None if it is none of these."""
        several = self.each.fullmatch(fold(heading)) if self.each else None
        return f"{self.key} {several[1]}" if several else None

    def is_headed(self, heading: str, *, failing: bool = False) -> bool:
        """Whether a heading is this column's, ignoring anything in brackets at its end: "Thôn, bản" as well as "Thôn".

        `failing`: also take the headings that count only if no other is there.
        """
        if failing and self.is_described(heading):
            return True
        names = self.failing if failing else (fold(self.heading), *self.also)
        if fold(heading) in names or fold(REMARK.sub(" ", heading)) in names:
            return True
        parts = [fold(part) for part in PARTED.split(REMARK.sub(" ", heading))]
        return len(parts) > 1 and all(part in names for part in parts)

    def is_described(self, heading: str) -> bool:
        """Whether a heading says more than the name of this column, but can only mean it."""
        return self.described is not None and self.described.fullmatch(fold(heading)) is not None

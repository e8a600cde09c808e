"""What the columns of a list are called, and what they hold."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from questionnaires.answers.text import fold

PARTED: Final = re.compile(r"[,/;]| hoặc ")
"""What stands between the parts of a heading: "Thôn, bản, tổ dân phố"."""
REMARK: Final = re.compile(r"\([^()]*\)")
Holds = Literal["text", "number", "day", "amount"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list: its key, the heading to write, and other headings that mean it, folded."""

    key: str
    heading: str
    also: tuple[str, ...] = ()
    holds: Holds = "text"
    """What Excel may have made of a cell: a "number" may have lost its zeros, a "day" is one, an "amount" may have
    decimals."""
    each: re.Pattern[str] | None = None
    """What a folded heading looks like of which there may be several: "ke hoach 2026", "ke hoach 2027". The group names
    each."""
    titled: re.Pattern[str] | None = None
    """How a title above the list, or the sheet's name, says what holds for all rows: the group."""
    section: re.Pattern[str] | None = None
    """How a row that only heads those below it says what holds for them: the group `named`."""
    failing: tuple[str, ...] = ()
    """Headings that mean it only where no other does, folded."""

    def several_of(self, heading: str) -> str | None:
        """The key of a heading of which there may be several: "value 2026"; None where it is none of them."""
        several = self.each.fullmatch(fold(heading)) if self.each else None
        return f"{self.key} {several[1]}" if several else None

    def is_headed(self, heading: str, *, failing: bool = False) -> bool:
        """Whether a heading is this column's, whatever stands in brackets behind it: "Thôn, bản" as well as "Thôn".

        `failing`: where no other heading is.
        """
        names = self.failing if failing else (fold(self.heading), *self.also)
        if fold(heading) in names or fold(REMARK.sub(" ", heading)) in names:
            return True
        parts = [fold(part) for part in PARTED.split(REMARK.sub(" ", heading))]
        return len(parts) > 1 and all(part in names for part in parts)

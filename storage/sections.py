"""Rows of a list that only head those below them: "Xã Vĩnh Thông" above the villages of that commune.

Such a row holds one text, perhaps with a number before it and sums after it. It gives the value of a column for each
row until the next one: I, Xã Vĩnh Thông, 3 thôn.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from storage.columns import Column

COUNTING: Final = re.compile(r"[IVXLC]+\.?|[A-Z]|[0-9][0-9.,]*%?|[-–]", re.IGNORECASE)
"""What may stand beside the text: Roman and other numbers, and letters that count."""
Said = tuple[str, str]
"""What a row gives for those below it: the key of a column, and a text."""


def said_for_below(row: Iterable[str], columns: Iterable[Column]) -> Said | None:
    """Return what a row with these texts gives for those below it; None if it is an ordinary row."""
    texts = [text for text in row if text]
    words = [text for text in texts if not COUNTING.fullmatch(text)]
    if len(words) != 1:
        return None
    numbered = f"{texts[0]} {words[0]}" if texts[0] != words[0] else ""
    for column in columns:
        match = column.section and (column.section.fullmatch(words[0]) or column.section.fullmatch(numbered))
        if match:
            return column.key, next(filter(None, match.groups())).strip()
    return None


@dataclass(slots=True)
class Sections:
    """What the section rows of a sheet have given so far. Each of `columns` lies within those that come after it."""

    columns: Sequence[Column]
    said: dict[str, str] = field(default_factory=dict)

    def take(self, told: Said) -> None:
        """Apply from here on what a row gives for those below it."""
        key, text = told
        keys = [column.key for column in self.columns]
        around = keys[keys.index(key) + 1 :]
        self.said = {**{other: self.said[other] for other in around if other in self.said}, key: text}

"""One line of `thonbao doctor`, apart from what is examined so that a channel can say its own."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

Say = Callable[..., str]
"""A sentence of the catalogues as plain text, by its key and values."""


class CheckState(StrEnum):
    GOOD = "good"
    NOTE = "note"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at, and what it is like, as a sentence."""

    name: str
    state: CheckState
    text: str

    def to_json(self) -> dict[str, str]:
        return {"name": self.name, "state": self.state.value, "text": self.text}

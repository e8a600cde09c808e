"""A position among tokens, from which grammars read phrase by phrase."""

import re
from collections.abc import Sequence
from typing import TypeVar

from questionnaires.answers.tokens import Table, Token

Meaning = TypeVar("Meaning")


class Cursor:
    """Stands before one of `tokens`, or after the last. Every method that reads also steps over what it read."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.place = 0

    def ended(self) -> bool:
        """Whether no token is left."""
        return self.place >= len(self.tokens)

    def text(self, ahead: int = 0) -> str:
        """Return the text of the token here, or of one further on; "" after the last."""
        place = self.place + ahead
        return self.tokens[place].text if place < len(self.tokens) else ""

    @property
    def kind_here(self) -> str:
        """The kind of the token here; "" after the last."""
        return self.tokens[self.place].kind if self.place < len(self.tokens) else ""

    def read(self, table: Table[Meaning]) -> Meaning | None:
        """Read a phrase of `table` and return its meaning; None if there is none here."""
        entry = table.at(self.tokens, self.place)
        if entry is None:
            return None
        self.place = entry[1]
        return entry[0]

    def take(self, table: Table[bool]) -> bool:
        """Step over a phrase of `table`. Return whether there was one."""
        return self.read(table) is not None

    def take_all(self, *tables: Table[bool]) -> None:
        """Step over phrases of `tables` until none follows."""
        while any(self.take(table) for table in tables):
            pass

    def mark(self, text: str) -> bool:
        """Step over this mark. Return whether it was here."""
        if self.text() != text:
            return False
        self.place += 1
        return True

    def match(self, pattern: "re.Pattern[str]", tokens: int = 1) -> "re.Match[str] | None":
        """Step over this many tokens if their texts, joined by spaces, match the whole pattern. Return the match."""
        texts = [token.text for token in self.tokens[self.place : self.place + tokens]]
        match = pattern.fullmatch(" ".join(texts)) if len(texts) == tokens else None
        self.place += tokens if match else 0
        return match

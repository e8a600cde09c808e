"""What the rewriter of expressions works with: the parts already rewritten, and what they may refer to."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from questionnaires.expression_tokens import ExpressionError
from questionnaires.functions import Function

NUMBER: Final = re.compile(r"-?(\d+(\.\d*)?|\.\d+)")
Type = Literal["number", "text", "truth", "date", "nodes"]


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression may refer to: the type of each node by its template path, and the choice lists."""

    types: Mapping[str, Type]
    lists: frozenset[str] = frozenset()
    repeats: frozenset[str] = frozenset()

    def repeat_around(self, path: str) -> str | None:
        """Return the innermost repeat that a node lies in."""
        return innermost(self.repeats, path) or None


def innermost(repeats: Iterable[str], path: str) -> str:
    """The innermost of these repeats that the node at `path` lies in, "" if it lies in none."""
    return max((repeat for repeat in repeats if path.startswith(f"{repeat}/")), key=len, default="")


@dataclass(frozen=True, slots=True)
class Term:
    """A part already rewritten. `at` is the node of the answers that it names, if it is a plain path."""

    text: str
    type: Type
    at: str | None = None
    literal: str | None = None

    @property
    def may_be_day(self) -> bool:
        """Whether it is a date, or an answer that a calculation may have made one."""
        return self.type == "date" or (self.type == "text" and self.at is not None)

    @property
    def is_words(self) -> bool:
        """Whether it is surely no number. The answer of a choice may be one, as forms that count points use it."""
        return self.literal is not None and NUMBER.fullmatch(self.literal.strip()) is None


def is_name(token: str) -> bool:
    """Whether a token names a node or function."""
    return token[:1].isalpha() or token.startswith("_")


def refuse_quoted(term: Term, refused: re.Pattern[str]) -> None:
    """Raise ExpressionError where `term` is a quoted text that looks as `refused`."""
    if term.literal is not None and refused.match(term.literal):
        raise ExpressionError("quoted_date", text=term.literal)


def picked(arguments: list[Term], numbers: tuple[int, ...]) -> list[Term]:
    """Return those of the arguments, counted from 0, that are there."""
    return [arguments[number] for number in numbers if number < len(arguments)]


def result_of(function: Function, arguments: list[Term]) -> Type:
    """Return what a call gives, where that depends on its arguments."""
    if not function.like:
        return function.result
    types = {argument.type for argument in picked(arguments, function.like)}
    if "date" in types:
        return "date"
    return types.pop() if len(types) == 1 and "nodes" not in types else "text"


def is_date(literal: str | None) -> bool:
    """Whether a quoted text is a day of the calendar; True for whatever is only known later."""
    if not literal:
        return True
    try:
        date.fromisoformat(literal[:10])
    except ValueError:
        return False
    return True

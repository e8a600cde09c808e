"""The values that the rewriter of expressions works with: rewritten parts, and what they may refer to."""

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
    """What an expression may refer to: the type of each node by template path, the choice lists and the repeats."""

    types: Mapping[str, Type]
    lists: frozenset[str] = frozenset()
    repeats: frozenset[str] = frozenset()

    def repeat_around(self, path: str) -> str | None:
        """Return the path of the innermost repeat around a node; None if there is none."""
        return innermost(self.repeats, path) or None


def innermost(repeats: Iterable[str], path: str) -> str:
    """Return the innermost of these repeats around the node at `path`; "" if there is none."""
    return max((repeat for repeat in repeats if path.startswith(f"{repeat}/")), key=len, default="")


@dataclass(frozen=True, slots=True)
class Term:
    """A rewritten part of an expression.

    `at` is the template path of the node that it names, if it is a path; `literal` its text, if it is quoted.
    """

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
        """Whether it is certainly no number. Only quoted texts are: a choice's value may be a number, as for points."""
        return self.literal is not None and NUMBER.fullmatch(self.literal.strip()) is None


def is_name(token: str) -> bool:
    """Whether a token names a node or function."""
    return token[:1].isalpha() or token.startswith("_")


def refuse_quoted(term: Term, refused: re.Pattern[str]) -> None:
    """Raise ExpressionError if `term` is a quoted text that matches `refused`."""
    if term.literal is not None and refused.match(term.literal):
        raise ExpressionError("quoted_date", text=term.literal)


def picked(arguments: list[Term], numbers: tuple[int, ...]) -> list[Term]:
    """Return the arguments with these numbers, counted from 0; those that are not given are left out."""
    return [arguments[number] for number in numbers if number < len(arguments)]


def result_of(function: Function, arguments: list[Term]) -> Type:
    """Return the type of a call's result, which may depend on its arguments."""
    if not function.like:
        return function.result
    types = {argument.type for argument in picked(arguments, function.like)}
    if "date" in types:
        return "date"
    return types.pop() if len(types) == 1 and "nodes" not in types else "text"


def is_date(literal: str | None) -> bool:
    """Whether a quoted text is a day of the calendar; True if there is no text to check yet."""
    if not literal:
        return True
    try:
        date.fromisoformat(literal[:10])
    except ValueError:
        return False
    return True

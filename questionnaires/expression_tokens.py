"""Split an expression into tokens as XPath 1.0 does."""

import re
from typing import Final

MAX_LENGTH: Final = 20_000
"""The most letters of an expression: no person writes a longer one, and its parser recurses."""
TOKEN: Final = re.compile(
    r"""\s*(?:
    (?P<literal>"[^"]*"|'[^']*')
  | (?P<number>\d+(?:\.\d*)?|\.\d+)
  | (?P<mark>::|//|\.\.|!=|<=|>=|[()\[\].@,/|+\-=<>*$])
  | (?P<name>[^\W\d][\w.\-]*(?::[^\W\d][\w.\-]*)?)
)""",
    re.VERBOSE,
)
OPERATORS: Final = {"and", "or", "div", "mod", "*"}
"""Tokens that are operators or names, depending on what stands before them."""
BEFORE_OPERAND: Final = {
    "",
    "@",
    "::",
    "(",
    "[",
    ",",
    "/",
    "//",
    "|",
    "+",
    "-",
    "=",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "*",
}
COMPARISONS: Final = ("=", "!=", "<", "<=", ">", ">=")


class ExpressionError(Exception):
    """An expression is refused: a code of `forms.fault.*` with the data for its sentence."""

    def __init__(self, code: str, **data: str) -> None:
        super().__init__(code)
        self.code = code
        self.data = data


def tokenize(source: str) -> list[str]:
    """Return the tokens of an expression. Operators that are words or a star begin with a blank."""
    if len(source) > MAX_LENGTH:
        raise ExpressionError("too_long")
    tokens: list[str] = []
    place, source = 0, source.strip()
    while place < len(source):
        match = TOKEN.match(source, place)
        if match is None:
            raise ExpressionError("syntax", found=source[place:].strip()[:1], expected="${…}")
        token = match.group().strip()
        tokens.append(f" {token}" if token in OPERATORS and ends_operand(tokens) else token)
        place = match.end()
    return tokens


def ends_operand(tokens: list[str]) -> bool:
    """Whether an operator may follow these tokens: `div` after `(` is the name of a node."""
    last = tokens[-1] if tokens else ""
    return last not in BEFORE_OPERAND and not last.startswith(" ")

"""From the text of an expression to its tokens, as XPath 1.0 parts them."""

import re
from typing import Final

MAX_LENGTH: Final = 20_000
TOKEN: Final = re.compile(
    r"""\s*(?:
    (?P<literal>"[^"]*"|'[^']*')
  | (?P<number>\d+(?:\.\d*)?|\.\d+)
  | (?P<mark>::|//|\.\.|!=|<=|>=|[()\[\].@,/|+\-=<>*$])
  | (?P<name>[^\W\d][\w.\-]*(?::[^\W\d][\w.\-]*)?)
)""",
    re.VERBOSE,
)
OPERATOR_NAMES: Final = {"and", "or", "div", "mod"}
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
    """An expression that cannot be taken: a code of `forms.fault.*` and the words for it."""

    def __init__(self, code: str, **data: str) -> None:
        super().__init__(code)
        self.code = code
        self.data = data


def tokenize(source: str) -> list[str]:
    """The tokens of an expression; operators that are words or a star carry a leading blank."""
    if len(source) > MAX_LENGTH:
        raise ExpressionError("too_long")
    tokens: list[str] = []
    place, source = 0, source.strip()
    while place < len(source):
        match = TOKEN.match(source, place)
        if match is None:
            raise ExpressionError("syntax", found=source[place:].strip()[:1], expected="${…}")
        token = match.group().strip()
        last = tokens[-1] if tokens else ""
        operand_before = last not in BEFORE_OPERAND and not last.startswith(" ")
        if operand_before and (token in OPERATOR_NAMES or token == "*"):
            token = f" {token}"
        tokens.append(token)
        place = match.end()
    return tokens

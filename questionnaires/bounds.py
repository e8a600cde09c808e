"""Find the limits that a constraint sets, the `a` of `. >= a` and `. <= a`, so that a refusal can name them."""

from collections.abc import Mapping
from typing import Final, Literal

from questionnaires.expression_terms import Scope
from questionnaires.expression_tokens import COMPARISONS, tokenize
from questionnaires.expressions import Expression, rewrite

Side = Literal["lower", "upper"]
LIMITS: Final[Mapping[str, tuple[Side, str]]] = {
    ">": ("lower", " + 1"),
    ">=": ("lower", ""),
    "<": ("upper", " - 1"),
    "<=": ("upper", ""),
}
"""By the sign after the answer: which limit it sets, and what to add to it for whole numbers."""
MIRRORED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
"""The sign to read if the answer stands on the other side."""


def bounds(source: str, context: str, scope: Scope, whole: bool) -> tuple[list[Expression], list[Expression]]:
    """Return the lower and upper limits that the constraint `source` of the node at `context` sets.

    For `whole` numbers, `. > a` counts as `. >= a + 1`. Only comparisons joined by `and` set limits; an `or` outside
    brackets means that there are none. Raises ExpressionError.
    """
    limits: dict[Side, list[Expression]] = {"lower": [], "upper": []}
    for part in joined_by_and(tokenize(source)):
        limit = limit_of(bare(part), whole)
        if limit:
            side, text = limit
            limits[side].append(rewrite(text, context, scope))
    return limits["lower"], limits["upper"]


def joined_by_and(tokens: list[str]) -> list[list[str]]:
    """Split a constraint at each `and` outside brackets; [] if there is an `or`, so that a part may fail."""
    parts: list[list[str]] = [[]]
    depth = 0
    for token in tokens:
        depth += (token in ("(", "[")) - (token in (")", "]"))
        if depth == 0 and token == " or":
            return []
        if depth == 0 and token == " and":
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def bare(part: list[str]) -> list[str]:
    """Return a condition without brackets around the whole of it."""
    while len(part) > 2 and part[0] == "(" and part[-1] == ")" and "(" not in part[1:-1]:
        part = part[1:-1]
    return part


def limit_of(part: list[str], whole: bool) -> tuple[Side, str] | None:
    """Return the limit that one comparison with the answer sets: its side, and the text of its expression."""
    comparison = compared(part)
    if comparison is None:
        return None
    sign, other = comparison
    side, beyond = LIMITS[sign]
    # Among numbers with fractions there is no least one above `a`.
    if (beyond and not whole) or not is_plain(other):
        return None
    return side, f"({' '.join(map(str.strip, other))}){beyond}"


def is_plain(tokens: list[str]) -> bool:
    """Whether an expression neither reads the answer itself nor compares anything."""
    return "." not in tokens and set(tokens).isdisjoint(COMPARISONS)


def compared(part: list[str]) -> tuple[str, list[str]] | None:
    """Return the sign and the other side of a comparison with the answer, which is `.` at its beginning or end."""
    match part:
        case [".", sign, first, *others] if sign in MIRRORED:
            return sign, [first, *others]
        case [first, *others, sign, "."] if sign in MIRRORED:
            return MIRRORED[sign], [first, *others]
    return None

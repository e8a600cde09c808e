"""Numbers that are words of a question, "em 5 tuổi", "trong 30 ngày qua": said with it, they tell no figure.

Before figures are looked for in a message, the digits of such numbers are written as letters of no language here; so
they are words like the others, in the message as in the question. `shown` writes them back.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from questionnaires.answers.text import fold

DIGITS: Final = "0123456789"
LETTERS: Final = "ⴰⴱⴲⴳⴴⴵⴶⴷⴸⴹ"
AS_LETTERS: Final = str.maketrans(DIGITS, LETTERS)
AS_DIGITS: Final = str.maketrans(LETTERS, DIGITS)
SPAN: Final = r"(\d+)(?:\s*(?:[-–]|đến|den|tới|toi|\s)\s*(\d+))?"
COUNTED: Final = re.compile(rf"(?<![\d.,]){SPAN}\s*([^\W\d_]+|%)")
"""A number, or one to another, and the word behind it."""
YEAR: Final = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?![\d.,])")


def in_letters(label: str) -> str:
    """The words of a question with all their digits as letters."""
    return label.translate(AS_LETTERS)


def hidden(text: str, labels: Iterable[str]) -> str:
    """`text` with the digits as letters of what one of the questions `labels` says so, too.

    >>> hidden("em 5 tuổi là 8", ["Thôn có bao nhiêu em 5 tuổi?"])
    'em ⴵ tuổi là 8'
    """
    known = frozenset().union(*map(said_in, labels))
    if not known:
        return text
    counted = COUNTED.sub(lambda match: written(match, known), text)
    return YEAR.sub(lambda match: in_letters(match[0]) if (match[0],) in known else match[0], counted)


def written(match: re.Match[str], known: frozenset[tuple[str, ...]]) -> str:
    """What `match` found, in letters if it is `known`."""
    return in_letters(match[0]) if with_word(match) in known else match[0]


@lru_cache(maxsize=1000)
def said_in(label: str) -> frozenset[tuple[str, ...]]:
    """The numbers in the words of a question, each with the word behind it; years alone."""
    return frozenset({*map(with_word, COUNTED.finditer(label)), *((year,) for year in YEAR.findall(label))})


def with_word(match: re.Match[str]) -> tuple[str, ...]:
    """What `match` found: one number or two, and the word behind."""
    return *filter(None, match.groups()[:2]), fold(match[3]) or match[3]


def shown(text: str) -> str:
    """`text` as it was said."""
    return text.translate(AS_DIGITS)

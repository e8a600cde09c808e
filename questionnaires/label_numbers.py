"""Hide numbers that are part of a question's words: "em 5 tuổi", "trong 30 ngày qua". They are no answer.

Before figures are looked for in a message, the digits of such numbers are replaced by letters that no language here uses.
So they compare like other words. `shown` restores the digits.
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
"""A number, or a range of numbers, and the word behind it."""
YEAR: Final = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?![\d.,])")


def in_letters(label: str) -> str:
    """Return the words of a question with all digits as letters."""
    return label.translate(AS_LETTERS)


def hidden(text: str, labels: Iterable[str]) -> str:
    """Return `text` with the digits of those numbers as letters that one of the `labels` has too.

    >>> hidden("em 5 tuổi là 8", ["Thôn có bao nhiêu em 5 tuổi?"])
    'em ⴵ tuổi là 8'
    """
    known = frozenset().union(*map(said_in, labels))
    if not known:
        return text
    counted = COUNTED.sub(lambda match: written(match, known), text)
    return YEAR.sub(lambda match: in_letters(match[0]) if (match[0],) in known else match[0], counted)


def written(match: re.Match[str], known: frozenset[tuple[str, ...]]) -> str:
    """Return the text of `match`, with its digits as letters if it is `known`."""
    return in_letters(match[0]) if with_word(match) in known else match[0]


@lru_cache(maxsize=1000)
def said_in(label: str) -> frozenset[tuple[str, ...]]:
    """Return the numbers in a question's words, each with the word behind it; years also by themselves."""
    return frozenset({*map(with_word, COUNTED.finditer(label)), *((year,) for year in YEAR.findall(label))})


def with_word(match: re.Match[str]) -> tuple[str, ...]:
    """Return the numbers of `match`, one or two, and the word behind them."""
    return *filter(None, match.groups()[:2]), fold(match[3]) or match[3]


def shown(text: str) -> str:
    """Return `text` as it was said, with its digits."""
    return text.translate(AS_DIGITS)

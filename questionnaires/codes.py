"""Numbers that count nothing: identity papers, phones, accounts. They are kept digit by digit, with their first zero.

Forms from elsewhere ask for them as `integer`. Read as counts, "001085012345" would be refused, and nothing else is right.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from questionnaires.answers import words
from questionnaires.answers.text import clean
from questionnaires.answers.tokens import tokens_of
from questionnaires.functions import pattern

CODE: Final = words.UNITS.flags("code")
CODE_COUNTED: Final = words.UNITS.flags("code_counted")
ANSWER: Final = r"(?:string\(\s*)?\.\s*\)?\s*"
"""The answer in a constraint, which some write as string(.)."""
PATTERN: Final = re.compile(rf"regex\(\s*{ANSWER},\s*(?:'([^']*)'|\"([^\"]*)\")")
LENGTH: Final = re.compile(rf"string-length\(\s*{ANSWER}\)\s*>?=\s*(\d+)")
LONG: Final = 7
"""From this many digits on, a number whose length is fixed is a code."""
COUNTS: Final = (
    "0",
    "1",
    "5",
    "10",
    "25",
    "100",
    "365",
    "1200",
    "25000",
    "0.5",
    "12.5",
    "0.25",
    "1998",
    "2015",
)
"""Numbers of which a pattern for counts, measures or years takes at least one."""
MOST_DIGITS: Final = 32
"""The most digits of a code."""
DIGITS: Final = re.compile(r"\d(?:[\s.-]{0,3}\d)*")
"""Digits as people group them: 0912 345 678, 001.085.012.345."""


def asks_code(labels: Iterable[str], constraint: str) -> bool:
    """Whether a question for a number asks for a code, by its labels or by the constraint as the form writes it.

    >>> asks_code(["Số CCCD"], ""), asks_code(["Số"], "regex(., '^[0-9]{12}$')"), asks_code(["Số hộ"], "")
    (True, True, False)
    """
    return is_limited_to_codes(constraint) or any(map(names_code, labels))


def names_code(label: str) -> bool:
    """Whether a question's words name a code, and do not count such things: "Số điện thoại", not "Số điện thoại hỏng"."""
    tokens = tokens_of(clean(label))
    ends = [end for _, _, end in CODE.starts(tokens)]
    return bool(ends) and not any(CODE_COUNTED.at(tokens, place) for place in (0, *ends))


def is_limited_to_codes(constraint: str) -> bool:
    """Whether a constraint asks for a form, or a length, that no count has."""
    if any(int(length) >= LONG for length in LENGTH.findall(constraint)):
        return True
    patterns = ["".join(found) for found in PATTERN.findall(constraint)]
    return bool(patterns) and not any(takes(patterns, count) for count in COUNTS)


def takes(patterns: Sequence[str], text: str) -> bool:
    """Whether any of the patterns takes a text; a pattern that cannot be read takes all."""
    compiled = map(pattern, patterns)
    return any(one is None or one.fullmatch(text) for one in compiled)


def digits_in(text: str) -> str:
    """Return the digits of the only code in `text`, as they stand; "" if there is none, or more than one.

    >>> digits_in("0912 345.678"), digits_in("cccd 001085012345"), digits_in("12 hoặc 13")
    ('0912345678', '001085012345', '')
    """
    found = ["".join(filter(str.isdigit, one)) for one in DIGITS.findall(text)]
    return found[0] if len(found) == 1 and len(found[0]) <= MOST_DIGITS else ""

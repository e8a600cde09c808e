"""What a sentence means that corrects itself: "45 hộ có điện, à quên 43 mới đúng" is 43.

The words stand in `answers/words/nhieu-cau.toml`.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

from questionnaires.answers.denied import without_denied
from questionnaires.answers.text import bare, clean
from questionnaires.answers.tokens import as_text, tokens_of
from questionnaires.naming import SHORT

COUNTED: Final = "|".join(map(re.escape, sorted(SHORT.phrases("counted"), key=len, reverse=True)))


def either(table: str) -> str:
    """Return the phrases of a table, with and without marks, as alternatives of a regular expression."""
    spelt = {form for phrase in SHORT.phrases(table) for form in (phrase, bare(phrase))}
    return alternatives([phrase.split() for phrase in spelt])


def alternatives(phrases: Iterable[Sequence[str]]) -> str:
    """Return a regular expression for any of `phrases`, given by their words. The longest that a text has is found.

    What begins alike is written once: some tables have ten thousand phrases, which side by side take half a second to
    compile.

    >>> alternatives([["so"], ["so", "la"], ["so", "ho"], ["sót"]])
    'sót|so(?:\\ (?:ho|la))?'
    """
    behind: dict[str, list[Sequence[str]]] = {}
    for first, *others in phrases:
        behind.setdefault(first, []).append(others)
    # A longer word is tried before one that it begins with.
    words = sorted(behind, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word) + rest(behind[word]) for word in words)


def rest(behind: Sequence[Sequence[str]]) -> str:
    """Return a regular expression for what follows a word, which may be nothing."""
    going_on = [words for words in behind if words]
    if not going_on:
        return ""
    end = "" if len(going_on) == len(behind) else "?"
    return rf"(?:\ (?:{alternatives(going_on)})){end}"


AT_ONCE: Final = re.compile(
    rf"(?P<wrong>\d+)(?P<of>[^\d;\n]*?)[\s,.;]*\b(?:{either('at_once')})\s+(?:{either('becomes')})?\s*(?P<right>\d+)"
    rf"(?:\s*(?:{COUNTED})\b)?(?:\s*(?:{either('right_now')})\b)*\s*(?=[,.;\n]|$)",
    re.I,
)
"""A figure corrected in the same sentence: "45 hộ dùng nước sạch, à quên 43 mới đúng"."""
NOT_THAT: Final = re.compile(
    rf"[\s,]*\b(?:{either('not_that')})\s+\d+(?:\s*(?:{COUNTED})\b)?(?:\s+(?:{either('right_now')})\b)*", re.I
)
"""A wrong figure named after the right one: "8 hộ chứ không phải 9"."""
OUT_OF: Final = re.compile(
    rf"^\W*(?:{either('out_of')})\s+\d+\s*(?:{COUNTED})\b(?:\s*(?:ấy|đó|đấy|này|thì|ay|do|day|nay|thi))*\W+(?=.*\d)",
    re.I,
)
"""A whole named before the part that is reported: "trong 52 hộ thì 48 là hộ dân tộc"."""


RIGHT_LAST: Final = re.compile(
    rf"^\W*(?:{either('figure')})?\s*(?P<wrong>\d+)(?P<of>(?:\s*(?:{COUNTED})\b)?)[\s,.;]*\b(?:{either('not_so')})[\s,.;]*"
    rf"(?:{either('becomes')})?\s*(?P<right>\d+)(?:\s*(?:{COUNTED})\b)?\s*(?:{either('is_right')})(?:\s*(?:{either('right_now')})\b)*\W*$",
    re.I,
)
"""Nothing but two figures, the last of which is called right: "109 mà không 110 mới đúng"."""
RIGHT_FIRST: Final = re.compile(
    rf"^\W*(?:{either('figure')})?\s*(?P<right>\d+)(?P<of>(?:\s*(?:{COUNTED})\b)?)\s*(?:{either('is_right')})[\s,.;]*"
    rf"(?:(?:{either('but')})\s+)?(?P<wrong>\d+)(?:\s*(?:{COUNTED})\b)?\s*(?:{either('not_so')})(?:\s*(?:{either('right_now')})\b)*\W*$",
    re.I,
)
"""The same with the right one first: "110 mới đúng chứ 109 sai"."""


@cache
def before() -> re.Pattern[str]:
    """Return what finds a figure that was reported, and what it is now: "hôm trước báo 6 hộ thiếu nước, giờ còn 2".

    It is compiled for the first message: for its ten thousand ways to say so, every command would wait.
    """
    return re.compile(
        rf"\b(?:{either('told_before')})\s+(?P<wrong>\d+)(?P<of>[^\d;\n]*?)[\s,.;]*\b(?:{either('now_is')})\s*(?P<right>\d+)"
        rf"(?:\s*(?:{COUNTED})\b)?(?:\s*(?:{either('right_now')})\b)*\s*$",
        re.I,
    )


def of_reported(text: str) -> str:
    """Return `text` as a correction, where it names a figure that was reported before the one that is right now, or two
    figures of which it calls one right.

    >>> of_reported("hôm trước báo 6 hộ thiếu nước, giờ còn 2"), of_reported("hộ thiếu nước 6")
    ('2 hộ thiếu nước chứ không phải 6', 'hộ thiếu nước 6')
    >>> of_reported("109 mà không 110 mới đúng"), of_reported("110 hộ mới đúng chứ 109 sai")
    ('110 chứ không phải 109', '110 hộ chứ không phải 109')
    """
    return of_two(as_correction(text, before()))


def as_correction(text: str, *told: re.Pattern[str]) -> str:
    """Return `text` with the right figure first, and the wrong one denied, where it tells both in one of these ways."""
    for way in told:
        text = way.sub(lambda match: f"{match['right']}{match['of']} chứ không phải {match['wrong']}", text)
    return text


def of_two(text: str) -> str:
    """Return `text` with the right one first, if it is nothing but two figures of which it calls one right."""
    return as_correction(text, RIGHT_LAST, RIGHT_FIRST)


def as_meant(text: str) -> str:
    """Return `text` without figures that it corrects or calls wrong, and without the whole of which it counts a part.

    >>> as_meant("45 hộ có điện, à quên 43 mới đúng"), as_meant("trong 52 hộ thì 48 là hộ dân tộc")
    ('43 hộ có điện', '48 là hộ dân tộc')
    >>> as_meant("nghèo là 8 hộ chứ không phải 9")
    'nghèo là 8 hộ'
    >>> as_meant("có ba hộ, ko phải hai"), as_meant("không phải 2 mà là 3")
    ('có ba hộ', 'là 3')
    """
    text = AT_ONCE.sub(lambda match: match["right"] + match["of"], OUT_OF.sub("", text))
    text = NOT_THAT.sub("", text)
    tokens = tokens_of(clean(text))
    told = without_denied(tokens)
    return as_text(told).strip(" ,") if len(told) < len(tokens) else text

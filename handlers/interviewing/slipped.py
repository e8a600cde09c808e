"""A number beside words that call something a slip, said of a doubtful figure: which was wrong, or which is right now.

"Hôm trước đếm nhầm 2 nhà" and "tháng trước báo nhầm 43" say why the figure is another one: the number is that of the
slip. "Ghi nhầm, 43 hộ" tells the right one, apart from the slip.
"""

import re
from collections.abc import Collection
from typing import Final, NamedTuple

from handlers.interviewing.other_figure import (
    counts_else,
    in_figures,
    numbers_of,
    said_of_figure,
    tells_only_figure,
)
from handlers.vocabulary import OF_REASONS
from questionnaires.answers.text import clean, one_spelling
from questionnaires.answers.tokens import tokens_of

SLIP: Final = OF_REASONS.flags("slip")
"""Words that call something a slip."""
SLIP_THEN: Final = OF_REASONS.flags("slip_then")
"""Words that tell a slip of an earlier time without such a word: "tháng trước báo thiếu"."""
EARLIER: Final = OF_REASONS.flags("earlier")
"""Words for an earlier time: what was a slip then is no slip now."""
CLAUSES: Final = re.compile(r"[,;:.](?=\s|$)|\s(?=chứ |mà |chu |ma )")
"""Separates the parts of a sentence, each of which is wrong or right."""


class Slip(NamedTuple):
    """A slip that may be the reason for a figure."""

    figure: str
    """The number that may be the right one instead; "" where the words surely are the reason."""


SURELY: Final = Slip("")
"""A slip that surely is the reason."""


class Numbers(NamedTuple):
    """The numbers of a sentence: those that are part of a slip, and the others."""

    wrong: frozenset[str]
    right: frozenset[str]


def slip_in(text: str, answer: str, before: str, own: Collection[str], *, asked: bool) -> Slip | None:
    """Return the slip that `text` tells of, with a number other than `answer`; None if it tells of none, or clearly says
    another figure.

    `before` is the figure of the period before, `own` are the words of the question; `asked`: a reason was asked for, so
    that "nhầm 43" may be one.
    """
    said = in_figures(text, own)
    if not is_slip(said):
        return None
    if counts_else(said, own):
        return SURELY
    numbers = numbers_in(said)
    if numbers.right - {answer}:
        return of_right(numbers, answer, earlier=is_earlier(text))
    others = numbers.wrong - {answer}
    may_be = asked or is_earlier(text) or before in others or not tells_only_figure(said, own)
    return of_wrong(text, others, before) if others and may_be else None


def is_slip(text: str) -> bool:
    """Whether `text` calls something a slip."""
    return SLIP.stands_in(tokens_of(clean(one_spelling(text)))) or is_slip_then(text)


def is_slip_then(text: str) -> bool:
    """Whether `text` tells a slip of an earlier time that it does not call one."""
    return SLIP_THEN.stands_in(tokens_of(clean(one_spelling(text))))


def numbers_in(text: str) -> Numbers:
    """Return the numbers of `text`, by whether their part of the sentence calls them wrong."""
    wrong, right = set[str](), set[str]()
    for clause in CLAUSES.split(text):
        into = wrong if calls_wrong(clause) else right
        into |= numbers_of(clause)
    return Numbers(frozenset(wrong), frozenset(right))


def calls_wrong(clause: str) -> bool:
    """Whether a part of a sentence calls its numbers wrong, and no other one right instead."""
    said = said_of_figure(clause)
    return ("wrong" in said or is_slip_then(clause)) and "instead" not in said


def of_right(numbers: Numbers, answer: str, *, earlier: bool) -> Slip | None:
    """Return the slip beside a number that stands apart from it: that is the right one, unless all of it was earlier."""
    if answer in numbers.right:
        return SURELY
    return Slip(next(iter(numbers.right)) if len(numbers.right) == 1 else "") if earlier else None


def of_wrong(text: str, others: Collection[str], before: str) -> Slip:
    """Return the slip that all numbers are part of. An earlier one, or one in the figure of then, is the reason."""
    sure = is_earlier(text) or len(others) > 1 or before in others
    return Slip("" if sure else next(iter(others)))


def is_earlier(text: str) -> bool:
    """Whether `text` tells of an earlier time."""
    return EARLIER.stands_in(tokens_of(clean(one_spelling(text))))

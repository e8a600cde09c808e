"""Find a better reason why an answer was refused than the one that its grammar gives.

The grammars take "<b>" for "less than", "1e3" for a number with a strange unit, and the points in a number of thirty
digits for unclear. Only refused answers come here.
"""

import re
from typing import Final

from questionnaires.answers.reading import NUMERIC, ExpectedAnswer

MARKUP: Final = re.compile(r"</?[a-z][^<>]*>|&(?:[a-z]+|#[0-9]+);")
POWER: Final = re.compile(r"(?<![\w.,])[0-9]+(?:[.,][0-9]+)?(?:e[+-]?|\^|\*\*|\s?x\s?10\^)[0-9]+(?!\w)")
HUGE: Final = re.compile(r"[1-9][0-9]{15,}")
"""A number with more digits than the grammar of numbers accepts."""
LEADING_ZERO: Final = re.compile(r"(?<![0-9.,:])0[0-9]+(?![0-9]*[.,:][0-9])")
IN_NUMBER: Final = re.compile(r"(?<=[0-9])[.,](?=[0-9])")


def reason(cleaned: str, doubt: str, question: ExpectedAnswer) -> str:
    """Return the code of the reason to tell: what is plainly wrong with the cleaned text, otherwise `doubt`."""
    if MARKUP.search(cleaned):
        return "markup"
    if question.kind not in NUMERIC:
        return "no_match_other" if doubt == "no_match" and question.other else doubt
    return reason_in_figures(cleaned, doubt)


def reason_in_figures(cleaned: str, doubt: str) -> str:
    """Return the code of the reason that the figures of a number give, otherwise `doubt`."""
    if POWER.search(cleaned):
        return "power"
    if doubt != "grouping":
        return doubt
    if HUGE.search(IN_NUMBER.sub("", cleaned)):
        return "too_large"
    return "leading_zero" if LEADING_ZERO.search(cleaned) else doubt

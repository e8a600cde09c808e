"""Why an answer was not taken, where the grammar that refused it names something else than the person would.

The grammars meet "<b>" as "less than", "1e3" as a number with a strange unit, and a number of thirty digits as one whose
points are unclear. Nothing that was understood comes here.
"""

import re
from typing import Final

from questionnaires.answers.reading import NUMERIC, ExpectedAnswer

MARKUP: Final = re.compile(r"</?[a-z][^<>]*>|&(?:[a-z]+|#[0-9]+);")
POWER: Final = re.compile(r"(?<![\w.,])[0-9]+(?:[.,][0-9]+)?(?:e[+-]?|\^|\*\*|\s?x\s?10\^)[0-9]+(?!\w)")
HUGE: Final = re.compile(r"[1-9][0-9]{15,}")
"""More digits than the grammar of numbers takes."""
LEADING_ZERO: Final = re.compile(r"(?<![0-9.,:])0[0-9]+(?![0-9]*[.,:][0-9])")
IN_NUMBER: Final = re.compile(r"(?<=[0-9])[.,](?=[0-9])")


def reason(cleaned: str, doubt: str, question: ExpectedAnswer) -> str:
    """The code of the reason that is told: `doubt`, or what is plainly the matter with a cleaned text."""
    if MARKUP.search(cleaned):
        return "markup"
    if question.kind not in NUMERIC:
        return doubt
    if POWER.search(cleaned):
        return "power"
    if doubt == "grouping" and HUGE.search(IN_NUMBER.sub("", cleaned)):
        return "too_large"
    if doubt == "grouping" and LEADING_ZERO.search(cleaned):
        return "leading_zero"
    return doubt

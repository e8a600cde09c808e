"""Spells out what officials abbreviate: "dtts", "thcs", "6t"."""

import re
from typing import Final

from queries.vocabulary import ABBREVIATIONS
from questionnaires.answers.text import bare

SHORT: Final = re.compile(r"(?<!\w)(?:" + "|".join(sorted(ABBREVIATIONS, key=len, reverse=True)) + r")(?!\w)")
AND_MOUNTAINS: Final = re.compile(r"(?<!\w)(?P<minority>dtts|đtts)\s*(?:&|va|và)\s*mn(?!\w)")


JOINED: Final = re.compile(r" *& *")
"""In "NN & PTNT" as in "NN&PTNT"."""
MONTHS_COUNTED: Final = re.compile(r"(?<!\w)(?P<count>ba|sáu|chín) tháng(?= (?:đầu|cuối|năm)(?!\w))")
AGE: Final = re.compile(r"(?<=\d) ?t(?!\w)")
"""After a number: "trẻ 11-14t"."""
IN_FIGURES: Final = {"ba": "3", "sáu": "6", "chín": "9"}
"""How many months of a year are counted together, as words."""


def expand(text: str, *, marked: bool = True) -> str:
    """A cleaned text with abbreviations spelt out: "dtts" is "dân tộc thiểu số", "sáu tháng đầu năm" "6 tháng …".

    In a question without diacritics (not `marked`) they have none either: a "k" must not make the "con" beside it mean
    a child.
    """
    text = MONTHS_COUNTED.sub(lambda match: f"{IN_FIGURES[match['count']]} tháng", text)
    written = str if marked else bare
    text = AGE.sub(written(" tuổi"), text)
    text = JOINED.sub("&", AND_MOUNTAINS.sub(written("dân tộc thiểu số và miền núi"), text))
    return SHORT.sub(lambda match: written(ABBREVIATIONS[match[0]]), text)

"""Understand a question in a plan's own words that name no figure: "theo kế hoạch, tập trung giải quyết tình trạng thiếu
đất ở cho bao nhiêu hộ đồng bào DTTS".

It must name a plan, not be understood otherwise, and have nearly all its words in one clause.
"""

import re
from typing import Final

from queries.alike import folded, shared
from queries.dictionary import Dictionary
from queries.frames import Plan
from queries.understanding import Doubt, Understanding

NAMING: Final = re.compile(
    r"\b(?:(?:theo|trong) )*(?:cac )?(?:ke hoach|chi tieu|muc tieu|van ban)(?: (?:giao|dat|ghi|noi|neu))?\b"
)
"""Words that name a plan, folded."""
ASKING: Final = re.compile(r"\b(?:la )?bao nhieu(?: phan tram)?\b|\b(?:the nao|ra sao|khong)$")
"""Words that ask, folded; clauses do not have them."""
FEWEST: Final = 5
"""The fewest other words of such a question: fewer may belong to anything."""
LIKE: Final = 0.8
"""The share of these words that a clause must have."""
LEADING_NOWHERE: Final = (
    Doubt.UNKNOWN_WORDS, Doubt.WHICH_INDICATOR, Doubt.NO_REST, Doubt.TOGETHER, Doubt.NOT_COLLECTED, Doubt.FUTURE,
    Doubt.OUTSIDE, None,
)  # fmt: skip
"""Doubts of an unanswered question whose words may still be a clause's. None: it was refused without a reason."""


def in_words_of_a_plan(text: str, meaning: Understanding, dictionary: Dictionary) -> Understanding | None:
    """Return the question as one for what plans say, if its words are a clause's; else None.

    `meaning` is how the question was understood so far.
    """
    if meaning.status not in ("clarify", "refuse") or meaning.doubt not in LEADING_NOWHERE:
        return None
    said = " ".join(folded(text))
    if not NAMING.search(said):
        return None
    topic = ASKING.sub(" ", NAMING.sub(" ", said, count=1)).split()
    clauses = dictionary.clauses if len(topic) >= FEWEST else ()
    if not any(shared(topic, words) >= LIKE for words in clauses):
        return None
    return Understanding("answer", Plan(about="content", topic=tuple(topic), places=meaning.query.places))

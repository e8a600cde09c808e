"""Understands a question in a plan's own words, where these are no figure's: "theo kế hoạch, tập trung giải quyết tình
trạng thiếu đất ở cho bao nhiêu hộ đồng bào DTTS".

Only a question that names a plan, that nothing else understands, and that has nearly all its words in one clause.
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
"""Words that name a plan, as they are folded."""
ASKING: Final = re.compile(r"\b(?:la )?bao nhieu(?: phan tram)?\b|\b(?:the nao|ra sao|khong)$")
"""Words that ask, as they are folded: no clause has them."""
FEWEST: Final = 5
"""A question has at least so many words besides: fewer may be anything's."""
LIKE: Final = 0.8
"""How much of them a clause must have."""
LEADING_NOWHERE: Final = (
    Doubt.UNKNOWN_WORDS, Doubt.WHICH_INDICATOR, Doubt.NO_REST, Doubt.TOGETHER, Doubt.NOT_COLLECTED, Doubt.FUTURE,
    Doubt.OUTSIDE, None,
)  # fmt: skip
"""Why a question is not answered where its words may yet be a clause's; of no doubt it is a refusal without a reason."""


def in_words_of_a_plan(text: str, meaning: Understanding, dictionary: Dictionary) -> Understanding | None:
    """The question for what plans say, if its words are a clause's; None otherwise."""
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

"""Understand a question in a plan's own words that name no figure: "theo kế hoạch, tập trung giải quyết tình trạng thiếu
đất ở cho bao nhiêu hộ đồng bào DTTS", "chỉ tiêu tuổi thọ trung bình người DTTS đạt trên 75 tuổi".

It must name a plan, not be understood otherwise, and have nearly all its words in one clause. If it begins with "chỉ tiêu",
it is about what a plan sets, whatever places or overviews its other words may seem to name.
"""

import re
from typing import Final

from queries.alike import folded, shared
from queries.dictionary import Dictionary
from queries.frames import Clause, Help, Plan, Progress
from queries.understanding import Doubt, Understanding

NAMING: Final = re.compile(
    r"\b(?:(?:theo|trong) )*(?:cac )?(?:ke hoach|chi tieu|muc tieu|van ban)(?: (?:giao|dat|ghi|noi|neu))?\b"
)
"""Words that name a plan, folded."""
GOAL: Final = re.compile(r"(?:chi tieu|muc tieu) (?!nao\b|gi\b)")
"""How a question about one target begins, folded."""
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
    said = " ".join(folded(text))
    if not NAMING.search(said) or not (
        leads_nowhere(meaning) or (GOAL.match(said) and misses_goal(meaning, said))
    ):
        return None
    topic = ASKING.sub(" ", NAMING.sub(" ", said, count=1)).split()
    clauses = dictionary.clauses if len(topic) >= FEWEST else ()
    if not any(shared(topic, words) >= LIKE for words in clauses):
        return None
    about: Clause = "target" if isinstance(meaning.query, Plan) else "content"
    return Understanding("answer", Plan(about=about, topic=tuple(topic), places=meaning.query.places))


def leads_nowhere(meaning: Understanding) -> bool:
    """Whether a question has no answer, for a reason that leaves its words to a clause."""
    return meaning.status in ("clarify", "refuse") and meaning.doubt in LEADING_NOWHERE


def misses_goal(meaning: Understanding, said: str) -> bool:
    """Whether a question that begins with "chỉ tiêu" was taken for another one, or for a target without its number."""
    query = meaning.query
    if isinstance(query, Plan):
        return query.about == "target" and not query.indicators
    # Only with a number is it the plan's sentence: "chỉ tiêu nước hợp vệ sinh đạt chưa" asks how far the figure is.
    numbered = any(letter.isdigit() for letter in said)
    return meaning.doubt is Doubt.NO_PLACE or (numbered and isinstance(query, Help | Progress))

"""Several things asked of the plans about one matter in a text: "dự án 4 được bao nhiêu tiền, làm gì", "kế hoạch giao hỗ trợ
nhà ở mấy hộ, mỗi hộ được bao nhiêu".

The later ones leave out what they are about. Read as one question the text would be about one of them, and the others
would vanish.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from queries.frames import Lookup, Plan, Question
from queries.understanding import Understanding, question_offers
from questionnaires.answers.text import bare

PROJECT: Final = re.compile(
    r"(?:(?:tiểu|tieu)\s+)?(?:dự\s+án|du\s+an)\s+(?:số\s+|so\s+)?\d+(?:\.\d+)?", re.IGNORECASE
)
CUT: Final = re.compile(r"[,;]\s+(?:và\s+|va\s+|còn\s+)?|\s+và\s+(?=(?:mỗi|một|ai|đơn vị|hạn|mức)\s)")
"""What joins the questions; a mere "và" only before words that begin another one."""
ASKING: Final = re.compile(r"\b(?:bao nhieu|may|ai|nao|gi|dau|bao gio|the nao)\b")
"""Words, without diacritics, one of which every question has."""
SUPPORT: Final = r"(?:(?:hỗ\s+trợ|ho\s+tro)\s+)?"
"""A topic is told without this, but a support is asked about by its name."""
Reader = Callable[[str], Understanding]


def asked_at_once(text: str, meaning: Understanding, read: Reader) -> Understanding | None:
    """The first question with a button to each other, where a text asks several things about one matter of the plans;
    None for any other text.

    `meaning` is how the whole text reads, `read` reads a part of it.
    """
    first, *others = CUT.split(text)
    if not others or not isinstance(meaning.query, Plan):
        return None
    one = read(first)
    subject = subject_of(first, one, others)
    if one.status != "answer" or not subject:
        return None
    return with_later(one, [read(f"{subject} {other}") for other in others])


def with_later(one: Understanding, later: Sequence[Understanding]) -> Understanding | None:
    """The first question with a button to each later one; None if one of those asks neither the plans nor for a figure,
    or two of them ask the same."""
    if not all(map(asks_plan_or_figure, later)):
        return None
    queries = [reading.query for reading in later]
    kinds = set(map(kind_of, (one.query, *queries)))
    return replace(one, beside=question_offers(queries)) if len(kinds) > len(queries) else None


def asks_plan_or_figure(reading: Understanding) -> bool:
    """Whether a question asks the plans or for a figure."""
    return reading.status == "answer" and isinstance(reading.query, Plan | Lookup)


def subject_of(first: str, one: Understanding, others: Sequence[str]) -> str:
    """What the first question is about, in its own words; "" if later ones need not be about that."""
    project = PROJECT.search(first)
    if project is not None:
        return "" if any(map(PROJECT.search, others)) else project.group()
    asking = all(ASKING.search(bare(other.lower())) for other in others)
    if not (asking and isinstance(one.query, Plan) and one.query.topic):
        return ""
    topic = re.search(SUPPORT + r"\s+".join(map(re.escape, one.query.topic)), first, re.IGNORECASE)
    return topic.group() if topic else " ".join(one.query.topic)


def kind_of(question: Question) -> tuple[str, str]:
    """What tells questions about one matter apart: their frame, and what is asked of the plans."""
    return question.frame, question.about if isinstance(question, Plan) else ""

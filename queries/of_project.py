"""Two questions about one project in a text: "dự án 4 được bao nhiêu tiền, làm gì". The second leaves out which project."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from queries.frames import Plan, Question
from queries.understanding import Understanding, question_offer

PROJECT: Final = re.compile(
    r"(?:(?:tiểu|tieu)\s+)?(?:dự\s+án|du\s+an)\s+(?:số\s+|so\s+)?\d+(?:\.\d+)?", re.IGNORECASE
)
COMMA: Final = re.compile(r",\s+(?:và\s+|còn\s+)?|;\s+")


def two_of_project(
    text: str, meaning: Understanding, read: Callable[[str], Understanding]
) -> Understanding | None:
    """The first question with a button to the second, where a text asks two things about a project; None for any other."""
    first, _, rest = COMMA.sub("\0", text, count=1).partition("\0")
    project = PROJECT.search(first)
    if not rest or project is None or PROJECT.search(rest) or not isinstance(meaning.query, Plan):
        return None
    one, other = read(first), read(f"{project.group()} {rest}")
    if one.status != "answer" or other.status != "answer" or kind_of(one.query) == kind_of(other.query):
        return None
    return replace(one, beside=(question_offer(other.query),))


def kind_of(question: Question) -> tuple[str, str]:
    """What tells questions about a project apart: their frame, and what is asked of the plans."""
    return question.frame, question.about if isinstance(question, Plan) else ""

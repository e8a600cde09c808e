"""Understand a question in a plan's own words that name no figure: "theo kế hoạch, tập trung giải quyết tình trạng thiếu
đất ở cho bao nhiêu hộ đồng bào DTTS", "chỉ tiêu tuổi thọ trung bình người DTTS đạt trên 75 tuổi".

It must name a plan, not be understood otherwise, and have nearly all its words in one clause. If it begins with "chỉ tiêu",
it is about what a plan sets, whatever places or overviews its other words may seem to name.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from plans.programme import Programme
from queries.alike import folded, shared
from queries.dictionary import Dictionary
from queries.frames import Clause, Help, Plan, Progress
from queries.plan_names import PlanName
from queries.understanding import Doubt, Understanding

NAMING: Final = re.compile(
    r"\b(?:(?:theo|trong) )*(?:cac )?(?:ke hoach|chi tieu|muc tieu|van ban)(?: (?:giao|dat|ghi|noi|neu))?\b"
)
"""Words that name a plan, folded."""
GOAL: Final = re.compile(r"(?:chi tieu|muc tieu) (?!nao\b|gi\b)")
"""How a question about one target begins, folded."""
ASKING: Final = re.compile(r"\b(?:la )?bao nhieu(?: phan tram)?\b|\b(?:the nao|ra sao|khong)$")
"""Words that ask, folded; clauses do not have them."""
OF_PLAN: Final = re.compile(r" (?:ke hoach|chien luoc|chuong trinh|tinh|huyen) ")
"""Before a plan's name, folded."""
FEWEST: Final = 5
"""The fewest other words of such a question: fewer may belong to anything."""
FEW: Final = 2
"""The same where the words are all in one row of an office's own plan."""
YEAR: Final = re.compile(r"20\d\d")
LIKE: Final = 0.8
"""The share of these words that a clause must have."""
WHOLLY: Final = 1.0
LEADING_NOWHERE: Final = (
    Doubt.UNKNOWN_WORDS, Doubt.WHICH_INDICATOR, Doubt.NO_REST, Doubt.TOGETHER, Doubt.NOT_COLLECTED, Doubt.FUTURE,
    Doubt.OUTSIDE, None,
)  # fmt: skip
"""Doubts of an unanswered question whose words may still be a clause's. None: it was refused without a reason."""


def in_words_of_a_plan(
    text: str, meaning: Understanding, dictionary: Dictionary, sees: Callable[[int], bool]
) -> Understanding | None:
    """Return the question as one for what plans say, if its words are a clause's; else None.

    `meaning` is how the question was understood so far; `sees` tells whether the asker may see a place.
    """
    said = " ".join(folded(text))
    if not NAMING.search(said) or not (leads_nowhere(meaning) or GOAL.match(said)):
        return None
    of_plan = plan_named(said, dictionary)
    topic = ASKING.sub(" ", NAMING.sub(" ", of_plan.rest, count=1)).split()
    if leads_nowhere(meaning) and is_number_in_words(topic, dictionary):
        return target_of(topic, meaning, of_plan, sees)
    clauses = dictionary.clauses if len(topic) >= FEWEST else ()
    like = max((shared(topic, words) for words in clauses), default=0.0)
    if like < LIKE or not (leads_nowhere(meaning) or misses_goal(meaning, said, like)):
        return None
    about: Clause = "target" if isinstance(meaning.query, Plan) else "content"
    # A clause may name a place of its own, as "… bình quân chung của cả nước" does.
    places = tuple(filter(sees, meaning.query.places))
    return Understanding("answer", Plan(about=about, topic=tuple(topic), places=places, plans=of_plan.ids))


def is_number_in_words(topic: Sequence[str], dictionary: Dictionary) -> bool:
    """Whether some words are all in one row of an office's own plan that says a number: "chỉ tiêu thu ngân sách"."""
    words = frozenset(topic)
    return len(words) >= FEW and any(words <= row for row in dictionary.numbers_in_words)


class PlanSaid(NamedTuple):
    """The plan that a question names last, and what it says before: "… của kế hoạch Bắc Giang"."""

    rest: str
    ids: tuple[str, ...] = ()


def target_of(
    topic: Sequence[str], meaning: Understanding, of_plan: PlanSaid, sees: Callable[[int], bool]
) -> Understanding:
    """The question for what a plan sets, in these words."""
    years = [int(word) for word in topic if YEAR.fullmatch(word)]
    words = tuple(word for word in topic if not YEAR.fullmatch(word))
    places = tuple(filter(sees, meaning.query.places))
    year = years[0] if years else None
    plan = Plan(about="target", topic=words, places=places, plans=of_plan.ids, year=year)
    return Understanding("answer", plan)


def plan_named(said: str, dictionary: Dictionary) -> PlanSaid:
    """Tell the plan's name at the end of a folded question from the words that a clause may have."""
    rest, of, name = said.rpartition(" cua ")
    words = frozenset(OF_PLAN.sub(" ", f" {name} ").split())
    plans = dictionary.plans.programmes.values()
    ids = tuple(plan.id for plan in plans if is_named(plan, words))
    return PlanSaid(rest, ids) if of and ids else PlanSaid(said)


def is_named(plan: Programme, words: frozenset[str]) -> bool:
    """Whether words are a plan's name, and nothing else."""
    return words <= frozenset(folded(plan.title("vi"))) and PlanName.of(plan).is_said(words)


def leads_nowhere(meaning: Understanding) -> bool:
    """Whether a question has no answer, for a reason that leaves its words to a clause."""
    return meaning.status in ("clarify", "refuse") and meaning.doubt in LEADING_NOWHERE


def misses_goal(meaning: Understanding, said: str, like: float) -> bool:
    """Whether a question that begins with "chỉ tiêu" was taken for another one, or for a target without its number.

    `like`: the share of its words that a clause has.
    """
    query = meaning.query
    # Only with a number is it the plan's sentence: "chỉ tiêu nước hợp vệ sinh đạt chưa" asks how far the figure is.
    numbered = any(letter.isdigit() for letter in said)
    if isinstance(query, Plan):
        # A figure named in it may be that of another goal: "thu nhập … bằng 1/2 bình quân chung của cả nước".
        return query.about == "target" and (not query.indicators or (numbered and like == WHOLLY))
    return meaning.doubt is Doubt.NO_PLACE or (numbered and isinstance(query, Help | Progress))

"""Whether a question asks for what a plan sets: a target, by whatever words."""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Final

from queries.frames import Clause, Intent
from queries.parts import Parts
from queries.plan_names import COMMON, LEADS, YEAR, names_plan_behind, plans_named
from queries.spans import Span, Tag
from queries.timed import is_whole_year
from queries.vocabulary import AGAINST_PLAN, BY_PLAN, FALLS_DUE, GOALS, HOW_MUCH, MUST_BE_DONE, SET_BY_PLAN
from questionnaires.answers.text import bare
from questionnaires.answers.tokens import Table

SETS: Final = ("target", "norm")
"""Clauses that set something, which may be compared."""
ASKS_ITSELF: Final = (
    *(Tag.EACH, Tag.LISTED, Tag.HOW_MANY, Tag.ORDER, Tag.LEAD, Tag.BOUND, Tag.THAN, Tag.NUMBER),
    *(Tag.MOVED, Tag.REPORTED, Tag.TARGET, Tag.TARGETS, Tag.GAP, Tag.DONE, Tag.MEAN, Tag.PART),
)
"""With one of these, a question asks something by itself, not the same as before about another thing."""
BESIDES_PLAN: Final = (
    *(Tag.EACH, Tag.LISTED, Tag.ORDER, Tag.LEAD, Tag.BOUND, Tag.THAN, Tag.REPORTED, Tag.FORMAT),
    *(Tag.TARGET, Tag.TARGETS, Tag.GAP, Tag.DONE, Tag.MEAN, Tag.PART),
)
"""With one of these, more is asked than what the plan sets that is named."""
SAYS_WHERE: Final = (Tag.PLACE, Tag.OWN, Tag.LEVEL, Tag.AGE, Tag.PERIOD)
ALL_PLANS: Final = Table({"các kế hoạch": True, "các chiến lược": True, "các chương trình": True})
PLAN_LEADS: Final = Table({"kế hoạch": True, "chiến lược": True})


def asks_goal(parts: Parts) -> bool:
    """Whether it asks for a value that a plan sets."""
    return any(is_asked(parts) for is_asked in GOAL_QUESTIONS)


def must_be_reached(parts: Parts) -> bool:
    """Whether it asks what must be reached, for what is named now or was before."""
    if not parts.sentence.of(Tag.GOAL):
        return False
    before = parts.before.measure if parts.before else None
    named = parts.what or parts.what.doubtful or before
    return bool(named or parts.sentence.of(Tag.UNKNOWN, Tag.UNCOLLECTED))


def is_set_by_plan(parts: Parts) -> bool:
    """ "Theo kế hoạch … bao nhiêu", "đến 2025 phải … mấy hộ": how much, by a plan or in a year of the plans."""
    asks_amount = parts.what and parts.sentence.says(HOW_MUCH)
    return bool(asks_amount) and any(is_said(parts) for is_said in SAID_TO_BE_SET)


def is_of_year_to_come(parts: Parts) -> bool:
    """Whether a year to come is named: of that no figure is known."""
    return parts.context.today.year < last_year(parts)


def is_planned_for_year(parts: Parts) -> bool:
    """ "Kế hoạch năm 2025", "đến 2025 phải …"."""
    sentence = parts.sentence
    return (sentence.says(PLAN_LEADS) or sentence.says(MUST_BE_DONE)) and of_a_year(parts)


def is_by_plan(parts: Parts) -> bool:
    """ "Theo kế hoạch", and not how much of that was done."""
    return parts.sentence.says(BY_PLAN) and not parts.sentence.of(Tag.DONE)


def asks_what_is_set(parts: Parts) -> bool:
    """Whether it asks in one phrase what a plan sets, and not how much of that was reached: "kế hoạch bao nhiêu hộ"."""
    tokens, said = parts.sentence.tokens, parts.sentence.bare_words
    for place, _, end in SET_BY_PLAN.starts(tokens):
        reached = any(AGAINST_PLAN.past(tokens, at) == place for at in range(max(0, place - 2), place))
        if not reached and said[end : end + 1] not in (["phan"], ["%"]):
            return True
    return False


SAID_TO_BE_SET: Final[Sequence[Callable[[Parts], bool]]] = (
    asks_what_is_set,
    is_of_year_to_come,
    is_planned_for_year,
    is_by_plan,
)
"""What shows that an amount asked for is one that a plan sets."""


def names_goal(parts: Parts) -> bool:
    """ "Chỉ tiêu" beside something measured, or the goals of a year."""
    if not parts.sentence.is_in(GOALS, Tag.INTENT, Tag.UNKNOWN):
        return False
    if (parts.what or parts.sentence.of(Tag.DOMAIN)) and compares_plans(parts, "target"):
        return True
    if parts.what:
        return says_which_goal(parts)
    return names_only_plan(parts) or (names_only_year(parts) and of_a_year(parts))


def names_figure_of_plan(parts: Parts) -> bool:
    """Whether a figure is named beside the name of a plan, and nothing that picks units or was done: "kế hoạch Lạng Sơn
    nước hợp vệ sinh bao nhiêu", "tiến độ kế hoạch Bắc Kạn về hộ nghèo"."""
    if not names_plan_behind(parts) or not (parts.what or is_of_unseen_plan(parts)):
        return False
    tables = tables_of_plan(parts)
    if any(span not in tables for span in parts.sentence.of(*BESIDES_PLAN)):
        return False
    return all(asks_of_plan(parts, span) for span in parts.sentence.of(Tag.INTENT))


def is_of_unseen_plan(parts: Parts) -> bool:
    """Whether "bao nhiêu" asks for something that no figure is, of a plan whose place is none of the asker's: only the
    plan can tell it."""
    return parts.sentence.says(HOW_MUCH) and not names_place_seen(parts)


def tables_of_plan(parts: Parts) -> list[Span]:
    """The words for the table of targets that only lead to a plan's name: "tiến độ kế hoạch" of "… Bắc Kạn".

    None before a place that is certain and the asker's: its progress is told.
    """
    if names_place_seen(parts) and not parts.where.doubtful:
        return []
    said, tables = parts.sentence.bare_words, parts.sentence.of(Tag.TARGETS)
    return [span for span in tables if not span.value and said[span.end - 2 : span.end] in LEADS]


def names_place_seen(parts: Parts) -> bool:
    """Whether a place is named that the asker may ask about."""
    return any(parts.context.asker.sees(unit.id) for units in parts.where.groups for unit in units)


def asks_of_plan(parts: Parts, span: Span) -> bool:
    """Whether an intent beside a plan's name asks for what it sets: "giảm bao nhiêu"; or how far that is reached, where
    its place is none of the asker's, so that the plan alone can be meant."""
    tokens = parts.sentence.tokens
    if span.is_in(PLAN_LEADS, tokens) or span.is_in(BY_PLAN, tokens):
        return True
    if span.value is Intent.TREND:
        return parts.sentence.says(HOW_MUCH)
    return span.value is Intent.PROGRESS and not names_place_seen(parts)


def asks_what_falls_due(parts: Parts) -> bool:
    """Whether it asks for the targets of a year, of no figure and whatever their state: "chỉ tiêu nào hết hạn năm nay"."""
    if parts.what or parts.standing != "" or not parts.sentence.says(FALLS_DUE):
        return False
    return bool(years_said(parts)) or any(map(is_whole_year, parts.time.days))


GOAL_QUESTIONS: Final[Sequence[Callable[[Parts], bool]]] = (
    must_be_reached,
    is_set_by_plan,
    names_goal,
    names_figure_of_plan,
    asks_what_falls_due,
)


def says_which_goal(parts: Parts) -> bool:
    """Whether a "chỉ tiêu" stands beside a "bao nhiêu", a plan's name or a plan's year; or before one figure's name or a
    theme, with nothing else asked: "chỉ tiêu HDI", "mục tiêu giáo dục"."""
    if parts.sentence.says(HOW_MUCH) or plans_named(parts) or of_a_year(parts):
        return True
    first, *others = parts.sentence.meaningful
    named = names_first(parts, [span for span in others if span.tag not in SAYS_WHERE])
    alone = parts.sentence.of(*ASKS_ITSELF, Tag.INTENT, Tag.NEGATION) == [first]
    return named and alone and first.is_in(GOALS, parts.sentence.tokens)


def names_first(parts: Parts, spans: Sequence[Span]) -> bool:
    """Whether a figure's name comes first, or a theme and nothing else: "chỉ tiêu giảm nghèo của tỉnh"."""
    if [span.tag for span in spans] == [Tag.DOMAIN]:
        return True
    return bool(spans) and spans[:1] == parts.what.certain[:1]


def names_only_year(parts: Parts) -> bool:
    """ "Mục tiêu 2045": a time, and nothing else."""
    return parts.sentence.meaningful[1:] == parts.sentence.of(Tag.PERIOD, Tag.FUTURE)


def names_only_plan(parts: Parts) -> bool:
    """ "Mục tiêu của kế hoạch 352": a plan's name, and nothing else."""
    if parts.sentence.of(*ASKS_ITSELF) or not parts.sentence.says(PLAN_LEADS):
        return False
    named = frozenset().union(*map(attrgetter("words"), plans_named(parts)))
    said = {bare(word) for span in parts.sentence.of(Tag.UNKNOWN) for word in parts.sentence.said(span)}
    return bool(named) and said <= named | COMMON


def of_a_year(parts: Parts) -> bool:
    """Whether a year of the plans other than this one is named: "chỉ tiêu giảm nghèo đến năm 2030"."""
    return bool(set(years_said(parts)) - {parts.context.today.year})


def last_year(parts: Parts) -> int:
    """The last year that is named; 0 if none is."""
    return max(years_said(parts), default=0)


def years_said(parts: Parts) -> list[int]:
    """The years that are named by their number."""
    return [int(token.text) for token in parts.sentence.tokens if YEAR.fullmatch(token.text)]


def compares_plans(parts: Parts, about: Clause) -> bool:
    """Whether it asks what all plans set, side by side: "chỉ tiêu … của các tỉnh khác nhau thế nào"."""
    units = bool(parts.sentence.values(Tag.EACH)) or parts.sentence.says(ALL_PLANS)
    among = "tinh" in parts.sentence.values(Tag.EACH)
    return about in SETS and (among or (units and Intent.COMPARE in parts.kinds))

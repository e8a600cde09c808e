"""A value that the question itself wants to be reached: "còn thiếu bao nhiêu hộ để đạt 95 %", "đã đạt 90% chưa".

It is told how far the figure is from that value, whatever a plan sets.
"""

from typing import Final

from queries.frames import Bound, Intent, Relation
from queries.measured import Measured
from queries.spans import Sentence, Span, Tag
from queries.vocabulary import GOALS, HOW_MUCH, PARTICLES, PURPOSE_OF_REACHING
from queries.where import Asker, Where

OTHERWISE: Final = (
    *(Tag.THAN, Tag.TARGET, Tag.NUMBER, Tag.EACH, Tag.LISTED, Tag.HOW_MANY),
    *(Tag.ORDER, Tag.LEAD, Tag.MEAN, Tag.PART, Tag.REPORTED, Tag.FOLLOW, Tag.FORMAT, Tag.PREVIOUS),
)
"""With one of these, a bound picks units, or something else is asked."""


def aim_of(sentence: Sentence, what: Measured, where: Where, asker: Asker) -> Bound | None:
    """The value whose distance is asked of one figure of one place; None if none is."""
    spans = sentence.of(Tag.BOUND)
    if len(spans) != 1 or not is_of_one_figure(sentence, what, where, asker):
        return None
    span = spans[0]
    asks = (
        what.asks_gap,
        is_purpose(sentence, span),
        stands_behind_goal(sentence, span),
        asks_yet(sentence, span),
        bool(sentence.of(Tag.GOAL)),  # "bao giờ đạt 95 %": no day is known, but how far it is
    )
    return one_bound(span) if any(asks) else None


def is_of_one_figure(sentence: Sentence, what: Measured, where: Where, asker: Asker) -> bool:
    """Whether nothing is named but one figure of one place."""
    if not all(map(asker.stands_at, sentence.values(Tag.LEVEL))):
        return False  # "thôn nước hợp vệ sinh đạt 80%": units below
    return len(what.named) == 1 and len(where.groups) <= 1 and not sentence.of(*OTHERWISE)


def one_bound(span: Span) -> Bound | None:
    """The one bound of a span; of an exact number that this much is to be reached; None for a range."""
    first, last = span.value[0], span.value[-1]
    if first is last:
        return Bound(first.relation, first.value, first.unit)
    return Bound(Relation.AT_LEAST, first.value, first.unit) if first.value == last.value else None


def is_purpose(sentence: Sentence, span: Span) -> bool:
    """Whether it is asked how much it takes to reach a bound: "để đạt 95% … thì cần bao nhiêu hộ"."""
    before = PURPOSE_OF_REACHING.first_in(sentence.tokens, range(span.end))
    return bool(before or "nua" in sentence.bare_words) and sentence.says(HOW_MUCH)


def stands_behind_goal(sentence: Sentence, span: Span) -> bool:
    """Whether a bound is called a goal: "còn cách mục tiêu 98 %"."""
    starts = range(max(0, span.start - 2), span.start)
    goals = (GOALS.at(sentence.tokens, start) for start in starts)
    return any(goal is not None and goal[1] == span.start for goal in goals)


def asks_yet(sentence: Sentence, span: Span) -> bool:
    """Whether it is asked whether a bound is reached: "đã đạt 80% chưa"; not of a plan: "đạt 100% kế hoạch chưa"."""
    planned = Intent.PROGRESS in sentence.values(Tag.INTENT)
    behind = range(span.end, len(sentence.tokens))
    return not planned and PARTICLES.first_in(sentence.tokens, behind) is not None

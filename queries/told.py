"""Checks that a question contains everything that was said.

For each tag: whether its spans are represented in the question's slots. The answer would ignore or override the
others, so the bot asks about them, and no answer to a part passes for the whole.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

from queries.frames import (
    Aspect,
    Bound,
    Compare,
    Days,
    Difficulties,
    Export,
    Format,
    Help,
    Intent,
    Listing,
    Lookup,
    Missing,
    Open,
    Order,
    Plan,
    Progress,
    Question,
    Ranking,
    Trend,
)
from queries.measured import is_by_how_much
from queries.spans import Sentence, Span, Tag
from queries.tasking import TABLE
from queries.timed import days_of
from queries.understanding import FELL, ROSE, UNMOVED

ALSO: Final[Mapping[Intent, frozenset[Intent]]] = {
    Intent.RANKING: frozenset((Intent.COMPARE,)),
    Intent.TREND: frozenset((Intent.COMPARE,)),
    Intent.EXPORT: frozenset((Intent.COMPARE, Intent.RANKING)),
}
"""Further kinds that answers of each kind cover too."""


def untold(question: Question, sentence: Sentence) -> Span | None:
    """The first span that the answer to `question` would ignore or override; None for none."""
    return min(spans_untold(question, sentence), key=lambda span: span.start, default=None)


def spans_untold(question: Question, sentence: Sentence) -> Iterator[Span]:
    """Every span that the question does not represent."""
    for span in sentence.spans:
        is_told = TOLD.get(span.tag, always)
        if not (is_told(question, span) or any(aside(question, sentence, span) for aside in BY_OTHERS)):
            yield span
    several = isinstance(question, Trend | Compare) or question.measure.aspect is Aspect.CHANGE
    several = several or (question.when.run and is_of_each_period(question))
    if len(question.periods) > 1 and not several:
        yield from sentence.of(Tag.PERIOD, Tag.POINT)[-1:]


def closes_order(question: Question, sentence: Sentence, span: Span) -> bool:
    """Whether a span is the "nhất" that ends an order begun before it."""
    return span.tag is Tag.ORDER and span.end == span.start + 1 and len(sentence.of(Tag.ORDER)) > 1


def asks_other_end(question: Question, sentence: Sentence, span: Span) -> bool:
    """Whether a span asks for the other end too ("nhiều nhất và ít nhất"): a ranking of all units shows both."""
    whole = isinstance(question, Ranking) and question.order and not (question.picked or question.count)
    listed = any(other.lists(sentence.tokens) for other in sentence.spans if other.end <= span.start)
    return span.tag is Tag.ORDER and bool(whole) and listed


def asks_which(question: Question, sentence: Sentence, span: Span) -> bool:
    """Whether a span asks which of two places has more: "Vĩnh Thông với Cẩm Giàng, xã nào nhiều hơn"."""
    two = isinstance(question, Compare) and len(question.places) == 2
    return two and span.tag is Tag.EACH and bool(sentence.of(Tag.THAN))


def asks_least(question: Question, sentence: Sentence, span: Span) -> bool:
    """Whether a span is a part of "giảm chậm nhất", "tăng ít nhất": the units that moved least that way come first."""
    changes = isinstance(question, Ranking) and question.measure.aspect is Aspect.CHANGE
    least = any(order in LEAST for order in sentence.values(Tag.ORDER))
    return changes and least and span.tag in (Tag.MOVED, Tag.ORDER)


def asks_by_how_much(question: Question, sentence: Sentence, span: Span) -> bool:
    """Whether a span asks by how much each unit changed, which a ranking of changes tells: "các xã giảm bao nhiêu"."""
    changes = isinstance(question, Ranking) and question.measure.aspect is Aspect.CHANGE
    return changes and is_by_how_much(sentence, span)


LEAST: Final = (Order.LOWEST, Order.WORST)
BY_OTHERS: Final = (closes_order, asks_other_end, asks_which, asks_least, asks_by_how_much)
"""The ways in which other words of the question can represent a span that its slots do not."""


def always(question: Question, span: Span) -> bool:
    return True


def office(question: Question, span: Span) -> bool:
    """Whether the question is about plans: an agency has tasks, but no figures of its own."""
    return isinstance(question, Plan)


def intent(question: Question, span: Span) -> bool:
    """Whether the answer covers the kind of question that a word asks for ("xu hướng … các xã")."""
    gap = {Intent.PROGRESS} if question.measure.aspect is Aspect.GAP else set()
    aimed = {Intent.TREND} if question.measure.aim is not None else set()
    kinds = {question.intent} | gap | aimed | ALSO.get(question.intent, frozenset())
    return span.value in kinds or isinstance(question, Help | Open)


def order(question: Question, span: Span) -> bool:
    if question.measure.aspect is Aspect.CHANGE:
        return span.value in (Order.HIGHEST, Order.BEST)
    if isinstance(question, Missing):
        return span.value is Order.HIGHEST  # units stand in the order of what is missing
    if isinstance(question, Trend):
        return question.order is span.value
    return isinstance(question, Listing) and question.order == span.value


def moved(question: Question, span: Span) -> bool:
    """Whether the question is about that change over time, or ranks units by it in the direction named."""
    if implies_change(question) or question.measure.aim is not None:
        return True
    if isinstance(question, Ranking) and question.measure.aspect is Aspect.CHANGE:
        return moves_that_way(question, span.value)
    return isinstance(question, Trend)


def moves_that_way(question: Ranking, said: Order) -> bool:
    """Whether units are ranked or picked by a change in the direction said."""
    if said in (Order.BEST, Order.WORST) and question.bounds in ((ROSE,), (FELL,)):
        return True  # units that got better, or worse
    way = question.order or (Order.HIGHEST if question.bounds == (ROSE,) else Order.LOWEST)
    return way == said


def implies_change(question: Question) -> bool:
    """Whether an answer tells how something moved, whatever the direction: between two times, or towards a target."""
    if isinstance(question, Compare):
        return len(question.periods) > 1
    # A target may be about how something moves: "chưa đạt chỉ tiêu giảm nghèo".
    return isinstance(question, Progress) or (isinstance(question, Listing) and question.met is not None)


def stayed(question: Question, span: Span) -> bool:
    """Whether the question picks units that stayed as they were, or tells over time whether one place did."""
    return isinstance(question, Trend) or (isinstance(question, Ranking) and question.bounds == UNMOVED)


def gap(question: Question, span: Span) -> bool:
    """Whether the question asks what is missing, or what a plan sets; a mere "để đạt" may stand beside anything."""
    if isinstance(question, Ranking) and question.bounds:
        return not span.value  # units are picked by the value that was to be reached
    return question.measure.aspect is Aspect.GAP or isinstance(question, Progress | Plan) or not span.value


def part(question: Question, span: Span) -> bool:
    """Whether the question asks for a part of a larger unit; "chiếm" may also just stand beside a share."""
    return question.measure.aspect is Aspect.PART or not span.value


def bound(question: Question, span: Span) -> bool:
    kept = [sides(one) for one in bounds_of(question)]
    if question.measure.aim is not None:
        kept += [sides(replace(question.measure.aim, relation=one.relation)) for one in span.value]
    return all(sides(one) in kept for one in span.value)


def bounds_of(question: Question) -> Iterator[Bound]:
    """Yield the bounds within which units are picked, those on the other figures last."""
    if isinstance(question, Listing):
        yield from question.bounds
    if isinstance(question, Ranking):
        yield from chain.from_iterable(condition.bounds for condition in question.also)


def than(question: Question, span: Span) -> bool:
    """Whether the question picks units by another place's value, or compares two places, times or figures."""
    compared = (question.places, question.periods, question.indicators)
    two = isinstance(question, Compare) and 2 in map(len, compared)
    return two or (isinstance(question, Ranking) and question.than is not None)


def sides(one: Bound) -> tuple[str, str]:
    """Return a bound without its unit, which the indicator may supply."""
    return one.relation.value, str(one.value)


def target(question: Question, span: Span) -> bool:
    return isinstance(question, Progress) or (isinstance(question, Listing) and question.met is span.value)


def targets(question: Question, span: Span) -> bool:
    return isinstance(question, Progress) and span.value in ("", question.standing)


def number(question: Question, span: Span) -> bool:
    count, level = span.value
    return isinstance(question, Ranking | Open) and question.count == count and level in ("", question.level)


def form(question: Question, span: Span) -> bool:
    told = question.format if isinstance(question, Ranking | Trend | Export | Open) else Format.TEXT
    return told is span.value


def units(question: Question, span: Span) -> bool:
    """Whether the question lists units of the level named. A unit that the indicator itself counts makes no list."""
    if isinstance(question, Lookup):
        return span.tag is Tag.HOW_MANY
    if isinstance(question, Difficulties):
        return True
    if not isinstance(question, Listing | Missing):
        return False
    return question.level == span.value or (not span.value and says_which_units(question))


def says_which_units(question: Listing | Missing) -> bool:
    """Whether "… nơi nào" means the units named, with those beside them, or those of the level that was said before it."""
    return len(question.places) > 1 or (isinstance(question, Listing) and bool(question.level))


def previous(question: Question, span: Span) -> bool:
    """Whether the answer tells an earlier time beside one time of one place."""
    alone = len(question.periods) < 2
    over_time = isinstance(question, Trend) or question.measure.aspect is Aspect.CHANGE
    return over_time and question.when.against == span.value and alone


def back(question: Question, span: Span) -> bool:
    """Whether the answer is about the latest few periods or the one before, without a named time or a comparison."""
    count, unit = span.value
    when = question.when
    if not count:
        return True
    if when.periods or when.against:
        return False
    if unit == "this":
        return bool(when.ago == count)
    return bool(when.back == count and (isinstance(question, Trend | Export) or changes_over(question)))


def changes_over(question: Question) -> bool:
    """Whether units are picked or ranked by what several periods changed, or by what held in each of them."""
    moved = isinstance(question, Ranking) and question.measure.aspect is Aspect.CHANGE
    return moved or (question.when.run and is_of_each_period(question))


def run(question: Question, span: Span) -> bool:
    """Whether each of several periods is told: how one place moved, which units did, which have sent nothing."""
    return tells_each_period(question)


def tells_each_period(question: Question) -> bool:
    """Whether the answer is about each of several periods."""
    return isinstance(question, Trend) or is_of_each_period(question)


def is_of_each_period(question: Question) -> bool:
    """Whether units are picked by what held in each of several periods; a target and another place's value are of one."""
    if not isinstance(question, Ranking):
        return isinstance(question, Missing)
    moved = question.measure.aspect is Aspect.CHANGE
    return moved or (bool(question.bounds) and question.than is None and question.met is None)


def reported(question: Question, span: Span) -> bool:
    return isinstance(question, Missing)


def indicator(question: Question, span: Span) -> bool:
    named = bool(question.domain) if isinstance(question, Missing) else not isinstance(question, Difficulties)
    return len(span.value) > 1 or named


def domain(question: Question, span: Span) -> bool:
    return not isinstance(question, Difficulties)


def period(question: Question, span: Span) -> bool:
    """Whether the time lies within the one asked for, or is the year of the comparison."""
    if question.when.against:
        return True
    if isinstance(question, Progress) and (not question.periods or question.standing == TABLE):
        return True  # the year of a target that is to come, the day of a task: progress is told as of now
    return all(lies_within(days, question.periods) for days in days_of(span.value))


def lies_within(days: Days, periods: Sequence[Days]) -> bool:
    """Whether all of some days are in one of these periods."""
    return any(first <= days[0] and days[1] <= last for first, last in periods)


TOLD: Final[Mapping[Tag, Callable[[Question, Span], bool]]] = {
    Tag.OFFICE: office,
    Tag.INTENT: intent,
    Tag.ORDER: order,
    Tag.BOUND: bound,
    Tag.THAN: than,
    Tag.GAP: gap,
    Tag.MOVED: moved,
    Tag.PART: part,
    Tag.STAYED: stayed,
    Tag.TARGET: target,
    Tag.TARGETS: targets,
    Tag.NUMBER: number,
    Tag.FORMAT: form,
    Tag.EACH: units,
    Tag.LISTED: units,
    Tag.HOW_MANY: units,
    Tag.PREVIOUS: previous,
    Tag.BACK: back,
    Tag.RUN: run,
    Tag.REPORTED: reported,
    Tag.INDICATOR: indicator,
    Tag.DOMAIN: domain,
    Tag.PERIOD: period,
    Tag.POINT: period,
}

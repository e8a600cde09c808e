"""From one way to cut a question into spans to what it asks, or to what must be asked back.

What is measured, where, when and of which units are read each by itself; their kind of question is the first of a
table whose words were said. Then each step either goes on with the question or asks back: nothing is guessed.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from plans import levels
from plans.indicator import Indicator
from queries.frames import (
    Aspect,
    Bound,
    Compare,
    Help,
    Intent,
    Listing,
    Lookup,
    Measure,
    Missing,
    Open,
    Order,
    Progress,
    Question,
    Ranking,
    Trend,
    as_kind,
    slots_of,
)
from queries.going_on import beside, follows, go_on
from queries.measured import counted_in, is_share
from queries.parts import Parts, QuestionContext
from queries.planned import plan_question
from queries.repair import all_known, meant_by_all, unexplained
from queries.spans import Sentence, Span, Tag
from queries.told import untold
from queries.understanding import ANY, NONE, WHOLE, Doubt, Offer, Understanding, which_indicator, without_rest
from queries.vocabulary import EXACTLY, THANKS
from queries.where import level_of
from questionnaires.answers.text import bare

NAMESAKES: Final = 48
"""So many places of one name are offered, a page at a time."""
REFUSED: Final = (
    (Tag.PERSONAL, Doubt.PERSONAL),
    (Tag.CHANGE, Doubt.CHANGE),
    (Tag.OUTSIDE, Doubt.OUTSIDE),
)


def interpret(sentence: Sentence, context: QuestionContext, before: Question | None) -> Understanding:
    """What to do with a question that is cut so; `before` is the one before it."""
    parts = Parts(sentence, context, before)
    for tag, doubt in REFUSED:
        if sentence.of(tag):
            return Understanding("refuse", Open(), doubt)
    if sentence.is_in(THANKS, Tag.FILLER) and not sentence.meaningful:
        return Understanding("refuse", Open(), Doubt.THANKS)
    if parts.names_person or (parts.what.asks_who and not isinstance(parts.question, Missing)):
        return Understanding("refuse", Open(), Doubt.PERSONAL)
    if plan := plan_question(parts):
        return Understanding("answer", plan)
    if isinstance(parts.question, Help):
        return Understanding("help", parts.question)
    question: Question = parts.question
    went_on = False
    for step in STEPS:
        reached = step(parts, question)
        if isinstance(reached, Understanding):
            return replace(reached, went_on=went_on)
        went_on = went_on or (step is gone_on and reached is not question)
        question = reached
    return Understanding("answer", question, went_on=went_on)


def ask(
    question: Question, doubt: Doubt, words: Sequence[str], offers: tuple[Offer, ...] = ()
) -> Understanding:
    """Ask back about some words."""
    return Understanding("clarify", question, doubt, offers, tuple(words))


def drop(parts: Parts, *spans: Span) -> tuple[Offer, ...]:
    """The way on without some words."""
    rest = parts.sentence.without(spans)
    return (Offer("drop", rest),) if rest else ()


# --- where ------------------------------------------------------------------------------------------------


def placed(parts: Parts, question: Question) -> Question | Understanding:
    """With the places that were named, where each is one that may be asked about."""
    where = parts.where
    if words := where.unseen:
        others = seen_places(parts) or drop(parts, *parts.sentence.of(Tag.PLACE))
        return ask(question, Doubt.NO_PLACE, words, others)
    if words := where.misplaced:
        return ask(question, Doubt.NO_PLACE, words, seen_places(parts))
    if not parts.unread and any(len(units) > 1 for units in where.groups):
        return which_place(parts, question)
    question = beside(parts, replace(question, places=where.places(where.groups)))
    if parts.which.asks_rank and isinstance(question, Ranking) and not question.level:
        return replace(question, level=where.level(question.places))
    return question


def seen_places(parts: Parts) -> tuple[Offer, ...]:
    """Those of the places named that may be asked about."""
    first = (units[0].id for units in parts.where.groups)
    return tuple(Offer("place", str(id)) for id in first if parts.context.asker.sees(id))


def which_place(parts: Parts, question: Question) -> Understanding:
    """A name fits several places: those are offered, beside the places that are sure."""
    doubtful = [units for units in parts.where.groups if len(units) > 1]
    units = [unit for namesakes in doubtful for unit in namesakes]
    offers = tuple(Offer("place", str(unit.id)) for unit in parts.where.nearest(units)[:NAMESAKES])
    placed = replace(question, places=(units[0].id,))
    if parts.before is not None and follows(parts, placed):
        question = go_on(parts.before, placed)
    elif len(doubtful) > 1 and isinstance(question, Compare):
        question = as_kind(question, Intent.FIGURE)
    if len(doubtful) > 1:
        return Understanding("clarify", replace(question, places=()), Doubt.ONE_PLACE, offers)
    sure = parts.where.places([namesakes for namesakes in parts.where.groups if len(namesakes) == 1])
    return Understanding("clarify", replace(question, places=sure), Doubt.WHICH_PLACE, offers)


def explained(parts: Parts, question: Question) -> Question | Understanding:
    """With no word left over, or with the one indicator that has all of them in a name."""
    if not parts.unread:
        return question
    back = unexplained(parts, question)
    if back.doubt is not Doubt.WHICH_INDICATOR or not all_known(parts):
        return back
    if isinstance(question, Missing):
        domains = {parts.plans[offer.value].domain for offer in back.offers}
        return replace(question, measure=Measure(domain=min(domains))) if len(domains) == 1 else back
    id = meant_by_all(parts)
    if not id:
        return back
    named = question.measuring(id)
    narrowed = replace(named.measure, narrowed=parts.what.is_narrower(id))
    loose = isinstance(question, Open) or (
        isinstance(question, Progress) and Intent.PROGRESS not in parts.kinds
    )
    kind = Intent.FIGURE if loose else question.intent
    return as_kind(replace(named, measure=narrowed), kind)


def bound_to_units(parts: Parts, question: Question) -> Question | Understanding:
    """With no bound that picks no units: "đã đạt 80% chưa", "đạt 100% kế hoạch", "hộ nghèo dưới 10% chưa"."""
    sentence = parts.sentence
    planned = sentence.of(Tag.TARGET) or Intent.PROGRESS in parts.kinds
    listed = parts.which.units or sentence.of(Tag.LEVEL, Tag.NUMBER)
    for span in sentence.of(Tag.BOUND):
        words = sentence.said(span)
        exactly = replace(span, end=span.start + 1).is_in(EXACTLY, sentence.tokens) and len(span.value) > 1
        asks = sentence.of(Tag.NEGATION) and not parts.what.turned_round
        if planned or (not listed and (exactly or asks or "dat" in map(bare, words))):
            denied = sentence.of(Tag.NEGATION) if asks else []
            return ask(question, Doubt.TOGETHER, words, drop(parts, span, *denied))
    return question


def in_time(parts: Parts, question: Question) -> Question | Understanding:
    """With a time that can be told."""
    time, sentence = parts.time, parts.sentence
    if words := time.against_no_year:
        return ask(question, Doubt.WHICH_PERIOD, words, drop(parts, *time.of_previous))
    if words := parts.where.not_own:
        return ask(question, Doubt.NO_PLACE, words, drop(parts, *sentence.of(Tag.OWN, Tag.NATION)))
    if time.to_come:
        return ask(question, Doubt.FUTURE, (), drop(parts, *sentence.of(Tag.FUTURE, Tag.PERIOD)))
    if words := time.statutory:
        return ask(question, Doubt.WHICH_DAYS, words, drop(parts, *sentence.of(Tag.PERIOD)))
    if not all(map(parts.context.asker.sees, question.places)):
        spans = sentence.of(Tag.OWN, Tag.NATION)
        return ask(question, Doubt.NO_PLACE, sentence.words(Tag.OWN, Tag.NATION), drop(parts, *spans))
    return question


def gone_on(parts: Parts, question: Question) -> Question:
    """Going on from the question before, where this one is not complete by itself."""
    if parts.before is not None and follows(parts, question):
        return go_on(parts.before, question)
    return question


# --- what -------------------------------------------------------------------------------------------------


def about(parts: Parts, question: Question) -> Question | Understanding:
    """With something that can be told; else it is asked what."""
    doubtful = [span for span in parts.sentence.of(Tag.INDICATOR) if len(span.value) > 1]
    if isinstance(question, Missing) and doubtful:
        return of_their_domain(parts, question, doubtful[0].value)
    if doubtful:
        return which_indicator(question, doubtful[0].value)
    match question:
        case Open():
            on = parts.sentence.of(Tag.FOLLOW) or question.places or question.periods
            return which_indicator(question) if on else Understanding("refuse", question, Doubt.OUTSIDE)
        case Ranking() if question.counts_units and not question.when:
            return question
        case Lookup() | Ranking() | Trend() | Compare() if not question.measure:
            return which_indicator(question)
        case Progress():
            return of_one_domain(parts, question)
    return question


def of_their_domain(parts: Parts, question: Missing, ids: Sequence[str]) -> Question | Understanding:
    """Who has reported on "nước": the domain that is meant by all that the word may name."""
    domains = {parts.plans[id].domain for id in ids}
    if len(domains) > 1:
        return which_indicator(question, ids)
    return replace(question, measure=Measure(domain=min(domains)))


def of_one_domain(parts: Parts, question: Progress) -> Question | Understanding:
    """Progress in one domain; in all of them only as of now."""
    if len({parts.plans[id].domain for id in question.indicators}) > 1:
        return which_indicator(question, question.indicators)
    past = question.when.ago or (question.periods and question.periods[-1][1] < parts.context.today)
    return which_indicator(question) if past and not question.measure else question


def of_aspect(parts: Parts, question: Question) -> Question | Understanding:
    """With an indicator that counts what is asked: what was done is not what there is, an amount is no share."""
    measure = question.measure
    if measure.aspect is Aspect.DONE and measure.indicators:
        plans = parts.plans
        id = measure.indicators[0]
        if isinstance(question, Lookup) and plans[id].done:
            return question
        beside = [
            other.id for other in plans.values() if other.domain == plans[id].domain and other.better == "up"
        ]
        level = replace(question, measure=replace(measure, aspect=Aspect.LEVEL))
        return which_indicator(level, [*beside[: OFFERED_DONE - 1], id])
    if measure.by == "share" and measure.indicators:
        return question.measuring(*(parts.what.share_of(id) or id for id in measure.indicators))
    return question


OFFERED_DONE: Final = 6
"""So many ways to say what was done are offered."""


def bounded(parts: Parts, question: Question) -> Question | Understanding:
    """With bounds that can be held against what is asked about; one without a unit is in that of the indicator."""
    if not isinstance(question, Listing):
        return question
    plans = parts.plans
    units = {unit_of(plans[id]) for id in question.indicators}
    if len(units) == 1 and question.bounds not in ((ANY,), (NONE,)):
        bounds = tuple(replace(bound, unit=bound.unit or min(units)) for bound in question.bounds)
        question = replace(question, bounds=bounds)
    if all(fits(bound, plans[id]) for bound in question.bounds for id in question.indicators):
        return question
    if len(question.indicators) > 1:
        return which_indicator(replace(question, bounds=()), question.indicators)
    spans = parts.sentence.of(Tag.BOUND)
    return ask(question, Doubt.TOGETHER, parts.sentence.words(Tag.BOUND), drop(parts, *spans))


def unit_of(indicator: Indicator) -> str:
    """An indicator's unit as a bound has it; "" where it is neither percent nor households nor people."""
    return "%" if is_share(indicator) else counted_in(indicator.unit_name())


def fits(bound: Bound, indicator: Indicator) -> bool:
    """Whether a bound can be held against an indicator: not percent of a count, nor people where households count."""
    if bound.unit == "%":
        return is_share(indicator) and bound.value <= WHOLE
    if not bound.counts:
        return True
    return counted_in(indicator.name() if indicator.rate else indicator.unit_name()) == bound.unit


# --- of which units ---------------------------------------------------------------------------------------


def of_bare_level(parts: Parts, question: Question) -> Question:
    """ "thôn thiếu nước": a level before everything else, below the asker's own, lists its units."""
    first = parts.sentence.meaningful[:1]
    if not isinstance(question, Lookup) or not question.indicators or not first:
        return question
    level, asker = first[0], parts.context.asker
    if level.tag is not Tag.LEVEL or asker.place in (
        asker.own_levels.get(level.value),
        asker.own_levels.get("thon"),
    ):
        return question
    if any(parts.what.counts_units(id, level.value) for id in question.indicators):
        return question
    return where_it_applies(parts, as_kind(question, Intent.RANKING, level=level.value))


def of_one_place(parts: Parts, question: Question) -> Question | Understanding:
    """With one place, where only one can be told of."""
    if not isinstance(question, Trend | Missing | Progress) or len(question.places) <= 1:
        return question
    offers = tuple(Offer("place", str(id)) for id in question.places)
    return Understanding("clarify", replace(question, places=()), Doubt.ONE_PLACE, offers)


def summed_up(parts: Parts, question: Question) -> Question | Understanding:
    """Up to a time what is counted over a time is counted from the year's beginning; it has no figure of a moment."""
    flows = [id for id in parts.indicators_of(question) if not parts.plans[id].stock]
    if not flows:
        return question
    when, today = question.when, parts.context.today
    if not parts.time.up_to:
        points = parts.sentence.of(Tag.POINT)
        words = parts.sentence.words(Tag.POINT)
        return ask(question, Doubt.WHICH_PERIOD, words, drop(parts, *points)) if points else question
    if len(when.periods) > 1 or when.back or isinstance(question, Trend):
        return question
    last = when.periods[0][1] if when.periods else today
    first = min(when.periods[0][0] if when.periods else last, last.replace(month=1, day=1))
    return replace(question, when=replace(when, periods=((first, last),)))


def of_one_indicator(parts: Parts, question: Question) -> Question | Understanding:
    """With one indicator where only one can be told, or denied."""
    question = without_any(parts, question)
    named, plans = question.indicators, parts.plans
    mixed = len(named) > 1 and (question.complement or parts.what.run_together)
    if question.complement and any(not plans[id].rate for id in named):
        return without_rest(
            question, named, parts.sentence.words(Tag.NEGATION), parts.context.dictionary.plans
        )
    if mixed:
        level = replace(question, measure=replace(question.measure, aspect=Aspect.LEVEL))
        return which_indicator(level, named)
    if question.domain and not named and (parts.what.denies_domain or parts.what.counts_domain):
        return which_indicator(question, parts.context.dictionary.of_domain(question.domain))
    several = parts.indicators_of(question)
    alone = isinstance(question, Ranking | Trend) and len(several) > 1
    return which_indicator(question, several) if alone else question


def without_any(parts: Parts, question: Question) -> Question:
    """ "xã nào hết nhà tạm", "thôn nào không có hộ nghèo": the units with none; not those with some of the rest."""
    if not isinstance(question, Ranking) or not question.complement or not question.level:
        return question
    listed = parts.sentence.of(Tag.LISTED, Tag.HOW_MANY) or parts.picks
    indicator = parts.plans[question.indicators[0]]
    more_is_better = indicator.rate and indicator.better == "up"
    if not listed or is_picked(question) or more_is_better:
        return question
    if parts.what.counts_units(indicator.id, question.level):
        return question
    level = replace(question.measure, aspect=Aspect.LEVEL)
    return replace(question, measure=level, bounds=(NONE,))


def is_picked(question: Listing) -> bool:
    """Whether only some units were asked for."""
    than = isinstance(question, Ranking) and question.than is not None
    return bool(question.bounds) or than or question.met is not None


def listed(parts: Parts, question: Question) -> Question:
    """With the level that a bare type word names, and only the units to which it applies where these are asked for."""
    if isinstance(question, Ranking) and not question.level:
        level = next((str(span.value) for span in parts.sentence.of(Tag.LEVEL)), "")
        question = replace(question, level=level)
    asked_for = isinstance(question, Ranking) and parts.sentence.of(Tag.EACH) and parts.picks
    if parts.sentence.of(Tag.LISTED) or asked_for:
        return where_it_applies(parts, question)
    return question


def where_it_applies(parts: Parts, question: Question) -> Question:
    """Only the units that have any of what was named; all of them, where that is a rate of what is wanted."""
    if not isinstance(question, Listing) or not question.indicators:
        return question
    if is_picked(question) or question.order or parts.sentence.of(Tag.LEAD, Tag.NUMBER):
        return question
    id = question.indicators[0]
    some = not parts.plans[id].rate or parts.what.counts_units(id, question.level)
    if not some and not question.complement:
        return question
    return replace(question, bounds=(ANY,), order=Order.HIGHEST)


def of_one_end(parts: Parts, question: Question) -> Question | Understanding:
    """With an end that stands first: "đứng đầu" is neither of what should be little."""
    leads = [span for span in parts.sentence.of(Tag.LEAD) if span.value is Order.BEST]
    if not leads or not isinstance(question, Ranking) or not question.indicators:
        return question
    if (parts.plans[question.indicators[0]].better == "up") is not question.complement:
        return question
    words = parts.sentence.said(leads[0])
    return ask(question, Doubt.WHICH_END, words, (Offer("order", "highest"), Offer("order", "lowest")))


# --- all of it --------------------------------------------------------------------------------------------


def accounted_for(parts: Parts, question: Question) -> Question | Understanding:
    """With all that was said in it."""
    how_many = parts.sentence.of(Tag.HOW_MANY)
    if how_many and parts.what.wholes:
        return ask(question, Doubt.TOGETHER, parts.sentence.said(how_many[0]), drop(parts, how_many[0]))
    if kind := parts.which.narrow_kind:
        offers = (Offer("text", parts.which.widened()),)
        return ask(question, Doubt.TOGETHER, kind, offers)
    odd = [*parts.where.of_no_such_age, *loose_levels(parts, question)]
    over = untold(question, parts.sentence) or next(iter(odd), None)
    if over is not None:
        return ask(question, Doubt.TOGETHER, parts.sentence.said(over), drop(parts, over))
    level = question.level if isinstance(question, Listing) else ""
    if other := parts.what.of_level(level, question.indicators):
        return which_indicator(question, (*question.indicators, *other))
    return question


def loose_levels(parts: Parts, question: Question) -> Iterator[Span]:
    """A bare level that is neither that of the units listed nor of what is asked about ("nhà tạm thôn")."""
    units = parts.context.gazetteer.units
    about = [units.get(id) for id in question.places or (parts.context.asker.place,)]
    told = {slots_of(question).get("level"), *(level_of(unit) for unit in about if unit)}
    told |= {"thon"} if isinstance(question, Missing) else set()
    counted = {
        level for id in question.indicators for level in levels.LEVELS if parts.what.counts_units(id, level)
    }
    return (span for span in parts.sentence.of(Tag.LEVEL) if span.value not in told | counted)


STEPS: Final[Sequence[Callable[[Parts, Any], Question | Understanding]]] = (
    *(placed, explained, bound_to_units, in_time, gone_on, about, of_aspect, bounded, of_bare_level),
    *(of_one_place, summed_up, of_one_indicator, listed, of_one_end, accounted_for),
)
"""Each takes the question on, or asks back; in this order."""

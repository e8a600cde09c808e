"""With one place or one indicator where only one can be told, and the units that are listed."""

from collections.abc import Iterator
from dataclasses import replace

from queries.dictionary import MINORITY_WORDS
from queries.frames import (
    Aspect,
    Intent,
    Listing,
    ListingQuestion,
    Lookup,
    Order,
    Question,
    Ranking,
    Trend,
    as_kind,
)
from queries.parts import Parts
from queries.spans import Sentence, Span, Tag
from queries.understanding import (
    ANY,
    NONE,
    Doubt,
    Offer,
    Understanding,
    ask,
    which_indicator,
)
from queries.vocabulary import EXACTLY
from questionnaires.answers.text import bare


def bound_to_units(parts: Parts, question: Question) -> Question | Understanding:
    """With no bound that picks no units: "đã đạt 80% chưa", "đạt 100% kế hoạch", "hộ nghèo dưới 10% chưa"."""
    denied = [] if parts.what.turned_round else parts.sentence.of(Tag.NEGATION)
    loose = next(bounds_of_no_units(parts, asks_whether=bool(denied)), None)
    if loose is None:
        return question
    words = parts.sentence.said(loose)
    return ask(question, Doubt.TOGETHER, words, parts.without(loose, *denied))


def bounds_of_no_units(parts: Parts, *, asks_whether: bool) -> Iterator[Span]:
    """The bounds that are held against the plan or one place: it is asked whether that reached them."""
    sentence = parts.sentence
    planned = sentence.of(Tag.TARGET) or Intent.PROGRESS in parts.kinds
    listed = parts.which.units or sentence.of(Tag.LEVEL, Tag.NUMBER)
    for span in sentence.of(Tag.BOUND):
        if planned or (not listed and (asks_whether or is_reached(sentence, span))):
            yield span


def is_reached(sentence: Sentence, span: Span) -> bool:
    """Whether a bound is a value that is reached or not: "đạt 80 %", "đúng 5 hộ"."""
    exactly = replace(span, end=span.start + 1).is_in(EXACTLY, sentence.tokens)
    return (exactly and len(span.value) > 1) or "dat" in map(bare, sentence.said(span))


def of_bare_level(parts: Parts, question: Lookup) -> Question:
    """ "thôn thiếu nước": a level before everything else, below the asker's own, lists its units."""
    first = next(iter(parts.sentence.meaningful), None)
    if first is None or first.tag is not Tag.LEVEL or not question.indicators:
        return question
    own = parts.context.asker.stands_at(first.value)
    if own or parts.what.count_any(question.indicators, first.value):
        return question
    return where_it_applies(parts, as_kind(question, Intent.RANKING, level=first.value))


def without_any(parts: Parts, question: Ranking) -> Question:
    """ "xã nào hết nhà tạm", "thôn nào không có hộ nghèo": the units with none; not those with some of the rest."""
    if not question.complement or not question.level or question.picked:
        return question
    listed = parts.sentence.of(Tag.LISTED, Tag.HOW_MANY) or parts.picks
    indicator = parts.plans[question.indicators[0]]
    counts_them = parts.what.counts_units(indicator.id, question.level)
    if not listed or counts_them or (indicator.rate and indicator.better == "up"):
        return question
    level = replace(question.measure, aspect=Aspect.LEVEL)
    return replace(question, measure=level, bounds=(NONE,))


def of_one_indicator(parts: Parts, question: Ranking | Trend) -> Question | Understanding:
    """With one indicator where only one can be told: the first of those that are listed, then."""
    several = parts.indicators_of(question)
    if len(several) < 2:
        return question
    if not question.indicators and MINORITY_WORDS.isdisjoint(parts.sentence.bare_words):
        several = parts.context.dictionary.of_everybody(several)
        if len(several) == 1:
            return question.measuring(several[0])
    named = question.indicators and frozenset(several) <= frozenset(parts.what.named)
    return question.measuring(several[0]) if named else which_indicator(question, several)


def of_level(parts: Parts, question: Ranking) -> Ranking:
    """With the level that a bare type word names."""
    if question.level:
        return question
    return replace(question, level=next((str(span.value) for span in parts.sentence.of(Tag.LEVEL)), ""))


def listed(parts: Parts, question: ListingQuestion) -> Question:
    """Only the units to which it applies, where these are asked for."""
    asked_for = isinstance(question, Ranking) and parts.sentence.of(Tag.EACH) and parts.picks
    if parts.sentence.of(Tag.LISTED) or asked_for:
        return where_it_applies(parts, question)
    return question


def where_it_applies(parts: Parts, question: Question) -> Question:
    """Only the units that have any of what was named; all of them, where that is a rate of what is wanted."""
    if not isinstance(question, Listing) or not question.indicators:
        return question
    if question.picked or question.order or parts.sentence.of(Tag.LEAD, Tag.NUMBER):
        return question
    id = question.indicators[0]
    some = not parts.plans[id].rate or parts.what.counts_units(id, question.level)
    return replace(question, bounds=(ANY,), order=Order.HIGHEST) if some or question.complement else question


def of_one_end(parts: Parts, question: Ranking) -> Question | Understanding:
    """With an end that stands first: "đứng đầu" is neither of what should be little."""
    leads = [span for span in parts.sentence.of(Tag.LEAD) if span.value is Order.BEST]
    if not leads or not question.indicators:
        return question
    if (parts.plans[question.indicators[0]].better == "up") is not question.complement:
        return question
    words = parts.sentence.said(leads[0])
    return ask(question, Doubt.WHICH_END, words, (Offer("order", "highest"), Offer("order", "lowest")))

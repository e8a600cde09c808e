"""Steps about units: one place or indicator where only one can be told, and the units that are listed."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from plans.levels import LEVELS
from queries.dictionary import MINORITY_WORDS
from queries.frames import (
    Aspect,
    Compare,
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
from queries.measured import is_share
from queries.parts import Parts
from queries.spans import Sentence, Span, Tag
from queries.understanding import (
    ANY,
    FELL,
    ROSE,
    Doubt,
    Offer,
    Understanding,
    ask,
    of_none,
    which_indicator,
)
from queries.vocabulary import EXACTLY, HOW_MUCH, INNER
from queries.word_rules import HAVING
from questionnaires.answers.text import bare

WHOSE: Final = frozenset(("do", "xa", "huyen", "quan", "ly"))
"""Words in an indicator's name that say whose figure it is: "… do xã quản lý"."""


def bound_to_units(parts: Parts, question: Question) -> Question | Understanding:
    """Drop bounds that pick no units: "đã đạt 80% chưa", "đạt 100% kế hoạch", "hộ nghèo dưới 10% chưa"."""
    if parts.aim is not None:
        return question
    denied = [] if parts.what.turned_round else parts.sentence.of(Tag.NEGATION)
    loose = next(bounds_of_no_units(parts, asks_whether=bool(denied)), None)
    if loose is None:
        return question
    words = parts.sentence.said(loose)
    return ask(question, Doubt.TOGETHER, words, parts.without(loose, *denied))


def bounds_of_no_units(parts: Parts, *, asks_whether: bool) -> Iterator[Span]:
    """The bounds that apply to the plan or to one place: the question is whether it reached them."""
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
    listed = as_kind(question, Intent.RANKING, level=first.value)
    return where_it_applies(parts, without_any(parts, listed) if isinstance(listed, Ranking) else listed)


def without_any(parts: Parts, question: Ranking) -> Question:
    """ "xã nào hết nhà tạm", "thôn nào không có hộ nghèo": the units with none, not those with some complement."""
    if not question.complement or not question.level or question.picked:
        return question
    listed = parts.sentence.of(Tag.LISTED, Tag.HOW_MANY, Tag.LEVEL) or parts.picks
    indicator = parts.plans[question.indicators[0]]
    counts_them = parts.what.counts_units(indicator.id, question.level)
    if not listed or counts_them or (indicator.rate and indicator.better == "up"):
        return question
    return of_none(question)


def of_one_indicator(parts: Parts, question: Ranking | Trend) -> Question | Understanding:
    """Where only one indicator can be told, use the first one listed."""
    several = parts.indicators_of(question)
    if len(several) < 2:
        return question
    if not question.indicators and MINORITY_WORDS.isdisjoint(parts.sentence.bare_words):
        several = parts.context.dictionary.of_everybody(several)
        if len(several) == 1:
            return question.measuring(several[0])
    named = question.indicators and frozenset(several) <= frozenset(parts.what.named)
    told = told_of(parts, question.level if isinstance(question, Ranking) else "", several)
    if named or len(told) < 2:
        return question.measuring((told or several)[0])
    level = question.level if isinstance(question, Ranking) else ""
    # What the units asked about report themselves is likelier meant than what lies below them.
    return which_indicator(question, sorted(told, key=lambda id: parts.plans[id].level != level))


def told_of(parts: Parts, level: str, ids: Sequence[str]) -> list[str]:
    """Those of some indicators that units of a level have: what a province reports is no district's."""
    if not level:
        return list(ids)
    return [id for id in ids if LEVELS.index(parts.plans[id].level) <= LEVELS.index(level)]


def of_own_level(parts: Parts, question: Lookup | Ranking | Trend | Compare) -> Question | Understanding:
    """If the figure named is reported above the units asked about, use the one that these report themselves.

    For example, a commune's disbursement is that of the capital it manages.
    """
    if len(question.indicators) != 1 or is_full_name(parts, question.indicators[0]):
        return question
    own = of_level_asked(parts, question, question.indicators)
    if not own or question.indicators[0] in own:
        return question
    return question.measuring(own[0]) if len(own) == 1 else which_indicator(question, own)


def is_full_name(parts: Parts, id: str) -> bool:
    """Whether the whole of an indicator's own name was said."""
    return parts.context.dictionary.called[id] <= frozenset(parts.sentence.bare_words)


def of_level_asked(parts: Parts, question: Question, ids: Sequence[str]) -> list[str]:
    """Those of some indicators that the units asked about have.

    Otherwise others of their domain whose names differ only by whose figure it is.
    """
    own = next(iter(parts.where.levels(question.places)), "")
    level = question.level if isinstance(question, Ranking) else own
    if told := told_of(parts, level, ids):
        return told
    called, every = parts.context.dictionary.called, parts.context.dictionary.by_domain
    others = {id: called[id] for id in every[parts.plans[ids[0]].domain]}
    same = [
        id
        for id in others
        if any(called[one] - INNER <= others[id] <= called[one] | WHOSE | INNER for one in ids)
    ]
    kinds = {is_share(parts.plans[id]) for id in ids}  # an amount is not told by a share
    return [id for id in same if parts.plans[id].level == level and is_share(parts.plans[id]) in kinds]


def of_level(parts: Parts, question: Ranking) -> Ranking:
    """Set the level that a bare type word names."""
    if question.level:
        return question
    return replace(question, level=next((str(span.value) for span in parts.sentence.of(Tag.LEVEL)), ""))


def moved_for_better(parts: Parts, question: Ranking) -> Ranking:
    """Pick only the units that moved as said: "xã nào tụt hạng" asks for those that got worse, if no order is said."""
    if question.measure.aspect is not Aspect.CHANGE or question.order not in (Order.BEST, Order.WORST):
        return question
    if len(question.indicators) != 1 or parts.sentence.of(Tag.ORDER, Tag.LEAD, Tag.NUMBER):
        return question
    rises = (parts.plans[question.indicators[0]].better == "up") is (question.order is Order.BEST)
    return replace(question, order=None, bounds=(ROSE if rises is not question.complement else FELL,))


def listed(parts: Parts, question: ListingQuestion) -> Question:
    """Pick only the units that have what was named, if the question asks for these."""
    if parts.sentence.of(Tag.LISTED) or means_only_these(parts, question):
        return where_it_applies(parts, question)
    return replace(question, bounds=(ANY,)) if counts_those_having(parts, question) else question


def counts_those_having(parts: Parts, question: ListingQuestion) -> bool:
    """Whether units are counted that have any of what there should be little of: "bao nhiêu thôn còn hộ nghèo"."""
    if not isinstance(question, Ranking) or not question.counted or question.picked or question.complement:
        return False
    words, things = parts.sentence.bare_words, parts.sentence.of(Tag.INDICATOR)
    having = bool(things) and words[things[0].start - 1] in HAVING
    return having and all(parts.plans[id].better == "down" for id in question.indicators)


def means_only_these(parts: Parts, question: ListingQuestion) -> bool:
    """Whether units of a level are ranked and only those are meant that have what was named, or lack it."""
    if not (isinstance(question, Ranking) and parts.sentence.of(Tag.EACH)):
        return False
    return parts.picks or tells_them_apart(parts, question)


def tells_them_apart(parts: Parts, question: Ranking) -> bool:
    """Whether each unit has what was named or has none, and the question names the ones or the others."""
    # "các thôn chưa có nhà văn hóa" means only these villages: each has one or has none
    if question.complement and parts.what.count_any(question.indicators, question.level):
        return True
    return question.measure.aspect is Aspect.LEVEL and says_they_have(parts)


def says_they_have(parts: Parts) -> bool:
    """Whether all units are listed with what they have right behind it, "các thôn có nhà tạm": those that have any."""
    sentence = parts.sentence
    units, things = sentence.of(Tag.EACH), sentence.of(Tag.INDICATOR)
    if not (units and things) or sentence.says(HOW_MUCH):
        return False
    between = sentence.bare_words[units[0].end : things[0].start]
    return bool(set(between) & set(HAVING)) and set(between) <= {*HAVING, "ho", "nguoi"}


def where_it_applies(parts: Parts, question: Question) -> Question:
    """Pick the units that have any of what was named; all units for a rate, unless its complement is asked for."""
    if not isinstance(question, Listing) or not question.indicators:
        return question
    if question.picked or question.order or parts.sentence.of(Tag.LEAD, Tag.NUMBER):
        return question
    id = question.indicators[0]
    some = not parts.plans[id].rate or parts.what.counts_units(id, question.level)
    return replace(question, bounds=(ANY,), order=Order.HIGHEST) if some or question.complement else question


def of_one_end(parts: Parts, question: Ranking) -> Question | Understanding:
    """Settle which end comes first: for something that should be low, "đứng đầu" does not say."""
    leads = [span for span in parts.sentence.of(Tag.LEAD) if span.value is Order.BEST]
    if not leads or not question.indicators:
        return question
    if (parts.plans[question.indicators[0]].better == "up") is not question.complement:
        return question
    words = parts.sentence.said(leads[0])
    return ask(question, Doubt.WHICH_END, words, (Offer("order", "highest"), Offer("order", "lowest")))

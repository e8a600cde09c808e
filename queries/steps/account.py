"""Steps that account for everything said: what the answer would ignore is asked about."""

from collections.abc import Iterator
from itertools import chain

from queries.frames import (
    Difficulties,
    ListingQuestion,
    Missing,
    Question,
    Ranking,
    slots_of,
)
from queries.parts import Parts
from queries.spans import Span, Tag
from queries.told import untold
from queries.understanding import (
    Doubt,
    Offer,
    Understanding,
    ask,
    which_indicator,
)


def counting_one_thing(parts: Parts, question: Question) -> Question | Understanding:
    """Ask which is meant if both units and households or people are counted."""
    how_many = parts.sentence.of(Tag.HOW_MANY)
    if how_many and parts.what.wholes:
        return ask(question, Doubt.TOGETHER, parts.sentence.said(how_many[0]), parts.without(how_many[0]))
    return question


def of_all_kinds(parts: Parts, question: Question) -> Question | Understanding:
    """Offer all units of a level: the figures do not distinguish "phường" from "xã"."""
    if kind := parts.which.narrow_kind:
        return ask(question, Doubt.TOGETHER, kind, (Offer("text", parts.which.widened()),))
    return question


def accounted_for(parts: Parts, question: Question) -> Question | Understanding:
    """Ask about anything said that the question does not represent."""
    odd = chain(parts.where.of_no_such_age, loose_levels(parts, question), loose_means(parts, question))
    over = untold(question, parts.sentence) or next(odd, None)
    if over is not None:
        return ask(question, Doubt.TOGETHER, parts.sentence.said(over), parts.without(over))
    return question


def loose_levels(parts: Parts, question: Question) -> Iterator[Span]:
    """A bare level that is neither that of the units listed nor of what is asked about ("nhà tạm thôn")."""
    if isinstance(question, Difficulties):
        return  # those of all levels are told
    told = {
        slots_of(question).get("level"),
        *parts.where.levels(question.places),
        *map(parts.what.unit_counted, question.indicators),
    }
    if isinstance(question, Missing):
        told.add("thon")
    yield from (span for span in parts.sentence.of(Tag.LEVEL) if span.value not in told)


def loose_means(parts: Parts, question: Question) -> Iterator[Span]:
    """A "trung bình" where nothing is averaged: a share is a mean already."""
    averaged = isinstance(question, Ranking) and question.mean
    if not averaged and not all(parts.plans[id].rate for id in parts.indicators_of(question)):
        yield from parts.sentence.of(Tag.MEAN)


def of_its_level(parts: Parts, question: ListingQuestion) -> Question | Understanding:
    """Use the indicator of the level listed, if one of another level has the same name."""
    others = parts.what.of_level(question.level, question.indicators)
    return which_indicator(question, (*question.indicators, *others)) if others else question

"""A number in a question that is one which a plan allots: "nước phân tán được mấy hộ trên 7020" is about the households to
be helped, and not about those of the district that have water."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import chain
from typing import Final

from plans.indicator import CAPITAL, Indicator
from plans.programme import Programme
from queries.alike import folded, shared
from queries.amounts import decimal
from queries.frames import Lookup, Progress, Question
from queries.parts import Parts
from queries.spans import Tag

ALIKE: Final = 0.6
"""The share of a figure's name that another one's has which is about the same."""
LEAST: Final = 20
"""A smaller number may be anything."""


def of_number_allotted(parts: Parts, question: Lookup | Progress) -> Question:
    """Use the figure of the same domain to which a plan allots just the number said, if the one named has no such
    allotment; how far it is from that is asked of the plan. A figure of another domain is told beside the one named."""
    if len(question.indicators) != 1 or not (allotted := allotted_so_many(parts)):
        return question
    named = parts.plans[question.indicators[0]]
    other = other_meant(parts, named, allotted)
    if other is None:
        return question
    if other.domain == named.domain:
        return question.measuring(other.id)
    return with_beside(question, other.id)


def allotted_so_many(parts: Parts) -> set[str]:
    """The figures to which a plan allots just a number that the question says."""
    numbers = numbers_said(parts)
    if not numbers:
        return set()
    programmes = parts.context.dictionary.plans.programmes.values()
    every = chain.from_iterable(programme.targets for programme in programmes)
    return {row.indicator for row in every if row.comparator.counted_up and row.value in numbers}


def other_meant(parts: Parts, named: Indicator, allotted: set[str]) -> Indicator | None:
    """The only one of the figures allotted that is about the matter of the one named; None if that is one of them."""
    if named.id in allotted:
        return None
    alike = [parts.plans[id] for id in allotted if id in parts.plans and is_like(parts.plans[id], named)]
    return alike[0] if len(alike) == 1 else None


def with_beside(question: Lookup | Progress, other: str) -> Question:
    """The question about the same figures and another one beside them."""
    indicators = (*question.indicators, other)
    return replace(question, measure=replace(question.measure, indicators=indicators))


def is_like(one: Indicator, other: Indicator) -> bool:
    """Whether two figures are about the same matter: of one domain, or with most of their names in common."""
    return one.domain == other.domain or shared(folded(one.name()), folded(other.name())) >= ALIKE


def of_part_of_capital(parts: Parts, question: Lookup) -> Question:
    """Tell the total as well if it is asked what part of it one line of capital is."""
    if not parts.sentence.of(Tag.PART) or len(question.indicators) != 1:
        return question
    total = nearest_total(parts, question.indicators[0])
    if not total or parts.plans[total].domain != CAPITAL:
        return question
    return with_beside(question, total)


def nearest_total(parts: Parts, indicator: str) -> str:
    """The figure of the nearest total of any plan that one figure is a part of; "" for none."""
    programmes = parts.context.dictionary.plans.programmes.values()
    totals = chain.from_iterable(totals_of(programme, indicator) for programme in programmes)
    return next((id for id in totals if id in parts.plans), "")


def totals_of(programme: Programme, indicator: str) -> Iterator[str]:
    """The figures of the totals of a plan that one figure is a part of, the nearest total first."""
    figures = {target.id: target.indicator for target in programme.targets}
    sums = [one for one in programme.sums if indicator in (figures.get(part) for part in one.parts)]
    return (figures.get(one.total, "") for one in sums)


def numbers_said(parts: Parts) -> set[Decimal]:
    """The numbers of a question that may be a plan's."""
    numbers = filter(None, map(decimal, parts.sentence.tokens))
    return {number for number in numbers if number >= LEAST}

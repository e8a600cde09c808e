"""Figures of the ethnic minorities alone, beside the same figures of everybody.

Plans often set a goal for the minorities only, where villages report for everybody too. Which figure of everybody belongs
to one of the minorities is read from their names, so that a plan's file need not say it.
"""

from collections.abc import Mapping
from typing import Final

from plans.indicator import Indicator

MINORITY: Final = "DTTS"


def general_of(indicators: Mapping[str, Indicator]) -> dict[str, str]:
    """The figure of everybody that belongs to each figure of the minorities, by id; those without one are left out."""
    named = {id: words_of(indicator) for id, indicator in indicators.items()}
    pairs: dict[str, str] = {}
    of_minorities = (id for id, words in named.items() if MINORITY.lower() in words)
    for id in of_minorities:
        alone = named[id] - {MINORITY.lower()}
        others = (
            other
            for other, words in named.items()
            if len(alone ^ words) <= 1 and is_beside(indicators[id], indicators[other])
        )
        if (general := min(others, key=lambda other: len(alone ^ named[other]), default=None)) is not None:
            pairs[id] = general
    return pairs


def is_beside(one: Indicator, other: Indicator) -> bool:
    """Whether two figures are of one domain and unit, and the other is of everybody."""
    return (one.domain, one.unit_name()) == (other.domain, other.unit_name()) and MINORITY not in other.name()


def words_of(indicator: Indicator) -> frozenset[str]:
    return frozenset(indicator.name().lower().replace(",", " ").split())

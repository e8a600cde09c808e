"""Match figures of the ethnic minorities with the same figures of everybody.

Plans often set a goal for the minorities only, while villages report for everybody too. The names of the indicators tell
which ones belong together, so the plans' files need not say it.
"""

from collections.abc import Mapping
from typing import Final

from plans.indicator import Indicator

MINORITY: Final = "DTTS"


def general_of(indicators: Mapping[str, Indicator]) -> dict[str, str]:
    """Return the id of everybody's indicator for each indicator of the minorities; those without one are left out."""
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
    """Whether `other` is an indicator of everybody with the domain and unit of `one`."""
    return (one.domain, one.unit_name()) == (other.domain, other.unit_name()) and MINORITY not in other.name()


def words_of(indicator: Indicator) -> frozenset[str]:
    return frozenset(indicator.name().lower().replace(",", " ").split())

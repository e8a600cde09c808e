"""Which figure a row of targets means, by its words: "Tỷ lệ đồng bào DTTS tham gia BHYT" is "Người DTTS có bảo hiểm y tế".

Words that say the same are held as one (`bot/words/bang-chi-tieu.toml`). Where only one figure has the row's words, and its
unit, there is no doubt; else the likeliest are offered.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from rapidfuzz import fuzz, process

from plans.indicator import Indicator
from plans.plans import Plans
from questionnaires.answers.phrases import Words
from questionnaires.answers.text import fold

ALIKE: Final = 78
"""How alike, in percent, a row's words and a figure's name must be for the figure to be offered."""
OFFERED: Final = 4
"""The most figures that are offered for a row."""
Said = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FigureNames:
    """What the figures are called."""

    exact: Mapping[str, Mapping[str, Indicator]]
    """By folded names, each with its id: several figures may share one."""
    alike: Mapping[Said, Mapping[str, Indicator]]
    """By the words of names that are held for the same, each with its id."""

    @classmethod
    def of(cls, plans: Plans) -> "FigureNames":
        """Return the names of all figures of some plans."""
        exact: dict[str, dict[str, Indicator]] = {}
        alike: dict[Said, dict[str, Indicator]] = {}
        for one in plans.indicators.values():
            for words in names_of(one):
                exact.setdefault(fold(words), {})[one.id] = one
                alike.setdefault(said_in(words), {})[one.id] = one
        return cls(exact, alike)

    @property
    def known(self) -> dict[str, Indicator]:
        """The figures by their ids."""
        return {id: one for some in self.exact.values() for id, one in some.items()}

    def meant(self, words: str, fits: Callable[[Indicator], bool]) -> tuple[list[Indicator], list[str]]:
        """Return the figures that words may mean, the likeliest first, and the doubt about it if there is one.

        `fits`: whether a row may count in a figure's unit.
        """
        named = list(self.exact.get(fold(words), {}).values())
        alike = list(self.alike.get(said_in(words), {}).values())
        for some in (named, alike):
            fitting = list(filter(fits, some))
            if len(fitting) == 1:
                return fitting, []
        if len(named) == 1:
            return named, []
        return (named[:OFFERED], ["figure_which"]) if named else self.near(fold(words))

    def near(self, wanted: str) -> tuple[list[Indicator], list[str]]:
        """Return the figures whose names are like some folded words, which is a doubt."""
        near = process.extract(
            wanted, list(self.exact), scorer=fuzz.token_set_ratio, score_cutoff=ALIKE, limit=12
        )
        ordered = sorted(near, key=lambda match: (-match[1], -fuzz.ratio(wanted, match[0])))
        likely = list({id: one for name, _, _ in ordered for id, one in self.exact[name].items()}.values())[
            :OFFERED
        ]
        return likely, ["figure_which" if likely else "figure_none"]


def names_of(indicator: Indicator) -> Iterator[str]:
    """Everything that a figure may be called."""
    return iter((indicator.id, *indicator.names.values(), *indicator.synonyms))


def said_in(words: str) -> Said:
    """Return the words of a name that is held for the same as another with the same words; in any order, unless it matters.

    >>> said_in("Tỷ lệ đồng bào DTTS tham gia BHYT") == said_in("Người DTTS có bảo hiểm y tế")
    True
    """
    folded = f" {fold(words)} "
    for pattern, instead in rewritings():
        folded = pattern.sub(f" {instead} ", folded)
    said = folded.split()
    matters = any(f" {word} " in folded for word in ordering())
    return tuple(said) if matters else tuple(sorted(said))


@cache
def tables() -> Words:
    """How offices name figures."""
    return Words.read(Path(__file__).parent / "words" / "bang-chi-tieu.toml")


@cache
def rewritings() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return what is written instead of other words, folded, the longest words first; "" instead of empty ones."""
    same = [(fold(one), fold(meant)) for meant, some in tables().lists("same").items() for one in some]
    empty = [(fold(one), "") for one in tables().phrases("empty")]
    pairs = sorted((*same, *empty), key=lambda pair: -len(pair[0]))
    return tuple((re.compile(rf"(?<= ){re.escape(said)}(?= )"), instead) for said, instead in pairs)


@cache
def ordering() -> tuple[str, ...]:
    """Return the words, folded, around which others may not change places."""
    return tuple(map(fold, tables().phrases("ordered")))

"""Finds the names that share most with some words, weighing each word by how well it distinguishes names.

A word in many names ("hộ", "đường", "sinh") counts little; two words side by side in a name count most, since most
Vietnamese words have two syllables.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise
from math import inf, log
from typing import Final

ENOUGH: Final = 0.5
"""From 0 to 1: how much of what was said a name must share to be offered."""
SURE: Final = 0.75
"""The same for a name that shares one word of several: "thời tiết" is no "tiết kiệm"."""


@dataclass(frozen=True)
class Likeness:
    """Names as phrases, each with what it names."""

    names: Sequence[tuple[str, str]]

    @cached_property
    def features(self) -> tuple[frozenset[str], ...]:
        """The words of each name, and each two neighbours."""
        return tuple(frozenset(features_of(phrase)) for phrase, _ in self.names)

    @cached_property
    def meaning(self) -> dict[str, float]:
        """How much each word, and each two neighbours, distinguishes: the rarer, the more."""
        counts = Counter(chain.from_iterable(self.features))
        return {feature: log(len(self.features) / count) for feature, count in counts.items()}

    def nearest(self, spoken: str) -> list[str]:
        """What the names mean that share enough with some words, nearest first; a word in no name counts as rare."""
        words = set(spoken.split())
        said = self.meaning.keys() & set(features_of(spoken))
        unknown = words - said
        whole = self.weight(said) + len(unknown) * log(len(self.features))
        scores = [self.weight(said & some) / whole if whole else 0.0 for some in self.features]
        near = [at for at, score in enumerate(scores) if score >= limit(words & self.features[at], words)]
        near.sort(key=lambda at: (-round(scores[at], 2), len(self.features[at])))
        return list(dict.fromkeys(self.names[at][1] for at in near))

    def weight(self, features: Iterable[str]) -> float:
        return sum(map(self.meaning.__getitem__, features))


def limit(shared: Collection[str], said: Collection[str]) -> float:
    """How much a name must share: more if it shares one word of several; numbers alone are never enough."""
    if not any(map(str.isalpha, shared)):
        return inf
    return ENOUGH if len(shared) > 1 or len(said) == 1 else SURE


def features_of(phrase: str) -> Iterator[str]:
    """The words of a phrase, and each two neighbours."""
    words = phrase.split()
    yield from words
    yield from map(" ".join, pairwise(words))

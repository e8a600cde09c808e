"""Find the names that share most with some words, weighing each word by how well it distinguishes names.

A word in many names ("hộ", "đường", "sinh") counts little. Two neighbouring words count most, since most Vietnamese words
have two syllables.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise
from math import inf, log
from typing import Final

ENOUGH: Final = 0.5
"""The share (0 to 1) of what was said that a name must have to be offered."""
SURE: Final = 0.75
"""The same for a name that shares one word of several: "thời tiết" is no "tiết kiệm"."""


@dataclass(frozen=True)
class Likeness:
    """Compares words with `names`, pairs of a phrase and what it names."""

    names: Sequence[tuple[str, str]]

    @cached_property
    def features(self) -> tuple[frozenset[str], ...]:
        """The words and pairs of neighbouring words of each name."""
        return tuple(frozenset(features_of(phrase)) for phrase, _ in self.names)

    @cached_property
    def meaning(self) -> dict[str, float]:
        """The weight of each word and pair of neighbours: the rarer, the larger."""
        counts = Counter(chain.from_iterable(self.features))
        return {feature: log(len(self.features) / count) for feature, count in counts.items()}

    def nearest(self, spoken: str) -> list[str]:
        """Return what the names mean that share enough with some words, nearest first. Unknown words count as rare."""
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
    """Return the share that a name must have: more if it has one word of several; infinity for numbers alone."""
    if not any(map(str.isalpha, shared)):
        return inf
    return ENOUGH if len(shared) > 1 or len(said) == 1 else SURE


def features_of(phrase: str) -> Iterator[str]:
    """Yield the words of a phrase, then its pairs of neighbouring words."""
    words = phrase.split()
    yield from words
    yield from map(" ".join, pairwise(words))

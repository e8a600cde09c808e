"""Measure how much of what was asked about a text of the plans contains, word by word and without diacritics."""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final, TypeVar

from queries.abbreviations import expand
from questionnaires.answers.text import bare, clean
from questionnaires.answers.tokens import tokens_of

Text = TypeVar("Text")
LIKE: Final = 0.6
"""The share of what was asked about that a text must contain."""
NEARLY: Final = 0.1
"""Texts within this distance of the likeliest are shown too."""
WORD: Final = re.compile(r"\w+")
SHORT: Final = 2
"""So few words may mean something else in other diacritics."""
SPELT: Final = {"ubnd": ("uy", "ban", "nhan", "dan"), "mttq": ("mat", "tran", "to", "quoc")}
"""Abbreviations of agencies' names, spelt out."""
PART_OF_PROJECT: Final = re.compile(r"(?<!\bchi )(?<!\bmuc )\btieu du an\b")
"""A part of a project, and not what "chỉ tiêu dự án 4" asks for."""


def likest(topic: Sequence[str], some: Sequence[Text], words: Callable[[Text], str]) -> list[Text]:
    """Return the texts with most of the words asked about, the likeliest first; all texts if the topic has no words.

    `words` gives the text to compare of each item.
    """
    said = folded(" ".join(topic))
    scored = [(shared(said, words_of(words(one))), one) for one in some]
    near = nearest(scored)
    if len(said) <= SHORT:
        near = spelt_so(topic, near, words) or near
    return [one for _, one in sorted(near, key=lambda pair: -pair[0])]


def nearest(scored: Sequence[tuple[float, Text]]) -> list[tuple[float, Text]]:
    """Return the texts that are like what was asked about and nearly as like it as the likeliest."""
    least = max(LIKE, max((score for score, _ in scored), default=0.0) - NEARLY)
    return [(score, one) for score, one in scored if score >= least]


def spelt_so(
    topic: Sequence[str], near: Sequence[tuple[float, Text]], words: Callable[[Text], str]
) -> list[tuple[float, Text]]:
    """Return the texts with the very words of a short topic that is typed with diacritics: "chợ" is no "chỗ"."""
    marked = frozenset(word for word in map(str.lower, topic) if not word.isascii())
    return [pair for pair in near if marked <= frozenset(WORD.findall(words(pair[1]).lower()))]


def shared(said: Sequence[str], words: Sequence[str]) -> float:
    """Return how much of what was said is among `words`, from 0 to 1; both as `folded` gives them.

    Two words that stood together must stand together in the text, otherwise they may belong to anything. A number must
    follow the same word ("dự án 6").
    """
    if not said:
        return 1.0
    known, pairs = set(words), set(pairwise(words))
    numbered = {pair for pair in pairwise(said) if pair[1].isdigit()}
    if len(said) > 1 and (pairs.isdisjoint(pairwise(said)) or not numbered <= pairs):
        return 0.0
    return sum(word in known for word in said) / len(said)


@lru_cache(maxsize=4096)
def words_of(text: str) -> Sequence[str]:
    """Return the words of a clause as `folded` gives them, cached because every question about plans searches them all."""
    return folded(text)


def folded(text: str) -> list[str]:
    """Return the words of a text without diacritics, with "UBND", "MTTQ", "DTTS" … spelt out.

    "tiểu dự án" becomes one word, so that it does not match "dự án"; so does "xã hội", which is no commune.
    """
    words = (bare(token.text) for token in tokens_of(expand(clean(text))) if token.kind != "mark")
    full = " ".join(part for word in words for part in SPELT.get(word, (word,)))
    return PART_OF_PROJECT.sub("tieu-du-an", full).replace("xa hoi", "xa-hoi").split()

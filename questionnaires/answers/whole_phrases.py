"""What a whole message means, looked up among patterns without writing out the phrases that they stand for.

Five hundred patterns of wishes stand for 75,000 phrases: as a dictionary they took 15 MB and a quarter of a second at each
start. RE2 matches a message against all patterns at once: 2 MB, 25 ms, 2 µs a message.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import repeat
from typing import Final

import re2

from questionnaires.answers.phrases import Words, expanded, parts_of
from questionnaires.answers.text import fold
from questionnaires.faults import WordsFault

GLUED: Final = re.compile(r"\w(?=[(\[])|[)\]](?=[\w(\[])")
"""A word to which a group sticks: what it stands for is not made of whole words."""
MEMORY: Final = 16 << 20
"""The most bytes that RE2 may use while it looks."""

fold_word = cache(fold)


def fold_phrase(phrase: str) -> str:
    """Return `fold` of a phrase of ours. Thousands of phrases are made of a few hundred words, so each word is folded
    once."""
    return " ".join(filter(None, map(fold_word, phrase.split())))


class WholePhrases:
    """The phrases of one table, folded, each with the key that it stands under."""

    def __init__(self, words: Words, table: str) -> None:
        """Take the patterns of a table. Raises WordsFault if a group of one is part of a word."""
        self.lists: Final = words.lines(table)
        self.keys: Final = [key for key, lines in self.lists.items() for _ in lines]
        options = re2.Options()
        options.max_mem = MEMORY
        self.patterns: Final = re2.Set.FullMatchSet(options)
        for line in (line for lines in self.lists.values() for line in lines):
            if GLUED.search(line):
                raise WordsFault(f"{words.name}: [{table}] {line!r}: leave a space beside each bracket")
            self.patterns.Add("".join(map(one_of, parts_of(line))))
        self.patterns.Compile()

    def get(self, folded: str) -> str:
        """Return the key of the first pattern that stands for a folded message; "" if none does."""
        found = self.patterns.Match(f"{folded} ")
        return self.keys[min(found)] if found else ""

    def phrases(self) -> Iterator[tuple[str, str]]:
        """Yield every phrase, folded, with its key."""
        for key, lines in self.lists.items():
            yield from zip(map(fold_phrase, expanded(lines)), repeat(key))


def one_of(alternatives: Sequence[str]) -> str:
    """Return the expression of one part of a pattern. A space ends each word, so that a part may be left out."""
    folded = ["".join(f"{word} " for word in fold_phrase(words).split()) for words in alternatives]
    said = "|".join(filter(None, folded))
    return f"(?:{said}){'' if all(folded) else '?'}" if said else ""

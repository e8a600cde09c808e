"""Where in its document a plan's row stands, and what stands around it: its sentence, its list, the headings above."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property
from itertools import pairwise, takewhile
from typing import Final

from plans.document import (
    FOLLOWING,
    Pair,
    Passage,
    folded,
    pairs_of,
    plain_number,
    telling_words,
    words_of,
)

AROUND: Final = 4
"""How many lines before and after its place a row's words may stand: a page may end within a sentence."""
BESIDE: Final = 2
"""How many lines before and after its own a single word may stand."""
RECOGNISED: Final = 0.5
"""The share of a row's pairs that must stand in a passage and the ones around it for the row to be found at all."""
NAMED: Final = 0.55
"""The share of an agency's pairs of words that must stand where it is named: a document may shorten or join them."""
LEAD: Final = 14
"""How many words at the beginning of a line may name who does what it says."""
CONTEXT: Final = 6
"""How many words before a number tell which of a statement's numbers it is."""
BEHIND: Final = 4
"""How many words behind it tell so, too."""
HEADING: Final = 40
"""The most words of a heading; those of projects are long."""
HEADING_NUMBER: Final = re.compile(r"(?:[IVX]+|\d+)(?:\.\d+)*")
SPLIT: Final = re.compile(r"\t|\|")
"""What separates the cells of a table."""
WEIGHT: Final = 4
"""How many pairs of words an agency or a year counts for, between places that are alike."""
ALIKE: Final = 0.6
"""Places that share this part of the most pairs with a row may be its place as well."""
FRONT: Final = 12
"""How many passages a document's title and preamble have at least."""
HEADING_WITH_YEAR: Final = 12
"""The most words of a heading that names a year."""


@dataclass(frozen=True, slots=True)
class NumberInWords:
    """A number in a passage: its words, and which of them is the number."""

    words: Sequence[str]
    place: int

    @property
    def number(self) -> Decimal | None:
        return number_of(self.words[self.place])

    @property
    def before(self) -> Sequence[str]:
        """The words before it, nearest last."""
        return self.words[: self.place]

    @property
    def behind(self) -> Sequence[str]:
        """The words behind it."""
        return self.words[self.place + 1 :]

    def likeness(self, statement: Sequence[str], place: int) -> int:
        """How far the words around it are those around one place of a statement; those before it tell more."""
        before, said = self.before[-CONTEXT:][::-1], statement[:place][::-1]
        # A word may have been put in or left out just before the number: "đạt trên 90 %", "đạt 90 %".
        most = max(sum(alike(*texts)) for texts in ((before, said), (before[1:], said), (before, said[1:])))
        return 2 * most + sum(takewhile(bool, alike(self.behind[:BEHIND], statement[place + 1 :])))


def numbers_in(passage: Passage) -> Iterator[NumberInWords]:
    """Yield the numbers of a passage."""
    places = (place for place, word in enumerate(passage.words) if number_of(word) is not None)
    return (NumberInWords(passage.words, place) for place in places)


def alike(words: Iterable[str], others: Iterable[str]) -> Iterator[bool]:
    """Yield for each word of a text whether another text has it at the same place."""
    return (folded(word) == folded(other) for word, other in zip(words, others, strict=False))


@dataclass(frozen=True)
class Found:
    """The place in the document where a row's words stand."""

    document: Sequence[Passage]
    place: int
    """The index of the passage that comes nearest."""

    @property
    def line(self) -> int:
        return self.document[self.place].line

    def between(self, first: int, last: int) -> list[Passage]:
        """The passages from `first` to `last` lines below its line."""
        return [one for one in self.document if first <= one.line - self.line <= last]

    @cached_property
    def own(self) -> list[Passage]:
        """The passages of its line."""
        return self.between(0, 0)

    @cached_property
    def near(self) -> list[Passage]:
        """The passages in which the row's words are expected."""
        return self.between(-AROUND, AROUND)

    @cached_property
    def stretch(self) -> list[Passage]:
        """The passage and those below it in which its numbers may stand: a sentence may run over several lines."""
        return [one for one in self.document[self.place :] if one.line - self.line <= FOLLOWING]

    @cached_property
    def sentence(self) -> list[Passage]:
        """The passages of its sentence."""
        number = self.document[self.place].sentence
        return [one for one in self.document if one.sentence == number]

    @cached_property
    def headings(self) -> list[Passage]:
        """The numbered headings above it, the nearest first: "5.4", then "5"; only the nearest if they do not nest."""
        numbered = ((self.number_of_heading(place), place) for place in range(self.place, 0, -1))
        found: list[Passage] = []
        wanted = ""
        for number, place in numbered:
            if number and (not found or number == wanted):
                found.append(self.document[place])
                wanted = number.rpartition(".")[0]
        return found

    def number_of_heading(self, place: int) -> str:
        """Return the number before a passage if it is the text of a heading: "5.4"; "" if it is none."""
        before, passage = self.document[place - 1], self.document[place]
        same = before.line == passage.line and len(passage.words) <= HEADING
        return before.text if same and HEADING_NUMBER.fullmatch(before.text) else ""

    @cached_property
    def opening(self) -> Sequence[str]:
        """The words of the line that opens its list, under the same heading: one that ends with a colon."""
        first = self.headings[0].line if self.headings else 0
        above = (one for one in self.document[: self.place] if first <= one.line < self.line)
        return next((one.words for one in reversed(list(above)) if one.text.endswith(":")), ())

    @cached_property
    def own_line(self) -> Sequence[str]:
        """The words of its line."""
        return [word for one in self.own for word in one.words]

    @property
    def texts(self) -> Iterator[Sequence[str]]:
        """The words of its surroundings, and of what stands above it."""
        yield from (one.words for one in (*self.near, *self.headings))
        yield self.opening

    def spots(self, statement: Sequence[str], number: Decimal) -> list[NumberInWords]:
        """Return the numbers of the document that stand where the statement has `number`: among the same words."""
        places = [place for place, word in enumerate(statement) if number_of(word) == number]
        where = self.own if any(has_number(one, number) for one in self.own) else self.stretch
        spots = [spot for one in where for spot in numbers_in(one)]
        likeness = [max((spot.likeness(statement, place) for place in places), default=0) for spot in spots]
        most = max(likeness, default=0)
        return [spot for spot, like in zip(spots, likeness, strict=True) if like == most]

    @property
    def strict_texts(self) -> Iterator[Sequence[str]]:
        """The words of its sentence and line alone, and of what stands above it."""
        yield from (one.words for one in (*self.sentence, *self.own, *self.headings))
        yield self.opening

    @property
    def own_texts(self) -> Iterator[Sequence[str]]:
        """The words of its sentence and line, of the lines beside it, and of what opens its list."""
        yield from (one.words for one in (*self.sentence, *self.between(-BESIDE, BESIDE)))
        yield self.opening

    @cached_property
    def near_pairs(self) -> frozenset[Pair]:
        """The pairs of neighbouring words in its surroundings."""
        return pairs_in(self.near)

    @cached_property
    def naming(self) -> list[Sequence[str]]:
        """The texts that name who does what its line says.

        Under a heading that is an agency's name, another agency in the line only takes part; a table has cells.
        """
        heading = self.headings[0].words if self.headings else ()
        table = any(SPLIT.search(one.text) for one in self.own)
        lead = says("agency", heading[:1]) and not table
        return [heading, self.opening, self.own_line[:LEAD] if lead else self.own_line]

    def names_year(self, year: str) -> bool:
        """Whether its sentence or its line names a year, or else what stands above it; True for ""."""
        own = any(says_pair(one.words, "năm", year) for one in (*self.sentence, *self.own))
        return not year or own or year in years_above(self)

    def bears(self, agency: str, year: str) -> int:
        """How many of an agency and a year are named where the line stands."""
        return (unnamed(agency, self.naming) is None) + self.names_year(year)

    @cached_property
    def said(self) -> frozenset[str]:
        """The words of its sentence and of the lines beside it, without marks."""
        return frozenset[str]().union(*(one.folded for one in (*self.sentence, *self.between(-1, 1))))


@dataclass(frozen=True)
class Wanted:
    """What a row says that helps to find its place."""

    statement: str
    value: Decimal | None = None
    """A number that stands there."""
    agency: str = ""
    year: str = ""
    scope: str = ""

    @cached_property
    def pairs(self) -> frozenset[Pair]:
        """The pairs of neighbouring words of the statement."""
        return pairs_of(words_of(self.statement))

    @cached_property
    def more(self) -> frozenset[str]:
        """The words of the scope, without marks."""
        return frozenset(map(folded, words_of(self.scope)))

    def likeness(self, found: Found) -> tuple[bool, int, int]:
        """How well a place fits: a sentence may be there twice, for two agencies or two years."""
        bears = WEIGHT * found.bears(self.agency, self.year)
        return (
            any(has_number(one, self.value) for one in found.stretch),
            len(self.pairs & found.near_pairs) + len(self.more & found.said) + bears,
            len(self.pairs & found.document[found.place].pairs),
        )

    def stands_at(self, found: Found) -> bool:
        """Whether enough of the statement stands at a place."""
        around = found.document[max(found.place - 1, 0) : found.place + FOLLOWING]
        return len(self.pairs & pairs_in(around)) >= RECOGNISED * len(self.pairs)


class Searched:
    """A document in which the places of many rows are looked for."""

    def __init__(self, document: Sequence[Passage]) -> None:
        self.places = [Found(document, place) for place, one in enumerate(document) if one.pairs]
        self.lines: dict[int, set[Pair]] = {}
        for one in document:
            self.lines.setdefault(one.line, set()).update(one.pairs)

    def find(self, wanted: Wanted) -> Found | None:
        """Return the place that fits best; None if the document does not say it."""
        shared = {line: len(wanted.pairs & pairs) for line, pairs in self.lines.items()}
        least = max(shared.values(), default=0) * ALIKE
        likely = (found for found in self.places if shared[found.line] >= least)
        best = max(likely, key=wanted.likeness, default=None)
        return best if best is not None and wanted.stands_at(best) else None


def pairs_in(passages: Iterable[Passage]) -> frozenset[Pair]:
    """The pairs of neighbouring words of all passages."""
    return frozenset[Pair]().union(*(one.pairs for one in passages))


def unnamed(agency: str, where: Iterable[Sequence[str]]) -> str | None:
    """Return those of some agencies that are named in none of the texts `where`; None if all are."""
    texts = list(where)
    missing = [one for one in agency.split("; ") if one and not any(is_named(one, words) for words in texts)]
    return "; ".join(missing) or None


def is_named(agency: str, words: Sequence[str]) -> bool:
    """Whether enough of an agency's pairs of words stand in `words`."""
    pairs = frozenset(pairwise(map(spelt, words_of(agency))))
    return len(pairs.intersection(pairwise(map(spelt, words)))) >= NAMED * len(pairs)


def years_above(found: Found) -> Set[str]:
    """Return the years of the nearest heading above that names one; of the title if no heading does."""
    above = (one for one in reversed(found.document[: found.place]) if one.line < found.line)
    heading = next(filter(names_year, above), None)
    return {year for one in ([heading] if heading else found.document[:FRONT]) for year in years_in(one)}


def years_in(passage: Passage) -> Iterator[str]:
    """Yield the years that a passage names: "năm 2025"."""
    return (year for word, year in pairwise(passage.words) if word == "năm" and is_year(year))


def names_year(passage: Passage) -> bool:
    """Whether a passage is a heading with a year: "Mục tiêu đến năm 2025:"."""
    short = len(passage.words) <= HEADING_WITH_YEAR
    return short and says_pair(passage.words, "đến", "năm") and any(years_in(passage))


def says_pair(words: Sequence[str], first: str, second: str) -> bool:
    """Whether two words stand beside each other."""
    return (first, second) in pairwise(words)


def is_year(word: str) -> bool:
    """Whether a word is a year."""
    return len(word) == 4 and word.isdecimal()


@cache
def spelt(word: str) -> str:
    """A word with its marks behind its letters: "hoá" and "hóa" are one word."""
    letters = unicodedata.normalize("NFD", plain_number(word))
    marks = sorted(letter for letter in letters if unicodedata.combining(letter))
    return "".join(letter for letter in letters if not unicodedata.combining(letter)) + "".join(marks)


def has_number(passage: Passage, number: Decimal | None) -> bool:
    """Whether the number stands in the passage, written as in Vietnamese: 1.373 and 2,5. True for None."""
    return number is None or any(number_of(word) == number for word in passage.words)


def number_of(word: str) -> Decimal | None:
    """Return the number that a word writes, with points between thousands and a decimal comma; None for no number."""
    return Decimal(word.replace(".", "").replace(",", ".")) if word[:1].isdecimal() else None


def says(kind: str, words: Sequence[str]) -> bool:
    """Whether `words` contain a phrase of this kind."""
    return any(f" {word} " in f" {' '.join(words)} " for word in telling_words().kinds[kind])

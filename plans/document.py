"""A plan's rows read back from its document: what no row quotes, and what a row says that the document does not.

Whoever copies a plan into data leaves a line out, or writes "at least" for "more than". Both are found by comparing
words: a passage is quoted where its pairs of neighbouring words stand in some row. Pairs, since single words ("tỷ lệ",
"đồng bào") are everywhere, and since a row may join, shorten or mend what a scan tore apart.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache, cached_property
from importlib.resources import files
from itertools import pairwise
from typing import Final

from plans.programme import Programme
from plans.target import AVERAGED, SINCE_THE_PLAN, Comparator, Target

WORD: Final = re.compile(r"\d+(?:\.\d{3})*(?:,\d+)?|[^\W\d_]+")
HALVES: Final = re.compile(r"\$?\\frac\{1\}\{2\}\$?|½|\b1/2\b")
"""A half as scans and typists write it; plans count it as 50 %."""
PASSAGE_ENDS: Final = re.compile(r";|\.(?=\s|$)")
LEAST_WORDS: Final = 4
"""Fewer words in a row say nothing that could be a commitment of its own, unless a number is among them."""
NEAR: Final = 2
"""How many words before a number may say how it is meant: "trên 90", "đạt trên 10", "trên số 10"."""
FOLLOWING: Final = 8
"""How many lines below its words a number may stand: a project's name is a heading over its capital."""
QUOTING: Final = 0.3
"""The share of a row's pairs of words that stands in a passage which it quotes, maybe beside another."""
RECOGNISED: Final = 0.5
"""The share that has to stand in the passage and the lines around it, if the row is to be found at all."""

Pair = tuple[str, str]


def words_of(text: str) -> list[str]:
    """The words and numbers of a text, small letters, without marks of layout."""
    halved = HALVES.sub(" 50 ", unicodedata.normalize("NFC", text))
    return WORD.findall(halved.lower())


def pairs_of(words: Sequence[str]) -> frozenset[Pair]:
    """The pairs of neighbouring words; numbers written "01" and "1" are one."""
    return frozenset(pairwise(map(plain_number, words)))


def plain_number(word: str) -> str:
    """A number without leading zeros; any other word as it is."""
    return word.lstrip("0") or "0" if word.isdecimal() else word


@dataclass(frozen=True)
class Passage:
    """A sentence, or a part of one between semicolons. `line` counts from 1."""

    line: int
    text: str

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its words and numbers, small letters."""
        return tuple(words_of(self.text))

    @cached_property
    def pairs(self) -> frozenset[Pair]:
        """Its pairs of neighbouring words."""
        return pairs_of(self.words)


def passages(text: str) -> list[Passage]:
    """The document in passages, empty ones left out."""
    return [
        Passage(number, part.strip(" \t*#-+|_"))
        for number, line in enumerate(text.splitlines(), 1)
        for part in PASSAGE_ENDS.split(line)
        if words_of(part)
    ]


@dataclass(frozen=True, slots=True)
class Unquoted:
    """Words of the document that stand in no row."""

    line: int
    words: str


def unquoted(programme: Programme, document: Sequence[Passage]) -> list[Unquoted]:
    """What of the document no row of the plan quotes, in its order."""
    rows = [pairs_of(words_of(text)) for text in statements(programme)]
    quotes = [(passage.line, quoted(rows, passage)) for passage in document]
    return [
        Unquoted(passage.line, " ".join(run))
        for passage in document
        for run in runs_outside(passage.words, lent_to(passage.line, quotes))
    ]


def quotes_from(passage: Passage, row: Set[Pair]) -> bool:
    """Whether a row of these pairs of words quotes the passage; a row of another clause hardly shares any."""
    return len(row & passage.pairs) >= max(1, len(row) * QUOTING)


def lent_to(line: int, quotes: Iterable[tuple[int, frozenset[Pair]]]) -> frozenset[Pair]:
    """What rows quote of a line and, of the lines right above it, what they say with numbers.

    A project's name is a heading, its capital stands a few lines below, and one row says both.
    """
    here = (pairs for place, pairs in quotes if place == line)
    above = (numbered(pairs) for place, pairs in quotes if 0 < line - place <= FOLLOWING)
    return frozenset[Pair]().union(*here, *above)


def numbered(pairs: Iterable[Pair]) -> frozenset[Pair]:
    """The pairs in which a number stands."""
    return frozenset(pair for pair in pairs if any(word[0].isdecimal() for word in pair))


def statements(programme: Programme) -> Iterator[str]:
    """All that the rows of a plan say in the document's words."""
    for target in programme.targets:
        yield from (target.statement, target.agency, target.note)
    for deadline in programme.deadlines:
        yield from (deadline.statement(), deadline.agency, deadline.to)
    yield from (norm.statement() for norm in programme.norms)


def runs_outside(words: Sequence[str], quoted: Set[Pair]) -> Iterator[list[str]]:
    """The stretches of words of which no pair is quoted, where they are long enough to say something."""
    plain = [plain_number(word) for word in words]
    inside = [pair in quoted for pair in pairwise(plain)]
    run: list[str] = []
    # A word belongs to a quotation with the word before it or with the one after it.
    for word, before, after in zip(words, [False, *inside], [*inside, False], strict=True):
        if not (before or after):
            run.append(word)
            continue
        yield from told(run)
        run = []
    yield from told(run)


def told(run: list[str]) -> Iterator[list[str]]:
    """The stretch, if it may hold a commitment."""
    numbers = sum(word[0].isdecimal() for word in run)
    if len(run) >= LEAST_WORDS or 0 < numbers < len(run):
        yield run


# --- what rows say ------------------------------------------------------------------------------------


class Lack(StrEnum):
    """What of a row cannot be read back from its document."""

    PASSAGE = "passage"
    """Nowhere anything like its statement."""
    NUMBER = "number"
    COMPARISON = "comparison"
    """The words beside the number ask for another comparator, "trên 90 %" for more than 90."""
    YEAR = "year"
    """Nowhere up to its passage."""


@dataclass(frozen=True, slots=True)
class Unbacked:
    """A row that its document does not bear out."""

    target: Target
    lack: Lack
    line: int = 0
    """Where the document says what comes nearest, counted from 1; 0 for nowhere."""


def unbacked(programme: Programme, document: Sequence[Passage]) -> list[Unbacked]:
    """The rows with a number that cannot be read back, in the order of the data."""
    numbered = (target for target in programme.targets if target.goal is not None)
    return [lack for target in numbered if (lack := lacking(target, document))]


def quoted(rows: Iterable[frozenset[Pair]], passage: Passage) -> frozenset[Pair]:
    """The pairs of words of the rows that quote from a passage."""
    return frozenset[Pair]().union(*(pairs for pairs in rows if quotes_from(passage, pairs)))


def lacking(target: Target, document: Sequence[Passage]) -> Unbacked | None:
    """What cannot be read back of one row; None where all can."""
    place = place_of(target, document)
    if place is None:
        return Unbacked(target, Lack.PASSAGE)
    line = document[place].line
    # A sentence of the document may run over several lines, and a range's upper end may stand in another one than its
    # lower.
    stretch = [passage for passage in document[place:] if passage.line <= line + FOLLOWING]
    saying = [passage for passage in stretch if has_number(passage, target.value)]
    if not saying or not any(has_number(passage, target.value_high) for passage in stretch):
        return Unbacked(target, Lack.NUMBER, line)
    if not any(words_fit(target, passage) for passage in saying):
        return Unbacked(target, Lack.COMPARISON, saying[0].line)
    if not is_said(target.year_due, document[: place + len(stretch)]):
        return Unbacked(target, Lack.YEAR, line)
    return None


def place_of(target: Target, document: Sequence[Passage]) -> int | None:
    """Which passage the row quotes: that with most of its pairs of words; None where none has enough of them."""
    pairs = pairs_of(words_of(target.statement))

    def likeness(place: int) -> tuple[int, bool]:
        return len(pairs & document[place].pairs), has_number(document[place], target.value)

    best = max(range(len(document)), key=likeness, default=None)
    if best is None:
        return None
    around = document[max(best - 1, 0) : best + FOLLOWING]
    shared = pairs & frozenset[Pair]().union(*(passage.pairs for passage in around))
    return best if len(shared) >= RECOGNISED * len(pairs) else None


def has_number(passage: Passage, number: Decimal | None) -> bool:
    """Whether the number stands there, as Vietnamese documents write it: 1.373 and 2,5."""
    return number is None or any(number_of(word) == number for word in passage.words)


def number_of(word: str) -> Decimal | None:
    """The number a word is, points between thousands and a comma before decimals; None for a word."""
    return Decimal(word.replace(".", "").replace(",", ".")) if word[0].isdecimal() else None


def is_said(year: int | None, passages: Iterable[Passage]) -> bool:
    """Whether the year, if any, is named there: mostly in a heading above."""
    return year is None or any(str(year) in passage.words for passage in passages)


FITTING: Final[Mapping[str, Set[Comparator]]] = {
    "more_than": frozenset(
        {
            Comparator.ABOVE,
            Comparator.QUOTA_ABOVE,
            Comparator.MULTIPLY_ABOVE,
            Comparator.AVERAGE_ABOVE,
            Comparator.REDUCE_YEARLY_ABOVE,
        }
    ),
    "less_than": frozenset({Comparator.BELOW}),
}
"""Words just before a number, and the comparators that need them, which no other may have."""
AVERAGES: Final = AVERAGED | SINCE_THE_PLAN
"""They need "bình quân" somewhere in the passage, where it may also belong to a word ("thu nhập bình quân")."""


def words_fit(target: Target, passage: Passage) -> bool:
    """Whether the words beside the number ask for the row's comparator, and for no other."""
    if target.comparator in AVERAGES and not says("on_average", passage.words):
        return False
    places = [place for place, word in enumerate(passage.words) if number_of(word) == target.value]
    befores = [passage.words[max(0, place - NEAR) : place] for place in places]
    return target.value is None or any(before_fits(target.comparator, before) for before in befores)


def before_fits(comparator: Comparator, before: Sequence[str]) -> bool:
    """Whether these words, before a number, ask for this comparator."""
    return all((comparator in comparators) == says(kind, before) for kind, comparators in FITTING.items())


def says(kind: str, words: Sequence[str]) -> bool:
    """Whether one of the words of a kind is among these."""
    return any(f" {word} " in f" {' '.join(words)} " for word in comparing_words()[kind])


@cache
def comparing_words() -> dict[str, list[str]]:
    """The words beside numbers, by what they ask."""
    return tomllib.loads(files("plans").joinpath("comparing-words.toml").read_text("utf-8"))


def most_quoted(programmes: Iterable[Programme], document: Iterable[Passage]) -> Programme | None:
    """The plan of which the largest part stands in the document, in pairs of words; None where none is recognised."""
    said = frozenset[Pair]().union(*(passage.pairs for passage in document))

    def quoted(programme: Programme) -> float:
        pairs = frozenset[Pair]().union(*(pairs_of(words_of(text)) for text in statements(programme)))
        return len(pairs & said) / len(pairs) if pairs else 0

    best = max(programmes, key=quoted, default=None)
    return best if best is not None and quoted(best) >= QUOTING else None

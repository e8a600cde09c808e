"""Compare a plan's rows with its document: find what no row quotes, and what a row says but the document does not.

Whoever copies a plan into data may leave out a line, or write "at least" for "more than". Comparing words finds both. A
row quotes a passage if they share enough pairs of neighbouring words. Single words ("tỷ lệ", "đồng bào") stand everywhere,
and longer runs would not match, because a row may join, shorten or mend what a scan tore apart.
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
"""The fewest words in a run that may be a commitment of its own, unless a number is among them."""
NEAR: Final = 2
"""How many words before a number are searched for a comparison: "trên 90", "đạt trên 10", "trên số 10"."""
FOLLOWING: Final = 8
"""How many lines below its words a number may stand: a project's name may be a heading above its capital."""
QUOTING: Final = 0.3
"""The share of a row's pairs of words that a passage must have to count as quoted; a row may quote several passages."""
RECOGNISED: Final = 0.5
"""The share of a row's pairs that must stand in a passage and the ones around it for the row to be found at all."""

Pair = tuple[str, str]


def words_of(text: str) -> list[str]:
    """Return the words and numbers of a text in lower case, without punctuation and layout."""
    halved = HALVES.sub(" 50 ", unicodedata.normalize("NFC", text))
    return WORD.findall(halved.lower())


def pairs_of(words: Sequence[str]) -> frozenset[Pair]:
    """Return the pairs of neighbouring words; "01" and "1" are the same number."""
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
    """Return the runs of words that no row of the plan quotes, in the order of the document."""
    rows = [pairs_of(words_of(text)) for text in statements(programme)]
    quotes = [(passage.line, quoted(rows, passage)) for passage in document]
    return [
        Unquoted(passage.line, " ".join(run))
        for passage in document
        for run in runs_outside(passage.words, lent_to(passage.line, quotes))
    ]


def quotes_from(passage: Passage, row: Set[Pair]) -> bool:
    """Whether a row, given as its pairs of words, quotes the passage. A row of another clause shares hardly any."""
    return len(row & passage.pairs) >= max(1, len(row) * QUOTING)


def lent_to(line: int, quotes: Iterable[tuple[int, frozenset[Pair]]]) -> frozenset[Pair]:
    """Return the pairs that count as quoted on `line`.

    These are the pairs of rows that quote the line itself, and the pairs with numbers of rows that quote a line just
    above: a project's name is a heading, its capital stands a few lines below, and one row says both.
    """
    here = (pairs for place, pairs in quotes if place == line)
    above = (numbered(pairs) for place, pairs in quotes if 0 < line - place <= FOLLOWING)
    return frozenset[Pair]().union(*here, *above)


def numbered(pairs: Iterable[Pair]) -> frozenset[Pair]:
    """The pairs in which a number stands."""
    return frozenset(pair for pair in pairs if any(word[0].isdecimal() for word in pair))


def statements(programme: Programme) -> Iterator[str]:
    """Yield every text of a plan's rows that is in the document's words."""
    for target in programme.targets:
        yield from (target.statement, target.agency, target.note)
    for deadline in programme.deadlines:
        yield from (deadline.statement(), deadline.agency, deadline.to)
    yield from (norm.statement() for norm in programme.norms)


def runs_outside(words: Sequence[str], quoted: Set[Pair]) -> Iterator[list[str]]:
    """Yield the runs of words that belong to no quoted pair, if they may hold a commitment."""
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
    """Yield `run` if it may hold a commitment: it is long enough, or has a number with words."""
    numbers = sum(word[0].isdecimal() for word in run)
    if len(run) >= LEAST_WORDS or 0 < numbers < len(run):
        yield run


# --- what rows say ------------------------------------------------------------------------------------


class Lack(StrEnum):
    """What the document does not confirm of a row."""

    PASSAGE = "passage"
    """No passage resembles the row's statement."""
    NUMBER = "number"
    COMPARISON = "comparison"
    """The words before the number ask for another comparator: "trên 90 %" is more than 90."""
    YEAR = "year"
    """The year is named neither before the passage nor just after it."""


@dataclass(frozen=True, slots=True)
class Unbacked:
    """A row that its document does not confirm."""

    target: Target
    lack: Lack
    line: int = 0
    """The line of the document that comes nearest, counted from 1; 0 for none."""


def unbacked(programme: Programme, document: Sequence[Passage]) -> list[Unbacked]:
    """Return the rows with a number that the document does not confirm, in the order of the data."""
    numbered = (target for target in programme.targets if target.goal is not None)
    return [lack for target in numbered if (lack := lacking(target, document))]


def quoted(rows: Iterable[frozenset[Pair]], passage: Passage) -> frozenset[Pair]:
    """Return the pairs of all `rows` that quote `passage`."""
    return frozenset[Pair]().union(*(pairs for pairs in rows if quotes_from(passage, pairs)))


def lacking(target: Target, document: Sequence[Passage]) -> Unbacked | None:
    """Return the first thing that the document does not confirm of a row; None if it confirms all."""
    place = place_of(target, document)
    if place is None:
        return Unbacked(target, Lack.PASSAGE)
    line = document[place].line
    # A sentence may run over several lines, so the two ends of a range may stand on different ones.
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
    """Return the index of the passage that shares most pairs of words with the row; None if it shares too few."""
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
    """Whether the number stands in the passage, written as in Vietnamese: 1.373 and 2,5. True for None."""
    return number is None or any(number_of(word) == number for word in passage.words)


def number_of(word: str) -> Decimal | None:
    """Return the number that a word writes, with points between thousands and a decimal comma; None for no number."""
    return Decimal(word.replace(".", "").replace(",", ".")) if word[0].isdecimal() else None


def is_said(year: int | None, passages: Iterable[Passage]) -> bool:
    """Whether some passage names the year; True for None. Mostly a heading above does."""
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
"""Kinds of words just before a number, each with the comparators that need them; no other comparator may have them."""
AVERAGES: Final = AVERAGED | SINCE_THE_PLAN
"""Comparators that need "bình quân" in the passage. It proves nothing alone: "thu nhập bình quân" has it too."""


def words_fit(target: Target, passage: Passage) -> bool:
    """Whether the words beside the number ask for the row's comparator, and for no other."""
    if target.comparator in AVERAGES and not says("on_average", passage.words):
        return False
    places = [place for place, word in enumerate(passage.words) if number_of(word) == target.value]
    befores = [passage.words[max(0, place - NEAR) : place] for place in places]
    return target.value is None or any(before_fits(target.comparator, before) for before in befores)


def before_fits(comparator: Comparator, before: Sequence[str]) -> bool:
    """Whether the words `before` a number ask for this comparator and no other."""
    return all((comparator in comparators) == says(kind, before) for kind, comparators in FITTING.items())


def says(kind: str, words: Sequence[str]) -> bool:
    """Whether `words` contain a phrase of this kind."""
    return any(f" {word} " in f" {' '.join(words)} " for word in comparing_words()[kind])


@cache
def comparing_words() -> dict[str, list[str]]:
    """Return the phrases that say how a number is meant, by kind, from `comparing-words.toml`."""
    return tomllib.loads(files("plans").joinpath("comparing-words.toml").read_text("utf-8"))


def most_quoted(programmes: Iterable[Programme], document: Iterable[Passage]) -> Programme | None:
    """Return the plan with the largest share of its pairs of words in the document; None if no plan has enough."""
    said = frozenset[Pair]().union(*(passage.pairs for passage in document))

    def quoted(programme: Programme) -> float:
        pairs = frozenset[Pair]().union(*(pairs_of(words_of(text)) for text in statements(programme)))
        return len(pairs & said) / len(pairs) if pairs else 0

    best = max(programmes, key=quoted, default=None)
    return best if best is not None and quoted(best) >= QUOTING else None

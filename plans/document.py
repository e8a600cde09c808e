"""A plan's document as passages of words, and what of it no row quotes.

Whoever copies a plan into data may leave out a line. Comparing words finds it. A row quotes a passage if they share enough
pairs of neighbouring words. Single words ("tỷ lệ", "đồng bào") stand everywhere, and longer runs would not match, because a
row may join, shorten or mend what a scan tore apart. What a row says and the document does not is found in `readback`.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from itertools import pairwise
from typing import Final

from plans.programme import Programme

WORD: Final = re.compile(r"\d+(?:\.\d{3})*(?:,\d+)?|[%‰]|[^\W\d_]+(?:&[^\W\d_]+)*")
HALVES: Final = re.compile(r"\$?\\frac\{1\}\{2\}\$?|½|\b1/2\b")
"""A half as scans and typists write it; plans count it as 50 %."""
SENTENCE_ENDS: Final = re.compile(r"\.(?=\s|$)")
SENTENCE_MARKS: Final = (".", ":")
"""What ends a line's last sentence."""
LONG: Final = 20
"""A line with more words than this is no heading: if no mark ends it, its sentence goes on."""
LEAST_WORDS: Final = 4
"""The fewest words in a run that may be a commitment of its own, unless a number is among them."""
FOLLOWING: Final = 8
"""How many lines below its words a number may stand: a project's name may be a heading above its capital."""
QUOTING: Final = 0.3
"""The share of a row's pairs of words that a passage must have to count as quoted; a row may quote several passages."""

Pair = tuple[str, str]


@dataclass(frozen=True)
class TellingWords:
    """The words of a document that tell much, from `comparing-words.toml`."""

    kinds: Mapping[str, Sequence[str]]
    """Phrases that say how a number is meant, by kind."""
    short: Mapping[str, str]
    """What short forms stand for."""

    @cached_property
    def turning(self) -> frozenset[str]:
        """The words without which a sentence says the opposite: none of them may be lost."""
        return frozenset(self.kinds["negation"])


@cache
def telling_words() -> TellingWords:
    """Return the words that tell how a commitment is meant."""
    tables = tomllib.loads(files("plans").joinpath("comparing-words.toml").read_text("utf-8"))
    return TellingWords(tables["kind"], tables["short"])


def words_of(text: str) -> list[str]:
    """Return the words, numbers and signs of a text in lower case, without punctuation; short forms in full."""
    halved = HALVES.sub(" 50 ", unicodedata.normalize("NFC", text))
    return [word for one in WORD.findall(halved.lower()) for word in in_full(one)]


def in_full(word: str) -> list[str]:
    """Return the words that a short form stands for ("ubnd"); any other word by itself."""
    short = telling_words().short
    whole = short.get(word) or " và ".join(short.get(part, part) for part in word.split("&"))
    return whole.split()


def names_of(text: str) -> frozenset[str]:
    """Return the words of a text that are written with a capital letter within a sentence, in lower case: names."""
    plain = unicodedata.normalize("NFC", text)
    return frozenset(word[0].lower() for word in WORD.finditer(plain) if is_name(plain, word))


def is_name(text: str, word: re.Match[str]) -> bool:
    """Whether a word begins with a capital letter and small ones follow, and words of the same sentence precede it."""
    return word[0].istitle() and text[: word.start()].rstrip(' “"(*')[-1:].isalnum()


def pairs_of(words: Sequence[str]) -> frozenset[Pair]:
    """Return the pairs of neighbouring words; "01" and "1" are the same number."""
    return frozenset(pairwise(map(plain_number, words)))


def plain_number(word: str) -> str:
    """A number without leading zeros; any other word as it is."""
    return word.lstrip("0") or "0" if word.isdecimal() else word


@dataclass(frozen=True)
class Passage:
    """A sentence, or a part of one between semicolons. `line` and `sentence` count from 1."""

    line: int
    text: str
    sentence: int = 0

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Its words and numbers, small letters."""
        return tuple(words_of(self.text))

    @cached_property
    def pairs(self) -> frozenset[Pair]:
        """Its pairs of neighbouring words."""
        return pairs_of(self.words)

    @cached_property
    def names(self) -> frozenset[str]:
        """Those of its words that are names."""
        return names_of(self.text)

    @cached_property
    def folded(self) -> frozenset[str]:
        """Its words without marks: a scan misreads those first."""
        return frozenset(map(folded, self.words))


@cache
def folded(word: str) -> str:
    """A word without its marks; a number without leading zeros."""
    letters = unicodedata.normalize("NFD", plain_number(word).replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def passages(text: str) -> list[Passage]:
    """The document in passages, empty ones left out."""
    return [
        Passage(number, part.strip(" \t*#-+|_"), sentence)
        for number, sentence, words in sentences(text)
        for part in words.split(";")
        if words_of(part)
    ]


def sentences(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield each sentence with its line and its number; one that a line break tears apart has one number."""
    sentence, before = 0, ""
    for number, line in enumerate(text.splitlines(), 1):
        if not (plain := line.strip()):
            continue
        sentence += not goes_on(before, plain)
        for place, part in enumerate(SENTENCE_ENDS.split(plain)):
            sentence += place > 0
            yield number, sentence, part
        before = plain


def goes_on(before: str, line: str) -> bool:
    """Whether a line goes on with the sentence of the line before: no mark ends that, and nothing new begins here."""
    if before.rstrip("*")[-1:] in ("", *SENTENCE_MARKS) or not line[0].isalpha():
        return False
    return line[0].islower() or len(before.split()) > LONG


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
        for run in runs_outside(passage, lent_to(passage.line, quotes))
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


def runs_outside(passage: Passage, quoted: Set[Pair]) -> Iterator[list[str]]:
    """Yield the runs of words that belong to no quoted pair, if they may hold a commitment."""
    words, telling = passage.words, passage.names | telling_words().turning
    plain = [plain_number(word) for word in words]
    inside = [pair in quoted for pair in pairwise(plain)]
    run: list[str] = []
    # A word belongs to a quotation with the word before it or with the one after it.
    for word, before, after in zip(words, [False, *inside], [*inside, False], strict=True):
        if not (before or after):
            run.append(word)
            continue
        yield from told(run, telling)
        run = []
    yield from told(run, telling)


def told(run: list[str], telling: Set[str]) -> Iterator[list[str]]:
    """Yield `run` if it may hold a commitment: it is long enough, or has a number or a word that tells much."""
    if len(run) >= LEAST_WORDS or any(word[0].isdecimal() or word in telling for word in run):
        yield run


def quoted(rows: Iterable[frozenset[Pair]], passage: Passage) -> frozenset[Pair]:
    """Return the pairs of all `rows` that quote `passage`."""
    return frozenset[Pair]().union(*(pairs for pairs in rows if quotes_from(passage, pairs)))


def most_quoted(programmes: Iterable[Programme], document: Iterable[Passage]) -> Programme | None:
    """Return the plan with the largest share of its pairs of words in the document; None if no plan has enough."""
    said = frozenset[Pair]().union(*(passage.pairs for passage in document))

    def quoted(programme: Programme) -> float:
        pairs = frozenset[Pair]().union(*(pairs_of(words_of(text)) for text in statements(programme)))
        return len(pairs & said) / len(pairs) if pairs else 0

    best = max(programmes, key=quoted, default=None)
    return best if best is not None and quoted(best) >= QUOTING else None

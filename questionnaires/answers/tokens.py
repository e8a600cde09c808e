"""Split cleaned text into words, numbers and marks, and look up words and phrases in tables."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import chain
from typing import Final, Generic, NamedTuple, TypeVar

from questionnaires.answers.text import bare, clean, is_word, stands_for
from questionnaires.answers.typing import telex, vni

PIECES: Final = re.compile(
    r"(?P<number>[0-9]+(?:[.,\u2009][0-9]+)*)|(?P<square>m[2²](?![0-9a-z]))|(?P<word>[^\W\d_]+(?:[0-9]+[^\W\d_]+)*[0-9]*)"
    r"|(?P<line>\s*\n\s*)|(?P<space>\s+)|(?P<mark>.)",
    re.DOTALL,
)
APART: Final = ("space", "line")
"""Pieces of white space: what follows them is not glued to what stands before."""
GROUPED: Final = re.compile(
    r"(?:^|(?<=[^0-9.,] )|(?<=[^0-9.,\s]))[1-9][0-9]{0,2}(?: [0-9]{3})+(?:,[0-9]+)?(?![0-9.,]*[0-9]| [0-9])"
)
"""A number with thousands grouped by single spaces, and no other number beside it."""

DIGIT: Final = re.compile("[0-9]")
THIN_SPACE: Final = "\u2009"
"""Replaces the spaces between grouped thousands of one number. Cleaned texts contain none otherwise."""

NUMBER_WORDS: Final = (
    "một",
    "mốt",
    "bốn",
    "bảy",
    "bẩy",
    "chín",
    "sáu",
    "lăm",
    "nhăm",
    "tư",
    "mười",
    "mươi",
    "tám",
)
SCALE_WORDS: Final = ("trăm", "nghìn", "ngàn", "triệu", "tỷ", "tỉ", "lẻ")
ENDS_IN_MARKS: Final = frozenset(NUMBER_WORDS + SCALE_WORDS)
"""Words whose final digits may be VNI typing; after other words ("quy1", "co25"), final digits are a number."""

FEW_TEXTS: Final = 64
"""So many texts are kept as they were split; of a long one that takes a hundred times its letters."""
LONGEST: Final = 400
"""The most letters of an answer, except to a question for free text."""


class Token(NamedTuple):
    """A word, number, mark or line break; `glued` when no space stands before it. `forms`: ways to read a word."""

    kind: str
    text: str
    glued: bool
    forms: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def split_word(run: str) -> tuple[Token, ...]:
    """Split a run of letters and digits: into one word if it was typed in VNI, otherwise into words and numbers."""
    if run.isalpha():
        made = telex(run) if run.isascii() else ""
        return (Token("word", run, glued=False, forms=(run, made) if made else (run,)),)
    made = vni(run) if run.isascii() else ""
    if made and has_marks_in_figures(run, made):
        return (Token("word", run, glued=False, forms=(made,)),)
    return tuple(
        part_of_run(part)._replace(glued=place > 0)
        for place, part in enumerate(re.findall(r"[0-9]+|[^\W\d_]+", run))
    )


def has_marks_in_figures(run: str, made: str) -> bool:
    """Whether the digits of a run stand for the marks of the word `made`. Digits at its end may be a number instead."""
    return not run.rstrip("0123456789").isalpha() or any(is_word(made, word) for word in ENDS_IN_MARKS)


def part_of_run(part: str) -> Token:
    """Return the token for digits or letters. Letters with a numeral among them (², ½) become an unknown mark."""
    if part[0] in "0123456789":
        return Token("number", part, glued=False)
    return split_word(part)[0] if part.isalpha() else Token("mark", part, glued=False)


def tokens_of(cleaned: str) -> list[Token]:
    """Split a cleaned text into tokens, without white space; thousands grouped by spaces are one number."""
    return list(split(cleaned))


@lru_cache(maxsize=FEW_TEXTS)
def split(cleaned: str) -> tuple[Token, ...]:
    """Return the same, kept for the last texts: a message is split by each of the dozens that may understand it."""
    if " " in cleaned:
        cleaned = GROUPED.sub(lambda match: match[0].replace(" ", THIN_SPACE), cleaned)
    tokens: list[Token] = []
    glued = True
    for match in PIECES.finditer(cleaned):
        kind = match.lastgroup or ""
        if kind != "space":
            tokens += tokens_of_piece(kind, match[0], glued=glued)
        glued = kind not in APART
    return tuple(tokens)


def tokens_of_piece(kind: str, text: str, *, glued: bool) -> tuple[Token, ...]:
    """Return the tokens of a piece of a text, by the name of its group in `PIECES`; only the first may stand apart."""
    if kind == "word":
        first, *others = split_word(text)
        return first._replace(glued=glued), *others
    if kind == "square":
        return (Token("word", "m2", glued, ("m2",)),)
    if kind == "line":
        return (Token("mark", "\n", glued),)
    return (Token(kind, text, glued),)


@lru_cache(maxsize=8192)
def words_of(text: str) -> tuple[str, ...]:
    """Return the words, numbers and marks of `text` in the form that tables look up."""
    return tuple(token.text for token in tokens_of(clean(text)))


def words_of_phrase(phrase: str) -> tuple[str, ...]:
    """Return `words_of` a phrase, word by word: tens of thousands of phrases share a few hundred words, which are cached.

    A phrase with digits is read as a whole, because they may be grouped by spaces.
    """
    if DIGIT.search(phrase):
        return words_of(phrase)
    return tuple(chain.from_iterable(map(words_of, phrase.split())))


FEW: Final = 4
"""So many phrases are compared word by word at once."""
Meaning = TypeVar("Meaning")


class TablePhrase(NamedTuple, Generic[Meaning]):
    """A phrase of a table. `strict`: all its diacritics must be typed. `second`, `third`: those of its words without
    them, or ""."""

    words: tuple[str, ...]
    meaning: Meaning
    strict: bool
    second: str
    third: str


class Table(Generic[Meaning]):
    """Words and phrases with their meanings, found in typed words with all or some of their diacritics.

    A longer phrase wins over a shorter one. Among phrases of equal length, one typed with all its diacritics wins over
    one that the words may stand for, and an earlier one over a later one. A phrase that starts with "=" must be typed
    with all its diacritics.
    """

    def __init__(self, phrases: Mapping[str, Meaning] | Callable[[], Mapping[str, Meaning]]) -> None:
        self.phrases = phrases
        """The phrases, or what gives them once they are needed."""

    @cached_property
    def entries(self) -> dict[str, list[TablePhrase[Meaning]]]:
        """The phrases by their first word without diacritics, the longest first.

        They are made when a message is first looked up: those of all tables take half a second and 30 MB, which commands
        that read no message need not pay.
        """
        phrases = self.phrases() if callable(self.phrases) else self.phrases
        made: dict[str, list[TablePhrase[Meaning]]] = {}
        for phrase, meaning in phrases.items():
            words = words_of_phrase(phrase.removeprefix("="))
            second, third = (bare(words[at]) if len(words) > at else "" for at in (1, 2))
            entry = TablePhrase(words, meaning, phrase.startswith("="), second, third)
            made.setdefault(bare(words[0]), []).append(entry)
        for entries in made.values():
            entries.sort(key=lambda entry: -len(entry.words))
        return made

    def at(self, tokens: Sequence[Token], place: int) -> tuple[Meaning, int] | None:
        """Return the meaning of the phrase at `place`, and the place after it; None if there is none."""
        if place >= len(tokens):
            return None
        token = tokens[place]
        for form in token.forms or (token.text,):
            entries = self.entries.get(bare(form))
            if entries:
                phrase = self.best(entries, tokens, place)
                if phrase is not None:
                    return phrase.meaning, place + len(phrase.words)
        return None

    def past(self, tokens: Sequence[Token], place: int) -> int:
        """Return the place after the phrase at `place`; `place` itself if there is none."""
        phrase = self.at(tokens, place)
        return phrase[1] if phrase else place

    def every(self, tokens: Sequence[Token], place: int) -> Iterator[tuple[Meaning, int]]:
        """Yield the meaning of every phrase at `place` with the place after it, the longest first."""
        forms = (tokens[place].forms or (tokens[place].text,)) if place < len(tokens) else ()
        for entry in (entry for form in forms for entry in self.entries.get(bare(form), ())):
            if spells(tokens, place, entry.words, exactly=entry.strict):
                yield entry.meaning, place + len(entry.words)

    def best(
        self, entries: list[TablePhrase[Meaning]], tokens: Sequence[Token], place: int
    ) -> TablePhrase[Meaning] | None:
        """Return the longest of the entries that match at `place`, preferably one typed with all its diacritics."""
        chosen: TablePhrase[Meaning] | None = None
        for entry in going_on(entries, tokens, place):
            if chosen is not None and len(entry.words) < len(chosen.words):
                break
            if spells(tokens, place, entry.words, exactly=True):
                return entry
            if chosen is None and not entry.strict and spells(tokens, place, entry.words, exactly=False):
                chosen = entry
        return chosen

    def first_in(self, tokens: Sequence[Token], places: Iterable[int] | None = None) -> Meaning | None:
        """Return the meaning of the first phrase that begins at one of `places`, or anywhere; None if there is none."""
        for place in range(len(tokens)) if places is None else places:
            phrase = self.at(tokens, place)
            if phrase is not None:
                return phrase[0]
        return None

    def stands_in(self, tokens: Sequence[Token]) -> bool:
        """Whether a phrase begins anywhere among the tokens."""
        return self.first_in(tokens) is not None

    def starts(self, tokens: Sequence[Token]) -> Iterator[tuple[int, Meaning, int]]:
        """Yield (place, meaning, place after it) for every phrase; phrases may overlap."""
        for place in range(len(tokens)):
            phrase = self.at(tokens, place)
            if phrase is not None:
                yield place, *phrase

    def whole(self, tokens: Sequence[Token]) -> Meaning | None:
        """Return the meaning if the tokens are a single phrase; else None."""
        phrase = self.at(tokens, 0)
        return phrase[0] if phrase is not None and phrase[1] == len(tokens) else None


def going_on(
    entries: list[TablePhrase[Meaning]], tokens: Sequence[Token], place: int
) -> list[TablePhrase[Meaning]]:
    """Return the entries whose second and third words may be the tokens after `place`: a handful of thousands that begin
    alike."""
    if len(entries) == 1:
        return entries
    seconds = bare_forms(tokens, place + 1)
    begun = [entry for entry in entries if not entry.second or entry.second in seconds]
    if len(begun) < FEW:
        return begun
    thirds = bare_forms(tokens, place + 2)
    return [entry for entry in begun if not entry.third or entry.third in thirds]


def bare_forms(tokens: Sequence[Token], place: int) -> set[str]:
    """Return what the token at `place` may be, without diacritics; nothing behind the last one."""
    if place >= len(tokens):
        return set()
    return {bare(form) for form in tokens[place].forms or (tokens[place].text,)}


def walk(
    tokens: Sequence[Token], *tables: Table[Meaning]
) -> Iterator[tuple[int, tuple[Meaning, int] | None]]:
    """Step through the tokens, from phrase to phrase.

    Yield each place with its phrase's meaning and the place after it, or with None for a token that begins no phrase.
    The first of `tables` with a phrase at a place counts.
    """
    place = 0
    while place < len(tokens):
        phrase = next((phrase for table in tables if (phrase := table.at(tokens, place))), None)
        yield place, phrase
        place = phrase[1] if phrase else place + 1


def without_marks(tokens: Iterable[Token]) -> list[Token]:
    """Return the words and numbers among the tokens."""
    return [token for token in tokens if token.kind != "mark"]


def as_text(tokens: Iterable[Token]) -> str:
    """Join the texts of the tokens with spaces."""
    return " ".join(token.text for token in tokens)


def spells(tokens: Sequence[Token], place: int, words: tuple[str, ...], *, exactly: bool) -> bool:
    """Whether the tokens from `place` on are `words`, typed `exactly` or with only some of their diacritics."""
    if place + len(words) > len(tokens):
        return False
    same = is_word if exactly else stands_for
    # Loops: a question's words are compared with a hundred phrases.
    for token, word in zip(tokens[place : place + len(words)], words, strict=True):
        for form in token.forms or (token.text,):
            if same(form, word):
                break
        else:
            return False
    return True

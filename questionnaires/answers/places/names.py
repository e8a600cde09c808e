"""Compare names of places.

Case, punctuation and the position of the tone mark do not count. i and y are the same where they are a whole rhyme (Mĩ
Lí, Mỹ Lý). A syllable that ends in a stop and has no tone is the same as with the rising tone (Đăk, Đắk). Leading zeros
of numbers do not count (thôn 01, thôn 1).
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from questionnaires.answers.places.vocabulary import KINDS, NUMBERED
from questionnaires.answers.text import TONES, bare, clean

WHOLE_RHYME: Final = re.compile(r"(?P<onset>b|c|ch|d|g|gh|h|k|kh|l|m|n|nh|ng|ngh|ph|qu|r|s|t|th|tr|v|x)?y")
STOPS: Final = ("c", "ch", "k", "p", "t")
RISING: Final = "\u0301"
REMARK: Final = re.compile(r"\s*\([^()]*\)\s*$")
DASH: Final = re.compile(r"\s+[-–]\s+")
LENGTHS: Final = {
    first: sorted({len(form.split()) for form in KINDS if form.split()[0] == first}, reverse=True)
    for first in {form.split()[0] for form in KINDS}
}
"""How many words the type words have that begin with a word, the most first."""
APOSTROPHES: Final = re.compile("['’‘`]")


@lru_cache(maxsize=65536)
def marked(word: str) -> str:
    """Return a cleaned word in a form for comparison: its tone last, and i for a y that is a whole rhyme."""
    if word.isdecimal():
        return word.lstrip("0") or "0"
    letters = unicodedata.normalize("NFD", word)
    tone = "".join(letter for letter in letters if letter in TONES)
    plain = unicodedata.normalize("NFC", "".join(letter for letter in letters if letter not in TONES))
    match = WHOLE_RHYME.fullmatch(plain)
    if match:
        plain = f"{match['onset'] or ''}i"
    # A syllable that ends in a stop cannot have the level tone. If it has another mark but no tone, "sắc" was left out.
    return plain if tone == RISING and plain.endswith(STOPS) and not plain.isascii() else plain + tone


def may_mean(typed: str, word: str) -> bool:
    """Whether `typed` may be a word of a name. With diacritics it means only itself, without them any such word."""
    return typed == word or (typed.isascii() and typed == bare(word))


def syllables(text: str) -> tuple[str, ...]:
    """Return the words of a name in their form for comparison, with diacritics."""
    written = clean(text)
    if not written.replace(" ", "").isalnum():  # of 100,000 names, few have to be looked at letter by letter
        written = "".join(
            letter if letter.isalnum() or unicodedata.combining(letter) else " " for letter in written
        )
    return tuple(map(marked, written.split()))


def fold_place(text: str) -> str:
    """Return a name without diacritics, case and punctuation, for comparison; type words stay.

    >>> fold_place("Mĩ Lí"), fold_place("Hoà  Bình"), fold_place("Quý")
    ('mi li', 'hoa binh', 'qui')
    """
    return " ".join(bare(word) for word in syllables(text))


@lru_cache(maxsize=256)
def folded_kind(kind: str) -> str:
    """Return a type word in its form for comparison, cached because many places share few type words."""
    return fold_place(kind)


def without_kind(kind: str, name: str) -> str:
    """Return a village's name without a type word that it begins with; the name itself if nothing else would be left.

    >>> without_kind("thôn", "Thôn Pác Nặm"), without_kind("bản", "Bản"), without_kind("tổ dân phố", "TDP số 5")
    ('Pác Nặm', 'Bản', 'số 5')
    """
    words = name.split()
    first = bare(words[0].casefold()).rstrip(".") if words else ""
    for length in LENGTHS.get(first, ()):
        rest = " ".join(words[length:])
        if any(map(str.isalnum, rest)) and folded_kind(kind) in KINDS.get(
            fold_place(" ".join(words[:length])), ()
        ):
            return rest
    return name


def same_name(kind: str, name: str) -> tuple[str, ...]:
    """Return a key that two spellings of one village share: "Hoà Bình" and "Hòa Bình", "Thôn 01" and "số 1".

    Other names have other keys, such as "Cắn" and "Càn".

    >>> same_name("thôn", "Thôn 01"), same_name("thôn", "số 1")
    (('1',), ('1',))
    """
    words = syllables(without_kind(kind, name))
    return words[1:] if is_numbered(words) else words


def is_numbered(words: Sequence[str]) -> bool:
    """Whether a name is "số" and a number, typed with or without diacritics."""
    lead = bool(words) and any(may_mean(words[0], marked(word)) for word in NUMBERED)
    return lead and len(words) > 1 and words[1].isdecimal()


def spellings(kind: str, name: str) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Yield the ways to write a name, each as words, and whether it is only a part of the name.

    These are the name itself, without a remark in brackets after it, without apostrophes, without a type word that it
    begins with, a number with and without "số", and, as a part, what stands before a dash.
    """
    whole = [name]
    if name.endswith(")"):
        whole.append(REMARK.sub("", name))
    if APOSTROPHES.search(name):
        whole.append(APOSTROPHES.sub("", name))
    whole += [short for long in tuple(whole) if (short := without_kind(kind, long)) != long]
    for words in dict.fromkeys(map(syllables, whole)):
        yield words, False
        if is_numbered(words):
            yield words[1:], False
        elif words and words[0].isdecimal():
            yield from (((marked(lead), *words), False) for lead in NUMBERED)
    first, *others = DASH.split(name)
    if others:
        yield syllables(first), True

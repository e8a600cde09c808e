"""How typed text is made comparable: normalised, without what cannot be seen, with or without its marks.

Vietnamese letters are compared by their marks. A word typed without some of its marks ("muoi", "mưoi") may
stand for the word that has them ("mười"); a word typed with other marks ("bà" for "ba") may not.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from questionnaires.answers.typing import written_out

AFTER_DIGIT: Final = re.compile("(?<=[0-9])\u20e3")
"""The sign that makes a digit a keycap."""

KEPT_AS_THEY_ARE: Final = ("<super>", "<sub>", "<fraction>", "<circle>")
"""Compatibility forms that are no plain digits: 5² is not 52, ½ is not 12, ① and ⒈ are bullets."""

DASHES: Final = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"), "-")
TONES: Final = frozenset("\u0300\u0301\u0303\u0309\u0323")


BLANK: Final = "\t\u115f\u1160\u2800\u3164\uffa0"
"""Characters that look like a space."""

OVERRIDES: Final = "\u202d\u202e"
"""They turn the order of what is shown round: 25 may look like 52. So they count as something visible."""


def visible(text: str) -> str:
    """`text` without invisible characters; each kind of line break is one. Control characters stay.

    >>> visible("2\\u200b5 hộ")
    '25 hộ'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(visible_character, text.replace("\r\n", "\n")))


@lru_cache(maxsize=4096)
def visible_character(character: str) -> str:
    """The character, a space or line break for other white space, or nothing."""
    if character in "\n\r\u2028\u2029\x85\x0b\x0c":
        return "\n"
    if character in BLANK:
        return " "
    hidden = unicodedata.category(character) == "Cf" and character not in OVERRIDES
    selector = "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    return "" if hidden or selector or character == "\u034f" else character


@lru_cache(maxsize=4096)
def plain_character(character: str) -> str:
    """The compatibility form of one character; superscripts, fractions and bullets stay what they are."""
    form = unicodedata.decomposition(character)
    if form.startswith(KEPT_AS_THEY_ARE):
        return character
    plain = unicodedata.normalize("NFKC", character)
    numbered = form.startswith("<compat>") and any(letter in "0123456789" for letter in plain)
    return character if numbered else plain


def clean(text: str) -> str:
    """`text` as the reader reads it: visible, NFKC, keycaps as digits, one kind of dash, lower case.

    >>> clean("２５ HỘ")
    '25 hộ'
    """
    if text.isascii():
        return visible(text).strip().lower()
    text = visible(text)
    text = "".join(map(plain_character, unicodedata.normalize("NFC", text))).translate(DASHES)
    text = AFTER_DIGIT.sub("", unicodedata.normalize("NFC", visible(text).casefold()))
    return text.strip()


@lru_cache(maxsize=8192)
def bare(word: str) -> str:
    """A cleaned word without its marks: "mười" and "đúng" are "muoi" and "dung"."""
    if word.isascii():
        return word
    letters = unicodedata.normalize("NFD", word.replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


@lru_cache(maxsize=8192)
def marks(word: str) -> tuple[str, frozenset[str]]:
    """The tone of a syllable and its other marks with their places. The place of the tone does not count."""
    tone, other, place = "", set[str](), -1
    for letter in unicodedata.normalize("NFD", word):
        if letter in TONES:
            tone += letter
        elif unicodedata.combining(letter):
            other.add(f"{place}{letter}")
        else:
            place += 1
            if letter == "đ":
                other.add(f"{place}đ")
    return tone, frozenset(other)


@lru_cache(maxsize=65536)
def stands_for(typed: str, word: str) -> bool:
    """Whether the cleaned word `typed` is `word` with all or some of its marks, and none that it has not.

    >>> stands_for("muời", "mười"), stands_for("bà", "ba")
    (True, False)
    """
    if bare(typed) != bare(word):
        return False
    tone, others = marks(typed)
    wanted, all_others = marks(word)
    return tone in ("", wanted) and others <= all_others


@lru_cache(maxsize=65536)
def is_word(typed: str, word: str) -> bool:
    """Whether `typed` is `word` with all its marks, wherever the tone stands (hòa, hoà)."""
    return bare(typed) == bare(word) and marks(typed) == marks(word)


ANOTHER_Y: Final = re.compile(r"\b(k|qu)([iìíỉĩị])\b", re.I)
"""kì and quí, which are kỳ and quý."""
AS_Y: Final = str.maketrans("iìíỉĩịIÌÍỈĨỊ", "yỳýỷỹỵYỲÝỶỸỴ")


def one_spelling(text: str) -> str:
    """`text` with kì and quí spelt as kỳ and quý, and out of its keys where all of it was typed in Telex.

    >>> one_spelling("như kì trước"), one_spelling("nhuw kyf truowcs")
    ('như kỳ trước', 'như kỳ trước')
    """
    return ANOTHER_Y.sub(lambda word: word[1] + word[2].translate(AS_Y), written_out(text))


@lru_cache(maxsize=4096)
def has_letters(text: str) -> bool:
    """Whether there is a word in `text`; most answers are a number and nothing else."""
    return any(map(str.isalpha, text))


def fold(text: str) -> str:
    """The form in which texts are compared without regard to case, marks, punctuation and spaces.

    >>> fold("  Báo  cáo! ")
    'bao cao'
    """
    letters = bare(clean(text))
    return " ".join("".join(letter if letter.isalnum() else " " for letter in letters).split())

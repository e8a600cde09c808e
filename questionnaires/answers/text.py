"""Make typed text comparable: normalised, without invisible characters, with or without its diacritics.

Vietnamese letters are compared by their marks. A word typed without some of its marks ("muoi", "mưoi") may
stand for the word that has them ("mười"); a word typed with other marks ("bà" for "ba") may not.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from questionnaires.answers.typing import written_out

AFTER_DIGIT: Final = re.compile("(?<=[0-9])\u20e3")
"""The character that makes the digit before it a keycap."""

KEPT_AS_THEY_ARE: Final = ("<super>", "<sub>", "<fraction>", "<circle>")
"""Compatibility forms that must not become plain digits: 5² is not 52, ½ is not 12, ① and ⒈ are bullets."""

DASHES: Final = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"), "-")
TONES: Final = frozenset("\u0300\u0301\u0303\u0309\u0323")


BLANK: Final = "\t\u115f\u1160\u2800\u3164\uffa0"
"""Characters that look like a space."""

UNSEEN: Final = re.compile(f"[{BLANK}\\ufe00-\\ufe0f\\U000e0100-\\U000e01ef\\u034f]")
"""What is printable, but looks like a space or like nothing."""

OVERRIDES: Final = "\u202d\u202e"
"""Characters that reverse the order of what is shown, so that 25 looks like 52. They are not removed as invisible."""


MESSAGES: Final = 512
"""The last texts are kept as they were read: what somebody wrote is read by a dozen handlers."""


def visible(text: str) -> str:
    """Return `text` without invisible characters, with one kind of line break. Control characters stay.

    >>> visible("2\\u200b5 hộ")
    '25 hộ'
    """
    # Long lists spend their time here: only few texts hold anything that is not to be seen.
    if text.isprintable() and (text.isascii() or not UNSEEN.search(text)):
        return text
    return "".join(map(visible_character, text.replace("\r\n", "\n")))


@lru_cache(maxsize=4096)
def visible_character(character: str) -> str:
    """Return the character, a space or line break for other white space, or "" if it is invisible."""
    if character in "\n\r\u2028\u2029\x85\x0b\x0c":
        return "\n"
    if character in BLANK:
        return " "
    hidden = unicodedata.category(character) == "Cf" and character not in OVERRIDES
    selector = "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"
    return "" if hidden or selector or character == "\u034f" else character


@lru_cache(maxsize=4096)
def plain_character(character: str) -> str:
    """Return the compatibility form of one character; superscripts, fractions and bullets stay as they are."""
    form = unicodedata.decomposition(character)
    if form.startswith(KEPT_AS_THEY_ARE):
        return character
    plain = unicodedata.normalize("NFKC", character)
    numbered = form.startswith("<compat>") and any(letter in "0123456789" for letter in plain)
    return character if numbered else plain


@lru_cache(maxsize=MESSAGES)
def clean(text: str) -> str:
    """Return `text` as the reader needs it: visible, NFKC, keycaps as digits, one kind of dash, lower case.

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
    """Return a cleaned word without its diacritics: "muoi" for "mười", "dung" for "đúng"."""
    if word.isascii():
        return word
    letters = unicodedata.normalize("NFD", word.replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


@lru_cache(maxsize=8192)
def marks(word: str) -> tuple[str, frozenset[str]]:
    """Return the tone of a syllable, and its other marks with their places. The place of the tone does not count."""
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
    """Whether the cleaned word `typed` is `word` with all or some of its diacritics, and no others.

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
    """Whether `typed` is `word` with all its diacritics, wherever the tone stands (hòa, hoà)."""
    return bare(typed) == bare(word) and marks(typed) == marks(word)


ANOTHER_Y: Final = re.compile(r"\b(k|qu)([iìíỉĩị])\b", re.I)
"""The spellings kì and quí of kỳ and quý."""
AS_Y: Final = str.maketrans("iìíỉĩịIÌÍỈĨỊ", "yỳýỷỹỵYỲÝỶỸỴ")


def one_spelling(text: str) -> str:
    """Return `text` with kì and quí spelt as kỳ and quý, and converted from Telex if all of it was typed so.

    >>> one_spelling("như kì trước"), one_spelling("nhuw kyf truowcs")
    ('như kỳ trước', 'như kỳ trước')
    """
    return ANOTHER_Y.sub(lambda word: word[1] + word[2].translate(AS_Y), written_out(text))


@lru_cache(maxsize=4096)
def has_letters(text: str) -> bool:
    """Whether `text` has a letter; most answers are only a number."""
    return any(map(str.isalpha, text))


@lru_cache(maxsize=MESSAGES)
def fold(text: str) -> str:
    """Return a text in a form for comparison, without case, diacritics, punctuation and extra spaces.

    >>> fold("  Báo  cáo! ")
    'bao cao'
    """
    letters = bare(clean(text))
    return " ".join("".join(letter if letter.isalnum() else " " for letter in letters).split())

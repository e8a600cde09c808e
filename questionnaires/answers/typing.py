"""Read unfinished Telex and VNI typing: find what a Vietnamese keyboard would have made of "mootj" or "mo65t"."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

TELEX_TONES: Final = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
VNI_TONES: Final = {"1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
HATS: Final = {"a": "â", "e": "ê", "o": "ô"}
"""Vowels that get a hat when typed twice in Telex."""
HORNS: Final = {"o": "ơ", "u": "ư"}
"""Vowels that get a horn from a w after them."""
BREVE: Final = {"a": "ă"}
"""The vowel that gets a breve from a w after it."""
VOWELS: Final = frozenset("aeiouyâêôơưă")
SYLLABLE: Final = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdghklmnpqrstvx])?[aeiouy]{1,3}(?:ng|nh|ch|[cmnpt])?"
)
"""A Vietnamese syllable without its marks."""
KEYS: Final = frozenset((*TELEX_TONES, "w"))
"""The keys of Telex that only add marks."""
UNLIKE_PLAIN: Final = re.compile(r"aa|ee|oo|\bdd|[aou]w|w[aou]|[aeiouy](?:ng|nh|ch|[cmnpt])?[jfx]\b")
"""Letters that no Vietnamese word typed without its marks contains, and so show Telex."""
SHORT: Final = 3
"""The most letters of a word that may belong to any language."""
SHORTEST_SLIP: Final = 3
LONGEST_SLIP: Final = 9
"""The fewest and the most keys of a word that is searched for a slip."""


def put(letters: list[str], marks: dict[str, str]) -> bool:
    """Mark the last letter that takes one of `marks` ("uo" takes the horn twice). Return whether there was one."""
    for place in range(len(letters) - 1, -1, -1):
        if letters[place] in marks:
            letters[place] = marks[letters[place]]
            if marks is HORNS and letters[place] == "ơ" and place and letters[place - 1] == "u":
                letters[place - 1] = "ư"
            return True
    return False


def toned(letters: list[str], tone: str) -> str:
    """Join the letters to a word, with the tone on its last vowel."""
    for place in range(len(letters) - 1, -1, -1):
        if letters[place] in VOWELS:
            letters[place] += tone
            break
    return unicodedata.normalize("NFC", "".join(letters))


@lru_cache(maxsize=8192)
def telex(word: str) -> str:
    """Return what Telex makes of a word of plain letters; "" if it stays the same.

    >>> telex("mootj"), telex("trawm"), telex("hai")
    ('một', 'trăm', '')
    """
    letters: list[str] = []
    tone = ""
    for letter in word:
        if letter in TELEX_TONES and not VOWELS.isdisjoint(letters):
            if tone:
                return ""
            tone = TELEX_TONES[letter]
        elif letter == "w" and not VOWELS.isdisjoint(letters):
            if not put_w(letters):
                return ""
        else:
            double_or_add(letters, letter)
    made = toned(letters, tone)
    return "" if made == word else made


def put_w(letters: list[str]) -> bool:
    """Apply a w: "aw" becomes ă, "ow" ơ, "uw" ư. Return whether there was a letter to mark."""
    return letters[-1] != "ơ" and put(letters, BREVE if "a" in letters else HORNS)


def double_or_add(letters: list[str], letter: str) -> None:
    """Add a letter, or put the hat or stroke on the one before that it repeats."""
    if letter in HATS and letters[-1:] == [letter]:
        letters[-1] = HATS[letter]
    elif letter == "d" and letters == ["d"]:
        letters[0] = "đ"
    else:
        letters.append(letter)


@lru_cache(maxsize=8192)
def vni(word: str) -> str:
    """Return what VNI makes of letters with digits among them; "" if the digits are no marks.

    >>> vni("mo65t"), vni("mu7o7i"), vni("m2")
    ('một', 'mươi', '')
    """
    letters: list[str] = []
    tone = ""
    for letter in word:
        if letter in VNI_TONES:
            if tone or VOWELS.isdisjoint(letters):
                return ""
            tone = VNI_TONES[letter]
        elif letter in "6789":
            marks = {"6": HATS, "7": HORNS, "8": BREVE, "9": {"d": "đ"}}[letter]
            if not put(letters, marks):
                return ""
        elif letter == "0":
            return ""
        else:
            letters.append(letter)
    return toned(letters, tone)


def plain_letters(word: str) -> str:
    """Return `word` in plain letters."""
    letters = unicodedata.normalize("NFD", word.replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


@lru_cache(maxsize=8192)
def slips(word: str) -> tuple[str, ...]:
    """Return the plain syllables that a Telex word with one wrong key may mean: an extra key, or two keys swapped.

    >>> slips("sats"), slips("luxx"), slips("suoiws"), slips("hai")
    (('sat',), ('lu',), ('suoi',), ())
    """
    if not SHORTEST_SLIP <= len(word) <= LONGEST_SLIP or not (word.isascii() and word.isalpha()):
        return ()
    made = plain_letters(telex(word))
    if SYLLABLE.fullmatch(made or word):
        return (made,) if made else ()
    read = {plain_letters(telex(other) or other) for other in (*one_key_less(word), *two_keys_turned(word))}
    return tuple(sorted(filter(SYLLABLE.fullmatch, read)))


def written_out(text: str) -> str:
    """Return `text` as a keyboard would have written it, if it was typed in Telex and all its words are Vietnamese.

    >>> written_out("Caau 2 thanhf 93"), written_out("as before"), written_out("nha nao cung co")
    ('câu 2 thành 93', 'as before', 'nha nao cung co')
    """
    if not (text.isascii() and UNLIKE_PLAIN.search(text.lower())):
        return text
    made = [telex_of(word) for word in text.lower().split()]
    return " ".join(made) if all(made) else text


def telex_of(word: str) -> str:
    """Return what one word of a text in Telex means; the word itself if it is a number or a plain syllable.

    "" if it is no Vietnamese word either way. Short words such as "ok" stay, because any text may have them.
    """
    end = len(word.rstrip(",.;:!?"))
    core, marks = word[:end], word[end:]
    made = telex(core) if core.isalpha() else ""
    if made and SYLLABLE.fullmatch(plain_letters(made)):
        return made + marks
    stays = not core.isalpha() or SYLLABLE.fullmatch(core) or (len(core) <= SHORT and not made)
    return word if stays or VOWELS.isdisjoint(core) else ""


def one_key_less(word: str) -> list[str]:
    """Return `word` without one key that adds a mark or repeats the key before, for each such key."""
    keys = [place for place, key in enumerate(word) if key in KEYS or key == word[place - 1 : place]]
    return [word[:place] + word[place + 1 :] for place in keys]


def two_keys_turned(word: str) -> list[str]:
    """Return `word` with two neighbouring keys swapped, for each place."""
    return [word[:at] + word[at : at + 2][::-1] + word[at + 2 :] for at in range(len(word) - 1)]

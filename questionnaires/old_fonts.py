"""Recognise text written for an old Vietnamese font, and convert it to what that font showed.

Lists from before Unicode are still passed on. In them "Đặng Văn Sinh" is "§Æng V¨n Sinh" (.VnTime) or "Ñaëng Vaên Sinh"
(VNI-Times): other letters, which only the font turned into Vietnamese ones.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Final

from questionnaires.answers.phrases import FOLDER, Words
from questionnaires.answers.text import TONES

WORDS: Final = Words.read(FOLDER / "phong-chu-cu.toml")
FONTS: Final[Mapping[str, str]] = {"tcvn3": ".VnTime (TCVN3)", "vni": "VNI-Times"}
"""Each old encoding, with the font's name as people know it."""
LETTERS: Final = frozenset(
    "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệfghiìíỉĩịjklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvwxyỳýỷỹỵz"
)
"""The letters of Vietnamese, and the few others of plain Latin."""
LATIN_1: Final = 0xFF
"""The last of the signs that an old font had."""
SOFT_HYPHEN: Final = "\u00ad"
FILLED: Final = frozenset({"So", "Sc", "Sk", "Sm", "No"})
"""Unicode categories of signs whose places hold letters in old fonts. Po and Pi ("…", "“") remain signs."""
RUN: Final = re.compile("[aăâeêioôơuưy]+")
VOWELS: Final = frozenset(WORDS.phrases("vowels"))
"""Groups of vowels in Vietnamese syllables, and those in names of the highlands that Vietnamese does not have."""
WORD: Final = re.compile(r"[^\W\d_]+")
SIGN: Final = re.compile(r"(?<=[^\W\d_])[¶·»«¡§]|[¶·»«¡§](?=[^\W\d_])")
"""A sign of writing directly beside a letter: where the font is known, it is a letter too, as in "th«n", "x·", "b¶n"."""
QUOTED: Final = re.compile("«[^»]*»")


@cache
def tables() -> dict[str, tuple[re.Pattern[str], dict[str, str]]]:
    """Return, for each encoding, a pattern of its character runs (longer ones first) and the letter of each run."""
    made: dict[str, tuple[re.Pattern[str], dict[str, str]]] = {}
    for font in FONTS:
        letters = {written: letter for letter, some in WORDS.tables[font].items() for written in some}
        runs = sorted(letters, key=len, reverse=True)
        made[font] = re.compile("|".join(map(re.escape, runs))), letters
    return made


def read_in_old_font(text: str) -> tuple[str, str] | None:
    """Return the encoding ("tcvn3", "vni") and the text converted from it; None if the text is in Unicode.

    >>> read_in_old_font("§Æng V¨n Sinh"), read_in_old_font("Ñaëng Vaên Sinh"), read_in_old_font("Đặng Văn Sinh")
    (('tcvn3', 'Đặng Văn Sinh'), ('vni', 'Đặng Văn Sinh'), None)
    """
    if text.isascii() or has_its_letters(text):
        return None
    readings = ((font, read_as(font, text)) for font in FONTS)
    return next(((font, said) for font, said in readings if said != text), None)


def read_as(font: str, text: str, *, sure: bool = False) -> str:
    """Convert a text from the encoding that its file is known to use; return it unchanged if it is, or may be, in Unicode.

    `sure`: nothing around it is in Unicode, so that what may be in either is in the font: "phè" is "phố".

    >>> read_as("vni", "Vónh Thoâng"), read_as("vni", "Vĩnh Thông"), read_as("tcvn3", "th«n")
    ('Vĩnh Thông', 'Vĩnh Thông', 'thôn')
    """
    if text.isascii() or (not sure and is_vietnamese(text) and not has_sign_in_word(text)):
        return text
    _, letters = tables()[font]
    if any(letter.isalpha() and not letter.isascii() and letter not in "".join(letters) for letter in text):
        return text  # it has letters that the font does not have
    said = letter_by_letter(font, text)
    return said if is_vietnamese(said) else text


def is_modern(text: str) -> bool:
    """Whether a text can only be in Unicode: no old font had places for its letters."""
    return any(letter.isalpha() and ord(letter) > LATIN_1 for letter in unicodedata.normalize("NFC", text))


def has_sign_in_word(text: str) -> bool:
    """Whether a sign that stands for a letter in old fonts is part of a word, and not a quotation mark around some."""
    return SIGN.search(QUOTED.sub("", text)) is not None


def letter_by_letter(font: str, text: str) -> str:
    """Convert a text as a font showed it, even if it could be in Unicode: "Xaõ" becomes "Xã"."""
    runs, letters = tables()[font]
    return runs.sub(lambda run: letters[run[0]], text)


def is_vietnamese(text: str) -> bool:
    """Whether the text can be Vietnamese in Unicode, judging by its letters and groups of vowels."""
    words = WORD.findall(unicodedata.normalize("NFC", text).casefold())
    return has_its_letters(text) and all(map(is_syllable, words))


def is_filled(letter: str) -> bool:
    """Whether old fonts have a letter where Unicode has this sign, so that it shows an old encoding."""
    if letter.isalnum() or letter.isascii():
        return False
    return letter == SOFT_HYPHEN or unicodedata.category(letter) in FILLED


def has_its_letters(text: str) -> bool:
    """Whether the text has only Vietnamese letters, no word with two tones, and no sign that shows an old encoding."""
    plain = unicodedata.normalize("NFC", text).casefold()
    if any(map(is_filled, plain)):
        return False
    return all(LETTERS.issuperset(word) and len(tones_of(word)) <= 1 for word in WORD.findall(plain))


def is_syllable(word: str) -> bool:
    """Whether the vowels of a word may stand together in Vietnamese."""
    return all(run in VOWELS for run in RUN.findall(without_tones(word)))


def tones_of(word: str) -> list[str]:
    """Return the tone marks of a word."""
    return [letter for letter in unicodedata.normalize("NFD", word) if letter in TONES]


def without_tones(word: str) -> str:
    """Return a word without its tone marks; other marks stay."""
    letters = unicodedata.normalize("NFD", word)
    return unicodedata.normalize("NFC", "".join(letter for letter in letters if letter not in TONES))

"""Recognises text that was written for an old Vietnamese font, and reads it as that font showed it.

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
"""Each way of writing, and the name of the font to tell people."""
LETTERS: Final = frozenset(
    "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệfghiìíỉĩịjklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvwxyỳýỷỹỵz"
)
"""The letters of Vietnamese, and the few others of plain Latin."""
SOFT_HYPHEN: Final = "\u00ad"
FILLED: Final = frozenset({"So", "Sc", "Sk", "Sm", "No"})
"""Kinds of signs in whose places the old fonts had letters. Po and Pi ("…", "“") are signs still."""
RUN: Final = re.compile("[aăâeêioôơuưy]+")
VOWELS: Final = frozenset(WORDS.phrases("vowels"))
"""The vowels that stand together, and those of the highlands' names that Vietnamese does not have."""
WORD: Final = re.compile(r"[^\W\d_]+")


@cache
def tables() -> dict[str, tuple[re.Pattern[str], dict[str, str]]]:
    """For each way of writing what is written, longer runs first, and the letter that it stands for."""
    made: dict[str, tuple[re.Pattern[str], dict[str, str]]] = {}
    for font in FONTS:
        letters = {written: letter for letter, some in WORDS.tables[font].items() for written in some}
        runs = sorted(letters, key=len, reverse=True)
        made[font] = re.compile("|".join(map(re.escape, runs))), letters
    return made


def read_in_old_font(text: str) -> tuple[str, str] | None:
    """The way of writing ("tcvn3", "vni") and what the text says in it; None for text of today.

    >>> read_in_old_font("§Æng V¨n Sinh"), read_in_old_font("Ñaëng Vaên Sinh"), read_in_old_font("Đặng Văn Sinh")
    (('tcvn3', 'Đặng Văn Sinh'), ('vni', 'Đặng Văn Sinh'), None)
    """
    if text.isascii() or has_its_letters(text):
        return None
    readings = ((font, read_as(font, text)) for font in FONTS)
    return next(((font, said) for font, said in readings if said != text), None)


def read_as(font: str, text: str) -> str:
    """What a text says in a font that its file is known to be written for; the text itself where it is of today.

    >>> read_as("vni", "Vónh Thoâng"), read_as("vni", "Vĩnh Thông")
    ('Vĩnh Thông', 'Vĩnh Thông')
    """
    if text.isascii() or is_vietnamese(text):
        return text
    _, letters = tables()[font]
    if any(letter.isalpha() and not letter.isascii() and letter not in "".join(letters) for letter in text):
        return text  # it has letters that the font has not
    said = letter_by_letter(font, text)
    return said if is_vietnamese(said) else text


def letter_by_letter(font: str, text: str) -> str:
    """A text as a font showed it, also where it could be one of today: "Xaõ" is "Xã"."""
    runs, letters = tables()[font]
    return runs.sub(lambda run: letters[run[0]], text)


def is_vietnamese(text: str) -> bool:
    """Whether the text could be written so today: its letters, and the vowels that stand together."""
    words = WORD.findall(unicodedata.normalize("NFC", text).casefold())
    return has_its_letters(text) and all(map(is_syllable, words))


def is_filled(letter: str) -> bool:
    """Whether old Vietnamese fonts put a letter where Unicode has this sign: it tells that a text was typed in one."""
    if letter.isalnum() or letter.isascii():
        return False
    return letter == SOFT_HYPHEN or unicodedata.category(letter) in FILLED


def has_its_letters(text: str) -> bool:
    """Whether the text has only letters of Vietnamese, no word with two tones, and no sign that a font would fill."""
    plain = unicodedata.normalize("NFC", text).casefold()
    if any(map(is_filled, plain)):
        return False
    return all(LETTERS.issuperset(word) and len(tones_of(word)) <= 1 for word in WORD.findall(plain))


def is_syllable(word: str) -> bool:
    """Whether the vowels of a word may stand together in Vietnamese."""
    return all(run in VOWELS for run in RUN.findall(without_tones(word)))


def tones_of(word: str) -> list[str]:
    """The tone marks of a word."""
    return [letter for letter in unicodedata.normalize("NFD", word) if letter in TONES]


def without_tones(word: str) -> str:
    """A word without its tone marks, its other marks kept."""
    letters = unicodedata.normalize("NFD", word)
    return unicodedata.normalize("NFC", "".join(letter for letter in letters if letter not in TONES))

"""Sort names as people look them up: Số 2 before Số 10, letters in the Vietnamese order, tones last."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

LETTERS: Final = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
PLACES: Final = {letter: place for place, letter in enumerate(LETTERS, 1)}
TONES: Final = {"": 0, "\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
"""The order of tones in dictionaries: none, huyền, hỏi, ngã, sắc, nặng."""
PIECES: Final = re.compile(r"[0-9]+|[^0-9]")

NameKey = tuple[tuple[tuple[int, int], ...], tuple[int, ...], str]


@lru_cache(maxsize=65536)
def name_key(name: str) -> NameKey:
    """Return the sort key of a name: its letters and numbers, then its tones, then the name as written.

    >>> sorted(["Số 10", "Đa", "Dương", "Số 2", "Ba", "Bá", "Ăn"], key=name_key)
    ['Ăn', 'Ba', 'Bá', 'Dương', 'Đa', 'Số 2', 'Số 10']
    """
    letters: list[tuple[int, int]] = []
    tones: list[int] = []
    for piece in PIECES.findall(unicodedata.normalize("NFC", name).casefold()):
        if piece.isdecimal():
            letters.append((1, int(piece)))
            continue
        parts = unicodedata.normalize("NFD", piece)
        tone = next((part for part in parts if part in TONES), "")
        letter = unicodedata.normalize("NFC", parts.replace(tone, "")) if tone else piece
        letters.append((2, PLACES[letter]) if letter in PLACES else (0, ord((letter or piece)[0])))
        tones.append(TONES[tone])
    return tuple(letters), tuple(tones), name

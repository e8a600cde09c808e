"""Text as an SMS carries it: in the GSM 7-bit alphabet, without marks, counted in parts.

The alphabet has only a few Vietnamese letters (à è é ì ò ù). A single đ or ạ switches the whole message to another
alphabet, in which a part holds 70 letters instead of 160, so everything goes out without marks. What comes in is read
with and without them.
"""

import re
import unicodedata
from typing import Final

BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED: Final = frozenset("\f^{}\\[~]|€")
"""Letters that count as two."""
ALONE, JOINED = 160, 153
"""How many letters one part holds by itself, and as one of several: there a header takes seven."""
INSTEAD: Final = str.maketrans(
    {
        **dict.fromkeys("“”„«»", '"'),
        **dict.fromkeys("‘’‚`´", "'"),
        **dict.fromkeys("‐‑‒–—―−•·", "-"),
        **{"đ": "d", "Đ": "D", "₫": "d", "×": "x", "→": "->", "≤": "<=", "≥": ">=", "↑": "+", "↓": "-"},
        **dict.fromkeys("▓░█▁▂▃▄▅▆▇", ""),
    }
)
"""Replacements for signs that the alphabet lacks; bars drawn with signs are left out."""
POINTING: Final = re.compile(r"[↑«] (?=[^\W\d])| »|(?<=[«“])[^\w\s\"'(«»“”/]+\s+")
"""Arrows and pictures before the words of a button, which would become a stray sign or a blank after a quotation mark."""
SPACES: Final = re.compile(r"[^\S\n]+")
LINES: Final = re.compile(r"\s*\n\s*")


def unmarked(text: str) -> str:
    """Return `text` in letters of the alphabet alone, line by line; a letter of another script becomes "?"."""
    bare = unicodedata.normalize("NFKD", POINTING.sub("", text).translate(INSTEAD))
    kept = "".join(map(letter_for, bare))
    return LINES.sub("\n", SPACES.sub(" ", kept)).strip()


def letter_for(letter: str) -> str:
    """Return the replacement for one letter or mark of a decomposed text."""
    if letter in BASIC or letter in EXTENDED:
        return letter
    if letter.isspace():
        return " "
    return "?" if letter.isalpha() else ""


def parts_in(text: str) -> int:
    """Return how many parts a text of the alphabet takes, each of which is paid for.

    The two halves of a letter that counts as two stay together.
    """
    widths = [2 if letter in EXTENDED else 1 for letter in text]
    if sum(widths) <= ALONE:
        return 1
    parts, room = 1, JOINED
    for width in widths:
        if width > room:
            parts, room = parts + 1, JOINED
        room -= width
    return parts

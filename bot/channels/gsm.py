"""Text as an SMS carries it: the GSM 7-bit alphabet, without marks, counted in parts.

Of Vietnamese letters the alphabet has only a few (à è é ì ò ù). One đ or ạ turns the whole message to another alphabet,
in which a part holds 70 letters and not 160, so what goes out has no marks at all. What comes in is read with them and
without.
"""

import re
import unicodedata
from typing import Final

BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED: Final = frozenset("\f^{}\\[~]|€")
"""Letters that take the place of two."""
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
"""What stands for signs that the alphabet lacks; bars drawn of signs are left out."""
SPACES: Final = re.compile(r"[^\S\n]+")
LINES: Final = re.compile(r"\s*\n\s*")


def unmarked(text: str) -> str:
    """`text` in letters of the alphabet alone, one line below the other; a letter of another script becomes "?"."""
    bare = unicodedata.normalize("NFKD", text.translate(INSTEAD))
    kept = "".join(map(letter_for, bare))
    return LINES.sub("\n", SPACES.sub(" ", kept)).strip()


def letter_for(letter: str) -> str:
    """What stands for one letter or mark of a decomposed text."""
    if letter in BASIC or letter in EXTENDED:
        return letter
    if letter.isspace():
        return " "
    return "?" if letter.isalpha() else ""


def parts_in(text: str) -> int:
    """How many parts a text of the alphabet takes, each of which is paid for; the two halves of a letter of two stay
    together."""
    widths = [2 if letter in EXTENDED else 1 for letter in text]
    if sum(widths) <= ALONE:
        return 1
    parts, room = 1, JOINED
    for width in widths:
        if width > room:
            parts, room = parts + 1, JOINED
        room -= width
    return parts

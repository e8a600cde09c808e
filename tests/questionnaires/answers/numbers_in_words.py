"""Writes numbers as Vietnamese words, independently of the reader: what the property tests read back."""

import unicodedata
from collections.abc import Callable

DIGITS = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
Choose = Callable[[str, tuple[str, ...]], str]
"""Picks one of the ways to say something."""


def below_hundred(number: int, choose: Choose) -> str:
    """1-99 in one of its written or spoken forms."""
    tens, unit = divmod(number, 10)
    if tens == 0:
        return DIGITS[unit]
    if tens == 1:
        if unit == 5:
            return "mười " + choose("fifteen", ("lăm", "nhăm"))
        return "mười" + (f" {DIGITS[unit]}" if unit else "")
    ways = {1: ("mốt",), 4: ("tư", "bốn"), 5: ("lăm", "nhăm")}.get(unit, (DIGITS[unit],))
    said = choose(f"unit{unit}", ways) if unit else ""
    head = choose("tens", ("long", "long", "short"))
    if unit and tens in (2, 3) and head == "short":
        return ("hăm " if tens == 2 else "băm ") + said
    if unit in (1, 5) and head == "short":
        return f"{DIGITS[tens]} {said}"
    return f"{DIGITS[tens]} mươi {said}".strip()


def below_thousand(number: int, choose: Choose, *, led: bool) -> str:
    """1-999; after a larger group (`led`) a missing hundred is said: "không trăm linh năm"."""
    hundreds, rest = divmod(number, 100)
    if not hundreds and not led:
        return below_hundred(rest, choose)
    words = f"{DIGITS[hundreds]} trăm"
    if not rest:
        return words
    if rest < 10:
        return f"{words} {choose('odd', ('linh', 'lẻ'))} {DIGITS[rest]}"
    return f"{words} {below_hundred(rest, choose)}"


def in_words(number: int, choose: Choose) -> str:
    """0-999,999,999 with every group said, also an empty one between two that are not."""
    if number == 0:
        return "không"
    millions, thousands, units = number // 10**6, number // 1000 % 1000, number % 1000
    words: list[str] = []
    if millions:
        words.append(f"{below_thousand(millions, choose, led=False)} triệu")
    if thousands:
        said = below_thousand(thousands, choose, led=bool(millions))
        words.append(f"{said} {choose('thousand', ('nghìn', 'ngàn'))}")
    elif millions and units:
        words.append("không nghìn")
    if units:
        words.append(below_thousand(units, choose, led=bool(words)))
    return " ".join(words)


def unmarked(text: str) -> str:
    """The text without diacritics."""
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


TELEX = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
VNI = {"\u0301": "1", "\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0323": "5"}
SHAPES = {"\u0302": ("double", "6"), "\u031b": ("w", "7"), "\u0306": ("w", "8")}


def typed(text: str, method: str) -> str:
    """The keys that type `text` in Telex or VNI, the tone key at the end of the word or behind its vowel."""
    return " ".join(typed_word(word, method) for word in text.split())


def typed_word(word: str, method: str) -> str:
    keys: list[str] = []
    tone = ""
    for letter in unicodedata.normalize("NFD", word):
        if letter in TELEX:
            tone = (TELEX if method == "telex" else VNI)[letter]
        elif letter in SHAPES:
            shape = SHAPES[letter][0] if method == "telex" else SHAPES[letter][1]
            keys.append(keys[-1] if shape == "double" else shape)
        elif letter == "đ":
            keys += ["d", "d" if method == "telex" else "9"]
        else:
            keys.append(letter)
    return "".join(keys) + tone

"""Find numbers in a message, in figures or in words as phones write speech: "sáu mươi hai hộ"."""

import re
from collections.abc import Sequence
from typing import Final

from questionnaires.answers.numerals import WORDS, NumeralPart, whole_at
from questionnaires.answers.phrases import FOLDER, Words
from questionnaires.answers.spans import OF_YEAR, only_unclear
from questionnaires.answers.text import clean
from questionnaires.answers.tokens import Token, as_text, tokens_of

NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")
LONGEST: Final = 600
"""How many letters of a message are read."""
MINUS: Final = re.compile(r"(?<![^\s:=(])-(?=\d)")
"""A dash right before a figure and not right behind anything: in "3-5" it makes a range."""
ALONE_BELOW: Final = re.compile(r"\s*-\s*\d[\d.,]*[^\d\n]*")
"""A dash and the only figure of a message."""
YEAR: Final = Words.read(FOLDER / "nhieu-cau.toml").flags("year")
"""Words for a year that begin like a number ("năm nay")."""
NONE: Final = Words.read(FOLDER / "ke-chuyen.toml").flags("none")
"""Phrases that say that there is none."""
BEGINNING: Final = (
    NumeralPart.DIGIT,
    NumeralPart.ONE,
    NumeralPart.TEN,
    NumeralPart.TEN_OR_TENS,
    NumeralPart.TWENTIES,
    NumeralPart.HUNDRED,
)
"""The parts that a number in words may begin with."""
TENS: Final = (
    NumeralPart.TEN,
    NumeralPart.TENS,
    NumeralPart.TEN_OR_TENS,
    NumeralPart.DOZEN,
    NumeralPart.HUNDRED,
)
"""The parts that show, without diacritics, that words are a number."""


def in_figures(text: str) -> str:
    """Return `text` with its numbers in figures if it has several, at most one of them in figures; else as it is.

    >>> in_figures("cả thôn sáu mươi hai hộ, dân tộc sáu mươi")
    'cả thôn 62 hộ , dân tộc 60'
    """
    if len(NUMBER.findall(text)) > 1:
        return text
    written = numbers_in_figures(text)
    return written if len(NUMBER.findall(written)) > 1 else text


def numbers_in_figures(text: str) -> str:
    """Return `text` with number words in figures.

    Without diacritics only numbers with a ten or a hundred change, because "ba" and "nam" have many other meanings.

    >>> numbers_in_figures("thiếu nước mười một thôi"), numbers_in_figures("can ngheo muoi mot, ba nam nay")
    ('thiếu nước 11 thôi', 'can ngheo 11 , ba nam nay')
    >>> numbers_in_figures("câu 5 là hai tám"), numbers_in_figures("cả năm ba mươi hộ, đầu tư ba mươi")
    ('câu 5 là hai tám', 'cả năm 30 hộ , đầu tư 30')
    """
    tokens, said, place, counted = tokens_of(clean(text[:LONGEST])), list[str](), 0, False
    while place < len(tokens):
        number = number_in_words(tokens, place)
        if number and text.isascii() and not has_ten(tokens[place : number[1]]):
            number = None
        said.append(str(number[0]) if number else tokens[place].text)
        place, counted = (number[1], True) if number else (place + 1, counted)
    return " ".join(said) if counted else text


def unclear_in_figures(text: str) -> tuple[str, str] | None:
    """Return `text` with its only numerals that are no one number in figures, and these numerals; None where there are none.

    The figures only tell which question the words around them name: what they mean is asked.

    >>> unclear_in_figures("thiếu nước hai tám hộ"), unclear_in_figures("thiếu nước hai mươi tám hộ")
    (('thiếu nước 28 hộ', 'hai tám'), None)
    """
    tokens = tokens_of(clean(text[:LONGEST]))
    unclear = only_unclear(tokens)
    if unclear is None:
        return None
    start, end, values = unclear
    said = as_text([*tokens[:start], tokens[start]._replace(text=str(values[-1])), *tokens[end:]])
    return said, as_text(tokens[start:end])


def has_ten(tokens: Sequence[Token]) -> bool:
    """Whether a number has several words, with a ten or a hundred among them: "muoi mot", "bon chuc"."""
    return len(tokens) > 1 and any(part in TENS for _, (part, _), _ in WORDS.starts(tokens))


def says_number(tokens: Sequence[Token]) -> bool:
    """Whether there is a number among the tokens, in figures or in at least two words: "ba" may be no number."""
    worded = (number_in_words(tokens, place) for place in range(len(tokens)))
    long = any(number and number[1] - place > 1 for place, number in enumerate(worded))
    return long or any(token.kind == "number" for token in tokens)


def number_in_words(tokens: Sequence[Token], place: int) -> tuple[int, int] | None:
    """Return the whole number in words that begins at `place`, and where it ends; None if there is none.

    The end of numerals that are no one number is none either: "tám" in "hai tám" is not 8.
    """
    if not begins_number(tokens, place) or YEAR.at(tokens, place) or follows_numeral(tokens, place):
        return None
    word = WORDS.at(tokens, place)
    value, end = whole_at(tokens, place)
    # "muoi" alone may be mươi, which means about ten.
    vague = word is not None and word[0][0] is NumeralPart.TEN_OR_TENS and end - place == 1
    return None if value is None or vague else (int(value), end)


def begins_number(tokens: Sequence[Token], place: int) -> bool:
    """Whether a number in words may begin at `place`."""
    word = WORDS.at(tokens, place) if tokens[place].kind == "word" else None
    return word is not None and word[0][0] in BEGINNING


def follows_numeral(tokens: Sequence[Token], place: int) -> bool:
    """Whether numerals that may begin a number stand right before `place`.

    "Đầu tư ba mươi triệu" and "cả năm ba mươi hộ" have none.
    """
    while place and WORDS.at(tokens, place - 1):
        place -= 1
        if begins_number(tokens, place) and not OF_YEAR.at(tokens, place - 1):
            return True
    return False


def says_minus(text: str) -> bool:
    """Whether a figure in `text` is below zero, which nothing that is counted can be: "-96", "- 5 hộ", "còn -2".

    A dash that leads each of several lines, or stands free between words and a figure, only sets them apart.

    >>> says_minus("−3"), says_minus("số hộ dân tộc - 90"), says_minus("-96\\n-93"), says_minus("từ 3-5 hộ")
    (True, False, False, False)
    """
    lines = without_bullets([line for line in clean(text[:LONGEST]).splitlines() if line.strip()])
    return any(MINUS.search(line) or ALONE_BELOW.fullmatch(line) for line in lines)


def without_bullets(lines: list[str]) -> list[str]:
    """Return lines without the dashes that lead them, if these lead several; one alone may be a minus."""
    several = sum(line.lstrip().startswith("-") for line in lines) > 1
    return [line.lstrip(" -") for line in lines] if several else lines


def is_number(word: str) -> bool:
    return NUMBER.fullmatch(word) is not None


def none_in(tokens: Sequence[Token]) -> list[tuple[int, int, int]]:
    """Return (0, start, end) for each phrase that says that there is none: "không có hộ nào"."""
    phrases = ((place, NONE.at(tokens, place)) for place in range(len(tokens)))
    return [(0, place, phrase[1]) for place, phrase in phrases if phrase]

"""Numbers in a message of several words, in figures or as phones write what is spoken: "sáu mươi hai hộ"."""

import re
from collections.abc import Sequence
from typing import Final

from questionnaires.answers.numerals import WORDS, NumeralPart, whole_at
from questionnaires.answers.phrases import FOLDER, Words
from questionnaires.answers.text import clean
from questionnaires.answers.tokens import Token, tokens_of

NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)*")
LONGEST: Final = 600
"""Letters of a message that are read."""
YEAR: Final = Words.read(FOLDER / "nhieu-cau.toml").flags("year")
"""Words that begin as a number does and say which year."""
NONE: Final = Words.read(FOLDER / "ke-chuyen.toml").flags("none")
"""What says that nobody has what is asked."""
BEGINNING: Final = (
    NumeralPart.DIGIT,
    NumeralPart.ONE,
    NumeralPart.TEN,
    NumeralPart.TEN_OR_TENS,
    NumeralPart.TWENTIES,
    NumeralPart.HUNDRED,
)
"""What a number in words begins with."""
TENS: Final = (
    NumeralPart.TEN,
    NumeralPart.TENS,
    NumeralPart.TEN_OR_TENS,
    NumeralPart.DOZEN,
    NumeralPart.HUNDRED,
)
"""What tells a number in words that has no marks from other words."""


def in_figures(text: str) -> str:
    """`text` with its numbers in figures, where it says several in words with their marks, as phones write what is spoken.

    >>> in_figures("cả thôn sáu mươi hai hộ, dân tộc sáu mươi")
    'cả thôn 62 hộ , dân tộc 60'
    """
    if len(NUMBER.findall(text)) > 1:
        return text
    written = numbers_in_figures(text)
    return written if len(NUMBER.findall(written)) > 1 else text


def numbers_in_figures(text: str) -> str:
    """`text` with its numbers in figures; without marks only those with a ten in them, for "ba", "nam" say much else then.

    >>> numbers_in_figures("thiếu nước mười một thôi"), numbers_in_figures("can ngheo muoi mot, ba nam nay")
    ('thiếu nước 11 thôi', 'can ngheo 11 , ba nam nay')
    """
    tokens, said, place, counted = tokens_of(clean(text[:LONGEST])), list[str](), 0, False
    while place < len(tokens):
        number = number_in_words(tokens, place)
        if number and text.isascii() and not has_ten(tokens[place : number[1]]):
            number = None
        said.append(str(number[0]) if number else tokens[place].text)
        place, counted = (number[1], True) if number else (place + 1, counted)
    return " ".join(said) if counted else text


def has_ten(tokens: Sequence[Token]) -> bool:
    """Whether a number in words has a ten or a hundred among other words: "muoi mot", "bon chuc"."""
    return len(tokens) > 1 and any(part in TENS for _, (part, _), _ in WORDS.starts(tokens))


def says_number(tokens: Sequence[Token]) -> bool:
    """Whether there is a number among the tokens, in figures or in two words: "ba", "năm" say other things too."""
    worded = (number_in_words(tokens, place) for place in range(len(tokens)))
    long = any(number and number[1] - place > 1 for place, number in enumerate(worded))
    return long or any(token.kind == "number" for token in tokens)


def number_in_words(tokens: Sequence[Token], place: int) -> tuple[int, int] | None:
    """The whole number that begins at `place` in words, and where it ends."""
    word = WORDS.at(tokens, place) if tokens[place].kind == "word" else None
    if word is None or word[0][0] not in BEGINNING or YEAR.at(tokens, place):
        return None
    value, end = whole_at(tokens, place)
    # "muoi" alone may be mươi, which is about ten.
    vague = word[0][0] is NumeralPart.TEN_OR_TENS and end - place == 1
    return None if value is None or vague else (int(value), end)


def is_number(word: str) -> bool:
    return NUMBER.fullmatch(word) is not None


def none_in(tokens: Sequence[Token]) -> list[tuple[int, int, int]]:
    """Nought with its places where something says that there is none: "không có hộ nào"."""
    phrases = ((place, NONE.at(tokens, place)) for place in range(len(tokens)))
    return [(0, place, phrase[1]) for place, phrase in phrases if phrase]

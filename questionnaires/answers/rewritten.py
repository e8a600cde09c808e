"""What is said in another way than the grammars read it, written as they do: before an amount is read.

"30, nhầm, 31"     what is corrected in the same breath is not said
"nửa triệu"        half of a unit is 0,5 of it
"1,500,000 đồng"   thousands grouped by commas are thousands, where there are two groups at least and money is asked
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from questionnaires.answers.numerals import WORDS, NumeralPart
from questionnaires.answers.phrases import FOLDER, Words
from questionnaires.answers.reading import AnswerKind
from questionnaires.answers.text import bare
from questionnaires.answers.tokens import Token

AROUND: Final = Words.read(FOLDER / "loi-le.toml")
CORRECTION: Final = AROUND.flags("correction")
POLITE: Final = AROUND.flags("polite")
HALF_OF: Final = AROUND.flags("half_of")
DOUBLE: Final = frozenset(map(bare, AROUND.phrases("other_words")))
"""Numerals that without marks are other words too."""
DOUBLE_PHRASES: Final = frozenset(map(bare, AROUND.phrases("other_phrases")))
"""The same of a numeral and what stands behind it: "tam thoi" is rather "tạm thời"."""
COMMAS: Final = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3}){2,}")


def as_read(tokens: Sequence[Token], kind: AnswerKind) -> list[Token]:
    """`tokens` as the grammar of amounts reads them."""
    said = list(corrected(tokens))
    if kind in (AnswerKind.MONEY, AnswerKind.AREA):
        said = list(halves(said))
    if kind is AnswerKind.MONEY:
        said = [without_commas(token) for token in said]
    return said


def corrected(tokens: Sequence[Token]) -> Sequence[Token]:
    """What follows the last words that take back a number said before them."""
    for place in range(len(tokens) - 1, 0, -1):
        entry = CORRECTION.at(tokens, place)
        if entry and says_number(tokens[:place]) and says_number(tokens[entry[1] :]):
            return tokens[entry[1] :]
    return tokens


def says_number(tokens: Sequence[Token]) -> bool:
    """Whether there is a number among `tokens`."""
    return any(token.kind == "number" or WORDS.at((token,), 0) for token in tokens)


def halves(tokens: Sequence[Token]) -> Sequence[Token]:
    """ "nửa triệu" as "0,5 triệu", "nửa ha" as "0,5 ha", at the beginning of an amount."""
    taken = HALF_OF.at(tokens, 0)
    if taken is None or len(tokens) <= taken[1]:
        return tokens
    return [Token("number", "0,5", glued=False), *tokens[taken[1] :]]


def without_commas(token: Token) -> Token:
    """A number whose thousands are grouped by commas as one grouped by dots."""
    return token._replace(text=token.text.replace(",", ".")) if COMMAS.fullmatch(token.text) else token


def tells(token: Token) -> bool:
    """Whether a token is a number, or a word that is more than polite."""
    return token.kind == "number" or (token.kind == "word" and not POLITE.at((token,), 0))


def may_be_other_word(tokens: Sequence[Token]) -> bool:
    """Whether the whole answer is one numeral without its marks that is another word too: "nam", "sau"."""
    said = [*filter(tells, tokens)]
    alone = len(said) == 1 and said[0].text in DOUBLE
    texts = [token.text for token in tokens]
    return alone or " ".join(texts) in DOUBLE_PHRASES or is_mistaken(texts)


def is_mistaken(texts: Sequence[str]) -> bool:
    """Whether "nham" is rather "nhầm": behind anything but "muoi" ("hai muoi nham", twenty-five)."""
    return any(text == "nham" and before != "muoi" for before, text in pairwise(("", *texts)))


def is_thousandfold(tokens: Sequence[Token]) -> bool:
    """Whether millions or billions are said, as of money."""
    parts = (part for _, part, _ in WORDS.starts(tokens))
    return any(part is NumeralPart.SCALE and value >= 1_000_000 for part, value in parts)

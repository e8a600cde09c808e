"""Rewrite ways of saying an amount that the grammars do not read, before they read it.

"30, nhầm, 31"     a number that is corrected in the same sentence is dropped
"nửa triệu"        half of a unit becomes 0,5 of it
"1,500,000 đồng"   commas become dots, if money is asked for and there are at least two groups of thousands
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
"""Numerals that without their marks may be other words."""
DOUBLE_PHRASES: Final = frozenset(map(bare, AROUND.phrases("other_phrases")))
"""Phrases that without marks look like a numeral and more: "tam thoi" is rather "tạm thời"."""
COMMAS: Final = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3}){2,}")


def as_read(tokens: Sequence[Token], kind: AnswerKind) -> list[Token]:
    """Rewrite `tokens` for the grammar of amounts."""
    said = list(corrected(tokens))
    if kind in (AnswerKind.MONEY, AnswerKind.AREA):
        said = list(halves(said))
    if kind is AnswerKind.MONEY:
        said = [without_commas(token) for token in said]
    return said


def corrected(tokens: Sequence[Token]) -> Sequence[Token]:
    """Return what follows the last correction of a number; all tokens if there is none."""
    for place in range(len(tokens) - 1, 0, -1):
        entry = CORRECTION.at(tokens, place)
        if entry and says_number(tokens[:place]) and says_number(tokens[entry[1] :]):
            return tokens[entry[1] :]
    return tokens


def says_number(tokens: Sequence[Token]) -> bool:
    """Whether there is a number among `tokens`."""
    return any(token.kind == "number" or WORDS.at((token,), 0) for token in tokens)


def halves(tokens: Sequence[Token]) -> Sequence[Token]:
    """Rewrite "nửa triệu" as "0,5 triệu" and "nửa ha" as "0,5 ha" at the beginning of an amount."""
    taken = HALF_OF.at(tokens, 0)
    if taken is None or len(tokens) <= taken[1]:
        return tokens
    return [Token("number", "0,5", glued=False), *tokens[taken[1] :]]


def without_commas(token: Token) -> Token:
    """Rewrite a number whose thousands are grouped by commas with dots."""
    return token._replace(text=token.text.replace(",", ".")) if COMMAS.fullmatch(token.text) else token


def tells(token: Token) -> bool:
    """Whether a token is a number, or a word other than mere courtesy."""
    return token.kind == "number" or (token.kind == "word" and not POLITE.at((token,), 0))


def may_be_other_word(tokens: Sequence[Token]) -> bool:
    """Whether the answer is a numeral without marks that may be another word: "nam", "sau"."""
    said = [*filter(tells, tokens)]
    alone = len(said) == 1 and said[0].text in DOUBLE
    texts = [token.text for token in tokens]
    return alone or " ".join(texts) in DOUBLE_PHRASES or is_mistaken(texts)


def is_mistaken(texts: Sequence[str]) -> bool:
    """Whether "nham" means "nhầm" (wrong): it does unless it follows "muoi" ("hai muoi nham" is twenty-five)."""
    return any(text == "nham" and before != "muoi" for before, text in pairwise(("", *texts)))


def is_thousandfold(tokens: Sequence[Token]) -> bool:
    """Whether millions or billions are said, as for money."""
    parts = (part for _, part, _ in WORDS.starts(tokens))
    return any(part is NumeralPart.SCALE and value >= 1_000_000 for part, value in parts)

"""Two numerals after each other that leave it between them: "một hai hộ", "năm sáu chục nhà".

They may also be a ten and its unit, said short. Which of these is meant is asked, never guessed.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from questionnaires.answers.numerals import WORDS, NumeralPart
from questionnaires.answers.tokens import Token

SMALL: Final = (NumeralPart.DIGIT, NumeralPart.ONE, NumeralPart.TEN)
"""The parts that may be an end of a span."""
TIMES: Final = {"chục": 10, "chuc": 10, "mươi": 10, "muoi": 10, "trăm": 100, "tram": 100}
"""Words that count both ends in tens or hundreds."""
TEN: Final = 10


def span_in(tokens: Sequence[Token]) -> tuple[Decimal, ...]:
    """Return the ends of the only span among `tokens`, then the number that its words may be as well; () for none.

    Beside figures, or behind another numeral ("trăm hai ba"), words are no span.
    """
    if any(token.kind == "number" for token in tokens):
        return ()
    starts = [place for place in range(len(tokens) - 1) if is_span(tokens, place)]
    if len(starts) != 1:
        return ()
    first = small_at(tokens, starts[0])
    behind = tokens[starts[0] + 2].text if starts[0] + 2 < len(tokens) else ""
    times = TIMES.get(behind, 1)
    together = () if times > 1 or first + 1 >= TEN else (Decimal(TEN * first + first + 1),)
    return (Decimal(first * times), Decimal((first + 1) * times), *together)


def is_span(tokens: Sequence[Token], place: int) -> bool:
    """Whether the numerals at `place` and behind it follow each other, and no other numeral stands before them."""
    first, second = small_at(tokens, place), small_at(tokens, place + 1)
    alone = place == 0 or WORDS.at(tokens, place - 1) is None
    return alone and first > 0 and second == first + 1


def small_at(tokens: Sequence[Token], place: int) -> int:
    """Return the numeral from one to ten at `place`; 0 for none."""
    entry = WORDS.at(tokens, place)
    small = entry is not None and entry[1] == place + 1 and entry[0][0] in SMALL
    return int(entry[0][1]) if entry is not None and small else 0

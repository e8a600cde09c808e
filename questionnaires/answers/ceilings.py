"""The largest amounts that are taken as said. A larger one is rather a slip, or in another unit, and is confirmed first."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from questionnaires.answers import words
from questionnaires.answers.meant import OF_ANY_UNIT
from questionnaires.answers.numerals import Numeral
from questionnaires.answers.quantities import Quantity
from questionnaires.answers.reading import AnswerDoubt, AnswerKind, ExpectedAnswer
from questionnaires.answers.rewritten import is_thousandfold
from questionnaires.answers.tokens import Token
from questionnaires.answers.units import scale_of

LARGEST: Final = Decimal(10) ** 15
"""The largest amount. Not far above it, floats, which XPath calculates with, cannot tell whole numbers apart."""
LARGEST_COUNT: Final = 100_000_000
"""About the population of the nation, since provinces are asked too. Forms set the limits for villages."""
LARGEST_MEASURES: Final = {"m2": Decimal(10) ** 8, "ha": Decimal(33_000_000), "km": Decimal(10) ** 6}
"""Measures that are rather a slip, by unit: more square metres than a commune has, more hectares than the nation."""
BARE_SCALED: Final = 1_000_000
"""From this many triệu đồng on, an amount without unit may be meant in đồng."""
LEAST_SCALED: Final = Decimal("0.1")
MOST_IN_WORDS: Final = 100_000
"""Up to so many are rather counted in the unit asked for, if "nghìn" is said and they would be less than a tenth of it:
"hai nghìn" of triệu đồng."""


def look_at_measure(
    tokens: Sequence[Token], question: ExpectedAnswer, quantity: Quantity, value: Decimal
) -> None:
    """Refuse, until it is confirmed, an amount that is rather a slip in its unit. Raises AnswerDoubt."""
    if question.kind not in (*OF_ANY_UNIT, AnswerKind.AREA) or not question.unit:
        return
    if quantity.unit is None:
        look_at_bare(tokens, question, quantity.numeral, value)
    if value > LARGEST_MEASURES.get(question.unit, LARGEST):
        raise AnswerDoubt("too_large", values=(value,))


def look_at_bare(tokens: Sequence[Token], question: ExpectedAnswer, numeral: Numeral, value: Decimal) -> None:
    """Refuse, until it is confirmed, an amount without a unit that may be meant in another than is asked for."""
    scale = scale_of(question.unit)
    if scale and numeral.scaled:
        look_at_scaled(value, scale)
    elif scale:
        look_at_money(question, value, scale)
    elif question.unit not in words.names_of("đồng") and is_thousandfold(tokens):
        raise AnswerDoubt("other_unit", values=(value,))


def look_at_scaled(value: Decimal, scale: int) -> None:
    """Refuse an amount of money said with "nghìn", "triệu" that may be so many of the unit asked for. Raises AnswerDoubt."""
    if value < LEAST_SCALED and value * scale <= MOST_IN_WORDS:
        raise AnswerDoubt("no_unit", values=(value * scale, value))


def look_at_money(question: ExpectedAnswer, value: Decimal, scale: int) -> None:
    """Refuse an amount of money that may be meant in đồng. Raises AnswerDoubt."""
    if value >= BARE_SCALED:
        meant = () if question.kind is AnswerKind.COUNT and value % scale else (value / scale,)
        raise AnswerDoubt("no_unit", values=(*meant, value))

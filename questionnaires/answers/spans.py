"""Numerals side by side that are no one number: "một hai hộ", "hai tám", "một hai ba", "năm sáu chục nhà".

They may be a span, or one number said short or digit by digit, as telephone numbers are. Which of these is meant is asked,
never guessed.

    "ba bốn", "năm sáu chục"   3 or 4, or 34; 50 or 60
    "mười hai ba"              12 or 13
    "hai tám", "một hai ba"    28; 123
    "một linh hai"             102
    "trăm hai ba"              123
    "một hai mươi ba"          123
"""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Final

from questionnaires.answers.likely import NUMBERED
from questionnaires.answers.numerals import WORDS, NumeralPart, whole_at
from questionnaires.answers.phrases import FOLDER, Words
from questionnaires.answers.tokens import Token

Values = tuple[Decimal, ...]
DIGITS: Final = (NumeralPart.DIGIT, NumeralPart.ONE, NumeralPart.ZERO)
TIMES: Final = (
    NumeralPart.DOZEN,
    NumeralPart.TENS,
    NumeralPart.TEN_OR_TENS,
    NumeralPart.HUNDRED,
)
"""The parts that count both ends in tens or hundreds."""
OF_YEAR: Final = Words.read(FOLDER / "nhieu-cau.toml").flags("of_year")
"""Phrases with a year that is no five: "cả năm"."""
TEN: Final = 10
HUNDRED: Final = 100
MOST_DIGITS: Final = 4
"""No village has more of anything that is told digit by digit."""


A_FEW: Final = ((5, 3), (5, 7))
"""Numbers that do not follow each other, and are said together for some between them."""


def told_side_by_side(tokens: Sequence[Token]) -> Values:
    """Return the numbers that the only numerals side by side may mean, of which several are the ends of a span; () where
    there are none, or several, or where they are one number.

    Beside figures words are neither.
    """
    told = only_unclear(tokens)
    return told[2] if told else ()


def only_unclear(tokens: Sequence[Token]) -> tuple[int, int, Values] | None:
    """Return where the only numerals side by side begin and end, and what they may mean; None where there are none."""
    if any(token.kind == "number" for token in tokens):
        return None
    told = [(start, end, values) for start, end in runs(tokens) if (values := meanings(tokens[start:end]))]
    return told[0] if len(told) == 1 else None


def runs(tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Yield where words begin and end that stand side by side and may all belong to a number: two at least."""
    start = 0
    for place in range(len(tokens) + 1):
        if place == len(tokens) or WORDS.at(tokens, place) is None or is_no_amount(tokens, place):
            if place - start > 1:
                yield start, place
            start = place + 1


def is_no_amount(tokens: Sequence[Token], place: int) -> bool:
    """Whether the numeral at `place` only numbers something, "tháng năm", or is a year, "cả năm"."""
    if not place or OF_YEAR.past(tokens, place - 1) > place:
        return place > 0
    return NUMBERED.at(tokens, place - 1) is not None and WORDS.at(tokens, place - 1) is None


def meanings(run: Sequence[Token]) -> Values:
    """Return what numerals side by side may mean; () if they are one number, or nothing that people say."""
    if whole_at(run, 0)[0] is not None:
        return ()
    return next(filter(None, (mean(run) for mean in WAYS)), ())


def span_of(run: Sequence[Token]) -> Values:
    """Two numbers that follow each other, or that people say together for a few ("năm ba", "năm bảy"); both counted in tens
    or hundreds if such a word stands behind them."""
    first, second = small_at(run, 0), small_at(run, 1)
    if not first or (second != first + 1 and (first, second) not in A_FEW):
        return ()
    times = times_at(run, 2)
    if len(run) != (2 if times == 1 else 3):
        return ()
    together = () if times > 1 or second >= TEN else (Decimal(TEN * first + second),)
    low, high = sorted((first, second))
    return (Decimal(low * times), Decimal(high * times), *together)


def span_above_ten(run: Sequence[Token]) -> Values:
    """A number, and the last digit of the next one: "mười hai ba"."""
    value, last = whole_at(run[:-1], 0)[0], small_at(run, len(run) - 1)
    follows = value is not None and value > TEN and last < TEN and value % TEN + 1 == last
    return (value, value + 1) if value is not None and follows else ()


def digit_by_digit(run: Sequence[Token]) -> Values:
    """Digits one after another, as in a telephone number. "Ba không" may also be a plain no of somebody called "ba"."""
    said = [digit_at(run, place) for place in range(len(run))]
    if None in said or not said[0] or len(said) > MOST_DIGITS:
        return ()
    number = Decimal("".join(map(str, said)))
    return (number, Decimal(0)) if len(said) == 2 and said[1] == 0 else (number,)


def hundreds_and_odd(run: Sequence[Token]) -> Values:
    """Hundreds and ones without the word between them: "một linh hai"."""
    first, last = digit_at(run, 0), digit_at(run, 2)
    odd = len(run) == 3 and part_at(run, 1) is NumeralPart.ODD
    return (Decimal(HUNDRED * first + last),) if odd and first and last else ()


def hundreds_and_tens(run: Sequence[Token]) -> Values:
    """Hundreds and tens without the word between them: "một hai mươi ba"."""
    first, rest = digit_at(run, 0), whole_at(run[1:], 0)[0]
    tens = rest is not None and TEN <= rest < HUNDRED
    return (HUNDRED * first + rest,) if first and rest is not None and tens else ()


def behind_hundreds(run: Sequence[Token]) -> Values:
    """Two digits behind whole hundreds: "trăm hai ba", "hai trăm ba bốn"."""
    hundreds, digits = run[:-2], [digit_at(run, len(run) - 2), digit_at(run, len(run) - 1)]
    if not hundreds or part_at(hundreds, len(hundreds) - 1) is not NumeralPart.HUNDRED or not all(digits):
        return ()
    value = whole_at(hundreds, 0)[0] if hundreds[1:] else Decimal(HUNDRED)
    return () if value is None else (value + Decimal("".join(map(str, digits))),)


WAYS: Final[Sequence[Callable[[Sequence[Token]], Values]]] = (
    span_of,
    span_above_ten,
    digit_by_digit,
    hundreds_and_odd,
    hundreds_and_tens,
    behind_hundreds,
)
"""What numerals side by side may be; the first that fits, counts."""


def part_at(run: Sequence[Token], place: int) -> NumeralPart | None:
    """Return what the word at `place` does in a number; None behind the last."""
    entry = WORDS.at(run, place)
    return entry[0][0] if entry else None


def digit_at(run: Sequence[Token], place: int) -> int | None:
    """Return the digit at `place`; None if the word is none."""
    entry = WORDS.at(run, place)
    return entry[0][1] if entry and entry[0][0] in DIGITS else None


def small_at(run: Sequence[Token], place: int) -> int:
    """Return the numeral from one to ten at `place`; 0 for none."""
    if part_at(run, place) is NumeralPart.TEN:
        return TEN
    return digit_at(run, place) or 0


def times_at(run: Sequence[Token], place: int) -> int:
    """Return by how much the word at `place` multiplies the numerals before it; 1 for none."""
    entry = WORDS.at(run, place)
    return entry[0][1] if entry and entry[0][0] in TIMES else 1

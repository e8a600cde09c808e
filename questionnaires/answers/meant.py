"""What a refused count may have meant, to be offered on buttons: never stored without a yes."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from questionnaires.answers import words
from questionnaires.answers.denied import without_denied
from questionnaires.answers.likely import changed, likely, only_number, whole_numbers
from questionnaires.answers.numerals import value_at
from questionnaires.answers.reading import AnswerDoubt, AnswerKind, ExpectedAnswer
from questionnaires.answers.rewritten import is_thousandfold
from questionnaires.answers.tokens import Token
from questionnaires.answers.units import units_for

OF_ANY_UNIT: Final = (AnswerKind.COUNT, AnswerKind.DECIMAL)
"""Kinds whose unit is the question's own, and so may be thousands or millions of something."""


def values_in(tokens: Sequence[Token]) -> list[Decimal]:
    """The number that begins at each place, where one does."""
    values = (value_at(tokens, place) for place in range(len(tokens)))
    return [value for value in values if value is not None]


def names_no_unit(tokens: Sequence[Token], question: ExpectedAnswer) -> bool:
    """Whether nothing is known of what a question counts, so that no unit can be said to be another. A share is no count."""
    return (
        question.kind in OF_ANY_UNIT and not question.unit and not any(token.text == "%" for token in tokens)
    )


def whole_or_scaled(tokens: Sequence[Token]) -> tuple[Decimal, ...]:
    """Return the only number of an answer: 5 of "5 tấn", 5,000,000 of "5 triệu"; () if there are several."""
    if is_thousandfold(tokens):
        return tuple(sorted(values_in(tokens))[-1:])
    return only_number(tokens)


def may_mean(
    doubt: AnswerDoubt, text: str, tokens: Sequence[Token], question: ExpectedAnswer
) -> tuple[Decimal, ...]:
    """Return the counts that a refused answer may have meant; () if the person says not to know."""
    if question.kind is not AnswerKind.COUNT or doubt.code == "dont_know":
        return ()
    tokens = without_denied(tokens)
    return (
        of_a_change(doubt, tokens, question)
        or likely(text, tokens, question.whole)
        or beside_other_words(doubt, tokens)
        or (said_of(tokens, question) if doubt.code in SEVERAL_SAID else ())
    )


def of_a_change(doubt: AnswerDoubt, tokens: Sequence[Token], question: ExpectedAnswer) -> tuple[Decimal, ...]:
    """Return what a change of the number before makes: "thêm 2 hộ"; with the 2, where the words may mean something else."""
    if doubt.code == "change":
        return changed(tokens, question.before)
    by = changed(tokens, question.before) if doubt.code == "unknown_words" else ()
    return (*by, *only_number(tokens)) if by else ()


def beside_other_words(doubt: AnswerDoubt, tokens: Sequence[Token]) -> tuple[Decimal, ...]:
    """Return the only number beside words that nobody knows, or beside such as "cái" for what is counted."""
    of_things = doubt.code == "other_unit" and any(token.text in words.NEUTRAL_THINGS for token in tokens)
    return only_number(tokens) if of_things or doubt.code == "unknown_words" else ()


SEVERAL_SAID: Final = ("unknown_words", "two_numbers", "negation", "vague")
"""Doubts about a sentence in which each number may be the answer."""
MOST_OFFERED: Final = 3


def said_of(tokens: Sequence[Token], question: ExpectedAnswer) -> tuple[Decimal, ...]:
    """Return the different numbers said in the unit asked for, if they are few: "43 hộ được dùng còn 9 hộ thì chưa"."""
    units, values = units_for(question.kind, question.unit), list[Decimal]()
    for value, end, length in whole_numbers(tokens):
        unit = units.at(tokens, end)
        # One word may be another than a number, unless what is counted follows it: "bảy hộ".
        if (unit is None and length > 1) or (unit is not None and unit[0].asked):
            values.append(value)
    possible = [value for value in values if question.whole is None or value <= question.whole]
    different = tuple(dict.fromkeys(possible))
    return different if len(different) <= MOST_OFFERED else ()

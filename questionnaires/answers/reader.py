"""The entry to the reader of typed answers: chooses the grammar for each kind of question."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final

from questionnaires.answers.amounts import read_amount
from questionnaires.answers.choosing import read_choice
from questionnaires.answers.dates import read_date
from questionnaires.answers.freetext import read_text
from questionnaires.answers.reading import NUMERIC, YES_NO, AnswerDoubt, AnswerKind, ExpectedAnswer, Reading
from questionnaires.answers.reasons import reason
from questionnaires.answers.text import clean
from questionnaires.answers.tokens import LONGEST, Token, tokens_of
from questionnaires.answers.yesno import read_yes_no


def read(text: str, question: ExpectedAnswer) -> Reading:
    """Read `text` as an answer to `question`. Never raises; anything that is not plainly an answer has status "ask"."""
    try:
        return understood(text, question)
    except AnswerDoubt as doubt:
        told = reason(clean(text[:LONGEST]), doubt.code, question)
        return Reading("ask", doubt=told, candidates=doubt.candidates)


def yes_or_no(text: str, on: date) -> bool | None:
    """Return whether `text` is a plain yes or a plain no; None if it is neither."""
    reading = read(text, ExpectedAnswer(AnswerKind.CONFIRM, on))
    return bool(reading.value) if reading.status == "ok" else None


def understood(text: str, question: ExpectedAnswer) -> Reading:
    """Read an answer. Raises AnswerDoubt."""
    if question.kind is AnswerKind.TEXT:
        return read_text(text)
    if len(text) > LONGEST:
        raise AnswerDoubt("too_long")
    cleaned = clean(text)
    if not cleaned:
        raise AnswerDoubt("empty")
    if question.kind not in READERS:
        raise AnswerDoubt("no_match")
    return READERS[question.kind](text, tokens_of(cleaned), question)


READERS: Final[Mapping[AnswerKind, Callable[[str, Sequence[Token], ExpectedAnswer], Reading]]] = {
    **dict.fromkeys(NUMERIC, read_amount),
    **dict.fromkeys(YES_NO, read_yes_no),
    **dict.fromkeys((AnswerKind.DATE, AnswerKind.PERIOD), read_date),
    **dict.fromkeys((AnswerKind.ONE, AnswerKind.MANY), read_choice),
}
"""The grammar for each kind. Places are not read here, but by code that knows the places."""

"""The one door of the reader: which grammar reads which kind of question."""

from questionnaires.answers.amounts import read_amount
from questionnaires.answers.reading import NUMERIC, Doubt, Question, Reading
from questionnaires.answers.text import clean
from questionnaires.answers.tokens import LONGEST, tokens_of


def read(text: str, question: Question) -> Reading:
    """What `text` answers to `question`. Never raises; what is not plainly an answer has status "ask"."""
    try:
        return understood(text, question)
    except Doubt as doubt:
        return Reading("ask", doubt=doubt.code, candidates=doubt.candidates)


def understood(text: str, question: Question) -> Reading:
    """The reading of an answer. Raises Doubt."""
    if len(text) > LONGEST:
        raise Doubt("too_long")
    cleaned = clean(text)
    if not cleaned:
        raise Doubt("empty")
    tokens = tokens_of(cleaned)
    if question.kind in NUMERIC:
        return read_amount(text, tokens, question)
    raise Doubt("unknown_words")

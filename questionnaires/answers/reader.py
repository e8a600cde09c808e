"""The one door of the reader: which grammar reads which kind of question."""

from questionnaires.answers.reading import Candidate, Doubt, Kind, Question, Reading
from questionnaires.answers.text import clean


def read(text: str, question: Question) -> Reading:
    """What `text` answers to `question`. Never raises; what is not plainly an answer has status "ask"."""
    try:
        return read_count(text, question)
    except Doubt as doubt:
        return Reading("ask", doubt=doubt.code, candidates=doubt.candidates)


def read_count(text: str, question: Question) -> Reading:
    cleaned = clean(text)
    if not cleaned.isdecimal() or not cleaned.isascii() or question.kind is not Kind.COUNT:
        raise Doubt("not_a_number", (Candidate(0, "0"),) if cleaned == "o" else ())
    return Reading("ok", int(cleaned), read_back=f"{cleaned} {question.unit}".strip(), exact=True)

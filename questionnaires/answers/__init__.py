"""Reads what people type: Vietnamese numbers, yes and no, dates, periods, choices and text.

The law of this package: a wrong value accepted is the worst outcome, asking again costs one message. So every
word of an answer must be understood and have its place in the grammar; one word that is not known, or two
readings that differ, and the person is asked again. Nothing is ever picked out of a text.
"""

from questionnaires.answers.reader import read, yes_or_no
from questionnaires.answers.reading import (
    EXAMPLES,
    NUMERIC,
    AnswerKind,
    Candidate,
    ExpectedAnswer,
    Option,
    Reading,
    Value,
)

__all__ = [
    "EXAMPLES",
    "NUMERIC",
    "AnswerKind",
    "Candidate",
    "ExpectedAnswer",
    "Option",
    "Reading",
    "Value",
    "read",
    "yes_or_no",
]

"""What answers the question whether a cry is an emergency: a yes, an outright no, or words about its end, which are neither.

Nobody knows of the cry yet. Rain that stops frees nobody, and "xong rồi" may be said of anything, so neither drops it.
"""

from datetime import date
from typing import Final

from handlers.danger import (
    EPIDEMIC,
    LONGEST,
    MISTAKEN,
    NOT_SO,
    OTHER,
    SAID,
    but_courtesy,
    ends_of,
    is_cry,
    is_meant,
    is_said,
    is_settled,
    is_vague_no,
)
from questionnaires.answers import yes_or_no
from questionnaires.answers.text import clean
from questionnaires.answers.tokens import tokens_of, without_marks
from storage.kept import CryWanted

WEATHER: Final = SAID.flags("weather")
"""Words that say that the weather is better."""


def answered(text: str, today: date) -> bool | None:
    """Whether `text` answers the question with yes (True) or no (False); None if with neither."""
    if tells_of_weather(text):
        return None
    plain = yes_or_no(text, today)
    return is_meant(text) if plain is None else plain


def tells_of_weather(text: str) -> bool:
    """Whether `text` says only that the weather is better: "hết mưa rồi"."""
    said = but_courtesy(text)
    return bool(said) and ends_of(WEATHER, said) == len(said)


def is_doubtful_no(text: str) -> bool:
    """Whether a no may be meant otherwise: a single word such as "thôi", a number, or words that something is over."""
    return is_vague_no(text) or text.strip(" .)").isdecimal() or is_end(text)


def is_end(text: str) -> bool:
    """Whether `text` says that something is over, and not that it never was: "ổn rồi"."""
    words = without_marks(tokens_of(clean(text[:LONGEST])))
    denies = is_said(MISTAKEN, words) or ends_of(NOT_SO, but_courtesy(text))
    return is_settled(words) and not denies


def kind_with(text: str, before: CryWanted | None, kind: str) -> str:
    """Return the kind of danger in what was cried `before`, if anything, and what `text` cries now.

    The first one says most: people go missing in a flood. Not so in an epidemic: where cattle die and then a man drowns
    or a house burns, somebody is in another danger.
    """
    if before is None:
        return kind
    return kind if kind and (before.kind == OTHER or is_other_danger(text, before, kind)) else before.kind


def is_other_danger(text: str, before: CryWanted, kind: str) -> bool:
    """Whether this kind is no part of the epidemic that was cried before; a bare cry may be."""
    bare = kind == OTHER and is_cry(text)
    return before.kind == EPIDEMIC and kind != EPIDEMIC and not bare

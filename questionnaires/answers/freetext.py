"""Read free text: keep it as it was typed, without invisible characters, and not too long."""

import unicodedata
from typing import Final

from questionnaires.answers.reading import AnswerDoubt, Reading
from questionnaires.answers.text import OVERRIDES, visible

MOST: Final = 2000
"""The most letters of a text answer."""


def is_readable(letter: str) -> bool:
    """Whether a character is visible, or breaks a line."""
    return letter == "\n" or (unicodedata.category(letter) not in ("Cc", "Cs") and letter not in OVERRIDES)


def read_text(text: str) -> Reading:
    """Return the text in NFC without control and invisible characters. Raises AnswerDoubt if empty or too long."""
    if len(text) > 4 * MOST:
        raise AnswerDoubt("too_long")
    joiners = text.replace("\u200d", "\ue000")
    kept = "".join(filter(is_readable, visible(joiners)))
    value = unicodedata.normalize("NFC", kept.replace("\ue000", "\u200d")).strip()
    if not value.strip("\u200d \n"):
        raise AnswerDoubt("empty")
    if len(value) > MOST:
        raise AnswerDoubt("too_long")
    return Reading("ok", value, exact=value == text, read_back=value)

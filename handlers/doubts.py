"""Which sentence says why an answer was not taken, for a chat and for the terminal alike."""

from collections.abc import Container
from typing import Final

from questionnaires.answers.freetext import MOST

DOUBT: Final = "answers.doubt."
"""Before the code of a doubt in the keys of its sentences."""
LONG_TEXT: Final = "answers.long_text"
LIMITS: Final = {"most": MOST}
"""What the sentences may name besides what the refusal itself tells."""


def sentence(known: Container[str], code: str, *, of_text: bool) -> str:
    """The key of the sentence for `code`, "" if there is none; `of_text`: where any words are an answer.

    Of a text no example tells how short it must be.
    """
    if code == "too_long" and of_text:
        return LONG_TEXT
    keys = (f"forms.refused.{code}", f"{DOUBT}{code}")
    return next((key for key in keys if key in known), "")


def has_example(key: str) -> bool:
    """Whether the sentence gives an example itself, or one would tell nothing."""
    return key == LONG_TEXT or key.startswith(DOUBT)

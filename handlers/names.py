"""Finds a person's name in what somebody typed when asked for it."""

from typing import Final

from handlers.vocabulary import AFTER_NO_SURNAME, BEFORE_A_NAME, NO_NAME, SURNAMES, hint_in
from questionnaires.answers.text import clean, fold
from questionnaires.answers.tokens import tokens_of

NAME_LENGTH: Final = 60
"""The most letters of a name: a longer text is a sentence."""
WORDS: Final = 6
"""The most words of something that is taken for a name unasked."""
LEADING: Final = 4
"""The most words that introduce a name."""


def clean_name(text: str) -> str:
    """Return `text` as a name: one line, nothing invisible, at most NAME_LENGTH long; "" if it is none.

    Words that introduce it are left out: "tôi tên là Lý A Sử" is Lý A Sử.
    """
    name = without_lead("".join(letter if letter.isprintable() else " " for letter in text).split())
    return name if is_name(name) else ""


def is_surely_name(text: str) -> bool:
    """Whether what somebody typed for their name surely is one: introduced, written like one, or beginning with a
    surname.

    "nước hợp vệ sinh toàn tỉnh" consists of letters too, but is a question.
    """
    name = clean_name(text)
    words = name.split()
    if not words or "?" in text or hint_in(name) or NO_NAME.first_in(tokens_of(clean(text))) is not None:
        return False
    led_to = len(words) < len(text.split())
    written = len(words) > 1 and all(map(str.istitle, words))
    return len(words) <= WORDS and (led_to or written or begins_with_surname(name))


def begins_with_surname(name: str) -> bool:
    """Whether a possible name begins with a surname and does not go on as a sentence does: "hàng xóm tôi ốm" is none."""
    tokens = tokens_of(clean(name))
    surname = len(tokens) > 1 and SURNAMES.at(tokens, 0) is not None
    return surname and AFTER_NO_SURNAME.first_in(tokens[1:]) is None


def without_lead(words: list[str]) -> str:
    """Return a name without the words that introduce it, as many as there are."""
    for length in range(min(LEADING, len(words) - 1), 0, -1):
        if fold(" ".join(words[:length])) in BEFORE_A_NAME:
            return " ".join(words[length:]).strip(" :")
    return " ".join(words)


def is_name(text: str) -> bool:
    """Whether a text has letters and no digits, and is no longer than a name."""
    digits, letters = any(map(str.isdigit, text)), any(map(str.isalpha, text))
    return letters and not digits and len(text) <= NAME_LENGTH

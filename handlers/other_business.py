"""Whether what an officer writes while an emergency is open is other business than a word to whoever raised it.

A village in danger must not read "mai họp 8 giờ" as its officer's answer. What is surely for the bot is answered by the bot;
what only may be goes to the village when its writer has chosen that, and with no receipt.
"""

from typing import Final

from handlers.danger import LONGEST, SAID, asks_at_end, but_courtesy
from handlers.vocabulary import OF_WORK, is_about_bot, is_for_the_bot
from questionnaires.answers.text import clean
from questionnaires.answers.tokens import tokens_of, walk, without_marks

NOT_FOR_RAISER: Final = SAID.codes("not_for_raiser")
"""What whole messages do that tell whoever raised it nothing, as `purpose_of` gives it."""


def purpose_of(text: str) -> str:
    """Return what a whole message does that tells whoever raised an emergency nothing: "drop" or "send" what
    waits to be sent on, "leave" a screen, ask the "bot", or perhaps one of these, "unsure"; "" for any other."""
    words = without_marks(tokens_of(clean(text[:LONGEST])))
    return NOT_FOR_RAISER.whole(words) or NOT_FOR_RAISER.whole(but_courtesy(text)) or ""


def may_be_other(text: str) -> bool:
    """Whether `text` may be about something else than an emergency that is open."""
    of_bot = is_for_the_bot(text) or (asks_at_end(text) and is_about_bot(text))
    return of_bot or bool(purpose_of(text)) or is_of_work(text)


def is_of_work(text: str) -> bool:
    """Whether `text` speaks of everyday business of a village or commune: "mai họp lúc 8 giờ"."""
    found = (phrase for _, phrase in walk(but_courtesy(text), OF_WORK) if phrase)
    return any(meaning == "on" for meaning, _ in found)

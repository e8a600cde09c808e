"""Whether words may be meant for what is open in an interview, where they may be meant for something else as well.

Asked before a screen is called, or a danger told, by the same words (`handlers.routing`, `handlers.hearing`).
"""

from typing import Final

from handlers import danger
from handlers.interviewing import several, unchanging
from handlers.interviewing.said import AGREED, WHY, agrees_to_offer, kept, sending
from handlers.interviewing.sitting import Sitting
from handlers.interviewing.spoken import WITHIN, button_called, spoken
from handlers.vocabulary import COMMANDS, intent_of
from questionnaires.answers.text import clean, fold
from questionnaires.answers.tokens import tokens_of
from questionnaires.interview import (
    Answer,
    Recorded,
    Refused,
    Resume,
    first_of,
    of_kind,
    open_question,
    questions,
    step,
)
from questionnaires.numbers_said import says_number
from questionnaires.one_change import question_named
from questionnaires.several import EMPTY, written_out

SEVERAL_WORDS: Final = 2
"""One word may be said of anything: "thôi", "gửi"."""
TELLING_WORDS: Final = 2
"""So many words of a question, that tell it from others, speak of it."""


def takes(sitting: Sitting, text: str, *, surely: bool = False) -> bool:
    """Whether `text` says something to what is open here: a button's words, or what may be an answer.

    `surely`: what may only be meant for one is none, unless the question itself speaks of danger.
    """
    if sitting.over or button_called(text) or agrees_to_offer(sitting, text):
        return True
    if fold(text) in COMMANDS and sitting.asks("text"):
        return False
    if sitting.notes.at:
        return screen_takes(sitting, text, surely=surely)
    if WITHIN.get(intent_of(text)):
        return True
    if sitting.position is None:
        return spoken(text) is not None or unchanging.agreed(sitting.turn, text) is not None
    if kept(sitting, sitting.interview, text):
        return True
    return answers(sitting, text, surely=surely)


def leaves(sitting: Sitting, text: str, *, spoken_on: bool) -> bool:
    """Whether nothing that is open takes `text` for sure.

    `spoken_on`: it may speak of a danger; then what it might be besides, or any words where any are asked, does not count.
    """
    if sitting.notes.at in (*WHY, "d", "r") or sitting.asks("text"):
        return spoken_on
    if takes(sitting, text, surely=True):
        return False
    counts = says_number(tokens_of(clean(text)))
    return spoken_on or not (counts or spoken(text) or is_of_form(sitting, text, hinted=False))


def screen_takes(sitting: Sitting, text: str, *, surely: bool) -> bool:
    """The same where a screen stands between the questions: it takes a reason, a yes or a no, or several answers."""
    if sitting.notes.at in WHY:
        return not surely and fold(text) not in COMMANDS
    if sitting.notes.at not in AGREED:
        return False
    yes = unchanging.agreed(sitting.turn, text, sitting.notes.at)
    return yes is not None or sending(sitting, text) is not None or bool(several.read(sitting, text).answers)


def answers(sitting: Sitting, text: str, *, surely: bool) -> bool:
    """Whether `text` is an answer to the open question, or may be one unless it must be `surely`."""
    _, events = step(sitting.form, sitting.interview, Answer(text), sitting.context)
    if first_of(events, Recorded):
        return True
    refused = first_of(events, Refused)
    doubtful = refused is not None and bool(refused.candidates)
    # What only leans to one of the choices names none: "sạt lở rồi" is no surer a yes for ending with one.
    leans = refused is not None and refused.code == "no_match"
    return doubtful and not (surely and (leans or not asks_of_danger(sitting)))


def is_of_form(sitting: Sitting, text: str, *, hinted: bool) -> bool:
    """Whether `text` speaks of the questionnaire itself: a question by its number or by its words, or what is done with it.

    `hinted`: words that only hint at a button are enough.
    """
    if question_named(text) is not None:
        return True
    if sitting.notes.at or sitting.asks("text"):
        return False
    if len(text.split()) >= SEVERAL_WORDS and spoken(text, hinted=hinted) is not None:
        return True
    asked = questions(sitting.form, sitting.interview, sitting.context)
    return any(len(words_of(text) & words_of(line.label)) >= TELLING_WORDS for line in asked)


def words_of(text: str) -> set[str]:
    """The words of `text` that tell one question from another."""
    return set(written_out(text).split()) - EMPTY


def is_out_of_bounds(sitting: Sitting, text: str) -> bool:
    """Whether `text` is an answer that the form itself refuses, such as more households than the village has."""
    _, events = step(sitting.form, sitting.interview, Answer(text), sitting.context)
    return any(refused.message for refused in of_kind(events, Refused))


def asks_of_danger(sitting: Sitting) -> bool:
    """Whether the open question speaks of some danger."""
    _, events = step(sitting.form, sitting.interview, Resume(), sitting.context)
    asked = open_question(events)
    return asked is not None and danger.mentions(f"{asked.label} {asked.hint}")

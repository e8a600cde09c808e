"""Whether words may be for the open interview when they could also mean something else.

Asked before the same words call a screen or report a danger (`handlers.routing`, `handlers.hearing`).
"""

from typing import Final

from handlers import danger
from handlers.interviewing import offering, reasons, rows, several, storing, unchanging
from handlers.interviewing.between import AGREED
from handlers.interviewing.said import WHY, put_off, sending
from handlers.interviewing.sitting import Sitting
from handlers.interviewing.spoken import WITHIN, button_called, spoken
from handlers.interviewing.storing import kept
from handlers.interviewing.ways import Explain, StepBack
from handlers.vocabulary import LOOK_AGAIN, calls_page, intent_of
from questionnaires.answers.choices import by_label
from questionnaires.answers.text import clean, fold
from questionnaires.answers.tokens import tokens_of
from questionnaires.interview import (
    Answer,
    Ask,
    Recorded,
    Refused,
    Resume,
    first_of,
    of_kind,
    open_question,
    questions,
    step,
)
from questionnaires.naming import EMPTY, written_out
from questionnaires.numbers_said import says_number
from questionnaires.one_change import question_named

SEVERAL_WORDS: Final = 2
"""A single word may be about anything: "thôi", "gửi"."""
TELLING_WORDS: Final = 2
"""How many distinguishing words of a question show that a sentence is about it."""


def takes(sitting: Sitting, text: str, *, surely: bool = False) -> bool:
    """Whether `text` says something to what is open here: it is a button's label, or may be an answer.

    With `surely`, what only may be an answer does not count, unless the question itself is about danger.
    """
    if sitting.over or presses(sitting, text):
        return True
    if calls_page(text) and calls_here(sitting, text):
        return False
    if sitting.notes.at:
        return screen_takes(sitting, text, surely=surely)
    if WITHIN.get(intent_of(text)) or fold(text) in LOOK_AGAIN:
        return True
    if sitting.position is None:
        return review_takes(sitting, text)
    if kept(sitting, sitting.interview, text):
        return True
    return answers(sitting, text, surely=surely)


def calls_here(sitting: Sitting, text: str) -> bool:
    """Whether a command, typed bare, calls its screen although the open question takes words, or has it in a choice:
    "báo cáo" chooses no "Điều hành, báo cáo". The whole label of a choice is an answer.
    """
    if sitting.asks("text"):
        return True
    if not sitting.asks("select_one", "select_multiple"):
        return False
    asked = asked_now(sitting)
    return asked is not None and not by_label(tokens_of(clean(text)), asked.choices)


def presses(sitting: Sitting, text: str) -> bool:
    """Whether `text` says what a button here does: by its label, by the name of a row, or as a yes to what is offered."""
    return bool(button_called(text) or rows.called(sitting, text) or offering.is_agreed(sitting, text))


def review_takes(sitting: Sitting, text: str) -> bool:
    """Whether `text` says something to the answers, once there is no question left."""
    return spoken(text) is not None or unchanging.agreed(sitting.turn, text) is not None


def leaves(sitting: Sitting, text: str, *, spoken_on: bool) -> bool:
    """Whether nothing open certainly takes `text`.

    `spoken_on`: it may be about a danger. Then neither what else it might be nor a question that takes any words
    counts.
    """
    if sitting.notes.at in (*WHY, "d", "r") or sitting.asks("text"):
        return spoken_on
    if takes(sitting, text, surely=True):
        return False
    counts = says_number(tokens_of(clean(text)))
    return spoken_on or not (counts or spoken(text) or is_of_form(sitting, text, hinted=False))


def screen_takes(sitting: Sitting, text: str, *, surely: bool) -> bool:
    """The same at a screen between questions: it takes a reason, a yes or no, or several answers."""
    if sitting.notes.at in WHY:
        return not surely and not calls_page(text)
    if sitting.notes.at not in AGREED:
        return False
    if fold(text) in LOOK_AGAIN:
        return True  # the answers that wait for a yes are shown again
    return decides(sitting, text) or bool(several.read(sitting, text).answers)


def decides(sitting: Sitting, text: str) -> bool:
    """Whether `text` decides what a screen between questions asks: about the doubt, by a yes or no, or by a button."""
    if sitting.notes.at in ("d", "r") and is_of_doubt(sitting, text):
        return True
    yes = unchanging.agreed(sitting.turn, text, sitting.notes.at)
    way = sending(sitting, text) or put_off(sitting, text)
    return yes is not None or way is not None


def is_of_doubt(sitting: Sitting, text: str) -> bool:
    """Whether `text` is for a doubted answer: last time's figure, a reason that has a button there, or another look."""
    if sitting.notes.at == "d" and reasons.as_before(sitting, text):
        return True
    return reasons.tells_of_dry(sitting, text) or WITHIN.get(intent_of(text)) in (StepBack, Explain)


def answers(sitting: Sitting, text: str, *, surely: bool) -> bool:
    """Whether `text` answers the open question, or may; with `surely`, whether it certainly does."""
    _, events = step(sitting.form, sitting.interview, Answer(text), sitting.context)
    if first_of(events, Recorded):
        return True
    refused = first_of(events, Refused)
    if refused is None:
        return False
    return is_named(sitting, refused, text) if surely else may_be_meant(refused, text)


def may_be_meant(refused: Refused, text: str) -> bool:
    """Whether words that were refused may answer all the same: they say by how much it changed, or something near."""
    return says_number(tokens_of(clean(text))) if refused.code == "change" else bool(refused.candidates)


def is_named(sitting: Sitting, refused: Refused, text: str) -> bool:
    """Whether words that were refused name their answer to a question about a danger, and no other danger.

    Words that merely lean to one choice do not name it: "sạt lở rồi" is no surer a yes because it ends with one.
    """
    leans = refused.code in ("change", "no_match", "no_match_other")
    return bool(refused.candidates) and not leans and asks_of_danger(sitting, text)


def is_of_form(sitting: Sitting, text: str, *, hinted: bool) -> bool:
    """Whether `text` is about the questionnaire itself: it names a question by number or by words, or what to do with
    it.

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


def asks_meaning(sitting: Sitting, text: str) -> bool:
    """Whether `text` asks what the words of the open question mean: "nước hợp vệ sinh là gì"."""
    asked = asked_now(sitting) if storing.asks_back(text) and not sitting.notes.at else None
    own = words_of(f"{asked.label} {asked.hint}") if asked else set()
    return len(words_of(text) & own) >= TELLING_WORDS


def words_of(text: str) -> set[str]:
    """The words of `text` that distinguish one question from another."""
    return set(written_out(text).split()) - EMPTY


def is_out_of_bounds(sitting: Sitting, text: str) -> bool:
    """Whether the form itself refuses `text`, for example because it is more households than the village has."""
    _, events = step(sitting.form, sitting.interview, Answer(text), sitting.context)
    return any(refused.message for refused in of_kind(events, Refused))


def asks_of_danger(sitting: Sitting, text: str) -> bool:
    """Whether the open question is about a danger, and `text` names no other."""
    asked = asked_now(sitting)
    if asked is None:
        return False
    words = f"{asked.label} {asked.hint}"
    return danger.mentions(words) and danger.is_of_question(text, words)


def asked_now(sitting: Sitting) -> Ask | None:
    """The open question as it is shown; None if there is none."""
    _, events = step(sitting.form, sitting.interview, Resume(), sitting.context)
    return open_question(events)

"""What is typed under somebody's words: it may be meant for them, or for the open question. A button says which.

An officer asks about a figure of last month while the head answers another questionnaire: «6 hộ hay 63 hộ ạ?» "63".
"""

from collections.abc import Sequence
from typing import Final

from handlers.interviewing import between, question, refusing
from handlers.interviewing.sitting import Sitting
from handlers.messages import Choice, clip, column
from handlers.vocabulary import intent_of
from questionnaires.answers import Candidate
from questionnaires.answers.text import clean
from questionnaires.answers.tokens import tokens_of
from questionnaires.interview import Answer, Ask, Recorded, Resume, of_kind, open_question, step
from questionnaires.numbers_said import says_number
from storage import delivered

WAYS: Final = 3
"""How many buttons of the words are shown again."""
SHOWN: Final = 40
"""How many letters of what was typed are repeated."""


def may_answer(sitting: Sitting, text: str) -> bool:
    """Whether `text` would be taken as an answer: to the open question or to what stands between two questions.

    At the review a bare number leads to an answer, and stores nothing.
    """
    if text.startswith("/") or (not sitting.notes.at and sitting.position is None):
        return False
    return says_number(tokens_of(clean(text))) or (not intent_of(text) and is_taken(sitting, text))


def is_taken(sitting: Sitting, text: str) -> bool:
    """Whether the open question takes `text`."""
    if sitting.notes.at or sitting.position is None:
        return False
    return bool(of_kind(step(sitting.form, sitting.interview, Answer(text), sitting.context)[1], Recorded))


async def ask_which(sitting: Sitting, text: str, meant: Sequence[Candidate]) -> None:
    """Say that `text` is not noted, and show what it may be for: the words' buttons, and what is asked here."""
    asked, shown = open_question(sitting.step(Resume())), clip(text.strip(), SHOWN)
    # What is shown below stands under the words: typed again, it is for the question.
    sitting.turn.shows_anew = True
    if sitting.notes.at or asked is None:
        await between.look_again(sitting, sitting.turn.say("interview.after_words_here", text=shown))
        return
    why = sitting.turn.say("interview.after_words", text=shown, number=asked.number)
    # Options stand below the question anyway.
    offered = [] if asked.choices else [of_question(sitting, asked, one) for one in meant]
    first = refusing.candidates(sitting, offered)
    sitting.note(either=True)
    question.ask(sitting, asked, why, first=first, last=column(*await of_words(sitting)))
    sitting.save()


def of_question(sitting: Sitting, asked: Ask, meant: Candidate) -> Candidate:
    """An answer with the number of its question."""
    label = sitting.turn.say("several.button.figure", number=asked.number, answer=meant.label)
    return Candidate(meant.value, label.unescape())


async def of_words(sitting: Sitting) -> list[Choice]:
    """The buttons below the words, marked as theirs."""
    said, say = await delivered.of_last_words(sitting.turn.session, sitting.turn.contact.id), sitting.turn.say
    return [
        Choice(say("interview.button.of_words", label=label).unescape(), data) for label, data in said[:WAYS]
    ]

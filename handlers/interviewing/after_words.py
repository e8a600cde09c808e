"""What is typed under somebody's words: it may be meant for them, or for the open question. A button says which.

An officer asks about a figure of last month while the head answers another questionnaire: «6 hộ hay 63 hộ ạ?» "63".
"""

from collections.abc import Sequence
from typing import Final

from handlers import menu, unheard
from handlers.interviewing import between, offering, question, refusing
from handlers.interviewing.sitting import Sitting
from handlers.interviewing.spoken import spoken
from handlers.interviewing.ways import Explain, GiveUp, GoOn, Later, OfInterview
from handlers.messages import Choice, clip, column
from handlers.vocabulary import LOOK_AGAIN
from questionnaires.answers import Candidate
from questionnaires.answers.text import clean, fold
from questionnaires.answers.tokens import tokens_of
from questionnaires.answers.yesno import agrees
from questionnaires.interview import Answer, Ask, Recorded, Resume, of_kind, open_question, step
from storage import delivered

WAYS: Final = 3
"""How many buttons of the words are shown again."""
FOR_THE_BOT: Final = (Later, GiveUp, Explain, GoOn)
"""What is said to the bot whoever wrote last. It stores, confirms and passes nothing."""
SHOWN: Final = 40
"""How many letters of what was typed are repeated."""


def holds(sitting: Sitting, text: str) -> bool:
    """Whether `text` may be meant for somebody's words, which came since the open question or are asked about now."""
    if sitting.turn.incoming.reply_to or text.startswith("/"):
        return False
    if not sitting.turn.after_words:
        # Asked which of the two is meant, a yes says neither.
        return sitting.notes.either and agrees(tokens_of(clean(text))) and not is_taken(sitting, text)
    # Where any words are an answer or a reason, a hint at a wish is part of them.
    hinted = not sitting.notes.at and not sitting.asks("text")
    return fold(text) not in LOOK_AGAIN and spoken(text, hinted=hinted) not in FOR_THE_BOT


def holds_label(sitting: Sitting, way: OfInterview) -> bool:
    """Whether a button whose label was typed may be meant for such words: only the newest message's can be meant."""
    typed = sitting.turn.incoming.text and not sitting.turn.incoming.reply_to
    return bool(typed and sitting.turn.after_words and not isinstance(way, FOR_THE_BOT))


def is_taken(sitting: Sitting, text: str) -> bool:
    """Whether the open question takes `text`."""
    return bool(of_kind(step(sitting.form, sitting.interview, Answer(text), sitting.context)[1], Recorded))


def offered(sitting: Sitting) -> Sequence[Candidate]:
    """Return what was offered as the answer when it was asked which is meant."""
    return offering.offered(sitting) if sitting.notes.either else ()


async def ask_which(sitting: Sitting, text: str, meant: Sequence[Candidate]) -> None:
    """Say that `text` is not noted, and show what it may be for: the words' buttons, and what is asked here."""
    asked, shown = open_question(sitting.step(Resume())), clip(text.strip(), SHOWN)
    # What is shown below stands under the words: typed again, it is for the question.
    sitting.turn.shows_anew = True
    if sitting.notes.at or asked is None:
        await between.look_again(sitting, sitting.turn.say("interview.after_words_here", text=shown))
        sitting.turn.add_below(actions=column(*await of_words(sitting)))
        return
    why = sitting.turn.say("interview.after_words", text=shown, number=asked.number)
    # Options stand below the question anyway.
    offered = [] if asked.choices else [of_question(sitting, asked, one) for one in meant]
    first = refusing.candidates(sitting, offered)
    sitting.note(either=True)
    question.ask(sitting, asked, why, first=first, last=column(*await of_words(sitting)))
    sitting.save()


def add_report(sitting: Sitting) -> None:
    """Add the way to report a danger below a screen of choices, where a sentence chose none of them."""
    if refusing.may_tell_of_danger(sitting, answers=False):
        unheard.note(sitting.turn)
        sitting.turn.add_below(actions=column(menu.button(sitting.turn.view, "khancap")))


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

"""What is typed after another screen than the question: nobody can say whether it answers the question behind that
screen, names a line of it, is about what stood there, or confirms what was asked before.

It is taken for none of these. The bot shows what is asked here again, with a button that writes what was typed into the
open question and, where the other screen had one, a button for what a number stood for there. Only what says itself what
it is for goes its way: a button by its words, several answers, a question by its number.
"""

import re
from collections.abc import Sequence
from typing import Final

from handlers.interviewing import between, offering, pressing, question, refusing, unchanging
from handlers.interviewing.sitting import Sitting
from handlers.messages import Choice, Rows, clip, column
from questionnaires.answers import Candidate
from questionnaires.answers.choices import without_courtesy
from questionnaires.answers.reading import YES_NO
from questionnaires.answers.text import clean, fold
from questionnaires.answers.tokens import Token, tokens_of
from questionnaires.answers.yesno import says_to_send
from questionnaires.interview import Ask, Resume, open_question
from questionnaires.numbers_said import number_in_words
from storage.kept import ShownButton

LINE: Final = frozenset(("so", "muc", "nut", "dong", "cai", "phim", "bam", "number"))
"""Words, folded, before the number of a line: "số 2"."""
OWN: Final = "q:"
"""How the buttons of interviews begin."""
GOING_ON: Final = ":r"
"""How those end that only go on (`GoOn`, `ResumeHere`). All others ask something of an interview."""
FIGURE: Final = re.compile("[0-9]+")


def number_in(text: str) -> str:
    """Return the number that is all of `text`, beside courtesy, in figures; "" if there is none."""
    said = without_line(without_courtesy(tokens_of(clean(text)), ()))
    if len(said) == 1 and said[0].text.isdecimal():
        return said[0].text
    worded = number_in_words(said, 0) if said else None
    return str(worded[0]) if worded and worded[1] == len(said) else ""


def without_line(tokens: Sequence[Token]) -> Sequence[Token]:
    """Return what follows the word for a line: "số 2" is "2"."""
    return tokens[1:] if tokens and fold(tokens[0].text) in LINE else tokens


def shows_another(sitting: Sitting) -> bool:
    """Whether the last screen of this chat was another than what the interview asks, and this replies to no message.

    Whatever the bot says in the middle of a questionnaire has a button, if only to go on.
    """
    shown = sitting.turn.screen.buttons
    for button in shown:  # the first one of a question says it: this is looked up for every answer
        if button.data.startswith(OWN) and not button.data.endswith(GOING_ON):
            return False
    turn = sitting.turn
    return bool(shown) and not (turn.incoming.reply_to or turn.written_before)


async def ask_again(sitting: Sitting, text: str, meant: Sequence[Candidate]) -> None:
    """Say that what was typed is not noted, and repeat what is asked, with a button for each thing it may stand for."""
    asked, said = open_question(sitting.step(Resume())), clip(text.strip(), between.SHOWN)
    others = of_screen(sitting, number_in(text)) if sitting.turn.can.buttons else ()
    if sitting.notes.at or asked is None or not sitting.turn.can.buttons:
        await between.look_again(sitting, sitting.turn.say("interview.which_number", text=said))
        sitting.turn.add_below(actions=others)
    else:
        ask_which(sitting, asked, said, meant, others)


def ask_which(sitting: Sitting, asked: Ask, said: str, meant: Sequence[Candidate], others: Rows) -> None:
    """Ask whether what was typed answers the open question: a yes, its button, or the same once more writes it there."""
    say = sitting.turn.say
    named = [
        Candidate(one.value, say("interview.button.write", number=asked.number, answer=one.label).unescape())
        for one in meant
    ]
    # Options stand below the question anyway.
    first = refusing.candidates(sitting, () if asked.choices else named)
    key = "interview.which_number_here" if first else "interview.which_number"
    question.ask(sitting, asked, say(key, text=said, number=asked.number), first=first, last=others)
    sitting.save()


def of_screen(sitting: Sitting, number: str) -> Rows:
    """The button of the other screen for which `number` stands: the only one with it as the first number of its label
    ("Nhờ 2 tuần"), else the one at its place. None for words."""
    if not number:
        return ()
    shown = [button for button in sitting.turn.screen.buttons if pressing.pressed.read(button.data) is None]
    chosen = labelled(shown, number) or at_place(shown, int(number))
    say = sitting.turn.say
    return column(
        *(Choice(say("interview.button.of_screen", label=label).unescape(), data) for label, data in chosen)
    )


def labelled(shown: Sequence[ShownButton], number: str) -> Sequence[ShownButton]:
    """Return the only button with a number as the first of its label; none if there is none, or several."""
    found = [button for button in shown if FIGURE.findall(button.label)[:1] == [number]]
    return found if len(found) == 1 else ()


def at_place(shown: list[ShownButton], number: int) -> list[ShownButton]:
    """The button at this place, counted from 1, if there is one."""
    return shown[number - 1 : number] if number else []


def is_yes_of_another(sitting: Sitting, text: str, *, confirms: bool) -> bool:
    """Whether `text` is a bare yes that `confirms` what the interview showed before another screen.

    A question for yes or no is answered by it, and by a no, too. "Gửi" says itself what it is for.
    """
    if says_to_send(tokens_of(clean(text))):
        return False
    said = unchanging.agreed(sitting.turn, text)
    return bool(said and confirms) or (said is not None and asks_yes_or_no(sitting))


def asks_yes_or_no(sitting: Sitting) -> bool:
    """Whether what is open here is a question for yes or no."""
    path = sitting.position
    if path is None or path in sitting.interview.rows or sitting.notes.at:
        return False
    return sitting.form.question(path).kind in YES_NO


async def hold_yes(sitting: Sitting, text: str) -> None:
    """Say that the yes stores nothing, and show again what it may have been for."""
    why = sitting.turn.say("interview.yes_elsewhere", text=clip(text.strip(), between.SHOWN))
    if offering.waits(sitting):
        offering.repeat(sitting, why)
    else:
        await between.look_again(sitting, why)

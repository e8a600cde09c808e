"""Buttons that are typed, by label or, on a channel that shows no buttons, by number; and commands, however spelt.

Unasked messages stand beside the screen, not on it: their buttons go by label only.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import starmap
from typing import Final

from handlers.messages import Choice, Reply, column, letter_of
from handlers.navigation import Command
from handlers.tables import COMMANDS
from handlers.turn import Turn
from questionnaires.answers import AnswerKind
from questionnaires.answers.text import clean, fold, stands_for
from questionnaires.interview import Interview
from storage import delivered
from storage.kept import Screen, ShownButton
from storage.tables import InterviewRow, InterviewStatus

NUMBER: Final = re.compile(r"\d{1,3}\s*[.)]?")
"""A button's number. Blanks around it are stripped first; otherwise two runs of blanks would be tried in every split."""
LETTER: Final = re.compile(r"([A-Za-z]{1,2})\s*[.)]?")
"""A button's letter. With marks it is a word."""
COUNT: Final = re.compile(r"\s*\([^()]*\d[^()]*\)$")
"""What a label counts at its end: " (8 người)"."""
ROWS: Final = 9
"""A number up to this may be that of a row above the choices; 0 and what is greater says something else."""
NUMBERS: Final = {AnswerKind.COUNT, AnswerKind.RATE, AnswerKind.AREA, AnswerKind.MONEY, AnswerKind.DECIMAL}
"""Kinds of questions to which a bare number is an answer."""

WAYS_OUT: Final = {"0": Command("menu"), "9": Command("trogiup")}
"""What these numbers lead to on a channel without buttons, if no list has them and nothing asks for a number."""


def is_number(turn: Turn, text: str) -> bool:
    """Whether this may be the number of a button; only a channel that shows no buttons numbers them."""
    return is_short(text) and not turn.can.buttons and not shows_taps(turn)


def shows_taps(turn: Turn) -> bool:
    """Whether the last message showed all its buttons without numbers. A questionnaire counts its own answers."""
    return len(turn.screen.buttons) <= turn.can.taps and turn.contact.interview_id is None


def ask_unnumbered(turn: Turn, text: str) -> bool:
    """Show the last message's buttons again if their number was typed though none stood there: nobody may have read
    them in this order. Return whether asked."""
    shown = turn.screen.choices
    unseen = (
        not turn.can.buttons and shows_taps(turn) and is_short(text) and numbered(shown, text) is not None
    )
    if unseen:
        turn.reply(turn.say("menu.no_numbers"), choices=column(*(Choice(*button) for button in shown)))
    return unseen


def is_short(text: str) -> bool:
    """Whether this is a number of the size that lists have."""
    return NUMBER.fullmatch(text.strip()) is not None


def button_typed(turn: Turn, text: str, numbers: bool) -> str | None:
    """Return the data of the last message's button that `text` names: by its label, its letter or, if `numbers`, its
    number."""
    if not text:
        return None
    if turn.screen.lettered:
        return lettered(turn.screen.choices, text) or labelled(turn.screen.buttons, text)
    if numbers:
        return numbered(turn.screen.choices, text)
    return labelled(turn.screen.buttons, text) or self_numbered(turn, text)


def lettered(choices: Sequence[ShownButton], text: str) -> str | None:
    """The data of the button whose letter is all of `text`: "B", "b."."""
    named = LETTER.fullmatch(text.strip())
    letters = {letter_of(number): data for number, (_, data) in enumerate(choices, 1)}
    return letters.get(named[1].upper()) if named else None


def self_numbered(turn: Turn, text: str) -> str | None:
    """Return the data of the button whose label begins with this number, "5. Bao nhiêu hộ …", if no question may want it."""
    if turn.contact.interview_id is not None or not is_short(text):
        return None
    wanted = text.strip(" .)")
    return next((data for label, data in turn.screen.buttons if label.startswith(f"{wanted}. ")), None)


def numbered(choices: Sequence[ShownButton], text: str) -> str | None:
    """The data of the button with this number, counted from 1."""
    place = int("".join(filter(str.isdigit, text)))
    return choices[place - 1].data if 1 <= place <= len(choices) else None


async def ask_which(turn: Turn, text: str) -> bool:
    """Ask which button a number means, if a letter came after the screen, or if the screen showed none.

    The letter's buttons have no numbers: all of them are shown, with the one that the screen has at this number.
    """
    if ask_unnumbered(turn, text):
        return True
    if not is_number(turn, text):
        return False
    letter = await delivered.letter_since(turn.session, turn.contact.id)
    if not letter:
        return ask_letter(turn, text)
    mine = list(starmap(ShownButton, letter))
    of_letter, of_screen = numbered(mine, text), at_number(turn.screen, text)
    if of_letter is None and of_screen is None:
        return False
    both = (*mine, *on_screen_alone(turn.screen, of_screen, mine))
    turn.reply(turn.say("menu.which_number"), choices=column(*starmap(Choice, both)))
    return True


def on_screen_alone(screen: Screen, data: str | None, of_letter: Sequence[ShownButton]) -> list[ShownButton]:
    """The screen's button with these data, unless the letter has it too."""
    known = {button.data for button in of_letter}
    return [button for button in screen.choices if button.data == data and button.data not in known]


def at_number(screen: Screen, text: str) -> str | None:
    """The data of the screen's button with this number; None where letters stand before them."""
    return None if screen.lettered else numbered(screen.choices, text)


def ask_letter(turn: Turn, text: str) -> bool:
    """Show the choices again with their letters if a number was typed: it stood before another row. Return whether asked."""
    number = int("".join(filter(str.isdigit, text)))
    asks = turn.screen.lettered and 0 < number <= max(ROWS, len(turn.screen.choices))
    if asks:
        shown = column(*(Choice(*button) for button in turn.screen.choices))
        turn.send(Reply(turn.say("menu.by_letter", n=text.strip(" .)")), shown, lettered=True))
    return asks


def labelled(buttons: Iterable[tuple[str, str]], text: str) -> str | None:
    """Return the data of the button with this label, also without the count behind it; None if several do different
    things."""
    wanted, known = label_in(text), list(buttons)
    short = [(COUNT.sub("", label), data) for label, data in known]
    for some in (known, short) if wanted else ():
        data = {data for label, data in some if bare(label) == wanted and agrees(text, label)}
        if data:
            return data.pop() if len(data) == 1 else None
    return None


def agrees(text: str, label: str) -> bool:
    """Whether the text, which spells a label, has the label's marks or none: "đừng báo ngay" is not "Đúng, báo ngay"."""
    typed, known = (re.findall(r"[^\W_]+", clean(words)) for words in (text, label))
    return len(typed) != len(known) or all(map(stands_for, typed, known))


def label_in(text: str) -> str:
    """Return the label that a text may be, in the form for comparing; "" if it is a number."""
    wanted = bare(text)
    return "" if wanted.isdigit() else wanted


async def letter_typed(turn: Turn, text: str) -> str | None:
    """Return the data of the button with the label `text` under an unasked message, which the screen does not know."""
    wanted = label_in(text)
    if not wanted:
        return None
    offered = await delivered.offered(turn.session, turn.contact.id)
    return next((data for label, data in offered if bare(label) == wanted), None)


def bare(label: str) -> str:
    """Return `label` in the form for comparing: folded, without the signs and pictures around its words."""
    return " ".join("".join(letter if letter.isalnum() else " " for letter in fold(label)).split())


async def wants_number(turn: Turn, interview: InterviewRow | None) -> bool:
    """Whether the interview waits for a number, so that a bare one is its answer and no button."""
    if interview is None or interview.status != InterviewStatus.OPEN:
        return False
    state = Interview.from_json(interview.state)
    position = state.position
    if position is None or position in state.rows:
        return False
    form = await turn.library.form(turn.session, interview.form_id)
    return form.question(position).kind in NUMBERS


def command_in(text: str) -> str:
    """Return the command with which `text` begins, else the one that all of it spells: "/Báo cáo" is "/baocao".

    "@thonbao_bot" after it, as Telegram writes in groups, is dropped.
    """
    word = text.split(maxsplit=1)[0].partition("@")[0].lower()
    return word if word in COMMANDS else "/" + fold(text).replace(" ", "")

"""A button of the last message named by part of its label: "nuoc" for "Làm: Nước sinh hoạt".

Only while no question is open; a village head may name a questionnaire that way whatever was shown last. One button
that merely opens something is pressed; where several are meant, or a letter is wrong, or the button would do something
to others, they are shown to choose from. An officer's question about figures stays a question.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from figures import access, due
from figures.ground import ground_of
from handlers.asking import conversation
from handlers.messages import Choice, column
from handlers.screens import due as due_screen
from handlers.tables import PRESSES
from handlers.turn import Turn
from handlers.vocabulary import OPENING
from questionnaires.answers.choices import by_label, by_part, near, without_courtesy
from questionnaires.answers.reading import Doubt, Option
from questionnaires.answers.text import clean
from questionnaires.answers.tokens import Token, tokens_of

SHORTEST: Final = 2
LONG: Final = 6
"""With fewer letters one that is wrong makes it another word."""
LONGEST: Final = 64


@dataclass(frozen=True, slots=True)
class Named:
    """The buttons that a text may name; `sure` when it is one, word for word, that may be pressed at once."""

    choices: tuple[Choice, ...] = ()
    sure: bool = False


async def named(turn: Turn, text: str) -> Named:
    """The buttons that `text` may name by part; none for an officer's question."""
    tokens = tokens_of(clean(text[: LONGEST + 1]))
    if len(text) > LONGEST or sum(len(token.text) for token in tokens if token.kind == "word") < SHORTEST:
        return Named()
    shown = turn.screen.buttons
    found = matching(tokens, [Option(data, label) for label, data in shown])
    if not found.choices and not access.is_officer(turn.view):
        found = await named_questionnaire(turn, tokens)
    return Named() if found.choices and await is_question(turn) else found


async def named_questionnaire(turn: Turn, tokens: Sequence[Token]) -> Named:
    """The questionnaire of which this is a part: one that is to be sent, else one that was; or the reverse."""
    to_send, sent = await questionnaires(turn)
    words = words_said(tokens, sent)
    opening, end = OPENING.at(words, 0) or ("", 0)
    if opening == "sent" and sent and end == len(words):
        return Named(buttons(sent), len(sent) == 1)
    first, then = (sent, to_send) if opening == "sent" else (to_send, sent)
    found = matching(tokens, first)
    return found if found.choices else matching(tokens, then)


def matching(tokens: Sequence[Token], options: Sequence[Option]) -> Named:
    """The options of whose label this is a part, else those that differ from it by a letter."""
    words = words_said(tokens, options)
    if not words:
        return Named()
    _, begin = OPENING.at(words, 0) or ("", 0)
    try:
        spelt = by_label(words, options) or by_name(words, options) or by_part(words, options)
        if not spelt and begin < len(words):
            spelt = by_part(words[begin:], options)
    except Doubt:
        return Named(buttons(options))
    letters = sum(len(token.text) for token in words)
    choices = buttons(spelt or (near(words, options) if letters >= LONG else ()))
    return Named(choices, bool(spelt) and len(choices) == 1 and opens(choices[0].data))


def opens(data: str) -> bool:
    """Whether a button only shows something, or begins what can be left again."""
    pressed = PRESSES.read(data)
    return pressed is not None and pressed.opens


def by_name(words: Sequence[Token], options: Sequence[Option]) -> list[Option]:
    """The options whose label says just this behind its colon: "Làm: Nước sinh hoạt", not "…, tháng 10/2026"."""
    names = [replace(option, label=option.label.rpartition(": ")[2]) for option in options]
    found = {name.value for name in by_label(words, names)}
    return [option for option in options if option.value in found]


def words_said(tokens: Sequence[Token], options: Sequence[Option]) -> list[Token]:
    """`tokens` without marks and courtesy."""
    return [token for token in without_courtesy(tokens, options) if token.kind != "mark"]


def buttons(options: Sequence[Option]) -> tuple[Choice, ...]:
    return tuple(Choice(option.label, option.value) for option in options)


async def questionnaires(turn: Turn) -> tuple[list[Option], list[Option]]:
    """The buttons of what this person's places have not sent yet, and of what they have."""
    own = await due.own_places(turn.view)
    asked = [each for place in own for each in await due.asked_of(turn.view, place)]
    shown = [
        (each.sent is None, due_screen.what_to_do(turn.view, each, several=len(own) > 1)) for each in asked
    ]
    options = [(to_send, Option(button.data, button.label)) for to_send, button in shown]
    return [each for to_send, each in options if to_send], [each for to_send, each in options if not to_send]


async def is_question(turn: Turn) -> bool:
    """Whether this is an officer's question about figures, understood as it stands."""
    ground = await ground_of(turn.view) if access.is_officer(turn.view) else None
    return ground is not None and conversation.understood(turn, ground).status == "answer"


def ask_which(turn: Turn, choices: Sequence[Choice]) -> None:
    """Show the buttons that may be meant."""
    turn.reply(turn.say("menu.which_button"), choices=column(*choices))

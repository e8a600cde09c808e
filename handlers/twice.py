"""A number that chose from a list and comes once more: from an impatient thumb, or a phone that sent it twice.

By then the next screen stands there, which may want a number, too, or list something else. The number was meant for
the list before. So it counts nobody in danger, answers no question and does nothing from the next list: the bot asks.
"""

from datetime import timedelta
from typing import Final

from handlers.buttons import Button
from handlers.messages import Choice, MessageKind, column
from handlers.turn import Turn
from storage.kept import ChosenNumber

LATELY: Final = timedelta(seconds=30)
"""A number that comes later than this after it chose something may well answer the question that was opened by it."""
AT_ONCE: Final = timedelta(seconds=10)
"""Nobody who waits for the next list chooses from it as soon as this with the same number, except where it only shows."""


def digits(text: str) -> str:
    """Return the digits of `text`: "2." is sent again as "2"."""
    return "".join(filter(str.isdigit, text))


def note(turn: Turn, text: str) -> None:
    """Keep the number that chooses from the list shown now, until the next message."""
    turn.remember(chosen=ChosenNumber(digits(text), turn.now))


def find(turn: Turn) -> None:
    """Set `turn.chose_before` if this message is the number that chose the screen shown now; forget that number."""
    chosen, incoming = turn.screen.chosen, turn.incoming
    if chosen is None:
        return
    turn.remember(chosen=None)
    if (
        incoming.kind is MessageKind.TEXT
        and digits(incoming.text) == incoming.text.strip(" .)") == chosen.number
    ):
        turn.chose_before = turn.now - chosen.at
        turn.early = turn.early or turn.chose_before <= LATELY


def asks(turn: Turn, pressed: Button | None) -> bool:
    """Ask which is meant if the number would do something from the list shown now, right after it chose that list.

    Return whether it asked.
    """
    does = pressed is not None and not pressed.opens
    again = does and turn.chose_before is not None and turn.chose_before <= AT_ONCE
    if again:
        shown = column(*(Choice(*button) for button in turn.screen.choices))
        turn.reply(turn.say("menu.number_twice", n=digits(turn.incoming.text)), choices=shown)
    return again

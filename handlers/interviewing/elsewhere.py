"""Bare numbers that come after another screen: nobody can say whether they count something or name a line of it."""

from typing import Final

from handlers.interviewing import between, pressing
from handlers.interviewing.sitting import Sitting

AFTER: Final = " .)"
"""What people type around the number of a line."""


def may_be_of_another(sitting: Sitting, text: str) -> bool:
    """Whether `text` is a bare number that may be meant for a screen shown since the interview last spoke.

    Where buttons show no numbers, one still answers the open question. At a screen between questions it may not: it
    would replace the figure that is being asked about.
    """
    incoming = sitting.turn.incoming
    if incoming.reply_to or not text.strip(AFTER).isdecimal():
        return False
    # Where buttons show no numbers, one leads to that answer at the review, and stores nothing.
    return (bool(sitting.notes.at) or not sitting.turn.can.buttons) and shows_another(sitting)


def shows_another(sitting: Sitting) -> bool:
    """Whether the last screen of the chat offers anything but ways of an interview: a mere word of thanks has no lines."""
    return not all(pressing.pressed.read(shown.data) for shown in sitting.turn.screen.buttons)


async def ask_again(sitting: Sitting, text: str) -> None:
    """Say that the number is not noted, and repeat what is asked."""
    await between.look_again(sitting, sitting.turn.say("interview.which_number", text=text.strip()))

"""A message of which only the beginning came. It is no answer, since the rest is missing, but a danger is heard in it."""

from dataclasses import replace
from typing import Final

from handlers.danger import heard, speaks_on
from handlers.messages import CUT_SHORT, MessageKind
from handlers.turn import Turn
from storage.kept import CryWanted, MoreWanted

GOES_ON: Final = "…"


def take(turn: Turn) -> None:
    """Take the beginning of a message for its words if it tells of a danger; else leave it without words."""
    incoming = turn.incoming
    if incoming.what != CUT_SHORT:
        return
    text = incoming.text.rstrip(".… ")
    if text and tells_of_danger(turn, text):
        turn.incoming = replace(incoming, kind=MessageKind.TEXT, text=text + GOES_ON)
    else:
        turn.incoming = replace(incoming, text="")


def tells_of_danger(turn: Turn, text: str) -> bool:
    """Whether words cry out a danger, or tell more of one that is told or asked about; within an interview they must name
    it."""
    told = isinstance(turn.screen.expects, MoreWanted | CryWanted)
    return bool(heard(text)) or (told and (turn.contact.interview_id is None or speaks_on(text)))


def ask_for_rest(turn: Turn) -> None:
    """Say below the answer to such a danger that only the beginning came, so that its sender writes the rest."""
    if turn.incoming.what == CUT_SHORT and turn.incoming.text:
        turn.add_below(turn.say("menu.rest_missing"))

"""An edited message: it changes no answer, but a danger that is told by editing is heard as if it were written now."""

from dataclasses import replace
from typing import Final

from handlers.danger import speaks_on
from handlers.messages import Incoming, MessageKind
from handlers.turn import Turn
from handlers.vocabulary import intent_of
from questionnaires.answers.text import fold
from storage.kept import CryWanted, MoreWanted

EDITED: Final = "edited"
"""What a message is (`Incoming.what`) that was edited and is taken for its words."""
COMMAND: Final = "/khancap"


def take(turn: Turn) -> None:
    """Take an edited message for its words if it calls for the emergency or goes on about one that is told or asked about.

    A new cry is asked about as any other (`handlers.cries`), and needs no more.
    """
    incoming = turn.incoming
    if incoming.kind is MessageKind.EDITED and (calls(incoming.text) or goes_on(turn)):
        turn.incoming = replace(incoming, kind=MessageKind.TEXT, what=EDITED)


def calls(text: str) -> bool:
    """Whether all of a text calls for the kinds of emergency."""
    return text.strip().lower() == COMMAND or intent_of(text) == "emergency"


def goes_on(turn: Turn) -> bool:
    """Whether a danger is told or asked about, and these words are no other matter: within an interview they must name
    it, since others might be taken for an answer."""
    expects, text = turn.screen.expects, turn.incoming.text
    told = isinstance(expects, MoreWanted) or (isinstance(expects, CryWanted) and not expects.faint)
    return told and (turn.contact.interview_id is None or speaks_on(text))


def is_edit(incoming: Incoming) -> bool:
    """Whether a message only says again, differently, what was said before."""
    return EDITED in (incoming.kind, incoming.what)


def said_anew(before: str, words: str) -> bool:
    """Whether `words` say all that was said `before`, or that and more."""
    return bool(before) and fold(before.rstrip(".!?… ")) in fold(words)

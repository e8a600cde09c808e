"""Words that reached nobody before somebody raised an emergency by its kind: they are sent along.

They may be a cry that the bot still asks about, or a sentence just before that nobody understood.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from markupsafe import Markup

from handlers.messages import clip
from handlers.turn import Turn
from questionnaires.answers.text import has_letters
from storage.kept import CryWanted, Unheard

SOON: Final = timedelta(minutes=5)
"""What was said longer ago than this was about something else."""
LONGEST: Final = 300


def note(turn: Turn) -> None:
    """Keep this message's words."""
    words = " ".join(turn.incoming.text.split())[:LONGEST]
    if has_letters(words):
        turn.remember(unheard=Unheard(words, turn.now))


def with_kind(turn: Turn, kind: str) -> CryWanted | None:
    """Return what was said, as an emergency of this kind; None if nothing was."""
    asked, kept = turn.screen.expects, turn.screen.unheard
    if isinstance(asked, CryWanted) and not asked.faint:
        return replace(asked, kind=kind, about=0, closing="")
    return CryWanted(kind, kept.words) if kept is not None and turn.now - kept.at <= SOON else None


def told(turn: Turn) -> list[Markup]:
    """Return the sentence that what was said goes along."""
    said, kept = with_kind(turn, ""), turn.screen.unheard
    if kept is not None:
        turn.remember(unheard=kept._replace(shown=kept.shown + 1))
    return [turn.say("emergency.what_with", words=clip(said.words, LONGEST))] if said else []


def fade(turn: Turn, before: Unheard | None) -> None:
    """Forget what was there `before` this message, unless it was said or shown again: something else was said since."""
    if before is not None and turn.screen.unheard == before:
        forget(turn)


def forget(turn: Turn) -> None:
    """Forget the words: they went along, or are over."""
    turn.remember(unheard=None)

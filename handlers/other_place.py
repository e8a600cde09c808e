"""What a village head says of a place that is none of theirs: the figures of a neighbour village are neither taken nor
told.

It comes before everything that would take the words for their own village. Words that tell or ask for no figure go their
own way, and so do those that an open question takes as they are: a neighbour may be named in a reason or a difficulty.
"""

from typing import Final

from figures import access, due, other_places
from figures.ground import ground_of
from handlers import cries, emergency_raised, history, menu, unheard, wishes
from handlers.asking import conversation
from handlers.buttons import choice
from handlers.called import hinted
from handlers.hearing import Said, may_be_more
from handlers.interviewing import fill_in
from handlers.messages import Choice, column
from handlers.named_form import may_call
from handlers.navigation import Command
from handlers.tables import Handler, situation
from handlers.turn import Turn
from questionnaires.answers.text import clean
from questionnaires.answers.tokens import tokens_of
from questionnaires.numbers_said import says_number
from storage import places
from storage.tables import InterviewRow

OF_FIGURES: Final[tuple[Handler | None, ...]] = (None, situation, fill_in.show_due, wishes.correct)
"""What may be called with words about a figure or a report."""


async def take(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Say that only figures of the head's own village are taken and told, if `said` is about another place; else give
    False."""
    if said.dialogue is not None or said.called not in OF_FIGURES or not hears_own_only(turn):
        return False
    other = await other_places.named(turn.view, said.text)
    if not other or await is_for_others(turn, interview, said.text):
        return False
    asks = await asks_figure(turn, said.text)
    if not asks and not tells_figure(said.text):
        return False
    await tell(turn, interview, other, asks=asks)
    return True


async def tell(turn: Turn, interview: InterviewRow | None, other: str, *, asks: bool) -> None:
    """Say whose figures are told (`asks`) or taken, and lead on: to the open question, or to what is the head's own."""
    key = "wish.other_place_asked" if asks else "wish.other_place_told"
    own = ", ".join(places.own_name(place) for place in await due.own_places(turn.view))
    why = turn.say(key, other=other, place=own)
    if interview is not None:
        await fill_in.ask_again_for_words(turn, interview, why)
        return
    shown = choice(turn.say("menu.button.tinhhinh"), Command("tinhhinh"))
    turn.reply(why, choices=column(shown if asks else wishes.list_button(turn), *as_emergency(turn)))


def as_emergency(turn: Turn) -> list[Choice]:
    """Return the way to send the words as an emergency, and keep them for it, if they may be about a danger."""
    if not cries.may_be_one(turn):
        return []
    unheard.note(turn)
    return [menu.button(turn.view, "khancap")]


def hears_own_only(turn: Turn) -> bool:
    """Whether somebody reports for a village and sees no other."""
    return access.is_village_head(turn.view) and not access.is_officer(turn.view)


async def is_for_others(turn: Turn, interview: InterviewRow | None, text: str) -> bool:
    """Whether words that name another place are for something that may name it: an emergency, a history, an open question
    that takes any words."""
    if interview is not None and await fill_in.hears_words(turn, interview):
        return True
    if interview is None and history.behind_lead(text):
        return True
    told = await emergency_raised.told_last(turn)
    return told is not None and await may_be_more(turn, interview, text)


async def asks_figure(turn: Turn, text: str) -> bool:
    """Whether `text` asks for a figure, or how things stand."""
    if hinted(turn, text) is situation or history.behind_lead(text):
        return True
    return await conversation.figure_wanted(turn) is not None or await names_figure(turn, text)


async def names_figure(turn: Turn, text: str) -> bool:
    """Whether `text` names an indicator and tells no number of it: "na hin ho ngheo bao nhieu"."""
    ground = await ground_of(turn.view)
    if ground is None or tells_figure(text):
        return False
    tokens = tokens_of(clean(text))
    return any(ground.dictionary.indicators.at(tokens, start) for start in range(len(tokens)))


def tells_figure(text: str) -> bool:
    """Whether `text` tells a figure, or calls a report to be made."""
    return says_number(tokens_of(clean(text))) or may_call(text, by_verb=True)

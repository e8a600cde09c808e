"""What is said under the list of kinds of emergency, before one is chosen: nothing of it may be lost, or end in silence."""

from typing import Final

from handlers import cries, emergency, menu, unheard
from handlers.closing import is_understood
from handlers.danger import GIVE_UP, NOT_SO, but_courtesy, ends_of, mentions, says_none
from handlers.going_on import how_to_go_on
from handlers.hearing import Said
from handlers.interviewing import fill_in
from handlers.messages import MessageKind, clip
from handlers.turn import Turn
from handlers.vocabulary import intent_of
from questionnaires.answers.tokens import as_text
from storage.tables import InterviewRow

BESIDE_KINDS: Final = (MessageKind.CONTACT, MessageKind.LOCATION, MessageKind.OTHER)
"""What may tell of a danger under the list of its kinds, beside words and a photo."""


async def as_no_kind(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Take a no under the list of kinds of emergency, which names no danger: nothing is told, and the list is left."""
    if interview is not None or said.dialogue is not None or not emergency.asked_now(turn):
        return False
    if not is_no(said.text):
        return False
    await menu.show(turn, turn.say("emergency.cry.none"))
    return True


def is_no(text: str) -> bool:
    """Whether `text` says that nothing is the matter, in words that are all understood: "không phải, nước lên" does not."""
    words = but_courtesy(text)
    rest = as_text(words[ends_of(NOT_SO, words) :])
    no = says_none(text) and not mentions(text) and (not rest or is_understood(rest))
    return no or intent_of(text) == GIVE_UP


async def under_kinds(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Take words, a number, a card or a place while the list of kinds of emergency is shown: it may tell of a danger.

    It answers nothing of the interview and reaches nobody: say so, and show the list again. Words go along with the kind
    that is chosen then. A reply to the question, or words that name one or are for the bot, are not for the list.
    """
    if (
        interview is None
        or said.dialogue is not None
        or turn.incoming.reply_to
        or not emergency.asked_now(turn)
    ):
        return False
    if turn.incoming.kind in BESIDE_KINDS:
        await emergency.ask_again(turn, turn.say("emergency.choose_first_shown"))
    elif not said.text or await is_beside_kinds(turn, interview, said):
        return False
    else:
        await tell_kinds(turn)
    await how_to_go_on(turn, interview)
    return True


async def is_beside_kinds(turn: Turn, interview: InterviewRow, said: Said) -> bool:
    """Whether words under the list of kinds of emergency are for something else: a screen, the bot or a question."""
    if said.called is not None or fill_in.is_for_the_bot(said.text):
        return True
    return await fill_in.is_of_form(turn, interview, said.text, hinted=False)


async def tell_kinds(turn: Turn) -> None:
    """Say that these words reached nobody, and show the list of kinds of emergency again: they go along with the choice."""
    unheard.note(turn)
    await emergency.ask_again(
        turn, turn.say("emergency.choose_first", words=clip(turn.incoming.text, cries.SHOWN))
    )

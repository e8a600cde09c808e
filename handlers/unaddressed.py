"""What an officer types where the bot asks whom an announcement is for: its words. They wait until that is chosen."""

from typing import Final

from handlers import menu, parts
from handlers.asking import conversation
from handlers.broadcasts import announcing
from handlers.broadcasts.audiences import own_unit
from handlers.hearing import Said
from handlers.turn import Turn
from storage.tables import InterviewRow, Place

IN_ANY_CASE: Final = (None, menu.thanked)
"""What words may call and still be an announcement: "cảm ơn bà con"."""


async def take(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Keep words typed where whom they are for is asked, and ask again. False for what calls or asks something else."""
    if interview is not None or said.dialogue is not None or said.called not in IN_ANY_CASE:
        return False
    place = await unit_asked_about(turn) if said.text else None
    if place is None or await conversation.asks_outright(turn):
        return False
    await keep(turn, place, said.text)
    return True


async def unit_asked_about(turn: Turn) -> Place | None:
    """Return the unit of whose people the last message offers groups to write to; None if it offers none."""
    shown = (announcing.pressed.read(button.data) for button in turn.screen.buttons)
    offered = next((button for button in shown if isinstance(button, announcing.WriteTo)), None)
    return await own_unit(turn, offered.unit) if offered else None


async def keep(turn: Turn, place: Place, text: str) -> None:
    """Keep the words, and ask whom they are for."""
    if len(text) > announcing.LONGEST:
        turn.reply(turn.say("announce.too_long", n=announcing.LONGEST))
        return
    turn.remember(announce_words=text)
    told = [turn.say("announce.kept", text=text)]
    if await parts.is_question(turn):
        told.append(turn.say("announce.if_question"))
    await announcing.ask_audience(turn, place, *told)

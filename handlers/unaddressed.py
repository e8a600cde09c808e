"""The words of an announcement that an officer types before it is chosen whom they are for: they wait until that is chosen.

They come where the bot asks whom it is for, or in one sentence with the wish: "gửi thông báo mai họp lúc 8 giờ".
"""

from typing import Final

from markupsafe import Markup

from handlers import held_words, menu, officers_words, open_alarms, parts
from handlers.asking import conversation
from handlers.broadcasts import announcing, which_words
from handlers.broadcasts.audiences import own_unit, own_units
from handlers.hearing import Said
from handlers.other_business import purpose_of
from handlers.turn import Turn
from handlers.vocabulary import announcement_in
from storage.tables import InterviewRow, Place

IN_ANY_CASE: Final = (None, menu.thanked)
"""What words may call and still be an announcement: "cảm ơn bà con"."""


async def take(turn: Turn, interview: InterviewRow | None, said: Said) -> bool:
    """Keep words for an announcement, and ask whom they are for. False for what calls or asks something else."""
    if interview is not None or said.dialogue is not None or said.called not in IN_ANY_CASE:
        return False
    return bool(said.text) and (await said_at_once(turn, said.text) or await said_when_asked(turn, said.text))


async def said_at_once(turn: Turn, text: str) -> bool:
    """Keep the words behind the wish to send an announcement."""
    return await announce(turn, announcement_in(text))


async def announce(turn: Turn, words: str) -> bool:
    """Keep words, and ask whom they are for. False without any, or if this person announces nothing."""
    units = await own_units(turn) if words else []
    if units and turn.screen.announce_words not in ("", words):
        which_words.ask(turn, words)
    elif len(units) == 1:
        await keep(turn, units[0], words)
    elif units:
        await announcing.ask(turn)
        turn.remember(announce_words=words)
    return bool(units)


async def announce_held(turn: Turn) -> bool:
    """Announce what is held for an emergency and asked about (`handlers.held_words`). False if nothing is."""
    last = held_words.take_last(turn, asked=True)
    turn.expect(None)
    return last is not None and await announce(turn, last.words)


async def said_when_asked(turn: Turn, text: str) -> bool:
    """Keep words typed where it is asked whom they are for, behind those that were typed there before."""
    place = await unit_asked_about(turn)
    if place is None or await is_for_other(turn, text):
        return False
    if purpose_of(text) == "drop":
        await drop(turn, place)
        return True
    told = [turn.say("announce.if_question")] if await parts.is_question(turn) else []
    await keep(turn, place, "\n".join(filter(None, (turn.screen.announce_words, text))), *told)
    return True


async def drop(turn: Turn, place: Place) -> None:
    """Drop the words that are kept for an announcement, and ask again whom one is for; without any, leave it."""
    if turn.screen.announce_words:
        turn.remember(announce_words="")
        await announcing.ask_audience(turn, place, turn.say("announce.kept_dropped"))
    else:
        await menu.show(turn)


async def is_for_other(turn: Turn, text: str) -> bool:
    """Whether words ask for figures outright, or speak to whoever raised an emergency that is open."""
    if officers_words.speaks_to_raiser(text) and await open_alarms.told_of(turn):
        return True
    return await conversation.asks_outright(turn)


async def unit_asked_about(turn: Turn) -> Place | None:
    """Return the unit of whose people the last message offers groups to write to; None if it offers none."""
    shown = (announcing.pressed.read(button.data) for button in turn.screen.buttons)
    offered = next((button for button in shown if isinstance(button, announcing.WriteTo)), None)
    return await own_unit(turn, offered.unit) if offered else None


async def keep(turn: Turn, place: Place, text: str, *told: Markup) -> None:
    """Keep the words, and ask whom they are for."""
    if len(text) > announcing.LONGEST:
        turn.reply(turn.say("announce.too_long", n=announcing.LONGEST))
        return
    turn.remember(announce_words=text)
    await announcing.ask_audience(turn, place, turn.say("announce.kept", text=text), *told)

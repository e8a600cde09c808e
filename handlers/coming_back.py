"""Whether a chat takes messages: its person blocked the bot, let it in again, or writes again.

An officer is then told what was raised on their ground meanwhile and nobody has: their phone had refused it. Where the chat
in which an open emergency was raised is blocked, officers read at once that they have to call.
"""

from handlers import alarms, codes
from handlers.messages import MessageKind
from handlers.turn import Turn
from storage import emergencies


async def noted(turn: Turn) -> bool:
    """Note what this message says about that; return whether it says nothing else."""
    kind = turn.incoming.kind
    if kind in (MessageKind.BLOCKED, MessageKind.UNBLOCKED):
        await let_in(turn, kind is MessageKind.UNBLOCKED)
        return True
    if not turn.contact.reachable or turn.contact.unreachable_since:
        await takes_again(turn)
    return False


async def let_in(turn: Turn, now_reachable: bool) -> None:
    """Note, without a word, that the person blocked the bot or let it in again."""
    if turn.contact.reachable == now_reachable:
        return
    await codes.note(turn, "contact.unblocked" if now_reachable else "contact.blocked")
    if now_reachable:
        await takes_again(turn)
    else:
        turn.contact.reachable, turn.contact.unreachable_since = False, turn.now
        await tell_of_raised(turn)


async def tell_of_raised(turn: Turn) -> None:
    """Tell those on duty that whoever raised an open emergency in this chat reads nothing any more, so that they call."""
    for row in await emergencies.open_ones(turn.session, turn.contact.person_id or 0, turn.now):
        if row.told and row.contact_id == turn.contact.id:
            at = row.raised_at.astimezone(turn.zone)
            await alarms.tell_told(turn, row, "emergency.raiser_unreachable", at=at)


async def takes_again(turn: Turn) -> None:
    """Note that the chat takes messages again; an officer first reads what nobody has yet."""
    turn.contact.reachable, turn.contact.unreachable_since = True, None
    await alarms.alert_newcomer(turn)

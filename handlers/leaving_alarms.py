"""What an open emergency is to those on duty once whoever raised it, or has taken it up, leaves the bot."""

from collections.abc import Collection

from handlers import alarms
from handlers.turn import Turn
from storage.tables import Emergency


async def raiser_leaves(turn: Turn, row: Emergency) -> None:
    """Tell those on duty, without a name, that the person who raised it can no longer be asked, so that they act."""
    if not row.told:
        await alarms.reach(turn.session, turn.library, row, turn.now)
    await alarms.tell_told(turn, row, "emergency.raiser_left", at=row.raised_at.astimezone(turn.zone))


async def holder_leaves(turn: Turn, row: Emergency, chats: Collection[int]) -> None:
    """Let others take up what an officer had who leaves, with their `chats`; whoever raised it reads that, too."""
    row.acknowledged_at, row.acknowledged_by, row.tier_at = None, None, turn.now
    left = f"{row.id}:left:{turn.now.isoformat()}"
    for contact in await alarms.told(turn.session, row, turn.today):
        if contact.id not in chats:
            reply = await alarms.whole(
                turn.session, turn.library, row, contact, "emergency.alert_left", turn.today
            )
            alarms.post(turn.session, contact, reply, f"{left}:{contact.id}", turn.now)
    await alarms.tell_raiser(turn.session, turn.library, row, "emergency.holder_left", turn.now)

"""Which processes send on a channel now, so that together they keep its pace, and what the dead ones had claimed.

Each sender has a row and raises its `beats` every second. The others look only at that number: a sender whose number
has not moved for a while, by the clock of the one who looks, is dead. So two clocks are never compared. Whoever finds
a sender dead deletes its row, and what it had claimed is free at once.
"""

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select

from storage.database import reading, writing
from storage.outbox import LEFT
from storage.tables import Outbox, OutboxState, Sender

Beats = dict[str, dict[str, int]]
"""By channel, each sender's beats."""


async def beat(engine: AsyncEngine, worker: str) -> bool:
    """Show that a sender lives. False if it has no row: it has not joined, or was taken for dead."""
    async with writing(engine) as session:
        mine = update(Sender).where(col(Sender.worker) == worker).values(beats=col(Sender.beats) + 1)
        return (await session.exec(mine)).rowcount > 0


async def join(engine: AsyncEngine, worker: str, channels: Iterable[str]) -> None:
    """Begin to send on some channels."""
    async with writing(engine) as session:
        session.add_all([Sender(worker=worker, channel=channel) for channel in channels])


async def leave(engine: AsyncEngine, worker: str) -> None:
    """Send no more."""
    async with writing(engine) as session:
        await session.exec(delete(Sender).where(col(Sender.worker) == worker))


async def all_of(engine: AsyncEngine, channels: Collection[str]) -> Beats:
    """Everybody who sends on these channels."""
    beats: Beats = {channel: {} for channel in channels}
    async with reading(engine) as session:
        for sender in await session.exec(select(Sender).where(col(Sender.channel).in_(channels))):
            beats[sender.channel][sender.worker] = sender.beats
    return beats


async def free_the_dead(engine: AsyncEngine, dead: Mapping[str, int]) -> int:
    """Remove senders whose beats are still those given, and free their messages; return how many messages."""
    freed = 0
    for worker, beats in dead.items():
        async with writing(engine) as session:
            row = delete(Sender).where(col(Sender.worker) == worker, col(Sender.beats) == beats)
            if (await session.exec(row)).rowcount:
                theirs = update(Outbox).where(
                    col(Outbox.claimed_by) == worker, col(Outbox.state) == OutboxState.DUE
                )
                freed += (await session.exec(theirs.values(LEFT))).rowcount
    return freed

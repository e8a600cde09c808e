"""Messages that were given up, or failed and will be tried again, for an administrator to look at."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import col, select, update

from storage import totals
from storage.outbox import NO_ROOM, OUTSIDE_WINDOW, WAITS, in_time
from storage.priorities import ASKED_FOR
from storage.session import Session
from storage.tables import Contact, Outbox, OutboxState, now
from storage.unit_of_work import Storage


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that was given up, for the administrator to read and try again. Its text is not shown."""

    id: int
    contact_id: int
    channel: str
    kind: str
    attempts: int
    problem: str
    created_at: datetime


async def dead_letters(session: Session, limit: int = 100) -> list[DeadLetter]:
    """The messages that were given up, the newest first."""
    chosen = (
        select(Outbox, Contact.channel)
        .join(Contact, col(Contact.id) == col(Outbox.contact_id))
        .where(Outbox.state == OutboxState.DEAD)
        .order_by(col(Outbox.id).desc())
        .limit(limit)
    )
    return [
        DeadLetter(
            row.id,
            row.contact_id,
            channel,
            totals.kind_of(row.natural_key),
            row.attempts,
            row.problem,
            row.created_at,
        )
        for row, channel in await session.exec(chosen)
    ]


async def held_up(session: Session) -> list[tuple[str, str, int]]:
    """Return channel, problem and number of the messages that failed and will be tried again, the most first."""
    count = func.count()
    chosen = (
        select(Contact.channel, Outbox.problem, count)
        .join(Contact, col(Contact.id) == col(Outbox.contact_id))
        .where(Outbox.state == OutboxState.DUE, col(Outbox.attempts) > 0)
        .group_by(Contact.channel, Outbox.problem)
        .order_by(count.desc(), Contact.channel, Outbox.problem)
    )
    return [(channel, problem, number) for channel, problem, number in await session.exec(chosen)]


@dataclass(frozen=True, slots=True)
class UnsentMessages:
    """How many messages of a channel should have gone out, the oldest since `since`, and the problem; "" if nobody tried."""

    channel: str
    problem: str
    count: int
    since: datetime


async def unsent(session: Session, before: datetime) -> list[UnsentMessages]:
    """Return what was written before then and failed, or is urgent or an answer and was not tried; by channel and
    problem."""
    columns: tuple[Any, ...] = (Contact.channel, Outbox.problem, func.count(), func.min(Outbox.created_at))
    held = (NO_ROOM, OUTSIDE_WINDOW, WAITS)
    tried = and_(col(Outbox.attempts) > 0, col(Outbox.problem).not_in(held))
    untried = and_(col(Outbox.attempts) == 0, col(Outbox.priority) <= ASKED_FOR, col(Outbox.problem) == "")
    chosen = (
        select(*columns)
        .join(Contact, col(Contact.id) == col(Outbox.contact_id))
        .where(Outbox.state == OutboxState.DUE, col(Outbox.created_at) < before, in_time(before))
        .where(or_(tried, untried))
        .group_by(col(Contact.channel), col(Outbox.problem))
        .order_by(col(Contact.channel), col(Outbox.problem))
    )
    return [UnsentMessages(*row) for row in await session.exec(chosen)]


@dataclass(frozen=True, slots=True)
class HeldBack:
    """How many messages of a channel wait because of `problem`: the oldest since `since`; the first may go at `until`."""

    channel: str
    problem: str
    count: int
    since: datetime
    until: datetime


async def held_back(session: Session, at: datetime) -> list[HeldBack]:
    """What waits for an allowance or for a window, by channel and reason."""
    moments = (func.min(Outbox.created_at), func.min(Outbox.not_before))
    columns: tuple[Any, ...] = (Contact.channel, Outbox.problem, func.count(), *moments)
    chosen = (
        select(*columns)
        .join(Contact, col(Contact.id) == col(Outbox.contact_id))
        .where(Outbox.state == OutboxState.DUE, col(Outbox.not_before) > at, in_time(at))
        .where(col(Outbox.problem).in_((NO_ROOM, OUTSIDE_WINDOW)))
        .group_by(col(Contact.channel), col(Outbox.problem))
        .order_by(col(Contact.channel), col(Outbox.problem))
    )
    return [HeldBack(*row) for row in await session.exec(chosen)]


async def try_again(session: Session, ids: Sequence[int]) -> int:
    """Make dead letters due once more, and their contacts reachable; return how many there were.

    Expired ones stay as they are: they were of no use then, and their text is gone.
    """
    revived = 0
    for number in ids:
        row = await session.get(Outbox, number)
        if row is None or row.state != OutboxState.DEAD or not row.body:
            continue
        row.state, row.attempts, row.problem = OutboxState.DUE, 0, ""
        row.not_before, row.not_after = None, None
        contact = await session.get(Contact, row.contact_id)
        if contact is not None:
            contact.reachable = True
        revived += 1
    return revived


async def try_held_back(storage: Storage, channels: Iterable[str]) -> None:
    """Let what waits on these channels for an allowance or a window be tried now: since then more may be allowed."""
    await hasten(storage, channels, col(Outbox.problem).in_((NO_ROOM, OUTSIDE_WINDOW)))


async def try_failed(storage: Storage, channels: Iterable[str]) -> None:
    """Let what failed on these channels be tried now: their platforms are back."""
    failed = col(Outbox.problem).not_in(("", NO_ROOM, OUTSIDE_WINDOW))
    await hasten(storage, channels, failed)


async def hasten(storage: Storage, channels: Iterable[str], some: ColumnElement[bool]) -> None:
    """Let `some` of what waits on these channels be tried now."""
    names = list(channels)

    async def work(session: Session) -> None:
        at = now()
        on = select(Contact.id).where(col(Contact.channel).in_(names))
        due = (col(Outbox.state) == OutboxState.DUE) & (col(Outbox.not_before) > at)
        waits = some & due & col(Outbox.contact_id).in_(on)
        await session.exec(update(Outbox).where(waits).values(not_before=at))

    await storage.write(work)

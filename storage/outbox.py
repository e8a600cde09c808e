"""Messages to send, from the transaction that caused them to the platform's answer.

A row is written with its cause. A worker that will send it at once owns it from birth (`claimed_by`), so no
other worker looks at it; if that worker dies, its claims are freed (`storage.senders`) or run out. After sending, the
outcome is recorded; between the platform's answer and that commit lies the one moment in which a crash sends
a message twice.
"""

import secrets
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, insert, update
from sqlmodel import SQLModel, col, or_, select

from storage import totals
from storage.session import Session
from storage.tables import Contact, Outbox, OutboxState, Seen, now
from storage.unit_of_work import Storage

TABLE = SQLModel.metadata.tables["outbox"]
CLAIM = timedelta(seconds=30)
KEEP_SENT = timedelta(days=7)
SURELY_KEPT = KEEP_SENT - timedelta(hours=1)
"""A message that was sent within this time is known by its `ref`."""
A_SECOND = timedelta(seconds=1)
"""Platforms give the moment of a message in whole seconds."""
KEEP_DEAD = timedelta(days=30)
ASKED_FOR = 0
"""The priority of what answers somebody; alarms have a lower one, what nobody asked for a higher."""
OFFERED = 5
"""So many of the messages that came to a chat unasked may be answered by typing what stands on their buttons."""
SWEPT = 500
"""So many are dropped in one transaction."""
KEEP_SEEN = timedelta(days=3)
"""Telegram repeats an update for 24 hours at most (Bot API, Getting updates)."""

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Due:
    """A message that this worker is to send. `body` is the reply as JSON values."""

    id: int
    contact_id: int
    channel: str
    address: str
    body: Body
    priority: int = 0
    attempts: int = 0
    edit_ref: str = ""
    again: bool = False
    """It may have been sent before, by a process that could not write it down: the chat may show it twice."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The platform took the message and calls it `ref`."""

    id: int
    ref: str = ""
    kept: Body = field(default_factory=dict)
    """What remains of its body."""


@dataclass(frozen=True, slots=True)
class Retry:
    """To be tried again at `at`."""

    id: int
    at: datetime
    problem: str


@dataclass(frozen=True, slots=True)
class Dead:
    """Never to be tried again. `unreachable`: nor is anything else to this contact."""

    id: int
    contact_id: int
    problem: str
    unreachable: bool = False


Outcome = Sent | Retry | Dead


def post(
    session: Session,
    contact: Contact,
    body: Body,
    *,
    at: datetime,
    worker: str | None,
    slot: str = "",
    priority: int = 0,
    not_before: datetime | None = None,
) -> Due:
    """Add a message to the transaction, owned by `worker` if it is named; what to send once it is committed.

    One that is not to be sent before a moment is nobody's until then.
    """
    number, contact_id = next_id(), contact.id
    row = {
        "id": number,
        "contact_id": contact_id,
        "body": body,
        "slot": slot,
        "priority": priority,
        "state": OutboxState.DUE.value,
        "claimed_by": worker,
        "claimed_until": at + CLAIM if worker else None,
        "not_before": not_before,
        "created_at": at,
        "attempts": 0,
        "ref": "",
        "problem": "",
    }
    session.insert_later(TABLE, row)
    return Due(number, contact_id, contact.channel, contact.address, body, priority)


@dataclass(frozen=True, slots=True)
class Announcement:
    """A message that nobody asked for. Its `key` is written once for ever; `not_after`: no use later than that."""

    key: str
    contact_id: int
    body: Body
    priority: int
    at: datetime
    not_before: datetime | None = None
    not_after: datetime | None = None
    slot: str = ""
    """By which a later message finds it to take its place (`Reply.edits_slot`)."""


def row_of(each: Announcement) -> dict[str, Any]:
    """The row of a message that nobody asked for."""
    return {
        "id": next_id(),
        "contact_id": each.contact_id,
        "priority": each.priority,
        "natural_key": each.key,
        "body": each.body,
        "state": OutboxState.DUE.value,
        "not_before": each.not_before,
        "not_after": each.not_after,
        "created_at": each.at,
        "slot": each.slot,
        "ref": "",
        "problem": "",
        "attempts": 0,
        "claimed_by": None,
        "claimed_until": None,
    }


async def announce(storage: Storage, some: Sequence[Announcement]) -> int:
    """Write those whose key was never written, or whose message ran out of time; how many those were."""

    async def work(session: Session) -> int:
        connection = await session.connection()
        rows = [row_of(each) for each in some]
        adding = storage.upsert(TABLE)
        added = adding.on_conflict_do_update(
            index_elements=["natural_key"],
            set_={name: adding.excluded[name] for name in rows[0]},
            where=ran_out(some[0].at),
        )
        return len((await connection.execute(added.returning(TABLE.c.id), rows)).all())

    return await storage.write(work) if some else 0


async def insert_many(session: Session, some: Sequence[Announcement]) -> None:
    """Write messages whose keys are new, all at once, in the transaction of `session`."""
    if not some:
        return
    await session.flush()
    await (await session.connection()).execute(insert(TABLE), [row_of(each) for each in some])


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
    """Channel, problem and number of the messages that failed and will be tried again, the most first."""
    count = func.count()
    chosen = (
        select(Contact.channel, Outbox.problem, count)
        .join(Contact, col(Contact.id) == col(Outbox.contact_id))
        .where(Outbox.state == OutboxState.DUE, col(Outbox.attempts) > 0)
        .group_by(Contact.channel, Outbox.problem)
        .order_by(count.desc(), Contact.channel, Outbox.problem)
    )
    return [(channel, problem, number) for channel, problem, number in await session.exec(chosen)]


async def try_again(session: Session, ids: Sequence[int]) -> int:
    """Make dead letters due once more, and their contacts reachable; how many there were.

    What had expired stays as it is: it was of no use then, and its text is gone.
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


EPOCH = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
PROCESS = secrets.randbits(10)
last_tick = 0


def next_id() -> int:
    """A key that grows with time and that no other process makes: microseconds, then ten bits of our own."""
    global last_tick
    last_tick = max(last_tick + 1, int((time.time() - EPOCH) * 1_000_000))
    return last_tick << 10 | PROCESS


async def claim(
    storage: Storage,
    worker: str,
    channels: Iterable[str],
    limit: int = 200,
    *,
    up_to: int | None = None,
) -> list[Due]:
    """Up to `limit` messages on `channels` that are due and nobody's, now owned by `worker`.

    For each contact they come in the order they were written, the oldest first. `up_to`: nothing less urgent than
    this priority, however long ago it was due.
    """
    names = list(channels)

    async def work(session: Session) -> list[Due]:
        at = now()
        free = or_(col(Outbox.claimed_until).is_(None), col(Outbox.claimed_until) < at)
        ready = or_(col(Outbox.not_before).is_(None), col(Outbox.not_before) <= at)
        chosen = (
            select(Outbox, Contact)
            .join(Contact, col(Contact.id) == col(Outbox.contact_id))
            .where(Outbox.state == OutboxState.DUE, free, ready, in_time(at), col(Contact.channel).in_(names))
            .order_by(col(Outbox.priority), col(Outbox.id))
            .limit(limit)
            .with_for_update(of=Outbox, skip_locked=True)
        )
        if up_to is not None:
            chosen = chosen.where(col(Outbox.priority) <= up_to)
        dues = []
        for message, contact in await session.exec(chosen):
            again = message.claimed_by is not None or message.problem != ""
            message.claimed_by, message.claimed_until = worker, at + CLAIM
            dues.append(due(message, contact, again=again))
        return dues

    return await storage.write(work)


def in_time(at: datetime) -> ColumnElement[bool]:
    """Not yet too late to be sent."""
    return or_(col(Outbox.not_after).is_(None), col(Outbox.not_after) > at)


def ran_out(at: datetime) -> ColumnElement[bool]:
    """Nobody got it in time, whether or not `purge` has noticed yet."""
    unsent = and_(col(Outbox.state) == OutboxState.DUE, col(Outbox.not_after) <= at)
    noticed = and_(col(Outbox.state) == OutboxState.DEAD, col(Outbox.problem) == totals.EXPIRED)
    return or_(and_(unsent, col(Outbox.not_after).is_not(None)), noticed)


def due(message: Outbox, contact: Contact, edit_ref: str = "", *, again: bool = False) -> Due:
    """What a sender needs of a row that has been flushed."""
    return Due(
        message.id,
        message.contact_id,
        contact.channel,
        contact.address,
        message.body,
        message.priority,
        message.attempts,
        edit_ref,
        again,
    )


async def slot_ref(storage: Storage, contact_id: int, slot: str, before: int) -> str:
    """The platform's id of the newest message sent in `slot` before the row `before`, or ""."""
    async with storage.reading() as session:
        chosen = (
            select(Outbox.ref)
            .where(Outbox.contact_id == contact_id, Outbox.slot == slot, col(Outbox.id) < before)
            .where(Outbox.state == OutboxState.SENT)
            .order_by(col(Outbox.id).desc())
            .limit(1)
        )
        return (await session.exec(chosen)).first() or ""


async def record(storage: Storage, outcomes: Sequence[Outcome]) -> None:
    """Write down what became of messages. A sent message's text is erased: it may hold answers."""

    async def work(session: Session) -> None:
        at = now()
        sent = [
            {"key": o.id, "sent_ref": o.ref, "at": at, "kept": o.kept}
            for o in outcomes
            if isinstance(o, Sent)
        ]
        later = [{"key": o.id, "later": o.at, "why": o.problem} for o in outcomes if isinstance(o, Retry)]
        dead = [o for o in outcomes if isinstance(o, Dead)]
        connection = await session.connection()
        if sent:
            await connection.execute(MARK_SENT, sent)
        if later:
            await connection.execute(MARK_LATER, later)
        if dead:
            rows = [{"key": outcome.id, "why": outcome.problem} for outcome in dead]
            await connection.execute(MARK_DEAD, rows)
            gone = {outcome.contact_id for outcome in dead if outcome.unreachable}
            if gone:
                await session.exec(
                    update(Contact)
                    .where(col(Contact.id).in_(gone))
                    .values(reachable=False, unreachable_since=at)
                )

    if outcomes:
        await storage.write(work)


def kept_of(due: Due, *, again: bool = False) -> Body:
    """What remains of a message: what it asked; of one that came unasked its buttons, which may be typed (`offered`).

    `again`: it may stand twice in the chat, once under a name that nobody wrote down.
    """
    names = ("about",) if due.priority == ASKED_FOR else ("about", "choices", "actions")
    kept = {name: due.body[name] for name in names if name in due.body}
    return {**kept, "again": True} if again or due.again else kept


@dataclass(frozen=True, slots=True)
class Shown:
    """A message that was sent to a chat: what a reply to it answers ("": nothing), whether it is the newest answer."""

    about: str
    newest: bool


async def shown(session: Session, contact_id: int, ref: str) -> Shown | None:
    """The message that the platform calls `ref`; None if none is known, or it was sent long ago."""
    mine = Outbox.contact_id == contact_id
    rows = (await session.exec(select(Outbox.id, Outbox.body).where(mine, Outbox.ref == ref))).all()
    if not rows:
        return None
    newest = select(func.max(Outbox.id)).where(mine, Outbox.priority == ASKED_FOR, col(Outbox.ref) != "")
    last = (await session.exec(newest)).one()
    about = next((body["about"] for _, body in rows if body.get("about")), "")
    return Shown(about, any(number == last for number, _ in rows))


async def may_have_shown(session: Session, contact_id: int, at: datetime | None) -> bool:
    """Whether a message whose name is not known may have reached this chat at `at` (None: of late).

    Something is being sent to it, or was sent then and perhaps twice.
    """
    chosen = select(Outbox.body, Outbox.state).where(Outbox.contact_id == contact_id)
    if at is not None:
        written = col(Outbox.created_at) <= at + A_SECOND
        chosen = chosen.where(
            written, or_(col(Outbox.sent_at).is_(None), col(Outbox.sent_at) >= at - A_SECOND)
        )
    tried = or_(
        col(Outbox.priority) <= ASKED_FOR, col(Outbox.claimed_by).is_not(None), col(Outbox.problem) != ""
    )
    sending = and_(col(Outbox.state) == OutboxState.DUE, tried)
    some = or_(col(Outbox.state) == OutboxState.SENT, sending)
    rows = await session.exec(chosen.where(some))
    return any(state == OutboxState.DUE or body.get("again") for body, state in rows)


async def offered(session: Session, contact_id: int) -> list[tuple[str, str]]:
    """Label and data of the buttons under the last messages that came to a chat unasked, the newest first."""
    chosen = (
        select(Outbox.body)
        .where(
            Outbox.contact_id == contact_id, Outbox.priority != ASKED_FOR, Outbox.state == OutboxState.SENT
        )
        .order_by(col(Outbox.id).desc())
        .limit(OFFERED)
    )
    return [
        (label, data)
        for body in await session.exec(chosen)
        for name in ("choices", "actions")
        for row in body.get(name, ())
        for label, data in row
    ]


MARK_SENT = (
    update(TABLE)
    .where(TABLE.c.id == bindparam("key"))
    .values(
        state=OutboxState.SENT.value,
        body=bindparam("kept"),
        ref=bindparam("sent_ref"),
        sent_at=bindparam("at"),
    )
)
MARK_LATER = (
    update(TABLE)
    .where(TABLE.c.id == bindparam("key"))
    .values(
        attempts=TABLE.c.attempts + 1,
        not_before=bindparam("later"),
        claimed_by=None,
        claimed_until=None,
        problem=bindparam("why"),
    )
)
MARK_DEAD = (
    update(TABLE)
    .where(TABLE.c.id == bindparam("key"))
    .values(state=OutboxState.DEAD.value, claimed_by=None, claimed_until=None, problem=bindparam("why"))
)


LEFT: dict[str, Any] = {"claimed_by": None, "claimed_until": None, "problem": "left"}
"""What becomes of a message whose process is gone: it is free, and may have been sent already."""


async def release(storage: Storage, channels: Iterable[str]) -> None:
    """Free what a process that is gone had claimed. Only for a database that one process uses."""
    names = list(channels)

    async def work(session: Session) -> None:
        mine = select(Contact.id).where(col(Contact.channel).in_(names))
        claimed = and_(col(Outbox.state) == OutboxState.DUE, col(Outbox.claimed_by).is_not(None))
        await session.exec(update(Outbox).where(claimed, col(Outbox.contact_id).in_(mine)).values(LEFT))

    await storage.write(work)


async def purge(storage: Storage) -> None:
    """Drop what nobody needs any more: messages that are done with, and marks of updates that no platform repeats.

    Of messages their numbers remain (`storage.totals`). Many are dropped some at a time: answers do not wait.
    """

    async def expire(session: Session) -> None:
        at = now()
        expired = update(Outbox).where(Outbox.state == OutboxState.DUE, col(Outbox.not_after) <= at)  # type: ignore[arg-type]
        await session.exec(expired.values(state=OutboxState.DEAD, problem=totals.EXPIRED, body={}))
        await session.exec(delete(Seen).where(col(Seen.at) < at - KEEP_SEEN))

    await storage.write(expire)
    while await storage.write(sweep) == SWEPT:
        pass


async def sweep(session: Session) -> int:
    """Drop some of the oldest messages that are done with, adding them to the totals; how many."""
    at = now()
    sent = and_(col(Outbox.state) == OutboxState.SENT, col(Outbox.sent_at) < at - KEEP_SENT)
    dead = and_(col(Outbox.state) == OutboxState.DEAD, col(Outbox.created_at) < at - KEEP_DEAD)
    chosen = select(Outbox).where(or_(sent, dead)).limit(SWEPT).with_for_update(skip_locked=True)
    rows = (await session.exec(chosen)).all()
    await totals.add(session, totals.counted(rows))
    await session.exec(delete(Outbox).where(col(Outbox.id).in_([row.id for row in rows])))
    return len(rows)

"""Messages to send, from the transaction that caused them to the platform's answer.

A row is written with its cause. A worker that will send it at once owns it from the start (`claimed_by`), so no other
worker takes it. If that worker dies, its claims are freed (`storage.senders`) or run out. After sending, the outcome
is recorded; only a crash between the platform's answer and that commit sends a message twice.
"""

import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Update, and_, bindparam, delete, insert, update
from sqlmodel import SQLModel, col, or_, select

from storage import told, totals
from storage.session import Session
from storage.tables import Contact, Outbox, OutboxState, Seen, now
from storage.unit_of_work import Storage

TABLE = SQLModel.metadata.tables["outbox"]
CLAIM = timedelta(seconds=30)
KEEP_SENT = timedelta(days=7)
SURELY_KEPT = KEEP_SENT - timedelta(hours=1)
"""A message that was sent within this time is known by its `ref`."""
KEEP_DEAD = timedelta(days=30)
SWEPT = 500
"""How many messages are dropped in one transaction."""
KEEP_SEEN = timedelta(days=3)
"""Telegram repeats an update for 24 hours at most (Bot API, Getting updates)."""

NO_ROOM: Final = "allowance used up"
"""Why a message waits, as the outbox keeps it: the allowance is used up."""
WAITS: Final = "waits"
"""Why else: others go before it."""
OUTSIDE_WINDOW: Final = "outside the window"
"""Why else it waits: it would cost something, or would not be taken, until the person writes."""

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class DueMessage:
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
    """A process that could not write it down may have sent it before, so the chat may show it twice."""
    locale: str = ""
    """The language of the chat, "" before one was chosen."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """The platform took the message and calls it `ref`."""

    id: int
    ref: str = ""
    kept: Body = field(default_factory=dict)
    """What remains of its body."""
    at: datetime = field(default_factory=now)


class SentInSlot(NamedTuple):
    """A message that went out in a slot of a chat: the platform's id for it, and when the platform took it, by our clock."""

    id: int
    ref: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Retry:
    """To be tried again at `at`."""

    id: int
    at: datetime
    problem: str


@dataclass(frozen=True, slots=True)
class Dead:
    """Never to be tried again. `unreachable`: neither is anything else to this contact."""

    id: int
    contact_id: int
    problem: str
    unreachable: bool = False


SendOutcome = Delivered | Retry | Dead


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
) -> DueMessage:
    """Add a message to the transaction, owned by `worker` if given. Return what to send once it is committed.

    With `not_before`, nobody owns it until then.
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
    return DueMessage(
        number, contact_id, contact.channel, contact.address, body, priority, locale=contact.locale
    )


@dataclass(frozen=True, slots=True)
class QueuedLetter:
    """A message that nobody asked for. Its `key` is written only once, ever; after `not_after` it is of no use.

    The key's first word is one of `totals.KINDS`.
    """

    key: str
    contact_id: int
    body: Body
    priority: int
    at: datetime
    not_before: datetime | None = None
    not_after: datetime | None = None
    slot: str = ""
    """The name by which a later message finds this one and takes its place (`Reply.edits_slot`)."""


def row_of(letter: QueuedLetter) -> dict[str, Any]:
    """Return the row of a message that nobody asked for."""
    return {
        "id": next_id(),
        "contact_id": letter.contact_id,
        "priority": letter.priority,
        "natural_key": totals.of_known_kind(letter.key),
        "body": letter.body,
        "state": OutboxState.DUE.value,
        "not_before": letter.not_before,
        "not_after": letter.not_after,
        "created_at": letter.at,
        "slot": letter.slot,
        "ref": "",
        "problem": "",
        "attempts": 0,
        "claimed_by": None,
        "claimed_until": None,
    }


async def announce(storage: Storage, some: Sequence[QueuedLetter]) -> int:
    """Write those letters whose key was never written, or whose message ran out of time. Return how many that were."""

    async def work(session: Session) -> int:
        connection = await session.connection()
        rows = [row_of(letter) for letter in some]
        adding = storage.upsert(TABLE)
        added = adding.on_conflict_do_update(
            index_elements=["natural_key"],
            set_={name: adding.excluded[name] for name in rows[0]},
            where=ran_out(some[0].at),
        )
        return len((await connection.execute(added.returning(TABLE.c.id), rows)).all())

    return await storage.write(work) if some else 0


def put(session: Session, letter: QueuedLetter) -> None:
    """Add one message with a new key to the transaction."""
    session.add(Outbox(**row_of(letter)))


async def insert_many(session: Session, some: Sequence[QueuedLetter]) -> None:
    """Write messages with new keys, all at once, in the transaction of `session`."""
    if not some:
        return
    await session.flush()
    await (await session.connection()).execute(insert(TABLE), [row_of(letter) for letter in some])


async def insert_new(session: Session, some: Sequence[QueuedLetter]) -> None:
    """Write those of the messages whose keys were never written."""
    keys = [letter.key for letter in some]
    chosen = select(Outbox.natural_key).where(col(Outbox.natural_key).in_(keys))
    known = set(await session.exec(chosen))
    await insert_many(session, [letter for letter in some if letter.key not in known])


EPOCH = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
PROCESS = secrets.randbits(10)
last_tick = 0


def next_id() -> int:
    """Return a key that grows with time and that no other process makes: microseconds, then ten bits of our own."""
    global last_tick
    last_tick = max(last_tick + 1, int((time.time() - EPOCH) * 1_000_000))
    return last_tick << 10 | PROCESS


def written_at(number: int) -> datetime:
    """When the message with this id was written."""
    return datetime.fromtimestamp(EPOCH + (number >> 10) / 1_000_000, UTC)


async def shown_in(
    session: Session, contact_id: int, slot: str, since: int, under_way: Callable[[int, str], bool]
) -> list[SentInSlot]:
    """Return what went out in a slot of a chat, from the message `since` on, as far as that was written down.

    It includes messages that are being sent, without trouble so far, if `under_way` (given their id and sender) takes
    them to be out.
    """
    rows = await session.fetch(SHOWN_IN, contact=contact_id, slot=slot, since=since)
    return [
        SentInSlot(number, ref, sent_at or written_at(number))
        for number, ref, sent_at, worker in rows
        if sent_at is not None or under_way(number, worker or "")
    ]


SHOWN_IN: Final = select(Outbox.id, Outbox.ref, Outbox.sent_at, Outbox.claimed_by).where(
    Outbox.contact_id == bindparam("contact"),
    Outbox.slot == bindparam("slot"),
    col(Outbox.id) >= bindparam("since"),
    or_(
        col(Outbox.state) == OutboxState.SENT,
        and_(col(Outbox.state) == OutboxState.DUE, col(Outbox.problem) == ""),
    ),
)


async def claim(
    storage: Storage,
    worker: str,
    channels: Iterable[str],
    limit: int = 200,
    *,
    up_to: int | None = None,
) -> list[DueMessage]:
    """Take up to `limit` messages on `channels` that are due and unclaimed; `worker` owns them now.

    A contact's messages come in the order in which they were written. `up_to`: leave out anything less urgent than
    this priority, however long it has been due.
    """
    names = list(channels)

    async def work(session: Session) -> list[DueMessage]:
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


def ran_out(at: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Nobody got it in time, whether or not `purge` has noticed that yet."""
    unsent = and_(col(Outbox.state) == OutboxState.DUE, col(Outbox.not_after) <= at)
    noticed = and_(col(Outbox.state) == OutboxState.DEAD, col(Outbox.problem) == totals.EXPIRED)
    return or_(and_(unsent, col(Outbox.not_after).is_not(None)), noticed)


def due(message: Outbox, contact: Contact, edit_ref: str = "", *, again: bool = False) -> DueMessage:
    """Return what a sender needs of a row that has been flushed."""
    return DueMessage(
        message.id,
        message.contact_id,
        contact.channel,
        contact.address,
        message.body,
        message.priority,
        message.attempts,
        edit_ref,
        again,
        contact.locale,
    )


def hasten(storage: Storage, channel: str, address: str, problem: str) -> None:
    """Let what waits for one chat because of `problem` go with the next transaction. Usually nothing waits."""

    async def work(session: Session) -> None:
        waiting = {"of_channel": channel, "to": address, "why": problem, "at": now()}
        await session.run(HASTEN, [waiting])

    storage.write_along(work)


HASTEN: Final = (
    update(TABLE)
    .where(
        TABLE.c.contact_id.in_(
            select(Contact.id).where(
                Contact.channel == bindparam("of_channel"), Contact.address == bindparam("to")
            )
        ),
        TABLE.c.state == OutboxState.DUE.value,
        TABLE.c.problem == bindparam("why"),
        TABLE.c.not_before > bindparam("at"),
    )
    .values(not_before=bindparam("at"))
)
"""Built once: it runs whenever somebody is heard after a while."""


async def is_due(storage: Storage, number: int) -> bool:
    """Whether the message with this id is still to be sent."""
    async with storage.reading() as session:
        chosen = select(Outbox.id).where(Outbox.id == number, Outbox.state == OutboxState.DUE)
        return (await session.exec(chosen)).first() is not None


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


async def record(storage: Storage, outcomes: Sequence[SendOutcome]) -> None:
    """Write down what became of messages. The text of a sent message is erased: it may hold answers."""

    async def work(session: Session) -> None:
        at = now()
        rows: dict[type[SendOutcome], list[dict[str, Any]]] = {}
        for outcome in outcomes:
            rows.setdefault(type(outcome), []).append(values_of(outcome))
        for kind, values in rows.items():
            await session.run(MARKS[kind], values)
        await mark_unreachable(session, outcomes, at)

    if outcomes:
        await storage.write(work)


def values_of(outcome: SendOutcome) -> dict[str, Any]:
    """Return the parameters that an outcome gives to its statement in `MARKS`."""
    match outcome:
        case Delivered():
            return {"key": outcome.id, "sent_ref": outcome.ref, "at": outcome.at, "kept": outcome.kept}
        case Retry():
            return {"key": outcome.id, "later": outcome.at, "why": outcome.problem}
        case Dead():
            return {"key": outcome.id, "why": outcome.problem}


async def mark_unreachable(session: Session, outcomes: Sequence[SendOutcome], at: datetime) -> None:
    """Write down which chats no longer take messages."""
    gone = {outcome.contact_id for outcome in outcomes if isinstance(outcome, Dead) and outcome.unreachable}
    if gone:
        unreachable = update(Contact).where(col(Contact.id).in_(gone))
        await session.exec(unreachable.values(reachable=False, unreachable_since=at))


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
MARKS: Final[dict[type[SendOutcome], Update]] = {Delivered: MARK_SENT, Retry: MARK_LATER, Dead: MARK_DEAD}


LEFT: dict[str, Any] = {"claimed_by": None, "claimed_until": None, "problem": "left"}
"""The new values of a message whose process is gone: it is free, and may have been sent already."""


async def release(storage: Storage, channels: Iterable[str]) -> None:
    """Free what a process that is gone had claimed. Only for a database that a single process uses."""
    names = list(channels)

    async def work(session: Session) -> None:
        mine = select(Contact.id).where(col(Contact.channel).in_(names))
        claimed = and_(col(Outbox.state) == OutboxState.DUE, col(Outbox.claimed_by).is_not(None))
        await session.exec(update(Outbox).where(claimed, col(Outbox.contact_id).in_(mine)).values(LEFT))

    await storage.write(work)


async def purge(storage: Storage) -> None:
    """Drop what nobody needs any more: messages that are done with, and marks of updates that no platform repeats.

    Messages leave their counts behind (`storage.totals`). They are dropped a few at a time, so that answers do not
    wait.
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
    """Drop some of the oldest messages that are done with, add them to the totals, and return how many."""
    at = now()
    sent = and_(
        col(Outbox.state) == OutboxState.SENT,
        col(Outbox.sent_at) < at - KEEP_SENT,
        # What a letter told is known for longer, so that none tells it again.
        or_(
            col(Outbox.natural_key).is_(None),
            ~told.of_kinds((*totals.TIMED, *totals.UNASKED)),
            col(Outbox.sent_at) < at - told.KEPT,
        ),
    )
    dead = and_(col(Outbox.state) == OutboxState.DEAD, col(Outbox.created_at) < at - KEEP_DEAD)
    chosen = select(Outbox).where(or_(sent, dead)).limit(SWEPT).with_for_update(skip_locked=True)
    rows = (await session.exec(chosen)).all()
    await totals.add(session, totals.counted(rows))
    await session.exec(delete(Outbox).where(col(Outbox.id).in_([row.id for row in rows])))
    return len(rows)

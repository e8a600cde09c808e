"""Messages given to platforms that count, charge or confirm: how much of an allowance is used, and what became of
each.

A message is noted before its platform is asked. So a process that dies in between counts one too many, never one too
few. A message keeps its key when it is tried again, so it counts once.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Final, NamedTuple

from sqlalchemy import Executable
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel, and_, col, delete, func, or_, select, update

from storage.session import Session
from storage.tables import Carried, Seen, now
from storage.zone import ZONE

TABLE: Final = SQLModel.metadata.tables["carried"]
KEPT: Final = timedelta(days=70)
"""A month's use stays readable for this long after the month."""


class CarriedState(StrEnum):
    """Where a message is, as far as is known."""

    GIVEN = "given"
    """The platform was asked to take it."""
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"


class Used(NamedTuple):
    """How much was used of a channel: messages, parts of them, and đồng."""

    messages: int = 0
    parts: int = 0
    price: int = 0


def day_of(at: datetime) -> datetime:
    """Return the start of the day around `at`."""
    return at.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)


def month_of(at: datetime) -> datetime:
    """Return the start of the month around `at`."""
    return day_of(at).replace(day=1)


def next_day(at: datetime) -> datetime:
    """Return the start of the day after `at`."""
    return day_of(day_of(at) + timedelta(hours=36))


def next_month(at: datetime) -> datetime:
    """Return the start of the month after `at`."""
    return month_of(month_of(at) + timedelta(days=32))


PACE: Final = "minute"
"""The span that limits how fast a platform is used, rather than how much in all."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much of a channel may be used in a span of time: at most `most` of `unit`, a field of `Used`; 0: no limit.

    `span` names the span. The last `spared` of it are for answers and emergencies.
    """

    span: str
    unit: str
    most: int
    spared: float = 0.1

    @property
    def began(self) -> Callable[[datetime], datetime]:
        """The function that gives the start of the span around a moment."""
        return SPANS[self.span][0]

    @property
    def ends(self) -> Callable[[datetime], datetime]:
        """The function that says when to ask again, once the span around a moment is used up."""
        return SPANS[self.span][1]

    def bounds(self, wanted: Used) -> bool:
        """Whether the allowance applies to a message at all. What is used is summed up only if it does."""
        return bool(self.most and getattr(wanted, self.unit))

    def has_room(self, used: Used, wanted: Used, priority: int) -> bool:
        """Whether a message of this priority still fits."""
        if not self.most or priority < 0:
            return True
        if not getattr(wanted, self.unit):
            return True  # what is free may go though all is spent
        if self.span == PACE and not getattr(used, self.unit):
            return True  # a message that is more than a minute's worth goes by itself
        limit = self.most if priority == 0 else int(self.most * (1 - self.spared))
        return int(getattr(used, self.unit)) + int(getattr(wanted, self.unit)) <= limit


MINUTE: Final = timedelta(minutes=1)
SPANS: Final[dict[str, tuple[Callable[[datetime], datetime], Callable[[datetime], datetime]]]] = {
    PACE: (lambda at: at - MINUTE, lambda at: at + MINUTE / 6),
    "day": (day_of, next_day),
    "month": (month_of, next_month),
}
"""For each span two functions of a moment: when the span around it began, and when to ask again once it is used up."""


async def used(session: Session, channel: str, since: datetime) -> Used:
    """Return what was used of a channel since a moment."""
    sums = (func.count(), func.sum(Carried.parts), func.sum(Carried.price))
    chosen = select(*sums).where(Carried.channel == channel, col(Carried.at) >= since)
    messages, parts, price = (await session.exec(chosen)).one()
    return Used(messages, int(parts or 0), int(price or 0))


async def channels(session: Session, since: datetime) -> list[str]:
    """Return the channels that were used since a moment."""
    chosen = select(Carried.channel).where(col(Carried.at) >= since).distinct()
    return sorted(await session.exec(chosen))


async def note(
    session: Session,
    channel: str,
    key: str,
    wanted: Used,
    priority: int,
    allowances: Sequence[Allowance],
    at: datetime,
) -> datetime | None:
    """Count a message before it is given to the platform. Return None if it may go, else when to ask again.

    A message that already counts may go, unless it now costs more: its free window may have closed since. One that
    `is_free` is noted by `note_free`.
    """
    bounds = bounds_of(wanted, allowances)
    if bounds:
        await alone_on(session, channel)
    tried = await session.get(Carried, (channel, key))
    more = wanted if tried is None else beyond(tried, wanted)
    for allowance in bounds if any(more) else ():
        if not allowance.has_room(await used(session, channel, allowance.began(at)), more, priority):
            return allowance.ends(at)
    carried = tried or Carried(channel=channel, key=key, at=at, parts=0, price=0, state=CarriedState.GIVEN)
    carried.parts, carried.price = carried.parts + more.parts, carried.price + more.price
    if carried.state == CarriedState.FAILED:  # it was taken for lost before it could be given
        carried.state = CarriedState.GIVEN
    session.add(carried)
    await session.flush()
    return None


def bounds_of(wanted: Used, allowances: Sequence[Allowance]) -> list[Allowance]:
    """Return the allowances that apply to a message."""
    return [allowance for allowance in allowances if allowance.bounds(wanted)]


def is_free(wanted: Used, allowances: Sequence[Allowance]) -> bool:
    """Whether nothing bounds a message, so that it may go before it is counted."""
    return not (wanted.price or bounds_of(wanted, allowances))


async def note_free(session: Session, channel: str, key: str, parts: int, at: datetime) -> None:
    """Count a message that is free and has no allowance, unless it already counts. Answers are such; this has to be
    quick."""
    row = {"channel": channel, "key": key, "at": at, "parts": parts, "price": 0, "state": CarriedState.GIVEN}
    statement = counting(session.get_bind().dialect.name)
    session.execute_later(statement, row | {"sent_parts": 0, "delivered_parts": 0, "told": False})


@cache
def counting(dialect: str) -> Executable:
    """Return the statement of `note_free`, built once: building it takes longer than running it."""
    adding = sqlite.insert(TABLE) if dialect == "sqlite" else postgresql.insert(TABLE)
    return adding.on_conflict_do_update(
        index_elements=["channel", "key"],
        set_={"state": CarriedState.GIVEN},  # it was taken for lost before it could be given
        where=TABLE.c.state == CarriedState.FAILED,
    )


async def alone_on(session: Session, channel: str) -> None:
    """Wait until no other transaction counts on a channel, and let none do so until ours ends.

    Otherwise two processes that read the sum at once would both find room for their message. SQLite has one writer
    anyway.
    """
    connection = await session.connection()
    if connection.dialect.name == "postgresql":
        name = func.hashtextextended(f"carried:{channel}", 0)
        await connection.execute(select(func.pg_advisory_xact_lock(name)))


def beyond(tried: Carried, wanted: Used) -> Used:
    """Return what a message takes beyond what already counts for it."""
    return Used(0, max(0, wanted.parts - tried.parts), max(0, wanted.price - tried.price))


async def take_back(session: Session, channel: str, key: str) -> None:
    """Stop counting a message: its platform refused it."""
    await session.insert_waiting()  # it may have been counted in this very transaction
    await session.exec(delete(Carried).where(col(Carried.channel) == channel, col(Carried.key) == key))


async def set_state(session: Session, channel: str, key: str, state: CarriedState) -> None:
    """Note a message's state as its platform reports it for the whole message."""
    mine = (col(Carried.channel) == channel, col(Carried.key) == key)
    await session.exec(update(Carried).where(*mine).values(state=state))


async def fold(
    session: Session, channel: str, key: str, state: CarriedState, event: str
) -> CarriedState | None:
    """Take in that one part of a message was sent, was delivered or has failed; each `event` counts once.

    The whole message is sent, or delivered, once all its parts are; it has failed once one has. Return its new state,
    or None if nothing changed.
    """
    if await session.get(Seen, (channel, event)) is not None:
        return None
    session.add(Seen(channel=channel, key=event))
    carried = await session.get(Carried, (channel, key), with_for_update=True)
    if carried is None or carried.state == CarriedState.FAILED:
        return None
    carried.sent_parts += state is CarriedState.SENT
    carried.delivered_parts += state is CarriedState.DELIVERED
    carried.state = whole = folded(carried, state)
    session.add(carried)
    return whole


def folded(carried: Carried, news: CarriedState) -> CarriedState:
    """Return the state of the whole message after news of one of its parts."""
    if news is CarriedState.FAILED:
        return news
    if carried.delivered_parts >= carried.parts:
        return CarriedState.DELIVERED
    # Some carriers confirm the delivery of a part whose sending was never told.
    if max(carried.sent_parts, carried.delivered_parts) >= carried.parts:
        return CarriedState.SENT
    return CarriedState(carried.state)


async def under_way(session: Session, channel: str, before: datetime, most: int) -> list[Carried]:
    """Return the oldest messages that were given before a moment and of which nothing more is known."""
    chosen = select(Carried).where(Carried.channel == channel, Carried.state == CarriedState.GIVEN)
    chosen = chosen.where(col(Carried.at) < before).order_by(col(Carried.at)).limit(most)
    return list(await session.exec(chosen))


async def untold(session: Session, channel: str, before: datetime) -> list[Carried]:
    """Return what has failed, or has been under way since before a moment, if no administrator was told."""
    stuck = and_(col(Carried.state) == CarriedState.GIVEN, col(Carried.at) < before)
    bad = or_(stuck, col(Carried.state) == CarriedState.FAILED)
    chosen = select(Carried).where(Carried.channel == channel, bad, col(Carried.told).is_(False))
    return list(await session.exec(chosen))


async def mark_told(session: Session, channel: str, keys: Collection[str]) -> None:
    """Note that an administrator was told of these."""
    mine = (col(Carried.channel) == channel, col(Carried.key).in_(list(keys)))
    await session.exec(update(Carried).where(*mine).values(told=True))


async def purge(session: Session) -> None:
    """Drop what was counted longer ago than `KEPT`."""
    await session.exec(delete(Carried).where(col(Carried.at) < now() - KEPT))

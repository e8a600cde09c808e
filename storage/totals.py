"""What became of messages, including swept ones: counts by occasion and day, with nothing about anybody.

An announcement has totals of its own; other messages have those of their sort. Totals of swept rows are written in the
transaction that sweeps them, so that each row is counted once, here or there.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from sqlmodel import case, col, func, select

from storage.session import Session
from storage.tables import DeliveryTotal, Outbox, OutboxState


class Outcome(StrEnum):
    WAITING = "waiting"
    """Not known yet; never in the table."""
    SENT = "sent"
    UNREACHABLE = "unreachable"
    EXPIRED = "expired"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    """Taken back before it was sent."""


NOBODY: Final = ("Forbidden", "NoChat")
"""The problems of chats that take no messages any more."""
EXPIRED: Final = "expired"
REPLY: Final = "reply"
ANNOUNCE: Final = "announce"
KINDS: Final = (
    "weekly",
    "question",
    "remind",
    "deadline",
    "calls",
    "ended",
    "nudge",
    "figure",
    ANNOUNCE,
    "announce-office",
    "announce-change",
    "emergency",
    "place-event",
    "request",
    "missed",
    "channel",
    "window",
)
"""The first words of natural keys."""
TO_PERSONS: Final = (
    "weekly",
    "remind",
    "deadline",
    "calls",
    "ended",
    "request",
    "missed",
    "window",
)
"""The sorts of letters whose natural keys name a person."""
TIMED: Final = (*TO_PERSONS, "question")
"""What the timetable writes. It is remembered longer, so that it is written only once."""
TAP: Final = "window"
UNASKED: Final = ("weekly", "remind", "nudge", TAP)
"""The sorts of letters that somebody gets without having asked for anything: only so many a week."""

DeliveryCounts = Mapping[tuple[str, date, Outcome], int]
ByOutcome = Counter[Outcome]


def kind_of(key: str | None) -> str:
    """Return what sort of message has this natural key."""
    return (key or REPLY).partition(":")[0]


def of_known_kind(key: str) -> str:
    """Return `key` if its first word is one of `KINDS`; any other would be counted as an answer.

    Raises ValueError.
    """
    if kind_of(key) not in KINDS:
        raise ValueError(f"{kind_of(key)} is missing in storage.totals.KINDS")
    return key


def occasion_of(key: str | None) -> str:
    """Return the name under which a message is counted: an announcement by its number, others by their sort."""
    kind, _, rest = (key or REPLY).partition(":")
    return f"{ANNOUNCE}:{rest.partition(':')[0]}" if kind == ANNOUNCE else kind


def outcome_of(state: str, problem: str) -> Outcome:
    """What became of a message with this state and problem."""
    if state != OutboxState.DEAD:
        return Outcome.SENT if state == OutboxState.SENT else Outcome.WAITING
    if problem == EXPIRED:
        return Outcome.EXPIRED
    return Outcome.UNREACHABLE if problem in NOBODY else Outcome.FAILED


def counted(rows: Iterable[Outbox]) -> DeliveryCounts:
    """Return how many of these messages there are by occasion, day and outcome."""
    return Counter(
        (occasion_of(row.natural_key), row.created_at.date(), outcome_of(row.state, row.problem))
        for row in rows
    )


async def add(session: Session, counts: DeliveryCounts) -> None:
    """Add to the totals."""
    for (occasion, day, outcome), count in sorted(counts.items()):
        row = await session.get(DeliveryTotal, (occasion, day, outcome), with_for_update=True)
        if row is None:
            session.add(DeliveryTotal(occasion=occasion, day=day, outcome=outcome, count=count))
        else:
            row.count += count
    await session.flush()


async def of_announcement(session: Session, number: int) -> ByOutcome:
    """What became of an announcement's messages, to this day."""
    occasion = f"{ANNOUNCE}:{number}"
    counts: ByOutcome = Counter()
    key = col(Outbox.natural_key).startswith(f"{occasion}:", autoescape=True)
    chosen = select(Outbox.state, Outbox.problem, func.count()).where(key)
    for state, problem, count in await session.exec(chosen.group_by(Outbox.state, Outbox.problem)):
        counts[outcome_of(state, problem)] += count
    swept = select(DeliveryTotal).where(DeliveryTotal.occasion == occasion)
    for row in await session.exec(swept):
        counts[Outcome(row.outcome)] += row.count
    return counts


async def by_kind(session: Session, since: datetime) -> dict[str, ByOutcome]:
    """Return what became of the messages written since the day of a moment, by their sort."""
    counts: dict[str, ByOutcome] = {}
    key = col(Outbox.natural_key)
    kind: Any = case(*((key.startswith(f"{name}:"), name) for name in KINDS), else_=REPLY)
    chosen = select(kind, Outbox.state, Outbox.problem, func.count()).where(col(Outbox.created_at) >= since)
    for name, state, problem, count in await session.exec(
        chosen.group_by(kind, Outbox.state, Outbox.problem)
    ):
        counts.setdefault(name, Counter())[outcome_of(state, problem)] += count
    swept = select(DeliveryTotal).where(col(DeliveryTotal.day) >= since.date())
    for row in await session.exec(swept):
        counts.setdefault(kind_of(row.occasion), Counter())[Outcome(row.outcome)] += row.count
    return counts

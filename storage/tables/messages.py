"""Updates that came, messages that go out, and what became of them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, Index
from sqlmodel import Field, SQLModel

from storage.tables.columns import key, moment, ref


class Seen(SQLModel, table=True):
    """An update that was handled. Kept longer than any platform repeats one, then purged."""

    channel: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    at: datetime = moment(index=True)


class OutboxState(StrEnum):
    DUE = "due"
    SENT = "sent"
    DEAD = "dead"


class Outbox(SQLModel, table=True):
    """A message to send, written in the transaction that caused it. `body` is emptied once it is sent.

    A worker owns a row until `claimed_until`; an answer's row is claimed by its own worker from the start.
    """

    __table_args__ = (
        Index("ix_outbox_due", "state", "priority", "id"),
        Index("ix_outbox_slot", "contact_id", "slot"),
    )
    id: int = key()
    contact_id: int = ref("contact.id")
    priority: int = 0
    """0 conversation, 1 reminder, 2 broadcast: lower goes first."""
    natural_key: str | None = Field(default=None, unique=True)
    body: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    state: str = OutboxState.DUE
    slot: str = ""
    ref: str = ""
    """The platform's id of the message once sent: the newest one in a slot can be edited."""
    attempts: int = 0
    not_before: datetime | None = moment(nullable=True)
    not_after: datetime | None = moment(nullable=True)
    """From then on it is of no use; None: never."""
    claimed_by: str | None = None
    claimed_until: datetime | None = moment(nullable=True)
    created_at: datetime = moment()
    sent_at: datetime | None = moment(nullable=True)
    problem: str = ""


class Sender(SQLModel, table=True):
    """A process that sends on a channel, while it lives: `beats` grows all the time (`storage.senders`)."""

    worker: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    beats: int = Field(default=1, sa_type=BigInteger)


class DeliveryTotal(SQLModel, table=True):
    """What became of letters whose rows were swept (`storage.totals`). It leads to nobody."""

    __tablename__: ClassVar[str] = "delivery_total"
    occasion: str = Field(primary_key=True)
    """`announce:12` for an announcement, else the sort of message: `weekly`, `remind`, `reply` …"""
    day: date = Field(primary_key=True)
    """On which the messages were written, in UTC."""
    outcome: str = Field(primary_key=True)
    """`storage.totals.Outcome`."""
    count: int = Field(sa_type=BigInteger)


class Carried(SQLModel, table=True):
    """A message given to a platform that counts, charges or confirms: how much of it, and what became of it.

    Nothing leads from it to a person: `key` is made from the outbox's number, whose row is swept after a week.
    """

    channel: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    at: datetime = moment(index=True)
    parts: int = 1
    price: int = 0
    """In đồng, as foretold from the prices that were set."""
    state: str
    """`storage.carried.CarriedState`."""
    sent_parts: int = 0
    delivered_parts: int = 0
    told: bool = False
    """An administrator was told that it is stuck or failed."""

"""Every table, and the lifetime of what it holds.

Times are stored in UTC; days and periods are those of the configured time zone. A code that opens a door
(an invitation) is stored only as its hash. JSON columns hold state that only its own room reads.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    Index,
    Integer,
    MetaData,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel

from storage.levels import Level as Level
from storage.levels import RoleName as RoleName

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMING
metadata: MetaData = SQLModel.metadata


class Instant(TypeDecorator[datetime]):
    """An aware moment. SQLite keeps no zone, so it is written and read back as UTC on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Exact(TypeDecorator[Decimal]):
    """An exact decimal as text: SQLite has no decimal type, and a float would change what was reported."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        return None if value is None else format(value, "f")

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


def now() -> datetime:
    return datetime.now(UTC)


BigKey = BigInteger().with_variant(Integer, "sqlite")
"""SQLite counts a primary key up by itself only where its type is plain INTEGER."""


def key() -> Any:
    """A primary key that the database counts up. A new row is made without it and has it once it is flushed."""
    return Field(default=None, primary_key=True, sa_type=BigKey)


def ref(target: str, *, nullable: bool = False, index: bool = False, primary_key: bool = False) -> Any:
    """A column that holds the id of a row of another table, such as "place.id"."""
    default: dict[str, Any] = {"default": None} if nullable else {}
    return Field(
        foreign_key=target, sa_type=BigKey, nullable=nullable, index=index, primary_key=primary_key, **default
    )


def moment(nullable: bool = False, index: bool = False) -> Any:
    if nullable:
        return Field(default=None, sa_type=Instant, nullable=True, index=index)
    return Field(default_factory=now, sa_type=Instant, nullable=False, index=index)


# --- places -------------------------------------------------------------------------------------------


class Place(SQLModel, table=True):
    """A unit with its own identity. A code is no identity: 1,847 commune codes were reused in 2025."""

    id: int = key()
    level: str = Field(index=True)
    kind: str
    """The type word as written before the name: tỉnh, thành phố, xã, phường, thôn, bản, tổ dân phố …"""
    name: str
    code: str | None = Field(default=None, index=True)
    first_day: date = date(1, 1, 1)
    last_day: date | None = None
    search: str = Field(default="", index=True)
    """The name folded for matching (see `questionnaires.answers.places.fold`)."""
    invented: bool = False
    """Made up for the demonstration; shown as such."""
    source: str = ""


class PlaceEdge(SQLModel, table=True):
    """`child` belongs to `parent` from `first_day` to `last_day`, both included (None: until today)."""

    __tablename__: ClassVar[str] = "place_edge"
    id: int = key()
    child_id: int = ref("place.id", index=True)
    parent_id: int = ref("place.id", index=True)
    first_day: date = date(1, 1, 1)
    last_day: date | None = None


class PlaceSuccession(SQLModel, table=True):
    """On `day`, `from_id` went into `to_id`, whole or in part, by the document `legal_basis`."""

    __tablename__: ClassVar[str] = "place_succession"
    id: int = key()
    from_id: int = ref("place.id", index=True)
    to_id: int = ref("place.id", index=True)
    day: date
    whole: bool = True
    legal_basis: str = ""


class PlaceAlias(SQLModel, table=True):
    """Another name of a place, as a rule one that it bore until `since`; typed names find it too."""

    __tablename__: ClassVar[str] = "place_alias"
    id: int = key()
    place_id: int = ref("place.id", index=True)
    kind: str = ""
    """The type word that went with the name."""
    name: str
    search: str = Field(index=True)
    since: date
    """From this day on it is no longer the name but an alias."""
    source: str = ""


class PlaceEvent(SQLModel, table=True):
    """A merge, split, move or rename of places on a day, by the document `legal_basis`; see `storage.place_events`."""

    __tablename__: ClassVar[str] = "place_event"
    id: int = key()
    kind: str
    """merge, split, move or rename."""
    day: date
    """The first day on which it holds."""
    legal_basis: str
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    """What took part, and the rows that were changed, so that it can be undone."""
    created_at: datetime = moment()
    undone_at: datetime | None = moment(nullable=True)


# --- people -------------------------------------------------------------------------------------------


class Person(SQLModel, table=True):
    """Somebody who may hold roles. `consented_at` is set by their own consent in the chat."""

    id: int = key()
    name: str = ""
    consented_at: datetime | None = moment(nullable=True)
    left_at: datetime | None = moment(nullable=True)
    created_at: datetime = moment()


class Role(SQLModel, table=True):
    """What a person may do, where. Ended roles stay, without a person's name, for provenance."""

    id: int = key()
    person_id: int = ref("person.id", index=True)
    place_id: int = ref("place.id", index=True)
    role: str
    since: datetime = moment()
    until: datetime | None = moment(nullable=True)


class Contact(SQLModel, table=True):
    """One chat on one channel. A phone may be shared: `person_id` is who is talking now.

    `screen` is what the chat shows and expects: the dialogue under way, the buttons of the last message,
    the message of each slot. `last_order` is the `Incoming.order` of the latest message handled.
    """

    __table_args__ = (UniqueConstraint("channel", "address"),)
    id: int = key()
    channel: str
    address: str
    person_id: int | None = ref("person.id", nullable=True, index=True)
    interview_id: int | None = ref("interview.id", nullable=True)
    locale: str = ""
    screen: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    last_order: int = Field(default=0, sa_type=BigInteger)
    last_sent_at: datetime | None = moment(nullable=True)
    """When that message was sent, at the latest."""
    ahead_until: datetime | None = moment(nullable=True)
    """What was sent before is no answer: the chat then showed more than the database, which was restored, knows."""
    reachable: bool = True
    unreachable_since: datetime | None = moment(nullable=True)
    """When the platform last said that this chat takes no messages; None while it does."""
    wrong_codes: int = 0
    blocked_until: datetime | None = moment(nullable=True)
    created_at: datetime = moment()


class ContactPerson(SQLModel, table=True):
    """The people who use a contact."""

    __tablename__: ClassVar[str] = "contact_person"
    contact_id: int = ref("contact.id", primary_key=True)
    person_id: int = ref("person.id", primary_key=True)
    since: datetime = moment()


class Invitation(SQLModel, table=True):
    """A one-time code for a place and a role. Only its SHA-256 is kept."""

    id: int = key()
    code_hash: str = Field(unique=True)
    place_id: int = ref("place.id")
    role: str
    name: str = ""
    created_at: datetime = moment()
    expires_at: datetime = moment()
    used_at: datetime | None = moment(nullable=True)
    used_by: int | None = ref("person.id", nullable=True)
    revoked_at: datetime | None = moment(nullable=True)


class RosterEntry(SQLModel, table=True):
    """Somebody an administrator expects, by phone number; erased when they share their contact."""

    __tablename__: ClassVar[str] = "roster_entry"
    __table_args__ = (UniqueConstraint("phone", "place_id", "role"),)
    id: int = key()
    phone: str = Field(index=True)
    """E.164, without the plus sign: 84912345678."""
    name: str = ""
    place_id: int = ref("place.id")
    role: str
    imported_at: datetime = moment()


# --- questionnaires and answers -----------------------------------------------------------------------


class Form(SQLModel, table=True):
    """One version of a questionnaire, compiled. `version` is the hash of its content; rows never change
    but for `active`: the one version of a name that new interviews use."""

    __table_args__ = (UniqueConstraint("name", "version"),)
    id: int = key()
    name: str = Field(index=True)
    version: str
    compiled: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    active: bool = True
    imported_at: datetime = moment()


class InterviewStatus(StrEnum):
    OPEN = "open"
    REVIEW = "review"
    SENT = "sent"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


UNFINISHED = text("status IN ('open', 'review') AND NOT practice")


class InterviewRow(SQLModel, table=True):
    """An interview between messages. `state` belongs to `questionnaires.interview`."""

    __tablename__: ClassVar[str] = "interview"
    __table_args__ = (
        Index("ix_interview_place_period", "place_id", "period"),
        Index(
            "uq_interview_open",
            "person_id",
            "place_id",
            "form_name",
            "period",
            unique=True,
            sqlite_where=UNFINISHED,
            postgresql_where=UNFINISHED,
        ),
    )
    id: int = key()
    person_id: int | None = ref("person.id", nullable=True, index=True)
    """None once that person has left."""
    place_id: int = ref("place.id")
    form_id: int = ref("form.id")
    form_name: str
    period: str
    """`plans.period.Period.key`."""
    status: str = Field(default=InterviewStatus.OPEN, index=True)
    practice: bool = False
    corrects_id: int | None = Field(default=None, sa_type=BigKey)
    """The submission that this interview corrects."""
    state: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    previous: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    """The place's values of its latest earlier period, by question path, as this interview began."""
    extra: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    """What the conversation remembers beside the answers (tries at this question, path to return to …)."""
    started_at: datetime = moment()
    updated_at: datetime = moment()


NEWEST = text("current")


class Submission(SQLModel, table=True):
    """A finished interview. A correction is a new row, the next `revision`; `current` marks the newest."""

    __table_args__ = (
        UniqueConstraint("place_id", "form_name", "period", "revision"),
        UniqueConstraint("interview_id"),
        Index("ix_submission_form_period", "form_name", "period"),
        Index("ix_submission_lookup", "place_id", "form_name", "period_end"),
        Index(
            "uq_submission_current",
            "place_id",
            "form_name",
            "period",
            unique=True,
            sqlite_where=NEWEST,
            postgresql_where=NEWEST,
        ),
    )
    id: int = key()
    receipt: str = Field(unique=True)
    interview_id: int | None = ref("interview.id", nullable=True)
    place_id: int = ref("place.id")
    form_id: int = ref("form.id")
    form_name: str
    period: str
    period_end: date
    """The last day of the period."""
    revision: int = 1
    current: bool = True
    person_id: int | None = ref("person.id", nullable=True)
    answers: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    """The final values by question path."""
    sent_at: datetime = moment()


class Observation(SQLModel, table=True):
    """One answer of one submission: the value that figures are made of. `number` is set where it is one."""

    __table_args__ = (
        UniqueConstraint("submission_id", "path"),
        Index("ix_observation_lookup", "place_id", "question", "period_end"),
    )
    id: int = key()
    submission_id: int = ref("submission.id")
    place_id: int = ref("place.id")
    period: str
    period_end: date
    question: str
    path: str
    value: str
    number: Decimal | None = Field(default=None, sa_type=Exact)
    estimate: bool = False
    current: bool = True


class LedgerRow(SQLModel, table=True):
    """What reports add to the figures of a place, day by day; see `storage.ledger`.

    It is derived from the submissions, so it references nothing. A sum is `numerator` and, in units of 10^-12,
    `numerator_rest`: whole numbers, which both databases add exactly.
    """

    __tablename__: ClassVar[str] = "ledger"
    __table_args__ = ({"sqlite_with_rowid": False},)
    place_id: int = Field(primary_key=True, sa_type=BigKey, sa_column_kwargs={"autoincrement": False})
    measure_id: int = Field(primary_key=True, sa_type=BigKey, sa_column_kwargs={"autoincrement": False})
    """`storage.ledger.measure_id`."""
    day: int = Field(primary_key=True, sa_type=Integer, sa_column_kwargs={"autoincrement": False})
    """From which day it counts, as an ordinal: the last day of a report's period."""
    boundary: int = Field(primary_key=True, sa_type=Integer, sa_column_kwargs={"autoincrement": False})
    """0: where the places lay at the end of the period; else what is other in the boundaries from that day on."""
    shard: int = Field(primary_key=True, sa_type=Integer, sa_column_kwargs={"autoincrement": False})
    """Each process adds to rows of its own, so that processes do not wait for each other."""
    reports: int
    numerator: int = Field(sa_type=BigInteger)
    numerator_rest: int = Field(sa_type=BigInteger)
    denominator: int = Field(sa_type=BigInteger)
    denominator_rest: int = Field(sa_type=BigInteger)


class AttachmentState(StrEnum):
    WANTED = "wanted"
    STORED = "stored"
    REFUSED = "refused"


class Attachment(SQLModel, table=True):
    """A photo of an answer or an emergency: wanted from the platform, then stored under a name of ours."""

    id: int = key()
    interview_id: int | None = ref("interview.id", nullable=True, index=True)
    emergency_id: int | None = ref("emergency.id", nullable=True, index=True)
    contact_id: int = ref("contact.id")
    path: str
    file_ref: str
    name: str = ""
    media_type: str = ""
    size: int = 0
    sha256: str = ""
    state: str = Field(default=AttachmentState.WANTED, index=True)
    attempts: int = 0
    created_at: datetime = moment()


class Risk(SQLModel, table=True):
    """Work that may kill the process, while it is being tried (`storage.risks`)."""

    work: str = Field(primary_key=True)
    """What it is, with the number of its row: `photo:12`."""
    begun: int = 1
    """How often it was begun and did not end."""
    begun_at: datetime = moment()


# --- messages -----------------------------------------------------------------------------------------


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

    A worker owns a row until `claimed_until`; a row written for an answer is born claimed by its own worker.
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
    """The platform's id of the message once sent: the newest one of a slot can be edited."""
    attempts: int = 0
    not_before: datetime | None = moment(nullable=True)
    not_after: datetime | None = moment(nullable=True)
    """Too late to be of use from then on; None: never."""
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
    """What became of letters whose rows were swept (`storage.totals`). Nobody can be told from it."""

    __tablename__: ClassVar[str] = "delivery_total"
    occasion: str = Field(primary_key=True)
    """`announce:12` for an announcement, else the sort of message: `weekly`, `remind`, `reply` …"""
    day: date = Field(primary_key=True)
    """On which the messages were written, in UTC."""
    outcome: str = Field(primary_key=True)
    """`storage.totals.Outcome`."""
    count: int = Field(sa_type=BigInteger)


class WeeklyChoice(SQLModel, table=True):
    """When and how a chat wants the weekly summary; without a row it is the usual way."""

    __tablename__: ClassVar[str] = "weekly_choice"
    contact_id: int = ref("contact.id", primary_key=True)
    weekday: int = 0
    """0 is Monday."""
    minute: int = 450
    """Counted from midnight."""
    picture: bool = False
    stopped: bool = False


class WeeklyLine(SQLModel, table=True):
    """A line of a unit's officer that its village heads read in the summary of an ISO week such as 2026-W47."""

    __tablename__: ClassVar[str] = "weekly_line"
    place_id: int = ref("place.id", primary_key=True)
    week: str = Field(primary_key=True)
    text: str
    person_id: int | None = Field(default=None, sa_type=BigKey)
    at: datetime = moment()


class Emergency(SQLModel, table=True):
    """An emergency that a village raised. `tier` is how far up it has gone (`storage.emergencies.TIERS`)."""

    id: int = key()
    place_id: int = ref("place.id", index=True)
    person_id: int | None = ref("person.id", nullable=True)
    """None once that person has left."""
    contact_id: int = ref("contact.id")
    kind: str
    details: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    """What was told later: what it is (words, people, location, closing), the text, when."""
    raised_at: datetime = moment(index=True)
    tier: int = 0
    tier_at: datetime = moment()
    acknowledged_at: datetime | None = moment(nullable=True)
    acknowledged_by: int | None = Field(default=None, sa_type=BigKey)
    withdrawn_at: datetime | None = moment(nullable=True)
    """Taken back before anybody was told."""
    told: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """How many chats were told of it, all tiers together."""
    closed_at: datetime | None = moment(nullable=True)
    """Closed by who raised it, with a sentence that is the last of `details`."""


class SavedQuestion(SQLModel, table=True):
    """A question about figures that a chat keeps; `query` belongs to `queries.query`."""

    __tablename__: ClassVar[str] = "saved_question"
    id: int = key()
    contact_id: int = ref("contact.id", index=True)
    label: str
    query: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    weekly: bool = False
    created_at: datetime = moment()


class AnnouncementState(StrEnum):
    DRAFT = "draft"
    WAITING = "waiting"
    """For a second officer to agree."""
    SENT = "sent"
    STOPPED = "stopped"
    WITHDRAWN = "withdrawn"
    DROPPED = "dropped"


class Announcement(SQLModel, table=True):
    """What an officer tells a choice of the people on a ground."""

    id: int = key()
    place_id: int = ref("place.id", index=True)
    audience: str
    """`handlers.broadcasts.announcing.AUDIENCES`."""
    text: str
    form_name: str = ""
    """The questionnaire that everybody is asked with it, for `period`; "" for mere words."""
    period: str = ""
    state: str = AnnouncementState.DRAFT
    total: int = 0
    created_by: int | None = Field(default=None, sa_type=BigKey)
    confirmed_by: int | None = Field(default=None, sa_type=BigKey)
    created_at: datetime = moment()
    sent_at: datetime | None = moment(nullable=True)


class AnnouncementRead(SQLModel, table=True):
    """Who has pressed that they have read it."""

    __tablename__: ClassVar[str] = "announcement_read"
    announcement_id: int = ref("announcement.id", primary_key=True)
    contact_id: int = ref("contact.id", primary_key=True)
    at: datetime = moment()


class AuditEntry(SQLModel, table=True):
    """Who did what when, without names, phones, answers or codes."""

    __tablename__: ClassVar[str] = "audit"
    id: int = key()
    at: datetime = moment(index=True)
    person_id: int | None = Field(default=None, sa_type=BigKey)
    contact_id: int | None = Field(default=None, sa_type=BigKey)
    action: str
    subject: str = ""
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)


class Setting(SQLModel, table=True):
    """A few facts about this database itself (its own id, the secret for receipts …)."""

    key: str = Field(primary_key=True)
    value: str = ""

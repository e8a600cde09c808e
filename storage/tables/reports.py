"""Questionnaires, interviews and what becomes of them: submissions, observations, photos, sums."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, Index, Integer, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.tables.columns import BigKey, Exact, key, moment, ref


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
    """The place's values of its latest earlier period, by question path, when this interview began."""
    extra: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    """What the conversation remembers beside the answers (tries at this question, path to return to …)."""
    evidence: dict[str, Any] = Field(
        default_factory=dict, sa_type=JSON, sa_column_kwargs={"server_default": "{}"}
    )
    """What answers are checked against, gathered when this interview began; it belongs to `plans.challenges`."""
    started_at: datetime = moment()
    updated_at: datetime = moment()


NEWEST = text("current")


class Submission(SQLModel, table=True):
    """A finished interview. A correction is a new row, the next `revision`; `current` marks the newest."""

    __table_args__ = (
        UniqueConstraint("place_id", "form_name", "period", "revision"),
        UniqueConstraint("interview_id"),
        # With all that tells how far reports are approved: of a nation's, each row would be looked up otherwise.
        Index(
            "ix_submission_form_period",
            "form_name",
            "period",
            "current",
            "sent_at",
            "approved_at",
            "locked_at",
        ),
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
    person_id: int | None = ref("person.id", nullable=True, index=True)
    answers: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    """The final values by question path."""
    sent_at: datetime = moment()
    in_place: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Why it was sent in the place of whoever answers for it: the id of a reason, or words; "-" if nobody was asked
    why, "" if it was not."""
    approved_at: datetime | None = moment(nullable=True)
    """When an officer approved it; until then its figures are provisional."""
    approved_by: int | None = Field(default=None, sa_type=BigKey, index=True)
    locked_at: datetime | None = moment(nullable=True)
    """When its period was locked (`PeriodLock`); None while it may change."""


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


class ChallengeRow(SQLModel, table=True):
    """Why an answer of a submission is doubtful, and what its sender said to that."""

    __tablename__: ClassVar[str] = "challenge"
    submission_id: int = ref("submission.id", primary_key=True)
    path: str = Field(primary_key=True)
    """Of the question; "" for the report as a whole."""
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    """The `Challenge` of `plans.challenges`."""
    reason: str = ""
    """The id of the reason that was chosen, `right` where it was only said to be right; "" where nobody was asked."""
    words: str = ""
    """The reason in words."""


class LedgerRow(SQLModel, table=True):
    """What reports add to the figures of a place, day by day; see `storage.ledger`.

    It is derived from the submissions, so it references nothing. A sum is `numerator` and, in units of 10^-12,
    `numerator_rest`: integers, which both databases add exactly.
    """

    __tablename__: ClassVar[str] = "ledger"
    __table_args__ = ({"sqlite_with_rowid": False},)
    place_id: int = Field(primary_key=True, sa_type=BigKey, sa_column_kwargs={"autoincrement": False})
    measure_id: int = Field(primary_key=True, sa_type=BigKey, sa_column_kwargs={"autoincrement": False})
    """`storage.ledger.measure_id`."""
    day: int = Field(primary_key=True, sa_type=Integer, sa_column_kwargs={"autoincrement": False})
    """From which day it counts, as an ordinal: the last day of a report's period."""
    boundary: int = Field(primary_key=True, sa_type=Integer, sa_column_kwargs={"autoincrement": False})
    """0: where the places lay at the end of the period; else what differs under the boundaries from that day on."""
    shard: int = Field(primary_key=True, sa_type=Integer, sa_column_kwargs={"autoincrement": False})
    """Each process adds to its own rows, so that processes do not wait for each other."""
    reports: int
    numerator: int = Field(sa_type=BigInteger)
    numerator_rest: int = Field(sa_type=BigInteger)
    denominator: int = Field(sa_type=BigInteger)
    denominator_rest: int = Field(sa_type=BigInteger)


class AttachmentState(StrEnum):
    WANTED = "wanted"
    STORED = "stored"
    REFUSED = "refused"


class ListState(StrEnum):
    """How far a list is that an administrator sent: nothing of it is kept, it is fetched whenever it is read."""

    READING = "list"
    SHOWN = "list_shown"
    LOADING = "list_loading"
    LOADED = "list_loaded"
    DROPPED = "list_dropped"


class Attachment(SQLModel, table=True):
    """A file that somebody sent. A photo of an answer or an emergency is wanted from the platform, then stored under a
    name of ours. Of a list (`ListState`) only the name is kept."""

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

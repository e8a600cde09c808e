"""Why a figure can be trusted: who looked at it, what was sent back, and a journal that shows every change."""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from storage.tables.columns import BigKey, key, moment, ref


class FigureReturn(SQLModel, table=True):
    """One figure of a report, sent back by an officer to whoever reported it."""

    __tablename__: ClassVar[str] = "figure_return"
    __table_args__ = (Index("ix_figure_return_submission_id", "submission_id"),)
    id: int = key()
    submission_id: int = ref("submission.id")
    """The revision that holds the figure now."""
    path: str
    reason: str = ""
    """The id of the reason that was chosen; "" where it is in words."""
    words: str = ""
    person_id: int | None = Field(default=None, sa_type=BigKey)
    """The officer; None once they have left."""
    asked_at: datetime = moment()
    answered_at: datetime | None = moment(nullable=True)
    answer: str = ""
    """`mended`, `kept` or `withdrawn`; "" while nobody has answered."""
    answer_reason: str = ""
    """Why it was kept: the id of a reason, or words."""


LOCKED = text("reopened_at IS NULL")


class PeriodLock(SQLModel, table=True):
    """A unit's reports of a questionnaire for a period are final: none comes, changes or goes until it is reopened.

    Rows stay, so that it shows how often a period was locked and why it was reopened.
    """

    __tablename__: ClassVar[str] = "period_lock"
    __table_args__ = (
        Index(
            "uq_period_lock",
            "place_id",
            "form_name",
            "period",
            unique=True,
            sqlite_where=LOCKED,
            postgresql_where=LOCKED,
        ),
    )
    id: int = key()
    place_id: int = ref("place.id")
    """The unit whose own reports, and whose villages' reports, these are."""
    form_name: str
    period: str
    role: str
    """Of who locked it."""
    locked_by: int | None = Field(default=None, sa_type=BigKey)
    locked_at: datetime = moment()
    reopened_by: int | None = Field(default=None, sa_type=BigKey)
    reopened_at: datetime | None = moment(nullable=True)
    reason: str = ""
    """Why it was reopened: the id of a reason, or words."""


class JournalEntry(SQLModel, table=True):
    """What happened to a report or a figure of it; never changed. See `storage.journal`.

    `hash` is made of all other columns and so of the entry before it at this place.
    """

    __tablename__: ClassVar[str] = "journal"
    place_id: int = ref("place.id", primary_key=True)
    entry: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    """1, 2, 3 … for each place."""
    at: datetime = moment()
    kind: str
    """`storage.journal.JournalKind`."""
    form_name: str
    period: str
    path: str = ""
    """Of one figure; "" for the report as a whole."""
    revision: int = 0
    role: str = ""
    """Of who did it."""
    channel: str = ""
    in_place: bool = False
    """Done in the place of whoever answers for it."""
    detail: str = "{}"
    """JSON as it was written: reasons, digests of what was sent."""
    author: str = ""
    """A hash of who did it and of the salt in `JournalAuthor`, without which it leads to nobody."""
    before: str = ""
    """The `hash` of the entry before."""
    hash: str


class JournalAuthor(SQLModel, table=True):
    """Who wrote an entry; deleted when that person leaves, so that the entry leads to nobody any more."""

    __tablename__: ClassVar[str] = "journal_author"
    place_id: int = ref("place.id", primary_key=True)
    entry: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    person_id: int = ref("person.id", index=True)
    salt: str


class JournalHead(SQLModel, table=True):
    """The last entry of a place: shows that none was cut off the end."""

    __tablename__: ClassVar[str] = "journal_head"
    place_id: int = ref("place.id", primary_key=True)
    entry: int = 0
    hash: str = ""


class RoleRequest(SQLModel, table=True):
    """An officer is to be invited or to go; a second person has to agree first (`handlers.officers.staffing`)."""

    __tablename__: ClassVar[str] = "role_request"
    id: int = key()
    place_id: int = ref("place.id", index=True)
    role: str
    ends_role: int | None = ref("role.id", nullable=True)
    """Which role is to end; None: somebody is to be invited."""
    name: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """The person to invite, for whoever agrees to read; "" once it is decided."""
    asked_by: int | None = Field(default=None, sa_type=BigKey)
    asked_at: datetime = moment()
    decided_by: int | None = Field(default=None, sa_type=BigKey)
    decided_at: datetime | None = moment(nullable=True)
    answer: str = ""
    """`agreed`, `refused`, `withdrawn` or `lapsed`; "" while it waits."""


class Exchange(SQLModel, table=True):
    """Words between a place and its officers about one thing: a report, a figure of it, or an announcement."""

    id: int = key()
    subject: str = Field(unique=True)
    """What it is about, in one text: `storage.exchanges.Subject.key`."""
    place_id: int = ref("place.id", index=True)
    form_name: str = ""
    period: str = ""
    path: str = ""
    announcement_id: int | None = ref("announcement.id", nullable=True)
    stopped_by: str = ""
    """`place` or `office`, whichever wants no more words; "" while it goes on."""


class Remark(SQLModel, table=True):
    """What one side said; emptied when its writer leaves."""

    id: int = key()
    exchange_id: int = ref("exchange.id", index=True)
    side: str
    """`place` or `office`."""
    person_id: int | None = Field(default=None, sa_type=BigKey)
    at: datetime = moment()
    text: str


class PersonRequest(SQLModel, table=True):
    """What somebody asked for about their own data (`storage.requests`)."""

    __tablename__: ClassVar[str] = "person_request"
    id: int = key()
    kind: str
    """`storage.requests.RequestKind`."""
    person_id: int | None = Field(default=None, sa_type=BigKey)
    """None once they have left."""
    asked_at: datetime = moment()
    words: str = ""
    answer_due: date
    finish_due: date
    extended_at: datetime | None = moment(nullable=True)
    answered_at: datetime | None = moment(nullable=True)
    done_at: datetime | None = moment(nullable=True)
    outcome: str = ""
    """`done` or `refused`; "" while it waits."""
    note: str = ""
    """The administrator's, for the person to read."""


class ConsentText(SQLModel, table=True):
    """The words that somebody agreed to, as they stood; never changed."""

    __tablename__: ClassVar[str] = "consent_text"
    version: str = Field(primary_key=True)
    """The language, and the beginning of the text's hash."""
    text: str
    first_shown_at: datetime = moment()

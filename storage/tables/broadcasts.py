"""What goes out unasked: weekly summaries, announcements, emergencies, and questions that a chat keeps."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from storage.tables.columns import BigKey, key, moment, ref


class WeeklyChoice(SQLModel, table=True):
    """When and how a chat wants the weekly summary; without a row the default holds."""

    __tablename__: ClassVar[str] = "weekly_choice"
    contact_id: int = ref("contact.id", primary_key=True)
    weekday: int = 0
    """0 is Monday."""
    minute: int = 450
    """Counted from midnight."""
    picture: bool = False
    stopped: bool = False
    chosen_at: datetime | None = moment(nullable=True)
    """When the day or hour was chosen: what had already passed in that week is due at once."""


class WeeklyLine(SQLModel, table=True):
    """A line by a unit's officer that its village heads read in the summary of an ISO week such as 2026-W47."""

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
    """When whoever raised it closed it, with a sentence that is the last of `details`."""


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
    """It waits for a second officer to agree."""
    SENT = "sent"
    STOPPED = "stopped"
    WITHDRAWN = "withdrawn"
    DROPPED = "dropped"


class Announcement(SQLModel, table=True):
    """What an officer tells chosen people on a ground."""

    id: int = key()
    place_id: int = ref("place.id", index=True)
    audience: str
    """`handlers.broadcasts.audiences.AUDIENCES`."""
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
    until: datetime | None = moment(nullable=True)
    """Until when the questionnaire is to be answered; None: until its period's end."""
    edited_at: datetime | None = moment(nullable=True)
    """When its words were last changed after it had gone."""
    wanted: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """New words that wait for a second officer to agree."""
    wanted_by: int | None = Field(default=None, sa_type=BigKey)
    """Who wrote them."""


class AnnouncementRead(SQLModel, table=True):
    """Who has pressed that they have read it."""

    __tablename__: ClassVar[str] = "announcement_read"
    announcement_id: int = ref("announcement.id", primary_key=True)
    contact_id: int = ref("contact.id", primary_key=True)
    at: datetime = moment()

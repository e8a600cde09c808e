"""Why a figure can be trusted: who looked at it, what was sent back, and a journal that shows every change."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Index
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

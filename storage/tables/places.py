"""Places: what each is, where it lies from when until when, what it became, what changed it."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from storage.tables.columns import key, moment, ref


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
    households: int | None = None
    """How many a village has by its office's list; None if that does not say."""
    households_on: date | None = None
    """The day on which the list was loaded that says so."""


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
    """Another name of a place, usually one that it had until `since`; typed names find it too."""

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


class PlaceMark(SQLModel, table=True):
    """Whether a place has an attribute from `first_day` to `last_day`; without a row nobody knows.

    A row is never changed: better knowledge replaces it with other rows, by an event that can be undone.
    """

    __tablename__: ClassVar[str] = "place_mark"
    id: int = key()
    place_id: int = ref("place.id", index=True)
    attribute: str = Field(index=True)
    """One of `plans/attributes.toml`."""
    holds: bool
    first_day: date
    last_day: date | None = None
    legal_basis: str = ""
    event_id: int = ref("place_event.id", index=True)
    """The event that wrote the row; undoing that event removes it."""


class PlaceEvent(SQLModel, table=True):
    """A merge, split, move, rename or marks of places from a day on, by the document `legal_basis`; see
    `storage.place_events`."""

    __tablename__: ClassVar[str] = "place_event"
    id: int = key()
    kind: str
    """merge, split, move, rename, import (of villages) or mark."""
    day: date
    """The first day on which it holds."""
    legal_basis: str
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    """What took part, and the rows that were changed, so that it can be undone."""
    created_at: datetime = moment()
    undone_at: datetime | None = moment(nullable=True)

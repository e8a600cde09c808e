"""People, their roles and chats, and who is expected."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, UniqueConstraint, false
from sqlmodel import Field, SQLModel

from storage.tables.columns import key, moment, ref


class Person(SQLModel, table=True):
    """Somebody who may hold roles. `consented_at` is set by their own consent in the chat."""

    id: int = key()
    name: str = ""
    phone: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """The number on which they let the heads and officers of their ground call them; "" for none."""
    consented_at: datetime | None = moment(nullable=True)
    consent_version: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """The text that they agreed to (`ConsentText`); "" of who joined before that was kept."""
    consent_message: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """The platform's number of the message by which they agreed."""
    letters_on: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """The channel on which they want unasked messages; "" for whichever is best."""
    letters_by_phone: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """They agreed that their number is used to write to them if nothing else reaches them."""
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
    ends_at: datetime | None = moment(nullable=True)
    """When a deputy's role is over; None for the holder of the office."""

    def in_force(self, now: datetime) -> bool:
        """Whether it is held at `now`."""
        return self.until is None and (self.ends_at is None or now < self.ends_at)

    @property
    def over_at(self) -> datetime | None:
        """When it was or will be over; None for an office that is held.

        A deputy's role is ended only when somebody looks, which may be days after its last day.
        """
        return min(filter(None, (self.until, self.ends_at)), default=None)


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
    """When the latest message handled was sent, at the latest."""
    last_messages: list[list[int]] = Field(default_factory=list, sa_type=JSON)
    """The latest handled messages with numbers of their own, in the order of handling: second of sending and number."""
    ahead_until: datetime | None = moment(nullable=True)
    """What was sent before this is no answer: the chat then showed more than the restored database knows."""
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
    person_id: int = ref("person.id", primary_key=True, index=True)
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
    ends_at: datetime | None = moment(nullable=True)
    """When the role that it gives is over again; None for an office."""


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

"""People who were asked to take part and have not joined yet: listed by phone number, or invited."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlmodel import col, select

from storage import people
from storage.invitations import listed, state_of
from storage.session import Session
from storage.tables import Invitation, RosterEntry

How = Literal["roster", "invitation"]


@dataclass(frozen=True, slots=True)
class Awaited:
    """Somebody who may join; `name` is "" if nobody gave one."""

    name: str
    role: str
    place_id: int
    how: How


async def awaited(session: Session, now: datetime, ground: Collection[int] | None = None) -> list[Awaited]:
    """Return everybody who was asked and has not joined, at the places of `ground` (None: anywhere)."""
    listed_people = await session.exec(select(RosterEntry).order_by(col(RosterEntry.id)))
    open_ones = [invitation for invitation in await listed(session) if state_of(invitation, now) is None]
    some = [
        *(Awaited(entry.name, entry.role, entry.place_id, "roster") for entry in listed_people),
        *(Awaited(one.name, one.role, one.place_id, "invitation") for one in open_ones),
    ]
    return [one for one in some if ground is None or one.place_id in ground]


async def open_invitations(
    session: Session, role: str, place_ids: Collection[int], now: datetime
) -> Sequence[Invitation]:
    """Return the invitations for a role at some places that can still be used."""
    wanted = set(place_ids)
    return [
        one
        for one in await listed(session)
        if one.role == role and one.place_id in wanted and state_of(one, now) is None
    ]


async def taken(session: Session, role: str, place_ids: Collection[int], now: datetime) -> set[int]:
    """Return those of the places where somebody holds the role, or is expected in it by phone number."""
    listed_at = {
        one.place_id
        for one in await awaited(session, now, place_ids)
        if one.role == role and one.how == "roster"
    }
    return listed_at | {
        seat.place.id for seat in await people.seats(session, place_ids) if seat.role.role == role
    }

"""Emergencies: raised by a village, sent to those on duty, taken up a level while nobody answers."""

from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col, select

from storage import facts, people
from storage.session import Session
from storage.tables import (
    Attachment,
    AttachmentState,
    Contact,
    Emergency,
    Level,
    Person,
    Place,
    Role,
    RoleName,
)

TIERS: Final = ((Level.COMMUNE, Level.DISTRICT), (Level.PROVINCE,), (Level.NATION,))
"""Who is told first, and who next while nobody has answered."""
OFFICERS: Final = (
    RoleName.COMMUNE_OFFICER,
    RoleName.DISTRICT_OFFICER,
    RoleName.PROVINCE_OFFICER,
    RoleName.CENTRAL_OFFICER,
)
PATIENCE: Final = timedelta(minutes=15)
"""After how long an emergency that nobody has acknowledged goes one level up."""


AGAIN: Final = timedelta(hours=1)
"""An emergency at the top that nobody has acknowledged is told again after this long, then after twice as long, and so
on, for a day."""
FIRST_DAY: Final = timedelta(days=1)
"""So long it is told at any hour; later each morning."""
LISTED: Final = timedelta(days=30)
"""For this long an emergency that somebody has and nobody closed still counts as open; one that nobody has, for ever."""

FIRST_LOOKED: Final = "emergencies_first_looked"
"""The fact that tells since when the bot looks for what nobody has."""


async def on_duty(session: Session, place_id: int, tier: int, on: date) -> list[Contact]:
    """Return the chats that reach the officers of a tier above a place, each once; officers of former districts too.

    For a village that was closed, take the officers above its successor.
    """
    by_level = await duty_by_level(session, place_id, tier, on)
    return list({contact.id: contact for _, contact in by_level}.values())


async def duty_by_level(session: Session, place_id: int, tier: int, on: date) -> list[tuple[str, Contact]]:
    """Return the same, each with the level of the unit whose officer it reaches."""
    heirs = await session.places.heirs(place_id, on)
    above = {number for heir in heirs for number in await session.places.holders(heir, on)}
    chosen = (
        select(Place.level, Role.person_id)
        .join(Place, col(Place.id) == col(Role.place_id))
        .join(Person, col(Person.id) == col(Role.person_id))
        .where(col(Role.place_id).in_(above), col(Place.level).in_(TIERS[tier]), col(Role.role).in_(OFFICERS))
        .where(col(Role.until).is_(None), col(Person.left_at).is_(None))
        .order_by(col(Role.person_id))
        .distinct()
    )
    return [
        (level, contact)
        for level, person_id in (await session.exec(chosen)).all()
        for contact in await people.contacts_of(session, person_id)
        if contact.reachable
    ]


async def levels_told(
    session: Session, row: Emergency, on: date, reaches: Callable[[Contact], bool]
) -> list[Level]:
    """Return the levels whose officers an emergency has reached so far, lowest first; `reaches`: whether a chat can be."""
    told: set[str] = set()
    for tier in range(row.tier + 1):
        by_level = await duty_by_level(session, row.place_id, tier, on)
        told |= {level for level, contact in by_level if contact.id != row.contact_id and reaches(contact)}
    return [*filter(told.__contains__, chain.from_iterable(TIERS))]


def is_open(since: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return what holds of emergencies that nobody closed or took back, and that were raised since then or that nobody
    has."""
    lately = or_(col(Emergency.raised_at) >= since, col(Emergency.acknowledged_at).is_(None))
    return col(Emergency.closed_at).is_(None), col(Emergency.withdrawn_at).is_(None), lately


async def within(session: Session, place_ids: Collection[int], on: date, since: datetime) -> list[Emergency]:
    """Return what was raised since then in these places or their predecessors and not taken back, with what nobody has
    from before; oldest first."""
    lately = or_(col(Emergency.raised_at) >= since, and_(*is_open(since)))
    chosen = select(Emergency).where(lately, col(Emergency.withdrawn_at).is_(None))
    rows = (await session.exec(chosen.order_by(col(Emergency.id)))).all()
    return [
        row for row in rows if not set(place_ids).isdisjoint(await session.places.heirs(row.place_id, on))
    ]


async def still_open(session: Session, now: datetime) -> list[Emergency]:
    """Return what nobody closed or took back, anywhere, oldest first."""
    chosen = select(Emergency).where(*is_open(now - LISTED))
    return list(await session.exec(chosen.order_by(col(Emergency.id))))


async def raise_one(
    session: Session, *, place_id: int, person_id: int | None, contact_id: int, kind: str, now: datetime
) -> Emergency:
    """A new emergency, with its id."""
    row = Emergency(
        place_id=place_id, person_id=person_id, contact_id=contact_id, kind=kind, raised_at=now, tier_at=now
    )
    session.add(row)
    await session.flush()
    return row


async def photos_of(session: Session, number: int) -> list[Attachment]:
    """The photos of an emergency that have been fetched."""
    chosen = select(Attachment).where(
        Attachment.emergency_id == number, Attachment.state == AttachmentState.STORED
    )
    return list(await session.exec(chosen.order_by(col(Attachment.id))))


async def open_ones(session: Session, person_id: int, now: datetime) -> list[Emergency]:
    """Return what this person raised and nobody closed or took back, oldest first."""
    chosen = select(Emergency).where(Emergency.person_id == person_id, *is_open(now - LISTED))
    return list(await session.exec(chosen.order_by(col(Emergency.id))))


async def held_by(session: Session, person_id: int, now: datetime) -> list[Emergency]:
    """Return what this person has taken up and nobody closed or took back, oldest first."""
    chosen = select(Emergency).where(Emergency.acknowledged_by == person_id, *is_open(now - LISTED))
    return list(await session.exec(chosen.order_by(col(Emergency.id))))


async def closed_since(session: Session, person_id: int, since: datetime) -> list[Emergency]:
    """Return this person's emergencies that were closed since then, the last one first."""
    chosen = select(Emergency).where(Emergency.person_id == person_id, col(Emergency.closed_at) >= since)
    return list(
        await session.exec(chosen.order_by(col(Emergency.closed_at).desc(), col(Emergency.id).desc()))
    )


async def has_twin(session: Session, row: Emergency) -> bool:
    """Whether another of the same kind is open at the same place, so that kind and place do not tell them apart."""
    twin = select(Emergency.id).where(
        Emergency.place_id == row.place_id,
        Emergency.kind == row.kind,
        Emergency.id != row.id,
        *is_open(row.raised_at - LISTED),
    )
    return (await session.exec(twin)).first() is not None


def add_detail(
    row: Emergency, what: str, text: str, now: datetime, by: str = "", *, to_close: bool = False
) -> None:
    """Add something that was told later: words, people, a location, what closes it. `by`: the unit whose officers said
    it.

    `to_close`: it was said when the closing sentence was asked for, and was not clear enough to close it.
    """
    detail: dict[str, Any] = {"what": what, "text": text, "at": now.isoformat()}
    detail |= {"by": by} if by else {}
    detail |= {"to_close": True} if to_close else {}
    row.details = [*row.details, detail]


def mark_waits(row: Emergency) -> None:
    """Note that whoever told the last detail knows that it waits."""
    if row.details:
        row.details = [*row.details[:-1], {**row.details[-1], "waits": True}]


async def told_since(session: Session, now: datetime) -> datetime:
    """Return from when on what nobody has is told again and again: earlier by `LISTED` than the bot first looked for it.

    Releases before that told it only in its first hours. What was then left open for longer is only listed: nobody
    should be woken for a flood of last year.
    """
    known = await facts.get(session, FIRST_LOOKED)
    if not known:
        known = now.isoformat()
        await facts.put(session, FIRST_LOOKED, known)
    return datetime.fromisoformat(known) - LISTED


async def unheld(session: Session, since: datetime) -> list[Emergency]:
    """Return open emergencies, raised since then, that nobody has acknowledged."""
    nobody_has_it = (col(Emergency.acknowledged_at).is_(None), col(Emergency.withdrawn_at).is_(None))
    chosen = select(Emergency).where(col(Emergency.raised_at) >= since, *nobody_has_it)
    chosen = chosen.where(col(Emergency.closed_at).is_(None)).order_by(col(Emergency.id))
    return list(await session.exec(chosen.with_for_update()))


async def unanswered(session: Session, since: datetime) -> list[Emergency]:
    """Return those of them that can still go up."""
    return [row for row in await unheld(session, since) if row.tier < len(TIERS) - 1]


async def stuck(
    session: Session, now: datetime, morning: datetime | None, since: datetime
) -> list[Emergency]:
    """Return those of them at the top that are to be told again at `now`; `morning`: when today's morning began, None
    before it and in quiet hours."""
    at_top = [row for row in await unheld(session, since) if row.tier == len(TIERS) - 1]
    return [row for row in at_top if is_told_again(row, now, morning)]


def is_told_again(row: Emergency, now: datetime, morning: datetime | None) -> bool:
    """Whether an emergency that can go no further up is to be told again: in its first day once the wait has doubled
    since it was told last, afterwards once a morning, for ever."""
    since: timedelta = now - row.tier_at
    # A clock that ran ahead when it was told must not silence it.
    if abs(since) < AGAIN or since < timedelta(0):
        return since <= -AGAIN
    if now - row.raised_at < FIRST_DAY:
        return since >= row.tier_at - row.raised_at
    return morning is not None and row.tier_at < morning

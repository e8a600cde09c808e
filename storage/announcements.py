"""Announcements by officers: written, confirmed, sent to chosen people on their ground, and read."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import bindparam, delete
from sqlmodel import col, func, select

from storage import totals
from storage.letter_chats import FREE, Costs, best
from storage.session import Session
from storage.tables import (
    Announcement,
    AnnouncementRead,
    AnnouncementState,
    Contact,
    ContactPerson,
    Level,
    Outbox,
    OutboxState,
    Person,
    Role,
    RoleName,
)
from storage.totals import Outcome

ALONE: Final = 500
"""An announcement to more recipients than this needs a second officer's consent."""
SOME: Final = 5000
Deadlines = Mapping[int, datetime | None]
"""By when each village is to answer a questionnaire, by the village's id; None: by the end of its period."""


@dataclass(frozen=True, slots=True)
class Going:
    """How far an announcement has gone: how many chats it is for, and what became of its messages.

    `failed` counts every message that was given up or ran out of time; `unreachable`, those among them whose chat
    takes no messages any more.
    """

    total: int
    sent: int
    failed: int
    unreachable: int
    withdrawn: int
    read: int


async def audience(
    session: Session, ground: Collection[int], roles: Collection[RoleName], costs: Costs = FREE
) -> list[Contact]:
    """Return the chats of everybody who holds one of `roles` on a ground: for each person the best one."""
    numbers = sorted(ground)
    chats: dict[int, tuple[str, list[Contact]]] = {}
    for start in range(0, len(numbers), SOME):
        chosen = (
            select(Person.id, Person.letters_on, Contact)
            .select_from(Role)
            .join(Person, col(Person.id) == col(Role.person_id))
            .join(ContactPerson, col(ContactPerson.person_id) == col(Role.person_id))
            .join(Contact, col(Contact.id) == col(ContactPerson.contact_id))
            .where(col(Role.place_id).in_(numbers[start : start + SOME]), col(Role.role).in_(list(roles)))
            .where(col(Role.until).is_(None), col(Person.left_at).is_(None), col(Contact.reachable))
            .order_by(col(ContactPerson.since), col(Contact.id))
        )
        for person_id, wish, contact in await session.exec(chosen):
            chats.setdefault(person_id, (wish, []))[1].append(contact)
    best_of_each = (best(theirs, wish, costs) for wish, theirs in chats.values())
    return list({contact.id: contact for contact in best_of_each if contact}.values())


async def villages_by_chat(session: Session, ground: Collection[int]) -> dict[int, list[int]]:
    """Return, by a chat's id, the villages on a ground that the chat's people answer for."""
    numbers = sorted(ground)
    places_told: dict[int, list[int]] = {}
    for start in range(0, len(numbers), SOME):
        chosen = (
            select(ContactPerson.contact_id, Role.place_id)
            .join(Role, col(Role.person_id) == col(ContactPerson.person_id))
            .where(col(Role.place_id).in_(numbers[start : start + SOME]))
            .where(Role.role == RoleName.VILLAGE_HEAD, col(Role.until).is_(None))
            .order_by(col(Role.place_id))
            .distinct()
        )
        for contact_id, place_id in await session.exec(chosen):
            places_told.setdefault(contact_id, []).append(place_id)
    return places_told


async def asked(session: Session, since: datetime) -> list[Announcement]:
    """Return the announcements since then that asked for a questionnaire, anywhere, newest first: few, and mostly none."""
    return list(await session.fetch(ASKED, since=since))


async def asked_by(session: Session, units: Collection[int], since: datetime) -> list[Announcement]:
    """Return those of `asked` that some units sent out, newest first: whoever looks at what is due must not read through
    what every commune of a country has announced."""
    return list(await session.fetch(ASKED_BY, since=since, units=list(units)))


ASKED: Final = (
    select(Announcement)
    .where(Announcement.form_name != "")
    .where(Announcement.state == AnnouncementState.SENT, col(Announcement.sent_at) >= bindparam("since"))
    .order_by(col(Announcement.id).desc())
)
ASKED_BY: Final = ASKED.where(col(Announcement.place_id).in_(bindparam("units", expanding=True)))
"""Built once: it runs whenever somebody looks at what is due."""


async def deadlines(session: Session, since: datetime, on: date) -> Mapping[tuple[str, str], Deadlines]:
    """Return which villages were asked since then, by questionnaire and period, each with its deadline.

    If a village was asked more than once, by whichever unit, the newest request gives the deadline.
    """
    wanted: dict[tuple[str, str], dict[int, datetime | None]] = {}
    for row in reversed(await asked(session, since)):
        under = await session.places.ids_below(row.place_id, Level.VILLAGE, on)
        wanted.setdefault((row.form_name, row.period), {}).update(dict.fromkeys(under, row.until))
    return wanted


async def newest_asking(
    session: Session, units: Collection[int], form: str, period: str
) -> Announcement | None:
    """Return the newest request of some units for one questionnaire and period, whenever it was sent."""
    chosen = select(Announcement).where(Announcement.form_name == form, Announcement.period == period)
    sent = chosen.where(
        Announcement.state == AnnouncementState.SENT, col(Announcement.place_id).in_(list(units))
    )
    return (await session.exec(sent.order_by(col(Announcement.id).desc()).limit(1))).first()


async def until_between(session: Session, after: datetime, until: datetime) -> list[Announcement]:
    """Return the announcements whose deadline lies after `after` and no later than `until`."""
    chosen = select(Announcement).where(Announcement.state == AnnouncementState.SENT)
    within = chosen.where(col(Announcement.until) > after, col(Announcement.until) <= until)
    return list(await session.exec(within.order_by(col(Announcement.id))))


async def readers(session: Session, row: Announcement) -> list[Contact]:
    """The chats that have read an announcement and can be reached."""
    chosen = (
        select(Contact)
        .join(AnnouncementRead, col(AnnouncementRead.contact_id) == col(Contact.id))
        .where(AnnouncementRead.announcement_id == row.id, col(Contact.reachable))
    )
    return list(await session.exec(chosen.order_by(col(Contact.id))))


async def count_anew(session: Session, row: Announcement) -> None:
    """Forget who has read it, since its words have changed."""
    await session.exec(delete(AnnouncementRead).where(col(AnnouncementRead.announcement_id) == row.id))


async def of_places(session: Session, place_ids: Collection[int], limit: int = 5) -> list[Announcement]:
    """Return the newest announcements made for these places, leaving out the dropped ones."""
    chosen = select(Announcement).where(col(Announcement.place_id).in_(list(place_ids)))
    chosen = chosen.where(Announcement.state != AnnouncementState.DROPPED)
    return list(await session.exec(chosen.order_by(col(Announcement.id).desc()).limit(limit)))


async def draft_of(session: Session, person_id: int, since: datetime) -> Announcement | None:
    """Return the announcement that somebody wrote last, if it asks a questionnaire, is unsent and not older than `since`."""
    rows = await session.exec(
        select(Announcement)
        .where(Announcement.created_by == person_id, col(Announcement.created_at) >= since)
        .order_by(col(Announcement.id).desc())
        .limit(1)
    )
    row = rows.first()
    return row if row is not None and row.form_name and row.state == AnnouncementState.DRAFT else None


async def going(session: Session, row: Announcement) -> Going:
    """How far it has gone, however long ago that was."""
    outcomes = await totals.of_announcement(session, row.id)
    chosen = select(func.count()).where(AnnouncementRead.announcement_id == row.id)
    read = (await session.exec(chosen)).one()
    failed = sum(outcomes[outcome] for outcome in (Outcome.FAILED, Outcome.UNREACHABLE, Outcome.EXPIRED))
    return Going(
        row.total,
        outcomes[Outcome.SENT],
        failed,
        outcomes[Outcome.UNREACHABLE],
        outcomes[Outcome.WITHDRAWN],
        read,
    )


def slot_of(row: Announcement) -> str:
    """Return the slot of a chat that an announcement fills: with its first message, and with each that came beside it."""
    return f"announce:{row.id}"


async def first_sent(session: Session, rows: Collection[Announcement]) -> dict[str, datetime]:
    """Return when the first letter of each of some announcements left, by its slot; only the last week's are known."""
    if not rows:
        return {}
    left = select(Outbox.slot, func.min(Outbox.sent_at)).where(
        col(Outbox.slot).in_([slot_of(row) for row in rows]), col(Outbox.sent_at).is_not(None)
    )
    return {slot: at for slot, at in await session.exec(left.group_by(Outbox.slot)) if at is not None}


async def delivered(session: Session, row: Announcement) -> list[tuple[Contact, list[str]]]:
    """Return the chats that have it, each with the platform's ids of its copies there, the newest last.

    Only copies from the last week are known.
    """
    chosen = (
        select(Contact, Outbox.ref)
        .join(Outbox, col(Outbox.contact_id) == col(Contact.id))
        .where(Outbox.slot == slot_of(row), Outbox.state == OutboxState.SENT, col(Contact.reachable))
        .order_by(col(Contact.id), col(Outbox.id))
    )
    copies: dict[int, tuple[Contact, list[str]]] = {}
    for contact, ref in await session.exec(chosen):
        copies.setdefault(contact.id, (contact, []))[1].append(ref)
    return list(copies.values())


async def taken_back(session: Session, row: Announcement, *, firsts_only: bool = False) -> list[Contact]:
    """Drop its messages that no sender has claimed yet, and return the chats that they were for.

    `firsts_only`: leave changed words to those who had read the old ones.
    """
    await session.insert_waiting()
    first = col(Outbox.natural_key).startswith(f"announce:{row.id}:", autoescape=True)
    its_own = first if firsts_only else col(Outbox.slot) == slot_of(row)
    unsent = (its_own, Outbox.state == OutboxState.DUE, col(Outbox.claimed_by).is_(None))
    chosen = select(Contact).join(Outbox, col(Outbox.contact_id) == col(Contact.id)).where(*unsent)
    contacts = list(await session.exec(chosen.order_by(col(Contact.id))))
    await session.exec(delete(Outbox).where(*unsent))  # type: ignore[arg-type]
    return contacts


async def under_way(session: Session, row: Announcement) -> list[tuple[Contact, datetime]]:
    """Let no sender send it once its claim runs out; return the chats that a sender is just sending it to.

    Each comes with the end of the claim: the message has arrived by then, or never will.
    """
    chosen = select(Contact, Outbox).join(Outbox, col(Outbox.contact_id) == col(Contact.id))
    held = chosen.where(
        Outbox.slot == slot_of(row), Outbox.state == OutboxState.DUE, col(Outbox.claimed_until).is_not(None)
    )
    claimed = []
    for contact, message in await session.exec(held.order_by(col(Contact.id))):
        message.not_after = message.claimed_until
        if message.claimed_until is not None:
            claimed.append((contact, message.claimed_until))
    return claimed


async def stop(session: Session, row: Announcement, now: datetime) -> int:
    """Take back what has not been sent yet, and return how many messages that were. If it is 0, there was nothing to
    stop."""
    count = len(await taken_back(session, row, firsts_only=True))
    if count:
        row.state = AnnouncementState.STOPPED
        await totals.add(session, {(f"{totals.ANNOUNCE}:{row.id}", now.date(), Outcome.WITHDRAWN): count})
    return count


async def mark_read(session: Session, number: int, contact_id: int, now: datetime) -> bool:
    """Note that a chat has read it. False if it had already, or if there is no such announcement."""
    if await session.get(Announcement, number) is None:
        return False
    if await session.get(AnnouncementRead, (number, contact_id)) is not None:
        return False
    session.add(AnnouncementRead(announcement_id=number, contact_id=contact_id, at=now))
    return True

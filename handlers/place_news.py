"""Tells the people concerned, by chat, what became of their places, in the transaction in which it happens."""

from datetime import datetime
from typing import Final

from markupsafe import Markup
from sqlmodel import col, select

from handlers.messages import Reply
from handlers.quiet import QuietHours
from handlers.wording import wording
from storage import outbox, people, place_events, places
from storage.letter_chats import FREE, Costs, best
from storage.outbox import QueuedLetter
from storage.portions import portions
from storage.session import Session
from storage.tables import Contact, Level, Place, PlaceEvent, Role

PRIORITY: Final = 1
"""After replies, before broadcasts."""


async def readers(
    session: Session, event: PlaceEvent, costs: Costs = FREE
) -> dict[int, tuple[Contact, set[int]]]:
    """Return the best chat of each person who has a role where the event changes something, with those places.

    A note about a place's attributes changes nothing for its people.
    """
    if event.kind in place_events.MARKING:
        return {}
    chats: dict[int, tuple[Contact, set[int]]] = {}
    # In portions: a district has more places than one query may name.
    for some in portions(sorted(await ground_of(session, event))):
        held = select(Role).where(col(Role.place_id).in_(some), col(Role.until).is_(None))
        for role in (await session.exec(held)).all():
            person = await people.get(session, role.person_id)
            theirs = await people.contacts_of(session, role.person_id)
            if contact := best(theirs, person.letters_on if person else "", costs):
                chats.setdefault(contact.id, (contact, set()))[1].add(role.place_id)
    return chats


async def ground_of(session: Session, event: PlaceEvent) -> set[int]:
    """Return the places that take part, all that lies in them, and the communes that they leave and join."""
    ids = set[int]()
    for number in place_events.concerned(event):
        ids |= await session.places.ground(number, event.created_at.date())
    steps = await place_events.moved(session, event)
    parents = {number for step in steps for number in (step.old_parent_id, step.new_parent_id) if number}
    communes = select(Place.id).where(col(Place.id).in_(parents), Place.level == Level.COMMUNE)
    below_district = (await session.exec(communes)).all()
    return ids.union(below_district)


async def announce(
    session: Session, event: PlaceEvent, now: datetime, quiet: QuietHours, costs: Costs = FREE
) -> int:
    """Tell everybody concerned what the event means for their place; return to how many chats."""
    chats = await readers(session, event, costs)
    for contact, held in chats.values():
        say = wording(contact.locale)
        lines = [sentence(event, contact.locale)]
        for number in sorted(held & changed(event)):
            place = await session.places.get(number)
            if place is None:
                continue
            if place.last_day is not None:
                lines.append(say("places.news.closed", place=places.own_name(place)))
            elif event.kind in ("merge", "split", "move"):
                name = await session.places.full_name(place, now.date())
                lines.append(say("places.news.now", place=name))
        post(session, contact, Markup("\n").join(lines), f"place-event:{event.id}", now, quiet)
    return len(chats)


async def take_back(
    session: Session,
    event: PlaceEvent,
    told: dict[int, tuple[Contact, set[int]]],
    now: datetime,
    quiet: QuietHours,
) -> int:
    """Tell whoever was concerned (`readers`, before it was undone) that the event no longer holds; return to how many
    chats."""
    for contact, _ in told.values():
        text = wording(contact.locale)("places.news.undone", what=sentence(event, contact.locale))
        post(session, contact, text, f"place-event:{event.id}:undone", now, quiet)
    return len(told)


def changed(event: PlaceEvent) -> set[int]:
    """Return the places that the event closed, opened or moved."""
    return set(event.detail["touched"])


def sentence(event: PlaceEvent, locale: str) -> Markup:
    """Return what happened, when, and by which document."""
    names = event.detail["names"]
    return wording(locale)(
        f"places.news.{event.kind}",
        day=event.day,
        old=", ".join(names["from"]),
        new=", ".join(names["into"]),
        basis=event.legal_basis,
    )


def post(
    session: Session, contact: Contact, text: Markup, key: str, now: datetime, quiet: QuietHours
) -> None:
    """Put one message into the outbox, not to be sent in the quiet hours."""
    body, not_before = Reply(text).to_json(), quiet.over(now)
    outbox.put(session, QueuedLetter(f"{key}:{contact.id}", contact.id, body, PRIORITY, now, not_before))

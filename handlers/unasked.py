"""A cry of danger whose question cannot be shown: the platform takes nothing, or nothing for this chat.

Whoever cried reads nothing and presses nothing. So after a minute the officers get the words all the same, and read that
nobody could be asked: a false alarm costs a call, and a danger that nobody hears of may cost a life.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlmodel import and_, col, or_, select

from figures import access
from handlers import alarms, emergency
from handlers.emergency_details import LONGEST
from handlers.library import Library
from handlers.viewer import Viewer
from questionnaires.answers.text import fold
from storage import audit, emergencies
from storage.kept import CryWanted, MoreWanted, Screen
from storage.place_search import is_named_in, own_name
from storage.priorities import IN_DANGER
from storage.session import Session
from storage.tables import Contact, Outbox, OutboxState, Place, Role

WAITED: Final = timedelta(minutes=1)
"""How long the question may wait to be shown."""
OF_NOW: Final = timedelta(hours=2)
"""A question that is older is one of a chat that went on otherwise."""
UNSHOWN: Final = or_(
    and_(col(Outbox.state) == OutboxState.DUE, col(Outbox.problem) != ""),
    col(Outbox.state) == OutboxState.DEAD,
)


async def raise_unasked(session: Session, library: Library, now: datetime) -> int:
    """Raise, as unconfirmed, what was cried in chats that could not be asked about it; return how many emergencies."""
    failed = select(Outbox.contact_id).where(Outbox.priority == IN_DANGER, UNSHOWN)
    chats = await session.exec(select(Contact).where(col(Contact.id).in_(failed)))
    count = 0
    for chat in list(chats):
        asked = Screen.read(chat.screen).expects
        if isinstance(asked, CryWanted) and is_due(asked, now) and await is_unshown(session, chat):
            count += await raise_it(session, library, chat, asked, now)
    return count


def is_due(asked: CryWanted, now: datetime) -> bool:
    """Whether a question has waited long enough, and not for so long that nobody means it any more."""
    since = now - datetime.fromtimestamp(asked.asked, UTC)
    return not asked.faint and WAITED <= since <= OF_NOW


async def is_unshown(session: Session, chat: Contact) -> bool:
    """Whether the last message of a chat about a danger has not gone out."""
    of_danger = select(Outbox.state).where(Outbox.contact_id == chat.id, Outbox.priority == IN_DANGER)
    last = (await session.exec(of_danger.order_by(col(Outbox.id).desc()).limit(1))).first()
    return last is not None and last != OutboxState.SENT


async def raise_it(
    session: Session, library: Library, chat: Contact, asked: CryWanted, now: datetime
) -> bool:
    """Raise what was cried where whoever cried may be: at the place that the words name or, of several, in each unit above
    them, with the names of the others. False if they have none."""
    own = await places_of(session, library, chat, now)
    said = f" {fold(asked.words)} "
    meant = [place for place in own if is_named_in(place, said)] or own
    above = await session.places.parents_above(
        [place.id for place in meant], now.astimezone(library.zone).date()
    )
    # One for each unit above: its officers are others.
    first = {above.get(place.id, place).id: place for place in reversed(meant)}
    for place in first.values():
        others = ", ".join(own_name(other) for other in meant if other is not place)
        await raise_at(session, library, chat, asked, place, others, now)
    return bool(first)


async def raise_at(
    session: Session,
    library: Library,
    chat: Contact,
    asked: CryWanted,
    place: Place,
    others: str,
    now: datetime,
) -> None:
    """Raise what was cried at one place; it may be at one of the `others`."""
    row = await emergencies.raise_one(
        session, place_id=place.id, person_id=chat.person_id, contact_id=chat.id, kind=asked.kind, now=now
    )
    emergencies.add_detail(row, "unasked", "", now)
    if others:
        emergencies.add_detail(row, "or_at", others, now)
    emergencies.add_detail(row, "words", asked.words[:LONGEST], now)
    if asked.where:
        emergencies.add_detail(row, "location", asked.where, now)
    count = await alarms.reach(session, library, row, now)
    chat.screen = replace(Screen.read(chat.screen), expects=MoreWanted(row.id)).to_json()
    session.add(chat)
    await audit.record(session, "emergency.raised", None, None, f"place:{place.id}", {"told": count})
    key = "emergency.sent_unasked" if count else "emergency.not_sent"
    await alarms.tell_raiser(session, library, row, key, now)


async def places_of(session: Session, library: Library, chat: Contact, now: datetime) -> list[Place]:
    """Return the places for which whoever writes in a chat may raise an emergency."""
    held = [*await session.exec(select(Role).where(Role.person_id == chat.person_id))]
    roles = tuple(role for role in held if role.in_force(now))
    viewer = Viewer(session, library, roles, now.astimezone(library.zone), chat.locale)
    return await access.places_of(viewer, access.holds(viewer, *emergency.SENDERS))

"""A letter that asks for a tap before the time ends in which messages to a chat are free, if the weekly summary comes
after that.

On some channels a message is free, or accepted at all, only for a while after its reader wrote or tapped. A tap
shortly before that ends lets the summary come in time. It is asked for at most once a week, and counts among the
letters of a week.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import col, func, select

from handlers.broadcasts.news import has_room, history
from handlers.buttons import choice
from handlers.letters import REMINDER, Letter, Recipient, comes_next, fresh, week_of
from handlers.library import Library
from handlers.messages import Reply, column
from handlers.navigation import Command
from handlers.viewer import Viewer
from storage import choices
from storage.session import Session
from storage.tables import Contact

LEAD: Final = timedelta(hours=12)
"""How long before the end a tap is asked for: part of it lies outside the quiet hours."""
SPARE: Final = timedelta(hours=1)
"""How long before the end of the time that the tap begins the summary must come."""


async def latest(session: Session, library: Library, now: datetime) -> datetime | None:
    """Return the last hour, up to `now`, in which a tap was to be asked for; None if no such time is about to end.

    A whole hour, since chats reach this point all day long and a round goes through everybody.
    """
    soonest = min(comes_next(wish, now) for wish in {choices.DEFAULT} | await choices.all_of_them(session))
    asked = [
        at
        for channel, free_for in library.costs.items()
        if soonest <= now + free_for and (at := await last_asked(session, channel, free_for, now))
    ]
    return max(asked).astimezone(now.tzinfo).replace(minute=0, second=0, microsecond=0) if asked else None


async def last_asked(session: Session, channel: str, free_for: timedelta, now: datetime) -> datetime | None:
    """Return when a chat of a channel last came so near the end of its time that its reader is asked, and still is."""
    lead = free_for - LEAD
    chosen = select(func.max(Contact.last_sent_at)).where(Contact.channel == channel)
    near = chosen.where(col(Contact.last_sent_at) <= now - lead, col(Contact.last_sent_at) > now - free_for)
    last: datetime | None = (await session.exec(near)).one()
    return last + lead if last else None


async def compose(
    session: Session,
    library: Library,
    now: datetime,
    some: Sequence[Recipient],
    only: Collection[int] | None = None,
) -> list[Letter]:
    """Return the letters that ask for a tap and were not written yet."""
    now = now.astimezone(library.zone)
    wanted = await choices.of_contacts(session, [recipient.contact.id for recipient in some])
    letters = []
    for recipient in some:
        wish = wanted.get(recipient.contact.id, choices.DEFAULT)
        ends, summary_at = end_of(library, recipient.contact, now), comes_next(wish, now)
        if ends is None or wish.stopped or not is_of_use(library, recipient.contact, ends, summary_at, now):
            continue
        viewer = recipient.viewer(session, library, now)
        if has_room(viewer, await history(viewer, recipient)):
            letters.append(letter(viewer, recipient, ends, summary_at))
    return await fresh(session, letters, now)


def end_of(library: Library, contact: Contact, now: datetime) -> datetime | None:
    """Return when the time ends in which messages to a chat are free, if that is soon; else None."""
    free_for = library.costs.get(contact.channel)
    if not free_for or contact.last_sent_at is None:
        return None
    ends = contact.last_sent_at + free_for
    return ends.astimezone(now.tzinfo) if ends - LEAD <= now < ends else None


def is_of_use(
    library: Library, contact: Contact, ends: datetime, summary_at: datetime, now: datetime
) -> bool:
    """Whether the summary comes after the time ends, and before the end of another that a tap begins now."""
    return ends < summary_at <= now + library.costs[contact.channel] - SPARE


def letter(viewer: Viewer, recipient: Recipient, ends: datetime, summary_at: datetime) -> Letter:
    """The letter that asks one person for a tap."""
    place_id, channel = recipient.place_ids[0], recipient.contact.channel
    title = viewer.library.channels.get(channel, channel)
    text = viewer.say("window.ask", channel=title, ends=ends, at=summary_at)
    look = choice(viewer.say("window.button.look"), Command("tinhhinh"))
    return Letter(
        f"window:{week_of(summary_at.date())}:{recipient.person.id}:{place_id}",
        recipient.contact.id,
        place_id,
        Reply(text, column(look)),
        REMINDER,
        "window",
        viewer.quiet_until,
        ends,
    )

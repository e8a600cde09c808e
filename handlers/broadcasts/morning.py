"""The morning's letter: at most one a day, with everything there is to tell a person, and none on two days running.

On the day of somebody's weekly summary, the summary tells it. Nothing goes out on a public holiday, and officers get
nothing on a day without work; it is told on the next day instead, as after an outage. `news` says how many letters
anybody gets.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, time
from typing import Final

from handlers.broadcasts import calls, deadlines, ended, lapsing, pauses, quality, reminders, rights
from handlers.broadcasts.news import (
    News,
    Source,
    buttons_of,
    history,
    is_time,
    marks_of,
    text_of,
)
from handlers.letters import REMINDER, Letter, Recipient, comes_next, fresh, since_morning
from handlers.library import Library
from handlers.messages import Reply
from handlers.viewer import Viewer
from plans.holidays import holiday, is_working_day
from storage import choices
from storage.session import Session
from storage.told import Told

BESIDES: Final[tuple[Source, ...]] = (
    ended.news,
    lapsing.news,
    deadlines.news,
    calls.news,
    quality.news,
    rights.news,
    pauses.news,
)
"""Sources of news other than one's own reports; on the day of a summary the summary tells it too."""
SOURCES: Final[tuple[Source, ...]] = (reminders.news, *BESIDES)
"""The sources of news, in the order in which they are told."""
CLOSES: Final = time(17)
"""Offices are told nothing after this hour, however late the bot comes back."""


async def latest(session: Session, library: Library, now: datetime) -> datetime | None:
    """Return this morning's hour, once it has come, on a day on which anybody is told anything."""
    return None if holiday(now.date()) else since_morning(now)


async def compose(
    session: Session,
    library: Library,
    now: datetime,
    some: Sequence[Recipient],
    only: Collection[int] | None = None,
) -> list[Letter]:
    """Return this morning's letters that were not written yet; if sent by hand, `only` to some, at any hour."""
    now = now.astimezone(library.zone)
    if only is None and since_morning(now) is None:
        return []
    letters = []
    for recipient in some:
        viewer = recipient.viewer(session, library, now)
        if only is not None or may_be_told(viewer):
            letters += await of(viewer, recipient, only)
    return await fresh(session, letters, now)


def may_be_told(viewer: Viewer) -> bool:
    """Whether this is a day and an hour for somebody: offices are told in their hours, nobody on a holiday."""
    today = viewer.today
    if viewer.officer:
        return is_working_day(today) and viewer.now.time() < CLOSES
    return not holiday(today)


async def of(viewer: Viewer, recipient: Recipient, only: Collection[int] | None) -> list[Letter]:
    """Return the letter to one person; none if there is nothing to tell, or if it can wait."""
    told = await history(viewer, recipient)
    some = await gathered(viewer, recipient, told)
    if not some:
        return []
    may_go = only is not None or is_time(viewer, told, some, await next_summary(viewer, recipient))
    return [letter(viewer, recipient, some)] if may_go else []


async def next_summary(viewer: Viewer, recipient: Recipient) -> datetime | None:
    """Return when this person's next weekly summary is due; None if they want none."""
    contact = recipient.contact.id
    wish = (await choices.of_contacts(viewer.session, [contact])).get(contact, choices.DEFAULT)
    return None if wish.stopped else comes_next(wish, viewer.now)


def letter(viewer: Viewer, recipient: Recipient, some: Sequence[News]) -> Letter:
    """Return one letter with some news."""
    reply = Reply(text_of(viewer, some), buttons_of(some))
    return Letter(
        f"remind:{viewer.today}:{recipient.person.id}:{recipient.place_ids[0]}",
        recipient.contact.id,
        recipient.place_ids[0],
        reply,
        REMINDER,
        ",".join(dict.fromkeys(one.kind for one in some)),
        viewer.quiet_until,
        # If the first piece runs out before it is sent, another letter tells the rest.
        min(one.until for one in some),
        marks_of(some),
    )


async def gathered(viewer: Viewer, recipient: Recipient, told: Told) -> list[News]:
    """Return everything to tell one person now or tomorrow."""
    return [one for source in SOURCES for one in await source(viewer, recipient, told.marks)]

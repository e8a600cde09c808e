"""The look back at last month's reports, to officers, once a month: on its first working day."""

from collections.abc import Collection, Sequence
from datetime import datetime, time, timedelta
from typing import Final

from figures import access, quality
from figures.handing_up import RANKS
from handlers.broadcasts import reminders
from handlers.letters import BROADCAST, Letter, Recipient, unwritten
from handlers.library import Library
from handlers.screens import quality as screen
from plans.holidays import is_working_day
from storage.session import Session
from storage.tables import RoleName

AT: Final = time(9)
"""After the summary of that morning."""
READERS: Final = (RoleName.COMMUNE_OFFICER, *RANKS[:2])
"""A nation has too many communes for such a note."""
FADES: Final = timedelta(days=10)
"""So long it is of use."""


def due_at(now: datetime) -> datetime:
    """When this month's note is due, in the zone of `now`."""
    day = now.date().replace(day=1)
    while not is_working_day(day):
        day += timedelta(days=1)
    return datetime.combine(day, AT, now.tzinfo)


async def latest(session: Session, library: Library, now: datetime) -> datetime | None:
    """When this month's note was due; None where it is not yet, or was too long ago."""
    at = due_at(now.astimezone(library.zone))
    return at if at <= now <= at + FADES else None


async def compose(
    session: Session,
    library: Library,
    now: datetime,
    some: Sequence[Recipient],
    only: Collection[int] | None = None,
) -> list[Letter]:
    """The notes that are due and not yet written; with `only`, those for these places, due or not. None where there is
    nothing to ask."""
    at = due_at(now.astimezone(library.zone))
    if only is None and not at <= now <= at + FADES:
        return []
    letters = []
    for recipient in some:
        viewer = recipient.viewer(session, library, now)
        keys = {
            f"quality:{viewer.today:%Y-%m}:{recipient.person.id}:{role.place_id}": role.place_id
            for role in access.holds(viewer, *READERS)
        }
        for key in sorted(await unwritten(session, keys, now)):
            unit = await session.places.get(keys[key])
            if unit is None or reminders.is_gone(viewer, unit):
                continue
            note = await quality.of_unit(viewer, unit)
            if not note.silent:
                times = (viewer.quiet_until, at + FADES)
                reply = screen.page(viewer, note)
                letters.append(
                    Letter(key, recipient.contact.id, unit.id, reply, BROADCAST, "quality", *times)
                )
    return letters

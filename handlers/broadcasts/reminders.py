"""Reminders to report: once the day before a deadline and once the day after it, politely, and then no more.

Nobody is reminded who is in the middle of answering, who has reported, at night, or on a public holiday: what would
be said on one before a deadline is said on the last working day before the holiday, and what would be said after a
deadline on the first one after it. Officers are reminded of the deadlines that their plans name, fourteen and three
days before and on the day.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from markupsafe import Markup

from figures import due
from handlers.buttons import choice
from handlers.letters import REMINDER, Letter, Recipient, of_the_morning, since_morning
from handlers.library import Library
from handlers.messages import Reply, column
from handlers.navigation import Command
from handlers.screens import due as due_screen
from handlers.viewer import Viewer
from plans.holidays import brought_forward, put_off
from storage import interviews, places
from storage.session import Session
from storage.tables import Place

BEFORE: Final = 1
AFTER: Final = 1
"""Days before and after the last day in time."""
BUSY: Final = timedelta(hours=2)
"""Somebody who touched an interview so lately is in the middle of answering."""


async def latest(session: Session, library: Library, now: datetime) -> datetime | None:
    """This morning's hour, once it has come on a day on which some questionnaire's reminder rings."""
    today = now.date()
    rings = any(
        today in ringing(entry.due(period))
        for entry in library.plans.entries
        for period in entry.asked_on(today)
    )
    return since_morning(now) if rings else None


async def compose(
    session: Session,
    library: Library,
    now: datetime,
    some: Sequence[Recipient],
    only: Collection[int] | None = None,
) -> list[Letter]:
    """The reminders that are due today and not yet written."""

    async def about(viewer: Viewer, recipient: Recipient) -> list[Place]:
        return [] if await busy(viewer, recipient) else await due.own_places(viewer)

    return await of_the_morning(session, library, now, some, only, about, of_place)


async def busy(viewer: Viewer, recipient: Recipient) -> bool:
    """Whether this person has answered something just now."""
    under_way = await interviews.list_open(viewer.session, recipient.person.id)
    return any(viewer.now - row.updated_at < BUSY for row in under_way)


async def of_place(viewer: Viewer, recipient: Recipient, place: Place) -> list[Letter]:
    """The reminders about one place: those before a deadline together, those after it together."""
    by_key: defaultdict[str, list[due.Due]] = defaultdict(list)
    for asked in await due.asked_of(viewer, place):
        if asked.sent is None:
            by_key[rung(asked, viewer.today)].append(asked)
    return [letter(viewer, recipient, place, key, by_key[key]) for key in ("soon", "late") if by_key[key]]


def rung(asked: due.Due, today: date) -> str:
    """Which reminder of a report rings today: "soon", "late", or "" for neither."""
    before, after = ringing(asked.entry.due(asked.period))
    if today == before:
        return "soon"
    return "late" if today == after else ""


def ringing(last: date) -> tuple[date, date]:
    """The days of the reminders before and after `last`, the last day in time; no holidays."""
    return brought_forward(last - timedelta(days=BEFORE)), put_off(last + timedelta(days=AFTER))


def letter(viewer: Viewer, recipient: Recipient, place: Place, key: str, unsent: Sequence[due.Due]) -> Letter:
    """One reminder about some questionnaires."""
    forms = "; ".join(due_screen.short(viewer, asked) for asked in unsent)
    text: Markup = viewer.say(f"remind.{key}", place=places.own_name(place), forms=forms)
    reply = Reply(text, column(choice(viewer.say("menu.button.baocao"), Command("baocao"))))
    marks = ",".join(sorted(f"{asked.form.name}@{asked.period.key}" for asked in unsent))
    end = max(asked.entry.closes(asked.period) for asked in unsent)
    until = datetime.combine(end + timedelta(days=1), time(), viewer.now.tzinfo)
    number = f"remind:{key}:{marks}:{recipient.person.id}:{place.id}"
    return Letter(number, recipient.contact.id, place.id, reply, REMINDER, key, viewer.quiet_until, until)

"""Requests about one's own data: administrators hear the morning before one is due, and each day that it is late."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from markupsafe import Markup

from figures import access
from handlers.letters import MORNING, REMINDER, Letter, Recipient, unwritten
from handlers.library import Library
from handlers.messages import Reply
from handlers.viewer import Viewer
from storage import requests
from storage.session import Session
from storage.tables import PersonRequest, RoleName


async def latest(session: Session, library: Library, now: datetime) -> datetime | None:
    """This morning, if anything waits; None otherwise."""
    at = datetime.combine(now.date(), MORNING, now.tzinfo)
    return at if at <= now and await requests.waiting(session) else None


async def compose(
    session: Session,
    library: Library,
    now: datetime,
    some: Sequence[Recipient],
    only: Collection[int] | None = None,
) -> list[Letter]:
    """One letter a day to each administrator, while something is due by tomorrow or late."""
    now = now.astimezone(library.zone)
    due = [row for row in await requests.waiting(session) if is_near(row, now)]
    if not due or now.time() < MORNING:
        return []
    letters = []
    for recipient in some:
        viewer = recipient.viewer(session, library, now)
        held = access.holds(viewer, RoleName.ADMINISTRATOR)
        key = f"rights:{now.date().isoformat()}:{recipient.person.id}"
        if held and await unwritten(session, [key], now):
            reply = Reply(text(viewer, due))
            until = viewer.quiet_until
            letters.append(
                Letter(
                    key,
                    recipient.contact.id,
                    held[0].place_id,
                    reply,
                    REMINDER,
                    "rights",
                    until,
                    now + timedelta(days=1),
                )
            )
    return letters


def is_near(row: PersonRequest, now: datetime) -> bool:
    """Whether something of a request is due by tomorrow."""
    due = requests.due_of(row)
    return due is not None and due[1] <= (now + requests.SOON).date()


def text(viewer: Viewer, due: Sequence[PersonRequest]) -> Markup:
    """Which requests, what of them is due and when; nobody is named."""
    lines = []
    for row in due:
        what, day = requests.due_of(row) or ("finish", row.finish_due)
        key = f"rights.due.{what}_late" if day < viewer.today else f"rights.due.{what}"
        lines.append(viewer.say(key, n=row.id, kind=viewer.say(f"rights.of.{row.kind}"), day=day))
    return Markup("\n").join([viewer.say("rights.due.head"), *lines, viewer.say("rights.due.how")])

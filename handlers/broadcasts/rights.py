"""Requests about one's own data: administrators are told on the morning before one is due, and while it is late."""

from collections.abc import Collection, Sequence

from markupsafe import Markup

from figures import access
from handlers.broadcasts.news import News, midnight_after
from handlers.letters import Recipient
from handlers.viewer import Viewer
from plans.holidays import working_before
from storage import requests
from storage.tables import PersonRequest, RoleName


async def news(viewer: Viewer, recipient: Recipient, told: Collection[str]) -> list[News]:
    """Return the requests with something due by the next working day, or late, for an administrator; every morning."""
    mark = f"rights:{viewer.today}"
    if mark in told or not access.holds(viewer, RoleName.ADMINISTRATOR):
        return []
    due = [row for row in await requests.waiting(viewer.session) if is_near(viewer, row)]
    until = midnight_after(viewer, viewer.today)
    return [News("rights", text(viewer, due), (mark,), viewer.today, until, pressing=True)] if due else []


def is_near(viewer: Viewer, row: PersonRequest) -> bool:
    """Whether this is the last working day before something about a request is due, or a later one."""
    due = requests.due_of(row)
    return due is not None and viewer.today >= working_before(due[1] - requests.SOON)


def text(viewer: Viewer, due: Sequence[PersonRequest]) -> Markup:
    """Return which requests, what is due of them and when; nobody is named."""
    lines = []
    for row in due:
        what, day = requests.due_of(row) or ("finish", row.finish_due)
        key = f"rights.due.{what}_late" if day < viewer.today else f"rights.due.{what}"
        lines.append(viewer.say(key, n=row.id, kind=viewer.say(f"rights.of.{row.kind}"), day=day))
    return Markup("\n").join([viewer.say("rights.due.head"), *lines, viewer.say("rights.due.how")])

"""A half-done questionnaire whose period has closed: its owner is told, once, until when it may be finished.

Told on the morning after that day; after a public holiday on the next working day. After the last day it stays as it
is until its owner touches it (`handlers.interviewing.leaving`). One to which nothing was answered, or that its owner
went on with since, is passed over.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from figures.due import closing_of, taken_until
from handlers.buttons import choice
from handlers.letters import REMINDER, Letter, Recipient, fresh, since_morning
from handlers.library import Library
from handlers.messages import Reply, column
from handlers.navigation import Command
from handlers.screens import due as due_screen
from handlers.viewer import Viewer
from plans.holidays import put_off
from plans.period import PeriodKind, period_of
from plans.schedule import once
from questionnaires.interview import Interview
from storage import interviews
from storage.session import Session
from storage.tables import InterviewRow

DAY: Final = timedelta(days=1)
LATEST: Final = timedelta(days=3)
"""Told so many days later at most: less than a sent letter is kept, by which it is known to have been told."""
LONGEST: Final = timedelta(days=30)
"""What closed longer ago is told of no more, whatever the holidays."""


async def latest(session: Session, library: Library, now: datetime) -> datetime | None:
    """This morning's hour, once it has come after some questionnaire's last day."""
    today = now.date()
    unscheduled = once("", "", period_of(PeriodKind.MONTH, today))
    entries = (unscheduled, *library.plans.entries)
    lasts = {
        entry.closes(period) for entry in entries for period in entry.asked_between(today - LONGEST, today)
    }
    return since_morning(now) if any(is_told(last, today) for last in lasts) else None


def is_told(last: date, today: date) -> bool:
    """Whether what could be sent until `last` is told of today."""
    first = put_off(last + DAY)
    return first <= today <= first + LATEST and put_off(today) == today


async def compose(
    session: Session,
    library: Library,
    now: datetime,
    some: Sequence[Recipient],
    only: Collection[int] | None = None,
) -> list[Letter]:
    """The letters about what ended lately; none before the hour, unless it is `only` about some places."""
    now = now.astimezone(library.zone)
    if since_morning(now) is None and only is None:
        return []
    letters: list[Letter] = []
    for recipient in some:
        viewer = recipient.viewer(session, library, now)
        by_day: dict[tuple[date, date], list[InterviewRow]] = {}
        for row in await left_by(viewer, recipient):
            by_day.setdefault((closing_of(viewer, row), taken_until(viewer, row)), []).append(row)
        letters += [await letter(viewer, recipient, *days, rows) for days, rows in by_day.items()]
    return await fresh(session, letters, now)


async def left_by(viewer: Viewer, recipient: Recipient) -> list[InterviewRow]:
    """The interviews of a recipient, about places they hold a role for, that are told of today."""
    places = {role.place_id for role in recipient.roles}
    return [
        row
        for row in await interviews.list_open(viewer.session, recipient.person.id)
        if row.place_id in places
        and is_told(closing_of(viewer, row), viewer.today)
        and is_left(viewer, row, closing_of(viewer, row))
    ]


def is_left(viewer: Viewer, row: InterviewRow, last: date) -> bool:
    """Whether something was answered, and nothing since `last`."""
    touched = row.updated_at.astimezone(viewer.zone).date()
    return touched <= last and bool(Interview.from_json(row.state).visited)


async def letter(
    viewer: Viewer, recipient: Recipient, last: date, until: date, rows: Sequence[InterviewRow]
) -> Letter:
    """One letter about all that closed on the day `last` and is taken, once finished, up to `until`."""
    over = viewer.today > until
    button = "due.button.ended" if over else "due.button.go_on"
    buttons = [await due_screen.row_button(viewer, row, button) for row in rows]
    buttons.append(choice(viewer.say("menu.button.baocao"), Command("baocao")))
    text = viewer.say("remind.ended" if over else "remind.unfinished", n=len(rows), last=last, until=until)
    key, not_after = f"ended:{last}:{until}:{recipient.person.id}", viewer.now + LATEST
    if not over:
        not_after = min(not_after, datetime.combine(until + DAY, time(), viewer.zone))
    contact, place = recipient.contact.id, rows[0].place_id
    return Letter(
        key, contact, place, Reply(text, column(*buttons)), REMINDER, "ended", viewer.quiet_until, not_after
    )

"""A half-done questionnaire whose period has closed: its owner is told once until when it may be finished.

That is on the morning after the period's last day; after a public holiday, on the next working day. Past the last day
to finish it stays as it is until its owner touches it (`handlers.interviewing.leaving`). It is passed over if nothing
was answered, or if its owner has gone on with it since.
"""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Final

from figures.due import closing_of, is_locked, taken_until
from handlers.broadcasts.news import TO_LOCKED, News, midnight_after
from handlers.broadcasts.reminders import told_after
from handlers.buttons import choice
from handlers.letters import Recipient
from handlers.navigation import Command
from handlers.screens import due as due_screen
from handlers.viewer import Viewer
from questionnaires.interview import Interview
from storage import interviews
from storage.tables import InterviewRow

DAY: Final = timedelta(days=1)
LATEST: Final = timedelta(days=3)
"""So long after it was written, the letter is of no use any more."""


async def news(viewer: Viewer, recipient: Recipient, told: Collection[str]) -> list[News]:
    """Return what there is to tell about this person's interviews that ended lately."""
    by_day: dict[tuple[date, date], list[InterviewRow]] = {}
    for row in await left_by(viewer, recipient):
        if mark_of(row) not in told:
            by_day.setdefault((closing_of(viewer, row), taken_until(viewer, row)), []).append(row)
    return [await piece(viewer, *days, rows) for days, rows in by_day.items()]


def mark_of(row: InterviewRow) -> str:
    return f"ended:{row.id}"


def is_told(viewer: Viewer, last: date) -> bool:
    """Whether today is the day to tell of what could be sent until `last`."""
    first = told_after(viewer, last + DAY)
    return first <= viewer.today <= first + TO_LOCKED


async def left_by(viewer: Viewer, recipient: Recipient) -> list[InterviewRow]:
    """Return the recipient's interviews to tell of today, about places where they hold a role.

    Of one whose period is locked nobody can say that it may still be sent: whoever answers it heard of the lock.
    """
    places = {role.place_id for role in recipient.roles}
    return [
        row
        for row in await interviews.list_open(viewer.session, recipient.person.id)
        if row.place_id in places
        and is_told(viewer, closing_of(viewer, row))
        and is_left(viewer, row, closing_of(viewer, row))
        and (viewer.today > taken_until(viewer, row) or not await is_locked(viewer, row))
    ]


def is_left(viewer: Viewer, row: InterviewRow, last: date) -> bool:
    """Whether something was answered, and nothing since `last`."""
    touched = row.updated_at.astimezone(viewer.zone).date()
    return touched <= last and bool(Interview.from_json(row.state).visited)


async def piece(viewer: Viewer, last: date, until: date, rows: Sequence[InterviewRow]) -> News:
    """Return everything that closed on the day `last` and may be finished up to `until`."""
    over = viewer.today > until
    button = "due.button.ended" if over else "due.button.go_on"
    buttons = [await due_screen.row_button(viewer, row, button) for row in rows]
    buttons.append(choice(viewer.say("menu.button.baocao"), Command("baocao")))
    text = viewer.say("remind.ended" if over else "remind.unfinished", n=len(rows), last=last, until=until)
    not_after = viewer.now + LATEST
    if not over:
        not_after = min(not_after, midnight_after(viewer, until))
    marks = tuple(map(mark_of, rows))
    return News(
        "ended", text, marks, told_after(viewer, last + DAY), not_after, pressing=True, buttons=tuple(buttons)
    )

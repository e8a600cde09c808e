"""A half-done questionnaire whose last day has passed: it is kept, and its owner is told so, once.

Told on the morning after that day; after a public holiday on the next working day. It stays as it is until its owner
touches it (`handlers.interviewing.leaving`), so that somebody who was answering at midnight is told what became of
the answer. One to which nothing was answered is passed over.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.broadcasts.letters import REMINDER, Letter, Reader, since_morning, unwritten
from handlers.interviewing import due
from handlers.library import Library
from handlers.messages import Choice, Reply
from handlers.turn import Turn, column
from plans.holidays import put_off
from plans.period import PeriodKind, from_key, period_of
from questionnaires.interview import Interview
from storage import interviews
from storage.tables import InterviewRow

DAY: Final = timedelta(days=1)
LATEST: Final = timedelta(days=3)
"""Told so many days later at most: less than a sent letter is kept, by which it is known to have been told."""


async def latest(session: AsyncSession, library: Library, now: datetime) -> datetime | None:
    """This morning's hour, once it has come after some questionnaire's last day."""
    today = now.date()
    month = period_of(PeriodKind.MONTH, today)  # for as long counts what no schedule asks
    lasts = [month.previous().end]
    for entry in library.plans.entries:
        period = entry.period(today)
        lasts += [entry.closes(period), entry.closes(period.previous())]
    return since_morning(now) if any(is_told(last, today) for last in lasts) else None


def is_told(last: date, today: date) -> bool:
    """Whether what could be sent until `last` is told of today."""
    first = put_off(last + DAY)
    return first <= today <= first + LATEST and put_off(today) == today


async def compose(
    session: AsyncSession,
    library: Library,
    now: datetime,
    some: Sequence[Reader],
    only: Collection[int] | None = None,
) -> list[Letter]:
    """The letters about what ended lately; none before the hour, unless it is `only` about some places."""
    now = now.astimezone(library.zone)
    if since_morning(now) is None and only is None:
        return []
    letters: list[Letter] = []
    for reader in some:
        places = {role.place_id for role in reader.roles}
        under_way = await interviews.list_open(session, reader.person.id or 0)
        turn = reader.turn(session, library, now)
        by_day: dict[date, list[InterviewRow]] = {}
        for row in under_way:
            last = due.last_day(library.plans.entry(row.form_name), from_key(row.period))
            if (
                row.place_id in places
                and is_told(last, now.date())
                and Interview.from_json(row.state).visited
            ):
                by_day.setdefault(last, []).append(row)
        letters += [await letter(turn, reader, last, rows) for last, rows in by_day.items()]
    fresh = await unwritten(session, [each.key for each in letters])
    return [each for each in letters if each.key in fresh]


async def letter(turn: Turn, reader: Reader, last: date, rows: Sequence[InterviewRow]) -> Letter:
    """One letter about all that ended on a day."""
    buttons = [await due.row_button(turn, row, "due.button.ended") for row in rows]
    buttons.append(Choice(str(turn.say("menu.button.baocao")), "m:baocao"))
    reply = Reply(turn.say("remind.ended", n=len(rows), last=last), column(*buttons))
    key, until = f"ended:{last}:{reader.person.id}", turn.now + LATEST
    contact, place = reader.contact.id or 0, rows[0].place_id
    return Letter(key, contact, place, reply, REMINDER, "ended", turn.quiet_until, until)

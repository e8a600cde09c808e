"""Deadlines that the plans name, told at the level that owes the report: 14 and 3 days before, and on the day.

Each is told on a working day, if need be the one before. The deadline itself stays as the plan says.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from markupsafe import Markup

from figures import access
from figures.programmes import programmes_on
from handlers.broadcasts.news import DAY, News, midnight_after
from handlers.buttons import choice
from handlers.letters import Recipient, offices
from handlers.navigation import Command
from handlers.screens import tasks
from handlers.viewer import Viewer
from plans.holidays import working_before
from plans.period import period_of
from plans.programme import Deadline, Programme
from plans.statutory import SOURCE
from storage import places
from storage.tables import Place

DAYS_BEFORE: Final = (14, 3, 0)
"""Two weeks to gather what a report needs, three days to write it, and the day itself."""


async def news(viewer: Viewer, recipient: Recipient, told: Collection[str]) -> list[News]:
    """Return what there is to tell the units of this person: the deadlines of one day together."""
    pieces: list[News] = []
    for place in await offices(viewer, *access.OFFICERS):
        pieces += await of_place(viewer, place, told)
    return pieces


async def of_place(viewer: Viewer, place: Place, told: Collection[str]) -> list[News]:
    """Return what there is to tell one unit."""
    way = [place, *await viewer.session.places.ancestors(place.id, viewer.today)]
    by_day: dict[date, list[tuple[Programme, Deadline]]] = {}
    for programme in await programmes_on(viewer, way):
        for deadline, day in ringing(programme, place.level, viewer.today):
            by_day.setdefault(day, []).append((programme, deadline))
    pieces = (piece(viewer, place, day, rows) for day, rows in sorted(by_day.items()))
    return [one for one in pieces if one.marks[0] not in told]


def ringing(programme: Programme, level: str, today: date) -> Iterator[tuple[Deadline, date]]:
    """Yield the deadlines of a programme that a level owes and that are to be told on `today`, each with its day."""
    for deadline in programme.deadlines:
        if deadline.owes == level:
            for day in days_of(deadline, programme, today):
                if stage_of(day, today) is not None:
                    yield deadline, day


def days_of(deadline: Deadline, programme: Programme, today: date) -> Iterator[date]:
    """Yield a deadline's days around now, while its programme lasts; none if the plan names no day."""
    if deadline.period is None:
        return
    here = period_of(deadline.period, today, deadline.calendar)
    for period in (here.previous(), here, here.next()):
        day = deadline.due(period)
        if day is not None and programme.first_day <= day <= programme.last_day:
            yield day


def stage_of(day: date, today: date) -> int | None:
    """Return which warning is meant for `today`, as days before the deadline; None if there is none today."""
    if today > day:
        return None
    return min((before for before in DAYS_BEFORE if rings(day, before) <= today), default=None)


def rings(day: date, before: int) -> date:
    """Return the day on which the warning `before` days ahead of a deadline is told."""
    return working_before(day - timedelta(days=before))


def source_of(viewer: Viewer, programme: Programme, deadline: Deadline) -> str:
    """Return where a plan says so; and that it names no day, if the day was derived."""
    key = "deadline.source_derived" if deadline.derived else "deadline.source"
    title = programme.title(viewer.locale)
    return viewer.say(key, plan=title, clause=deadline.clause, source=SOURCE).unescape()


def piece(viewer: Viewer, place: Place, day: date, rows: Sequence[tuple[Programme, Deadline]]) -> News:
    """Return everything that is due on a day."""
    stage = stage_of(day, viewer.today) or 0
    days = (day - viewer.today).days
    key = "deadline.today" if days == 0 else "deadline.tomorrow" if days == 1 else "deadline.head"
    lines = [viewer.say(key, place=places.own_name(place), day=day, n=days)]
    # What several plans ask in the same words is one report.
    sources: dict[tuple[str, str], list[str]] = {}
    for programme, deadline in rows:
        asked = deadline.statement(viewer.locale), tasks.to_whom(viewer, deadline)
        sources.setdefault(asked, []).append(source_of(viewer, programme, deadline))
    lines += [
        viewer.say("deadline.line", what=what, to=to, sources="; ".join(dict.fromkeys(some)))
        for (what, to), some in sources.items()
    ]
    return News(
        "deadline",
        Markup("\n").join(lines),
        (f"deadline:{day}:{stage}:{place.id}",),
        rings(day, stage),
        midnight_after(viewer, day),
        # On the day itself, and on the last working day before it, no other letter comes in time.
        pressing=rings(day, 0) <= viewer.today + DAY,
        buttons=(choice(viewer.say("menu.button.baocao"), Command("baocao")),),
    )

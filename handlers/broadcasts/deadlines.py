"""The deadlines that the plans name ring at the level that owes the report: 14 and 3 days before, and on the day.

None rings on a public holiday: it rings on the last working day before. The deadline itself stays as the plan says.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from markupsafe import Markup

from figures import access
from figures.programmes import programmes_on
from handlers.buttons import choice
from handlers.letters import REMINDER, Letter, Recipient, of_the_morning, offices, since_morning
from handlers.library import Library
from handlers.messages import Reply, column
from handlers.navigation import Command
from handlers.viewer import Viewer
from plans.holidays import brought_forward
from plans.levels import LEVELS
from plans.period import period_of
from plans.programme import Deadline, Programme
from plans.statutory import SOURCE
from storage import places
from storage.session import Session
from storage.tables import Place

DAYS_BEFORE: Final = (14, 3, 0)
"""Two weeks to gather what a report needs, three days to write it, and the day itself."""


async def latest(session: Session, library: Library, now: datetime) -> datetime | None:
    """This morning's hour, once it has come on a day on which some plan's deadline rings."""
    rings = any(
        True
        for programme in library.plans.programmes.values()
        for level in LEVELS
        for _ in ringing(programme, level, now.date())
    )
    return since_morning(now) if rings else None


async def compose(
    session: Session,
    library: Library,
    now: datetime,
    some: Sequence[Recipient],
    only: Collection[int] | None = None,
) -> list[Letter]:
    """The letters about deadlines that ring today and were not yet written."""

    async def about(viewer: Viewer, recipient: Recipient) -> list[Place]:
        return await offices(viewer, *access.OFFICERS)

    return await of_the_morning(session, library, now, some, only, about, of_place)


async def of_place(viewer: Viewer, recipient: Recipient, place: Place) -> list[Letter]:
    """What rings for one unit today: the deadlines of one day together."""
    way = [place, *await viewer.session.places.ancestors(place.id, viewer.today)]
    by_day: dict[date, list[tuple[Programme, Deadline]]] = {}
    for programme in await programmes_on(viewer, way):
        for deadline, day in ringing(programme, place.level, viewer.today):
            by_day.setdefault(day, []).append((programme, deadline))
    return [letter(viewer, recipient, place, day, rows) for day, rows in sorted(by_day.items())]


def ringing(programme: Programme, level: str, today: date) -> Iterator[tuple[Deadline, date]]:
    """The deadlines of a programme that a level owes and that ring on `today`, each with its day."""
    for deadline in programme.deadlines:
        if deadline.owes == level:
            for day in days_of(deadline, programme, today):
                if rings(day, today):
                    yield deadline, day


def days_of(deadline: Deadline, programme: Programme, today: date) -> Iterator[date]:
    """The days of a deadline about now, while its programme lasts; none of one that a plan names without a day."""
    if deadline.period is None:
        return
    here = period_of(deadline.period, today, deadline.calendar)
    for period in (here.previous(), here, here.next()):
        day = deadline.due(period)
        if day is not None and programme.first_day <= day <= programme.last_day:
            yield day


def rings(day: date, today: date) -> bool:
    """Whether a deadline on this day rings today."""
    return today in (brought_forward(day - timedelta(days=before)) for before in DAYS_BEFORE)


def letter(
    viewer: Viewer, recipient: Recipient, place: Place, day: date, rows: Sequence[tuple[Programme, Deadline]]
) -> Letter:
    """One letter about everything that is due on a day."""
    lines = [viewer.say("deadline.head", place=places.own_name(place), day=day, n=(day - viewer.today).days)]
    lines += [
        viewer.say(
            "deadline.line_derived" if deadline.derived else "deadline.line",
            what=deadline.statement(viewer.locale),
            to=deadline.to,
            plan=programme.title(viewer.locale),
            clause=deadline.clause,
            source=SOURCE,
        )
        for programme, deadline in rows
    ]
    reply = Reply(
        Markup("\n").join(lines), column(choice(viewer.say("menu.button.baocao"), Command("baocao")))
    )
    key = f"deadline:{day}:{(day - viewer.today).days}:{recipient.person.id}:{place.id}"
    until = datetime.combine(day + timedelta(days=1), time(), viewer.now.tzinfo)
    contact = recipient.contact.id
    return Letter(key, contact, place.id, reply, REMINDER, "deadline", viewer.quiet_until, until)

"""By when the questionnaires of a place have to be sent: of one rhythm, or all that are due in the days asked about."""

from collections.abc import Iterator
from datetime import date, timedelta
from operator import attrgetter
from typing import Final, NamedTuple

from markupsafe import Markup

from handlers.asking.alike import likest
from handlers.viewer import Viewer
from plans.levels import LEVELS
from plans.period import Period
from plans.schedule import Entry
from queries.frames import Plan
from storage.tables import Place

AHEAD: Final = timedelta(days=31)
"""Where no days were said, what is due so soon is told."""
SHOWN: Final = 12
"""How many questionnaires one answer lists."""


class DayDue(NamedTuple):
    """A questionnaire that has to be sent by a day."""

    day: date
    entry: Entry
    period: Period
    title: str


async def told(viewer: Viewer, query: Plan, place: Place) -> list[Markup]:
    """The days of the questionnaires that the question is about, the first day first; [] where it is about none."""
    if query.about != "deadline":
        return []
    due = await days_due(viewer, query, place)
    topic = () if query.every else query.topic
    rows = sorted(likest(topic, due, attrgetter("title")), key=attrgetter("day", "title"))
    if not rows:
        return [viewer.say("planned.no_forms_due")] if query.every and not query.topic else []
    lines = [viewer.say("planned.forms_due"), *dict.fromkeys(line(viewer, one) for one in rows[:SHOWN])]
    return lines if len(rows) <= SHOWN else [*lines, viewer.say("planned.more", n=len(rows) - SHOWN)]


async def days_due(viewer: Viewer, query: Plan, place: Place) -> list[DayDue]:
    """Of every questionnaire in use the days that the question may mean."""
    forms = await viewer.library.active_forms(viewer.session)
    titles = {name: form.title(viewer.locale) for name, (_, form) in forms.items()}
    asked_of = (entry for entry in entries(viewer, place) if entry.form in titles)
    return [day for entry in asked_of for day in due_of(viewer, query, entry, titles)]


def entries(viewer: Viewer, place: Place) -> Iterator[Entry]:
    """What is asked of a place and of those below it."""
    for entry in viewer.plans.schedule:
        if LEVELS.index(entry.level) <= LEVELS.index(place.level):
            yield entry


def due_of(viewer: Viewer, query: Plan, entry: Entry, titles: dict[str, str]) -> Iterator[DayDue]:
    """When one questionnaire is due: for the period of the rhythm that was named, or on one of the days asked about."""
    first, last = query.periods[0] if query.periods else (viewer.today, viewer.today + AHEAD)
    period = entry.period(last if query.periods else viewer.today)
    if query.every:
        if entry.kind == query.every:
            yield DayDue(entry.due(period), entry, period, titles[entry.form])
        return
    for one in (period.previous(), period, period.next()):
        if first <= entry.due(one) <= last:
            yield DayDue(entry.due(one), entry, one, titles[entry.form])


def line(viewer: Viewer, due: DayDue) -> Markup:
    """One questionnaire with its day."""
    level = viewer.say(f"progress.level.{due.entry.level}")
    period = due.period.label(viewer.locale)
    return viewer.say("planned.form_due", form=due.title, period=period, level=level, day=due.day)

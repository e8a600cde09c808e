"""Until when a place's questionnaires have to be sent: those of one rhythm, or all due in the days asked about."""

from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import chain
from operator import attrgetter
from typing import Final, NamedTuple

from markupsafe import Markup

from figures.due import LASTING, by_then, period_of_key
from figures.programmes import programmes_on
from figures.sources import source_of
from handlers.viewer import Viewer
from plans.levels import LEVELS
from plans.period import Period
from plans.schedule import Entry
from queries.alike import LIKE, folded
from queries.frames import Plan
from questionnaires.questionnaire import Questionnaire
from storage import announcements
from storage.tables import Level, Place

AHEAD: Final = timedelta(days=31)
"""Without named days, what is due this soon is shown."""
SHOWN: Final = 12
"""How many questionnaires one answer lists."""
OF_TIME: Final = frozenset(
    ("bao", "cao", "phieu", "tuan", "thang", "quy", "nam", "dinh", "ky", "hang", "dau", "cuoi", "theo")
)
"""Words that say how often something is reported, and name no subject."""


class DayDue(NamedTuple):
    """A questionnaire and its due day; if that is over, also its last day."""

    day: date
    entry: Entry
    period: Period
    title: str
    late_until: date | None = None


async def told(viewer: Viewer, query: Plan, place: Place) -> list[Markup]:
    """The due days of the questionnaires asked about, those that the place itself sends first, then by day; [] if there
    are none."""
    if query.about != "deadline" or query.of_plan or is_between_agencies(query):
        return []
    rows = sorted(
        await rows_of(viewer, query, place),
        key=lambda one: (one.entry.level != place.level, one.day, one.title),
    )
    if not rows:
        return [viewer.say("planned.no_forms_due")] if query.every and not query.topic else []
    lines = [viewer.say("planned.forms_due"), *dict.fromkeys(line(viewer, one) for one in rows[:SHOWN])]
    return lines if len(rows) <= SHOWN else [*lines, viewer.say("planned.more", n=len(rows) - SHOWN)]


def is_between_agencies(query: Plan) -> bool:
    """Whether reports of agencies to each other are asked for, and no questionnaire."""
    parties = frozenset(folded(" ".join((*query.sender, *query.to))))
    # A theme may be part of an agency's name: «Phòng Kế hoạch - Tuyên truyền».
    is_theirs = not query.measure or parties.issuperset(folded(" ".join(query.topic)))
    return bool(parties) and is_theirs


async def rows_of(viewer: Viewer, query: Plan, place: Place) -> list[DayDue]:
    """The due days asked about, of what units here send and, if a subject is named, of what only larger ones send."""
    every = [one for one in await entries(viewer, place) if query.senders in ("", one.level)]
    here = [entry for entry in every if is_of(entry, place)]
    titles = await titles_asked(viewer, query, set(map(attrgetter("form"), here)))
    asked_of = named_in(titles, here) or (named_in(titles, every) if query.topic else [])
    due = chain.from_iterable(due_of(viewer, query, entry, titles[entry.form]) for entry in asked_of)
    return [*due, *await requested_then(viewer, query, place, titles)]


async def requested_then(
    viewer: Viewer, query: Plan, place: Place, titles: Mapping[str, str]
) -> list[DayDue]:
    """The due days of what was requested beyond the schedule, at the time asked about."""
    wanted = await requested(viewer, place, titles)
    of_level = (one for one in wanted if query.senders in ("", one.entry.level))
    return [one for one in of_level if is_asked_about(viewer, query, one)]


def named_in(titles: Container[str], some: Iterable[Entry]) -> list[Entry]:
    """Those of some entries whose questionnaires are asked about."""
    return [entry for entry in some if entry.form in titles]


async def titles_asked(viewer: Viewer, query: Plan, here: Container[str]) -> dict[str, str]:
    """The questionnaires that the question names, by title or by what they ask; all in use if it names none.

    Those that units `here` send come before others.
    """
    forms = await viewer.library.active_forms(viewer.session)
    titles = {name: form.title(viewer.locale) for name, (_, form) in forms.items()}
    said = topic_of(query)
    if not said:
        return titles
    by_title = among(titles, [name for name in titles if is_titled(form_words(forms[name][1]), said)])
    asking = among(titles, await forms_asking(viewer, query))
    ways = (by_title, asking)
    own = (among(way, here) for way in ways)
    return next(filter(None, (*own, *ways)), {})


def among(titles: Mapping[str, str], names: Container[str]) -> dict[str, str]:
    """The titles of those questionnaires that are among these."""
    return {name: title for name, title in titles.items() if name in names}


def topic_of(query: Plan) -> frozenset[str]:
    """The words that may name a questionnaire, without diacritics and without those that name the rhythm."""
    words = frozenset(folded(" ".join(query.topic)))
    return frozenset(word for word in words if not word.isdigit()) - OF_TIME if query.every else words


def form_words(form: Questionnaire) -> frozenset[str]:
    """The words of a questionnaire's titles in every language, without diacritics."""
    return frozenset(word for locale in ("vi", "en") for word in folded(form.title(locale)))


def is_titled(title: frozenset[str], said: frozenset[str]) -> bool:
    """Whether enough of the words are in a title, in any order."""
    return len(said & title) >= LIKE * len(said)


async def forms_asking(viewer: Viewer, query: Plan) -> list[str]:
    """The questionnaires that ask what was named, or anything of the domain named."""
    known = viewer.plans.indicators
    named = [known[id] for id in query.indicators if id in known]
    of_domain = [one for one in known.values() if query.domain and one.domain == query.domain]
    sources = [await source_of(viewer, indicator) for indicator in named or of_domain]
    return list(dict.fromkeys(form for source in sources if source for form in source.forms))


async def entries(viewer: Viewer, place: Place) -> list[Entry]:
    """What the schedule and the plans in force ask of a place, of those below it and of those it lies in."""
    way = [place, *await viewer.session.places.ancestors(place.id, viewer.today)]
    every = viewer.plans.with_those_of(await programmes_on(viewer, way))
    # A village alone is told its own days. Those of a unit are the same for nearly all of its villages.
    alone = place.level == Level.VILLAGE
    return [entry.since(place.first_day) if alone and is_of(entry, place) else entry for entry in every]


def is_of(entry: Entry, place: Place) -> bool:
    """Whether a place or one below it is asked so."""
    return LEVELS.index(entry.level) <= LEVELS.index(place.level)


async def requested(viewer: Viewer, place: Place, titles: Mapping[str, str]) -> list[DayDue]:
    """When what officers ask beyond the schedule is due on the ground of a place, or above it, by the newest request."""
    above = await viewer.session.places.holders(place.id, viewer.today)
    newest: dict[tuple[str, str], DayDue] = {}
    for row in await announcements.asked(viewer.session, viewer.now - LASTING):
        if row.form_name in titles and await share_ground(viewer, row.place_id, place, above):
            period = period_of_key(row.period)
            days = viewer.plans.days_of(row.form_name, Level.VILLAGE, period)
            entry = by_then(viewer, days, row.until)
            closes = entry.closes(period)
            late = closes if entry.late_at(period, viewer.now) and viewer.today <= closes else None
            due = DayDue(entry.due(period), entry, period, titles[row.form_name], late)
            newest.setdefault((row.form_name, row.period), due)
    return list(newest.values())


async def share_ground(viewer: Viewer, id: int, place: Place, above: Container[int]) -> bool:
    """Whether a unit is a place, lies in it, or is among the units `above` it."""
    return id in above or place.id in await viewer.session.places.holders(id, viewer.today)


def is_asked_about(viewer: Viewer, query: Plan, due: DayDue) -> bool:
    """Whether a question means what is due so: on its days; while it can be sent, in its rhythm, by its name, or soon."""
    if query.periods and not query.every:
        return any(first <= due.day <= last for first, last in query.periods)
    if viewer.today > due.entry.closes(due.period):
        return False
    if query.every:
        return due.entry.kind == query.every
    return bool(topic_of(query)) or viewer.today <= due.day <= viewer.today + AHEAD


def due_of(viewer: Viewer, query: Plan, entry: Entry, title: str) -> Iterator[DayDue]:
    """When one questionnaire is due: in the rhythm named, on one of the days asked about, or next."""
    if query.every:
        if entry.kind == query.every:
            period = entry.period(query.periods[0][1] if query.periods else viewer.today)
            yield DayDue(entry.due(period), entry, period, title)
    elif query.periods:
        for days in query.periods:
            yield from due_within(entry, title, *days)
    elif topic_of(query):
        yield next_due(viewer, entry, title)
    else:
        yield from due_within(entry, title, viewer.today, viewer.today + AHEAD)


def due_within(entry: Entry, title: str, first: date, last: date) -> Iterator[DayDue]:
    """On which of some days one questionnaire is due."""
    period = entry.period(last)
    for one in (period.previous(), period, period.next()):
        if first <= entry.due(one) <= last:
            yield DayDue(entry.due(one), entry, one, title)


def next_due(viewer: Viewer, entry: Entry, title: str) -> DayDue:
    """When one questionnaire is due next, or was due if it is late and can still be sent."""
    today = viewer.today
    if asked := entry.asked_on(today):
        period = asked[-1]
        late = entry.closes(period) if entry.late(period, today) else None
        return DayDue(entry.due(period), entry, period, title, late)
    period = entry.period(today)
    while entry.due(period) < today:
        period = period.next()
    return DayDue(entry.due(period), entry, period, title)


def line(viewer: Viewer, due: DayDue) -> Markup:
    """One questionnaire with its day."""
    level = viewer.say(f"progress.level.{due.entry.level}")
    until = due.entry.deadline(due.period)
    facts = {"form": due.title, "period": due.period.label(viewer.locale), "level": level, "day": until}
    if due.late_until is not None:
        return viewer.say("planned.form_late", **facts, until=due.late_until)
    return viewer.say("planned.form_due", **facts) + Markup(" ") + how_long(viewer, due.day)


def how_long(viewer: Viewer, day: date) -> Markup:
    """How many days are left, or that the day is over."""
    left = (day - viewer.today).days
    if left > 0:
        return viewer.say("planned.days_left", n=left)
    return viewer.say("planned.day_over" if left else "planned.day_today")

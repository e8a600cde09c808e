"""Who has sent the questionnaires that officers answer for their own units: communes their capital, districts their
tasks."""

from collections.abc import Iterator, Sequence
from typing import Final

from markupsafe import Markup

from figures.coverage import Coverage, Owed, cover, periods_within
from figures.programmes import units_asked
from figures.sources import source_of
from handlers.asking.asked import Asked
from handlers.menu import named
from handlers.messages import Reply, column
from handlers.navigation import ShowUnit
from handlers.screens import village
from handlers.sentences import first_names
from plans.levels import LEVELS
from plans.period import Period
from plans.schedule import Entry
from queries.frames import Missing, Question
from storage.places import own_name
from storage.tables import Level, Place

NAMED: Final = 40
"""How many units are named in a row."""


async def page(asked: Asked, query: Missing, place: Place) -> Reply | None:
    """Which units of a place have sent each questionnaire of a domain; None if none of them is asked one."""
    owed = await owed_of(asked, query, place)
    blocks = [await told(asked, query, place, one) for one in owed]
    if not (lines := [line for line in blocks if line]):
        return None
    up = named(asked.viewer, "officer.button.up", ShowUnit(place.id))
    return Reply(Markup("\n").join(lines), column(up))


async def owed_of(asked: Asked, query: Missing, place: Place) -> list[Owed]:
    """What units of the level named were asked in the time named; by default what they were asked last, of any level
    above villages."""
    active = await asked.viewer.library.active_forms(asked.viewer.session)
    entries = [one for one in await entries_of(asked, query.domain) if is_asked_in(one, place, query.level)]
    return [
        Owed(active[entry.form][1], period, entry)
        for entry in entries
        for period in periods_of(asked, query, entry)
    ]


async def entries_of(asked: Asked, domain: str) -> Sequence[Entry]:
    """The schedule's lines that provide the figures of a domain, each once."""
    viewer = asked.viewer
    every = [one for one in viewer.plans.indicators.values() if one.domain == domain]
    sources = [source for one in every if (source := await source_of(viewer, one))]
    wanted = {(form, source.entry.level) for source in sources for form in source.forms}
    return [entry for entry in viewer.plans.entries if (entry.form, entry.level) in wanted]


def is_asked_in(entry: Entry, place: Place, level: str) -> bool:
    """Whether units of a place, of the level named if any, are asked a questionnaire that is not for villages."""
    in_place = LEVELS.index(entry.level) <= LEVELS.index(place.level)
    return entry.level != Level.VILLAGE and in_place and level in ("", entry.level)


def periods_of(asked: Asked, query: Question, entry: Entry) -> Iterator[Period]:
    """The periods asked about that are already asked; without a time, the last one."""
    today = asked.viewer.today
    for days in query.periods:
        yield from (one for one in periods_within(entry, *days) if entry.opens(one) <= today)
    if not query.periods:
        period = entry.period(today)
        yield period if entry.opens(period) <= today else period.previous()


def units_told(query: Missing, every: Sequence[Place], coverage: Coverage) -> list[Place]:
    """Those of some units that have sent the questionnaire, or those that have not, as asked."""
    chosen = coverage.has_sent if query.reported else coverage.missing.__contains__
    return [unit for unit in every if chosen(unit.id)]


async def told(asked: Asked, query: Missing, place: Place, owed: Owed) -> Markup | None:
    """Who has sent one questionnaire and who has not, as asked, or when the place itself has; None if no unit of the place
    is asked it."""
    viewer, level = asked.viewer, Level(owed.entry.level)
    if place.level == level:
        return await of_itself(asked, place, owed)
    below = await viewer.session.places.below(place.id, level, viewer.today)
    every = await units_asked(viewer, below, owed.entry, owed.period)
    if not every:
        return None
    [coverage] = await cover(viewer, [unit.id for unit in every], [owed])
    units = units_told(query, every, coverage)
    key = "asking.units_sent" if query.reported else "asking.units_missing"
    return viewer.say(
        key if units else f"{key}_none",
        form=owed.label(viewer.locale),
        level=asked.level(level),
        n=len(units),
        expected=len(every),
        names=first_names([own_name(unit) for unit in units], NAMED, " …"),
    )


async def of_itself(asked: Asked, place: Place, owed: Owed) -> Markup | None:
    """When the place itself sent one questionnaire, and until when it had to; None if it is not asked it."""
    if not await units_asked(asked.viewer, [place], owed.entry, owed.period):
        return None
    sent = await village.newest(asked.viewer, place.id, owed)
    return await village.with_deadline(asked.viewer, place, owed, sent)

"""Who has sent nothing, or has sent, in each of several periods in a row: "ai chưa nộp 2 kỳ liên tiếp".

Each questionnaire is judged over its own periods. The newest may still be open, so the periods are named.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from markupsafe import Markup

from figures.coverage import Coverage, Owed, cover, periods_within
from figures.programmes import units_asked
from figures.sources import source_of
from handlers.asking.asked import MOST_BACK, Asked
from handlers.buttons import choice
from handlers.menu import named
from handlers.messages import Choice, Reply, column
from handlers.navigation import ShowUnit, ShowVillage
from handlers.sentences import first_names
from handlers.viewer import Viewer
from plans.levels import LEVELS
from plans.period import Period
from plans.schedule import Entry
from queries.frames import Missing
from storage.places import own_name
from storage.tables import Level, Place

PERIODS: Final = 2
"""How many periods are looked at if no number was said."""
NAMED: Final = 20
"""How many units are named in a row."""
BUTTONS: Final = 8
FEW: Final = 3


async def show(asked: Asked, query: Missing, place: Place) -> Reply:
    """Return, for each questionnaire, the units that sent nothing (or sent) in all periods asked about."""
    level = level_of(query, place)
    entries = of_length(await entries_asked(asked, query.domain, level), query.when.unit)
    known = [one for entry in entries if (one := await units_of_each(asked, query, place, entry))]
    if not known:
        return Reply(asked.viewer.say("asking.unsent_not_asked", level=asked.level(level)))
    # Of many questionnaires only those are told in full that some unit has left out.
    full = [one for one in known if one.units] if len(known) > FEW else known
    lines = [told(asked, query, one) for one in full]
    if len(full) < len(known):
        lines.append(asked.viewer.say("asking.unsent_others", n=len(known) - len(full)))
    units = {unit.id: unit for one in known for unit in one.units if not one.is_all}
    return Reply(Markup("\n").join(lines), column(*ways_on(asked, [*units.values()], place)))


def of_length(entries: Sequence[Entry], unit: str) -> Sequence[Entry]:
    """Return the questionnaires asked once in each such period, if one was named and there are any: "2 tháng liền"
    means monthly ones."""
    return [entry for entry in entries if entry.kind == unit] or entries


def level_of(query: Missing, place: Place) -> Level:
    """Return the level that is asked about: the one named, else villages."""
    return Level(query.level) if query.level and place.level != Level.VILLAGE else Level.VILLAGE


async def entries_asked(asked: Asked, domain: str, level: str) -> Sequence[Entry]:
    """Return the questionnaires that units of a level are asked: those with the domain's figures; all without a domain."""
    viewer = asked.viewer
    active = await viewer.library.active_forms(viewer.session)
    forms = set(active)
    if domain:
        forms &= await forms_of(asked, domain, level)
    return [one for one in viewer.plans.entries if one.level == level and one.form in forms]


async def forms_of(asked: Asked, domain: str, level: str) -> set[str]:
    """Return the questionnaires with the main figures of a domain at a level; all of its questionnaires if it has no
    main figure."""
    plans = asked.viewer.plans
    figures = [one for one in plans.indicators.values() if (one.domain, one.level) == (domain, level)]
    chosen = [one for one in figures if one.main] or figures
    sources = [await source_of(asked.viewer, one) for one in chosen]
    return set[str]().union(*(source.forms for source in sources if source))


class Unsent(NamedTuple):
    """One questionnaire: what was asked in each period, the units that the question is about, and how many were asked it."""

    owed: list[Owed]
    units: list[Place]
    expected: int

    @property
    def is_all(self) -> bool:
        """Whether all units that were asked are meant: then none has to be named."""
        return len(self.units) == self.expected > 1


async def units_of_each(asked: Asked, query: Missing, place: Place, entry: Entry) -> Unsent | None:
    """Return the units that sent nothing (or sent) in all periods; None if nobody there is asked, or in too few periods."""
    viewer = asked.viewer
    periods = sorted(periods_of(asked, query, entry), key=lambda period: period.start)
    if len(periods) < (query.when.back or PERIODS):
        return None
    units = await units_then(viewer, place, entry, periods[-1])
    if not units:
        return None
    form = (await viewer.library.active_forms(viewer.session))[entry.form][1]
    return await unsent_of(viewer, query, units, [Owed(form, period, entry) for period in periods])


async def units_then(viewer: Viewer, place: Place, entry: Entry, last: Period) -> Sequence[Place]:
    """Return the units that were asked in a period: what was opened since has no report of it, and what was closed since
    has."""
    if place.level == entry.level:
        return await units_asked(viewer, [place], entry, last)
    then = min(max(last.end, place.first_day), viewer.today)
    below = await viewer.session.places.below(place.id, Level(entry.level), then)
    return await units_asked(viewer, below, entry, last)


async def unsent_of(viewer: Viewer, query: Missing, units: Sequence[Place], owed: list[Owed]) -> Unsent:
    """Return which of some units sent nothing (or sent) of all that they owed."""
    coverages = await cover(viewer, [unit.id for unit in units], owed)
    some = [unit for unit in units if all(is_meant(query, unit, one) for one in coverages)]
    return Unsent(owed, some, len(units))


def is_meant(query: Missing, unit: Place, coverage: Coverage) -> bool:
    """Whether a unit has sent one questionnaire, if those are asked for that have; else whether it has not."""
    return coverage.has_sent(unit.id) if query.reported else unit.id in coverage.missing


def periods_of(asked: Asked, query: Missing, entry: Entry) -> Iterator[Period]:
    """The periods asked about that are asked by now, the newest first."""
    today = asked.viewer.today
    if query.periods:
        first, last = query.periods[0][0], query.periods[-1][1]
        yield from (one for one in periods_within(entry, first, last) if entry.opens(one) <= today)
        return
    period = entry.period(today)
    period = period if entry.opens(period) <= today else period.previous()
    for _ in range(min(query.when.back or PERIODS, MOST_BACK)):
        yield period
        period = period.previous()


def told(asked: Asked, query: Missing, one: Unsent) -> Markup:
    """One questionnaire with its periods, and who has sent nothing (or has sent) in all of them."""
    viewer = asked.viewer
    key = "asking.sent_each" if query.reported else "asking.unsent_each"
    locale = viewer.locale
    return viewer.say(
        f"{key}_all" if one.is_all else key if one.units else f"{key}_none",
        form=one.owed[0].form.title(locale),
        periods=", ".join(owed.period.label(locale) for owed in one.owed),
        level=asked.level(one.owed[0].entry.level),
        n=len(one.units),
        expected=one.expected,
        names=first_names([own_name(unit) for unit in one.units], NAMED, " …"),
    )


def ways_on(asked: Asked, units: Sequence[Place], place: Place) -> Iterator[Choice]:
    """Buttons to the units named, and back to the whole place."""
    for unit in units[:BUTTONS]:
        shows = ShowVillage(unit.id, 0) if unit.level == Level.VILLAGE else ShowUnit(unit.id)
        yield choice(own_name(unit), shows)
    if LEVELS.index(place.level) > LEVELS.index(Level.VILLAGE):
        yield named(asked.viewer, "officer.button.up", ShowUnit(place.id))

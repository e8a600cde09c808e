"""How many reports came in time, how many late and how many not at all: by questionnaire, and by unit if asked for.

A report counts by the day on which it was first sent. What is not due yet is named, and counted nowhere.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from markupsafe import Markup

from figures.completeness import ReportingRate, rate_of, together
from figures.coverage import Coverage, Owed, below, cover, months_back, villages
from handlers.menu import named
from handlers.messages import Choice, Reply, column
from handlers.navigation import ShowUnit
from handlers.screens.places import title
from handlers.screens.reported import missing_button
from handlers.sentences import first_names
from handlers.viewer import Viewer
from queries.frames import Missing
from storage.places import own_name
from storage.tables import Level, Place

NAMED: Final = 40
"""How many villages are named in a row."""
FEW: Final = 12
"""How many of each of several questionnaires."""
LISTED: Final = 20
"""How many units are told one by one."""


class InTime(NamedTuple):
    """A unit with its reports."""

    unit: Place
    rate: ReportingRate


async def page(
    viewer: Viewer, query: Missing, place: Place, asked: Sequence[Owed], note: Markup | str = ""
) -> Reply:
    """Return how far the villages of a unit were in time with the questionnaires `asked`; `note` comes before it."""
    due = [owed for owed in asked if owed.entry.due(owed.period) < viewer.today]
    under = await villages(viewer, place)
    up = named(viewer, "officer.button.up", ShowUnit(place.id))
    if not under:
        nobody = (note, await title(viewer, place), viewer.say("asking.timely.no_villages"))
        return Reply(Markup("\n").join(filter(None, nobody)), column(up))
    coverages = await cover(viewer, [village.id for village in under], due)
    lines = [
        note,
        await title(viewer, place),
        *(told(viewer, "form", rate_of(one), **facts_of(viewer, one.owed)) for one in coverages),
        *in_all(viewer, coverages),
        *late_named(viewer, coverages, under),
        *(in_time_named(viewer, coverages, under) if query.level == Level.VILLAGE else ()),
        *await by_unit(viewer, query, place, due),
        *not_due(viewer, [owed for owed in asked if owed not in due]),
    ]
    return Reply(Markup("\n").join(filter(None, lines)), column(*ways_down(viewer, coverages, place), up))


def facts_of(viewer: Viewer, owed: Owed) -> dict[str, object]:
    """The name of a questionnaire and its due day."""
    return {"form": owed.label(viewer.locale), "due": owed.entry.due(owed.period)}


def told(viewer: Viewer, of: str, rate: ReportingRate, **facts: object) -> Markup:
    """Some reports in one line: in time, late, missing."""
    late, missing = rate.received - rate.on_time, rate.expected - rate.received
    counts = {"on_time": rate.on_time, "expected": rate.expected, "late": late, "missing": missing}
    return viewer.say(f"asking.timely.{of}", **counts, share=rate.timeliness or 0, **facts)


def in_all(viewer: Viewer, coverages: Sequence[Coverage]) -> Iterator[Markup]:
    """The reports of several questionnaires together."""
    if len(coverages) > 1:
        yield told(viewer, "all", together(map(rate_of, coverages)), n=len(coverages))


def late_named(viewer: Viewer, coverages: Sequence[Coverage], under: Sequence[Place]) -> Iterator[Markup]:
    """Which villages sent late, by questionnaire; or that none did."""
    for one in coverages:
        late = [own_name(village) for village in under if village.id in one.late_places]
        if late:
            names = first_names(late, NAMED, " …")
            yield viewer.say("asking.timely.late", form=one.owed.label(viewer.locale), names=names)
    if coverages and not any(one.late for one in coverages):
        yield viewer.say("asking.timely.nobody_late")


def in_time_named(viewer: Viewer, coverages: Sequence[Coverage], under: Sequence[Place]) -> Iterator[Markup]:
    """Which villages sent in time, by questionnaire: all of one, the first few of several."""
    most = NAMED if len(coverages) == 1 else FEW
    for one in coverages:
        aside = one.late_places | one.not_yet | one.newer
        some = [
            own_name(village) for village in under if one.has_sent(village.id) and village.id not in aside
        ]
        if some:
            names = first_names(some, most, " …")
            yield viewer.say("asking.timely.in_time", form=one.owed.label(viewer.locale), names=names)


async def by_unit(viewer: Viewer, query: Missing, place: Place, due: Sequence[Owed]) -> list[Markup]:
    """The units right below a place, if those are asked for, the most timely first; villages only stand by name."""
    if not due or query.level in ("", Level.VILLAGE) or place.level == Level.COMMUNE:
        return []
    units = [await rate_in(viewer, unit, due) for unit in await below(viewer, place)]
    known = sorted((one for one in units if one.rate.expected), key=least_timely, reverse=True)
    return [told(viewer, "unit", one.rate, unit=own_name(one.unit)) for one in known[:LISTED]]


async def rate_in(viewer: Viewer, unit: Place, due: Sequence[Owed]) -> InTime:
    """A unit with the reports of its villages."""
    ids = [village.id for village in await villages(viewer, unit)]
    return InTime(unit, together(map(rate_of, await cover(viewer, ids, [*due]))))


def least_timely(one: InTime) -> tuple[object, int]:
    """Sort key: the share that came in time, then how many came at all."""
    return one.rate.timeliness, one.rate.received


def not_due(viewer: Viewer, ahead: Sequence[Owed]) -> Iterator[Markup]:
    """Name what is not due yet."""
    if ahead:
        forms = "; ".join(owed.label(viewer.locale) for owed in ahead)
        yield viewer.say("asking.timely.not_due", forms=forms)


def ways_down(viewer: Viewer, coverages: Sequence[Coverage], place: Place) -> Iterator[Choice]:
    """Buttons to the villages that have not sent a questionnaire, for the unit whose officer reminds them."""
    if place.level == Level.COMMUNE:
        for one in coverages:
            if one.unsent:
                yield missing_button(viewer, place, months_back(viewer, one.owed), one.owed, one.unsent)

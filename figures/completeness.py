"""Completeness and timeliness of reporting, as DHIS2 defines them.

Of the reports expected, how many were received, and how many of these by their due day. A report of zeros counts as a
report; a correction changes neither rate.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from figures import overdue
from figures.coverage import Coverage, Owed, cover, owed_in, villages
from figures.view import View
from reports.progress import rounded
from storage.tables import Level, Place

COMMUNES: Final = 500
"""With more communes than this (a nation), nobody looks up which have villages in the list."""


@dataclass(frozen=True, slots=True)
class ReportingRate:
    """Numbers of reports expected, received, and received in time."""

    expected: int
    received: int
    on_time: int

    @property
    def completeness(self) -> Decimal | None:
        """Received of expected, in percent; None if none was expected."""
        return percent(self.received, self.expected)

    @property
    def timeliness(self) -> Decimal | None:
        """Received in time of expected, in percent; None if none was expected."""
        return percent(self.on_time, self.expected)


def percent(part: int, whole: int) -> Decimal | None:
    """A share in percent, with one decimal, half up as every other figure."""
    return rounded(Decimal(100 * part) / whole, 1) if whole else None


def rate_of(coverage: Coverage) -> ReportingRate:
    """The rates of one questionnaire over the places that were asked it."""
    return ReportingRate(coverage.expected, coverage.reported, coverage.reported - coverage.late)


def together(rates: Iterable[ReportingRate]) -> ReportingRate:
    """The rates of several questionnaires or grounds together: their sums, never a mean of shares."""
    all_of_them = list(rates)
    return ReportingRate(
        sum(rate.expected for rate in all_of_them),
        sum(rate.received for rate in all_of_them),
        sum(rate.on_time for rate in all_of_them),
    )


async def of_month(view: View, ids: Collection[int], back: int = 0) -> list[tuple[Owed, ReportingRate]]:
    """By questionnaire, the rates for what villages `ids` were first asked this month, or `back` months ago."""
    coverages = await cover(view, sorted(ids), await owed_in(view, back))
    return [(coverage.owed, rate_of(coverage)) for coverage in coverages]


@dataclass(frozen=True)
class LateVillage:
    """A village with the reports that it owes and can still send, the longest overdue first."""

    village: Place
    owed: tuple[Owed, ...]


async def late(view: View, unit: Place) -> list[LateVillage]:
    """The villages of a unit that are late, those with most overdue reports first."""
    under = {village.id: village for village in await villages(view, unit)}
    owing: dict[int, list[Owed]] = {}
    for coverage in await overdue.late(view, list(under)):
        for number in coverage.missing:
            owing.setdefault(number, []).append(coverage.owed)
    listed = [LateVillage(under[number], tuple(owed)) for number, owed in owing.items()]
    return sorted(listed, key=lambda one: (-len(one.owed), one.village.search, one.village.id))


class CommunesListed(NamedTuple):
    """How many communes of a place have villages in the list, of how many."""

    some: int
    every: int


async def listed(view: View, place: Place) -> CommunesListed | None:
    """How many communes have villages in the list, where some have none; None where all have, and for a commune or a
    village."""
    if place.level in (Level.VILLAGE, Level.COMMUNE):
        return None
    communes = await view.session.places.ids_below(place.id, Level.COMMUNE, view.today)
    if len(communes) > COMMUNES:
        return None
    of_each = [await view.session.places.ids_below(id, Level.VILLAGE, view.today) for id in communes]
    some = sum(map(bool, of_each))
    return None if some == len(communes) else CommunesListed(some, len(communes))

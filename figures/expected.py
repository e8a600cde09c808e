"""Whose reports make up a unit's figures on a day: those of the places on its ground then, not of today's.

For what a questionnaire counts, a merger takes effect when an heir first reports the new ground
(`storage.ledger.heirs`). Until then a merged place stays among those expected, with its last value, and a place opened
for the merger is not one of them yet. So neither a figure nor its coverage changes without a report.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from sqlmodel import col, select

from figures.sources import FigureDays, Groups, Source
from figures.view import View
from plans.period import Period
from storage import ledger, submissions
from storage.ledger import LedgerWay
from storage.levels import LASTING
from storage.places import stands
from storage.tables import Level, Place


@dataclass(frozen=True, slots=True)
class Ended:
    """A place that was closed. `within`: the units that its ground is part of today. `heirs`: its successors, and
    theirs. `gone`: since when its stocks no longer count; None while an heir is awaited. `replaced`: since when an
    heir's reports hold its ground; for periods that end from then on no flow of its own counts, either."""

    place: Place
    within: frozenset[int]
    heirs: frozenset[int]
    gone: date | None
    replaced: date | None = None

    @classmethod
    def of(cls, place: Place, way: LedgerWay, today: int, replaced: Sequence[int]) -> "Ended":
        """A closed place whose reports count where `way` leads; `replaced`: when heirs' reports replaced them."""
        days = [*replaced, way.ending] if way.ending else replaced
        heirs = frozenset[int]().union(*(step.heirs for step in way.went))
        return cls(place, way.on(today), heirs, first_of(days), first_of(replaced))

    def waits(self, day: date) -> bool:
        """Whether it is closed on a day and an heir is still awaited; its value then stands, if it has one."""
        last = self.place.last_day
        return last is not None and last < day and (self.gone is None or self.gone > day)


def first_of(days: Collection[int]) -> date | None:
    """The first of some days, given as ordinals; None if there are none."""
    return date.fromordinal(min(days)) if days else None


@dataclass(frozen=True, slots=True)
class InPlaceOf:
    """Closed places that still count beside some that stand."""

    closed: frozenset[int] = frozenset()
    stood: frozenset[int] = frozenset()
    """Those of them that were not closed yet on the day looked at."""
    by_heir: Mapping[int, frozenset[int]] = field(default_factory=dict)
    """For each place that was opened for some of them, and is not expected itself until it reports, which these are."""


NOBODY_ELSE: Final = InPlaceOf()


def ids_of(some: Iterable[Ended]) -> frozenset[int]:
    """The ids of some closed places."""
    return frozenset(one.place.id for one in some)


def made_of(heir: int, some: Iterable[Ended]) -> frozenset[int]:
    """The ids of those of some closed places that went into another."""
    return ids_of(one for one in some if heir in one.heirs)


@dataclass(frozen=True)
class Expected:
    """The places whose reports make up the figures of some questionnaires, for places of one level."""

    view: View
    level: str
    forms: tuple[str, ...]

    @classmethod
    def by(cls, view: View, source: Source) -> "Expected":
        """Return whose reports make up the figures of a source."""
        return cls(view, source.indicator.level, source.forms)

    async def on(self, groups: Groups, day: date) -> Groups:
        """Return, for each unit, the places that make up its figures on a day, given those that stand there today.

        A single village stands for itself, and so does any place once it is closed. A commune stands for its ground.
        """
        larger = self.of_grounds(groups)
        ended = await self.ended() if larger else ()
        if not ended:
            return groups
        alone: Groups = {one.place.id: {one.place.id} for one in ended if one.place.id in larger}
        counting = await self.counting(ended, day)
        # One that stands today may be gone by a later day.
        others = {one.place.id for one in ended if one not in counting} | await self.opened_for(counting)
        inside = await self.inside(larger - alone.keys(), counting)
        there: Groups = {
            unit: {*groups[unit], *(one.place.id for one in some)} - others for unit, some in inside.items()
        }
        return {**groups, **there, **alone}

    async def counting(self, ended: Collection[Ended], day: date) -> list[Ended]:
        """Return the closed places that count on a day: they stood then, or an heir is awaited."""
        standing = [one for one in ended if stands(one.place, day)]
        return standing + await self.with_a_value([one for one in ended if one.waits(day)], day)

    async def in_place_of(self, ids: Collection[int], day: date) -> InPlaceOf:
        """Return the closed places that count on a day among some places and went into these."""
        if (await self.view.session.places.entered(self.level)).isdisjoint(ids):
            return NOBODY_ELSE
        counting = await self.counting_beside(ids, day)
        if not counting:
            return NOBODY_ELSE
        opened = (await self.opened_for(counting)).intersection(ids)
        stood = ids_of(one for one in counting if stands(one.place, day))
        return InPlaceOf(ids_of(counting), stood, {heir: made_of(heir, counting) for heir in opened})

    async def counting_beside(self, ids: Collection[int], day: date) -> list[Ended]:
        """Return the closed places that went into some places, count on a day, and are none of them."""
        some = [one for one in await self.ended() if not one.heirs.isdisjoint(ids)]
        return [one for one in await self.counting(some, day) if one.place.id not in ids] if some else []

    def of_grounds(self, groups: Groups) -> set[int]:
        """Return the units whose figures are of a ground, whoever reported on it: all but single villages, whose figures
        are of their own reports."""
        return {unit for unit, places in groups.items() if unit not in places or self.level != Level.VILLAGE}

    async def are_closed(self, units: Collection[int]) -> bool:
        """Whether one of some units has reported and is closed: what it said is in its heir's sums, not in its own."""
        closed = ids_of(one for one in await self.ended() if not stands(one.place, self.view.today))
        return not closed.isdisjoint(units)

    async def holds_others(self, unit: int) -> bool:
        """Whether a closed place that reported like a unit went into it: the unit's figures may hold its numbers."""
        session = self.view.session
        if self.level in LASTING or not (went := await session.places.went_into(unit)):
            return False
        return bool(await session.recall(("reporters", went), lambda: submissions.reporters(session, went)))

    async def is_heard(self, heir: int, period: Period) -> bool:
        """Whether all that a place was made of reported for a period, and it is not expected to do so again."""
        parts = (await self.in_place_of((heir,), period.end)).by_heir.get(heir, frozenset())
        some = [one for one in await self.ended() if one.place.id in parts]
        return bool(some) and len(await self.reporting(some, period)) == len(some)

    async def is_answered_for(self, heir: Place, period: Period) -> bool:
        """Whether a place was opened for others, and all of them, also what had never reported before, answered themselves
        what is asked only for this period: it has nothing to add."""
        if heir.id not in await self.view.session.places.entered(self.level):
            return False
        steps = await self.view.session.places.successions(heir.id)
        parts = {old.id: step for step, old, new in steps if new.id == heir.id}
        whole = all(step.whole and step.day <= heir.first_day for step in parts.values())
        some = [one for one in await self.ended() if one.place.id in parts]
        return bool(parts) and whole and len(await self.reporting(some, period)) == len(parts)

    async def by_themselves(self, unit: int, period: Period, *, stock: bool) -> list[Ended]:
        """Return the closed places whose own numbers count in a unit's figure of a period: they stood at its end, or an
        heir is awaited. Of a flow those that reported for it."""
        if stock:
            some = await self.with_a_value(await self.counting(await self.ended(), period.end), period.end)
        else:
            some = await self.flowing_from(period)
        return (await self.inside([unit], some))[unit]

    async def gone(self, units: Collection[int], days: FigureDays | Period) -> dict[int, frozenset[int]]:
        """Return, by unit, the closed places whose stocks ended after the first of some days; units without any are
        left out."""
        gone = [one for one in await self.ended() if one.gone and days.start < one.gone <= days.end]
        return await self.ids_inside(units, gone)

    async def unheard(self, units: Collection[int], period: Period) -> dict[int, frozenset[int]]:
        """Return, by unit, the closed places that reported for a period at whose end their stocks no longer counted;
        units without any are left out."""
        gone = [one for one in await self.ended() if one.gone and one.gone <= period.end]
        return await self.ids_inside(units, await self.reporting(gone, period))

    async def flowing(self, groups: Groups, period: Period) -> Groups:
        """Return, for each unit, the places whose reports for a period make up its flows, given those that stand today."""
        there = await self.on(groups, period.end)
        gone = await self.ids_inside(self.of_grounds(there), await self.flowing_from(period))
        return {unit: {*places, *gone.get(unit, ())} for unit, places in there.items()}

    async def flowing_from(self, period: Period) -> list[Ended]:
        """Return the closed places whose own reports for a period make up its flows: no heir has reported it for them."""
        own = [one for one in await self.ended() if one.replaced is None or one.replaced > period.end]
        return await self.reporting(own, period)

    async def ids_inside(self, units: Collection[int], some: list[Ended]) -> dict[int, frozenset[int]]:
        """Return the ids of closed places by the unit that they count in; units without any are left out."""
        inside = await self.inside(units, some)
        return {unit: ids_of(there) for unit, there in inside.items() if there}

    async def reporting(self, some: Collection[Ended], period: Period) -> list[Ended]:
        """Return those of some places that reported for exactly a period."""
        ids = tuple(one.place.id for one in some)

        async def ask() -> frozenset[int]:
            said = await submissions.reported(self.view.session, ids, dict.fromkeys(self.forms, period.key))
            return frozenset[int]().union(*said.values())

        known = await self.view.session.recall(("reporting", ids, self.forms, period), ask) if ids else ()
        return [one for one in some if one.place.id in known]

    async def ended(self) -> tuple[Ended, ...]:
        """Return the closed places that have ever reported anything."""
        key = ("ended", self.level, self.forms, self.view.today)
        return await self.view.session.recall(key, self.ask_ended)

    async def ask_ended(self) -> tuple[Ended, ...]:
        """Query the same."""
        # A former province or district still reports on its ground, so that its stocks stand.
        if self.level in LASTING:
            return ()
        session, today = self.view.session, self.view.today.toordinal()
        ended: list[Ended] = []
        for number, (way, days) in (await session.recall(("ways", self.level), self.ways)).items():
            if (place := await session.places.get(number)) is not None:
                ended.append(Ended.of(place, way, today, [days[form] for form in self.forms if form in days]))
        return tuple(ended)

    async def ways(self) -> Mapping[int, tuple[LedgerWay, Mapping[str, int]]]:
        """Return, by closed place that has reported, where its reports count, and when heirs' replaced them, by
        questionnaire."""
        session = self.view.session

        async def ask() -> frozenset[int]:
            closed = select(Place.id).where(Place.level == self.level, col(Place.last_day).is_not(None))
            return frozenset(await session.exec(closed))

        closed = await session.places.remember(("closed", self.level), ask)
        ways = {
            place: await ledger.way_of(session, place)
            for place in await submissions.reporters(session, closed)
        }
        replaced = await ledger.replaced(session, ways) if ways else {}
        return {place: (way, replaced.get(place, {})) for place, way in ways.items()}

    async def with_a_value(self, some: Collection[Ended], day: date) -> list[Ended]:
        """Return those of some places that have reported by a day."""
        ids = tuple(one.place.id for one in some)

        async def ask() -> frozenset[int]:
            newest = await submissions.newest(self.view.session, ids, dict.fromkeys(self.forms, day))
            return frozenset(report.place_id for report in newest)

        known = await self.view.session.recall(("with a value", ids, self.forms, day), ask) if ids else ()
        return [one for one in some if one.place.id in known]

    async def opened_for(self, counting: Iterable[Ended]) -> set[int]:
        """Return the places that were opened after a place that still counts was closed, and that are its successors."""
        session, opened = self.view.session, set[int]()
        for one in counting:
            for heir in one.heirs:
                place = await session.places.get(heir)
                if place is not None and place.first_day > (one.place.last_day or date.max):
                    opened.add(heir)
        return opened

    async def inside(self, units: Collection[int], some: Collection[Ended]) -> dict[int, list[Ended]]:
        """Return those of some places that lie in each unit today."""
        return await inside(self.view, units, some)


async def inside(view: View, units: Collection[int], some: Collection[Ended]) -> dict[int, list[Ended]]:
    """Return those of some closed places that lie in each unit today."""
    if not some:
        return {unit: [] for unit in units}
    parts = await ledger.parts_of(view.session, units, view.today)
    return {unit: [one for one in some if not one.within.isdisjoint(parts[unit])] for unit in units}

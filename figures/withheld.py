"""What readers from outside a commune are not told: whose figures, and which totals.

`figures.small` says which numbers are small and when a sum leaves them unknown. Here this is applied to villages in
their commune, communes in their province, and provinces in the nation. A total that would reveal a small number is
withheld too. Since it could be computed from the next larger total and its other parts, the smallest other parts are
withheld with it, with everything in them. If they do not suffice, the larger total is withheld as well.

What was withheld of an earlier period is carried forward into later totals until something newer is reported, and
stays unknown.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from figures.closed import ended_within
from figures.counted import Counted
from figures.counting import count
from figures.expected import Expected
from figures.former import is_former_or_district, lies_across, strays_of
from figures.ground import below
from figures.kept_back import (
    KeptBack,
    UnitPart,
    Unknown,
    close_of,
    in_commune,
    older_periods,
    part_of,
    still_hidden,
    suffice,
    units_covered,
)
from figures.single import Reports
from figures.small import added, is_small, value_of
from figures.sources import Groups, Source, span_of
from figures.view import View
from plans.period import Period
from storage import ledger
from storage.places import stands
from storage.tables import Level, Place

BELOW: Final = {Level.NATION: Level.PROVINCE, Level.PROVINCE: Level.COMMUNE}
"""The units that make up a total: villages for a commune, and so on. A district or a former unit, which lies across
others (`lies_across`), has its total told if none of its communes is withheld, or if all are that are withheld in
their province: then it tells no more than the province's. To its own officers, who are told nothing around it, it is
what a province is to others."""
BACK: Final = 6
"""How many reports back withheld numbers are followed. A number of this period is carried into the next, where it may
have caused another to be withheld, and so on."""


@dataclass
class Withheld:
    """What one reader is not told of one indicator in one period. Looks at each unit once."""

    view: View
    source: Source
    period: Period
    back: int = BACK
    within_unit: dict[int, KeptBack] = field(default_factory=dict)
    earlier: dict[tuple[Period, int], "Withheld"] = field(default_factory=dict)
    """The same for earlier periods, and how far back each goes; shared, because many lead to the same ones."""
    sums: dict[int, UnitPart] = field(default_factory=dict)
    reports: Reports = field(default_factory=Reports)

    @property
    def own(self) -> frozenset[int]:
        """Where the reader holds a role."""
        return frozenset(role.place_id for role in self.view.roles)

    def of(self, period: Period) -> "Withheld":
        """The same for an earlier period."""
        key = (period, self.back - 1)
        if key not in self.earlier:
            self.earlier[key] = replace(self, period=period, back=self.back - 1, within_unit={}, sums={})
        return self.earlier[key]

    async def around(self, place: Place, *, with_villages: bool = False) -> frozenset[int]:
        """What is withheld around a place, up to where the reader is told totals.

        From a village's commune upwards, or a commune's province; `with_villages`: of the commune's villages too.
        """
        units = await self.of_closed(place)
        way = [place, *await self.above(place)]
        closer = with_villages or place.level == Level.VILLAGE
        for unit in way:
            if unit.level == Level.COMMUNE:
                # Which communes' totals are withheld can be found out if their province's totals are told.
                if closer or not await self.is_province_told(way):
                    units |= await self.with_total(unit)
                units |= await self.within_own([unit.id])
            elif unit.level in BELOW and unit is not place and await self.is_told(unit):
                units |= (await self.within(unit)).units
        return units

    async def above(self, place: Place) -> list[Place]:
        """What a place lies in; a village that was closed counts where it went, and is kept back with what is there."""
        session, today = self.view.session, self.view.today
        if place.level != Level.VILLAGE or stands(place, today):
            return await session.places.ancestors(place.id, today)
        return await self.units((await ledger.way_of(session, place.id)).on(today.toordinal()))

    async def of_closed(self, place: Place) -> frozenset[int]:
        """A closed village if its number is small: once an heir has reported its ground, it is in no total."""
        if place.level != Level.VILLAGE or stands(place, self.view.today):
            return frozenset()
        counted = await self.villages((place.id,))
        return frozenset(id for id, one in counted.items() if is_small(value_of(one)))

    async def is_province_told(self, way: Sequence[Place]) -> bool:
        """Whether the reader is told the totals of the province above a place."""
        return any([await self.is_told(unit) for unit in way if unit.level == Level.PROVINCE])

    async def with_total(self, commune: Place) -> frozenset[int]:
        """What is withheld in a commune, and the commune itself if its total is."""
        kept = await self.within(commune)
        return kept.units | {commune.id} if kept.unknown else kept.units

    async def has_total_kept(self, unit: Place) -> bool:
        """Whether the total of a unit above communes is withheld, for its own sake or to hide another."""
        if unit == await self.own_former():
            return bool((await self.within(unit)).unknown)
        if lies_across(self.view, unit):
            return await self.keeps_part_of(unit) or await self.keeps_strays_of(unit)
        ancestors = await self.view.session.places.ancestors(unit.id, self.view.today)
        if above := [one for one in ancestors if await self.is_told(one)]:
            return any([unit.id in (await self.within(one)).units for one in above])
        part = (await self.total_of(unit)) if self.source.alone else None
        if not (part is None or part.may_tell):
            return False
        return bool((await self.in_units(unit, total_only=True)).unknown)

    async def keeps_part_of(self, former: Place) -> bool:
        """Whether a commune of a former unit or a district is withheld: the rest of its total would reveal it, unless it
        is the rest of a province's total too."""
        communes = await self.view.session.places.ids_below(former.id, Level.COMMUNE, self.view.today)
        hidden = communes & await self.totals_kept(sorted(communes))
        above = await self.provinces_of(hidden)
        provinces = {unit.id: unit for unit in above.values()}.values()
        return bool(hidden - above.keys()) or any(
            [not await self.are_all_among(communes, unit) for unit in provinces]
        )

    async def keeps_strays_of(self, former: Place) -> bool:
        """Whether a village is withheld that alone, without its commune, is ground of a former unit."""
        strays = await strays_of(self.view, former)
        above = await self.view.session.places.parents_above(sorted(strays), self.view.today)
        for stray in strays & above.keys():
            if stray in await self.around(above[stray], with_villages=True):
                return True
        return False

    async def are_all_among(self, communes: Collection[int], province: Place) -> bool:
        """Whether a province's total is told, and all communes that are withheld in it are among some."""
        if not await self.is_told(province) or await self.has_total_kept(province):
            return False
        inside = await self.view.session.places.ids_below(province.id, Level.COMMUNE, self.view.today)
        return inside & (await self.within(province)).units <= set(communes)

    async def own_former(self) -> Place | None:
        """The one former district or province where the reader holds a role, if the totals around it are not told."""
        key = ("own former", self.own, self.view.today)
        return await self.view.session.places.remember(key, self.ask_own_former)

    async def ask_own_former(self) -> Place | None:
        """Query the same."""
        held = [unit for unit in await self.units(sorted(self.own)) if is_former_or_district(self.view, unit)]
        if len(held) != 1:
            return None
        communes = await self.view.session.places.ids_below(held[0].id, Level.COMMUNE, self.view.today)
        above = (await self.provinces_of(communes)).values()
        return None if any([await self.is_told(unit) for unit in above]) else held[0]

    async def within_own(self, communes: Collection[int]) -> frozenset[int]:
        """What is withheld in the reader's own former district or province, if any of these communes lies in it."""
        own = await self.own_former()
        if own is None:
            return frozenset()
        inside = await self.view.session.places.ids_below(own.id, Level.COMMUNE, self.view.today)
        return frozenset() if inside.isdisjoint(communes) else (await self.within(own)).units

    async def totals_kept(self, communes: Sequence[int]) -> frozenset[int]:
        """What is withheld around some communes, including their totals."""
        above = await self.provinces_of(communes)
        provinces = {unit.id: unit for unit in above.values()}
        told = {id: unit for id, unit in provinces.items() if await self.is_told(unit)}
        await self.prepare(told)
        units = frozenset[int]()
        for unit in told.values():
            units |= await self.around(unit) | (await self.within(unit)).units
        units |= await self.within_own(communes)
        alone = await self.telling([id for id in communes if id not in above or above[id].id not in told])
        await self.look_into(alone)
        return units | {id for id in alone if self.within_unit[id].unknown}

    async def telling(self, communes: Sequence[int]) -> Sequence[int]:
        """Those of some communes whose total may reveal a number in it; the others' villages need not be read."""
        if not self.source.alone:
            return communes
        parts = await self.summed(communes)
        return [id for id, part in parts.items() if part.may_tell or part.stale]

    async def total_of(self, unit: Place) -> UnitPart:
        """A unit's own total."""
        return (await self.summed([unit.id]))[unit.id]

    async def known_in(self, unit: Place) -> int:
        """From how many places of a unit something is known."""
        if self.source.alone and unit.level != Level.VILLAGE:
            return (await self.total_of(unit)).known
        groups = await below(self.view.session, (unit.id,), Level.VILLAGE, self.view.today)
        return (await count(self.view, self.source, groups, span_of(self.period)))[unit.id].known

    async def is_told(self, unit: Place) -> bool:
        """Whether the reader is told what is in a unit above communes: with a role there or above, or without any role."""
        above = await self.view.session.places.ancestors(unit.id, self.view.today)
        return not self.own or bool(self.own & {unit.id, *(one.id for one in above)})

    async def within(self, unit: Place) -> KeptBack:
        """What is withheld within a unit above the villages."""
        if unit.id not in self.within_unit:
            if unit.level == Level.COMMUNE:
                await self.look_into([unit.id])
            else:
                self.within_unit[unit.id] = await self.in_units(unit)
        return self.within_unit[unit.id]

    # --- villages in communes -------------------------------------------------------------------------

    async def look_into(self, communes: Iterable[int]) -> None:
        """Find which villages of some communes are withheld, and whether the communes' totals are."""
        fresh = [commune for commune in communes if commune not in self.within_unit]
        groups = await self.groups_in(fresh)
        counted = await self.villages(set().union(*groups.values()))
        hidden = await self.hidden_before(counted, fresh)
        for commune, group in groups.items():
            known = {id: counted[id] for id in group if id in counted}
            self.within_unit[commune] = in_commune(known, hidden)

    async def groups_in(self, communes: Collection[int]) -> Groups:
        """The villages that the totals of some communes are of; of what is counted anew each period also those that ended
        within it, unless an heir has said it for them."""
        groups: Groups = await below(self.view.session, tuple(communes), Level.VILLAGE, self.view.today)
        if self.source.indicator.level != Level.VILLAGE:
            return groups
        expected = Expected.by(self.view, self.source)
        if self.source.indicator.stock:
            return await expected.on(groups, self.period.end)
        return await expected.flowing(groups, self.period)

    async def villages_of(self, commune: Place) -> Collection[int]:
        """The same of one commune."""
        return (await self.groups_in([commune.id]))[commune.id]

    async def villages(self, ids: Iterable[int]) -> dict[int, Counted]:
        """The villages' figures, with values carried forward if a total holds them; villages without any are left out."""
        alone = {id: {id} for id in sorted(ids)}
        counted = await count(self.view, self.source, alone, span_of(self.period), self.reports)
        if not self.source.indicator.stock:
            # Totals of what is counted anew each period contain nothing older.
            counted = {id: replace(one, older=None) for id, one in counted.items()}
        return {id: one for id, one in counted.items() if value_of(one).numerator is not None}

    async def hidden_before(self, counted: Mapping[int, Counted], communes: Sequence[int]) -> set[int]:
        """The villages whose older value was withheld in its own period."""
        hidden: set[int] = set()
        for period, villages in older_periods(counted).items() if self.back else ():
            before = self.of(period)
            await before.prepare({unit.id for unit in (await self.provinces_of(communes)).values()})
            await before.look_into(communes)
            for commune in await self.units(communes):
                hidden |= villages & await before.around(commune, with_villages=True)
        return hidden

    async def provinces_of(self, communes: Collection[int]) -> dict[int, Place]:
        """The province of each of some communes, even if a district lies between."""
        parents = await self.view.session.places.parents_above(sorted(communes), self.view.today)
        provinces = {}
        for commune in communes:
            unit = parents.get(commune)
            while unit is not None and unit.level == Level.DISTRICT:
                unit = parents.get(unit.id)
            if unit is not None:
                provinces[commune] = unit
        return provinces

    async def unknown_in(self, commune: Place) -> Unknown:
        """What is withheld of a commune's villages."""
        around = await self.around(commune, with_villages=True)
        counted = await self.villages(around.intersection(await self.villages_of(commune)))
        # A carried value that was told in its own period is known.
        before = await self.hidden_before(counted, [commune.id])
        fresh = {id: one.figure for id, one in counted.items() if one.period is not None}
        return Unknown(fresh, {id: older for id in before if (older := counted[id].older)})

    # --- communes in provinces, and these in the nation -----------------------------------------------

    async def in_units(self, unit: Place, *, total_only: bool = False) -> KeptBack:
        """Which units of a unit above communes are withheld, and whether its total is; the latter alone is quicker to
        find."""
        level = BELOW.get(Level(unit.level), Level.COMMUNE)
        parts = await self.parts(unit, level)
        if total_only and suffice(parts.values()):
            return KeptBack()
        kept = await self.kept_of(parts, level)
        for stale in await self.hidden_units_before(unit, parts):
            # Everything in it was withheld together with it; looking at it alone would not find its parts.
            kept[stale] = KeptBack(await self.inside([stale]), (still_hidden(parts[stale].total),))
        bad = {id: added(one.unknown) for id, one in sorted(kept.items()) if one.unknown}
        fresh = {id: part.fresh for id, part in parts.items() if id not in bad}
        covers, unknown = units_covered(list(bad.values()), fresh)
        units = frozenset[int]().union(*(one.units for one in kept.values()))
        return KeptBack(units | set(bad) | covers | await self.inside(covers), unknown)

    async def parts(self, unit: Place, level: Level) -> dict[int, UnitPart]:
        """The units of a level with their totals, except those whose villages the reader knows."""
        groups = await self.far_below([unit.id], level)
        if self.source.alone:
            return await self.summed(list(groups))
        counted = await count(self.view, self.source, groups, span_of(self.period))
        return {id: part_of(one) for id, one in counted.items()}

    async def far_below(self, units: Iterable[int], level: Level) -> dict[int, set[int]]:
        """The units of a level within others, each with its villages, except those whose villages the reader knows."""
        places, today = self.view.session.places, self.view.today
        far: list[int] = []
        for unit in units:
            ids = sorted(await places.ids_below(unit, level, today))
            far += [id for id in ids if not await self.is_near(id, level)]
        groups = await below(self.view.session, tuple(far), Level.VILLAGE, today)
        return {id: group for id, group in groups.items() if group}

    async def prepare(self, provinces: Collection[int]) -> None:
        """Read at once what several provinces need: their communes' totals, and the villages of communes that may
        reveal something."""
        if not self.source.alone or len(provinces) < 2:
            return
        parts = await self.summed(list(await self.far_below(provinces, Level.COMMUNE)))
        await self.look_into(close_of(parts))

    async def is_near(self, unit: int, level: Level) -> bool:
        """Whether the reader knows a commune's villages, or those of all communes of a larger unit."""
        if level == Level.COMMUNE or not self.own:
            return unit in self.own
        communes = await self.view.session.places.ids_below(unit, Level.COMMUNE, self.view.today)
        return bool(communes) and communes <= self.own

    async def summed(self, units: Sequence[int]) -> dict[int, UnitPart]:
        """The same from the ledger's sums, each read once."""
        self.sums |= await self.read_sums([id for id in units if id not in self.sums])
        return {id: self.sums[id] for id in units}

    async def read_sums(self, units: Sequence[int]) -> dict[int, UnitPart]:
        """The ledger's sums for some units."""
        if not units:
            return {}
        indicator, today = self.source.indicator, self.view.today
        on = (self.view.session, units, self.source.entry.form, [indicator.id])
        said = await ledger.said(*on, self.period, today)
        stands, ended = said, dict[int, ledger.Total]()
        if indicator.stock:
            stands = await ledger.standing(*on, self.period.end, today)
            ended = await ended_within(self.view, self.source, units, self.period)
        parts: dict[int, UnitPart] = {}
        for id in units:
            total = stands.get(id, {}).get(indicator.id, ledger.NOTHING)
            fresh = said.get(id, {}).get(indicator.id, ledger.NOTHING).less(ended.get(id, ledger.NOTHING))
            parts[id] = UnitPart(total.figure(indicator), total.reports, fresh.figure(indicator))
        return parts

    async def kept_of(self, parts: Mapping[int, UnitPart], level: Level) -> dict[int, KeptBack]:
        """What is withheld in each of some units; only those that may have something are looked at."""
        close = close_of(parts)
        if level == Level.COMMUNE:
            await self.look_into(close)
            return {id: self.within_unit[id] for id in close}
        await self.prepare(close)
        return {unit.id: await self.in_units(unit, total_only=True) for unit in await self.units(close)}

    async def units(self, ids: Iterable[int]) -> list[Place]:
        """The units with these ids."""
        known = [await self.view.session.places.get(id) for id in ids]
        return [unit for unit in known if unit is not None]

    async def hidden_units_before(self, unit: Place, parts: Mapping[int, UnitPart]) -> frozenset[int]:
        """The units that reported nothing for the period and were withheld when they last did; beyond what is
        followed, all of them."""
        stale = frozenset(id for id, part in parts.items() if part.carries)
        if not stale or not self.back:
            return stale
        entry, today = self.source.entry, self.view.today
        on = (self.view.session, stale, entry.form, self.period, self.period.start - timedelta(days=1))
        last = await ledger.latest(*on, today)
        if last is None:
            return frozenset()
        # Also what was withheld with all of the unit, which then hid another one beside it.
        before = self.of(last)
        return stale & ((await before.within(unit)).units | await before.around(unit))

    async def inside(self, units: Collection[int]) -> frozenset[int]:
        """Everything that lies in some units."""
        places, today = self.view.session.places, self.view.today
        levels = (Level.COMMUNE, Level.VILLAGE)
        below_them = [await places.ids_below(unit, level, today) for unit in units for level in levels]
        expected = Expected.by(self.view, self.source)
        closed = await expected.inside(units, await expected.ended())
        gone = {one.place.id for some in closed.values() for one in some}
        return frozenset(gone).union(*below_them)

"""What stays in its commune, for somebody who looks from outside: whose figures, and which totals, are not told.

`figures.small` says which numbers are small, and when a sum leaves them open. Here this is done for villages in their
commune, communes in their province and provinces in the nation. A total that would give a small number away is kept back
itself; and because the next larger total less the others would be the same, the smallest others are kept back with it, and
all that lies in them. Where they do not suffice, the larger total is kept back too.

What was kept back of an earlier period stands in later totals for as long as nothing newer is reported: it stays unknown.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from figures.counted import Counted, Older
from figures.counting import count
from figures.ground import below
from figures.single import Reports
from figures.small import (
    SMALL,
    added,
    is_small,
    leaves_open,
    leaves_units_open,
    numbers_of,
    value_of,
    with_covers,
)
from figures.sources import Source, span_of
from figures.view import View
from plans.period import Period
from plans.rollup import Figure
from storage import ledger
from storage.tables import Level, Place

BELOW: Final = {Level.NATION: Level.PROVINCE, Level.PROVINCE: Level.COMMUNE}
"""Of which units a total is made up. That of a commune is made up of villages; that of a former district, which lies across
others, is told where none of its communes is kept back."""
BACK: Final = 6
"""Over so many reports that stand in for each other it is followed what was kept back: a village's of this period stands in
the next, which hid another's to cover for it, and so on."""


@dataclass(frozen=True)
class KeptBack:
    """What is kept back within a unit, and whether its total is.

    `unknown`: the numbers whose sum its total tells, so closely that one of them is found; none where it may be told.
    """

    units: frozenset[int] = frozenset()
    unknown: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class UnitPart:
    """A unit's total, of how many places it is, and what of it was reported for just the period."""

    total: Figure
    known: int
    fresh: Figure

    @property
    def may_tell(self) -> bool:
        """Whether its total may give away a number in it: a quick look, which most totals do not pass."""
        return any(
            number and spare < SMALL for number, spare in zip(numbers_of(self.total), self.spare, strict=True)
        )

    @property
    def spare(self) -> tuple[Decimal, ...]:
        """How much more it is at least, in part, rest and whole, than one for each place."""
        return tuple(
            max((number or Decimal(0)) - self.known, Decimal(0)) for number in numbers_of(self.fresh)
        )

    @property
    def stale(self) -> bool:
        """Whether nothing of it was reported for the period."""
        return self.known > 0 and self.fresh.numerator is None


class Unknown(NamedTuple):
    """What is kept back of a commune's villages, by their ids."""

    fresh: Mapping[int, Figure]
    """What they reported for the period."""
    standing: Mapping[int, Older]
    """What stands in for it, and was kept back of its own period."""

    @property
    def ids(self) -> AbstractSet[int]:
        """Which villages these are."""
        return self.fresh.keys() | self.standing.keys()


NONE_UNKNOWN: Final = Unknown({}, {})


def still_hidden(figure: Figure) -> Figure:
    """Stands for a number that was kept back before and stands in now: nothing may tell it, however large it is."""
    return Figure(figure.indicator, None, Decimal(1), None if figure.denominator is None else Decimal(2))


def suffice(parts: Collection[UnitPart]) -> bool:
    """Whether these units can cover for each other, whatever is in them: then the total of all may be told."""
    if any(part.stale for part in parts):
        return False
    spare = [sum(column) for column in zip(*(part.spare for part in parts), strict=True)]
    totals = zip(*(numbers_of(part.total) for part in parts), strict=True)
    return all(more >= SMALL or not any(column) for more, column in zip(spare, totals, strict=True))


@dataclass
class Withheld:
    """What is kept back of one indicator of one period from somebody. Each unit is looked at once."""

    view: View
    source: Source
    period: Period
    back: int = BACK
    within_unit: dict[int, KeptBack] = field(default_factory=dict)
    earlier: dict[tuple[Period, int], "Withheld"] = field(default_factory=dict)
    """The same of earlier periods, and how far each goes back: shared by all, for many lead to the same ones."""
    sums: dict[int, UnitPart] = field(default_factory=dict)
    reports: Reports = field(default_factory=Reports)

    @property
    def own(self) -> frozenset[int]:
        """Where somebody holds a role."""
        return frozenset(role.place_id for role in self.view.roles)

    def of(self, period: Period) -> "Withheld":
        """The same of an earlier period."""
        key = (period, self.back - 1)
        if key not in self.earlier:
            self.earlier[key] = replace(self, period=period, back=self.back - 1, within_unit={}, sums={})
        return self.earlier[key]

    async def around(self, place: Place, *, with_villages: bool = False) -> frozenset[int]:
        """What is kept back where a place lies, up to where somebody is told the totals: of a village's commune and
        above, of a commune's province and above; `with_villages` of the commune too."""
        units: frozenset[int] = frozenset()
        way = [place, *await self.view.session.places.ancestors(place.id, self.view.today)]
        closer = with_villages or place.level == Level.VILLAGE
        for unit in way:
            if unit.level == Level.COMMUNE:
                # Which totals of communes are kept back is known where those of their province are told.
                if closer or not await self.is_province_told(way):
                    units |= await self.with_total(unit)
            elif unit.level in BELOW and unit is not place and await self.is_told(unit):
                units |= (await self.within(unit)).units
        return units

    async def is_province_told(self, way: Sequence[Place]) -> bool:
        """Whether the totals of the province above a place are told to somebody."""
        return any([await self.is_told(unit) for unit in way if unit.level == Level.PROVINCE])

    async def with_total(self, commune: Place) -> frozenset[int]:
        """What is kept back in a commune, and the commune itself where its total is."""
        kept = await self.within(commune)
        return kept.units | {commune.id} if kept.unknown else kept.units

    async def has_total_kept(self, unit: Place) -> bool:
        """Whether the total of a unit above communes is kept back, for what is in it or to cover for another."""
        if unit.level == Level.DISTRICT:
            return await self.keeps_part_of(unit)
        ancestors = await self.view.session.places.ancestors(unit.id, self.view.today)
        if above := [one for one in ancestors if await self.is_told(one)]:
            return any([unit.id in (await self.within(one)).units for one in above])
        part = (await self.total_of(unit)) if self.source.alone else None
        if not (part is None or part.may_tell):
            return False
        return bool((await self.in_units(unit, total_only=True)).unknown)

    async def keeps_part_of(self, district: Place) -> bool:
        """Whether a commune of a former district is kept back: what is left of the district's total would tell it."""
        communes = await self.view.session.places.ids_below(district.id, Level.COMMUNE, self.view.today)
        return bool(communes & await self.totals_kept(sorted(communes)))

    async def totals_kept(self, communes: Sequence[int]) -> frozenset[int]:
        """What is kept back around some communes, their totals among it."""
        above = await self.provinces_of(communes)
        provinces = {unit.id: unit for unit in above.values()}
        told = {id: unit for id, unit in provinces.items() if await self.is_told(unit)}
        await self.prepare(told)
        units = frozenset[int]()
        for unit in told.values():
            units |= await self.around(unit) | (await self.within(unit)).units
        alone = [id for id in communes if id not in above or above[id].id not in told]
        await self.look_into(alone)
        return units | {id for id in alone if self.within_unit[id].unknown}

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
        """Whether somebody is told what is in a unit above communes: who holds a role there or above, or none at all."""
        above = await self.view.session.places.ancestors(unit.id, self.view.today)
        return not self.own or bool(self.own & {unit.id, *(one.id for one in above)})

    async def within(self, unit: Place) -> KeptBack:
        """What is kept back within a unit above the villages."""
        if unit.id not in self.within_unit:
            if unit.level == Level.COMMUNE:
                await self.look_into([unit.id])
            else:
                self.within_unit[unit.id] = await self.in_units(unit)
        return self.within_unit[unit.id]

    # --- villages in communes -------------------------------------------------------------------------

    async def look_into(self, communes: Iterable[int]) -> None:
        """Find of some communes which villages are kept back, and whether the total."""
        fresh = [commune for commune in communes if commune not in self.within_unit]
        groups = await below(self.view.session, tuple(fresh), Level.VILLAGE, self.view.today)
        counted = await self.villages(set().union(*groups.values()))
        hidden = await self.hidden_before(counted, fresh)
        for commune, group in groups.items():
            known = {id: counted[id] for id in group if id in counted}
            self.within_unit[commune] = in_commune(known, hidden)

    async def villages(self, ids: Iterable[int]) -> dict[int, Counted]:
        """The figures of villages, with what stands in where a total holds it; none of those without."""
        alone = {id: {id} for id in sorted(ids)}
        counted = await count(self.view, self.source, alone, span_of(self.period), self.reports)
        if not self.source.indicator.stock:
            # Of what is counted anew each period, nothing older stands in a total.
            counted = {id: replace(one, older=None) for id, one in counted.items()}
        return {id: one for id, one in counted.items() if value_of(one).numerator is not None}

    async def hidden_before(self, counted: Mapping[int, Counted], communes: Sequence[int]) -> set[int]:
        """The villages with an older value that was kept back of its own period."""
        by_period: dict[Period, set[int]] = {}
        for village, one in counted.items():
            if one.period is None and one.older is not None:
                by_period.setdefault(one.older.period, set()).add(village)
        hidden: set[int] = set()
        for period, villages in by_period.items() if self.back else ():
            before = self.of(period)
            await before.prepare({unit.id for unit in (await self.provinces_of(communes)).values()})
            await before.look_into(communes)
            for commune in await self.units(communes):
                hidden |= villages & await before.around(commune, with_villages=True)
        return hidden

    async def provinces_of(self, communes: Collection[int]) -> dict[int, Place]:
        """The province of each of some communes, also where it lies in a district of that."""
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
        """What is kept back of a commune's villages."""
        villages = await self.view.session.places.ids_below(commune.id, Level.VILLAGE, self.view.today)
        counted = await self.villages(villages & await self.around(commune, with_villages=True))
        # What stands in and was told of its own period is known.
        before = await self.hidden_before(counted, [commune.id])
        fresh = {id: one.figure for id, one in counted.items() if one.period is not None}
        return Unknown(fresh, {id: older for id in before if (older := counted[id].older)})

    # --- communes in provinces, and these in the nation -----------------------------------------------

    async def in_units(self, unit: Place, *, total_only: bool = False) -> KeptBack:
        """Of a unit above communes which of its units, and whether its total; that alone is quicker to say."""
        level = BELOW[Level(unit.level)]
        parts = await self.parts(unit, level)
        if total_only and suffice(parts.values()):
            return KeptBack()
        kept = await self.kept_of(parts, level)
        for stale in await self.hidden_units_before(unit, parts):
            kept[stale] = KeptBack(unknown=(still_hidden(parts[stale].total),))
        bad = {id: added(one.unknown) for id, one in sorted(kept.items()) if one.unknown}
        fresh = {id: part.fresh for id, part in parts.items() if id not in bad}
        covers, unknown = units_covered(list(bad.values()), fresh)
        units = frozenset[int]().union(*(one.units for one in kept.values()))
        return KeptBack(units | set(bad) | covers | await self.inside(covers), unknown)

    async def parts(self, unit: Place, level: Level) -> dict[int, UnitPart]:
        """The units of a level with their totals; none of those whose villages somebody knows."""
        groups = await self.far_below([unit.id], level)
        if self.source.alone:
            return await self.summed(list(groups))
        counted = await count(self.view, self.source, groups, span_of(self.period))
        return {id: part_of(one) for id, one in counted.items()}

    async def far_below(self, units: Iterable[int], level: Level) -> dict[int, set[int]]:
        """The units of a level in others whose villages somebody does not know, each with its villages."""
        places, today = self.view.session.places, self.view.today
        ids = [id for unit in units for id in sorted(await places.ids_below(unit, level, today))]
        far = [id for id in ids if not await self.is_near(id, level)]
        groups = await below(self.view.session, tuple(far), Level.VILLAGE, today)
        return {id: group for id, group in groups.items() if group}

    async def prepare(self, provinces: Collection[int]) -> None:
        """Read at once what is looked at of several provinces one by one: their communes' totals, and the villages of those
        that may tell something."""
        if not self.source.alone or len(provinces) < 2:
            return
        parts = await self.summed(list(await self.far_below(provinces, Level.COMMUNE)))
        await self.look_into(close_of(parts))

    async def is_near(self, unit: int, level: Level) -> bool:
        """Whether somebody knows a commune's villages, or those of all communes in a larger unit."""
        if level == Level.COMMUNE or not self.own:
            return unit in self.own
        communes = await self.view.session.places.ids_below(unit, Level.COMMUNE, self.view.today)
        return bool(communes) and communes <= self.own

    async def summed(self, units: Sequence[int]) -> dict[int, UnitPart]:
        """The same from the ledger's sums, each read once."""
        self.sums |= await self.read_sums([id for id in units if id not in self.sums])
        return {id: self.sums[id] for id in units}

    async def read_sums(self, units: Sequence[int]) -> dict[int, UnitPart]:
        """What the ledger's sums say of some units."""
        if not units:
            return {}
        indicator, today = self.source.indicator, self.view.today
        on = (self.view.session, units, self.source.entry.form, [indicator.id])
        said = await ledger.said(*on, self.period, today)
        stands = await ledger.standing(*on, self.period.end, today) if indicator.stock else said
        parts: dict[int, UnitPart] = {}
        for id in units:
            total = stands.get(id, {}).get(indicator.id, ledger.NOTHING)
            fresh = said.get(id, {}).get(indicator.id, ledger.NOTHING)
            parts[id] = UnitPart(total.figure(indicator), total.reports, fresh.figure(indicator))
        return parts

    async def kept_of(self, parts: Mapping[int, UnitPart], level: Level) -> dict[int, KeptBack]:
        """What is kept back in each of some units: looked at are those that may have something."""
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
        """The units of which nothing was reported for the period, and that were kept back when it last was; beyond what is
        followed, all of them."""
        stale = frozenset(id for id, part in parts.items() if part.stale and any(numbers_of(part.total)))
        if not stale or not self.back:
            return stale
        entry, today = self.source.entry, self.view.today
        on = (self.view.session, stale, entry.form, self.period, self.period.start - timedelta(days=1))
        day = await ledger.latest_day(*on, today)
        return stale & (await self.of(entry.period(day)).within(unit)).units if day else frozenset()

    async def inside(self, units: Collection[int]) -> frozenset[int]:
        """All that lies in some units."""
        places, today = self.view.session.places, self.view.today
        levels = (Level.COMMUNE, Level.VILLAGE)
        below_them = [await places.ids_below(unit, level, today) for unit in units for level in levels]
        return frozenset[int]().union(*below_them)


def close_of(parts: Mapping[int, UnitPart]) -> list[int]:
    """Those of some units whose total may give away a number in it."""
    return [id for id, part in parts.items() if part.may_tell and not part.stale]


def part_of(unit: Counted) -> UnitPart:
    """A unit's total; of what is partly of an older period nothing is known to be fresh."""
    return UnitPart(
        value_of(unit), unit.covered.known, Figure("", None) if unit.covered.carried else unit.figure
    )


def in_commune(known: Mapping[int, Counted], hidden_before: AbstractSet[int]) -> KeptBack:
    """What is kept back of one commune's villages, and whether the sum of those numbers is too close to be told."""
    figures = {id: value_of(one) for id, one in known.items()}
    figures |= {id: still_hidden(figures[id]) for id in figures.keys() & hidden_before}
    # One that has not reported this period is no cover: its older number may have been shown with its own period.
    fresh = {id for id, one in known.items() if one.period is not None or one.older is None}
    hidden = {id for id, figure in figures.items() if is_small(figure)}
    others = {id: figures[id] for id in fresh - hidden}
    covers, unknown = covered([figures[id] for id in sorted(hidden)], others)
    return KeptBack(frozenset(hidden | covers), unknown)


def units_covered(
    small_ones: list[Figure], fresh: Mapping[int, Figure]
) -> tuple[AbstractSet[int], tuple[Figure, ...]]:
    """Which of the totals of other units are kept back with small ones, and the sum of all where it tells too much."""
    others = {id: figure for id, figure in fresh.items() if any(numbers_of(figure))}
    covers = with_covers(small_ones, others, leaves_units_open)
    numbers = [*small_ones, *(others[id] for id in covers)]
    return covers, () if leaves_units_open(numbers) else (added(numbers),)


def covered(
    small_ones: list[Figure], others: Mapping[int, Figure]
) -> tuple[AbstractSet[int], tuple[Figure, ...]]:
    """Which of the `others` are kept back with small numbers, and all that is kept back where its sum tells too much."""
    covers = with_covers(small_ones, others)
    together = (*small_ones, *(others[id] for id in covers))
    return covers, () if leaves_open(together) else together

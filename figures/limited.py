"""The figures of the units that a target is about, if it is not about the whole ground.

Where all villages of a commune count, its sum is used; elsewhere villages are counted one by one. A reader who may not
see small numbers of villages gets such a figure only if neither it nor the rest of the ground reveals one.
"""

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date

from figures import small
from figures.attributes import Split, split_by
from figures.counted import Counted
from figures.counting import count
from figures.discretion import Discretion
from figures.ground import below
from figures.kept_back import still_hidden
from figures.single import Single
from figures.sources import FigureDays, Groups, Source, source_of, span_of, within
from figures.summed import Summed
from figures.view import View
from plans.indicator import Indicator
from plans.period import Period, from_key
from plans.rollup import Figure, YearEnds, combined
from plans.target import Target
from reports.basis import Limited
from storage.places import PlaceTree
from storage.tables import Level, Place

ByUnit = Mapping[int, Counted]
"""The figures of communes or single units, by their ids."""


@dataclass(frozen=True)
class DatedTarget:
    """A target, and the days that its figure is from."""

    indicator: Indicator
    target: Target
    last_day: date
    """The last day on which something can still be done for it."""
    days: Sequence[FigureDays]
    """Over which its figure is summed; empty if the newest counts, or the last by its last day."""
    ends: YearEnds
    """The year ends known of the whole ground."""


async def limited(
    view: View, ground: Place, wanted: DatedTarget, discretion: Discretion | None = None
) -> Limited | None:
    """What is known of the units that count for a target; None if that is the whole ground.

    `discretion`: what this reader may see, as far as it is already known.
    """
    attribute, indicator = view.plans.attributes.get(wanted.target.among), wanted.indicator
    if attribute is None:
        return None
    split = await split_by(view, attribute, ground.id, indicator.level, min(wanted.last_day, view.today))
    if split.everywhere:
        return None
    known = Limited(attribute.names, indicator.level, len(split.having), len(split.unknown), split.nowhere)
    source = await source_of(view, indicator) if split.having else None
    if source is None:
        return known
    return await Among(view, source, split, ground, discretion or Discretion(view)).fill(known, wanted)


@dataclass(frozen=True)
class Among:
    """Counts one source for the units of a ground that have an attribute."""

    view: View
    source: Source
    split: Split
    ground: Place
    discretion: Discretion

    async def fill(self, known: Limited, wanted: DatedTarget) -> Limited:
        """The units' figures, as far as this reader may see them."""
        days = wanted.days or (self.newest_by(wanted.last_day),)
        having = [await self.brought(span, self.split.having) for span in days]
        return replace(
            known,
            figure=self.together(having),
            ends=await self.year_ends(wanted.ends),
            missing=sum(map(silent_periods, having)) if wanted.days else 0,
            kept_back=await self.tells_small_numbers(having, days),
        )

    def newest_by(self, last_day: date) -> FigureDays:
        """The newest period; for a target that is over, the year up to its last day."""
        if last_day < self.view.today:
            return FigureDays(date(last_day.year, 1, 1), last_day)
        return self.source.newest(self.view.today)

    def together(self, brought: Sequence[ByUnit]) -> Figure:
        """One figure over all units and spans."""
        return combined(self.source.indicator, (one.figure for units in brought for one in units.values()))

    async def year_ends(self, of_ground: YearEnds) -> YearEnds:
        """The units' value at the end of each year known of the whole ground, as far as this reader may see it."""
        ends = {}
        for year in of_ground:
            span = FigureDays(date(year, 1, 1), date(year, 12, 31))
            having = [await self.brought(span, self.split.having)]
            value = self.together(having).value
            if value is not None and not await self.tells_small_numbers(having, [span]):
                ends[year] = value
        return ends

    # --- small numbers ---

    async def tells_small_numbers(self, having: Sequence[ByUnit], days: Sequence[FigureDays]) -> bool:
        """Whether the figure, or the rest of the ground's, reveals one or two households to this reader.

        A sum over several periods is told only if that of each period may be. Of communes whose totals are withheld,
        it may hold all of the ground's if the ground's total is told, and otherwise none.
        """
        if await self.discretion.is_open(self.source, self.ground):
            return False
        if await self.sums_tell(having, days):
            return True
        return any([await self.tells_what_is_kept(span) for span in days])

    async def sums_tell(self, having: Sequence[ByUnit], days: Sequence[FigureDays]) -> bool:
        """Whether the figure or the rest of the ground's reveals a small number, over all the days or in one period."""
        rest = [await self.brought(span, self.others) for span in days]
        older = await self.older_kept(having, rest, days)
        told = any(self.tells(side, older) for side in (having, rest))
        return told or any([await self.tells_a_period(span) for span in days])

    async def older_kept(
        self, having: Sequence[ByUnit], rest: Sequence[ByUnit], days: Sequence[FigureDays]
    ) -> Set[int]:
        """The single units whose older value stands in and is withheld from this reader, however large it is."""
        kept = set[int]()
        if self.source.indicator.stock:
            for one, other, span in zip(having, rest, days, strict=True):
                kept |= await self.older_kept_in({**one, **other}, span)
        return kept

    async def older_kept_in(self, units: ByUnit, span: FigureDays) -> Set[int]:
        """The same over one span, of the single ones among some units."""
        known = {unit: counted for unit, counted in units.items() if unit in self.single}
        newest = await self.latest(span) if known else None
        if newest is None:
            return set[int]()
        stale = stale_units(known, newest)
        return stale & await self.kept_in(newest, known, span) if stale else stale

    async def kept_in(self, period: Period, known: ByUnit, span: FigureDays) -> Set[int]:
        """The units whose figures are withheld from this reader in a period, with older values that stand in."""
        places = [await self.view.session.places.get(unit) for unit in sorted(known)]
        units = {place.id: place for place in places if place is not None}
        as_of = {unit: replace(counted, period=period) for unit, counted in known.items()}
        return await self.discretion.among(self.source, units, as_of, span)

    @property
    def single(self) -> frozenset[int]:
        """The ground's units, which may be counted one by one."""
        return self.split.having | self.others

    @property
    def others(self) -> frozenset[int]:
        """The rest of the ground's units."""
        return self.split.lacking | self.split.unknown

    async def tells_a_period(self, span: FigureDays) -> bool:
        """Whether the sum of a flow over a span has a period that reveals a small number by itself."""
        if self.source.indicator.stock or span.newest:
            return False
        periods = list(map(from_key, within(self.source.entry, span)))
        if len(periods) == 1:
            return False
        sides = (self.split.having, self.others)
        return any(
            [self.tells([await self.brought(span_of(one), units)]) for one in periods for units in sides]
        )

    async def tells_what_is_kept(self, span: FigureDays) -> bool:
        """Whether the figure holds a commune whose total is withheld from this reader, and tells it apart.

        It does if the rest holds one too, or if the ground's own total is withheld: then nothing else tells this sum.
        """
        # A commune that carries older values is looked at in the ground's newest period, not in its own.
        span = await (self.newest_on_ground(span) if self.source.indicator.stock else self.reported(span))
        if not await self.has_kept(self.split.having, span):
            return False
        return await self.has_kept(self.others, span) or await self.is_ground_kept(span)

    async def is_ground_kept(self, span: FigureDays) -> bool:
        """Whether the ground's own total is withheld from this reader."""
        groups = await below(self.view.session, (self.ground.id,), Level.VILLAGE, self.view.today)
        counted = (await count(self.view, self.source, groups, span))[self.ground.id]
        return await self.discretion.is_kept_back(self.source, self.ground, span, counted)

    async def has_kept(self, units: Collection[int], span: FigureDays) -> bool:
        """Whether the total of a commune that some of these units lie in is withheld from this reader."""
        tree = await self.view.session.places.tree(self.view.today)
        there = await self.communes_of(units, tree)
        groups = {id: tree.of_level(id, Level.VILLAGE) for id in there}
        counted = await count(self.view, self.source, groups, span)
        if self.source.indicator.stock and span.period:
            counted = {id: replace(one, period=span.period) for id, one in counted.items()}
        return bool(await self.discretion.among(self.source, there, counted, span))

    async def communes_of(self, units: Collection[int], tree: PlaceTree) -> dict[int, Place]:
        """The communes that some of these units lie in today."""
        today = {self.split.within[unit] for unit in units}
        ids = {tree.above[unit] for unit in today & tree.above.keys()}
        communes = [await self.view.session.places.get(commune) for commune in sorted(ids)]
        return {commune.id: commune for commune in communes if commune is not None}

    def tells(self, brought: Sequence[ByUnit], older: Set[int] = frozenset()) -> bool:
        """Whether the sum of some units reveals a small number: its own, that of a unit in it, or an `older` one that is
        withheld, whatever it is."""
        each = self.of_each_unit(brought)
        few = [
            still_hidden(figure) if unit in older else figure
            for unit, figure in each.items()
            if unit in older or small.is_small(figure)
        ]
        return small.is_small(self.together(brought)) or not small.leaves_open(few)

    def of_each_unit(self, brought: Sequence[ByUnit]) -> dict[int, Figure]:
        """The figure of each unit over all spans."""
        ids = {unit for units in brought for unit in units}
        return {
            unit: self.together([{unit: units[unit]} for units in brought if unit in units]) for unit in ids
        }

    # --- reading ---

    async def brought(self, span: FigureDays, units: Collection[int]) -> ByUnit:
        """The figures of some of the ground's units over a span: whole communes, and single units."""
        span = await self.reported(span)
        whole, single = await self.covers(units)
        return {**await self.of_communes(whole, span), **await self.of_each(single, span)}

    async def reported(self, span: FigureDays) -> FigureDays:
        """The span; for sums without a time, the newest period reported on the ground."""
        if self.source.indicator.stock or not span.newest:
            return span
        return await self.newest_on_ground(span)

    async def newest_on_ground(self, span: FigureDays) -> FigureDays:
        """The newest period that anybody on the ground has reported for by the end of a span."""
        last = await self.latest(span)
        return span_of(last) if last else span

    async def latest(self, span: FigureDays) -> Period | None:
        """The same; None if nobody has reported."""
        ground = {self.ground.id: frozenset((self.ground.id,))}
        return await Summed(self.view, self.source, ground).latest(span.end)

    async def covers(self, units: Collection[int]) -> tuple[Groups, list[int]]:
        """The communes that lie wholly among some units, each with these; and the remaining units."""
        if self.source.indicator.level != Level.VILLAGE or not self.source.alone:
            return {}, sorted(units)
        tree = await self.view.session.places.tree(self.view.today)
        wanted, whole, single = set(units), dict[int, frozenset[int]](), set(units)
        for commune in {tree.above[unit] for unit in wanted & tree.above.keys()}:
            members = tree.of_level(commune, Level.VILLAGE)
            if members <= wanted:
                whole[commune] = members
                single -= members
        return whole, sorted(single)

    async def of_communes(self, groups: Groups, span: FigureDays) -> ByUnit:
        """The figures of whole communes, from the ledger's sums."""
        if not groups:
            return {}
        by = Summed(self.view, self.source, groups)
        if not self.source.indicator.stock:
            return await by.flow(span)
        # As in the ground's total: what a commune said before stands until it says something new.
        stands = await by.standing(span.end)
        return {unit: Counted(total.figure(self.source.indicator)) for unit, total in stands.items()}

    async def of_each(self, units: Collection[int], span: FigureDays) -> ByUnit:
        """The figures of single units."""
        if not units:
            return {}
        by = Single(self.view, self.source, {unit: (unit,) for unit in units})
        if not self.source.indicator.stock:
            return await by.flow(span)
        stands = await by.stock(span)
        return {
            unit: replace(one, figure=one.older.figure) if one.older else one for unit, one in stands.items()
        }


def stale_units(known: ByUnit, newest: Period) -> set[int]:
    """The units that last reported before the newest period."""
    return {unit for unit, counted in known.items() if is_before(counted, newest)}


def is_before(counted: Counted, period: Period) -> bool:
    """Whether a unit last reported before a period."""
    last = counted.older.period if counted.older else counted.period
    return last is not None and last.end < period.end


def silent_periods(units: ByUnit) -> int:
    """For how many periods of a span none of the units reported."""
    return len(set.intersection(*(set(one.missing) for one in units.values()))) if units else 0

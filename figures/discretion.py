"""What of figures, totals and changes is for somebody: asked of each number before it is told, wherever it leaves us.

`figures.withheld` finds what is kept back of one period. Here it is asked for a figure over any days, and for a change. That
tells more than its two ends: the later total less the earlier one less the change is what is new. So a change is told only
where what is new, and what is not, leave the small numbers open each by itself.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from figures import small
from figures.counted import Counted
from figures.counting import changes, count
from figures.ground import below
from figures.sources import FigureDays, Groups, Source, span_of, within
from figures.view import View
from figures.withheld import BELOW, Withheld
from plans.covered import Change
from plans.period import Period, from_key
from plans.rollup import Figure
from storage.tables import Level, Place

NO_FIGURE: Final = Figure("", None)
NEAR: Final = (Level.VILLAGE, Level.COMMUNE)
"""Where somebody with a role knows every village."""
MOST_NEW: Final = 100
"""With more new villages than this in the nation nobody looks through all provinces for one that could be told apart."""


@dataclass(frozen=True)
class Parted:
    """Numbers that are kept back: of those that only one end of a change knows, and of those that both do."""

    new: list[Figure] = field(default_factory=list)
    others: list[Figure] = field(default_factory=list)
    of_units: bool = False
    """Whether they are sums of units, and not numbers of villages."""

    def with_part(self, part: "Parted") -> "Parted":
        """This with the sums of a unit."""
        new = [*self.new, small.added(part.new)] if part.new else self.new
        others = [*self.others, small.added(part.others)] if part.others else self.others
        return Parted(new, others, of_units=True)

    @property
    def is_open(self) -> bool:
        """Whether the sums of both sorts leave the small numbers in them open."""
        leaves_open = small.leaves_units_open if self.of_units else small.leaves_open
        return leaves_open(self.new) and leaves_open(self.others)


def are_open(parts: Iterable[Parted]) -> bool:
    """Whether the sums of both sorts leave the small numbers in them open."""
    return all(part.is_open for part in parts)


@dataclass(frozen=True)
class Discretion:
    """Knows what is for somebody. Lives as long as one answer, a page or a letter is composed."""

    view: View
    periods: dict[tuple[str, Period], Withheld] = field(default_factory=dict)

    def of(self, source: Source, period: Period) -> Withheld:
        """What is kept back of one indicator of one period."""
        key = source.indicator.id, period
        if key not in self.periods:
            self.periods[key] = Withheld(self.view, source, period)
        return self.periods[key]

    async def is_kept_back(self, source: Source, place: Place, span: FigureDays, counted: Counted) -> bool:
        """Whether a place's figure over some days is not for this person."""
        if await self.is_open(source, place):
            return False
        if place.level != Level.VILLAGE and small.tells_of_villages(counted):
            return True
        looked = [self.of(source, period) for period in periods_of(source, span, counted)]
        if place.level in NEAR:
            return any([place.id in await withheld.around(place) for withheld in looked])
        return any([await withheld.has_total_kept(place) for withheld in looked])

    async def is_open(self, source: Source, place: Place) -> bool:
        """Whether nothing of an indicator is kept back at a place: it tells of nobody, or is told to a neighbour."""
        return not await small.tells_of_people(self.view, source.indicator) or await small.is_near(
            self.view, place
        )

    async def among(
        self, source: Source, units: Mapping[int, Place], counted: Mapping[int, Counted], span: FigureDays
    ) -> set[int]:
        """Those of some units, all of one level, whose figures over some days are not for this person."""
        if not await small.tells_of_people(self.view, source.indicator):
            return set()
        communes = await self.communes_of(units)
        far = {id: unit for id, unit in units.items() if not self.knows(unit, communes.get(id))}
        hidden = {id for id in far.keys() - communes.keys() if small.tells_of_villages(counted[id])}
        newest = next((one for one in counted.values() if one.period), None)
        for period in periods_of(source, span, newest) if newest and far else ():
            hidden |= await self.hidden_of(self.of(source, period), far, communes)
        return hidden & far.keys()

    def knows(self, unit: Place, commune: Place | None) -> bool:
        """Whether this person holds a village, its `commune` or a commune: who holds a larger unit does not know the
        villages in it."""
        own = {role.place_id for role in self.view.roles}
        return (unit.id in own and unit.level in NEAR) or (commune is not None and commune.id in own)

    async def hidden_of(
        self, withheld: Withheld, units: Mapping[int, Place], communes: Mapping[int, Place]
    ) -> set[int]:
        """Those of some units whose figures of a period are kept back; `communes` are those of villages."""
        hidden: set[int] = set()
        anchors = {communes[id].id: communes[id] for id in units if id in communes}
        await withheld.look_into(anchors)
        for anchor in anchors.values():
            hidden |= await withheld.around(anchor, with_villages=True)
        for id, unit in units.items():
            if unit.level not in NEAR and await withheld.has_total_kept(unit):
                hidden.add(id)
        return hidden | await withheld.totals_kept([id for id in units if units[id].level == Level.COMMUNE])

    async def communes_of(self, units: Mapping[int, Place]) -> dict[int, Place]:
        """The communes of those of some units that are villages."""
        villages = sorted(id for id, unit in units.items() if unit.level == Level.VILLAGE)
        if not villages:
            return {}
        above = await self.view.session.places.parents_above(villages, self.view.today)
        return {id: above[id] for id in villages if id in above}

    # --- changes --------------------------------------------------------------------------------------

    async def seen(
        self, source: Source, place: Place, now: Period | None, change: Change | None
    ) -> Change | None:
        """A place's change up to a period as far as it is for this person: all of it or nothing."""
        if change is None or await self.is_open(source, place):
            return change
        if small.is_in(change):
            return None
        if now is None or change.since is None or source.entry.period(now.end) != now:
            # Over several of the questionnaire's periods it tells too much of each of them.
            return None if place.level in (Level.VILLAGE, Level.COMMUNE) else change
        for end in (now, change.since):
            total = Counted(change.now, period=end)
            if await self.is_kept_back(source, place, span_of(end), total):
                return None
        if place.level == Level.VILLAGE or not await self.gives_away(
            source, place, now, change.since, change
        ):
            return change
        return None

    async def is_sum_kept_back(self, source: Source, place: Place, period: Period) -> bool:
        """Whether what was reported for just a period is not for this person: beside a total that holds older values too
        it tells these apart."""
        if await self.is_open(source, place):
            return False
        if await self.is_kept_back(source, place, span_of(period), Counted(NO_FIGURE, period=period)):
            return True
        return source.indicator.stock and not await self.stays_open(source, place, period, None)

    async def gives_away(
        self, source: Source, place: Place, now: Period, since: Period, change: Change
    ) -> bool:
        """Whether how much is new in a unit above villages gives a small number away."""
        if place.level == Level.NATION and change.new > MOST_NEW:
            return False
        earlier = self.of(source, since)
        # Who has said both, and nobody else, is in both totals: then these tell as much.
        if not change.new and (source.indicator.stock or await earlier.known_in(place) == change.places):
            return False
        return not await self.stays_open(source, place, now, since)

    async def stays_open(self, source: Source, place: Place, now: Period, since: Period | None) -> bool:
        """Whether what is told apart in a unit leaves its small numbers open; in a former district, in each commune."""
        units = [place]
        if place.level == Level.DISTRICT:
            units = await self.view.session.places.below(place.id, Level.COMMUNE, self.view.today)
        return all([are_open(await self.parted(source, unit, now, since)) for unit in units])

    async def parted(self, source: Source, place: Place, now: Period, since: Period | None) -> list[Parted]:
        """What is kept back in a unit, at either end; of larger ones only where the parts' own changes are not told.

        Without `since` what was reported for just the period is told apart, instead of what is new.
        """
        if place.level == Level.COMMUNE:
            return await self.parted_villages(source, place, now, since)
        ends = [self.of(source, end) for end in (now, since) if end]
        kept = frozenset[int]().union(*[(await end.within(place)).units for end in ends])
        all_of_it = [Parted() for _ in ends]
        for unit in await self.with_something_new(source, place, kept, now, since):
            parts = await self.parted(source, unit, now, since)
            # Of a unit whose total is kept back the change is too.
            if unit.id in kept or not are_open(parts):
                all_of_it = [whole.with_part(part) for whole, part in zip(all_of_it, parts, strict=True)]
        return all_of_it

    async def with_something_new(
        self, source: Source, place: Place, kept: Collection[int], now: Period, since: Period | None
    ) -> list[Place]:
        """The next smaller units in which something is told apart, and those that are kept back; none that is known."""
        today, places, level = self.view.today, self.view.session.places, BELOW[Level(place.level)]
        near = self.of(source, now).is_near
        under = await places.below(place.id, level, today)
        units = {unit.id: unit for unit in under if not await near(unit.id, level)}
        groups = await below(self.view.session, tuple(units), Level.VILLAGE, today)
        groups = {id: group for id, group in groups.items() if group}
        new = await self.told_apart(source, groups, now, since)
        return [units[id] for id in groups if id in new or id in kept]

    async def told_apart(
        self, source: Source, groups: Groups, now: Period, since: Period | None
    ) -> Collection[int]:
        """The units in which something is new: of a flow all, of a stock where some of what is told is not from before."""
        if not source.indicator.stock:
            return groups.keys()
        counted = await count(self.view, source, groups, span_of(now))
        fresh = {id: one for id, one in counted.items() if one.period}
        if since is None:
            return {id for id, one in fresh.items() if one.covered.carried}
        turned = await changes(self.view, source, groups, span_of(now), span_of(since))
        return {id for id in fresh if id not in turned or turned[id].new}

    async def parted_villages(
        self, source: Source, commune: Place, now: Period, since: Period | None
    ) -> list[Parted]:
        """What is kept back in a commune: of villages that only one end is known of, and of others."""
        villages = await self.view.session.places.ids_below(commune.id, Level.VILLAGE, self.view.today)
        alone = {id: {id} for id in villages}
        both: Collection[int] = ()
        if since is not None:
            both = (await changes(self.view, source, alone, span_of(now), span_of(since))).keys()
        parts = []
        for period in filter(None, (now, since)):
            fresh, standing = await self.of(source, period).unknown_in(commune)
            # Of a stock, what stands in at both ends is in both totals: only what is new is told apart.
            told_apart = period == now or not source.indicator.stock
            new = {id for id in fresh if id not in both and told_apart}
            others = [fresh[id] for id in fresh.keys() - new]
            parts.append(Parted([fresh[id] for id in new], [*others, *standing.values()]))
        return parts


def periods_of(source: Source, span: FigureDays, counted: Counted) -> Sequence[Period]:
    """The periods whose numbers a figure over some days tells: of a stock the one that it is of."""
    if counted.period is None:
        return ()
    if source.indicator.stock or span.newest:
        return (counted.period,)
    return tuple(map(from_key, within(source.entry, span)))

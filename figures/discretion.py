"""Decides which figures, totals and changes a reader may see. Every number is checked here before it is told.

Statistical offices call this disclosure control. Four files share the work. `figures.small` says which numbers are
small and when a sum leaves them unknown. `figures.withheld` finds what is withheld in one period. `figures.apart`
splits that into the cells that a change reveals: villages with a number at both ends, and the others. This file
applies them to a figure over any days, to what was reported for exactly one period, and to a change. A change is told
only if the sum of every cell that follows from it leaves the small numbers unknown.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from figures import access, small
from figures.apart import AtEnds, Compared, Ends, Parted, tells_ends
from figures.counted import Counted
from figures.counting import changes, count
from figures.expected import Expected
from figures.former import as_today, lies_across
from figures.ground import below
from figures.kept_back import NONE_UNKNOWN
from figures.single import Reports, Single, given
from figures.sources import FigureDays, Groups, Source, span_of, within
from figures.view import View
from figures.withheld import BELOW, Withheld
from plans.covered import Change
from plans.period import Period, from_key
from plans.rollup import Figure
from storage.tables import Level, Place

NO_FIGURE: Final = Figure("", None)
NOTHING_KEPT: Final = AtEnds(frozenset[int](), frozenset[int]())
NEAR: Final = (Level.VILLAGE, Level.COMMUNE)
"""The levels at which whoever holds a role knows every village."""
MOST_NEW: Final = 100
"""With more new villages than this in the nation, nobody searches all provinces for one that could be singled out."""


@dataclass(frozen=True)
class Discretion:
    """What one reader may see. Lives while an answer, a page or a letter is composed."""

    view: View
    periods: dict[tuple[str, tuple[str, ...], Period], Withheld] = field(default_factory=dict)
    reports: Reports = field(default_factory=Reports)

    def of(self, source: Source, period: Period) -> Withheld:
        """What is withheld of one indicator in one period."""
        key = source.indicator.id, source.forms, period
        if key not in self.periods:
            self.periods[key] = Withheld(self.view, source, period, reports=self.reports)
        return self.periods[key]

    async def is_kept_back(self, source: Source, place: Place, span: FigureDays, counted: Counted) -> bool:
        """Whether a place's figure over some days is withheld from this person."""
        place = await as_today(self.view, place)
        if await self.is_of_few(source, place, small.villages_in(counted)):
            return True
        if await self.is_open(source, place):
            return False
        if place.level != Level.VILLAGE and small.tells_of_villages(counted):
            return True
        looked = [self.of(source, period) for period in periods_of(source, span, counted)]
        if self.has_total(place):
            return any([await withheld.has_total_kept(place) for withheld in looked])
        return any([place.id in await withheld.around(place) for withheld in looked])

    def has_total(self, place: Place) -> bool:
        """Whether a place's figure is a total of communes, rather than of one of them or of a village."""
        return place.level not in NEAR or lies_across(self.view, place)

    async def is_of_few(self, source: Source, place: Place, villages: int) -> bool:
        """Whether a total is of so few `villages` that it is their own number, and the place not this person's concern.

        Whoever has no role at a unit, in it or above it is told nothing of its single villages. So its total is told
        to them from `small.FEWEST` villages on, whatever is counted.
        """
        few = 0 < villages < small.FEWEST and source.indicator.level == Level.VILLAGE
        return few and place.level != Level.VILLAGE and await access.is_beside(self.view, place)

    async def is_open(self, source: Source, place: Place) -> bool:
        """Whether nothing of an indicator is withheld at a place: it is not about people, or the reader is a neighbour."""
        return not await small.tells_of_people(self.view, source.indicator) or await small.is_near(
            self.view, place
        )

    async def among(
        self, source: Source, units: Mapping[int, Place], counted: Mapping[int, Counted], span: FigureDays
    ) -> set[int]:
        """Those of some units, all of one level, whose figures over some days are withheld from this person."""
        units = {id: await as_today(self.view, unit) for id, unit in units.items()}
        few = await self.those_of_few(source, units, counted)
        if not await small.tells_of_people(self.view, source.indicator):
            return few
        communes = await self.communes_of(units)
        far = {id: unit for id, unit in units.items() if not self.knows(unit, communes.get(id))}
        hidden = {id for id in far.keys() - communes.keys() if small.tells_of_villages(counted[id])}
        newest = next((one for one in counted.values() if one.period), None)
        for period in periods_of(source, span, newest) if newest and far else ():
            hidden |= await self.hidden_of(self.of(source, period), far, communes)
        return few | hidden

    async def those_of_few(
        self, source: Source, units: Mapping[int, Place], counted: Mapping[int, Counted]
    ) -> set[int]:
        """Those of some units whose totals are of too few villages for this person."""
        return {
            id
            for id, unit in units.items()
            if await self.is_of_few(source, unit, small.villages_in(counted[id]))
        }

    async def most_of(self, source: Source, kept: Mapping[int, Decimal], span: FigureDays) -> Decimal:
        """The most that a withheld number can be, judging by what is told anyway.

        In a total that is told, it is at most the sum of everything withheld in it; in a withheld total, that of all
        of them together.
        """
        today = self.view.today
        above = await self.view.session.places.parents_above(sorted(kept), today)
        units = {above[id].id: above[id] for id in kept if id in above}
        groups = await below(self.view.session, tuple(units), source.indicator.level, today)
        totals = await count(self.view, source, groups, span)
        if kept.keys() - above.keys() or await self.among(source, units, totals, span):
            return sum(kept.values(), Decimal(0))
        sums = dict.fromkeys(units, Decimal(0))
        for id, number in kept.items():
            sums[above[id].id] += number
        return max(sums.values(), default=Decimal(0))

    def knows(self, unit: Place, commune: Place | None) -> bool:
        """Whether this person holds a village, its `commune`, or a commune. The holder of a larger unit does not know
        its villages."""
        own = {role.place_id for role in self.view.roles}
        return (unit.id in own and unit.level in NEAR) or (commune is not None and commune.id in own)

    async def hidden_of(
        self, withheld: Withheld, units: Mapping[int, Place], communes: Mapping[int, Place]
    ) -> set[int]:
        """Those of some units whose figures of a period are withheld; `communes` are those of the villages."""
        hidden: set[int] = set()
        anchors = {communes[id].id: communes[id] for id in units if id in communes}
        await withheld.look_into(anchors)
        for anchor in anchors.values():
            hidden |= await withheld.around(anchor, with_villages=True)
        single = {id: unit.id for id, unit in units.items() if not self.has_total(unit)}
        hidden |= await withheld.totals_kept(
            [single[id] for id in single if units[id].level == Level.COMMUNE]
        )
        larger = [id for id in units.keys() - single.keys() if await withheld.has_total_kept(units[id])]
        return {id for id, number in single.items() if number in hidden} | set(larger)

    async def communes_of(self, units: Mapping[int, Place]) -> dict[int, Place]:
        """The communes of the villages among some units."""
        villages = sorted(id for id, unit in units.items() if unit.level == Level.VILLAGE)
        if not villages:
            return {}
        above = await self.view.session.places.parents_above(villages, self.view.today)
        return {id: above[id] for id in villages if id in above}

    # --- changes --------------------------------------------------------------------------------------

    async def seen(
        self, source: Source, place: Place, now: Period | None, change: Change | None
    ) -> Change | None:
        """A place's change up to a period if this person may see it; otherwise None."""
        place = await as_today(self.view, place)
        if change is None or await self.is_of_few(source, place, change.places):
            return None
        if await self.is_over_a_merger(source, place, now, change):
            return None
        if await self.is_open(source, place):
            return change
        if now is None or change.since is None or small.is_in(change):
            return None
        return change if await self.is_told(source, place, (change.since, now), change) else None

    async def is_over_a_merger(
        self, source: Source, place: Place, now: Period | None, change: Change
    ) -> bool:
        """Whether the count of closed places passed to their heirs between the two ends of a change.

        Then it is not about the same ground at both ends: an heir would seem to have grown by what it took in. The
        totals also differ by what ended between them, and the change beside them would reveal that.
        """
        if now is None or change.since is None:
            return False
        # Of sums over a longer time even the first part has to be of the same ground.
        earlier = change.since if source.indicator.stock else first_in(source, change.since)
        between = FigureDays(earlier.end, now.end)
        return bool(await Expected.by(self.view, source).gone([place.id], between))

    async def is_told(
        self, source: Source, place: Place, periods: tuple[Period, Period], change: Change
    ) -> bool:
        """Whether a change between two periods, of numbers that may be withheld, gives none of them away."""
        ends = ends_of(source, periods[1], change)
        if ends.is_longer and not (source.indicator.stock and place.level in BELOW):
            return await self.hides_nothing(source, place, periods[::-1])
        if not await self.are_ends_told(source, place, ends, change):
            return False
        return place.level == Level.VILLAGE or not await self.gives_away(source, place, ends, change)

    async def are_ends_told(self, source: Source, place: Place, ends: Ends, change: Change) -> bool:
        """Whether this person may see the figures at both ends of a change."""
        for total, end in ((change.now, ends.now), (change.before, ends.since)):
            if await self.is_kept_back(source, place, span_of(end), Counted(total, period=end)):
                return False
        return True

    async def hides_nothing(self, source: Source, place: Place, spans: Iterable[Period]) -> bool:
        """Whether nothing is withheld in a unit in any of the questionnaire's periods within longer ones.

        If so, a change between the longer ones tells no more than the numbers that are shown.
        """
        if place.level not in BELOW:
            return False
        keys = dict.fromkeys(key for span in spans for key in within(source.entry, span_of(span)))
        return not any([await self.hides_any_of(source, place, from_key(key)) for key in keys])

    async def hides_any_of(self, source: Source, place: Place, period: Period) -> bool:
        """Whether anything is withheld of a place, or of what is in it, in a period.

        If not, no sum of some of its villages tells more than their own numbers, which are shown.
        """
        place = await as_today(self.view, place)
        if await self.is_open(source, place):
            return False
        withheld = self.of(source, period)
        communes = await self.view.session.places.ids_below(place.id, Level.COMMUNE, self.view.today)
        await withheld.look_into(communes)
        inside = any(withheld.within_unit[commune].units for commune in communes)
        if inside or not lies_across(self.view, place):
            return inside or place.id in await withheld.around(place)
        return await withheld.has_total_kept(place)

    async def is_sum_kept_back(self, source: Source, place: Place, period: Period) -> bool:
        """Whether the sum reported for exactly one period is withheld from this person.

        Beside a total that also holds older values, it tells these apart.
        """
        place = await as_today(self.view, place)
        if await self.is_open(source, place):
            return False
        if await self.is_kept_back(source, place, span_of(period), Counted(NO_FIGURE, period=period)):
            return True
        # Nothing stands in for what is counted anew each period: of that there is nothing to look up.
        return source.indicator.stock and await self.tells_standing(source, place, period)

    async def tells_standing(self, source: Source, place: Place, period: Period) -> bool:
        """Whether some commune has both withheld numbers of the period and withheld older ones carried forward."""
        withheld, today = self.of(source, period), self.view.today
        communes, kept = [place], frozenset[int]()
        if place.level in BELOW:
            units = [place]
            if place.level == Level.NATION:
                units += await self.view.session.places.below(place.id, Level.PROVINCE, today)
            kept = kept.union(*[(await withheld.within(unit)).units for unit in units])
        elif lies_across(self.view, place):
            kept = await withheld.totals_kept(
                sorted(await self.view.session.places.ids_below(place.id, Level.COMMUNE, today))
            )
        if self.has_total(place):
            communes = await self.partly_standing(source, place, period)
        for commune in communes:
            unknown = await withheld.unknown_in(commune)
            # For totals withheld together, the carried part of one is separated from the new part of another.
            if unknown.standing and (unknown.fresh or commune.id in kept):
                return True
        return False

    async def partly_standing(self, source: Source, place: Place, period: Period) -> list[Place]:
        """The communes in a larger unit with values carried forward; none whose villages the reader knows."""
        withheld = self.of(source, period)
        groups = await withheld.far_below([place.id], Level.COMMUNE)
        counted = await count(self.view, source, groups, span_of(period))
        return await withheld.units(id for id, one in counted.items() if one.covered.carried)

    async def gives_away(self, source: Source, place: Place, ends: Ends, change: Change) -> bool:
        """Whether what a change reveals in a unit above villages gives a small number away."""
        if place.level == Level.NATION and change.new > MOST_NEW:
            return False
        # Both totals are of exactly the villages that reported for both, so they tell as much.
        if ends.all_apart:
            derived = await self.are_of_same(source, place, ends, change.places)
        else:
            derived = not change.new
        return not (derived or await self.stays_open(source, place, ends))

    async def are_of_same(self, source: Source, place: Place, ends: Ends, places: int) -> bool:
        """Whether the totals at both ends are of exactly those `places` villages that reported for both."""
        known = [await self.of(source, end).known_in(place) for end in (ends.now, ends.since)]
        return known == [places, places]

    async def stays_open(self, source: Source, place: Place, ends: Ends) -> bool:
        """Whether what a change reveals in a unit leaves its small numbers unknown; for a district or a former unit, in
        each commune."""
        units, kept = [place], NOTHING_KEPT
        if lies_across(self.view, place):
            units = await self.view.session.places.below(place.id, Level.COMMUNE, self.view.today)
            kept = await self.kept_at_ends(source, [unit.id for unit in units], ends)
        return all([(await self.parted(source, unit, ends, kept)).is_open for unit in units])

    async def kept_at_ends(
        self, source: Source, communes: Sequence[int], ends: Ends
    ) -> AtEnds[frozenset[int]]:
        """What is withheld around some communes, with their totals, at either end of a change."""
        return AtEnds(*[await one.totals_kept(communes) for one in self.at(source, ends)])

    def at(self, source: Source, ends: Ends) -> AtEnds[Withheld]:
        """What is withheld at either end of a change."""
        return AtEnds(self.of(source, ends.now), self.of(source, ends.since))

    async def parted(
        self, source: Source, place: Place, ends: Ends, kept: AtEnds[frozenset[int]] = NOTHING_KEPT
    ) -> Parted:
        """What is withheld in a unit, in cells; for larger units, only parts whose own changes are not told.

        `kept`: units whose totals are known to be withheld. One that is withheld at one end only is told at the other,
        and hides nothing there.
        """
        if place.level == Level.COMMUNE:
            told = AtEnds(*[place.id not in units for units in kept])
            return await self.parted_villages(source, place, ends, told)
        looked = zip(kept, self.at(source, ends), strict=True)
        kept = AtEnds(*[units | (await end.within(place)).units for units, end in looked])
        either = kept.now | kept.since
        whole, apart = ends.nothing, await self.parts_told_apart(source, place, either, ends)
        groups = await below(
            self.view.session, tuple(unit.id for unit in apart), Level.VILLAGE, self.view.today
        )
        # The reports of all are read at once; what follows looks at them commune by commune.
        await self.with_both(source, set().union(*groups.values()), ends)
        for unit in apart:
            part = await self.parted(source, unit, ends, kept)
            # If a unit's total is withheld, so is its change.
            if unit.id in either or not part.is_open:
                whole = whole.with_part(part)
            if whole.shut:
                break
        return whole

    async def parts_told_apart(
        self, source: Source, place: Place, kept: Collection[int], ends: Ends
    ) -> list[Place]:
        """The next smaller units in which a change reveals something, and those withheld; none that the reader knows."""
        withheld = self.of(source, ends.now)
        groups = await withheld.far_below([place.id], BELOW[Level(place.level)])
        apart = await self.told_apart(source, groups, ends)
        return await withheld.units(id for id in groups if id in apart or id in kept)

    async def told_apart(self, source: Source, groups: Groups, ends: Ends) -> Collection[int]:
        """The units with newcomers, or whose totals are not of exactly the villages that reported for both ends."""
        both = await changes(self.view, source, groups, span_of(ends.said_in), span_of(ends.since))
        counted = await count(self.view, source, groups, span_of(ends.now))
        if not ends.all_apart:
            return {id for id, one in counted.items() if one.period and (id not in both or both[id].new)}
        before = await count(self.view, source, groups, span_of(ends.since))
        places = {id: both[id].places if id in both else 0 for id in groups}
        known = {id: (counted[id].covered.known, before[id].covered.known) for id in groups}
        return {id for id, number in places.items() if known[id] != (number, number)}

    async def with_both(self, source: Source, villages: Collection[int], ends: Ends) -> Set[int]:
        """Those of some villages with a number at both ends."""
        by = Single(self.view, source, {id: {id} for id in villages}, self.reports)
        now, then = await by.ends(span_of(ends.said_in), span_of(ends.since))
        return given(villages, now).keys() & given(villages, then).keys()

    async def parted_villages(self, source: Source, commune: Place, ends: Ends, told: AtEnds[bool]) -> Parted:
        """What is withheld in a commune, in cells; `told`: whether its total is, at each end."""
        looked = self.at(source, ends)
        both = await self.with_both(
            source, set().union(*[await one.villages_of(commune) for one in looked]), ends
        )
        now, then = await looked.now.unknown_in(commune), NONE_UNKNOWN
        if ends.all_apart:
            then = await looked.since.unknown_in(commune)
        return Compared(ends, now, then, both).parted(told)


def ends_of(source: Source, now: Period, change: Change) -> Ends:
    """The questionnaire's periods between which a change up to `now` is told; of longer periods, the last in each."""
    since, exact = change.since or now, source.indicator.rate and tells_ends(change)
    ends = Ends(last_in(source, now), last_in(source, since), source.indicator.stock, exact)
    return ends if (ends.now, ends.since) == (now, since) else replace(ends, longer=now)


def first_in(source: Source, span: Period) -> Period:
    """The questionnaire's first period within a span."""
    return from_key(within(source.entry, span_of(span))[0])


def last_in(source: Source, span: Period) -> Period:
    """The questionnaire's last period that ends within a span."""
    period = source.entry.period(span.end)
    return period if period.end <= span.end else period.previous()


def periods_of(source: Source, span: FigureDays, counted: Counted) -> Sequence[Period]:
    """The periods whose numbers a figure over some days tells; for a stock, the one that it is of."""
    if counted.period is None:
        return ()
    if source.indicator.stock or span.newest:
        return (counted.period,)
    return tuple(map(from_key, within(source.entry, span)))

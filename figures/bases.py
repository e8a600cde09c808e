"""What a plan's targets are compared with at a place: on the plan's ground, on its days.

A plan made for a dissolved province is about that ground only, not about the province that absorbed it. A plan that is
over, or a target whose year is over, shows its last state and not what came later. An amount for the plan's own ground
counts from the plan's first day.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from figures import completeness
from figures.counting import count
from figures.discretion import Discretion
from figures.ground import below
from figures.hearing import Hearing
from figures.limited import DatedTarget, limited
from figures.programmes import Holding
from figures.sources import FigureDays, Source, source_of, within
from figures.view import View
from figures.years import OwnYears, year_ends
from plans.indicator import Indicator
from plans.period import Period
from plans.programme import Programme
from plans.rollup import NO_YEARS, YearEnds, combined
from plans.target import Target
from reports.basis import AddedUp, Basis, Heard, Limited
from storage import ledger, places
from storage.tables import Level, Place

LastStates = dict[tuple[int, date], Sequence[Heard]]


@dataclass(frozen=True)
class Bases:
    """Gathers, for some indicators, the bases of the plans in force at the first place of `way`, which leads upwards."""

    view: View
    way: Sequence[Place]
    indicators: Collection[Indicator]
    form: str = ""
    """If set: only what the place's own reports of this questionnaire say."""
    questions: frozenset[str] = frozenset()
    """If any: only questionnaires that ask one of these."""
    discretion: Discretion | None = None
    """What this reader may see, as far as it is already known."""
    last_states: LastStates = field(default_factory=dict)
    """Those looked up before: several plans end on the same day."""

    async def of(self, holdings: Sequence[Holding]) -> dict[str, Basis]:
        """The basis of each plan, by its id."""
        return {holding.programme.id: await self.basis(holding) for holding in holdings}

    async def basis(self, holding: Holding) -> Basis:
        """What the targets of one plan are compared with."""
        programme, part = holding.programme, holding.part
        way = await self.way_of(part) if part else self.way
        years = await year_ends(self.known, way[0], [programme], self.indicators)
        return Basis(
            places.name_of(part),
            await self.hearing(programme).of(way) if part else None,
            years.values,
            {day: await self.last_state(programme, way, day) for day in self.days_over(programme)},
            await self.sums(holding, way[0]),
            holding.is_owned(self.way[0]),
            await self.limits(holding, way[0], years.values),
            await completeness.listed(self.view, way[0]) is not None,
            self.hidden_in(programme, years),
        )

    async def way_of(self, part: Place) -> list[Place]:
        """A unit and those above it."""
        return [part, *await self.view.session.places.ancestors(part.id, self.view.today)]

    def hidden_in(self, programme: Programme, years: OwnYears) -> frozenset[str]:
        """The ids of a programme's targets that cannot be told because the value of a year end is withheld."""
        targets = (target for _, target in self.targets(programme))
        return frozenset(target.id for target in targets if years.hide(programme, target, self.view.today))

    @cached_property
    def known(self) -> Discretion:
        """What this reader may see."""
        return self.discretion or Discretion(self.view)

    def hearing(self, programme: Programme, until: date | None = None) -> Hearing:
        return Hearing(self.view, [programme], self.form, self.questions, until, self.discretion)

    def targets(self, programme: Programme) -> Iterator[tuple[Indicator, Target]]:
        """The plan's targets that have a number, with their indicators."""
        for indicator in self.indicators:
            for target in programme.of_indicator.get(indicator.id, ()):
                if target.numbered:
                    yield indicator, target

    def days_over(self, programme: Programme) -> set[date]:
        """The past days on which the time for some target ended."""
        days = {programme.last_day_of(target) for _, target in self.targets(programme)}
        return {day for day in days if day < self.view.today}

    async def last_state(self, programme: Programme, way: Sequence[Place], day: date) -> Sequence[Heard]:
        """What had been reported by the end of a day."""
        key = way[0].id, day
        if key not in self.last_states:
            self.last_states[key] = await self.hearing(programme, day).of(way)
        return self.last_states[key]

    async def sums(self, holding: Holding, ground: Place) -> dict[str, AddedUp]:
        """Figures that no single report holds, by target id: amounts since the plan began, and flows of a year."""
        programme, sums = holding.programme, {}
        for indicator, target in self.targets(programme):
            days = days_summed(indicator, target, programme, self.view.today)
            if days and self.is_judged(holding, target):
                sums[target.id] = await self.sum_over(indicator, ground, days)
        return sums

    def is_judged(self, holding: Holding, target: Target) -> bool:
        """Whether a target applies to this place: an amount only to the place it was set for."""
        return holding.is_owned(self.way[0]) or not target.comparator.counted_up

    async def limits(
        self, holding: Holding, ground: Place, ends: Mapping[str, YearEnds]
    ) -> dict[str, Limited]:
        """What is known of the units that count for a target, by target id; none for targets about the whole ground."""
        programme, limits = holding.programme, {}
        for indicator, target in self.targets(programme):
            if target.among and self.is_judged(holding, target):
                days = days_summed(indicator, target, programme, self.view.today)
                wanted = DatedTarget(
                    indicator,
                    target,
                    programme.last_day_of(target),
                    tuple(by_year(days)) if days else (),
                    ends.get(indicator.id, NO_YEARS),
                )
                limit = await limited(self.view, ground, wanted, self.known)
                if limit is not None:
                    limits[target.id] = limit
        return limits

    async def sum_over(self, indicator: Indicator, ground: Place, days: FigureDays) -> AddedUp:
        """The sum reported for some days; none if this reader may not see it or one of its periods."""
        source = await source_of(self.view, indicator)
        if source is None:
            return AddedUp(None)
        groups = await below(self.view.session, (ground.id,), indicator.level, self.view.today)
        figures, missing, hidden = [], 0, False
        last: Period | None = None
        # Year by year: many years have more periods than one look takes.
        for year in by_year(days):
            if await self.was_reported(source, ground, year.end):
                counted = (await count(self.view, source, groups, year))[ground.id]
                figures.append(counted.figure)
                last = counted.period or last
                missing += len(counted.missing)
                hidden = hidden or await self.known.is_kept_back(source, ground, year, counted)
            else:
                missing += len(within(source.entry, year))
        figure = combined(indicator, figures)
        return AddedUp(None if hidden else figure, missing, hidden, last)

    async def was_reported(self, source: Source, ground: Place, end: date) -> bool:
        """Whether anything can have been reported by a day: a cheap check that saves many expensive ones."""
        if ground.level == Level.VILLAGE or not source.alone:
            return True
        entry, view = source.entry, self.view
        on = (view.session, [ground.id], entry.form, entry.period(end))
        return await ledger.latest(*on, end, view.today) is not None


def days_summed(indicator: Indicator, target: Target, programme: Programme, today: date) -> FigureDays | None:
    """Over which days a target's figure is summed; None if the newest report gives it."""
    if indicator.stock:
        return None
    last_day = programme.last_day_of(target)
    end = min(last_day, date(today.year, 12, 31))
    if target.comparator.counted_up:
        return FigureDays(programme.first_day, end)
    # One month says nothing about a year.
    if target.comparator.relative or last_day < today:
        return FigureDays(date(end.year, 1, 1), end)
    return None


def by_year(days: FigureDays) -> Iterator[FigureDays]:
    """The days, split by year."""
    for year in range(days.start.year, days.end.year + 1):
        yield FigureDays(max(days.start, date(year, 1, 1)), min(days.end, date(year, 12, 31)))

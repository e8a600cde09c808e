"""Checks that what is shown is what the reports say: recounts every unit's newest figures from single reports.

Figures of units are normally read from the ledger's sums. Here the newest period's figure, its coverage and its change
are added up report by report, without the ledger. Memory grows with the number of units, not of reports.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Final

from figures.counted import Counted
from figures.counting import changes, count
from figures.ground import below
from figures.sources import Groups, Source, source_of, span_of
from figures.view import View
from plans.covered import Change
from plans.period import Period
from plans.rollup import Figure, figure
from plans.schedule import Entry
from storage import asking, figures, ledger, submissions
from storage.portions import portions
from storage.submissions import Newest
from storage.tables import Level

TOGETHER: Final = 1_000
"""How many places' reports are in memory at once."""


@dataclass(frozen=True, slots=True)
class WrongFigure:
    """A figure that is shown although the reports say otherwise. `what`: figure or change."""

    place_id: int
    indicator: str
    period: str
    what: str
    shown: str
    counted: str


@dataclass(slots=True)
class PartialSum:
    """The sum of an indicator over some reports."""

    reports: int = 0
    numerator: Decimal = Decimal(0)
    denominator: Decimal = Decimal(0)
    """0 for what is no share."""

    def add(self, one: Figure) -> None:
        """Add one place's numbers."""
        self.reports += 1
        self.numerator += one.numerator or 0
        self.denominator += one.denominator or 0


@dataclass(slots=True)
class Tally:
    """What the reports say about one indicator of a unit in the newest period."""

    total: PartialSum = field(default_factory=PartialSum)
    """The figure itself; of a stock with values carried forward."""
    fresh: int = 0
    """How many have reported for the period; of a stock those that stood at its end."""
    now: PartialSum = field(default_factory=PartialSum)
    before: PartialSum = field(default_factory=PartialSum)
    new: PartialSum = field(default_factory=PartialSum)

    def add(self, said: Figure | None, counts: Figure | None, earlier: Figure | None) -> None:
        """Add one place: its numbers for the period, those that count in the figure, and those before."""
        if counts is not None:
            self.total.add(counts)
        if said is None:
            return
        self.fresh += counts is not None
        if earlier is None:
            self.new.add(said)
        else:
            self.now.add(said)
            self.before.add(earlier)


Tallies = dict[tuple[int, str], Tally]
"""By unit and indicator."""
Numbers = Mapping[str, Decimal]
"""What a report holds, by question."""


@dataclass(frozen=True)
class ReportedNumbers:
    """The numbers that some places reported about a period, by place id."""

    now: Mapping[int, Numbers]
    """From reports for exactly this period."""
    standing: Mapping[int, Numbers]
    """From the newest reports at its end."""
    newest_before: Mapping[int, Numbers]
    just_before: Mapping[int, Numbers]
    """From reports for exactly the period before."""

    def add_to(self, tally: Tally, source: Source, place: int, *, stands: bool, replaced: bool) -> None:
        """Add a place to a unit; after a place was closed, its earlier numbers no longer count.

        `replaced`: whether an heir's reports hold its ground, so that theirs is what was counted anew in the period.
        """
        stock = source.indicator.stock
        said = said_of(source, self.now.get(place)) if stock or not replaced else None
        earlier = said_of(source, (self.newest_before if stock else self.just_before).get(place))
        whole = said_of(source, self.standing.get(place)) if stands else None
        tally.add(said, whole if stock else said, earlier)


def said_of(source: Source, numbers: Numbers | None) -> Figure | None:
    """The indicator as a report gives it; None if it does not."""
    one = figure(source.indicator, numbers) if numbers is not None else None
    return one if one is not None and one.numerator is not None else None


async def summed_alone(view: View) -> dict[Entry, list[Source]]:
    """By questionnaire, the figures that are sums of what villages answer to it alone."""
    by_entry: dict[Entry, list[Source]] = {}
    for indicator in view.plans.indicators.values():
        source = await source_of(view, indicator)
        if source is not None and source.alone and indicator.additive and indicator.level == Level.VILLAGE:
            by_entry.setdefault(source.entry, []).append(source)
    return by_entry


async def wrong_figures(view: View) -> list[WrongFigure]:
    """Every figure shown of a unit that differs from what its villages reported."""
    by_entry = await summed_alone(view)
    places = await ledger.reporters(view.session)
    return [
        wrong
        for entry, sources in by_entry.items()
        for wrong in await FigureCheck(view, entry, sources, places).differences()
    ]


@dataclass(frozen=True)
class FigureCheck:
    """The figures of one questionnaire, for the newest period reported."""

    view: View
    entry: Entry
    sources: Sequence[Source]
    places: Sequence[int]
    """Every place with a report."""

    async def differences(self) -> list[WrongFigure]:
        """What is shown although the reports say otherwise."""
        until = self.entry.period(self.view.today).end
        newest = await asking.newest_end(self.view.session, self.entry.form, until)
        if newest is None:
            return []
        period = self.entry.period(newest)
        tallies = await self.tallies(period)
        units = await self.larger(sorted({unit for unit, _ in tallies}))
        groups = await below(self.view.session, units, Level.VILLAGE, self.view.today)
        return [
            wrong for source in self.sources for wrong in await self.compared(source, period, groups, tallies)
        ]

    async def larger(self, units: Iterable[int]) -> tuple[int, ...]:
        """Those of some units that are no villages."""
        return tuple([unit for unit in units if not await self.is_village(unit)])

    async def is_village(self, unit: int) -> bool:
        """Whether the unit is a village that absorbed another: its figure is its own report."""
        place = await self.view.session.places.get(unit)
        return place is not None and place.level == Level.VILLAGE

    async def tallies(self, period: Period) -> Tallies:
        """What the reports say, unit by unit."""
        tallies: Tallies = {}
        day, end = self.view.today.toordinal(), period.end.toordinal()
        for some in portions(self.places, TOGETHER):
            ways, reports = await ledger.ways_of(self.view.session, some), await self.reports(some, period)
            replaced = await ledger.replaced(self.view.session, ways)
            for place in {*reports.now, *reports.standing}:
                heard = replaced.get(place, {}).get(self.entry.form)
                last = ways[place].until(0, None, heard)
                over = [one is not None and one <= end for one in (last, heard)]
                for unit in ways[place].on(day) - {place}:
                    for source in self.sources:
                        tally = tallies.setdefault((unit, source.indicator.id), Tally())
                        reports.add_to(tally, source, place, stands=not over[0], replaced=over[1])
        return tallies

    async def reports(self, places: Sequence[int], period: Period) -> ReportedNumbers:
        """What some places reported for a period and before."""
        session, form = self.view.session, self.entry.form
        eve = period.start - timedelta(days=1)
        runs = [
            await asking.in_periods(session, places, [form], [period.key]),
            await submissions.newest(session, places, {form: period.end}),
            await submissions.newest(session, places, {form: eve}),
            await asking.in_periods(session, places, [form], [period.previous().key]),
        ]
        ids = {report.submission_id for run in runs for report in run}
        numbers = await figures.of_submissions(session, ids)
        return ReportedNumbers(*(by_place(run, numbers) for run in runs))

    async def compared(
        self, source: Source, period: Period, groups: Groups, tallies: Tallies
    ) -> list[WrongFigure]:
        """What differs of one indicator."""
        told = await count(self.view, source, groups, span_of(period))
        turned = await changes(self.view, source, groups, span_of(period))
        name = source.indicator.id
        pairs = [
            (unit, what, shown, counted)
            for unit in groups
            for what, shown, counted in compared_of(tallies[unit, name], told[unit], turned.get(unit))
        ]
        return [
            WrongFigure(unit, name, period.key, what, shown, counted)
            for unit, what, shown, counted in pairs
            if shown != counted
        ]


def by_place(reports: Sequence[Newest], numbers: Mapping[int, Numbers]) -> dict[int, Numbers]:
    """What reports hold, by place."""
    return {report.place_id: numbers.get(report.submission_id, {}) for report in reports}


def compared_of(tally: Tally, told: Counted, change: Change | None) -> Iterator[tuple[str, str, str]]:
    """What is shown of a unit's figure and change, each with what the reports say."""
    # A village that reported for a time after its last day is not among those expected.
    fresh = min(tally.fresh, told.expected)
    shown = in_words(told.covered.fresh, told.figure) if told.period else ""
    yield "figure", shown, part_in_words(fresh, tally.total) if tally.fresh else ""
    turned = [part_in_words(part.reports, part) for part in (tally.now, tally.before, tally.new)]
    yield "change", change_in_words(change), ", ".join(turned) if tally.now.reports else ""


def change_in_words(change: Change | None) -> str:
    """Both ends of a change over the same villages, and the newcomers."""
    if change is None:
        return ""
    new = in_words(change.new, change.of_new or Figure("", None))
    return ", ".join([in_words(change.places, change.now), in_words(change.places, change.before), new])


def in_words(reports: int, one: Figure) -> str:
    """A figure as "numerator/denominator (reports)", without the denominator if it is no share."""
    return part_in_words(
        reports, PartialSum(reports, one.numerator or Decimal(0), one.denominator or Decimal(0))
    )


def part_in_words(reports: int, part: PartialSum) -> str:
    """The same of reports added up."""
    whole = f"/{part.denominator.normalize():f}" if part.denominator else ""
    return f"{part.numerator.normalize():f}{whole} ({reports})"

"""Figures of units from the single reports of their places: exact for any span, but only for few places.

A report is taken as a whole: an answer missing from the newest one is missing, and not taken from an older one.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain

from figures.counted import Counted, Older, newest_in, opened
from figures.expected import Expected
from figures.sources import FigureDays, Groups, Source, within
from figures.view import View
from plans.covered import Change, Covered
from plans.indicator import Indicator
from plans.period import Period, from_key
from plans.rollup import Figure, combined, figure
from storage import asking, figures, submissions
from storage.session import Session
from storage.submissions import Newest


@dataclass(frozen=True, slots=True)
class Reported:
    """One place's numbers for an indicator: for which period, in which reports."""

    figure: Figure
    period: Period
    reports: frozenset[int]

    @property
    def given(self) -> bool:
        """Whether the indicator could be computed."""
        return self.figure.numerator is not None


ByPlace = Mapping[int, Reported]
ByReports = Mapping[int, Sequence[Newest]]
Days = tuple[tuple[str, date], ...]


@dataclass(frozen=True)
class Reports:
    """Reads single reports, each once, for several figures."""

    looked_up: dict[Days, dict[int, list[Newest]]] = field(default_factory=dict)
    """By the days up to which they were looked for, and by place."""
    known: dict[int, dict[str, Decimal]] = field(default_factory=dict)

    async def newest(self, session: Session, places: Sequence[int], days: Mapping[str, date]) -> ByReports:
        """By place, the newest report to each questionnaire whose period ended by that questionnaire's day."""
        read = self.looked_up.setdefault(tuple(sorted(days.items())), {})
        if unread := [place for place in places if place not in read]:
            read.update({place: [] for place in unread})
            for report in await submissions.newest(session, unread, days):
                read[report.place_id].append(report)
        return {place: read[place] for place in places if read[place]}

    async def numbers(self, session: Session, ids: Collection[int]) -> Mapping[int, Mapping[str, Decimal]]:
        """The numbers of some reports, by report and question; nothing for reports without numbers."""
        unread = [id for id in ids if id not in self.known]
        if unread:
            read = await figures.of_submissions(session, unread)
            self.known.update({id: read.get(id, {}) for id in unread})
        return {id: self.known[id] for id in ids}


@dataclass(frozen=True)
class Single:
    """Counts one source for some units."""

    view: View
    source: Source
    groups: Groups
    reports: Reports = field(default_factory=Reports)

    @property
    def places(self) -> list[int]:
        return sorted(set().union(*self.groups.values()))

    @property
    def indicator(self) -> Indicator:
        return self.source.indicator

    async def stock(self, span: FigureDays) -> dict[int, Counted]:
        """The figures at the end of a span."""
        there = await self.at(span.end)
        rows = await there.whole(span.end)
        period = newest_in((row.period for row in rows.values()), span)
        if period is not None and (then := await self.at(period.end)).groups != there.groups:
            there, rows = then, await then.whole(period.end)
        return {unit: self.standing_of(group, rows, period) for unit, group in there.groups.items()}

    async def whole(self, until: date) -> ByPlace:
        """By place, what stood at the end of the newest period for which anybody gave the whole, of those ended by a day.

        Several questionnaires make one number: as long as one of them is missing for a period, the others change nothing.
        """
        rows = await self.standing(until)
        if self.source.alone:
            return rows
        rows = given(rows, rows)
        newest = newest_of(row.period for row in rows.values())
        return await self.whole(newest.end) if newest and newest.end < until else rows

    def standing_of(self, group: Collection[int], rows: ByPlace, period: Period | None) -> Counted:
        """One unit's stock of `period`; none if none of its places reported for it."""
        known = given(group, rows).values()
        carried = [row.period for row in known if row.period != period]
        covered = Covered(len(group), len(known) - len(carried), len(carried), oldest(carried))
        total = combined(self.indicator, (row.figure for row in known))
        if covered.fresh:
            return Counted(total, covered, period, reports=reports_of(known))
        newest = newest_of(row.period for row in known)
        older = Older(total, newest, len(known)) if newest else None
        return Counted(Figure(self.indicator.id, None), covered, older=older)

    async def flow(self, span: FigureDays) -> dict[int, Counted]:
        """The sums of reports for the periods of a span."""
        periods = list(map(from_key, within(self.source.entry, span)))
        there = await self.at(span.end)
        rows = await self.flowing(periods)
        asked = opened(self.source.entry, periods, self.view.today)
        counted = {unit: self.sum_of(group, rows[unit], asked) for unit, group in there.groups.items()}
        if any(one.period is None for one in counted.values()):
            before = await self.standing(span.start - timedelta(days=1))
            return {unit: self.or_older(one, self.groups[unit], before) for unit, one in counted.items()}
        return counted

    async def flowing(self, periods: Sequence[Period]) -> dict[int, dict[int, list[Reported]]]:
        """By unit and place, the reports for some periods that make up its flows."""
        expected = Expected.by(self.view, self.source)
        groups = {period: await expected.flowing(self.groups, period) for period in periods}
        every = set[int]().union(*(group for by_unit in groups.values() for group in by_unit.values()))
        said = await replace(self, groups={place: {place} for place in every}).said_in(
            [period.key for period in periods]
        )
        return {
            unit: {
                place: [row for row in rows if place in groups[row.period][unit]]
                for place, rows in said.items()
            }
            for unit in self.groups
        }

    def sum_of(
        self, group: Collection[int], rows: Mapping[int, Sequence[Reported]], asked: Sequence[Period]
    ) -> Counted:
        """One unit's flow over the periods `asked`; what closed places of its ground said is in `rows` beside its group."""
        by_place = [those_given(rows.get(place, ())) for place in group]
        said = list(chain.from_iterable(map(those_given, rows.values())))
        reported = {row.period for row in said}
        partly = sum(0 < len({row.period for row in rows}) < len(reported) for rows in by_place)
        return Counted(
            combined(self.indicator, (row.figure for row in said)),
            Covered(len(group), sum(map(bool, by_place)), partly=partly),
            newest_of(reported),
            missing=tuple(period for period in asked if period not in reported),
            reports=reports_of(said),
        )

    def or_older(self, counted: Counted, group: Collection[int], before: ByPlace) -> Counted:
        """If nobody reported for the span: with the figure of the newest period before it."""
        known = given(group, before).values()
        newest = newest_of(row.period for row in known)
        if counted.period is not None or newest is None:
            return counted
        last = [row.figure for row in known if row.period == newest]
        return counted.with_older(Older(combined(self.indicator, last), newest, len(last)))

    async def change(self, now: FigureDays, since: FigureDays | None) -> dict[int, Change]:
        """The change to the end of `now` from the end of `since`, or from the newest period before, over the same
        places.

        A flow is compared with that of `since`. Units without a report for one of the two are left out.
        """
        there = await self.at(now.end)
        later, earlier = await there.ends(now, since)
        changes = {unit: self.change_of(group, later, earlier, since) for unit, group in there.groups.items()}
        return {unit: change for unit, change in changes.items() if change is not None}

    async def ends(self, now: FigureDays, since: FigureDays | None) -> tuple[ByPlace, ByPlace]:
        """The numbers of the places that reported for `now`, and of all places at the end of `since`."""
        if self.indicator.stock:
            until = since.end if since else now.start - timedelta(days=1)
            rows = await self.standing(now.end)
            later = {place: row for place, row in rows.items() if row.period.end >= now.start}
            return later, await self.standing(until)
        before = since or now.before()
        return await self.summed(now), await self.summed(before)

    def change_of(
        self, group: Collection[int], later: ByPlace, earlier: ByPlace, since: FigureDays | None
    ) -> Change | None:
        """One unit's change."""
        now, before = given(group, later), given(group, earlier)
        like = now.keys() & before.keys()
        began = newest_of(row.period for row in before.values())
        if not like or began is None or (since and began.end < since.start):
            return None
        # New places are told separately: what they add is nobody's change.
        new = now.keys() - before.keys()
        return Change(
            self.together(now, like),
            self.together(before, like),
            len(like),
            began if self.indicator.stock or since is None else since.period,
            len(new),
            self.together(now, new) if new else None,
            sum(before[place].period != began for place in like) if self.indicator.stock else 0,
        )

    def together(self, rows: ByPlace, places: Iterable[int]) -> Figure:
        """The figure of some places together."""
        return combined(self.indicator, (rows[place].figure for place in places))

    async def at(self, day: date) -> "Single":
        """The same for the places that the units' figures on a day are of."""
        return replace(self, groups=await Expected.by(self.view, self.source).on(self.groups, day))

    # --- reading --------------------------------------------------------------------------------------

    async def standing(self, until: date) -> dict[int, Reported]:
        """By place, its newest report of a period that ended by `until`."""
        days = dict.fromkeys(self.source.forms, until)
        rows = await self.reports.newest(self.view.session, self.places, days)
        read = await self.read(rows.values())
        return dict(zip(rows, read, strict=True))

    async def said_in(self, keys: Collection[str]) -> dict[int, list[Reported]]:
        """By place, its reports for each of some periods."""
        rows: dict[tuple[int, str], list[Newest]] = {}
        for report in await asking.in_periods(self.view.session, self.places, self.source.forms, keys):
            rows.setdefault((report.place_id, report.period), []).append(report)
        said: dict[int, list[Reported]] = {}
        for (place, _), row in zip(rows, await self.read(rows.values()), strict=True):
            said.setdefault(place, []).append(row)
        return said

    async def summed(self, span: FigureDays) -> dict[int, Reported]:
        """By place, the sum of its reports for the periods of a span."""
        rows = await self.said_in(within(self.source.entry, span))
        return {place: self.sum(row) for place, row in rows.items()}

    def sum(self, rows: Sequence[Reported]) -> Reported:
        """The sum of one place's reports."""
        total = combined(self.indicator, (row.figure for row in rows))
        return Reported(total, max((row.period for row in rows), key=end_of), reports_of(rows))

    async def read(self, together: Iterable[Sequence[Newest]]) -> list[Reported]:
        """The numbers of reports that belong together, each time."""
        some = list(together)
        ids = {report.submission_id for reports in some for report in reports}
        numbers = await self.reports.numbers(self.view.session, ids)
        return [self.said(reports, numbers) for reports in some]

    def said(self, reports: Sequence[Newest], numbers: Mapping[int, Mapping[str, Decimal]]) -> Reported:
        """The numbers of a place's reports at one time: of the oldest of their periods, since only then all were given."""
        values: dict[str, Decimal] = {}
        for report in reports:
            values |= numbers.get(report.submission_id, {})
        first = min((from_key(report.period) for report in reports), key=end_of)
        period = first if self.source.alone else self.source.entry.period(first.end)
        ids = frozenset(report.submission_id for report in reports)
        return Reported(figure(self.indicator, values), period, ids)


def end_of(period: Period) -> date:
    return period.end


def given(group: Iterable[int], rows: ByPlace) -> dict[int, Reported]:
    """The numbers of a group's places from which the indicator could be computed."""
    return {place: rows[place] for place in group if place in rows and rows[place].given}


def those_given(rows: Iterable[Reported]) -> list[Reported]:
    """A place's reports from which the indicator could be computed."""
    return [row for row in rows if row.given]


def newest_of(periods: Iterable[Period]) -> Period | None:
    """The latest of some periods."""
    return max(periods, key=end_of, default=None)


def oldest(periods: Iterable[Period]) -> Period | None:
    """The earliest of some periods."""
    return min(periods, key=end_of, default=None)


def reports_of(rows: Iterable[Reported]) -> frozenset[int]:
    """The reports behind some numbers."""
    return frozenset().union(*(row.reports for row in rows))

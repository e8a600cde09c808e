"""Figures of units from the ledger's sums: those of a nation cost no more than those of a commune."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from figures.closed import ended_within
from figures.counted import Counted, Older, newest_in, opened
from figures.expected import Expected
from figures.single import Single
from figures.sources import FigureDays, Groups, Source, span_of, within
from figures.view import View
from plans.covered import Change, Covered
from plans.indicator import Indicator
from plans.period import Period, from_key
from plans.rollup import Figure, combined
from storage import asking, ledger
from storage.ledger import NOTHING, Total, Turned

COMPARED: Final = 5_000
"""With more places than this, periods are compared only with the one just before."""
LOOKED_AT: Final = 5_000
"""With more places than this, single reports are not looked at: for the oldest value carried forward, and for who
reported for each of several periods."""


@dataclass(frozen=True)
class Summed:
    """Counts one source for some units, by today's boundaries."""

    view: View
    source: Source
    groups: Groups

    @property
    def indicator(self) -> Indicator:
        return self.source.indicator

    @property
    def units(self) -> list[int]:
        return list(self.groups)

    async def stock(self, span: FigureDays) -> dict[int, Counted]:
        """The figures at the end of a span."""
        last = await self.latest_standing(span.end)
        end = last.end if last else span.end
        stands = await self.standing(last.end) if last else {}
        period = newest_in([last] if last else [], span)
        fresh = await self.said_and_standing(period) if period else {}
        there = await self.places_on(end)
        counted = {
            unit: self.standing_of(
                places, stands.get(unit, NOTHING), fresh.get(unit, NOTHING).reports, period, last
            )
            for unit, places in there.items()
        }
        return await self.with_oldest(counted, end)

    def standing_of(
        self, places: frozenset[int], total: Total, fresh: int, period: Period | None, last: Period | None
    ) -> Counted:
        """The stock of `period` of a unit with these `places`; none if none of them reported for it."""
        figure = total.figure(self.indicator)
        covered = covered_by(len(places), min(fresh, total.reports), total.reports)
        if fresh and total.reports:
            return Counted(figure, covered, period, places=places)
        alone = last if len(self.groups) == 1 and total.reports else None
        older = Older(figure, alone, total.reports) if alone else None
        return Counted(Figure(self.indicator.id, None), covered, older=older, places=places)

    async def with_oldest(self, counted: dict[int, Counted], until: date) -> dict[int, Counted]:
        """Add the period of the oldest value that one unit's figure carries forward; for several units nobody asks."""
        # This reads single reports, which only an answer about one unit has room for.
        [unit, *others] = counted
        one = counted[unit]
        if others or not one.period or not one.covered.carried or len(one.places) > LOOKED_AT:
            return counted
        day = await asking.oldest(self.view.session, self.source.entry.form, sorted(one.places), until)
        oldest = self.source.entry.period(day) if day else None
        return {unit: replace(one, covered=replace(one.covered, oldest=oldest))}

    async def flow(self, span: FigureDays) -> dict[int, Counted]:
        """The sums of reports for the periods of a span."""
        periods = list(map(from_key, within(self.source.entry, span)))
        said = {period: await self.said(period) for period in periods}
        asked = opened(self.source.entry, periods, self.view.today)
        there = await self.places_on(span.end)
        counted = {unit: self.sum_of(unit, places, said, asked) for unit, places in there.items()}
        if len(periods) > 1:
            counted = await self.with_reporters(counted, [period.key for period in periods])
        # An older period stands in only for one place by itself: in a list, units of different periods would not
        # compare.
        if len(counted) > 1 or any(one.period for one in counted.values()):
            return counted
        return {unit: await self.or_older(one, span) for unit, one in counted.items()}

    async def with_reporters(self, counted: dict[int, Counted], keys: list[str]) -> dict[int, Counted]:
        """Add how many places reported for any and for each of several periods, which no sum holds; unless there are
        too many to look at."""
        places = frozenset().union(*(one.places for one in counted.values()))
        if len(places) > LOOKED_AT or not any(one.period for one in counted.values()):
            return counted
        said: dict[int, set[str]] = {}
        for report in await asking.in_periods(self.view.session, places, self.source.forms, keys):
            said.setdefault(report.place_id, set()).add(report.period)
        return {unit: with_those_who_said(one, said) for unit, one in counted.items()}

    def sum_of(
        self,
        unit: int,
        places: frozenset[int],
        said: Mapping[Period, Mapping[int, Total]],
        asked: Sequence[Period],
    ) -> Counted:
        """One unit's flow over the periods `asked`."""
        totals = {period: by_unit[unit] for period, by_unit in said.items() if unit in by_unit}
        figures = [total.figure(self.indicator) for total in totals.values()]
        # The sums do not hold how many reported at least once: as many as in the fullest period, or more.
        fresh = max((total.reports for total in totals.values()), default=0)
        return Counted(
            combined(self.indicator, figures),
            Covered(len(places), min(fresh, len(places))),
            max(totals, key=lambda period: period.end, default=None),
            missing=tuple(period for period in asked if period not in totals),
            places=places,
        )

    async def or_older(self, counted: Counted, span: FigureDays) -> Counted:
        """A flow that nobody reported for, with that of the newest earlier period."""
        last = await self.latest(span.start - timedelta(days=1))
        total = next(iter((await self.said(last)).values()), NOTHING) if last else NOTHING
        if last is None or not total.reports:
            return counted
        return counted.with_older(Older(total.figure(self.indicator), last, total.reports))

    async def change(self, now: FigureDays, since: FigureDays | None) -> dict[int, Change]:
        """The change over the same places, as in `Single.change`.

        The ledger has the change from the period before; for any other, single reports are read.
        """
        eve = await self.latest(now.start - timedelta(days=1), alike=True)
        # The ledger holds one change for each period: that from the report before.
        if now.period is None or not self.is_next(now.period, eve, since):
            return await self.change_by_reports(now, since)
        if eve is None:
            return {}
        turned = await ledger.turned(
            self.view.session,
            self.units,
            self.source.entry.form,
            [self.indicator.id],
            now.period,
            self.view.today,
        )
        # Nothing is compared with a period that was named but that nobody in the unit has reported for.
        named = await self.said(eve) if since else None
        by_unit = {unit: of[self.indicator.id] for unit, of in turned.items() if of}
        return {
            unit: change_of(self.indicator, of, eve)
            for unit, of in by_unit.items()
            if of.now.reports and (named is None or unit in named)
        }

    async def change_by_reports(self, now: FigureDays, since: FigureDays | None) -> dict[int, Change]:
        """The change from further back, report by report; nothing where these are too many to hold the others up."""
        if sum(map(len, self.groups.values())) > COMPARED:
            return {}
        return await Single(self.view, self.source, self.groups).change(now, since)

    def is_next(self, now: Period, eve: Period | None, since: FigureDays | None) -> bool:
        """Whether the reports for `now` are compared with those just before them."""
        if self.source.entry.period(now.end) != now:
            return False
        before = now.previous()
        if self.indicator.stock:
            return since is None or (eve is not None and since == span_of(eve))
        return since in (None, span_of(before)) and eve in (None, before)

    async def places_on(self, day: date) -> dict[int, frozenset[int]]:
        """The places that the units' figures on a day are of."""
        there = await Expected.by(self.view, self.source).on(self.groups, day)
        return {unit: frozenset(places) for unit, places in there.items()}

    # --- reading --------------------------------------------------------------------------------------

    async def standing(self, day: date) -> dict[int, Total]:
        """What stands for each unit on a day."""
        on = (self.view.session, self.units, self.source.entry.form, [self.indicator.id])
        return self.of_mine(await ledger.standing(*on, day, self.view.today))

    async def said(self, period: Period) -> dict[int, Total]:
        """What was reported for exactly one period."""
        on = (self.view.session, self.units, self.source.entry.form, [self.indicator.id])
        return self.of_mine(await ledger.said(*on, period, self.view.today))

    async def said_and_standing(self, period: Period) -> dict[int, Total]:
        """The same without what places said that closed before the period ended: that is in no stock."""
        ended = await ended_within(self.view, self.source, self.units, period)
        return {
            unit: total.less(ended.get(unit, NOTHING)) for unit, total in (await self.said(period)).items()
        }

    def of_mine(self, totals: ledger.Totals) -> dict[int, Total]:
        mine = self.indicator.id
        return {unit: total[mine] for unit, total in totals.items() if mine in total}

    async def latest_standing(self, until: date) -> Period | None:
        """The newest period, of those that ended by `until`, for which somebody reported who stood at its end."""
        last = await self.latest(until)
        while last is not None and await self.is_of_ended_only(last):
            last = await self.latest(last.start - timedelta(days=1))
        return last

    async def is_of_ended_only(self, period: Period) -> bool:
        """Whether everybody who reported for a period ended before it did."""
        unheard = await Expected.by(self.view, self.source).unheard(self.units, period)
        if not unheard:
            return False
        on = (self.view.session, self.units, self.source.entry.form, [""])
        said = await ledger.said(*on, period, self.view.today)
        return not any(
            total[""].reports > len(unheard.get(unit, ())) for unit, total in said.items() if "" in total
        )

    async def latest(self, until: date, *, alike: bool = False) -> Period | None:
        """The newest period that any of these units reported for, of those that ended by `until`; with `alike`, of
        those that are asked about today."""
        like = self.source.entry.period(until)
        on = (self.view.session, self.units, self.source.entry.form)
        return await ledger.latest(*on, like, until, self.view.today, alike=alike)


def with_those_who_said(counted: Counted, said: Mapping[int, set[str]]) -> Counted:
    """A flow with how many of its places reported for each of its periods, and how many for any.

    `said`: for which periods each place reported.
    """
    mine = [said[place] for place in counted.places if place in said]
    periods = set().union(*mine)
    covered = replace(counted.covered, fresh=len(mine)) if counted.period else counted.covered
    full = min(sum(some == periods for some in mine), covered.fresh)
    return replace(counted, covered=replace(covered, partly=covered.fresh - full))


def covered_by(expected: int, fresh: int, known: int) -> Covered:
    """Coverage by the ledger. A place that reported for a time after its last day is not among those expected."""
    fresh = min(fresh, expected)
    return Covered(expected, fresh, max(min(known, expected) - fresh, 0))


def change_of(indicator: Indicator, turned: Turned, eve: Period) -> Change:
    """The change since the period `eve`, which the ledger has."""
    new = turned.new
    return Change(
        turned.now.figure(indicator),
        turned.before.figure(indicator),
        turned.now.reports,
        eve,
        new.reports,
        new.figure(indicator) if new.reports else None,
        # The ledger's sums hold no single places: `counting.with_carried` looks at their reports.
        None if indicator.stock else 0,
    )

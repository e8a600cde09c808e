"""What the newest reports say about a place, questionnaire by questionnaire, today or at the end of an earlier day.

Figures that only officers report stand beside those of the villages: from the place's own report, or summed over the
units below. Each unit's newest report is taken as a whole: an answer missing from it is missing, and not taken from an
older one.
"""

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Final

from figures import small
from figures.counted import Counted
from figures.discretion import Discretion
from figures.expected import Expected
from figures.of_several import told_together
from figures.sources import Source, is_shorter, source_of, span_of
from figures.summed import change_of, covered_by
from figures.view import View
from plans.covered import Change, Covered
from plans.indicator import Indicator
from plans.levels import LEVELS
from plans.period import Period, from_key
from plans.plans import Plans
from plans.programme import Programme
from plans.schedule import Entry
from questionnaires.questionnaire import Questionnaire
from reports.progress import Heard, hear
from storage import asking, figures, ledger, submissions
from storage.submissions import Newest
from storage.tables import Level, Place

FEW: Final = 300
"""With more units than this, nobody looks up the oldest value that is carried forward: there are many questionnaires."""


@dataclass(frozen=True)
class Hearing:
    """Which reports are read: the questionnaires for every place and those for the places of `programmes`."""

    view: View
    programmes: Sequence[Programme]
    form: str = ""
    """If set: only the place's own reports of this questionnaire."""
    questions: frozenset[str] = frozenset()
    """If any: only questionnaires that ask one of these."""
    until: date | None = None
    """As at the end of this day; None for today."""
    known: Discretion | None = None
    """What this reader may see, as far as it is already known."""

    @cached_property
    def discretion(self) -> Discretion:
        """What this reader may see, worked out once for all questionnaires."""
        return self.known or Discretion(self.view)

    async def of(self, way: Sequence[Place]) -> Sequence[Heard]:
        """What was reported about the first place of `way`, which leads upwards; what this reader may not see is marked."""
        return await kept_back(self.discretion, way[0], await self.all(way))

    async def all(self, way: Sequence[Place]) -> list[Heard]:
        """What the newest reports of each questionnaire say about the first place of `way`, which leads upwards."""
        place = way[0]
        if place.level == Level.VILLAGE:
            return await self.own(place, await villages_about(self.view, way), way[min(1, len(way) - 1)])
        if self.form:
            return await self.own(place, set())
        heard = await self.below(Level.VILLAGE, place, await villages_about(self.view, way))
        for level in LEVELS[1 : LEVELS.index(place.level)]:
            units = await self.view.session.places.ids_below(place.id, level, self.view.today)
            heard += await self.below(Level(level), place, units)
        if await Expected(self.view, place.level, ()).holds_others(place.id):
            heard += await self.below(Level(place.level), place, {place.id})
        else:
            heard += await self.own(place, set())
        return heard + await self.together(place)

    async def together(self, place: Place) -> list[Heard]:
        """What the questionnaires that `place` itself answers say only together."""
        asked = [names for _, names in await self.asked_of(Level(place.level))]
        return await told_together(self.view, place, asked, self.until)

    async def below(self, level: Level, place: Place, expected: Collection[int]) -> list[Heard]:
        """What the newest reports of the units of a level below `place` add up to, by the ledger."""
        asked = await self.asked_of(level) if expected else []
        return [
            await Below(
                self.view, level, place, expected, *pair, self.discretion, self.questions, self.until
            ).heard()
            for pair in asked
        ]

    async def own(self, place: Place, expected: Set[int], unit: Place | None = None) -> list[Heard]:
        """What `place` itself reported in each questionnaire, and how many of the `expected` villages of its `unit` did."""
        level = Level(place.level)
        asked = await self.asked_of(level)
        if not asked:
            return []
        until = {entry.form: heard_until(entry, self.view.today, self.until) for entry, _ in asked}
        own = await own_reports(self.view, place, expected, until, unit)
        heard = [
            own.heard(self.view.plans, entry.form, names, len(expected), level) for entry, names in asked
        ]
        return [await compared_alike(self.discretion, place, one) if one.changes else one for one in heard]

    async def asked_of(self, level: Level) -> list[tuple[Entry, frozenset[str]]]:
        """The questionnaires of a level from which some figure is made, with the names of their questions."""
        active = await self.view.library.active_forms(self.view.session)
        asked = [
            (entry, active[entry.form][1].question_names)
            for entry in self.view.plans.asked_of(level, self.programmes)
            if feeds(self.view, active, entry) and self.form in ("", entry.form)
        ]
        return [(entry, names) for entry, names in asked if self.reads(names)]

    def reads(self, names: frozenset[str]) -> bool:
        """Whether a questionnaire with these questions is read."""
        return not self.questions or not self.questions.isdisjoint(names)


async def compared_alike(discretion: Discretion, place: Place, heard: Heard) -> Heard:
    """What a place itself reported, without the changes of what is not of the same ground at both ends."""
    changes, over = dict(heard.changes or {}), set[str]()
    for id, change in tuple(changes.items()):
        source = await source_of(discretion.view, discretion.view.plans.indicators[id])
        if source and await discretion.is_over_a_merger(source, place, heard.period, change):
            over.add(id)
            del changes[id]
    return replace(heard, changes=changes, over_merger=frozenset(over)) if over else heard


async def kept_back(discretion: Discretion, place: Place, heard: Sequence[Heard]) -> Sequence[Heard]:
    """What was reported about a village; what readers from outside its commune may not see is marked or left out."""
    if place.level != Level.VILLAGE or await small.is_near(discretion.view, place):
        return heard
    return [await kept_back_of(discretion, place, one) if one.period else one for one in heard]


async def kept_back_of(discretion: Discretion, place: Place, heard: Heard) -> Heard:
    """The same for one questionnaire."""
    hidden: set[str] = set()
    changes: dict[str, Change] = {}
    known = heard.changes or {}
    for id, figure in (heard.figures or {}).items():
        source = await source_of(discretion.view, discretion.view.plans.indicators[id])
        counted = Counted(figure, heard.covered, heard.period)
        if source is None or heard.period is None:
            continue
        if await discretion.is_kept_back(source, place, span_of(heard.period), counted):
            hidden.add(id)
        change = await discretion.seen(source, place, heard.period, known.get(id))
        changes |= {id: change} if change else {}
    silent = frozenset(known.keys() - changes.keys())
    return replace(heard, kept_back=frozenset(hidden), changes=changes, silent=silent)


@dataclass(frozen=True)
class Below:
    """One questionnaire in the units below a place, for the newest period that any of them has reported."""

    view: View
    level: Level
    place: Place
    expected: Collection[int]
    entry: Entry
    names: frozenset[str]
    discretion: Discretion
    questions: frozenset[str] = frozenset()
    """If any: only what is made from these."""
    until: date | None = None
    """As at the end of this day; None for today."""

    @cached_property
    def fed(self) -> dict[str, Indicator]:
        """The indicators made from it. Those that do not add up belong to a unit alone."""
        made = (one for one in self.view.plans.fed_by(self.names) if one.additive)
        return {one.id: one for one in made if not self.questions or self.questions.issuperset(one.questions)}

    async def heard(self) -> Heard:
        """What it says."""
        period = await self.latest(heard_until(self.entry, self.view.today, self.until))
        if period is None:
            return Heard(self.names, covered=Covered(len(self.expected)), by=self.level)
        totals, covered = await self.totals(period)
        changes = {} if self.until else await self.changes(period)
        hidden = await self.kept_back(period, totals, covered)
        over = await self.over_merger(period, changes)
        seen = await self.seen(period, {id: one for id, one in changes.items() if id not in over})
        return Heard(
            self.names,
            period,
            {id: totals.get(id, ledger.NOTHING).figure(one) for id, one in self.fed.items()},
            seen,
            covered,
            self.level,
            {id: total.reports for id, total in totals.items()},
            hidden,
            frozenset(changes.keys() - seen.keys() - over),
            over,
        )

    async def kept_back(
        self, period: Period, totals: Mapping[str, ledger.Total], covered: Covered
    ) -> frozenset[str]:
        """The totals withheld from this reader because they tell small numbers of their villages."""
        hidden: set[str] = set()
        for id, total in totals.items():
            there = replace(covered.of(stock=self.fed[id].stock), fresh=total.reports)
            counted = Counted(total.figure(self.fed[id]), there, period)
            if await self.discretion.is_kept_back(self.source(id), self.place, span_of(period), counted):
                hidden.add(id)
        return frozenset(hidden)

    async def over_merger(self, period: Period, changes: Mapping[str, Change]) -> frozenset[str]:
        """The indicators whose change is not of the same ground at both ends."""
        over = [
            id
            for id, change in changes.items()
            if await self.discretion.is_over_a_merger(self.source(id), self.place, period, change)
        ]
        return frozenset(over)

    async def seen(self, period: Period, changes: Mapping[str, Change]) -> dict[str, Change]:
        """The changes, as far as this reader may see them."""
        seen = {
            id: await self.discretion.seen(self.source(id), self.place, period, changes[id]) for id in changes
        }
        return {id: change for id, change in seen.items() if change is not None}

    def source(self, id: str) -> Source:
        """One of its indicators, with this questionnaire."""
        return Source(self.fed[id], self.entry, (self.entry.form,))

    async def latest(self, until: date, *, alike: bool = False) -> Period | None:
        """The newest period reported by `until`; with `alike`, of those that are asked about today."""
        like = self.entry.period(until)
        on = (self.view.session, [self.place.id], self.entry.form)
        return await ledger.latest(*on, like, until, self.view.today, alike=alike)

    async def totals(self, period: Period) -> tuple[dict[str, ledger.Total], Covered]:
        """The indicators' totals, of stocks as they stand and of flows for the period; and how many units reported."""
        on = (self.view.session, [self.place.id], self.entry.form, ["", *self.fed])
        stands = (await ledger.standing(*on, period.end, self.view.today)).get(self.place.id, {})
        said = (await ledger.said(*on, period, self.view.today)).get(self.place.id, {})
        totals = self.told_in(stands, said)
        there = Expected(self.view, self.level, (self.entry.form,))
        places = (await there.on({self.place.id: self.expected}, period.end))[self.place.id]
        unheard = (await there.unheard([self.place.id], period)).get(self.place.id, ())
        fresh = said.get("", ledger.NOTHING).reports - len(unheard)
        covered = covered_by(len(places), fresh, stands.get("", ledger.NOTHING).reports)
        oldest = await self.oldest(places, period) if covered.carried and len(places) <= FEW else None
        return totals, replace(covered, oldest=oldest)

    def told_in(
        self, stands: Mapping[str, ledger.Total], said: Mapping[str, ledger.Total]
    ) -> dict[str, ledger.Total]:
        """The total of each indicator that has one: of a stock what `stands`, of a flow what was `said`."""
        totals = {id: (stands if one.stock else said).get(id) for id, one in self.fed.items()}
        return {id: total for id, total in totals.items() if total is not None}

    async def oldest(self, places: Collection[int], period: Period) -> Period | None:
        """The period of the oldest report of some places carried forward into `period`."""
        ids = sorted(places)
        day = await asking.oldest(self.view.session, self.entry.form, ids, period.end)
        return self.entry.period(day) if day else None

    async def changes(self, period: Period) -> dict[str, Change]:
        """What changed since the newest period before, over the same units."""
        if is_shorter(period, self.entry):
            return {}
        eve = await self.latest(period.start - timedelta(days=1), alike=True)
        on = (self.view.session, [self.place.id], self.entry.form, list(self.fed))
        turned = (await ledger.turned(*on, period, self.view.today)).get(self.place.id, {}) if eve else {}
        return {
            id: change_of(self.fed[id], one, eve) for id, one in turned.items() if eve and one.now.reports
        }


@dataclass(frozen=True)
class OwnReports:
    """A place's newest report of each questionnaire and the one before it, by the questionnaire's name."""

    new: Mapping[str, Newest]
    old: Mapping[str, Newest]
    numbers: Mapping[int, dict[str, Decimal]]
    """The numbers of each of these reports, by report id; nothing for a report without numbers."""
    covered: Mapping[str, Covered]
    """How many places are expected for the newest report's period, and how many reported."""

    def answers(self, report: Newest | None) -> list[dict[str, Decimal]]:
        """The numbers of a report, if it has any."""
        numbers = self.numbers.get(report.submission_id) if report else None
        return [numbers] if numbers is not None else []

    def heard(self, plans: Plans, form: str, names: frozenset[str], expected: int, level: Level) -> Heard:
        """What one questionnaire says."""
        new, old = self.new.get(form), self.old.get(form)
        if new is None:
            return hear(plans, names, None, [], covered=Covered(expected), by=level)
        return hear(
            plans,
            names,
            from_key(new.period),
            self.answers(new),
            from_key(old.period) if old else None,
            self.answers(old),
            self.covered[form],
            level,
        )


async def own_reports(
    view: View, place: Place, expected: Set[int], until: Mapping[str, date], unit: Place | None
) -> OwnReports:
    """The newest reports of `place` to these questionnaires, for periods that ended by the day of each, and the ones
    before; with how many of the `expected` villages of its `unit` reported."""
    new = await newest_by_form(view, place, until)
    eves = {form: from_key(report.period).start - timedelta(days=1) for form, report in new.items()}
    old = await newest_by_form(view, place, eves)
    ids = {report.submission_id for report in (*new.values(), *old.values())}
    numbers = await figures.of_submissions(view.session, ids)
    periods = {form: report.period for form, report in new.items()}
    return OwnReports(new, old, numbers, await covered_in(view, unit, expected, periods))


async def covered_in(
    view: View, unit: Place | None, expected: Set[int], periods: Mapping[str, str]
) -> dict[str, Covered]:
    """How many of a unit's villages are expected for a period of each questionnaire, as in its figures, and reported."""
    there = await expected_of_each(view, unit, expected, periods)
    said = await submissions.reported(view.session, set(expected).union(*there.values()), periods)
    return {form: Covered(len(places), len(said[form] & places)) for form, places in there.items()}


async def expected_of_each(
    view: View, unit: Place | None, expected: Set[int], periods: Mapping[str, str]
) -> dict[str, set[int]]:
    """Which of a unit's villages make up its figure of each questionnaire at the end of its period."""
    there = {form: set(expected) for form in periods}
    # Nearly nowhere has a village become part of another one: there is nothing to look up.
    entered = await view.session.places.entered(Level.VILLAGE) if expected else frozenset()
    if unit is not None and not entered.isdisjoint(expected):
        for form, key in periods.items():
            by_form = Expected(view, Level.VILLAGE, (form,))
            there[form] = set((await by_form.on({unit.id: expected}, from_key(key).end))[unit.id])
    return there


async def newest_by_form(view: View, place: Place, until: Mapping[str, date]) -> dict[str, Newest]:
    """By questionnaire, the report for the latest period that ended by its day."""
    reports = await submissions.newest(view.session, {place.id}, until)
    return {report.form_name: report for report in reports}


def feeds(view: View, active: Mapping[str, tuple[int, Questionnaire]], entry: Entry) -> bool:
    """Whether the questionnaire is in use and some figure is made from it."""
    if entry.form not in active:
        return False
    return bool(view.plans.fed_by(active[entry.form][1].question_names))


@lru_cache(maxsize=1000)
def lately(entry: Entry, day: date) -> Period:
    """The period for which a questionnaire was last asked by `day`. Remembered: on one day it is asked for each place."""
    period = entry.period(day)
    return period if entry.opens(period) <= day else period.previous()


def heard_until(entry: Entry, today: date, until: date | None) -> date:
    """Up to which day periods are read: including the one asked last, or those ended by `until`."""
    return until or lately(entry, today).end


async def villages_about(view: View, way: Sequence[Place]) -> frozenset[int]:
    """The villages of the first unit of `way`, which leads upwards; for a village, those of its commune and itself."""
    root = way[1] if way[0].level == Level.VILLAGE and len(way) > 1 else way[0]
    return await view.session.places.ids_below(root.id, Level.VILLAGE, view.today)

"""Where a place stands against the plans that hold for it, gathered from what was reported of it.

What only officers count stands beside what the villages count: by the place's own report, or together from the units
below it. Figures are those of each unit's newest report at the time, taken whole: an answer that this report did not
ask for is missing, not borrowed from an older one.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from figures import small
from figures.programmes import programmes_on
from figures.summed import change_of
from figures.view import View
from figures.years import year_ends
from plans.covered import Change, Covered
from plans.indicator import Indicator
from plans.levels import LEVELS
from plans.period import Period, from_key
from plans.plans import Plans
from plans.programme import Programme
from plans.schedule import Entry
from questionnaires.questionnaire import Questionnaire
from reports.progress import Heard, PlaceProgress, build, hear
from storage import asking, figures, ledger, places, submissions
from storage.submissions import Newest
from storage.tables import Level, Place

FEW: Final = 300
"""Of more units the oldest report that stands in is not looked for: there are many questionnaires."""


async def progress_of(view: View, place: Place, form: Questionnaire | None = None) -> PlaceProgress:
    """How `place` stands today: by its own reports, and by those of the units below it taken together.

    With `form` only in what its own reports of that questionnaire say.
    """
    plans = view.plans
    way = [place, *await view.session.places.ancestors(place.id, view.today)]
    programmes = await programmes_on(view, way)
    # A receipt tells of the questionnaire that was just sent; anything else would bury it.
    if form is None:
        heard = await hear_all(view, way, programmes)
    else:
        expected = await villages_about(view, way) if place.level == Level.VILLAGE else frozenset[int]()
        heard = await hear_own(view, place, expected, programmes, form.name)
    ids = {id for one in heard for id in one.figures or {}}
    told = [indicator for indicator in plans.ordered if indicator.id in ids]
    return build(
        plans,
        programmes,
        places.own_name(place),
        place.level,
        await kept_back(view, place, heard),
        view.today,
        view.locale,
        await year_ends(view, place, programmes, told),
        all_of_villages=form is None,
    )


async def kept_back(view: View, place: Place, heard: Sequence[Heard]) -> Sequence[Heard]:
    """What was heard, with the small numbers of a village marked for a reader from outside its commune."""
    if place.level != Level.VILLAGE or await small.is_near(view, place):
        return heard
    ids = set().union(*((one.figures or {}).keys() for one in heard))
    few = ids.intersection(set().union(*map(few_in, heard)))
    hidden = await small.of_village(view, place, [view.plans.indicators[id] for id in ids])
    hidden |= await small.telling_of_people(view, few)
    return [replace(one, kept_back=hidden) for one in heard]


def few_in(heard: Heard) -> set[str]:
    """The indicators of which the figure, or the one before it, is of one or two households."""
    figures, changes = (heard.figures or {}).items(), (heard.changes or {}).items()
    return {id for id, figure in figures if small.is_small(figure)} | {
        id for id, change in changes if small.is_in(change)
    }


async def hear_all(view: View, way: Sequence[Place], programmes: Sequence[Programme]) -> list[Heard]:
    """What the newest reports of each questionnaire say about the place at the start of `way` up."""
    place = way[0]
    villages = await villages_about(view, way)
    if place.level == Level.VILLAGE:
        return await hear_own(view, place, villages, programmes)
    heard = await hear_below(view, Level.VILLAGE, place, villages, programmes)
    for level in LEVELS[1 : LEVELS.index(place.level)]:
        units = await view.session.places.ids_below(place.id, level, view.today)
        heard += await hear_below(view, Level(level), place, units, programmes)
    return heard + await hear_own(view, place, set(), programmes)


async def hear_below(
    view: View, level: Level, place: Place, expected: Collection[int], programmes: Sequence[Programme]
) -> list[Heard]:
    """What the newest reports of the units of a level below `place` say together, as the ledger has it."""
    asked = await asked_of(view, level, programmes) if expected else []
    return [await Below(view, level, place, expected, *pair).heard() for pair in asked]


@dataclass(frozen=True)
class Below:
    """One questionnaire of the units below a place: of the newest period that any of them has reported for."""

    view: View
    level: Level
    place: Place
    expected: Collection[int]
    entry: Entry
    names: frozenset[str]

    @property
    def fed(self) -> dict[str, Indicator]:
        """The indicators made of it. What does not add up is a unit's own alone."""
        return {one.id: one for one in self.view.plans.fed_by(self.names) if one.additive}

    async def heard(self) -> Heard:
        """What it brought."""
        period = await self.latest(lately(self.entry, self.view.today).end)
        if period is None:
            return Heard(self.names, covered=Covered(len(self.expected)), by=self.level)
        totals, covered = await self.totals(period)
        changes = await self.changes(period)
        hidden, few = await self.kept_back(totals, changes)
        return Heard(
            self.names,
            period,
            {id: totals.get(id, ledger.NOTHING).figure(one) for id, one in self.fed.items()},
            without_few(changes, few),
            covered,
            self.level,
            {id: total.reports for id, total in totals.items()},
            hidden,
        )

    async def kept_back(
        self, totals: Mapping[str, ledger.Total], changes: Mapping[str, Change]
    ) -> tuple[frozenset[str], frozenset[str]]:
        """Which totals are so small that they tell of the villages in them, and which changes; not for this reader."""
        few = {id for id, total in totals.items() if small.is_small(total.figure(self.fed[id]))}
        moved = {id for id, change in changes.items() if small.is_in(change) or small.is_new(change)}
        if not few | moved or await small.is_near(self.view, self.place):
            return frozenset(), frozenset()
        telling = await small.telling_of_people(self.view, few | moved)
        return frozenset(few & telling), frozenset(moved & telling)

    async def latest(self, until: date) -> Period | None:
        """The newest period that was reported for by `until`."""
        like = self.entry.period(until)
        on = (self.view.session, [self.place.id], self.entry.form)
        day = await ledger.latest_day(*on, like, until, self.view.today)
        return self.entry.period(day) if day else None

    async def totals(self, period: Period) -> tuple[dict[str, ledger.Total], Covered]:
        """The totals of the indicators, of stocks as they stand and of flows as reported for the period; and how many
        units have reported for it."""
        on = (self.view.session, [self.place.id], self.entry.form, ["", *self.fed])
        stands = (await ledger.standing(*on, period.end, self.view.today)).get(self.place.id, {})
        said = (await ledger.said(*on, period, self.view.today)).get(self.place.id, {})
        totals = {
            id: total
            for id, one in self.fed.items()
            if (total := (stands if one.stock else said).get(id)) is not None
        }
        # A unit that a closed one went into has more reports of the past than places of today.
        expected = len(self.expected)
        fresh, known = (min(some.get("", ledger.NOTHING).reports, expected) for some in (said, stands))
        carried = max(known - fresh, 0)
        oldest = await self.oldest(period) if carried and expected <= FEW else None
        return totals, Covered(expected, fresh, carried, oldest)

    async def oldest(self, period: Period) -> Period | None:
        """The period of the oldest report that stands in for one of `period`."""
        ids = sorted(self.expected)
        day = await asking.oldest(self.view.session, self.entry.form, ids, period.end)
        return self.entry.period(day) if day else None

    async def changes(self, period: Period) -> dict[str, Change]:
        """What changed since the newest period before, over the same units."""
        eve = await self.latest(period.start - timedelta(days=1))
        on = (self.view.session, [self.place.id], self.entry.form, list(self.fed))
        turned = (await ledger.turned(*on, period, self.view.today)).get(self.place.id, {}) if eve else {}
        return {
            id: change_of(self.fed[id], one, eve) for id, one in turned.items() if eve and one.now.reports
        }


def without_few(changes: Mapping[str, Change], few: Set[str]) -> dict[str, Change]:
    """The changes as far as they tell no small number; `few` are those that do."""
    told = {id: small.told_of(change) if id in few else change for id, change in changes.items()}
    return {id: change for id, change in told.items() if change is not None}


async def asked_of(
    view: View, level: Level, programmes: Sequence[Programme]
) -> list[tuple[Entry, frozenset[str]]]:
    """The questionnaires of a level that some figure is made of, with the names of their questions."""
    active = await view.library.active_forms(view.session)
    return [
        (entry, frozenset(question.name for question in active[entry.form][1].questions))
        for entry in view.plans.asked_of(level, programmes)
        if feeds(view, active, entry)
    ]


@dataclass(frozen=True)
class OwnReports:
    """A place's newest report of each questionnaire and the one before it, by the questionnaire's name."""

    new: Mapping[str, Newest]
    old: Mapping[str, Newest]
    numbers: Mapping[int, dict[str, Decimal]]
    """What each of these reports holds, by the report's id; nothing for one without a number."""
    reported: Mapping[str, set[int]]
    """Which of the places that are expected to have reported for the newest one's period."""

    def answers(self, report: Newest | None) -> list[dict[str, Decimal]]:
        """The numbers of a report, if it holds any."""
        numbers = self.numbers.get(report.submission_id) if report else None
        return [numbers] if numbers is not None else []

    def heard(self, plans: Plans, form: str, names: frozenset[str], expected: int, level: Level) -> Heard:
        """What one questionnaire brought."""
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
            Covered(expected, len(self.reported[form])),
            level,
        )


async def hear_own(
    view: View, place: Place, expected: Set[int], programmes: Sequence[Programme], only: str = ""
) -> list[Heard]:
    """What `place` itself said, each questionnaire by itself (or `only` one), and how many of `expected` did."""
    level = Level(place.level)
    asked = [
        (entry, names) for entry, names in await asked_of(view, level, programmes) if only in ("", entry.form)
    ]
    if not asked:
        return []
    own = await own_reports(view, place, expected, [entry for entry, _ in asked])
    return [own.heard(view.plans, entry.form, names, len(expected), level) for entry, names in asked]


async def own_reports(view: View, place: Place, expected: Set[int], entries: Iterable[Entry]) -> OwnReports:
    """The reports of `place` to these questionnaires: of the present period or the latest before, and of one earlier."""
    until = {entry.form: lately(entry, view.today).end for entry in entries}
    new = await newest_by_form(view, place, until)
    eves = {form: from_key(report.period).start - timedelta(days=1) for form, report in new.items()}
    old = await newest_by_form(view, place, eves)
    ids = {report.submission_id for report in (*new.values(), *old.values())}
    numbers = await figures.of_submissions(view.session, ids)
    periods = {form: report.period for form, report in new.items()}
    return OwnReports(new, old, numbers, await submissions.reported(view.session, expected, periods))


async def newest_by_form(view: View, place: Place, until: Mapping[str, date]) -> dict[str, Newest]:
    """A place's report of the latest period that ended by each questionnaire's day."""
    reports = await submissions.newest(view.session, {place.id}, until)
    return {report.form_name: report for report in reports}


def feeds(view: View, active: Mapping[str, tuple[int, Questionnaire]], entry: Entry) -> bool:
    """Whether the questionnaire is in use and some figure is made of it."""
    if entry.form not in active:
        return False
    names = frozenset(question.name for question in active[entry.form][1].questions)
    return bool(view.plans.fed_by(names))


def lately(entry: Entry, day: date) -> Period:
    """The period for which a questionnaire was last asked by `day`."""
    period = entry.period(day)
    return period if entry.opens(period) <= day else period.previous()


async def villages_about(view: View, way: Sequence[Place]) -> frozenset[int]:
    """The villages of the unit at the start of `way` up; for a village those of its commune, itself among them."""
    root = way[1] if way[0].level == Level.VILLAGE and len(way) > 1 else way[0]
    return await view.session.places.ids_below(root.id, Level.VILLAGE, view.today)

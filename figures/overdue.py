"""Which reports of villages are overdue, and whose they are: one rule for letters, lists, reminders, screens and
answers.

A village owes a report from the day after it was due until it can no longer be sent, whoever is its head. Heads are
told only what became overdue in their time (`figures.due.is_inherited`). Nobody is told where nobody is head. Officers
read all of it, divided into what the heads are told, what is older than the head, and what belongs to villages without
one.
"""

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from figures import due
from figures.coverage import Coverage, Owed, cover, overdue
from figures.view import View
from plans.period import from_key
from storage import announcements, locks, people
from storage.tables import Level

FEW: Final = 300
"""Of so many villages it is looked up what they lie in; for more, every lock is read."""


@dataclass(frozen=True, slots=True)
class LateVillages:
    """The villages that owe one report: those whose heads are told, those where it is older than the head, those
    without one."""

    told: frozenset[int]
    before: frozenset[int]
    headless: frozenset[int]

    @property
    def all_of_them(self) -> frozenset[int]:
        return self.told | self.before | self.headless


@dataclass(frozen=True)
class Heads:
    """Since which day each village has a head; with several heads, since the first."""

    since: Mapping[int, date]

    def parted(self, coverage: Coverage) -> LateVillages:
        """Whose the overdue report of a coverage is."""
        due = coverage.owed.entry.due(coverage.owed.period)
        headless = frozenset(number for number in coverage.missing if number not in self.since)
        before = frozenset(number for number in coverage.missing - headless if self.since[number] > due)
        return LateVillages(coverage.missing - headless - before, before, headless)


@dataclass(frozen=True, slots=True)
class Overdue:
    """How many reports are overdue and can still be sent, of how many villages.

    `before`: how many were overdue before the village had its head; `headless`: how many are of villages without one.
    """

    reports: int = 0
    villages: int = 0
    before: int = 0
    headless: int = 0

    @property
    def told(self) -> int:
        """How many the heads are told of."""
        return self.reports - self.before - self.headless


async def heads_of(view: View, ids: Collection[int]) -> Heads:
    """The heads of some villages."""
    since = await people.heads_since(view.session, ids)
    return Heads({number: at.astimezone(view.zone).date() for number, at in since.items()})


async def late(view: View, ids: Sequence[int]) -> list[Coverage]:
    """Every report that is overdue today and can still be sent, of any month, with the villages that owe it."""
    scheduled = await cover(view, list(ids), await overdue(view))
    return await without_locked(view, since_opened([*scheduled, *await requested(view, ids)]))


def since_opened(coverages: Sequence[Coverage]) -> list[Coverage]:
    """The same without villages that were opened after the report was due: they are asked it, and are not late."""
    return [replace(one, missing=one.missing - one.newer) if one.newer else one for one in coverages]


async def requested(view: View, ids: Collection[int]) -> list[Coverage]:
    """The same for requests beyond the schedule, by their deadlines."""
    asked = await announcements.deadlines(view.session, view.now - due.LASTING, view.today)
    active = await view.library.active_forms(view.session)
    coverages: list[Coverage] = []
    for (form, key), everywhere in asked.items():
        untils = {number: until for number, until in everywhere.items() if number in ids}
        days = view.plans.days_of(form, Level.VILLAGE, period := from_key(key))
        if form not in active or view.today > days.closes(period):
            continue
        for until in set(untils.values()):
            entry = due.by_then(view, days, until)
            if entry.late_at(period, view.now):
                owing = [number for number, by in untils.items() if by == until]
                coverages += await cover(view, owing, [Owed(active[form][1], period, entry)])
    return coverages


async def without_locked(view: View, coverages: Sequence[Coverage]) -> list[Coverage]:
    """The same without villages whose period is locked: they can no longer send it."""
    marks = {one.owed.mark for one in coverages if one.missing}
    missing = frozenset[int]().union(*(one.missing for one in coverages))
    held = await locks.of_reports(view.session, marks, await units_over(view, missing))
    by_mark: dict[tuple[str, str], frozenset[int]] = {}
    for lock in held:
        under = await view.session.places.ids_below(lock.place_id, Level.VILLAGE, view.today)
        mark = lock.form_name, lock.period
        by_mark[mark] = by_mark.get(mark, frozenset()) | under | {lock.place_id}
    return [replace(one, missing=one.missing - by_mark.get(one.owed.mark, frozenset())) for one in coverages]


async def units_over(view: View, villages: Collection[int]) -> Set[int] | None:
    """Return the units on whose ground a few villages lie; None for many.

    A commune's letter need not read the locks of every other one.
    """
    if len(villages) > FEW:
        return None
    return {unit for village in villages for unit in await view.session.places.holders(village, view.today)}


async def counted(view: View, coverages: Sequence[Coverage]) -> Overdue:
    """How many reports are whose."""
    reports = [one.missing for one in coverages]
    behind = frozenset[int]().union(*reports)
    if not behind:
        return Overdue()
    heads = await heads_of(view, behind)
    parts = list(map(heads.parted, coverages))
    return Overdue(
        sum(map(len, reports)),
        len(behind),
        sum(len(part.before) for part in parts),
        sum(len(part.headless) for part in parts),
    )

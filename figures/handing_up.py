"""What an officer may lock and reopen: approval climbs level by level, as in DHIS2.

A unit's officers approve its villages' reports one by one. An officer above the unit locks the period of a
questionnaire once everything received is approved and no village was cut short: all have reported, or the due day is
over. From then on nothing can be sent or changed; the figures stand as they were handed up.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement
from sqlmodel import and_, col, func, select

from figures import access
from figures.awaiting import LATELY
from figures.due import days_of, period_of_key
from figures.view import View
from plans.period import Period
from storage import challenges, interviews, locks, returns
from storage.interview_notes import InterviewNotes
from storage.portions import portions
from storage.tables import InterviewRow, Level, PeriodLock, Place, RoleName, Submission

UNITS: Final = (Level.COMMUNE, Level.DISTRICT, Level.PROVINCE)
"""The levels whose periods are locked."""
RANKS: Final = (RoleName.DISTRICT_OFFICER, RoleName.PROVINCE_OFFICER, RoleName.CENTRAL_OFFICER)
"""Who locks, lowest first. Whoever reopens must rank at least as high as who locked."""
NOTHING: Final = (0, 0)
"""No report, none approved."""


def locks_periods(view: View) -> bool:
    """Whether one of this person's roles locks the periods of units below."""
    return bool(access.holds(view, *RANKS))


async def units_of(view: View) -> list[Place]:
    """The units whose periods this person locks and reopens, by name."""
    ids: set[int] = set()
    for level in UNITS:
        for role in access.holds(view, *access.CHECKING[level]):
            ids |= await view.session.places.ids_below(role.place_id, level, view.today) - {role.place_id}
    units = [await view.session.places.get(number) for number in ids]
    return sorted(filter(None, units), key=lambda unit: (unit.search, unit.id))


async def reporters(view: View, unit: Place, on: date | None = None) -> set[int]:
    """Whose reports count for a unit on a day, by default today: its villages' and its own."""
    return {unit.id, *await view.session.places.ids_below(unit.id, Level.VILLAGE, on or view.today)}


@dataclass(frozen=True, slots=True)
class Handed:
    """One questionnaire and period, how many of its reports still to be locked are approved, and its locks that hold."""

    form: str
    period: Period
    reports: int
    approved: int
    locks: tuple[PeriodLock, ...] = ()


async def handed_up(view: View) -> list[Handed]:
    """Return what this person may have to lock: recent periods with approved reports, newest first.

    After them comes what else is locked at their units, however long ago, so that whoever locked it finds it again.
    What somebody below has locked can be locked again from above.
    """
    groups = await groups_of(view)
    holding = await locks.held(view.session, groups)
    handed = await approved_in(view, groups, holding, col(Submission.period_end) >= view.today - LATELY)
    handed += only_locked(holding, {(one.form, one.period.key) for one in handed})
    return sorted(
        handed, key=lambda one: (bool(one.approved), one.period.end, one.approved, one.form), reverse=True
    )


async def older(view: View) -> list[Handed]:
    """Return the periods that ended too long ago for that list and have approved reports that nobody has locked, newest
    first."""
    groups = await groups_of(view)
    holding = await locks.held(view.session, groups)
    long_over = col(Submission.period_end) < view.today - LATELY
    free = and_(long_over, col(Submission.locked_at).is_(None))
    handed = await approved_in(view, groups, holding, free)
    return sorted(handed, key=lambda one: (one.period.end, one.approved, one.form), reverse=True)


async def groups_of(view: View) -> dict[int, set[int]]:
    """Whose reports count for each unit whose periods this person locks."""
    return {unit.id: await reporters(view, unit) for unit in await units_of(view)}


async def approved_in(
    view: View, groups: Mapping[int, set[int]], holding: Sequence[PeriodLock], when: ColumnElement[bool]
) -> list[Handed]:
    """Return the questionnaires and periods `when` reports came that are approved and still to be locked.

    `groups`: whose reports count for each unit; `holding`: the locks at these units.
    """
    counts = await counted(view, set().union(*groups.values()), when)
    locked = units_by_period(holding)
    for key in counts.keys() & locked.keys():
        left = set().union(*(group for unit, group in groups.items() if unit not in locked[key]))
        counts[key] = (await counted(view, left, when, *key)).get(key, NOTHING)
    over = units_by_period(await locks.held(view.session, await own_and_above(view)))
    return [
        Handed(form, period_of_key(period), *both)
        for (form, period), both in counts.items()
        if both[1] and (form, period) not in over
    ]


def only_locked(holding: Sequence[PeriodLock], known: Collection[tuple[str, str]]) -> list[Handed]:
    """The questionnaires and periods of these locks that are not among the `known`."""
    held: dict[tuple[str, str], list[PeriodLock]] = {}
    for lock in holding:
        if (lock.form_name, lock.period) not in known:
            held.setdefault((lock.form_name, lock.period), []).append(lock)
    return [Handed(form, period_of_key(period), 0, 0, tuple(some)) for (form, period), some in held.items()]


async def counted(
    view: View, places: Collection[int], when: ColumnElement[bool], *key: str
) -> dict[tuple[str, str], tuple[int, int]]:
    """By questionnaire and period, or for the one in `key`: how many reports some places have, of those chosen by `when`,
    and how many are approved."""
    counts: dict[tuple[str, str], tuple[int, int]] = {}
    marks = (Submission.form_name, Submission.period)
    chosen = (
        select(*marks, func.count(), func.count(col(Submission.approved_at)))
        .where(col(Submission.current), when)
        .where(*(mark == value for mark, value in zip(marks, key, strict=False)))
        .group_by(*marks)
    )
    for some in portions(sorted(places)):
        rows = await view.session.exec(chosen.where(col(Submission.place_id).in_(some)))
        for form, period, reports, approved in rows:
            before = counts.get((form, period), NOTHING)
            counts[form, period] = (before[0] + reports, before[1] + approved)
    return counts


def units_by_period(held: Collection[PeriodLock]) -> dict[tuple[str, str], set[int]]:
    """The units that locks hold at, by questionnaire and period."""
    units: dict[tuple[str, str], set[int]] = {}
    for lock in held:
        units.setdefault((lock.form_name, lock.period), set()).add(lock.place_id)
    return units


async def locked_for(view: View) -> list[PeriodLock]:
    """Return the locks in force at the units that this person is officer of and at those below, the newest period first:
    they reopen these or ask for it."""
    own = {role.place_id for role in access.holds(view, *access.OFFICER_OF.values())}
    held = await locks.held(view.session, own | {unit.id for unit in await units_of(view)})
    return sorted(held, key=lambda lock: (period_of_key(lock.period).end, lock.locked_at), reverse=True)


async def own_and_above(view: View) -> set[int]:
    """The units whose locks leave this person nothing to lock: those they are officer of, and all above."""
    own = {role.place_id for role in access.holds(view, *RANKS)}
    return own | {above.id for unit in own for above in await view.session.places.ancestors(unit, view.today)}


@dataclass(frozen=True, slots=True)
class UnitPeriod:
    """How far one unit is with a questionnaire and period."""

    unit: Place
    expected: int
    reported: int
    approved: int
    lock: PeriodLock | None
    ripe: bool
    """Whether all have reported, or the due day is over."""
    contested: int = 0
    """How many reports were sent on behalf of somebody who objects to them."""
    answering: tuple[Place, ...] = ()
    """The places with a draft or correction under way that a lock would keep from being sent."""

    @property
    def ready(self) -> bool:
        """Whether it may be locked."""
        return self.lock is None and self.ripe and 0 < self.reported == self.approved


async def of_period(view: View, form: str, period: Period, units: Sequence[Place]) -> list[UnitPeriod]:
    """How far each of some units is. Units that sent nothing and are not locked are left out."""
    groups = {unit.id: await reporters(view, unit) for unit in units}
    approved = await approved_of(view, set().union(*groups.values()), form, period)
    held = await locks.of_period(view.session, groups, form, period.key)
    disputed = await contested_of(view, approved, form, period)
    answering = await answering_in(view, form, period)
    told = [
        replace(
            state_of(view, unit, groups[unit.id], form, period, approved, held),
            contested=len(disputed & groups[unit.id]),
            answering=tuple(place for place in answering if place.id in groups[unit.id]),
        )
        for unit in units
    ]
    return [one for one in told if one.reported or one.lock]


async def answering_in(view: View, form: str, period: Period) -> list[Place]:
    """The places, by name, where somebody answers a questionnaire of a period just now and may still send it."""
    rows = await interviews.going_everywhere(view.session, form, period.key)
    going = {row.place_id for row in rows if not is_over(row, view.today)}
    known = [place for number in going if (place := await view.session.places.get(number))]
    return sorted(known, key=lambda place: (place.search, place.id))


def is_over(row: InterviewRow, today: date) -> bool:
    """Whether the last day to send a draft is over."""
    until = InterviewNotes.read(row.extra).until
    return until is not None and today > until


async def contested_of(view: View, places: Collection[int], form: str, period: Period) -> set[int]:
    """The places among some that object to what was sent on their behalf."""
    chosen = select(Submission.id, Submission.place_id).where(
        Submission.form_name == form, Submission.period == period.key, col(Submission.current)
    )
    reports: dict[int, int] = {}
    for some in portions(sorted(places)):
        reports |= dict((await view.session.exec(chosen.where(col(Submission.place_id).in_(some)))).all())
    return {reports[number] for number in await challenges.contested(view.session, reports)}


async def approved_of(view: View, places: Collection[int], form: str, period: Period) -> dict[int, bool]:
    """The places that have reported, and whether their report is approved with nothing returned."""
    chosen = select(Submission.place_id, Submission.id, Submission.approved_at).where(
        Submission.form_name == form, Submission.period == period.key, col(Submission.current)
    )
    rows = [
        row
        for some in portions(sorted(places))
        for row in await view.session.exec(chosen.where(col(Submission.place_id).in_(some)))
    ]
    waiting = await returns.open_for(view.session, [number for _, number, _ in rows])
    return {place: at is not None and number not in waiting for place, number, at in rows}


def state_of(
    view: View,
    unit: Place,
    group: Collection[int],
    form: str,
    period: Period,
    approved: Mapping[int, bool],
    held: Mapping[int, PeriodLock],
) -> UnitPeriod:
    """How far one unit is. Its reports show whether it reports itself or its villages do."""
    came = [place for place in group if place in approved]
    own = came == [unit.id]
    expected = 1 if own else len(group) - 1
    entry = days_of(view, unit, form, period) if own else view.plans.days_of(form, Level.VILLAGE, period)
    ripe = len(came) >= expected or view.today > entry.due(period)
    return UnitPeriod(
        unit, expected, len(came), sum(map(approved.__getitem__, came)), held.get(unit.id), ripe
    )


async def role_over(view: View, unit: Place) -> RoleName | None:
    """The highest role in which this person is above a unit; other roles do not count."""
    held = access.holds(view, *RANKS)
    above = [RoleName(role.role) for role in held if await access.within(view, unit.id, [role])]
    return max(above, key=RANKS.index, default=None)


async def may_ask_reopening(view: View, unit: Place) -> bool:
    """Whether this person may ask to reopen a unit's period: an officer of the unit or above."""
    office = access.OFFICER_OF.get(Level(unit.level))
    own = access.holds(view, office) if office else ()
    return any(role.place_id == unit.id for role in own) or await access.may_check(view, unit)


async def may_reopen(view: View, lock: PeriodLock, unit: Place) -> bool:
    """Whether this person checks the unit and ranks at least as high as who locked."""
    role = await role_over(view, unit)
    if role is None or RANKS.index(role) < RANKS.index(RoleName(lock.role)):
        return False
    return await access.may_check(view, unit)

"""What an officer may lock and reopen: approval climbs by one level.

A unit's officers approve the reports of its villages one by one. An officer above the unit locks the period of a
questionnaire once all that came is approved and no village can complain that its time was cut short: everybody has
reported, or the due day has passed. From then on nothing comes or changes; the figures stand as they were handed up.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import col, func, select

from figures import access
from figures.awaiting import LATELY
from figures.due import days_of, period_of_key
from figures.view import View
from plans.period import Period
from storage import locks, returns
from storage.portions import portions
from storage.tables import Level, PeriodLock, Place, RoleName, Submission

UNITS: Final = (Level.COMMUNE, Level.DISTRICT, Level.PROVINCE)
"""The levels whose periods are locked."""
RANKS: Final = (RoleName.DISTRICT_OFFICER, RoleName.PROVINCE_OFFICER, RoleName.CENTRAL_OFFICER)
"""Who locks, from below; whoever reopens stands at least as high as who locked."""


def locks_periods(view: View) -> bool:
    """Whether some role of this person locks the periods of units below."""
    return bool(access.holds(view, *RANKS))


async def units_of(view: View) -> list[Place]:
    """The units whose periods this person locks and reopens, by name."""
    ids: set[int] = set()
    for level in UNITS:
        for role in access.holds(view, *access.CHECKING[level]):
            ids |= await view.session.places.ids_below(role.place_id, level, view.today) - {role.place_id}
    units = [await view.session.places.get(number) for number in ids]
    return sorted(filter(None, units), key=lambda unit: (unit.search, unit.id))


async def reporters(view: View, unit: Place) -> set[int]:
    """Whose reports are a unit's: its villages', and its own."""
    return {unit.id, *await view.session.places.ids_below(unit.id, Level.VILLAGE, view.today)}


@dataclass(frozen=True, slots=True)
class Handed:
    """One questionnaire and period, and how many of its unlocked reports are approved."""

    form: str
    period: Period
    reports: int
    approved: int


async def handed_up(view: View) -> list[Handed]:
    """What this person may have to lock: of the periods of late that hold approved reports, the newest first."""
    places: set[int] = set()
    for unit in await units_of(view):
        places |= await reporters(view, unit)
    counts: dict[tuple[str, str], list[int]] = {}
    for some in portions(sorted(places)):
        chosen = (
            select(
                Submission.form_name, Submission.period, func.count(), func.count(col(Submission.approved_at))
            )
            .where(col(Submission.place_id).in_(some), col(Submission.current))
            .where(col(Submission.locked_at).is_(None), col(Submission.period_end) >= view.today - LATELY)
            .group_by(col(Submission.form_name), col(Submission.period))
        )
        for form, period, reports, approved in await view.session.exec(chosen):
            before = counts.setdefault((form, period), [0, 0])
            counts[form, period] = [before[0] + reports, before[1] + approved]
    handed = [Handed(form, period_of_key(key), *both) for (form, key), both in counts.items() if both[1]]
    return sorted(handed, key=lambda one: (one.period.end, one.approved, one.form), reverse=True)


@dataclass(frozen=True, slots=True)
class UnitPeriod:
    """How far one unit is with a questionnaire and period."""

    unit: Place
    expected: int
    reported: int
    approved: int
    lock: PeriodLock | None
    ripe: bool
    """Whether all have reported, or their time is over."""

    @property
    def ready(self) -> bool:
        """Whether it may be locked."""
        return self.lock is None and self.ripe and 0 < self.reported == self.approved


async def of_period(view: View, form: str, period: Period, units: Sequence[Place]) -> list[UnitPeriod]:
    """How far each of some units is; left out are those that sent nothing and are not locked."""
    groups = {unit.id: await reporters(view, unit) for unit in units}
    approved = await approved_of(view, set().union(*groups.values()), form, period)
    held = await locks.of_period(view.session, groups, form, period.key)
    told = [state_of(view, unit, groups[unit.id], form, period, approved, held) for unit in units]
    return [one for one in told if one.reported or one.lock]


async def approved_of(view: View, places: Collection[int], form: str, period: Period) -> dict[int, bool]:
    """The places that have reported, and whether their report is approved with nothing sent back."""
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
    """How far one unit is. Whether its villages are asked or itself, its reports say."""
    came = [place for place in group if place in approved]
    own = came == [unit.id]
    expected = 1 if own else len(group) - 1
    entry = days_of(view, unit, form, period) if own else view.plans.days_of(form, Level.VILLAGE, period)
    ripe = len(came) >= expected or view.today > entry.due(period)
    return UnitPeriod(unit, expected, len(came), sum(approved[it] for it in came), held.get(unit.id), ripe)


def may_reopen(view: View, lock: PeriodLock) -> bool:
    """Whether this person stands at least as high as who locked; that the unit is theirs is looked at apart."""
    highest = max((RANKS.index(role.role) for role in access.holds(view, *RANKS)), default=-1)
    return highest >= RANKS.index(RoleName(lock.role))

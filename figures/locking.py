"""Which periods are locked for a place (`figures.handing_up`): reports for them can neither be sent nor changed."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Final

from figures.view import View
from plans.period import Period
from storage import locks
from storage.tables import PeriodLock, Place

OPEN_AGAIN: Final = timedelta(days=7)
"""How long a reopened period takes reports and corrections although its own last day is over: else nothing could come of
opening it."""


async def open_until(view: View, place: Place, form: str, period: Period) -> date | None:
    """The last day on which a place's reports for a reopened period are taken; None if it was never reopened."""
    units = await units_on(view, place, {view.today, period.start, period.end})
    at = await locks.last_reopened(view.session, units, form, period.key)
    return at.astimezone(view.zone).date() + OPEN_AGAIN if at else None


async def is_locked(view: View, place: Place, form: str, period: Period) -> bool:
    """Whether the place's reports for `period` can neither be sent nor changed."""
    return await lock_of(view, place, form, period) is not None


async def lock_of(view: View, place: Place, form: str, period: Period) -> PeriodLock | None:
    """The lock that applies to a place for `period`, or None."""
    return (await locked_at(view, place, period)).get((form, period.key))


async def locked_at(view: View, place: Place, *periods: Period) -> Mapping[tuple[str, str], PeriodLock]:
    """The locks that apply to a place, by questionnaire and period: of its units today, at the periods' ends and on
    the lock's day.

    A village that moves does not take its figures out of a sum that was handed up.
    """
    now = {view.today, *(period.end for period in periods)}
    today = await units_on(view, place, now)
    known = today | await units_on(view, place, {period.start for period in periods})
    return {
        (lock.form_name, lock.period): lock
        for lock in await locks.held(view.session, known)
        if lock.place_id in today
        or lock.place_id in await units_on(view, place, {lock.locked_at.astimezone(view.zone).date()})
    }


async def units_on(view: View, place: Place, days: Collection[date]) -> set[int]:
    """The place and the units above it on some days."""
    places = view.session.places
    units = {place.id, *(unit.id for unit in await places.ancestors(place.id, view.today))}
    # Usually none ever lay elsewhere. Looking at another day needs that day's tree of the whole country.
    if units.isdisjoint(await places.with_a_past()):
        return units
    lain_in = {place.id}
    for day in days:
        lain_in |= {unit.id for unit in await places.ancestors(place.id, day)}
    return lain_in

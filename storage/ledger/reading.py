"""The figures of units, read from the ledger's sums."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import col, or_, select

from plans.period import Period, PeriodKind, period_of
from storage.ledger.measures import BEFORE, NEW, kind_of, measure_id
from storage.ledger.rows import prepared, sums_of
from storage.ledger.sums import NOTHING, Total, Totals, together
from storage.ledger.ways import AS_THEN
from storage.place_rows import open_on
from storage.portions import portions
from storage.session import Session
from storage.tables import Place, PlaceEdge


async def said(
    session: Session,
    place_ids: Collection[int],
    form: str,
    names: Collection[str],
    period: Period,
    on: date | None = None,
    *,
    within: PeriodKind | None = None,
) -> Totals:
    """Return what the reports of exactly `period` say; with `within`, those of periods of that kind that end in it.

    `names` are indicators, questions as "?nuoc_ho", and "" for the reports themselves. `on`: under the boundaries of
    that day; None: each report where the place lay at its period's end.
    """
    if within is None:
        first, kind = period.end, kind_of(period.key)
    else:
        first, kind = period.start, kind_of(period_of(within, period.end, period.calendar).key)
    measures = {measure_id(form, name, kind): name for name in names}
    return await totals(session, place_ids, measures, first.toordinal(), period.end.toordinal(), on)


@dataclass(frozen=True, slots=True)
class Turned:
    """What the reports of a period say of an indicator, beside what the same places said before.

    `now` and `before` are about the same places at both ends. `new` is from places that had not said it before (for a
    flow: not in the period before).
    """

    now: Total
    before: Total
    new: Total


async def turned(
    session: Session, place_ids: Collection[int], form: str, names: Collection[str], period: Period, on: date
) -> dict[int, dict[str, Turned]]:
    """Return, by place and indicator, what the reports of exactly `period` changed, under the boundaries of `on`."""
    kind, day = kind_of(period.key), period.end.toordinal()
    measures = {measure_id(form, name, kind + of): of + name for name in names for of in ("", BEFORE, NEW)}
    sums = await totals(session, place_ids, measures, day, day, on)
    return {
        place: {name: turned_of(by_name, name) for name in names if name in by_name}
        for place, by_name in sums.items()
    }


def turned_of(sums: Mapping[str, Total], name: str) -> Turned:
    """Return one indicator's change, from the totals of its three measures."""
    new = sums.get(NEW + name, NOTHING)
    return Turned(sums[name].less(new), sums.get(BEFORE + name, NOTHING), new)


async def standing(
    session: Session,
    place_ids: Collection[int],
    form: str,
    names: Collection[str],
    day: date,
    on: date | None = None,
) -> Totals:
    """Return what stands on `day`: each place's newest report by then; `names` and `on` as in `said`."""
    measures = {measure_id(form, name, ""): name for name in names}
    return await totals(session, place_ids, measures, 0, day.toordinal(), on)


async def latest(
    session: Session,
    place_ids: Collection[int],
    form: str,
    like: Period,
    until: date,
    on: date,
    *,
    alike: bool = False,
) -> Period | None:
    """Return the period that ended last by `until` of those reported for; None if none was.

    A questionnaire that is asked less often than before was also reported for shorter periods; with `alike`, these are left
    out. Of two that end on one day it is the one like `like`.
    """
    parts = await parts_of(session, place_ids, on)
    kinds = {measure_of(form, kind, like): kind for kind in ([like.kind] if alike else PeriodKind)}
    asked = {
        "places": [part for some in parts.values() for part in some],
        "measures": list(kinds),
        "like": measure_of(form, like.kind, like),
        "last": until.toordinal(),
        "boundary": on.toordinal(),
    }
    rows = await session.fetch(prepared("ledger_latest"), **asked)
    return period_of(kinds[rows[0][1]], date.fromordinal(rows[0][0]), like.calendar) if rows else None


def measure_of(form: str, kind: PeriodKind, like: Period) -> int:
    """The measure of the reports themselves for periods of a kind, in the calendar of `like`."""
    return measure_id(form, "", kind_of(period_of(kind, like.end, like.calendar).key))


async def totals(
    session: Session,
    place_ids: Collection[int],
    measures: Mapping[int, str],
    first: int,
    last: int,
    on: date | None,
) -> Totals:
    """Return the sums of the changes from one day to another. A unit that was closed by `on` counts as what is left of
    it."""
    # As it was then: each change was added for the units above the village on that day, so nothing has to be divided
    # anew.
    if on is None:
        return await sums_of(session, place_ids, measures, (first, last), AS_THEN)
    parts = await parts_of(session, place_ids, on)
    every = [part for some in parts.values() for part in some]
    sums = await sums_of(session, every, measures, (first, last), on.toordinal())
    counted = {place: [sums[part] for part in some if part in sums] for place, some in parts.items()}
    return {place: together(some) for place, some in counted.items() if some}


async def parts_of(session: Session, place_ids: Collection[int], on: date) -> dict[int, list[int]]:
    """Return each place as units that stand on a day: itself or, if it was closed before, what its ground is now."""
    parts = {place: [place] for place in place_ids}
    standing_ones = (await session.places.tree(on)).level
    for some in portions(sorted(place for place in parts if place not in standing_ones)):
        closed = select(Place.id).where(col(Place.id).in_(some), col(Place.last_day) < on)
        for place in (await session.exec(closed)).all():
            parts[place] = await parts_of_closed(session, place, on)
    return parts


async def parts_of_closed(session: Session, place: int, on: date) -> list[int]:
    """Return what is left on a day of a unit that was closed before, as the outermost units; remembered.

    A former province or district is among them: it still itself reports what only it counts.
    """

    async def ask() -> list[int]:
        left = await tops(session, await session.places.remains(place, on), on)
        unit = await session.places.get(place)
        own = await session.places.ids_below(place, unit.level, on) if unit else ()
        return [*left, place] if place in own else left

    return await session.places.remember(("parts", place, on), ask)


async def tops(session: Session, ground: Collection[int], on: date) -> list[int]:
    """Return those of the units that stand on a day and lie in none of the others."""
    outermost: list[int] = []
    edges = select(PlaceEdge.child_id, PlaceEdge.parent_id).where(
        col(PlaceEdge.first_day) <= on, or_(col(PlaceEdge.last_day).is_(None), col(PlaceEdge.last_day) >= on)
    )
    for some in portions(sorted(ground)):
        standing_ones = await session.exec(open_on(on).where(col(Place.id).in_(some)))
        inner = {
            child
            for child, parent in await session.exec(edges.where(col(PlaceEdge.child_id).in_(some)))
            if parent in ground
        }
        outermost += [place.id for place in standing_ones if place.id not in inner]
    return sorted(outermost)

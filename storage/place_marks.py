"""Which attributes places have, from when until when: "xã vùng DTTS&MN", "nông thôn", as decisions list them.

A new record about a place replaces the old one for its own days, and for no others; each is an event that can be
undone. Without a row nobody knows, which is not the same as not having the attribute.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlmodel import col, or_, select

from storage.kept_events import EventChanges, record
from storage.place_events import MARK, MARK_LIST, UNMARK, mark_values
from storage.place_rules import EventRefused, Ruling
from storage.portions import portions
from storage.session import Session
from storage.tables import Place, PlaceEvent, PlaceMark

DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Marking:
    """What to record about one place."""

    place: Place
    attribute: str
    holds: bool
    first_day: date
    last_day: date | None = None

    @property
    def key(self) -> tuple[int, str]:
        return self.place.id, self.attribute

    def overlaps(self, row: PlaceMark) -> bool:
        """Whether a row says something about any of the same days."""
        begins = self.last_day is None or row.first_day <= self.last_day
        return begins and (row.last_day is None or row.last_day >= self.first_day)

    def is_said_by(self, row: PlaceMark) -> bool:
        """Whether a row says the same about all of the days."""
        ends = row.last_day is None or (self.last_day is not None and self.last_day <= row.last_day)
        return row.holds is self.holds and row.first_day <= self.first_day and ends


async def standing(session: Session, attribute: str, on: date) -> Mapping[int, bool]:
    """Return, by place, whether it has the attribute on that day, as far as that is recorded of the place itself."""

    async def ask() -> Mapping[int, bool]:
        rows = select(PlaceMark.place_id, PlaceMark.holds).where(
            PlaceMark.attribute == attribute,
            col(PlaceMark.first_day) <= on,
            or_(col(PlaceMark.last_day).is_(None), col(PlaceMark.last_day) >= on),
        )
        return dict((await session.exec(rows)).all())

    return await session.places.remember(("marks", attribute, on), ask)


async def of_place(session: Session, place_id: int) -> list[PlaceMark]:
    """Return everything recorded about a place, by attribute, oldest first."""
    mine = select(PlaceMark).where(PlaceMark.place_id == place_id)
    ordered = mine.order_by(col(PlaceMark.attribute), col(PlaceMark.first_day))
    return list(await session.exec(ordered))


async def not_said(session: Session, markings: Sequence[Marking]) -> list[Marking]:
    """Return the markings that say something new."""
    rows = await rows_about(session, [marking.place.id for marking in markings])
    return [marking for marking in markings if not any(map(marking.is_said_by, rows.get(marking.key, ())))]


async def mark(session: Session, markings: Sequence[Marking], ruling: Ruling) -> PlaceEvent | None:
    """Record what is new in some markings, as one event; None if nothing is. Raises EventRefused.

    Each place may occur once for an attribute.
    """
    fresh = await not_said(session, markings)
    if not fresh:
        return None
    changes = EventChanges()
    opened = await replaced(session, fresh, ruling, changes)
    marked = [marking.place for marking in fresh]
    event = await record(session, kind_of(fresh), ruling, (), marked, (), changes)
    for row in opened:
        row.event_id = event.id
    session.add_all(opened)
    # A sentence about the event names the attributes where others name the units that something came from.
    names = {**event.detail["names"], "from": sorted({marking.attribute for marking in fresh})}
    event.detail = {**event.detail, "names": names}
    await session.flush()
    return event


async def replaced(
    session: Session, markings: Sequence[Marking], ruling: Ruling, changes: EventChanges
) -> list[PlaceMark]:
    """Return the rows for some markings, and for what goes on beside them; the rows that they replace are dropped."""
    rows = await rows_about(session, [marking.place.id for marking in markings])
    opened: list[PlaceMark] = []
    for marking in markings:
        ends_after_it_begins(marking)
        old = [row for row in rows.get(marking.key, ()) if marking.overlaps(row)]
        opened += [new_row(marking, ruling), *rests(old, marking)]
        changes.unmarked += [mark_values(row) for row in old]
        for row in old:
            await session.delete(row)
    return opened


def ends_after_it_begins(marking: Marking) -> None:
    """Raise EventRefused if a marking's last day comes before its first."""
    if marking.last_day is not None and marking.last_day < marking.first_day:
        raise EventRefused("days", "last", first=marking.first_day, last=marking.last_day)


def kind_of(markings: Iterable[Marking]) -> str:
    """Return the name of the kind of event that records this."""
    said = {marking.holds for marking in markings}
    return MARK_LIST if len(said) > 1 else MARK if True in said else UNMARK


def new_row(marking: Marking, ruling: Ruling) -> PlaceMark:
    """The row of a marking."""
    return PlaceMark(
        place_id=marking.place.id,
        attribute=marking.attribute,
        holds=marking.holds,
        first_day=marking.first_day,
        last_day=marking.last_day,
        legal_basis=ruling.legal_basis,
    )


def rests(old: Iterable[PlaceMark], marking: Marking) -> list[PlaceMark]:
    """Return what rows go on to say if a marking replaces part of them: the days before it, and those after."""
    left = []
    for row in old:
        if row.first_day < marking.first_day:
            left.append(of_days(row, row.first_day, marking.first_day - DAY))
        if marking.last_day is not None and (row.last_day is None or row.last_day > marking.last_day):
            left.append(of_days(row, marking.last_day + DAY, row.last_day))
    return left


def of_days(row: PlaceMark, first: date, last: date | None) -> PlaceMark:
    """Return a row that says the same about other days."""
    return PlaceMark(
        place_id=row.place_id,
        attribute=row.attribute,
        holds=row.holds,
        first_day=first,
        last_day=last,
        legal_basis=row.legal_basis,
    )


async def rows_about(session: Session, place_ids: Collection[int]) -> dict[tuple[int, str], list[PlaceMark]]:
    """Return what is recorded about some places, by place and attribute."""
    rows: dict[tuple[int, str], list[PlaceMark]] = {}
    for some in portions(sorted(set(place_ids))):
        for row in await session.exec(select(PlaceMark).where(col(PlaceMark.place_id).in_(some))):
            rows.setdefault((row.place_id, row.attribute), []).append(row)
    return rows

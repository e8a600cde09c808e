"""All places as names to look up, with their aliases: as known today, or as they stood on a day."""

from collections.abc import Iterable
from datetime import date
from itertools import chain
from typing import Final, TypeVar

from sqlalchemy import select as columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from questionnaires.answers.places import Gazetteer, Unit
from storage.tables import Place, PlaceAlias, PlaceEdge, PlaceSuccession

NAMED: Final = (Place.id, Place.name, Place.kind, Place.code, Place.first_day, Place.last_day, Place.level)
"""The columns that are read of each place: there are many thousands, so they do not become objects of the session."""


Part = TypeVar("Part")


def grouped(pairs: Iterable[tuple[int, Part]]) -> dict[int, list[Part]]:
    """What belongs to each place, in its order."""
    groups: dict[int, list[Part]] = {}
    for place, part in pairs:
        groups.setdefault(place, []).append(part)
    return groups


async def gazetteer_of(session: AsyncSession, on: date | None = None) -> Gazetteer:
    """Return every place, with what it lies or lay in, its predecessors and successors, and its other names.

    `on`: leave out places opened after that day; one that was closed later does not count as closed yet.
    """
    edges = select(PlaceEdge.child_id, PlaceEdge.parent_id)
    steps = select(PlaceSuccession.from_id, PlaceSuccession.to_id)
    rows = columns(*(col(of_place) for of_place in NAMED))
    if on is None:
        edges = edges.order_by(col(PlaceEdge.last_day).is_not(None), col(PlaceEdge.first_day).desc())
    else:
        ended = (col(PlaceEdge.last_day).is_not(None)) & (col(PlaceEdge.last_day) < on)
        edges = edges.where(col(PlaceEdge.first_day) <= on).order_by(ended, col(PlaceEdge.first_day).desc())
        steps = steps.where(col(PlaceSuccession.day) <= on)
        rows = rows.where(col(Place.first_day) <= on)
    parents = grouped(await session.exec(edges))
    related = (await session.exec(steps)).all()
    kin = grouped(chain.from_iterable(((old, new), (new, old)) for old, new in related))
    other_names = await session.exec(select(PlaceAlias.place_id, PlaceAlias.kind, PlaceAlias.name))
    aliases = grouped((place, (kind, name)) for place, kind, name in other_names)
    return Gazetteer(
        Unit(
            id=place.id,
            name=place.name,
            kind=place.kind,
            parents=tuple(dict.fromkeys(parents.get(place.id, ()))),
            kin=tuple(dict.fromkeys(kin.get(place.id, ()))),
            closed=place.last_day is not None and (on is None or place.last_day < on),
            aliases=tuple(aliases.get(place.id, ())),
            code=place.code or "",
            since=place.first_day,
            until=place.last_day,
            level=place.level,
        )
        for place in await (await session.connection()).execute(rows)
    )

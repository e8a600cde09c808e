"""All places as names to look up, with their aliases: as they are known today, or as they stood on a day."""

from datetime import date

from sqlmodel import col, or_, select

from questionnaires.answers.places import Gazetteer, Unit
from storage.session import Session
from storage.tables import Place, PlaceAlias, PlaceEdge, PlaceSuccession


async def gazetteer_of(session: Session, on: date | None = None) -> Gazetteer:
    """Every place, with what it lies or lay in, what it came from or went into, and its other names.

    `on`: without the places that were opened after that day; one that was closed later is not closed yet.
    """
    edges = select(PlaceEdge.child_id, PlaceEdge.parent_id)
    steps = select(PlaceSuccession.from_id, PlaceSuccession.to_id)
    rows = select(col(Place.id), col(Place.name), col(Place.kind), col(Place.last_day))
    if on is None:
        edges = edges.order_by(col(PlaceEdge.last_day).is_not(None), col(PlaceEdge.first_day).desc())
    else:
        ended = (col(PlaceEdge.last_day).is_not(None)) & (col(PlaceEdge.last_day) < on)
        edges = edges.where(col(PlaceEdge.first_day) <= on).order_by(ended, col(PlaceEdge.first_day).desc())
        steps = steps.where(col(PlaceSuccession.day) <= on)
        rows = rows.where(col(Place.first_day) <= on)
    parents: dict[int, list[int]] = {}
    for child, parent in await session.exec(edges):
        parents.setdefault(child, []).append(parent)
    kin: dict[int, list[int]] = {}
    for old, new in await session.exec(steps):
        kin.setdefault(old, []).append(new)
        kin.setdefault(new, []).append(old)
    aliases: dict[int, list[tuple[str, str]]] = {}
    for place, kind, name in await session.exec(
        select(PlaceAlias.place_id, PlaceAlias.kind, PlaceAlias.name)
    ):
        aliases.setdefault(place, []).append((kind, name))
    return Gazetteer(
        Unit(
            id,
            name,
            kind,
            tuple(dict.fromkeys(parents.get(id, ()))),
            tuple(dict.fromkeys(kin.get(id, ()))),
            last_day is not None and (on is None or last_day < on),
            tuple(aliases.get(id, ())),
        )
        for id, name, kind, last_day in await session.exec(rows)
    )


async def coded(session: Session, code: str, on: date) -> list[Place]:
    """The places that bear or bore this code and were opened by that day; those that stand come first."""
    chosen = select(Place).where(Place.code == code, col(Place.first_day) <= on)
    standing = or_(col(Place.last_day).is_(None), col(Place.last_day) >= on)
    return list(await session.exec(chosen.order_by(standing.desc(), col(Place.id))))

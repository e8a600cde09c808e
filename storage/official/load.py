"""Puts the official list of places into a database, in one go.

Each unit becomes a place with its own identity: one that the reform of 1 July 2025 did not touch stays one
place (a commune merely changes its parent from the district to the province), every other one is closed on
30 June 2025 and its successors open on 1 July. Loading twice changes nothing.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from sqlalchemy import Insert, Table, func, insert, text
from sqlmodel import SQLModel, select

from questionnaires.answers.places import fold_place
from storage.official.rows import rows_of
from storage.session import Session
from storage.tables import Level, Place, PlaceEdge, PlaceSuccession

SOURCE: Final = "official-2025-07-01"
"""`Place.source` of a place from this list."""

BEGINNING: Final = date(1, 1, 1)
REFORM: Final = date(2025, 7, 1)
DAY_BEFORE: Final = date(2025, 6, 30)

PROVINCE_BASIS: Final = "Nghị quyết 202/2025/QH15"
COMMUNE_BASIS: Final = "Nghị quyết của Ủy ban Thường vụ Quốc hội ngày 16/6/2025"
KEY_AFTER_LAST: Final = "SELECT setval(pg_get_serial_sequence('place', 'id'), max(id)) FROM place"
"""Makes PostgreSQL count its keys on from here: rows that bring their own keys do not move its counter."""

DOUBT: Final = " (hai bảng chuyển đổi khác nhau, cần người quyết định)"


class Loaded(NamedTuple):
    """How many rows were added; all 0 when the list was there already."""

    places: int = 0
    edges: int = 0
    successions: int = 0


def places_from(rows: list[dict[str, str]], base: int) -> Iterator[dict[str, object]]:
    """Rows for the table place; a unit's id is `base` + its number."""
    for row in rows:
        yield {
            "id": base + int(row["number"]),
            "level": row["level"],
            "kind": row["kind"],
            "name": row["name"],
            "code": row["code"] or None,
            "first_day": date.fromisoformat(row["first_day"]) if row["first_day"] else BEGINNING,
            "last_day": date.fromisoformat(row["last_day"]) if row["last_day"] else None,
            "search": fold_place(row["name"]),
            "invented": False,
            "source": SOURCE,
        }


def edges_from(rows: list[dict[str, str]], base: int) -> Iterator[dict[str, object]]:
    """Rows for the table place_edge: until 30 June 2025, from 1 July 2025, or through both."""
    for row in rows:
        before, after = row["before"], row["after"]
        spans = [(before, BEGINNING, DAY_BEFORE), (after, REFORM, None)]
        if before == after:
            spans = [(before, BEGINNING, None)]
        for parent, first, last in spans:
            if parent:
                yield {
                    "child_id": base + int(row["number"]),
                    "parent_id": base + int(parent),
                    "first_day": first,
                    "last_day": last,
                }


def successions_from(base: int, provinces: set[int]) -> Iterator[dict[str, object]]:
    """Rows for the table place_succession; `provinces` are the numbers of the units of that level."""
    for row in rows_of("successions.csv.gz"):
        basis = PROVINCE_BASIS if int(row["from"]) in provinces else COMMUNE_BASIS
        yield {
            "from_id": base + int(row["from"]),
            "to_id": base + int(row["to"]),
            "day": REFORM,
            "whole": row["whole"] == "1",
            "legal_basis": basis + (DOUBT if row["doubtful"] == "1" else ""),
        }


async def load_official(session: Session) -> Loaded:
    """Add the official places, their parents by period and their succession; the caller commits.

    Does nothing when they are there already.
    """
    present = await session.exec(select(Place.id).where(Place.source == SOURCE).limit(1))
    if present.first() is not None:
        return Loaded()
    base = (await session.exec(select(func.max(Place.id)))).one() or 0
    units = list(rows_of("units.csv.gz"))
    provinces = {int(row["number"]) for row in units if row["level"] == Level.PROVINCE}
    places = list(places_from(units, base))
    edges = list(edges_from(units, base))
    successions = list(successions_from(base, provinces))
    connection = await session.connection()
    await connection.execute(insert_into(Place), places)
    await connection.execute(insert_into(PlaceEdge), edges)
    await connection.execute(insert_into(PlaceSuccession), successions)
    if session.get_bind().dialect.name == "postgresql":
        await connection.execute(text(KEY_AFTER_LAST))
    return Loaded(len(places), len(edges), len(successions))


def insert_into(model: type[SQLModel]) -> Insert:
    """A plain INSERT for many rows, without building an object for each."""
    table = model.__table__  # type: ignore[attr-defined]
    assert isinstance(table, Table)
    return insert(table)

"""The one place that a row of a list names, or what to say of it: unknown, near another, no more, or one of several."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from questionnaires.answers.places import Gazetteer, Unit
from storage.session import Session
from storage.sheets import ListFault, ListRow
from storage.tables import Place

COMMUNE_TITLE: Final = re.compile(
    r"(?:UBND |Ủy ban nhân dân |Uỷ ban nhân dân )?((?:xã|phường|đặc khu) \S+(?: \S+){0,4})", re.IGNORECASE
)
"""A title, or the name of a sheet, that says of which commune a whole list is: "XÃ VĨNH THÔNG"."""
NAMED: Final = 3
"""How many places a fault names at most."""


@dataclass(frozen=True, slots=True)
class PlaceRead:
    """What the words of a list may mean: the places that stand, or the `code` of a fault and what fills it."""

    places: tuple[Place, ...] = ()
    code: str = ""
    data: dict[str, str | int] = field(default_factory=dict)

    def fault(self, line: ListRow, key: str, written: str) -> ListFault:
        """What to say of the cell under `key`, where not one place is meant."""
        code = self.code or "place_many"
        return line.fault(key, code, written=written, count=len(self.places), **self.data)


async def place_read(session: Session, words: str, on: date, fits: Callable[[Unit], bool]) -> PlaceRead:
    """What `words` mean among the units that stand on that day and to which `fits` applies."""
    gazetteer = await session.places.gazetteer()
    match = await session.places.match(words, on, fits=lambda unit: unit.stands(on) and fits(unit))
    if match.status == "none":
        return closed(gazetteer, (await session.places.match(words, on, fits=fits)).units, on)
    likely = {"likely": labels(gazetteer, match.units)}
    if match.doubt == "spelling":
        return PlaceRead(code="place_near", data={**likely})
    places = [place for unit in match.units if (place := await session.places.get(unit.id)) is not None]
    return PlaceRead(tuple(places), data={**likely})


def closed(gazetteer: Gazetteer, units: tuple[Unit, ...], on: date) -> PlaceRead:
    """What to say where only units are named that are no more: what the first went into."""
    heirs = [unit for unit in gazetteer.known(gazetteer.heirs(units[0])) if unit.stands(on)] if units else []
    if not heirs:
        return PlaceRead(code="place_unknown")
    return PlaceRead(code="place_closed", data={"likely": labels(gazetteer, heirs)})


def labels(gazetteer: Gazetteer, units: tuple[Unit, ...] | list[Unit]) -> str:
    """The full names of the first of some places."""
    return "; ".join(map(gazetteer.label, units[:NAMED])) + (" …" if len(units) > NAMED else "")

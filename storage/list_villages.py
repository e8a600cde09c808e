"""Finds the villages that a list names by columns of their own, commune by commune.

Among all places of the country "thôn 1" is the name of thousands. Within its commune it is one, and is found without
looking at the others: a list of a whole province takes seconds instead of minutes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from questionnaires.answers.places import Unit, same_name
from storage.list_places import PlaceRead, places_read
from storage.place_rows import named_below
from storage.session import Session
from storage.sheets import ListRow
from storage.tables import Level, Place

Named = tuple[str, ...]
"""A name in the form for comparing."""


class Village(NamedTuple):
    """A village, as far as a list of people needs it: tens of thousands of rows of the table take too much memory."""

    id: int
    level: str


@dataclass(slots=True)
class VillagesInside:
    """The villages of the communes that a list names."""

    communes: Mapping[str, PlaceRead[Place]]
    """What the communes of the lines may be, by the words for them."""
    villages: Mapping[int, Mapping[Named, Sequence[Village]]]
    """The villages of each of the communes by their names, with and without their type words."""

    def named(self, line: ListRow) -> PlaceRead[Village] | None:
        """The one village of a commune that has exactly the name in the line; None if there is none, or more than one."""
        commune = self.communes[commune_words(line)] if is_in_parts(line) else None
        if commune is None or len(commune.places) != 1:
            return None
        found = self.villages[commune.places[0].id].get(same_name("", line.texts["village"]), [])
        return PlaceRead((found[0],), provinces=commune.provinces) if len(found) == 1 else None


async def villages_inside(session: Session, lines: Sequence[ListRow], on: date) -> VillagesInside:
    """Read the communes that lines name, with their villages: a few queries for the list of a whole province."""
    words = [commune_words(line) for line in lines if is_in_parts(line)]
    communes = await places_read(session, words, on, is_commune)
    sure = [read.places[0].id for read in communes.values() if len(read.places) == 1]
    inside: dict[int, dict[Named, list[Village]]] = {commune: {} for commune in sure}
    for commune, number, level, kind, name in await named_below(session, inside, on):
        village = Village(number, level)
        for named in ways_to_say(kind, name):
            inside[commune].setdefault(named, []).append(village)
    return VillagesInside(communes, inside)


def is_in_parts(line: ListRow) -> bool:
    """Whether a line names a village in a column of its own, beside its commune.

    A column of whole places goes before those of their parts (`storage.people_places.with_place`).
    """
    whole = line.headings.get("place", "") != line.headings.get("commune", "")
    return not (line.texts.get("code") or whole) and bool(line.texts.get("village"))


def commune_words(line: ListRow) -> str:
    """How a line names its commune: "Vĩnh Thông, Thái Nguyên"."""
    return ", ".join(filter(None, (line.texts.get("commune"), line.texts.get("province"))))


def ways_to_say(kind: str, name: str) -> set[Named]:
    """A village's name in the form for comparing, with and without its type word."""
    return {same_name("", name), same_name("", f"{kind} {name}")}


def is_commune(unit: Unit) -> bool:
    """Whether villages may lie in a unit."""
    return unit.level == Level.COMMUNE

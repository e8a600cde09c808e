"""Finds the villages that a list names by columns of their own, commune by commune.

Among all places of the country "thôn 1" is the name of thousands. Within its commune it is one, and is found without
looking at the others: a list of a whole province takes seconds instead of minutes.
"""

from dataclasses import dataclass, field
from datetime import date

from questionnaires.answers.places import Unit, same_name
from storage.list_places import PlaceRead, place_read
from storage.session import Session
from storage.sheets import ListRow
from storage.tables import Level, Place

Named = tuple[str, ...]
"""A name in the form for comparing."""


@dataclass(slots=True)
class VillagesInside:
    """The villages of the communes that a list names, each commune read once."""

    session: Session
    on: date
    communes: dict[tuple[str, str], PlaceRead] = field(default_factory=dict)
    villages: dict[int, dict[Named, list[Place]]] = field(default_factory=dict)

    async def named(self, line: ListRow) -> PlaceRead | None:
        """The one village of a commune that has exactly the name in the line; None if there is none, or more than one."""
        name = line.texts.get("village", "")
        # A column of whole places goes before those of their parts (`storage.roster.with_place`).
        whole = line.headings.get("place", "") != line.headings.get("commune", "")
        if line.texts.get("code") or whole or not name:
            return None
        commune = await self.commune_of(line)
        if len(commune.places) != 1:
            return None
        found = (await self.villages_of(commune.places[0])).get(same_name("", name), [])
        return PlaceRead((found[0],), provinces=commune.provinces) if len(found) == 1 else None

    async def commune_of(self, line: ListRow) -> PlaceRead:
        """What the commune of a line may be."""
        key = line.texts.get("commune", ""), line.texts.get("province", "")
        if key not in self.communes:
            words = ", ".join(filter(None, key))
            self.communes[key] = await place_read(self.session, words, self.on, is_commune)
        return self.communes[key]

    async def villages_of(self, commune: Place) -> dict[Named, list[Place]]:
        """The villages of a commune by their names, with and without their type words."""
        if commune.id not in self.villages:
            named: dict[Named, list[Place]] = {}
            for village in await self.session.places.children(commune.id, self.on):
                for words in {same_name("", village.name), same_name("", f"{village.kind} {village.name}")}:
                    named.setdefault(words, []).append(village)
            self.villages[commune.id] = named
        return self.villages[commune.id]


def is_commune(unit: Unit) -> bool:
    """Whether villages may lie in a unit."""
    return unit.level == Level.COMMUNE

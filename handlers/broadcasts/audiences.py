"""For whom somebody may announce something: their units, and the people on those units' ground."""

from collections.abc import Collection
from typing import Final

from figures import access
from figures.coverage import cover, owed_in, villages
from handlers.turn import Turn
from storage import announcements
from storage.tables import Announcement, Contact, Place, RoleName

AUDIENCES: Final[dict[str, tuple[RoleName, ...]]] = {
    "heads": (RoleName.VILLAGE_HEAD,),
    "silent": (RoleName.VILLAGE_HEAD,),
    "communes": (RoleName.COMMUNE_OFFICER,),
    "all": (RoleName.VILLAGE_HEAD, RoleName.COMMUNE_OFFICER),
}
"""The groups that an announcement may be for, with their roles; of the silent, only where reports are missing."""


async def own_units(turn: Turn) -> list[Place]:
    """The units for which this person may announce something."""
    return await access.places_of(turn.view, access.holds(turn.view, *access.OFFICERS))


async def own_unit(turn: Turn, number: int) -> Place | None:
    """The unit with this id, if this person may announce something there."""
    return next((unit for unit in await own_units(turn) if unit.id == number), None)


async def contacts(turn: Turn, place: Place, name: str) -> list[Contact]:
    """The chats that an announcement for a place and audience goes to."""
    ground: Collection[int] = await turn.session.places.ground(place.id, turn.today)
    if name == "silent":
        ids = [village.id for village in await villages(turn.view, place)]
        coverage = await cover(turn.view, ids, await owed_in(turn.view))
        ground = set().union(*(owed.missing for owed in coverage))
    everybody = await announcements.audience(turn.session, ground, AUDIENCES[name], turn.library.costs)
    return [contact for contact in everybody if contact.id != turn.contact.id]


async def is_for(turn: Turn, row: Announcement) -> bool:
    """Whether this person is among those whom an announcement is for."""
    own = access.holds(turn.view, *AUDIENCES[row.audience])
    return any([await turn.session.places.is_within(role.place_id, row.place_id, turn.today) for role in own])

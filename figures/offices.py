"""Which level's office speaks to a place about its reports: a commune's are checked by a district's officers or a
province's, and each is called by its own level."""

from dataclasses import replace
from typing import Final

from figures import access
from figures.view import View
from storage import people
from storage.tables import Level, Place, RoleName

LEVELS: Final = {
    RoleName.COMMUNE_OFFICER: Level.COMMUNE,
    RoleName.DISTRICT_OFFICER: Level.DISTRICT,
    RoleName.PROVINCE_OFFICER: Level.PROVINCE,
    RoleName.CENTRAL_OFFICER: Level.NATION,
}
"""The level of an officer's unit, by role."""


async def level_of(view: View, place: Place, officer: int | None) -> Level:
    """Return the level on which this person checks the reports of a place; of whoever is nearest if they do not."""
    if len(checking(place)) == 1:
        return LEVELS[checking(place)[0]]
    role = await access.checking_role(await view_of(view, officer), place)
    return LEVELS[RoleName(role.role)] if role else await nearest(view, place)


async def view_of(view: View, person_id: int | None) -> View:
    """Return what somebody else may see and do now: nothing if they have left."""
    held = await people.roles_of(view.session, person_id) if person_id is not None else []
    return replace(view, roles=tuple(role for role in held if role.in_force(view.now)))


async def nearest(view: View, place: Place) -> Level:
    """Return the lowest level with officers who check the reports of a place; the highest that may, if none has any."""
    *lower, highest = checking(place)
    for name in lower:
        officers = await people.officers_of(view.session, place.id, name, view.today)
        if any(officer.contacts for officer in officers):
            return LEVELS[name]
    return LEVELS[highest]


def checking(place: Place) -> tuple[RoleName, ...]:
    """Return the roles that check the reports of a place, the lowest first."""
    return access.CHECKING[Level(place.level)]

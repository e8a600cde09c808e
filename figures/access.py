"""Who may see which place: the ground of the roles that a person holds today.

This is the only way to a place named in a press or a command. It answers alike for a place outside a person's ground
and one that does not exist, so that a refusal tells nobody what exists.
"""

from collections.abc import Collection, Iterable
from typing import Final

from figures import former
from figures.view import View
from storage.levels import LASTING
from storage.tables import Level, Place, Role, RoleName

OFFICERS: Final = (
    RoleName.COMMUNE_OFFICER,
    RoleName.DISTRICT_OFFICER,
    RoleName.PROVINCE_OFFICER,
    RoleName.CENTRAL_OFFICER,
    RoleName.ADMINISTRATOR,
)


def holds(view: View, *names: RoleName) -> list[Role]:
    """The person's roles among `names`, the earliest first."""
    return [role for role in view.roles if role.role in names]


def is_officer(view: View) -> bool:
    """Whether one of the roles is over places below it."""
    return bool(holds(view, *OFFICERS))


def is_village_head(view: View) -> bool:
    return bool(holds(view, RoleName.VILLAGE_HEAD))


async def places_of(view: View, roles: Iterable[Role]) -> list[Place]:
    """The places of some roles, each once, in the order of the roles; places that are gone are left out."""
    numbers = dict.fromkeys(role.place_id for role in roles)
    return [place for number in numbers if (place := await view.session.places.get(number))]


def is_gone(view: View, place: Place) -> bool:
    """Whether a village or commune was closed: its successor is asked, reminded and written to instead."""
    over = place.last_day is not None and place.last_day < view.today
    return over and place.level in (Level.VILLAGE, Level.COMMUNE)


async def within(view: View, place_id: int, roles: Collection[Role]) -> bool:
    """Whether `place_id` lies on the ground of one of `roles` today.

    A unit that was closed lives on through its successors: its officer keeps that ground.
    """
    for root in {role.place_id for role in roles}:
        if await view.session.places.is_within(place_id, root, view.today):
            return True
    return False


async def visible(view: View, place_id: int) -> Place | None:
    """The place, if this person may see its figures; otherwise None, alike for forbidden and missing.

    Whoever sees all that is left of a closed province or district sees that too.
    """
    place = await view.session.places.get(place_id)
    if place is None or await within(view, place_id, view.roles):
        return place
    roots = {role.place_id for role in view.roles} if place.level in LASTING else set()
    return place if any([await is_left_within(view, place, root) for root in roots]) else None


async def is_beside(view: View, place: Place) -> bool:
    """Whether a place is neither on the ground of this person's roles nor above it: of such units they are told totals
    only."""
    tree = await view.session.places.tree(view.today)
    roots = {role.place_id for role in view.roles}
    above = {number for root in roots for number in tree.way_up(root)}
    if not roots or place.id in above or roots & {place.id, *tree.way_up(place.id)}:
        return False
    if {place.id, *roots} <= tree.level.keys():
        return True
    return not any([await was_within(view, place, root) for root in roots])


async def was_within(view: View, place: Place, root: int) -> bool:
    """Whether a place is above `root` or on its ground, where one of the two was closed and lives on in others."""
    above = {unit.id for unit in await view.session.places.ancestors(root, view.today)}
    return place.id in above or await is_left_within(view, place, root)


async def is_left_within(view: View, place: Place, root: int) -> bool:
    """Whether a place, or all that is left of a closed one, is on the ground of `root`."""
    places, today = view.session.places, view.today
    ground = await places.ground(root, today)
    standing = await places.remains(place.id, today) & (await places.tree(today)).level.keys()
    return place.id in ground or bool(standing and standing <= ground)


async def looks_after(view: View, place_id: int) -> bool:
    """Whether this person is an officer above the place, or above what it became when it was closed."""
    officers = holds(view, *OFFICERS)
    heirs = await view.session.places.heirs(place_id, view.today) if officers else ()
    return any([await within(view, heir, officers) for heir in heirs])


async def may_report_for(view: View, place_id: int) -> Place | None:
    """The place, if this person may send its reports; otherwise None, alike for forbidden and missing.

    Its head may, for a village its commune's officer too, for a former province the officer of the one that absorbed
    it.
    """
    place = await view.session.places.get(place_id)
    if place is None:
        return None
    if any(role.place_id == place_id for role in view.roles):
        return place
    officers = holds(view, RoleName.COMMUNE_OFFICER)
    if place.level == Level.VILLAGE and await within(view, place_id, officers):
        return place
    return place if former.is_former(view, place) and await answers_for_part(view, place) else None


async def answers_for_part(view: View, part: Place) -> bool:
    """Whether this person is officer of the province that absorbed a former one, for which nobody else answers."""
    own = await places_of(view, holds(view, RoleName.PROVINCE_OFFICER))
    return any([part.id in {one.id for one in await parts_answered_for(view, place)} for place in own])


async def parts_answered_for(view: View, place: Place) -> list[Place]:
    """The former provinces for which this person answers as officer of `place`."""
    officers = {role.place_id for role in holds(view, RoleName.PROVINCE_OFFICER)}
    return await former.parts_of(view, place) if place.id in officers else []


async def may_remind(view: View, place: Place) -> bool:
    """Whether this person may remind a place, or report for it: its commune's officer."""
    return await within(view, place.id, holds(view, RoleName.COMMUNE_OFFICER))


async def may_replace_head(view: View, village: Place) -> bool:
    """Whether this person decides who is head of the village: its commune's officer, or an administrator above it."""
    return await within(view, village.id, holds(view, RoleName.COMMUNE_OFFICER, RoleName.ADMINISTRATOR))


CHECKING: Final = {
    Level.VILLAGE: (RoleName.COMMUNE_OFFICER,),
    Level.COMMUNE: (RoleName.DISTRICT_OFFICER, RoleName.PROVINCE_OFFICER),
    Level.DISTRICT: (RoleName.PROVINCE_OFFICER,),
    Level.PROVINCE: (RoleName.CENTRAL_OFFICER,),
}
"""Who checks and approves the reports of a place, by its level."""


async def may_check(view: View, place: Place) -> bool:
    """Whether this person checks the reports of a place: an officer of the level above, never of the place itself."""
    return await checking_role(view, place) is not None


async def checking_role(view: View, place: Place) -> Role | None:
    """The role in which this person checks the reports of a place; None if they do not."""
    for role in holds(view, *CHECKING.get(Level(place.level), ())):
        if role.place_id != place.id and await within(view, place.id, [role]):
            return role
    return None


OFFICER_OF: Final = {
    Level.COMMUNE: RoleName.COMMUNE_OFFICER,
    Level.DISTRICT: RoleName.DISTRICT_OFFICER,
    Level.PROVINCE: RoleName.PROVINCE_OFFICER,
}
"""Which officers a unit has, by its level."""


async def may_staff(view: View, unit: Place) -> bool:
    """Whether this person decides, together with a second one, who is an officer of a unit.

    An officer above it may, or an administrator over it.
    """
    if unit.level not in OFFICER_OF:
        return False
    return await may_check(view, unit) or await within(view, unit.id, holds(view, RoleName.ADMINISTRATOR))


def checks(view: View) -> bool:
    """Whether one of this person's roles checks reports of others."""
    return bool(holds(view, *(role for roles in CHECKING.values() for role in roles)))

"""Who may see which place: the ground of the roles that a person holds today.

This is the one door to places named in a press or a command. A place outside a person's ground and a place
that does not exist give the same answer, so that nobody learns from a refusal what exists.
"""

from typing import Final

from handlers.turn import Turn
from storage import places, remembered
from storage.tables import Level, Place, Role, RoleName

OFFICERS: Final = (
    RoleName.COMMUNE_OFFICER,
    RoleName.DISTRICT_OFFICER,
    RoleName.PROVINCE_OFFICER,
    RoleName.CENTRAL_OFFICER,
    RoleName.ADMINISTRATOR,
)


def holds(turn: Turn, *names: RoleName) -> list[Role]:
    """The person's roles among `names`, the first given first."""
    return [role for role in turn.roles if role.role in names]


def is_officer(turn: Turn) -> bool:
    """Whether some role looks after places below it."""
    return bool(holds(turn, *OFFICERS))


def is_village_head(turn: Turn) -> bool:
    return bool(holds(turn, RoleName.VILLAGE_HEAD))


async def within(turn: Turn, place_id: int, roles: list[Role]) -> bool:
    """Whether `place_id` lies on the ground of one of `roles` today.

    A unit that was closed lives on through its successors: its officer keeps that ground.
    """
    for root in {role.place_id for role in roles}:
        if await places.is_within(turn.session, place_id, root, turn.today):
            return True
    return False


async def visible(turn: Turn, place_id: int) -> Place | None:
    """The place, if this person may see its figures; None alike when it is forbidden or missing."""
    place = await remembered.place(turn.session, place_id)
    if place is None or not await within(turn, place_id, turn.roles):
        return None
    return place


async def may_report_for(turn: Turn, place_id: int) -> Place | None:
    """The place, if this person may send its reports: its head, or for a village its commune's officer.

    None alike when it is forbidden or missing.
    """
    place = await remembered.place(turn.session, place_id)
    if place is None:
        return None
    if any(role.place_id == place_id for role in turn.roles):
        return place
    officers = holds(turn, RoleName.COMMUNE_OFFICER)
    if place.level == Level.VILLAGE and await within(turn, place_id, officers):
        return place
    return None

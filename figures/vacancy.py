"""What waits at a place for somebody who is the last one there to hold a role: what stays undone once they leave."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlmodel import col, func, select

from figures import access
from figures.awaiting import checked_by
from storage import locks, reopenings, returns, seats
from storage.portions import portions
from storage.session import Session
from storage.tables import Level, Place, Role, RoleName, Submission


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """A role that nobody else holds at its place, with what waits there."""

    role: Role
    place: Place
    returned: int
    """Returned figures that its holder is to answer or, for an officer, whose answers go to them."""
    reports: int = 0
    """Reports that wait for an officer's approval."""
    requests: int = 0
    """Requests to reopen periods, of the unit or of those below it."""

    @property
    def of_village(self) -> bool:
        """Whether it is a village's head who leaves it without anybody."""
        return self.role.role == RoleName.VILLAGE_HEAD

    @property
    def waits(self) -> bool:
        """Whether anything waits."""
        return bool(self.returned or self.reports or self.requests)


async def left_behind(session: Session, role: Role, today: date) -> LeftBehind | None:
    """Return what a role leaves behind if it ends; None for a deputy's, an administrator's, and while others hold it."""
    if role.ends_at is not None or role.role not in (RoleName.VILLAGE_HEAD, *access.OFFICER_OF.values()):
        return None
    place = await session.places.get(role.place_id)
    if place is None or await has_others(session, role):
        return None
    if role.role == RoleName.VILLAGE_HEAD:
        return LeftBehind(role, place, len(await returns.waiting_at(session, {place.id})))
    below = await checked_by(session, role, today)
    back = await returns.waiting_at(session, below | {place.id})
    held = await locks.held(session, below | {place.id})
    asked = await reopenings.waiting(session, held)
    return LeftBehind(role, place, len(back), await unapproved(session, below), len(asked))


async def has_others(session: Session, role: Role) -> bool:
    """Whether somebody else holds the same role at its place."""
    return any(one.id != role.id for one in await seats.held(session, role.place_id, role.role))


async def unapproved(session: Session, places: Collection[int]) -> int:
    """Return how many reports of some places nobody has approved."""
    count = 0
    for some in portions(sorted(places)):
        chosen = select(func.count()).where(
            col(Submission.place_id).in_(some),
            col(Submission.current),
            col(Submission.approved_at).is_(None),
            col(Submission.locked_at).is_(None),
        )
        count += (await session.exec(chosen)).one()
    return count


async def above(session: Session, place: Place, today: date) -> list[int]:
    """Return the people above a unit who decide who is its officer: officers of the levels that check it, and
    administrators."""
    names = (*access.CHECKING.get(Level(place.level), ()), RoleName.ADMINISTRATOR)
    chosen = select(Role).where(col(Role.role).in_(names), col(Role.until).is_(None))
    return sorted(
        {one.person_id for one in await session.exec(chosen) if await is_over(session, one, place, today)}
    )


async def is_over(session: Session, role: Role, place: Place, today: date) -> bool:
    """Whether a role is held above a unit, if only of a closed district of whose ground it is; an administrator's also at
    it."""
    if role.place_id == place.id:
        return role.role == RoleName.ADMINISTRATOR
    return place.id in await session.places.ids_below(role.place_id, place.level, today)

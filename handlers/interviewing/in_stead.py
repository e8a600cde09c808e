"""Whose word it is that a returned figure is right: that of those who answer for the place, else an officer's in their
stead, told as such."""

from collections.abc import Mapping

from markupsafe import Markup

from figures.due import REPORTING
from handlers import acting
from handlers.screens.checking import levels_in
from handlers.turn import Turn
from storage import journal, returns, seats
from storage.tables import FigureReturn, Level, Place, RoleName, Submission


async def may_keep(turn: Turn, row: FigureReturn, place: Place) -> bool:
    """Return whether this person may say that a returned figure is right.

    Nobody answers their own return in somebody's stead, and an officer speaks only for a place where nobody is enrolled.
    """
    if not acting.is_in_place(turn, place.id):
        return True
    return row.person_id != turn.contact.person_id and not await has_somebody(turn, place)


async def has_somebody(turn: Turn, place: Place) -> bool:
    """Return whether anybody who answers for a place is enrolled."""
    names = (RoleName.VILLAGE_HEAD,) if place.level == Level.VILLAGE else REPORTING
    return any([await seats.held(turn.session, place.id, name) for name in names])


def refused(turn: Turn, place: Place) -> Markup:
    """Return the sentence that only the place can say that its figure is right, and what an officer can do."""
    return turn.say("returned.not_yours", **levels_in(turn.say, place.level))


async def answered(turn: Turn, row: FigureReturn, report: Submission, office: Mapping[str, object]) -> Markup:
    """Return the sentence that a return was answered before; to the place, also that an officer did that in its stead."""
    stead = row.answer == returns.MENDED and bool(report.in_place)
    stead = stead or row.path in await journal.kept_in_stead(turn.session, report)
    key = f"returned.was.{row.answer}"
    own = not acting.is_in_place(turn, report.place_id)
    return turn.say(f"{key}_in_stead" if stead and own else key, **office)

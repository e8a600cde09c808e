"""The numbers on which the officers of a commune may be called: those that they gave for that."""

from collections.abc import Iterable
from datetime import date

from markupsafe import Markup

from handlers.wording import Wording
from storage import people
from storage.roster import shown_phone
from storage.session import Session
from storage.tables import RoleName


async def numbers(
    session: Session, place_ids: Iterable[int], today: date, say: Wording, but: int | None = None
) -> list[Markup]:
    """Return each number of the officers above some places once, with its officer's name; not of the person `but`."""
    lines: dict[str, Markup] = {}
    for place_id in place_ids:
        for officer in await people.officers_of(session, place_id, RoleName.COMMUNE_OFFICER, today):
            if officer.person.phone and officer.person.id != but:
                number = shown_phone(officer.person.phone)
                name = officer.person.name or say("wish.officer_nameless")
                lines[number] = say("wish.officer_line", name=name, number=number)
    return list(lines.values())

"""Asking the commune for help: its officers learn the village, the questionnaire and the question, no more.

What the person typed is not passed on: it may hold anything.
"""

from markupsafe import Markup

from handlers.interviewing import flow
from handlers.interviewing.sitting import Sitting
from handlers.wording import wording
from storage import people
from storage.tables import RoleName


async def tell_officers(sitting: Sitting, *_: Markup) -> None:
    """Send the officers a message, once for each question, and tell the person what was done."""
    turn, path = sitting.turn, sitting.position or ""
    if sitting.row.practice:
        flow.again(sitting, turn.say("interview.practice.officer"))
        return
    if path in sitting.notes.told:
        flow.again(sitting, turn.say("interview.officer.told_before"))
        return
    officers = await people.officers_of(
        turn.session, sitting.row.place_id, RoleName.COMMUNE_OFFICER, turn.today
    )
    contacts = {
        contact.id: contact for officer in officers for contact in officer.contacts if contact.reachable
    }
    contacts.pop(turn.contact.id, None)
    for contact in contacts.values():
        say = wording(contact.locale or "vi")
        turn.reply(
            say("interview.officer.message", title=sitting.title, question=sitting.notes.asked),
            to=contact.id,
        )
    if contacts:
        sitting.note(told=(*sitting.notes.told, path))
    key = "interview.officer.told" if contacts else "interview.officer.nobody"
    flow.again(sitting, turn.say(key))

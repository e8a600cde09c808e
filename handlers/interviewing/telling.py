"""Asks the commune for help: its officers learn the village, the questionnaire and the question, and nothing more.

What the person typed is not passed on: it may be about anything.
"""

from markupsafe import Markup

from handlers.acting import words_for
from handlers.interviewing import flow
from handlers.interviewing.sitting import Sitting
from storage import people
from storage.tables import Contact, RoleName


async def tell_officers(sitting: Sitting, *_: Markup) -> None:
    """Send the officers a message, once for each question, and tell the person that this was done."""
    turn, path = sitting.turn, sitting.position or ""
    if sitting.row.practice:
        flow.again(sitting, turn.say("interview.practice.officer"))
        return
    if path in sitting.notes.told:
        flow.again(sitting, turn.say("interview.officer.told_before"))
        return
    if await write_to_officers(sitting):
        # Remembered only if somebody was told: otherwise asking again later may reach a new officer.
        sitting.note(told=(*sitting.notes.told, path))
        flow.again(sitting, turn.say("interview.officer.told"))
    else:
        flow.again(sitting, turn.say("interview.officer.nobody"))


async def write_to_officers(sitting: Sitting) -> bool:
    """Write to the officers which question is meant; return whether there was anybody to write to."""
    contacts = await officers_to_tell(sitting)
    for contact in contacts:
        said = {"title": sitting.title, "question": sitting.notes.asked}
        sitting.turn.reply(words_for(contact)("interview.officer.message", **said), to=contact.id)
    return bool(contacts)


async def officers_to_tell(sitting: Sitting) -> list[Contact]:
    """The chats of the commune's officers, each once, except the one that is writing: an officer may report too."""
    turn = sitting.turn
    officers = await people.officers_of(
        turn.session, sitting.row.place_id, RoleName.COMMUNE_OFFICER, turn.today
    )
    chats = {contact.id: contact for officer in officers for contact in officer.contacts}
    chats.pop(turn.contact.id, None)
    return [contact for contact in chats.values() if contact.reachable]

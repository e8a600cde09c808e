"""Answers without words: photos and locations. Edited messages come here too; they change nothing."""

from handlers import photo_limits
from handlers.interviewing import flow
from handlers.interviewing.photos import PHOTO
from handlers.interviewing.sitting import Sitting
from handlers.interviewing.ways import AskAgain, GoOn
from handlers.messages import row as buttons
from questionnaires.interview import Value
from storage.tables import Attachment


async def on_photo(sitting: Sitting) -> None:
    """A photo where one is asked for. It is fetched from the platform after this turn is saved."""
    turn, photo = sitting.turn, sitting.turn.incoming.photo
    number, path = 0, sitting.position or ""
    if photo is not None and not sitting.row.practice:
        too_many = await photo_limits.of_answer(turn, photo, sitting.row.id, path)
        if too_many is not None:
            flow.again(sitting, too_many)
            return
        attachment = Attachment(
            interview_id=sitting.row.id,
            contact_id=turn.contact.id,
            path=path,
            file_ref=photo.ref,
            size=photo.size,
            created_at=turn.now,
        )
        turn.session.add(attachment)
        await turn.session.flush()
        number = attachment.id
    turn.keeps_photo = True
    several = [turn.say("interview.one_photo")] if turn.incoming.album else []
    flow.tell(sitting, sitting.step(Value(f"{PHOTO}{number}")), *several)


def on_location(sitting: Sitting) -> None:
    """A location where one is asked for."""
    place = sitting.turn.incoming.location
    if place is None:
        return
    accuracy = place.accuracy if place.accuracy is not None else 0
    value = f"{place.latitude:.6f} {place.longitude:.6f} 0 {accuracy:g}"
    flow.tell(sitting, sitting.step(Value(value)))


def on_edited(sitting: Sitting) -> bool:
    """Offer the way back to the question that an edited message had answered; False if there is none."""
    edited, say = sitting.turn.incoming.message_ref, sitting.turn.say
    path = sitting.notes.answered_by(edited) if edited else None
    if path is None:
        return False
    back = sitting.named("interview.button.this_question", AskAgain, path)
    ahead = sitting.named("interview.button.go_on", GoOn)
    sitting.speak(say("interview.odd.edited"), actions=buttons(back, ahead))
    sitting.save()
    return True

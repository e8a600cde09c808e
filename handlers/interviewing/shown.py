"""Answers without words: photos, recordings and other files, and locations.

Edited messages come here too; they change nothing.
"""

import mimetypes
import re
from typing import Final

from handlers import photo_limits
from handlers.interviewing import flow
from handlers.interviewing.photos import PHOTO
from handlers.interviewing.sitting import Sitting
from handlers.interviewing.ways import AskAgain, GoOn
from handlers.messages import FileRef
from handlers.messages import row as buttons
from questionnaires.interview import Value
from storage.tables import Attachment

MEDIA: Final = re.compile(r"(?!image/)[a-z]+/[a-z0-9.+-]{1,80}")
"""Media types that are kept as stated; a picture sent as no picture is an ordinary file."""
UNKNOWN: Final = "application/octet-stream"


async def take(sitting: Sitting) -> bool:
    """Take a photo, a file or a location as the answer, if the open question asks for it; return whether it was."""
    incoming = sitting.turn.incoming
    if incoming.photo is not None and sitting.asks("image", "file"):
        await on_file(sitting, incoming.photo)
    elif incoming.file is not None and is_wanted(sitting, incoming.file):
        await on_file(sitting, incoming.file, media_of(incoming.file))
    elif incoming.location is not None and sitting.asks("geopoint"):
        on_location(sitting)
    else:
        return False
    return True


def is_wanted(sitting: Sitting, file: FileRef) -> bool:
    """Whether the open question asks for a file of this kind."""
    return sitting.asks("file", media_of(file).partition("/")[0])


def media_of(file: FileRef) -> str:
    """Return the media type of a file that is not a picture: as its platform says, else by its name."""
    said = file.media or mimetypes.guess_type(file.name)[0] or ""
    return said if MEDIA.fullmatch(said) else UNKNOWN


async def on_file(sitting: Sitting, file: FileRef, media: str = "") -> None:
    """Take a photo or another file if one is asked for. It is fetched from the platform after this turn is saved."""
    turn = sitting.turn
    number, path = 0, sitting.position or ""
    if not sitting.row.practice:
        limits = photo_limits.of_file if media else photo_limits.of_answer
        too_many = await limits(turn, file, sitting.row.id, path)
        if too_many is not None:
            flow.again(sitting, too_many)
            return
        attachment = Attachment(
            interview_id=sitting.row.id,
            contact_id=turn.contact.id,
            path=path,
            file_ref=file.ref,
            media_type=media,
            size=file.size,
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

"""How many photos are taken: enough for honest work, too few to fill a disk or keep the machine busy.

Each photo costs a download of up to ten megabytes and seconds of the processor. Those of emergencies are counted
apart, so that a day's reports never use up what an emergency may need.
"""

from typing import Final, Literal

from markupsafe import Markup

from handlers.messages import FileRef
from handlers.turn import Turn
from storage import attachments, people

A_DAY: Final = 30
"""Of one person's answers, all phones together: an officer who reports for ten villages sends some two each."""
AN_ANSWER: Final = 5
"""One is kept; the others were sent instead of it."""
AN_EMERGENCY: Final = 10
"""Each goes to every officer who was told."""
EMERGENCIES_A_DAY: Final = 30
LARGEST: Final = 10 * 1024 * 1024
"""Bytes of one photo."""
LARGEST_FILE: Final = 20 * 1024 * 1024
"""Bytes of one recording, film or other file: Telegram hands none larger to a bot."""


def of_size(turn: Turn, photo: FileRef) -> Markup | None:
    """Why a photo is not taken whose platform says how large it is; None if it is taken, or its size is unknown."""
    return (
        turn.say("channel.photo_too_large", limit=LARGEST // 1024 // 1024) if photo.size > LARGEST else None
    )


async def of_answer(turn: Turn, photo: FileRef, interview_id: int, path: str) -> Markup | None:
    """Why this photo is not taken for this answer; None if it is."""
    return of_size(turn, photo) or await of_number(turn, interview_id, path, "photo")


async def of_file(turn: Turn, file: FileRef, interview_id: int, path: str) -> Markup | None:
    """The same of another file."""
    if file.size > LARGEST_FILE:
        return turn.say("channel.file_too_large", limit=LARGEST_FILE // 1024 // 1024)
    return await of_number(turn, interview_id, path, "file")


async def of_number(
    turn: Turn, interview_id: int, path: str, what: Literal["photo", "file"]
) -> Markup | None:
    """Why no more is taken for this answer, or of this person today; photos and files are counted together."""
    if await attachments.of_answer(turn.session, interview_id, path) >= AN_ANSWER:
        return turn.say(f"channel.{what}_limit_answer", n=AN_ANSWER)
    if await sent_today(turn, emergencies=False) >= A_DAY:
        return turn.say(f"channel.{what}_limit_day", n=A_DAY)
    return None


async def of_emergency(turn: Turn, photo: FileRef, number: int) -> Markup | None:
    """Why this photo is not taken of this emergency; None if it is."""
    if too_large := of_size(turn, photo):
        return too_large
    if await attachments.of_emergency(turn.session, number) >= AN_EMERGENCY:
        return turn.say("channel.photo_limit_emergency", n=AN_EMERGENCY)
    if await sent_today(turn, emergencies=True) >= EMERGENCIES_A_DAY:
        return turn.say("channel.photo_limit_emergency_day", n=EMERGENCIES_A_DAY)
    return None


async def sent_today(turn: Turn, *, emergencies: bool) -> int:
    """How many photos this person sent since midnight, from whichever phone."""
    person_id = turn.contact.person_id
    phones = await people.contacts_of(turn.session, person_id) if person_id else []
    chats = {turn.contact.id, *(phone.id for phone in phones)}
    # By the clock of the places, in which `now` is.
    midnight = turn.now.replace(hour=0, minute=0, second=0, microsecond=0)
    return await attachments.of_chats(turn.session, chats, midnight, emergencies=emergencies)

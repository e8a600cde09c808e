"""How many photos are taken: enough for honest work, too few to fill a disk or keep the machine busy.

Each photo costs a download of up to ten megabytes and seconds of processor time. Photos of emergencies are counted
apart, so that a day's reports never use up what an emergency may need.
"""

from typing import Final, Literal

from markupsafe import Markup

from handlers.messages import FileRef
from handlers.turn import Turn
from storage import attachments, people

A_DAY: Final = 30
"""One person's answers, on all phones together: an officer who reports for ten villages sends two or so for each."""
AN_ANSWER: Final = 5
"""One photo is kept; the others were sent to replace it."""
AN_EMERGENCY: Final = 10
"""Each photo goes to every officer who was told."""
EMERGENCIES_A_DAY: Final = 30
LARGEST: Final = 10 * 1024 * 1024
"""The most bytes of one photo."""
LARGEST_FILE: Final = 20 * 1024 * 1024
"""The most bytes of one recording, film or other file: Telegram gives a bot none larger."""


def of_size(turn: Turn, photo: FileRef) -> Markup | None:
    """Return why a photo is too large, by the size that its platform names; None if it is taken, or its size is unknown."""
    return (
        turn.say("channel.photo_too_large", limit=LARGEST // 1024 // 1024) if photo.size > LARGEST else None
    )


async def of_answer(turn: Turn, photo: FileRef, interview_id: int, path: str) -> Markup | None:
    """Return why this photo is not taken for this answer; None if it is."""
    return of_size(turn, photo) or await of_number(turn, interview_id, path, "photo")


async def of_file(turn: Turn, file: FileRef, interview_id: int, path: str) -> Markup | None:
    """Return the same for any other file."""
    if file.size > LARGEST_FILE:
        return turn.say("channel.file_too_large", limit=LARGEST_FILE // 1024 // 1024)
    return await of_number(turn, interview_id, path, "file")


async def of_number(
    turn: Turn, interview_id: int, path: str, what: Literal["photo", "file"]
) -> Markup | None:
    """Return why no more are taken for this answer, or from this person today; photos and files count together."""
    if await attachments.of_answer(turn.session, interview_id, path) >= AN_ANSWER:
        return turn.say(f"channel.{what}_limit_answer", n=AN_ANSWER)
    if await sent_today(turn, emergencies=False) >= A_DAY:
        return turn.say(f"channel.{what}_limit_day", n=A_DAY)
    return None


async def of_emergency(turn: Turn, photo: FileRef, number: int) -> Markup | None:
    """Return why this photo of this emergency is not taken; None if it is."""
    if too_large := of_size(turn, photo):
        return too_large
    if await attachments.of_emergency(turn.session, number) >= AN_EMERGENCY:
        return turn.say("channel.photo_limit_emergency", n=AN_EMERGENCY)
    if await sent_today(turn, emergencies=True) >= EMERGENCIES_A_DAY:
        return turn.say("channel.photo_limit_emergency_day", n=EMERGENCIES_A_DAY)
    return None


async def sent_today(turn: Turn, *, emergencies: bool) -> int:
    """Return how many photos this person has sent since midnight, from any phone."""
    person_id = turn.contact.person_id
    phones = await people.contacts_of(turn.session, person_id) if person_id else []
    chats = {turn.contact.id, *(phone.id for phone in phones)}
    # By the clock of the places, in which `now` is.
    midnight = turn.now.replace(hour=0, minute=0, second=0, microsecond=0)
    return await attachments.of_chats(turn.session, chats, midnight, emergencies=emergencies)

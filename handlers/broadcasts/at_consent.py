"""What a second officer types after they were asked to agree to an announcement, or its writer while that is awaited.

Words do not agree: many will read it, so only the button does. But whoever typed "đồng ý" believes that it has gone;
they are told that it has not.
"""

from typing import Final

from handlers import menu
from handlers.broadcasts import announcing, taking_back
from handlers.broadcasts.announced import SHOWN
from handlers.broadcasts.audiences import own_unit
from handlers.broadcasts.second_officer import (
    AgreeToWords,
    Confirm,
    Drop,
    DropNewWords,
    mark_of,
    waits,
    ways_of_waiting,
)
from handlers.buttons import Presses
from handlers.messages import clip, column
from handlers.navigation import ShowAnnouncement
from handlers.turn import Turn
from storage import delivered
from storage.tables import Announcement, AnnouncementState

OF_CONSENT: Final = Presses.of(announcing.pressed, taking_back.pressed)


async def say_unsent(turn: Turn) -> bool:
    """Say that what awaits consent has not gone, with its buttons, if this chat was just shown such a thing. Return
    whether it was."""
    row = await awaited(turn)
    if row is None:
        return False
    words = row.wanted or row.text
    writer = row.wanted_by if row.wanted else row.created_by
    if writer == turn.contact.person_id:
        said = turn.say("announce.not_sent_waits", text=clip(words, SHOWN))
    else:
        button = turn.say("announce.button.agree")
        said = turn.say("announce.not_sent", text=clip(words, SHOWN), button=button)
    look = menu.named(turn.view, "announce.button.look", ShowAnnouncement(row.id))
    ways = [look, *ways_of_waiting(turn, row)] if row.wanted else announcing.buttons(turn, row)
    turn.reply(said, choices=column(*ways))
    return True


async def awaited(turn: Turn) -> Announcement | None:
    """Return the announcement that the last message of this chat asks to agree to, be it on its screen or a letter."""
    letter = await delivered.letter_since(turn.session, turn.contact.id)
    shown = (OF_CONSENT.read(data) for _, data in (*letter, *turn.screen.buttons))
    asked = (button for button in shown if isinstance(button, Confirm | Drop | AgreeToWords | DropNewWords))
    button = next(asked, None)
    row = await turn.session.get(Announcement, button.announcement) if button else None
    if row is None or await own_unit(turn, row.place_id) is None:
        return None
    if isinstance(button, Confirm | Drop):
        return row if row.state == AnnouncementState.WAITING else None
    return row if waits(row) and button is not None and button.mark == mark_of(row) else None

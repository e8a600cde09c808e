"""A questionnaire's deadline, typed under its preview: "đến 18 giờ thứ sáu", "hạn 5/12"."""

from datetime import datetime, timedelta
from typing import Final

from handlers.broadcasts import announcing, on_request, until
from handlers.turn import Turn
from questionnaires.answers.deadline import begins_deadline, deadline_said, names_deadline
from storage import announcements
from storage.kept import UntilWanted
from storage.tables import Announcement, AnnouncementState

LATELY: Final = timedelta(hours=6)
"""How long after a draft was shown a deadline may be typed for it, whatever was asked in between."""


def is_meant(turn: Turn, text: str) -> bool:
    """Whether a text says a deadline, or begins like one; nothing else is for this dialogue."""
    return begins_deadline(text) or deadline_said(text, turn.now.astimezone(turn.zone)) is not None


async def comes_later(turn: Turn) -> bool:
    """Take a deadline for the questionnaire that its writer was shown last and did not send; False if it is for none."""
    if not names_deadline(turn.incoming.text, turn.now.astimezone(turn.zone)):
        return False
    row = await announcements.draft_of(turn.session, turn.contact.person_id or 0, turn.now - LATELY)
    if row is None:
        return False
    turn.expect(UntilWanted(row.id))
    await on_words(turn)
    return True


async def on_words(turn: Turn) -> None:
    """Show the draft with its deadline; if that is impossible, say which deadlines are possible."""
    wanted = turn.screen.expects
    number = wanted.id if isinstance(wanted, UntilWanted) else 0
    draft = await announcing.row_in(turn, number, AnnouncementState.DRAFT)
    if draft is None:
        turn.expect(None)
        return
    row, place = draft
    now, period = turn.now.astimezone(turn.zone), on_request.period(turn.today)
    said = deadline_said(turn.incoming.text, now)
    if said is not None and until.may_be(said, period, now):
        until.keep(turn, row, said)
        await announcing.preview(turn, row, place)
    else:
        tell_limits(turn, row, said)


def tell_limits(turn: Turn, row: Announcement, said: datetime | None) -> None:
    """Say which deadlines are possible, since the one `said` is not, or none was understood."""
    now, period = turn.now.astimezone(turn.zone), on_request.period(turn.today)
    # The preview stays what it is, with its buttons: a deadline may still be typed.
    key = "announce.until_not_read" if said is None else "announce.until_not_taken"
    limits = {"first": now + until.LEAST, "last": period.end}
    text = turn.say(key, until=said or "", **limits, **until.example(turn))
    turn.reply(text, choices=announcing.ways_of_draft(turn, row))

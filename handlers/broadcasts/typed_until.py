"""A questionnaire's deadline, typed under its preview: "đến 18 giờ thứ sáu", "hạn 5/12"."""

from handlers.broadcasts import announcing, on_request, until
from handlers.turn import Turn
from questionnaires.answers.deadline import begins_deadline, deadline_said
from storage.kept import UntilWanted
from storage.tables import AnnouncementState


def is_meant(turn: Turn, text: str) -> bool:
    """Whether a text says a deadline, or begins like one; nothing else is for this dialogue."""
    return begins_deadline(text) or deadline_said(text, turn.now.astimezone(turn.zone)) is not None


async def on_words(turn: Turn) -> None:
    """Show the draft with its deadline; if that is impossible, say which deadlines are possible."""
    wanted = turn.screen.expects
    number = wanted.id if isinstance(wanted, UntilWanted) else 0
    turn.expect(None)
    draft = await announcing.row_in(turn, number, AnnouncementState.DRAFT)
    if draft is None:
        return
    row, place = draft
    now, period = turn.now.astimezone(turn.zone), on_request.period(turn.today)
    said = deadline_said(turn.incoming.text, now)
    if said is not None and until.may_be(said, period, now):
        until.keep(turn, row, said)
        await announcing.preview(turn, row, place)
    else:
        turn.expect(wanted)
        turn.reply(turn.say("announce.until_not_read", first=now + until.LEAST, last=period.end))

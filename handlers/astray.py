"""Finds messages that belong to nothing that is open in their chat, before anything takes them for an answer.

A reply belongs to the message it replies to. A reply to an earlier question leads back there. A reply to a message
that is no question, or that the database does not know, answers nothing. Nor does a press under such a message act,
since its button holds numbers of rows that may be others' by now. After a database was restored (or lost its last
moments), every chat may show more than the database knows. What was sent before the person saw where they stand is
then answered with just that, unless it is complete in itself, as an officer's whole question is.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from markupsafe import Markup

from handlers import alarms, emergency, emergency_answers, menu
from handlers.asking import conversation
from handlers.interviewing import flow, leaving, pressing
from handlers.interviewing.sitting import sit
from handlers.membership import enrol
from handlers.messages import MessageKind
from handlers.tables import PRESSES
from handlers.turn import Stray, Turn
from questionnaires.answers.text import has_letters
from storage import delivered, outbox
from storage.kept import MoreWanted
from storage.restoring import UNTOLD
from storage.tables import InterviewRow

BACKLOG: Final = timedelta(minutes=5)
"""What was sent before the person was told comes within this time; if it comes later, the clocks must be wrong."""


async def find(turn: Turn, interview: InterviewRow | None) -> None:
    """Set `turn.stray` to why this message can answer nothing; turn a reply to another question into a press on it."""
    if await replies_to_emergency(turn) or tells_of_emergency(turn):
        return
    if is_ahead(turn):
        turn.stray = Stray.RESTORED
    elif await is_under_unknown(turn):
        turn.stray = Stray.UNKNOWN
    elif is_reply(turn):
        await place_reply(turn, interview)


def is_reply(turn: Turn) -> bool:
    """Whether this may be an answer, and says to which message."""
    return bool(turn.incoming.reply_to) and turn.incoming.may_answer


async def replies_to_emergency(turn: Turn) -> bool:
    """Whether this replies to a message about one emergency: then it is about that one."""
    if not is_reply(turn) or is_ahead(turn):
        return False
    shown = await delivered.shown(turn.session, turn.contact.id, turn.incoming.reply_to)
    about = shown.about if shown else ""
    if not about.startswith(alarms.ABOUT):
        return False
    return await emergency.turn_to(turn, about) or await emergency_answers.turn_to(turn, about)


def tells_of_emergency(turn: Turn) -> bool:
    """Whether this tells more in an emergency: it is passed on whatever it replies to.

    A bare number says nothing of danger, and to a chat that knows more than the database it may be an answer.
    """
    if not turn.incoming.may_answer or not isinstance(turn.screen.expects, MoreWanted):
        return False
    bare = turn.incoming.kind is MessageKind.TEXT and not has_letters(turn.incoming.text)
    return not (bare and is_ahead(turn))


def says_itself(data: str) -> bool:
    """Whether a button means the same whatever the database lost."""
    pressed = PRESSES.read(data)
    return pressed is not None and pressed.lasting


def is_ahead(turn: Turn) -> bool:
    """Whether this was sent before the person was told that the database was restored."""
    until = turn.contact.ahead_until
    if until is None or until == UNTOLD:
        return until is not None
    if turn.incoming.at < until and turn.came_at <= until + BACKLOG:
        return True
    turn.contact.ahead_until = None
    return False


async def is_under_unknown(turn: Turn) -> bool:
    """Whether a button is pressed under a message that we would know if this database had sent it."""
    ref, shown_at = turn.incoming.message_ref, turn.incoming.shown_at
    if turn.incoming.kind is not MessageKind.PRESS or says_itself(turn.incoming.press):
        return False
    # A platform that does not name the message is believed.
    if not ref or is_forgotten(shown_at):
        return False
    contact_id = turn.contact.id
    if await delivered.is_known(turn.session, contact_id, ref):
        return False
    return not await delivered.may_have_shown(turn.session, contact_id, shown_at)


def is_forgotten(shown_at: datetime | None) -> bool:
    """Whether a message is so old that its id may have been deleted."""
    return shown_at is not None and shown_at < datetime.now(UTC) - outbox.SURELY_KEPT


# --- replies --------------------------------------------------------------------------------------------


async def place_reply(turn: Turn, interview: InterviewRow | None) -> None:
    """Find what a reply belongs to: what is open, another question, or nothing."""
    shown = await delivered.shown(turn.session, turn.contact.id, turn.incoming.reply_to)
    sitting = await sit(turn, interview) if interview else None
    about = question_of(shown) or (sitting.answered(turn.incoming.reply_to) if sitting else "")
    if about:
        turn.stray = None
        if sitting is None or about != sitting.about:
            turn.incoming = replace(turn.incoming, kind=MessageKind.PRESS, press=pressing.reply_to(about))
    elif is_beside(turn, interview, shown):
        turn.stray = Stray.REPLY


def question_of(shown: delivered.DeliveredMessage | None) -> str:
    """Return the question that a message asked, "" if none; a message about an emergency asks nothing that is stored."""
    return "" if shown is None or shown.about.startswith(alarms.ABOUT) else shown.about


def is_beside(turn: Turn, interview: InterviewRow | None, shown: delivered.DeliveredMessage | None) -> bool:
    """Whether something is waited for and a reply to this message is not for it; a reply to the newest message may be."""
    if interview is not None:
        return True
    return turn.screen.expects is not None and not (shown is not None and shown.newest)


# --- what is said then ----------------------------------------------------------------------------------


async def asks(turn: Turn) -> bool:
    """Answer an officer's whole question: it is complete in itself, and answers nothing that waits."""
    if turn.incoming.kind is not MessageKind.TEXT or not await conversation.asks_by_itself(turn):
        return False
    turn.expect(None)
    return True


async def stand(turn: Turn, interview: InterviewRow | None) -> None:
    """Answer a message that was not taken with where the conversation stands, and the way on."""
    why = why_not_taken(turn, interview)
    if turn.stray is Stray.REPLY and interview is None:
        turn.reply(why, choices=menu.buttons(turn.view))
        return
    turn.expect(None)
    if interview is not None:
        await stand_in(turn, interview, why)
    elif turn.roles:
        await menu.show(turn, why)
    else:
        turn.incoming = replace(turn.incoming, kind=MessageKind.OTHER, text="")
        await enrol.on_stranger(turn)


def why_not_taken(turn: Turn, interview: InterviewRow | None) -> Markup:
    """Say why a message was not taken."""
    nothing_open = turn.stray is Stray.RESTORED and interview is None
    return turn.say("common.not_taken.restored_idle" if nothing_open else f"common.not_taken.{turn.stray}")


async def stand_in(turn: Turn, interview: InterviewRow, why: Markup) -> None:
    """Show where the interview stands; leave it if its time is over."""
    sitting = await sit(turn, interview)
    if sitting.over:
        leaving.expire(sitting, why)
    else:
        flow.again(sitting, why)


def tell_restored(turn: Turn) -> None:
    """Say first, once, that what was sent lately may be lost; from now on this chat is up to date."""
    if turn.contact.ahead_until != UNTOLD:
        return
    turn.contact.ahead_until = turn.came_at
    said = turn.say("common.restored")
    for number, (to, reply) in enumerate(turn.replies):
        if to == turn.contact.id and not reply.edits_slot:
            turn.replies[number] = (to, replace(reply, text=Markup("\n\n").join([said, reply.text])))
            return
    turn.reply(said)

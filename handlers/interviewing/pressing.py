"""A press on a button of an interview: of the open question or of another, of one that is over, of nobody's.

A button says for which question it stood. Under any other question than the open one it never stores a value:
it leads back to its own question.
"""

from handlers.interviewing import flow, leaving, marks, moving, sent, starting
from handlers.interviewing.sitting import GOING, Sitting, sit
from handlers.turn import Turn
from storage.tables import InterviewRow, InterviewStatus

RESUME = "q:r"
"""The data of a button that goes on with this chat's interview, whichever it is."""


async def on_press(turn: Turn) -> None:
    """A press with the prefix "q"."""
    if turn.incoming.press == RESUME:
        await resume_here(turn)
        return
    _, number, mark, op = (*turn.incoming.press.split(":", 3), "", "", "")[:4]
    row_id = marks.from_base36(number)
    row = await turn.session.get(InterviewRow, row_id) if row_id and row_id < 2**63 else None
    if row is None or row.person_id != turn.contact.person_id or not op:
        turn.reply(turn.say("interview.gone"))
        return
    if row.status == InterviewStatus.SENT:
        await sent.of_interview(turn, row)
    elif row.status == InterviewStatus.CANCELLED:
        turn.reply(turn.say("interview.was_cancelled"))
    else:
        await on_going(await sit(turn, row), mark, op)


async def resume_here(turn: Turn) -> None:
    row_id = turn.contact.interview_id
    row = await turn.session.get(InterviewRow, row_id) if row_id else None
    if row is None or row.status not in GOING or row.person_id != turn.contact.person_id:
        turn.reply(turn.say("interview.none_open"))
    else:
        await starting.resume(turn, row)


async def on_going(sitting: Sitting, mark: str, op: str) -> None:
    """A button of an interview under way, or of one that was not sent in time."""
    say = sitting.turn.say
    if sitting.over or sitting.row.status == InterviewStatus.EXPIRED:
        leaving.expire(sitting)
    elif op == "r":
        await starting.resume(sitting.turn, sitting.row)
    elif op == "g" or (op[0] in moving.AT_QUESTION and mark != marks.mark_of(sitting.form, sitting.position)):
        path = marks.path_of(sitting.form, mark, sitting.known_paths())
        why = () if op == "g" else (say("interview.old_button"),)
        if path is None:
            flow.again(sitting, say("interview.old_button_gone"))
        else:
            moving.go_to(sitting, path, *why)
    else:
        await moving.move(sitting, op)

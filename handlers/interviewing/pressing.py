"""A press on a button of an interview: of the open question or of another, of one that is over, of nobody's.

A button says for which question it stood. Under any other question than the open one it never stores a value:
it leads back to its own question.
"""

from datetime import timedelta
from typing import Final

from handlers import menu
from handlers.buttons import from_base36
from handlers.interviewing import flow, leaving, marks, moving, sent, starting
from handlers.interviewing.sitting import GOING, Sitting, sit
from handlers.turn import Turn
from storage.tables import InterviewRow, InterviewStatus

RESUME: Final = "q:r"
"""The data of a button that goes on with this chat's interview, whichever it is."""
REPLIED: Final = "w"
"""What a reply to a question's message does: as a button under it that leads back to the question."""
LEADS_BACK: Final = {"g": "", REPLIED: "interview.replied"}
"""Operations that lead to the question they belong to, and what is said then."""
SKEW: Final = timedelta(minutes=5)
"""Our clock may be ahead of the platform's by so much."""


async def on_press(turn: Turn) -> None:
    """A press with the prefix "q"."""
    if turn.incoming.press == RESUME:
        await resume_here(turn)
        return
    _, number, mark, op = (*turn.incoming.press.split(":", 3), "", "", "")[:4]
    row_id = from_base36(number)
    row = await turn.session.get(InterviewRow, row_id) if row_id and row_id < 2**63 else None
    if row is None or row.person_id != turn.contact.person_id or not op or begun_since(turn, row):
        turn.reply(turn.say("interview.gone"), choices=menu.buttons(turn.view))
        return
    if row.status == InterviewStatus.SENT:
        await sent.of_interview(turn, row)
    elif row.status == InterviewStatus.CANCELLED:
        turn.reply(turn.say("interview.was_cancelled"))
    else:
        await on_going(await sit(turn, row), mark, op)


def begun_since(turn: Turn, row: InterviewRow) -> bool:
    """Whether `row` began after the button was shown: a restored database gives the number of a lost one again."""
    shown_at = turn.incoming.shown_at
    return shown_at is not None and row.started_at > shown_at + SKEW


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
    elif op in LEADS_BACK or is_of_another(sitting, mark, op):
        path = marks.path_of(sitting.form, mark, sitting.known_paths())
        why = LEADS_BACK.get(op, "interview.old_button")
        if path is None:
            flow.again(sitting, say("interview.old_button_gone"))
        else:
            moving.go_to(sitting, path, *([say(why)] if why else []))
    else:
        await moving.move(sitting, op)


def is_of_another(sitting: Sitting, mark: str, op: str) -> bool:
    """Whether a button concerns the question it stands under, and that one is not open."""
    return op[0] in moving.AT_QUESTION and mark != marks.mark_of(sitting.form, sitting.position)

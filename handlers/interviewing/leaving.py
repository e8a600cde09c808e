"""Putting an interview aside, giving it up, and closing one whose time is over."""

from markupsafe import Markup
from sqlalchemy import update
from sqlmodel import col

from figures.due import taken_until
from handlers.interviewing import review
from handlers.interviewing.sitting import Sitting
from handlers.interviewing.ways import GiveUp, GiveUpNow, GoOn
from handlers.messages import column
from handlers.screens import due as due_screen
from handlers.turn import Turn
from storage import interviews
from storage.tables import Contact, InterviewRow, InterviewStatus


async def later(sitting: Sitting, *_: Markup) -> None:
    """Keep everything, and free the chat."""
    sitting.settle()
    sitting.save()
    sitting.turn.contact.interview_id = None
    go_on = sitting.named("interview.button.go_on", GoOn)
    give_up = sitting.named("interview.button.cancel", GiveUp)
    key = "interview.practice.later" if sitting.row.practice else "interview.later"
    kept = sitting.turn.say(key, title=sitting.title)
    sitting.speak(
        kept, *sitting.unstored("several.waits", sitting.waiting()), actions=column(go_on, give_up), slot=""
    )


async def ask_cancel(sitting: Sitting, *before: Markup) -> None:
    """Ask once before answers are lost."""
    sitting.settle()
    yes, no = sitting.named("interview.cancel.yes", GiveUpNow), sitting.named("interview.cancel.no", GoOn)
    sitting.note(at="x", asked=str(sitting.turn.say("interview.cancel.short")))
    text = sitting.turn.say("interview.cancel.ask", title=sitting.title)
    sitting.speak(*before, text, actions=column(yes, no))
    sitting.save()


async def cancel(sitting: Sitting, *_: Markup) -> None:
    """Give it up: the answers are deleted."""
    sitting.settle()
    await end(sitting)
    sitting.speak(sitting.turn.say("interview.cancel.done"), slot="")


async def end(sitting: Sitting) -> None:
    """Close the interview without a report."""
    turn, row = sitting.turn, sitting.row
    turn.contact.interview_id = None
    if row.practice:
        await drop(turn, row)
    else:
        await interviews.cancel(turn.session, row, turn.now)


async def drop(turn: Turn, row: InterviewRow) -> None:
    """Delete a practice interview: nothing of it stays, and no chat is in it any more."""
    if turn.contact.interview_id == row.id:
        turn.contact.interview_id = None
    await turn.session.flush()
    elsewhere = update(Contact).where(col(Contact.interview_id) == row.id)
    await turn.session.exec(elsewhere.values(interview_id=None))
    await turn.session.delete(row)


def expire(sitting: Sitting, *before: Markup) -> None:
    """Say that its last day is over, and show the answers."""
    turn = sitting.turn
    sitting.row.status = InterviewStatus.EXPIRED
    if turn.contact.interview_id == sitting.row.id:
        turn.contact.interview_id = None
    answers = review.lines(sitting)
    key = "interview.expired" if answers else "interview.expired_empty"
    until = taken_until(turn.view, sitting.row)
    sitting.settle()
    text = turn.say(key, title=sitting.title, until=until)
    sitting.speak(
        *before,
        text,
        review.listed(turn, answers),
        actions=column(due_screen.list_button(turn.view)),
        slot="",
    )

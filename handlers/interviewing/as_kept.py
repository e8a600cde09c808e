"""An unfinished correction of a report, once one of its figures was said to be right as it was sent."""

from handlers.interviewing import flow, leaving, overtaken
from handlers.interviewing.sitting import Sitting, sit
from handlers.turn import Turn
from questionnaires.several import apply
from storage import interviews
from storage.tables import Submission


async def keep_in_draft(turn: Turn, report: Submission, path: str) -> None:
    """Let this person's correction of a report, if there is one, hold the figure at `path` as it was sent: another one
    that was typed before must not come back with a press. A correction of nothing else is given up."""
    me, here = turn.contact.person_id or 0, turn.contact.interview_id
    mine = await interviews.open_for(turn.session, me, report.place_id, report.form_name, report.period)
    if mine is None or overtaken.is_of_older(mine, report):
        return
    sitting = await sit(turn, mine)
    as_sent(sitting, report, path)
    changed = overtaken.differing(turn.say, sitting.form, report.answers, sitting.interview.values)
    if changed or sitting.waiting():
        sitting.save()
        turn.contact.interview_id = here
    else:
        await leaving.end(sitting)


def as_sent(sitting: Sitting, report: Submission, path: str) -> None:
    """Give the figure at `path` the value that was sent, and drop another that waits for a yes."""
    if path in sitting.waiting():
        flow.left(sitting)
    sent_as = str(report.answers.get(path, ""))
    if sitting.interview.values.get(path) != sent_as:
        sitting.interview, _ = apply(sitting.form, sitting.interview, sitting.context, {path: sent_as})

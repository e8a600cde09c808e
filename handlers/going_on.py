"""What leads back to the interview under way, below an answer to something else."""

from handlers import laid_aside
from handlers.buttons import choice
from handlers.interviewing import fill_in
from handlers.interviewing.ways import ResumeHere
from handlers.messages import column
from handlers.turn import Turn
from storage.tables import InterviewRow, InterviewStatus


async def way_back(turn: Turn, interview: InterviewRow | None, *, named: bool) -> None:
    """Lead back to the interview under way, unless what was answered has named it already."""
    if named:
        no_numbers(turn, interview)
    else:
        await how_to_go_on(turn, interview)


async def how_to_go_on(turn: Turn, interview: InterviewRow | None) -> None:
    """Add to the last reply which questionnaire is under way, with the button to go on.

    What was laid aside for an emergency comes first.
    """
    laid_aside.lead_back(turn)
    if interview is None or turn.contact.interview_id != interview.id:
        return
    no_numbers(turn, interview)
    if not turn.own_replies:
        return
    form = await turn.library.form(turn.session, interview.form_id)
    go_on = choice(turn.say("menu.go_on"), ResumeHere())
    # Where all is answered, somebody who said "gửi" to another screen believes that the report is sent.
    key = "menu.not_sent" if interview.status == InterviewStatus.REVIEW else "menu.under_way"
    turn.add_below(turn.say(key, form=form.title(turn.locale)), actions=column(go_on))


def no_numbers(turn: Turn, interview: InterviewRow | None) -> None:
    """While a question is open, let the choices of every other screen be pressed or typed as words.

    A number typed now may answer that question, so no other list may show numbers.
    """
    if interview is None or turn.contact.interview_id != interview.id:
        return
    for number, (to, reply) in enumerate(turn.replies):
        if to == turn.contact.id and reply.slot != fill_in.QUESTION and reply.choices:
            turn.replies[number] = (to, reply.in_words())

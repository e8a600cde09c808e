"""A correction that was laid aside, or is about to be sent, while the same report was sent again: how the two differ.

A draft made from an older version would restore old figures with a press that was meant for another one.
"""

from collections.abc import Mapping
from typing import Any, Final

from markupsafe import Markup

from handlers import asked_back
from handlers.messages import clip
from handlers.screens.checking import LABEL
from handlers.turn import Turn
from handlers.wording import Wording
from questionnaires.interview import Interview, show_value
from questionnaires.questionnaire import SENT_TYPES, Questionnaire, template
from storage import interviews
from storage.tables import InterviewRow, Submission

MOST: Final = 8
"""How many answers are told."""


def is_of_older(row: InterviewRow, report: Submission) -> bool:
    """Whether a draft corrects an older version of a report."""
    return row.corrects_id is not None and row.corrects_id != report.id


async def give_up(turn: Turn, row: InterviewRow) -> Markup:
    """Give up a correction of an older version; return the sentence that says so, with the changes that it had made."""
    form = await turn.library.form(turn.session, row.form_id)
    older = await turn.session.get(Submission, row.corrects_id)
    lines = differing(turn.say, form, older.answers if older else {}, Interview.from_json(row.state).values)
    await interviews.cancel(turn.session, row, turn.now)
    if turn.contact.interview_id == row.id:
        turn.contact.interview_id = None
    key = "sent.overtaken_with" if lines else "sent.overtaken"
    return Markup("\n").join([turn.say(key), *lines])


def differing(
    say: Wording, form: Questionnaire, was: Mapping[str, Any], now: Mapping[str, Any]
) -> list[Markup]:
    """Return the answers that differ now, before and after, in the order of the questions; a dash for none."""
    told = {question.path for question in form.asked if question.type not in SENT_TYPES}
    paths = [path for path in {**was, **now} if template(path) in told]
    changed = [path for path in paths if str(was.get(path, "")) != str(now.get(path, ""))]
    return [line(say, form, path, was, now) for path in sorted(changed, key=form.place_of)[:MOST]]


def line(
    say: Wording, form: Questionnaire, path: str, was: Mapping[str, Any], now: Mapping[str, Any]
) -> Markup:
    """One answer before and after."""
    before, after = (show_value(form, path, str(values.get(path, "")), say.locale) for values in (was, now))
    question = clip(asked_back.label(form, path, say.locale), LABEL)
    return say("in_place.line", question=question, was=before or "–", answer=after or "–")

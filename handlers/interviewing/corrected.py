"""A figure put right in words while nothing is open: "hôm qua gửi nhầm hộ nghèo 12 chứ không phải 21".

It may be of a report that was sent, or of one that was laid aside. The likeliest is opened with the figure to be said
right: where the wrong figure is said too, the one that holds it; else the one whose question the words name best, and of
several as good the latest. Below a report that is shown its figures are meant, whatever else is said.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import col, select

from figures import due
from handlers.interviewing import sent, starting
from handlers.turn import Turn
from questionnaires.interview import Context, Interview, questions
from questionnaires.numbers_said import NUMBER, numbers_in_figures
from questionnaires.one_change import read_change, says_wrong
from questionnaires.questionnaire import Questionnaire
from questionnaires.several import content, tried, written_out
from storage import interviews
from storage.tables import InterviewRow, Submission

REPORTS: Final = 24
"""So many of the latest reports are looked at."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Answers that may be put right: in a draft that was laid aside, or in a report."""

    kept: InterviewRow | Submission
    form: Questionnaire
    answers: Interview

    @property
    def at(self) -> datetime:
        """When they were worked on last."""
        return self.kept.updated_at if isinstance(self.kept, InterviewRow) else self.kept.sent_at


@dataclass(frozen=True, slots=True)
class Correctable:
    """Answers of which one may be put right, and how well that fits what was said."""

    answers: Kept
    holds_wrong: bool
    """Whether the figure that is said to be wrong stands there."""
    unsaid: int
    """How many words of the question were not said."""

    @property
    def fit(self) -> tuple[bool, int, datetime]:
        return self.holds_wrong, -self.unsaid, self.answers.at


async def put_right(turn: Turn, text: str, report: int) -> bool:
    """Open the report of which `text` puts a figure right, with that figure to be said right; False where it puts none.

    `report`: the number of the one that the last message shows; 0 for none.
    """
    text = numbers_in_figures(text)
    if not NUMBER.search(text) or not (report or says_wrong(text)):
        return False
    meant = [change async for kept in all_kept(turn, report) if (change := changed_in(turn, kept, text))]
    best = max(meant, key=lambda change: change.fit, default=None)
    if best is None:
        return False
    kept = best.answers.kept
    if isinstance(kept, InterviewRow):
        await starting.resume(turn, kept, said=text)
    else:
        await starting.correct(turn, kept, said=text)
    return True


async def all_kept(turn: Turn, report: int) -> AsyncIterator[Kept]:
    """What this person has laid aside, and the latest reports of their places; of `report` only that, if it is given."""
    drafts = [] if report else await interviews.list_open(turn.session, turn.contact.person_id or 0)
    for row in drafts:
        form = await turn.library.form(turn.session, row.form_id)
        yield Kept(row, form, Interview.from_json(row.state))
    own = [place.id for place in await due.own_places(turn.view)]
    chosen = select(Submission).where(col(Submission.place_id).in_(own), col(Submission.current).is_(True))
    if report:
        chosen = chosen.where(Submission.id == report)
    latest = chosen.order_by(col(Submission.sent_at).desc(), col(Submission.id).desc()).limit(REPORTS)
    for submission in list(await turn.session.exec(latest)) if own else []:
        answers = await sent.reopened(turn, submission)
        if answers is not None and submission.id not in {row.corrects_id for row in drafts}:
            form = await turn.library.form(turn.session, submission.form_id)
            yield Kept(submission, form, answers)


def changed_in(turn: Turn, kept: Kept, text: str) -> Correctable | None:
    """How well `text` puts one of some answers right; None where it puts none right."""
    context = Context(now=turn.now, lang=turn.locale)
    asked = questions(kept.form, kept.answers, context)
    change = read_change(text, asked, None, listed=True)
    line = next((line for line in asked if change and line.path == change.path), None)
    if change is None or line is None or not line.value or not change.answer:
        return None
    heard = tried(kept.form, kept.answers, context, asked, [(change.path, change.answer)])
    same = any(answer.value == line.value for answer in heard.answers)
    if same or not (heard.answers or heard.refused):
        return None
    unsaid = content(line.label) - set(written_out(text).split())
    return Correctable(kept, line.value in NUMBER.findall(text), len(unsaid))

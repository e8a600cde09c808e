"""One person answering one questionnaire, as pure steps: interview and message in, new interview and events out.

An `Interview` is small and frozen: the values, which parts are irrelevant, how many rows, where the person stands.
Each step lays it out on a board (`questionnaires.board`), changes what must change and takes it off again. Nothing
here uses a clock, a network or a database; `Context` brings the time. The parts of a step, each in its file:

    steps       what the person did, and the events that answer it
    route       which question is open next
    changes     an answer, and everything that is recomputed after it
    evaluator   the results of the form's expressions
    prompts     the question, the refusal and the review as they are shown
    draft       the state and the board that all of them work on

`Back` opens the question shown before, and the interview goes on from there question by question. `GoTo` opens a question
from the review and then returns to where the person was: only unanswered or invalidated questions are asked.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from questionnaires.draft import Draft
from questionnaires.questionnaire import FILE_TYPES, Questionnaire
from questionnaires.showing import shown
from questionnaires.steps import Step
from questionnaires.talk import (
    Answer,
    Ask,
    Back,
    Context,
    DropRow,
    Event,
    Finished,
    GoTo,
    Interview,
    Line,
    Message,
    NewRow,
    QuestionAsked,
    Recorded,
    Refused,
    Repeat,
    RepeatAsk,
    Resume,
    RowsTold,
    RowTold,
    Skip,
    Value,
    first_of,
    of_kind,
    open_question,
)

__all__ = [
    "Answer",
    "Ask",
    "Back",
    "Context",
    "DropRow",
    "Event",
    "Finished",
    "GoTo",
    "Interview",
    "Line",
    "Message",
    "NewRow",
    "QuestionAsked",
    "Recorded",
    "Refused",
    "Repeat",
    "RepeatAsk",
    "Resume",
    "RowTold",
    "RowsTold",
    "Skip",
    "Value",
    "begin",
    "first_of",
    "of_kind",
    "open_question",
    "questions",
    "review",
    "rows",
    "show_value",
    "step",
    "unchanged",
]

BLANK: Final = Interview({}, frozenset(), {}, frozenset(), frozenset(), frozenset(), None, False, "")


def begin(form: Questionnaire, context: Context) -> tuple[Interview, list[Event]]:
    """Return a new interview and the event that asks its first question."""
    blank = replace(BLANK, seed=context.seed or secrets.token_hex(8))
    with on_board(form, blank, context) as run:
        events = run.begin()
        return run.draft.frozen(), events


def step(
    form: Questionnaire, interview: Interview, message: Message, context: Context
) -> tuple[Interview, list[Event]]:
    """Return the interview after `message`, and the events to tell the person about.

    An answer gives `Recorded` and then the next `QuestionAsked` or `Finished`. If it is not taken, it gives `Refused`
    alone and the question stays open. A value that has become invalid is asked again after a `Refused` that says why.
    """
    with on_board(form, interview, context) as run:
        events = run.handle(message)
        return run.draft.frozen(), events


def review(
    form: Questionnaire, interview: Interview, context: Context, *, skipped: bool = False
) -> list[Line]:
    """Return every relevant answered question, in order; with `skipped` also those passed over without an answer."""
    with on_board(form, interview, context) as run:
        return list(run.prompts.lines(skipped=skipped))


def questions(form: Questionnaire, interview: Interview, context: Context) -> list[Line]:
    """Return every question that is relevant now, answered or not, in order."""
    with on_board(form, interview, context) as run:
        return [run.prompts.line(stop) for stop in run.draft.asked()]


def rows(form: Questionnaire, interview: Interview, context: Context) -> list[RowsTold]:
    """Return every repeat that is relevant now, with its rows and the answers in each, in order."""
    with on_board(form, interview, context) as run:
        return list(run.prompts.rows())


def unchanged(
    form: Questionnaire, interview: Interview, context: Context
) -> tuple[Interview, list[Event]] | None:
    """Answer every open question with its value of the period before, and return the interview and the events.

    None if a required question has no such value, or one that is no longer allowed. Files are not taken over.
    """
    while interview.position is not None:
        message = as_before(form, interview, interview.position, context)
        interview, events = step(form, interview, message, context)
        if first_of(events, Refused):
            return None
    return step(form, interview, Resume(), context)


def as_before(form: Questionnaire, interview: Interview, path: str, context: Context) -> Message:
    """Return the message that repeats the answer of the period before, given that `path` is open."""
    if path in interview.rows:
        another = f"{path}[{interview.rows[path][0] + 1}]/"
        return Repeat(any(before.startswith(another) for before in context.previous))
    previous = context.previous.get(path)
    if previous and form.question(path).type not in FILE_TYPES:
        return Value(previous)
    return Skip()


def show_value(form: Questionnaire, path: str, value: str, lang: str) -> str:
    """Return a value as a person reads it: "45 hộ", a choice's label, "20/11/2026"."""
    return shown(form, form.question(path), value, lang)


@contextmanager
def on_board(form: Questionnaire, interview: Interview, context: Context) -> Iterator[Step]:
    """Lay `interview` out on a board for one step. After an exception the board is not used again."""
    layout = form.layout
    board = layout.take()
    yield Step(Draft(layout, board, interview), context)
    layout.give_back(board)

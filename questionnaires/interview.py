"""One person answering one questionnaire: a pure step from what was, and what they did, to what is and what to say.

An `Interview` is small and frozen: values, which parts are irrelevant, how many rows, where the person stands.
Each step lays it out on a board (`questionnaires.board`), changes what must change and takes it off again. Nothing
here knows a clock, a network or a database; `Context` brings the time. The parts of a step, each in its file:

    steps       what the person did, and the events that answer it
    route       which question is open next
    changes     an answer, and all that is computed anew for it
    evaluator   what the expressions of the form give
    prompts     the question, the refusal, the review as they are shown
    draft       the state and the board that all of them work on

Back goes to the question shown before and from there on question by question. Going to a question from the
review (`GoTo`) comes back to where the person was: only what is still unanswered, or has become wrong, is asked.
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
    """A new interview at its first question."""
    blank = replace(BLANK, seed=context.seed or secrets.token_hex(8))
    with on_board(form, blank, context) as run:
        events = run.begin()
        return run.draft.frozen(), events


def step(
    form: Questionnaire, interview: Interview, message: Message, context: Context
) -> tuple[Interview, list[Event]]:
    """The interview after `message`, and what there is to say.

    An answer gives `Recorded` and then the next `QuestionAsked` or `Finished`, or `Refused` alone: the question stays
    open. A value that ceased to be right is asked again with a `Refused` that says why.
    """
    with on_board(form, interview, context) as run:
        events = run.handle(message)
        return run.draft.frozen(), events


def review(
    form: Questionnaire, interview: Interview, context: Context, *, skipped: bool = False
) -> list[Line]:
    """Every relevant answered question, in order; with `skipped` also those that were passed over."""
    with on_board(form, interview, context) as run:
        return list(run.prompts.lines(skipped=skipped))


def questions(form: Questionnaire, interview: Interview, context: Context) -> list[Line]:
    """Every question that is relevant now, answered or not, in order."""
    with on_board(form, interview, context) as run:
        return [run.prompts.line(stop) for stop in run.draft.asked()]


def rows(form: Questionnaire, interview: Interview, context: Context) -> list[RowsTold]:
    """Every repeat that is relevant now with its rows and what was answered in each, in order."""
    with on_board(form, interview, context) as run:
        return list(run.prompts.rows())


def unchanged(
    form: Questionnaire, interview: Interview, context: Context
) -> tuple[Interview, list[Event]] | None:
    """Every question still open, answered with the value of the period before.

    None if a required question has none, or one that does not hold any more. Photos are not taken over.
    """
    while interview.position is not None:
        message = as_before(form, interview, interview.position, context)
        interview, events = step(form, interview, message, context)
        if first_of(events, Refused):
            return None
    return step(form, interview, Resume(), context)


def as_before(form: Questionnaire, interview: Interview, path: str, context: Context) -> Message:
    """What was said in the period before where `path` is open."""
    if path in interview.rows:
        another = f"{path}[{interview.rows[path][0] + 1}]/"
        return Repeat(any(before.startswith(another) for before in context.previous))
    previous = context.previous.get(path)
    if previous and form.question(path).type not in FILE_TYPES:
        return Value(previous)
    return Skip()


def show_value(form: Questionnaire, path: str, value: str, lang: str) -> str:
    """A value as a person reads it: "45 hộ", a choice's label, "20/11/2026"."""
    return shown(form, form.question(path), value, lang)


@contextmanager
def on_board(form: Questionnaire, interview: Interview, context: Context) -> Iterator[Step]:
    """Lay `interview` out for one step. After a fault the board, in whatever state, is not used again."""
    layout = form.layout
    board = layout.take()
    yield Step(Draft(layout, board, interview), context)
    layout.give_back(board)

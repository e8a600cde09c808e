"""One person answering one questionnaire: a pure step from what was, and what they did, to what is and what to say.

An `Interview` is small and frozen: values, which parts are irrelevant, how many rows, where the person stands.
Each step lays it out on a board (`questionnaires.board`), changes what must change (`questionnaires.running`)
and takes it off again. Nothing here knows a clock, a network or a database; `Context` brings the time.

Back goes to the question shown before and from there on question by question. Going to a question from the
review (`GoTo`) comes back to where the person was: only what is still unanswered, or has become wrong, is asked.
"""

import secrets
from collections.abc import Callable
from typing import Any, Final

from questionnaires.questionnaire import Questionnaire, QuestionType
from questionnaires.running import Running
from questionnaires.showing import shown
from questionnaires.talk import (
    Answer,
    Ask,
    Asked,
    Back,
    Context,
    Event,
    Finished,
    GoTo,
    Interview,
    Line,
    Message,
    Recorded,
    Refused,
    Repeat,
    RepeatAsk,
    Resume,
    Skip,
    Value,
)

__all__ = [
    "Answer",
    "Ask",
    "Asked",
    "Back",
    "Context",
    "Event",
    "Finished",
    "GoTo",
    "Interview",
    "Line",
    "Message",
    "Recorded",
    "Refused",
    "Repeat",
    "RepeatAsk",
    "Resume",
    "Skip",
    "Value",
    "begin",
    "review",
    "show_value",
    "step",
    "unchanged",
]

EMPTY: Final = Interview({}, frozenset(), {}, frozenset(), frozenset(), frozenset(), None, False, "")


def begin(form: Questionnaire, context: Context) -> tuple[Interview, list[Event]]:
    """A new interview at its first question."""
    seed = context.seed or secrets.token_hex(8)

    def first(run: Running) -> list[Event]:
        run.start()
        return run.move(None)

    return on_board(form, Interview(**{**fields(EMPTY), "seed": seed}), context, first)


def step(
    form: Questionnaire, interview: Interview, message: Message, context: Context
) -> tuple[Interview, list[Event]]:
    """The interview after `message`, and what there is to say.

    An answer gives `Recorded` and then the next `Asked` or `Finished`, or `Refused` alone: the question stays
    open. A value that ceased to be right is asked again with a `Refused` that says why.
    """
    return on_board(form, interview, context, lambda run: run.handle(message))


def review(
    form: Questionnaire, interview: Interview, context: Context, *, skipped: bool = False
) -> list[Line]:
    """Every relevant answered question, in order; with `skipped` also those that were passed over."""
    lines: list[Line] = []

    def look(run: Running) -> list[Event]:
        lines.extend(run.lines(skipped=skipped))
        return []

    on_board(form, interview, context, look)
    return lines


def unchanged(
    form: Questionnaire, interview: Interview, context: Context
) -> tuple[Interview, list[Event]] | None:
    """Every question still open, answered with the value of the period before.

    None if a required question has none, or one that does not hold any more. Photos are not taken over.
    """
    while interview.position is not None:
        previous = context.previous.get(interview.position)
        message: Message = Skip()
        if interview.position in interview.rows:
            another = f"{interview.position}[{interview.rows[interview.position][0] + 1}]/"
            message = Repeat(any(path.startswith(another) for path in context.previous))
        elif previous and form.question(interview.position).type is not QuestionType.IMAGE:
            message = Value(previous)
        interview, events = step(form, interview, message, context)
        if any(isinstance(event, Refused) for event in events):
            return None
    return step(form, interview, Resume(), context)


def show_value(form: Questionnaire, path: str, value: str, lang: str) -> str:
    """A value as a person reads it: "45 hộ", a choice's label, "20/11/2026"."""
    return shown(form, form.question(path), value, lang)


def fields(interview: Interview) -> dict[str, Any]:
    """The fields of an interview by name."""
    return {name: getattr(interview, name) for name in Interview.__slots__}


def on_board(
    form: Questionnaire, interview: Interview, context: Context, act: Callable[[Running], list[Event]]
) -> tuple[Interview, list[Event]]:
    """Lay `interview` out, let `act` change it, and take it off again."""
    layout = form.layout
    board = layout.take()
    run = Running(layout, board, interview, context)
    events = act(run)
    layout.give_back(board)
    return run.interview(), events

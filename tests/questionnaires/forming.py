"""Helpers of these tests: forms written as Markdown tables, and interviews walked through."""

import json
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from questionnaires.faults import Fault, FormRefused
from questionnaires.interview import (
    Answer,
    Ask,
    Context,
    Event,
    Finished,
    Interview,
    Message,
    QuestionAsked,
    Refused,
    begin,
    step,
)
from questionnaires.questionnaire import Questionnaire
from questionnaires.xlsform import compile_form, compile_with_advice

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
CONTEXT = Context(NOW, "vi", seed="test")


def table(survey: str, choices: str = "", settings: str = "") -> bytes:
    """Sheets as Markdown tables from their rows, cells parted by bars; the first row of each is its heading."""
    parts = []
    for name, rows in (("survey", survey), ("choices", choices), ("settings", settings)):
        if rows.strip():
            lines = [line.strip() for line in rows.strip().splitlines()]
            parts += [f"| {name} |", *(f"| | {line} |" for line in lines)]
    return "\n".join(parts).encode()


def form(survey: str, choices: str = "", settings: str = "") -> Questionnaire:
    """A compiled form that has been through JSON."""
    compiled = compile_form(table(survey, choices, settings), "test.md")
    return Questionnaire.from_json(json.loads(json.dumps(compiled.to_json())))


def faults(survey: str, choices: str = "", settings: str = "") -> list[tuple[str, int, str, str]]:
    """Where and why a form is refused; empty if it is not."""
    try:
        compile_form(table(survey, choices, settings), "test.md")
    except FormRefused as refused:
        return [(fault.sheet, fault.row, fault.column, fault.code) for fault in refused.faults]
    return []


def advice(survey: str, choices: str = "", settings: str = "") -> list[Fault]:
    """What is advised about a form."""
    return compile_with_advice(table(survey, choices, settings), "test.md")[1]


class Walk:
    """One interview; every step goes through JSON."""

    def __init__(self, form: Questionnaire, context: Context = CONTEXT) -> None:
        self.form, self.context = form, context
        self.interview, self.events = begin(form, context)

    def do(self, *messages: Message | str) -> "Walk":
        for message in messages:
            kept = Interview.from_json(json.loads(json.dumps(self.interview.to_json())))
            sent = Answer(message) if isinstance(message, str) else message
            self.interview, self.events = step(self.form, kept, sent, self.context)
        return self

    def of(self, kind: type[Event]) -> Event:
        return next(event for event in self.events if isinstance(event, kind))

    @property
    def ask(self) -> Ask:
        event = self.of(QuestionAsked)
        assert isinstance(event, QuestionAsked)
        return event.ask

    @property
    def refused(self) -> Refused:
        event = self.of(Refused)
        assert isinstance(event, Refused)
        return event

    @property
    def done(self) -> Finished:
        event = self.of(Finished)
        assert isinstance(event, Finished)
        return event

    @property
    def at(self) -> str:
        return self.interview.position or ""

    def value(self, name: str) -> str:
        return self.interview.values.get(f"/data/{name}", "")

    def computed(self, rows: Iterable[str]) -> list[str]:
        return [self.value(name) for name in rows]

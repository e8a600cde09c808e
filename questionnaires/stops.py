"""The way through a form: every place where an interview may stand, in the order of the document.

Which places there are depends on the rows of repeats only; whether one of them is relevant now is asked later.
So a form without repeats has one way, made once and shared by everybody who answers it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from questionnaires.questionnaire import Question, Questionnaire, QuestionType, Section, at_row


@dataclass(frozen=True, slots=True)
class QuestionStop:
    """A question or a note, at its instance path."""

    path: str
    question: Question

    @property
    def asks(self) -> bool:
        """Whether a person answers here; a note is only passed."""
        return self.question.asks


@dataclass(frozen=True, slots=True)
class RowsEnd:
    """Behind the last row of a repeat, where another one may be added."""

    path: str
    section: Section

    @property
    def asks(self) -> bool:
        """Whether the person decides about another row; else the count of the repeat does."""
        return self.section.count is None


Stop = QuestionStop | RowsEnd


class Way:
    """The stops of one interview, and where each of them stands."""

    def __init__(self, stops: tuple[Stop, ...]) -> None:
        self.stops = stops
        self.places = {stop.path: place for place, stop in enumerate(stops)}

    @cached_property
    def asked(self) -> tuple[QuestionStop, ...]:
        """The questions that a person answers."""
        return tuple(stop for stop in self.stops if isinstance(stop, QuestionStop) and stop.asks)

    def first_within(self, prefix: str) -> str | None:
        """Return the path of the first question that a person answers among those that begin with `prefix`."""
        return next((stop.path for stop in self.asked if stop.path.startswith(prefix)), None)

    def place(self, path: str | None) -> int:
        """The number of the stop at `path`, counted from 0; the end of the way where there is none."""
        return len(self.stops) if path is None else self.places.get(path, len(self.stops))


@dataclass(frozen=True, slots=True)
class Leg:
    """A stop outside repeats, or a whole repeat with the questions and notes of one row."""

    stop: Stop
    row: tuple[Question, ...] = ()


class Itinerary:
    """The ways that a form allows."""

    def __init__(self, form: Questionnaire) -> None:
        self.legs = tuple(legs(form))
        self.only_way = None if any(leg.row for leg in self.legs) else self.made({})

    def way(self, rows: Mapping[str, int]) -> Way:
        """The way of an interview whose repeats have these numbers of rows."""
        return self.only_way or self.made(rows)

    def made(self, rows: Mapping[str, int]) -> Way:
        return Way(tuple(stop for leg in self.legs for stop in walked(leg, rows)))


def legs(form: Questionnaire) -> Iterator[Leg]:
    """The legs of the way in the order of the document, a repeat where its section begins."""
    for node in form.nodes:
        if isinstance(node, Section):
            if node.repeats:
                yield Leg(RowsEnd(node.path, node), rows_of(form, node))
        elif not node.repeat and is_met(node):
            yield Leg(QuestionStop(node.path, node))


def rows_of(form: Questionnaire, section: Section) -> tuple[Question, ...]:
    """What a person meets in each row of a repeat."""
    inside = (node for node in form.nodes if node.path.startswith(f"{section.path}/"))
    return tuple(node for node in inside if isinstance(node, Question) and is_met(node))


def is_met(question: Question) -> bool:
    """Whether a person sees it on the way."""
    return question.asks or question.type is QuestionType.NOTE


def walked(leg: Leg, rows: Mapping[str, int]) -> Iterator[Stop]:
    """The stops of a leg: row by row, then the end of the rows."""
    for row in range(1, rows.get(leg.stop.path, 0) + 1):
        for question in leg.row:
            yield QuestionStop(at_row(question.path, leg.stop.path, row), question)
    yield leg.stop

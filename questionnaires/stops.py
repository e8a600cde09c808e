"""The way through a form: every stop where an interview may be, in the order of the document.

Only the number of rows in repeats changes the stops; whether a stop is relevant is checked later. So a form without
repeats has a single way, built once and shared by everybody who answers it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from questionnaires.questionnaire import Question, Questionnaire, QuestionType, Section, in_row


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
    """The end of a repeat's rows, where another row may be added."""

    path: str
    section: Section

    @property
    def asks(self) -> bool:
        """Whether the person decides about another row, and not the repeat's count."""
        return self.section.count is None


Stop = QuestionStop | RowsEnd


class Way:
    """The stops of one interview in their order."""

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
        """Return the number of the stop at `path`, counted from 0; that of the end of the way if there is none."""
        return len(self.stops) if path is None else self.places.get(path, len(self.stops))


@dataclass(frozen=True, slots=True)
class Leg:
    """A stop at its template path. For a repeat, it is the end of its rows, and `row` has the legs of one row."""

    stop: Stop
    row: tuple["Leg", ...] = ()


class Itinerary:
    """Makes the ways through one form."""

    def __init__(self, form: Questionnaire) -> None:
        self.legs = legs(form)
        self.only_way = None if form.repeats else self.made({})

    def way(self, rows: Mapping[str, int]) -> Way:
        """Return the way of an interview whose repeats have these numbers of rows, by instance path."""
        return self.only_way or self.made(rows)

    def made(self, rows: Mapping[str, int]) -> Way:
        return Way(tuple(walked(self.legs, rows)))


def legs(form: Questionnaire, repeat: str = "") -> tuple[Leg, ...]:
    """Return the legs within a row of `repeat` ("": outside all repeats), in document order."""
    return tuple(legs_of(form, repeat))


def legs_of(form: Questionnaire, repeat: str) -> Iterator[Leg]:
    for node in form.nodes:
        if node.repeat != repeat:
            continue
        if isinstance(node, Question):
            if is_met(node):
                yield Leg(QuestionStop(node.path, node))
        elif node.repeats:
            yield Leg(RowsEnd(node.path, node), legs(form, node.path))


def is_met(question: Question) -> bool:
    """Whether a person sees the question on the way."""
    return question.asks or question.type is QuestionType.NOTE


def walked(ways: tuple[Leg, ...], rows: Mapping[str, int], repeat: str = "", row: str = "") -> Iterator[Stop]:
    """Yield the stops within the row of `repeat` at instance path `row`; inner repeats row by row, then their end."""
    for leg in ways:
        stop = replace(leg.stop, path=in_row(leg.stop.path, repeat, row)) if row else leg.stop
        if isinstance(stop, RowsEnd):
            for number in range(1, rows.get(stop.path, 0) + 1):
                yield from walked(leg.row, rows, leg.stop.path, f"{stop.path}[{number}]")
        yield stop

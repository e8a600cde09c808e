"""Interviews played at random, to find where a person would stand before a question that takes no answer.

What an author writes is right of each question by itself and may still be wrong of two together: where a number is
0 and the next question is passed over, a limit taken from that question is no number, and nothing is below it. So
`dead_ends` plays: it answers what is asked from a few telling values (the limits, 0, every choice) and, where all
of them are refused and the question cannot be passed over, says by which answers it got there. The same form is
always played in the same way, and only for so many steps and seconds.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import accumulate
from random import Random
from typing import Final

from lxml import etree

from questionnaires.interview import (
    Ask,
    Asked,
    Context,
    Event,
    Interview,
    Message,
    Refused,
    Repeat,
    Skip,
    Value,
    begin,
    step,
)
from questionnaires.questionnaire import Questionnaire, QuestionType, template

INTERVIEWS: Final = 60
STEPS: Final = 4_000
"""So many answers are tried in all."""
LONGEST: Final = 150
"""So many questions of one interview; a repeat could go on for ever."""
SECONDS: Final = 10.0
ROWS: Final = 2
"""So many rows of a repeat are added."""
TOLD: Final = 4
"""So many answers before a dead end are told."""
NOW: Final = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
NUMBERS: Final = (
    "0",
    "1",
    "2",
    "3",
    "5",
    "10",
    "12",
    "50",
    "100",
    "365",
    "1000",
    "2026",
    "1000000",
    "-1",
    "0.5",
)
WORDS: Final = ("x", "Nà Hin", "0912345678", "001234567890", "a@b.vn", "123", "ABC-123")
DAYS: Final = (0, -1, 1, -30, 30, -366, 366, -3660)
NUMERIC: Final = frozenset({QuestionType.INTEGER, QuestionType.DECIMAL, QuestionType.RANGE})
SURE: Final = NUMERIC | {QuestionType.SELECT_ONE, QuestionType.SELECT_MULTIPLE}
"""Of these what was tried speaks for what there is; a text may want a pattern that nobody guesses."""
TELLING: Final = {
    QuestionType.DATE: tuple((NOW + timedelta(days=days)).date().isoformat() for days in DAYS),
    QuestionType.DATETIME: tuple(
        (NOW + timedelta(days=days)).isoformat(timespec="milliseconds") for days in DAYS
    ),
    QuestionType.TIME: ("08:00:00.000", "00:00:00.000", "23:59:00.000"),
    QuestionType.GEOPOINT: ("22.1 105.8 0 0",),
    QuestionType.ACKNOWLEDGE: ("OK",),
}
"""Values of the types that have no limits and no choices."""


@dataclass(frozen=True, slots=True)
class DeadEnd:
    """A question that took no answer, and the answers (path, value) given before it, the last ones."""

    path: str
    before: tuple[tuple[str, str], ...]


def dead_ends(
    form: Questionnaire, interviews: int = INTERVIEWS, clock: Callable[[], float] = time.monotonic
) -> list[DeadEnd]:
    """The questions, each once, before which some interview of those that were played could not go on."""
    random, until, steps = Random(form.name), clock() + SECONDS, [STEPS]
    found: dict[str, DeadEnd] = {}
    for number in range(interviews):
        if steps[0] <= 0 or clock() > until:
            break
        try:
            end = play(form, random, number, steps)
        except etree.XPathError:  # an expression that cannot be evaluated is told of by the trial
            break
        if end is not None:
            found.setdefault(template(end.path), end)
    return list(found.values())


def play(form: Questionnaire, random: Random, number: int, steps: list[int]) -> DeadEnd | None:
    """One interview to its end, or to where it cannot go on; `steps` counts down what is tried."""
    context = Context(NOW, form.default_language, seed=str(number))
    interview, events = begin(form, context)
    said: list[tuple[str, str]] = []
    for _ in range(LONGEST):
        ask = asked(events)
        if ask is None or steps[0] <= 0:
            return None
        for message in tries(ask, interview, random if number else None):
            steps[0] -= 1
            after, events = step(form, interview, message, context)
            if after.position != ask.path:
                break
        else:
            return DeadEnd(ask.path, tuple(said[-TOLD:])) if is_sure(form, ask, events) else None
        said.append((ask.path, after.values.get(ask.path, "")))
        interview = after
    return None


def asked(events: Sequence[Event]) -> Ask | None:
    """The open question; None at the end."""
    return next((event.ask for event in reversed(events) if isinstance(event, Asked)), None)


def is_sure(form: Questionnaire, ask: Ask, events: Sequence[Event]) -> bool:
    """Whether a question that refused all that was tried takes nothing at all."""
    if ask.repeat is not None or ask.type not in SURE:
        return False
    question = form.question(ask.path)
    judged = not ask.choices if ask.type not in NUMERIC else bool(question.lower or question.upper)
    return any(isinstance(event, Refused) for event in events) and (judged or bool(question.constraint))


def tries(ask: Ask, interview: Interview, random: Random | None) -> Iterator[Message]:
    """What may be said to a question, in a random order; last that it is passed over.

    Without `random` in the order of the candidates: in the first interview every number that may be 0 is.
    """
    if ask.repeat is not None:
        wants = random is not None and random.random() < 0.5
        more = wants and not ask.repeat.full and ask.repeat.rows < ROWS
        yield Repeat(more)
        yield Repeat(not more)
        return
    values = list(dict.fromkeys(candidates(ask, interview)))
    if random is not None:
        random.shuffle(values)
        if not ask.required and random.random() < 0.3:
            yield Skip()
    yield from map(Value, values)
    yield Skip()


def candidates(ask: Ask, interview: Interview) -> Iterator[str]:
    """Values that tell most about a question: limits, nothing, all, and what was answered elsewhere."""
    choices = [option.value for option in ask.choices]
    match ask.type:
        case QuestionType.INTEGER | QuestionType.DECIMAL | QuestionType.RANGE:
            yield from numbers(ask, interview)
        case QuestionType.SELECT_ONE:
            yield from choices
        case QuestionType.SELECT_MULTIPLE:
            yield from choices
            yield from accumulate(choices, "{} {}".format)
        case _:
            yield from TELLING.get(ask.type, WORDS)


def numbers(ask: Ask, interview: Interview) -> Iterator[str]:
    """0 first among numbers, the limits as they stand now and what is beside them, and earlier answers."""
    yield from NUMBERS
    limits = [limit for limit in (ask.minimum, ask.maximum) if limit is not None]
    if len(limits) == 2:
        limits.append((limits[0] + limits[1]) / 2)
    for limit in limits:
        for beside in (Decimal(0), Decimal(1), Decimal(-1)):
            yield from {f"{limit + beside:f}", f"{int(limit + beside)}"}
    yield from (value for value in list(interview.values.values())[-6:] if value)

"""Play interviews at random to find dead ends: questions that take no answer.

Each question may be right by itself while two together are wrong. For example, if a number is 0 and the next question is
therefore skipped, a limit taken from that question is no number, and no answer is below it. So `dead_ends` plays
interviews: it answers each question from a few telling values (the limits, 0, every choice). If all are refused and the
question cannot be skipped, it reports the answers that led there. The same form is always played in the same way, and
only for a limited number of steps and seconds.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import accumulate, product
from random import Random
from typing import Final

from lxml import etree

from questionnaires.answers import AnswerKind
from questionnaires.interview import (
    Ask,
    Context,
    Event,
    Interview,
    Message,
    Refused,
    Repeat,
    Skip,
    Value,
    begin,
    first_of,
    open_question,
    step,
)
from questionnaires.prompts import CODES
from questionnaires.questionnaire import NUMBER_TYPES, Question, Questionnaire, QuestionType, template
from questionnaires.talk import RepeatAsk

INTERVIEWS: Final = 60
"""How many interviews are played. The first one draws nothing at random."""
STEPS: Final = 4_000
"""How many answers are tried in all."""
LONGEST: Final = 150
"""The most questions of one interview: a repeat could go on for ever."""
SECONDS: Final = 10.0
"""How long to play at most: a form may be large, and its author is waiting."""
ROWS: Final = 2
"""The most rows that are added to a repeat."""
TOLD: Final = 4
"""How many answers before a dead end are reported."""
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
"""Days from now: near, a month, a year and ten years off, on both sides."""
BESIDE: Final = (Decimal(0), Decimal(1), Decimal(-1))
"""What is added to a limit, to try it and its neighbours."""
SURE: Final = NUMBER_TYPES | {QuestionType.SELECT_ONE, QuestionType.SELECT_MULTIPLE}
"""Types whose tried values stand for all values. A text may have to match a pattern that nobody guesses."""
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


@dataclass(slots=True)
class Budget:
    """How many messages are `left`, and `until` when, in seconds of `clock`."""

    left: int
    until: float
    clock: Callable[[], float]

    @property
    def is_spent(self) -> bool:
        return self.left <= 0 or self.clock() > self.until

    def spent_on(self, messages: Iterable[Message]) -> Iterator[Message]:
        """Yield the messages, counting each as one of those left."""
        for message in messages:
            self.left -= 1
            yield message


@dataclass(frozen=True, slots=True)
class DeadEnd:
    """A question that took no answer, and the last answers given before it, as (path, value)."""

    path: str
    before: tuple[tuple[str, str], ...]


def dead_ends(
    form: Questionnaire, interviews: int = INTERVIEWS, clock: Callable[[], float] = time.monotonic
) -> list[DeadEnd]:
    """Play interviews and return the questions, each once, at which one could not go on."""
    random, budget = Random(form.name), Budget(STEPS, clock() + SECONDS, clock)
    ends: dict[str, DeadEnd] = {}
    for number in range(interviews):
        if budget.is_spent:
            break
        try:
            # The first interview draws nothing at random, so every number that may be 0 is 0.
            end = play(form, str(number), random if number else None, budget)
        except etree.XPathError:  # `checks.trial` reports expressions that cannot be evaluated
            break
        if end is not None:
            ends.setdefault(template(end.path), end)
    return list(ends.values())


def play(form: Questionnaire, seed: str, random: Random | None, budget: Budget) -> DeadEnd | None:
    """Play one interview; return its dead end, None if it has none."""
    context = Context(NOW, form.default_language, seed=seed)
    interview: Interview
    events: Sequence[Event]
    interview, events = begin(form, context)
    given: list[tuple[str, str]] = []
    for _ in range(LONGEST):
        ask = open_question(events)
        if ask is None or budget.is_spent:
            return None
        messages = budget.spent_on(tries(ask, interview, random))
        interview, events = answered(form, interview, ask, messages, context)
        if interview.position == ask.path:
            return DeadEnd(ask.path, tuple(given[-TOLD:])) if is_sure(form, ask, events) else None
        given.append((ask.path, interview.values.get(ask.path, "")))
    return None


def answered(
    form: Questionnaire, interview: Interview, ask: Ask, messages: Iterable[Message], context: Context
) -> tuple[Interview, Sequence[Event]]:
    """Send one message after another until the interview leaves the question, and return the result of the last."""
    after: Interview = interview
    events: Sequence[Event] = ()
    for message in messages:
        after, events = step(form, interview, message, context)
        if after.position != ask.path:
            break
    return after, events


def is_sure(form: Questionnaire, ask: Ask, events: Sequence[Event]) -> bool:
    """Whether a question that refused every message certainly takes no answer at all."""
    if ask.repeat is not None or ask.type not in SURE:
        return False
    return first_of(events, Refused) is not None and is_limited(form.question(ask.path), ask)


def is_limited(question: Question, ask: Ask) -> bool:
    """Whether the form limits the answers of a question, so that the refusals are not due to the values tried."""
    if question.constraint:
        return "regex" not in question.constraint.functions  # nobody guesses a pattern
    return bool(question.lower or question.upper) if ask.type in NUMBER_TYPES else not ask.choices


def tries(ask: Ask, interview: Interview, random: Random | None) -> Iterator[Message]:
    """Yield messages that may answer a question, and a skip last.

    With `random`, their order is random, and a question that is not required is sometimes skipped first.
    """
    if ask.repeat is not None:
        yield from row_tries(ask.repeat, random)
        return
    values = list(dict.fromkeys(candidates(ask, interview)))
    if random is not None:
        random.shuffle(values)
        if not ask.required and random.random() < 0.3:
            yield Skip()
    yield from map(Value, values)
    yield Skip()


def row_tries(repeat: RepeatAsk, random: Random | None) -> Iterator[Message]:
    """Yield both answers to whether to add a row. Without `random`, "no" comes first."""
    wants = random is not None and random.random() < 0.5
    more = wants and not repeat.full and repeat.rows < ROWS
    yield Repeat(more)
    yield Repeat(not more)


def candidates(ask: Ask, interview: Interview) -> Iterator[str]:
    """Yield values that tell most about a question: limits, nothing, all, and earlier answers."""
    choices = [option.value for option in ask.choices]
    match ask.type:
        case QuestionType.INTEGER | QuestionType.DECIMAL if ask.kind is AnswerKind.TEXT:
            yield from CODES
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
    """Yield usual numbers, 0 first, then the present limits with their neighbours, then earlier answers."""
    yield from NUMBERS
    limits = [limit for limit in (ask.minimum, ask.maximum) if limit is not None]
    if len(limits) == 2:
        limits.append((limits[0] + limits[1]) / 2)
    for limit, beside in product(limits, BESIDE):
        yield f"{limit + beside:f}"
        yield f"{int(limit + beside)}"
    yield from filter(None, list(interview.values.values())[-6:])

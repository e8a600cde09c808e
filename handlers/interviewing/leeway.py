"""What a report's other answers leave room for at a question: its range, and an example that goes with all of them.

The form's own limits are not enough: of 119 households, 109 of minorities and 89 with water share at least 79, so that
25 is no right answer there, though the form takes it.
"""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Final

from handlers.interviewing import challenging
from handlers.interviewing.sitting import Sitting
from questionnaires.interview import (
    Answer,
    Ask,
    GoTo,
    Message,
    Recorded,
    Refused,
    Value,
    first_of,
    show_value,
    step,
)
from questionnaires.questionnaire import NUMBER_TYPES

FAR: Final = 3
"""A limit that is so many times what was ever answered is no example: nobody has 2,000 households."""


def limited(sitting: Sitting, asked: Ask) -> Ask:
    """The question with the least that the other answers leave room for."""
    least = challenging.least(sitting, asked.path) if asked.type in NUMBER_TYPES else Decimal(0)
    above, below = least > (asked.minimum or 0), asked.maximum is None or least <= asked.maximum
    return replace(asked, minimum=least) if above and below else asked


def with_example(sitting: Sitting, refused: Refused, asked: Ask) -> Refused:
    """The refusal with an example that goes with the other answers; without one if none is known."""
    if not refused.example or asked.type not in NUMBER_TYPES or goes(sitting, asked, Answer(refused.example)):
        return refused
    fit = (value for value in others(asked) if goes(sitting, asked, Value(value)))
    value = next(fit, "")
    return replace(refused, example=show_value(sitting.form, asked.path, value, sitting.turn.locale))


def others(asked: Ask) -> Iterator[str]:
    """Other numbers that may be right: the last period's, the present one, and the limits that are not far from these."""
    known = [value for value in (asked.previous, asked.current) if value]
    yield from known
    far = FAR * max((Decimal(value) for value in known if Decimal(value)), default=Decimal("Infinity"))
    yield from (
        format(limit, "f") for limit in (asked.minimum, asked.maximum) if limit is not None and limit <= far
    )


def goes(sitting: Sitting, asked: Ask, answer: Message) -> bool:
    """Whether the form takes an answer, and neither it nor another answer becomes wrong by it."""
    at, _ = step(sitting.form, sitting.interview, GoTo(asked.path), sitting.context)
    after, events = step(sitting.form, at, answer, sitting.context)
    if first_of(events, Recorded) is None or first_of(events, Refused) is not None:
        return False
    then = replace(sitting, interview=after)
    return not challenging.is_impossible(then, asked.path) and not challenging.made_impossible(
        then, asked.path
    )

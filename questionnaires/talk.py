"""What goes into a step of an interview and what comes out: the state, the messages, the events. All frozen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Literal, TypeVar

from pydantic import TypeAdapter

from questionnaires.answers import AnswerKind, Candidate, Option
from questionnaires.questionnaire import QuestionType

Values = Mapping[str, str]
Limits = tuple[Decimal | None, Decimal | None]


@dataclass(frozen=True, slots=True)
class Context:
    """What a step must know of the world. `now` is aware, in the form's zone; `lang` a code such as "vi".

    `previous` are the values of the period before by instance path. `seed` makes uuid() and random() of an
    interview repeatable; it is looked at by `begin` only, and drawn at random where it is empty.
    """

    now: datetime
    lang: str
    previous: Values = field(default_factory=dict)
    seed: str = ""


@dataclass(frozen=True, slots=True)
class Interview:
    """Everything that is kept between two messages. Paths are written in order: the same state is the same text.

    `values` holds every answer and calculation by instance path, also of what is irrelevant now. `position` is
    the instance path of the open question, of a repeat where another row is offered, or None once all is
    answered. `rows` says how many rows a repeat has, and how many its count allows (-1: any number). `version`
    changes when what is written changes its meaning; what was written before there was one counts as 1.
    """

    values: dict[str, str]
    hidden: frozenset[str]
    rows: dict[str, tuple[int, int]]
    visited: frozenset[str]
    closed: frozenset[str]
    estimates: frozenset[str]
    position: str | None
    jumped: bool
    seed: str
    version: Literal[1] = 1

    def to_json(self) -> dict[str, Any]:
        """This interview as JSON values."""
        # By hand, unlike other types: each answer writes it, and the adapter takes six times as long.
        return {
            "values": dict(self.values),
            "hidden": sorted(self.hidden),
            "rows": {path: list(rows) for path, rows in self.rows.items()},
            "visited": sorted(self.visited),
            "closed": sorted(self.closed),
            "estimates": sorted(self.estimates),
            "position": self.position,
            "jumped": self.jumped,
            "seed": self.seed,
            "version": self.version,
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> "Interview":
        """The interview that `to_json` wrote. Raises pydantic's ValidationError, a ValueError, for anything else."""
        return INTERVIEW.validate_python(body)


INTERVIEW: Final = TypeAdapter(Interview)


# --- messages -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """Something typed, to be understood by the reader."""

    text: str


@dataclass(frozen=True, slots=True)
class Value:
    """A value as XForms writes it: from a button, the period before, or the reference of a stored photo."""

    value: str


@dataclass(frozen=True, slots=True)
class Back:
    """To the question shown before."""


@dataclass(frozen=True, slots=True)
class Skip:
    """On without an answer: what a default put there stays; an answer given before is taken out."""


@dataclass(frozen=True, slots=True)
class GoTo:
    """To the question at an instance path, and then back to where the person was."""

    path: str


@dataclass(frozen=True, slots=True)
class Repeat:
    """Another row, or no more."""

    more: bool


@dataclass(frozen=True, slots=True)
class Resume:
    """Ask the open question again."""


@dataclass(frozen=True, slots=True)
class NewRow:
    """Another row of the repeat at an instance path, whatever is open, and then back to where the person was."""

    repeat: str


@dataclass(frozen=True, slots=True)
class DropRow:
    """Take a row of a repeat away, whatever is open: "/data/ho[2]". Those behind it move up."""

    row: str


Message = Answer | Value | Back | Skip | GoTo | Repeat | NewRow | DropRow | Resume


# --- events -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RepeatAsk:
    """Whether to add another row: what a row is called, and how many there are; when `full` none can be added."""

    label: str
    rows: int
    full: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """A question as it is to be shown. `number` of `total` counts the questions a person answers; `total` is 0 while
    answers still to come may add questions, so that nobody reads of one question and is asked five.

    `notes` stand before it; `section` names the groups around it. `current` is the value that stands there.
    `cut` is not 0 at the first question of a counted repeat whose count is larger than the rows that are asked: it
    is how many are.
    """

    path: str
    number: int
    total: int
    type: QuestionType
    kind: AnswerKind
    unit: str
    label: str
    hint: str = ""
    notes: tuple[str, ...] = ()
    section: str = ""
    choices: tuple[Option, ...] = ()
    multiple: bool = False
    other: bool = False
    required: bool = False
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    previous: str | None = None
    previous_shown: str = ""
    current: str | None = None
    current_shown: str = ""
    repeat: RepeatAsk | None = None
    cut: int = 0


@dataclass(frozen=True, slots=True)
class Recorded:
    """An answer was understood and kept. `exact`: it is letter for letter what was typed."""

    path: str
    value: str
    shown: str
    estimate: bool = False
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """An answer was not taken. `code` is one of the reader's doubts or of `forms.refused.*`.

    `message` is the form's own sentence, "" if it has none; `example` an answer that would do, "" if none is
    known; `candidates` what may have been meant (their values are ready for `Value`).
    """

    path: str
    code: str
    data: Mapping[str, object] = field(default_factory=dict)
    message: str = ""
    limits: Limits = (None, None)
    example: str = ""
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionAsked:
    """The question that is open now."""

    ask: Ask


@dataclass(frozen=True, slots=True)
class Finished:
    """Nothing is left to ask. `values` are all relevant answers and calculations by instance path, `instance`
    the OpenRosa document, `notes` what the form says at its end."""

    values: Values
    instance: str
    notes: tuple[str, ...] = ()


Event = Recorded | Refused | QuestionAsked | Finished


@dataclass(frozen=True, slots=True)
class Line:
    """An answered question in the review. `section` names the row in which it stands: "Hộ 2 › Người 1"."""

    path: str
    label: str
    shown: str
    estimate: bool
    value: str
    section: str = ""


@dataclass(frozen=True, slots=True)
class RowTold:
    """A row of a repeat at its instance path, called "Hộ 2", and what was answered in it, also in repeats within it."""

    path: str
    label: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class RowsTold:
    """A repeat at its instance path, called "Hộ", with its rows. `fixed`: no answer decides how many there are."""

    path: str
    label: str
    rows: tuple[RowTold, ...]
    fixed: bool
    full: bool


Happened = TypeVar("Happened", bound=Event)


def of_kind(events: Iterable[Event], kind: type[Happened]) -> list[Happened]:
    """The events of one kind, in their order."""
    return [event for event in events if isinstance(event, kind)]


def first_of(events: Iterable[Event], kind: type[Happened]) -> Happened | None:
    """The first event of a kind; None without one."""
    return next(iter(of_kind(events, kind)), None)


def open_question(events: Iterable[Event]) -> Ask | None:
    """What is asked at the end of `events`; None at the end of the questionnaire."""
    asked = of_kind(events, QuestionAsked)
    return asked[-1].ask if asked else None

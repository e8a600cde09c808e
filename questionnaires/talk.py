"""The values that go into a step of an interview and come out of it: state, messages and events. All are frozen."""

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
    """What a step needs from outside. `now` is an aware datetime in the form's zone, `lang` a code such as "vi".

    `previous` has the values of the period before by instance path. `seed` makes an interview's uuid() and random()
    repeatable; only `begin` reads it, and draws one at random if it is empty. `numbered`: the person sees choices as a
    numbered list, not as buttons.
    """

    now: datetime
    lang: str
    previous: Values = field(default_factory=dict)
    seed: str = ""
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Interview:
    """Everything that is kept between two messages. JSON lists paths in order, so equal states give equal text.

    `values` holds every answer and calculation by instance path, even of nodes that are irrelevant now (`hidden`).
    `position` is the instance path of the open question, or of the repeat that offers another row; None once all is
    answered. `rows` gives, for each repeat, how many rows were added and how many its count allows (-1: any number).
    `version` is raised when the JSON changes its meaning; JSON without a version counts as 1.
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
        """Return this interview as JSON values."""
        # Written by hand because every answer needs it, and pydantic's adapter takes six times as long.
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
        """Return the interview that `to_json` wrote. Raises pydantic's ValidationError, a ValueError, for other JSON."""
        return INTERVIEW.validate_python(body)


INTERVIEW: Final = TypeAdapter(Interview)


# --- messages -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """A typed text, which the reader of answers still has to understand."""

    text: str


@dataclass(frozen=True, slots=True)
class Value:
    """A value as XForms writes it: from a button, the period before, or the reference of a stored photo."""

    value: str


@dataclass(frozen=True, slots=True)
class Back:
    """Return to the question shown before."""


@dataclass(frozen=True, slots=True)
class Skip:
    """Go on without an answer. A default stays; an answer given before is removed."""


@dataclass(frozen=True, slots=True)
class GoTo:
    """Open the question at an instance path, then return to where the person was."""

    path: str


@dataclass(frozen=True, slots=True)
class Repeat:
    """Add another row to the open repeat, or no more."""

    more: bool


@dataclass(frozen=True, slots=True)
class Resume:
    """Ask the open question again."""


@dataclass(frozen=True, slots=True)
class NewRow:
    """Add a row to the repeat at an instance path, whatever is open, then return to where the person was."""

    repeat: str


@dataclass(frozen=True, slots=True)
class DropRow:
    """Remove a row of a repeat, such as "/data/ho[2]", whatever is open. The rows after it move up."""

    row: str


Message = Answer | Value | Back | Skip | GoTo | Repeat | NewRow | DropRow | Resume


# --- events -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RepeatAsk:
    """Ask whether to add another row. `label` is a row's name, `rows` how many there are; `full`: no more can be added."""

    label: str
    rows: int
    full: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """A question as it is to be shown.

    It is question `number` of `total` that a person answers. `total` is 0 while later answers may add questions, so that
    nobody is told of one question and then asked five. `notes` stand before the question, `section` names the groups
    around it, and `current` is its present value. `cut` is set at the first question of a repeat whose count exceeds the
    most rows that can be asked: it is that most; otherwise 0.
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
    """An answer was understood and kept. `exact`: it reads letter for letter as typed."""

    path: str
    value: str
    shown: str
    estimate: bool = False
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """An answer was not taken. `code` is one of the reader's doubts or of `forms.refused.*`.

    `message` is the form's own sentence, "" if it has none. `example` is an answer that would be taken, "" if none is
    known. `candidates` are what may have been meant; their values are ready for `Value`.
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
    """A question with its answer, if any. `section` names the row that it is in: "Hộ 2 › Người 1"."""

    path: str
    label: str
    shown: str
    estimate: bool
    value: str
    section: str = ""


@dataclass(frozen=True, slots=True)
class RowTold:
    """A row of a repeat: its instance path, its name ("Hộ 2"), and its answers, with those of repeats within it."""

    path: str
    label: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class RowsTold:
    """A repeat: its instance path, its name ("Hộ") and its rows. `fixed`: neither person nor answer sets their number."""

    path: str
    label: str
    rows: tuple[RowTold, ...]
    fixed: bool
    full: bool


Happened = TypeVar("Happened", bound=Event)


def of_kind(events: Iterable[Event], kind: type[Happened]) -> list[Happened]:
    """Return the events of one kind, in their order."""
    return [event for event in events if isinstance(event, kind)]


def first_of(events: Iterable[Event], kind: type[Happened]) -> Happened | None:
    """Return the first event of a kind; None if there is none."""
    return next(iter(of_kind(events, kind)), None)


def open_question(events: Iterable[Event]) -> Ask | None:
    """Return the question asked last in `events`; None if they ask none, as at the end of the questionnaire."""
    asked = of_kind(events, QuestionAsked)
    return asked[-1].ask if asked else None

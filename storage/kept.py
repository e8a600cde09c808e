"""What is kept as JSON with a chat (`Contact.screen`) and with an interview (`InterviewRow.extra`): one frozen type each.

Both outlive the process and the release that wrote them. Therefore they bear a version, what is missing has its
default, what a later release added is passed over, and a field that cannot be read is forgotten alone: a chat that
forgets its last buttons goes on, one whose every message fails does not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, NamedTuple, Self

from pydantic import TypeAdapter, ValidationError

VERSION: Final = 1
"""Of both. What was written before there were versions is of this one."""


ADAPTERS: Final[dict[type, TypeAdapter[Any]]] = {}


def adapter(kind: type) -> TypeAdapter[Any]:
    """What reads and writes `kind`; made once, for that takes long."""
    if kind not in ADAPTERS:
        ADAPTERS[kind] = TypeAdapter(kind)
    return ADAPTERS[kind]


class Kept:
    """Read from JSON values, and written as such without what is empty."""

    __slots__ = ()
    version: int

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Self:
        """What `body` says, without the fields that cannot be read."""
        try:
            kept: Self = adapter(cls).validate_python(body)
        except ValidationError as error:
            faulty = {place["loc"][0] for place in error.errors() if place["loc"]}
            kept = adapter(cls).validate_python({name: body[name] for name in body.keys() - faulty})
        return kept

    def to_json(self) -> dict[str, Any]:
        """This as JSON values; nothing at all where there is nothing to keep."""
        body = adapter(type(self)).dump_python(self, mode="json")
        filled = {name: value for name, value in body.items() if name != "version" and value not in EMPTY}
        return {"version": self.version, **filled} if filled else {}


EMPTY: Final[tuple[Any, ...]] = (None, "", 0, False, [])

# --- an interview ---------------------------------------------------------------------------------------

Aside = Literal["", "u", "x", "S"]
"""Which screen stands between the questions: last period's answers (u), giving up (x), somebody's own report (S)."""


class Answered(NamedTuple):
    """Which message answered a question: its path, and the message's order and id on the platform."""

    path: str
    order: int
    message_ref: str


@dataclass(frozen=True, slots=True)
class InterviewNotes(Kept):
    """What a conversation about an interview remembers between messages; the answers belong to the engine."""

    version: int = VERSION
    place: str = ""
    """The name of its place, as it was when it began."""
    level: str = ""
    until: date | None = None
    """The last day on which it is taken, as it was when it began."""
    contact: int | None = None
    """The chat in which its question stands."""
    at: Aside = ""
    asked: str = ""
    """What stands in the chat, in one line."""
    choices: tuple[str, ...] = ()
    """The values that can be chosen, in the order of the buttons."""
    multiple: bool = False
    picked: tuple[str, ...] = ()
    candidates: tuple[str | int | bool, ...] = ()
    """What a doubtful answer may have meant, in the order of the buttons."""
    tries: int = 0
    """How often in a row an answer was refused."""
    told: tuple[str, ...] = ()
    """The questions for which officers were asked to help."""
    answers: tuple[Answered, ...] = ()
    offer_unchanged: bool = False

    def answered_by(self, message_ref: str) -> str | None:
        """The path of the question that a message answered; None where it is not remembered."""
        return next((told.path for told in self.answers if told.message_ref == message_ref), None)

"""What is kept as JSON with an interview (`InterviewRow.extra`), by the rules of `storage.kept`."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple

from storage.kept import VERSION, Kept

Aside = Literal["", "u", "x", "S", "m", "d", "w", "y", "r", "p", "R", "Q", "D"]
"""Which screen stands between the questions: last period's answers (u), giving up (x), somebody's own report (S),
several answers in one message (m), a doubtful answer (d) or report (w), why it is right (y), whether words are the
reason (r), why somebody sends it in another's place (p), the rows of a repeat (R), one row (Q), whether to remove that
row (D)."""


class Answered(NamedTuple):
    """Which message answered a question: its path, and the message's order and id on the platform."""

    path: str
    order: int
    message_ref: str


class AskedBack(NamedTuple):
    """A doubtful answer that was asked about again, and what the person said: `right`, the id of a reason, or words."""

    path: str
    value: str
    reason: str = ""
    words: str = ""
    before: bool = False
    """Whether that was said of the report which this one corrects."""
    doubt: str = ""
    """The doubt at that time, as text: what was said holds for no other doubt."""
    at: datetime | None = None
    """When it was first asked about with this value and doubt."""
    typed: str = ""
    """What was typed then."""


@dataclass(slots=True)
class InterviewNotes(Kept):
    """What the conversation about an interview remembers between messages; the answers belong to the engine.

    Not frozen: one message changes several of its fields, and copying twenty fields each time takes longer than
    reading them.
    """

    version: int = VERSION
    place: str = ""
    """The name of its place, as it was when it began."""
    level: str = ""
    until: date | None = None
    """The last day on which the report is taken, as it was when the interview began."""
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
    either: bool = False
    """Whether the one that is offered may have been meant for somebody's words instead: then a mere yes is no answer."""
    asked_since: bool = False
    """Whether the question was asked again since, without what was offered: then only a button takes it."""
    tries: int = 0
    """How often in a row an answer was refused."""
    told: tuple[str, ...] = ()
    """The questions about which officers were asked to help."""
    answers: tuple[Answered, ...] = ()
    gone_back: bool = False
    """Whether the person went to an earlier question and has changed no answer since: a slip is then of the open one."""
    offer_unchanged: bool = False
    several: tuple[tuple[str, str], ...] = ()
    """Paths and values of several answers from one message, which wait for a yes."""
    which: tuple[tuple[str, str], ...] = ()
    """Paths and values that one figure may be; a button says which of them it is."""
    edited: tuple[str, ...] = ()
    """The paths of answers that one message gave or changed, which are still to be looked at."""
    doubted: str = ""
    """The path of the answer that is asked back now; "" for the report as a whole."""
    reason_said: str = ""
    """Words typed at a doubtful answer; the bot asks whether they are the reason why it is right."""
    asked_back: tuple[AskedBack, ...] = ()
    row: str = ""
    """The path of the repeat or row whose screen stands in the chat."""
    in_place: str = ""
    """Why somebody sends it in the place of whoever answers for it: the id of a reason, or words."""
    told_locked: bool = False
    """Whether the person was told that the period is locked, and waits to hear that it is open again."""

    def answered_by(self, message_ref: str) -> str | None:
        """Return the path of the question that a message answered; None if that is not remembered."""
        return next((told.path for told in self.answers if told.message_ref == message_ref), None)

"""What is kept as JSON with a chat (`Contact.screen`) and, in `storage.interview_notes`, with an interview: one type each.

Both outlive the process and the release that wrote them. Therefore they carry a version. A missing field takes its
default, a field that a later release added is ignored, and only a field that cannot be read is forgotten. A chat that
forgets its last buttons can go on; a chat in which every message fails cannot.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Annotated, Any, Final, Literal, NamedTuple, Self

from pydantic import Field, TypeAdapter, ValidationError

VERSION: Final = 1
"""The version of both. What was written before there were versions counts as this one."""

adapter: Final[Callable[[type], TypeAdapter[Any]]] = cache(TypeAdapter)
"""Gives what reads and writes a type; made once, since that takes long."""


class Kept:
    """Read from JSON values, and written back as JSON without empty fields."""

    __slots__ = ()
    version: int

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Self:
        """Return what `body` says, leaving out the fields that cannot be read."""
        try:
            kept: Self = adapter(cls).validate_python(body)
        except ValidationError as error:
            faulty = {place["loc"][0] for place in error.errors() if place["loc"]}
            kept = adapter(cls).validate_python({name: body[name] for name in body.keys() - faulty})
        return kept

    def to_json(self) -> dict[str, Any]:
        """Return this as JSON values; empty if there is nothing to keep."""
        body = adapter(type(self)).dump_python(self, mode="json")
        filled = {name: value for name, value in body.items() if value and name != "version"}
        return {"version": self.version, **filled} if filled else {}


# --- a chat: what its next text is for ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NameWanted:
    """A name is asked for: `after` joining ("enrol"), or to correct one (""). `words`: what was typed, perhaps no name."""

    dialogue: Literal["name"] = "name"
    after: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class NumberWanted:
    """The number on which this person may be called."""

    dialogue: Literal["number"] = "number"


@dataclass(frozen=True, slots=True)
class LeaveWanted:
    """The bot asks whether to leave."""

    dialogue: Literal["leave"] = "leave"


@dataclass(frozen=True, slots=True)
class AnnouncementWanted:
    """The words for some people of a unit are asked for; `form`: they go above the questionnaire of this name."""

    place: int
    to: str
    form: str = ""
    dialogue: Literal["announce"] = "announce"


@dataclass(frozen=True, slots=True)
class UntilWanted:
    """The deadline for the questionnaire of the draft `id` is asked for; it may be typed."""

    id: int
    dialogue: Literal["announce_until"] = "announce_until"


@dataclass(frozen=True, slots=True)
class OtherWordsWanted:
    """The new words of the announcement `id`."""

    id: int
    dialogue: Literal["announce_edit"] = "announce_edit"


@dataclass(frozen=True, slots=True)
class MoreWanted:
    """More about the emergency `id`."""

    id: int
    dialogue: Literal["emergency"] = "emergency"
    besides: int = 0
    """The one that was being told before, if any."""


@dataclass(frozen=True, slots=True)
class ClosingWanted:
    """The sentence that closes the emergency `id`; `asked`: since when."""

    id: int
    asked: datetime
    dialogue: Literal["emergency_close"] = "emergency_close"
    besides: int = 0
    """The one that was being told before, if any."""


class CriedPhoto(NamedTuple):
    """A photo that came with a cry, still on its platform; `size` in bytes."""

    ref: str
    size: int


class Unheard(NamedTuple):
    """The message just before, which nobody understood and which may tell of a danger. Kept on whenever it is `shown`
    again."""

    words: str
    at: datetime
    shown: int = 0


@dataclass(frozen=True, slots=True)
class CryWanted:
    """The bot asks whether `words` cry out an emergency; what came with them is sent along."""

    kind: str
    words: str
    photos: tuple[CriedPhoto, ...] = ()
    where: str = ""
    """Degrees north and east, as an emergency tells them."""
    about: int = 0
    """The open emergency that the words may tell more about; 0 if they are asked about as a new one."""
    faint: bool = False
    """Whether the words were not understood at all, and may be sent all the same."""
    doubted: bool = False
    """Whether a no was asked about once, because it may have been meant for something else."""
    gathered: bool = False
    """Whether more was said since it was asked, so that all the words together can answer nothing else."""
    closing: str = ""
    """Words that may say that an open emergency is over: the bot also asks whether to close it with them."""
    asked: int = 0
    """The second in which it was first asked: it tells the buttons of one question from those of another."""
    dialogue: Literal["cry"] = "cry"


@dataclass(frozen=True, slots=True)
class AnswerWanted:
    """What an officer answers whoever raised the emergency `id`; `since` when."""

    id: int
    since: datetime
    dialogue: Literal["emergency_answer"] = "emergency_answer"


@dataclass(frozen=True, slots=True)
class OfficersClosingWanted:
    """The sentence with which an officer closes the emergency `id`; `asked` since when."""

    id: int
    asked: datetime
    dialogue: Literal["emergency_officers_close"] = "emergency_officers_close"


@dataclass(frozen=True, slots=True)
class WhichEmergencyWanted:
    """The bot asks which of several emergencies is meant, by an officer or by those who raised them."""

    to: Literal["have", "close", "close_own", "words"]
    """What is done with the one chosen; it gets what was written before (`Screen.held`), with "words" that alone."""
    dialogue: Literal["emergency_which"] = "emergency_which"


@dataclass(frozen=True, slots=True)
class OwnLineWanted:
    """The line of the commune `place` above the weekly summary."""

    place: int
    dialogue: Literal["own_line"] = "own_line"


@dataclass(frozen=True, slots=True)
class ReturnWanted:
    """Why the figure at `path` of a report is sent back; `since` when it is asked."""

    report: int
    path: str
    since: datetime
    dialogue: Literal["return"] = "return"
    words: str = ""
    """What was typed, and is asked about before it is taken for the reason."""


@dataclass(frozen=True, slots=True)
class KeepWanted:
    """Why the figure that was sent back by return `id` is right."""

    id: int
    since: datetime
    dialogue: Literal["keep"] = "keep"
    words: str = ""
    """What was typed, and is asked about before it is taken for the reason."""


@dataclass(frozen=True, slots=True)
class ReopeningWanted:
    """Why the lock of this number is to be opened again; `since` when it is asked."""

    lock: int
    since: datetime
    dialogue: Literal["reopening"] = "reopening"
    words: str = ""
    """What was typed, and is asked about before it is taken for the reason."""


@dataclass(frozen=True, slots=True)
class RefusalWanted:
    """Why the lock of this number stays although somebody asks to open it again; `since` when it is asked."""

    lock: int
    since: datetime
    dialogue: Literal["refusal"] = "refusal"
    words: str = ""
    """What was typed, and is asked about before it is taken for the reason."""


@dataclass(frozen=True, slots=True)
class OfficerNameWanted:
    """Who is to be invited as an officer of the unit `place`; `since` when it is asked."""

    place: int
    since: datetime
    dialogue: Literal["officer_name"] = "officer_name"


@dataclass(frozen=True, slots=True)
class PaperWanted:
    """The photo of the paper form of a report; `since` when it is asked."""

    report: int
    since: datetime
    dialogue: Literal["paper"] = "paper"


@dataclass(frozen=True, slots=True)
class ExchangeWanted:
    """What is said in the exchange of this number; `since` when it is asked. `words`: what was typed and waits for a yes;
    once something else was called, only for its button (`aside`)."""

    exchange: int
    since: datetime
    dialogue: Literal["exchange"] = "exchange"
    words: str = ""
    aside: bool = False


@dataclass(frozen=True, slots=True)
class RightWanted:
    """What is wrong in what is kept about somebody, or what they object to; `since` when it is asked. `words`: what was said
    unasked, and waits for a yes."""

    kind: Literal["correct", "object"]
    since: datetime
    dialogue: Literal["right"] = "right"
    words: str = ""


Wanted = (
    NameWanted
    | NumberWanted
    | LeaveWanted
    | AnnouncementWanted
    | UntilWanted
    | OtherWordsWanted
    | MoreWanted
    | ClosingWanted
    | CryWanted
    | AnswerWanted
    | OfficersClosingWanted
    | WhichEmergencyWanted
    | OwnLineWanted
    | ReturnWanted
    | KeepWanted
    | ReopeningWanted
    | RefusalWanted
    | OfficerNameWanted
    | PaperWanted
    | ExchangeWanted
    | RightWanted
)
"""What the next text is for."""

# --- a chat: the rest -----------------------------------------------------------------------------------


class ShownButton(NamedTuple):
    """A button of the last message: its label and its text on the wire."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class LaidAside:
    """What words were wanted for when they sounded like a danger; the words, and the buttons that were there."""

    wanted: Annotated[Wanted, Field(discriminator="dialogue")]
    words: str = ""
    choices: tuple[ShownButton, ...] = ()
    actions: tuple[ShownButton, ...] = ()


@dataclass(frozen=True, slots=True)
class EnrolmentOffer:
    """What a chat was offered and has not yet agreed to."""

    key: str
    """"i12" for an invitation, "r3" for roster entries: what the consent buttons carry."""
    rows: tuple[int, ...]
    """The invitation, or the roster entries of one phone number."""
    who: int
    """The present person who takes the role, or one of the numbers below 1 in `handlers.enrol`."""
    cried: str = ""
    """What was cried out since; it goes on once they agree."""


@dataclass(frozen=True, slots=True)
class Link:
    """The code by which another phone joins: its hash, until when it is good, and for whom."""

    hash: str
    until: datetime
    person: int


class KeptOffer(NamedTuple):
    """A way to go on with a question, as a button offers it."""

    slot: Literal["indicator", "place", "text", "units", "order", "drop", "reading"]
    value: str


@dataclass(frozen=True, slots=True)
class KeptQuestion:
    """An officer's question whose buttons are in the chat. `n` marks the buttons, `query` is `Query` as JSON."""

    n: int
    query: dict[str, Any]
    at: datetime
    words: str = ""
    offers: tuple[KeptOffer, ...] = ()
    left: bool = False
    """The menu was shown since, so no question goes on from it."""


@dataclass(frozen=True, slots=True)
class Album:
    """The pictures that were answered last, sent at once or one after the other (then without a `mark`).

    Also whether words stood under one, what was said, whether one is kept, and when the last one came.
    """

    mark: str
    words: bool = False
    said: tuple[int, ...] = ()
    kept: bool = False
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PressedButton:
    """The last press on a question's button: its wire text, under which message, and when."""

    data: str
    under: str
    at: datetime
    words_since: bool = False
    """Whether something was said since."""


@dataclass(frozen=True, slots=True)
class AskedNow:
    """The question of an interview that a chat is at, as `Reply.about` names it, with two messages of the outbox: the
    one that first asked it, and the one that first showed what goes with it now (what was understood, doubted or is to
    be sent). `typed`: a moment before, when something was typed, by the platform's clock and by ours; None if none is
    known."""

    about: str
    question: int
    screen: int
    typed: tuple[datetime, datetime] | None = None


@dataclass(frozen=True, slots=True)
class MendedText:
    """New words of the announcement `id` that wait for its writer's yes, with the deadline that they set."""

    id: int
    text: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class LineText:
    """A line of the commune `place` that waits for its writer's yes."""

    place: int
    text: str


class ChosenNumber(NamedTuple):
    """The number that chose from the list before the screen shown now, and when."""

    number: str
    at: datetime


class HeldWords(NamedTuple):
    """What an officer wrote while emergencies were open, and what went to nobody yet: words, when, and the ids of the
    emergencies that they may be about. `refused`: whether they were meant for something else, which a button refused."""

    words: str
    at: datetime
    about: tuple[int, ...]
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Screen(Kept):
    """What a chat shows and expects."""

    version: int = VERSION
    expects: Annotated[Wanted, Field(discriminator="dialogue")] | None = None
    laid_aside: LaidAside | None = None
    choices: tuple[ShownButton, ...] = ()
    """Of the last message, in the order of their numbers."""
    actions: tuple[ShownButton, ...] = ()
    lettered: bool = False
    """Whether letters stood before the choices, not numbers."""
    offer: EnrolmentOffer | None = None
    link: Link | None = None
    questions: tuple[KeptQuestion, ...] = ()
    """The latest, the newest last."""
    album: Album | None = None
    asked: AskedNow | None = None
    announce_edit: MendedText | None = None
    announce_words: str = ""
    """The words of an announcement that were typed before it was chosen whom they are for."""
    announce_new: str = ""
    """Other such words, typed while these waited: it is asked which are meant."""
    own_line: LineText | None = None
    pressed: PressedButton | None = None
    unheard: Unheard | None = None
    chosen: ChosenNumber | None = None
    held: tuple[HeldWords, ...] = ()
    """Oldest first. They outlive what the chat expects: only sending them, or the end of the emergency, ends them."""

    @property
    def buttons(self) -> tuple[ShownButton, ...]:
        """All of the last message."""
        return (*self.choices, *self.actions)

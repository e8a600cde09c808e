"""Buttons as values: written into the few bytes that a platform gives back with a press, and read again.

A button is a small frozen class, declared with the text that it has on the wire:

    @button("f:p:{place}:{back}:{first}", opens=True)
    class ShowUnit(Button):
        place: RowId
        back: Back = 0
        first: Position = 0

Who shows it writes `choice(label, ShowUnit(12))`; who answers it stands in a table (`Presses`) and is given the
value. What somebody may have made up (a number that no row can have, letters where digits belong, a place too many)
is refused here and nowhere else: `Presses.read` knows no such button, and the person is told that it is an old one.

The text of a class never changes, for chats keep their messages for years. A button that must say more is a new class
with a new text beside the old one.
"""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from enum import IntEnum, StrEnum
from functools import cached_property
from hashlib import sha256
from typing import (
    Annotated,
    Any,
    ClassVar,
    Final,
    Generic,
    Self,
    TypeVar,
    dataclass_transform,
    get_args,
    get_type_hints,
    overload,
)

from markupsafe import Markup

from handlers.messages import Choice, clip
from handlers.turn import Turn
from plans.period import Period, from_key
from questionnaires.renamed import name_today

MOST_BYTES: Final = 64
"""Telegram gives back no more."""
LABEL: Final = 64
"""How many letters of a label are shown."""

# --- one field ------------------------------------------------------------------------------------------

Value = TypeVar("Value")
DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
"""Numbers are written in base 36, as a button holds 64 bytes."""


@dataclass(frozen=True, slots=True)
class Part(Generic[Value]):
    """How the value of a field is written. `read` raises ValueError where a text that fits the pattern is no value."""

    pattern: str
    longest: int
    """Bytes of the longest text that fits the pattern."""
    read: Callable[[str], Value]
    write: Callable[[Value], str] = str


def to_base36(number: int) -> str:
    """A number that is not negative, in as few letters as a button can afford."""
    text = ""
    while True:
        number, digit = divmod(number, 36)
        text = DIGITS[digit] + text
        if not number:
            return text


def number(digits: int, most: int | None = None) -> Part[int]:
    """A whole number of up to that many digits, not above `most`."""

    def read(text: str) -> int:
        value = int(text)
        if most is not None and value > most:
            raise ValueError(text)
        return value

    return Part(f"[0-9]{{1,{digits}}}", digits, read)


def one_of(values: Iterable[str]) -> Part[str]:
    """One of these words."""
    known = sorted(values, key=len, reverse=True)
    return Part("|".join(map(re.escape, known)), len(known[0]), str)


RowId = Annotated[int, number(18)]
"""The id of a row in decimal digits; every one that is so long fits into the database's integers."""
ShortId = Annotated[int, Part("[0-9a-z]{1,12}", 12, lambda text: int(text, 36), to_base36)]
"""The same with base 36, where space is short."""


def several(digits: int, most: int) -> Part[tuple[int, ...]]:
    """Up to `most` ids, each of up to so many digits with base 36."""
    one = f"[0-9a-z]{{1,{digits}}}"
    longest = most * (digits + 1) - 1
    pattern = rf"{one}(?:\.{one}){{0,{most - 1}}}"
    return Part(pattern, longest, lambda text: tuple(int(id, 36) for id in text.split(".")), joined)


def joined(ids: Iterable[int]) -> str:
    """Some ids as `several` reads them."""
    return ".".join(map(to_base36, ids))


ShortIds = Annotated[tuple[int, ...], several(8, 6)]
"""Up to six such ids; so many reports no database of ours will hold."""
Second = Annotated[int, Part("[0-9a-z]{1,7}", 7, lambda text: int(text, 36), to_base36)]
"""A time in seconds since 1970; every one that is so long is of a year that the clock and the databases know."""
Position = Annotated[int, number(4)]
"""From which line on, or which one."""
Word = Annotated[str, Part(r"[0-9A-Za-z_.*~-]{1,24}", 24, str)]
"""A short name of ours; see `short_name`."""
PeriodKey = Annotated[Period, Part("[0-9A-Z-]{4,12}", 12, from_key, lambda period: period.key)]


FormName = Annotated[str, Part(r"[0-9A-Za-z_.*~-]{1,24}", 24, name_today)]
"""The `short_name` of a questionnaire; what it was called in an earlier release is read as what it is called now."""
Mark = Annotated[str, Part(r"-|[0-9a-z]{1,4}(?:\.[0-9a-z]{1,6}){0,3}", 25, str)]
"""A question of an interview (see `handlers.interviewing.marks`)."""


def short_name(name: str) -> str:
    """A questionnaire's name as a `Word`: itself, or a mark of it where an administrator gave it a long one."""
    if re.fullmatch(r"[0-9A-Za-z_.-]{1,24}", name):
        return name
    # A hash: a name cut short could be that of another questionnaire.
    return "~" + sha256(name.encode()).hexdigest()[:16]


# --- the text of a button -------------------------------------------------------------------------------

TOKEN: Final = re.compile(r"\{(\w+)\}|(\[)|(\])")
"""A field {name} of a text, or a bracket around what may be left out."""


class For(IntEnum):
    """Who may press a button: the less is known of somebody, the fewer they are."""

    STRANGERS = 0
    """Everybody."""
    PERSONS = 1
    """Whoever is or was enrolled: with ended roles too."""
    MEMBERS = 2
    """Whoever holds a role."""


@dataclass(frozen=True)
class Wire:
    """The text of a class of buttons, such as "v:{place}:{standing}[:{first}]".

    What stands in [ ] is left out where its fields have their defaults. Raises ValueError for a text that could be
    longer than `MOST_BYTES`.
    """

    text: str
    parts: Mapping[str, Part[Any]]
    defaults: Mapping[str, Any]

    def __post_init__(self) -> None:
        if set(re.findall(r"\{(\w+)\}", self.text)) != set(self.parts):
            raise ValueError(f"{self.text}: not the fields of its class")
        longest = len(TOKEN.sub("", self.text)) + sum(part.longest for part in self.parts.values())
        if longest > MOST_BYTES:
            raise ValueError(f"{self.text}: up to {longest} bytes")

    def pattern(self) -> re.Pattern[str]:
        """What the text of every such button matches, its fields as groups."""
        pattern, end = "", 0
        for token in TOKEN.finditer(self.text):
            name, opening, _ = token.groups()
            group = f"(?P<{name}>{self.parts[name].pattern})" if name else "(?:" if opening else ")?"
            pattern += re.escape(self.text[end : token.start()]) + group
            end = token.end()
        return re.compile(pattern + re.escape(self.text[end:]), re.ASCII)

    @cached_property
    def forms(self) -> tuple[str, str, tuple[str, ...]]:
        """The text without what may be left out, the whole of it, and the fields of what may be left out."""
        always, _, optional = self.text.rstrip("]").partition("[")
        return always, always + optional, tuple(re.findall(r"\{(\w+)\}", optional))

    def write(self, values: Mapping[str, Any]) -> str:
        """The text with these values."""
        short, whole, optional = self.forms
        wanted = optional and any(values[name] != self.defaults[name] for name in optional)
        written = {name: part.write(values[name]) for name, part in self.parts.items()}
        return (whole if wanted else short).format(**written)

    def read(self, match: re.Match[str]) -> dict[str, Any]:
        """The values in a text that matched. Raises ValueError where one of them cannot be."""
        return {
            name: self.parts[name].read(text) for name, text in match.groupdict().items() if text is not None
        }


class Leads(StrEnum):
    """What the answer to a button shows."""

    WORDS = "words"
    PICTURE = "picture"
    FILE = "file"


class Button:
    """What all buttons have. A class is declared with `button`."""

    __slots__ = ()
    wire: ClassVar[Wire]
    by: ClassVar[For]
    """Who may press it."""
    opens_only: ClassVar[bool]
    lasting: ClassVar[bool]
    """It means the same whatever the database lost: it holds no number of a row that could be another's by now, or
    raises an emergency."""
    reporting: ClassVar[bool]
    """Its answer itself says which interview is under way."""
    leads_to: ClassVar[Leads]
    """What its answer shows beside words; the button is left out where that cannot be seen."""

    @property
    def opens(self) -> bool:
        """Whether it only shows something, or begins what can be left again: part of its label is enough to press it."""
        return self.opens_only

    def __str__(self) -> str:
        """Its text on the wire."""
        return self.wire.write({name: getattr(self, name) for name in self.wire.parts})


Kind = TypeVar("Kind", bound=Button)


@dataclass_transform(frozen_default=True)
def button(
    text: str,
    *,
    opens: bool = False,
    by: For = For.MEMBERS,
    lasting: bool = False,
    reporting: bool = False,
    leads_to: Leads = Leads.WORDS,
) -> Callable[[type[Kind]], type[Kind]]:
    """Declare a class of buttons with this text (see `Wire`); what the rest means stands at `Button`.

    Raises ValueError where the text cannot hold what the fields may say.
    """

    def declare(cls: type[Kind]) -> type[Kind]:
        # With slots, `dataclass` makes a second class; everything below has to use that one.
        made = dataclass(frozen=True, slots=True)(cls)
        hints = get_type_hints(made, include_extras=True)
        parts = {field.name: part_of(hints[field.name]) for field in fields(made)}  # type: ignore[arg-type]
        defaults = {field.name: field.default for field in fields(made) if field.default is not MISSING}  # type: ignore[arg-type]
        made.wire = Wire(text, parts, defaults)
        made.by, made.opens_only, made.lasting, made.reporting = by, opens, lasting, reporting
        made.leads_to = leads_to
        return made

    return declare


def part_of(hint: Any) -> Part[Any]:
    """How a field with this annotation is written: as the annotation says, or as one of the values of an enum."""
    if isinstance(hint, type):
        return Part("|".join(map(re.escape, hint)), max(map(len, hint)), hint)  # type: ignore[call-overload]
    return next(argument for argument in get_args(hint) if isinstance(argument, Part))


def choice(label: str, button: Button, length: int = LABEL) -> Choice:
    """The button as a message shows it, its label cut at `length` letters."""
    if isinstance(label, Markup):
        # Hardly any label has something escaped, and to look is quicker than to take it back.
        label = label.unescape() if "&" in label else str(label)
    return Choice(clip(label, length), str(button))


# --- who answers ----------------------------------------------------------------------------------------

Other = TypeVar("Other", bound=Button)
Third = TypeVar("Third", bound=Button)
Answer = Callable[[Turn, Kind], Awaitable[None]]


class Presses:
    """Which function answers which class of buttons.

    A file of handlers has a table of its own; all of them together are listed in `handlers.tables`.
    """

    def __init__(self) -> None:
        self.answers: dict[type[Button], Answer[Any]] = {}
        self.patterns: dict[str, list[tuple[re.Pattern[str], type[Button]]]] = {}
        """By the first letter of the text."""

    @classmethod
    def of(cls, *tables: "Presses") -> Self:
        """All of these in one. Raises ValueError where two answer the same class."""
        whole = cls()
        for table in tables:
            for kind, answer in table.answers.items():
                whole.add(kind, answer)
        return whole

    @overload
    def on(self, kind: type[Kind], /) -> Callable[[Answer[Kind]], Answer[Kind]]: ...

    @overload
    def on(
        self, kind: type[Kind], other: type[Other], /
    ) -> Callable[[Answer[Kind | Other]], Answer[Kind | Other]]: ...

    @overload
    def on(
        self, kind: type[Kind], other: type[Other], third: type[Third], /
    ) -> Callable[[Answer[Kind | Other | Third]], Answer[Kind | Other | Third]]: ...

    def on(self, *kinds: type[Any]) -> Callable[[Answer[Any]], Answer[Any]]:
        """The decorated function answers buttons of these classes."""

        def register(answer: Answer[Any]) -> Answer[Any]:
            for kind in kinds:
                self.add(kind, answer)
            return answer

        return register

    def add(self, kind: type[Button], answer: Answer[Any]) -> None:
        if kind in self.answers:
            raise ValueError(f"{kind.__name__} has two answers")
        self.answers[kind] = answer
        self.patterns.setdefault(kind.wire.text[0], []).append((kind.wire.pattern(), kind))

    def read(self, data: str) -> Button | None:
        """The button with this text; None where it is none of ours, or none any more."""
        for pattern, kind in self.patterns.get(data[:1], ()):
            match = pattern.fullmatch(data)
            if match is not None:
                # A text that fits but has no valid value is forged, or from an older release: no other class may take it.
                try:
                    return kind(**kind.wire.read(match))
                except ValueError:
                    return None
        return None

    async def answer(self, turn: Turn, button: Button) -> None:
        """Let the function answer that stands for this class. Raises KeyError where there is none."""
        await self.answers[type(button)](turn, button)

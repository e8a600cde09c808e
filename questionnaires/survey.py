"""The sheet survey as its author wrote it: what the headings mean, and what each row is, read once.

Authors write `Begin Group`, `select all that apply from`, `Label :: English`; pyxform takes them all, so whoever looks
at a row before pyxform does has to understand them as well.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

Row = Mapping[str, str]

BEGIN: Final = re.compile(r"begin[\s_]+(group|repeat|loop)\b")
LOOP: Final = re.compile(r"begin[\s_]+loop[\s_]+over[\s_]+(?P<list>\S+)$")
"""A group for each choice of a list."""
RANK: Final = re.compile(r"rank\s+(?P<list>\S+)", re.IGNORECASE)
"""Choices to put in order."""
END: Final = re.compile(r"end[\s_]+(group|repeat|loop)\b")
TYPES: Final = frozenset(
    {"text", "string", "integer", "int", "decimal", "range", "date", "time", "datetime", "note", "calculate", "hidden",
     "image", "photo", "audio", "video", "file",
     "geopoint", "gps", "acknowledge", "trigger", "start", "end", "today", "deviceid", "subscriberid",
     "simserial", "phonenumber", "username", "email"}
)  # fmt: skip
"""The types that pyxform knows and a chat can ask, in small letters."""
SELECTS: Final = re.compile(
    r"(?:select(?:[\s_]+(?:one|multiple|1)|1)?|(?:select[\s_]+all[\s_]+that[\s_]+apply)"
    r"|add[\s_]+select[\s_]+(?:one|multiple)[\s_]+prompt[\s_]+using)"
    r"(?:[\s_]+from)?\s+(?P<list>\S+)(?P<other>[\s_]+(?:or[\s_]+(?:specify[\s_]+)?other))?$"
)
UNASKED: Final = frozenset(
    {"calculate", "hidden", "start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber",
     "username", "email", "audit"}
)  # fmt: skip
"""Types that a person never answers."""
NAME_HEADINGS: Final = ("name", "tag", "value")
"""What the column of names may be called: pyxform takes old spellings too."""
TYPE_HEADINGS: Final = ("type", "command")


@lru_cache(maxsize=1024)
def plain(heading: str) -> str:
    """Return a heading for comparison: `Label :: English` and `label::english` are one."""
    return re.sub(r"\s*(:+)\s*", r"\1", heading.strip().lower()).replace(" ", "_")


def cell(row: Row, *headings: str) -> tuple[str, str]:
    """Return the heading as written and the text of the first of `headings` (without language) that a row fills."""
    for heading, text in row.items():
        if plain(heading) in headings:
            return heading, str(text)
    return "", ""


def choices_named(rows: Iterable[Row], name: str) -> list[str]:
    """The names of the choices of a list, of the rows of the sheet choices."""
    mine = (row for row in rows if cell(row, "list_name", "list")[1].strip() == name)
    return [value for row in mine if (value := cell(row, "name", "value")[1].strip())]


def changed(row: Row, heading: str, text: str) -> Row:
    """`row` with another text under `heading`; without it where there is none."""
    others = {name: value for name, value in row.items() if name != heading}
    return {**others, heading: text} if text else others


def usual_type(written: str) -> str:
    """Return a type as pyxform knows it: a phone or Excel likes to begin a cell with a capital."""
    words = " ".join(written.split())
    lowered = words.lower()
    if choice := SELECTS.match(lowered) or LOOP.match(lowered) or RANK.fullmatch(lowered):
        start, end = choice.span("list")
        return lowered[:start] + words[start:end] + lowered[end:]
    if lowered == "datetime":
        return "dateTime"
    return lowered if lowered in TYPES or BEGIN.match(lowered) or END.match(lowered) else words


@dataclass(frozen=True)
class SurveyRow:
    """One row. `above` are the groups and repeats that are open where it stands, the innermost last."""

    number: int
    cells: Row
    above: tuple["SurveyRow", ...]

    def text(self, *headings: str) -> str:
        """Return what stands under the first of `headings` that is filled, without blanks around it."""
        return cell(self.cells, *headings)[1].strip()

    @cached_property
    def name(self) -> str:
        return self.text(*NAME_HEADINGS)

    @property
    def name_heading(self) -> str:
        """The heading of the name as written; "name" where the cell is empty."""
        return cell(self.cells, *NAME_HEADINGS)[0] or "name"

    @property
    def type_heading(self) -> str:
        return cell(self.cells, *TYPE_HEADINGS)[0]

    @cached_property
    def written_type(self) -> str:
        """The type as written, with single blanks."""
        return " ".join(self.text(*TYPE_HEADINGS).split())

    @cached_property
    def type(self) -> str:
        """The type in small letters; "" where there is none."""
        return self.written_type.lower()

    @cached_property
    def begins(self) -> str:
        """group, repeat or loop where this row opens one, else ""."""
        opening = BEGIN.match(self.type)
        return opening[1] if opening else ""

    @property
    def loops_over(self) -> str:
        """The list that a loop names, in its own letters; "" for other types."""
        loop = LOOP.match(self.type)
        return self.written_type[slice(*loop.span("list"))] if loop else ""

    @property
    def ranks(self) -> str:
        """The list whose choices are to be put in order, in its own letters; "" for other types."""
        rank = RANK.fullmatch(self.written_type)
        return rank["list"] if rank else ""

    @cached_property
    def ends(self) -> str:
        """group, repeat or loop where this row closes one, else ""."""
        closing = END.match(self.type)
        return closing[1] if closing else ""

    @cached_property
    def choice(self) -> re.Match[str] | None:
        """The parts of the type of a choice question."""
        return SELECTS.match(self.type)

    @property
    def list(self) -> str:
        """The list that a choice question names, in its own letters; "" for other types."""
        return self.written_type[slice(*self.choice.span("list"))] if self.choice else ""

    @property
    def offers_other(self) -> bool:
        """Whether the choice "other" is added, and with it a question for what it is."""
        return self.choice is not None and self.choice["other"] is not None

    @property
    def takes_several(self) -> bool:
        """Whether several choices may be taken."""
        return "multiple" in self.type or "all that apply" in self.type.replace("_", " ")

    @property
    def asks(self) -> bool:
        """Whether a person answers it."""
        return self.type not in UNASKED and (
            self.choice is not None or bool(self.ranks) or self.type in TYPES
        )

    @property
    def open_below(self) -> tuple["SurveyRow", ...]:
        """The groups and repeats that are open where the next row stands."""
        if self.ends:
            return self.above[:-1]
        return (*self.above, self) if self.begins else self.above


def survey_rows(numbered: Iterable[tuple[int, Row]]) -> Iterator[SurveyRow]:
    """Give each of the numbered rows with the groups and repeats around it."""
    above: tuple[SurveyRow, ...] = ()
    for number, cells in numbered:
        row = SurveyRow(number, cells, above)
        yield row
        above = row.open_below

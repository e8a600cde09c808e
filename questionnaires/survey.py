"""Read the sheet survey as its author wrote it: what its headings mean, and what each row is.

Authors write `Begin Group`, `select all that apply from` or `Label :: English`, and pyxform accepts them all. So code
that reads rows before pyxform does must understand them too.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

Row = Mapping[str, str]

BEGIN: Final = re.compile(r"begin[\s_]+(group|repeat|loop)\b")
LOOP: Final = re.compile(r"begin[\s_]+loop[\s_]+over[\s_]+(?P<list>\S+)$")
"""The type of a loop, which makes a group for each choice of a list."""
RANK: Final = re.compile(r"rank\s+(?P<list>\S+)", re.IGNORECASE)
"""The type of a question whose choices are put in order."""
END: Final = re.compile(r"end[\s_]+(group|repeat|loop)\b")
TYPES: Final = frozenset(
    {"text", "string", "integer", "int", "decimal", "range", "date", "time", "datetime", "note", "calculate", "hidden",
     "image", "photo", "audio", "video", "file",
     "geopoint", "gps", "acknowledge", "trigger", "start", "end", "today", "deviceid", "subscriberid",
     "simserial", "phonenumber", "username", "email"}
)  # fmt: skip
"""The types that pyxform knows and a chat can handle, in lower case."""
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
"""Possible headings of the column of names: pyxform accepts old ones too."""
TYPE_HEADINGS: Final = ("type", "command")


@lru_cache(maxsize=1024)
def plain(heading: str) -> str:
    """Return a heading in a form for comparison: `Label :: English` and `label::english` are the same."""
    return re.sub(r"\s*(:+)\s*", r"\1", heading.strip().lower()).replace(" ", "_")


def cell(row: Row, *headings: str) -> tuple[str, str]:
    """Return the heading as written and the text of a row's first cell under one of `headings`; "" for none.

    `headings` have the form that `plain` gives.
    """
    for heading, text in row.items():
        if plain(heading) in headings:
            return heading, str(text)
    return "", ""


def choices_named(rows: Iterable[Row], name: str) -> list[str]:
    """Return the names of the choices in a list, from the rows of the sheet choices."""
    mine = (row for row in rows if cell(row, "list_name", "list")[1].strip() == name)
    return [value for row in mine if (value := cell(row, "name", "value")[1].strip())]


def changed(row: Row, heading: str, text: str) -> Row:
    """Return `row` with `text` under `heading`; without that cell if `text` is empty."""
    others = {name: value for name, value in row.items() if name != heading}
    return {**others, heading: text} if text else others


def usual_type(written: str) -> str:
    """Return a type as pyxform spells it: phones and Excel like to begin a cell with a capital."""
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
    """One row. `above` are the rows that opened the groups, repeats and loops around it, the innermost last."""

    number: int
    cells: Row
    above: tuple["SurveyRow", ...]

    def text(self, *headings: str) -> str:
        """Return the text of the first filled cell under one of `headings`, stripped; "" for none."""
        return cell(self.cells, *headings)[1].strip()

    @cached_property
    def name(self) -> str:
        return self.text(*NAME_HEADINGS)

    @property
    def name_heading(self) -> str:
        """The heading of the name as written; "name" if the cell is empty."""
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
        """The type in lower case; "" if there is none."""
        return self.written_type.lower()

    @cached_property
    def begins(self) -> str:
        """What this row opens: group, repeat or loop; "" for nothing."""
        opening = BEGIN.match(self.type)
        return opening[1] if opening else ""

    @property
    def loops_over(self) -> str:
        """The list that a loop names, as written; "" for other types."""
        loop = LOOP.match(self.type)
        return self.written_type[slice(*loop.span("list"))] if loop else ""

    @property
    def ranks(self) -> str:
        """The list whose choices are to be put in order, as written; "" for other types."""
        rank = RANK.fullmatch(self.written_type)
        return rank["list"] if rank else ""

    @cached_property
    def ends(self) -> str:
        """What this row closes: group, repeat or loop; "" for nothing."""
        closing = END.match(self.type)
        return closing[1] if closing else ""

    @cached_property
    def choice(self) -> re.Match[str] | None:
        """The match of a choice question's type, with the groups `list` and `other`; None for other types."""
        return SELECTS.match(self.type)

    @property
    def list(self) -> str:
        """The list that a choice question names, as written; "" for other types."""
        return self.written_type[slice(*self.choice.span("list"))] if self.choice else ""

    @property
    def offers_other(self) -> bool:
        """Whether the type adds the choice "other", and a text question for it."""
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
        """The rows that opened what is still open after this row, the innermost last."""
        if self.ends:
            return self.above[:-1]
        return (*self.above, self) if self.begins else self.above


def survey_rows(numbered: Iterable[tuple[int, Row]]) -> Iterator[SurveyRow]:
    """Yield each of the numbered rows with the groups, repeats and loops around it."""
    above: tuple[SurveyRow, ...] = ()
    for number, cells in numbered:
        row = SurveyRow(number, cells, above)
        yield row
        above = row.open_below

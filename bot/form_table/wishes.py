"""What a reporting table wants to know, and how it is written: units, and words that lead to other lines."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

from questionnaires.answers.phrases import Words
from questionnaires.answers.text import fold
from questionnaires.answers.units import scale_of
from questionnaires.codes import names_code

IN_BRACKETS: Final = re.compile(
    r"(?P<words>.*\S)\s*(?P<mark>[(,])\s*(?:(?:đơn vị tính|đvt)\s*:?\s*)?(?P<unit>[^(),]{1,25}?)\s*\)?\s*",
    re.IGNORECASE,
)
"""Words with their unit behind them: "Diện tích (ha)", "Tổng số hộ (ĐVT: hộ)"."""
LED: Final = re.compile(
    r"(?:trong đó|bao gồm|chia ra|trong đó có)\s*(?:[:,;]\s*|\s+)[-+]?\s*(.+)", re.IGNORECASE
)
COUNTED: Final = re.compile(r"(?:tong )?so(?: luong)? (.+)|tong (ho|nguoi|nhan khau|khau)\b.*")
A_NUMBER_OF: Final = re.compile(r"(?:(?:tổng )?số|sl)(?: .*)?", re.IGNORECASE)
TEXTS: Final = ("text", "date", "has")
"""Kinds of answers that are no number."""


@cache
def tables() -> Words:
    """How offices write such tables."""
    return Words.read(Path(__file__).parents[1] / "words" / "bang-bieu.toml")


@cache
def phrases(table: str) -> Mapping[str, frozenset[str]]:
    """Return the phrases of a table of words by their keys, folded."""
    return {key: frozenset(map(fold, some)) for key, some in tables().lists(table).items()}


@cache
def meanings(table: str) -> Mapping[str, str]:
    """Return what each phrase of a table of words stands for, by the folded phrase."""
    return {phrase: key for key, some in phrases(table).items() for phrase in some}


@cache
def kinds_of_units() -> Mapping[str, str]:
    """Return how answers are read in the units that may be parted: m² and m2 are two."""
    return {unit: kind for kind, units in tables().lists("decimals").items() for unit in units}


@cache
def things() -> frozenset[str]:
    """Return the units of what is counted one by one, as they are spelt: bộ is a unit, bò is none."""
    return frozenset(tables().lists("things")["phrases"])


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing that a table wants to know."""

    where: str
    """The number of the row, or the letter of the column, that it stands in."""
    words: str
    unit: str = ""
    kind: str = ""
    """How its answers are read, as in `bind::ask`; "" where that is not known."""
    within: tuple[str, ...] = ()
    """The headings above it, the outermost first."""
    whole: int | None = None
    """The place among the wishes of what it is, or may be, a part of."""
    sure: bool = False
    """Whether it is a part of that without doubt."""
    otherwise: str = "decimal"
    """How its answers are read as long as nothing says it."""
    called: str = ""
    """Its words with those of what it stands below: "Tổng số hộ – hộ nghèo"."""

    @property
    def label(self) -> str:
        return self.called or self.words

    @property
    def read_as(self) -> str:
        return self.kind or self.otherwise

    @property
    def is_number(self) -> bool:
        return self.read_as not in TEXTS

    @property
    def doubts(self) -> list[str]:
        """The keys of the sentences that say what somebody should decide."""
        doubts = []
        if not self.kind:
            doubts.append("unit" if self.is_number else "words")
        if self.kind == "rate":
            doubts.append("share")
        if self.whole is not None and not self.sure:
            doubts.append("part")
        return doubts

    def below(self, place: int, parent: "Wish", *, sure: bool) -> "Wish":
        """Return the same as standing below the wish at `place`, of which it may be a part if both count the same."""
        called = f"{parent.label} – {self.words}"
        same = self.unit == parent.unit and self.is_number and self.kind not in ("", "rate")
        return replace(self, called=called, whole=place if same else None, sure=sure)


def leads(text: str) -> bool:
    """Whether a line only leads to those below it: "Trong đó:"."""
    return fold(text) in meanings("leads")


def is_whole(text: str) -> bool:
    """Whether a heading is of the column that has all: "Tổng số"."""
    return fold(text) in meanings("whole")


def begun(text: str, table: str, among: Collection[str] = ()) -> str:
    """Return the key of the first list of a table with which a text begins, perhaps only `among` some; "" for none."""
    lists = (item for item in phrases(table).items() if not among or item[0] in among)
    return next((key for key, starts in lists if begins(text, starts)), "")


def begins(text: str, starts: Collection[str]) -> bool:
    """Whether a text begins with one of some folded phrases."""
    return any(f"{fold(text)} ".startswith(f"{start} ") for start in starts)


def unit_named(written: str) -> str:
    """Return a unit as it is written here: "Tr.đ" is triệu đồng, "Hộ" is hộ."""
    known = meanings("units").get(fold(written))
    plain = written.strip(" .:;")
    return known or (plain.lower() if plain[1:] == plain[1:].lower() else plain)


def own_unit(written: str, said: str) -> tuple[str, str]:
    """Return the unit of a line, and its words without it: from its own cell, or behind the words; "" for none."""
    bracket = IN_BRACKETS.fullmatch(said)
    behind = unit_named(bracket["unit"]) if bracket else ""
    units = {*phrases("units"), *kinds_of_units(), *phrases("counted"), *things()}
    if bracket and bracket["mark"] == ",":
        # "Lu, bể" are two things, "Diện tích, ha" one in a unit.
        units = set(kinds_of_units())
    if written:
        return unit_named(written), bracket["words"] if bracket and behind == unit_named(written) else said
    return (behind, bracket["words"]) if bracket and behind in units else ("", said)


def kind_of(said: str, unit: str) -> tuple[str, str]:
    """Return how the answers to a line are read, and in which unit; "" where nothing says it."""
    if unit == "người" and begun(said, "asked", ("text",)):
        return "text", ""
    if unit:
        return kind_of_unit(unit), "" if unit == "có/không" else unit
    kind = begun(said, "asked")
    if kind:
        return kind, "%" if kind == "rate" else ""
    if names_code(said):
        return "text", ""
    counted = counted_unit(said)
    return ("count", counted) if counted else ("", "")


def kind_by_title(said: str, unit: str) -> tuple[str, str]:
    """Return how the answers to a line without a unit of its own are read if a title gives the unit.

    What counts people, households or things is not in the money of the title.
    """
    counts = A_NUMBER_OF.fullmatch(said) and not begins(said, meanings("sums"))
    return ("", "") if counts and unit.endswith("đồng") else kind_of(said, unit)


def why_left(levels: Sequence[str], lists: Collection[str] = ()) -> str:
    """Return why nobody is asked about a column with these headings, the outermost first; "" if somebody is.

    Planned and earlier figures are told by any of them. `lists`: only these of the outermost one's reasons count.
    """
    first, *inner = levels
    alone = (meanings("left_alone").get(fold(level), "") for level in levels)
    within = (begun(level, "left", ("plan", "before")) for level in inner)
    return next(filter(None, (begun(first, "left", lists), *alone, *within)), "")


def kind_of_unit(unit: str) -> str:
    """Return how an answer in a unit is read; whole numbers unless the unit may be parted."""
    if unit == "có/không":
        return "has"
    if unit != "đồng" and scale_of(unit):
        return "decimal"  # of nghìn con there may be 0,45
    return "money_vnd" if unit == "đồng" else kinds_of_units().get(unit, "count")


def counted_unit(said: str) -> str:
    """Return what "Số hộ nghèo" counts: hộ; "" for what does not say it."""
    counted = COUNTED.fullmatch(fold(said))
    things = meanings("counted")
    behind = next(filter(None, counted.groups())) if counted else ""
    longest = max((thing for thing in things if f"{behind} ".startswith(f"{thing} ")), key=len, default="")
    return things[longest] if longest else ""


def kind_alone(said: str) -> tuple[str, str]:
    """Return how the answers are read to words that count something without "Số", and in which unit: "Hộ nghèo", "Lợn".

    They count as they are spelt: "Hỗ trợ" is no "hộ". "" where the words count nothing.
    """
    spelt = f"{said.lower()} "
    lists = tables().lists("counted_alone").items()
    begun_with = (unit for unit, things in lists for one in things if re.match(rf"{one}[ ,:(]", spelt))
    unit = next(begun_with, "")
    return ("count", unit) if unit else ("", "")


def kind_told(said: str, unit: str) -> tuple[str, str]:
    """Return how the answers to words are read, by their unit or themselves, also where they count without "Số"."""
    kind, own = kind_of(said, unit)
    return (kind, own) if kind else kind_alone(said)


def is_money(levels: Sequence[str]) -> bool:
    """Whether the headings of a column say that it holds money, whatever its rows count."""
    return any(begun(level, "money") for level in levels)

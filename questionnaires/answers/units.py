"""Tables of the units and things that may be said with a number, built once for each kind of question and unit."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from typing import Final

from questionnaires.answers import words
from questionnaires.answers.quantities import UnitWord
from questionnaires.answers.reading import AnswerKind
from questionnaires.answers.tokens import Table

SCALES: Final = {"nghìn": 10**3, "ngàn": 10**3, "triệu": 10**6, "million": 10**6, "tỷ": 10**9, "tỉ": 10**9}
"""Words that a unit may begin with, and people repeat with the number: of triệu đồng, "30.891 triệu" is 30.891."""


def scale_of(unit: str) -> int | None:
    """Return how many things one of `unit` is, such as 1,000 for "nghìn con"; None for one."""
    scale, _, things = unit.strip().lower().partition(" ")
    return SCALES.get(scale) if things else None


@lru_cache(maxsize=256)
def things_of(unit: str) -> Table[bool]:
    """Return the table of the words for what a unit with a scale counts: "đ" and "vnđ" of triệu đồng."""
    things = unit.strip().lower().partition(" ")[2]
    return Table(dict.fromkeys((*words.names_of("đồng" if things == "dong" else things), things), True))


FACTORS: Final[Mapping[AnswerKind, Mapping[str, Decimal]]] = {
    AnswerKind.AREA: {"ha": Decimal(1), "m2": Decimal("0.0001")},
    AnswerKind.RATE: {"%": Decimal(1)},
    AnswerKind.MONEY: {"đồng": Decimal(1)},
}
"""By kind, the units that it may be given in, each as a factor of the stored unit. Other kinds have their question's."""


@lru_cache(maxsize=256)
def units_for(kind: AnswerKind, unit: str) -> Table[UnitWord]:
    """Return the table of all known units, with those that the question asks for marked as asked."""
    factors = FACTORS.get(kind) or {unit.strip().lower(): Decimal(1)}
    asked = {
        name: UnitWord(asked=True, factor=factor)
        for said, factor in factors.items()
        for name in words.names_of(said)
        if said
    }
    others = dict.fromkeys((*chain.from_iterable(words.SAME.values()), *words.OTHERS), UnitWord(asked=False))
    # The asked units come first, to win over equal phrases, and again last, to overwrite the others.
    return Table({**asked, **others, **asked})


@lru_cache(maxsize=256)
def things_for(kind: AnswerKind, unit: str) -> Table[bool]:
    """Return the table of things that "không có … nào" may deny for this kind and unit."""
    names = words.names_of(unit.strip().lower())
    people = ("ai",) if {"người", "khẩu", *words.CHILDREN} & set(names) else ()
    return Table(dict.fromkeys((*names, *people, *words.NEUTRAL_THINGS), True))

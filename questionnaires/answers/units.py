"""The units and things that may be said with a number, as tables made once for each question's kind and unit."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from typing import Final

from questionnaires.answers import words
from questionnaires.answers.quantities import UnitWord
from questionnaires.answers.reading import AnswerKind
from questionnaires.answers.tokens import Table

SCALES: Final = {"nghìn đồng": 10**3, "triệu đồng": 10**6, "million dong": 10**6, "tỷ đồng": 10**9}
"""Units of money whose own word may be said with the number: "30.891 triệu" of triệu đồng is 30.891."""


FACTORS: Final[Mapping[AnswerKind, Mapping[str, Decimal]]] = {
    AnswerKind.AREA: {"ha": Decimal(1), "m2": Decimal("0.0001")},
    AnswerKind.RATE: {"%": Decimal(1)},
    AnswerKind.MONEY: {"đồng": Decimal(1)},
}
"""The units in which a kind of quantity may be given, in what is stored; the others have that of their question."""


@lru_cache(maxsize=256)
def units_for(kind: AnswerKind, unit: str) -> Table[UnitWord]:
    """All known units, those that `kind` asks for marked as such."""
    factors = FACTORS.get(kind) or {unit.strip().lower(): Decimal(1)}
    asked = {
        name: UnitWord(asked=True, factor=factor)
        for said, factor in factors.items()
        for name in words.names_of(said)
        if said
    }
    others = dict.fromkeys((*chain.from_iterable(words.SAME.values()), *words.OTHERS), UnitWord(asked=False))
    # What is asked comes first, where two phrases would do, and stays asked where it is among the others too.
    return Table({**asked, **others, **asked})


@lru_cache(maxsize=256)
def things_for(kind: AnswerKind, unit: str) -> Table[bool]:
    """What may be missing in "không có … nào"."""
    names = words.names_of(unit.strip().lower())
    people = ("ai",) if {"người", "khẩu", *words.CHILDREN} & set(names) else ()
    return Table(dict.fromkeys((*names, *people, *words.NEUTRAL_THINGS), True))

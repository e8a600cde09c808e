"""Units of targets: how many of a figure's unit are one of the unit that a sheet is written in."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from questionnaires.answers.text import fold
from questionnaires.answers.units import scale_of
from questionnaires.label_units import measure_in

PER_HEAD: Final = re.compile(r"(.+?) ?/ ?(?:người|khẩu|đầu người)(?: ?/ ?năm)?", re.IGNORECASE)
MEASURES: Final[Mapping[str, tuple[Decimal, str]]] = {
    "ha": (Decimal(10_000), "m2"),
    "km2": (Decimal(1_000_000), "m2"),
    "km": (Decimal(1000), "m"),
    "tấn": (Decimal(1000), "kg"),
    "tạ": (Decimal(100), "kg"),
}


def times(written: str, unit: str) -> Decimal | None:
    """Return how many of `unit` one of what is written is: 1,000 triệu đồng are a tỷ đồng; None if it is something else."""
    if is_unit(written, unit):
        return Decimal(1)
    mine, own = parted_unit(written), parted_unit(unit)
    return mine[0] / own[0] if mine[1] == own[1] else None


def parted_unit(unit: str) -> tuple[Decimal, str]:
    """Return how many a unit is of something, and of what: "tỷ đồng" is a milliard of đồng, "ha" 10,000 of m2."""
    known = measure_in(unit) or unit
    if known in MEASURES:
        return MEASURES[known]
    scale = scale_of(known)
    return (Decimal(scale), fold(known.partition(" ")[2])) if scale else (Decimal(1), fold(known))


def is_unit(written: str, unit: str) -> bool:
    """Whether what is written is the name of a unit, or its sign."""
    return fold(written) == fold(unit) or (written, unit) == ("phần trăm", "%")


def of_times(value: Decimal | None, by: Decimal) -> Decimal | None:
    """Return a number in a unit of which there are so many."""
    return None if value is None else (value * by).normalize() + 0


def per_head(written: str) -> str:
    """Return a unit for each person, or year, without that it is: "triệu đồng" of "triệu đồng/người/năm"."""
    told = PER_HEAD.fullmatch(written)
    return told[1] if told else written

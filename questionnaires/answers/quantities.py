"""Choose, among the quantities that were said, the one that answers, and compute its value in the unit asked for."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from questionnaires.answers.numerals import Numeral
from questionnaires.answers.reading import AnswerDoubt, AnswerKind

WHOLE: Final = ("", "whole", "grouped", "groups")
THREE_BEHIND: Final = ("comma3", "comma30")
"""Shapes of figures that are whole numbers in any language's notation."""
SMALL_MONEY: Final = 100_000
"""Below this many đồng, an amount without unit may be meant in nghìn or triệu."""

BARE_HECTARES: Final = 1000
"""From this many hectares on, an area without unit may be meant in square metres."""

LARGEST_RATE: Final = 100
"""A share cannot exceed the whole, in percent."""


class UnitWord(NamedTuple):
    """The unit after a number: one that is `asked` for, which is `factor` times the stored unit, or another."""

    asked: bool
    factor: Decimal = Decimal(1)


class Quantity(NamedTuple):
    """A number with its unit, if one was said."""

    numeral: Numeral
    unit: UnitWord | None
    estimate: bool


def asked_of(quantities: Sequence[Quantity]) -> list[Quantity]:
    """Return the quantities in a unit that is asked for."""
    return [quantity for quantity in quantities if quantity.unit and quantity.unit.asked]


def chosen(quantities: list[Quantity]) -> Quantity:
    """Return the quantity that answers. Raises AnswerDoubt if there is none, or if several differ."""
    asked = asked_of(quantities)
    bare = [quantity for quantity in quantities if quantity.unit is None]
    if not asked and not bare:
        raise AnswerDoubt("other_unit" if quantities else "not_a_number")
    # "5 hộ 20 khẩu 3": beside numbers with other units, a bare number may be anything.
    beside_others = not asked and len(quantities) > len(bare)
    if beside_others or is_repeated(bare):
        raise AnswerDoubt("two_numbers")
    return agreed(asked + bare)


def agreed(quantities: Sequence[Quantity]) -> Quantity:
    """Return the quantity that all of them give. Raises AnswerDoubt if they differ."""
    first, *others = quantities
    if not all(agrees(first, other) for other in others):
        raise AnswerDoubt("two_numbers")
    return first._replace(estimate=any(quantity.estimate for quantity in quantities))


def is_repeated(bare: Sequence[Quantity]) -> bool:
    """Whether a number was repeated in the same way. Once in words and once in figures is a single answer."""
    return len(bare) > 1 and len({quantity.numeral.worded for quantity in bare}) == 1


def agrees(first: Quantity, other: Quantity) -> bool:
    """Whether two quantities are the same."""
    same_unit = other.unit is None or other.unit == first.unit
    return same_unit and other.numeral.value == first.numeral.value


def count_of(quantity: Quantity) -> Decimal:
    """A whole number. 1,234 is doubtful, 25,0 and 25.5 are refused."""
    numeral = quantity.numeral
    value = numeral.value
    if numeral.sign:
        raise AnswerDoubt("no_unit", values=(value,))
    if numeral.shape in THREE_BEHIND:
        values = (value * 1000,) if not numeral.scaled else ()
        raise AnswerDoubt("grouping", values=values)
    if not numeral.scaled:
        look_at_figures(numeral)
    elif numeral.shape in ("grouped", "dotted", "dotted3") or value % 1:
        raise AnswerDoubt("grouping")
    return value


def measure_of(quantity: Quantity) -> Decimal:
    """A number that may have decimals; a dot with three digits is doubtful."""
    numeral = quantity.numeral
    if numeral.sign:
        raise AnswerDoubt("no_unit")
    if numeral.shape in ("grouped", "dotted3"):
        values = (numeral.value, numeral.value / 1000) if is_plainly_grouped(quantity) else ()
        raise AnswerDoubt("grouping", values=values)
    look_at_english(quantity)
    return numeral.value


def look_at_english(quantity: Quantity) -> None:
    """Doubt a comma that may group thousands: "1,200" of Excel in English. Raises AnswerDoubt."""
    value, unit = quantity.numeral.value, quantity.unit
    if quantity.numeral.shape == "comma30":
        raise AnswerDoubt(
            "grouping", values=(value * 1000, value) if unit is None or unit.factor == 1 else ()
        )


def is_plainly_grouped(quantity: Quantity) -> bool:
    """Whether thousands are grouped, and neither a word for a power of ten nor a larger unit is said."""
    numeral, unit = quantity.numeral, quantity.unit
    return numeral.shape == "grouped" and not numeral.scaled and (unit is None or unit.factor == 1)


def rate_of(quantity: Quantity) -> Decimal:
    """Percent points. Below 1 the sign must be there: 0,9 may be 0,9 % or 90 %."""
    # Thousands of a hundred are no share, so no comma groups them here.
    value = quantity.numeral.value if quantity.numeral.shape == "comma30" else measure_of(quantity)
    if value > LARGEST_RATE:
        raise AnswerDoubt("too_large")
    if quantity.unit is None and 0 < value < 1:
        raise AnswerDoubt("rate_below_one", values=(value, value * 100))
    return value


def area_of(quantity: Quantity) -> Decimal:
    """Hectares; a bare large number may be square metres."""
    value = measure_of(quantity)
    if quantity.unit is None and value >= BARE_HECTARES:
        raise AnswerDoubt("no_unit", values=(value / 10000, value))
    return value * quantity.unit.factor if quantity.unit else value


def money_of(quantity: Quantity) -> Decimal:
    """Đồng. A small bare amount may be nghìn or triệu."""
    numeral = quantity.numeral
    value = numeral.value
    if numeral.scaled:
        if numeral.shape in ("grouped", "dotted3"):
            raise AnswerDoubt("grouping")
        look_at_english(quantity)
    else:
        look_at_figures(numeral)
    if value % 1:
        raise AnswerDoubt("not_whole")
    if quantity.unit is None and not numeral.scaled:
        look_at_bare_money(value)
    return value


def look_at_figures(numeral: Numeral) -> None:
    """Refuse figures that stand alone and are not a whole number. Raises AnswerDoubt."""
    if numeral.shape in THREE_BEHIND:
        raise AnswerDoubt("grouping", values=(numeral.value * 1000,))
    if numeral.shape not in WHOLE:
        raise AnswerDoubt("not_whole")


def look_at_bare_money(value: Decimal) -> None:
    """Refuse an amount so small that its thousands or millions may have been left out. Raises AnswerDoubt."""
    if 0 < value < SMALL_MONEY:
        bare = (value,) if value >= 1000 else ()
        raise AnswerDoubt("no_unit", values=(value * 1000, value * 1_000_000, *bare))


VALUES: Final[dict[AnswerKind, Callable[[Quantity], Decimal]]] = {
    AnswerKind.COUNT: count_of,
    AnswerKind.RATE: rate_of,
    AnswerKind.AREA: area_of,
    AnswerKind.MONEY: money_of,
    AnswerKind.DECIMAL: measure_of,
}

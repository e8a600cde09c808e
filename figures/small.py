"""Small numbers: what reveals one or two households of a village stays in the village and its commune.

A figure is withheld from everybody else if its numerator, its complement or its denominator is below 3. Others are
withheld with it, so that nobody can subtract it from a total (`figures.withheld`; statistics offices call this
complementary suppression). A total small enough to reveal its villages is treated like one of them. What is counted of
villages themselves (a village hall, a road) is about nobody and always shown.
"""

from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import Final

from figures.counted import Counted
from figures.view import View
from plans.covered import Change
from plans.indicator import Indicator
from plans.rollup import Figure
from questionnaires.answers import AnswerKind
from storage import ledger
from storage.places import stands
from storage.tables import Level, Place

SMALL: Final = 3
"""A number above 0 and below this is about one or two households, whom their neighbours would recognise."""
FEWEST: Final = 3
"""A total of fewer villages is one village's own number, or tells whoever knows one of two the other's."""
PEOPLE: Final = frozenset(("hộ", "nhà", "người", "em", "cặp"))
"""Units in which people and households are counted; for shares, the denominator's decides."""


async def tells_of_people(view: View, indicator: Indicator) -> bool:
    """Whether a village's figure is a number of people or households, or a share of them."""
    if indicator.level != Level.VILLAGE:
        return False
    if not indicator.rate:
        return indicator.unit["vi"] in PEOPLE
    asked = await view.library.questions(view.session)
    wholes = (question for question in asked if question.name in indicator.denominator)
    return any(question.kind is AnswerKind.COUNT for question in wholes)


async def is_near(view: View, place: Place) -> bool:
    """Whether somebody holds a role at the village or its commune, or at the commune itself."""
    own = {role.place_id for role in view.roles}
    if place.level != Level.VILLAGE:
        return place.level == Level.COMMUNE and place.id in own
    return place.id in own or bool(own.intersection(await commune_of(view, place)))


async def commune_of(view: View, village: Place) -> list[int]:
    """The commune that a village lies in; of one that was closed, the commune that its numbers count in today.

    Whoever held the one that it lay in before would learn from the totals there what the villages beside it have.
    """
    if stands(village, view.today):
        above = await view.session.places.ancestors(village.id, view.today)
        return [unit.id for unit in above[:1]]
    return await commune_counted_in(view, village)


async def commune_counted_in(view: View, village: Place) -> list[int]:
    """The commune in which the numbers of a closed village count today."""
    way = (await ledger.way_of(view.session, village.id)).on(view.today.toordinal())
    known = [await view.session.places.get(id) for id in sorted(way)]
    return [unit.id for unit in known if unit is not None and unit.level == Level.COMMUNE]


def counted_in(indicator: Indicator, locale: str) -> str:
    """The unit of an indicator's numbers, in which they may be small; "" for a share, which has several."""
    return "" if indicator.rate else indicator.unit_name(locale)


def is_small_sum(number: Decimal, unit: str) -> bool:
    """Whether the sum of a question's answers, counted in `unit` (in Vietnamese), is about one or two people."""
    return unit in PEOPLE and is_small_number(number)


def is_small_number(number: Decimal) -> bool:
    """Whether a number, of whatever is counted, is about one or two."""
    return 0 < number < SMALL


def tells_of_villages(counted: Counted) -> bool:
    """Whether a total reveals small numbers of its villages.

    It does if it is the small number of the only village that reported. It also does if it leaves each of them fewer
    than `SMALL` possible numbers, or, since each is at least 1, none.
    """
    return counted.covered.known > 0 and is_small(value_of(counted))


def villages_in(counted: Counted) -> int:
    """From how many places a unit's value (`value_of`) comes."""
    is_older = counted.older and counted.figure.numerator is None
    return counted.older.known if counted.older and is_older else counted.covered.known


def value_of(counted: Counted) -> Figure:
    """What is known of a unit: its figure, or, if it has not reported, the newest earlier one, which its total contains."""
    return counted.older.figure if counted.older and counted.figure.numerator is None else counted.figure


def is_in(change: Change) -> bool:
    """Whether one end of a change is a small number."""
    return is_small(change.now) or is_small(change.before)


def with_covers(
    unknown: Collection[Figure],
    others: Mapping[int, Figure],
    are_open: Callable[[Collection[Figure]], bool] | None = None,
) -> set[int]:
    """The units to withhold beside the `unknown` numbers, so that the sum of all of them leaves them unknown.

    The smallest come first, because they are missed least. One with 0, in the part or the rest, hides the others least
    and comes last.
    """
    numbers, covers = list(unknown), set[int]()
    waiting = sorted(
        others, key=lambda id: (not others[id].numerator, rest_of(others[id]) == 0, others[id].numerator, id)
    )
    is_enough = are_open or leaves_open
    while numbers and waiting and not is_enough(numbers):
        covers.add(cover := waiting.pop(0))
        numbers.append(others[cover])
    return covers


def leaves_open(figures: Collection[Figure]) -> bool:
    """Whether the sum of these figures leaves each small number among them uncertain by at least `SMALL`.

    Each number is at least 0, and a small one at least 1. Knowing that, a reader finds each of them between 1 and the
    sum less one for every other. So the sum must exceed the count by at least `SMALL`, in each of the numerator,
    complement and denominator that has a small number.
    """
    if len(figures) == 1 and any(map(is_small, figures)):
        return False
    columns = zip(*map(numbers_of, figures), strict=True)
    return all(column_leaves_open([number for number in column if number is not None]) for column in columns)


def leaves_units_open(figures: Collection[Figure]) -> bool:
    """The same for sums of whole units, each with small numbers inside: the sum of a single one would be told.

    Together a unit's numbers are at least 1; nobody knows in which of its villages.
    """
    columns = zip(*map(numbers_of, figures), strict=True)
    return all(column_leaves_units_open([number for number in column if number]) for column in columns)


def column_leaves_units_open(numbers: Collection[Decimal]) -> bool:
    """The same for the numerators, complements or denominators alone, if there are any."""
    return not numbers or (len(numbers) > 1 and sum(numbers) - len(numbers) >= SMALL)


def added(figures: Collection[Figure]) -> Figure:
    """The sum of some figures of one indicator: numerators and denominators added."""
    wholes = [figure.denominator for figure in figures if figure.denominator is not None]
    parts = [figure.numerator for figure in figures if figure.numerator is not None]
    return Figure("", None, sum(parts, Decimal(0)), sum(wholes, Decimal(0)) if wholes else None)


def column_leaves_open(numbers: Collection[Decimal]) -> bool:
    """The same for the numerators, complements or denominators alone."""
    some = [number for number in numbers if number > 0]
    return not any(number < SMALL for number in some) or sum(some) - len(some) >= SMALL


def is_small(figure: Figure) -> bool:
    """Whether a figure is about one or two households: in its numerator, complement or denominator."""
    return any(number is not None and is_small_number(number) for number in numbers_of(figure))


def numbers_of(figure: Figure) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """The numbers of a figure that can be small: numerator, complement and denominator."""
    return figure.numerator, rest_of(figure), figure.denominator


def rest_of(figure: Figure) -> Decimal | None:
    """A share's complement, as a number; None for what is no share."""
    part, whole = figure.numerator, figure.denominator
    return whole - part if whole is not None and part is not None else None

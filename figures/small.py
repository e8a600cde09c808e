"""Small numbers: what tells of one or two households in a village stays in the village and its commune.

A figure is kept back from everybody else when its part, its rest or its whole is below 3. Others are kept back with it, so
that nobody takes the rest from a total (`figures.withheld`). A total that is itself so small tells of its villages, and is
treated like them. What is counted of villages themselves (a village hall, a road) tells of nobody and is always shown.
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
from storage.tables import Level, Place

SMALL: Final = 3
"""A number above 0 and below this tells of one or two households, whom their neighbours would recognise."""
PEOPLE: Final = frozenset(("hộ", "nhà", "người", "em", "cặp"))
"""Units in which people and their households are counted; of shares, what they are a share of decides."""


async def tells_of_people(view: View, indicator: Indicator) -> bool:
    """Whether a village's figure is a number of people or households, or a share of them."""
    if indicator.level != Level.VILLAGE:
        return False
    if not indicator.rate:
        return indicator.unit["vi"] in PEOPLE
    active = await view.library.active_forms(view.session)
    asked = (question for _, form in active.values() for question in form.questions)
    return any(
        question.kind is AnswerKind.COUNT and question.name in indicator.denominator for question in asked
    )


async def is_near(view: View, place: Place) -> bool:
    """Whether somebody holds a role at the village or its commune, or at the commune itself."""
    own = {role.place_id for role in view.roles}
    if place.level != Level.VILLAGE:
        return place.level == Level.COMMUNE and place.id in own
    above = await view.session.places.ancestors(place.id, view.today)
    return place.id in own or bool(above[:1] and above[0].id in own)


def counted_in(indicator: Indicator, locale: str) -> str:
    """In what the numbers of an indicator are counted that may be small; "" for a share, which has several."""
    return "" if indicator.rate else indicator.unit_name(locale)


def is_small_sum(number: Decimal, unit: str) -> bool:
    """Whether the sum of a question's answers, counted in `unit` (in Vietnamese), tells of one or two people."""
    return unit in PEOPLE and 0 < number < SMALL


def tells_of_villages(counted: Counted) -> bool:
    """Whether a total tells small numbers of the villages in it.

    It does where it is the small number of the only one that has reported. And where it is so small that it leaves
    each of them less than `SMALL` numbers, or, all of them being at least 1, none.
    """
    return counted.covered.known > 0 and is_small(value_of(counted))


def value_of(counted: Counted) -> Figure:
    """What is known of a unit: its figure, or where it has not reported the newest one before, which its total holds."""
    return counted.older.figure if counted.older and counted.figure.numerator is None else counted.figure


def is_in(change: Change) -> bool:
    """Whether an end of a change is a small number."""
    return is_small(change.now) or is_small(change.before)


def with_covers(
    unknown: Collection[Figure],
    others: Mapping[int, Figure],
    are_open: Callable[[Collection[Figure]], bool] | None = None,
) -> set[int]:
    """Which of some others are kept back beside the `unknown` numbers, so that the sum of all leaves them open.

    The smallest go first, for they are missed least. Who has 0, in the part or the rest, tells the least about the
    others' sum, and comes last.
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
    """Whether the sum of these figures tells none of the small numbers among them to within less than `SMALL`.

    Each number is at least 0 and, where it is small, at least 1; somebody who knows that of all of them finds each
    between 1 and the sum less one for each other. So the sum has to be larger than the count by `SMALL` at least, in
    each of the three numbers of which one is small: part, rest and whole.
    """
    if len(figures) == 1 and any(map(is_small, figures)):
        return False
    columns = zip(*map(numbers_of, figures), strict=True)
    return all(column_leaves_open([number for number in column if number is not None]) for column in columns)


def leaves_units_open(figures: Collection[Figure]) -> bool:
    """The same of sums of whole units, each of which holds small numbers: of one alone the sum would be told.

    What is in a unit is at least 1 together; nobody knows in which of its villages.
    """
    columns = zip(*map(numbers_of, figures), strict=True)
    return all(column_leaves_units_open([number for number in column if number]) for column in columns)


def column_leaves_units_open(numbers: Collection[Decimal]) -> bool:
    """The same of the parts, the rests or the wholes by themselves, as far as there are any."""
    return not numbers or (len(numbers) > 1 and sum(numbers) - len(numbers) >= SMALL)


def added(figures: Collection[Figure]) -> Figure:
    """Some figures of one indicator in one number; their parts and wholes added up."""
    wholes = [figure.denominator for figure in figures if figure.denominator is not None]
    parts = [figure.numerator for figure in figures if figure.numerator is not None]
    return Figure("", None, sum(parts, Decimal(0)), sum(wholes, Decimal(0)) if wholes else None)


def column_leaves_open(numbers: Collection[Decimal]) -> bool:
    """The same of the parts, the rests or the wholes by themselves."""
    some = [number for number in numbers if number > 0]
    return not any(number < SMALL for number in some) or sum(some) - len(some) >= SMALL


def is_small(figure: Figure) -> bool:
    """Whether a figure tells of one or two households: in the part, in the rest or in the whole."""
    return any(number is not None and 0 < number < SMALL for number in numbers_of(figure))


def numbers_of(figure: Figure) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """What can be small in a figure: the part, the rest and the whole."""
    return figure.numerator, rest_of(figure), figure.denominator


def rest_of(figure: Figure) -> Decimal | None:
    """How many of a share's whole are not; None of what is no share."""
    part, whole = figure.numerator, figure.denominator
    return whole - part if whole is not None and part is not None else None

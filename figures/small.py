"""Small numbers: what tells of one or two households in a village stays in the village and its commune.

A figure is kept back from everybody else when its part, its rest or its whole is below 3. Further villages of the
commune are kept back with it, so that nobody takes the others' figures from the commune's total. A total that is itself
so small tells of its villages, and is treated like them. What is counted of villages
themselves (a village hall, a road) tells of nobody and is always shown.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final

from figures.counted import Counted
from figures.counting import count
from figures.sources import FigureDays, Groups, Source, source_of
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


async def telling_of_people(view: View, ids: Iterable[str]) -> set[str]:
    """Those of some indicators that tell of people, by their ids."""
    indicators = view.plans.indicators
    return {id for id in ids if await tells_of_people(view, indicators[id])}


async def is_near(view: View, place: Place) -> bool:
    """Whether somebody holds a role at the village or its commune, or at the commune itself."""
    own = {role.place_id for role in view.roles}
    if place.level != Level.VILLAGE:
        return place.level == Level.COMMUNE and place.id in own
    above = await view.session.places.ancestors(place.id, view.today)
    return place.id in own or bool(above[:1] and above[0].id in own)


async def neighbours(view: View, village: Place) -> dict[int, set[int]]:
    """The villages of a village's commune, itself among them, each as a group of its own."""
    above = await view.session.places.ancestors(village.id, view.today)
    ids = {village.id}
    if above:
        ids |= set(await view.session.places.ids_below(above[0].id, Level.VILLAGE, view.today))
    return {id: {id} for id in ids}


async def is_kept_back(view: View, source: Source, place: Place, span: FigureDays) -> bool:
    """Whether a village's figure is not for this person."""
    if not await tells_of_people(view, source.indicator) or await is_near(view, place):
        return False
    return place.id in kept_back(await count(view, source, await neighbours(view, place), span))


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


async def sum_tells(view: View, source: Source, commune: Place, span: FigureDays) -> bool:
    """Whether a commune's total gives away a small number, because too little is kept back beside it."""
    ids = await view.session.places.ids_below(commune.id, Level.VILLAGE, view.today)
    counted = await count(view, source, {id: {id} for id in ids}, span)
    hidden = [value_of(counted[id]) for id in kept_back(counted)]
    return bool(hidden) and not leaves_open(hidden)


def value_of(counted: Counted) -> Figure:
    """What is known of a unit: its figure, or where it has not reported the newest one before, which its total holds."""
    return counted.older.figure if counted.older and counted.figure.numerator is None else counted.figure


async def seen(view: View, indicator: Indicator, place: Place, change: Change | None) -> Change | None:
    """As much of a place's change as is for this person: nothing where an end of it tells a small number."""
    if change is None or not (is_in(change) or is_new(change)) or await is_near(view, place):
        return change
    return told_of(change) if await tells_of_people(view, indicator) else change


def told_of(change: Change) -> Change | None:
    """A change without the small number of those that are new; None where one of its ends is small."""
    return None if is_in(change) else replace(change, of_new=None)


def is_in(change: Change) -> bool:
    """Whether an end of a change is a small number."""
    return is_small(change.now) or is_small(change.before)


def is_new(change: Change) -> bool:
    """Whether those that are new have a small number."""
    return change.of_new is not None and is_small(change.of_new)


async def of_village(view: View, village: Place, indicators: Iterable[Indicator]) -> frozenset[str]:
    """Which of a village's figures, of this period or of the one before, are not for this person."""
    if await is_near(view, village):
        return frozenset()
    beside = await neighbours(view, village)
    hidden = [
        indicator.id for indicator in indicators if await is_hidden_lately(view, village, indicator, beside)
    ]
    return frozenset(hidden)


async def is_hidden_lately(view: View, village: Place, indicator: Indicator, beside: Groups) -> bool:
    """Whether a village's figure of this period or of the one before stays in its commune: the villages `beside`."""
    source = await source_of(view, indicator) if await tells_of_people(view, indicator) else None
    if source is None:
        return False
    now = source.now(view.today)
    return any(
        [village.id in kept_back(await count(view, source, beside, span)) for span in (now, now.before())]
    )


async def among(view: View, above: Collection[Place], counted: Mapping[int, Counted]) -> set[int]:
    """The villages of `counted`, which lie in `above`, whose figures are not for this person, commune by commune."""
    own = {role.place_id for role in view.roles}
    hidden: set[int] = set()
    for commune in await communes_of(view, above) - own:
        ids = await view.session.places.ids_below(commune, Level.VILLAGE, view.today)
        hidden |= kept_back({id: counted[id] for id in ids if id in counted})
    return hidden - own


async def communes_of(view: View, some: Collection[Place]) -> set[int]:
    """The communes that lie in some places, or in which they lie."""
    communes: set[int] = set()
    for place in some:
        if place.level == Level.VILLAGE:
            way = await view.session.places.ancestors(place.id, view.today)
            communes |= {unit.id for unit in way[:1]}
        else:
            under = await view.session.places.below(place.id, Level.COMMUNE, view.today)
            communes |= {unit.id for unit in under} or {place.id}
    return communes


def kept_back(villages: Mapping[int, Counted]) -> set[int]:
    """Whose figures nobody outside their commune sees, of one commune's villages.

    What is kept back together leaves their sum: the commune's total without the villages that are shown. So the smallest
    others are kept back too, until that sum leaves every small number among them open (`leaves_open`).
    """
    values = {id: value_of(village) for id, village in villages.items()}
    known = {id: figure for id, figure in values.items() if figure.numerator is not None}
    hidden = {id for id, figure in known.items() if is_small(figure)}
    others = covers({id: figure for id, figure in known.items() if may_cover(villages[id])})
    while others and hidden and not leaves_open([known[id] for id in hidden]):
        hidden.add(others.pop(0))
    return hidden


def covers(figures: Mapping[int, Figure]) -> list[int]:
    """Which villages are kept back beside the small ones, the smallest first.

    One that reported 0 of something tells the least about the others' sum: it comes last.
    """
    large = {id: figure for id, figure in figures.items() if not is_small(figure)}
    return sorted(large, key=lambda id: (not large[id].numerator, large[id].numerator, id))


def may_cover(village: Counted) -> bool:
    """Whether a village's figure, kept back too, covers others.

    One that has not reported this period does not: its older number, which the sum holds, may have been shown with its
    own period.
    """
    return village.period is not None or village.older is None


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


def column_leaves_open(numbers: Collection[Decimal]) -> bool:
    """The same of the parts, the rests or the wholes by themselves."""
    return not any(0 < number < SMALL for number in numbers) or sum(numbers) - len(numbers) >= SMALL


def is_small(figure: Figure) -> bool:
    """Whether a figure tells of one or two households: in the part, in the rest or in the whole."""
    return any(number is not None and 0 < number < SMALL for number in numbers_of(figure))


def numbers_of(figure: Figure) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """What can be small in a figure: the part, the rest and the whole."""
    part, whole = figure.numerator, figure.denominator
    return part, whole - part if whole is not None and part is not None else None, whole

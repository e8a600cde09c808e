"""How many of something the villages around have for each household, to check a first answer against.

These are a commune's other villages; while too few of them have answered, those of the district or the province too.
Otherwise, when all begin at once, nobody's first answer could be checked. Only the shares leave this file, without
place names: villages must not read each other's numbers.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Final

from figures.view import View
from plans.period import Period, from_key
from storage import figures
from storage.figures import ReportedValue
from storage.tables import Level, Place

NEAR: Final = timedelta(days=400)
"""A report older than this says nothing about today."""
MOST: Final = 1000
"""How many villages are looked at: a median needs no more."""
EXACT: Final = Decimal("0.0001")


async def shares_nearby(
    view: View, place: Place, questions: Sequence[str], households: Sequence[str], period: Period
) -> dict[str, list[Decimal]]:
    """By question, the shares of the villages that answered it, smallest first; empty for a larger unit.

    `households` names the questions in use that ask for the number of households.
    """
    left = {name for name in questions if name not in households}
    rule = view.plans.challenges.neighbours
    if place.level != Level.VILLAGE or rule is None or not left or not households:
        return {}
    enough: dict[str, list[Decimal]] = {}
    for unit in await view.session.places.ancestors(place.id, view.today):
        if not left:
            break
        around = await villages_in(view, unit, place)
        shares = await shares_in(view, around, sorted(left), households, period)
        enough |= {name: sorted(some) for name, some in shares.items() if len(some) >= rule.villages}
        left -= enough.keys()
    return enough


async def shares_in(
    view: View, villages: Sequence[int], asked: Sequence[str], households: Sequence[str], period: Period
) -> dict[str, list[Decimal]]:
    """By question, the shares of those of some villages that answered it."""
    known = await figures.latest(view.session, villages, [*asked, *households], max(view.today, period.end))
    shares: dict[str, list[Decimal]] = {}
    for values in known.values():
        lately = {name: one.number for name, one in values.items() if is_near(one, period)}
        for name, share in shares_of(lately, asked, households).items():
            shares.setdefault(name, []).append(share)
    return shares


async def villages_in(view: View, unit: Place, place: Place) -> list[int]:
    """The other villages of a unit that a village lies in; none of the nation's, which are not around it."""
    if unit.level == Level.NATION:
        return []
    below = await view.session.places.ids_below(unit.id, Level.VILLAGE, view.today)
    return sorted(below - {place.id})[:MOST]


def shares_of(
    numbers: Mapping[str, Decimal], asked: Sequence[str], households: Sequence[str]
) -> dict[str, Decimal]:
    """For each question, how many there are for each household of a village; empty if its households are unknown."""
    whole = next((numbers[name] for name in households if name in numbers), None)
    if not whole:
        return {}
    return {name: (numbers[name] / whole).quantize(EXACT) for name in asked if name in numbers}


def is_near(value: ReportedValue, period: Period) -> bool:
    """Whether a value is recent enough to say something about `period`."""
    return from_key(value.period).end + NEAR >= period.start

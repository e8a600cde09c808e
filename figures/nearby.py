"""How many there are of something for each household in a commune's other villages: a first answer is held against it.

Only shares come from here, without a place: which village has how many is not for its neighbours to read.
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
"""What was reported longer ago says nothing about today."""
EXACT: Final = Decimal("0.0001")


async def shares_nearby(
    view: View, place: Place, questions: Sequence[str], households: Sequence[str], period: Period
) -> dict[str, list[Decimal]]:
    """By question the shares of the villages that answered it, the smallest first; nothing for a larger unit.

    `households` are the questions in use that ask how many households there are.
    """
    asked = [name for name in questions if name not in households]
    if place.level != Level.VILLAGE or not asked or not households:
        return {}
    others, until = await villages_around(view, place), max(view.today, period.end)
    known = await figures.latest(view.session, others, [*asked, *households], until)
    shares: dict[str, list[Decimal]] = {}
    for values in known.values():
        lately = {name: one.number for name, one in values.items() if is_near(one, period)}
        for name, share in shares_of(lately, asked, households).items():
            shares.setdefault(name, []).append(share)
    return {name: sorted(some) for name, some in shares.items()}


async def villages_around(view: View, place: Place) -> list[int]:
    """The other villages of a village's commune."""
    above = await view.session.places.ancestors(place.id, view.today)
    if not above:
        return []
    return sorted(await view.session.places.ids_below(above[0].id, Level.VILLAGE, view.today) - {place.id})


def shares_of(
    numbers: Mapping[str, Decimal], asked: Sequence[str], households: Sequence[str]
) -> dict[str, Decimal]:
    """How many there are of each for each household of a village; nothing where its households are not known."""
    whole = next((numbers[name] for name in households if name in numbers), None)
    if not whole:
        return {}
    return {name: (numbers[name] / whole).quantize(EXACT) for name in asked if name in numbers}


def is_near(value: ReportedValue, period: Period) -> bool:
    """Whether a value is young enough to say something of `period`."""
    return from_key(value.period).end + NEAR >= period.start

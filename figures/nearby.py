"""How many of something a commune's other villages have for each household, to check a first answer against.

Only the shares leave this file, without place names: villages must not read each other's numbers.
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
EXACT: Final = Decimal("0.0001")


async def shares_nearby(
    view: View, place: Place, questions: Sequence[str], households: Sequence[str], period: Period
) -> dict[str, list[Decimal]]:
    """By question, the shares of the villages that answered it, smallest first; empty for a larger unit.

    `households` names the questions in use that ask for the number of households.
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
    """For each question, how many there are for each household of a village; empty if its households are unknown."""
    whole = next((numbers[name] for name in households if name in numbers), None)
    if not whole:
        return {}
    return {name: (numbers[name] / whole).quantize(EXACT) for name in asked if name in numbers}


def is_near(value: ReportedValue, period: Period) -> bool:
    """Whether a value is recent enough to say something about `period`."""
    return from_key(value.period).end + NEAR >= period.start

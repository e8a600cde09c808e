"""How many there are of something for each household in a commune's other villages: a first answer is held against it.

Only shares come from here, without a place: which village has how many is not for its neighbours to read.
"""

from collections.abc import Sequence
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
    above = await view.session.places.ancestors(place.id, view.today)
    others = await view.session.places.ids_below(above[0].id, Level.VILLAGE, view.today) if above else ()
    until = max(view.today, period.end)
    villages = await figures.latest(
        view.session, sorted({*others} - {place.id}), [*asked, *households], until
    )
    shares: dict[str, list[Decimal]] = {}
    for values in villages.values():
        lately = {name: one for name, one in values.items() if is_near(one, period)}
        whole = next((lately[name].number for name in households if name in lately), None)
        for name in asked if whole else ():
            if name in lately and whole:
                shares.setdefault(name, []).append((lately[name].number / whole).quantize(EXACT))
    return {name: sorted(some) for name, some in shares.items()}


def is_near(value: ReportedValue, period: Period) -> bool:
    """Whether a value is young enough to say something of `period`."""
    return from_key(value.period).end + NEAR >= period.start

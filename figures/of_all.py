"""A number as a share of all households, where its own questionnaire does not ask how many there are.

Another questionnaire does (`Indicator.whole`), and its newest number is the whole, with its date. Like with like: both are
of the same villages. Nothing is said of the share while one of these has no whole.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from figures import small
from figures.single import ByPlace, Single, given
from figures.sources import Source, source_of
from figures.view import View
from plans.indicator import Indicator
from plans.minority import MINORITY
from plans.period import Period
from storage.tables import Place

MOST: Final = 3_000
"""Of more villages the single reports are not looked at."""
ZERO: Final = Decimal(0)


@dataclass(frozen=True)
class ShareOfAll:
    """How many are a part `of` all, in how many places, by their newest wholes up to `until`; so many lack theirs."""

    of: Indicator
    part: Decimal
    whole: Decimal
    places: int
    until: Period
    lacking: int


def whole_for(view: View, indicator: Indicator) -> Indicator | None:
    """What counts all of which an indicator counts some; None where nothing does, or it is a share itself."""
    if indicator.rate or indicator.whole or not indicator.stock:
        return None
    of_minority = MINORITY in indicator.name("vi")
    wholes = (one for one in view.plans.indicators.values() if one.whole)
    alike = (one for one in wholes if (one.level, one.unit["vi"]) == (indicator.level, indicator.unit["vi"]))
    return next((one for one in alike if (MINORITY in one.name("vi")) is of_minority), None)


async def share_of_all(
    view: View, source: Source, place: Place, told: Decimal, until: date
) -> ShareOfAll | None:
    """The share of `told`, which is a place's number at the end of a day; None where it cannot be said, or not to this
    reader."""
    whole = whole_for(view, source.indicator)
    asked = await source_of(view, whole) if whole else None
    group = await view.session.places.ids_below(place.id, source.indicator.level, view.today)
    if whole is None or asked is None or not 0 < len(group) <= MOST:
        return None
    parts = given(group, await Single(view, source, {place.id: group}).standing(until))
    wholes = given(group, await Single(view, asked, {place.id: group}).standing(until))
    # The ledger's number holds also what closed villages said, which nobody can be asked the whole of.
    if sum_of(parts, parts) != told or not wholes or await tells_small(view, place, parts, wholes):
        return None
    both = parts.keys() & wholes.keys()
    newest = max((wholes[one].period for one in wholes), key=lambda period: period.end)
    lacking = len(parts) - len(both)
    return ShareOfAll(whole, told, sum_of(wholes, both), len(both), newest, lacking)


async def tells_small(view: View, place: Place, parts: ByPlace, wholes: ByPlace) -> bool:
    """Whether the wholes of just these places would tell a small one to a reader from outside."""
    if await small.is_near(view, place):
        return False
    others = sum_of(wholes, wholes.keys() - parts.keys())
    return any(small.is_small(one.figure) for one in wholes.values()) or ZERO < others < small.SMALL


def sum_of(rows: ByPlace, places: Collection[int]) -> Decimal:
    """What some places said together."""
    return sum((rows[place].figure.numerator or ZERO for place in places), ZERO)

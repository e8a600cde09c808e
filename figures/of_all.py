"""A number as a share of all households, where its own questionnaire does not ask how many there are.

Another questionnaire does (`Indicator.whole`), and its newest number is the whole, with its date. Like with like: both are
of the same villages. Nothing is said of the share while one of these has no whole.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from figures.discretion import Discretion
from figures.ground import below
from figures.single import ByPlace, Single, given
from figures.sources import Source, source_of
from plans.indicator import Indicator
from plans.period import Period
from storage.tables import Place

MOST: Final = 3_000
"""Of more villages the single reports are not looked at."""
ZERO: Final = Decimal(0)


@dataclass(frozen=True)
class ShareOfAll:
    """How many are a part `of` all, in how many places, by their newest wholes up to `until`; and how many lack theirs."""

    of: Indicator
    part: Decimal
    whole: Decimal
    places: int
    until: Period
    lacking: int


async def shares_of_all(
    discretion: Discretion, source: Source, told: Sequence[tuple[Place, Decimal]], until: date
) -> dict[int, ShareOfAll]:
    """By unit the share of its number, which was `told` at the end of a day; left out where it cannot be said, or not to
    this reader."""
    view = discretion.view
    whole = view.plans.whole_of(source.indicator)
    asked = await source_of(view, whole) if whole else None
    groups = await below(view.session, tuple(unit.id for unit, _ in told), source.indicator.level, view.today)
    villages = set().union(*groups.values())
    if whole is None or asked is None or not 0 < len(villages) <= MOST:
        return {}
    parts = await Single(view, source, groups).standing(until)
    wholes = await Single(view, asked, groups).standing(until)
    shares: dict[int, ShareOfAll] = {}
    for unit, number in told:
        some, all_ = given(groups[unit.id], parts), given(groups[unit.id], wholes)
        # The ledger's number holds also what closed villages said, which nobody can be asked the whole of.
        if sum_of(some, some) != number or not all_:
            continue
        one = share(whole, number, some, all_)
        if not await discretion.hides_any_of(asked, unit, one.until):
            shares[unit.id] = one
    return shares


def share(whole: Indicator, part: Decimal, parts: ByPlace, wholes: ByPlace) -> ShareOfAll:
    """What a unit's number is a part of: the wholes of the same places."""
    both = parts.keys() & wholes.keys()
    newest = max((wholes[one].period for one in wholes), key=lambda period: period.end)
    return ShareOfAll(whole, part, sum_of(wholes, both), len(both), newest, len(parts) - len(both))


def sum_of(rows: ByPlace, places: Collection[int]) -> Decimal:
    """What some places said together."""
    return sum((rows[place].figure.numerator or ZERO for place in places), ZERO)

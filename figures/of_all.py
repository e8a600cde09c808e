"""A number as a share of all households, if its own questionnaire does not ask for their number.

Another questionnaire does (`Indicator.whole`); its newest number is the denominator, and is told with its date. Both
are of the same villages: there is no share while one of them has no denominator.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from figures.alike import others
from figures.discretion import Discretion
from figures.expected import Expected
from figures.ground import below
from figures.single import ByPlace, Single, given
from figures.sources import Groups, Source, source_of
from figures.view import View
from plans.period import Period
from storage.tables import Place

MOST: Final = 3_000
"""With more villages than this, single reports are not read."""
ZERO: Final = Decimal(0)


@dataclass(frozen=True)
class ShareOfAll:
    """The part of all that a questionnaire counts (`of`), from how many places, with denominators from up to `until`; and
    how many places lack theirs."""

    of: Source
    part: Decimal
    whole: Decimal
    places: int
    until: Period
    lacking: int


async def shares_of_all(
    discretion: Discretion, source: Source, told: Sequence[tuple[Place, Decimal]], until: date
) -> dict[int, ShareOfAll]:
    """By unit, the share for the number `told` at the end of a day; left out if it is unknown or this reader may not
    see it."""
    view = discretion.view
    whole = view.plans.whole_of(source.indicator)
    asked = await source_of(view, whole) if whole else None
    groups: Groups = await below(
        view.session, tuple(unit.id for unit, _ in told), source.indicator.level, view.today
    )
    villages = set().union(*groups.values())
    if whole is None or asked is None or not 0 < len(villages) <= MOST:
        return {}
    groups = await Expected.by(view, source).on(groups, until)
    parts = await Single(view, source, groups).standing(until)
    asked, wholes = await first_reported(view, [asked, *await others(view, asked)], groups, until)
    shares: dict[int, ShareOfAll] = {}
    for unit, number in told:
        some, all_ = given(groups[unit.id], parts), given(groups[unit.id], wholes)
        # The number told may include others; then nobody knows the denominator for exactly these.
        if sum_of(some, some) != number or not all_:
            continue
        one = share(asked, number, some, all_)
        if not await discretion.hides_any_of(asked, unit, one.until):
            shares[unit.id] = one
    return shares


async def first_reported(
    view: View, sources: Sequence[Source], groups: Groups, until: date
) -> tuple[Source, ByPlace]:
    """The first of the questionnaires asking the same number that anybody had reported to by a day, and its numbers."""
    for source in sources:
        rows = await Single(view, source, groups).standing(until)
        if given(rows, rows):
            return source, rows
    return sources[0], {}


def share(whole: Source, part: Decimal, parts: ByPlace, wholes: ByPlace) -> ShareOfAll:
    """The denominator for a unit's number: the sum of the same places."""
    both = parts.keys() & wholes.keys()
    newest = max((wholes[one].period for one in wholes), key=lambda period: period.end)
    return ShareOfAll(whole, part, sum_of(wholes, both), len(both), newest, len(parts) - len(both))


def sum_of(rows: ByPlace, places: Collection[int]) -> Decimal:
    """The sum of what some places reported."""
    return sum((rows[place].figure.numerator or ZERO for place in places), ZERO)

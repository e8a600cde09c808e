"""Places that ended while something was asked: what they said for a period at whose end it no longer counted.

They were dissolved, or an heir has since reported on their ground (`figures.expected`). Such a report is in no stock,
although it is among those that came for the period. Code that tells how many have reported subtracts it, and code that
tells a change knows that one end holds what the other does not.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal

from figures.coverage import Owed
from figures.expected import Expected
from figures.single import Single, those_given
from figures.sources import Source
from figures.view import View
from plans.indicator import Indicator
from plans.period import Period
from plans.rollup import Figure, figure
from storage import figures, submissions
from storage.ledger import NOTHING, Total


async def ended_within(
    view: View, source: Source, units: Collection[int], period: Period
) -> dict[int, Total]:
    """Return, by unit, what places said for a period at whose end it no longer counted; units without any are left out."""
    closed = await Expected.by(view, source).unheard(units, period)
    if not closed:
        return {}
    alone = {place: {place} for place in frozenset().union(*closed.values())}
    said = await Single(view, source, alone).said_in([period.key])
    figures = {place: [row.figure for row in those_given(rows)] for place, rows in said.items()}
    return {
        unit: total_of([one for place in places for one in figures.get(place, ())])
        for unit, places in closed.items()
    }


async def reported_twice(view: View, owed: Owed, unit: int) -> dict[str, Total]:
    """Return what such places in a unit said for a period, by "?question", indicator and "" for the reports.

    What is counted anew each period is left out: it was done in each place's own time.
    """
    gone = await Expected(view, owed.entry.level, (owed.form.name,)).unheard([unit], owed.period)
    reports = await submissions.current_for(
        view.session, gone.get(unit, frozenset()), owed.form.name, owed.period.key
    )
    if not reports:
        return {}
    fed = view.plans.fed_by(owed.form.question_names)
    said: dict[str, list[Figure]] = {"": [Figure("", None)] * len(reports)}
    for values in (await figures.of_submissions(view.session, {one.id for one in reports})).values():
        for name, given in lasting_of(values, fed):
            said.setdefault(name, []).append(given)
    return {name: total_of(some) for name, some in said.items()}


def lasting_of(values: Mapping[str, Decimal], fed: Sequence[Indicator]) -> Iterator[tuple[str, Figure]]:
    """What one report says that is no flow: each question as "?question", and each indicator that it gives."""
    for name in values.keys() - flows_in(fed):
        yield f"?{name}", Figure("", None, values[name])
    for one in fed:
        if one.stock and (given := figure(one, values)).numerator is not None:
            yield one.id, given


def flows_in(fed: Sequence[Indicator]) -> set[str]:
    """The questions of those indicators that are counted anew each period."""
    return {name for one in fed if not one.stock for name in one.questions}


def total_of(figures: Collection[Figure]) -> Total:
    """Some places' figures as the ledger adds them up."""
    numerator = sum((one.numerator or NOTHING.numerator for one in figures), NOTHING.numerator)
    denominator = sum((one.denominator or NOTHING.denominator for one in figures), NOTHING.denominator)
    return Total(len(figures), numerator, denominator)

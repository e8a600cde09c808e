"""Single works beside figures: one that a plan names, told to those on whose ground it is, since only the province
reports how far it is; and those at a standstill beside their number, which counts the communes' alone."""

from markupsafe import Markup

from figures import access
from figures.named_works import lies_in
from figures.sources import FigureDays, Source, span_of
from figures.works import COUNTS_STUCK
from handlers.asking.asked import Asked
from handlers.screens import works
from plans.target import CommitmentKind
from reports.progress import value_text
from storage import places
from storage.tables import Place


async def told(asked: Asked, place: Place, source: Source, span: FigureDays) -> Markup | None:
    """What the unit above says of a work that stands on the ground of `place`; None if no plan names one there."""
    if not is_here(asked, place, source.indicator.id):
        return None
    above = await asked.viewer.session.places.ancestors(place.id, asked.viewer.today)
    owner = next((unit for unit in above if unit.level == source.indicator.level), None)
    if owner is None:
        return None
    counted = await asked.counted(source, owner, span)
    if counted.period is None and counted.older is not None:
        counted = await asked.counted(source, owner, span_of(counted.older.period))
    if counted.period is None:
        return None
    value, period = value_text(asked.line(source, counted), asked.viewer.say), span_of(counted.period)
    name = places.own_name(owner)
    return asked.viewer.say("asking.work_above", place=name, value=value, period=asked.label(period))


def is_here(asked: Asked, place: Place, indicator: str) -> bool:
    """Whether a plan has a work that is measured by an indicator and lies, by its clause, in a place."""
    plans = asked.viewer.plans
    rows = plans.targets_of(indicator, plans.programmes.values())
    return any(lies_in(row, place) for row in rows if row.kind is CommitmentKind.WORKS)


async def stuck(asked: Asked, place: Place, source: Source) -> list[Markup]:
    """The works at a standstill, by the newest reports of everybody who reports works, where their number is told."""
    counts = any(name.endswith(COUNTS_STUCK) for name in source.indicator.numerator)
    if not counts or asked.query.periods or await access.visible(asked.viewer, place.id) is None:
        return []
    return await works.stuck(asked.viewer, place)

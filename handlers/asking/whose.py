"""Whose an amount is that a plan sets: the place's own, or that of the larger unit for which the plan was made.

What a province is to support in a year is no district's duty, unless its clause names the district.
"""

from collections.abc import Iterable, Iterator

from markupsafe import Markup

from figures.programmes import holdings_on
from handlers.asking.asked import Asked
from handlers.asking.clauses import Clause
from handlers.viewer import Viewer
from handlers.wording import Wording
from plans.programme import Programme
from plans.target import Target
from queries.frames import Plan
from queries.where import level_of
from questionnaires.answers.places import Unit
from questionnaires.answers.text import fold
from reports.progress import unit_text
from storage.tables import Place


async def made_for(viewer: Viewer, place: Place) -> frozenset[str]:
    """The plans, by id, that were made for a place itself, or for the former unit that it was."""
    way = [place, *await viewer.session.places.ancestors(place.id, viewer.today)]
    return frozenset(one.programme.id for one in await holdings_on(viewer, way) if one.is_owned(place))


def owner(viewer: Viewer, programme: Programme) -> Markup:
    """The unit for which a plan was made: "tỉnh Bắc Kạn (cũ)"."""
    unit = programme.covers[0]
    return unit_text(unit.level, unit.name, viewer.say, former=unit.former)


def of_larger_unit(asked: Asked, query: Plan, clauses: Iterable[Clause]) -> Iterator[Markup]:
    """Say that the amounts in some clauses of one plan are those of a larger unit than the place asked about, if so."""
    unit = place_asked(asked, query)
    shared = [
        clause for clause in clauses if clause.row and is_shared(asked, unit, clause.programme, clause.row)
    ]
    if query.about == "target" and shared:
        whole = owner(asked.viewer, shared[0].programme)
        yield asked.viewer.say("planned.of_larger", owner=whole, place=f"{unit.kind} {unit.name}")


def place_asked(asked: Asked, query: Plan) -> Unit:
    """The place asked about, otherwise the asker's own."""
    id = next(iter(query.places), asked.ground.asker.place)
    return asked.ground.gazetteer.units[id]


def is_shared(asked: Asked, unit: Unit, programme: Programme, row: Target) -> bool:
    """Whether a row is an amount for a larger unit around this one, and does not name this one itself."""
    gazetteer = asked.ground.gazetteer
    if not row.comparator.counted_up or programme.is_for(level_of(unit), unit.name):
        return False
    around = (gazetteer.units[id] for id in gazetteer.above(unit) if id in gazetteer.units)
    named = fold(unit.name) in fold(f"{row.statement} {row.scope}")
    return not named and any(programme.is_for(level_of(one), one.name) for one in around)


def allotted(asked: Asked, target: Target, *, own: bool) -> Markup:
    """What a plan allots, without what was reached; or, if it is not the place's `own`, that it is the larger unit's."""
    viewer = asked.viewer
    say, plan = viewer.say, viewer.plans.programmes[target.plan]
    amount = say(f"progress.wanted.{target.comparator}", value=target.value, unit=target.unit)
    source = source_of(say, plan.title(viewer.locale), target.clause)
    if own:
        return say("asking.allotted", wanted=amount, source=source)
    until = say("progress.until", year=str(target.year_due)) if target.year_due else Markup()
    return say("progress.quota", owner=owner(viewer, plan), wanted=amount, until=until, source=source)


def source_of(say: Wording, plan: str, clause: str) -> Markup:
    """The plan and the clause that a target stands in."""
    return say("progress.source", plan=plan, clause=clause)

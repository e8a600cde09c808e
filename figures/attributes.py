"""Which units count for a target about some units only: in the minorities' area, rural, specially disadvantaged …

A village inherits its commune's attributes, and a commune its province's, unless its own are recorded; last, the type
of a unit may decide. A unit about which nothing is known does not count, and the reader of the figure is told. Units,
what they lie in and their attributes are those of the day to which the target applies. So the result of a target that
is over does not change when places merge later.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select

from figures.view import View
from plans.attribute import Attribute
from storage import ledger, place_marks
from storage.places import PlaceTree
from storage.tables import Level, Place

HasIt = bool | None
"""Whether a unit has an attribute; None if nobody knows."""


@dataclass(frozen=True, slots=True)
class Split:
    """The units of a ground, by whether they have an attribute."""

    having: frozenset[int]
    lacking: frozenset[int]
    unknown: frozenset[int]
    within: Mapping[int, int]
    """For each of them the unit of today that it went into, or itself."""

    @property
    def everywhere(self) -> bool:
        """Whether all have it, or no unit is known; then the ground's own figure is meant."""
        return not self.lacking and not self.unknown

    @property
    def nowhere(self) -> bool:
        """Whether none has it; then the target does not apply to the ground."""
        return bool(self.lacking) and not self.having and not self.unknown


async def split_by(view: View, attribute: Attribute, root: int, level: str, on: date) -> Split:
    """The units of a level on the ground of `root`, as they stood on a day, by whether they had an attribute then."""
    said = await place_marks.standing(view.session, attribute.id, on)
    kinds = await kinds_of_communes(view) if attribute.kinds else {}
    units = await view.session.places.ids_below(root, level, view.today)
    now = await view.session.places.tree(view.today)
    then, within = await tree_then(view, units, level, on)
    by_answer: dict[HasIt, set[int]] = {}
    for unit in within:
        # Of a unit opened later, into which nothing went, nobody knows where it lay: it is looked up where it lies now.
        tree = then if unit in then.level else now
        by_answer.setdefault(has(attribute, unit, tree, said, kinds), set()).add(unit)
    having, lacking, unknown = (frozenset(by_answer.get(answer, ())) for answer in (True, False, None))
    return Split(having, lacking, unknown, within)


async def tree_then(
    view: View, units: Collection[int], level: str, on: date
) -> tuple[PlaceTree, dict[int, int]]:
    """The tree of a day, and what some units were in it, each with the unit of today that it went into."""
    then = await view.session.places.tree(min(on, view.today))
    if on < view.today:
        return then, await stood_then(view, units, level, then)
    return then, {unit: unit for unit in units}


async def stood_then(view: View, units: Collection[int], level: str, then: PlaceTree) -> dict[int, int]:
    """What some units of a level were on the day of a tree, each with the unit of today that it went into.

    A unit that was opened later and that nothing went into stands for itself.
    """
    entered = await view.session.places.entered(level)
    within: dict[int, int] = {}
    for unit in units:
        before = await ledger.came_into(view.session, unit) if unit in entered else ()
        stood = [one for one in (unit, *before) if then.level.get(one) == level]
        within |= dict.fromkeys(stood or [unit], unit)
    return within


def has(
    attribute: Attribute, unit: int, tree: PlaceTree, said: Mapping[int, bool], kinds: Mapping[int, str]
) -> HasIt:
    """Whether one unit has an attribute: by its own record or that of the nearest unit above, otherwise by its type."""
    way = [unit, *tree.way_up(unit)]
    written = (said[number] for number in way if number in said)
    by_kind = (attribute.kinds[kind] for number in way if (kind := kinds.get(number, "")) in attribute.kinds)
    return next(written, next(by_kind, None))


async def kinds_of_communes(view: View) -> Mapping[int, str]:
    """The type word of each commune."""

    async def ask() -> Mapping[int, str]:
        communes = select(Place.id, Place.kind).where(col(Place.level) == Level.COMMUNE)
        return dict((await view.session.exec(communes)).all())

    return await view.session.places.remember("kinds of communes", ask)

"""Which units count for a target about some units only: in the minorities' area, rural, specially disadvantaged …

A village inherits its commune's attributes, and a commune its province's, unless its own are recorded; last, the type
of a unit may decide. A unit about which nothing is known does not count, and the reader of the figure is told. Units
are today's; attributes are those of the day to which the target applies.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select

from figures.view import View
from plans.attribute import Attribute
from storage import place_marks
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

    @property
    def everywhere(self) -> bool:
        """Whether all have it, or no unit is known; then the ground's own figure is meant."""
        return not self.lacking and not self.unknown

    @property
    def nowhere(self) -> bool:
        """Whether none has it; then the target does not apply to the ground."""
        return bool(self.lacking) and not self.having and not self.unknown


async def split_by(view: View, attribute: Attribute, root: int, level: str, on: date) -> Split:
    """The units of a level on the ground of `root`, by whether they have an attribute on a day."""
    units = await view.session.places.ids_below(root, level, view.today)
    said = await place_marks.standing(view.session, attribute.id, on)
    kinds = await kinds_of_communes(view) if attribute.kinds else {}
    tree = await view.session.places.tree(view.today)
    by_answer: dict[HasIt, set[int]] = {}
    for unit in units:
        by_answer.setdefault(has(attribute, unit, tree, said, kinds), set()).add(unit)
    having, lacking, unknown = (frozenset(by_answer.get(answer, ())) for answer in (True, False, None))
    return Split(having, lacking, unknown)


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

"""What is approved and locked of the reports that came in: "số liệu Phủ Thông đã duyệt chưa", "còn gì chờ duyệt"."""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from markupsafe import Markup

from figures import access
from figures.awaiting import LATELY
from handlers.asking import said
from handlers.asking.asked import BELOW, Asked, help_button
from handlers.menu import named
from handlers.messages import Reply, Rows, column
from handlers.screens.checking import ShowAwaiting, locking_button
from handlers.viewer import Viewer
from queries.frames import Missing
from storage import approvals, places
from storage.approvals import Approvals
from storage.tables import Level, Place

SHOWN: Final = 12
"""The most units in one answer."""


class UnitApprovals(NamedTuple):
    """How far the reports of a unit, and of the villages below it, are approved."""

    unit: Place
    approvals: Approvals

    @property
    def waiting(self) -> int:
        """How many are not approved."""
        return self.approvals.reports - self.approvals.approved


async def show(asked: Asked, query: Missing, place: Place) -> Reply:
    """How many reports are approved and locked: of the place, and of each unit below it, what waits most first."""
    viewer = asked.viewer
    whole, *units = await known_of(asked, query, (place, *await units_below(asked, query, place)))
    shown = sorted((one for one in units if one.approvals.reports), key=lambda one: -one.waiting)
    lines = [
        told(asked, "asking.approved", whole, when(viewer, query)),
        *(told(asked, "asking.approved_unit", one) for one in shown[:SHOWN]),
    ]
    if len(shown) > SHOWN:
        lines.append(viewer.say("asking.approved_more", n=len(shown) - SHOWN))
    return Reply(Markup("\n").join(lines), ways_on(asked))


async def known_of(asked: Asked, query: Missing, units: Sequence[Place]) -> list[UnitApprovals]:
    """How far the reports of units are approved: of the first, which holds the others, and of each of those."""
    viewer = asked.viewer
    first, last = query.periods[0] if query.periods else (viewer.today - LATELY, date.max)
    groups = [await reporters(viewer, unit) for unit in units]
    known = await approvals.of_all_forms(
        viewer.session, groups[0], first, last, await forms_meant(asked, query)
    )
    return [
        UnitApprovals(unit, approvals.together(known[id] for id in group if id in known))
        for unit, group in zip(units, groups, strict=True)
    ]


async def forms_meant(asked: Asked, query: Missing) -> set[str]:
    """The questionnaires with the domain's figures; no names, which stands for all of them, without a domain."""
    return {form for source in await asked.sources() for form in source.forms} if query.domain else set()


def when(viewer: Viewer, query: Missing) -> str:
    """The time that was asked about; without one, that lately is meant."""
    if query.periods:
        return said.label(viewer, query.periods[0])
    return viewer.say("asking.approved_lately", n=LATELY.days).unescape()


async def units_below(asked: Asked, query: Missing, place: Place) -> Sequence[Place]:
    """The units below a place that are told apart: of the level named, otherwise the next; none below a village."""
    level = query.level if query.level not in ("", place.level) else BELOW.get(place.level, "")
    return await asked.viewer.session.places.below(place.id, level, asked.viewer.today) if level else []


async def reporters(viewer: Viewer, unit: Place) -> set[int]:
    """Whose reports are a unit's: its own, its communes' and its villages'."""
    ids = {unit.id}
    for level in (Level.COMMUNE, Level.VILLAGE):
        ids |= await viewer.session.places.ids_below(unit.id, level, viewer.today)
    return ids


def told(asked: Asked, key: str, one: UnitApprovals, when: str = "") -> Markup:
    """One unit's line."""
    counts = {"n": one.approvals.reports, "approved": one.approvals.approved, "locked": one.approvals.locked}
    return asked.viewer.say(key, place=places.own_name(one.unit), waiting=one.waiting, when=when, **counts)


def ways_on(asked: Asked) -> Rows:
    """The buttons to what this person approves or locks."""
    viewer = asked.viewer
    check = [named(viewer, "menu.button.kiemtra", ShowAwaiting())] if access.checks(viewer) else []
    return (*column(*check), *locking_button(viewer)) or column(help_button(viewer))
